"""One arrived mail's way: looked at, judged with what was known before it, then kept, marked or filed."""

import asyncio
from datetime import timedelta
from functools import partial

from classifier.judge.incoming import judge_incoming
from classifier.reading.read import read_headers, read_mail
from models.correction import FiledState
from models.errors import ColdaskError
from models.letter import fingerprint
from models.mail import Mail
from models.verdict import Disposition, IncomingVerdict
from proxy.history.genuine import ASKS_MATTER, is_notice, letter_of
from proxy.incoming.filing import Filing
from proxy.incoming.watched import KEYWORD, Watched
from proxy.mailbox import Mailbox, moves
from proxy.mailbox.fetch import Look, whole
from proxy.mailbox.moves import Elsewhere, Source
from proxy.mailbox.session import NotDone, Selected
from proxy.store import corrections, filed
from proxy.store.filed import Judgement
from proxy.store.letters import past_for, remember
from proxy.store.positions import Position
from proxy.store.tastes import taste_of

_BEFORE = timedelta(days=1)  # delivered so long before the first look: it was there before, somebody moved it
_PASSING = (b"UNAVAILABLE", b"INUSE", b"LIMIT")  # refusals that say: later (RFC 5530)
_BIG = 200_000  # bytes: larger mails are read on a thread of their own


class Flow:
    """Judges what arrives in one open folder."""

    def __init__(self, watched: Watched, box: Mailbox, filing: Filing) -> None:
        self._watched = watched
        self._box = box
        self._filing = filing

    async def arrive(self, opened: Selected, one: Look, since: Position) -> None:
        """Judge one mail and do what follows. Raises MailboxError, StoreError: it is to be judged again.

        Whatever else goes wrong with it, the mail stays where it is (promise 5), and the failure is told.
        """
        try:
            await self._arrive(opened, one, since)
        except NotDone as refusal:
            if refusal.answer.code in _PASSING:
                raise
            self._watched.journal.trouble(
                f"account {self._watched.account}", f"a mail was kept unjudged: {refusal}"
            )
        except ColdaskError:
            raise
        except Exception as error:
            self._watched.journal.trouble(
                f"account {self._watched.account}", f"a mail was kept unjudged: {type(error).__name__}"
            )

    async def _arrive(self, opened: Selected, one: Look, since: Position) -> None:
        mail = read_headers(one.header)
        if await self._is_known(one, mail, since):
            return
        raw = await self._box.do(whole, one.uid)
        if raw is None:
            return  # somebody was faster
        mail = await asyncio.to_thread(read_mail, raw) if len(raw) > _BIG else read_mail(raw)
        if mail.sender and self._watched.owner.is_own(mail.sender.address):
            return
        verdict, ready = await self._judge(mail)
        await self._act(opened, one, mail, verdict, ready=ready)

    async def _is_known(self, one: Look, mail: Mail, since: Position) -> bool:
        """Not to be judged: deleted, filed before, moved here, from before the first look, or our own."""
        if "\\deleted" in one.flags or KEYWORD.decode().lower() in one.flags or is_notice(mail):
            self._watched.look_now.set()
            return True
        entries = await filed.known(self._watched.store, self._watched.account, fingerprint(mail))
        if any(entry.copy == one.copy for entry in entries):
            self._watched.look_now.set()  # perhaps moved back: a look at Cold Asks will say
            return True
        return one.received is not None and one.received < since.since - _BEFORE

    async def _judge(self, mail: Mail) -> tuple[IncomingVerdict, bool]:
        watched = self._watched
        people = [m.canonical for m in mail.senders]
        said = await corrections.said_of(
            watched.store, people, own=watched.owner.addresses, now=watched.clock()
        )
        ready = await watched.ready()
        past = await past_for(
            watched.store,
            mail,
            people,
            owner=watched.owner,
            now=watched.clock(),
            trusted=watched.trusted,
            lists=watched.lists,
            vouched_days=watched.settings.people.vouched_days,
            ready=ready,
            released=said.released,
            cold=said.cold,
            filed_before=said.filed_before,
        )
        judge = partial(
            judge_incoming,
            mail,
            past,
            overrides=watched.overrides,
            file_above=watched.settings.incoming.file_above,
            ear=watched.ear,
            taste=await taste_of(watched.store, partial(watched.journal.trouble, "train")),
        )
        return await asyncio.to_thread(judge), ready

    async def _act(
        self, opened: Selected, one: Look, mail: Mail, verdict: IncomingVerdict, *, ready: bool
    ) -> None:
        watched = self._watched
        judgement = _judgement(watched, opened, one, mail, verdict)
        mode = watched.settings.incoming.mode if ready and not opened.read_only else "observe"
        state = FiledState.STAYED
        if verdict.disposition is not Disposition.FILE:
            arrived = one.received or judgement.at
            since = judgement.at - ASKS_MATTER
            letter = await asyncio.to_thread(
                letter_of, mail, watched.owner, is_sent=False, stand_in=arrived, asked_since=since
            )
            if letter is not None:
                await remember(watched.store, [letter])
            await filed.record(watched.store, judgement, state)
        elif mode == "file":
            state = await self._filing.file(judgement)
        else:
            await filed.record(watched.store, judgement, state)
            if mode == "mark":
                await self._mark(judgement)
        watched.journal.judged(watched.account, one.uid, verdict.disposition.value, state.value)

    async def _mark(self, judgement: Judgement) -> None:
        source = Source(judgement.folder, judgement.validity, judgement.uid, judgement.copy)
        try:
            kept = await self._box.do(moves.mark, source, KEYWORD)
        except (Elsewhere, NotDone):
            kept = False
        if not kept:
            self._watched.journal.trouble(
                f"account {judgement.account}", "the server keeps no keyword on a mail; it stays unmarked"
            )


def _judgement(
    watched: Watched, opened: Selected, one: Look, mail: Mail, verdict: IncomingVerdict
) -> Judgement:
    sender = mail.senders[0].canonical if mail.senders else ""
    return Judgement(
        account=watched.account,
        fingerprint=fingerprint(mail),
        copy=one.copy,
        message_id=mail.message_id,
        sender=sender,
        reply_to=tuple(dict.fromkeys(m.canonical for m in mail.reply_to if m.canonical != sender)),
        subject=mail.subject,
        at=watched.clock(),
        verdict=verdict,
        folder=opened.folder,
        validity=opened.validity,
        uid=one.uid,
    )
