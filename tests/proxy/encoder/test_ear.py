"""The encoder's ear: nothing is loaded before a mail needs it, and the core hears where it cannot be."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from classifier.hearing import Ear, listen
from classifier.hearing.ear import Place, Scores
from classifier.reading.read import read_mail
from models.settings import ModelTable, Settings
from proxy.encoder import LazyEar, ear_of, installed_ear
from proxy.encoder.ear import load, read
from proxy.encoder.place import MODEL, TOKENIZER
from tests.proxy.encoder import stand_in

TEXT = "Could you introduce me? I like fish."
PLACES: list[Place] = [(0, 23), (24, 36)]


class Core:
    """Stands for the shipped core: it only says that it was asked."""

    name = "core"

    def scores(self, subject: str, text: str, sentences: "list[Place] | tuple[Place, ...]") -> Scores:  # type: ignore[override]
        return Scores(self.name, 0.25, [None for _ in sentences])


class Lazy:
    """A lazy ear on the stand-in, with what it said and how often it was loaded."""

    def __init__(self, where: Path) -> None:
        self.told: list[str] = []
        self.loads = 0
        self.ear = LazyEar(where, self.told.append, load=self._load, spare=Core)

    def _load(self, where: Path) -> Ear:
        self.loads += 1
        return read(where, stand_in.fitted())


@pytest.fixture
def lazy(tmp_path: Path) -> Lazy:
    stand_in.make(tmp_path)
    return Lazy(tmp_path)


def test_it_is_loaded_at_the_first_letter_and_once(lazy: Lazy) -> None:
    assert lazy.loads == 0 and not lazy.ear.loaded and lazy.ear.name == "encoder"
    ready = threading.Barrier(8)

    def hear(_: int) -> Scores:
        ready.wait()
        return lazy.ear.scores("Hello", TEXT, PLACES)

    with ThreadPoolExecutor(8) as threads:
        heard = list(threads.map(hear, range(8)))
    assert lazy.loads == 1 and lazy.ear.loaded and lazy.told == []
    assert all(h == heard[0] for h in heard)
    assert [len(row or ()) for row in heard[0].sentences] == [13, 13]


def test_a_long_letter_is_neither_cut_nor_filled_up_by_the_tokenizer(lazy: Lazy) -> None:
    """The shipped tokenizer.json asks for both; the encoder has limits of its own."""
    short, longer = (lazy.ear.scores("", text, [(0, len(text))]) for text in ("fish " * 12, "fish " * 40))
    assert short.cold != longer.cold
    one = lazy.ear.scores("", "a", [(0, 1)])
    assert one.sentences[0] is not None and one.cold != short.cold


def test_a_mail_is_heard_by_it(lazy: Lazy) -> None:
    mail = read_mail(f"From: max@out.example\nSubject: Hello\n\n{TEXT}\n".encode())
    heard = listen(mail, lazy.ear).heard
    assert heard is not None and heard.ear == "encoder"
    assert [(s.start, s.end) for s in heard.sentences] == [(0, 23), (24, 36)]


@pytest.mark.parametrize(
    ("name", "data"),
    [(MODEL, b""), (MODEL, b"\x08" + bytes(7) + b"notjson!"), (TOKENIZER, b"{}"), (TOKENIZER, b"\xff")],
)
def test_files_of_another_make_leave_the_core_to_hear(
    tmp_path: Path, lazy: Lazy, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    for _ in range(3):
        assert lazy.ear.scores("", TEXT, PLACES).cold == 0.25
    assert lazy.ear.name == "core" and lazy.loads == 1
    [told] = lazy.told
    assert str(tmp_path) in told and "the core judges alone" in told and lazy.ear.trouble in told


def test_another_model_is_refused_before_it_is_read(tmp_path: Path) -> None:
    stand_in.make(tmp_path)
    told: list[str] = []
    ear = LazyEar(tmp_path, told.append, load=load, spare=Core)
    assert ear.scores("", TEXT, PLACES).cold == 0.25
    assert len(told) == 1 and "another model" in told[0]


@pytest.mark.parametrize("library", ["safetensors", "tokenizers"])
def test_without_its_libraries_the_core_hears(
    lazy: Lazy, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    assert lazy.ear.scores("", TEXT, PLACES).cold == 0.25
    assert library in lazy.ear.trouble and len(lazy.told) == 1


def test_weights_that_do_not_fit_the_base_are_told(tmp_path: Path) -> None:
    stand_in.make(tmp_path)
    with pytest.raises(ValueError, match="cannot be read"):
        read(tmp_path, {})


class Touchy:
    """Stands for an encoder that fails on some letters."""

    name = "encoder"

    def __init__(self) -> None:
        self.asked = 0

    def scores(self, subject: str, *_: object) -> Scores:
        self.asked += 1
        if subject == "evil":
            raise FloatingPointError("over")
        return Scores(self.name, 1.0, [None])


class Clock:
    """Seconds, as the test will have them."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_letter_it_fails_on_is_heard_by_the_core_and_only_that_one(tmp_path: Path) -> None:
    """Else one hostile letter would switch the encoder off for all."""
    told: list[str] = []
    ear = LazyEar(tmp_path, told.append, load=lambda _: Touchy(), spare=Core)
    for subject, cold, name in [
        ("a", 1.0, "encoder"),
        ("evil", 0.25, "core"),
        ("b", 1.0, "encoder"),
        ("evil", 0.25, "core"),
        ("c", 1.0, "encoder"),
    ]:
        found = ear.scores(subject, "x", [(0, 1)])
        assert (found.cold, found.ear) == (cold, name)
    assert len(told) == 1 and "FloatingPointError" in told[0]


