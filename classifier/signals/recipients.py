"""Recipients: who is blind, what a role mailbox is for, whom a mail greets, and whom an ask addresses."""

import re
from typing import Final

from models.address import canonical
from models.mail import Envelope, Mail

_ROLES: Final[dict[str, str]] = {
    word: role
    for role, words in {
        "jobs": "jobs job careers career hr recruiting recruitment hiring apply applications application talent bewerbung",
        "sales": "sales orders order bookings booking reservations quotes",
        "press": "press media pr editor editors editorial news submissions",
        "support": "support help helpdesk service servicedesk customerservice care",
        "office": "info office contact hello hi enquiries inquiries mail team admin reception secretariat",
        "billing": "billing accounts invoices invoice accounting finance",
        "partners": "partners partnerships partner bizdev business",
        "abuse": "abuse security postmaster webmaster hostmaster privacy legal",
        "events": "events event programme program cfp speakers",
    }.items()
    for word in words.split()
}


def role_of(address: str) -> str | None:
    """What a role mailbox is for ("jobs", "sales", "office" …), or None for a person's address."""
    local = address.rpartition("@")[0].lower().partition("+")[0]
    if local in _ROLES:
        return _ROLES[local]
    return next((_ROLES[word] for word in re.split(r"[._-]", local) if word in _ROLES), None)


def visible(mail: Mail) -> frozenset[str]:
    """Everybody in To and Cc, canonical."""
    return frozenset(m.canonical for m in (*mail.to, *mail.cc))


def blind(mail: Mail, envelope: Envelope) -> tuple[str, ...]:
    """The envelope's recipients that stand in neither To nor Cc, as written, each person once."""
    seen = set(visible(mail))
    found = []
    for address in envelope.recipients:
        if canonical(address) not in seen:
            seen.add(canonical(address))
            found.append(address.lower())
    return tuple(found)
