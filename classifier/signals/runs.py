"""Runs: whom the owner wrote the same letter to, or asked the same of, in the last days, mail by mail."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final, NamedTuple

from classifier.signals.asks import find_asks
from classifier.signals.copies import is_copy, likeness, sketch_of, triples
from classifier.signals.enclosures import find_resume
from classifier.signals.form import says_reply
from classifier.signals.recipients import is_list, is_mailing, shown, there_for
from classifier.signals.turns import find_turns
from models.address import canonical
from models.finding import Ask, AskSpan
from models.mail import Envelope, Mail
from models.past import Past, RecentSend, Tie

LIKELY: Final = 0.5  # an ask less sure than this is not counted
GROUP: Final = 6  # people to whom a reply to all is a word in a round
MAILS: Final = 3  # a run: with this mail, so many; one that was forgotten in a circular is none
# So many strangers in such a time are a blast (etiquette, section 4).
LIMITS: Final = ((timedelta(hours=24), 5), (timedelta(days=7), 10))
_STRONG: Final = 0.5  # likeness from which nobody doubts that it is the same letter
_SURE: Final = 0.9
_DOUBTFUL: Final = 0.7
_SHORT: Final = 12  # triples: a few words that ask for nothing can be alike by chance
_STRONG_ASK: Final = 0.75


class Run(NamedTuple):
    """Earlier mails of the same kind as this one."""

    sends: tuple[RecentSend, ...]  # oldest first
    gone: tuple[str, ...]  # whom they went to, canonical, in that order, without this mail's recipients
    people: tuple[str, ...]  # whom this mail adds, as written, lower-cased
    certainty: float = _SURE


def find_blast(mail: Mail, envelope: Envelope, past: Past) -> Run | None:
    """The same letter to so many strangers in so short a time that this mail makes it a blast."""
    copies = near_copies(mail, past)
    if len(copies) + 1 < MAILS or is_mailing(mail) or in_dialogue(mail, envelope, past) or is_paper(mail):
        return None
    asks = {s.ask for s in find_asks(mail) if s.certainty >= LIKELY}

    def counts(address: str) -> bool:
        return _counts(address, asks, past)

    people = tuple(a for a in written_to(mail, envelope, past) if counts(a))
    sketch = sketch_of(mail)
    here = {canonical(a) for a in envelope.recipients}  # what went to them before is their report, and no run
    strong = [s for s in copies if likeness(sketch, s.sketch) >= _STRONG]
    for sends, certainty in ((strong, _SURE), (copies, _DOUBTFUL)):
        for span, many in LIMITS:
            recent = [s for s in sends if s.at >= past.now - span and here.isdisjoint(s.people)]
            gone = _gone(recent, envelope, counts)
            enough = len(gone) >= MAILS - 1 and len(recent) >= MAILS - 1
            if people and enough and len(gone) + len(people) >= many:
                doubt = triples(sketch) < _SHORT and not asks and find_resume(mail) is None
                return Run(tuple(recent), gone, people, min(certainty, _DOUBTFUL) if doubt else certainty)
    return None


def near_copies(mail: Mail, past: Past) -> list[RecentSend]:
    """What the owner sent lately that is this letter but for names, greeting and a few words."""
    if not past.sends:
        return []
    sketch = sketch_of(mail)
    return [s for s in past.sends if not s.reply and is_copy(sketch, s.sketch)]


def find_series(span: AskSpan, people: Iterable[str], envelope: Envelope, past: Past) -> Run:
    """Who below established was asked the same kind in the last days, and who of these people is now."""

    def counts(address: str) -> bool:
        return (
            not past.owner.is_internal(address)
            and not is_list(address)
            and not there_for(address, span.ask)
            and not past.tie(address).at_least(Tie.ESTABLISHED)
        )

    sends = [s for s in past.sends if span.ask in s.asks and not s.reply]
    now = tuple(a for a in people if counts(a))
    return Run(tuple(sends), _gone(sends, envelope, counts), now, span.certainty)


def written_to(mail: Mail, envelope: Envelope, past: Past) -> tuple[str, ...]:
    """Whom outside a mail is written to, as written, lower-cased: To and blind; Cc where there is nobody else."""
    sent = {canonical(a): a.lower() for a in envelope.recipients}
    outside = {who: a for who, a in sent.items() if not past.owner.is_internal(a)}
    copied = {m.canonical for m in mail.cc} - {m.canonical for m in mail.to}
    direct = tuple(a for who, a in outside.items() if who not in copied)
    return direct or tuple(outside.values())


def in_dialogue(mail: Mail, envelope: Envelope, past: Past) -> bool:
    """Whether a mail answers in a thread that one of its readers wrote in, as history bears out."""
    readers = {canonical(a) for a in envelope.recipients if not past.owner.is_internal(a)}
    return says_reply(mail) and not readers.isdisjoint(past.thread.people)


def in_group(mail: Mail, envelope: Envelope, past: Past) -> bool:
    """Whether a mail answers to all in a thread of several: what it asks there, it asks of nobody in person."""
    seen = [m for m in (*mail.to, *mail.cc) if not past.owner.is_own(m.address)]
    return len({m.canonical for m in seen}) >= GROUP and in_dialogue(mail, envelope, past)


def is_paper(mail: Mail) -> bool:
    """Whether a mail is what an order, a booking or a membership brings with it, and asks for nothing big."""
    if any(s.certainty >= _STRONG_ASK and s.ask not in (Ask.TIME, Ask.FAVOUR) for s in find_asks(mail)):
        return False
    return bool(find_turns(f"{mail.subject}\n\n{mail.own_text[:4_000]}", "papers"))


def named(mail: Mail, people: tuple[str, ...], past: Past, most: int = 3) -> str:
    """The first few of these people, and how many more: "Bo Lind, Zoe Marsh and 4 more"."""
    first = [shown(mail, a, past.relation(a).name) for a in people[:most]]
    more = len(people) - len(first)
    if more:
        return f"{', '.join(first)} and {more} more"
    return " and ".join(filter(None, [", ".join(first[:-1]), first[-1]]))


def _counts(address: str, asks: set[Ask], past: Past) -> bool:
    """A stranger, and no mailbox that is there for just this, no list, no reader of the owner's mailings."""
    if not past.stranger(address) or is_list(address):
        return False
    if any(canonical(address) in readers for readers in past.lists.values()):
        return False
    return not asks or not all(there_for(address, ask) for ask in asks)


def _gone(sends: Iterable[RecentSend], envelope: Envelope, counts: Callable[[str], bool]) -> tuple[str, ...]:
    here = {canonical(a) for a in envelope.recipients}
    found = dict.fromkeys(who for send in sends for who in send.people if who not in here)
    return tuple(who for who in found if counts(who))
