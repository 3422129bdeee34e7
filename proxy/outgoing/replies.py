"""SMTP replies: the provider's as they came, and coldask's own in words a mail client shows.

Thunderbird shows all lines of a refusal joined into one; mutt shows the last line only. So coldask's own
lines are ASCII, short, each a whole sentence: the reason first, the held mail's id and the next step last.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from models.finding import Finding
from models.held import HeldMail, State
from models.verdict import OutgoingVerdict

LINE = 75  # characters of a line, code included
REASONS = 3  # lines of reasons before the last one
_END = re.compile(r"(?<=[.!?])\s+")
_NO_END = re.compile(r"\b(?:[A-Z]|Dr|Mrs?|Ms|Prof|St|Inc|Ltd|Co|Jr|Sr|No|vs|etc)\.$")
_TYPOGRAPHY = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "\u00a0": " ",
        "ß": "ss",
    }
)


@dataclass(frozen=True)
class Reply:
    """One SMTP reply (RFC 5321, 4.2): the code, and the text of each line without code and line end."""

    code: int
    lines: tuple[str, ...] = ("",)

    @property
    def positive(self) -> bool:
        """The server did it (2xx)."""
        return 200 <= self.code < 300

    @property
    def permanent(self) -> bool:
        """Trying the same again would not help (5xx)."""
        return self.code >= 500

    @property
    def text(self) -> str:
        """The lines joined, for showing to a person."""
        return " ".join(line for line in self.lines if line)

    def __str__(self) -> str:
        return f"{self.code} {self.text}".rstrip()

    def wire(self) -> bytes:
        """As it goes over the wire, with the last line's end."""
        last = len(self.lines) - 1
        return b"".join(
            f"{self.code}{' ' if i == last else '-'}{line}\r\n".encode("utf-8", "surrogateescape")
            for i, line in enumerate(self.lines)
        )


def reply(code: int, enhanced: str, *sentences: str) -> Reply:
    """A reply of coldask's own: a line a sentence, each with the enhanced status code (RFC 2034)."""
    return Reply(code, tuple(f"{enhanced} {plain(s)}" for s in sentences))


def plain(text: str) -> str:
    """Text as printable ASCII on one line: accents and typography made plain, the rest a question mark."""
    spelled = unicodedata.normalize("NFKD", " ".join(text.translate(_TYPOGRAPHY).split()))
    bare = "".join(c for c in spelled if not unicodedata.combining(c))
    return "".join(c if " " <= c <= "~" else "?" for c in bare)


def kept(held: HeldMail, verdict: OutgoingVerdict) -> Reply:
    """The refusal of a held mail: why, and how to see it and let it go."""
    return reply(554, "5.7.1", *reasons(verdict), f"Kept as {held.id}: coldask held show {held.id}")


def unsure(held: HeldMail) -> Reply:
    """The refusal of a mail that went to some, or may have: sending it again is for the user to decide."""
    first = "This mail may have gone: its provider's answer was lost."
    if held.state is State.RELEASING:
        first = "This mail is being released right now."
    elif not any(r.maybe_sent or r.state is State.UNSURE for r in held.recipients):
        first = "Some of its recipients have this mail already."
    return reply(554, "5.7.1", first, f"Kept as {held.id}: coldask held show {held.id}")


def reasons(verdict: OutgoingVerdict) -> list[str]:
    """At most three sentences that fit, one for each finding that stopped the mail, each said once."""
    strongest = max((f.effect.rank for f in verdict.findings), default=0)
    found = [_sentence(f) for f in verdict.findings if f.effect.rank == strongest]
    return list(dict.fromkeys(found))[:REASONS] or ["coldask holds this mail."]


def _sentence(finding: Finding) -> str:
    """The first whole sentence of the message that fits a line, else a shorter one made from the facts."""
    for sentence in _sentences(plain(finding.message)):
        if _fits(sentence):
            return sentence
    return _in_short(finding)


def _sentences(text: str) -> list[str]:
    """Cut at sentence ends, but not behind a title or an initial ("Dr. Sue B. Lee")."""
    found: list[str] = []
    for piece in _END.split(text):
        if found and _NO_END.search(found[-1]):
            found[-1] += " " + piece
        elif piece:
            found.append(piece)
    return [s if s[-1] in ".!?" else s + "." for s in found]


def _in_short(finding: Finding) -> str:
    """The rule's short sentence, with the person where there is one and the name fits."""
    asked = _ASKED.get(finding.ask or "", "that")
    number = len(finding.people)
    whom = [plain(finding.people[0]), "them"] if number == 1 else [f"{number} people" if number else "them"]
    for short in _SHORT.get(finding.rule, ("Rule {rule} holds it for {whom}.",)):
        for sentence in (short.format(whom=one, asked=asked, rule=finding.rule) for one in whom):
            if _fits(sentence):
                return sentence
    return f"Rule {finding.rule} holds it."


_SHORT = {
    "blind-blast": ("You send it blind to {whom} who do not know you.",),
    "early-resume": ("Your resume was not asked for by {whom}.",),
    "leftover-placeholder": ("A placeholder is left in your text.",),
    "name-drop-ask": ("You lean on a name in a first mail to {whom}.",),
    "job-broadcast": ("You ask {whom} for a job in one go.",),
    "blown-introduction": ("An introduction is too fresh to ask {whom} for {asked}.",),
    "one-by-one-blast": ("This letter went to too many strangers before {whom}.",),
    "unanswered-nag": ("You asked {whom} before, and got no answer.",),
    "words-in-their-mouth": ("You put words about yourself into the mouth of {whom}.",),
    "fill-in-referral": ("You send {whom} a form letter of referral.",),
    "premature-ask": ("It is too early to ask {whom} for {asked}.",),
}
_ASKED = {
    "time": "time",
    "advice": "advice",
    "contacts": "contacts",
    "introduction": "an introduction",
    "job": "a job",
    "business": "business",
    "referral": "a referral",
    "testimonial": "praise",
    "favour": "a favour",
    "money": "money",
    "recruit": "a new hire",
    "petition": "a signature",
}


def _fits(sentence: str) -> bool:
    return len(f"554-5.7.1 {sentence}") <= LINE


def unknown_sender(address: str, known: Sequence[str]) -> Reply:
    """The sender belongs to no account: say which do."""
    shown = plain(", ".join(known))
    if len(shown) > 200:
        shown = shown[:200].rpartition(", ")[0] + ", ..."
    return reply(
        553, "5.7.1", f"No account of coldask sends as {address[:100]}.", f"It knows {shown or 'none'}."
    )
