"""Which plots the page shows, each with its heading, legend and what to read in it."""

from collections import Counter
from collections.abc import Callable
from typing import Final

from models.past import Tie
from proxy.cli.page.answers import answers
from proxy.cli.page.bars import stacked
from proxy.cli.page.people import people_bars
from proxy.cli.page.svg import Series, escaped, legend
from proxy.history.rhythm import Rhythm
from proxy.history.summary import COLLEAGUE, MACHINE, TOLD, Month
from proxy.history.timeline import Timeline

# The closest first; colours by class, see style.css.
TIES: Final = {
    **{tie.value: tie.value for tie in reversed(Tie)},
    COLLEAGUE: "colleagues",
    MACHINE: "mailings, machines",
}


def by_tie(line: Timeline) -> str:
    """Mail over time, by how its sender stood to the owner when it came."""
    series = _series(line, TIES, lambda month, key: month.ties[key])
    sent = Series("sent", "you wrote", tuple(p.month.outgoing for p in line.periods))
    plot = stacked("Mail by tie", line.periods, series, sent if any(sent.values) else None)
    shown = [*series, *([sent] if any(sent.values) else [])]
    about = f"What came in, a bar a {line.unit}, by how its sender stood to you at that moment."
    return _figure("Mail by tie", about, plot, legend(shown))


def by_verdict(line: Timeline) -> str:
    """What would have been filed, held, or left in doubt, over time."""
    names = {d.value: word for d, word in TOLD.items()}
    series = _series(
        line, names, lambda month, key: sum(n for d, n in month.became.items() if d.value == key)
    )
    about = f"What coldask would have done, a bar a {line.unit}. All other mail stays as it is."
    if not series:
        return _figure("Filed and held", about, _nothing("Nothing would have been filed or held."), "")
    return _figure("Filed and held", about, stacked("Filed and held", line.periods, series), legend(series))


def of_answers(rhythm: Rhythm) -> str:
    """How long the owner and the others take to answer."""
    about = "How long answers took, on a scale that grows by factors: yours upwards, theirs downwards."
    if not rhythm.own and not rhythm.others:
        return _figure("Reply rhythm", about, _nothing("Nobody answered anybody here."), "")
    key = [
        Series("own", "you answered", (len(rhythm.own),)),
        Series("others", "they answered", (len(rhythm.others),)),
    ]
    return _figure("Reply rhythm", about, answers(rhythm), legend(key))


def of_people(people: Counter[str]) -> str:
    """How everybody stands to the owner in the end."""
    series = [Series(f"t-{key}", name, (people[key],)) for key, name in TIES.items() if people[key]]
    about = "How everybody in this mailbox stands to you after its last mail; each person once."
    if not series:
        return _figure("People", about, _nothing("There is nobody but you."), "")
    return _figure("People", about, people_bars(series), "")


def _series(line: Timeline, names: dict[str, str], count: Callable[[Month, str], int]) -> list[Series]:
    """A series a name, without those that are empty."""
    found = [
        Series(f"t-{key}", name, tuple(count(p.month, key) for p in line.periods))
        for key, name in names.items()
    ]
    return [one for one in found if any(one.values)]


def _nothing(text: str) -> str:
    return f'<p class="nothing">{escaped(text)}</p>'


def _figure(title: str, about: str, plot: str, key: str) -> str:
    return (
        f"<figure><h2>{escaped(title)}</h2><figcaption>{escaped(about)}</figcaption>{key}"
        f'<div class="plot">{plot}</div></figure>'
    )


def shown(title: str, about: str, plot: str) -> str:
    """A plot under its heading, without a legend."""
    return _figure(title, about, plot, "")
