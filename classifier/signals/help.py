"""Help given in a letter (names, a lead, a referral, advice), and the letter that thanks and reports.

An offer is no help yet, nor is an order among colleagues, nor a salesman's "talk to our team" (relationships,
"Help owed").
"""

import re
from functools import cache
from typing import Final

from classifier.phrases import sections, words
from classifier.signals.names import names_of
from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import Sentence, split
from classifier.signals.turns import find_turns
from models.letter import Help
from models.mail import Mail
from models.word import Word

MAX_TEXT: Final = 4_000  # characters
_SURE: Final = 0.8
_DEFAULTS: Final = {"names": 0.8, "lead": 0.8, "referral": 0.85, "introduction": 0.85, "advice": 0.6}
_GATES: Final = ("not-given",)
_NAME: Final = (
    r"(?P<name>(?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?[A-ZÀ-Ý][a-zà-ÿ'’][\w'’-]*"
    r"(?: (?:van |von |de |da )?[A-ZÀ-Ý][\w'’-]+){0,4})"
)
_PLAIN_NAME: Final = _NAME.replace("?P<name>", "?:")
_TURN_TO: Final = (
    r"(?:(?:talk|speak|write|reach out|turn|say hello) to|get (?:in touch|hold) (?:with|of)|get on to|go and see|"
    r"start with|go (?:through|via)|chase|have a word with|try|ask|call|ring|phone|e-?mail|contact|see|look up)"
)
# "You should talk to Petra": help where it was asked for, and where the words say who she is.
_ADVISED: Final = (
    r"[Yy]ou (?:should|could|might(?: want to)?|ought to|must|want to)|I(?:['’]d| would)|[Ww]orth|[Bb]est to|[Bb]etter|"
    r"[Mm]aybe|[Pp]erhaps|[Ww]hy not|[Dd]o"
)
_TOLD: Final = re.compile(
    rf"(?:\b(?:{_ADVISED})\s+(?:also |first |just )?(?:{_TURN_TO})|[Hh]ave you (?:tried|asked|thought of)"
    rf"|[Ff]or \w[\w ]{{0,30}},? I can only say|^(?i:{_TURN_TO}))\s+(?:my (?:\w+ ){{1,2}})?{_NAME}"
)
_DESCRIBED: Final = re.compile(
    r"\b(?:who|[Ss]he|[Hh]e|[Tt]hey)(?:['’](?:s|ll|d)| is| has| runs| knows| bought| buys| used| was| did| might| may"
    r"| ran| keeps| would| will| can| looks| sells| teaches| works| handles| edits| organi[sz]es| owns)\b"
    r"|\+?\d[\d /-]{6,}|\S{1,64}@\S|\b(?:at|from|of) (?:the )?[A-ZÀ-Ý]\w+"
    r"|\b(?:my|our|an old|a good) (?:\w+ )?(?:friend|colleague|cousin|neighbou?r|sister|brother|wife|husband|aunt|uncle"
    r"|editor|boss|teacher)\b"
)
# A name pointed out in other ways than "talk to", by a word that the sentence then holds; whether it is sure.
_TRADE: Final = (
    r"(?:man|woman|lad|chap|fellow|girl|lady|guy|bloke|person|firm|shop"
    r"|\w{3,24}(?:er|or|ist|ian|smith|wright|eon))"
)
_POINTED: Final[tuple[tuple[tuple[str, ...], re.Pattern[str], bool], ...]] = (
    (
        ("f anyone ", "f anybody "),
        re.compile(
            r"\b[Ii]f any(?:one|body) (?:knows|can|could|does|has|would)\b[^.!?]{0,30}, it"
            rf"(?:['’]s|['’]ll be| is| would be) {_NAME}"
        ),
        True,
    ),
    (
        ("by the name of ",),
        re.compile(rf"\b{_TRADE} by the name of {_NAME}"),
        True,
    ),
    (
        (" called ", " named ", " name"),
        re.compile(
            rf"\b{_TRADE}(?:['’]s| is| was)?(?: [\w ]{{1,25}})? (?:called|named|name(?:['’]s| is)) {_NAME}"
        ),
        False,
    ),
    (
        ("here's ", "here’s ", "here is "),
        re.compile(
            rf"\b[Tt]here(?:['’]s| is)(?: (?:really|only|always|just))* {_NAME},?"
            r" (?:over |up |down )?(?:at|in|on|from|who)\b"
            rf"|\b[Tt]here(?:['’]s| is) an? [\w -]{{3,40}}, {_PLAIN_NAME}\b"
        ),
        True,
    ),
    (
        ("ou want ", "ll want ", "our man ", "our woman ", "our best bet ", "used was ", "and that"),
        re.compile(
            r"\b(?:[Yy]ou(?:['’]ll| will)? want|[Yy]our (?:man|woman|best bet) (?:is|would be)"
            rf"|we used was|and that['’]s) {_NAME}(?=[.,]| at| in| on| who| over)"
        ),
        True,
    ),
    (
        ("would be your ",),
        re.compile(r"\b(?:[Mm]y|[Oo]ur) [\w -]{3,40} would be your (?:man|woman|person)\b"),
        True,
    ),
    (
        ("Seek out ", "Shout for ", "Ask for ", "Look up ", "Jot ", "Track down ", "Knock on "),
        re.compile(
            rf"^(?:Seek out|Shout for|Ask for|Look up|Jot (?:this )?down:?|Track down|Knock on) (?:old )?{_NAME}"
        ),
        True,
    ),
)
_MAX_NUMBERED: Final = 120  # characters of a sentence that gives a number
_DIGITS: Final = re.compile(r"\d[\d -]{5}")
_NUMBERED: Final = re.compile(
    r"(?:^|[,:.;] )(?P<name>[A-ZÀ-Ý][a-zà-ÿ'’-]+(?: [A-ZÀ-Ý][a-zà-ÿ'’-]+){0,2}), [^.!?\n\d]{0,30}"
    r"\(?\+?\d[\d-]{1,5}\)?[ /-]\d[\d /-]{4,}"
)
_POINTING: Final = re.compile("|".join(re.escape(word) for triggers, _, _ in _POINTED for word in triggers))
# "Fru Ek took all 300": a name, and what became of it.
_HAS_DONE: Final = re.compile(
    rf"\b{_NAME} (?:has |have |had |already |then |at once |gladly |kindly )?(?:took|taken|bought|sold|ordered"
    r"|signed|hired|gave|given|lent|found|made|mended|fixed|repaired|said (?:yes|no)|agreed|offered|accepted"
    r"|answered|replied|wrote back|rang back|called back|came (?:round|out|over|by)|saw (?:me|us)|met (?:me|us)"
    r"|helped|showed (?:me|us)|told (?:me|us)|sent (?:me|us)|put (?:me|us)|let (?:me|us)|knew"
    r"|had (?:one|it|the|two|three|some|just)|could not|couldn['’]t|turned (?:me|us|it))\b"
)
_LATER: Final = re.compile(r"\b(?:did|have|had|has) you\b(?! (?:tried|asked|thought of)\b)", re.IGNORECASE)


