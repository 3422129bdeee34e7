"""Letters for the tests of the store: one line each."""

import itertools
from datetime import UTC, datetime, timedelta

from models.letter import Letter, short_hash
from models.past import Owner

ANN = "ann@quay.example"
OWNER = Owner(addresses=frozenset({ANN}))
NOW = datetime(2024, 6, 1, tzinfo=UTC)
_number = itertools.count(1)


def letter(
    days_ago: float, sender: str, to: str, *, name: str = "", answers: Letter | None = None, **more: object
) -> Letter:
    number = next(_number)
    other = to if sender == ANN else sender
    return Letter.model_validate(
        {
            "fingerprint": number,
            "message_id": f"<{number}@test.example>",
            "date": NOW - timedelta(days=days_ago),
            "sender": sender,
            "to": (to,),
            "names": {other: name} if name else {},
            "outgoing": sender == ANN,
            "id": short_hash(f"<{number}@test.example>"),
            "refs": (answers.id,) if answers else (),
            "reply": answers is not None,
            **more,
        }
    )