def test_one_that_fails_again_and_again_is_left_alone_for_a_while(tmp_path: Path) -> None:
    told: list[str] = []
    touchy, clock = Touchy(), Clock()
    ear = LazyEar(tmp_path, told.append, load=lambda _: touchy, spare=Core, rest=60, clock=clock)
    for _ in range(20):
        assert ear.scores("evil", "x", [(0, 1)]).ear == "core"
    assert touchy.asked == 2
    clock.now += 59
    assert ear.scores("a", "x", [(0, 1)]).ear == "core" and touchy.asked == 2
    clock.now += 2
    assert ear.scores("a", "x", [(0, 1)]).ear == "encoder"
    assert ear.scores("evil", "x", [(0, 1)]).ear == "core"
    assert ear.scores("b", "x", [(0, 1)]).ear == "encoder"  # it heard one between: counted from the start
    assert len(told) == 1


def test_files_that_come_back_are_found_after_a_while(tmp_path: Path, lazy: Lazy) -> None:
    clock = Clock()
    ear = LazyEar(tmp_path, lazy.told.append, load=lazy._load, spare=Core, rest=60, clock=clock)
    whole = (tmp_path / MODEL).read_bytes()
    (tmp_path / MODEL).unlink()
    for _ in range(5):
        assert ear.scores("", TEXT, PLACES).ear == "core"
    assert (lazy.loads, ear.name) == (1, "core")
    clock.now += 61
    assert ear.scores("", TEXT, PLACES).ear == "core" and lazy.loads == 2
    (tmp_path / MODEL).write_bytes(whole)
    clock.now += 61
    assert ear.scores("", TEXT, PLACES).ear == "encoder"
    assert (lazy.loads, ear.name, ear.trouble) == (3, "encoder", "") and len(lazy.told) == 1


def test_what_breaks_again_after_it_was_mended_is_told_again(tmp_path: Path) -> None:
    told: list[str] = []
    files, clock = [None, None, "whole"], Clock()  # as each try to load it finds them

    def load(_: Path) -> Ear:
        if files.pop(0) is None:
            raise ValueError("a file is missing")
        return Touchy()

    ear = LazyEar(tmp_path, told.append, load=load, spare=Core, rest=60, clock=clock)
    for subject in "abcd":
        ear.scores(subject, "x", [(0, 1)])
        clock.now += 61
    assert len(told) == 1 and ear.trouble == ""
    ear.scores("evil", "x", [(0, 1)])
    ear.scores("e", "x", [(0, 1)])
    assert len(told) == 1  # one odd letter is no damage
    for _ in range(6):
        ear.scores("evil", "x", [(0, 1)])
        clock.now += 31
    assert len(told) == 2 and "FloatingPointError" in told[1]
    clock.now += 61
    ear.scores("f", "x", [(0, 1)])
    for _ in range(2):
        ear.scores("evil", "x", [(0, 1)])
    assert len(told) == 3


def test_a_core_that_fails_is_nobody_s_spare(tmp_path: Path, lazy: Lazy) -> None:
    class Broken(Core):
        def scores(self, *_: object) -> Scores:  # type: ignore[override]
            raise FloatingPointError

    (tmp_path / MODEL).unlink()
    ear = LazyEar(tmp_path, lazy.told.append, load=load, spare=Broken)
    with pytest.raises(FloatingPointError):
        ear.scores("", TEXT, PLACES)


def test_where_encoder_and_core_are_damaged_a_letter_is_judged_unheard(tmp_path: Path, lazy: Lazy) -> None:
    (tmp_path / MODEL).unlink()
    ear = LazyEar(tmp_path, lazy.told.append, load=load, spare=lambda: None)
    mail = read_mail(b"From: a@x.example\r\n\r\nCould you give me half an hour of your time next week?\r\n")
    assert listen(mail, ear) is mail
    [told] = lazy.told
    assert MODEL in told


def test_it_is_there_where_it_is_installed_and_not_switched_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = partial(pytest.fail)
    monkeypatch.setenv("COLDASK_ENCODER", str(tmp_path))
    assert installed_ear(tell) is None
    stand_in.make(tmp_path)
    assert isinstance(installed_ear(tell), LazyEar) and isinstance(ear_of(Settings(), tell), LazyEar)
    assert ear_of(Settings(model=ModelTable(encoder=False)), tell) is None
    monkeypatch.setenv("COLDASK_ENCODER", "off")
    assert installed_ear(tell) is None
