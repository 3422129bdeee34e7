"""What coldask says while it works: one method an event, on stderr. Never a subject, a body or a secret."""

import logging
import sys

_log = logging.getLogger("coldask")


def start(*, verbose: bool = False) -> None:
    """Send events to stderr, one line each, with the time."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    _log.handlers[:] = [handler]
    _log.setLevel(logging.DEBUG if verbose else logging.INFO)
    _log.propagate = False
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's own log names addresses and commands


class Journal:
    """Events of the service. Each part adds its own methods here, so that one file shows all that is logged."""

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

    def trouble(self, where: str, what: str) -> None:
        """Something failed that the service survives; `what` is a sentence of ours or an exception's class name."""
        _log.warning("%s: %s", where, what)
