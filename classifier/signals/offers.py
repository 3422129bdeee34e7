"""Does a sentence give, offer, submit, order or only wish? Then it asks nothing, whatever words stand in it."""

import re
from functools import cache
from typing import Final

from classifier.signals.phrasing import Phrases, load
from classifier.signals.sentences import split
from models.finding import Ask

# Whoever sends a thing, and wants something for it, gives nothing.
_WANTS: Final = re.compile(
    r" (?:could|would|can|will) you (?!like |want |wish |need |prefer |care for |rather |mind if )"
    r"| (?:need|want|wish|like) you | (?:i|we) (?:would|should) (?:need|like|love|want) "
    r"| (?:think of|remember|hire|employ|recommend|consider|introduce) (?:me|us|my|our) "
)
# Whoever would come with what they sell or look for helps themselves.
_WARES: Final = re.compile(
    r" (?:brochures?|catalogues?|price list|prices?|pricing|quotes?|quotation|proposals?|samples?|demo|demonstration"
    r"|presentation|deck|cv|resume|curriculum|portfolio|profile|terms|case stud(?:y|ies)|products?|services?|software"
    r"|platform|system|solution|audit|trial|consultation|training|workshop|webinar|details|information|figures"
    r"|savings|offers?|call|meeting|zoom|visit you|show you|walk you|tell you|explain|call you|ring you|send you more"
    r"|(?:double|triple|grow|boost|increase|improve|cut|lower|save) (?:your|you)"
    r"|our (?:range|work|firm|company|team|people|site|website)) "
)

# What an order looks like: it wants the reader's work, time or goods.
_ORDERED: Final = frozenset({None, Ask.BUSINESS, Ask.TIME, Ask.FAVOUR, Ask.ADVICE})
_NO_ORDER: Final = re.compile(
    r" (?:call|calls|meeting|demo|chat|coffee|lunch|word with|minutes|introductions?|conversation|attention|colleague"
    r"|our (?:training|course|workshop|product|service|platform|brochure|fair|stand|software)) "
)


def offers_something(text: str, ask: Ask | None = None) -> bool:
    """Whether these words, a sentence or two, give, offer, submit or order something, or only wish. Never raises.

    `ask`: what they may ask instead. Work and money are asked for in an application too; and only the reader's own
    trade is ordered, not a recommendation.
    """
    return any(_offered(sentence.plain, ask) for sentence in split(text))


def _offered(plain: str, ask: Ask | None) -> bool:
    sections = {hit.section for hit in _phrases().find(plain)}
    if "offers" in sections or ("orders" in sections and ask in _ORDERED and not _NO_ORDER.search(plain)):
        return True
    sections -= {"orders", "submits"} if ask in (Ask.JOB, Ask.MONEY) else {"orders"}
    if not sections or _WANTS.search(plain):
        return False
    return sections != {"helps"} or not _WARES.search(plain)


@cache
def _phrases() -> Phrases:
    return load("offers", {"gives": 0.8, "offers": 0.8, "helps": 0.8, "submits": 0.8, "orders": 0.8})
