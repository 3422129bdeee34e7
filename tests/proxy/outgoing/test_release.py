"""Releases against a scripted provider on loopback: sent once, refused in part, lost, cut."""

import asyncio
from pathlib import Path

import pytest

from models.errors import UsageError
from models.held import HeldMail, State
from models.settings import Settings
from proxy.outgoing.release import Outcome, release
from proxy.outgoing.upstream import Timeouts, Upstream
from proxy.store.database import Store
from proxy.store.held import load, raw_of
from proxy.store.moves import recover
from tests.proxy.held_samples import (
    LIV,
    MAX,
    NOW,
    PASSWORD_ENVIRONMENT,
    SUE,
    hold_one,
    raw_mail,
    settings_for,
)
from tests.servers.provider import Provider


@pytest.fixture
async def store(tmp_path: Path):
    async with await Store.open(tmp_path / "coldask.db") as opened:
        yield opened


@pytest.fixture
def settings(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in PASSWORD_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return settings_for(provider)


async def quickly(name, account) -> Upstream:
    return await Upstream.connect(name, account, timeouts=Timeouts(2, 2, 2))


async def send(store: Store, settings: Settings, mail: HeldMail, *positions: int, **more) -> Outcome:
    return await release(
        store,
        mail,
        positions or range(len(mail.recipients)),
        account=settings.accounts["work"],
        clock=lambda: NOW,
        connect=quickly,
        **more,
    )


async def test_the_very_bytes_go_to_everybody_once(
    store: Store, settings: Settings, provider: Provider
) -> None:
    raw = raw_mail() + b".dot\r\n..dots\r\n\xff\r\nFrom here\r\n" + b"x" * 5000 + b"\r\n.\r\n"
    mail = await hold_one(store, SUE, MAX, LIV, raw=raw, options=("BODY=8BITMIME", "SIZE=7"))
    outcome = await send(store, settings, mail)
    (taken,) = provider.taken
    assert (taken.recipients, taken.mail) == ((SUE, MAX, LIV), raw)
    assert outcome.sent == [SUE, MAX, LIV]
    assert outcome.mail.state is State.RELEASED
    assert outcome.mail.released_at == NOW
    assert outcome.mail.recipients[0].reply.startswith("250 ")


async def test_some_refused_go_back_to_held_with_the_providers_words(
    store: Store, settings: Settings, provider: Provider
) -> None:
    people = [f"p{i}@many.example" for i in range(40)]
    provider.script.replies |= dict.fromkeys(people[:3], "550 5.1.1 no such user")
    mail = await hold_one(store, *people)
    outcome = await send(store, settings, mail)
    assert provider.taken[0].recipients == tuple(people[3:])
    assert outcome.refused == dict.fromkeys(people[:3], "550 5.1.1 no such user")
    states = [r.state for r in (await load(store, mail.id)).recipients]
    assert states == [State.HELD] * 3 + [State.RELEASED] * 37
    provider.script.replies.clear()
    outcome = await send(store, settings, outcome.mail, 0, 1, 2)
    assert outcome.mail.state is State.RELEASED
    assert [t.recipients for t in provider.taken] == [tuple(people[3:]), tuple(people[:3])]


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ({"MAIL": "550 5.7.1 not you"}, "550 5.7.1 not you"),
        ({SUE: "450 4.2.0 later", MAX: "450 4.2.0 later"}, "450 4.2.0 later"),
        ({"DOT": "552 5.3.4 too big"}, "552 5.3.4 too big"),
        ({"DOT": "451 4.3.0 busy"}, "451 4.3.0 busy"),
    ],
)
async def test_a_refusal_leaves_everybody_held(
    store: Store, settings: Settings, provider: Provider, replies: dict[str, str], words: str
) -> None:
    provider.script.replies |= replies
    mail = await hold_one(store, SUE, MAX)
    outcome = await send(store, settings, mail)
    assert provider.taken == []
    assert outcome.sent == []
    assert outcome.mail.state is State.HELD
    assert all(words in r.reply for r in outcome.mail.recipients)


async def test_a_provider_that_is_away_leaves_it_held(
    store: Store, settings: Settings, provider: Provider
) -> None:
    mail = await hold_one(store)
    provider.stop()
    outcome = await send(store, settings, mail)
    assert (outcome.mail.state, outcome.sent) == (State.HELD, [])
    assert "refused the connection" in outcome.trouble
    provider.start()
    assert (await send(store, settings, outcome.mail)).sent == [SUE]


