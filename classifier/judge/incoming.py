"""Is this incoming mail a cold ask? From the ask and the tie together (etiquette, section 2)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from classifier.hearing import Ear, listen, shipped
from classifier.judge import reasons
from classifier.judge.belonging import kept_by_tie, kept_unread
from classifier.judge.case import Case, Opinion
from classifier.judge.introduced import weigh_answered, weigh_introduced
from classifier.judge.strangers import kept, signs_of, weigh_stranger
from classifier.judge.taste import Lesson, Taste, features_of
from classifier.judge.weighing import FILE_ABOVE, weigh
from classifier.reading.width import as_written, narrow
from classifier.signals.language import is_english
from classifier.signals.wants import find_wants
from models.address import canonical
from models.finding import Effect, Finding
from models.mail import Mail
from models.past import Past, Tie
from models.verdict import AskShown, Disposition, IncomingVerdict, TieShown

_LEAST: Final = 0.01  # the probability where something else than the text decides
_NOT_READY: Final = (
    "Your mail history has not been read yet, so nothing is filed by it and this stays in the inbox."
)
_EFFECT: Final = {Disposition.FILE: Effect.HOLD, Disposition.UNSURE: Effect.WARN}
_ADVICE: Final = {
    Disposition.FILE: "Write to them, or move the mail back to the inbox: that is final.",
    Disposition.UNSURE: "Move the mail to Cold Asks if it does not belong in the inbox.",
}
_STRENGTH: Final = {Effect.OFF: 0, Effect.PASS: 0, Effect.NOTE: 0, Effect.WARN: 1, Effect.HOLD: 2}
_RANK: Final = (Disposition.KEEP, Disposition.UNSURE, Disposition.FILE)


def judge_incoming(
    mail: Mail,
    past: Past,
    *,
    overrides: Mapping[str, Effect] | None = None,
    file_above: float | None = None,
    ear: Ear | None = None,
    taste: Taste | None = None,
) -> IncomingVerdict:
    """Judge one incoming mail with what was known before it. Never raises; doubt keeps.

    `overrides` are the user's `[rules]`; `file_above` the probability above which a cold ask is filed,
    where None that of `taste`, else the shipped one; `ear` the model that reads what the tie leaves open, the
    shipped core where None; `taste` what the user's corrections changed.
    """
    if file_above is None:
        file_above = FILE_ABOVE if taste is None else taste.file_above
    plain = narrow(mail)
    opinion = _opinion(plain, past, file_above, ear, taste)
    verdict = _verdict(plain, past, _overridden(opinion, plain, overrides or {}))
    return verdict if plain is mail else as_written(verdict, mail)


def opened(mail: Mail, past: Past, ear: Ear | None = None) -> Case | None:
    """The case of a mail that its text decides, listened to; None where something else decides."""
    mail = narrow(mail)
    if mail.unreadable or mail.sender is None or not mail.own_text.strip() or kept_unread(mail, past):
        return None
    who = canonical(mail.sender.address)
    if not past.relation(who).stranger or kept_by_tie(past, who) or not is_english(mail.own_text):
        return None
    return Case(listen(mail, ear or shipped()), past, past.relation(who), FILE_ABOVE)


def learnable(mail: Mail, past: Past, ear: Ear | None = None) -> Lesson | None:
    """What there is to learn from a mail the user moved; None where not its text, but something else decides."""
    case = opened(mail, past, ear)
    if case is None:
        return None
    weighed = weigh(signs_of(case), case.mail.heard)
    return Lesson(weighed.score, features_of(case.mail, weighed.top))


def _opinion(mail: Mail, past: Past, file_above: float, ear: Ear | None, taste: Taste | None) -> Opinion:
    if mail.unreadable or mail.sender is None:
        words = mail.unreadable or "its sender cannot be read"
        return Opinion(Disposition.KEEP, _LEAST, f"It stays in the inbox because {words}.", rule="unreadable")
    who = canonical(mail.sender.address)
    if who in past.released:
        return _keep(mail, "is somebody whose mail you told coldask to leave alone")
    if who in past.cold:
        ask = next(iter(find_wants(mail)), None)
        reason = f"You said that mail of {reasons.writer(mail)} is cold; {reasons.RELEASE}."
        return Opinion(Disposition.FILE, 0.99, reason, ask, "cold-ask", find_wants(mail))
    if why := kept_unread(mail, past):
        return Opinion(Disposition.KEEP, _LEAST, f"This mail {why}, so it stays in the inbox.")
    if not past.ready:
        return Opinion(Disposition.KEEP, _LEAST, _NOT_READY, rule="history-not-ready")
    return _by_tie(Case(mail, past, past.relation(who), file_above, taste), ear)


def _by_tie(case: Case, ear: Ear | None) -> Opinion:
    """What the tie decides alone, else what the letter asks. Only what hangs on its words is listened to."""
    mail, tie = case.mail, case.relation.tie
    why = kept_by_tie(case.past, case.who)
    if tie is Tie.ANSWERED:
        return weigh_answered(case, why or "someone you are in touch with")
    if why:
        return kept(case, find_wants(mail), _LEAST, f"is {why}")
    if mail.own_text.strip() and not is_english(mail.own_text):
        reason = f"{reasons.writer(mail)} writes in a language whose asks coldask cannot read, so this stays."
        return Opinion(Disposition.KEEP, 0.2, reason, rule="other-language")
    if tie is not Tie.VOUCHED and case.past.thread.owner_wrote and case.relation.refused is None:
        return kept(case, find_wants(mail), _LEAST, "writes in a thread that you write in")
    case = replace(case, mail=listen(mail, ear or shipped()))
    return weigh_introduced(case) if tie is Tie.VOUCHED else weigh_stranger(case)


def _keep(mail: Mail, why: str) -> Opinion:
    return Opinion(Disposition.KEEP, _LEAST, reasons.kept(mail, why))


def _overridden(opinion: Opinion, mail: Mail, overrides: Mapping[str, Effect]) -> Opinion:
    """The user's `[rules]` can weaken what a finding does, never strengthen it."""
    wish = overrides.get(opinion.rule)
    if wish is None or _RANK.index(opinion.disposition) <= _STRENGTH[wish]:
        return opinion
    weaker = _RANK[_STRENGTH[wish]]
    reason = f"{opinion.reason} Your rule {opinion.rule} = “{wish}” leaves it in the inbox."
    return Opinion(weaker, opinion.probability, reason, opinion.ask, opinion.rule, because=opinion.because)


