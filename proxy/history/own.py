"""Own addresses that nobody configured: what lay in Sent, and who goes by the owner's name in many letters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.letter import Letter
from models.past import Owner
from proxy.store.database import Store
from proxy.store.namesakes import namesakes_of

MANY = 5  # letters under the owner's name before an address is proposed
MAX_KEPT = 50  # addresses counted of one source
MAX_SHOWN = 5


@dataclass
class OwnSeen:
    """Addresses that mail in Sent came from and that are not the owner's: how many mails each."""

    mails: dict[str, int] = field(default_factory=dict)

    def look(self, letters: Iterable[Letter]) -> None:
        """Count the letters of a Sent folder."""
        for letter in letters:
            kept = letter.sender in self.mails or len(self.mails) < MAX_KEPT
            if kept and not letter.outgoing and letter.personal and "@" in letter.sender:
                self.mails[letter.sender] = self.mails.get(letter.sender, 0) + 1


def proposals(in_sent: Mapping[str, int], by_name: Mapping[str, int]) -> list[dict[str, Any]]:
    """What to ask the user about, the likeliest first: address, mails, and why."""
    found = [
        {"address": address, "mails": mails, "why": "in Sent"}
        for address, mails in sorted(in_sent.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    found.extend(
        {"address": address, "mails": mails, "why": "your name"}
        for address, mails in sorted(by_name.items(), key=lambda pair: (-pair[1], pair[0]))
        if address not in in_sent and mails >= MANY
    )
    return found[:MAX_SHOWN]


async def by_name(store: Store, owner: Owner) -> dict[str, int]:
    """Addresses that wrote under the owner's full name, and how many letters each."""
    return await store.run(namesakes_of, sorted(owner.addresses))
