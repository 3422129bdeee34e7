"""What turns words to the reader or takes them away: the frames around an ask, within its sentence."""

import re
from functools import cache
from typing import Final, NamedTuple

from classifier.signals.phrasing import Hit, Phrases, load

_CERTAINTY: Final = {
    "request": 0.92, "soft": 0.8, "conditional": 0.8, "gerund": 0.85, "want": 0.85, "have": 0.82,
    "give": 0.82, "after": 0.8, "offer": 0.0, "claimed": 0.0, "dropped": 0.0,
}  # fmt: skip

# Frames after which the words ask nothing: an offer, somebody else's ask, thanks, a negation; and what the
# reader has offered or asked for already.
_TAKE_BACK: Final = frozenset({"offer", "dropped", "claimed"})

# Which frames turn an act to the reader, by the form of its verb.
_FITS: Final = {
    "base": frozenset({"request", "soft", "conditional", "have", "give"}),
    "past": frozenset({"conditional"}),
    "ing": frozenset({"gerund"}),
    "third": frozenset({"soft", "have"}),
}

_REACH: Final = 130  # characters of plain text that a frame reaches over
_TOGETHER: Final = 12  # frames that end this near to one another speak together

# "please find attached", "could you believe": frames that ask nothing.
_EMPTY: Final = re.compile(
    r"(?<![^ ])(?:please|kindly) (?:find|see|note|accept|excuse|forgive|ignore|disregard|feel free|do "
    r"not hesitate|be "
    r"(?:aware|advised|assured)|refer to)|(?:would|can|could) you believe|(?:will|would) you be (?:at"
    r"|there|in|home|coming)"
)
_LEAD: Final = re.compile(
    r"^ (?:(?:hi|hello|hey|so|and|also|but|ps|p|s|oh|well|then|just|simply|maybe|perhaps|now|ok|okay"
    r"|anyway|please|"
    r"kindly|or|first|second|third|\d+|[.,:;/()-]) |(?:[a-z']+ ){1,3}, )*$"
)
_CLAUSE: Final = re.compile(
    r"(?:[;:] |- |\. |, (?:and|then|so|please|just|or) |and (?:please |then |just )?|or |then |, )$"
)


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
    hits = _frames().find(plain)
    empty = [m.span() for m in _EMPTY.finditer(plain)] if hits else []
    found = [
        Frame(h.section, h.certainty, h.start, h.end)
        for h in hits
        if not any(start <= h.start < end for start, end in empty)
    ]
    return tuple(sorted(found, key=lambda f: (f.end, -f.start)))


def _governing(frames: tuple[Frame, ...], hit: Hit) -> list[Frame]:
    """The frames that govern words found: of those before, or around their first word, the nearest."""
    near = [
        f
        for f in frames
        if f.section != "after"
        and (f.end <= hit.start + 1 if f.start < hit.start else False)
        and hit.start - f.end < _REACH
    ]
    around = [
        f for f in frames if f.section != "after" and f.start < hit.start < f.end - 1 and f.end <= hit.end
    ]
    if around:
        near += around
    if not near:
        return []
    latest = max(f.end for f in near)
    return [f for f in near if f.end >= latest - _TOGETHER]


def asked_of(frames: tuple[Frame, ...], hit: Hit, form: str) -> float | None:
    """How sure the frames before an act make it, its verb in this form; None where none stands before."""
    governing = _governing(frames, hit)
    if not governing:
        return None
    if any(f.section in _TAKE_BACK for f in governing):
        return 0.0
    return max((f.certainty for f in governing if f.section in _FITS[form]), default=0.0)


def wanted(frames: tuple[Frame, ...], hit: Hit) -> float | None:
    """How sure the frames before a thing make it an ask; None where there is no frame before."""
    governing = _governing(frames, hit)
    if not governing:
        return None
    if any(f.section in _TAKE_BACK for f in governing):
        return 0.0
    return max(
        min(f.certainty, 0.78) if f.section in ("soft", "conditional") else f.certainty for f in governing
    )


def welcomed(frames: tuple[Frame, ...], hit: Hit) -> bool:
    """Whether words such as "would be great" follow soon after."""
    return any(f.section == "after" and f.start >= hit.end - 1 and f.start - hit.end < 60 for f in frames)


def taken_back(frames: tuple[Frame, ...], hit: Hit) -> bool:
    """Whether a frame before, or around the first word, says that these words ask nothing."""
    return any(f.section in _TAKE_BACK for f in _governing(frames, hit))


def bare_request(frames: tuple[Frame, ...], plain: str) -> bool:
    """Whether a sentence asks the reader to do what was named before: "would you?", "if you wrote one"."""
    asked = any(
        f.section in ("request", "conditional", "soft", "gerund")
        and f.certainty >= 0.8
        and " you " in plain[f.start - 1 : f.end]
        and _PRONOUN.match(plain[f.end :])
        for f in frames
    )
    return asked or bool(_BARE.match(plain))


_PRONOUN: Final = re.compile(
    r"(?:(?:perhaps|please|maybe|kindly|also|just|possibly) )?(?:do|did|write|wrote|give|gave|send|sent"
    r"|spare|spared|manage|managed|"
    r"arrange|arranged|consider|pen|penned|contribute|contributed|lend|lent|find|found|think about"
    r"|thought about)"
    r"(?: (?:me|us|to|for|with|one|it|that|this|some|so|out))* [.?!,(-]"
)
_BARE: Final = re.compile(
    r"^ (?:[a-z]+ , )?(?:would you|could you|will you|would you (?:please|perhaps|possibly)|would you be "
    r"(?:up for|open to|willing to do|game for) (?:it|that|this)|"
    r"what do you say|are you (?:in|game|up for it)|could i hope for (?:that|one|it)|(?:can|could|may"
    r"|might) (?:i|we) (?:count|rely) on you) [?!.]"
)


def imperative_at(plain: str, position: int) -> bool:
    """Whether a verb at this place commands: it begins the sentence, or a clause after a lead-in."""
    lead = plain[:position]
    return bool(_LEAD.match(lead)) or bool(_CLAUSE.search(lead[-14:]))
