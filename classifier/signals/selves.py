"""What each sentence of a first letter does: speak of its writer, or of its reader and their doings (letter D).

Counting pronouns does not work: good letters say "I" as often as bad ones. What counts is whether a sentence
presents the writer, and whether any asks about, or remarks on, the one it is written to.
"""

import re
from functools import cache, lru_cache
from typing import Final

from classifier.phrases import words
from classifier.signals.asks import find_asks
from classifier.signals.offers import offers_something
from classifier.signals.phrasing import Phrases, load
from classifier.signals.requests import is_errand
from classifier.signals.sentences import Sentence, split
from classifier.signals.verbs import form_of
from models.finding import Ask
from models.mail import Mail
from models.word import Word

MAX_TEXT: Final = 4_000  # characters; what is longer is a document
ENOUGH: Final = 3  # statements about oneself
PLENTY: Final = 5  # … that make a letter of it, whatever else it is
_LIKELY: Final = 0.55  # of an ask

# "your time", "your network": what one wants of the reader, or may say to anybody.
_EMPTY: Final = (
    r"time|help|advice|network|contacts?|consideration|attention|support|feedback|names?|e ?mail|emails|inbox|profile|"
    r"reply|response|answer|thoughts?|opinion|team|firm|company|organi[sz]ation|business|convenience|day|week|weekend|"
    r"schedule|calendar|door|industry|field|sector|assistance|guidance|insights?|expertise|experience|kindness|knowledge|"
    r"patience|understanding|interest|address|details|number|website|site|page|linkedin|needs?|requirements|budget|goals|"
    r"customers|clients|colleagues|friends|circle|community|audience|readers|services?|department|office|sales|costs|"
    r"competitors|behalf|favour|earliest|busy|own|best|fellow|valuable|kind|precious|esteemed|great|good|perusal|review|"
    r"mind|hands|side|part|eyes|way|life|bottom|growth|success|revenue|problems?|challenges|current|existing|recruitment|"
    r"staff|employees|open|next|vacancy|vacancies|hiring|recommendation|referral|introduction|word|words|voice|ear"
)
_YOURS: Final = re.compile(rf" your (?:very |own )?(?!(?:{_EMPTY}) )[a-z]")
# "you restore organs": something the reader does or did. The words before and after turn it into a request or a wish.
_NOT_BEFORE: Final = (
    r"if|hope|hoping|trust|thank|thanks|to|for|help|give|tell|let|show|send|with|of|offer|wish|assure|bring|provide|save|"
    r"contact|meet|ask|wonder|wondering|whether|unless|should|could|can|would|will|do|did|are|may|might|have|has|than|"
    r"from|at|on|by|about|sure|reach|call|email|pay|buy|owe|cost|get|make|remind|inform|bother|disturb|trouble|until|"
    r"introduce|find|believe|know|shall|must|both|does|between|among|like|convince|invite|write|writing|approach"
)
_NOT_AFTER: Final = (
    r"can|could|will|would|may|might|should|shall|must|need|want|like|wish|prefer|find|see|know|think|do|did|not|please|"
    r"in|at|for|on|to|about|with|and|or|by|via|a|an|the|some|more|directly|today|soon|all|well|busy|interested|open|"
    r"available|looking|willing|able|doing|hiring|free|happy|right|receive|consider|agree|feel|get|have|has|had|are|were|"
    r"is|who|that|as|this|my|our|any|time|one|if|so|personally|because|when|further|require|enjoy|decide|choose|hire|"
    r"never|always|agree|accept|allow|take|give|hear|reply|respond|read"
)
_DOES: Final = re.compile(
    rf"(?<= )(?<!\bif )([a-z']+|[,.;:-]) you (?:also |still |once |recently |just |all )?"
    rf"(?:(?:have|had|are|were) )?(?!(?:{_NOT_AFTER}) )([a-z]+) "
)
# A request, and a question that can be about the reader.
_ASKING: Final = re.compile(
    r" (?:could|would|can|will|might|may|shall|should) (?:you|i|we|someone|somebody) |(?:^| )(?:please|kindly) "
)
_WONDERS: Final = re.compile(
    r" (?:you|your|yours) |^ (?:[a-z]+ , )?(?:and |but |so )?(?:how|what|where|when|which|who|why|is|are|was|were|do"
    r"|does|did|has|have) "
)
_STOPPED: Final = re.compile(rf"(?:{_NOT_BEFORE})$")


