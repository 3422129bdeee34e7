"""Held mail: what is kept of it, and the one table of moves its recipients can make."""

from datetime import datetime
from enum import StrEnum

from models.verdict import OutgoingVerdict
from models.word import Word


class State(StrEnum):
    """Where one recipient's copy stands."""

    HELD = "held"
    RELEASING = "releasing"  # claimed by a release under way
    RELEASED = "released"
    UNSURE = "unsure"  # the provider's final answer was lost: it may have gone
    DROPPED = "dropped"
    SUPERSEDED = "superseded"  # a corrected mail went instead
    EXPIRED = "expired"


class Move(StrEnum):
    """What can happen to a recipient's copy."""

    CLAIM = "claim"
    SENT = "sent"
    REFUSED = "refused"
    LOST = "lost"
    DROP = "drop"
    UNDO = "undo"
    SUPERSEDE = "supersede"
    EXPIRE = "expire"


# (state, move) -> state. Nothing else is possible; the docs' diagram is drawn from this table.
MOVES: dict[tuple[State, Move], State] = {
    (State.HELD, Move.CLAIM): State.RELEASING,
    (State.RELEASING, Move.SENT): State.RELEASED,
    (State.RELEASING, Move.REFUSED): State.HELD,
    (State.RELEASING, Move.LOST): State.UNSURE,
    (State.HELD, Move.DROP): State.DROPPED,
    (State.DROPPED, Move.UNDO): State.HELD,
    (State.HELD, Move.SUPERSEDE): State.SUPERSEDED,
    (State.HELD, Move.EXPIRE): State.EXPIRED,
    # The user decides: what may have gone is sent again or let be; what was replaced goes after all.
    (State.UNSURE, Move.CLAIM): State.RELEASING,
    (State.UNSURE, Move.DROP): State.DROPPED,
    (State.SUPERSEDED, Move.CLAIM): State.RELEASING,
    (State.SUPERSEDED, Move.DROP): State.DROPPED,
    (State.SUPERSEDED, Move.EXPIRE): State.EXPIRED,
}


def diagram() -> str:
    """The table as a Mermaid state diagram, for the docs."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.HELD}"]
    lines += [f"    {state} --> {after}: {move}" for (state, move), after in MOVES.items()]
    last = [state for state in State if not any(before is state for before, _ in MOVES)]
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in last)]) + "\n"


class HeldRecipient(Word):
    """One envelope recipient of a held mail."""

    address: str  # as the client wrote it
    state: State = State.HELD
    blind: bool = False  # not in To or Cc
    reply: str = ""  # the provider's last words about this recipient, else why there were none
    maybe_sent: bool = False  # an earlier release lost the provider's answer


class HeldMail(Word):
    """A held mail without its bytes. `id` is short and typed by hand."""

    id: str
    account: str
    sender: str  # the envelope's
    received_at: datetime
    subject: str
    message_id: str | None
    recipients: tuple[HeldRecipient, ...]
    verdict: OutgoingVerdict
    submitted: int = 1  # how often a client handed it in
    narrowed: bool = False  # released to some of its recipients only, or edited, by the user's word
    released_at: datetime | None = None  # all recipients have it
    resent_at: datetime | None = None  # a client sent it again after the release: answered, not sent
    superseded_at: datetime | None = None  # a corrected mail went; asked about before a release
    expired_at: datetime | None = None

    @property
    def state(self) -> State:
        """Derived: the state all recipients share, else the one that most needs the user."""
        states = {r.state for r in self.recipients}
        for state in (
            State.UNSURE,
            State.RELEASING,
            State.HELD,
            State.SUPERSEDED,
            State.EXPIRED,
            State.DROPPED,
        ):
            if state in states:
                return state
        return State.RELEASED

    @property
    def yet_to_get(self) -> tuple[str, ...]:
        """Whom a changed copy is for: who waits; where nobody does, who got a later mail instead."""
        for states in ((State.HELD, State.UNSURE), (State.SUPERSEDED,)):
            if people := tuple(r.address for r in self.recipients if r.state in states):
                return people
        return ()

    @property
    def reached_some(self) -> bool:
        """Some recipients have it, or may have it: sent anew to all, they would get it twice."""
        return any(r.state in (State.RELEASED, State.UNSURE) or r.maybe_sent for r in self.recipients)


class WarnedMail(Word):
    """A mail that went out with a warning (or, observed only, instead of being held). No text is kept."""

    id: str
    account: str
    sender: str
    at: datetime
    message_id: str | None
    recipients: tuple[str, ...]
    blind: tuple[str, ...] = ()
    verdict: OutgoingVerdict
