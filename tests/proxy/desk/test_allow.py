"""Permissions at the desk: given, judged by, listed, taken back; and those offered."""

from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from classifier.reading.read import read_mail
from models.correction import Correction, Opinion
from models.errors import UsageError
from models.held import Move
from models.mail import Envelope, Mail
from models.settings import Settings
from proxy.desk import Desk, run_operation
from proxy.journal import Journal
from proxy.outgoing.judging import Judging
from proxy.store import corrections
from proxy.store.database import Store
from proxy.store.held import mark_edited
from proxy.store.moves import claim, settle
from proxy.store.permissions import forget_sketches
from proxy.store.splits import join
from tests.proxy.held_samples import LIV, MAX, NOW, OWNER, SUE, hold_one, raw_mail

SUE_AT_HOME = "sue.lee@home.example"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> Any:
        return self.now


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    smtp = {"host": "127.0.0.1", "port": 1, "security": "plaintext", "username": "a", "password_env": "X"}
    settings = Settings.model_validate(
        {
            "accounts": {"work": {"addresses": [OWNER], "smtp": smtp}},
            "people": {"lists": {"choir": [SUE, MAX]}, "trusted": ["joe@friend.example"]},
        }
    )
    async with await Store.open(None) as store:
        await store.set_fact("learned", {"own": [OWNER]})
        yield Desk(settings, Path(), store, Clock(), Journal())


async def do(desk: Desk, op: str, **args: Any) -> Any:
    return [m async for m in run_operation(desk, op, args)][-1]["result"]


async def sent(desk: Desk, *people: str, raw: bytes | None = None) -> str:
    """How a mail to these people is judged."""
    mail = read_mail(raw or raw_mail(to=people))
    judged = await Judging(desk).judge(mail, Envelope(sender=OWNER, recipients=people))
    return judged.verdict.disposition.value


async def received(desk: Desk, sender: str) -> str:
    text = raw_mail(text="Hello Ann,\n\nwould you buy our leads? A short demo on Tuesday?\n\nSue\n")
    raw = text.replace(OWNER.encode(), sender.encode()).replace(
        f"To: {SUE}".encode(), f"To: {OWNER}".encode()
    )
    args = {
        "raw": b64encode(raw).decode(),
        "rcpt": [],
        "as_of": desk.clock().isoformat(),
        "direction": "incoming",
    }
    return str((await do(desk, "check", **args))["disposition"])


async def test_a_person_is_allowed_and_released_until_that_is_taken_back(desk: Desk) -> None:
    assert (await sent(desk, SUE), await received(desk, SUE)) == ("hold", "file")
    given = await do(desk, "allow.give", what="Sue@Corp.example", reason="she asked")
    assert (given["kind"], given["what"], given["incoming"], given["source"]) == (
        "person",
        SUE,
        True,
        "coldask allow",
    )
    assert (await sent(desk, SUE), await received(desk, SUE)) == ("note", "keep")
    both = "Dear Sue, dear Max,\n\ncould one of you introduce me to your head of design?\n\nAnn\n"
    assert await sent(desk, SUE, MAX, raw=raw_mail(to=(SUE, MAX), text=both)) == "hold"
    assert [r["id"] for r in await do(desk, "allow.list")] == [given["id"], None]
    await do(desk, "allow.undo", what=SUE)
    assert (await sent(desk, SUE), await received(desk, SUE)) == ("hold", "file")
    assert [r["state"] for r in await do(desk, "allow.list", every=True)] == ["undone", "active"]
    with pytest.raises(UsageError, match=r"Nothing was allowed for .sue@corp\.example"):
        await do(desk, "allow.undo", what=SUE)


