"""Does the owner's own mail call on the public: a job posting, a call for papers, a request for offers?"""

import re

from models.mail import Mail

_CALL = re.compile(
    r"\b(?:we(?:'|’)?(?:re| are) (?:hiring|looking for an?|recruiting)|call for (?:papers|proposals|submissions|speakers)"
    r"|applications? (?:are )?(?:welcome|open|to)|please (?:forward|share|spread|pass (?:it|this) on))\b",
    re.IGNORECASE,
)


def find_call(mail: Mail) -> str:
    """The words with which the mail calls on whoever reads it, 200 characters at most; "" where it does not."""
    found = _CALL.search(mail.own_text)
    return " ".join(found.group().split())[:200] if found else ""
