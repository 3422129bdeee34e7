"""The sentences of incoming verdicts: who, how they stand to the owner, what they ask, what changes it."""

from typing import Final

from models.finding import Ask, AskSpan
from models.mail import Mail
from models.past import Relation

ASKS: Final = {
    Ask.TIME: "asks for your time",
    Ask.ADVICE: "asks for your advice",
    Ask.CONTACTS: "asks for your contacts",
    Ask.INTRODUCTION: "asks for an introduction",
    Ask.JOB: "asks for work",
    Ask.BUSINESS: "wants to do business",
    Ask.REFERRAL: "asks you to recommend them",
    Ask.TESTIMONIAL: "asks for an endorsement",
    Ask.FAVOUR: "asks a favour",
    Ask.MONEY: "asks for money",
    Ask.RECRUIT: "is recruiting",
    Ask.PETITION: "asks for your name on something",
}
RELEASE: Final = "write to them or move it back and they are released"


def writer(mail: Mail) -> str:
    """The sender's name, else the address, else "An unreadable sender"."""
    sender = mail.sender
    return sender.shown if sender else "An unreadable sender"


def asks_for(ask: AskSpan | None) -> str:
    """The ask and its words: `asks for an introduction (“…”)`."""
    if ask is None:
        return "wants something of you"
    return f"{ASKS[ask.ask]} (“{shortened(ask.quote)}”)" if ask.quote else ASKS[ask.ask]


def shortened(quote: str, limit: int = 120) -> str:
    """The quote cut at a word, with an ellipsis where something is cut."""
    return quote if len(quote) <= limit else quote[:limit].rpartition(" ")[0] + "…"


def standing(relation: Relation) -> str:
    """The facts of the tie, in one phrase."""
    return "; ".join(relation.facts) or "no mail either way"


def cold(mail: Mail, relation: Relation, ask: AskSpan | None, extra: str = "") -> str:
    return f"{writer(mail)} ({standing(relation)}) {asks_for(ask)}{_and(extra)}; {RELEASE}."


def unsure(mail: Mail, relation: Relation, ask: AskSpan | None, extra: str = "") -> str:
    return (
        f"{writer(mail)} ({standing(relation)}) perhaps {asks_for(ask)}{_and(extra)}; "
        "it stays in the inbox, move it to Cold Asks if it does not belong there."
    )


def blown(mail: Mail, introducer: str, ask: AskSpan | None) -> str:
    return f"{introducer} introduced {writer(mail)} to you, who at once {asks_for(ask)}; {RELEASE}."


def kept(mail: Mail, why: str, relation: Relation | None = None) -> str:
    facts = f" ({standing(relation)})" if relation else ""
    return f"{writer(mail)} {why}{facts}, so this stays in the inbox."


def _and(extra: str) -> str:
    return f", and {extra}" if extra else ""
