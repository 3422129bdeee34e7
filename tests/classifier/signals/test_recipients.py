"""Role mailboxes, lists, blind recipients, and whom an ask addresses."""

import pytest

from classifier.signals.recipients import addressed, blind, is_list, role_of, takes_applications, there_for
from models.address import Mailbox
from models.finding import Ask, AskSpan
from models.mail import Envelope, Mail, Zone, ZoneKind
from models.past import Owner

OWNER = Owner(addresses=frozenset({"ann@hartley.example"}), internal_domains=frozenset({"hartley.example"}))
JOE = Mailbox(name="Joe Hill", address="Joe@friend.example")
KARL = Mailbox(name="Karl Brandt", address="karl@brandt.example")
TOM = Mailbox(name="Tom", address="tom@hartley.example")


def put(
    text: str, to: tuple[Mailbox, ...], cc: tuple[Mailbox, ...] = (), hidden: tuple[str, ...] = ()
) -> tuple[str, ...]:
    mail = Mail(to=to, cc=cc, text=text, zones=(Zone(kind=ZoneKind.OWN, start=0, end=len(text)),))
    envelope = Envelope(sender="ann@hartley.example", recipients=(*(m.address for m in (*to, *cc)), *hidden))
    start = text.index("could")
    span = AskSpan(ask=Ask.INTRODUCTION, certainty=0.9, quote=text[start:], start=start, end=len(text))
    return addressed(mail, envelope, OWNER, span)


@pytest.mark.parametrize(
    ("text", "to", "cc", "people"),
    [
        ("could you introduce me?", (JOE, KARL), (), ("joe@friend.example", "karl@brandt.example")),
        ("could you introduce me?", (JOE,), (KARL,), ("joe@friend.example",)),
        ("could you introduce me?", (TOM,), (KARL,), ("tom@hartley.example", "karl@brandt.example")),
        ("could you introduce me?", (), (KARL,), ("karl@brandt.example",)),
        ("Hi Karl,\n\ncould you introduce me?", (JOE, KARL), (), ("karl@brandt.example",)),
        ("Dear Joe and Karl,\n\ncould you introduce me?", (JOE, KARL), (),
         ("joe@friend.example", "karl@brandt.example")),
        ("Joe, it rains here. could you introduce me?", (JOE, KARL), (), ("joe@friend.example",)),
    ],
)  # fmt: skip
def test_whom_an_ask_addresses(
    text: str, to: tuple[Mailbox, ...], cc: tuple[Mailbox, ...], people: tuple[str, ...]
) -> None:
    assert put(text, to, cc) == people


def test_blind_recipients_are_always_asked() -> None:
    assert put("Hi Joe,\n\ncould you?", (JOE,), hidden=("Eve@x.example", "ann@hartley.example")) == (
        "joe@friend.example",
        "eve@x.example",
    )


def test_blind_is_who_stands_in_neither_to_nor_cc_once() -> None:
    mail = Mail(to=(JOE,), cc=(KARL,))
    envelope = Envelope(
        sender="a@b.example",
        recipients=("joe@friend.example", "KARL+shop@brandt.example", "Eve@x.example", "eve@X.example"),
    )
    assert blind(mail, envelope) == ("eve@x.example",)


@pytest.mark.parametrize(
    ("address", "role"),
    [
        ("jobs@x.example", "jobs"),
        ("uk.careers@x.example", "jobs"),
        ("casting@x.example", "jobs"),
        ("Info@x.example", "office"),
        ("sales-team@x.example", "sales"),
        ("hello@x.example", "office"),
        ("karl@x.example", None),
        ("mary.hello@x.example", None),
        ("joe.press@x.example", "press"),
        ("vacatures@x.example", "jobs"),
        ("personal@x.example", None),
        ("joe.personal@x.example", None),
        ("entries@x.example", "submissions"),
        ("poetry-submissions@x.example", "submissions"),
        ("bursaries@x.example", "giving"),
    ],
)
def test_roles(address: str, role: str | None) -> None:
    assert role_of(address) == role


def test_what_roles_are_there_for() -> None:
    assert there_for("jobs@x.example", Ask.JOB)
    assert not there_for("jobs@x.example", Ask.BUSINESS)
    assert not there_for("hello@x.example", Ask.ADVICE)
    assert there_for("submissions@x.example", Ask.TESTIMONIAL)
    assert not there_for("submissions@x.example", Ask.INTRODUCTION)
    assert not there_for("editor@x.example", Ask.BUSINESS)
    assert takes_applications("bursaries@x.example")
    assert not takes_applications("sales@x.example")
    assert takes_applications("771@brandt.teamtailor.example")
    assert not takes_applications("karl@brandt.example")


@pytest.mark.parametrize("address", ["plots@lists.x.example", "choir-list@x.example", "a@googlegroups.com"])
def test_lists_are_nobody(address: str) -> None:
    assert is_list(address)


def test_a_person_is_no_list() -> None:
    assert not is_list("alice.lister@x.example")
    assert not is_list("maria.l@x.example")
