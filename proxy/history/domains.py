"""Which domains are internal where no configuration says so: the owner's, unless anybody can be there."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from models.address import canonical, domain_of
from models.past import Owner


@cache
def free_mail() -> frozenset[str]:
    """Domains of free-mail and internet providers, one a line in `freemail.txt` (its source stands in it)."""
    text = files("proxy.history").joinpath("freemail.txt").read_text("utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def is_free_mail(domain: str) -> bool:
    """Whether anybody can have an address at this domain, or at one above it."""
    known = free_mail()
    parts = domain.split(".")
    return any(".".join(parts[i:]) in known for i in range(len(parts) - 1))


def hermetic_owner(addresses: Iterable[str], internal: Iterable[str] = ()) -> Owner:
    """The owner without a configuration. Internal: the given domains, else those of the addresses."""
    own = frozenset(canonical(a) for a in addresses if a.strip())
    given = frozenset(d.lower().strip().strip("@.") for d in internal if d.strip())
    found = {domain_of(a) for a in own}
    return Owner(
        addresses=own,
        internal_domains=given or frozenset(d for d in found if d and not is_free_mail(d)),
    )
