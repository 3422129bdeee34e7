"""Other filters on the same letters: bogofilter, SpamBayes, rspamd's Bayes, and the rule "file every stranger".

Two tables: each author's letters by filters trained on the other authors' and by coldask without its ears, which have
read them; and the letters no shipped model has read, by the same filters and by coldask as it ships. Usage: python
bench/peers.py [--spambayes DIR] [--unread] [--write]; what is not installed is left out in words. `--unread` makes the
second table alone. `--write` puts what was made into docs/peers.md.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded, as proxy/__main__.py does
sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.filters import Peer, installed
from classifier.hearing import Ear, Unheard, shipped
from classifier.hearing.ear import Place, Scores
from classifier.reading.read import read_mail
from classifier.training.corpus import Sample, letters
from models.verdict import Disposition, IncomingVerdict
from proxy.encoder import place
from proxy.encoder.ear import load
from proxy.history.evaluation import Evaluation, Graded
from proxy.history.samples import Situation, Situations

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "peers.md"
UNREAD = ("author39", "author40")  # whom no model that ships has read (docs/model-card.md, "Data")
ALLOWED = 0.01  # of the mails that belong in the inbox, wrongly filed
_WIDE = 118  # characters of a line of the page
_WARMED = 10  # letters judged before the clock runs: what is loaded at first use is loaded then


class Deaf:
    """The ear of who judges by signs alone."""

    name = "nobody"

    def scores(self, subject: str, text: str, sentences: Sequence[Place]) -> Scores:
        raise Unheard


class Split(NamedTuple):
    """Letters to learn from, and letters to judge."""

    taught: list[Sample]
    asked: list[Sample]


class Known(NamedTuple):
    """A letter and what its history tells."""

    sample: Sample
    situation: Situation


class Result(NamedTuple):
    name: str
    graded: list[Graded]
    seconds: float  # to judge all of them, training left out


def split(samples: Sequence[Sample], authors: Sequence[str]) -> Split:
    """The letters of these authors are asked, those of all others taught. Raises SystemExit where one has none."""
    if missing := set(authors) - {s.author for s in samples}:
        raise SystemExit(f"The corpus has no incoming letter of {', '.join(sorted(missing))}.")
    return Split([s for s in samples if s.author not in authors], [s for s in samples if s.author in authors])


def measured(peer: Peer, splits: Sequence[Split]) -> Result:
    """The letters of each split by the filter trained on what the split teaches."""
    graded, seconds = list[Graded](), 0.0
    for taught, asked in splits:
        peer.train(taught)
        ready = peer.ready(asked)
        started = time.perf_counter()
        scores = peer.scores(ready)
        seconds += time.perf_counter() - started
        graded += [
            grade(s, score, by_cuts(score, *peer.cuts)) for s, score in zip(asked, scores, strict=True)
        ]
    return Result(peer.name, graded, seconds)


def by_cuts(score: float, file_above: float, unsure_above: float) -> Disposition:
    if score >= file_above:
        return Disposition.FILE
    return Disposition.UNSURE if score >= unsure_above else Disposition.KEEP


def grade(sample: Sample, score: float, disposition: Disposition) -> Graded:
    return Graded(
        id=sample.id, wanted=sample.wanted, label=sample.expected, accepted=sample.also_ok, kind=sample.family,
        tie=sample.tie, disposition=disposition, probability=score, reason="", sender="", subject="", text="",
    )  # fmt: skip


async def known_of(samples: Sequence[Sample]) -> list[Known]:
    """The letters with the history that comes with each, read before the clock runs."""
    async with Situations() as situations:
        return [Known(sample, await situations.of(sample)) for sample in samples]


def coldask(name: str, ear: Ear, letters_known: Sequence[Known]) -> Result:
    """coldask's whole verdicts, from the bytes of each mail, with this ear."""
    for _, situation in letters_known[-_WARMED:]:
        situation.judged(ear)
    graded, seconds = list[Graded](), 0.0
    for sample, situation in letters_known:
        raw = sample.raw
        started = time.perf_counter()
        verdict = situation._replace(mail=read_mail(raw)).judged(ear)
        seconds += time.perf_counter() - started
        assert isinstance(verdict, IncomingVerdict)
        graded.append(grade(sample, verdict.probability, verdict.disposition))
    return Result(f"coldask, {name}", graded, seconds)


def strangers(letters_known: Sequence[Known]) -> Result:
    """The rule "file every stranger", by the same history."""
    graded = []
    for sample, situation in letters_known:
        sender = situation.mail.sender
        unknown = float(sender is not None and situation.past.stranger(sender.address))
        graded.append(grade(sample, unknown, by_cuts(unknown, 0.5, 0.5)))
    return Result("file every stranger", graded, 0.0)


