"""Text made ready for the reader to send on as their own: is it in the reader's voice, has it blanks? (letter A)"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from classifier.signals.form import says_reply
from classifier.signals.names import OTHER, in_capitals, marked, names_of
from classifier.signals.organisations import is_free_mail
from classifier.signals.phrasing import Phrases, load
from classifier.signals.placeholders import blank_greeting, blanks_in
from classifier.signals.sentences import Sentence, split, split_from
from models.address import domain_of
from models.mail import Mail, ZoneKind
from models.word import Word

MAX_TEXT: Final = 5_000  # characters; what is longer is a document
_FIRM: Final = 5  # letters of a domain by which a firm is known in a text
_FIRST_WORD: Final = 4  # letters of the first of its two words
_HINT: Final = 0.75  # of phrases that speak of the writer by themselves
_ENOUGH_WORDS: Final = 5  # of a quotation that is a passage
_QUOTATION: Final = re.compile(
    r"[\"“„«][^\"“”„«»]{20,3000}[\"”“»]|(?<!\w)['‘][^'‘\n]{60,1500}['’](?!\w)", re.S
)
# A greeting that does not begin the mail: of a letter within the letter.
_GREETING: Final = re.compile(
    r"^[ \t>*|\"“„']*(?:dear|hi|hello|hey|good (?:morning|day))\b[^\n,:!.?]{0,50}[,:!–—-]",
    re.I | re.M,
)
_NARRATOR: Final = re.compile(r" (?:i|me|my|we|us|our) ")
_ALONE: Final = re.compile(r" (?:i|me|my) ")
# The writer names themselves: "I, Ann Hartley", "Ann here".
_SELF_NAMED: Final = re.compile(
    rf" (?:i ,|i am|i|we ,|we are|we|myself|this is|it is|my name is|yours ,|best ,|regards ,|love ,) {OTHER} "
    rf"|^ {OTHER} (?:here|again) "
)
# Where to turn with questions: of a notice, whoever names the writer there ("if you have questions, call Ann").
_ENQUIRY: Final = re.compile(
    r" if (?:you|there|anybody|anyone)(?: [^ ]+){0,4} (?:questions?|information|details|problems?|concerns?|receipts?) "
)
_APART: Final = 40  # characters after which a greeting is not the mail's own
_OWN_GREETING: Final = 12
# How sure it is: praise by name that is handed over; praise nobody asks to use; words without praise, or a name.
_NAMED: Final = 0.88
_PLAIN: Final = 0.8
_TOLD: Final = 0.78  # … told of the writer by an "I" or "we" that is not the writer
_UNSAID: Final = 0.7


@dataclass(frozen=True, slots=True)
class _Names:
    """The writer's names, folded: the person's, and with the firm's."""

    person: frozenset[str] = frozenset()
    all: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Voice:
    quote: str
    certainty: float


class Prepared(Word):
    """What a mail makes ready to be sent on: where the reader's voice speaks of the writer, and what blanks
    it leaves. `voiced` and `blank` are verbatim, "" for none; `referral`: it is a letter of referral; how sure."""

    voiced: str = ""
    blank: str = ""
    referral: bool = False
    asked: bool = False  # the mail says that the reader asked for it
    certainty: float = 0.0


@dataclass(frozen=True, slots=True)
class _Passage:
    """Words in another's voice, from `start` on; `sure` where marks (a quotation, a greeting) set them apart."""

    start: int
    sentences: tuple[Sentence, ...]
    sure: bool
    greeted: bool = False


@lru_cache(maxsize=32)
def find_prepared(mail: Mail) -> Prepared | None:
    """The text a mail makes ready for its reader to send on; None without. Never raises."""
    own = mail.own_text
    if len(own) > MAX_TEXT:
        return None
    parts = [own]
    if not says_reply(mail):
        # Lines marked with ">" or set below a rule are then what the reader is to send, and so is an enclosure.
        cued = _hits("cue", own)
        kinds = (ZoneKind.QUOTE, ZoneKind.FORWARD) if cued else ()
        signed = (ZoneKind.SIGNATURE,) if cued or _hits("hand", own) else ()
        parts += [mail.zone_text(k)[:MAX_TEXT] for k in (*signed, *kinds)]
        parts += [a.text[:MAX_TEXT] for a in mail.attachments if a.text and cued]
    return read_prepared("\n\n".join(p for p in parts if p.strip()), _names(mail))


def find_forwarded(mail: Mail) -> Prepared | None:
    """The same of what a mail sends on from another: a ready-made letter in its forwarded part."""
    return read_prepared(mail.zone_text(ZoneKind.FORWARD)[:MAX_TEXT], _Names())


def read_prepared(text: str, names: "_Names") -> Prepared | None:
    """The same of a text whose writer is known by these names."""
    sentences = split(text)
    cues = [s for s, _ in _phrases("cue").find_in(text)]
    blank_at, blank = blank_greeting(text)
    passages = list(_passages(text, sentences, cues, blank_at))
    start = min((p.start for p in passages), default=0)
    if not passages or _is_to_be_signed(text[:start]):
        return None
    handed = bool(cues) or _hits("hand", text)
    capitals = in_capitals(text)
    heard = [v for p in passages if (v := _voice(p, names, capitals, handed=handed, cued=bool(cues)))]
    best = max(heard, key=lambda v: v.certainty, default=None)
    inside = [s for p in passages for s in p.sentences]
    if not blank and cues:
        blank = next((b.quote for b in blanks_in(text[start:]) if b.certainty >= _HINT), "")
    if not (best or blank):
        return None
    named = any(
        f" {OTHER} " in marked(s, frozenset(), names.all, capitals)
        for s in inside
        if s.count >= _ENOUGH_WORDS
    )
    return Prepared(
        voiced=best.quote if best else "",
        blank=blank,
        referral=bool(best) or named or any(_phrases("referral").find(s.plain) for s in inside),
        asked=_hits("asked", text[:start]),
        certainty=best.certainty if best else _PLAIN,
    )


