"""Does this mail bring people together? Whom does it introduce, and in which words?

An introduction names a visible recipient and brings that person and another one together, or sends on that
person's letter with a good word (relationships, "Introductions"). Standing in Cc is not one.
"""

import re
from collections.abc import Collection, Sequence

from classifier.signals.names import names_of
from classifier.signals.pairing import ENOUGH, pair
from models.address import Mailbox
from models.mail import Mail, ZoneKind
from models.word import Word

MAX_OTHERS = 6  # a mail to more people is an announcement
MAX_TEXT = 3_000  # characters; an introduction is short
MAX_GOOD_WORD = 800  # characters of own text before a letter sent on


class Introduced(Word):
    """The people a mail introduces, as it names them, and the words that do."""

    people: tuple[Mailbox, ...]
    quote: str


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


# The words, but of things, of teams and of meetings.
_ANNOUNCED = _any(
    r"\bintroduc\w+ (?:our|the|a|an|new|my new|some|this|these|its|it)\b(?! friend| colleague| man| woman)",
    r"\b(?:minutes|notes) (?:of|from)\b|\bmeeting (?:minutes|notes)\b|\baction items?\b|\bagenda\b",
    r"\bjoin me in (?:welcoming|congratulating)\b",
    r"\bhas (?:joined|accepted)\b.{0,40}\b(?:team|group|role|position)\b",
)
_GOOD_WORD = _any(
    r"\brecommend\b",
    r"\bvouch\b",
    r"\bworth (?:a |your )?(?:talk|chat|meeting|time|while)\b",
    r"\bgood (?:man|woman|person|friend|people|egg|sort)\b",
    r"\byou should (?:talk|meet|speak)\b",
    r"\b(?:great|excellent|best(?! (?:regards|wishes))|lovely|brilliant|solid|trustworthy)\b",
    r"\bi trust\b",
    r"\bfriend of mine\b",
    r"\bmeet\b",
)
# A good word is said of a person, not of a report or a plan.
_OF_SOMEBODY = _any(
    r"\b(?:he|she|him|her|they|this one|man|woman|friend|person|egg|somebody|someone|worth (?:a |your )?\w+)\b"
)
_WRITER = re.compile(
    r"^[>\s*]*(?:from|von|de|da|van)\s*:\s*\**\s*([^<\[(\n]*?)\s*[<\[(](?:mailto:)?([^\s<>\[\]()@]+@[\w.-]+)",
    re.IGNORECASE | re.MULTILINE,
)
_AMONG_KNOWN = 1.0  # points more in a running thread or with several others: there people speak of each other


def find_introduction(mail: Mail, own: Collection[str] = ()) -> Introduced | None:
    """The introduction a mail makes, or None. `own`: the reader's canonical addresses, who meets them."""
    text = mail.own_text[:MAX_TEXT]
    sender = mail.sender
    if sender is None or not text or _ANNOUNCED.search(f"{mail.subject}\n{text.replace('’', chr(39))}"):
        return None
    others = _others(mail, {sender.canonical, *own})
    by_owner = sender.canonical in own
    if others and len(others) <= MAX_OTHERS and (len(others) > 1 or not by_owner):
        found = _brought_together(mail, text, others, None if by_owner else _reader(mail, own))
        if found is not None:
            return found
    return _recommended(mail, text, text.replace("’", "'"))


def _others(mail: Mail, known: set[str]) -> list[Mailbox]:
    found: dict[str, Mailbox] = {}
    for box in (*mail.to, *mail.cc):
        if box.canonical not in known:
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
    needed = ENOUGH + (_AMONG_KNOWN if mail.links.all or len(rest) > 1 else 0.0)
    found = [(box, made) for box in rest if (made := pair(mail.subject, text, one, box)).points >= needed]
    if not found:
        return None
    at = found[0][1].at
    quote = _sentence(text, at) if at >= 0 else _collapsed(mail.subject)
    return Introduced(people=tuple(b for b, _ in found) if reader else tuple(others), quote=quote)


def _recommended(mail: Mail, text: str, plain: str) -> Introduced | None:
    """Somebody's letter sent on with a good word."""
    writer = _WRITER.search(mail.zone_text(ZoneKind.FORWARD)[:2_000])
    if writer is None or len(plain) > MAX_GOOD_WORD:
        return None
    person = Mailbox(name=writer.group(1).strip(" \"'*"), address=writer.group(2))
    names = "|".join(map(re.escape, names_of(person))) or "(?!)"
    for word in _GOOD_WORD.finditer(plain):
        quote = _sentence(text, word.start())
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
