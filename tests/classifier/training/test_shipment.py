"""What is shipped is known by its bytes: any other byte makes another name."""

from pathlib import Path

import pytest

from classifier.training import shipment


def test_another_byte_of_any_file_is_another_shipment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = shipment.shipped_name()
    assert len(whole) == 64 and whole == shipment.shipped_name()
    monkeypatch.setattr(shipment, "files", lambda _: tmp_path)
    names = {whole}
    for name in ("background.bin", "core.npz", "encoder.npz"):
        for data in (b"", b"\x00", b"\x01"):
            (tmp_path / name).write_bytes(data)
            names.add(shipment.shipped_name())
    assert len(names) == 1 + 9


def test_other_thresholds_are_another_shipment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = shipment.shipped_name()
    monkeypatch.setattr(shipment, "FILE_ABOVE", 0.9)
    assert shipment.shipped_name() != before


def test_a_missing_file_raises_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipment, "files", lambda _: tmp_path)
    assert len(shipment.shipped_name()) == 64
