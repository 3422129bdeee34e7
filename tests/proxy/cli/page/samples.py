"""A mailbox of half a year for the page's tests, its figures counted by hand, its names hostile."""

from pathlib import Path

from tests.proxy.cli.commands import coldask
from tests.proxy.cli.mailbox_samples import ANN, COLD, PREMATURE, letter

HOSTILE_NAME = '"<script>alert(1)</script>" <evil@dunnleads.example>'
HOSTILE_SUBJECT = "</title></style><img src=x onerror=alert(2)> \u202egnp.exe & 'quoted'"


def half_a_year(path: Path) -> Path:
    """18 mails: 9 of a friendship (6 answers), 2 cold, 1 premature, 3 mailings, 1 colleague, 1 copy, 1 stray."""
    vera = "Vera Holm <vera@holm.example>"
    mails = [
        letter(vera, ANN, 1, 1, "Boat"),
        letter(ANN, vera, 1, 2, "Re: Boat", 1, hour=11),  # own: 1 h
        letter(vera, ANN, 2, 3, "Re: Boat", 2),  # theirs: 23 h
        letter(ANN, vera, 2, 4, "Re: Boat", 3, hour=13),  # own: 3 h
        letter(ANN, vera, 20, 5, "Sail"),
        letter(vera, ANN, 20, 6, "Re: Sail", 5, hour=12),  # theirs: 2 h
        _in_month(letter(vera, ANN, 9, 7, "Rope"), "Aug"),
        _in_month(letter(ANN, vera, 10, 8, "Re: Rope", 7), "Aug"),  # own: 24 h
        _in_month(letter(vera, ANN, 10, 9, "Re: Rope", 8, hour=14), "Aug"),  # theirs: 4 h
        COLD,
        COLD,
        PREMATURE.replace(b"Vera Holm <vera@holm.example>", b"Sue Berg <sue@fjord.example>"),
        _hostile(),
        *(_mailing(month, number) for number, month in enumerate(("May", "Jun", "Oct"), 20)),
        _in_month(letter("Cole <cole@quay.example>", ANN, 3, 30, "Minutes"), "Sep"),
        letter("old@clock.example", ANN, 1, 31, "Old").replace(b"May 2024", b"May 1974"),
    ]
    path.write_bytes(b"".join(b"From x Mon Jan  1 10:00:00 2024\n" + mail + b"\n" for mail in mails))
    return path


def page_of(home: Path, *more: str | Path) -> str:
    """The page that `coldask replay` writes of it."""
    page = home / "page.html"
    run = coldask("replay", half_a_year(home / "box"), "--owner", ANN, "--html", page, *more, home=home)
    assert run.returncode == 0, run.stderr
    return page.read_text("utf-8")


def _in_month(mail: bytes, month: str) -> bytes:
    return mail.replace(b" May 2024", f" {month} 2024".encode())


def _mailing(month: str, number: int) -> bytes:
    mail = letter("Harbour News <news@harbour.example>", ANN, 7, number, "Tides")
    return _in_month(mail.replace(b"Subject", b"Precedence: bulk\nSubject"), month)


def _hostile() -> bytes:
    text = COLD.decode().replace("Rex Dunn <rex@dunnleads.example>", HOSTILE_NAME)
    text = (
        text.replace("quick question", HOSTILE_SUBJECT).replace("<cold@", "<evil@").replace("3 Jun", "8 Jul")
    )
    return text.replace("Mon, ", "").replace("Rex Dunn\n", "").encode()
