"""The list of held mail, and the page of one: the words in question, marked in its text."""

from pathlib import Path

import pytest

from classifier.reading.read import read_mail
from models.mail import Envelope
from models.settings import Settings
from models.verdict import Disposition
from proxy.cli.held_page import _show_text, list_line
from proxy.desk import Desk
from proxy.desk.held import held_list
from proxy.journal import Journal
from proxy.store.database import Store
from proxy.store.warned import record_warning
from tests.proxy.held_samples import NOW, OWNER, SUE, raw_mail, verdict


async def test_what_guard_would_have_held_is_told_from_what_was_warned_of() -> None:
    """Else the list says nothing of what the first week, in observe mode, is for."""
    async with await Store.open(None) as store:
        for disposition in (Disposition.HOLD, Disposition.WARN):
            await record_warning(
                store,
                account="work",
                envelope=Envelope(sender=OWNER, recipients=(SUE,)),
                mail=read_mail(raw_mail()),
                verdict=verdict(SUE, disposition=disposition),
                now=NOW,
            )
        rows = await held_list(Desk(Settings(), Path(), store, lambda: NOW, Journal()), warnings=True)
    assert [(r["state"], r["disposition"]) for r in rows] == [("passed", "hold"), ("passed", "warn")]
    assert [list_line(r).partition("  ")[2][:12] for r in rows] == ["would hold  ", "warned      "]
    older = [{name: value for name, value in r.items() if name != "disposition"} for r in rows]  # service
    assert [list_line(r).partition("  ")[2][:12] for r in older] == ["passed      "] * 2


@pytest.mark.parametrize(
    ("quotes", "line"),
    [
        (["introduce me", "introduce me"], "Please >>introduce me<< to your CEO today."),
        (["introduce me to your CEO", "CEO"], "Please >>introduce me to your CEO<< today."),
        (["me to your", "your CEO"], "Please introduce >>me to your CEO<< today."),
        (["Please", "today."], ">>Please<< introduce me to your CEO >>today.<<"),
        (["not in it", ""], "Please introduce me to your CEO today."),
    ],
)
def test_words_are_marked_once(quotes: list[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    _show_text("Please introduce me to your CEO today.", quotes)
    assert capsys.readouterr().out == f"  | {line}\n"
