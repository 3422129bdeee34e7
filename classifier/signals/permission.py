"""The permission a mail carries itself: `[send anyway]` in the subject, or `X-Coldask-Allow: rule (reason)`."""

import re
from typing import Final, NamedTuple

from classifier.reading.width import wide
from models.mail import Mail

HEADER: Final = "x-coldask-allow"
_PIECES: Final = ("[", "send", "anyway", "]")
_GAPS: Final = (r"\s*", r"\s+", r"\s*", "")
MARKER: Final = re.compile(  # each character plain or full-width
    "".join(
        "".join(f"[{re.escape(c)}{wide(c)}]" for c in p) + gap for p, gap in zip(_PIECES, _GAPS, strict=True)
    ),
    re.IGNORECASE,
)
_ALLOWED: Final = re.compile(r"([a-z][a-z-]*[a-z])(?:\s*\(([^()]*)\))?", re.IGNORECASE)


class Carried(NamedTuple):
    """One permission: for a rule, or for every rule where `rule` is empty."""

    rule: str
    reason: str = ""
    quote: str = ""  # the marker as it stands in the subject


def carried(mail: Mail) -> tuple[Carried, ...]:
    """What the mail itself allows, in order; none for nearly every mail."""
    found = []
    if marker := MARKER.search(mail.subject):
        found.append(Carried("", "send anyway", marker[0]))
    for name, value in mail.headers:
        if name == HEADER:
            found += [Carried(m[1].lower(), (m[2] or "").strip()) for m in _ALLOWED.finditer(value)]
    return tuple(found)
