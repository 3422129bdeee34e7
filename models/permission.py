"""Permissions: what the user allowed, for whom or what, and until when."""

from datetime import datetime
from enum import StrEnum

from models.address import canonical
from models.word import Word

PERSON_RULES = ("", "cold-ask")  # a person allowed by one of these is released for incoming mail too


class Grant(StrEnum):
    """What a permission is for."""

    PERSON = "person"
    RULE = "rule"
    MAIL = "mail"
    LIST = "list"  # a mailing of `[people.lists]`
    CAMPAIGN = "campaign"  # a run of near-copies


class Permission(Word):
    """The user's word that something may be sent (relationships, "What counts", 7)."""

    id: int
    grant: Grant
    what: str = ""  # canonical address, held id or Message-ID, the list's name; empty for a rule
    rule: str = ""  # this rule alone; empty: every rule
    people: frozenset[str] = frozenset()  # whom a person's or a list's permission covers, canonical
    at: datetime
    until: datetime | None = None
    source: str = ""
    reason: str = ""

    @property
    def for_all(self) -> bool:
        """Covers whoever a mail goes to: a rule's, a mail's, a campaign's."""
        return self.grant not in (Grant.PERSON, Grant.LIST)

    def covers(self, rule: str, person: str) -> bool:
        """What this rule says about this person."""
        return self.rule in ("", rule) and (self.for_all or canonical(person) in self.people)

    @property
    def words(self) -> str:
        """When and why it was given, as a verdict says it."""
        why = f" ({self.reason})" if self.reason else ""
        return f"You allowed it on {self.at.date().isoformat()}{why}."
