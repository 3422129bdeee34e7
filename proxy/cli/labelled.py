"""Labelled mail out of a file of JSON lines: letters with their history, or paths as `check --batch` takes them."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

from classifier.hearing import Ear
from classifier.training.corpus import Sample, sample
from models.errors import ColdaskError, UsageError
from models.mail import Mail
from models.verdict import IncomingVerdict, OutgoingVerdict
from proxy.cli.batch import Histories, judge_case, read_bytes
from proxy.history.evaluation import Graded
from proxy.history.quality import POSITIVE
from proxy.history.samples import Situations

_STOPPED = (POSITIVE, "file", "hold", "warn")
_FORM = (
    'write {"path": "letter.eml", "label": "cold_ask" or another word, "past": …, "owner": […]}, or a letter with '
    "mail, past, owner, now, direction and expected"
)


class Line(NamedTuple):
    """One line of the file: a letter, or a case whose mail lies in a file."""

    number: int
    row: dict[str, Any]
    letter: Sample | None


def read_lines(path: str) -> list[Line]:
    """The labelled mails of a file. Raises UsageError naming file and line for whatever is wrong in it."""
    found = []
    for number, line in enumerate(read_bytes(path).decode("utf-8", "replace").splitlines(), 1):
        if line.strip():
            try:
                found.append(_line(number, line))
            except (ValueError, RecursionError) as fault:
                raise UsageError(f"{path}, line {number}: {fault}; {_FORM}.") from None
    if not found:
        raise UsageError(f"{path} holds no labelled mail; {_FORM}.")
    return found


def _line(number: int, line: str) -> Line:
    try:
        row = json.loads(line)
    except ValueError:
        raise ValueError("it is no JSON") from None
    if not isinstance(row, dict):
        raise ValueError("it is no JSON object")
    if "mail" in row:
        return Line(number, row, sample(row))
    if not isinstance(row.get("path"), str) or not isinstance(row.get("label"), str):
        raise ValueError("it has no path and label")
    return Line(number, row, None)


async def graded(
    path: str, lines: list[Line], internal: list[str], ear: Ear | None, on_bad: Callable[[str], None]
) -> AsyncIterator[Graded]:
    """Each mail judged hermetically. `on_bad` gets a sentence for one that cannot be; the others go on."""
    async with Situations(internal) as situations, Histories() as histories:
        for line in lines:
            try:
                if line.letter is not None:
                    yield await _of_letter(line.letter, situations, ear)
                else:
                    yield await _of_case(line, internal, histories, ear)
            except ColdaskError as fault:
                on_bad(f"{path}, line {line.number}: {fault}")


async def _of_letter(letter: Sample, situations: Situations, ear: Ear | None) -> Graded:
    situation = await situations.of(letter)
    verdict = situation.judged(ear)
    return _graded(
        verdict, letter.id, letter.expected, letter.family, situation.mail.own_text,
        wanted=letter.wanted, accepted=letter.also_ok, tie=letter.tie,
        rules=letter.rules, sender=_who(situation.mail), subject=situation.mail.subject,
    )  # fmt: skip


async def _of_case(line: Line, internal: list[str], histories: Histories, ear: Ear | None) -> Graded:
    row = line.row
    mail, verdict = await judge_case(row, internal, histories, ear)
    kind = row.get("kind") or row.get("family") or ""
    return _graded(
        verdict, str(row.get("id") or row["path"]), row["label"], str(kind), mail.own_text,
        wanted=row["label"] in _STOPPED, sender=_who(mail), subject=mail.subject,
    )  # fmt: skip


def _who(mail: Mail) -> str:
    return mail.sender.address if mail.sender else "?"


def _graded(
    verdict: IncomingVerdict | OutgoingVerdict, name: str, label: str, kind: str, text: str, *,
    wanted: bool, sender: str, subject: str, accepted: tuple[str, ...] = (), tie: str = "",
    rules: tuple[str, ...] = (),
) -> Graded:  # fmt: skip
    if isinstance(verdict, IncomingVerdict):
        probability = verdict.probability
    else:
        stopping = (f.certainty for f in verdict.findings if f.effect.value in ("hold", "warn"))
        probability = max(stopping, default=0.0)
    found = tuple(dict.fromkeys(f.rule for f in verdict.findings if f.effect.value != "off"))
    return Graded(
        id=name, wanted=wanted, label=label, accepted=accepted, kind=kind, tie=tie,
        disposition=verdict.disposition, probability=probability, reason=verdict.reason,
        sender=sender, subject=subject, text=text, rules=rules, found=found,
    )  # fmt: skip