def ears() -> dict[str, Ear]:
    """Those coldask can judge with here, by the words for each; of one that is missing a sentence on stderr."""
    found: dict[str, Ear] = {"signs alone": Deaf()}
    if core := shipped():
        found["with the core"] = core
    else:
        print("The core is left out: its weights are damaged (coldask doctor).", file=sys.stderr)
    try:
        found["with the encoder"] = load(place.folder())
    except ValueError as fault:
        print(f"The encoder is left out: {fault} (coldask encoder install).", file=sys.stderr)
    return found


def within_bounds(graded: Sequence[Graded]) -> float:
    """The share of the cold asks that the best cut would file with 1 in 100 of the others."""
    others = sum(not g.wanted for g in graded)
    best, hits, wrong = 0, 0, 0
    ranked = sorted(graded, key=lambda g: -g.probability)
    for at, one in enumerate(ranked):
        hits, wrong = hits + one.wanted, wrong + (not one.wanted)
        last = at + 1 == len(ranked) or ranked[at + 1].probability < one.probability
        if wrong > ALLOWED * others:
            break
        best = hits if last else best
    return best / sum(g.wanted for g in graded)


def row(result: Result) -> str:
    found = Evaluation(tuple(result.graded))
    count = len(result.graded)
    unsure = sum(g.disposition is Disposition.UNSURE for g in result.graded)
    wrong = sum(g.disposition is Disposition.FILE and not g.wanted for g in result.graded)
    cells = [
        result.name,
        f"{found.hits} of {found.wanted}",
        f"{wrong} of {count - found.wanted}",
        str(unsure),
        *(
            "-" if v is None else f"{v:.3f}"
            for v in (found.precision, found.recall, found.average_precision, found.cost)
        ),
        f"{within_bounds(result.graded):.3f}",
        f"{1000 * result.seconds / count:.1f}" if result.seconds else "-",
    ]
    return f"| {' | '.join(cells)} |"


HEAD = (
    "| filter | cold asks filed | wrongly filed | unsure | precision | recall | average precision | cost a mail "
    "| recall with 1 in 100 wrong | ms a mail |\n|---|---|---|---|---|---|---|---|---|---|"
)


def table(peers: Sequence[Peer], splits: Sequence[Split], own: Mapping[str, Ear]) -> list[str]:
    """The lines of a table: a row for each filter, printed as it is made."""
    rows = [*caption(splits), HEAD]

    def add(result: Result) -> None:
        rows.append(row(result))
        print(rows[-1], flush=True)

    for peer in peers:
        add(measured(peer, splits))
    known = asyncio.run(known_of([s for one in splits for s in one.asked]))
    for name, ear in own.items():
        add(coldask(name, ear, known))
    add(strangers(known))
    return rows


def put(page: str, part: str, lines: Sequence[str]) -> str:
    """The page with these lines between `<!-- part -->` and the end of that part; the rest as it was."""
    before, mark, rest = page.partition(f"<!-- {part} -->\n")
    _, end, after = rest.partition("<!-- end -->")
    if not end:
        raise SystemExit(f"The page has no place for the part {part}.")
    return "".join((before, mark, *(f"{line}\n" for line in lines), end, after))


def caption(splits: Sequence[Split]) -> list[str]:
    """Whose letters a table is about, and how many there were to learn from."""
    asked = [s for one in splits for s in one.asked]
    cold, sizes = sum(s.wanted for s in asked), [len(one.taught) for one in splits]
    learned = " to ".join(f"{size:,}" for size in sorted({min(sizes), max(sizes)}))
    words = (
        f"Letters of {', '.join(dict.fromkeys(s.author for s in asked))}: {cold} to be filed, {len(asked) - cold} that "
        f"belong in the inbox. The other filters learned from {learned} letters of other authors."
    )
    return [*wrap(words, _WIDE), ""]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--spambayes", type=Path, help="folder that bench/spambayes.py made")
    parser.add_argument("--unread", action="store_true", help="only the letters no shipped model has read")
    parser.add_argument("--write", action="store_true", help="put what was made into docs/peers.md")
    given = parser.parse_args()
    samples = [s for s in letters(ROOT / "classifier" / "corpus") if not s.outgoing]
    parts: dict[str, tuple[list[Split], dict[str, Ear]]] = {}
    if not given.unread:
        authors = sorted({s.author for s in samples})
        parts["figures"] = ([split(samples, (author,)) for author in authors], {"signs alone": Deaf()})
    parts["unread"] = ([split(samples, UNREAD)], ears())
    made = dict[str, list[str]]()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
        peers = installed(Path(folder), given.spambayes, ends)
        for part, (splits, own) in parts.items():
            made[part] = table(peers, splits, own)
    if given.write:
        page = PAGE.read_text("utf-8")
        for part, lines in made.items():
            page = put(page, part, lines)
        PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
