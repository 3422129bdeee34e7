"""What attributes of HTML elements say: not shown, or of a zone that a mail program marked."""

import re
from typing import NamedTuple

from models.mail import ZoneKind

_STYLE = re.compile(r"style\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]++))", re.I)
_CLASS = re.compile(
    r"(?<![\w-])(?:class|id|data-smartmail|data-marker|type)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]++))",
    re.I,
)
_HIDDEN = re.compile(r"(?<![\w-])hidden(?![\w-])(?!\s*=\s*[\"']?false)", re.I)
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_TELLING = re.compile(
    r"none|hidden|opacity|(?:max-height|font-size|line-height):\s*0|quote|cite|signature|gmail_attr|preheader"
    r"|appendonsend|divrplyfwd|divider|reference-message|olk_src|zmail|moz-forward",
    re.I,
)
_NOTHING = {"display": ("none",), "visibility": ("hidden",), "opacity": ("0", "0.0", "0%")}
_ZERO = re.compile(r"0+(?:\.0+)?(?:px|pt|em|rem|%)?")

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


def _hides(style: str) -> bool:
    said = _declarations(style)
    if any(said.get(name) in values for name, values in _NOTHING.items()):
        return True
    zero = {name for name, value in said.items() if _ZERO.fullmatch(value)}
    # Size zero alone is how templates lay out columns; a preheader adds a second way of hiding.
    return ("max-height" in zero and said.get("overflow") == "hidden") or {"font-size", "line-height"} <= zero


class Said(NamedTuple):
    """What an element's attributes say."""

    hidden: bool = False
    zone: ZoneKind | None = None
    to_the_end: bool = False  # the quoted mail begins here


_NOTHING_SAID = Said()


def read_attributes(attributes: str, classes: frozenset[str]) -> Said:
    """What the attributes of one element say; `classes` are those that the style sheet hides."""
    if not classes and not _TELLING.search(attributes):
        return _NOTHING_SAID
    names = _names(attributes)
    hidden = any(n in classes or n == "preheader" for n in names) or _is_hidden(attributes)
    zone = next((_ZONES[n] for n in names if n in _ZONES), None)
    return Said(hidden, zone, any(n in _TO_THE_END for n in names))


def _is_hidden(attributes: str) -> bool:
    if (match := _STYLE.search(attributes)) and _hides(match[1] or match[2] or match[3] or ""):
        return True
    return "hidden" in attributes.lower() and bool(_HIDDEN.search(_QUOTED.sub("", attributes)))


def _names(attributes: str) -> list[str]:
    return [n for m in _CLASS.finditer(attributes) for n in (m[1] or m[2] or m[3] or "").lower().split()]


def hidden_classes(sheet: str) -> frozenset[str]:
    """Classes and ids that a style sheet hides outside of @media rules."""
    if "display" not in sheet and "visibility" not in sheet:
        return frozenset()
    found: set[str] = set()
    for rule in _AT_RULE.sub("", sheet[:200_000]).split("}"):
        selectors, _, style = rule.partition("{")
        if _hides(style):
            for selector in selectors.split(","):
                if match := _SELECTOR.fullmatch(selector.strip().lower()):
                    found.add(match[1])
    return frozenset(found)
