"""The table of moves: what leads where, and what leads nowhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.held import MOVES, HeldMail, HeldRecipient, Move, State, diagram
from tests.proxy.held_samples import NOW, OWNER, verdict


@given(st.lists(st.sampled_from(Move), max_size=12))
def test_whatever_happens_a_recipient_stays_in_the_table(moves: list[Move]) -> None:
    state, sent = State.HELD, 0
    for move in moves:
        after = MOVES.get((state, move))
        if after is None:
            continue
        if move is Move.SENT:
            assert state is State.RELEASING, "nothing is sent that was not claimed"
            sent += 1
        state = after
    assert sent <= 1, "released is final: nothing is sent a second time after a success"


def test_released_and_expired_are_the_only_ends() -> None:
    assert {s for s in State if not any(before is s for before, _ in MOVES)} == {
        State.RELEASED,
        State.EXPIRED,
    }


def test_what_may_have_gone_is_claimed_by_the_user_only() -> None:
    ways_out = {move for state, move in MOVES if state is State.UNSURE}
    assert ways_out == {Move.CLAIM, Move.DROP}


def test_the_diagram_shows_every_move_and_no_other() -> None:
    lines = diagram().splitlines()
    assert lines[0] == "stateDiagram-v2"
    arrows = {line.strip() for line in lines if ": " in line}
    assert arrows == {f"{before} --> {after}: {move}" for (before, move), after in MOVES.items()}
    assert "    [*] --> held" in lines
    assert "    released --> [*]" in lines


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ("released released", "released"),
        ("released held", "held"),
        ("held unsure released", "unsure"),
        ("dropped released", "dropped"),
        ("superseded dropped", "superseded"),
        ("releasing held", "releasing"),
    ],
)
def test_a_mail_stands_where_its_neediest_recipient_stands(states: str, whole: str) -> None:
    people = tuple(
        HeldRecipient(address=f"{i}@a.example", state=State(s)) for i, s in enumerate(states.split())
    )
    mail = HeldMail(
        id="k7qm",
        account="work",
        sender=OWNER,
        received_at=NOW,
        subject="",
        message_id=None,
        recipients=people,
        verdict=verdict(),
    )
    assert mail.state == whole
