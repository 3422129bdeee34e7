"""Full-width Latin letters, as East Asian keyboards write them: a text is judged by the plain ones they stand for."""

import re
from typing import Final, TypeVar

from models.mail import Mail
from models.verdict import IncomingVerdict, OutgoingVerdict

V = TypeVar("V", IncomingVerdict, OutgoingVerdict)

# From an ASCII character to its full-width one (Unicode, Halfwidth and Fullwidth Forms).
_OFFSET: Final = 0xFEE0
_LETTER: Final = re.compile("[\uff21-\uff3a\uff41-\uff5a]")
_PLAIN: Final = {n + _OFFSET: n for n in range(0x21, 0x7F)} | {0x3000: 0x20}


def wide(character: str) -> str:
    """The full-width form of an ASCII character that is no blank."""
    return chr(ord(character) + _OFFSET)


def narrow(mail: Mail) -> Mail:
    """The mail with plain letters for full-width ones, each in its place; the very mail where it has none."""
    if not _is_wide(mail.text) and not _is_wide(mail.subject):
        return mail
    fields = {name: getattr(mail, name) for name in Mail.model_fields}
    return Mail(**{**fields, "text": mail.text.translate(_PLAIN), "subject": mail.subject.translate(_PLAIN)})


def as_written(verdict: V, mail: Mail) -> V:
    """The verdict on `narrow(mail)` with its quotes as they stand in the mail."""
    written = {q: _written(q, mail) for q in (*(f.quote for f in verdict.findings), *_of_asks(verdict)) if q}
    if all(quote == plain for plain, quote in written.items()):
        return verdict

    def told(text: str) -> str:
        for plain, quote in written.items():
            text = text.replace(plain, quote)
        return text

    changed = {
        "reason": told(verdict.reason),
        "findings": tuple(
            f.model_copy(update={"quote": written.get(f.quote, ""), "message": told(f.message)})
            for f in verdict.findings
        ),
    }
    if isinstance(verdict, IncomingVerdict):
        asks = (a.model_copy(update={"quote": written.get(a.quote, "")}) for a in verdict.asks)
        return verdict.model_copy(update={**changed, "asks": tuple(asks)})
    return verdict.model_copy(update=changed)


def _is_wide(text: str) -> bool:
    return not text.isascii() and _LETTER.search(text) is not None


def _of_asks(verdict: IncomingVerdict | OutgoingVerdict) -> tuple[str, ...]:
    return tuple(a.quote for a in verdict.asks) if isinstance(verdict, IncomingVerdict) else ()


def _written(quote: str, mail: Mail) -> str:
    """A quote with its white space collapsed, as it stands in the mail; as it is where it stands nowhere."""
    for text in (mail.own_text, mail.subject, mail.text):
        collapsed = " ".join(text.split())
        at = collapsed.translate(_PLAIN).find(quote)
        if at >= 0:
            return collapsed[at : at + len(quote)]
    return quote
