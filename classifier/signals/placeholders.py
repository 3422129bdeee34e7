"""Placeholders: blanks of a template that nobody filled in."""

from models.mail import Mail
from models.word import Word


class Placeholder(Word):
    """One unfilled blank: its words, and how sure (0..1)."""

    quote: str
    certainty: float


def find_placeholders(mail: Mail) -> tuple[Placeholder, ...]:
    """The blanks left in a mail's subject and own text."""
    return ()