async def test_a_wrong_password_leaves_it_held(
    store: Store, settings: Settings, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLDASK_TEST_PASSWORD", "wrong")
    mail = await hold_one(store)
    outcome = await send(store, settings, mail)
    assert outcome.mail.state is State.HELD
    assert "refused the login" in outcome.trouble
    assert "wrong" not in outcome.mail.recipients[0].reply.replace("wrong password", "")


async def test_a_lost_answer_leaves_it_unsure_and_nothing_sends_it_again(
    store: Store, settings: Settings, provider: Provider
) -> None:
    provider.script.cut = True
    mail = await hold_one(store, SUE, MAX)
    outcome = await send(store, settings, mail)
    assert outcome.unsure == [SUE, MAX]
    assert outcome.mail.state is State.UNSURE
    assert await recover(store, NOW) == []
    assert len(provider.taken) == 1


async def test_a_provider_that_never_answers_leaves_it_unsure(
    store: Store, settings: Settings, provider: Provider
) -> None:
    provider.script.after = 10
    mail = await hold_one(store)

    async def impatient(name, account) -> Upstream:
        return await Upstream.connect(name, account, timeouts=Timeouts(2, 2, 0.2))

    outcome = await release(
        store, mail, [0], account=settings.accounts["work"], clock=lambda: NOW, connect=impatient
    )
    assert outcome.mail.state is State.UNSURE


async def test_of_two_releases_at_once_one_sends(
    tmp_path: Path, settings: Settings, provider: Provider
) -> None:
    path = tmp_path / "two.db"
    async with await Store.open(path) as one, await Store.open(path) as other:
        mail = await hold_one(one, SUE, MAX)
        results = await asyncio.gather(
            *(send(s, settings, mail) for s in (one, other, one)), return_exceptions=True
        )
        assert [type(r) for r in results].count(Outcome) == 1
        assert [type(r) for r in results].count(UsageError) == 2
        assert len(provider.taken) == 1
        assert (await load(other, mail.id)).state is State.RELEASED


async def test_two_releases_of_different_people_do_not_disturb_each_other(
    store: Store, settings: Settings, provider: Provider
) -> None:
    mail = await hold_one(store, SUE, MAX, LIV)
    await asyncio.gather(
        send(store, settings, mail, 0, narrowed=True), send(store, settings, mail, 1, narrowed=True)
    )
    assert sorted(t.recipients for t in provider.taken) == [(MAX,), (SUE,)]
    states = [r.state for r in (await load(store, mail.id)).recipients]
    assert states == [State.RELEASED, State.RELEASED, State.HELD]


async def test_stopped_after_the_dot_it_is_unsure_at_once(
    store: Store, settings: Settings, provider: Provider
) -> None:
    provider.script.after = 10
    mail = await hold_one(store)
    task = asyncio.create_task(send(store, settings, mail))
    while not provider.taken:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await load(store, mail.id)).state is State.UNSURE


async def test_stopped_before_the_dot_it_is_held(store: Store, settings: Settings) -> None:
    mail = await hold_one(store)
    reached = asyncio.Event()

    async def stuck(name, account) -> Upstream:
        reached.set()
        await asyncio.sleep(60)
        raise AssertionError

    task = asyncio.create_task(
        release(store, mail, [0], account=settings.accounts["work"], clock=lambda: NOW, connect=stuck)
    )
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await load(store, mail.id)).state is State.HELD


async def test_addresses_beyond_ascii_need_a_provider_that_takes_them(
    store: Store, settings: Settings, provider: Provider
) -> None:
    who = "josé@correo.example"
    mail = await hold_one(store, who, options=("SMTPUTF8",))
    provider.script.extensions = ("8BITMIME",)
    outcome = await send(store, settings, mail)
    assert (outcome.mail.state, provider.taken) == (State.HELD, [])
    assert "SMTPUTF8" in outcome.trouble
    provider.script.extensions = ("8BITMIME", "SMTPUTF8")
    assert (await send(store, settings, outcome.mail)).sent == [who]


async def test_a_store_that_fails_before_the_dot_sends_nothing(
    store: Store, settings: Settings, provider: Provider
) -> None:
    mail = await hold_one(store)
    async with store.transaction() as db:
        await db.execute(
            "CREATE TRIGGER no_dot BEFORE UPDATE OF dot_sent ON held_recipient WHEN NEW.dot_sent = 1 "
            "BEGIN SELECT RAISE(ABORT, 'disk'); END"
        )
    with pytest.raises(Exception, match="disk"):
        await send(store, settings, mail)
    assert provider.taken == []
    assert (await load(store, mail.id)).state is State.HELD
    assert (await raw_of(store, mail.id))[0]
