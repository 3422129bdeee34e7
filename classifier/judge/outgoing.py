"""Judging a mail the user is about to send: exemptions first, then every rule, then the one table."""

from collections.abc import Mapping

from classifier.policy import dispose
from classifier.rulebook import rules
from models.finding import Effect, Finding
from models.mail import Envelope, Mail
from models.past import Past
from models.verdict import Disposition, OutgoingVerdict, TieShown


def judge_outgoing(
    mail: Mail, envelope: Envelope, past: Past, overrides: Mapping[str, Effect] | None = None
) -> OutgoingVerdict:
    """The verdict on an outgoing mail. Never raises."""
    findings: list[Finding] = []
    for rule in rules():
        for remark in rule.check(mail, envelope, past):
            findings.extend(dispose(rule.name, remark, past, overrides))
    effect = max((f.effect for f in findings), key=lambda e: e.rank, default=Effect.PASS)
    ties = {a.lower(): TieShown(tie=past.tie(a), facts=past.relation(a).facts) for a in envelope.recipients}
    reason = findings[0].message if findings else "Nothing in it speaks against sending it."
    return OutgoingVerdict(disposition=Disposition(effect), findings=tuple(findings), reason=reason, ties=ties)
