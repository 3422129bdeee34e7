"""Text made ready for the reader to send on as their own: is it in the reader's voice, has it blanks? (letter A)"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from classifier.signals.names import OTHER, in_capitals, marked, names_of
from classifier.signals.organisations import is_free_mail
from classifier.signals.phrasing import Phrases, load
from classifier.signals.placeholders import blank_greeting, blanks_in
from classifier.signals.sentences import Sentence, split
from models.address import domain_of
from models.mail import Mail, ZoneKind
from models.word import Word

MAX_TEXT: Final = 12_000  # characters
_FIRM: Final = 5  # letters of a domain by which a firm is known in a text
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


class Prepared(Word):
    """What a mail makes ready to be sent on: where the reader's voice speaks of the writer, and what blanks
    it leaves. `voiced` and `blank` are verbatim, "" for none; `referral`: it is a letter of referral; how sure."""

    voiced: str = ""
    blank: str = ""
    referral: bool = False
    handed: bool = False  # words hand it over: "here is a text you can send"
    asked: bool = False  # the mail says that the reader asked for it
    certainty: float = 0.0


@dataclass(frozen=True, slots=True)
class _Passage:
    """Words in another's voice, from `start` on; `sure` where marks (a quotation, a greeting) set them apart."""

    start: int
    sentences: tuple[Sentence, ...]
    sure: bool
    greeted: bool = False


def find_prepared(mail: Mail) -> Prepared | None:
    """The text a mail makes ready for its reader to send on; None without. Never raises."""
    own = mail.own_text[:MAX_TEXT]
    parts = [own]
    if _hits("cue", own):
        # Lines marked with ">" or set below a rule are then what the reader is to send, and so is an enclosure.
        kinds = (ZoneKind.QUOTE, ZoneKind.FORWARD, ZoneKind.SIGNATURE)
        parts += [] if mail.links.all else [mail.zone_text(k)[:MAX_TEXT] for k in kinds]
        parts += [a.text[:MAX_TEXT] for a in mail.attachments if a.text]
    return read_prepared("\n\n".join(p for p in parts if p.strip()), _names(mail))


def find_forwarded(mail: Mail) -> Prepared | None:
    """The same of what a mail sends on from another: a ready-made letter in its forwarded part."""
    return read_prepared(mail.zone_text(ZoneKind.FORWARD)[:MAX_TEXT], frozenset())


def read_prepared(text: str, names: frozenset[str]) -> Prepared | None:
    """The same of a text whose writer is known by these names (folded)."""
    sentences = split(text)
    cues = [s for s in sentences if _phrases("cue").find(s.plain)]
    passages = list(_passages(text, sentences, cues[0] if cues else None))
    if not passages:
        return None
    capitals = in_capitals(text)
    voiced, named = "", False
    for passage in passages:
        words, by_name = _voice(passage, names, capitals)
        if words and (not voiced or by_name > named):
            voiced, named = words, by_name
    start = min(p.start for p in passages)
    blank = _blank(text[start:])
    if not cues and not blank and not (named and any(p.greeted for p in passages)):
        return None
    inside = [s for p in passages for s in p.sentences]
    return Prepared(
        voiced=voiced,
        blank=blank,
        referral=bool(voiced) or any(_phrases("referral").find(s.plain) for s in inside),
        handed=bool(cues),
        asked=bool(_hits("asked", text[:start])),
        certainty=0.88 if named else 0.8,
    )


def _passages(text: str, sentences: tuple[Sentence, ...], cue: Sentence | None) -> Iterator[_Passage]:
    """What may be in another's voice: quotations, letters within the letter, and all that follows a cue."""
    first = sentences[0].start if sentences else 0
    greeting = next((m for m in _GREETING.finditer(text) if m.start() > first + 40), None)
    if greeting:
        yield _Passage(greeting.start(), split(text[greeting.start() :]), sure=True, greeted=True)
    if cue is None:
        return
    for found in _QUOTATION.finditer(text):
        if len(found.group().split()) >= _ENOUGH_WORDS and not _attributed(text, sentences, found):
            yield _Passage(found.start(), split(found.group()), sure=True)
    colon = text.find(":", cue.start, cue.end)
    start = colon + 1 if 0 < colon < cue.end - 2 else cue.end
    if rest := split(text[start:]):
        yield _Passage(start, rest, sure=False)


def _attributed(text: str, sentences: tuple[Sentence, ...], found: re.Match[str]) -> bool:
    """Whether a quotation is somebody's own words: "… , wrote one of our customers"."""
    before = [s for s in sentences if s.start < found.start()]
    lead = text[before[-1].start : found.start()] if before else ""
    after = text[found.end() : found.end() + 60]
    return any(_phrases("theirs").find(s.plain) for s in (*split(lead), *split(after)[:1]))


def _voice(passage: _Passage, names: frozenset[str], capitals: bool) -> tuple[str, bool]:
    """The words in which a passage introduces or praises the writer, and whether by name; "" without."""
    narrated = passage.greeted or any(_NARRATOR.search(s.plain) for s in passage.sentences)
    hinted: list[str] = []
    for sentence in passage.sentences:
        line = marked(sentence, frozenset(), names, capitals)
        by_name = f" {OTHER} " in line
        hits = [h for section in ("praise", "introduces") for h in _phrases(section).find(line)]
        if not hits:
            continue
        own_voice = bool(_ALONE.search(line))
        if by_name and (own_voice or (passage.sure and narrated)):
            return sentence.quote(sentence.place(0)), True
        if passage.sure and narrated and any(h.certainty >= _HINT for h in hits):
            hinted.append(sentence.quote(sentence.place(0)))
    return (hinted[0], False) if hinted else ("", False)


def _blank(text: str) -> str:
    greeting = blank_greeting(text)
    return greeting or next((b.quote for b in blanks_in(text) if b.certainty >= _HINT), "")


def _names(mail: Mail) -> frozenset[str]:
    """By which words the text may name its writer: the person's names, and a firm's that its domain bears."""
    if mail.sender is None:
        return frozenset()
    names = names_of(mail.sender, mail.own_text[:MAX_TEXT])
    domain = domain_of(mail.sender.address)
    label = "" if is_free_mail(domain) else domain.partition(".")[0].replace("-", "")
    return names | ({label} if len(label) >= _FIRM else set()) | _firm_words(mail.own_text[:MAX_TEXT], label)


def _firm_words(text: str, label: str) -> set[str]:
    """The first of two or three words that together are the domain: "Bloom" of "Bloom Bakery", @bloombakery."""
    if len(label) < _FIRM:
        return set()
    said = [w.lower() for w in re.findall(r"[^\W_]+", text)]
    joined = {a + b: a for a, b in pairwise(said)}
    return {joined[label]} if label in joined and len(joined[label]) > 3 else set()


def _hits(section: str, text: str) -> bool:
    return any(_phrases(section).find(s.plain) for s in split(text))


@cache
def _phrases(section: str) -> Phrases:
    return load("prepared", {section: 0.8})
