"""Recipients: who is blind, what a role mailbox is for, whom a mail greets, and whom an ask addresses."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from classifier.signals.sentences import plain_words
from models.address import Mailbox, canonical, domain_of
from models.finding import Ask, AskSpan
from models.mail import Envelope, Mail
from models.past import Owner, Past

_ROLES: Final[dict[str, str]] = {
    word: role
    for role, words in {
        "jobs": "jobs job careers career hr recruiting recruitment hiring apply applications application "
        "applicants vacancies vacancy casting auditions internships apprenticeships talent "
        "bewerbung bewerbungen karriere stellen personnel personalabteilung humanresources traineeships "
        "vacatures sollicitatie sollicitaties recrutement emploi emplois candidatures lavoro candidature empleo "
        "rekrutacja jobb rekrytering audition ausbildung lehrstellen apprentices trainees volunteering",
        "sales": "sales orders order bookings booking reservations quotes shop store",
        "press": "press media pr editor editors editorial news newsdesk redaktion redactie redaction letters",
        "submissions": "submissions submission submit papers paper manuscripts manuscript entries entry contest "
        "competition prize award awards proposals contributions contributors pitches poetry fiction jury "
        "callforpapers callforentries festival",
        "support": "support help helpdesk service servicedesk customerservice care feedback",
        "office": "info office contact hello hi hallo hey enquiries inquiries mail team admin reception "
        "secretariat "
        "secretary general kontakt bonjour",
        "billing": "billing accounts invoices invoice accounting finance payroll",
        "partners": "partners partnerships partner bizdev",
        "abuse": "abuse security postmaster webmaster hostmaster privacy legal noc",
        "events": "events event programme program cfp speakers sessions session conference talks",
        "desk": "police customs council planning interlibrary clinic surgery radiology desk frontdesk dispatch "
        "podiatry pharmacy lostproperty harbourmaster coastguard parking "
        "foi freedomofinformation records archives library",
        "registry": "permits licensing licences admissions embassy consulate visa visas passports passport registry "
        "registrar registration registrations enrolment enrolments",
        "giving": "donate donations grants foundation funding sponsorship bursaries bursary scholarships scholarship "
        "fellowships fellowship stipends stipend residency residencies",
    }.items()
    for word in words.split()
}

# What each kind of role mailbox is there to be asked for (etiquette, section 2).
_THERE_FOR: Final[dict[str, frozenset[Ask]]] = {
    "jobs": frozenset(
        {Ask.JOB, Ask.TIME, Ask.ADVICE, Ask.FAVOUR, Ask.CONTACTS, Ask.RECRUIT, Ask.TESTIMONIAL}
    ),
    "sales": frozenset({Ask.TIME}),
    "press": frozenset({Ask.FAVOUR, Ask.TIME}),
    # To take a text, or to have it judged and praised, is what such a mailbox is kept for.
    "submissions": frozenset({Ask.BUSINESS, Ask.FAVOUR, Ask.ADVICE, Ask.TIME, Ask.TESTIMONIAL}),
    "support": frozenset({Ask.ADVICE, Ask.FAVOUR, Ask.TIME, Ask.CONTACTS}),
    "office": frozenset({Ask.JOB, Ask.TIME, Ask.CONTACTS}),
    "billing": frozenset({Ask.FAVOUR}),
    "partners": frozenset({Ask.BUSINESS, Ask.TIME}),
    "abuse": frozenset({Ask.FAVOUR, Ask.TIME}),
    "events": frozenset({Ask.BUSINESS, Ask.FAVOUR, Ask.TIME}),
    "giving": frozenset({Ask.MONEY, Ask.FAVOUR, Ask.TIME}),
    "desk": frozenset({Ask.ADVICE, Ask.FAVOUR, Ask.TIME, Ask.CONTACTS}),
    "registry": frozenset({Ask.ADVICE, Ask.FAVOUR, Ask.TIME, Ask.CONTACTS}),
}

# Where people apply: for a post, with a text, for a grant, to speak, to be entered in a register.
_APPLIED_TO: Final = frozenset({"jobs", "office", "submissions", "press", "giving", "events", "registry"})
# "organistsearch@", "headsearch@": a mailbox opened for one post.
_SEARCH: Final = re.compile(r"(?<!re)search$")

# Who asked for a CV, or for an offer, may be told when one could begin, and for how much.
_WORK: Final = frozenset({Ask.JOB, Ask.BUSINESS, Ask.RECRUIT})

_APPLICATION_SYSTEMS: Final = re.compile(
    r"(?:^|[.-])(?:greenhouse|lever|workday|myworkday|smartrecruiters|ashbyhq|personio|breezy|teamtailor"
    r"|workable|"
    r"recruitee|jobvite|icims|taleo|bamboohr|join|softgarden|jobs|careers|recruiting|recruitment"
    r"|bewerbung)(?:[.-])"
)
_LIST_ADDRESS: Final = re.compile(
    r"^(?:list|lists|announce|all|members|everyone|discuss)@|[.-](?:list|announce|discuss|users|devel"
    r"|members)@|-l@|"
    r"@(?:lists?|groups|listserv|mailman|googlegroups|yahoogroups)\.|@googlegroups\.com$|\.groups\.io$"
    r"|@groups\.io$"
)
_GREETING: Final = re.compile(
    r"^\W*(?:hi|hello|hey|dear|ciao|hallo|bonjour|hola|salut|good (?:morning|afternoon|evening|day)"
    r"|morning|greetings)\b"
    r"([^\n]{0,70}$|[^\n,:!?.–—]{0,60})",
    re.IGNORECASE | re.MULTILINE,
)
_TAG: Final = re.compile(r"\[([^\[\]]{2,40})\]")
_TAGGED: Final = 120  # characters of a subject in which a list's tag stands
_VOCATIVE: Final = re.compile(
    r"^\W*(?:and |also |now |so |p\.?s\.? )?([A-Z][\w'’-]+)(?: [A-Z][\w'’-]+)?\s*[,:–—-]\s"
)


@lru_cache(maxsize=8192)
def role_of(address: str) -> str | None:
    """What a role mailbox is for ("jobs", "sales", "office" …), or None for a person's address."""
    local = address.rpartition("@")[0].lower().partition("+")[0]
    if local in _ROLES:
        return _ROLES[local]
    parts = [p for p in re.split(r"[._-]", local) if p]
    if parts and _SEARCH.search(parts[-1]):
        return "jobs"
    return _ROLES.get(parts[0]) if len(parts) == 1 else next((_ROLES[p] for p in parts if p in _CLEAR), None)


