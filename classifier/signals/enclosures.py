"""What a mail carries that should wait to be asked for: a résumé, a list of target companies."""

import re
from typing import Final

from models.mail import Attachment, Mail
from models.word import Word

_NAME: Final = re.compile(
    r"(?i)(?:^|[^a-z])(?:cv|c\.v|resumee?|résumé|resumé|curriculum(?:[ _.-]*vitae)?|vitae|lebenslauf"
    r"|bewerbung(?:sunterlagen)?)"
    r"(?=[^a-z]|$)|(?<=[a-z])(?:CV|Resume|Lebenslauf)(?=[^a-z]|$)"
)
_NO_RESUME: Final = re.compile(
    r"(?i)template|parser|workshop|guide|tips|checklist|examples?|screening|policy|vorlage|joint|valve"
    r"|axle|boot|"
    r"review(?:ed)?|comments?|feedback|cv2|writing|howto|how-to|\.pyc?$|\.js$|\.png$|\.jpe?g$|\.gif$"
    r"|\.csv$|\.xlsx?$|\.ics$"
)
_DOCUMENT: Final = re.compile(r"(?i)\.(?:pdf|docx?|odt|rtf|pages|txt|html?|zip|tex)$")
# "my CV is attached", "I'm sending my résumé along": one's own (or a relative's), carried.
_WHOSE: Final = (
    r"(?:(?:my|his|her|the|our|a|our son's|my son's|my daughter's) (?:(?:full|latest|updated"
    r"|current|short|brief|detailed|new|complete) )?)?"
)
_CV: Final = r"(?:cv|c\.v\.|resum(?:e|é)|résumé|curriculum(?: vitae)?)"
_SAID: Final = re.compile(
    rf"(?i)\b(?:attach(?:ed|ing)?|enclos(?:ed|ing|e)|includ(?:ed|ing)|send(?:ing)?|append(?:ed|ing)?"
    rf"|find|adding|forwarding|here is|here's|"
    rf"here comes|below is|see)\b(?: you| find| can find| herewith| here| to this (?:e-?mail|mail)| with "
    rf"this| please find| you will find| is| also| below| attached| of)*[: ]+{_WHOSE}{_CV}\b"
    rf"|\b(?:my|his|her) (?:\w+ )?{_CV}(?:\s+(?:is|are|can be found|comes|goes))?\s+(?:also |here |now "
    rf")?(?:attached|enclosed|below|herewith|included|along|with this|in the attachment|here)"
    rf"|\b(?:my|his|her) (?:\w+ )?{_CV}(?: is)? (?:at|on|under|here)[: ]+(?:https?://|www\.|[\w.-]+\.[a-z]+/)"
    rf"|^\s*{_CV} (?:attached|enclosed|below)\b",
    re.MULTILINE,
)
_NOT_SAID: Final = re.compile(
    r"(?i)\b(?:your|you|not|don't|won't|no|could|can|if|should|would|happy to|glad to)\b[^.\n]{0,30}$"
)
_HEADING: Final = re.compile(
    r"(?im)^\W{0,4}(?:(?:work|professional|employment|relevant|career)? ?(?:experience|history)"
    r"|education(?: and training)?|(?:key |technical |core )?skills|"
    r"qualifications|certifications?|(?:career |professional )?(?:summary|objective|profile)|employment"
    r"|references|languages|publications|honou?rs(?: and awards)?|awards|"
    r"curriculum vitae|r[eé]sum[eé]|personal details|berufserfahrung|ausbildung|kenntnisse)\W{0,4}$"
)
_AS_ASKED: Final = re.compile(
    r"(?i)\b(?:as|like) (?:you )?(?:asked|requested|promised|agreed|discussed|wanted|wished)\b|\byou "
    r"(?:asked|wanted) (?:me )?(?:for|to send)\b|"
    r"\b(?:on|at|per|upon|by) your request\b|\bthat you (?:asked|requested)\b|\bin (?:response|reply"
    r"|answer) to (?:your|the) (?:ad|advert|advertisement|posting|job|vacancy|opening)\b|"
    r"\bapplication for (?:the|your) (?:advertised|posted|open|vacant)\b|\b(?:your|the) (?:ad|advert"
    r"|advertisement|job posting|posting) (?:in|on|for|of)\b"
)
_WEAK: Final = 0.7


class Enclosure(Word):
    """One enclosure: its kind ("resume", "target-list"), its file name or words, and how sure (0..1)."""

    kind: str
    name_or_quote: str
    certainty: float


def find_resume(mail: Mail) -> Enclosure | None:
    """The résumé a mail carries, by file name, by the document's headings or in the body; None without.

    A sender's "as you asked" proves nothing, but makes it less sure: then it is a matter for a warning.
    """
    found = _attached(mail) or _said(mail) or _in_body(mail)
    if found and _AS_ASKED.search(mail.own_text):
        return found.model_copy(update={"certainty": min(found.certainty, _WEAK)})
    return found


def _attached(mail: Mail) -> Enclosure | None:
    for part in mail.attachments:
        if _NAME.search(part.name) and not _NO_RESUME.search(part.name):
            sure = 0.95 if _DOCUMENT.search(part.name) or "." not in part.name else _WEAK
            return Enclosure(kind="resume", name_or_quote=part.name, certainty=sure)
        if _has_headings(part):
            return Enclosure(kind="resume", name_or_quote=part.name, certainty=0.85)
    return None


def _has_headings(part: Attachment) -> bool:
    return len({h.strip().lower() for h in _HEADING.findall(part.text[:20000])}) >= 3


def _said(mail: Mail) -> Enclosure | None:
    """The text says that a résumé comes with the mail."""
    text = mail.own_text
    for match in _SAID.finditer(text):
        if _NOT_SAID.search(text[max(0, match.start() - 60) : match.start()]):
            continue
        documents = [p.name for p in mail.attachments if _DOCUMENT.search(p.name)]
        quote = " ".join(match.group().split())
        return Enclosure(
            kind="resume",
            name_or_quote=documents[0] if documents else quote,
            certainty=0.9 if documents else 0.78,
        )
    return None


def _in_body(mail: Mail) -> Enclosure | None:
    headings = [m.group().strip() for m in _HEADING.finditer(mail.own_text)]
    if len({h.lower() for h in headings}) >= 3:
        return Enclosure(kind="resume", name_or_quote=headings[0], certainty=0.8)
    return None
