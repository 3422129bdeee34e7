"""Placeholders: blanks of a template that nobody filled in, in a subject or the sender's own text."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from classifier.phrases import sections
from models.mail import Mail
from models.word import Word


class Placeholder(Word):
    """One unfilled blank: its words, and how sure (0..1)."""

    quote: str
    certainty: float
    start: int = 0  # in the text it was found in


_SLOT: Final = "|".join(
    re.escape(s) for s in sorted(sections("placeholders")["slots"], key=len, reverse=True)
)
_GREET: Final = (
    r"(?:dear|hi|hello|hey|hallo|liebe(?:\(r\)|r)?|sehr geehrte[r]?|guten tag|bonjour|cher|ch[eè]re"
    r"|hola|estimad[oa]|ciao|gentile)"
)
_MOST: Final = 100  # blanks of a sort that are looked at: a text with more is told by these
_DOUBTED: Final = 0.7  # of what may be meant as it stands ("room [TBC]" in an agenda)
_MONEY: Final = r"(?:[$€£¥]|\b(?:R|Rs|USD|EUR|GBP|CHF|ZAR|INR|AUD|CAD))"

# In capitals amid small letters: what was to stand there. Not "on TIME", which is said with stress.
_CAPITALS: Final = (
    r"VENUE|LOCATION|(?:COMPANY|CLIENT|CUSTOMER|PRODUCT|EVENT|PROJECT) NAME|(?:FULL|FIRST|LAST) ?NAME"
)
# These are said with stress as well ("it is not about PRICE"): a warning at most.
_STRESSED: Final = (
    "ADDRESS", "TOPIC", "YEAR", "CITY", "TOWN", "PLACE", "COMPANY", "CLIENT", "CUSTOMER", "PRODUCT", "EVENT",
    "PROJECT", "AMOUNT", "PRICE", "COUNTRY", "SUBJECT", "NUMBER", "STREET", "SCHOOL",
)  # fmt: skip

_BRACKETED: Final = (
    "name", "product", "company", "date", "place", "town", "city", "amount", "time", "subject", "service",
    "price", "address", "topic", "number", "event",
)  # fmt: skip

# (characters of which every match holds one, pattern, certainty). Each is linear: no repeat inside a repeat.
_PATTERNS: Final[tuple[tuple[tuple[str, ...], re.Pattern[str], float], ...]] = tuple(
    (marks, re.compile(pattern, flags), certainty)
    for marks, pattern, flags, certainty in (
        # {{first_name}}, {{ company }}, {% name %}, ${name}, *|FNAME|*, %FIRSTNAME%, %%name%%
        (("{{",), r"\{\{ ?[\w. |]{2,40} ?\}\}", 0, 0.95),
        (("*|",), r"\*\|[A-Z_:]{2,30}\|\*", 0, 0.97),
        (("$",), r"(?<![\w$])\$(?:first|last|full|user|company|customer|client)_?[nN]ame\b", 0, 0.9),
        (("MM",), r"(?<!format )(?<!format: )\b(?:DD|TT)[./-]MM[./-](?:YYYY|JJJJ|YY)\b", 0, 0.72),
        (("%",), r"%%?[A-Z][A-Z_]{2,30}%%?", 0, 0.92),
        (("{",), rf"(?<![\w/:=])\$?\{{ ?(?:{_SLOT})(?:[ _-]?(?:{_SLOT}))? ?\}}", re.I, 0.95),
        (("{",), r"(?<![\w$\\\]})])\{[a-z]{2,20}_[a-z_]{2,20}\}", re.I, 0.92),
        # [Company], [Your Name], [insert date here], <name>, <<anything>>, «Firma»
        (("[",),
         rf"(?<!\w)\[ ?(?:(?:{_SLOT}|your|their|his|her|recipient'?s?|the|mr|mrs|ms|dr|mx|insert|add|specific"
         rf"|relevant|mutual|hiring|some|x)"
         rf"(?: |_|-|/|'s )){{0,5}}(?:{_SLOT})(?:'s)?(?: here| goes here|\(s\))? ?\](?!\()", re.I, 0.95),
        (("[",), r"(?<!\w)\[ ?(?:insert|fill in|enter|add|put|your|their|specific|recipient'?s?|einfügen|à "
         r"compléter)\b[^\[\]\n]{1,60}\]", re.I, 0.95),
        (("<",), rf"(?<![\w<])<(?:{_SLOT})(?:[ _-](?:{_SLOT}))?>(?!>)", re.I, 0.9),
        (("<",), r"(?<![\w<])<(?:your|insert|enter) [\w ]{2,30}>", re.I, 0.92),
        (("<<",),
         rf"(?<![\w<])<< ?(?:(?:{_SLOT}|your|their|the|insert|enter|x)(?: |_|-|/)?){{1,4}} ?>>(?!\d)", re.I, 0.93),
        # <<PROGRAMME>>, <<ROOM NUMBER>>: in capitals it is no enclosure
        (("<<",), r"(?<![\w<])<< ?[A-Z][A-Z_ -]{2,30} ?>>(?!\d)", 0, 0.85),
        # A mail program marks an enclosure so too (<<minutes.doc>>), so that other words are less sure.
        (("<<",), r"(?<![\w<])<<[^<>\n;|(){}=\".:\d]{1,40}>>(?!\d)", 0, 0.6),
        # Dear NAME, Hi FIRSTNAME, Dear XXX, Hi ___
        (("NAME", "XX", "Xx", "__", "COMPANY", "RECIPIENT", "NOM", "PRENOM", "PRÉNOM", "(name)", "(Name)"),
         rf"^\W{{0,40}}(?i:{_GREET}) (?:NAME|FIRSTNAME|FIRST NAME|FIRST_NAME|FNAME|LASTNAME|LAST NAME|SURNAME"
         rf"|RECIPIENT|CLIENT NAME|"
         r"CUSTOMER NAME|COMPANY|COMPANY NAME|VORNAME|NACHNAME|NOM|PRENOM|PRÉNOM|X{2,6}|Xxxx?|_{2,}"
         r"|\([Nn]ame\))\s*[,!:]?\s*$", re.M, 0.92),
        ((" ,",), rf"^\W{{0,40}}{_GREET} ,\s*$", re.M | re.I, 0.6),
        # R XX,XXX excl.; €XXX; on XX March; XX/XX/2025; at XX:XX; INSERT DATE
        (("XX", "Xx"), rf"{_MONEY} ?X[Xx]+(?:[.,][Xx]{{2,3}}|k|K)?(?![A-Za-z])", 0, 0.92),
        (("X.X", "X,X"), r"(?<![\w-])XX?X?[.,]XXX?(?![\w-])", 0, 0.9),
        (("XX",), rf"(?<![\w-])XX(?:[./]XX[./](?:XX(?:XX)?|20\d\d)|:XX| "
         rf"(?:{'|'.join(sections('placeholders')['units'])}))(?!\w)", 0, 0.9),
        # to play with XXXX; room XX; at xx:xx; ??/??
        (("XXX",), r"\b(?:with|at|to|for|from|of|in|on|by|about|holds|costs|the|your|(?:Mr|Mrs|Ms|Dr)\.?)"
         r" X{3,6}(?![\w-]| (?:bitter|lager|beer|gold|rated|[Oo]lymp\w+|[Cc]orps)\b)", 0, 0.85),
        (("XX", "xx"), r"\b(?:room|platform|gate|seat|table|flight|order|invoice|number|colleague|friend"
         r"|client|customer) (?:X{2,5}|x{2,5})(?![\w-])", 0, 0.8),
        (("xx:xx", "xx.xx", "HH:", "hh:"), r"(?<!\w)(?:xx[:.]xx|HH:MM|hh:mm)(?!\w)(?! format)", 0, 0.85),
        (("dd.mm", "dd/mm", "DD.MM", "DD/MM"),
         r"(?i:\b(?:on|by|until|before|from)) (?:dd[./]mm|DD[./]MM)[./]?(?!\w)", 0, 0.8),
        (("nn ", "NN "),
         rf"(?<![\w-])(?:nn+|NN+) (?:{'|'.join(sections('placeholders')['units'])})(?!\w)", 0, 0.8),
        (("tbc]", "tbd]", "tba]", "TBC]", "TBD]", "TBA]"), r"\[(?:[\w ]{2,30} )?(?:tb[acd]|TB[ACD])\]", 0, _DOUBTED),
        (("??",), rf"(?<!\S)\?\?[/.:]\?\?|{_MONEY} ?\?\?+", 0, 0.75),
        # on DATE, at VENUE, our engineer NAME will
        (("DATE",), r"\b(?:on|by|before|until|till|from|after|since) DATE\b"
         r"(?! (?:column|field|line|format|palms?|stamp|and|time)\b)", 0, 0.82),
        (("TIME",), r"\bat TIME(?=[.,;!?)]| on\b| in\b| and\b|\s*$)", re.M, 0.8),
        *((keys, rf"\b(?:at|in|to|for|from|of|about|on|with|since|by|near|around) (?:TB[CD] )?(?:{words})\b"
           r"(?=[.,;:!?)]|\s+[a-z]|\s*$)", re.M, certainty)
          for keys, words, certainty in (
              (("VENUE", "LOCATION", "NAME"), _CAPITALS, 0.8), (_STRESSED, "|".join(_STRESSED), _DOUBTED))),
        (("NAME",), r"\b(?!(?:my|your|his|her|its|the|whose|our|their|a|file|field|user|host|domain|column|brand"
         r"|family|class) )[a-z]{2,20} NAME"
         r"(?= (?:will|is|has|can|would|and I)\b)(?! is (?:\w+ )?(?:the|a|an|our|my|your|his|her|its) (?:\w+ )?"
         r"(?:name|word|title|label|heading|code)\b)", 0, 0.8),
        # your order of (product), [colleague's name], @@customer@@
        (tuple(f"({word})" for word in _BRACKETED),
         rf"\b(?:of|for|with|to|from|in|at|on|(?:Mr|Mrs|Ms|Dr)\.?) \((?:{'|'.join(_BRACKETED)})\)"
         r"(?=\s*(?:[.,;:!?\n]|$|(?:and|or|on|at|for|from|to|is|was|will|has|which|that|with|by|in|we|you)\b))",
         0, 0.8),
        (("[",), r"(?<!\w)\[ ?(?:[\w'’]{1,20} ){1,3}(?:name|date|place|city|company|title|number|amount|price|address"
         r"|topic)\](?!\()", re.I, 0.85),
        (("@@", "##"), r"(?<!\S)(?:@@\w{2,30}@@|##\w{2,30}##)", 0, 0.9),
        # from ## to ##, between __ and __, of room ##
        (("##", "__", "??", "xx", "XX"),
         r"\b(?:from|between) (?:#{2,}|_{2,}|\?{2,}|[xX]{2,}) (?:to|till|until|and) (?:#{2,}|_{2,}|\?{2,}|[xX]{2,})"
         r"(?![\w#])", 0, 0.85),
        (("##",), r"\b(?:at|on|by|until|till|of|for|about|room|table|seat|row|number|costs|is) #{2,}"
         r"(?=[.,;:!?)]|\s+[a-z]|\s*$)", re.M, 0.8),
        # "chose INSERT PROPERTY again": not the key of that name, nor a machine's or a program's word
        (("INSERT",), r"(?<=[a-z,] )INSERT (?!INTO|COIN|TAB|KEY|CARD|DIS[CK]|BATTER|MODE|IGNORE"
         r"|OVERWRITE|SELECT|DELAYED|STATEMENT|QUER|TRIGGER|TOKEN|CASH|PLUG|PAPER|TICKET|TWICE|BUTTON|CURSOR)"
         r"[A-Z]{3,}(?: [A-Z]{2,}){0,3}\b(?=[.,;:!?)]|\s+[a-z]|\s*$)", re.M, 0.9),
        (("INSERT", "FILL", "ADD", "ENTER"),
         r"\b(?:INSERT|FILL IN|ADD|ENTER) (?:[A-Z]{2,} ){0,3}(?:NAME|DATE|COMPANY|PRICE|AMOUNT|TITLE"
         r"|LINK|TEXT|ADDRESS|HERE|DETAILS|NUMBER)\b", 0, 0.93),
        (("orem",), r"\b[Ll]orem ipsum dolor\b", 0, 0.85),
        (("___",), r"(?<![\w:])_{3,}(?= (?:has|is|and|for|at|will|who|in|to|said|company"
         r"|gave|told|wrote|sent|suggested)\b)", 0, 0.8),
        (("___",), r"(?:\bat|\bfor|\bwith|\bfrom|\bdear|\bto) _{3,}", re.I, 0.8),
    )
)  # fmt: skip

_MARKS: Final = frozenset(mark for marks, _, _ in _PATTERNS for mark in marks)
# Half of the marks are words in capitals or brackets: a text without any such is not searched for each.
_LOUD: Final = re.compile(r"[A-Z][A-Z][A-Z]")
_BRACKETS: Final = re.compile(r"\([A-Za-z]+\)")
_QUIET: Final = frozenset(mark for mark in _MARKS if not (_LOUD.search(mark) or _BRACKETS.search(mark)))

# "Hi (friend's name),", "Dear ______,", "Hello [client]!", "Dear …,"
_BLANK_GREETING: Final = re.compile(
    rf"(?:^|[\"“„'>:*|.!?)])[ \t]*((?i:{_GREET})[ \t]+(?:[A-Z][a-z]{{1,12}}\.?(?:[/ ][A-Z][a-z]{{1,12}}\.?)?[ \t]+)?"
    r"(?:\([^()\n@]{0,12}\b(?i:names?|friend|client|customer|contact|insert|fill|recipient|person|colleague|neighbou?r)\b"
    r"[^()\n@]{0,20}\)|\(\s*\)|\[[^\[\]\n@]{0,40}\]|<<?[A-Za-z][^<>\n@]{0,38}>>?|\{\{?[^{}\n]{1,40}\}\}?"
    r"|_{2,}|\.{3,}|…|-{3,}|X{2,6}|Xxxx?|N\.? ?N\.?|NAME|FIRST ?NAME|CLIENT|FRIEND|so[- ]and[- ]so)"
    r"[ \t]*[,!:;–—.\n-])", re.M,
)  # fmt: skip
_CODE: Final = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]{1,200}`|^(?: {4,}|\t)\S.*$|<(?:pre|code)>.*?(?:</(?:pre|code)>|\Z)",
    re.S | re.M,
)
_QUOTED: Final = re.compile(r"[\"“„«][^\"“”„«»\n]{2,300}[\"”“»]|(?<![\w'])['‘][^'‘’\n]{2,300}['’](?!\w)")
# "[Team] Minutes": a tag in front of a subject is a way of sorting mail, no blank.
_TAGS: Final = re.compile(r"^\s*(?:(?:re|fwd?|aw|wg)\s*:\s*|\[[^\[\]]{1,30}\]\s*)+", re.IGNORECASE)
_PROGRAM: Final = re.compile(
    r"</\w+>|^\s{0,40}(?:def|class|import|from \w+ import|function|const|let|var|public|private|return|SELECT"
    r"|INSERT INTO|#include|curl|GET|POST|PUT)\b.*$"
    r"|[;{]\s*$|=> |\(\) ?\{|std::|\$\(",
    re.MULTILINE,
)
_ABOUT: Final = re.compile("|".join(sections("placeholders")["about"]), re.I)
# Words that leave the blanks to the reader; and those of forms, whose lines are there to be written on.
_TO_FILL: Final = re.compile("|".join(sections("placeholders")["to-fill"]), re.I | re.M)
_FORM: Final = re.compile("|".join(sections("placeholders")["form"]), re.I | re.M)
_HARMLESS: Final = re.compile("|".join(f"(?:{s})" for s in sections("placeholders")["harmless"]), re.I)


def find_placeholders(mail: Mail) -> tuple[Placeholder, ...]:
    """The blanks left in a mail's subject and own text, surest first; code, and quoted words, are not read.

    In a mail that speaks of templates, fields or variables the blanks are its matter: nothing is found. Nor are the
    blanks of a form found that the reader is to fill in; but whoever greets a blank has forgotten all of them.
    """
    text = f"{_TAGS.sub('', mail.subject)}\n{mail.own_text}"
    marks = _MARKS if _LOUD.search(text) or _BRACKETS.search(text) else _QUIET
    if not any(mark in text for mark in marks):
        return ()
    found = blanks_in(_QUOTED.sub(_blank, _CODE.sub(_blank, text)))
    if not found or _ABOUT.search(text):
        return ()
    greeting = len(text) - len(mail.own_text.lstrip())
    if any(p.start < greeting + len(mail.own_text.strip().partition("\n")[0]) for p in found):
        return found
    return tuple(p for p in found if not _for_reader(p, text))


def _for_reader(blank: Placeholder, text: str) -> bool:
    """Whether a blank is for the reader to fill in, as the text says in its paragraph or before. Never one of a
    mail program's fields.
    """
    if blank.quote.startswith("[") and "_" not in blank.quote:
        signs: tuple[re.Pattern[str], ...] = (_TO_FILL,)
    else:
        signs = (_TO_FILL, _FORM) if "___" in blank.quote else ()
    end = text.find("\n\n", blank.start)
    said = text if end < 0 else text[:end]
    return any(sign.search(said) for sign in signs)


def leaves_blanks(text: str) -> bool:
    """Whether a text tells its reader to fill in blanks: it is a form's."""
    return _TO_FILL.search(text) is not None


