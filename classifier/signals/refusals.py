"""Does the sender say no and close the matter? ("Not interested", "please stop", "take me off your list".)"""

import re

from models.mail import Mail

_REFUSAL = re.compile(
    r"""
      \bnot\s+(?:at\s+all\s+|really\s+|currently\s+)?interested\b
    | \bno\s+(?:interest|need\s+for\s+(?:this|your|any))\b
    | \bplease\s+(?:stop|cease|refrain|don[’']t|do\s+not)\s+
      (?:e-?mail|writ|contact|send|messag|call|ask|follow|bother)\w*
    | \b(?:please\s+stop|stop\s+(?:e-?mailing|writing\s+to|contacting|messaging))\b(?!\s+by\b)
    | \b(?:take|remove)\s+me\s+(?:off|from)\b
    | \b(?:unsubscribe|delete)\s+me\b
    | \bdo(?:n[’']t|\s+not)\s+(?:contact|write\s+to|e-?mail|message)\s+me\b
    | \b(?:no\s+thank\s+you|no,?\s+thanks|i[’']ll\s+pass)\b
    | \bi\s+(?:must|have\s+to|will\s+have\s+to)\s+(?:decline|pass)\b
    | \bwe\s+(?:must|have\s+to)\s+(?:decline|pass)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# "Are you not interested?", "if you are not interested": the words, but nobody refuses.
_NOT_OURS = re.compile(
    r"\b(?:if|whether|in\s+case|(?:are|were)\s+(?:you|they)|you(?:[’']re)?|they(?:[’']re)?|he|she)\b[^.!?\n]{0,25}$",
    re.IGNORECASE,
)
_SHORT = 600  # characters; a letter that closes a matter is short


def find_refusal(mail: Mail) -> str:
    """The words with which the sender refuses, 200 characters at most; "" where nothing is refused."""
    text = mail.own_text
    if len(text) > _SHORT:
        return ""
    for found in _REFUSAL.finditer(text):
        sentence = text[max(text.rfind(mark, 0, found.start()) for mark in ".!?\n") + 1 : found.start()]
        end = text[found.end() :].partition("\n")[0]
        if _NOT_OURS.search(sentence) or end.split(".")[0].rstrip().endswith("?"):
            continue
        return " ".join(found.group().split())[:200]
    return ""
