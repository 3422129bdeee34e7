"""What history keeps of a mail: who wrote to whom and when, and what happened in it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from classifier.signals.agreement import likeliest
from classifier.signals.asks import find_asks
from classifier.signals.automation import is_personal_for_history
from classifier.signals.calls import find_call
from classifier.signals.copies import sketch_of
from classifier.signals.help import find_help, find_report
from classifier.signals.introductions import find_introduction
from classifier.signals.invitations import find_invitations
from classifier.signals.nudges import find_nudge
from classifier.signals.quoting import quoted_in, said_in
from classifier.signals.refusals import find_refusal
from classifier.signals.requests import find_unanswered_question
from classifier.signals.wants import find_wants
from models.finding import Ask
from models.letter import Event, EventKind, Letter, fingerprint, short_hash
from models.mail import Mail, ZoneKind
from models.past import Owner

MAX_RECIPIENTS = 500  # kept of one mail; more are one mailing
MAX_REFS = 4  # the thread's first and the nearest three
_EVENT_TEXT = 4_000  # characters of own text; in a longer one, or one to many, nobody is asked in person
_EVENT_PEOPLE = 10
_LIKELY = 0.5  # an ask less sure than this is not kept as one
_COLD = 3.0  # log-odds that a letter is cold: then it asks, if not in words that show it

# What mail programs put in front of a subject, in the languages met most.
_ANSWERS = (
    "re|aw|antw|antwort|sv|svar|vs|vast|odp|r|ri|rif|ris|ref|res|resp|rép|ynt|atb|vá|отв|ответ|απ"
    "|回复|回覆|答复|答覆|返信|답장"
)
_SENT_ON = "fw|fwd|wg|wl|tr|rv|i|vb|vl|enc|doorst|pd|İlt|转发|轉寄|転送|전달"
_COUNT = r"\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]"
_PREFIX = re.compile(rf"^\s*(?:(?:{_ANSWERS}|{_SENT_ON}){_COUNT}|\[[^\]]{{1,40}}\])\s*", re.I)
_REPLY = re.compile(rf"^\s*(?:\[[^\]]{{1,40}}\]\s*)?(?:{_ANSWERS}){_COUNT}", re.I)
_WAS = re.compile(r"[(\[](?:was|war|ex|oli|tidl|formerly)\s{0,3}:\s{0,3}([^()\[\]]{1,200})[)\]]\s*$", re.I)


ALWAYS = datetime.min.replace(tzinfo=UTC)  # `since`: whenever it went


def witness(mail: Mail, owner: Owner, *, stand_in: datetime, since: datetime | None = None) -> Letter:
    """What is to be remembered of a mail. `stand_in` (aware) is its date where its own cannot be read.

    Of what the owner sent from `since` (aware) on, a sketch of its words is kept too; None: of nothing.
    Never raises. A mail read by its header alone gives a letter without events.
    """
    senders = [m.canonical for m in mail.senders] or [""]
    outgoing = all(s in owner.addresses for s in senders)
    date = _date(mail)
    to, cc = _recipients(mail, outgoing)
    subject = bare_subject(mail.subject)
    personal = is_personal_for_history(mail)
    when = (date or stand_in).astimezone(UTC)
    return Letter(
        fingerprint=fingerprint(mail),
        message_id=mail.message_id,
        date=when,
        sender=senders[0],
        reply_to=_reply_to(mail, senders),
        to=to,
        cc=cc,
        names={m.canonical: m.name for m in (*mail.senders, *mail.to, *mail.cc)[:MAX_RECIPIENTS] if m.name},
        outgoing=outgoing,
        to_owner=any(a in owner.addresses for a in to),
        personal=personal,
        reconstructed=outgoing and mail.header("x-reconstructed") is not None,
        whole=bool(mail.text) or mail.calendar,
        dated=mail.date is not None,
        id=short_hash(mail.message_id) if mail.message_id else 0,
        refs=_refs(mail),
        subject=short_hash(subject) if subject else 0,
        reply=says_reply(mail),
        said=said_in(mail) if outgoing and personal else (),
        quotes=() if outgoing or mail.links.all or not personal else quoted_in(mail),
        events=_events(mail, owner, outgoing) if personal and mail.text else (),
        sketch=_sketch(mail, owner)
        if outgoing and personal and since is not None and when >= since
        else None,
    )


def _sketch(mail: Mail, owner: Owner) -> bytes | None:
    """Of a mail whose text was read and that leaves the house."""
    went = (*mail.to, *mail.cc, *mail.bcc)
    if not (mail.text or mail.attachments) or (went and all(owner.is_internal(m.address) for m in went)):
        return None
    return sketch_of(mail)


def bare_subject(subject: str) -> str:
    """The subject without reply and forward marks, list tags and case; what a thread shares.

    Of "Crates (was: Herring quota)" it is the old one, by which the thread is known.
    """
    was = _WAS.search(subject[-300:])
    text, before = was.group(1) if was else subject, None
    while text != before:
        before, text = text, _PREFIX.sub("", text, count=1)
    return " ".join(text.lower().split())


def says_reply(mail: Mail) -> bool:
    """Whether a mail claims to answer another: by links, subject or quoted text. A claim, not proof."""
    return bool(
        mail.links.all
        or _REPLY.match(mail.subject)
        or _WAS.search(mail.subject[-300:])
        or any(z.kind is ZoneKind.QUOTE for z in mail.zones)
    )


def _date(mail: Mail) -> datetime | None:
    """The mail's own date, else that of the last server that took it."""
    if mail.date is not None:
        return mail.date
    received = (mail.header("received") or "").rpartition(";")[2]
    try:
        date = parsedate_to_datetime(received.strip())
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _reply_to(mail: Mail, senders: list[str]) -> str:
    address = mail.reply_to[0].canonical if len(mail.reply_to) == 1 else ""
    return "" if address in senders else address