def blank_greeting(text: str) -> tuple[int, str]:
    """Where a letter begins whose reader is yet to be filled in ("Hi (friend's name),"); -1 and "" without."""
    found = _BLANK_GREETING.search(text)
    return (found.start(1), " ".join(found.group(1).split())) if found else (-1, "")


def blanks_in(text: str) -> tuple[Placeholder, ...]:
    """The blanks in a text, whatever it is about, surest first."""
    found: dict[tuple[int, int], Placeholder] = {}
    for marks, pattern, certainty in _PATTERNS:
        if not any(mark in text for mark in marks):
            continue
        for match in islice(_unfilled(pattern, text), _MOST):
            if not any(a <= match.start() < b for a, b in found):
                words = " ".join(match.group().split())
                found[match.span()] = Placeholder(quote=words[:200], certainty=certainty, start=match.start())
    return tuple(sorted(found.values(), key=lambda p: -p.certainty))


def _unfilled(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What looks like a blank, but for what is none and for the fields of a program."""
    program: bool | None = None
    for match in pattern.finditer(text):
        words = " ".join(match.group().split())
        if _HARMLESS.fullmatch(words):
            continue
        if words[0] in "{<$%":
            program = _PROGRAM.search(text) is not None if program is None else program
            if program:
                continue
        yield match


def _blank(match: re.Match[str]) -> str:
    return "".join("\n" if c == "\n" else "\x00" for c in match.group())
