"""Coldask's own words: ASCII, short, whole sentences, id and next step last."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from models.finding import Ask, Effect, Finding
from models.held import HeldMail, HeldRecipient, State
from models.verdict import Disposition, OutgoingVerdict
from proxy.outgoing.replies import Reply, kept, plain, reply, unknown_sender, unsure


def held(state: State = State.HELD) -> HeldMail:
    return HeldMail(
        id="h7k2",
        account="work",
        sender="ann@example.org",
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        subject="s",
        message_id=None,
        recipients=(HeldRecipient(address="bob@other.example", state=state),),
        verdict=verdict(),
    )


def verdict(*findings: Finding) -> OutgoingVerdict:
    return OutgoingVerdict(disposition=Disposition.HOLD, findings=findings, reason="because")


def finding(message: str, rule: str = "blind-blast", **more: object) -> Finding:
    return Finding.model_validate(
        {"rule": rule, "effect": Effect.HOLD, "certainty": 0.9, "message": message, **more}
    )


def test_a_short_message_is_said_as_it_is() -> None:
    answer = kept(held(), verdict(finding("Sue has never written to you. Write to her first.")))
    assert answer.wire() == (
        b"554-5.7.1 Sue has never written to you.\r\n554 5.7.1 Kept as h7k2: coldask held show h7k2\r\n"
    )


def test_a_title_ends_no_sentence() -> None:
    answer = kept(held(), verdict(finding("Dr. Sue B. Lee has never written to you. Wait.")))
    assert answer.lines[0] == "5.7.1 Dr. Sue B. Lee has never written to you."


def test_a_long_message_gives_way_to_a_short_sentence() -> None:
    long = "This goes blind to 41 people, and nearly all of them have never exchanged a single mail with you."
    answer = kept(held(), verdict(finding(long, people=("a@x.example", "b@x.example"))))
    assert answer.lines[0] == "5.7.1 You send it blind to 2 people who do not know you."
    early = finding(long, "premature-ask", people=("sue@corp.example",), ask=Ask.INTRODUCTION)
    assert kept(held(), verdict(early)).lines[0] == (
        "5.7.1 It is too early to ask sue@corp.example for an introduction."
    )
    other = finding(long, "some-rule-of-tomorrow")
    assert kept(held(), verdict(other)).lines[0] == "5.7.1 Rule some-rule-of-tomorrow holds it for them."


def test_what_only_warns_is_not_said_beside_what_holds() -> None:
    warning = finding("A warning.").model_copy(update={"effect": Effect.WARN})
    answer = kept(held(), verdict(warning, finding("A hold."), finding("A hold."), finding("Another.")))
    assert answer.lines[:-1] == ("5.7.1 A hold.", "5.7.1 Another.")


@given(
    st.lists(
        st.tuples(
            st.text(max_size=200),
            st.sampled_from(
                ["blind-blast", "premature-ask", "early-resume", "leftover-placeholder", "x" * 40]
            ),
            st.lists(st.text(min_size=1, max_size=80), max_size=3),
            st.none() | st.sampled_from(list(Ask)),
        ),
        max_size=6,
    )
)
def test_every_refusal_fits_a_mail_client(found: list[tuple[str, str, list[str], Ask | None]]) -> None:
    findings = [finding(text, rule, people=tuple(people), ask=ask) for text, rule, people, ask in found]
    lines = kept(held(), verdict(*findings)).wire().decode("ascii").split("\r\n")
    assert lines.pop() == ""
    assert 2 <= len(lines) <= 4
    for number, line in enumerate(lines, 1):
        assert len(line) <= 75 and line.isprintable()
        assert line.startswith("554 5.7.1 " if number == len(lines) else "554-5.7.1 ")
    assert lines[-1] == "554 5.7.1 Kept as h7k2: coldask held show h7k2" and len(lines[-1]) < 50
    assert all(line.endswith((".", "!", "?")) for line in lines[:-1])


def test_unsure() -> None:
    assert "may have gone" in unsure(held(State.UNSURE)).lines[0]
    assert "released right now" in unsure(held(State.RELEASING)).lines[0]
    assert unsure(held(State.UNSURE)).lines[-1].endswith("coldask held show h7k2")


def test_unknown_sender_names_what_is_known() -> None:
    many = [f"person{i}@example.org" for i in range(100)]
    answer = unknown_sender("x@y.example", many)
    assert answer.code == 553 and "x@y.example" in answer.lines[0]
    assert "person0@example.org" in answer.lines[1] and len(answer.lines[1]) < 230


def test_plain() -> None:
    assert plain("Ünïcode “quoted”\r\n — ☃ ß…") == 'Unicode "quoted" - ? ss...'
    assert plain("\x1b]52;c\x07") == "?]52;c?"


def test_a_reply_reads_as_it_is_written() -> None:
    assert Reply(250, ("a", "b", "c")).wire() == b"250-a\r\n250-b\r\n250 c\r\n"
    assert str(Reply(550, ("5.1.1 no", "such user"))) == "550 5.1.1 no such user"
    assert reply(451, "4.3.0", "Later.").positive is False and reply(550, "5.0.0", "No.").permanent
