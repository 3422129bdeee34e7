"""Does the owner's own mail call on the public: a job posting, a call for papers, a request for offers?"""

from functools import cache
from typing import Final

from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import split
from models.mail import Mail

MANY: Final = 5  # visible recipients to whom a call is public without another word
_MAX_TEXT: Final = 20_000
_PUBLIC: Final = 1.0  # the certainty of phrases that are public by themselves ("call for papers")


@cache
def _phrases() -> Phrases:
    return load("calls", {"calls": 0.9, "spread": 0.9})


def find_call(mail: Mail) -> str:
    """The words with which a mail calls on whoever reads it, 200 characters at most; "" where it does not.

    Looking for somebody is a call only where it is meant for more than its reader: a list's address or many
    recipients, words that ask to spread it or speak to all.
    """
    quote, spread = "", len(mail.to) + len(mail.cc) >= MANY or any(_to_many(m.address) for m in mail.to)
    for sentence in (*split(mail.own_text[:_MAX_TEXT]), *split(mail.subject[:300])):
        for hit in _phrases().find(sentence.plain):
            if hit.section == "spread":
                spread = True
                continue
            quote = quote or sentence.quote(sentence.place(hit.start))
            spread = spread or hit.certainty >= _PUBLIC
    return quote if spread else ""


def _to_many(address: str) -> bool:
    local, _, domain = address.lower().partition("@")
    return domain.startswith(("lists.", "list.", "groups.")) or local in (
        "all",
        "everyone",
        "staff",
        "members",
        "team",
    )
