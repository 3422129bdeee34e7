"""Judging outgoing mail: exemptions, doubt, other languages, the mail's own permission."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from classifier.hearing.ear import Ear, Place, Scores
from classifier.judge import outgoing
from classifier.judge.outgoing import judge_outgoing
from classifier.reading.read import read_mail
from classifier.rulebook import Rule, documentation, rules
from models.errors import UsageError
from models.finding import Ask, Effect, Remark
from models.mail import Envelope, Mail
from models.past import Owner, Past, Relation, Tie
from models.verdict import OutgoingVerdict

PAST = Past(
    now=datetime(2024, 5, 14, tzinfo=UTC),
    owner=Owner(
        addresses=frozenset({"ann@hartley.example"}), internal_domains=frozenset({"hartley.example"})
    ),
    relations={"joe@friend.example": Relation(tie=Tie.ESTABLISHED, facts=("you exchanged 9 mails",))},
)
ASK = (
    "Dear Karl,\n\nI tune organs in Leith, and read your piece on reeds. Could you introduce me to Mr. Weber?"
)


def judged(
    body: str = ASK,
    to: str = "Karl Brandt <Karl@Brandt.example>",
    headers: str = "",
    subject: str = "Weber",
    past: Past = PAST,
    overrides: dict[str, Effect] | None = None,
    ear: Ear | None = None,
) -> OutgoingVerdict:
    text = f"From: Ann <ann@hartley.example>\nTo: {to}\nSubject: {subject}\n{headers}"
    if "Content-Type" not in headers:
        text += "Content-Type: text/plain; charset=utf-8\n"
    mail = read_mail(f"{text}\n{body}\n".replace("\n", "\r\n").encode())
    envelope = Envelope(sender="ann@hartley.example", recipients=tuple(m.address for m in mail.to))
    return judge_outgoing(mail, envelope, past, overrides, ear)


class Keen:
    """Hears every sentence ask for an introduction so surely, and says it is the ear of this name."""

    def __init__(self, name: str, *, asks: float = 6.0, cold: float = 6.0) -> None:
        self.name = name
        self._asks, self._cold = asks, cold

    def scores(self, subject: str, text: str, sentences: Sequence[Place]) -> Scores:
        kinds = [6.0 if kind is Ask.INTRODUCTION else -6.0 for kind in Ask]
        return Scores(self.name, self._cold, [[self._asks, *kinds] for _ in sentences])


@pytest.mark.parametrize(("name", "disposition"), [("encoder", "hold"), ("core", "warn")])
def test_one_sentence_in_which_the_core_alone_hears_an_ask_holds_nothing(name: str, disposition: str) -> None:
    oblique = "Mr. Weber opens no letter that does not come from somebody he knows."
    assert judged(oblique, ear=Keen(name)).disposition == disposition


@pytest.mark.parametrize(("cold", "disposition"), [(12.0, "warn"), (4.0, "pass")])
def test_an_answer_that_is_cold_all_through_is_a_warning(cold: float, disposition: str) -> None:
    """What is asked in it is hardly an ask by itself, and answers talk of what they answer."""
    oblique = "Your evening on Thursday is full of people who buy for hotels. My name fell there once."
    ear = Keen("encoder", asks=0.4, cold=cold)
    assert judged(oblique, subject="Re: Thursday", ear=ear).disposition == disposition


def test_a_hold_says_what_of_whom_and_why() -> None:
    verdict = judged()
    assert verdict.disposition == "hold"
    (finding,) = verdict.findings
    assert finding.people == ("karl@brandt.example",)
    assert "Karl Brandt" in finding.message and "Could you introduce me to Mr. Weber?" in finding.message
    assert "no mail either way" in finding.message
    assert verdict.reason == finding.message
    assert set(verdict.ties) == {"karl@brandt.example"}


@pytest.mark.parametrize(
    ("headers", "to"),
    [
        ("Content-Type: text/calendar; method=REQUEST; charset=utf-8\n", "karl@brandt.example"),
        ("Auto-Submitted: auto-replied\n", "karl@brandt.example"),
        ("Content-Type: multipart/report; boundary=b; report-type=delivery-status\n", "karl@brandt.example"),
        ("", "ann@hartley.example"),
        ("", "tom@hartley.example, ida@lab.hartley.example"),
    ],
)
def test_never_judged(headers: str, to: str) -> None:
    verdict = judged(to=to, headers=headers)
    assert (verdict.disposition, verdict.findings) == ("pass", ())
    assert verdict.reason and verdict.ties


def test_another_language_is_judged_by_structure_and_says_so() -> None:
    german = "Sehr geehrter Herr Brandt,\n\nkönnten Sie mich bitte Herrn Weber vorstellen? Mit besten Grüßen"
    verdict = judged(german)
    assert verdict.disposition == "pass"
    assert "not in English" in verdict.reason
    verdict = judged(german.replace("Brandt", "[Nachname]"))
    assert [f.rule for f in verdict.findings] == ["leftover-placeholder"]
    assert "not in English" in verdict.reason


def test_without_a_history_relationships_are_noted_only() -> None:
    past = PAST.model_copy(update={"ready": False})
    verdict = judged(past=past)
    assert verdict.disposition == "note"
    assert "history" in verdict.reason
    assert judged("Hi {{first_name}}, it rains.", past=past).disposition == "hold"


def test_unreadable_mail_is_noted() -> None:
    mail = Mail(unreadable="too many parts")
    verdict = judge_outgoing(mail, Envelope(sender="ann@hartley.example", recipients=("k@b.example",)), PAST)
    assert verdict.disposition == "note"
    assert [f.rule for f in verdict.findings] == ["unreadable"]


@pytest.mark.parametrize(
    ("subject", "headers", "disposition", "unused"),
    [
        ("Weber [send anyway]", "", "note", False),
        ("Weber [ Send  Anyway ]", "", "note", False),
        ("Weber", "X-Coldask-Allow: premature-ask (he told me to)\n", "note", False),
        ("Weber", "X-Coldask-Allow: Premature-Ask\n", "note", False),
        ("Weber", "X-Coldask-Allow: blind-blast, premature-ask\n", "note", True),
        ("Weber", "X-Coldask-Allow: blind-blast\n", "hold", True),
        ("send anyway", "", "hold", False),
    ],
)
def test_the_mails_own_permission(subject: str, headers: str, disposition: str, unused: bool) -> None:
    verdict = judged(subject=subject, headers=headers)
    assert verdict.disposition == disposition
    found = {f.rule for f in verdict.findings} & {"premature-ask", "unused-allow"}
    assert found == {"premature-ask", *(["unused-allow"] if unused else [])}


def test_the_users_word_for_a_rule() -> None:
    assert judged(overrides={"premature-ask": Effect.OFF}).disposition == "pass"
    assert judged(overrides={"premature-ask": Effect.WARN}).disposition == "warn"


def test_a_failing_rule_is_a_note_and_the_others_still_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(mail: Mail, envelope: Envelope, past: Past) -> Iterator[Remark]:
        raise ZeroDivisionError
        yield

    shaky = Rule(name="shaky", check=broken, page="", structural=True)
    monkeypatch.setattr(outgoing, "rules", lambda: (shaky, *rules()))
    verdict = judged()
    assert verdict.disposition == "hold"
    noted = [f for f in verdict.findings if f.rule == "shaky"]
    assert [f.effect for f in noted] == [Effect.NOTE]
    assert "could not judge" in noted[0].message


def test_an_ask_is_put_to_those_it_addresses() -> None:
    both = "Joe Hill <joe@friend.example>, Karl Brandt <karl@brandt.example>"
    assert judged("Hi Joe,\n\ncould you introduce me to Mr. Weber?", to=both).disposition == "pass"
    verdict = judged("Hi Joe, hi Karl,\n\ncould one of you introduce me to Mr. Weber?", to=both)
    assert [f.people for f in verdict.findings] == [("karl@brandt.example",)]


def test_documentation() -> None:
    for rule in rules():
        assert documentation(rule.name).startswith(rule.summary)
    with pytest.raises(UsageError, match="premature-ask"):
        documentation("no-such-rule")


class Uneasy:
    """Hears a cold letter, and something of business in each of its sentences."""

    name = "encoder"

    def scores(self, subject: str, text: str, sentences: Sequence[Place]) -> Scores:
        kinds = [2.0 if kind is Ask.BUSINESS else -6.0 for kind in Ask]
        return Scores(self.name, 9.0, [[3.0, *kinds] for _ in sentences])


@pytest.mark.parametrize(
    ("subject", "disposition"),
    [("Thursday's volumes", "hold"), ("RE: Thursday's volumes", "warn"), ("FW: volumes", "warn")],
)
def test_who_answers_or_sends_on_is_heard_sentence_by_sentence(subject: str, disposition: str) -> None:
    """The letter answered may not be in history; how cold the answer sounds then says nothing."""
    body = "We take the volumes off the north line before Thursday, and book the rest in the west."
    if subject.startswith("FW"):
        body += "\n\n-----Original Message-----\nFrom: Max\nSent: Monday\nTo: Ann\nSubject: volumes\n\nSee here.\n"
    assert judged(body, subject=subject, ear=Uneasy()).disposition == disposition
