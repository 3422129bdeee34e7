"""Judging a mail the user is about to send: exemptions first, then every rule, then the one table."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from classifier.hearing import Ear, listen, shipped
from classifier.policy import dispose, weaker
from classifier.reading.width import as_written, narrow
from classifier.rulebook import Rule, rules
from classifier.signals.automation import Nature, nature
from classifier.signals.language import is_english
from classifier.signals.permission import Carried, carried
from models.finding import Effect, Finding
from models.mail import Envelope, Mail
from models.past import Owner, Past, Tie
from models.verdict import Disposition, OutgoingVerdict, TieShown

_FINE: Final = "Nothing in it speaks against sending it."
_FOREIGN: Final = (
    "It is not in English, so only its recipients, enclosures and blanks were looked at; they are fine."
)
_FOREIGN_TOO: Final = "It is not in English, so nothing but recipients, enclosures and blanks was looked at."
_YOURS: Final = ("an address of your own",)
_NO_HISTORY: Final = "Your mail history is not read yet, so nothing is held for whom you know."

# Rules of structure that also read an enclosure: what a résumé is called is much the same everywhere, and so is
# one that goes to many.
_IN_ANY_LANGUAGE: Final = frozenset({"early-resume", "job-broadcast"})


def judge_outgoing(
    mail: Mail,
    envelope: Envelope,
    past: Past,
    overrides: Mapping[str, Effect] | None = None,
    ear: Ear | None = None,
) -> OutgoingVerdict:
    """The verdict on an outgoing mail. Never raises, and doubt never stops a mail.

    `ear` is the model that hears what the mail asks; None: the shipped core.
    """
    plain = narrow(mail)
    verdict = _judged(plain, envelope, past, overrides or {}, ear)
    return verdict if plain is mail else as_written(verdict, mail)


def _judged(
    mail: Mail, envelope: Envelope, past: Past, overrides: Mapping[str, Effect], ear: Ear | None
) -> OutgoingVerdict:
    if exempt := _exemption(mail, envelope, past.owner):
        return _verdict(envelope, past, (), exempt)
    if mail.unreadable:
        return _verdict(envelope, past, (_unreadable(mail),), "")
    english = is_english(mail.own_text)
    mail = listened(mail, envelope, past.owner, ear)
    findings: list[Finding] = []
    for rule in rules():
        if english or rule.structural or rule.name in _IN_ANY_LANGUAGE:
            findings.extend(_findings(rule, mail, envelope, past, overrides))
    permissions = carried(mail)
    allowed = tuple(_allowed(f, permissions) for f in findings)
    return _verdict(envelope, past, allowed, _FINE if english else _FOREIGN, "" if english else _FOREIGN_TOO)


def listened(mail: Mail, envelope: Envelope, owner: Owner, ear: Ear | None) -> Mail:
    """A mail with what the ear hears in it, where its text is judged at all; history is asked with that, too."""
    if mail.heard is not None or mail.unreadable:
        return mail
    plain = narrow(mail)
    if _exemption(mail, envelope, owner) or not is_english(plain.own_text):
        return mail
    heard = listen(plain, ear or shipped())
    return heard if plain is mail else mail.model_copy(update={"heard": heard.heard})


def _exemption(mail: Mail, envelope: Envelope, owner: Owner) -> str:
    """Why a mail is never judged (etiquette, section 3); "" where it is."""
    kind = nature(mail)
    if kind is Nature.CALENDAR:
        return "It is calendar mail, which is never judged."
    if kind is Nature.AUTOMATIC:
        return "It is an automatic reply, which is never judged."
    if kind is Nature.REPORT:
        return "It is a report or receipt, which is never judged."
    if envelope.recipients and all(owner.is_own(a) for a in envelope.recipients):
        return "It goes to yourself only."
    if envelope.recipients and all(owner.is_internal(a) for a in envelope.recipients):
        return "It goes to colleagues only."
    return ""


def _unreadable(mail: Mail) -> Finding:
    return Finding(
        rule="unreadable", effect=Effect.NOTE, certainty=1.0,
        message=f"This mail could not be read ({mail.unreadable}), so it was not judged.",
        advice="Look at it once more before you rely on it.",
    )  # fmt: skip


def _findings(
    rule: Rule, mail: Mail, envelope: Envelope, past: Past, overrides: Mapping[str, Effect]
) -> list[Finding]:
    try:
        remarks = list(rule.check(mail, envelope, past))
    except Exception as failure:  # a rule's fault must never stop a mail, or hide what the other rules found
        if overrides.get(rule.name) is Effect.OFF:
            return []
        return [_failed(rule, failure)]
    if rule.tied and not past.ready:
        remarks = [r.model_copy(update={"ceiling": weaker(r.ceiling, Effect.NOTE)}) for r in remarks]
    return [f for r in remarks for f in dispose(rule.name, r, past, overrides, envelope.recipients)]


def _failed(rule: Rule, failure: Exception) -> Finding:
    return Finding(
        rule=rule.name, effect=Effect.NOTE, certainty=1.0,
        message=f"The rule {rule.name} could not judge this mail ({type(failure).__name__}).",
        advice="Nothing was held for it; report the fault if it comes back.",
    )  # fmt: skip


def _allowed(finding: Finding, permissions: Sequence[Carried]) -> Finding:
    """A mail can carry its own permission: then what was found is noted, and stops nothing."""
    given = next((p for p in permissions if p.rule in ("", finding.rule)), None)
    if given is None or finding.effect.rank <= Effect.NOTE.rank:
        return finding
    reason = f" ({given.reason})" if given.reason else ""
    return finding.model_copy(update={"effect": Effect.NOTE, "advice": f"The mail itself allows it{reason}."})


def _verdict(
    envelope: Envelope, past: Past, findings: Iterable[Finding], fine: str, beside: str = ""
) -> OutgoingVerdict:
    ordered = tuple(sorted(findings, key=lambda f: -f.effect.rank))
    effect = ordered[0].effect if ordered else Effect.PASS
    reason = ordered[0].message if ordered else fine
    if not past.ready:
        beside = _NO_HISTORY
    return OutgoingVerdict(
        disposition=Disposition(effect.value),
        findings=ordered,
        reason=f"{reason} {beside}".strip() if ordered or not past.ready else reason,
        ties={a.lower(): _tie(past, a) for a in envelope.recipients},
    )


def _tie(past: Past, address: str) -> TieShown:
    relation = past.relation(address)
    return _shown(relation.tie, _YOURS if past.owner.is_own(address) else relation.facts)


@lru_cache(maxsize=1024)  # many of a mail's recipients stand to the owner as others do
def _shown(tie: Tie, facts: tuple[str, ...]) -> TieShown:
    return TieShown(tie=tie, facts=facts)
