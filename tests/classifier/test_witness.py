"""What history keeps of a mail, and that it keeps no text."""

from datetime import UTC, datetime

import pytest

from classifier.reading.read import read_headers, read_mail
from classifier.witness import MAX_REFS, bare_subject, witness
from models.finding import Ask
from models.letter import EventKind, Help, Letter, short_hash
from models.past import Owner

OWNER = Owner(addresses=frozenset({"ines@quarry.example"}))
STAND_IN = datetime(2001, 1, 1, tzinfo=UTC)


def seen(headers: str, body: str = "Good day.", *, header_only: bool = False) -> Letter:
    raw = (headers.strip() + "\n\n" + body + "\n").encode()
    return witness((read_headers if header_only else read_mail)(raw), OWNER, stand_in=STAND_IN)


BASE = """From: Mira Lund <Mira+news@Lund.example>
To: Ines <ines@quarry.example>, paul@okoye.example
Cc: zoe@kite.example
Subject: Re: [crew] slate
Date: Tue, 2 Apr 2024 10:00:00 +0200
Message-ID: <m1@lund.example>
In-Reply-To: <q1@quarry.example>
References: <q0@quarry.example> <q1@quarry.example>
"""


def test_who_when_and_in_which_thread() -> None:
    letter = seen(BASE)
    assert letter.sender == "mira@lund.example"
    assert letter.to == ("ines@quarry.example", "paul@okoye.example")
    assert letter.cc == ("zoe@kite.example",)
    assert letter.date == datetime(2024, 4, 2, 8, tzinfo=UTC)
    assert letter.refs == (short_hash("<q0@quarry.example>"), short_hash("<q1@quarry.example>"))
    assert letter.subject == short_hash("slate")
    assert (letter.outgoing, letter.to_owner, letter.reply, letter.personal, letter.dated) == (
        False, True, True, True, True,
    )  # fmt: skip


def test_no_text_is_kept_but_short_quotes() -> None:
    shown = seen(BASE, "The slate is thin this year and the roof wide.").model_dump_json()
    assert "slate" not in shown and "roof" not in shown


def test_the_owners_own_mail_keeps_blind_recipients() -> None:
    letter = seen(
        "From: ines@quarry.example\nTo: a@x.example\nBcc: b@x.example\nDate: Tue, 2 Apr 2024 10:00:00 +0200"
    )
    assert letter.outgoing
    assert letter.recipients == ("a@x.example", "b@x.example")


def test_a_lost_letter_is_believed_of_the_owner_only() -> None:
    mark = "To: a@x.example\nX-Reconstructed: yes"
    assert seen(f"From: ines@quarry.example\n{mark}").reconstructed
    assert not seen(f"From: evil@x.example\n{mark}").reconstructed


def test_two_authors_of_whom_one_is_the_owner_are_not_the_owner() -> None:
    assert not seen("From: ines@quarry.example, evil@x.example\nTo: a@x.example").outgoing


def test_without_a_date_the_last_server_s_counts_else_the_stand_in() -> None:
    dateless = "From: a@x.example\nTo: ines@quarry.example\n"
    received = "Received: from a by b; Wed, 3 Apr 2024 11:00:00 +0000\n"
    assert seen(received + dateless).date == datetime(2024, 4, 3, 11, tzinfo=UTC)
    assert seen(dateless).date == STAND_IN
    assert not seen(dateless).dated


def test_another_address_for_answers_is_kept() -> None:
    assert seen(BASE + "Reply-To: desk@lund.example").reply_to == "desk@lund.example"
    assert seen(BASE + "Reply-To: mira@lund.example").reply_to == ""


