"""Invitations: words that tell the reader to send or ask something ("send me your CV")."""

from models.finding import Ask
from models.word import Word


class Invited(Word):
    """What one sentence invites: kinds of ask, enclosures ("resume", "target-list", "blurb"), and its words."""

    asks: tuple[Ask, ...] = ()
    enclosures: tuple[str, ...] = ()
    quote: str = ""


def find_invitations(text: str) -> tuple[Invited, ...]:
    """What a text invites its reader to send or ask, sentence by sentence."""
    return ()
