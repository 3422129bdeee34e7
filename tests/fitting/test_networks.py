"""The networks as torch fits them compute what the ears compute. Skipped, with words, where torch is not installed."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs torch (the extra `fit`)")
pytest.importorskip("tokenizers", reason="needs the extra `fit`")

from safetensors.numpy import save_file  # noqa: E402

from classifier.hearing.core import Core  # noqa: E402
from classifier.hearing.encoder import Encoder as Ear  # noqa: E402
from fitting import fit_core, fit_encoder  # noqa: E402
from fitting.core_network import CoreNetwork  # noqa: E402
from fitting.encoder import Encoder, listening  # noqa: E402
from fitting.export import calibration  # noqa: E402
from fitting.letters import Document  # noqa: E402
from models.finding import Ask  # noqa: E402

WIDTH, LAYERS = 24, 2
TEXT = "could you read my plan ? we make kilns in leith ."
PLACES = ((0, 24), (25, 49))
PLAIN = calibration(None)


class Cut(NamedTuple):
    ids: Sequence[int]
    offsets: Sequence[tuple[int, int]]


class Cutter:
    """A piece is a word, its number its length."""

    def encode(self, text: str) -> Cut:
        places, at = [(0, 0)], 0
        for word in text.split():
            start = text.index(word, at)
            at = start + len(word)
            places.append((start, at))
        return Cut([1, *(e - s for s, e in places[1:]), 2], [*places, (0, 0)])


def document(text: str = TEXT, *, cold: float | None = 1.0, sort: str = "pitch") -> Document:
    asks = (frozenset({Ask.ADVICE}), frozenset[Ask]())
    return Document("1", "author1", "kilns", text, PLACES, asks, cold, sort)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    draw = np.random.default_rng(4)

    def some(*shape: int) -> np.ndarray:
        return draw.normal(0, 0.3, shape).astype(np.float32)

    arrays = {
        "embeddings.word_embeddings.weight": some(40, WIDTH),
        "embeddings.position_embeddings.weight": some(400, WIDTH),
        "embeddings.token_type_embeddings.weight": some(2, WIDTH),
        "embeddings.LayerNorm.weight": some(WIDTH), "embeddings.LayerNorm.bias": some(WIDTH),
    }  # fmt: skip
    for n in range(LAYERS):
        shapes = {
            **{f"attention.self.{m}": (WIDTH, WIDTH) for m in ("query", "key", "value")},
            "attention.output.dense": (WIDTH, WIDTH), "intermediate.dense": (2 * WIDTH, WIDTH),
            "output.dense": (WIDTH, 2 * WIDTH),
        }  # fmt: skip
        for name, (rows, columns) in shapes.items():
            arrays[f"encoder.layer.{n}.{name}.weight"] = some(rows, columns)
            arrays[f"encoder.layer.{n}.{name}.bias"] = some(rows)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            arrays[f"encoder.layer.{n}.{name}.weight"] = some(WIDTH)
            arrays[f"encoder.layer.{n}.{name}.bias"] = some(WIDTH)
    save_file(arrays, tmp_path / "model.safetensors")
    return tmp_path


def fitted(base: Path, seed: int = 1) -> tuple[dict[str, np.ndarray], fit_encoder.Sorts]:
    torch.manual_seed(seed)
    documents = [document(), document("we thank you for the bread ! " + TEXT, cold=0.0, sort="thanks")] * 4
    sorts = fit_encoder.Sorts(documents)
    lessons = [fit_encoder.lesson_of(one, Cutter(), sorts) for one in documents]
    network = Encoder(base, len(sorts.names))
    fit_encoder.fit(network, lessons, epochs=8, seed=seed, bf16=False, after=lambda last: None)
    return {**network.fitted(), "hf.cold": sorts.is_cold.numpy().astype(np.float32)}, sorts


def test_the_encoders_ear_hears_what_was_fitted(base: Path) -> None:
    from safetensors.numpy import load_file

    arrays, sorts = fitted(base)
    assert any(np.abs(value).max() > 0 for name, value in arrays.items() if name.endswith(".B"))
    network = listening(base, arrays)
    lesson = fit_encoder.lesson_of(document(), Cutter(), None)
    [cold], said = fit_encoder.colds(network, [lesson], sorts.is_cold)
    scores = Ear(load_file(base / "model.safetensors"), Cutter(), arrays | PLAIN).scores(
        "kilns", TEXT, PLACES
    )
    assert scores.cold == pytest.approx(cold, abs=1e-3)
    assert [row[0] for row in scores.sentences if row] == pytest.approx(said, abs=1e-3)


def test_the_same_seed_fits_the_same_encoder(base: Path) -> None:
    one, other, third = fitted(base)[0], fitted(base)[0], fitted(base, seed=2)[0]
    assert all((one[name] == other[name]).all() for name in one)
    assert any((one[name] != third[name]).any() for name in one)


def test_the_core_hears_what_was_fitted_and_learns_what_it_is_shown() -> None:
    torch.manual_seed(1)
    network = CoreNetwork()
    documents = [document(), document("thank you for the bread last week. we make kilns", cold=0.0)] * 8
    lessons = [fit_core.lesson_of(one) for one in documents]
    states = np.ones((2, 384), np.float32)
    mails = [fit_core.Heard(lessons[1].read, -3.0, [[-3.0] * 13] * 2, states)] * 4
    losses: list[float] = []
    fit_core.fit(network, lessons, mails, epochs=6, seed=1, after=losses.append)
    assert losses[-1] < losses[0]
    network.eval()
    ear = Core({**network.fitted(), **PLAIN, "nothing": np.array([-2.0], dtype=np.float32)})
    with torch.no_grad():
        cold, said, _ = network([lessons[0].read])
    scores = ear.scores("kilns", TEXT, PLACES)
    assert scores.cold == pytest.approx(float(cold[0]), abs=1e-3)
    assert [row for row in scores.sentences if row] == [pytest.approx(row, abs=1e-3) for row in said.tolist()]
