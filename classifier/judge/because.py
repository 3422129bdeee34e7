"""The strongest reasons in a letter's text, in words: what speaks for a cold ask, and what against."""

from collections.abc import Sequence
from typing import Final

from classifier.judge import reasons
from classifier.judge.weighing import Sign, points
from models.finding import Ask

MOST: Final = 5  # reasons named
_WORTH: Final = 0.5  # points, from which a sign is worth a word

_SAYS: Final = {
    "links": "wants a link or a text placed",
    "candidates": "offers candidates",
    "survey": "asks you to take part in a survey",
    "invest": "is about an investment",
    "vendor": "speaks like a seller",
    "nudge": "reminds you of an earlier letter",
    "familiar": "speaks as if you had met",
    "reward": "offers a reward",
    "minimiser": "makes the ask small",
    "wish": "says what they wish for",
    "capital": "is raising money",
    "status": "says what they have achieved",
    "admission": "admits that you do not know them",
    "request": "has the form of a request",
    "offer": "offers something unasked",
    "asset": "sends something along to be looked at",
    "closing-question": "ends with a question to you",
    "opening-question": "begins with a plain question",
    "bare-name": "has a bare name for a subject",
    "pretext": "begins with a pretext",
    "pressure": "presses for an answer",
    "resume": "comes with a résumé",
    "offer-enclosed": "comes with an offer",
    "not-to-reader": "was not addressed to you",
    "crowd": "went to many at once",
    "figures": "boasts of figures",
    "booking-link": "has a link to book a call",
    "nobody-greeted": "greets nobody",
    "sending-tool": "was sent by a mailing tool",
    "unsubscribe-line": "tells how to be left alone",
    "refused": "comes after your refusal",
    "filed-before": "comes from somebody whose mail was filed before",
    "unanswered-wish": "repeats what you did not answer",
    "bump": "bumps a letter you did not answer",
    "claims-introducer": "says that somebody sends them",
    "buying": "wants to buy from you",
    "hiring": "wants to hire you",
    "case": "is about an order, a booking or a case",
    "press": "has a reporter's question",
    "office": "writes in an office",
    "security": "reports a security problem",
    "nothing": "says that nothing is wanted",
    "office-name": "has an office's name for a sender",
    "reference": "names a reference number",
    "role-mailbox": "went to a mailbox that is there for this",
    "invited": "answers what you invited",
    "warm": "is warm",
    "mailing": "is a mailing",
    "bulk-sender": "was sent in bulk",
    "many-links": "has many links",
    "list-tag": "has a list's tag in the subject",
}


def because(signs: Sequence[Sign]) -> tuple[str, ...]:
    """The strongest signs, as half sentences after "the letter", each saying which way it speaks."""
    told = []
    for sign in signs:
        weight = points(sign)
        if abs(weight) >= _WORTH and (says := _says(sign.name)):
            words = f" (“{reasons.shortened(sign.quote, 80)}”)" if sign.quote else ""
            told.append(f"{says}{words}, which speaks {'for' if weight > 0 else 'against'} a cold ask")
    return tuple(told[:MOST])


def _says(name: str) -> str:
    if name in set(Ask):
        return reasons.ASKS[Ask(name)]
    return _SAYS.get(name, "")
