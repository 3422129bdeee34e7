"""What becomes of a mail: held, passed, known again; and what is remembered of it."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models.finding import Effect, Finding
from models.held import State
from models.mail import Envelope, Mail
from models.past import Past
from models.verdict import Disposition, OutgoingVerdict
from proxy.outgoing.release import release
from proxy.store.flights import begin_flight, find_flight
from proxy.store.held import list_held, raw_of
from proxy.store.past import past_for
from proxy.store.warned import list_warned
from tests.proxy.outgoing.conftest import Build
from tests.proxy.outgoing.house import Client, House

MAIL = b"From: ann@example.org\r\nTo: bob@other.example\r\nSubject: Plan\r\n\r\nHello Bob.\r\n"
AGAIN = MAIL.replace(
    b"Subject", b"Message-ID: <2@example.org>\r\nDate: Mon, 1 Jan 2024 10:00:00 +0000\r\nSubject"
)
END = b".\r\n"


def says(disposition: Disposition, effect: Effect = Effect.HOLD) -> Any:
    """A judge that always says the same, and remembers what it was asked."""

    def judge(mail: Mail, envelope: Envelope, past: Past, overrides: object, ear: object) -> OutgoingVerdict:
        judge.asked.append(envelope.recipients)  # type: ignore[attr-defined]
        finding = Finding(rule="test-rule", effect=effect, certainty=1.0, message="Bob does not know you.")
        findings = () if disposition is Disposition.PASS else (finding,)
        return OutgoingVerdict(disposition=disposition, findings=findings, reason="Bob does not know you.")

    judge.asked = []  # type: ignore[attr-defined]
    return judge


HOLD = says(Disposition.HOLD)
WARN = says(Disposition.WARN, Effect.WARN)


async def held_of(house: House) -> list[Any]:
    return await list_held(house.store, closed=True)


async def test_a_held_mail_is_in_the_store_before_the_answer(make_house: Build) -> None:
    house = await make_house(judging={"judge": HOLD})
    client = await house.client()
    answer = await client.mail(
        b"bcc: eve@other.example\r\n" + MAIL + END, "bob@other.example", "eve@other.example"
    )
    held = (await held_of(house))[0]
    assert answer == (
        f"554-5.7.1 Bob does not know you.\n554 5.7.1 Kept as {held.id}: coldask held show {held.id}"
    )
    assert (await raw_of(house.store, held.id))[0] == MAIL
    assert [(r.address, r.blind) for r in held.recipients] == [
        ("bob@other.example", False),
        ("eve@other.example", True),
    ]
    assert house.provider.mails == [] and "DATA" not in house.provider.commands
    assert house.provider.connections == 1
    await client.mail(MAIL + END, "carl@other.example")
    assert house.provider.connections == 2, (
        "a connection that was told recipients and got no mail is not used again"
    )


async def test_observe_holds_nothing_and_records(make_house: Build) -> None:
    house = await make_house(judging={"judge": HOLD}, outgoing={"mode": "observe"})
    assert (await (await house.client()).mail(MAIL + END)).startswith("250 ")
    assert await held_of(house) == []
    assert [w.recipients for w in await list_warned(house.store)] == [("bob@other.example",)]


async def test_nothing_is_held_before_a_history_exists(make_house: Build) -> None:
    house = await make_house(judging={"judge": HOLD}, learned=False)
    assert (await (await house.client()).mail(MAIL + END)).startswith("250 ")
    assert await held_of(house) == []


async def test_a_warning_passes_and_is_recorded(make_house: Build) -> None:
    house = await make_house(judging={"judge": WARN})
    assert (await (await house.client()).mail(MAIL + END)).startswith("250 ")
    assert len(await list_warned(house.store)) == 1


async def test_a_warning_holds_where_that_is_wanted(make_house: Build) -> None:
    house = await make_house(judging={"judge": WARN}, outgoing={"on_warn": "hold"})
    assert (await (await house.client()).mail(MAIL + END)).startswith("554-5.7.1 Bob does not know you.")


async def test_what_was_sent_is_remembered_at_once(make_house: Build) -> None:
    house = await make_house()
    await (await house.client()).mail(MAIL + END, "bob@other.example", "eve@other.example")
    past = await past_for(
        house.store,
        Mail(),
        ["bob@other.example", "eve@other.example"],
        owner=house.listener.handling.judging.owner,
        now=house.listener.desk.clock() + timedelta(seconds=1),
    )
    assert past.relation("bob@other.example").sent == past.relation("eve@other.example").sent == 1


@pytest.mark.parametrize("trouble", ["raises", "hangs"])
async def test_judgement_that_fails_passes_the_mail_and_says_so(make_house: Build, trouble: str) -> None:
    def judge(*_: object) -> OutgoingVerdict:
        if trouble == "hangs":
            time.sleep(1.0)
        raise ValueError("no")

    house = await make_house(judging={"judge": judge, "budget": 0.2})
    client = await house.client()
    began = time.monotonic()
    assert (await client.mail(MAIL + END)).startswith("250 ")
    assert time.monotonic() - began < 0.9
    assert house.provider.mails == [MAIL]
    assert any(t.startswith("judging a mail") for t in house.ear.troubles)
    warned = await list_warned(house.store)
    assert [f.rule for f in warned[0].verdict.findings] == ["unjudged"]


async def test_reading_that_fails_passes_the_mail(make_house: Build) -> None:
    def read(raw: bytes) -> Mail:
        raise RecursionError

    house = await make_house(judging={"read": read})
    assert (await (await house.client()).mail(MAIL + END)).startswith("250 ")
    assert house.provider.mails == [MAIL]


async def test_the_same_mail_again_finds_the_same_entry(make_house: Build) -> None:
    house = await make_house(judging={"judge": HOLD})
    client = await house.client()
    first = await client.mail(MAIL + END)
    assert await client.mail(AGAIN + END) == first
    assert len(await held_of(house)) == 1
    other = await client.mail(MAIL.replace(b"Hello", b"Good day,") + END)
    assert other != first and len(await held_of(house)) == 2


async def test_after_a_release_one_resend_is_swallowed_and_the_next_is_new(make_house: Build) -> None:
    house = await make_house(judging={"judge": HOLD})
    client = await house.client()
    await client.mail(MAIL + END)
    held = (await held_of(house))[0]
    desk = house.listener.desk
    account = desk.settings.accounts["work"]
    await release(house.store, held, [0], account=account, clock=desk.clock)
    assert len(house.provider.mails) == 1
    answer = await client.mail(AGAIN + END)
    assert answer == f"250 2.0.0 Released before as {held.id}; this copy was not sent again."
    assert len(house.provider.mails) == 1
    assert (await client.mail(AGAIN + END)).startswith("554-")
    assert len(await held_of(house)) == 2


async def test_a_corrected_mail_supersedes(make_house: Build) -> None:
    verdicts = iter([Disposition.HOLD, Disposition.PASS])

    def judge(*args: Any) -> OutgoingVerdict:
        verdict: OutgoingVerdict = says(next(verdicts))(*args)
        return verdict

    house = await make_house(judging={"judge": judge})
    client = await house.client()
    await client.mail(MAIL + END)
    assert (await client.mail(MAIL.replace(b"Hello", b"Dear") + END)).startswith("250 ")
    assert (await held_of(house))[0].state is State.SUPERSEDED


async def test_one_mail_in_several_transactions_is_judged_as_one(make_house: Build) -> None:
    judge = says(Disposition.PASS)
    house = await make_house(judging={"judge": judge})
    client = await house.client()
    with_id = b"Message-ID: <one@example.org>\r\n" + MAIL
    await client.mail(with_id + END, "a@other.example", "b@other.example")
    await client.mail(with_id + END, "c@other.example")
    await client.mail(b"Message-ID: <two@example.org>\r\n" + MAIL + END, "d@other.example")
    await client.mail(MAIL + END, "e@other.example")
    await client.mail(MAIL + END, "f@other.example")
    assert judge.asked == [
        ("a@other.example", "b@other.example"),
        ("a@other.example", "b@other.example", "c@other.example"),
        ("d@other.example",),
        ("e@other.example",),
        ("f@other.example",),
    ]


async def test_a_held_transaction_does_not_count_against_the_corrected_mail(make_house: Build) -> None:
    judge = says(Disposition.HOLD)
    house = await make_house(judging={"judge": judge})
    client = await house.client()
    with_id = b"Message-ID: <one@example.org>\r\n" + MAIL
    await client.mail(with_id + END, "a@other.example", "b@other.example")
    await client.mail(with_id + END, "a@other.example")
    assert judge.asked[1] == ("a@other.example",)


# -- the provider's last answer


@pytest.mark.parametrize("last", [b"", b"what?\r\n"])
async def test_a_lost_answer_leaves_the_mail_unsure(make_house: Build, last: bytes) -> None:
    house = await make_house()
    house.provider.answers["DOT"] = last
    client = await house.client()
    answer = await client.mail(MAIL + END)
    held = (await held_of(house))[0]
    assert held.state is State.UNSURE
    assert answer == (
        "554-5.7.1 This mail may have gone: its provider's answer was lost.\n"
        f"554 5.7.1 Kept as {held.id}: coldask held show {held.id}"
    )
    assert await client.mail(AGAIN + END) == answer, "the client's retry is known"
    assert len(house.provider.mails) == 1 and len(await held_of(house)) == 1


def _stalled(house: House) -> tuple[asyncio.Event, asyncio.Event]:
    """The provider has taken a mail and says nothing; when it has, and what makes it answer."""
    taken, answering = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        taken.set()
        await answering.wait()

    house.provider.before_dot_answer = wait
    return taken, answering


async def test_a_client_that_left_before_the_answer_is_known_when_it_comes_back(make_house: Build) -> None:
    house = await make_house()
    taken, answering = _stalled(house)
    client = await house.client()
    sending = asyncio.create_task(client.mail(MAIL + END))
    await taken.wait()
    house.listener.handling.patience = 0.05
    other = await house.client()
    assert (await other.mail(AGAIN + END)).startswith("451 4.4.5 This mail is being sent right now")
    sending.cancel()
    await client.close()
    await asyncio.sleep(0.05)
    answering.set()
    house.provider.before_dot_answer = None
    await _until_quiet(house)
    assert await other.mail(AGAIN + END) == (
        "250 2.0.0 The provider took this mail before; this copy was not sent again."
    )
    assert len(house.provider.mails) == 1
    assert (await other.mail(AGAIN + END)).startswith("250 2.0.0 queued")
    assert len(house.provider.mails) == 2, "once: after that it is a mail like any other"


@pytest.mark.parametrize("hangs_up", [True, False])
async def test_the_same_mail_twice_at_once_waits_for_the_first(make_house: Build, hangs_up: bool) -> None:
    house = await make_house()
    taken, answering = _stalled(house)
    one, two = await house.client(), await house.client()
    first = asyncio.create_task(one.mail(MAIL + END))
    await taken.wait()
    second = asyncio.create_task(two.mail(AGAIN + END))
    await asyncio.sleep(0.05)
    if hangs_up:
        first.cancel()
        await one.close()
        await asyncio.sleep(0.05)
    answering.set()
    if hangs_up:  # a retry
        assert "this copy was not sent again" in await second
    else:  # two mails, and two answers of the provider
        assert (await first).startswith("250 2.0.0 queued") and (await second).startswith("250 2.0.0 queued")
    assert len(house.provider.mails) == (1 if hangs_up else 2)


async def _until_quiet(house: House) -> None:
    """Only the sessions that still have a client are left."""
    for _ in range(200):
        await asyncio.sleep(0.01)
        if len(house.listener._sessions) <= 1:
            return
    raise AssertionError("the session did not end")


async def test_a_mail_that_a_crash_cut_off_is_not_sent_again(make_house: Build) -> None:
    house = await make_house()
    envelope = Envelope(sender="ann@example.org", recipients=("bob@other.example",))
    mail = await house.listener.handling.judging.read(MAIL)
    now = house.listener.desk.clock()
    await begin_flight(
        house.store, envelope=envelope, raw=MAIL, mail=mail, now=now, run="the one that crashed"
    )
    answer = await (await house.client()).mail(AGAIN + END)
    assert answer.startswith("554-5.7.1 This mail may have gone")
    assert (await held_of(house))[0].state is State.UNSURE
    assert house.provider.mails == []
    assert await find_flight(house.store, envelope=envelope, raw=MAIL, mail=mail, now=now) is None


async def test_a_mail_that_was_answered_leaves_no_trace_of_its_flight(make_house: Build) -> None:
    house = await make_house()
    client = await house.client()
    assert (await client.mail(MAIL + END)).startswith("250 ")
    house.provider.answers["DOT"] = b"552 5.3.4 too big for me\r\n"
    assert await client.mail(AGAIN + END) == "552 5.3.4 too big for me"
    await client.say("NOOP")
    rows = list(await house.store.db.execute_fetchall("SELECT * FROM flight"))
    assert rows == []


# -- connections to the provider


async def test_connections_are_used_again_across_clients(make_house: Build) -> None:
    house = await make_house()
    for i in range(3):
        client: Client = await house.client()
        await client.mail(MAIL + END, f"p{i}@other.example")
        await client.say("QUIT")
    assert house.provider.connections == 1 and len(house.provider.logins) == 1


async def test_an_idle_connection_that_died_is_not_used(make_house: Build) -> None:
    house = await make_house()
    client = await house.client()
    await client.mail(MAIL + END)
    house.provider.cut()
    assert (await client.mail(AGAIN + END, "eve@other.example")).startswith("250 ")
    assert house.provider.connections == 2 and len(house.provider.mails) == 2


async def test_a_connection_that_dies_at_mail_is_tried_once_more(make_house: Build) -> None:
    house = await make_house()
    client = await house.client()
    await client.mail(MAIL + END)
    house.provider.answers["MAIL"] = b"421 4.4.2 idle for too long\r\n"
    lends = house.listener.pool.lend

    async def lend(name: str, *, fresh: bool = False) -> Any:
        if fresh:
            house.provider.answers.clear()
        return await lends(name, fresh=fresh)

    house.listener.pool.lend = lend  # type: ignore[method-assign]
    assert (await client.mail(AGAIN + END)).startswith("250 ")


async def test_a_connection_that_dies_before_the_dot_is_opened_again_with_the_same_envelope(
    make_house: Build,
) -> None:
    house = await make_house()
    client = await house.client()
    await client.say("MAIL FROM:<ann@example.org> RET=HDRS")
    await client.say("RCPT TO:<bob@other.example> NOTIFY=NEVER")
    house.provider.cut()
    await client.say("DATA")
    client.send(MAIL + END)
    assert (await client.reply()).startswith("250 ")
    once = ["MAIL FROM:<ann@example.org> RET=HDRS", "RCPT TO:<bob@other.example> NOTIFY=NEVER"]
    assert house.provider.commands == [*once, *once, "DATA"]
    assert house.provider.mails == [MAIL]


async def test_a_provider_that_is_not_there(make_house: Build) -> None:
    house = await make_house()
    await house.provider.stop()
    answer = await (await house.client()).say("MAIL FROM:<ann@example.org>")
    assert answer.startswith("451 4.4.1 Account work: 127.0.0.1:") and "refused the connection" in answer


async def test_a_refused_login_is_never_the_clients(make_house: Build) -> None:
    house = await make_house()
    house.provider.password = "changed"
    client = await house.client()
    for _ in range(5):
        answer = await client.say("MAIL FROM:<ann@example.org>")
        assert answer.startswith(
            "451 4.7.0 Account work cannot log in: 127.0.0.1 refused the login of account work"
        )
        assert "535 5.7.8 wrong password" in answer and "coldask doctor" in answer
    assert len(house.provider.logins) == 3, "providers lock accounts: three tries, then a rest"
    assert "not asked again" in answer
    secret = house.listener.desk.settings.accounts["work"].smtp.password_file
    assert secret is not None
    Path(secret).write_text("changed\n")
    assert (await client.say("MAIL FROM:<ann@example.org>")).startswith("250 "), (
        "another password is tried at once"
    )


async def test_a_password_that_cannot_be_had(make_house: Build) -> None:
    house = await make_house(smtp={"password_file": None, "password_command": ["false"]})
    answer = await (await house.client()).say("MAIL FROM:<ann@example.org>")
    assert answer.startswith(
        "451 4.7.0 Account work cannot log in: The password_command of account work, smtp (false)"
    )


async def test_a_store_that_fails_keeps_the_mail_with_the_client(make_house: Build) -> None:
    house = await make_house()
    client = await house.client()
    await house.store.db.execute("DROP TABLE flight")
    await client.say("MAIL FROM:<ann@example.org>")
    await client.say("RCPT TO:<bob@other.example>")
    await client.say("DATA")
    client.send(MAIL + END)
    assert (await client.reply()).startswith("451 4.3.0 Something in coldask failed")
    assert house.provider.mails == []
