"""What a letter wants of its reader: the asks of the general detector, and those that only a reader meets."""

from functools import lru_cache
from typing import Final

from classifier.signals.asks import find_asks
from classifier.signals.cues import asking_cues, told_stretches
from models.finding import Ask, AskSpan
from models.mail import Mail

# Sections of incoming-asks.txt, and the kind of ask each stands for.
KINDS: Final[dict[str, Ask]] = {
    "pitch": Ask.BUSINESS,
    "meeting": Ask.TIME,
    "links": Ask.BUSINESS,
    "guests": Ask.FAVOUR,
    "brain": Ask.ADVICE,
    "recruit": Ask.RECRUIT,
    "survey": Ask.FAVOUR,
    "job": Ask.JOB,
    "candidates": Ask.BUSINESS,
    "donation": Ask.MONEY,
    "invest": Ask.MONEY,
    "petition": Ask.PETITION,
    "introduction": Ask.INTRODUCTION,
    "contacts": Ask.CONTACTS,
    "referral": Ask.REFERRAL,
    "testimonial": Ask.TESTIMONIAL,
}
_LIKELY: Final = 0.5  # an ask less sure than this is not shown as one


@lru_cache(maxsize=64)
def find_wants(mail: Mail) -> tuple[AskSpan, ...]:
    """The asks of a mail to its reader, one of a kind in each sentence, in the text's order. Never raises."""
    found = list(find_asks(mail))
    if found:
        told = told_stretches(mail.own_text)
        found = [a for a in found if not any(start <= a.start < end for start, end in told)]
    for cue in asking_cues(mail.own_text):
        if cue.name in KINDS and cue.certainty >= _LIKELY:
            kind = KINDS[cue.name]
            if not any(a.ask is kind and a.start < cue.end and cue.start < a.end for a in found):
                found.append(
                    AskSpan(ask=kind, certainty=cue.certainty, quote=cue.quote, start=cue.start, end=cue.end)
                )
    return tuple(sorted(found, key=lambda a: (a.start, -a.certainty)))
