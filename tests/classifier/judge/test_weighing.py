"""The table of points: every cue has its row, and adding up goes the way the table says."""

import pytest

from classifier.judge.weighing import ASKS, CUES, FILE_ABOVE, KEPT, TRAITS, UNSURE_ABOVE, Sign, points, weigh
from classifier.phrases import sections
from classifier.signals.form import form
from classifier.signals.wants import KINDS
from models.finding import Ask
from models.heard import Heard
from models.past import Owner
from tests.classifier.judge.letters import letter


@pytest.mark.parametrize(
    ("file", "table"), [("incoming-asks", KINDS), ("incoming-traits", TRAITS), ("incoming-kept", KEPT)]
)
def test_every_section_of_the_phrase_files_has_a_row(file: str, table: dict[str, object]) -> None:
    assert {s for s in sections(file) if s} <= set(table)


def test_every_kind_of_ask_has_points() -> None:
    assert set(ASKS) == set(Ask)
    assert all(p > 0 for p in (*ASKS.values(), *CUES.values()))
    assert all(p <= 0 for p in KEPT.values())


def test_the_traits_of_form_are_rows_or_conditions() -> None:
    conditions = {"says-reply", "short", "quotes-someone"}
    mail = letter("Hi there, 20% off: cal.example/x. Shall we?", to=(), enclosed=("cv.pdf", "offer.pdf"))
    shown = form(mail, Owner(addresses=frozenset({"ines@harbour-pottery.example"})))
    assert {
        "resume",
        "offer-enclosed",
        "not-to-reader",
        "figures",
        "booking-link",
        "closing-question",
    } <= shown
    assert shown - conditions <= set(TRAITS) | set(KEPT)


def test_nothing_found_is_kept_and_one_sure_ask_alone_is_filed() -> None:
    assert weigh([]).probability < UNSURE_ABOVE
    neither = Heard(ear="core", cold=0.0)  # a model that has no opinion of the letter
    assert weigh([Sign("introduction", 0.92)], neither).probability >= FILE_ABOVE
    assert weigh([Sign("introduction", 0.55)], neither).probability < FILE_ABOVE


def test_a_model_can_speak_for_an_oblique_letter_and_against_a_loud_one() -> None:
    loud = [Sign("job", 0.9), Sign("vendor", 0.9)]
    assert weigh([], Heard(ear="core", cold=9.0)).probability >= FILE_ABOVE
    assert weigh(loud, Heard(ear="core", cold=0.0)).probability >= FILE_ABOVE
    assert weigh(loud, Heard(ear="core", cold=-9.0)).probability < FILE_ABOVE


def test_more_of_the_same_adds_less_than_the_first() -> None:
    one, two, three = (weigh([Sign("introduction", 0.4)] * n).probability for n in (1, 2, 3))
    assert one < two < three
    assert three - two < two - one < one - weigh([]).probability


def test_a_reason_to_keep_outweighs_an_ask() -> None:
    asked = weigh([Sign("time", 0.8)]).probability
    assert weigh([Sign("time", 0.8), Sign("buying", 0.85)]).probability < UNSURE_ABOVE < asked


def test_the_heaviest_signs_come_first() -> None:
    top = weigh([Sign("pretext", 0.8, "saw your site"), Sign("job", 0.9, "any vacancy")]).top
    assert [s.quote for s in top] == ["any vacancy", "saw your site"]
    assert points(top[0]) > points(top[1])


def test_equal_signs_weigh_the_same_in_any_order() -> None:
    equals = [
        Sign("refused"),
        Sign("office"),
        Sign("business"),
        Sign("nothing"),
        Sign("links"),
        Sign("offer-enclosed"),
    ]
    equals += [Sign(name) for name in sorted({**TRAITS, **KEPT})]
    forward, backward = weigh(equals), weigh(reversed(equals))
    assert forward == backward
