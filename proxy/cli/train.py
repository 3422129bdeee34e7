"""`coldask train`: the user's own model fitted to their corrections, or the top layer to a corpus."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.errors import UsageError
from proxy.cli.options import Config, Json, config_file, run_async
from proxy.cli.render import print_json, say, tell

if TYPE_CHECKING:
    from classifier.training.corpus import Sample

Undo = Annotated[bool, typer.Option("--undo", help="Use the model before the last fitting again.")]
Corpus = Annotated[
    str | None,
    typer.Option(
        "--corpus",
        metavar="DIR",
        help="Fit the top layer to a folder of letters-*.jsonl.",
        show_default=False,
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        "--out", metavar="DIR", help="With --corpus: write what was fitted there.", show_default=False
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("train")(train)


def train(
    undo: Undo = False, corpus: Corpus = None, out: Out = None, config: Config = None, json: Json = False
) -> None:
    """Fit your own model to what you moved in and out of Cold Asks, and say what changed.

    The service does so by itself when corrections have come. Each correction has a bounded weight, and the model
    moves no verdict far from the shipped one. --undo takes the last fitting back, with the corrections it took in,
    until the next `coldask train`. --corpus fits how signs, ear and thresholds stand together to labelled letters:
    for whoever works on coldask; your own model is not touched.

    Example: coldask train --undo
    """
    if corpus is not None:
        if undo:
            raise UsageError("--undo takes back what was fitted to your corrections; leave --corpus out.")
        _from_corpus(Path(corpus).expanduser(), Path(out).expanduser() if out else None, json=json)
        return
    if out is not None:
        raise UsageError("--out says where to write what --corpus fits; your own model lies in the store.")
    from proxy.cli.door import ask

    found = run_async(ask(config_file(config), "train", {"undo": undo}))
    if json:
        print_json(found)
    else:
        _show_undone(found) if undo else _show(found)


def _show(found: dict[str, Any]) -> None:
    if not found["lessons"]:
        say("There is nothing to learn from: no mail was moved in or out of Cold Asks whose text decides.")
        return
    if not found.get("changed", True):
        say(f"Nothing new: the model in use is fitted to {_corrections(found['lessons'])} already.")
        return
    say(
        f"Fitted to {_corrections(found['lessons'])}: {found['cold']} cold, {found['not_cold']} not; "
        f"together they weigh {found['weight']:g}."
    )
    say(f"Judged as you said: {found['right_before']} of them before, {found['right_now']} now.")
    if found["file_above"] != found["file_above_before"]:
        say(
            f"Filed from a certainty of {found['file_above']:.0%} on; before it was {found['file_above_before']:.0%}."
        )
    for one in found["leanings"]:
        say(f"  {one['sign']}: {'colder' if one['weight'] > 0 else 'warmer'} ({one['weight']:+.2f})")
    tell("`coldask train --undo` takes it back.")


def _show_undone(found: dict[str, Any]) -> None:
    if not found["undone"]:
        say("There is nothing to take back: the shipped model judges alone.")
        return
    now = (
        f"the model of {found['in_use'][:10]} is in use"
        if found["in_use"]
        else "the shipped model judges alone"
    )
    count = found["set_aside"]
    aside = f"{_corrections(count)} {'is' if count == 1 else 'are'} set aside"
    say(f"Taken back: {now}. {aside}; `coldask train` takes {'it' if count == 1 else 'them'} in again.")


def _corrections(count: int) -> str:
    return "1 correction" if count == 1 else f"{count} corrections"


def _from_corpus(corpus: Path, out: Path | None, *, json: bool) -> None:
    from classifier.training.corpus import letters

    try:
        samples = [one for one in letters(corpus) if not one.outgoing] if corpus.is_dir() else []
    except (ValueError, OSError) as fault:
        raise UsageError(f"The letters in {corpus} cannot be read: {fault}.") from None
    if not samples:
        raise UsageError(f"{corpus} holds no letters-*.jsonl with incoming letters; name a folder that does.")
    if out is not None and not out.is_dir():
        raise UsageError(f"There is no folder {out}; make it first.")
    made, background, figures = run_async(_fitted(corpus, samples))
    if out is not None:
        (out / f"top-{figures['ear']}.json").write_bytes(made)
        (out / "background.bin").write_bytes(background)
        tell(
            f"Written to {out}: top-{figures['ear']}.json and background.bin. coldask goes on judging by what ships: "
            "MIXES in classifier/judge/weighing.py and TABLE in classifier/signals/agreement.py are set by hand from "
            "the first, classifier/weights/background.bin is the second."
        )
    print_json(figures) if json else say(made.decode().rstrip())


async def _fitted(corpus: Path, samples: "list[Sample]") -> tuple[bytes, bytes, dict[str, Any]]:
    """The top layer and the background as bytes, and the figures. Raises UsageError."""
    import json as lines

    from classifier.hearing import shipped
    from classifier.judge.incoming import learnable, opened
    from classifier.judge.taste import Features
    from classifier.training import top
    from classifier.training.taste import background_of
    from proxy.cli.progress import Progress
    from proxy.encoder import installed_ear
    from proxy.history.samples import Situations

    ear = installed_ear(tell) or shipped()
    if ear is None:
        raise UsageError(
            "There is no ear to fit the top layer to: the core's weights are damaged. Install coldask again."
        )
    seen, features = list[top.Seen](), list[Features]()
    heard: list[top.Heard] = []
    async with Situations() as situations:
        with Progress("listening") as progress:
            progress.total = len(samples)
            for number, one in enumerate(samples, 1):
                situation = await situations.of(one)
                case = opened(situation.mail, situation.past, ear)
                if case is not None and case.mail.heard is not None:
                    seen.append(top.seen(case, wanted=one.wanted, group=one.author or one.topic))
                    heard += top.heard(case.mail, one.asks)
                    lesson = learnable(case.mail, situation.past)
                    features += [lesson.features] if lesson is not None and not one.held else []
                progress.at(number)
    try:
        made = top.fit(ear.name, seen, heard).document()
    except ValueError as fault:
        raise UsageError(f"Nothing can be fitted to {corpus}: {fault}.") from None
    figures = {"letters": len(seen), "sentences": len(heard), **lines.loads(made)}
    return made, background_of(features), figures
