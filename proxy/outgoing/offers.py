"""What EHLO says: a fixed list, cut to what all accounts' providers offered when last seen."""

from collections.abc import Iterable, Mapping

from proxy.store.database import Store

_FACT = "provider.offers"
# What coldask hands on where every provider understands it.
_HANDED_ON = ("8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES")

Extensions = Mapping[str, str]  # keyword (lower case) -> parameters


def ehlo_lines(seen: Iterable[Extensions | None], max_bytes: int) -> list[str]:
    """The lines after the greeting. A provider that was never seen (None) is taken to offer nothing: a client
    then encodes its mail so that every server takes it.
    """
    providers = [extensions if extensions is not None else {} for extensions in seen]
    sizes = [int(p["size"]) for p in providers if p.get("size", "").isdigit() and int(p["size"])]
    lines = [f"SIZE {min([max_bytes, *sizes])}", "PIPELINING"]
    lines += [word for word in _HANDED_ON if providers and all(word.lower() in p for p in providers)]
    return [*lines, "AUTH PLAIN LOGIN"]


class Offers:
    """What each account's provider offered when last seen; remembered in the store."""

    def __init__(self, store: Store, accounts: Iterable[str], max_bytes: int) -> None:
        self._store = store
        self._max_bytes = max_bytes
        self._seen: dict[str, Extensions | None] = dict.fromkeys(accounts)

    async def load(self) -> None:
        """Take up what the last run saw."""
        known = await self._store.fact(_FACT, {})
        self._seen = {name: known.get(name) for name in self._seen}

    @property
    def unseen(self) -> list[str]:
        """The accounts whose provider was never reached."""
        return [name for name, extensions in self._seen.items() if extensions is None]

    async def saw(self, account: str, extensions: Extensions) -> None:
        """A connection was opened: remember what it offers, where that is new."""
        kept = {word: extensions[word] for word in sorted(extensions) if word != "auth"}
        if self._seen.get(account) != kept:
            self._seen[account] = kept
            await self._store.set_fact(_FACT, self._seen)

    def lines(self) -> list[str]:
        return ehlo_lines(self._seen.values(), self._max_bytes)
