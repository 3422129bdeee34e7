"""Does this mail bring people together? Whom does it introduce, and in which words?

An introduction names a visible recipient and brings that person and another one together, or sends on that
person's letter with a good word (relationships, "Introductions"). Standing in Cc is not one.
"""

import re
from collections.abc import Collection, Sequence

from models.address import Mailbox
from models.mail import Mail, ZoneKind
from models.word import Word

MAX_OTHERS = 6  # a mail to more people is an announcement
MAX_TEXT = 3_000  # characters; an introduction is short


class Introduced(Word):
    """The people a mail introduces, as it names them, and the words that do."""

    people: tuple[Mailbox, ...]
    quote: str


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


_BRING = r"(?:connect|link|put|bring|hook|get)(?:ting|ing)?"
# Words that bring two people together, whoever they are.
_TOGETHER = _any(
    r"(?<!for the )(?<!your )(?<!your kind )\b(?:e-?)?(?:introduc(?:e|ing)|introductions?|intros?)\b"
    r"(?! (?:(?:your|my|him|her|our|them)sel(?:f|ves)|to (?:the|our|my|a))\b)",
    rf"\b{_BRING} (?:up )?(?:the two of you|you (?:two|both|guys|all)|the pair of you)\b",
    rf"\b{_BRING} \w+(?: \w+)? (?:in(?:to)? (?:touch|contact)|together|up with)\b",
    r"\b(?:connect|link)(?:ing)? (?:you|him|her|\w+)(?: \w+)? (?:with|to|and)\b",
    r"\b(?:you (?:two|both|guys)|the (?:two|pair|both) of you|each other|one another)\b",
    r"\bmeet (?!(?:me|us|at|on|up|the|for|in|our|your|with|to|and|by|next|this|that|all|every)\b)\w+",
    r"\b(?:have|enjoy|arrange) (?:a )?(?:natter|chat|chin-?wag|chinwag|coffee)\b",
    r"\b(?:over to (?:you|the two)|leave (?:it to you|you to it)|take it from here)\b",
    r"\bout of (?:the|your) way\b",
    r"\b(?:cop(?:ying|ied)|cc'?(?:ing|d|ed)?|loop(?:ing|ed)|adding) (?:in )?\w+(?: \w+)?,? (?:\([^)]*\),? )?"
    r"(?:here )?(?:who|whom|as (?:he|she|they)|because)\b",
    r"\bwho(?:m)? (?:i (?:told|mentioned|promised)|you (?:should|must|ought to|wanted to))\b",
)
# "X, this is Y", "Y, who …", "Y is a …": somebody described to a reader who does not know them.
_PRESENTED = (
    r"(?:\bthis is {name}\b|\b{name}(?: \w+)?,? (?:\([^)]*\),? )?"
    r"(?:who (?!will|would|can|could|is going|asked|has asked|sent|said)|is (?:an?|the|my|our|one|new)\b|"
    r"(?:runs|makes|works|leads|knows|thinks|builds|sells|teaches|writes|used to|moved|opens|plays|loves)\b))"
)
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
    r"\b(?:great|excellent|best|lovely|brilliant|solid|trustworthy)\b",
    r"\bi trust\b",
    r"\bfriend of mine\b",
    r"\bmeet\b",
)
_WRITER = re.compile(
    r"^[>\s*]*(?:from|von|de|da|van)\s*:\s*\**\s*([^<\[(\n]*?)\s*[<\[(](?:mailto:)?([^\s<>\[\]()@]+@[\w.-]+)",
    re.IGNORECASE | re.MULTILINE,
)
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "dame", "herr", "frau"})
_ROLES = frozenset({"info", "hello", "contact", "office", "mail", "team", "sales", "support", "admin"})


def find_introduction(mail: Mail, own: Collection[str] = ()) -> Introduced | None:
    """The introduction a mail makes, or None. `own`: the reader's canonical addresses, who meets them."""
    text = mail.own_text[:MAX_TEXT]
    plain = text.replace("’", "'")  # as long as `text`: what is found in one is quoted from the other
    sender = mail.sender
    if sender is None or not text or _ANNOUNCED.search(f"{mail.subject}\n{plain}"):
        return None
    others = _others(mail, {sender.canonical, *own})
    by_owner = sender.canonical in own
    if others and len(others) <= MAX_OTHERS and (len(others) > 1 or not by_owner):
        named = [m for m in others if _names_in(m, f"{mail.subject}\n{plain}")]
        at = _where(mail, plain, named, alone=len(others) == 1)
        if at is not None:
            quote = _sentence(text, at) if at >= 0 else _collapsed(mail.subject)
            return Introduced(people=tuple(others if by_owner or not named else named), quote=quote)
    return _recommended(mail, text, plain)


def _others(mail: Mail, known: set[str]) -> list[Mailbox]:
    found: dict[str, Mailbox] = {}
    for box in (*mail.to, *mail.cc):
        if box.canonical not in known:
            found.setdefault(box.canonical, box)
    return list(found.values())


def names_of(box: Mailbox) -> list[str]:
    """The words by which a text may name this person: of the display name, else of the local part."""
    source = box.name if box.name and "@" not in box.name else box.address.partition("@")[0]
    words = [w for w in re.split(r"[^\w'’-]+|_", source) if len(w) > 1 and not w.isdigit()]
    return [w for w in words if w.lower() not in _TITLES | _ROLES]


def _names_in(box: Mailbox, text: str) -> list[str]:
    return [n for n in names_of(box) if re.search(rf"\b{re.escape(n)}\b", text, re.IGNORECASE)]


def _where(mail: Mail, text: str, named: Sequence[Mailbox], *, alone: bool) -> int | None:
    """Where in the text people are brought together; -1: in the subject; None: nowhere."""
    together = _TOGETHER.search(text)
    if together and (named or alone):
        return together.start()
    if not named:
        return None
    if _TOGETHER.search(mail.subject):
        return -1
    # In a running thread people speak of each other without introducing anybody.
    return None if mail.links.all else _presented(mail, text)


def _presented(mail: Mail, text: str) -> int | None:
    """Where a recipient is described in a letter that speaks to another one: "Samir, Carmela thinks …"."""
    opening = re.match(r"\W*(?:(?:dear|hi|hello|hey|good \w+)\b)?\W*([\w'-]+)", text, re.IGNORECASE)
    for box in (*mail.to, *mail.cc):
        for name in _names_in(box, text):
            if opening is not None and opening.group(1).lower() == name.lower():
                break
            if found := re.search(_PRESENTED.format(name=re.escape(name)), text, re.IGNORECASE):
                return found.start()
    return None


def _recommended(mail: Mail, text: str, plain: str) -> Introduced | None:
    """Somebody's letter sent on with a good word."""
    writer = _WRITER.search(mail.zone_text(ZoneKind.FORWARD)[:2_000])
    word = _GOOD_WORD.search(plain)
    if writer is None or word is None:
        return None
    person = Mailbox(name=writer.group(1).strip(" \"'*"), address=writer.group(2))
    return Introduced(people=(person,), quote=_sentence(text, word.start()))


def _sentence(text: str, at: int) -> str:
    """The sentence around a position."""
    ends = [m.end() for m in re.finditer(r"[.!?](?=\s)|\n", text)]
    start = max((e for e in ends if e <= at), default=0)
    end = min((e for e in ends if e > at), default=len(text))
    return _collapsed(text[start:end])


def _collapsed(text: str) -> str:
    return " ".join(text.split())[:200]
