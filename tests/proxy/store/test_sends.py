"""What the owner sent lately, as `past_for` tells it: what resembles the mail or asks the same, and no more."""

import sqlite3
from datetime import datetime, timedelta

import pytest

from classifier.reading.read import read_mail
from classifier.witness import ALWAYS, witness
from models.finding import Ask
from models.letter import Letter
from models.mail import Mail
from models.past import Owner, RecentSend
from proxy.store import sends
from proxy.store.database import Store
from proxy.store.letters import forget, past_for, remember
from proxy.store.sends import forget_sends
from tests.proxy.store.letters import ANN, NOW, letter

OWNER = Owner(addresses=frozenset({ANN}), internal_domains=frozenset({"quay.example"}))
PITCH = """Dear {name},

we help workshops like {firm} to cut their packing waste by a third, without new machines. Could you introduce me to
the person at {firm} who buys film and cartons?

Ann
"""


def pitch(name: str, days_ago: float = 0.0, *, body: str = PITCH, head: str = "") -> Mail:
    firm = name.lower()
    date = (NOW - timedelta(days=days_ago)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    raw = (
        f"From: {ANN}\nTo: {name} <{firm}@{firm}.example>\nDate: {date}\nMessage-ID: <{firm}.{days_ago}@quay.example>\n"
        f"Subject: Packing\n{head}\n{body.format(name=name, firm=name)}"
    )
    return read_mail(raw.replace("\n", "\r\n").encode())


def sent(mail: Mail, since: datetime | None = ALWAYS) -> Letter:
    return witness(mail, OWNER, stand_in=NOW, since=since)


async def seen(store: Store, mail: Mail, now: datetime = NOW) -> tuple[RecentSend, ...]:
    people = [m.address for m in mail.to]
    return (await past_for(store, mail, people, owner=OWNER, now=now)).sends


async def test_near_copies_are_told_with_time_people_and_asks() -> None:
    async with await Store.open(None) as store:
        await remember(store, [sent(pitch("Bo", 3)), sent(pitch("Zoe", 2))])
        past = await past_for(store, pitch("Kit"), ["kit@kit.example"], owner=OWNER, now=NOW)
    assert [(s.people, (NOW - s.at).days) for s in past.sends] == [
        (("bo@bo.example",), 3),
        (("zoe@zoe.example",), 2),
    ]
    assert Ask.INTRODUCTION in past.sends[0].asks
    assert past.relations["bo@bo.example"].sent == 1, "how they stand to the owner is known too"


async def test_what_neither_resembles_nor_asks_the_same_is_left_out() -> None:
    other = "Dear {name},\n\nthe cider at the fair was the best I had this year, and your stand the finest.\n"
    same_ask = (
        "{name}, might you introduce me to the harbour master of Hull? I have a question about old rope.\n"
    )
    async with await Store.open(None) as store:
        await remember(store, [sent(pitch("Bo", 3, body=other)), sent(pitch("Zoe", 2, body=same_ask))])
        assert [s.people for s in await seen(store, pitch("Kit"))] == [("zoe@zoe.example",)]
        assert await seen(store, pitch("Kit", body=other)) != ()
        assert await seen(store, pitch("Kit", body="Dear {name},\n\nthanks for the key to the yard.\n")) == ()


async def test_only_the_last_fourteen_days_before_the_moment_count() -> None:
    async with await Store.open(None) as store:
        await remember(store, [sent(pitch("Bo", 14.5)), sent(pitch("Zoe", 13.5)), sent(pitch("Kit", -1))])
        assert [s.people for s in await seen(store, pitch("Mara"))] == [("zoe@zoe.example",)]
        assert [s.people for s in await seen(store, pitch("Mara"), NOW - timedelta(days=14))] == [
            ("bo@bo.example",)
        ]


async def test_two_in_one_second_see_each_other() -> None:
    now = NOW + timedelta(milliseconds=400)
    async with await Store.open(None) as store:
        await remember(store, [sent(pitch("Bo"))], went=now)
        assert len(await seen(store, pitch("Kit"), now + timedelta(milliseconds=100))) == 1
        assert await seen(store, pitch("Kit"), now) == ()


async def test_when_it_really_went_counts_not_its_date() -> None:
    """A mail that was held for weeks and then released."""
    async with await Store.open(None) as store:
        await remember(store, [sent(pitch("Bo", 30))], went=NOW - timedelta(hours=1))
        await remember(store, [sent(pitch("Bo", 30))])  # and then the copy in Sent is read
        assert [s.at for s in await seen(store, pitch("Kit"))] == [NOW - timedelta(hours=1)]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_letter_known_by_its_header_gets_its_sketch_when_its_text_is_read(when: str) -> None:
    whole = sent(pitch("Bo", 3))
    header = whole.model_copy(update={"sketch": None, "events": (), "whole": False})
    async with await Store.open(None) as store:
        await remember(store, [header, whole] if when == "after" else [whole, header])
        assert len(await seen(store, pitch("Kit"))) == 1


async def test_old_sends_are_forgotten_and_the_letters_stay() -> None:
    async with await Store.open(None) as store:
        await remember(store, [sent(pitch("Bo", 20)), sent(pitch("Zoe", 3))])
        assert await forget_sends(store, NOW) == 1
        rows = await store.run(lambda db: db.execute("SELECT count(*) FROM sent").fetchone())
        past = await past_for(store, pitch("Bo"), ["bo@bo.example"], owner=OWNER, now=NOW)
    assert (rows[0], past.relations["bo@bo.example"].sent) == (1, 1)


async def test_a_letter_taken_out_of_history_leaves_no_sketch() -> None:
    gone = sent(pitch("Bo", 3))
    async with await Store.open(None) as store:
        await remember(store, [gone])
        await forget(store, [gone.fingerprint])
        assert await seen(store, pitch("Kit")) == ()


async def test_an_answer_in_a_thread_of_theirs_is_told_as_one() -> None:
    asked = letter(5, "bo@bo.example", ANN)
    head = f"In-Reply-To: {asked.message_id}\n"
    alone = "In-Reply-To: <own@quay.example>\n"
    async with await Store.open(None) as store:
        await remember(store, [asked, sent(pitch("Bo", 3, head=head)), sent(pitch("Zoe", 2, head=alone))])
        assert [s.reply for s in await seen(store, pitch("Kit"))] == [True, False]


async def test_one_person_is_one_whatever_the_address() -> None:
    known = letter(90, ANN, "bo@bo.example", name="Bo Lind")
    answer = letter(89, "bo.lind@bo.example", ANN, name="Bo Lind", answers=known)
    async with await Store.open(None) as store:
        await remember(store, [known, answer, sent(pitch("Bo", 3))])
        other = pitch("Bo", 2, head="Cc: Bo Lind <bo.lind@bo.example>\n")
        await remember(store, [sent(other)])
        found = await seen(
            store, read_mail(f"From: {ANN}\nTo: bo.lind@bo.example\n\n".encode() + other.own_text.encode())
        )
    assert {p for s in found for p in s.people} == {"bo.lind@bo.example"}


async def test_colleagues_and_copies_are_not_whom_a_letter_was_written_to() -> None:
    async with await Store.open(None) as store:
        await remember(
            store,
            [
                sent(pitch("Bo", 3, head="Cc: cole@quay.example, aide@bo.example\n")),
                sent(pitch("Zoe", 2, head="Bcc: kit@kit.example\n")).model_copy(
                    update={"to": (ANN,), "cc": ("kit@kit.example",)}
                ),
            ],
        )
        assert [s.people for s in await seen(store, pitch("Mara"))] == [
            ("bo@bo.example",),
            ("kit@kit.example",),
        ]


async def test_an_incoming_mail_asks_for_none() -> None:
    async with await Store.open(None) as store:
        await remember(store, [sent(pitch("Bo", 3))])
        mail = read_mail(
            b"From: x@x.example\r\nTo: ann@quay.example\r\n\r\n" + pitch("Kit").own_text.encode()
        )
        assert await seen(store, mail) == ()


@pytest.mark.parametrize(
    "mail",
    [
        read_mail(
            f"From: {ANN}\nTo: cole@quay.example\n\nThe plan for the yard is on your desk, Cole.".encode()
        ),
        read_mail(
            f"From: {ANN}\nTo: bo@bo.example\nList-Id: <a.b>\n\nOur news of the month: five new looms.".encode()
        ),
        read_mail(b"From: bo@bo.example\nTo: ann@quay.example\n\nOur news of the month: five new looms."),
    ],
    ids=["to the house", "a mailing", "incoming"],
)
def test_of_these_no_sketch_is_kept(mail: Mail) -> None:
    assert sent(mail).sketch is None


def test_nor_of_what_went_too_long_ago() -> None:
    assert sent(pitch("Bo", 20), since=NOW - timedelta(days=14)).sketch is None
    assert sent(pitch("Bo", 10), since=NOW - timedelta(days=14)).sketch
    assert sent(pitch("Bo", 10), since=None).sketch is None


async def test_the_recent_ones_are_found_by_indexes() -> None:
    def plan(db: sqlite3.Connection) -> list[str]:
        return [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sends._SENT}", (1, 2, 3))]

    async with await Store.open(None) as store:
        steps = await store.run(plan)
    assert not [step for step in steps if step.startswith("SCAN")], steps
    assert any("sent_by_time" in step for step in steps)
