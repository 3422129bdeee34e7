"""Does a mail only pretend to be the owner's? By what mail servers wrote on its way, where no Sent folder tells."""

import re

from models.mail import Mail
from models.past import Owner

# Written by the server that took it from a client that had logged in (RFC 3848), or by a web mail's own.
_LOGGED_IN = re.compile(r"\bwith (?:UTF8)?(?:L?E?SMTPS?A|ESMTPSA|ASMTP|HTTPS?)\b", re.IGNORECASE)
_PASSED = re.compile(r"\b(?:dkim|dmarc)\s*=\s*pass\b", re.IGNORECASE)
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-delivered-to")
_LABELLED_SENT = re.compile(r"(?:^|[\s,\"])sent(?:$|[\s,\"])", re.IGNORECASE)


def is_forged(mail: Mail, owner: Owner) -> bool:
    """Whether a mail with the owner in From came to the owner from outside, and nothing shows that they sent it.

    What the owner sent and a client kept was never delivered: no trace (RFC 5321, 4.4). What they sent to
    themselves too has a trace, and on it the word of the server that took it or checked it. Only the topmost
    such field counts: those below are the sender's to invent.
    """
    came = (mail.header("received") or "").lower().startswith("from ") and _reached(mail, owner)
    if not came or _LABELLED_SENT.search(mail.header("x-gmail-labels") or ""):
        return False
    by_login = _LOGGED_IN.search(mail.header("received") or "")
    return not by_login and not _PASSED.search(mail.header("authentication-results") or "")


def _reached(mail: Mail, owner: Owner) -> bool:
    """An address of the owner's got it: it stands among the recipients, or in what delivery wrote."""
    if any(owner.is_own(m.address) for m in (*mail.to, *mail.cc)):
        return True
    return any(owner.is_own(value.strip("<> ")) for name in _DELIVERED if (value := mail.header(name)))