def test_a_long_chain_keeps_its_first_and_nearest_ids() -> None:
    chain = " ".join(f"<{i}@x.example>" for i in range(40))
    refs = seen(f"From: a@x.example\nReferences: {chain}\nIn-Reply-To: <39@x.example>").refs
    assert len(refs) == MAX_REFS
    assert refs[0] == short_hash("<0@x.example>")
    assert refs[-1] == short_hash("<39@x.example>")


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: AW: Fwd: Boat", "boat"),
        ("RE[2]: Boat", "boat"),
        ("[list] Re: [list] Boat", "boat"),
        ("  Boat  trip ", "boat trip"),
        ("Antwort: Boat", "boat"),
        ("回复：Boat", "boat"),
        ("Re: Ferry (was: Boat)", "boat"),
        ("What the boat (old) was", "what the boat (old) was"),
        ("Re:", ""),
        ("Resume", "resume"),
        ("", ""),
    ],
)
def test_the_subject_a_thread_shares(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


def kinds(letter: Letter) -> set[EventKind]:
    return {event.kind for event in letter.events}


def test_an_introduction_is_an_event_about_the_introduced() -> None:
    letter = seen(
        BASE.replace("Re: [crew] slate", "hello").replace("paul@", "Paul Okoye <paul@"), "Ines, meet Paul."
    )
    assert [e.people for e in letter.events if e.kind is EventKind.INTRODUCTION] == [("paul@okoye.example",)]


def test_a_refusal_is_an_event() -> None:
    letter = seen("From: ines@quarry.example\nTo: a@x.example", "We are not interested.")
    assert EventKind.REFUSAL in kinds(letter)


def test_bulk_mail_and_bare_headers_give_no_events() -> None:
    assert (
        seen(BASE + "List-Id: <crew.lund.example>\nPrecedence: list", "We are not interested.").events == ()
    )
    assert seen(BASE, "We are not interested.", header_only=True).events == ()
    assert not seen(BASE + "Precedence: bulk").personal


def test_header_and_whole_mail_are_one_letter() -> None:
    whole, header = seen(BASE), seen(BASE, header_only=True)
    assert whole.fingerprint == header.fingerprint
    assert whole.model_copy(update={"events": (), "whole": False}) == header


def test_nothing_is_too_broken_to_witness() -> None:
    for raw in (
        b"",
        b"\x00\xff\xfe",
        b"From:",
        b"From: <>\nDate: never\n\n",
        b"To: " + b"a@x.example," * 3000,
    ):
        letter = witness(read_mail(raw), OWNER, stand_in=STAND_IN)
        assert letter.date == STAND_IN


def test_help_is_kept_where_it_comes_in_and_thanks_where_they_go_out() -> None:
    given = seen(BASE, "You should talk to Petra Lund at the mill, she buys flour. Say I sent you.")
    (help_,) = (e for e in given.events if e.kind is EventKind.HELP)
    assert (help_.help, help_.firm) == (Help.NAMES, True)
    mine = "From: ines@quarry.example\nTo: mira@lund.example\nDate: Tue, 2 Apr 2024 10:00:00 +0200"
    told = seen(mine, "Thank you for the tip. I met Petra yesterday and she bought the lot.")
    assert {EventKind.THANKS, EventKind.REPORT} <= {e.kind for e in told.events}
    assert not [e for e in given.events if e.kind in (EventKind.THANKS, EventKind.REPORT)]
    assert not [e for e in told.events if e.kind is EventKind.HELP]


@pytest.mark.parametrize(
    "text",
    ["Just bumping this up. Did you see my last mail?", "I have not heard back from you since Monday."],
)
def test_a_reminder_of_the_owners_is_an_ask_without_a_kind(text: str) -> None:
    mine = seen("From: ines@quarry.example\nTo: bo@x.example\nSubject: Re: Rope", text)
    assert [e.asks for e in mine.events if e.kind is EventKind.ASK] == [()]
    theirs = seen("From: bo@x.example\nTo: ines@quarry.example\nSubject: Re: Rope", text)
    assert all(e.asks for e in theirs.events if e.kind is EventKind.ASK)


@pytest.mark.parametrize(
    ("headers", "text", "kinds"),
    [
        ("To: bo@x.example\nSubject: Rope", "Bo, is there a loft in your yard that stands empty?", [()]),
        ("To: bo@x.example\nSubject: Re: Rope", "Is there a loft in your yard that stands empty?", []),
        ("To: bo@x.example, al@y.example\nSubject: Rope", "Is there a loft that stands empty?", []),
        ("To: bo@x.example\nSubject: Rope", "Bo, thank you for the rope. It holds.", []),
    ],
)
def test_a_question_to_one_person_waits_for_an_answer(
    headers: str, text: str, kinds: list[tuple[Ask, ...]]
) -> None:
    mine = seen(f"From: ines@quarry.example\n{headers}", text)
    assert [e.asks for e in mine.events if e.kind is EventKind.ASK] == kinds
