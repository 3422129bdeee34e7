"""The options of sendmail(1), as its callers write them: single letters, joined or apart, mostly without effect."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from models.errors import UsageError

_TAKES_VALUE = frozenset("ABCFLMNORVXbdfhopr")
_OTHER_WORK = {
    "s": "speaks SMTP on stdin", "p": "lists a queue", "d": "runs a service", "D": "runs a service",
    "t": "tests addresses", "v": "tests addresses", "l": "runs a service", "H": "purges host status",
    "h": "prints host status",
}  # fmt: skip
_NOTIFY = re.compile(r"never|(?:success|failure|delay)(?:,(?:success|failure|delay))*", re.IGNORECASE)
_ENVID = re.compile(r"[!-*,-<>-~]{1,100}")


@dataclass
class Options:
    """What a caller asked for."""

    recipients: list[str] = field(default_factory=list)
    from_header: bool = False  # -t
    to_the_end: bool = False  # -i, -oi
    sender: str | None = None  # -f, -r; "" is the null sender
    full_name: str = ""  # -F
    reports: dict[str, str] = field(default_factory=dict)  # NOTIFY, RET, ENVID (RFC 3461)
    config: str | None = None
    json: bool = False
    nothing: bool = False  # newaliases, a queue run: there is no queue, and nothing to do


def read_options(words: list[str]) -> Options:
    """Raises UsageError for what another program is for, and for a value that is missing or wrong."""
    options = Options()
    rest = iter(words)
    for word in rest:
        if word == "--":
            options.recipients += rest
        elif word.startswith("--"):
            _long(options, word, rest)
        elif len(word) > 1 and word[0] == "-":
            _letters(options, word[1:], rest)
        else:
            options.recipients.append(word)
    return options


def _long(options: Options, word: str, rest: Iterator[str]) -> None:
    name, equals, value = word.partition("=")
    if name == "--json" and not equals:
        options.json = True
    elif name == "--config":
        options.config = value if equals else _next(name, rest)
    else:
        raise UsageError(f"{word} is no option of sendmail; `coldask sendmail --help` names them.")


def _letters(options: Options, letters: str, rest: Iterator[str]) -> None:
    """Flags joined in one word; the first that takes a value takes what is left, or the next word."""
    for place, letter in enumerate(letters):
        if letter == "q":
            options.nothing = True
            return
        if letter in _TAKES_VALUE:
            _set(options, letter, letters[place + 1 :] or _next(f"-{letter}", rest))
            return
        if letter == "t":
            options.from_header = True
        elif letter == "i":
            options.to_the_end = True


def _next(name: str, rest: Iterator[str]) -> str:
    value = next(rest, None)
    if value is None:
        raise UsageError(f"{name} needs a value.")
    return value


def _set(options: Options, letter: str, value: str) -> None:
    if letter in "fr":
        options.sender = value.strip().removeprefix("<").removesuffix(">")
    elif letter == "F":
        options.full_name = value
    elif letter == "o":
        options.to_the_end = options.to_the_end or value.startswith("i")
    elif letter == "b":
        if value[0] in _OTHER_WORK:
            raise UsageError(f"-b{value[0]} {_OTHER_WORK[value[0]]}, which `coldask sendmail` does not do.")
        options.nothing = value[0] == "i"
    elif letter == "N":
        if not _NOTIFY.fullmatch(value):
            raise UsageError(f"-N {value!r}: write never, or some of success,failure,delay.")
        options.reports["NOTIFY"] = value.upper()
    elif letter == "R":
        if value.lower() not in ("full", "hdrs"):
            raise UsageError(f"-R {value!r}: write full or hdrs.")
        options.reports["RET"] = value.upper()
    elif letter == "V":
        if not _ENVID.fullmatch(value):
            raise UsageError(f"-V {value!r}: write up to 100 printable characters without + and =.")
        options.reports["ENVID"] = value
