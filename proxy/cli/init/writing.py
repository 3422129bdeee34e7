"""The first configuration as text with its reasons, checked before it is written, private from its first byte."""

import contextlib
import json
import os
from pathlib import Path

from models.errors import ConfigError, UsageError
from proxy.cli.init.answers import Answers
from proxy.cli.init.providers import Server
from proxy.config import load_config

_WATCH_ONLY = "# The first week only watches: judged and recorded, nothing held or moved. Then write {then}."


def text_of(known: Answers) -> str:
    """The configuration."""
    servers = [("smtp", known.smtp)] + ([("imap", known.imap)] if known.imap else [])
    parts = [
        "# coldask's configuration, written by `coldask init`. Every other key, with its default and reason, is in",
        "# config.example.toml of the project. `coldask doctor` says whether all of this works.",
        "",
        f"[accounts.{known.name}]",
        f"addresses = {_toml(list(known.addresses))}",
    ]
    for name, server in servers:
        parts += ["", f"[accounts.{known.name}.{name}]", *_server(known, server)]
    parts += ["", "[outgoing]", *_mode(known, "guard"), "", "[incoming]", *_mode(known, "file")]
    if known.domain not in known.provider.domains or not known.provider.name:
        parts += [
            "",
            "[people]",
            "# Your organisation's domains: colleagues are never strangers and never cold.",
        ]
        parts.append(f"# internal_domains = {_toml([known.domain])}")
    return "\n".join(parts) + "\n"


def _server(known: Answers, server: Server) -> list[str]:
    key, value = known.secret
    lines = [
        f"host = {_toml(server.host)}",
        f"port = {server.port}",
        f"security = {_toml(server.security.value)}",
        f"username = {_toml(known.username)}",
        f"{key} = {_toml(value)}",
    ]
    return lines + ([f"ca_file = {_toml(known.ca_file)}"] if known.ca_file else [])


def _mode(known: Answers, then: str) -> list[str]:
    if not known.observe:
        return [f'mode = "{then}"']
    return [_WATCH_ONLY.format(then=f'"{then}"'), 'mode = "observe"']


def _toml(value: object) -> str:
    """A value as TOML; JSON's strings and lists are TOML's too."""
    return json.dumps(value, ensure_ascii=False)


def write(path: Path, known: Answers, *, over: bool) -> None:
    """Write the configuration, and the typed password beside it. Raises UsageError, with nothing changed.

    Never over a file that is there unless `over`; that one is kept as `….old` then.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _private(draft, text_of(known))
        try:
            _check(draft, path)
            if known.typed:
                _put_password(Path(str(known.secret[1])).expanduser(), known.typed, over=over)
            if over and path.exists():
                path.replace(path.with_name(path.name + ".old"))
            path.hardlink_to(draft)  # unlike a rename it never takes another's place
        finally:
            draft.unlink(missing_ok=True)
    except FileExistsError:
        raise UsageError(taken(path)) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None


def taken(path: Path) -> str:
    """The words for a configuration that is there."""
    return f"{path} is there already; name another file with --config, or add --force (the old one is kept)."


def _private(file: Path, text: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def _check(draft: Path, path: Path) -> None:
    """What is written can be read: the schema has the last word. Raises UsageError."""
    from proxy.daemon import check

    try:
        check(load_config(draft))
    except ConfigError as error:
        words = str(error).replace(f"{draft}: ", "").replace(str(draft), str(path))
        raise UsageError(f"This would be no configuration: {words}") from None


def _put_password(file: Path, typed: str, *, over: bool) -> None:
    """Raises UsageError where another password lies there."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.new")
    _private(draft, typed + "\n")
    try:
        if over:
            draft.replace(file)
        else:
            file.hardlink_to(draft)
    except FileExistsError:
        raise UsageError(
            f"{file} is there already and was not touched; move it away, or add --force."
        ) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
