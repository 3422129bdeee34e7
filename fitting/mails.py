"""Ordinary mails of any mailboxes, for the encoder to listen to: English, of ordinary length, each text once."""

import random
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from classifier.hearing.ear import Place
from classifier.reading.read import read_mail
from classifier.signals.language import is_english
from fitting.letters import places_of
from models.errors import UsageError
from models.mail import Mail
from proxy.history.sources import open_source

_SHORTEST: Final = 20  # characters
_LONGEST: Final = 3000
_SAME: Final = 200  # characters: texts that begin alike by so much are one
_ID: Final = re.compile(rb"^Message-ID:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_END: Final = re.compile(rb"\r?\n\r?\n")  # of the headers


@dataclass(frozen=True, slots=True)
class Text:
    """What a mail says."""

    subject: str
    text: str
    places: tuple[Place, ...]  # of its sentences


def text_of(subject: str, text: str) -> Text:
    """A text with the places of its sentences."""
    return Text(subject, text, places_of(text))


def texts_of(places: Iterable[Path], but: Iterable[str], but_header: str, seed: int) -> list[Text]:
    """The texts of all mails in mailboxes, or in folders of them, in an order drawn by `seed`.

    `but` are Message-IDs that are kept for measuring, and never heard; nor are mails with the header `but_header`,
    where it is not empty. What is no mailbox is passed over.
    """
    left_out, seen, found = frozenset(but), set[bytes](), list[Text]()
    header = re.compile(rb"^%b[ \t]*:" % re.escape(but_header.encode()), re.IGNORECASE | re.MULTILINE)
    for raw in mails_in(places):
        if but_header and header.search(_END.split(raw, maxsplit=1)[0]):
            continue
        mail = read_mail(raw)
        text = mail.own_text.strip()
        begins = sha256(text[:_SAME].encode()).digest()
        if begins in seen or not _SHORTEST < len(text) < _LONGEST:
            continue
        if mail.message_id in left_out or not is_english(text):
            continue
        seen.add(begins)
        found.append(text_of(mail.subject, text))
    random.Random(seed).shuffle(found)
    return found


def lines_of(path: Path) -> list[Text]:
    """Texts that are no mail, one a line: a dictionary's examples say words that ordinary mail seldom has."""
    lines = map(str.strip, path.read_text("utf-8").splitlines())
    return [text_of("", line) for line in lines if line]


def mails_of(places: Iterable[Path], ids: Container[str]) -> Iterator[Mail]:
    """The mails in mailboxes that have one of these Message-IDs, each once."""
    seen = set[str]()
    for raw in mails_in(places):
        found = _ID.search(_END.split(raw, maxsplit=1)[0])
        if found and (own := found[1].decode("ascii", "replace")) in ids and own not in seen:
            seen.add(own)
            yield read_mail(raw)


def mails_in(places: Iterable[Path]) -> Iterator[bytes]:
    """The bytes of all mails in mailboxes, or in folders of them. What is no mailbox is passed over."""
    for place in places:
        try:
            yield from (found.raw for found in open_source(place))
        except UsageError:
            if not place.is_dir():
                continue
            yield from mails_in(sorted(place.iterdir()))