def _passages(
    text: str, sentences: tuple[Sentence, ...], cues: list[Sentence], blank_at: int
) -> Iterator[_Passage]:
    """What may be in another's voice: quotations, letters within the letter, and all that a text is said to be."""
    first = sentences[0].start if sentences else 0
    starts = [m.start() for m in _GREETING.finditer(text) if m.start() > first + _APART]
    if blank_at > first + _OWN_GREETING:
        starts.append(blank_at)
    if starts:
        yield _Passage(min(starts), split_from(text, min(starts)), sure=True, greeted=True)
    for found in _QUOTATION.finditer(text):
        if len(found.group().split()) >= _ENOUGH_WORDS and not _attributed(text, sentences, found):
            yield _Passage(found.start(), split(found.group()), sure=True)
    handing = cues[:1] or [s for s, _ in _phrases("hand").find_in(text) if ":" in s.verbatim][:1]
    for cue in handing:
        colon = text.find(":", cue.start, cue.end)
        start = colon + 1 if 0 < colon < cue.end - 2 else cue.end
        if rest := split_from(text, start):
            yield _Passage(start, rest, sure=False)


def _is_to_be_signed(lead: str) -> bool:
    """Whether what follows is a contract or the like: its words are both sides', whoever wrote them down."""
    return _hits("papers", lead) and not _hits("words", lead)


def _attributed(text: str, sentences: tuple[Sentence, ...], found: re.Match[str]) -> bool:
    """Whether a quotation is somebody's own words: "… , wrote one of our customers"."""
    before = [s for s in sentences if s.start < found.start()]
    lead = text[before[-1].start : found.start()] if before else ""
    after = text[found.end() : found.end() + 60]
    return any(_phrases("theirs").find(s.plain) for s in (*split(lead), *split(after)[:1]))


def _voice(passage: _Passage, names: "_Names", capitals: bool, *, handed: bool, cued: bool) -> _Voice | None:
    """The words in which a passage speaks of the writer as of a third person, told by somebody else."""
    narrated = passage.greeted or any(_NARRATOR.search(s.plain) for s in passage.sentences)
    if not narrated:
        return None
    best: _Voice | None = None
    for sentence in passage.sentences:
        certainty = _in_sentence(sentence, passage, names, capitals, handed=handed, cued=cued)
        if certainty and (best is None or certainty > best.certainty):
            best = _Voice(sentence.around(0), certainty)
    return best


def _in_sentence(
    sentence: Sentence, passage: _Passage, names: "_Names", capitals: bool, *, handed: bool, cued: bool
) -> float:
    """How sure a sentence speaks so; 0 where it does not."""
    line = marked(sentence, frozenset(), names.all, capitals)
    named = f" {OTHER} " in line and not _SELF_NAMED.search(line)
    if not named and not (passage.sure and cued):  # most sentences
        return 0.0
    if _ENQUIRY.search(line) or (sentence.question and not passage.sure and " you " in line):
        return 0.0
    hits = [h for section in ("praise", "introduces") for h in _phrases(section).find(sentence.plain, line)]
    handled = handed or cued
    if named:
        if f" {OTHER} " not in marked(sentence, frozenset(), names.person, capitals):
            # A firm's own people name it all day: it takes a narrator beside it, and words that hand it over.
            told = hits and handled and not passage.greeted and _NARRATOR.search(line)
            return (_NAMED if passage.sure else _PLAIN) if told else 0.0
        if hits and handled:
            return _NAMED
        if hits and passage.sure and _ALONE.search(line):
            return _UNSAID
        if passage.sure and not passage.greeted and handled and sentence.count >= _ENOUGH_WORDS:
            # No usual word of praise, but who else should say it of the writer?
            return _TOLD if _NARRATOR.search(line) else _UNSAID
    elif any(h.certainty >= _HINT for h in hits):
        return _PLAIN
    return 0.0


def _names(mail: Mail) -> "_Names":
    """By which words the text may name its writer: the person's names, and a firm's that its domain bears."""
    if mail.sender is None:
        return _Names()
    text = mail.own_text[:MAX_TEXT]
    domain = domain_of(mail.sender.address)
    label = "" if is_free_mail(domain) else domain.partition(".")[0].replace("-", "")
    person = names_of(mail.sender, text)
    return _Names(person, person | ({label} if len(label) >= _FIRM else set()) | _firm_words(text, label))


def _firm_words(text: str, label: str) -> set[str]:
    """The first of two words that together are the domain: "Bloom" of "Bloom Bakery", @bloombakery."""
    text = text.lower()
    if len(label) < _FIRM or label[:_FIRST_WORD] not in text:
        return set()
    said = re.findall(r"[^\W_]+", text)
    joined = {a + b: a for a, b in pairwise(said)}
    return {joined[label]} if label in joined and len(joined[label]) >= _FIRST_WORD else set()


def _hits(section: str, text: str) -> bool:
    return _phrases(section).stand_in(text)


@cache
def _phrases(section: str) -> Phrases:
    return load("prepared", {section: 0.8}, of_names=section in ("praise", "introduces"))
