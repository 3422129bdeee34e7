"""The labelled letters and sentences of the corpus, as documents a model can be fitted to."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from classifier.hearing.ear import Place
from classifier.judge.belonging import kept_by_tie, kept_unread
from classifier.judge.incoming import opened
from classifier.signals.sentences import split
from classifier.training.corpus import Sample, letters, sample
from models.address import canonical
from models.finding import Ask
from models.mail import Mail
from models.past import Past, Tie
from proxy.history.samples import Situation, Situations

CORPUS: Final = Path(__file__).parents[1] / "classifier/corpus"

REAL: Final = "real"  # the author of all real mail

_OF_SENTENCE: Final = 0.4  # a noted ask is this sentence's where it covers so much of it …
_OF_ASK: Final = 0.6  # … or lies in it by so much
_STRANGERS: Final = frozenset({Tie.UNKNOWN.value, Tie.ONE_SIDED.value, Tie.VOUCHED.value})
# What an outgoing letter is stopped for where it wants too much of whom it goes to, as an incoming one is filed.
_WANTING: Final = frozenset(
    {
        "premature-ask",
        "name-drop-ask",
        "thin-acquaintance",
        "blown-introduction",
        "serial-asks",
        "unanswered-nag",
        "job-broadcast",
        "one-by-one-blast",
        "early-resume",
    }
)
_NAME: Final = "sentences-"
_LABELS: Final[Mapping[str, float]] = {"cold_ask": 1.0, "bulk": 0.0, "transactional": 0.0, "personal": 0.0}
_TEXT: Final = "utf-8"


@dataclass(frozen=True, slots=True)
class Document:
    """A letter, or a sentence by itself, and what is to be heard in it."""

    id: str
    author: str
    subject: str
    text: str
    places: tuple[Place, ...]  # of its sentences in the text
    asks: tuple[frozenset[Ask], ...] | None  # of each sentence; None where nobody noted them
    cold: float | None = None  # 1 cold, 0 not; None where something else than the text decides
    sort: str = ""  # the family of an incoming letter of the corpus
    by_text: bool = False  # a stranger's letter, which its text alone decides: what measures a model


def places_of(text: str) -> tuple[Place, ...]:
    """Where the sentences of a text lie in it."""
    return tuple((s.start, s.end) for s in split(text))


async def letters_of(samples: Iterable[Sample], *, noted: bool = True, sorts: bool = True) -> list[Document]:
    """Each letter as a document, judged as far as history decides. `noted`: its asks were noted, all of them."""
    async with Situations() as situations:
        return [
            _letter(one, await situations.of(one), noted=noted, sorts=sorts and not one.outgoing)
            for one in samples
        ]


def _letter(one: Sample, situation: Situation, *, noted: bool, sorts: bool) -> Document:
    mail, past = situation.mail, situation.past
    text = mail.own_text
    places = places_of(text)
    weighed = not one.outgoing and not decided(mail, past)
    return Document(
        id=one.id,
        author=one.author,
        subject=mail.subject,
        text=text,
        places=places,
        asks=asks_of(text, places, one.asks) if noted else None,
        cold=to_its_reader(one) if one.outgoing else float(one.wanted) if weighed else None,
        sort=one.family if sorts else "",
        by_text=weighed and opened(mail, past) is not None,
    )


def to_its_reader(one: Sample) -> float | None:
    """What an outgoing letter is to whom it goes to: 1 cold, 0 not; None where its text alone does not say."""
    if one.expected == "pass":
        return None if one.asks else 0.0  # an ask that passes passes for the tie
    cold = one.wanted and one.tie in _STRANGERS and bool(one.asks) and not _WANTING.isdisjoint(one.rules)
    return 1.0 if cold else None


def decided(mail: Mail, past: Past) -> bool:
    """Whether nature, tie or thread decide what becomes of a mail, so that it teaches nothing about texts."""
    if mail.sender is None or not mail.own_text.strip() or kept_unread(mail, past):
        return True
    who = canonical(mail.sender.address)
    wrote = past.thread.owner_wrote and past.relation(who).refused is None
    return wrote or bool(kept_by_tie(past, who))


def asks_of(
    text: str, places: Sequence[Place], noted: Iterable[tuple[str, str]]
) -> tuple[frozenset[Ask], ...]:
    """The kinds asked in each sentence, from kinds and words as a reader noted them. Spaces do not matter."""
    found: list[set[Ask]] = [set() for _ in places]
    for kind, words in noted:
        where = re.search(r"\s+".join(map(re.escape, words.split())), text)
        if where is None or where.end() == where.start():
            continue
        for (start, end), kinds in zip(places, found, strict=True):
            common = min(end, where.end()) - max(start, where.start())
            of_sentence, of_ask = common / max(end - start, 1), common / (where.end() - where.start())
            if common > 0 and (of_sentence >= _OF_SENTENCE or of_ask >= _OF_ASK):
                kinds.add(Ask(kind))
    return tuple(map(frozenset, found))


def sentences(folder: Path) -> list[Document]:
    """The sentences of `sentences-<author>.jsonl`, each a document of its own. Raises ValueError, OSError."""
    found = []
    for path in sorted(folder.glob(f"{_NAME}*.jsonl")):
        author = path.stem.removeprefix(_NAME)
        for number, line in enumerate(path.read_text(_TEXT).splitlines(), 1):
            row = json.loads(line)
            text, kinds = row["text"], frozenset(map(Ask, row["asks"]))
            found.append(Document(f"{author}-{number}", author, "", text, ((0, len(text)),), (kinds,)))
    return found


async def documents(
    folder: Path,
    more: Iterable[Path] = (),
    most_letters: int | None = None,
    most_sentences: int | None = None,
) -> list[Document]:
    """The corpus of a folder; `more` are files of letters of the same form whose asks and sorts are not taken.

    The first `most_…` only, for a trial. Raises ValueError, OSError.
    """
    others = [
        sample(json.loads(line))
        for path in more
        for line in path.read_text(_TEXT).splitlines()
        if line.strip()
    ]
    return [
        *await letters_of(letters(folder)[:most_letters]),
        *await letters_of(others[:most_letters], noted=False, sorts=False),
        *sentences(folder)[:most_sentences],
    ]


def labelled(mails: Iterable[Mail], labels: Mapping[str, str]) -> list[Document]:
    """Real mails as documents, by labels a reader gave them under their Message-IDs; texts stay where they are.

    Their verdicts alone are learned, of those labels that the text bears: a friend's ask is no news about texts.
    """
    found = []
    for mail in mails:
        name, text = mail.message_id or "", mail.own_text
        cold = _LABELS.get(labels.get(name, ""))
        if cold is not None and text.strip():
            found.append(Document(name, REAL, mail.subject, text, places_of(text), None, cold, by_text=True))
    return found


def parted(found: Iterable[Document], left_out: Iterable[str]) -> tuple[list[Document], list[Document]]:
    """What is fitted to, and what measures: all that the authors left out have written."""
    authors, kept = frozenset(left_out), list(found)
    return [d for d in kept if d.author not in authors], [d for d in kept if d.author in authors]