def _verdict(mail: Mail, past: Past, opinion: Opinion) -> IncomingVerdict:
    sender = mail.sender
    ties = {}
    if sender:
        relation = past.relation(sender.address)
        ties[sender.address.lower()] = TieShown(tie=relation.tie, facts=relation.facts)
    asks: dict[str, AskShown] = {}
    for ask in sorted(opinion.asks, key=lambda a: -a.certainty):
        asks.setdefault(ask.ask.value, AskShown(ask=ask.ask, quote=ask.quote))
    return IncomingVerdict(
        disposition=opinion.disposition,
        findings=_findings(mail, opinion),
        reason=opinion.reason,
        probability=round(opinion.probability, 4),
        asks=tuple(asks.values()),
        ties=ties,
        because=opinion.because,
    )


def _findings(mail: Mail, opinion: Opinion) -> tuple[Finding, ...]:
    if not opinion.rule:
        return ()
    sender = mail.sender
    return (
        Finding(
            rule=opinion.rule,
            effect=_EFFECT.get(opinion.disposition, Effect.NOTE),
            certainty=round(max(opinion.probability, 1 - opinion.probability), 4),
            ask=opinion.ask.ask if opinion.ask else None,
            people=(sender.address.lower(),) if sender else (),
            quote=opinion.ask.quote if opinion.ask else "",
            message=opinion.reason,
            advice=_ADVICE.get(opinion.disposition, ""),
        ),
    )
