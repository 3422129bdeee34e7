"""A letter is heard once, whoever asks what it says."""

from collections.abc import Sequence

import pytest

from classifier.hearing import listen, shipped
from classifier.hearing.core import core
from classifier.hearing.ear import Place, Scores
from classifier.reading.read import read_mail

LETTER = "Dear Ann,\n\n{} Could you give me half an hour of your time next week?\n\nMax\n"


class Counted:
    """The core, counting the letters it reads."""

    name = "core"

    def __init__(self) -> None:
        self.letters: list[str] = []
        self._core = core()

    def scores(self, subject: str, text: str, sentences: Sequence[Place]) -> Scores:
        self.letters.append(text)
        return self._core.scores(subject, text, sentences)


def test_the_same_letter_is_heard_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What judges a mail and what remembers it both listen to it."""
    counted = Counted()
    texts = [LETTER.format(f"I am {who}.") for who in ("Max", "a baker", "Max", "a baker")]
    mails = [read_mail(f"From: max@out.example\nSubject: Time\n\n{text}".encode()) for text in texts]
    alone = [listen(mail, core()).heard for mail in mails]
    monkeypatch.setattr("classifier.hearing.core.core", lambda: counted)
    assert [listen(mail, shipped()).heard for mail in mails] == alone
    assert len(counted.letters) == 2
    for number in range(100):
        listen(read_mail(f"Subject: Time\n\n{LETTER.format(f'{number} rooms.')}".encode()), shipped())
    listen(mails[0], shipped())
    assert len(counted.letters) == 103, "letters of long ago are not kept"
