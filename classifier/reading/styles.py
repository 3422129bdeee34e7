"""What attributes of HTML elements say: not shown, or of a zone that a mail program marked."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from classifier.reading.faint import Faint, Ground, faintness
from models.mail import ZoneKind

_STYLE = re.compile(r"style\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]++))", re.I)
_CLASS = re.compile(
    r"(?<![\w-])(?:class|id|data-smartmail|data-marker|type)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]++))",
    re.I,
)
_HIDDEN = re.compile(r"(?<![\w-])hidden(?![\w-])(?!\s*=\s*[\"']?false)", re.I)
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_TELLING = re.compile(
    r"none|hidden|opacity|position|text-indent|(?:max-height|font-size|line-height):\s*0|quote|cite|signature|gmail_attr|preheader"
    r"|appendonsend|divrplyfwd|divider|reference-message|olk_src|zmail|moz-forward",
    re.I,
)
_NOTHING = {"display": ("none",), "visibility": ("hidden",), "opacity": ("0", "0.0", "0%")}
_ZERO = re.compile(r"0+(?:\.0+)?(?:px|pt|em|rem|%)?")
_FAR = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|pt|em|rem|%)?")  # further than any window is wide
_SIDES = ("left", "top", "right", "bottom")
_LOOKS = re.compile(r"font|color|background", re.I)

# Elements in which mail programs put what the sender did not write now.
_QUOTES = (
    "gmail_attr",
    "yahoo_quoted",
    "moz-cite-prefix",
    "protonmail_quote",
    "tutanota_quote",
)
_SIGNATURES = ("gmail_signature", "moz-signature", "protonmail_signature_block", "signature", "x_signature")
_PHONES = ("ms-outlook-mobile-signature", "ms-outlook-ios-signature", "tutanota_signature")
_ZONES = {
    **dict.fromkeys((*_QUOTES, "zmail_extra", "olk_src_body_section", "cite"), ZoneKind.QUOTE),
    **dict.fromkeys((*_SIGNATURES, *_PHONES), ZoneKind.SIGNATURE),
    "moz-forward-container": ZoneKind.FORWARD,
}
# Outlook and Zimbra mark where the quoted mail begins; it goes to the end.
_TO_THE_END = frozenset(
    ("appendonsend", "divrplyfwdmsg", "__divider__", "mail-editor-reference-message-container")
)
_SELECTOR = re.compile(r"[a-z0-9]{0,20}[.#]([\w-]+)")
_AT_RULE = re.compile(r"@[^{};@]*+\{(?:[^{}]*+\{[^{}]*+\})*+[^{}]*+\}")


def _declarations(style: str) -> dict[str, str]:
    pairs = (d.partition(":") for d in style.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}


def _hides(said: Mapping[str, str]) -> bool:
    if any(said.get(name) in values for name, values in _NOTHING.items()):
        return True
    zero = {name for name, value in said.items() if _ZERO.fullmatch(value)}
    if said.get("overflow") == "hidden" and zero & {"height", "max-height", "width", "max-width"}:
        return True
    if said.get("position") in ("absolute", "fixed") and any(_FAR.fullmatch(said.get(s, "")) for s in _SIDES):
        return True
    # Size zero alone is how templates lay out columns (faint.py); a preheader adds a second way of hiding.
    return bool(_FAR.fullmatch(said.get("text-indent", ""))) or {"font-size", "line-height"} <= zero


class Said(NamedTuple):
    """What an element's attributes say."""

    hidden: bool = False
    zone: ZoneKind | None = None
    to_the_end: bool = False  # the quoted mail begins here
    faint: Faint = Faint()


_NOTHING_SAID = Said()


def read_attributes(attributes: str, classes: frozenset[str], ground: Ground) -> Said:
    """What the attributes of one element say; `classes` are those that the style sheet hides."""
    looks = ground.suspect and _LOOKS.search(attributes) is not None
    if not classes and not looks and not _TELLING.search(attributes):
        return _NOTHING_SAID
    names = _names(attributes)
    style = _STYLE.search(attributes)
    said = _declarations(style[1] or style[2] or style[3] or "") if style else {}
    hidden = any(n in classes or n == "preheader" for n in names) or _hides(said) or _has_hidden(attributes)
    zone = next((_ZONES[n] for n in names if n in _ZONES), None)
    faint = faintness(said, attributes, white=ground.white) if looks else Faint()
    return Said(hidden, zone, any(n in _TO_THE_END for n in names), faint)


def _has_hidden(attributes: str) -> bool:
    return "hidden" in attributes.lower() and bool(_HIDDEN.search(_QUOTED.sub("", attributes)))


def _names(attributes: str) -> list[str]:
    return [n for m in _CLASS.finditer(attributes) for n in (m[1] or m[2] or m[3] or "").lower().split()]


def hidden_classes(sheet: str) -> frozenset[str]:
    """Classes and ids that a style sheet hides outside of @media rules."""
    if not any(word in sheet for word in ("display", "visibility", "position", "text-indent")):
        return frozenset()
    found: set[str] = set()
    for rule in _AT_RULE.sub("", sheet[:200_000]).split("}"):
        selectors, _, style = rule.partition("{")
        if _hides(_declarations(style)):
            for selector in selectors.split(","):
                if match := _SELECTOR.fullmatch(selector.strip().lower()):
                    found.add(match[1])
    return frozenset(found)
