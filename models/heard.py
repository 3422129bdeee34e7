"""What a model hears in a letter: how cold it is as a whole, and what each sentence asks."""

from models.finding import Ask
from models.word import Word


class Said(Word):
    """One sentence of `Mail.own_text` and what is heard in it."""

    start: int  # character offsets into `Mail.own_text`
    end: int
    asks: float  # probability (0..1) that it asks something of the reader
    kinds: tuple[tuple[Ask, float], ...] = ()  # that it asks each kind worth naming, surest first


class Heard(Word):
    """A letter as a model hears it. Nothing in it knows the history of the two people."""

    ear: str  # which model heard it: a row of the judge's table
    cold: float  # log-odds that the letter, were it a stranger's, is a cold ask
    sentences: tuple[Said, ...] = ()
