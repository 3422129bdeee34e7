"""The encoder's files are hashed once an installation; afterwards their size and time speak for them."""

import os
from pathlib import Path

from proxy.encoder.place import MODEL, STAMP, TOKENIZER
from proxy.encoder.seal import problem, stamp
from tests.proxy.encoder import stand_in


def _overwrite(file: Path) -> None:
    """Other bytes, same size and time: only a hash can tell."""
    seen = file.stat()
    file.write_bytes(b"x" * seen.st_size)
    os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))


def test_what_was_seen_before_is_not_hashed_again_unless_asked(tmp_path: Path) -> None:
    pins = stand_in.make(tmp_path)
    stamp(tmp_path, pins)
    _overwrite(tmp_path / MODEL)
    assert problem(tmp_path, pins) == ""
    assert problem(tmp_path, pins, fully=True).startswith(f"{MODEL} is damaged or another model")


def test_a_file_touched_since_is_hashed_once_more(tmp_path: Path) -> None:
    pins = stand_in.make(tmp_path)
    stamp(tmp_path, pins)
    os.utime(tmp_path / MODEL, (1, 1))
    before = (tmp_path / STAMP).read_bytes()
    assert problem(tmp_path, pins) == ""
    assert (tmp_path / STAMP).read_bytes() != before
    _overwrite(tmp_path / MODEL)
    assert problem(tmp_path, pins) == ""  # it is the new stamp that counts


def test_files_put_there_by_hand_are_hashed(tmp_path: Path) -> None:
    pins = stand_in.make(tmp_path)
    assert problem(tmp_path, pins) == "" and (tmp_path / STAMP).exists()
    (tmp_path / STAMP).write_text("[]")
    _overwrite(tmp_path / TOKENIZER)
    assert TOKENIZER in problem(tmp_path, pins)


def test_a_stamp_of_another_model_does_not_count(tmp_path: Path) -> None:
    stamp(tmp_path, stand_in.make(tmp_path, seed=5))
    assert "another model" in problem(tmp_path, stand_in.make(tmp_path / "right"))


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    pins = stand_in.make(tmp_path)
    stamp(tmp_path, pins)
    (tmp_path / MODEL).unlink()
    assert problem(tmp_path, pins) == f"{MODEL} is missing"