# Words that name a role even inside a longer local part ("uk.jobs@", "sales-team@").
_CLEAR: Final = frozenset(
    w for w, role in _ROLES.items() if role in ("jobs", "sales", "support", "press")
) | {"info", "office", "submissions", "submission", "papers", "entries"}


def there_for(address: str, ask: Ask) -> bool:
    """Whether a role mailbox may be asked this by anybody."""
    return ask in _THERE_FOR.get(role_of(address) or "", frozenset())


def may_ask(person: str, ask: Ask, past: Past) -> bool:
    """Whether a person may be asked this whatever the tie: colleagues, lists, role mailboxes, inviters."""
    if past.owner.is_internal(person) or is_list(person) or there_for(person, ask):
        return True
    if not past.invitations:
        return False
    who = canonical(person)
    asked = {wanted for i in past.invitations if i.who == who for wanted in i.asks}
    return ask in asked or (ask in _WORK and not _WORK.isdisjoint(asked))


@lru_cache(maxsize=8192)
def takes_applications(address: str) -> bool:
    """A mailbox or system that résumés belong in: jobs@, info@, entries@, an applicant tracking system."""
    return role_of(address) in _APPLIED_TO or bool(_APPLICATION_SYSTEMS.search(domain_of(address)))


@lru_cache(maxsize=8192)
def is_list(address: str) -> bool:
    """Whether an address looks like a mailing list's: it is nobody (etiquette, readings)."""
    return bool(_LIST_ADDRESS.search(address.lower()))


@lru_cache(maxsize=16)
def visible(mail: Mail) -> frozenset[str]:
    """Everybody in To and Cc, canonical."""
    return frozenset(m.canonical for m in (*mail.to, *mail.cc))


