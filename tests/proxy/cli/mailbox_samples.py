"""Small mailboxes for the tests of the commands: invented people, invented letters."""

from pathlib import Path

ANN = "ann@quay.example"

COLD = b"""From: Rex Dunn <rex@dunnleads.example>
To: ann@quay.example
Subject: quick question
Date: Mon, 3 Jun 2024 10:00:00 +0000
Message-ID: <cold@dunnleads.example>

Hi Ann,

we built a tool that fills your calendar with new customers. Could you introduce me to the person
who decides about sales software at your firm? I would also like to book a call with you this week.

Rex Dunn
"""

PREMATURE = b"""From: Ann <ann@quay.example>
To: Vera Holm <vera@holm.example>
Subject: your brother
Date: Mon, 3 Jun 2024 10:00:00 +0000
Message-ID: <mine@quay.example>

Dear Ms Holm,

we have never met. Could you introduce me to your brother at Fjord Bank? I would like to sell him my software.

Ann
"""


def letter(
    sender: str, to: str, day: int, number: int, subject: str, answers: int | None = None, *, hour: int = 10
) -> bytes:
    """One mail of May 2024."""
    reply = f"In-Reply-To: <{answers}@test.example>\n" if answers is not None else ""
    return (
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: {day} May 2024 {hour}:00:00 +0000\n"
        f"Message-ID: <{number}@test.example>\n{reply}\nSee you there.\n"
    ).encode()


def mbox(path: Path, *mails: bytes) -> Path:
    """Write an mbox."""
    path.write_bytes(b"".join(b"From x Mon Jan  1 10:00:00 2024\n" + mail + b"\n" for mail in mails))
    return path


def friendship(path: Path) -> Path:
    """Ann and Vera wrote to each other in two threads over a month; Olaf never answered."""
    vera = "Vera Holm <vera@holm.example>"
    return mbox(
        path,
        letter(vera, ANN, 1, 1, "Boat"),
        letter(ANN, vera, 1, 2, "Re: Boat", 1, hour=11),
        letter(vera, ANN, 2, 3, "Re: Boat", 2),
        letter(ANN, "Olaf <olaf@reef.example>", 3, 4, "Ropes"),
        letter(ANN, vera, 31, 5, "Sail"),
        letter(vera, ANN, 31, 6, "Re: Sail", 5, hour=12),
    )
