"""What coldask says while it works: one method an event, on stderr. Never a subject, a body or a secret."""

import logging
import sys
from collections.abc import Sequence

_log = logging.getLogger("coldask")


def start(*, verbose: bool = False) -> None:
    """Send events to stderr, one line each, with the time."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    _log.handlers[:] = [handler]
    _log.setLevel(logging.DEBUG if verbose else logging.INFO)
    _log.propagate = False
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's own log names addresses


def keep_silent() -> None:
    """Send events nowhere: a command that ends in one sentence says it itself."""
    _log.addHandler(logging.NullHandler())


class Journal:
    """Events of the service. Each part adds its own methods here: one file shows all that is logged."""

    def listening(self, host: str, port: int, accounts: int) -> None:
        _log.info("listening smtp=%s:%d accounts=%d", host, port, accounts)

    def released(self, held_id: str, sent: int, refused: int, unsure: int) -> None:
        """A release ended: how many recipients got the mail, were refused, or may have it."""
        _log.info("released %s sent=%d refused=%d unsure=%d", held_id, sent, refused, unsure)

    def recovered(self, held_id: str, state: str) -> None:
        """A release that a crash left open was settled."""
        _log.warning("recovered %s: now %s", held_id, state)

    def told(self, occasion: str, held_id: str, carrier: str) -> None:
        """The user was told of a hold, a warning, an expiry; `carrier`: command, desktop, mail or nobody."""
        _log.info("told %s %s by %s", occasion, held_id, carrier)

    def passed(self, account: str, disposition: str, recipients: int) -> None:
        """A mail was judged and the provider took it."""
        _log.info("passed account=%s verdict=%s recipients=%d", account, disposition, recipients)

    def held(self, held_id: str, rules: Sequence[str], recipients: int) -> None:
        """A mail was kept instead of sent."""
        _log.info("held %s rules=%s recipients=%d", held_id, ",".join(rules), recipients)

    def unsure(self, held_id: str) -> None:
        """A mail may have been sent: the provider's answer was lost."""
        _log.warning("unsure %s: the provider's answer was lost", held_id)

    def resent(self, held_id: str) -> None:
        """A mail that had been released came again and was not sent twice."""
        _log.info("resent %s: not sent again", held_id)

    def learned(self) -> None:
        """The history is read, after something had hindered it."""
        _log.info("learn: the history is read now")

    def trouble(self, where: str, what: str) -> None:
        """Something failed that the service survives; `what`: a sentence of ours or an exception's class."""
        _log.warning("%s: %s", where, what)

    def judged(self, account: str, uid: int, disposition: str, state: str) -> None:
        """An arrived mail was judged; `state`: where it is now."""
        _log.info("account %s: mail %d judged %s, %s", account, uid, disposition, state)

    def corrected(self, account: str, opinion: str) -> None:
        """The user moved a mail out of Cold Asks or into it."""
        _log.info("account %s: the user says %s", account, opinion)
