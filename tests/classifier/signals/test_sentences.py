"""Sentences in their plain form, each word with its place in the text."""

import pytest

from classifier.signals.sentences import plain, plain_words, said_once, split


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
    assert second.quote(second.place(second.plain.index("email"))) == "I'd send an e-mail to Zoë – today!"


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