# "I do clouds", "we've our own frame": what one is, has, does. What one sends, hopes, saw, asks is none.
_CLAUSE: Final = re.compile(
    r"(?<= )(i|we) (?:also |now |currently |mainly |mostly |just |really |only |still |never |always |even |then )?"
    r"([a-z']+) (?=([a-z0-9']+) )"
)
_OURS: Final = re.compile(
    r"(?:^ |[,.;:(-] |and |but )(?:my|our) (?!(?:question|apologies|apology|thanks|understanding|mistake|fault|"
    r"address|number|telephone|phone|order|reason|point|concern|thought|suggestion|proposal|offer|best|regards|answer|"
    r"flight|train|meeting|call|schedule|calendar|invoice|attorney|legal|counsel|request|position) )"
    r"(?:[a-z]+ ){1,3}?(?:is|are|was|were|has|have|makes|cuts|saves|helps|lets|runs|covers|spans|includes|offers|"
    r"won|sells|will be) "
)
_HAVE_A: Final = re.compile(
    r" i have an? (?!(?:question|request|favour|quick|few|couple|copy|meeting|call|problem|look|chance|booking|doubt|"
    r"reservation|spare|suggestion|proposal|idea|feeling|message|cold|headache|appointment|draft|list|note|plan) )"
)
# "born in Fez", "mother of three", "law at Paris II": a life without verbs.
_LIFE: Final = re.compile(
    r" (?:born|raised|trained|educated|brought up|schooled|apprenticed|based) (?:in|at|by|under) |"
    r" (?:mother|father|husband|wife|owner|founder|author|head|member|graduate|veteran|daughter|son) of |"
    r" myself (?!(?:and|to|in|at|as|for|with|i|on|up|or|but|from|if|that) )[a-z]+ |"
    r" (?:in|into) transition | at my best | between jobs "
)
# Credentials without a verb: "27 yrs experience, tankers", "Six Sigma black belt", "clean licence".
_YEARS: Final = (
    r" (?:\d+|[a-z]+teen|twenty|thirty|ten|eleven|twelve|nine|eight|seven|six|five|four|three) (?:\+ )?(?:years|yrs) "
    r"(?:of |in |as |at |on |to )?(?:experience|[a-z]+)"
)
_PAPER: Final = (
    r"(?:degree|diploma|certificate|certified|licen[cs]ed?|honou?rs|cum laude|black belt|champion|award|medals?"
    r"|references|fluent|native speaker|track record|bachelor|masters?|mba|phd|msc) (?:in|of|from|with|and|on|[,.;]) "
)
_PAPERS: Final = re.compile(_PAPER)
_CREDENTIAL: Final = re.compile(f"{_YEARS}|{_PAPER}")
# "I've printed since 2004", "we have been blending since the war"; and "I do foil, I do menus".
_SINCE: Final = re.compile(
    r" (?:i|we) have (?:been (?!waiting|trying|looking|thinking|meaning|writing|wondering|hoping)[a-z]+ing"
    r"|(?!waited|tried|lived|asked|looked|called|emailed|mailed|missed|wanted|hoped|learned)[a-z]+ed) "
    r"(?:[a-z]+ ){0,4}since "
)
_DO: Final = re.compile(
    r" i do (?!not|it|that|this|so|too|indeed|hope|think|believe|wish|know|want|need|like|love|see|have|understand"
    r"|apologi[sz]e|agree|mean|care|mind|hear|remember|recall|look|wonder|try|feel|trust|appreciate)[a-z]+ [,.;&] "
)


