"""Does the owner's own mail call on the public: a posting, a call for papers, a search, an appeal?"""

from functools import cache
from typing import Final

from classifier.phrases import words
from classifier.signals.phrasing import Phrases, load
from classifier.signals.recipients import is_list
from classifier.signals.sentences import split
from models.mail import Mail

MANY: Final = 5  # visible recipients to whom a call is public without another word
QUOTE: Final = 200  # characters
_MAX_TEXT: Final = 20_000
_ALONE: Final = 0.7  # the certainty from which the words of one sentence can be a call
_PUBLIC: Final = 1.0  # … of phrases that are public by themselves ("call for papers")
_TO_MANY: Final = words("calls", "public-places")


@cache
def _phrases() -> Phrases:
    return load("calls", {"calls": 0.9, "spread": 0.9})


def find_call(mail: Mail) -> str:
    """Subject and words with which a mail calls on whoever reads it, cut at 200 characters; "" for none.

    Looking for somebody is a call only where it is meant for more than its reader: a list's or board's
    address or many recipients, words that ask to spread it or speak to all.
    """
    at, sure = -1, 0.0
    spread = len(mail.to) + len(mail.cc) >= MANY or any(_to_many(m.address) for m in (*mail.to, *mail.cc))
    text = mail.own_text[:_MAX_TEXT]
    for sentence, place in (
        *((s, s.start) for s in split(text)),
        *((s, 0) for s in split(mail.subject[:300])),
    ):
        for hit in _phrases().find(sentence.plain):
            spread = spread or hit.section == "spread" or hit.certainty >= _PUBLIC
            if hit.section == "calls":
                at, sure = place if at < 0 else min(at, place), max(sure, hit.certainty)
    if at < 0 or not spread or sure < _ALONE:
        return ""
    whole = " ".join(f"{mail.subject.strip()}: {text[at:]}".split()).removeprefix(": ")
    return whole if len(whole) <= QUOTE else whole[:QUOTE].rpartition(" ")[0]


def _to_many(address: str) -> bool:
    """Whether an address is a list's, a board's, a newsletter's: read by many, or there to be passed on."""
    local, _, domain = address.lower().partition("@")
    pieces = {*local.replace(".", "-").replace("_", "-").split("-"), *domain.split(".")[0].split("-")}
    return is_list(address) or bool(pieces & _TO_MANY) or any(p.endswith(("list", "board")) for p in pieces)
