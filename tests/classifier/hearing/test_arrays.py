"""Fitted weights: read as plain arrays, refused in words where they are anything else."""

import io
import pickle

import numpy as np
import pytest

from classifier.hearing import core as small_network
from classifier.hearing import listen, shipped
from classifier.hearing.arrays import FORM, norm, parsed
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


def test_damaged_shipped_weights_leave_a_letter_unheard_and_raise_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(small_network, "shipped", lambda name: parsed(b"PK\x03\x04 cut off"))
    small_network.core.cache_clear()
    mail = read_mail(b"From: a@x.example\r\n\r\nCould you give me half an hour of your time next week?\r\n")
    assert shipped() is None
    assert listen(mail, shipped()) is mail
