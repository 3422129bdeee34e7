"""Is this incoming mail a cold ask? From the ask and the tie together (etiquette, section 2)."""

from collections.abc import Mapping

from models.finding import Effect
from models.mail import Mail
from models.past import Past
from models.verdict import Disposition, IncomingVerdict, TieShown


def judge_incoming(
    mail: Mail,
    past: Past,
    *,
    overrides: Mapping[str, Effect] | None = None,
    file_above: float | None = None,
) -> IncomingVerdict:
    """Judge one incoming mail with what was known before it. Never raises; doubt keeps.

    `overrides` are the user's `[rules]`; `file_above` the probability above which a cold ask is filed,
    the shipped one where None.
    """
    sender = mail.sender
    relation = past.relation(sender.address) if sender else None
    ties = {}
    if sender and relation:
        ties[sender.address.lower()] = TieShown(tie=relation.tie, facts=relation.facts)
    return IncomingVerdict(
        disposition=Disposition.KEEP,
        reason="No ask was found, so it stays.",
        probability=0.0,
        ties=ties,
    )
