"""Letters written for the rules on the letter itself: what their signals must hear, and where they must not.

A data file holds those that must be heard, those in which the same words are harmless, and those missed so far.
"""

import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from classifier.reading.read import read_mail
from classifier.signals.enclosures import find_target_list
from classifier.signals.prepared import find_forwarded, find_prepared
from classifier.signals.recommending import find_recommended
from classifier.signals.selves import me_first
from models.mail import Mail
from models.past import Owner

DATA = Path(__file__).parent / "data"
OWNER = Owner(addresses=frozenset({"ann@hartleytea.example"}))


def _is_form(mail: Mail) -> bool:
    return any(p and p.blank and p.referral for p in (find_prepared(mail), find_forwarded(mail)))


def _in_their_mouth(mail: Mail) -> bool:
    prepared = find_prepared(mail)
    return bool(prepared and prepared.voiced)


HEARD: dict[str, Callable[[Mail], bool]] = {
    "prepared": _in_their_mouth,
    "forms": _is_form,
    "targets": lambda mail: find_target_list(mail) is not None,
    "selves": lambda mail: me_first(mail) is not None,
    "recommending": lambda mail: any(r.thin for r in find_recommended(mail, OWNER)),
}


def letters(name: str, section: str) -> list[str]:
    whole = (DATA / f"{name}.txt").read_text("utf-8")
    return (
        whole.split(f"[{section}]\n")[1].split("\n[")[0].split("\n%%\n") if f"[{section}]\n" in whole else []
    )


def mail_of(letter: str) -> Mail:
    """The letter; after "@@" stands the name of what it carries."""
    text, _, attached = letter.partition("@@")
    message = EmailMessage()
    message["From"] = "Ann Hartley <ann@hartleytea.example>"
    message["To"] = "karl@brandt.example"
    message["Subject"] = "hello"
    message.set_content(text)
    if attached.strip():
        message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=attached.strip())
    return read_mail(message.as_bytes())


CASES = [(n, s, letter) for n in HEARD for s in ("fires", "silent") for letter in letters(n, s)]


@pytest.mark.parametrize(
    ("name", "section", "letter"), CASES, ids=[f"{n} {s}: {x[:40]}" for n, s, x in CASES]
)
def test_heard(name: str, section: str, letter: str) -> None:
    assert HEARD[name](mail_of(letter)) is (section == "fires")


def test_there_are_enough_of_them() -> None:
    for name in HEARD:
        assert len(letters(name, "fires")) > 10 and len(letters(name, "silent")) > 5, name


@pytest.mark.parametrize("name", HEARD)
def test_four_times_the_near_misses_take_four_times_as_long(name: str) -> None:
    """Not sixteen times: no pattern steps back over what it has read."""
    near = (
        "Karl, I saw a list of companies: Aa, Bb, Cc, Dd; 'Hi (x), I met Ann. \"She is, we are, our dog has. "
    )
    HEARD[name](mail_of(near))  # phrases are compiled at first sight

    def seconds(times: int) -> float:
        best = 1e9
        for number in range(3):
            mail = mail_of(near * times + str(number))
            start = time.process_time()
            HEARD[name](mail)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(40) < 10 * seconds(10) + 0.01
