"""What a mail carries that should wait to be asked for: a résumé, a list of target companies."""

import re
from functools import cache
from typing import Final

from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import Sentence, split
from models.mail import Attachment, Mail, ZoneKind
from models.word import Word

_NAME: Final = re.compile(
    r"(?i)(?:^|[^a-z])(?:cv|c\.v|resumee?|résumé|resumé|curr[ií]cul(?:um|o)(?:[ _.-]*vitae)?|vitae|lebenslauf"
    r"|bewerbung(?:sunterlagen)?|bio[ _-]?data|hoja[ _.-]*de[ _.-]*vida|levensloop|[zżž]ivotopis|[zż]yciorys"
    r"|[oö]n[eé]letrajz|meritf[oö]rteckning)"
    r"(?=[^a-z]|$)|(?<=[a-z])(?:CV|Resume|Lebenslauf)(?=[^a-z]|$)"
)
_NO_RESUME: Final = re.compile(
    r"(?i)template|parser|workshop|guide|tips|checklist|examples?|screening|policy|vorlage|joint|valve"
    r"|axle|boot|"
    r"review(?:ed)?|comments?|feedback|cv2|writing|howto|how-to|\.pyc?$|\.js$|\.png$|\.jpe?g$|\.gif$"
    r"|\.csv$|\.xlsx?$|\.ics$"
    # A school's, not a life's.
    r"|(?:school|course|national|primary|secondary|science|maths?|music)[ _.-]*curricul"
    r"|curr[ií]cul(?:um|o)[ _.-]*(?:map|plan|overview|framework|committee|escolar|year|grade|term)"
)
_DOCUMENT: Final = re.compile(r"(?i)\.(?:pdf|docx?|odt|rtf|pages|txt|html?|zip|tex)$")
# "my CV is attached", "I'm sending my résumé along": one's own (or a relative's), carried.
_WHOSE: Final = (
    r"(?:(?:my|his|her|the|our|a|our son's|my son's|my daughter's) (?:(?:full|latest|updated"
    r"|current|short|brief|detailed|new|complete) )?)?"
)
_CV: Final = r"(?:cv|c\.v\.|resum(?:e|é)|résumé|curriculum(?: vitae)?|lebenslauf)"
_NAMED_SO: Final = re.compile(_CV, re.IGNORECASE)
_SAID: Final = re.compile(
    rf"(?i)\b(?:attach(?:ed|ing)?|enclos(?:ed|ing|e)|includ(?:ed|ing)|send(?:ing)?|append(?:ed|ing)?"
    rf"|find|adding|forwarding|here is|here's|"
    rf"here comes|below is|see)\b(?: you| find| can find| herewith| here| to this (?:e-?mail|mail)| with "
    rf"this| please find| you will find| is| also| below| attached| of)*[: ]+{_WHOSE}{_CV}\b"
    rf"|\b(?:my|his|her) (?:\w+ )?{_CV}(?:\s+(?:is|are|can be found|comes|goes))?\s+(?:also |here |now "
    rf")?(?:attached|enclosed|below|underneath|beneath|herewith|included|along|with this|in the attachment|here)"
    rf"|\b(?:my|his|her) (?:\w+ )?{_CV}(?: is)? (?:at|on|under|here)[: ]+(?:https?://|www\.|[\w.-]+\.[a-z]+/)"
    rf"|^\s{{0,20}}{_CV} (?:attached|enclosed|below)\b",
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
# "Languages: French, Danish", "2011-2016 Head cook, Lyon": a résumé's lines that are no headings.
_LABELLED: Final = re.compile(
    r"(?im)^\W{0,4}((?:work |professional )?experience|education|(?:key )?skills|qualifications|certificates?|languages"
    r"|references|employment|hobbies|interests|date of birth|nationality|profile|objective|training|career)"
    r"(?::|(?-i:(?<=[A-Z]{3})))[ \t]+\S.*"
)
# An employment or a schooling of one's own has its years beside it: that of a post or of a course has none.
_SPAN: Final = re.compile(r"(?:19|20)(?<=\b\d\d)\d\d ?[-–—] ?(?:(?:19|20)?\d\d\b|today|now|present)")
_OWN_LABELS: Final = frozenset(
    {"experience", "education", "employment", "qualifications", "career", "training"}
)
_YEARS: Final = re.compile(
    r"(?m)^\W{0,4}(?:19|20)\d\d ?(?:[-–—/]|to|bis) ?(?:(?:19|20)\d\d|today|now|present)\b"
)
_AS_ASKED: Final = re.compile(
    r"(?i)\b(?:as|like) (?:you )?(?:asked|requested|promised|agreed|discussed|wanted|wished)\b"
    r"(?! (?:nothing|none|no)\b)|\byou (?:asked|wanted) (?:me )?(?:for|to send)\b|"
    r"\b(?:on|at|per|upon|by) your request\b|\bthat you (?:asked|requested)\b|\bin (?:response|reply"
    r"|answer) to (?:your|the) (?:ad|advert|advertisement|posting|job|vacancy|opening)\b|"
    r"\bapplication for (?:the|your) (?:advertised|posted|open|vacant)\b|\b(?:your|the) (?:ad|advert"
    r"|advertisement|job posting|posting) (?:in|on|for|of)\b"
    r"|\bas (?:advertised|announced|posted|specified|stipulated)\b"
    r"|\badvertised (?:in|on|at|by|last|this)\b"
    rf"|\byou (?:ask|want|call|require|wish|need)(?:ed)? (?:for )?(?:a |the |my |our |an? \w+ )?{_CV}\b"
)
# "the CV that section 8 requires": who has to hand it in sends it nobody on the chance.
_BY_RULE: Final = (
    r"(?:section|paragraph|article|clause|annex|schedule|appendix|form|regulations?|rules?|by-?laws|statutes?|act|law"
    r"|ordinance|register|registry|registrar|checklist|guidelines|notes|portal|procedure|council|board|chamber"
    r"|ministry|embassy|consulate|faculty|university|senate|committee|licensing|authority|insurer|tender|programme"
    r"|list of documents|call for (?:papers|applications|proposals|tenders))"
)
_MUST: Final = (
    r"(?:requires?|demands?|prescribes?|asks? for|calls? for|wants?|needs?|lists?|names?|stipulates?"
    r"|insists? on)"
)
_REQUIRED: Final = re.compile(
    rf"(?i)\b{_CV},? (?:that |which |as )?(?:your |the |this |of )?(?:\w+ )?{_BY_RULE}(?: [\w.]{{1,8}})? {_MUST}\b"
    # Not "your board needs a baker like me: my CV is attached", which demands nothing.
    rf"|\b{_BY_RULE}(?: [\w.]{{1,8}})? {_MUST}(?:(?!\b(?:me|us|i|so|here|attach|enclos))[^.!?:;\n]){{0,40}}\b{_CV}\b"
    rf"|\b{_CV}\b[^.!?\n]{{0,30}}\b(?:required|demanded|prescribed|called for|asked for|listed|stipulated) "
    rf"(?:by|under|in|at|on) (?:your |the |this )?(?:\w+ )?{_BY_RULE}\b"
)
_WEAK: Final = 0.7
# "Target companies.xlsx", "my_wish_list.pdf", "firms I want to join.docx"; then what may be anybody's list.
_TARGETS: Final = re.compile(
    r"(?i)(?:target|dream|wish|hit)(?:ed|s)?[ _.-]*(?:list|compan|firm|employer|organi[sz]ation|account|client"
    r"|investor)"
    # A dream hotel may be one for a wedding.
    r"|target(?:ed|s)?[ _.-]*(?:customer|buyer|prospect|shop|store|hotel|restaurant|galler|studio|publisher|retailer"
    r"|stockist|dealer|distributor|venue|agenc|fund)"
    r"|(?:compan(?:y|ies)|firms?|employers?)[ _.-]*(?:target|wish|i[ _.-]*(?:want|like|would))"
    r"|(?:job|career)[ _.-]*(?:search|hunt)[ _.-]*(?:plan|list|targets?)|personal[ _.-]*marketing[ _.-]*plan"
)
_LISTED: Final = re.compile(
    r"(?i)(?:compan(?:y|ies)|firms?|employers?|prospects?)[ _.-]*(?:list|overview)?|shortlist"
)
_TARGET_HEADING: Final = re.compile(
    r"(?im)^\W{0,4}(?:my )?(?:target(?:ed)?|dream) (?:companies|employers|firms|organi[sz]ations|list)\b"
)
_SHEET: Final = re.compile(r"(?i)\.(?:xlsx?|csv|ods|docx?|odt|pdf|numbers|txt)$")
_OTHER_PAPERS: Final = re.compile(
    r"(?i)profile|brochure|deck|portfolio|flyer|cv|resum|letter|invoice|contract|presentation"
)
_ITEM: Final = re.compile(r"(?m)^[ \t]*(?:[-*•·–+]|\d{1,2}[.)])[ \t]+\S.{0,80}$")
# Names one below the other, after a colon.
_COLUMN: Final = re.compile(r":[ \t]*\n+(?:[ \t]*[A-ZÀ-Ý][^\n.!?:;,]{2,50}\n){3}")
# "Bosch, Siemens and Festo": names in a row.
_NAME_IN_ROW: Final = (
    r"(?:(?:the )?[A-ZÀ-Ý][\w&'’.-]{0,40}(?: (?:&|of|and Sons|[A-ZÀ-Ý][\w&'’.-]{0,40})){0,3})"
)
_ROW: Final = re.compile(
    rf"{_NAME_IN_ROW}(?:, {_NAME_IN_ROW})+,? (?:and|or|&) {_NAME_IN_ROW}|{_NAME_IN_ROW}(?:, {_NAME_IN_ROW}){{3,}}"
)
_MAX_TEXT: Final = 20_000  # characters
_SEVERAL: Final = 3  # names that make a list
_NEXT: Final = 10  # sentences in which the names follow
_CARRIED: Final = re.compile(r" (?:attach|enclos|append|includ)[^ ]* ")


class Enclosure(Word):
    """One enclosure: its kind ("resume", "target-list"), its file name or words, and how sure (0..1)."""

    kind: str
    name_or_quote: str
    certainty: float


def find_resume(mail: Mail) -> Enclosure | None:
    """The résumé a mail carries, by file name, by the document's headings or in the body; None without.

    A sender's "as you asked" proves nothing, but makes it less sure: then it is a matter for a warning. What a form or
    a register demands is no résumé in this sense.
    """
    found = _attached(mail) or _said(mail) or _in_body(mail)
    if found and _REQUIRED.search(mail.own_text[:_MAX_TEXT]):
        return None
    if found and says_asked(mail):
        return found.model_copy(update={"certainty": min(found.certainty, _WEAK)})
    return found


def says_asked(mail: Mail) -> bool:
    """Whether a mail says that its reader asked for it, or answers an advertisement. A claim, not proof."""
    return bool(_AS_ASKED.search(mail.own_text[:_MAX_TEXT]))


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
    text = mail.own_text[:_MAX_TEXT]
    if not _NAMED_SO.search(text):
        return None
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
    text = f"{mail.own_text}\n{mail.zone_text(ZoneKind.SIGNATURE)}"  # what stands under the name
    headings = [m.group().strip() for m in _HEADING.finditer(text)]
    labelled = list(_LABELLED.finditer(text)) if headings or _SPAN.search(text) else []
    if not headings and not any(map(_has_own_years, labelled)):
        return None  # most letters
    labels = [m.group(1) for m in labelled]
    dated = len(_YEARS.findall(text)) > 1
    if len({h.lower() for h in (*headings, *labels)}) + dated >= 3:
        return Enclosure(kind="resume", name_or_quote=(headings or labels)[0], certainty=0.8)
    return None


def _has_own_years(line: re.Match[str]) -> bool:
    return line.group(1).lower().split()[-1] in _OWN_LABELS and _SPAN.search(line.group()) is not None


def find_target_list(mail: Mail) -> Enclosure | None:
    """The list of companies the sender is after that a mail carries, attached or in the body; None without.

    A list of suppliers, customers or exhibitors is none: the words say whose targets they are.
    """
    found = _targeted(mail)
    return None if found is None or says_asked(mail) else found


def _targeted(mail: Mail) -> Enclosure | None:
    text = mail.own_text[:_MAX_TEXT]
    sentences = split(text)
    mine = [s for s, _ in _targets("mine").find_in(text)]
    asking = [s for s, _ in _targets("knowing").find_in(text)]
    if not (mine or asking or mail.attachments):
        return None
    sure = 0.85 if mine or asking else _WEAK
    for part in mail.attachments:
        named = _TARGETS.search(part.name) or _TARGET_HEADING.search(part.text[:20000])
        if named or ((mine or asking) and _LISTED.search(part.name)):
            return Enclosure(kind="target-list", name_or_quote=part.name, certainty=sure)
    for said in mine:
        if _has_names(_around(text, sentences, said, 0)):
            return Enclosure(
                kind="target-list", name_or_quote=said.quote(), certainty=0.85 if asking else 0.75
            )
    if mine and (asking or any(_CARRIED.search(s.plain) for s in mine)):
        for part in mail.attachments:
            if _SHEET.search(part.name) and not _OTHER_PAPERS.search(part.name):
                return Enclosure(kind="target-list", name_or_quote=part.name, certainty=sure)
    if asking and (sent := next((s for s in mine if _CARRIED.search(s.plain)), None)):
        return Enclosure(kind="target-list", name_or_quote=sent.quote(), certainty=sure)
    for said in asking:
        near = _around(text, sentences, said, _NEXT)
        if len(_ITEM.findall(near)) > _SEVERAL or _ROW.search(near):
            return Enclosure(kind="target-list", name_or_quote=said.quote(), certainty=_WEAK)
    return None


def _around(text: str, sentences: tuple[Sentence, ...], said: Sentence, before: int) -> str:
    """A sentence with the next ones, and so many before it."""
    at = sentences.index(said)
    return text[sentences[max(at - before, 0)].start : sentences[min(at + _NEXT, len(sentences)) - 1].end]


def _has_names(text: str) -> bool:
    return (
        len(_ITEM.findall(text)) >= _SEVERAL or bool(_ROW.search(text)) or bool(_COLUMN.search(f"{text}\n"))
    )


@cache
def _targets(section: str) -> Phrases:
    return load("target-list", {section: 0.8})
