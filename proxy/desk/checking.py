"""Judging a mail with the store, the configuration and the user's word, without sending or filing it."""

import asyncio
from base64 import b64decode
from collections.abc import Callable
from functools import partial
from typing import Any

from classifier.judge.incoming import judge_incoming
from classifier.judge.outgoing import judge_outgoing, listened
from classifier.reading.read import read_mail
from models.address import canonical
from models.verdict import IncomingVerdict, OutgoingVerdict
from proxy.config import mailing_lists, overrides_of, owner_of, trusted_of
from proxy.desk import Desk, operation
from proxy.history.direction import envelope_of, is_outgoing, people_of
from proxy.history.moment import moment_of
from proxy.store.corrections import Said, said_of
from proxy.store.letters import past_for
from proxy.store.tastes import taste_of


@operation("check")
async def check(
    desk: Desk, raw: str, rcpt: list[str], as_of: str | None, direction: str | None
) -> dict[str, Any]:
    """The JSON of a judgement on a mail (its bytes in base64)."""
    mail = read_mail(b64decode(raw))
    settings = desk.settings
    owner = owner_of(settings)
    envelope = envelope_of(mail, rcpt) if is_outgoing(mail, owner, direction) else None
    people = people_of(mail, envelope)
    now, said = moment_of(as_of, mail.date, desk.clock()), Said()
    if envelope is None:
        said = await said_of(desk.store, {canonical(p) for p in people}, own=owner.addresses, now=now)
    if envelope is not None:
        mail = await asyncio.to_thread(listened, mail, envelope, owner, desk.ear)
    past = await past_for(
        desk.store,
        mail,
        people,
        owner=owner,
        now=now,
        trusted=trusted_of(settings),
        lists=mailing_lists(settings, desk.config_dir),
        vouched_days=settings.people.vouched_days,
        ready=bool(await desk.store.fact("learned")),
        released=said.released,
        cold=said.cold,
        filed_before=said.filed_before,
    )
    overrides = overrides_of(settings)
    judge: Callable[[], IncomingVerdict | OutgoingVerdict] = (
        partial(
            judge_incoming,
            mail,
            past,
            overrides=overrides,
            file_above=settings.incoming.file_above,
            ear=desk.ear,
            taste=await taste_of(desk.store, partial(desk.journal.trouble, "train")),
        )
        if envelope is None
        else partial(judge_outgoing, mail, envelope, past, overrides, desk.ear)
    )
    verdict = await asyncio.to_thread(judge)
    document = verdict.model_dump(mode="json", exclude={"because"})  # `why` tells it
    return {"direction": document.pop("direction"), **document}