async def test_for_one_rule_alone_and_for_a_time(desk: Desk) -> None:
    day = timedelta(days=1)
    end = (NOW + day).isoformat()
    given = await do(desk, "allow.give", what=SUE, rule="premature-ask", until=end)
    assert (given["incoming"], given["until"]) == (False, end)
    assert (await sent(desk, SUE), await received(desk, SUE)) == ("note", "file")
    desk.clock.now += day  # type: ignore[attr-defined]
    assert await sent(desk, SUE) == "hold"
    assert [r["state"] for r in await do(desk, "allow.list", every=True)] == ["expired", "active"]
    await do(desk, "allow.give", what=MAX, rule="cold-ask")
    assert (await sent(desk, MAX), await received(desk, MAX)) == ("hold", "keep")


async def test_a_person_is_allowed_at_all_their_addresses(desk: Desk) -> None:
    await join(desk.store, SUE, SUE_AT_HOME, at=NOW, source="test")
    await do(desk, "allow.give", what=SUE_AT_HOME)
    assert (await sent(desk, SUE), await received(desk, SUE)) == ("note", "keep")
    await do(desk, "allow.undo", what=SUE)
    assert (await sent(desk, SUE), await received(desk, SUE)) == ("hold", "file")


async def test_a_rule_a_list_and_a_mail(desk: Desk) -> None:
    held = await hold_one(desk.store, SUE, LIV)
    for words, people in (
        ({"rule": "premature-ask"}, (SUE, LIV)),
        ({"list_": "choir"}, (SUE, MAX)),
        ({"what": held.id.upper()}, (SUE, LIV)),
        ({"what": "<1@example.org>"}, (SUE, LIV)),
    ):
        assert await sent(desk, *people, raw=raw_mail()) == "hold"
        await do(desk, "allow.give", **words)
        assert await sent(desk, *people, raw=raw_mail()) == "note", words
        assert (await do(desk, "allow.undo", **words))["undone"][0]["state"] == "undone"
    await do(desk, "allow.give", what=held.id)
    anew = raw_mail(subject="A question about  your team", message_id="<2@example.org>")
    assert await sent(desk, SUE, raw=anew) == "note", "known by its text"
    assert await sent(desk, SUE, raw=anew.replace(b"head of design", b"head of sales")) == "hold"
    clean = raw_mail(text="Dear Sue,\n\nthe hall is free on Thursday.\n\nAnn\n", message_id="<4@example.org>")
    assert await sent(desk, SUE, raw=clean) == "pass"
    await do(desk, "allow.give", what="<4@example.org>")
    assert await sent(desk, SUE, raw=clean) == "note", "unused-allow"
    await do(desk, "allow.give", list_="choir")
    assert await sent(desk, SUE, LIV, raw=anew.replace(b"your team", b"that team")) == "hold", (
        "Liv is in no choir"
    )


LETTER = (
    "Dear {name},\n\nI restore pipe organs in the old way, with hide glue and sheepskin, and I have room for one"
    " more church this year. Your parish council in {place} will know whom to ask about the loft. Could you"
    " introduce me to your churchwarden, so that I can look at the bellows before the winter sets in?\n\nAnn\n"
)


