"""The small language of the phrase files, and that every line of them can be read."""

import pytest

from classifier.phrases import sections
from classifier.signals.phrasing import Phrase, Phrases
from classifier.signals.sentences import plain
from classifier.signals.verbs import form_of, forms
from models.finding import Ask

FILES = (*(a.value for a in Ask), "frames", "turns", "details", "invitations", "requests", "topics")


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_a_phrase_that_hangs_on_a_word(name: str) -> None:
    for section, lines in sections(name).items():
        for line in lines:
            phrase = Phrase(line, section, 0.5)
            assert phrase.pattern.pattern
            assert 0 < phrase.certainty <= 1
            assert not any(mark in line for mark in (")?", "]?", ")*")), line


@pytest.mark.parametrize(
    ("phrase", "text", "matches"),
    [
        ("introduce (me|us) [to]", "Introduce us, please", True),
        ("introduce (me|us) [to]", "Introduce him", False),
        ("@introduce me", "she introduced me", True),
        ("collaborat*", "a collaboration", True),
        ("give .. names", "give me three good names", True),
        ("give .. names", "give me three good and very long names", False),
        ("# euros", "it costs 1,200 euros", True),
        ("^ send names", "Please send names", True),
        ("^ send names", "They send names", False),
        ("<few> names", "two or three names", True),
        ("would not", "I wouldn't", True),
    ],
)
def test_language_of_phrases(phrase: str, text: str, matches: bool) -> None:
    hits = Phrases(iter([(phrase, "s", 0.5)])).find(plain(text))
    assert bool(hits) is matches


def test_forms_of_verbs() -> None:
    assert set(forms("put")) == {"put", "puts", "putting"}
    assert set(forms("introduce")) == {"introduce", "introduces", "introduced", "introducing"}
    assert set(forms("write")) == {"write", "writes", "wrote", "written", "writing"}
    assert [form_of(w) for w in ("write", "wrote", "writing", "writes")] == ["base", "past", "ing", "third"]


def test_a_phrase_is_searched_only_where_all_its_words_can_stand() -> None:
    phrase = Phrase("@introduce (me|us) .. to [your] <people>", "x", 0.9)
    assert phrase.fits({"intr", "me", "to", "brot", "frie"})
    assert not phrase.fits({"intr", "me", "to"})
    assert not phrase.fits({"intr", "to", "frie"})
    assert Phrase("# (days|weeks) [ago] $", "x", 0.9).fits({"days"})


def test_hits_at_one_place_keep_the_order_of_the_sentence() -> None:
    said = ["amber", "birch", "cedar", "dahlia", "elder", "fern"]
    phrases = Phrases((f"... {word} ... fern", word, 0.9) for word in reversed(said[:-1]))
    assert [h.section for h in phrases.find(plain(" ".join(said)))] == said[:-1]
