"""What is exported is what the ears read: same names, same numbers as near as the form allows."""

import json
from pathlib import Path

import numpy as np
import pytest

from classifier.hearing.arrays import parsed
from classifier.hearing.core import Core
from fitting.export import calibration, core, encoder, main, signed_bytes

safetensors = pytest.importorskip("safetensors.numpy", reason="needs the extra `fit` or `encoder`")
D = 8


def fitted_core(layers: int = 2) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(5)
    shapes = {
        "w.weight": (65, D), "g.weight": (33, D), "an.weight": (D,), "an.bias": (D,), "aq.weight": (3 * D, D),
        "aq.bias": (3 * D,), "ao.weight": (D, D), "ao.bias": (D,), "hs.weight": (13, 3 * D), "hs.bias": (13,),
        "hm1.weight": (2 * D, 3 * D), "hm1.bias": (2 * D,), "hm.weight": (1, 2 * D), "hm.bias": (1,),
        "pv.weight": (4, 2 * D), "pv.bias": (4,),
    }  # fmt: skip
    for n in range(layers):
        shapes |= {
            f"dw.{n}.weight": (D, 1, 5), f"dw.{n}.bias": (D,), f"n.{n}.weight": (D,), f"n.{n}.bias": (D,),
            f"f.{n}.weight": (2 * D, D), f"f.{n}.bias": (2 * D,), f"o.{n}.weight": (D, 2 * D), f"o.{n}.bias": (D,),
        }  # fmt: skip
    return {name: draw.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}


def exported(folder: Path, model: str, arrays: dict[str, np.ndarray], *more: str) -> Path:
    safetensors.save_file(arrays, folder / "fitted.safetensors")
    assert main([model, str(folder / "fitted.safetensors"), str(folder / "out.npz"), *more]) == 0
    return folder / "out.npz"


def test_an_exported_core_gives_the_scores_of_what_was_fitted(tmp_path: Path) -> None:
    whole = fitted_core() | calibration(None) | {"nothing": np.array([-2.0], dtype=np.float32)}
    data = exported(tmp_path, "core", fitted_core()).read_bytes()
    text, places = "Could you read my plan? We make kilns.", ((0, 23), (24, 38))
    fine, small = (Core(dict(w)).scores("kilns", text, places) for w in (whole, parsed(data)))
    assert small.cold == pytest.approx(fine.cold, abs=0.05)
    for one, other in zip(small.sentences, fine.sentences, strict=True):
        assert one == pytest.approx(other, abs=0.05)
    assert fine.cold != small.cold, "bytes are coarser"


def test_what_taught_the_core_is_left_behind(tmp_path: Path) -> None:
    names = set(parsed(exported(tmp_path, "core", fitted_core()).read_bytes()))
    assert names == (set(fitted_core()) - {"pv.weight", "pv.bias"}) | {"nothing", "scale", "shift", "cold"}


def test_bytes_are_off_by_half_a_step_at_most() -> None:
    table = np.random.default_rng(2).normal(0, 1, (40, 16)).astype(np.float32)
    table[7] = 0
    whole, steps = signed_bytes(table)
    assert whole.dtype == np.int8 and steps.shape == (40, 1)
    exact = np.abs(table).max(1, keepdims=True) / 127
    assert (np.abs(whole * exact - table) <= exact / 2 + 1e-6).all()
    assert not whole[7].any()


def test_the_encoders_matrices_are_halved_and_its_small_heads_kept() -> None:
    arrays = {"L.0.q.A": np.ones((2, 4), np.float32), "hs.weight": np.ones((13, 4), np.float32)}
    found = encoder(arrays | {"hf.weight": np.ones((5, 4), np.float32), "hf.cold": np.ones(5, np.float32)})
    assert {name: value.dtype for name, value in found.items()} == {
        "L.0.q.A": np.float16, "hs.weight": np.float32, "hf.weight": np.float16, "hf.cold": np.float32,
    }  # fmt: skip


def test_a_calibration_is_laid_beside_and_must_fit(tmp_path: Path) -> None:
    given = tmp_path / "calibration.json"
    given.write_text(json.dumps({"cold": [0.5, -0.25]}))
    found = parsed(exported(tmp_path, "core", fitted_core(), "--calibration", str(given)).read_bytes())
    assert found["cold"].tolist() == [0.5, -0.25]
    assert found["scale"].tolist() == [1.0] * 13
    given.write_text(json.dumps({"scale": [1.0, 2.0]}))
    with pytest.raises(ValueError, match="scale has another length"):
        calibration(given)


def test_a_row_of_zeros_stays_a_number() -> None:
    made = core({"w.weight": np.zeros((3, 4), np.float32)})
    assert np.isfinite(made["w.weight"] * made["w.weight:step"].astype(np.float32)).all()
