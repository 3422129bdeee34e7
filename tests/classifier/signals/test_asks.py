"""Asks in many voices: sentences that ask, sentences that only look like it, and what each span says."""

import time
from pathlib import Path

import pytest

from classifier.signals.asks import find_asks, find_asks_in
from classifier.signals.sentences import split
from models.finding import Ask
from models.mail import Mail, Zone, ZoneKind

DATA = Path(__file__).parent / "data"


def lines(name: str) -> list[str]:
    found = (DATA / name).read_text("utf-8").splitlines()
    return [line for line in found if line.strip() and not line.startswith("#")]


# Sentences known to be missed or read as another kind: the list may only shrink.
MISSED = {
    "What if you and I had lunch with Marguerite, and you let me sit next to her?",
    "I would love to meet your sister, the one with the vineyards.",
    "Vote for us in the city prize, please.",
    "Do you know anyone who might be interested in this role?",
}


@pytest.mark.parametrize("line", lines("asks.txt"))
def test_asks(line: str) -> None:
    kind, _, text = line.partition(": ")
    kinds = {s.ask.value for s in find_asks_in(text) if s.certainty >= 0.6}
    assert (kind in kinds) != (text in MISSED), kinds


@pytest.mark.parametrize("line", lines("none.txt"))
def test_asks_nothing(line: str) -> None:
    assert find_asks_in(line.replace("\\n", "\n")) == ()


def test_span_quotes_the_sentence() -> None:
    text = "Good morning.\n\nIt rains. Could you\nintroduce me to Ruth Weber, if you\nhave time? Best, Ann"
    (span,) = find_asks_in(text)
    assert span.ask is Ask.INTRODUCTION
    assert span.quote == "Could you introduce me to Ruth Weber, if you have time?"
    assert " ".join(text[span.start : span.end].split()) == span.quote
    assert span.target == "Ruth Weber"


def test_long_sentence_is_quoted_around_the_ask() -> None:
    filler = "and the mill and the barn and the field and the road " * 8
    (span,) = find_asks_in(f"I wanted to say that {filler}, so could you introduce me to Mr. Weber {filler}")
    assert len(span.quote) <= 200
    assert "introduce me" in span.quote


def test_only_own_text_is_read() -> None:
    own, quoted = "The key is under the mat.\n", "> Could you introduce me to Mr. Weber?"
    cut = len(own)
    mail = Mail(
        text=own + quoted,
        zones=(
            Zone(kind=ZoneKind.OWN, start=0, end=cut),
            Zone(kind=ZoneKind.QUOTE, start=cut, end=cut + len(quoted)),
        ),
    )
    assert find_asks(mail) == ()


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("Could you introduce me to her?", 0.9, 1.0),  # an explicit request
        ("I would be glad if you told your clients about me.", 0.75, 0.95),
        ("I write to put myself on your radar.", 0.5, 0.74),  # a wish without a request
        ("Maybe you could recommend me to them.", 0.7, 0.9),
    ],
)
def test_certainty_is_honest(text: str, least: float, most: float) -> None:
    assert least <= max(s.certainty for s in find_asks_in(text)) <= most


def test_pull_line_is_silent_beside_other_matter_only() -> None:
    line = "If somebody you know needs a roof, they may call me."
    news = (
        "Congratulations on the new shop, it looked splendid in the paper. I hope the winter is kind to you."
    )
    assert find_asks_in(f"{news}\n\n{line}") == ()
    assert [s.ask for s in find_asks_in(line)] == [Ask.REFERRAL]


def test_bare_request_means_what_was_named_before() -> None:
    text = "The back of the box has a hole exactly the size of a sentence by you. I'd be chuffed if you wrote one."
    assert Ask.TESTIMONIAL in {s.ask for s in find_asks_in(text, "a blurb for the box?")}


def test_two_weak_signs_bear_each_other_out() -> None:
    weak = max(s.certainty for s in find_asks_in("I am available from June."))
    both = max(s.certainty for s in find_asks_in("I am available from June. I can start on Monday."))
    assert weak < both <= 0.8


def test_time_grows_with_the_text() -> None:
    """No phrase goes back and forth over a hostile text: a hundred times the words, about as many times the time."""
    find_asks_in("Could you introduce me?")  # reads and compiles
    hostile = "could you please would you if you can you introduce recommend the a to of " * 300
    begin = time.perf_counter()
    find_asks_in(hostile)
    assert time.perf_counter() - begin < 2.0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dr. Tudor came on 9 Sept. with Ms. Orr. He left.", 2),
        ("One line\nthat goes on and on until it is wrapped by the mail program\nand ends here.", 2),
        ("- first\n- second\n- third", 3),
        ("hi greg\n\nwho r some people i should call?? anything helps", 3),
        ("", 0),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(split(text)) == count


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        (
            'A man from Leeds wrote "could you introduce me to the weavers in your network?" and no name.',
            set(),
        ),
        ("She asked me, “Could you put in a word for me with the bishop?” and I laughed.", set()),
        ("I asked you: “Could you introduce me to your dyer?” and you never said.", {Ask.INTRODUCTION}),
    ],
)
def test_what_somebody_else_said_is_no_ask(text: str, asks: set[Ask]) -> None:
    assert {span.ask for span in find_asks_in(text)} == asks
