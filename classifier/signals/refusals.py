"""Does the sender say no and close the matter? ("Not interested", "please stop", "take me off your list".)"""

import re

from models.mail import Mail
from models.word import Word

# Closes the matter whoever it is said to.
_FIRM = re.compile(
    r"""
      \bnot\s+(?:at\s+all\s+|really\s+|currently\s+)?interested\b
    | \bplease\s+(?:stop|cease|refrain|don[’']t|do\s+not)\s+
      (?:e-?mail|writ|contact|send|messag|call|ask|follow|bother|pitch)\w*
    | \b(?:please\s+stop|stop\s+(?:e-?mailing|writing\s+to|contacting|messaging|pitching))\b(?!\s+by\b)
    | \b(?:take|remove|strike)\s+(?:me|us|my\s+name|this\s+address)\s+(?:off|from)\b
    | \b(?:unsubscribe|delete)\s+(?:me|us)\b
    | \bdo(?:n[’']t|\s+not)\s+(?:contact|write\s+to|e-?mail|message)\s+(?:me|us)\b
    | \b(?:rather|prefer\s+(?:it\s+)?(?:if\s+|that\s+)?)\s?you\s+(?:did\s*n[’']t|did\s+not|do\s*n[’']t|never|not)\s+
      (?:write|contact|e-?mail|messag|call|ring|get\s+in\s+touch)\w*
    | (?:^|[.!?\n])[ ]{0,9}(?:please\s+)?leave\s+(?:me|us)\s+(?:alone|in\s+peace)\b
    | \b(?:do(?:n[’']t|\s+not)|never)\s+(?:want|wish)\s+to\s+hear\s+from\s+you\b
    | \bno\s+(?:further|more)\s+(?:e-?mails?|messages|letters|mails?|calls)\b(?=,?\s+please|\s*[.!])
    | \bmy\s+last\s+(?:answer|reply|word|e-?mail)\s+to\s+you\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A no among people who hardly know each other; among friends it declines a lift.
_POLITE = re.compile(
    r"""
      \bno\s+(?:interest|need\s+for\s+(?:this|your|any))\b
    | \b(?:no\s+thank\s+you|no,?\s+thanks|thanks,?\s+but\s+no)\b
    | \bthank\s+you,?\s+(?:but\s+)?no\b(?=\s*[.,;!])
    | \b(?:i|we)(?:[’']ll|\s+will|\s+must|[’']d\s+rather|(?:\s+will)?\s+have\s+to)\s+
      (?:decline|pass|not)\b
    | \bnot\s+(?:for\s+(?:me|us)|a\s+(?:fit|match)\s+for\s+us|looking\s+for\s+(?:this|that|one|any|a\s+new))\b
    | \b(?:we(?:[’']|\s+a)re|i(?:[’']|\s+a)m)\s+
      (?:all\s+set|well\s+served|happy\s+with\s+(?:what|who|our|my))\b
    | \b(?:can(?:no|[’'])t|can\s+not|won[’']t|will\s+not)\s+help\s+(?:you\s+)?
      (?:with\s+(?:this|that)|there|here)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# "Are you not interested?", "if you are not interested": the words, but nobody refuses.
_NOT_OURS = re.compile(
    r"\b(?:if|whether|in\s+case|(?:are|were)\s+(?:you|they)|you(?:[’']re)?|they(?:[’']re)?|he|she)\b[^.!?\n]{0,25}$",
    re.IGNORECASE,
)
_SHORT = 600  # characters; a letter that closes a matter is short


class Refused(Word):
    """A no: its words, and whether it closes the matter whoever it is said to ("please stop")."""

    quote: str  # 200 characters at most
    firm: bool


def find_refusal(mail: Mail) -> Refused | None:
    """The sender's refusal, or None where nothing is refused."""
    text = mail.own_text
    if len(text) > _SHORT:
        return None
    for pattern in (_FIRM, _POLITE):
        for found in pattern.finditer(text):
            before = text[max(text.rfind(mark, 0, found.start()) for mark in ".!?\n") + 1 : found.start()]
            rest = re.split(r"(?<=[.!?])|\n", text[found.end() :], maxsplit=1)[0]
            if not _NOT_OURS.search(before) and not rest.endswith("?"):
                return Refused(quote=" ".join(found.group().split())[:200], firm=pattern is _FIRM)
    return None
