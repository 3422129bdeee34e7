"""Asks by every reading: what phrases find counts where the ear doubts it, and the other way round, each once."""

import ast
from pathlib import Path

import pytest

from classifier.rulebook import rules
from classifier.signals.asks import find_asks, find_asks_in, find_cold_asks, find_every_ask
from models.finding import Ask
from models.heard import Heard, Said
from models.mail import Envelope, Mail
from tests.classifier.judge.letters import letter, past

PLAIN = "Could you introduce me to your brother at the bank?"
OBLIQUE = "The people at your rowing club ought to hear of my boats."
ADA = "ada@loom.example"


def heard(text: str, asks: float, kind: Ask = Ask.INTRODUCTION, *, cold: float = -4.0) -> Mail:
    """A letter of one sentence, of which a model made this."""
    said = Said(start=0, end=len(text), asks=asks, kinds=((kind, round(asks * 0.95, 3)),))
    known = Heard(ear="encoder", cold=cold, sentences=(said,))
    return letter(text, to=(ADA,)).model_copy(update={"heard": known})


def test_what_the_ear_doubts_is_as_sure_as_the_phrases_find_it() -> None:
    mail = heard(PLAIN, 0.02)
    [phrase] = find_asks_in(mail.own_text, mail.subject)
    assert all(s.certainty < phrase.certainty for s in (*find_asks(mail), *find_cold_asks(mail)))
    assert [(s.ask, s.certainty) for s in find_every_ask(mail)] == [(Ask.INTRODUCTION, phrase.certainty)]


def test_what_only_the_ear_hears_is_there_too() -> None:
    mail = heard(OBLIQUE, 0.97, cold=4.0)
    assert find_asks_in(mail.own_text, mail.subject) == ()
    [span] = find_every_ask(mail)
    assert span.ask is Ask.INTRODUCTION and span.certainty > 0.6


def test_one_span_a_kind_and_sentence_the_surest_first() -> None:
    text = f"{PLAIN} Would you have half an hour next week?"
    first, second = Said(start=0, end=len(PLAIN), asks=0.9, kinds=(("introduction", 0.9),)), len(PLAIN) + 1
    said = (first, Said(start=second, end=len(text), asks=0.3, kinds=(("time", 0.3),)))
    mail = letter(text).model_copy(update={"heard": Heard(ear="encoder", cold=3.0, sentences=said)})
    found = find_every_ask(mail)
    assert len({(s.start, s.ask) for s in found}) == len(found) >= 2
    assert [s.certainty for s in found] == sorted((s.certainty for s in found), reverse=True)


def test_unheard_it_is_what_the_phrases_find() -> None:
    mail = letter(PLAIN)
    assert find_every_ask(mail) == find_asks(mail)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("name-drop-ask", f"You know Mr Harrow of the bank, and so do I. {PLAIN}"),
        ("thin-acquaintance", f"We are connected on LinkedIn. {PLAIN}"),
    ],
)
def test_a_rule_sees_what_the_phrases_find_where_the_ear_doubts_it(rule: str, text: str) -> None:
    start = text.index(PLAIN)
    said = tuple(Said(start=a, end=b, asks=0.01, kinds=()) for a, b in ((0, start - 1), (start, len(text))))
    mail = letter(text, to=(ADA,)).model_copy(
        update={"heard": Heard(ear="encoder", cold=-6.0, sentences=said)}
    )
    [one] = [r for r in rules() if r.name == rule]
    envelope, before = Envelope(sender="ines@harbour-pottery.example", recipients=(ADA,)), past()
    assert list(one.check(mail, envelope, before)), "as it is found where nobody listened"


def test_no_rule_joins_the_readings_by_itself() -> None:
    readings = {"find_asks", "find_cold_asks", "find_asks_in", "find_every_ask"}
    for path in sorted((Path(__file__).parents[3] / "classifier" / "rules").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Tuple | ast.List):
                joined = [
                    part.value.func.id
                    for part in node.elts
                    if isinstance(part, ast.Starred)
                    and isinstance(part.value, ast.Call)
                    and isinstance(part.value.func, ast.Name)
                    and part.value.func.id in readings
                ]
                assert len(joined) < 2, f"{path.name} joins {joined}; take find_every_ask"
