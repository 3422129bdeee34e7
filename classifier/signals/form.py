"""The form of a letter: to whom it goes, what it carries, how it greets; traits that prove nothing alone."""

import re
from typing import Final

from classifier.signals.enclosures import find_resume
from classifier.signals.sentences import split
from models.mail import Mail, ZoneKind
from models.past import Owner

_REPLY: Final = re.compile(
    r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|aw|antw|sv|odp|rif)\s*(?:\[\d+\]|\(\d+\))?\s*:", re.IGNORECASE
)
_OFFER: Final = re.compile(
    r"(?i)proposal|quot(?:e|ation)|offer|brochure|deck|pitch|rate.?card|price.?list|catalog|terms|one.?pager|"
    r"media.?kit|prospectus"
)
_CURRICULUM: Final = re.compile(
    r"(?i)(?:^|[_\W])(?:cv|resum[eé]|curriculum|lebenslauf|bewerbung|portfolio)(?:$|[_\W\d])"
)
_FIGURES: Final = re.compile(
    r"[$€£¥]\s?\d|\d\s?(?:%|€|£|k\b|percent\b|per cent\b|usd\b|eur\b|kr\b|euros?\b|dollars\b|pounds\b)", re.I
)
_BOOKING: Final = re.compile(
    r"(?i)\b(?:cal|calendly|calendar|meet|meetings|book|slots|demo|schedule)\.[\w-]+|/slots\b|/demo\b|/book\b"
)
_NOBODY: Final = re.compile(
    r"(?i)\A\W{0,40}(?:hi|hello|hey|dear|good (?:day|morning|afternoon|evening))?[ ,]{0,9}(?:there|sir|madam|"
    r"sirs?(?: ?/ ?| or )(?:madam|ma'am)|respected sir\S*|everyone|team|colleagues?|neighbou?rs?|humans|"
    r"friends?|all|owner|"
    r"hiring manager|(?:lovely|dear|esteemed|valued)\s\w+|to whom it may concern|friends, .{0,60})\s{0,9}[,!:\n]"
)
_BULK_SENDER: Final = re.compile(
    r"(?i)^(?:news|newsletters?|offers?|webmaster|updates?|alerts?|announce\w*|subscri\w*|lists?|mailer|deals|promo\w*|"
    r"registration|members?|marketing|specials|no-?reply|customer\w*|notifications?)@|newsletter|editor|surveys?@|"
    r"@(?:lists?|news|mail|email|e|reply|info|marketing)\."
)
_OFFICE: Final = re.compile(
    r"(?i)\b(?:city of|county|council|court|tribunals?|department|ministry|tax|revenue|customs|authority|"
    r"inspectorate|inspecci\w+|police|clerk|registry|registrar|embassy|consulate|utilities|water|power|electric|"
    r"gas|records|permit\w*|licensing|claims?)\b"
)
_REFERENCE: Final = re.compile(
    r"(?i)\b(?:case|file|ref(?:erence)?|permit|claim|order|invoice|booking|ticket|policy|account|po|reservation|exhibit|docket|"
    r"sample|swab|specimen|declaration|lot|batch)"
    r"\s*(?:no\.?|nr\.?|number|#|:)?\s*[\w/-]*\d[\w/-]*\d"
)
_TAG: Final = re.compile(r"\s*(?:(?:re|fwd?):\s*)*(?:\[[^\]]{2,30}\]|\*[^*]{2,30}\*)", re.IGNORECASE)
MAX_TEXT: Final = 20_000  # characters
MANY: Final = 4  # links and pictures
CROWD: Final = 8  # visible recipients from which a letter is written to nobody in particular
SHORT: Final = 30  # words


def says_reply(mail: Mail) -> bool:
    """Whether subject or header claim that the mail answers another. A claim, not proof."""
    return bool(_REPLY.match(mail.subject) or mail.links.all)


def continues(mail: Mail) -> bool:
    """Whether a mail claims to answer another, or sends one on below its own words."""
    return says_reply(mail) or any(z.kind is ZoneKind.FORWARD for z in mail.zones)


def _closing_question(text: str) -> bool:
    """A few words and a question mark among the last sentences: "Shall we?", "Breakfast Thursday?"."""
    return any(x.question and len(x.verbatim.split()) <= 6 for x in split(text[-MAX_TEXT:])[-4:])


def form(mail: Mail, owner: Owner) -> frozenset[str]:
    """The traits of form that a mail shows: names of rows in the table of weights."""
    text = mail.own_text[:MAX_TEXT]
    visible = (*mail.to, *mail.cc)
    traits = {
        "resume": bool(find_resume(mail) or any(_CURRICULUM.search(a.name) for a in mail.attachments)),
        "offer-enclosed": any(_OFFER.search(a.name) for a in mail.attachments),
        "not-to-reader": bool(owner.addresses) and not any(owner.is_internal(m.address) for m in visible),
        "crowd": len(visible) >= CROWD,
        "figures": bool(_FIGURES.search(text)),
        "booking-link": bool(_BOOKING.search(text)),
        "nobody-greeted": bool(_NOBODY.match(text)),
        "sending-tool": bool(mail.header("list-unsubscribe")),
        "says-reply": says_reply(mail),
        "bulk-sender": bool(mail.sender and _BULK_SENDER.search(mail.sender.address)),
        "list-tag": bool(_TAG.match(mail.subject)),
        "many-links": len(re.findall(r"https?://|www\.|\[IMAGE\]", mail.text[:MAX_TEXT])) >= MANY,
        "quotes-someone": any(z.kind is ZoneKind.QUOTE for z in mail.zones),
        "office-name": bool(mail.sender and _OFFICE.search(mail.sender.name)),
        "reference": bool(_REFERENCE.search(f"{mail.subject}\n{text}")),
        "closing-question": _closing_question(mail.own_text),
        "opening-question": any(x.question for x in split(text)[1:3]),
        "bare-name": bool(re.match(r"\s*[A-Z][a-z]+(?:,| ?[-–—]) ?[\w\n]", text)),
        "short": len(text.split()) < SHORT,
        "unsubscribe-line": bool(re.search(r"(?i)\b(?:unsubscribe|opt[ -]?out|reply stop)\b", mail.text)),
    }
    return frozenset(name for name, present in traits.items() if present)
