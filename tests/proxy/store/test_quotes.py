"""An answer without ids is known by what it quotes, and believed only against mail the owner sent."""

import textwrap
from datetime import UTC, datetime

import pytest

from classifier.reading.read import read_mail
from classifier.witness import witness
from models.letter import Letter
from models.mail import Mail
from models.past import Owner, Past, Tie
from proxy.store.database import Store
from proxy.store.letters import past_for, remember
from proxy.store.quotes import forget_runs

ANN, BO = "ann@quay.example", "bo@x.example"
OWNER = Owner(addresses=frozenset({ANN}))
NOW = datetime(2024, 6, 1, tzinfo=UTC)
MINE = (
    "The old crane on the north pier has been repaired at last, and the harbour master wants to show it to the "
    "school children before the summer begins. Would your class like to come on a Thursday morning in May?"
)
OTHER = (
    "Our grandmother kept bees behind the chapel for forty years without a veil, and the honey she sold in small "
    "green jars paid for the roof, the piano and half of the bell that hangs there now."
)


def mail(sender: str, to: str, day: int, body: str, *, subject: str, headers: str = "") -> Mail:
    return read_mail(
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: {day} May 2024 10:00:00 +0000\n{headers}\n{body}\n".encode()
    )


def quoting(text: str, width: int = 60) -> str:
    quoted = "\n".join(f"> {line}" for line in textwrap.wrap(text, width))
    return f"With pleasure, Thursday it is.\n\nOn 1 May 2024, Ann wrote:\n{quoted}\n"


def letter(one: Mail) -> Letter:
    return witness(one, OWNER, stand_in=NOW)


def mine(to: str = BO, headers: str = "Message-ID: <1@quay.example>\n") -> Mail:
    return mail(ANN, to, 1, MINE, subject="the crane", headers=headers)


async def after(*mails: Mail, judged: Mail | None = None, turned: bool = False) -> Past:
    letters = [letter(m) for m in mails]
    async with await Store.open(None) as store:
        for one in letters[::-1] if turned else letters:
            await remember(store, [one])
        return await past_for(store, judged or Mail(), [BO], owner=OWNER, now=NOW)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("headers", ["", "Message-ID: <1@quay.example>\n"])
async def test_a_quoted_mail_of_the_owners_makes_an_answer(turned: bool, headers: str) -> None:
    answer = mail(BO, ANN, 2, quoting(MINE), subject="Thursday")
    found = await after(mine(headers=headers), answer, turned=turned)
    assert (found.tie(BO), found.relation(BO).exchanges) == (Tie.ANSWERED, 1)


async def test_half_of_it_is_enough_however_it_is_wrapped() -> None:
    answer = mail(BO, ANN, 2, quoting(MINE[len(MINE) // 3 :], width=30), subject="Thursday")
    assert (await after(mine(), answer)).tie(BO) is Tie.ANSWERED


@pytest.mark.parametrize(
    "mails",
    [
        pytest.param(
            [mine(), mail(BO, ANN, 2, quoting(OTHER), subject="Thursday")], id="quotes what was never sent"
        ),
        pytest.param(
            [mine("zoe@y.example"), mail(BO, ANN, 2, quoting(MINE), subject="Thursday")], id="sent to another"
        ),
        pytest.param([mail(BO, ANN, 2, quoting(MINE), subject="Thursday")], id="nothing was sent"),
        pytest.param(
            [
                mail(ANN, BO, 9, MINE, subject="the crane"),
                mail(BO, ANN, 2, quoting(MINE), subject="Thursday"),
            ],
            id="sent only later",
        ),
        pytest.param([mine(), mail(BO, ANN, 2, MINE, subject="Thursday")], id="says it as its own words"),
    ],
)
async def test_a_quotation_of_anything_else_proves_nothing(mails: list[Mail]) -> None:
    found = await after(*mails)
    assert found.relation(BO).exchanges == 0
    assert found.tie(BO).rank <= Tie.ANSWERED.rank
    if len(mails) == 1 or not any(BO in (m.address for m in one.to) for one in mails):
        assert found.tie(BO) is Tie.ONE_SIDED


async def test_the_thread_of_a_mail_is_borne_out_by_what_it_quotes() -> None:
    assert (
        await after(mine(), judged=mail(BO, ANN, 2, quoting(MINE), subject="Thursday"))
    ).thread.owner_wrote
    assert not (await after(mine(), judged=mail(BO, ANN, 2, quoting(OTHER), subject="Thursday"))).thread.known
    assert not (
        await after(mine(), judged=mail("eve@z.example", ANN, 2, quoting(MINE), subject="x"))
    ).thread.known


async def test_no_text_is_kept() -> None:
    one = letter(mine())
    assert 1 <= len(one.said) <= 4
    assert "crane" not in one.model_dump_json()
    assert (
        letter(mail(BO, ANN, 2, quoting(MINE), subject="x", headers="In-Reply-To: <1@quay.example>\n")).quotes
        == ()
    )


async def _runs(store: Store) -> int:
    [(count,)] = await store.db.execute_fetchall("SELECT count(*) FROM run")
    return int(count)


@pytest.mark.parametrize("turned", [False, True])
async def test_after_14_days_the_hashes_go_and_what_they_showed_stays(turned: bool) -> None:
    letters = [letter(mine()), letter(mail(BO, ANN, 2, quoting(MINE), subject="Thursday"))]
    async with await Store.open(None) as store:
        for one in letters[::-1] if turned else letters:
            await remember(store, [one])
        assert await forget_runs(store, datetime(2024, 5, 14, tzinfo=UTC)) == 0
        assert await _runs(store) > 4
        assert (
            await forget_runs(store, datetime(2024, 5, 15, 11, tzinfo=UTC)) > 0
        )  # of the first letter alone
        assert await _runs(store) > 0
        await forget_runs(store, datetime(2024, 5, 17, tzinfo=UTC))
        assert await _runs(store) == 0
        found = await past_for(store, Mail(), [BO], owner=OWNER, now=NOW)
        assert found.relation(BO).tie is Tie.ANSWERED


async def test_a_broken_clock_keeps_no_hashes_for_ever() -> None:
    async with await Store.open(None) as store:
        await remember(store, [letter(mine()).model_copy(update={"date": datetime(2094, 5, 1, tzinfo=UTC)})])
        assert await forget_runs(store, NOW) > 0
        assert await _runs(store) == 0


async def test_while_a_history_is_read_nothing_is_forgotten() -> None:
    async with await Store.open(None) as store:
        await remember(store, [letter(mine())])
        await store.set_fact("learning /home/ann/box", {"texts": True})
        assert await forget_runs(store, NOW) == 0
        await store.set_fact("learning /home/ann/box", None)
        assert await forget_runs(store, NOW) > 0
