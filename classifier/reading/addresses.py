"""Address lists (RFC 5322, 3.4) as real and hostile mail writes them, read in linear time."""

import re
from collections.abc import Iterable, Iterator

from classifier.reading import limits
from classifier.reading.charset import one_line
from classifier.reading.words import decode_words
from models.address import Mailbox

LONGEST = 998  # characters of one address (a line of RFC 5322); a longer one is none
_NAME_WORDS = 12  # words before a comma that may still be a name without its quotes

# The two forms nearly all mail uses, without quotes, comments, groups: a@b and Name <a@b>.
_SPEC = r'\s*+([^\s"(),:;<>@\[\]\\]++@[^\s"(),:;<>@\[\]\\]++)\s*+'
_PLAIN = re.compile(_SPEC)
_NAMED = re.compile(r'\s*+"?([^"(),:;<>@\[\]\\]*+)"?\s*+<' + _SPEC + r">\s*+")
_PAIR = re.compile(r"\\(.)", re.S)
_COMMENT = re.compile(r"\([^()]*\)")
_TOKEN = re.compile(
    r'"(?P<quoted>(?:[^"\\]++|\\.)*+)"?'
    r"|<(?P<angle>[^<>]*+)>?"
    r"|(?P<mark>[,;:()])"
    r"|(?P<space>\s++)"
    r"|(?P<domain>\[[^\]\s]*+\]?)"
    r'|(?P<atom>[^\s"<>,;:()\[]++)'
    r"|(?P<rubbish>.)",
    re.S,
)


def read_addresses(values: Iterable[str]) -> tuple[Mailbox, ...]:
    """The mailboxes of all fields of one name, in order; groups are opened, entries without "@" left out."""
    found: list[Mailbox] = []
    for value in values:
        for mailbox in _mailboxes(value):
            if len(found) >= limits.ADDRESSES:
                return tuple(found)
            found.append(mailbox)
    return tuple(found)


def _mailboxes(value: str) -> Iterator[Mailbox]:
    for form, name, address in ((_PLAIN, 0, 1), (_NAMED, 1, 2)):
        if match := form.fullmatch(value):
            yield _mailbox(match[name] if name else "", match[address])
            return
    yield from _scan(value)


def _mailbox(name: str, address: str) -> Mailbox:
    return Mailbox(name=decode_words(name[: limits.FIELD_CHARACTERS]).strip("'\""), address=address)


class _Entry:
    """The list entry being read: words of its name, its address once seen, a comment that may name it."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.angles: list[str] = []
        self.comment: list[str] = []
        self.glued = False  # no white space since the last word: `"a b"@c` is one address
        self.addressed = False

    def word(self, text: str) -> None:
        if self.words and (self.glued and ("@" in text or "@" in self.words[-1])):
            self.words[-1] += text
        elif self.words and (text.startswith("@") or self.words[-1].endswith("@")):
            self.words[-1] += text  # "a @ b", the obsolete form
        else:
            self.words.append(text)
        self.glued = True
        self.addressed = self.addressed or ("@" in text and not text.startswith('"'))

    def mailboxes(self) -> Iterator[Mailbox]:
        """One mailbox; two where one entry holds two addresses in angle brackets (then none is trusted)."""
        if self.angles:
            name = " ".join(_unquoted(w) for w in self.words) or "".join(self.comment)
            for angle in self.angles:
                if address := _address(angle):
                    yield _mailbox(name, address)
            return
        bare = next((i for i in range(len(self.words) - 1, -1, -1) if "@" in self.words[i]), None)
        if bare is not None and (address := _address(self.words[bare])):
            name = " ".join(_unquoted(w) for w in self.words[:bare]) or "".join(self.comment)
            yield _mailbox(name, address)


def _scan(value: str, entry: _Entry | None = None) -> Iterator[Mailbox]:
    entry, depth = entry or _Entry(), 0
    for match in _TOKEN.finditer(value):
        kind, text = match.lastgroup, match[0]
        if depth or text == "(":
            depth += {"(": 1, ")": -1}.get(text, 0)
            if depth and not (depth == 1 and text == "("):
                entry.comment.append(text)
        elif kind == "quoted" and (len(text) < 2 or not text.endswith('"')):
            # A quote that nobody closed is no quote: read on as if there were none.
            yield from _scan(value[match.start() :].replace('"', ""), entry)
            return
        elif kind in ("quoted", "atom", "domain"):
            entry.word(text)
        elif kind == "angle":
            entry.angles.append(match["angle"])
            entry.glued, entry.addressed = False, True
        elif text == ":":
            entry = _Entry()  # the name of a group, or "mailto:"
        elif text == ";" or (text == "," and (entry.addressed or not 0 < len(entry.words) < _NAME_WORDS)):
            yield from entry.mailboxes()
            entry = _Entry()
        elif text == ",":
            entry.words[-1] += ","  # "Hartley, Ann <ann@…>" without its quotes
            entry.glued = False
        else:
            entry.glued = False
    yield from entry.mailboxes()


def _unquoted(word: str) -> str:
    if not word.startswith('"'):
        return word
    return _PAIR.sub(r"\1", word[1:].removesuffix('"'))


def _address(text: str) -> str:
    """The addr-spec, without source route, comments and white space; empty where it is none."""
    if len(text) > 2 * LONGEST:
        return ""
    text = one_line(text)
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    if "(" in text and '"' not in text:
        text = _COMMENT.sub("", text)
    if '"' not in text:
        text = "".join(text.split())
    local, at, domain = text.rpartition("@")
    return text if at and local and domain and len(text) <= LONGEST else ""
