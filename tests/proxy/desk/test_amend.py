"""The edits offered for a held mail, and what becomes of the mail they make."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models.errors import UsageError
from models.finding import Effect, Finding
from models.held import HeldMail
from models.letter import Event, EventKind, Letter
from models.mail import Envelope
from models.past import Tie
from models.verdict import Disposition, OutgoingVerdict, TieShown
from proxy.desk import Desk, run_operation
from proxy.journal import Journal
from proxy.store.database import Store
from proxy.store.held import hold
from proxy.store.letters import remember
from tests.proxy.held_samples import LIV, MAX, NOW, OWNER, PASSWORD_ENVIRONMENT, SUE, raw_mail, settings_for
from tests.servers.provider import Provider

MARK = "mark@friend.example"


@pytest.fixture
async def desk(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A desk whose history holds Mark's introduction of Sue."""
    for name, value in PASSWORD_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    async with await Store.open(None) as store:
        made = Letter(
            fingerprint=1, message_id="<i@friend.example>", date=NOW - timedelta(days=2), sender=MARK, to=(OWNER,),
            cc=(SUE,), names={MARK: "Mark Hill"}, events=(Event(kind=EventKind.INTRODUCTION, people=(SUE,)),),
        )  # fmt: skip
        await remember(store, [made])
        await store.set_fact("learned", {"own": [OWNER]})
        yield Desk(settings_for(provider), Path(), store, lambda: NOW, Journal())


async def do(desk: Desk, op: str, **args: Any) -> Any:
    return [m async for m in run_operation(desk, op, args)][-1]["result"]


async def held(
    desk: Desk, *people: str, rule: str, raw: bytes, ties: dict[str, Tie] | None = None
) -> HeldMail:
    from classifier.reading.read import read_mail

    finding = Finding(rule=rule, effect=Effect.HOLD, certainty=0.9, people=(SUE,), message="It is too early.")
    shown = {p: TieShown(tie=(ties or {}).get(p, Tie.UNKNOWN), facts=("a fact",)) for p in people}
    verdict = OutgoingVerdict(
        disposition=Disposition.HOLD, findings=(finding,), reason="Too early.", ties=shown
    )
    envelope = Envelope(sender=OWNER, recipients=people)
    return await hold(
        desk.store, account="work", envelope=envelope, raw=raw, mail=read_mail(raw), verdict=verdict, now=NOW
    )


async def edits(desk: Desk, mail: HeldMail) -> list[str]:
    return [e["edit"] for e in (await do(desk, "held.show", id=mail.id))["edits"]]


WITH_CV = (
    raw_mail(text="\nWhat made you choose felt for the hammers?\n", more='Content-Type: multipart/mixed; boundary="b"\n')
    .replace(b"Content-Type: text/plain; charset=utf-8\r\n", b"")
    .replace(b"\r\n\r\n\r\nWhat", b"\r\n\r\n--b\r\n\r\nWhat")
    + b'--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="Ann CV.pdf"\r\n\r\n%PDF\r\n--b--\r\n'
)  # fmt: skip


async def test_a_resume_is_left_out(desk: Desk, provider: Provider) -> None:
    mail = await held(desk, SUE, rule="early-resume", raw=WITH_CV)
    (offer,) = (await do(desk, "held.show", id=mail.id))["edits"]
    assert offer == {"edit": "without-resume", "words": "leave Ann CV.pdf out"}
    answer = await do(desk, "held.edit", id=mail.id, edit="without-resume")
    assert answer["sent"] == [SUE]
    assert b"CV.pdf" not in provider.taken[0].mail and b"felt for the hammers" in provider.taken[0].mail
    assert await edits(desk, mail) == [], "what was replaced is not edited again"


async def test_the_introducer_is_put_in_copy(desk: Desk, provider: Provider) -> None:
    text = "Dear Sue, thank you, Mark, for the introduction.\n\nHow did the kiln turn out?\n\nAnn\n"
    mail = await held(desk, SUE, rule="forgotten-introducer", raw=raw_mail(text=text))
    assert await edits(desk, mail) == ["add-introducer"]
    answer = await do(desk, "held.edit", id=mail.id, edit="add-introducer")
    assert answer["sent"] == [SUE, MARK]
    assert b"\r\nCc: Mark Hill <mark@friend.example>\r\n" in provider.taken[0].mail
    assert provider.taken[0].recipients == (SUE, MARK)


async def test_only_those_who_know_the_user(desk: Desk, provider: Provider) -> None:
    raw = raw_mail(to=(SUE, MAX), text="Hello,\n\nthe hall is free on Thursday.\n\nAnn\n")
    mail = await held(desk, SUE, MAX, LIV, rule="blind-blast", raw=raw, ties={MAX: Tie.ANSWERED})
    (offer,) = (await do(desk, "held.show", id=mail.id))["edits"]
    assert offer["words"] == "leave out 2 who do not know you, also in To and Cc"
    assert (await do(desk, "held.edit", id=mail.id, edit="known-only"))["sent"] == [MAX]
    assert b"\r\nTo: max@firm.example\r\n" in provider.taken[0].mail
    assert SUE.encode() not in provider.taken[0].mail


async def test_an_edit_that_is_not_offered_is_told(desk: Desk, provider: Provider) -> None:
    mail = await held(desk, SUE, rule="premature-ask", raw=raw_mail())
    assert await edits(desk, mail) == []
    for edit, message in (
        ("without-resume", "would change nothing in .*editor"),
        ("shorter", "There is no edit"),
    ):
        with pytest.raises(UsageError, match=message):
            await do(desk, "held.edit", id=mail.id, edit=edit)
    assert provider.taken == []


async def test_own_addresses_are_named_as_such(desk: Desk) -> None:
    mail = await held(desk, SUE, OWNER, rule="premature-ask", raw=raw_mail())
    assert [r["own"] for r in (await do(desk, "held.show", id=mail.id))["recipients"]] == [False, True]
