"""What turns words to the reader or takes them away: the frames around an ask, within its sentence."""

import re
from functools import cache
from typing import Final, NamedTuple

from classifier.signals.phrasing import Hit, Phrases, load

_CERTAINTY: Final = {
    "request": 0.92, "soft": 0.8, "conditional": 0.8, "gerund": 0.85, "want": 0.85, "have": 0.82,
    "give": 0.82, "after": 0.8, "offer": 0.0, "claimed": 0.4, "dropped": 0.0,
}  # fmt: skip

# A frame reaches this many characters of plain text, and not over the end of a question before it.
_REACH: Final = 130

# "please find attached", "could you believe": frames that ask nothing.
_EMPTY: Final = re.compile(
    r"(?<![^ ])(?:please|kindly) (?:find|see|note|accept|excuse|forgive|ignore|disregard|feel free|do not hesitate|be "
    r"(?:aware|advised|assured)|refer to)|(?:would|can|could) you believe|(?:will|would) you be (?:at|there|in|home|coming)"
)

_LEAD: Final = re.compile(
    r"^ (?:(?:hi|hello|hey|so|and|also|but|ps|p|s|oh|well|then|just|maybe|perhaps|now|ok|okay|anyway|please|kindly|or|"
    r"first|second|third|\d+|[.,:;/()-]) |(?:[a-z']+ ){1,3}, )*$"
)
_CLAUSE: Final = re.compile(r"(?:[;:] |- |\. |, (?:and|then|so|please|just|or) |and (?:please |then )?|or |then |, )$")


class Frame(NamedTuple):
    """A frame found: its section in frames.txt, how sure it makes an ask, and its place."""

    section: str
    certainty: float
    start: int
    end: int


@cache
def _frames() -> Phrases:
    return load("frames", _CERTAINTY)


def frames_in(plain: str) -> tuple[Frame, ...]:
    """The frames of a sentence in order of where they end."""
    empty = [m.span() for m in _EMPTY.finditer(plain)]
    found = [
        Frame(h.section, h.certainty, h.start, h.end)
        for h in _frames().find(plain)
        if not any(start <= h.start < end for start, end in empty)
    ]
    return tuple(sorted(found, key=lambda f: (f.end, -f.start)))


def frame_before(frames: tuple[Frame, ...], hit: Hit) -> Frame | None:
    """The frame that governs the words found: of those that end before them, the nearest; the surest of equals."""
    before = [f for f in frames if f.section != "after" and f.start < hit.start and f.end <= hit.start + 1]
    overlapping = [f for f in frames if f.section in ("offer", "dropped", "claimed", "give", "want", "have")
                   and f.start < hit.start < f.end <= hit.end]  # fmt: skip
    near = [f for f in (*before, *overlapping) if hit.start - f.end < _REACH]
    if not near:
        return None
    latest = max(f.end for f in near)
    return max((f for f in near if f.end >= latest - 12), key=_rank)


def _rank(frame: Frame) -> tuple[int, float]:
    # Of frames that end together, what takes an ask away speaks first.
    return (frame.section in ("dropped", "offer", "claimed"), frame.certainty)


def taken_back(frames: tuple[Frame, ...], hit: Hit) -> bool:
    """Whether a frame before, or around the first word, says that these words ask nothing."""
    frame = frame_before(frames, hit)
    return frame is not None and frame.section in ("offer", "dropped")


def imperative_at(plain: str, position: int) -> bool:
    """Whether a verb at this place commands: it begins the sentence, or a clause after a lead-in."""
    lead = plain[:position]
    return bool(_LEAD.match(lead)) or bool(_CLAUSE.search(lead[-14:]))
