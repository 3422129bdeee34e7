"""HTML as a reader sees it: lines of text, and what the markup says of them (quoted, a signature).

An own reader, not a tree builder: those take time quadratic in nesting depth and in the number of a tag's
attributes (lexbor: 26 s for 100,000 open `<div>`), and mail may hold both. This one is linear: it only
remembers elements that hide, quote or keep white space, and ends one when it or an element around it ends.
"""

import re
from html import unescape
from itertools import zip_longest
from typing import NamedTuple

from classifier.reading import limits
from classifier.reading.faint import Ground, read_ground
from classifier.reading.styles import Said, hidden_classes, read_attributes
from models.mail import ZoneKind

# One tag, comment, or element whose content is no text. Groups: raw, closing slash, name, attributes.
_TOKEN = re.compile(
    r"<(?:(/?)([a-zA-Z][a-zA-Z0-9:-]*+)((?:[^<>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')|=)*+)>?"
    r"|!--(?:.*?-->|.*)"
    r"|[!?/][^>]*+>?)",
    re.S,
)
_SILENT = re.compile(r"<(script|style|title|xmp|noembed|noframes)\b(?:.*?</\1[^>]*+>?|.*)", re.S | re.I)
_SHEET = re.compile(r"<style\b[^<>]*+>(.*?)(?:</style|$)", re.S | re.I)


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_LINE = _tags(
    "address article aside body caption center dd details div dl dt fieldset figcaption figure footer form "
    "header html legend li main nav option section summary tbody tfoot thead tr"
)
_PARAGRAPH = _tags("blockquote h1 h2 h3 h4 h5 h6 hr ol p pre table ul")
_BLOCKS = _LINE | _PARAGRAPH | {"td", "th"}
_ENDED_BY_NEXT = _tags("p li td th tr dd dt option")  # an open one ends where the next begins
_VOID = _tags("area base br col embed hr img input link meta param source track wbr")
_INLINE = _tags("a abbr b em font i img span strong sub sup u")
_CLOSED = _BLOCKS - _ENDED_BY_NEXT - _VOID  # blocks whose end stands in the text
_QUOTING = re.compile(r"gmail_quote|cite|border-left", re.I)
_MATTER = frozenset(("blockquote", "BLOCKQUOTE", "pre", "PRE", "template"))
_TIGHT = re.compile(r"msonormal|msoplaintext|margin(?:-top|-bottom)?\s*:\s*0", re.I)

# What a tag does, by its name in the two spellings that occur.
_BREAK, _RULE, _CELL, _PLAIN = "line break", "block", "cell", ""
_ACTION = {
    **dict.fromkeys(_INLINE, _PLAIN),
    **dict.fromkeys(_BLOCKS, _RULE),
    **{"br": _BREAK, "td": _CELL, "th": _CELL},
}
_ACTION |= {tag.upper(): action for tag, action in _ACTION.items()}


class Lines(NamedTuple):
    """Text, line by line, and for each line what the markup says it is (None: nothing)."""

    text: list[str]
    marks: list[ZoneKind | None]


class _Open:
    """An element that matters until it ends: hidden, faint, of a zone, or preformatted."""

    __slots__ = ("blocks", "faint", "hidden", "same", "tag", "zone")

    def __init__(self, tag: str, hidden: bool, zone: ZoneKind | None, faint: int) -> None:
        self.tag, self.hidden, self.zone = tag, hidden, zone
        self.faint = faint  # what the text around it is
        self.same = 0  # elements of the same name open inside it
        self.blocks = 0  # other blocks open inside it


def read_html(source: str) -> Lines:
    """The lines of an HTML text. Never raises; linear in its length."""
    sheets = _SHEET.findall(source) if "<style" in source or "<STYLE" in source else []
    reader = _Reader(hidden_classes("\n".join(sheets)), read_ground(source))
    if _SILENT.search(source):
        source = _SILENT.sub("", source)
    tokens = iter(_TOKEN.split(source, limits.TAGS))
    for text, closing, tag, attributes in zip_longest(tokens, tokens, tokens, tokens):
        if text and not reader.hiding and not reader.faint:
            reader.take(text)
        if tag and (_ACTION.get(tag, True) or attributes or reader.open):
            reader.tag(tag, closing, attributes)
    reader.flush()
    return Lines(reader.lines, reader.marks)


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # a character number of thousands of digits
        return text


