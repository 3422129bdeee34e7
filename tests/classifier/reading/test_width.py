"""Full-width Latin letters are understood as the plain ones they stand for, and quoted as they were written."""

import pytest

from classifier.judge.incoming import judge_incoming
from classifier.reading.read import read_mail
from classifier.reading.width import as_written, narrow, wide
from models.mail import Mail
from models.past import Past
from tests.classifier.judge.test_outgoing import ASK, PAST, judged

NOTHING_WIDE = ("plain", "Grüße aus Köln", "お問い合わせありがとうございます。")


def widened(text: str) -> str:
    return "".join(wide(c) if "!" <= c <= "~" else c for c in text)


def test_what_is_written_wide_is_held_and_quoted_as_written() -> None:
    plain, held = judged(), judged(widened(ASK))
    assert (held.disposition, held.rules) == (plain.disposition, plain.rules)
    quote = held.findings[0].quote
    assert quote == widened(plain.findings[0].quote) and quote in " ".join(widened(ASK).split())


def test_incoming_too() -> None:
    def verdict(text: str):
        head = "From: Max <max@agency.example>\nTo: ann@hartley.example\nSubject: Hello\n"
        mail = read_mail(f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode())
        return judge_incoming(mail, Past(now=PAST.now, owner=PAST.owner))

    text = "Dear Ann,\n\nwe help firms like yours. Would you be interested in buying our SEO package?\n\nMax"
    plain, seen = verdict(text), verdict(widened(text))
    assert (seen.disposition, seen.probability) == (plain.disposition, plain.probability)
    assert [a.quote for a in seen.asks] == [widened(a.quote) for a in plain.asks] != []
    assert seen.reason != plain.reason and seen.asks[0].quote in seen.reason


def test_the_marker_is_taken_whatever_its_width() -> None:
    held = judged(subject=f"{widened('[Send')} {widened('anyway]')} Weber")
    assert held.disposition == "note"


@pytest.mark.parametrize("text", NOTHING_WIDE)
def test_a_mail_without_them_is_not_touched(text: str) -> None:
    mail = Mail(text=text, subject=text)
    assert narrow(mail) is mail
    verdict = judged()
    assert as_written(verdict, mail) is verdict
