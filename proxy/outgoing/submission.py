"""A mail as a client handed it in, and what other mails it belongs together with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.address import canonical
from models.mail import Envelope, Mail

TOGETHER = timedelta(minutes=10)


@dataclass(frozen=True)
class Submission:
    """One mail after DATA: who sends it by which account, the bytes the provider gets, what they say."""

    account: str
    envelope: Envelope  # what the provider accepted, as the client wrote it
    options: tuple[str, ...]  # the client's parameters to MAIL
    raw: bytes  # CRLF line ends, without Bcc and permissions
    mail: Mail  # as handed in, Bcc and permissions included

    @property
    def people(self) -> frozenset[str]:
        return frozenset(canonical(a) for a in self.envelope.recipients)


class Together:
    """Clients that send one mail in several transactions (same Message-ID): judged as the one mail it is.

    Only what went counts: a held mail that is corrected and sent again must not be judged by its former self.
    """

    def __init__(self) -> None:
        self._sent: dict[tuple[str, str], tuple[datetime, tuple[str, ...]]] = {}

    def whole(self, mail: Mail, envelope: Envelope, now: datetime) -> Envelope:
        """The envelope with the recipients the same mail went to within the last minutes."""
        self._forget(now)
        key = _key(mail, envelope)
        before = self._sent[key][1] if key in self._sent else ()
        return envelope.model_copy(
            update={"recipients": tuple(dict.fromkeys((*before, *envelope.recipients)))}
        )

    def went(self, mail: Mail, envelope: Envelope, now: datetime) -> None:
        """These recipients were sent it."""
        key = _key(mail, envelope)
        if mail.message_id:
            self._sent[key] = (now, self.whole(mail, envelope, now).recipients)

    def _forget(self, now: datetime) -> None:
        old = [key for key, (at, _) in self._sent.items() if now - at > TOGETHER]
        for key in old:
            del self._sent[key]


def _key(mail: Mail, envelope: Envelope) -> tuple[str, str]:
    return canonical(envelope.sender), mail.message_id or ""
