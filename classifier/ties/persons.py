"""When two addresses are one person's: the full name, and what it takes beside it. Never the name alone."""

import re
import unicodedata
from functools import lru_cache

from classifier.phrases import words
from classifier.signals.organisations import organisation_of
from classifier.signals.recipients import is_list, role_of
from models.address import domain_of
from models.letter import short_hash

_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\bvia\b.*|\bon behalf of\b.*|\s[|/–—-]\s.*", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@lru_cache(maxsize=65536)
def name_key(name: str) -> int:
    """A hash of a full name that "Fox, Jo" and "Dr. Jo P. Fox" share; 0 where it has not two words."""
    if "@" in name:
        return 0
    text = unicodedata.normalize("NFKD", _ASIDE.sub(" ", name)).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c)).replace("’", "'")
    parts = sorted({w for w in _WORD.findall(text) if len(w) > 1} - words("no-names"))
    return short_hash("name " + " ".join(parts)) if len(parts) > 1 else 0


def key_in_address(address: str) -> int:
    """The full name that an address spells out ("jo.fox@x.example"); 0 where it does not."""
    local = address.rpartition("@")[0]
    return name_key(re.sub(r"[._]", " ", local)) if role_of(address) is None else 0


def is_personal_address(address: str) -> bool:
    """Neither a role's mailbox nor a list: many may write from those under many names."""
    return "@" in address and role_of(address) is None and not is_list(address)


def same_organisation(one: str, other: str) -> str:
    """The organisation both addresses are of; empty where there is none, and for free mail."""
    found = organisation_of(domain_of(one))
    return found if found and found == organisation_of(domain_of(other)) else ""
