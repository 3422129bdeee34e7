"""Fitted weights: read as plain arrays, refused in words where they are anything else."""

import io
import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from classifier.hearing import Unheard, arrays, listen, shipped
from classifier.hearing import core as small_network
from classifier.hearing.arrays import FORM, norm, parsed
from classifier.hearing.ear import Scores
from classifier.reading.read import read_mail


def written(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **{"form": np.array(FORM), **arrays})
    return file.getvalue()


def test_half_floats_are_widened_and_signed_bytes_take_their_steps() -> None:
    found = parsed(
        written(
            **{
                "a": np.array([0.5, -1.5], dtype=np.float16),
                "rows": np.array([[127, -127], [10, 0]], dtype=np.int8),
                "rows:step": np.array([[0.5], [0.1]], dtype=np.float16),
            }
        )
    )
    assert set(found) == {"a", "rows"}
    assert all(value.dtype == np.float32 for value in found.values())
    assert found["rows"] == pytest.approx(np.array([[63.5, -63.5], [1.0, 0.0]]), abs=1e-3)


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 cut off", b"no archive at all", pickle.dumps({"a": 1}), written()[:-30]],
    ids=["empty", "cut", "other", "pickle", "shortened"],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no weights coldask can read"):
        parsed(data)


def test_arrays_that_need_unpickling_are_refused() -> None:
    file = io.BytesIO()
    np.savez(file, form=np.array(FORM), a=np.array([{"code": "run me"}], dtype=object))
    with pytest.raises(ValueError, match="no weights coldask can read"):
        parsed(file.getvalue())


def test_another_form_is_refused() -> None:
    file = io.BytesIO()
    np.savez(file, form=np.array(FORM + 1), a=np.zeros(2))
    with pytest.raises(ValueError, match="another version"):
        parsed(file.getvalue())
    file = io.BytesIO()
    np.savez(file, a=np.zeros(2))
    with pytest.raises(ValueError, match="another version"):
        parsed(file.getvalue())


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="damaged"):
        parsed(written(a=np.array([1.0, np.nan])))


def test_norm_has_mean_nought_and_width_one() -> None:
    x = np.random.default_rng(5).normal(3, 7, (4, 32)).astype(np.float32)
    found = norm(x, np.ones(32, dtype=np.float32), np.zeros(32, dtype=np.float32), 1e-12)
    assert found.mean(-1) == pytest.approx(np.zeros(4), abs=1e-5)
    assert found.std(-1) == pytest.approx(np.ones(4), abs=1e-4)


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of a core that is damaged, as coldask finds it."""
    path = tmp_path / "core.npz"
    path.write_bytes(b"PK\x03\x04 cut off")
    with monkeypatch.context() as patch:
        patch.setattr(arrays, "files", lambda _: tmp_path)
        forget()
        yield path
    forget()


def forget() -> None:
    arrays._found.cache_clear()
    small_network.core.cache_clear()


def test_damaged_shipped_weights_leave_a_letter_unheard_and_raise_nothing(weights: Path) -> None:
    mail = read_mail(b"From: a@x.example\r\n\r\nCould you give me half an hour of your time next week?\r\n")
    assert shipped() is None
    assert listen(mail, shipped()) is mail


def test_a_damaged_file_is_opened_once(weights: Path) -> None:
    with pytest.raises(ValueError, match="no weights coldask can read"):
        arrays.shipped("core")
    weights.write_bytes(written(a=np.zeros(2)))
    with pytest.raises(ValueError, match="no weights coldask can read"):
        arrays.shipped("core")
    assert shipped() is None


def test_a_missing_file_and_missing_arrays_are_damage_too(weights: Path) -> None:
    weights.unlink()
    with pytest.raises(ValueError, match=r"core\.npz"):
        small_network.core()
    forget()
    weights.write_bytes(written(a=np.zeros(2)))
    with pytest.raises(ValueError, match="lack"):
        small_network.core()
    assert shipped() is None


def test_an_ear_that_hears_nothing_leaves_a_letter_as_it_is() -> None:
    class Deaf:
        name = "encoder"

        def scores(self, *_: object) -> Scores:
            raise Unheard

    mail = read_mail(b"From: a@x.example\r\n\r\nCould you give me half an hour of your time next week?\r\n")
    assert listen(mail, Deaf()) is mail
