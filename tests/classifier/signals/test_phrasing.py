"""The small language of the phrase files, and that every line of them can be read."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest

from classifier.phrases import sections
from classifier.signals import grammar
from classifier.signals.lookup import Index
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


@pytest.mark.parametrize(
    ("phrase", "needs"),
    [
        ("@introduce (me|us) .. to [your] <people>", 4),
        ("# (days|weeks) [ago] $", 1),
        ("... to", 1),
        ("[please] #", 0),
    ],
)
def test_a_phrase_knows_what_a_sentence_must_hold(phrase: str, needs: int) -> None:
    assert len(list(grammar.needs(phrase))) == needs


@pytest.mark.parametrize(
    ("phrase", "needs"),
    [
        ("you .. know theother", [{"you"}, {"know"}]),
        ("(he|theother) sings", [{"sings"}]),
        ("(he|theother trusts) .. you", [{"he", "trusts"}, {"you"}]),
    ],
)
def test_what_a_given_word_can_stand_for_hangs_on_nothing(phrase: str, needs: list[set[str]]) -> None:
    assert list(map(set, grammar.needs(phrase, given=frozenset({"theother"})))) == needs


def test_phrases_are_found_in_a_text_also_once_others_were_read_after_it() -> None:
    text = "We sing. Who knows Maud? We know her."
    first = Phrases(iter([("we", "s", 0.5)]))
    assert [s.verbatim for s, _ in first.find_in(text)] == ["We sing.", "We know her."]
    second = Phrases(iter([("who knows", "s", 0.5)]))
    assert [s.verbatim for s, _ in second.find_in(text)] == ["Who knows Maud?"]
    assert second.stand_in(text)
    assert not second.stand_in("We sing.")


def test_a_sentence_may_hold_what_names_in_it_would_complete() -> None:
    phrases = Phrases(iter([("you know theother", "s", 0.5)]), of_names=True)
    said = plain("Do you know Maud")
    assert phrases.may_find(said)
    assert not phrases.may_find(plain("Do they know Maud"))
    assert not phrases.find(said)
    assert [h.words for h in phrases.find(said, " do you know theother ")] == ["you know theother "]


@pytest.mark.parametrize(
    ("phrase", "pairs"),
    [
        ("let (me|us) know", [({"let"}, {"me", "us"}), ({"me", "us"}, {"know"})]),
        ("would [you] mind", [({"would"}, {"you", "mind"})]),
        ("call .. me", []),
        ("call (me [up]|us)", [({"call"}, {"me", "us"})]),
        ("call (me [up]|us) now", [({"call"}, {"me", "us"}), ({"me", "up", "us"}, {"now"})]),
        ("call ([kindly] me) now", [({"call"}, {"kindly", "me"}), ({"me"}, {"now"})]),
    ],
)
def test_a_phrase_knows_which_words_stand_side_by_side(
    phrase: str, pairs: list[tuple[set[str], set[str]]]
) -> None:
    found = [(set(one), set(two)) for one, two in grammar.neighbours(phrase)]
    assert found == pairs


@pytest.mark.parametrize(
    "phrase", ["call .. me", "call", "... me", "# euros", "[please] #", "(call|ring) (me|us) [to]"]
)
def test_phrases_are_found_by_any_of_their_words(phrase: str) -> None:
    text = plain("Would you please call or ring me: 20 euros")
    alone = [m.group() for m in Phrase(phrase, "x", 0.9).pattern.finditer(text)]
    assert [h.words for h in Phrases(iter([(phrase, "x", 0.9)])).find(text)] == alone


def test_hits_at_one_place_keep_the_order_of_their_lines() -> None:
    said = ["amber", "birch", "cedar", "dahlia", "elder", "fern"]
    lines = said[4::-1]
    phrases = Phrases((f"... {word} ... fern", word, 0.9) for word in lines)
    assert [h.section for h in phrases.find(plain(" ".join(said)))] == lines


def test_detectors_share_an_index_and_nothing_else() -> None:
    boats = Phrases(iter([("@mend .. boat", "boats", 0.9)]))
    assert [h.section for h in boats.find(plain("We mended the boat and the net"))] == ["boats"]
    # Known after the first was asked.
    nets = Phrases(iter([("@mend ... net", "nets", 0.9), ("boat", "any", 0.5)]))
    for _ in range(2):
        assert [h.section for h in nets.find(plain("We mended the boat and the net"))] == ["nets", "any"]
        assert [h.section for h in boats.find(plain("We mended the boat and the net"))] == ["boats"]
    assert boats.find(plain("We sold the net")) == []


def test_two_detectors_loaded_at_once_are_two() -> None:
    """Else each would try the other's phrases: the first two mails of a service are judged in two threads."""
    index, begun, go_on = Index(), Event(), Event()

    def slowly() -> Iterator[str]:
        yield "a lantern"
        begun.set()
        go_on.wait(5)

    numbers: list[int] = []
    one = Thread(target=lambda: numbers.append(index.add(slowly())))
    one.start()
    begun.wait(5)
    numbers.append(index.add(["a barge"]))
    go_on.set()
    one.join()
    assert sorted(numbers) == [0, 1] and index.count == 2
