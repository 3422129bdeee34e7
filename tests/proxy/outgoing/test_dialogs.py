"""Runs tests/dialogs/*.smtp: SMTP sessions as text, against the real listener and a scripted provider."""

import re
from pathlib import Path

import pytest

from tests.proxy.outgoing.conftest import Build
from tests.proxy.outgoing.house import Client, House

FOLDER = Path(__file__).parents[2] / "dialogs"
FILES = sorted(FOLDER.glob("*.smtp"))
_ESCAPE = re.compile(r"\\(r|n|0|t|\\|x[0-9a-f]{2})")
_PLAIN = {"r": b"\r", "n": b"\n", "0": b"\0", "t": b"\t", "\\": b"\\"}


def raw(text: str) -> bytes:
    """The bytes that a line with escapes stands for."""
    out, at = b"", 0
    for found in _ESCAPE.finditer(text):
        out += text[at : found.start()].encode()
        out += _PLAIN.get(found[1]) or (b"\0" if found[1] == "0" else bytes([int(found[1][1:], 16)]))
        at = found.end()
    return out + text[at:].encode()


def steps(file: Path) -> list[tuple[str, str]]:
    """(kind, text) for every line that is no comment."""
    lines = file.read_text("utf-8").splitlines()
    assert lines[0].startswith("# "), f"{file.name}: the first line says what it shows"
    return [(line[:2], line[3:]) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
async def test_dialog(file: Path, make_house: Build) -> None:
    house = await make_house()
    client = await house.connect()
    for kind, text in steps(file):
        await step(kind, text, house, client, file.name)
    wanted = [text for kind, text in steps(file) if kind == "U:"]
    assert house.provider.commands == wanted, "what the provider was told"
    assert house.provider.mails == [raw(text) for kind, text in steps(file) if kind == "M:"]


async def step(kind: str, text: str, house: House, client: Client, name: str) -> None:
    if kind == "C:":
        client.send(text.encode() + b"\r\n")
    elif kind == "R:":
        client.send(raw(text))
    elif kind == "L:":
        await client.log_in()
    elif kind == "S:":
        line = await client.line()
        same = line.startswith(text[:-3]) if text.endswith("...") else line == text
        assert same, f"{name}: {line!r} instead of {text!r}; {house.ear.troubles}"
    elif kind == "S!":
        assert await client.line() == "", f"{name}: still there"
    elif kind == "P:":
        start, _, answer = text.partition(" => ")
        house.provider.answers[start.removesuffix(" =>")] = raw(answer) + b"\r\n" if answer else b""
    elif kind == "E:":
        house.provider.extensions = [e for e in house.provider.extensions if e.split()[0] != text]
    else:
        assert kind in ("U:", "M:"), f"{name}: {kind} is no kind of line"


def test_there_are_dialogs() -> None:
    assert len(FILES) > 20
