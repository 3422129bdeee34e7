"""Answer times: by the exchanges that make a tie, in seconds, each side's own."""

from datetime import UTC, datetime, timedelta

from models.letter import Letter, short_hash
from proxy.history.rhythm import Correspondence, Rhythm

ANN, VERA = "ann@quay.example", "vera@holm.example"
START = datetime(2024, 5, 1, tzinfo=UTC)


def _letter(number: int, hours: float, sender: str, *to: str, answers: int = 0, **more: object) -> Letter:
    values = {
        "fingerprint": number,
        "message_id": None,
        "date": START + timedelta(hours=hours),
        "sender": sender,
        "to": to,
        "outgoing": sender == ANN,
        "id": short_hash(f"{number}"),
        "refs": (short_hash(f"{answers}"),) if answers else (),
        "reply": bool(answers),
        **more,
    }
    return Letter.model_validate(values)


def _rhythm(*letters: Letter) -> Rhythm:
    found = Correspondence()
    for letter in letters:
        found.add(letter)
    return found.rhythm()


def test_each_answer_counts_for_the_side_that_gave_it() -> None:
    assert _rhythm(
        _letter(1, 0, VERA, ANN),
        _letter(2, 1, ANN, VERA, answers=1),
        _letter(3, 24, VERA, ANN, answers=2),
        _letter(4, 30, ANN, "olaf@reef.example"),
    ) == Rhythm(own=(3600,), others=(23 * 3600,))


def test_a_letter_to_two_is_answered_by_each() -> None:
    assert _rhythm(
        _letter(1, 0, ANN, VERA, "olaf@reef.example"),
        _letter(2, 2, "olaf@reef.example", ANN, answers=1),
        _letter(3, 1, VERA, ANN, answers=1),
    ) == Rhythm(own=(), others=(3600, 7200))


def test_machines_and_letters_with_a_made_up_date_answer_nobody() -> None:
    assert _rhythm(
        _letter(1, 0, ANN, VERA),
        _letter(2, 1, VERA, ANN, answers=1, personal=False),
        _letter(3, 2, ANN, VERA, answers=2, reconstructed=True),
    ) == Rhythm((), ())
