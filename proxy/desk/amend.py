"""The small changes that are offered for a held mail: what they are for this one, and the mail they make."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

from classifier.reading.read import read_mail
from classifier.signals.enclosures import find_resume
from models.address import Mailbox, canonical
from models.errors import UsageError
from models.held import HeldMail, State
from models.mail import Envelope, Mail
from models.past import Tie
from proxy.config import owner_of, trusted_of
from proxy.desk import Desk
from proxy.outgoing.amend import with_copy_to, with_people, without_enclosures
from proxy.store.held import raw_of
from proxy.store.past import past_for


class Amended(NamedTuple):
    """The changed bytes, for whom they are, and what was changed, in words."""

    raw: bytes
    envelope: Envelope
    words: str


class _Held(NamedTuple):
    """A held mail, read, and those who still wait for it."""

    mail: HeldMail
    raw: bytes
    read: Mail
    waiting: tuple[str, ...]

    def envelope(self, *more: str) -> Envelope:
        return Envelope(sender=self.mail.sender, recipients=(*self.waiting, *more))


async def offered(desk: Desk, mail: HeldMail) -> list[dict[str, Any]]:
    """The changes that can be made to this mail: `{"edit": name, "words": what it does}`."""
    if not any(r.state is State.HELD for r in mail.recipients):
        return []
    held = await _held(desk, mail)
    made = {name: await edit(desk, held) for name, edit in _EDITS.items()}
    return [{"edit": name, "words": one.words} for name, one in made.items() if one is not None]


async def amended(desk: Desk, mail: HeldMail, edit: str) -> Amended:
    """The mail with one of the changes made. Raises UsageError where it is not offered."""
    if edit not in _EDITS:
        raise UsageError(f"There is no edit {edit!r}; there are: {', '.join(_EDITS)}.")
    made = await _EDITS[edit](desk, await _held(desk, mail))
    if made is None:
        others = " or ".join(f"--{one['edit']}" for one in await offered(desk, mail))
        instead = f"{others} would" if others else f"`coldask held edit {mail.id}` opens it in your editor"
        raise UsageError(f"--{edit} would change nothing in {mail.id}; {instead}.")
    return made


async def _held(desk: Desk, mail: HeldMail) -> _Held:
    raw, _ = await raw_of(desk.store, mail.id)
    return _Held(mail, raw, read_mail(raw), mail.yet_to_get)


async def _without_resume(desk: Desk, held: _Held) -> Amended | None:
    names = [a.name for a in held.read.attachments if a.name and find_resume(Mail(attachments=(a,)))]
    raw = without_enclosures(held.raw, names) if names else None
    return None if raw is None else Amended(raw, held.envelope(), f"leave {' and '.join(names)} out")


async def _add_introducer(desk: Desk, held: _Held) -> Amended | None:
    """Whoever introduced a person the mail is held for, and is not among its recipients."""
    concerned = {p for f in held.mail.verdict.findings if "introduc" in f.rule for p in f.people}
    settings = desk.settings
    past = await past_for(
        desk.store, held.read, tuple(concerned), owner=owner_of(settings), now=desk.clock(),
        trusted=trusted_of(settings), vouched_days=settings.people.vouched_days,
    )  # fmt: skip
    there = {canonical(r.address) for r in held.mail.recipients}
    for person in sorted(concerned):
        made = past.introduction_of(person)
        if made is not None and made.introducer not in there:
            name = made.name or past.relation(made.introducer).name
            raw = with_copy_to(held.raw, Mailbox(name=name, address=made.introducer))
            words = f"put {name or made.introducer} in copy, who introduced you"
            return None if raw is None else Amended(raw, held.envelope(made.introducer), words)
    return None


async def _known_only(desk: Desk, held: _Held) -> Amended | None:
    """Without those who do not know the user, in the envelope and in To and Cc."""
    owner = owner_of(desk.settings)

    def knows(address: str) -> bool:
        shown = held.mail.verdict.ties.get(address.lower())
        return owner.is_internal(address) or (shown is not None and shown.tie.at_least(Tie.VOUCHED))

    kept = tuple(a for a in held.waiting if knows(a))
    if not any(not owner.is_internal(a) for a in kept) or len(kept) == len(held.waiting):
        return None
    gone = {canonical(a) for a in held.waiting} - {canonical(a) for a in kept}
    to, cc = ([m for m in people if m.canonical not in gone] for people in (held.read.to, held.read.cc))
    raw = with_people(held.raw, to, cc)
    number = len(held.waiting) - len(kept)
    words = f"leave out {number} who {'does' if number == 1 else 'do'} not know you, also in To and Cc"
    return None if raw is None else Amended(raw, Envelope(sender=held.mail.sender, recipients=kept), words)


_Edit = Callable[[Desk, _Held], Awaitable[Amended | None]]
_EDITS: Final[dict[str, _Edit]] = {
    "without-resume": _without_resume,
    "add-introducer": _add_introducer,
    "known-only": _known_only,
}
