"""What each sentence of a first letter does: speak of its writer, or of its reader and their doings (letter D).

Counting pronouns does not work: good letters say "I" as often as bad ones. What counts is whether a sentence
presents the writer, and whether any asks about, or remarks on, the one it is written to.
"""

import re
from functools import cache, lru_cache
from typing import Final

from classifier.signals.asks import find_asks
from classifier.signals.phrasing import Phrases, load
from classifier.signals.requests import is_errand
from classifier.signals.sentences import Sentence, split
from models.finding import Ask
from models.mail import Mail
from models.word import Word

MAX_TEXT: Final = 8_000  # characters; a letter
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


# "I do clouds", "we've our own frame": what one is, has, does, can. What one sends, hopes, saw, asks is none.
_STATES: Final = re.compile(
    r"(?<= )(?:we are (?:an?|the|two|three|four|five|six|seven|eight|nine|ten) "
    r"|(?:i|we) (?:also |now |currently |mainly |mostly |just |really |only |still |never |always |even |then )?"
    r"(?:am (?!(?:writing|sending|sorry|happy|glad|afraid|grateful|thankful|free|available|interested|sure|not|"
    r"attaching|coming|off|away|back|going|aware|told|confident|wondering|calling|asking|enclosing|pleased|delighted|"
    r"honou?red|at|in|on|here|contacting|reaching|following|hoping|thrilled|curious|keen to (?:hear|learn|meet)|trying|"
    r"happily|so|very|really|still|afraid|late|done|ready|waiting|leaving|moving|visiting|flying|meeting|having|supposed|"
    r"out|up|down|able|unable|due|near|well|fine|ok|all|both|certain|worried|forwarding|copying|getting|told|required|"
    r"expecting|reviewing|checking|preparing|planning|considering|scheduled|reading) )"
    r"|(?<=i )have (?!(?:a question|some questions|questions|seen|read|heard|received|not|to|just|"
    r"attached|enclosed|found|tried|sent|noticed|followed|told|lost|asked|been (?:told|reading|asked|trying|following)|"
    r"no|it|them|this|that|the|your|you|already|also|had|any|some|marked|put|made|spoken|talked|left|got to|copied|"
    r"reviewed|forwarded|included|changed|updated|checked|scheduled|discussed|called|written|listed|added|set|kept|"
    r"another|one|two|three|spare|tickets|news|"
    r"a (?:spare|question|request|favour|quick|few|couple|copy|meeting|call|problem|look|chance|booking|reservation)) )"
    r"|(?:do|make|run|own|lead|teach|train|sell|build|design|develop|offer|provide|specialise|speak|write|paint|compose|"
    r"grow|brew|bake|roast|craft|create|supply|represent|employ|export|operate|excel|hate|love|enjoy|believe|live|work|"
    r"play|sing|dance|cook|drive|manage|coach|cut|shoot|edit|film|print|weave|carve|restore|import|breed|keep|serve|"
    r"help|hold|bring|combine|dream|pride|handle|cover|study|practise|practice|tour|perform|record|translate|code|"
    r"program|invest|fund|advise|consult|organise|farm|fish|sew|knit|repair|fit|clean|save|deliver|guarantee|"
    r"trained|graduated|studied|worked|founded|built|led|ran|managed|headed|grew up|won|earned|qualified|apprenticed|"
    r"taught|launched|turned around|doubled|tripled|supervised|served|published|exhibited|performed|specialised|"
    r"designed|invented|developed|majored|completed|obtained) (?!(?:not|it|that you|this|so|you|your|sure) )"
    r"|can (?:do|type|drive|cook|speak|handle|offer|lift|weld|sew|repair|read|write|play|start|work|run|build) ))"
)
# Credentials without a verb: "27 yrs experience, tankers", "Six Sigma black belt", "clean licence".
_CREDENTIAL: Final = re.compile(
    r" (?:\d+|[a-z]+teen|twenty|thirty|ten|eleven|twelve|nine|eight|seven|six|five|four|three) (?:\+ )?(?:years|yrs) "
    r"(?:of |in |as |at |on )?(?:experience|[a-z]+)"
    r"|(?:degree|diploma|certificate|certified|licen[cs]ed?|honou?rs|cum laude|black belt|champion|award|medals?"
    r"|references|fluent|native speaker|track record|bachelor|masters?|mba|phd|msc) (?:in|of|from|with|and|on|[,.;]) "
)


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
    """How a letter is turned that states three things or more of its writer and has nothing on its reader."""
    turned = find_turned(mail)
    if turned.reader or turned.statements < ENOUGH or (turned.errand and turned.statements < PLENTY):
        return None
    return turned


def _statements(sentence: Sentence) -> int:
    """How many things a sentence states of its writer."""
    clauses = len(_STATES.findall(sentence.plain)) + len(_CREDENTIAL.findall(sentence.plain))
    return max(clauses, 1 if _phrases("self").find(sentence.plain) else 0)


def _about_reader(sentence: Sentence, asks: bool) -> bool:
    plain = sentence.plain
    if sentence.question and not asks and len(sentence.places) > 2 and not _ASKING.search(plain):
        return bool(_WONDERS.search(plain)) and not _phrases("hollow-question").find(plain)
    if not asks and not _ASKING.search(plain) and _YOURS.search(plain):
        return True
    return any(not _STOPPED.search(found.group(1)) for found in _DOES.finditer(f" {plain}"))


@cache
def _phrases(section: str) -> Phrases:
    return load("selves", {section: 0.8})
