"""The account's folders: found by their special use (RFC 6154) or usual names, made where missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from imapclient import imap_utf7

from proxy.mailbox.answers import words_of
from proxy.mailbox.session import NotDone, Session
from proxy.mailbox.wire import name


class Use(StrEnum):
    """What a folder is for."""

    SENT = "\\sent"
    TRASH = "\\trash"
    JUNK = "\\junk"
    ARCHIVE = "\\archive"
    DRAFTS = "\\drafts"
    ALL = "\\all"


# Where the server tells no special uses: the names clients and providers give, first found wins.
USUAL_NAMES: dict[Use, tuple[str, ...]] = {
    Use.SENT: (
        *("Sent", "Sent Items", "Sent Messages", "Sent Mail", "[Gmail]/Sent Mail", "Gesendet"),
        *("Gesendete Elemente", "Gesendete Objekte", "Envoyés", "Éléments envoyés", "Enviados"),
        *("Posta inviata", "Verzonden items"),
    ),
    Use.TRASH: (
        *("Trash", "Deleted Items", "Deleted Messages", "Bin", "[Gmail]/Trash", "[Gmail]/Bin", "Papierkorb"),
        *("Gelöschte Elemente", "Corbeille", "Papelera", "Cestino", "Prullenbak"),
    ),
    Use.JUNK: (
        "Junk",
        "Spam",
        "Junk E-mail",
        "Junk Email",
        "Bulk Mail",
        "[Gmail]/Spam",
        "Courrier indésirable",
    ),
    Use.ARCHIVE: ("Archive", "Archives", "Archiv"),
    Use.DRAFTS: ("Drafts", "[Gmail]/Drafts", "Entwürfe", "Brouillons"),
    Use.ALL: ("[Gmail]/All Mail", "All Mail"),
}
_UNREADABLE = frozenset(("\\noselect", "\\nonexistent"))


@dataclass(frozen=True)
class Folder:
    """One folder as LIST shows it. `flags` lower-cased."""

    name: str
    flags: frozenset[str]

    @property
    def selectable(self) -> bool:
        return not self.flags & _UNREADABLE


@dataclass(frozen=True)
class Folders:
    """All folders, with the account's prefix ("INBOX." at some servers) and separator."""

    all: tuple[Folder, ...]
    prefix: str
    separator: str

    def of_use(self, use: Use) -> str | None:
        """The folder of this use, or None."""
        marked = next((f.name for f in self.all if use in f.flags and f.selectable), None)
        if marked:
            return marked
        return next((found for usual in USUAL_NAMES[use] if (found := self.find(usual))), None)

    def find(self, wanted: str) -> str | None:
        """The folder meant by a name: as it stands, "/" for the separator, under the prefix, in any case."""
        if wanted.upper() == "INBOX":
            return "INBOX"
        spellings = self._spellings(wanted)
        names = [f.name for f in self.all if f.selectable]
        for exact in spellings:
            if exact in names:
                return exact
        lower = {n.lower(): n for n in names}
        return next((lower[s.lower()] for s in spellings if s.lower() in lower), None)

    def to_make(self, wanted: str) -> str:
        """The full name under which a missing folder is made."""
        return self._spellings(wanted)[-1]

    def elsewhere(self, skip: Sequence[str | None]) -> list[str]:
        """The folders a mail can have been moved to: neither \\All, drafts, nor those of `skip`."""
        not_here = {self.of_use(Use.ALL), self.of_use(Use.DRAFTS), *skip}
        names = [f.name for f in self.all if f.selectable and Use.ALL not in f.flags]
        return [folder for folder in names if folder not in not_here]

    def _spellings(self, wanted: str) -> list[str]:
        path = wanted.replace("/", self.separator) if self.separator else wanted
        out = [wanted, path]
        if self.prefix and not path.lower().startswith(self.prefix.lower()):
            out += [self.prefix + wanted, self.prefix + path]
        return list(dict.fromkeys(out))


def sent_of(folders: Folders, wanted: str) -> str | None:
    """The Sent folder: the configured one, or for "auto" by special use or usual name."""
    return folders.of_use(Use.SENT) if wanted == "auto" else folders.find(wanted)


def list_folders(session: Session) -> Folders:
    """Ask for all folders, their uses, the prefix and the separator."""
    told = session.has(b"SPECIAL-USE") and session.has(b"LIST-EXTENDED")
    answer = session.run(b"LIST", b'""', b'"*"', *((b"RETURN (SPECIAL-USE)",) if told else ()))
    out: list[Folder] = []
    separator = ""
    for words in answer.named(b"LIST"):
        if len(words) < 3 or not isinstance(words[2], bytes):
            continue
        separator = separator or _text(words[1])
        out.append(Folder(_text(words[2]), words_of(words[0])))
    prefix, separator = _namespace(session, separator)
    if not prefix and separator and out and all(_under_inbox(f.name, separator) for f in out):
        prefix = "INBOX" + separator if len(out) > 1 else ""
    return Folders(tuple(out), prefix, separator)


def ensure(session: Session, wanted: str) -> str:
    """The full name of a folder that is there, made and subscribed where it was not. Raises NotDone."""
    folders = list_folders(session)
    found = folders.find(wanted)
    if found is None:
        found = folders.to_make(wanted)
        try:
            session.run(b"CREATE", name(found))
        except NotDone as refusal:
            if refusal.answer.code != b"ALREADYEXISTS" and not list_folders(session).find(wanted):
                words = f"The folder {found!r} could not be made: {refusal}"
                raise NotDone(words, refusal.answer) from None
        session.ask(b"SUBSCRIBE", name(found))  # without it some clients never show the folder
    return found


def _namespace(session: Session, separator: str) -> tuple[str, str]:
    if not session.has(b"NAMESPACE"):
        return "", separator
    for words in session.ask(b"NAMESPACE").named(b"NAMESPACE"):
        personal = words[0] if words else None
        first = personal[0] if isinstance(personal, list) and personal else None
        if isinstance(first, list) and len(first) >= 2:
            return _text(first[0]), _text(first[1]) or separator
    return "", separator


def _under_inbox(folder: str, separator: str) -> bool:
    return folder.upper() == "INBOX" or folder.upper().startswith("INBOX" + separator)


def _text(value: object) -> str:
    if not isinstance(value, bytes):
        return ""
    try:
        return str(imap_utf7.decode(value))
    except (ValueError, LookupError):
        return value.decode("utf-8", "surrogateescape")
