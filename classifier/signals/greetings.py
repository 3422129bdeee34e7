"""Whom a mail greets: a person, anybody ("Dear Sir or Madam"), or nobody at all."""

import re
from enum import StrEnum
from typing import Final

from models.mail import Mail

_GREETING: Final = re.compile(
    r"^\W*(?:hi|hello|hey|hiya|dear|ciao|hallo|bonjour|hola|salut|good (?:morning|afternoon|evening|day)|g'day|morning|"
    r"greetings|to whom|respected|esteemed|yo|sirs?|madam)\b",
    re.IGNORECASE,
)
# "Karl,", "Ruth Weber -", "Mr Holt:" alone at the beginning.
_NAME: Final = re.compile(
    r"^\W*(?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?[A-ZÀ-Ý][\w'’-]*(?:,? (?:and |& )?[A-ZÀ-Ý][\w'’-]*){0,4} ?[,:!–—-]"
)
# "Dear Team Bergmann", "Hello founders": anybody.
_ANYBODY: Final = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good \w+|greetings)[,]?\s+(?:to )?(?:my |our |the |you |dear |fellow |valued |esteemed |"
    r"lovely |beautiful |amazing |wonderful |respected )*(?:all|everyone|everybody|friends?|colleagues?|"
    r"(?:respected |esteemed )?sirs?(?!\s(?-i:[A-ZÀ-Ý]))|madams?(?!\s(?-i:[A-ZÀ-Ý]))|sirs? (?:or|/|and)|"
    r"ladies|gentlemen|team|folks|there|owners?|founders?|readers?|partners?|customers?|clients?|recruiters?|"
    r"hiring|managers?|professionals?|contacts?|network|neighbou?rs?|members?|parents?|guys|people|humans?|world|"
    r"editors?|professors|doctors|investors?|entrepreneurs?|bloggers?|webmasters?|you|yous|lot|distinguished|"
    r"committee|board|officer|"
    r"(?:[a-z-]+ ){0,2}(?:manager|purchaser|buyer|proprietor|importer|distributor|retailer|supplier|donor)"
    r"(?=\s*(?:[,!:.]|$))|employers?|supporters?|subscribers?|candidates?|students?|teachers?|artists?|musicians?)\b",
    re.IGNORECASE,
)
_WHOM: Final = re.compile(r"^\W*(?:to whom it may|respected sir|sirs?[,/ ]|dear sirs)", re.IGNORECASE)


class Greeting(StrEnum):
    """How a mail turns to its reader."""

    PERSON = "person"
    ANYBODY = "anybody"
    NOBODY = "nobody"


def find_greeting(mail: Mail) -> tuple[Greeting, str]:
    """How a mail greets, and in which words ("" where it greets nobody). Never raises."""
    first = mail.own_text.strip().partition("\n")[0].strip()
    words = " ".join(first[:60].split())
    if _ANYBODY.match(first) or _WHOM.match(first):
        return Greeting.ANYBODY, re.split(r"[,!:.;]", words)[0]
    if _GREETING.match(first) or _NAME.match(first):
        return Greeting.PERSON, words
    return Greeting.NOBODY, ""