async def test_a_campaign_is_its_near_copies(desk: Desk) -> None:
    first = raw_mail(text=LETTER.format(name="Sue", place="Leith"))
    other = raw_mail(to=[MAX], text=LETTER.format(name="Max", place="Perth"), message_id="<2@example.org>")
    held = await hold_one(desk.store, SUE, raw=first)
    assert await sent(desk, MAX, raw=other) == "hold"
    given = await do(desk, "allow.give", campaign=held.id)
    assert given["until"] == (NOW + timedelta(days=14)).isoformat()
    assert await sent(desk, MAX, raw=other) == "note"
    assert await sent(desk, MAX) == "hold", "another letter"
    with pytest.raises(UsageError, match="14 days at the latest"):
        await do(desk, "allow.give", campaign=held.id, until=(NOW + timedelta(days=15)).isoformat())
    await forget_sketches(desk.store, NOW + timedelta(days=13))
    assert await sent(desk, MAX, raw=other) == "note"
    await forget_sketches(desk.store, NOW + timedelta(days=15))
    assert await sent(desk, MAX, raw=other) == "hold"
    with pytest.raises(UsageError, match="no held mail 'zzzz'"):
        await do(desk, "allow.give", campaign="zzzz")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({}, "Name what you allow"),
        ({"what": "nobody"}, "neither an address"),
        ({"what": "@corp.example"}, "is no address"),
        ({"what": OWNER}, "an address of your own"),
        ({"what": SUE, "list_": "choir"}, "one thing at a time"),
        ({"list_": "band"}, "there are: choir"),
        ({"what": SUE, "rule": "premature-asks"}, "There is no rule 'premature-asks'"),
        ({"rule": "cold-ask"}, "observe"),
        ({"what": SUE, "until": "2020-01-05T12:00:00+00:00"}, "Jan 2020 [0-9:]+ has passed already"),
    ],
)
async def test_what_cannot_be_allowed_is_told(desk: Desk, words: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        await do(desk, "allow.give", **words)
    assert [r["kind"] for r in await do(desk, "allow.list")] == ["trusted"]


async def test_what_was_said_by_moving_mail_is_listed_and_undone_the_same_way(desk: Desk) -> None:
    for at, who, opinion in ((NOW, SUE, Opinion.NOT_COLD), (NOW, MAX, Opinion.COLD)):
        word = Correction(person=who, opinion=opinion, at=at, source=corrections.MOVED_OUT)
        await corrections.correct(desk.store, word)
    assert (await received(desk, SUE), await received(desk, "joe@new.example")) == ("keep", "file")
    assert [(r["kind"], r["what"]) for r in await do(desk, "allow.list")] == [
        ("trusted", "joe@friend.example"), ("released", SUE), ("cold", MAX),
    ]  # fmt: skip
    assert (await do(desk, "allow.undo", what=SUE))["words"] == 1
    assert await received(desk, SUE) == "file"
    with pytest.raises(UsageError, match="trusted by the configuration"):
        await do(desk, "allow.undo", what="joe@friend.example")


async def test_the_newest_word_counts(desk: Desk) -> None:
    await do(desk, "allow.give", what=SUE)
    word = Correction(
        person=SUE, opinion=Opinion.COLD, at=NOW + timedelta(hours=1), source=corrections.MOVED_IN
    )
    await corrections.correct(desk.store, word)
    assert await received(desk, SUE) == "file"
    desk.clock.now += timedelta(hours=2)  # type: ignore[attr-defined]
    await do(desk, "allow.give", what=SUE)
    assert await received(desk, SUE) == "keep"


async def release(desk: Desk, *people: str, message: str, edited: bool = False) -> None:
    raw = raw_mail(message_id=f"<{message}@example.org>", subject=message)
    held = await hold_one(desk.store, *people, raw=raw)
    if edited:
        await mark_edited(desk.store, held.id)
    positions = range(len(people))
    await claim(desk.store, held.id, positions, NOW, narrowed=False)
    await settle(desk.store, held.id, Move.SENT, dict.fromkeys(positions, "250 ok"), NOW)


async def test_what_is_released_unedited_three_times_is_offered_and_not_taken(desk: Desk) -> None:
    await join(desk.store, SUE, SUE_AT_HOME, at=NOW, source="test")
    await release(desk, SUE, MAX, message="one")
    await release(desk, SUE, message="two", edited=True)
    await release(desk, SUE, message="three")
    assert await do(desk, "allow.offers") == []
    await release(desk, SUE_AT_HOME, message="four")
    (offer,) = await do(desk, "allow.offers")
    assert (offer["rule"], offer["person"], offer["times"]) == ("premature-ask", SUE_AT_HOME, 3)
    assert await sent(desk, SUE) == "hold", "offered is not given"
    await do(desk, "allow.give", what=SUE, rule=offer["rule"])
    assert await do(desk, "allow.offers") == []


def test_a_mail_without_anything_has_keys() -> None:
    from proxy.store.permissions import keys_of

    assert len(keys_of(Mail())) == 1
