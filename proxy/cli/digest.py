"""The digest of filed mail: a day's or a week's on one screen, what deserves a look first."""

from datetime import datetime
from typing import Any, Final

from proxy.cli.render import safe, share

LINES: Final = 14  # mails named of those filed
DOUBTFUL: Final = 4  # … of the unsure
_WIDTH: Final = 96  # columns of a line
_STATES: Final = {
    "returned": "moved back by you",
    "gone": "gone",
    "stayed": "left in the inbox",
    "moving": "on its way",
}


def digest_text(found: dict[str, Any], span: str) -> str:
    """The digest for a person, 24 lines at most. `span`: "day" or "week"."""
    filed, unsure = found["filed"], found["unsure"]
    if not filed and not unsure:
        return f"In the last {span} nothing was filed, and nothing was left in doubt."
    lines = [_head(found, span)]
    if filed:
        lines += ["", *(_line(row) for row in filed[:LINES])]
        if len(filed) > LINES:
            lines.append(f"… and {len(filed) - LINES} more, surer ones: `coldask asks`")
    if unsure:
        lines += ["", "Unsure, in your inbox:", *(_line(row) for row in unsure[:DOUBTFUL])]
        if len(unsure) > DOUBTFUL:
            lines.append(f"… and {len(unsure) - DOUBTFUL} more: `coldask asks --unsure`")
    return "\n".join(lines)


def _head(found: dict[str, Any], span: str) -> str:
    count = len(found["filed"])
    kinds = ", ".join(f"{n} {kind or 'without a named ask'}" for kind, n in found["kinds"].items())
    others = [f"{n} {_STATES[state]}" for state, n in found["states"].items() if state in _STATES]
    told = f" ({kinds})" if kinds else ""
    what = "Cold asks" if "stayed" in found["states"] else "Filed"  # the watching mode files nothing
    return f"{what} in the last {span}: {count}{told}" + (f"; {', '.join(others)}" if others else "") + "."


def _line(row: dict[str, Any]) -> str:
    when = datetime.fromisoformat(row["filed_at"]).astimezone()
    quote = row["asks"][0]["quote"] if row["asks"] else row["subject"]
    kind = row["asks"][0]["ask"] if row["asks"] else "no ask named"
    head = f"{row['id']:<5} {when:%a %H:%M} {share(row['probability']):>8}  {safe(row['from'])[:32]}"
    text = f"{head}  {kind}: “{safe(quote)}”"
    return text if len(text) <= _WIDTH else text[: _WIDTH - 2].rstrip() + "…”"