@lru_cache(maxsize=16)
def blind(mail: Mail, envelope: Envelope) -> tuple[str, ...]:
    """The envelope's recipients that stand in neither To nor Cc, as written, each person once."""
    seen = set(visible(mail))
    found = []
    for address in envelope.recipients:
        if canonical(address) not in seen:
            seen.add(canonical(address))
            found.append(address.lower())
    return tuple(found)


def addressed(mail: Mail, envelope: Envelope, owner: Owner, span: AskSpan) -> tuple[str, ...]:
    """Whom an ask is put to, as written, lower-cased: the persons greeted or named in it; else To; Cc only
    where To is empty or internal; blind recipients always (etiquette, section 2). Never the owner, and nobody
    by a list: an address that the subject's tag names is a list's, and whoever reads a mailing is not asked."""
    readers = _readers(mail, envelope, owner)
    named = _named(mail, readers.visible, span)
    if not named:
        return readers.everybody
    return tuple(dict.fromkeys([*(readers.sent[m.canonical] for m in named), *readers.unseen]))


class _Readers(NamedTuple):
    """Who reads a mail, the owner apart: To and Cc as the header gives them; the blind and all, as written."""

    sent: Mapping[str, str]  # canonical address -> as written, lower-cased
    visible: tuple[Mailbox, ...]
    unseen: tuple[str, ...]
    everybody: tuple[str, ...]  # to whom an ask is put that names nobody


@lru_cache(maxsize=16)  # asked for each ask, by every rule
def _readers(mail: Mail, envelope: Envelope, owner: Owner) -> _Readers:
    sent = {canonical(a): a.lower() for a in envelope.recipients if not _is_tag(mail.subject, a)}
    to, cc = (
        [m for m in boxes if m.canonical in sent and not owner.is_own(m.address)]
        for boxes in (mail.to, mail.cc)
    )
    unseen = () if is_mailing(mail) else blind(mail, envelope)
    unseen = tuple(a for a in unseen if not owner.is_own(a) and canonical(a) in sent)
    plain = to if any(not owner.is_internal(m.address) for m in to) else [*to, *cc]
    everybody = tuple(dict.fromkeys([*(sent[m.canonical] for m in plain), *unseen]))
    return _Readers(sent, (*to, *cc), unseen, everybody)


def is_mailing(mail: Mail) -> bool:
    """Whether a mail is a list's or a newsletter's own, as its header says (RFC 2919, RFC 2369)."""
    return bool(mail.header("list-id") or mail.header("list-unsubscribe"))


def _is_tag(subject: str, address: str) -> bool:
    """Whether a subject begins with the address's own name in brackets, as lists write it: "[weavers] Reeds"."""
    tags = _TAG.findall(subject[:_TAGGED])
    return bool(tags) and _bare(address.rpartition("@")[0]) in {_bare(tag) for tag in tags}


def _bare(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _named(mail: Mail, people: tuple[Mailbox, ...], span: AskSpan) -> list[Mailbox]:
    """Of several visible people, those whom the sentence, its paragraph or the greeting calls by name."""
    if len(people) < 2:
        return []
    text = mail.own_text
    paragraph = text[text.rfind("\n\n", 0, span.start) + 1 : span.start].strip()
    for words in (span.quote, paragraph):
        if (found := _VOCATIVE.match(words)) and (called := _called(found.group(1), people)):
            return called
    greeting = _GREETING.match(text)
    first = text.strip().partition("\n")[0]
    words = (
        greeting.group(1)
        if greeting
        else first
        if len(first) < 60 and first.rstrip()[-1:] in ",:!-–—"
        else ""
    )
    return _called(words, people) if words else []


def _called(words: str, people: tuple[Mailbox, ...]) -> list[Mailbox]:
    said = set(plain_words(words))
    return [m for m in people if said & _names(m.name, m.address)]


@lru_cache(maxsize=4096)
def _names(name: str, address: str) -> frozenset[str]:
    """The names by which a person may be called: those of the display name, and the local part's pieces."""
    local = re.split(r"[._\d-]+", address.rpartition("@")[0].lower())
    return frozenset(w for w in (*plain_words(name), *local) if len(w) > 1 and w.isalpha())


def shown(mail: Mail, address: str, known: str = "") -> str:
    """How a message names a person: by display name where header or history gives one, else the address."""
    who = canonical(address)
    return next((m.name for m in (*mail.to, *mail.cc) if m.canonical == who and m.name), known or address)
