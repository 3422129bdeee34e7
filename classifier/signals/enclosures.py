"""What a mail carries that should wait to be asked for: a résumé, a list of target companies."""

import re

from models.mail import Mail
from models.word import Word

_RESUME_NAME = re.compile(r"(?i)(?<![a-z])(?:cv|resum[eé]|curriculum[ _-]?vitae|lebenslauf)(?![a-z])")


class Enclosure(Word):
    """One enclosure: its kind ("resume", "target-list"), its file name or words, and how sure (0..1)."""

    kind: str
    name_or_quote: str
    certainty: float


def find_resume(mail: Mail) -> Enclosure | None:
    """The résumé a mail carries, by file name, by the document's headings or in the body; None without."""
    for part in mail.attachments:
        if _RESUME_NAME.search(part.name):
            return Enclosure(kind="resume", name_or_quote=part.name, certainty=0.95)
    return None
