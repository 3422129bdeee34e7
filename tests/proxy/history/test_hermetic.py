"""Judging without a configuration looks up less than everything, and says the same."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from classifier.judge.belonging import kept_unread
from classifier.reading.read import read_mail
from classifier.witness import witness
from models.letter import Event, EventKind, Letter, short_hash
from models.mail import Mail
from models.past import Owner, Past, Tie
from proxy.history import genuine, hermetic
from proxy.history.direction import people_of
from proxy.history.hermetic import history_of, judge, judge_with
from proxy.history.sources import open_source
from proxy.store.database import Store
from proxy.store.letters import past_for, remember

ANN = "ann@quay.example"
OWNER = Owner(addresses=frozenset({ANN}), internal_domains=frozenset({"quay.example"}))
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def _history() -> list[Letter]:
    """Vera, a friend, introduced Olaf; Olaf's newsletters; a colleague."""
    made = []
    for number, (sender, to) in enumerate(
        [("vera@holm.example", ANN), (ANN, "vera@holm.example")] * 4 + [("olaf@reef.example", ANN)] * 3
    ):
        event = Event(kind=EventKind.INTRODUCTION, people=("olaf@reef.example",), quote="meet Olaf")
        made.append(
            Letter(
                fingerprint=number + 1,
                message_id=f"<{number}@x.example>",
                date=NOW - timedelta(days=80 - 7 * number),
                sender=sender,
                to=(to,),
                outgoing=sender == ANN,
                personal=not sender.startswith("olaf"),
                id=short_hash(f"<{number}@x.example>"),
                subject=number // 2 + 1,
                reply=number % 2 == 1,
                events=(event,) if number == 6 else (),
            )
        )
    return made


@pytest.mark.parametrize(
    "head",
    [
        "From: Olaf <olaf@reef.example>\nTo: ann@quay.example\nList-Unsubscribe: <mailto:x@reef.example>",
        "From: Olaf <olaf@reef.example>\nTo: ann@quay.example, vera@holm.example\nPrecedence: bulk",
        "From: vera@holm.example\nTo: ann@quay.example\nCc: olaf@reef.example\nAuto-Submitted: auto-replied",
        "From: cole@quay.example\nTo: ann@quay.example\nCc: vera@holm.example",
        "From: new@fjord.example\nTo: all@quay.example\nList-Id: <all.quay.example>",
        "From: a@x.example, b@x.example\nTo: ann@quay.example",
    ],
)
async def test_what_stays_unread_is_judged_with_less_and_comes_out_the_same(head: str) -> None:
    mail = read_mail(
        f"{head}\nSubject: Boat\n\nVera suggested I write. Could you introduce me to Bo?\n".encode()
    )
    async with await Store.open(None) as store:
        await remember(store, _history())
        known = await past_for(store, Mail(), ["olaf@reef.example"], owner=OWNER, now=NOW)
        assert known.tie("olaf@reef.example") is Tie.VOUCHED  # there is something to be lost
        whole = await past_for(store, mail, people_of(mail, None), owner=OWNER, now=NOW)
        short = await judge_with(store, mail, owner=OWNER, now=NOW, envelope=None)
        assert short == judge(mail, None, whole)


def test_a_mail_unread_with_no_past_stays_unread_with_any() -> None:
    mail = read_mail(b"From: Olaf <olaf@reef.example>\nTo: ann@quay.example\nPrecedence: bulk\n\nHi\n")
    assert kept_unread(mail, Past(now=NOW, owner=OWNER))


async def test_of_a_given_history_the_last_letters_of_the_owner_are_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hermetic, "HEARD", 2)
    read: list[str | None] = []

    def counted(mail: Mail, *args: Any, **more: Any) -> Letter:
        read.extend([mail.message_id] if mail.text else [])
        return witness(mail, *args, **more)

    monkeypatch.setattr(genuine, "witness", counted)
    body = (
        "Dear Jill,\n\nI would give a lot for half an hour of yours to look over my plan for the shop.\n\nAnn"
    )
    for day in (1, 2, 3):
        head = f"From: {ANN}\nTo: jill@holm.example\nSubject: Plan\nDate: {day} May 2024 09:00:00 +0000\n"
        (tmp_path / f"{day}.eml").write_text(f"{head}Message-ID: <{day}@quay.example>\n\n{body}\n")
    async with await history_of(open_source(str(tmp_path)), OWNER) as store:
        past = await past_for(store, Mail(), ["jill@holm.example"], owner=OWNER, now=NOW)
    assert (past.relation("jill@holm.example").sent, len(past.wishes)) == (3, 2)
    assert read == [f"<{day}@quay.example>" for day in (1, 2, 3)], "each text is read for history once"


async def test_who_was_cold_before_in_no_words_that_ask_is_known_to_have_asked(tmp_path: Path) -> None:
    pitch = (
        "Hi Ann,\n\nour platform cuts the heating bill of houses like yours by a third. Three of your neighbours run "
        "on it. Thursday I pass your street with the meter in the car.\n\nMax\n"
    )
    head = f"From: Max <max@agency.example>\nTo: {ANN}\nSubject: Winter\nDate: 3 May 2024 09:00:00 +0000\n"
    (tmp_path / "1.eml").write_text(f"{head}Message-ID: <1@agency.example>\n\n{pitch}")
    bump = "Hi Ann,\n\nThursday then?\n\nMax\n"
    raw = f"From: Max <max@agency.example>\nTo: {ANN}\nSubject: Re: Winter\n\n{bump}".encode()
    found = []
    for source in (None, open_source(str(tmp_path))):
        async with await history_of(source, OWNER) as store:
            verdict = await judge_with(store, read_mail(raw), owner=OWNER, now=NOW, envelope=None)
        found.append(verdict.probability)
    assert found[1] > found[0] + 0.3
