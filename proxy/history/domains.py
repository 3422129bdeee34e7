"""Which domains are internal where no configuration says so: the owner's, unless anybody can be there."""

from collections.abc import Iterable

from classifier.signals.organisations import free_mail, is_free_mail
from models.address import canonical, domain_of
from models.past import Owner

__all__ = ["free_mail", "hermetic_owner", "is_free_mail"]


def hermetic_owner(addresses: Iterable[str], internal: Iterable[str] = ()) -> Owner:
    """The owner without a configuration. Internal: the given domains, else those of the addresses."""
    own = frozenset(canonical(a) for a in addresses if a.strip())
    given = frozenset(d.lower().strip().strip("@.") for d in internal if d.strip())
    found = {domain_of(a) for a in own}
    return Owner(
        addresses=own,
        internal_domains=given or frozenset(d for d in found if d and not is_free_mail(d)),
    )
