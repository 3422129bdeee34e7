"""What is known from before: the tie to each person and the facts behind it, as of one moment."""

from datetime import datetime
from enum import StrEnum

from models.address import canonical, domain_of
from models.finding import Ask
from models.letter import Help
from models.permission import Permission
from models.word import Word


class Tie(StrEnum):
    """How two people stand to each other (relationships, "Ties"), coldest first."""

    UNKNOWN = "unknown"
    ONE_SIDED = "one-sided"
    VOUCHED = "vouched"
    ANSWERED = "answered"
    ESTABLISHED = "established"
    TRUSTED = "trusted"

    __hash__ = str.__hash__  # an enumeration's own is slower, and ties are compared for everybody written to

    @property
    def rank(self) -> int:
        return _RANK[self]

    def at_least(self, other: "Tie") -> bool:
        return self.rank >= other.rank


_RANK = {tie: rank for rank, tie in enumerate(Tie)}


class Owner(Word):
    """The user: own addresses and internal domains. Canonical forms."""

    addresses: frozenset[str] = frozenset()
    internal_domains: frozenset[str] = frozenset()  # lower-cased; subdomains count too

    def is_own(self, address: str) -> bool:
        return canonical(address) in self.addresses

    def is_internal(self, address: str) -> bool:
        """Of an internal domain or a subdomain of one. Own addresses are internal too."""
        own = canonical(address) in self.addresses
        if own or not self.internal_domains:
            return own
        domain = domain_of(address)
        return any(domain == d or domain.endswith("." + d) for d in self.internal_domains)


class Joined(Word):
    """Another address of the same person, and what shows that it is (relationships, "One person")."""

    address: str  # canonical
    to: str  # the address it was joined to
    why: str
    since: datetime  # when that was seen first


class Relation(Word):
    """One person as of `Past.now`: the tie, the facts in plain words, and the figures behind them."""

    tie: Tie = Tie.UNKNOWN
    facts: tuple[str, ...] = ("no mail either way",)
    name: str = ""
    exchanges: int = 0
    threads: int = 0
    sent: int = 0  # personal mails the owner wrote to them
    received: int = 0  # personal mails they wrote to the owner
    first: datetime | None = None
    last_sent: datetime | None = None
    last_received: datetime | None = None
    refused: datetime | None = None  # the owner said no, and has not written of their own accord since
    bulk_only: bool = False  # only newsletters, automatic or social-network mail was exchanged
    also: tuple[Joined, ...] = ()  # the person's other addresses: they share one tie

    @property
    def stranger(self) -> bool:
        return self.tie in (Tie.UNKNOWN, Tie.ONE_SIDED)


class Introduction(Word):
    """A brought two people together. Addresses canonical."""

    introducer: str
    introduced: str  # from the owner's side: the other person
    date: datetime
    message_id: str | None = None
    by_owner: bool = False  # the owner introduced two others
    name: str = ""  # the introducer's name
    introducer_tie: Tie = Tie.UNKNOWN  # the introducer's tie when introducing


class Wish(Word):
    """Something one side asked of the other in a mail of history: kinds, and the words."""

    who: str  # who asked, canonical
    whom: str  # who was asked, canonical
    asks: tuple[Ask, ...]
    date: datetime
    quote: str = ""
    message_id: str | None = None
    direct: bool = True  # whom stood in To, not in a copy only


class Invitation(Word):
    """They told the owner (or the owner told them) to send or ask something: "send me your CV"."""

    who: str  # who invited, canonical
    whom: str
    asks: tuple[Ask, ...]  # what may now be asked
    enclosures: tuple[str, ...] = ()  # what may be sent now: "resume", "target-list", "blurb", "person"
    date: datetime
    quote: str = ""


class Debt(Word):
    """Help somebody gave the owner: to be thanked for, and later told what became of it."""

    who: str  # canonical
    kind: Help
    date: datetime
    quote: str = ""  # 200 characters at most
    message_id: str | None = None
    thanked: datetime | None = None
    told: datetime | None = None  # what became of it
    settled: datetime | None = None  # thanked, and told what became of it


class RecentSend(Word):
    """A mail the owner sent in the last days, as far as it bears on the one being judged."""

    at: datetime  # when it went
    people: tuple[str, ...]  # the outsiders written to, canonical, one address each; their ties are in `Past`
    asks: tuple[Ask, ...] = ()  # what it asked
    sketch: bytes = b""  # its word triples, hashed (classifier.signals.copies); empty where too few
    reply: bool = False  # it answers a letter of somebody else's
    id: int = 0  # hash of the Message-ID, 0 where there is none


class Thread(Word):
    """What history bears out about the thread a mail says it belongs to."""

    known: bool = False  # a mail of that thread is in history
    owner_wrote: bool = False  # … and the owner wrote in it
    people: frozenset[str] = frozenset()  # who wrote in it, canonical


class Past(Word):
    """All knowledge from outside, in one value, for judging one mail."""

    now: datetime
    ready: bool = True  # a history exists (`learn` has finished, even with nothing found)
    owner: Owner = Owner()
    relations: dict[str, Relation] = {}  # canonical address -> relation: who is named, whom `sends` went to
    introductions: tuple[Introduction, ...] = ()
    invitations: tuple[Invitation, ...] = ()  # in the last mail of each person concerned
    wishes: tuple[Wish, ...] = ()  # earlier asks between owner and these people, oldest first
    debts: tuple[Debt, ...] = ()  # help these people gave the owner, oldest first
    sends: tuple[RecentSend, ...] = ()  # near-copies of this mail and what asks the same, oldest first
    calls: tuple[Wish, ...] = ()  # what the owner asked of the public: a job posting, a call
    thread: Thread = Thread()
    released: frozenset[str] = frozenset()  # the user's word: never file this person (allow, correction)
    cold: frozenset[str] = frozenset()  # the user's word: this person's mail is cold (moved in)
    lists: dict[str, frozenset[str]] = {}  # mailings the user runs: name -> canonical addresses
    filed_before: int = 0  # mails of the sender that were filed as cold asks and not moved back
    permissions: tuple[Permission, ...] = ()  # the user's, as far as they concern this mail

    def relation(self, address: str) -> Relation:
        return self.relations.get(canonical(address), _NOBODY)

    def tie(self, address: str) -> Tie:
        return self.relation(address).tie

    def stranger(self, address: str) -> bool:
        """Unknown or one-sided, and neither own nor internal."""
        return not self.owner.is_internal(address) and self.relation(address).stranger

    def permission(self, rule: str, person: str) -> Permission | None:
        """What allows this rule's finding about this person, the newest, or None."""
        return next((p for p in reversed(self.permissions) if p.covers(rule, person)), None)

    def introduction_of(self, address: str) -> Introduction | None:
        """The newest introduction of this person to the owner, or None."""
        if not self.introductions:
            return None
        who = canonical(address)
        found = [i for i in self.introductions if i.introduced == who and not i.by_owner]
        return max(found, key=lambda i: i.date, default=None)


_NOBODY = Relation()
