"""A user's model in judgement: an argument like any other, bounded, and refused where its bytes are not its own."""

import pytest

from classifier.judge.incoming import judge_incoming, learnable
from classifier.judge.taste import (
    BUCKETS,
    FORM,
    MOST,
    Taste,
    bucket,
    features_of,
    packed,
    parsed,
    unpacked,
    written,
)
from classifier.judge.weighing import Sign
from models.heard import Heard, Said
from models.mail import Mail
from models.past import Past, Tie
from models.verdict import Disposition
from tests.classifier.judge.letters import letter, past

TEXT = "We supply pallets. Could you introduce me to the person who decides about them at your firm?"


def leaning(to: float) -> Taste:
    """One that moves every letter as far as it may."""
    return Taste((0.0,) * BUCKETS, bias=to)


def probability(mail: Mail, known: Past, taste: Taste | None) -> float:
    return judge_incoming(mail, known, taste=taste).probability


def test_it_moves_a_strangers_letter_and_by_no_more_than_its_bound() -> None:
    mail, known = letter(TEXT), past()
    plain = probability(mail, known, None)
    assert probability(mail, known, leaning(-50)) < plain < probability(mail, known, leaning(50))
    assert probability(mail, known, leaning(-50)) == probability(mail, known, leaning(-MOST))
    assert probability(mail, known, leaning(0)) == plain


def test_its_threshold_counts_where_the_user_has_set_none() -> None:
    mail, known = letter(TEXT), past()
    sure = probability(mail, known, None)
    strict, loose = (Taste((0.0,) * BUCKETS, file_above=a) for a in (sure + 0.001, sure - 0.001))
    assert judge_incoming(mail, known, taste=strict).disposition is not Disposition.FILE
    assert judge_incoming(mail, known, taste=loose).disposition is Disposition.FILE
    assert judge_incoming(mail, known, taste=strict, file_above=sure - 0.001).disposition is Disposition.FILE


@pytest.mark.parametrize(
    "known", [past(Tie.ESTABLISHED), past(released=frozenset({"rufus@pell-trading.example"}))]
)
def test_it_has_no_say_where_the_tie_or_the_users_word_decides(known: Past) -> None:
    mail = letter(TEXT)
    assert judge_incoming(mail, known, taste=leaning(50)) == judge_incoming(mail, known)


def test_what_the_text_did_not_decide_teaches_nothing() -> None:
    assert learnable(letter(TEXT), past()) is not None
    assert learnable(letter(TEXT), past(Tie.ESTABLISHED)) is None
    assert learnable(letter(""), past()) is None
    assert learnable(letter(TEXT, sender=None), past()) is None
    assert (
        learnable(
            letter("Wir liefern Paletten und bitten um ein Gespräch mit dem Einkauf Ihrer Firma."), past()
        )
        is None
    )


def test_features_are_of_length_one_and_hold_what_was_heard_but_no_address() -> None:
    mail = letter(TEXT)
    heard = Heard(
        ear="core", cold=2.0, sentences=(Said(start=0, end=5, asks=0.9, kinds=(("introduction", 0.8),)),)
    )
    plain, listened = features_of(mail, []), features_of(mail.model_copy(update={"heard": heard}), [])
    assert sum(v * v for v in plain.values()) == pytest.approx(1)
    assert {bucket("cold"), bucket("kind introduction")} <= set(listened) - set(plain)
    assert bucket("sign vendor") in features_of(mail, [Sign("vendor", 0.9)])
    other = letter(TEXT, sender=None)
    assert features_of(other, []) == plain


def test_bytes_come_back_as_they_were_written() -> None:
    taste = Taste(tuple(0.25 * (n % 3) for n in range(BUCKETS)), bias=-0.5, file_above=0.875)
    assert parsed(written(taste)) == taste
    features = {5: 0.5, 8000: -0.25}
    assert unpacked(packed(features)) == features


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no model"),
        (b"\x80\x04\x95pickle", "no model"),
        (FORM, "damaged"),
        (FORM + b"x" * 40_000, "damaged"),
        (written(leaning(0))[:-1], "damaged"),
        (written(leaning(0)).replace(b"\x00\x00\x00\x00", b"\x00\x00\x80\x7f", 1), "damaged"),
        (written(Taste((float("nan"),) * BUCKETS)), "not all of it are numbers"),
        (written(Taste((0.0,) * BUCKETS, file_above=0.01)), "its threshold 0.01"),
    ],
)
def test_other_bytes_are_refused_with_words(data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parsed(data)


@pytest.mark.parametrize("data", [b"12345", packed({9999: 1.0}), packed({1: float("nan")})])
def test_other_features_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="these are no features"):
        unpacked(data)
