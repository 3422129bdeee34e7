"""Where passwords come from, and that none of them shows."""

import asyncio
import gc
import os
import ssl
import stat
import sys
import time
import types
from pathlib import Path

import pytest

from models.errors import ConfigError, SecretError
from models.settings import SecretSource, SmtpTable
from proxy.secrets import local_password, password, ssl_context, tls_words, token

CANARY = "canary-secret"


async def test_a_command_gives_its_first_line() -> None:
    source = SecretSource(password_command=["printf", f"{CANARY} with space \\nuser: ann\\n"])
    assert await password(source, "account work") == f"{CANARY} with space "


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["false"], "failed with exit code 1; run it by hand"),
        (["true"], "printed nothing"),
        (["no-such-program-here"], "could not be started: No such file"),
        ([], "could not be started"),
        (["sh", "-c", f"echo {CANARY}; echo {CANARY} >&2; exit 3"], "failed with exit code 3"),
    ],
)
async def test_a_command_that_fails(argv: list[str], words: str) -> None:
    with pytest.raises(SecretError, match=words) as e:
        await password(SecretSource(password_command=argv), "account work, smtp")
    assert "account work, smtp" in str(e.value) and CANARY not in str(e.value)


async def test_a_command_that_never_ends() -> None:
    with pytest.raises(SecretError, match="gave no answer in 0 seconds"):
        await password(SecretSource(password_command=["sleep", "30"]), "account work", timeout=0.1)


def test_a_command_whose_child_keeps_the_pipe_is_not_waited_for() -> None:
    slow = SecretSource(password_command=["sh", "-c", "sleep 4 & exec sleep 30"])
    began = time.monotonic()
    with pytest.raises(SecretError, match="gave no answer"):
        asyncio.run(password(slow, "account work", timeout=0.1))
    assert time.monotonic() - began < 3
    gc.collect()  # a transport left open would be a warning, and that an error


async def test_an_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    source = SecretSource(password_env="COLDASK_TEST_PASSWORD")
    with pytest.raises(SecretError, match=r"COLDASK_TEST_PASSWORD .* is empty or not set"):
        await password(source, "account work")
    monkeypatch.setenv("COLDASK_TEST_PASSWORD", CANARY)
    assert await password(source, "account work") == CANARY


async def test_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    source = SecretSource(password_file=str(file))
    with pytest.raises(SecretError, match="cannot be read: No such file"):
        await password(source, "account work")
    file.write_text(f"{CANARY}\r\nmore\n")
    file.chmod(0o640)
    with pytest.raises(SecretError, match="can be read by others; run `chmod 600"):
        await password(source, "account work")
    file.chmod(0o600)
    assert await password(source, "account work") == CANARY
    file.write_text("\n")
    with pytest.raises(SecretError, match="has an empty first line"):
        await password(source, "account work")


async def test_a_keyring_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(SecretError, match=r"coldask\[keyring\]"):
        await password(SecretSource(keyring=True), "account work")


async def test_a_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = types.ModuleType("keyring.errors")
    errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]
    ring = types.ModuleType("keyring")
    ring.errors = errors  # type: ignore[attr-defined]
    ring.get_password = lambda service, user: CANARY if user == "ann" else None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", ring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    assert await password(SmtpTable(host="h.example", username="ann", keyring=True), "account work") == CANARY
    with pytest.raises(SecretError, match="run `keyring set coldask bob`"):
        await password(SmtpTable(host="h.example", username="bob", keyring=True), "account work")


async def test_a_token() -> None:
    source = SecretSource(token_command=["echo", CANARY])
    assert await token(source, "account work") == CANARY
    with pytest.raises(SecretError, match="logs in by token_command"):
        await password(source, "account work")
    with pytest.raises(SecretError, match="no token_command"):
        await token(SecretSource(password_env="X"), "account work")


def test_the_local_password_is_made_once_and_private(tmp_path: Path) -> None:
    store = tmp_path / "folder" / "coldask.db"
    mask = os.umask(0)
    try:
        made = local_password(store)
    finally:
        os.umask(mask)
    assert len(made) >= 20 and local_password(store) == made
    file = store.with_name("coldask.db.password")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert list(file.parent.iterdir()) == [file]
    file.chmod(0o644)
    with pytest.raises(SecretError, match="can be read by others"):
        local_password(store)


def test_a_local_password_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SecretError, match="cannot be made"):
        local_password(tmp_path / "file" / "coldask.db")


def test_certificates_are_checked(tmp_path: Path) -> None:
    table = SmtpTable(host="h.example", username="ann", password_env="X")
    context = ssl_context(table)
    assert context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    for bad in (tmp_path / "none.pem", tmp_path):
        with pytest.raises(ConfigError, match="holds no certificate"):
            ssl_context(table.model_copy(update={"ca_file": str(bad)}))


def test_words_for_tls() -> None:
    assert tls_words(OSError("x"), "h.example") == ""
    assert tls_words(None, "h.example") == ""
    assert "handshake failed" in tls_words(ssl.SSLError(1, "x"), "h.example")
