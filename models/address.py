"""Addresses: one mailbox as written (RFC 5322, 3.4), and the canonical form by which a person is known."""

from functools import lru_cache

from models.word import Word

# The one provider that ignores dots in the local part, and its second name.
_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


class Mailbox(Word):
    """One address as a header gives it: the display name (may be empty) and the addr-spec."""

    name: str = ""
    address: str

    @property
    def canonical(self) -> str:
        return canonical(self.address)

    @property
    def shown(self) -> str:
        """The name where there is one, else the address."""
        return self.name or self.address


@lru_cache(maxsize=65536)
def domain_of(address: str) -> str:
    """The domain, lower-cased; empty where there is none."""
    return address.rpartition("@")[2].lower().rstrip(".") if "@" in address else ""


@lru_cache(maxsize=65536)
def canonical(address: str) -> str:
    """The form under which an address is looked up: lower case, IDNA domain, no plus-tag, no dots at Gmail.

    Never raises: what cannot be read as an address comes back stripped and lower-cased, and so stays
    a person of its own.
    """
    text = address.strip().strip("<>").lower()
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain:
        return text
    domain = domain.rstrip(".")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return text
    if not local.startswith('"'):
        local = local.partition("+")[0] or local
        if domain in _DOTLESS:
            local = local.replace(".", "") or local
    domain = _DOTLESS.get(domain, domain)
    return f"{local}@{domain}"
