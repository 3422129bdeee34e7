"""Third persons whom an own letter names by their address are looked up too."""

from datetime import UTC, datetime, timedelta

from classifier.reading.read import read_mail
from models.letter import Letter
from models.past import Owner
from proxy.store.database import Store
from proxy.store.letters import past_for, remember

OWNER = Owner(addresses=frozenset({"ann@quay.example"}))
NOW = datetime(2024, 6, 1, tzinfo=UTC)
MIRA = Letter(
    fingerprint=1, message_id="<1@x.example>", date=NOW - timedelta(days=1), sender="mira@x.example",
    to=("ann@quay.example",), id=1,
)  # fmt: skip


async def test_a_person_named_by_address() -> None:
    text = b"From: ann@quay.example\r\nTo: karl@y.example\r\n\r\nMira (mira@x.example) is a great baker, hire her.\r\n"
    async with await Store.open(None) as store:
        await remember(store, [MIRA])
        past = await past_for(store, read_mail(text), ["karl@y.example"], owner=OWNER, now=NOW)
        incoming = await past_for(
            store, read_mail(text.replace(b"ann@", b"tom@")), ["karl@y.example"], owner=OWNER, now=NOW
        )
    assert past.relations["mira@x.example"].received == 1
    assert "mira@x.example" not in incoming.relations
