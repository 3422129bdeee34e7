"""Is a mail one person's letter, or what lists, tools and machines send? By its header and addresses alone.

All of it is what the mail says of itself: a claim. Who relies on it to keep or to exempt a mail asks for more
where that matters (a list is believed by its address among the recipients or by earlier mail).

| nature | said by | history of ties | filing |
|---|---|---|---|
| personal | nothing below | counts | judged |
| mailing | List-Unsubscribe or Feedback-ID alone | no | judged as personal where it reads like a letter |
| list, bulk | List-Id, List-Post, Precedence | no | kept, if believed |
| automatic, notice, calendar, report | Auto-Submitted, Content-Type, sender | no | kept |

X-Mailer proves nothing: the tools that send bulk mail also send letters.
"""

import re
from enum import StrEnum
from functools import lru_cache

from classifier.phrases import sections
from models.address import domain_of
from models.mail import Mail


class Nature(StrEnum):
    """Who or what speaks in a mail."""

    PERSONAL = "personal"  # nothing says otherwise
    MAILING = "mailing"  # List-Unsubscribe or Feedback-ID and nothing more: newsletter, or a letter by a tool
    LIST = "list"  # a mailing list's own header (RFC 2919, RFC 2369)
    BULK = "bulk"  # Precedence: bulk or junk
    AUTOMATIC = "automatic"  # an automatic reply (RFC 3834): vacation, ticket opened
    NOTICE = "notice"  # machines' own mail: no-reply senders, receipts, social networks
    CALENDAR = "calendar"  # an invitation or its answer (RFC 6047)
    REPORT = "report"  # delivery or read report (RFC 3464, RFC 8098)


_SENDERS = sections("machine-senders")


def _local_parts(section: str) -> re.Pattern[str]:
    names = "|".join(map(re.escape, _SENDERS[section]))
    return re.compile(rf"(?:.{{0,40}}[-_.+])?(?:{names})(?![a-z])")


_NOTICE_SENDER = _local_parts("notices")
_REPORT_SENDER = _local_parts("reports")
_MAILING_SENDER = _local_parts("mailings")
_NETWORKS = frozenset(_SENDERS["networks"])
_NETWORK_PEOPLE = frozenset(_SENDERS["network-people"])
_AUTOMATIC_SUBJECT = re.compile(
    r"(?:automatic reply|auto[- ]?(?:reply|response|responder)|abwesenheitsnotiz|automatische antwort"
    r"|réponse automatique|respuesta automática|risposta automatica|automatisch antwoord|autosvar)(?!\w)"
    r"|out[- ]of[- ](?:the[- ])?office(?: (?:auto-?reply|reply|response|message|notice))?\s{0,3}(?:[:(]|$)",
    re.I,
)
_REPORT_TYPES = ("multipart/report", "message/delivery-status", "message/disposition-notification")
_WORD_END = re.compile(r"[\s;(]")
_LIST_FIELDS = ("list-id", "list-post", "x-mailing-list", "mailing-list", "x-beenthere", "x-mailman-version")
_REPLY_FIELDS = ("x-autoreply", "x-autorespond", "x-autoresponse")
FIELDS = frozenset(  # every field that tells a letter from what machines send, beside its sender and subject
    (
        *_LIST_FIELDS, *_REPLY_FIELDS, "precedence", "list-unsubscribe", "feedback-id", "content-class",
        "auto-submitted", "x-auto-response-suppress",
    )
)  # fmt: skip


def nature(mail: Mail) -> Nature:
    """The nature of a mail. Works on `read_headers` too, where calendar parts are not seen."""
    if mail.has_none(FIELDS):  # most letters: nothing else to look at
        return _by_type(mail) or _by_subject(mail) or _sent_as(mail) or Nature.PERSONAL
    if machine := _by_machine(mail):
        return machine
    precedence = _first_word(mail, "precedence")
    if precedence == "list" or any(mail.header(name) for name in _LIST_FIELDS):
        return Nature.LIST
    if precedence in ("bulk", "junk"):
        return Nature.BULK
    if mail.header("list-unsubscribe") or mail.header("feedback-id") or _sent_as(mail) is Nature.MAILING:
        return Nature.MAILING
    return Nature.PERSONAL


def is_personal_for_history(mail: Mail) -> bool:
    """Whether a mail counts as one person's letter in the history of relationships (relationships, 3)."""
    return nature(mail) is Nature.PERSONAL


def _by_type(mail: Mail) -> Nature | None:
    if mail.content_type in _REPORT_TYPES:
        return Nature.REPORT
    return Nature.CALENDAR if mail.calendar or mail.content_type == "text/calendar" else None


def _by_subject(mail: Mail) -> Nature | None:
    return Nature.AUTOMATIC if _AUTOMATIC_SUBJECT.match(mail.subject) else None


def _by_machine(mail: Mail) -> Nature | None:
    """What says that no person wrote this mail, the most telling sign first."""
    if sort := _by_type(mail):
        return sort
    if "calendarmessage" in (mail.header("content-class") or "").lower():
        return Nature.CALENDAR
    if auto := _automatic(mail):
        return auto
    sent_as = _sent_as(mail)
    # An empty return path alone proves nothing: it is the sender's to choose, and a pitch could hide behind it.
    return sent_as if sent_as in (Nature.REPORT, Nature.NOTICE) else None


def _automatic(mail: Mail) -> Nature | None:
    submitted = _first_word(mail, "auto-submitted")
    if submitted == "auto-replied" or _first_word(mail, "precedence") == "auto_reply":
        return Nature.AUTOMATIC
    if any(mail.header(name) for name in _REPLY_FIELDS) or _by_subject(mail):
        return Nature.AUTOMATIC
    suppress = (mail.header("x-auto-response-suppress") or "").lower()
    return Nature.NOTICE if submitted not in ("", "no") or "all" in suppress else None


def _sent_as(mail: Mail) -> Nature | None:
    """What the sender's address says. Several authors are nobody's address."""
    return _address_says(mail.sender.address.lower()) if mail.sender else None


@lru_cache(maxsize=4096)
def _address_says(address: str) -> Nature | None:
    local, domain = address.rpartition("@")[0], domain_of(address)
    if address in _NETWORK_PEOPLE or _is_network(domain):
        return Nature.NOTICE
    if _REPORT_SENDER.match(local):
        return Nature.REPORT
    if _NOTICE_SENDER.match(local):
        return Nature.NOTICE
    return Nature.MAILING if _MAILING_SENDER.match(local) else None


def _is_network(domain: str) -> bool:
    """A social network's domain, or one below it."""
    while domain:
        if domain in _NETWORKS:
            return True
        domain = domain.partition(".")[2]
    return False


def _first_word(mail: Mail, name: str) -> str:
    return _WORD_END.split((mail.header(name) or "").strip().lower(), maxsplit=1)[0]
