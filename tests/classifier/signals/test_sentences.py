"""Sentences in their plain form, each word with its place in the text."""

import pytest

from classifier.signals.sentences import plain, plain_words, said_once, split, split_from


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Could you introduce me?", "could you introduce me ?"),
        ("I'd love to", "i would love to"),
        ("an e-mail, or the E-Mails", "an email , or the emails"),
        ("an e mail", "an e mail"),
        ("well-known — to some - and all-", "well known - to some - and all -"),
        ("see https://x.example/a-b or write to e-mail@x.example", "see <url> or write to <mail>"),
        ("café ‘so’ “he” said…", 'cafe so " he " said'),
    ],
)
def test_plain_form(text: str, words: str) -> None:
    assert plain_words(text) == words.split()
    assert plain(text) == f" {words} "


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ill send it over, and Ill be brief", "i will send it over , and i will be brief"),
        ("If you agree ill just call", "if you agree i will just call"),
        (
            "id love to talk\nand id really appreciate it",
            "i would love to talk and i would really appreciate it",
        ),
        ("I wont, as you didnt", "i will not , as you did not"),
        ("He is ill. Send help", "he is ill . send help"),
        ("she fell ill send help", "she fell ill send help"),
        ("my son was ill be kind", "my son was ill be kind"),
        ("the ill need care", "the ill need care"),
        ("ill health, ill will", "ill health , ill will"),
        ("your id be it", "your id be it"),
        ("Your id show. The ill need care", "your id show . the ill need care"),
        ("She's ill be careful, I'm still ill call me", "she is ill be careful , i am still ill call me"),
        ("a valid id get, a user id like 4711", "a valid id get , a user id like 4711"),
        ("send the id like last time", "send the id like last time"),
        ("an ID card, my id number", "an id card , my id number"),
        ("will be kind, Bill be kind", "will be kind , bill be kind"),
    ],
)
def test_hurried_english_leaves_the_apostrophe_out(text: str, words: str) -> None:
    """ "Ill" and "id" are words of their own: only before a verb, and behind nothing that makes them such."""
    assert plain(text) == f" {words} "


def test_every_word_has_its_place() -> None:
    text = "So. I'd send an e-mail to Zoë – today!"
    second = split(text)[1]
    words = second.plain.split()
    assert len(second.places) == len(words)
    found = {word: text[place:].split()[0] for word, place in zip(words, second.places, strict=True)}
    assert found["i"] == found["would"] == "I'd"
    assert found["email"] == "e-mail"
    assert found["zoe"] == "Zoë"
    assert found["-"] == "–"
    (hurried,) = split("Once I am home ill\nsend it")
    assert hurried.plain == " once i am home i will send it "
    assert [hurried.verbatim[p:].split()[0] for p in hurried.places][4:] == ["ill", "ill", "send", "it"]
    assert second.quote(second.place(second.plain.index("email"))) == "I'd send an e-mail to Zoë – today!"


LETTER = (
    "Dear Bo,\n\nMy colleague writes: this is a line that goes on\nin the next one, e.g. here. And so on!\n"
    "- one\n- two\n\nHi Ann,\nit is late. We leave\n\n\nBest, Mr. Lind"
)


def test_the_end_of_a_text_has_the_sentences_it_has_alone() -> None:
    for start in range(len(LETTER) + 1):
        alone = [(s.start + start, s.end + start, s.plain) for s in split(LETTER[start:])]
        assert [(s.start, s.end, s.plain) for s in split_from(LETTER, start)] == alone


def test_a_long_sentence_is_quoted_around_the_words_that_matter() -> None:
    short, long = split(
        "Could you introduce us? " + "and so on " * 40 + "to Maud at the port " + "and on " * 40
    )
    assert short.around(short.plain.index("introduce")) == "Could you introduce us?"
    assert "Maud" in long.around(long.plain.index("maud"))
    assert "Maud" not in long.around(0)


def test_a_flood_of_new_words_is_forgotten_again() -> None:
    assert plain(" ".join(f"w{i}" for i in range(50_000))).count(" ") == 50_001
    assert plain("An e-mail") == " an email "


def test_what_is_said_again_counts_once_whatever_number_stands_in_it() -> None:
    text = "I want nothing, 1. Could you call me? I want nothing, 2.\nI want NOTHING, 33.\n1.\n2.\nGood."
    assert [s.verbatim for s in said_once(text)] == [
        "I want nothing, 1.",
        "Could you call me?",
        "1.",
        "2.",
        "Good.",
    ]
