"""Does this mail bring people together? Whom does it introduce, and in which words?

An introduction names a visible recipient and brings that person and another recipient together, or sends on that
person's letter with a good word (relationships, "Introductions"). Standing in Cc is not one.
"""

import re
from collections.abc import Sequence

from models.address import Mailbox
from models.mail import Mail, ZoneKind
from models.word import Word

MAX_RECIPIENTS = 8  # a mail to more people is an announcement
_MAX_TEXT = 4_000


class Introduced(Word):
    """The people a mail introduces to one another (as the mail names them), and its words."""

    people: tuple[Mailbox, ...]
    quote: str


# Words that bring two people together, whoever they are.
_TOGETHER = re.compile(
    r"""
      \b(?:introduc(?:e|ing|tion)|e-?intro|intro)\b
    | \b(?:connect(?:ing)?|link(?:ing)?|put(?:ting)?|bring(?:ing)?)\s+(?:the\s+two\s+of\s+you|you\s+(?:two|both|guys|in\s+(?:touch|contact))|you\b.{0,40}\b(?:with|to|and)|(?:in|into)\s+(?:touch|contact)|.{1,40}\btogether)
    | \byou\s+(?:two|both)\b
    | \bthe\s+two\s+of\s+you\b
    | \beach\s+other\b
    | \b(?:please\s+)?meet\s+(?!me\b|us\b|at\b|on\b|up\b|the\b|for\b|in\b|our\b|your\b|with\b)\w+
    | \b(?:copying|copied|cc[’']?(?:ing|d|ed)|looping|adding)\s+(?:in\s+)?\w+.{0,60}\b(?:who|whom|because|as\s+(?:he|she|they))\b
    | \b(?:have|enjoy)\s+(?:a\s+)?(?:natter|chat|chin-?wag|coffee)\b
    | \b(?:i[’']?ll|i\s+will|i)\s+(?:let|leave)\s+(?:you|it\s+to\s+you)\b
    | \bover\s+to\s+(?:you|the\s+two)\b
    | \btake\s+it\s+from\s+here\b
    | \b(?:be\s+kind|be\s+nice|say\s+hello|look\s+after|help|talk|speak)\s+(?:to|with|him|her)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# "X, this is Y", "Y is a …", "Y, who …": a person described to somebody who does not know them.
_PRESENTED = r"\bthis\s+is\s+{name}\b|\b{name}(?:\s+\w+)?\s*(?:,\s*)?(?:\(|who\b|is\s|was\s|has\s|runs\s|makes\s|works\s|leads\s|knows\s|thinks\s|builds\s|used\s+to\b|needs\b|wants\b|would\s+like\b)"
_NEWS = re.compile(
    r"\bintroduc\w+\s+(?:our|the|a|an|new|my\s+new)\b|\bmeeting\s+(?:minutes|notes)\b|\bminutes\s+of\b",
    re.IGNORECASE,
)


def find_introduction(mail: Mail, own: Sequence[str] = ()) -> Introduced | None:
    """The introduction a mail makes, or None. `own`: the reader's canonical addresses, never introduced to themselves."""
    text = mail.own_text[:_MAX_TEXT]
    sender = mail.sender
    if sender is None or not text:
        return None
    others = _others(mail, {sender.canonical, *own})
    owner_writes = sender.canonical in own
    if not others or len(others) > MAX_RECIPIENTS or (owner_writes and len(others) < 2):
        return _recommended(mail, text)
    named = [m for m in others if _names_in(m, f"{mail.subject}\n{text}")]
    if not named:
        return _recommended(mail, text)
    quote = _words(text, mail.subject, named)
    return Introduced(people=tuple(named), quote=quote) if quote else None


def _others(mail: Mail, known: set[str]) -> list[Mailbox]:
    found: dict[str, Mailbox] = {}
    for box in (*mail.to, *mail.cc):
        if box.canonical not in known:
            found.setdefault(box.canonical, box)
    return list(found.values())


def names_of(box: Mailbox) -> list[str]:
    """The words by which a text may name this person: of the display name, else of the local part."""
    source = box.name or box.address.partition("@")[0]
    words = [w for w in re.split(r"[^\w'’-]+|_", source) if len(w) > 1 and not w.isdigit()]
    return [w for w in words if w.lower() not in _TITLES]


_TITLES = {
    "mr",
    "mrs",
    "ms",
    "dr",
    "prof",
    "sir",
    "dame",
    "herr",
    "frau",
    "info",
    "hello",
    "contact",
    "office",
    "mail",
}


def _names_in(box: Mailbox, text: str) -> list[str]:
    return [n for n in names_of(box) if re.search(rf"\b{re.escape(n)}\b", text, re.IGNORECASE)]


def _words(text: str, subject: str, named: Sequence[Mailbox]) -> str:
    """The words that bring the named together, or ""."""
    if _NEWS.search(text) or _NEWS.search(subject):
        return ""
    for box in named:
        for name in _names_in(box, text):
            if found := re.search(_PRESENTED.format(name=re.escape(name)), text, re.IGNORECASE):
                if (
                    _TOGETHER.search(text)
                    or _TOGETHER.search(subject)
                    or _both_addressed(text, subject, name)
                ):
                    return _sentence(text, found.start())
    if found := _TOGETHER.search(text):
        return _sentence(text, found.start())
    return _collapsed(subject) if _TOGETHER.search(subject) else ""


def _both_addressed(text: str, subject: str, name: str) -> bool:
    """The letter opens with a name, and this one is spoken of: "Samir, Carmela thinks …"."""
    opening = re.match(r"\W*(?:dear|hi|hello|hey)?\s*(\w+)", text, re.IGNORECASE)
    return bool(opening) and opening.group(1).lower() != name.lower()  # type: ignore[union-attr]


def _recommended(mail: Mail, text: str) -> Introduced | None:
    """Somebody's letter sent on with a good word."""
    forwarded = mail.zone_text(ZoneKind.FORWARD)[:2_000]
    found = re.search(
        r"^[>\s*]*(?:from|von|de)\s*:\s*(.*?)[<\[(](?:mailto:)?([^\s<>\[\]()@]+@[\w.-]+)",
        forwarded,
        re.I | re.M,
    )
    if not found or not _GOOD_WORD.search(text):
        return None
    writer = Mailbox(name=found.group(1).strip(" \"'*"), address=found.group(2))
    return Introduced(people=(writer,), quote=_sentence(text, _GOOD_WORD.search(text).start()))  # type: ignore[union-attr]


_GOOD_WORD = re.compile(
    r"\b(?:recommend|vouch|worth\s+(?:a\s+)?(?:talk|chat|meeting|your\s+time)|good\s+(?:man|woman|person|friend|people)|"
    r"you\s+should\s+(?:talk|meet|speak)|(?:great|excellent|best|lovely|brilliant|trust)\b|friend\s+of\s+mine|meet)\b",
    re.IGNORECASE,
)


def _sentence(text: str, at: int) -> str:
    start = max(text.rfind(mark, 0, at) for mark in (". ", "! ", "? ", "\n")) + 1
    ends = [i for mark in (". ", "! ", "? ", "\n") if (i := text.find(mark, at)) >= 0]
    return _collapsed(text[start : min(ends, default=len(text)) + 1])


def _collapsed(text: str) -> str:
    return " ".join(text.split())[:200]
