"""Address lists (RFC 5322, 3.4) as real and hostile mail writes them, read in linear time."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from classifier.reading import limits
from classifier.reading.charset import one_line
from classifier.reading.words import decode_words
from models.address import Mailbox

LONGEST = 998  # characters of one address (a line of RFC 5322); a longer one is none
_SHORT = 200  # characters of a field whose reading is remembered
_NAME_WORDS = 12  # words before a comma that may still be a name without its quotes

# The two forms nearly all mail uses, without quotes, comments, groups: a@b and Name <a@b>.
_SPEC = r'\s*+([^\s"(),:;<>@\[\]\\]++@[^\s"(),:;<>@\[\]\\]++)\s*+'
_PLAIN = re.compile(_SPEC)
_NAMED = re.compile(r'\s*+"?([^"(),:;<>@\[\]\\]*+)"?\s*+<' + _SPEC + r">\s*+")
_ODD = re.compile(r'["():;\[\]\\]|=\?')
_PAIR = re.compile(r"\\(.)", re.S)
_NO_ADDRESS = re.compile("[:;,<>]")
_COMMENT = re.compile(r"\([^()]*\)")
_TOKEN = re.compile(
    r'"(?P<quoted>(?:[^"\\]++|\\.)*+)"?'
    r"|(?P<encoded>=\?[^?\s]{1,99}\?[bBqQ]\?[^?]*+\?=)"  # may hold "@", ":" and ",", which mean nothing there
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
        for mailbox in _known(value) if len(value) <= _SHORT else _mailboxes(value):
            if len(found) >= limits.ADDRESSES:
                return tuple(found)
            found.append(mailbox)
    return tuple(found)


@lru_cache(maxsize=4096)  # the same few people stand in most of a mailbox
def _known(value: str) -> tuple[Mailbox, ...]:
    return tuple(_mailboxes(value))


def _mailboxes(value: str) -> Iterator[Mailbox]:
    for form, name, address in ((_PLAIN, 0, 1), (_NAMED, 1, 2)):
        if match := form.fullmatch(value):
            if len(match[address]) <= LONGEST:
                yield _mailbox(match[name] if name else "", match[address])
            return
    yield from _list(value) or _scan(value)


def _list(value: str) -> list[Mailbox]:
    """A list of nothing but the two forms; empty where there is anything else in it."""
    found: list[Mailbox] = []
    if _ODD.search(value):
        return found
    for entry in value.split(","):
        if match := _PLAIN.fullmatch(entry):
            found.append(_mailbox("", match[1]))
        elif match := _NAMED.fullmatch(entry):
            found.append(_mailbox(match[1], match[2]))
        elif entry.strip():
            return []
        if match and len(match[match.lastindex or 0]) > LONGEST:
            return []
    return found


def _mailbox(name: str, address: str) -> Mailbox:
    return _short(name, address) if len(name) + len(address) <= _SHORT else _made(name, address)


@lru_cache(maxsize=4096)
def _short(name: str, address: str) -> Mailbox:
    return _made(name, address)


def _made(name: str, address: str) -> Mailbox:
    shown = decode_words(name[: limits.FIELD_CHARACTERS])
    if len(shown) > 1 and shown[0] == shown[-1] and shown[0] in "'\"":
        shown = shown[1:-1]
    return Mailbox(name=shown, address=address)


class _Entry:
    """The list entry being read: words of its name, its address once seen, a comment that may name it."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.angles: list[str] = []
        self.comment: list[str] = []
        self.glued = False  # no white space since the last word: `"a b"@c` is one address
        self.addressed = False

    def word(self, text: str) -> None:
        glued = self.glued and ("@" in text or "@" in self.words[-1])
        if glued or (self.words and _obsolete(self.words[-1], text)):
            self.words[-1] += text
        else:
            self.words.append(text)
        self.glued = True
        self.addressed = self.addressed or ("@" in text and not text.startswith('"'))

    def mailboxes(self) -> Iterator[Mailbox]:
        """One mailbox; several where one entry holds several addresses (then none is trusted)."""
        if self.angles:
            name = " ".join(_unquoted(w) for w in self.words) or "".join(self.comment)
            for angle in self.angles:
                if address := _address(angle):
                    yield _mailbox(name, address)
            return
        found = [address for word in self.words if (address := _address(word))]
        name = " ".join(_unquoted(w) for w in self.words if "@" not in w) or "".join(self.comment)
        yield from (_mailbox(name, address) for address in found)


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
        elif kind == "encoded":
            entry.words.append(text)
            entry.glued = False
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


def _obsolete(before: str, text: str) -> bool:
    """White space around "@" and the dots of a domain, allowed by RFC 5322, 4.4: "a @ b . example"."""
    if text.startswith("@") or before.endswith("@"):
        return True
    return "@" in before and (text.startswith(".") or before.endswith("."))


def _unquoted(word: str) -> str:
    if not word.startswith('"'):
        return word
    return _PAIR.sub(r"\1", word[1:].removesuffix('"'))


def _address(text: str) -> str:
    """The addr-spec, without source route, comments and white space; empty where it is none."""
    if len(text) > 2 * LONGEST or text.startswith("=?") or (text[:1] == '"' == text[-1:]):
        return ""
    text = one_line(text)
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    if "(" in text and '"' not in text:
        text = _COMMENT.sub("", text)
    if '"' not in text:
        text = "".join(text.split())
        if _NO_ADDRESS.search(text.partition("[")[0]):
            return ""  # "undisclosed-recipients:;@relay" and the like
    local, at, domain = text.rpartition("@")
    return text if at and local and domain and len(text) <= LONGEST else ""
