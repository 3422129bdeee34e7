"""What a client writes after MAIL FROM: and RCPT TO: read strictly, kept byte for byte (RFC 5321, 4.1.2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from proxy.outgoing.replies import Reply

MAX_PATH = 1000  # bytes; RFC 5321 promises 256, providers decide beyond that

_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ATOM = r"[^\s\"(),:;<>@\[\\\]]+"  # dots included: some providers have local parts like "a..b"
_LOCAL = rf'(?:{_ATOM}|"(?:[^"\\]|\\.)*")'
_DOMAIN = r"(?:[\w-]+(?:\.[\w-]+)*\.?|\[[^\s\[\]\\]+\])"
_ROUTE = rf"(?:@{_DOMAIN}(?:,@{_DOMAIN})*:)"
_PATH = re.compile(rf"(?P<route>{_ROUTE})?(?P<mailbox>{_LOCAL}@{_DOMAIN})")
_ARGUMENT = re.compile(r'[ \t]*<(?P<path>(?:"(?:[^"\\]|\\.)*"|[^">])*)>(?P<rest>.*)', re.DOTALL)
_PARAM = re.compile(r"(?P<key>[A-Za-z0-9][A-Za-z0-9-]*)(?:=(?P<value>[!-<>-~\u0080-\U0010ffff]+))?")
_XTEXT = re.compile(r"(?:[!-*,-<>-~\u0080-\U0010ffff]|\+[0-9A-F]{2})+")


class BadArgument(ValueError):
    """The argument cannot be used; `reply` is the answer."""

    def __init__(self, code: int, enhanced: str, words: str) -> None:
        super().__init__(words)
        self.reply = Reply(code, (f"{enhanced} {words}",))


@dataclass(frozen=True)
class Argument:
    """`path` is what stood between the brackets; `params` parameters as written, by upper-case keyword."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def mailbox(self) -> str:
        """The address without a source route: whom it is about."""
        found = _PATH.fullmatch(self.path)
        return found["mailbox"] if found else self.path

    def value(self, key: str) -> str:
        return self.params.get(key, "").partition("=")[2]


def mail_argument(text: str) -> Argument:
    """The argument of MAIL. Raises BadArgument."""
    found = _read(text, "FROM:", _CHECK_MAIL)
    if found.path:
        _check_path(found)
    return found


def rcpt_argument(text: str, *, utf8: bool) -> Argument:
    """The argument of RCPT; `utf8`: MAIL said SMTPUTF8. Raises BadArgument."""
    found = _read(text, "TO:", _CHECK_RCPT)
    if found.path.lower() == "postmaster":
        return found
    if not found.path:
        raise BadArgument(501, "5.1.3", "A recipient must have an address.")
    _check_path(found, utf8=utf8)
    return found


def _read(text: str, word: str, checks: Mapping[str, re.Pattern[str]]) -> Argument:
    if _UNSAFE.search(text):
        raise BadArgument(501, "5.1.3", "A control character does not belong into an address.")
    if text[: len(word)].upper() != word:
        raise BadArgument(501, "5.5.4", f"Write {'MAIL' if word == 'FROM:' else 'RCPT'} {word}<address>.")
    found = _ARGUMENT.fullmatch(text[len(word) :])
    if found is None:
        raise BadArgument(501, "5.1.3", "Write the address in angle brackets.")
    return Argument(found["path"], _params(found["rest"], checks))


def _params(text: str, checks: Mapping[str, re.Pattern[str]]) -> dict[str, str]:
    params: dict[str, str] = {}
    if text.strip(" ") and not text.startswith(" "):
        raise BadArgument(501, "5.5.4", "Write a space between address and parameters.")
    for word in text.split():
        found = _PARAM.fullmatch(word)
        if found is None:
            raise BadArgument(501, "5.5.4", "A parameter is written KEYWORD or KEYWORD=value.")
        key = found["key"].upper()
        if key not in checks:
            raise BadArgument(555, "5.5.4", f"The parameter {key[:30]} is not known here.")
        if key in params or not checks[key].fullmatch(found["value"] or ""):
            raise BadArgument(501, "5.5.4", f"The parameter {key} cannot have this value.")
        params[key] = word
    return params


def _check_path(found: Argument, *, utf8: bool | None = None) -> None:
    path = found.path
    if _SURROGATE.search(path) or len(path.encode("utf-8", "surrogateescape")) > MAX_PATH:
        raise BadArgument(501, "5.1.3", "This address cannot be read.")
    if not path.isascii() and not ("SMTPUTF8" in found.params if utf8 is None else utf8):
        raise BadArgument(553, "5.6.7", "An address that is not ASCII needs SMTPUTF8.")
    if not _PATH.fullmatch(path):
        raise BadArgument(501, "5.1.3", "This is no address of the form local@domain.")


_CHECK_MAIL = {
    "SIZE": re.compile(r"[0-9]{1,20}"),
    "BODY": re.compile(r"7BIT|8BITMIME", re.IGNORECASE),
    "SMTPUTF8": re.compile(""),
    "RET": re.compile(r"FULL|HDRS", re.IGNORECASE),
    "ENVID": re.compile(rf"(?=.{{1,100}}\Z){_XTEXT.pattern}"),
    "AUTH": re.compile(rf"<>|{_XTEXT.pattern}"),
}
_CHECK_RCPT = {
    "NOTIFY": re.compile(
        r"NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY)){0,2}", re.IGNORECASE
    ),
    "ORCPT": re.compile(rf"(?=.{{1,500}}\Z)[A-Za-z0-9-]+;{_XTEXT.pattern}"),
}
