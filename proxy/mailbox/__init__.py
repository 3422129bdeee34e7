"""The mailbox: IMAP as coldask uses it, one session a thread, nothing deleted, nothing marked read."""

from proxy.mailbox.mailbox import Mailbox

__all__ = ["Mailbox"]
