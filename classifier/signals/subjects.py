"""What a subject says: nothing but the writer's name, a post, or "opportunity"?"""

import re
from typing import Final

from classifier.phrases import words
from classifier.signals.names import names_of
from classifier.signals.sentences import folded
from models.mail import Mail

_PART: Final = re.compile(r"[\w'’&]+|[^\w\s]")
# "CV Ann Hartley", "Ann Hartley - resume": the name, with what the letter carries.
_CARRIED: Final = frozenset(
    {"cv", "resume", "resumee", "résumé", "curriculum", "vitae", "profile", "application", "available"}
)
_FEW: Final = 7  # words
# "Diesel mechanic seeking berth", "Cook looking for a place": a subject that seeks work for its writer.
_SEEKS: Final = re.compile(
    r"(?i)\b(?:seek(?:s|ing)|looking for|look for|in search of|searching for|available for)\s+(?:(?:an?|any|new|the|my"
    r"|(?:full|part)[- ]?time|first|next|seasonal|summer|winter|permanent|immediate)\s+){0,3}(?:berth|position|post"
    r"|place|employment|work|job|placement|situation|engagement|contract|apprenticeship|internship|traineeship|assignment"
    r"|shifts)\b|\b(?:position|post|berth|job|work|employment)\s+(?:sought|wanted)\b"
)


def broadcast_subject(mail: Mail) -> str:
    """What a subject is where it says nothing else: "name", "post" or "chance"; "" where it says more."""
    parts = [folded(p) for p in _PART.findall(mail.subject)]
    said = [p for p in parts if p[0].isalnum()]
    if not said or len(said) > _FEW or re.match(r"(?i)\s*(?:re|fwd?|aw|wg)\s*:", mail.subject):
        return ""
    names = names_of(mail.sender) if mail.sender else frozenset[str]()
    rest = [p for p in said if p not in names]
    if not [p for p in rest if p not in _CARRIED]:
        return "name" if len(said) > len(rest) else ""
    posts = words("roles") | words("subjects", "post")
    fields = words("subjects", "rank") | words("subjects", "field")
    if any(p in posts and p not in fields for p in rest) and all(
        p in posts or p in fields or p in _CARRIED for p in rest
    ):
        return "post"
    beside = words("subjects", "chance-beside") | words("subjects", "rank") | fields
    chance = {"opportunity", "opportunities"}
    return "chance" if chance & set(rest) and all(p in beside or p in chance for p in rest) else ""


def seeks_work(mail: Mail) -> str:
    """The subject where it seeks work for the writer; "" where not. A place for an event or a thing is none."""
    trade = words("roles") | words("subjects", "post")
    if not _SEEKS.search(mail.subject) or re.match(r"(?i)\s*(?:re|fwd?|aw|wg)\s*:", mail.subject):
        return ""
    said = {folded(p) for p in _PART.findall(mail.subject)}
    names = names_of(mail.sender) if mail.sender else frozenset[str]()
    return mail.subject.strip() if said & (trade | names) else ""
