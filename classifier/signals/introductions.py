"""Does this mail bring people together? Whom does it introduce, and in which words?

An introduction names a visible recipient and brings that person and another one together, or sends on that
person's letter with a good word (relationships, "Introductions"). Standing in Cc is not one.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from classifier.signals.names import names_of
from classifier.signals.organisations import organisation_of
from classifier.signals.pairing import ENOUGH, pair
from classifier.signals.recipients import is_list
from models.address import Mailbox, domain_of
from models.mail import Mail, ZoneKind
from models.word import Word

MAX_OTHERS = 6  # a mail to more people is an announcement
MAX_TEXT = 3_000  # characters; an introduction is short
MAX_GOOD_WORD = 800  # characters of own text before a letter sent on


class Introduced(Word):
    """The people a mail introduces, as it names them, and the words that do."""

    people: tuple[Mailbox, ...]
    quote: str
    sure: bool = True  # False: only where no mail passed between the two before


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


# The words, but of things, of teams and of meetings.
_ANNOUNCED = _any(
    r"\bintroduc\w+ (?:our|the|a|an|new|my new|some|this|these|its|it)\b(?! friend| colleague| man| woman)",
    r"\b(?:minutes|notes) (?:of|from)\b|\bmeeting (?:minutes|notes)\b|\baction items?\b|\bagenda\b",
    r"\bjoin me in (?:welcoming|congratulating)\b",
    r"\bhas (?:joined|accepted)\b.{0,40}\b(?:team|group|role|position)\b",
)
_PRAISE = (
    r"(?:great|excellent|lovely|brilliant|solid|trustworthy|honest|decent|sound|clever|sharp|capable|good|reliable"
    r"|kind|gifted|talented|the best|first[- ]rate)"
)
_PERSON = (
    r"(?:man|woman|person|friend|people|egg|sort|soul|fellow|chap|lad|lass|girl|guy|\w{3,}(?:er|or|ist|ian))"
)
_THEM = r"(?:him|her|them|this one|this (?:man|woman|fellow|chap|lad|girl))"
_GOOD_WORD = _any(
    rf"\b{_PRAISE} (?:\w+ ){{0,2}}{_PERSON}\b",
    rf"\b(?:he|she|this one)(?:'s| is) (?:\w+ ){{0,3}}{_PRAISE}\b",
    r"\b(?:i|we)(?:'d| would| can| do|'ll)? (?:\w+ )?recommend (?!you|that|we|i\b)\w",
    r"\bvouch\b",
    r"\bworth (?:an? |your |half an )?(?:talk|chat|call|meeting|time|while|hour|coffee|look|reply|answer)\b",
    r"\byou(?: two)? (?:should|ought to|must) (?:talk|meet|speak|know)\b",
    rf"\byou(?:'d| would|'ll| will) (?:both )?(?:(?:like|enjoy) (?:{_THEM}|each other)|get on|get along|hit it off)\b",
    r"\byou(?:'d| would) do right by\b",
    rf"\b(?:i|we)(?:'d| would) (?:trust|let|hire|have|take) {_THEM}\b|\b(?:him|her) i(?:'d| would)\b",
    rf"\b(?:i|we) (?:trust|like|liked|rate) {_THEM}\b",
    rf"\b(?:known|know) {_THEM} (?:since|for|well|from)\b|\bwhom i(?:'ve| have) known\b",
    r"\bfriends? of (?:mine|ours)\b",
    r"(?:^|[.!\n]\s{0,9}|please )meet (?:my|this|him|her|(?-i:[A-Z]))",
)
# A good word is said of a person, not of a report or a plan.
_OF_SOMEBODY = _any(
    r"\b(?:he|she|him|her|they|this one|whom|man|woman|friend|person|egg|somebody|someone|worth (?:a |your )?\w+)\b"
)
_DOUBTED = _any(r"\bif\b", r"\b(?:not|never|n't|yet to) (?:met|know|heard of|sure)\b")
_WRITER = re.compile(
    r"^[>\s*]{0,40}(?:from|von|de|da|van|fr[åa]n|fra|lähettäjä|od|mittente|expéditeur|remitente)\s{0,9}:\s{0,9}\*{0,9}\s{0,9}([^<\[(\n]{0,200}?)\s{0,9}[<\[(](?:mailto:)?([^\s<>\[\]()@]+@[\w.-]+)",
    re.IGNORECASE | re.MULTILINE,
)
_SHORT = 500  # characters within which most introductions stay
_LONGER = 800  # … and how many more make it less likely by a whole sign
_IN_THREAD = 0.6  # points more in a running thread: there people speak of each other
_UNMET = 0.6  # points less for a single person with whom the reader has shared no mail
_AMONG_KNOWN = 1.2  # … and with several others, or among colleagues


def find_introduction(mail: Mail, own: Collection[str] = (), *, likely: bool = False) -> Introduced | None:
    """The introduction a mail makes, or None. `own`: the reader's canonical addresses, who meets them.

    With `likely`, also one that is not `sure`.
    """
    text = mail.own_text[:MAX_TEXT]
    sender = mail.sender
    if (
        sender is None
        or not text
        or not names_of(sender)
        or _ANNOUNCED.search(f"{mail.subject}\n{text.replace('’', chr(39))}")
    ):
        return None
    others = _others(mail, {sender.canonical, *own})
    by_owner = sender.canonical in own
    if others and len(others) <= MAX_OTHERS and (len(others) > 1 or not by_owner):
        found = _brought_together(mail, text, others, None if by_owner else _reader(mail, own))
        if found is not None and (found.sure or likely):
            return found
    return _recommended(mail, text, text.replace("’", "'"))


@lru_cache(maxsize=32)
def introduced_by(mail: Mail, own: frozenset[str]) -> Introduced | None:
    """`find_introduction`, remembered: several rules ask it of one mail."""
    return find_introduction(mail, own)


def _others(mail: Mail, known: set[str]) -> list[Mailbox]:
    found: dict[str, Mailbox] = {}
    for box in (*mail.to, *mail.cc):
        if box.canonical not in known and not is_list(box.address):
            found.setdefault(box.canonical, box)
    return list(found.values())


def _reader(mail: Mail, own: Collection[str]) -> Mailbox | None:
    """The owner as the mail addresses them; None where they are not among the visible recipients."""
    return next((m for m in (*mail.to, *mail.cc) if m.canonical in own), None)


def _brought_together(
    mail: Mail, text: str, others: Sequence[Mailbox], reader: Mailbox | None
) -> Introduced | None:
    """The others whom the text and the reader are brought together with; without a reader, all of them."""
    one, rest = (reader, others) if reader else (others[0], others[1:])
    thread = _AMONG_KNOWN if len(rest) > 1 else _IN_THREAD if mail.links.all else 0.0
    needed = ENOUGH + thread + _length(text)
    least = needed - _UNMET if reader and len(rest) == 1 and not mail.links.all else needed
    found = [
        (box, made)
        for box in rest
        if (made := pair(mail.subject, text, one, box)).points >= least
        and (made.points >= needed + _AMONG_KNOWN or not _within(mail, one, box))
    ]
    if not found:
        return None
    at = found[0][1].at
    return Introduced(
        people=tuple(b for b, _ in found) if reader else tuple(others),
        quote=_sentence(text, at) if at >= 0 else _collapsed(mail.subject),
        sure=found[0][1].points >= needed,
    )


def _length(text: str) -> float:
    """Points more for a long text: it holds something of everything."""
    return min(max(0, len(text) - _SHORT) / _LONGER, _AMONG_KNOWN)


def _within(mail: Mail, one: Mailbox, box: Mailbox) -> bool:
    """Whether all are colleagues: in one house people speak of each other all day."""
    houses = {organisation_of(domain_of(m.address)) for m in (*mail.senders, one, box)}
    return len(houses) == 1 and "" not in houses


def _recommended(mail: Mail, text: str, plain: str) -> Introduced | None:
    """Somebody's letter sent on with a good word."""
    writer = _WRITER.search(mail.zone_text(ZoneKind.FORWARD)[:2_000])
    if writer is None or len(plain) > MAX_GOOD_WORD:
        return None
    person = Mailbox(name=writer.group(1).strip(" \"'*"), address=writer.group(2))
    names = "|".join(map(re.escape, names_of(person))) or "(?!)"
    for word in _GOOD_WORD.finditer(plain):
        quote = _sentence(text, word.start())
        if quote.endswith("?") or _DOUBTED.search(quote):
            continue
        if _OF_SOMEBODY.search(quote) or re.search(rf"\b(?:{names})\b", quote, re.IGNORECASE):
            return Introduced(people=(person,), quote=quote)
    return None


def _sentence(text: str, at: int) -> str:
    """The sentence around a position."""
    ends = [m.end() for m in re.finditer(r"[.!?](?=\s)|\n", text)]
    start = max((e for e in ends if e <= at), default=0)
    end = min((e for e in ends if e > at), default=len(text))
    return _collapsed(text[start:end])


def _collapsed(text: str) -> str:
    return " ".join(text.split())[:200]
