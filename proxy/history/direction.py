"""Which way a mail goes, and to whom."""

from models.mail import Envelope, Mail
from models.past import Owner


def is_outgoing(mail: Mail, owner: Owner, direction: str | None = None) -> bool:
    """Which way a mail goes: as said, else by its From."""
    if direction is not None:
        return direction == "outgoing"
    return bool(mail.senders) and all(owner.is_own(m.address) for m in mail.senders)


def envelope_of(mail: Mail, recipients: list[str] | tuple[str, ...] = ()) -> Envelope:
    """The envelope as given, else as a mail client would make it: To, Cc and Bcc."""
    named = dict.fromkeys(m.address for m in (*mail.to, *mail.cc, *mail.bcc))
    return Envelope(sender=mail.sender.address if mail.sender else "", recipients=tuple(recipients or named))


def people_of(mail: Mail, envelope: Envelope | None) -> tuple[str, ...]:
    """Those a mail is judged for: the envelope's recipients, or whoever it is from."""
    return tuple(m.address for m in mail.senders) if envelope is None else envelope.recipients
