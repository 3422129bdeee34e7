"""The comparison with other filters: coldask's own rows are what they say, and each table stands on its own letters."""

import asyncio
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from classifier.hearing import shipped
from classifier.training.corpus import Sample, letters

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def peers() -> ModuleType:
    found = importlib.util.spec_from_file_location("bench_peers", ROOT / "bench" / "peers.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return [s for s in letters(ROOT / "classifier" / "corpus") if not s.outgoing]


def test_signs_alone_are_weighed_without_the_ear_that_was_fitted_to_these_letters(
    peers: ModuleType, samples: list[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked() -> None:
        raise AssertionError("the core was asked")

    monkeypatch.setattr("classifier.judge.incoming.shipped", asked)
    known = asyncio.run(peers.known_of(samples[:12]))
    own, strangers = peers.coldask("signs alone", peers.Deaf(), known), peers.strangers(known)
    assert own.name == "coldask, signs alone" and strangers.name == "file every stranger"
    assert len(own.graded) == len(strangers.graded) == 12
    assert any(0.1 < one.probability < 0.9 for one in own.graded), "their text was weighed"


def test_with_the_core_it_is_heard_what_the_tie_leaves_open(peers: ModuleType, samples: list[Sample]) -> None:
    answered = next(s for s in samples if s.tie == "answered")
    known = asyncio.run(peers.known_of([*samples[:4], answered]))
    deaf, hearing = (peers.coldask("", ear, known).graded for ear in (peers.Deaf(), shipped()))
    pairs = list(zip(deaf, hearing, strict=True))
    assert any(a.probability != b.probability for a, b in pairs[:-1]), "strangers are heard"
    assert pairs[-1][0] == pairs[-1][1], "whom the owner answered is not"


def test_who_is_asked_about_is_not_learned_from(peers: ModuleType, samples: list[Sample]) -> None:
    taught, asked = peers.split(samples, peers.UNREAD)
    assert {s.author for s in asked} == set(peers.UNREAD)
    assert not {s.author for s in taught} & set(peers.UNREAD)
    assert len(taught) + len(asked) == len(samples)


def test_an_author_without_letters_is_named(peers: ModuleType, samples: list[Sample]) -> None:
    with pytest.raises(SystemExit, match="no incoming letter of author0"):
        peers.split(samples[:3], ("author0",))


def test_an_encoder_that_is_not_there_is_left_out_in_words(
    peers: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert list(peers.ears()) == ["signs alone", "with the core"]
    assert "The encoder is left out: " in capsys.readouterr().err


def test_only_the_table_that_was_made_is_put_into_the_page(peers: ModuleType) -> None:
    page = "<!-- figures -->\nold\n<!-- end -->\nwords\n<!-- unread -->\nold\n<!-- end -->\nlast\n"
    found = peers.put(page, "unread", ["one", "two"])
    assert (
        found == "<!-- figures -->\nold\n<!-- end -->\nwords\n<!-- unread -->\none\ntwo\n<!-- end -->\nlast\n"
    )
    with pytest.raises(SystemExit, match="no place for the part third"):
        peers.put(page, "third", [])


def test_the_page_tells_of_the_authors_that_are_measured(peers: ModuleType) -> None:
    _, _, part = peers.PAGE.read_text("utf-8").partition("<!-- unread -->\n")
    assert part.startswith(f"Letters of {', '.join(peers.UNREAD)}: "), (
        "run python bench/peers.py --unread --write"
    )
