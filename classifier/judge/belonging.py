"""Why a mail stays before anybody reads its text: the user's word, its sender, its nature."""

import re
from typing import Final

from classifier.signals.automation import Nature, nature
from models.address import Mailbox
from models.mail import Mail
from models.past import Past, Tie

_LIST_ID: Final = 300  # characters of its end
SUBSCRIBED: Final = 3  # mailings and nothing else from a sender: the owner takes them
_NATURES: Final = {
    Nature.BULK: "is bulk mail by its own header",
    Nature.LIST: "is mail of a mailing list",
    Nature.MAILING: "is a mailing",
    Nature.AUTOMATIC: "is an automatic reply",
    Nature.NOTICE: "is a notice sent by a machine",
    Nature.CALENDAR: "is calendar mail",
    Nature.REPORT: "is a delivery or read report",
}


def kept_unread(mail: Mail, past: Past) -> str:
    """Why this mail stays whatever it says ("is calendar mail"); "" where it must be read."""
    sender = mail.sender
    if sender is None:
        return "has no single readable sender"
    if past.owner.is_own(sender.address):
        return "is your own"
    if past.owner.is_internal(sender.address):
        return "is from a colleague, and colleagues are never cold"
    what = nature(mail)
    if what is Nature.PERSONAL or (what is Nature.MAILING and writes_as_a_person(mail, past)):
        return ""
    if what is Nature.LIST and not list_is_believed(mail, past) and writes_as_a_person(mail, past):
        return ""
    return _NATURES[what]


def writes_as_a_person(mail: Mail, past: Past) -> bool:
    """A letter to the owner alone in a person's name: sending tools add List-Unsubscribe to it too."""
    sender, addressed = mail.sender, (*mail.to, *mail.cc)
    if sender is None or len(addressed) != 1 or not past.owner.is_own(addressed[0].address):
        return False
    relation = past.relation(sender.address)
    subscribed = relation.bulk_only and relation.received >= SUBSCRIBED
    return _is_person(sender) and not subscribed


def _is_person(box: Mailbox) -> bool:
    words = re.findall(r"[^\W\d_][\w.'’-]*", box.name)
    local = box.address.partition("@")[0].lower()
    return (
        1 <= len(words) <= 4
        and words[0][0].isupper()
        and not re.search(r"news|noreply|no-reply|digest|list|update", local)
    )


def list_is_believed(mail: Mail, past: Past) -> bool:
    """List-Id with the list's own address in To or Cc (RFC 2919, 3), or a sender known from mailings only."""
    list_id = re.search(r"<?([\w.+-]{1,100})>?\s{0,9}$", (mail.header("list-id") or "")[-_LIST_ID:])
    name = list_id.group(1).lower() if list_id else ""
    post = (mail.header("list-post") or "").lower()
    for box in (*mail.to, *mail.cc):
        address = box.address.lower()
        if past.owner.is_own(address):
            continue
        local, _, domain = address.partition("@")
        if name and (name in (address.replace("@", "."), domain) or name.startswith(f"{local}.")):
            return True
        if address in post:
            return True
    return mail.sender is not None and past.relation(mail.sender.address).bulk_only


def kept_by_tie(past: Past, address: str) -> str:
    """Why nothing of this person's is ever filed; "" where their asks must be weighed."""
    relation = past.relation(address)
    if relation.tie.at_least(Tie.ESTABLISHED):
        return "someone you are in touch with"
    if relation.refused is None and relation.sent and relation.tie is not Tie.VOUCHED:
        return "someone you have written to"
    return ""