class _Reader:
    def __init__(self, hidden: frozenset[str], ground: Ground) -> None:
        self.lines: list[str] = []
        self.marks: list[ZoneKind | None] = []
        self.mark: ZoneKind | None = None  # of the line being read
        self.pieces: list[str] = []
        self.open: list[_Open] = []
        self.hiding = 0
        self.faint = 0  # in which ways the text here cannot be seen
        self.keeping = 0  # depth of <pre>
        self.rest = False  # Outlook's sign that the quoted mail begins: it goes to the end
        self.hidden_classes, self.ground = hidden, ground
        self.said: dict[str, Said] = {}  # attributes repeat in a mail

    def take(self, text: str) -> None:
        if self.keeping and "\n" in text:
            *whole, text = text.split("\n")
            for line in whole:
                self.pieces.append(line)
                self.end_line()
        self.pieces.append(text)

    def end_line(self) -> None:
        """Ends the line, also an empty one."""
        text = "".join(self.pieces)
        self.pieces.clear()
        if "&" in text:
            text = _unescaped(text)
        self.lines.append(" ".join(text.split()) if not self.keeping else " ".join(text.split("\n")).rstrip())
        self.marks.append(self.mark)

    def flush(self) -> None:
        """Ends the line if there is something on it."""
        if self.pieces:
            text = "".join(self.pieces)
            if text and not text.isspace():
                self.end_line()
            else:
                self.pieces.clear()

    def gap(self) -> None:
        self.flush()
        if self.lines and self.lines[-1]:
            self.lines.append("")
            self.marks.append(self.mark)

    def tag(self, tag: str, closing: str, attributes: str) -> None:
        action = _ACTION.get(tag)
        if action is None:
            tag = tag.lower()
            action = _ACTION.get(tag, _PLAIN)
        if closing:
            if action or self.open:
                self._closing(tag.lower(), action)
        elif action is _BREAK:
            if not self.hiding:
                self.end_line()
        else:
            if self.open:
                self._nest(tag.lower())
            if action:
                self._break(tag.lower(), action, attributes)
            if attributes or tag in _MATTER:
                self._remember(tag.lower(), attributes)

    def _break(self, tag: str, action: str, attributes: str) -> None:
        if action is _CELL:
            self.pieces.append(" ")
        elif tag in _PARAGRAPH and not (tag == "p" and attributes and _TIGHT.search(attributes)):
            self.gap()
        else:
            self.flush()
        if tag == "li":
            self.pieces.append("- ")

    def _remember(self, tag: str, attributes: str) -> None:
        said = self.said.get(attributes)
        if said is None:
            said = self.said[attributes] = read_attributes(attributes, self.hidden_classes, self.ground)
        zone = said.zone
        if tag == "blockquote" and self._quotes(attributes):
            zone = ZoneKind.QUOTE
        if said.to_the_end and not self.rest and not self.hiding:
            self.flush()
            self.rest, self.mark = True, ZoneKind.QUOTE
        hidden = said.hidden or tag == "template"
        faint = (self.faint & ~said.faint.shows) | said.faint.hides
        matters = hidden or zone or tag == "pre" or faint != self.faint
        if matters and tag not in _VOID and not attributes.endswith("/"):
            if zone or tag not in _INLINE:  # what is hidden within a word does not cut it
                self.flush()
            self.open.append(_Open(tag, hidden, self.mark or zone, self.faint))
            self.mark = self.mark or zone
            self.hiding += hidden
            self.faint = faint
            self.keeping += tag == "pre"

    def _quotes(self, attributes: str) -> bool:
        """Whether a `<blockquote>` holds another's mail; without a sign it may only indent own words."""
        if _QUOTING.search(attributes) or self.mark:
            return True
        self.flush()
        last = next((line for line in reversed(self.lines[-3:]) if line), "")
        return last.endswith(":")

    def _nest(self, tag: str) -> None:
        """An element begins inside the innermost that matters, or ends it: `<p hidden>` ends at any block."""
        inner = self.open[-1]
        replaced = tag == inner.tag and tag in _ENDED_BY_NEXT
        if not inner.blocks and (replaced or (inner.tag == "p" and tag in _BLOCKS)):
            self._forget()
        elif tag == inner.tag:
            inner.same += 1
        elif tag in _CLOSED:
            inner.blocks += 1

    def _closing(self, tag: str, action: str) -> None:
        while self.open:
            inner = self.open[-1]
            if tag == inner.tag and inner.same:
                inner.same -= 1
            elif tag == inner.tag:
                self._forget()
            elif tag in _CLOSED and inner.blocks:
                inner.blocks -= 1
            elif tag in _CLOSED or (tag == "tr" and inner.tag in ("td", "th")):
                self._forget()  # an element around it ends, and so does it
                continue
            break
        if action is _RULE:
            if tag in _PARAGRAPH and tag != "p":
                self.gap()
            else:
                self.flush()

    def _forget(self) -> None:
        gone = self.open.pop()
        if gone.zone or gone.tag not in _INLINE:
            self.flush()
        self.hiding -= gone.hidden
        self.faint = gone.faint
        self.keeping -= gone.tag == "pre"
        if not self.rest:
            self.mark = self.open[-1].zone if self.open else None