def _refs(mail: Mail) -> tuple[int, ...]:
    """The ids it answers, nearest last: a thread's first and the nearest few are enough to join it."""
    chain = [i for i in mail.links.references if i not in mail.links.in_reply_to[:1]]
    chain.extend(mail.links.in_reply_to[:1])
    if len(chain) > MAX_REFS:
        chain = [chain[0], *chain[1 - MAX_REFS :]]
    return tuple(short_hash(i) for i in chain)


def _recipients(mail: Mail, outgoing: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """To, and copies (for the owner's own mail blind ones too): canonical, each once."""
    to = tuple(dict.fromkeys(m.canonical for m in mail.to))[:MAX_RECIPIENTS]
    copies = (*mail.cc, *mail.bcc) if outgoing else mail.cc
    cc = dict.fromkeys(m.canonical for m in copies)
    return to, tuple(a for a in cc if a not in to)[: MAX_RECIPIENTS - len(to)]


def _events(mail: Mail, owner: Owner, outgoing: bool) -> tuple[Event, ...]:
    call = find_call(mail) if outgoing else ""
    events = [Event(kind=EventKind.CALL, quote=call[:200])] if call else []
    if len(mail.own_text) <= _EVENT_TEXT and len(mail.to) + len(mail.cc) <= _EVENT_PEOPLE:
        events.extend(_between_persons(mail, owner))
        others = (*mail.to, *mail.cc, *mail.bcc) if outgoing else mail.senders
        if not all(owner.is_internal(m.address) for m in others):  # of colleagues no ask is ever weighed
            events.extend(_asked(mail, outgoing))
            events.extend(_told(mail) if outgoing else _helped(mail))
    return tuple(events)


def _between_persons(mail: Mail, owner: Owner) -> Iterator[Event]:
    introduced = find_introduction(mail, owner.addresses, likely=True)
    if introduced is not None:
        people = tuple(dict.fromkeys(m.canonical for m in introduced.people))
        kind = EventKind.INTRODUCTION if introduced.sure else EventKind.LIKELY_INTRODUCTION
        yield Event(kind=kind, people=people, quote=introduced.quote)
    if refusal := find_refusal(mail):
        yield Event(kind=EventKind.REFUSAL, quote=refusal.quote, firm=refusal.firm)


def _asked(mail: Mail, outgoing: bool) -> Iterator[Event]:
    for invited in find_invitations(mail.own_text):
        yield Event(
            kind=EventKind.INVITATION,
            asks=invited.asks,
            enclosures=invited.enclosures,
            quote=invited.quote[:200],
        )
    asks: dict[Ask, str] = {}
    heard = mail.heard
    if not outgoing and heard is not None and heard.cold < _COLD:  # friends ask in many ways, too
        mail, heard = mail.model_copy(update={"heard": None}), None
    for span in find_asks(mail) if outgoing else find_wants(mail):
        if span.certainty >= _LIKELY:
            asks.setdefault(span.ask, span.quote)
    if not outgoing and not asks and heard is not None:
        said = likeliest(heard, mail.own_text)
        asks = {said.ask: said.quote} if said else {}
    if outgoing and not asks and (nudge := find_nudge(mail) or _waits_for(mail)):
        yield Event(kind=EventKind.ASK, quote=nudge[:200])
    for ask, quote in asks.items():
        yield Event(kind=EventKind.ASK, asks=(ask,), quote=quote[:200])


def _waits_for(mail: Mail) -> str:
    """The question a first word to one person puts, in whatever words; an answer's questions go back and forth."""
    alone = len(mail.to) == 1 and not (mail.cc or mail.bcc)
    return find_unanswered_question(mail) if alone and not says_reply(mail) else ""


def _helped(mail: Mail) -> Iterator[Event]:
    for given in find_help(mail):
        yield Event(kind=EventKind.HELP, help=given.kind, quote=given.quote[:200], firm=given.sure)


def _told(mail: Mail) -> Iterator[Event]:
    told = find_report(mail)
    if told is not None and told.thanks:
        yield Event(kind=EventKind.THANKS)
    if told is not None and told.reports:
        yield Event(kind=EventKind.REPORT)
