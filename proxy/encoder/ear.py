"""The encoder's ear: loaded when the first mail needs it, and replaced by the core where it cannot be."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from models.settings import Settings
from proxy.encoder import place
from proxy.encoder.seal import problem

if TYPE_CHECKING:  # numpy takes a tenth of a second, and most commands judge nothing
    from classifier.hearing import Ear
    from classifier.hearing.arrays import Array
    from classifier.hearing.ear import Place, Scores

Tell = Callable[[str], None]
_RUNNING: Final = 2  # letters it fails on before it is left alone for a while


def ear_of(settings: Settings, tell: Tell) -> "Ear | None":
    """The ear of the service and of the configured store; None where the shipped one is to be used."""
    return installed_ear(tell) if settings.model.encoder else None


def installed_ear(tell: Tell) -> "Ear | None":
    """The encoder where its files are installed and nobody switched it off, else None. Loads nothing.

    `tell` gets one sentence where it turns out that it cannot be used.
    """
    where = place.folder()
    return LazyEar(where, tell) if not place.switched_off() and place.is_there(where) else None


def load(where: Path, fitted: "Mapping[str, Array] | None" = None) -> "Ear":
    """The encoder out of its folder, hash checked. Raises ValueError with half a sentence for whatever fails."""
    if wrong := problem(where):
        raise ValueError(wrong)
    return read(where, fitted)


def read(where: Path, fitted: "Mapping[str, Array] | None" = None) -> "Ear":
    """The encoder out of files that were checked. Raises ValueError with half a sentence."""
    try:
        from safetensors import safe_open
        from tokenizers import Tokenizer
    except ImportError as error:
        raise ValueError(f"the library {error.name} is not installed") from error
    from classifier.hearing.encoder import Encoder

    try:
        cutter = Tokenizer.from_file(str(where / place.TOKENIZER))
        cutter.no_padding()
        cutter.no_truncation()
        with safe_open(str(where / place.MODEL), framework="np") as file:
            return Encoder(_Arrays(file), cutter, fitted)
    except Exception as error:  # both libraries raise bare exceptions of their own
        raise ValueError(f"it cannot be read ({type(error).__name__}: {error})") from error


class _Arrays(Mapping[str, "Array"]):
    """The arrays of an open file, each read when it is asked for: they never lie in memory twice."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._names = list(file.keys())

    def __getitem__(self, name: str) -> "Array":
        if name not in self._names:
            raise KeyError(name)
        array: Array = self._file.get_tensor(name)
        return array

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _core() -> "Ear | None":
    from classifier.hearing import shipped

    return shipped()


class LazyEar:
    """The encoder, loaded once at first use, by whichever thread comes first. The core where that fails.

    Doubt costs no mail: a letter it fails on the core hears, and where it cannot be loaded, or failed on two
    letters running, the core hears all of them for a while (`rest`, seconds by `clock`) before it is tried again.
    Told once, whatever it was, and again where it heard for a while and then had to be left alone anew.
    """

    def __init__(
        self,
        where: Path,
        tell: Tell,
        *,
        load: "Callable[[Path], Ear]" = load,
        spare: "Callable[[], Ear | None]" = _core,
        rest: float = 60.0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._where = where
        self._tell = tell
        self._load = load
        self._spare = spare
        self._rest = rest
        self._clock = clock
        self._ear: Ear | None = None
        self._loading = threading.Lock()
        self._rests_until = float("-inf")
        self._failed = 0  # letters running
        self._told = False
        self._down = False  # it was left alone, and has heard nothing since
        self._mended = False  # … and has heard since
        self.trouble = ""  # what is wrong with it; "" while nothing is

    @property
    def name(self) -> str:
        """Of the ear in use; the encoder's while nothing was heard."""
        return "core" if self._resting() else "encoder"

    @property
    def loaded(self) -> bool:
        return self._ear is not None

    def scores(self, subject: str, text: str, sentences: "Sequence[Place]") -> "Scores":
        """Raises Unheard where the core is damaged too."""
        ear = None if self._resting() else self._loaded()
        if ear is not None:
            try:
                found = ear.scores(subject, text, sentences)
            except Exception as error:
                self._failed_on_a_letter(error)
            else:
                self._failed, self.trouble = 0, ""
                if self._down:
                    self._down, self._mended = False, True
                return found
        return self._substitute().scores(subject, text, sentences)

    def _resting(self) -> bool:
        return self._clock() < self._rests_until

    def _loaded(self) -> "Ear | None":
        with self._loading:
            if self._ear is None and not self._resting():  # another thread may have tried meanwhile
                try:
                    self._ear = self._load(self._where)
                except ValueError as error:
                    self._leave_alone()
                    self._complain(f"{error}; the core judges alone")
            return self._ear

    def _failed_on_a_letter(self, error: Exception) -> None:
        """One letter may be to blame; two running, and it is the encoder."""
        self._failed += 1
        if self._failed >= _RUNNING:
            self._leave_alone()
        self._complain(f"it failed on a letter ({type(error).__name__}), which the core heard instead")

    def _leave_alone(self) -> None:
        self._rests_until = self._clock() + self._rest
        self._told = self._told and not self._mended
        self._down, self._mended = True, False

    def _substitute(self) -> "Ear":
        """The core. Raises Unheard where it is damaged too."""
        from classifier.hearing import Unheard

        spare = self._spare()
        if spare is None:
            raise Unheard
        return spare

    def _complain(self, why: str) -> None:
        self.trouble = why
        if not self._told:
            self._told = True
            self._tell(
                f"The sentence encoder in {self._where} cannot be used: {why}. `coldask doctor` says what to do."
            )
