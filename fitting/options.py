"""The options that the fitting scripts share, and the corpus as they choose it."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fitting.letters import CORPUS, Document, documents, labelled
from fitting.mails import mails_of
from proxy.encoder import place


def add_options(parser: argparse.ArgumentParser, *, epochs: int | None, base: bool) -> None:
    """Add them; without epochs for a script that fits nothing, with `base` for one that loads the encoder."""
    add = parser.add_argument
    add("--corpus", type=Path, default=CORPUS, help="folder of letters-*.jsonl and sentences-*.jsonl")
    add("--more", type=Path, nargs="*", default=[], help="files of more letters, of the same form")
    add("--labels", type=Path, help="JSON lines with message_id and label, of real mails")
    add("--labelled", type=Path, nargs="*", default=[], metavar="MAILBOX", help="where those mails are")
    add("--authors-left-out", nargs="*", default=[], metavar="AUTHOR", help="who measures instead: author3")
    add("--letters", type=int, metavar="N", help="the first N letters only, for a trial")
    add("--sentences", type=int, metavar="N", help="the first N sentences only, for a trial")
    add("--threads", type=int, default=2)
    if epochs is not None:
        add("--epochs", type=int, default=epochs)
        add("--seed", type=int, default=1)
    if base:
        add(
            "--base",
            type=Path,
            default=place.folder(),
            help="where `coldask encoder install` put the encoder",
        )
        add("--bf16", action=argparse.BooleanOptionalAction, default=True, help="half precision in matrices")


def labelled_in(mailboxes: Iterable[Path], labels: Path) -> list[Document]:
    """The labelled mails of mailboxes. Raises OSError, ValueError, KeyError."""
    rows = map(json.loads, labels.read_text("utf-8").splitlines())
    known = {row["message_id"]: row["label"] for row in rows}
    return labelled(mails_of(mailboxes, known), known)


async def read_corpus(options: Any) -> list[Document]:
    """The documents that the options name. Ends the script with a sentence where they cannot be read."""
    try:
        found = await documents(options.corpus, options.more, options.letters, options.sentences)
        return found + (labelled_in(options.labelled, options.labels) if options.labels else [])
    except (OSError, ValueError, KeyError) as fault:
        raise SystemExit(f"The corpus in {options.corpus} cannot be read: {fault}.") from None