class Given(Word):
    """Help a letter gives, in its words. Not `sure`: help only where the reader had asked for some."""

    kind: Help
    quote: str  # 200 characters at most
    sure: bool


class Told(Word):
    """What a letter says to somebody who helped."""

    thanks: bool
    reports: bool


def find_help(mail: Mail) -> tuple[Given, ...]:
    """The help a letter gives its reader: each kind once, the surest words. Never raises."""
    if mail.sender is not None and not names_of(mail.sender):  # a firm's or an office's mailbox
        return ()
    sentences = split(mail.own_text[:MAX_TEXT])
    found: dict[Help, Given] = {}
    for i, sentence in enumerate(sentences):
        helped = [
            g
            for g in (
                _named(sentence, sentences[i + 1 : i + 2]),
                _pointed(sentence),
                *_phrased(sentence),
            )
            if g is not None
        ]
        if not helped or _gates().find(sentence.plain) or _LATER.search(sentence.verbatim[:20]):
            continue
        for given in helped:
            if given.kind not in found or (given.sure and not found[given.kind].sure):
                found[given.kind] = given
    return tuple(found.values())


def find_report(mail: Mail) -> Told | None:
    """Whether a letter thanks its reader and tells what became of their help; None where it does neither."""
    text = mail.own_text[:MAX_TEXT]
    thanks = bool(find_turns(text, "thanks"))
    told = [s for s in split(text) if not s.question]
    reports = any(_reports().find(s.plain) for s in told) or (thanks and any(_done_by(s) for s in told))
    return Told(thanks=thanks, reports=reports) if thanks or reports else None


def _done_by(sentence: Sentence) -> bool:
    """Whether it tells what somebody named has done: with thanks beside it, that is what became of the help."""
    found = _HAS_DONE.search(sentence.verbatim)
    return found is not None and found.group("name").split()[-1] not in words("help-no-names")


def _named(sentence: Sentence, following: tuple[Sentence, ...]) -> Given | None:
    told = _TOLD.search(sentence.verbatim)
    if told is None or told.group("name").split()[0] in words("help-no-names"):
        return None
    tried = told.group().lower().startswith(("have you", "why not"))
    if sentence.question and not tried:
        return None
    around = (
        sentence.verbatim[told.end() - len(told.group("name")) :]
        + " "
        + " ".join(s.verbatim for s in following)
    )
    return Given(
        kind=Help.NAMES,
        quote=sentence.quote(sentence.start + told.start()),
        sure=bool(_DESCRIBED.search(around)),
    )


def _pointed(sentence: Sentence) -> Given | None:
    """A name pointed out: "there's only Wat Tredinnick at St Mawgan", "Pettersen, slates, 906 14 772"."""
    if sentence.question:
        return None
    said = sentence.verbatim
    for triggers, pattern, sure in _POINTED if _POINTING.search(said) else ():
        if any(word in said for word in triggers) and (found := pattern.search(said)):
            name = found.groupdict().get("name")
            if name is None or name.split()[0] not in words("help-no-names"):
                return Given(kind=Help.NAMES, quote=sentence.quote(sentence.start + found.start()), sure=sure)
    if len(said) < _MAX_NUMBERED and _DIGITS.search(said) and (found := _NUMBERED.search(said)):
        return Given(kind=Help.NAMES, quote=sentence.quote(sentence.start + found.start("name")), sure=True)
    return None


def _phrased(sentence: Sentence) -> list[Given]:
    if sentence.question:
        return []
    return [
        Given(
            kind=Help(hit.section),
            quote=sentence.around(hit.start),
            sure=hit.certainty >= _SURE,
        )
        for hit in _phrases().find(sentence.plain)
    ]


@cache
def _phrases() -> Phrases:
    assert all(name in sections("help") for name in (*_DEFAULTS, *_GATES, "report"))
    return load("help", _DEFAULTS)


@cache
def _gates() -> Phrases:
    return load("help", dict.fromkeys(_GATES, 0.9))


@cache
def _reports() -> Phrases:
    return load("help", {"report": 0.8})
