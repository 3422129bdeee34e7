"""`check --batch`: one line of JSON in, one out, in order, each flushed before the next is read."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from classifier.hearing import Ear
from models.errors import ColdaskError, UsageError
from models.mail import Mail
from models.past import Owner
from models.verdict import IncomingVerdict, OutgoingVerdict
from proxy.cli.render import print_json, tell
from proxy.encoder import installed_ear
from proxy.history.direction import envelope_of, is_outgoing
from proxy.history.domains import hermetic_owner
from proxy.history.hermetic import history_of, judge_with
from proxy.history.moment import moment_of
from proxy.history.sources import open_source
from proxy.store.database import Store


async def answer_all(internal: list[str]) -> int:
    """Answer every line of stdin; how many had an error."""
    errors, ear = 0, installed_ear(tell)
    async with Histories() as histories:
        for line in sys.stdin.buffer:
            if not line.strip():
                continue
            answer = await _answer(line, internal, histories, ear)
            errors += "error" in answer
            print_json(answer)
    return errors


async def _answer(
    line: bytes, internal: list[str], histories: "Histories", ear: Ear | None
) -> dict[str, Any]:
    number: Any = None
    try:
        case = json.loads(line.decode("utf-8"))
        if not isinstance(case, dict):
            raise UsageError("the line is no JSON object.")
        number = case.get("id")
        _, verdict = await judge_case(case, internal, histories, ear)
        return {"id": number, **verdict_json(verdict)}
    except UnicodeDecodeError as e:
        return {"id": number, "error": f"the line is not UTF-8 text (byte {e.start}); write it as UTF-8."}
    except ValueError as e:
        return {"id": number, "error": f"the line is not JSON that can be read: {e}"}
    except ColdaskError as e:
        return {"id": number, "error": str(e)}
    except RecursionError:
        return {"id": number, "error": "the line is nested too deeply."}


async def judge_case(
    case: dict[str, Any], internal: list[str], histories: "Histories", ear: Ear | None
) -> tuple[Mail, IncomingVerdict | OutgoingVerdict]:
    """The mail of one line, and the hermetic verdict on it. Raises UsageError with words."""
    from classifier.reading.read import read_mail

    raw = read_bytes(_text(case, "path") or "")
    mail = read_mail(raw)
    direction = _text(case, "direction")
    if direction not in (None, "incoming", "outgoing"):
        raise UsageError(f'direction is {direction!r}; write "incoming" or "outgoing".')
    own = _texts(case, "owner")
    if not own and direction == "outgoing":
        own = [m.address for m in mail.senders]
    owner = hermetic_owner(own, internal or _texts(case, "internal"))
    envelope = envelope_of(mail, _texts(case, "rcpt")) if is_outgoing(mail, owner, direction) else None
    now = moment_of(_text(case, "as_of"), mail.date, datetime.now(UTC))
    store = await histories.get(_text(case, "past"), owner)
    return mail, await judge_with(store, mail, owner=owner, now=now, envelope=envelope, ear=ear)


def verdict_json(verdict: Any) -> dict[str, Any]:
    """The JSON of a judgement, its direction first (interface, "JSON of a judgement")."""
    document = verdict.model_dump(mode="json", exclude={"because"})  # `why` tells it
    return {"direction": document.pop("direction"), **document}


def read_bytes(path: str) -> bytes:
    """The bytes of a file the user named. Raises UsageError with words."""
    if not path:
        raise UsageError("no path is given; name the mail's file.")
    try:
        return Path(path).expanduser().read_bytes()
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}.") from None
    except (OSError, ValueError) as e:
        raise UsageError(f"{path} cannot be read: {getattr(e, 'strerror', None) or e}.") from None


def _text(case: dict[str, Any], key: str) -> str | None:
    value = case.get(key)
    if value is not None and not isinstance(value, str):
        raise UsageError(f"{key} is no text.")
    return value


def _texts(case: dict[str, Any], key: str) -> list[str]:
    value = case.get(key) or []
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise UsageError(f"{key} is no list of addresses.")
    return value


class Histories:
    """The last history read, kept for lines that name the same one."""

    def __init__(self) -> None:
        self._key: tuple[str | None, Owner] | None = None
        self._store: Store | None = None

    async def __aenter__(self) -> "Histories":
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._store is not None:
            await self._store.close()

    async def get(self, past: str | None, owner: Owner) -> Store:
        if self._store is None or self._key != (past, owner):
            fresh = await history_of(open_source(past) if past else None, owner)
            if self._store is not None:
                await self._store.close()
            self._key, self._store = (past, owner), fresh
        return self._store