_WE_ARE: Final = words("selves", "we-are")
_NO_OBJECT: Final = frozenset({"not", "it", "that", "this", "so", "you", "your", "sure", "if", "whether"})
_CAREER: Final = words("selves", "career")


class Turned(Word):
    """To whom a letter is turned: how often it states something of its writer, and its first words on its reader."""

    statements: int = 0
    quote: str = ""  # the first sentence with such a statement
    reader: str = ""  # a question about them, or a remark on their doings; "" for none
    errand: bool = False  # beside them it is an order, a booking, a complaint, something found


@lru_cache(maxsize=16)
def find_turned(mail: Mail) -> Turned:
    """What the sentences of a letter do. Never raises."""
    asked = [(a.start, a.end) for a in find_asks(mail) if a.certainty >= _LIKELY and a.ask is not Ask.ADVICE]
    statements, quote, reader = 0, "", ""
    rest: list[Sentence] = []
    for sentence in split(mail.own_text[:MAX_TEXT]):
        asks = any(start <= sentence.start < end for start, end in asked)
        told = 0 if sentence.question and asks else _statements(sentence)
        about = _about_reader(sentence, asks)
        if about:
            reader = reader or sentence.quote()
        elif told:
            statements += told
            quote = quote or sentence.quote()
            continue
        rest.append(sentence)
    errand = is_errand(tuple(rest), mail.subject)
    return Turned(statements=statements, quote=quote, reader=reader, errand=errand)


def me_first(mail: Mail) -> Turned | None:
    """How a letter is turned that states three things or more of its writer, and has nothing for its reader."""
    turned = find_turned(mail)
    if (
        len(mail.own_text) > MAX_TEXT
        or turned.reader
        or turned.statements < ENOUGH
        or (turned.errand and turned.statements < PLENTY)
        or offers_something(mail.own_text)
    ):
        return None
    return turned


def _statements(sentence: Sentence) -> int:
    """How many things a sentence states of its writer."""
    plain = sentence.plain
    clauses = 0
    if " i " in plain or " we " in plain:
        clauses = sum(_states(*found) for found in _CLAUSE.findall(plain))
        clauses += len(_HAVE_A.findall(plain)) + len(_SINCE.findall(plain)) + len(_DO.findall(plain))
    credential = _CREDENTIAL if " years " in plain or " yrs " in plain else _PAPERS
    named = len(credential.findall(plain)) + len(_LIFE.findall(plain))
    if " my " in plain or " our " in plain:
        named += len(_OURS.findall(plain))
    return clauses + named or int(bool(_phrases("self").find(plain)))


def _states(who: str, verb: str, following: str) -> bool:
    """Whether "I" or "we" with this verb, and the word after it, says what one is, has, does or can."""
    if verb in ("am", "are"):
        if who == "we":
            return following in _WE_ARE
        return following not in words("selves", "not-being") and not following.endswith("ing")
    if verb == "have":
        if following.endswith("ed") and following in _CAREER:
            return True
        return who == "i" and following not in words("selves", "not-having") and not following.endswith("ed")
    if verb == "can":
        return following in words("selves", "abilities")
    if verb in _CAREER:
        return following not in _NO_OBJECT
    if who == "we":
        return verb in words("selves", "makes") and following not in _NO_OBJECT
    return (
        form_of(verb) == "base" and verb not in words("selves", "not-doing") and following not in _NO_OBJECT
    )


def _about_reader(sentence: Sentence, asks: bool) -> bool:
    plain = sentence.plain
    if sentence.question and not asks and sentence.count > 2 and not _ASKING.search(plain):
        return bool(_WONDERS.search(plain)) and not _phrases("hollow-question").find(plain)
    if not asks and " your " in plain and _YOURS.search(plain) and not _ASKING.search(plain):
        return True
    return " you " in plain and any(
        not _STOPPED.search(found.group(1)) for found in _DOES.finditer(f" {plain}")
    )


@cache
def _phrases(section: str) -> Phrases:
    return load("selves", {section: 0.8})
