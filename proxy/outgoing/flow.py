"""The life of an outgoing mail: envelope relayed live, text judged, then sent to the provider or kept."""

from collections.abc import Mapping

from models.address import canonical
from models.errors import ConfigError, LoginRefused, ProviderError, SecretError, SecretMissing
from models.mail import Envelope
from proxy.outgoing.arguments import Argument, BadArgument
from proxy.outgoing.content import Unsendable, for_provider, with_crlf
from proxy.outgoing.handling import Handling
from proxy.outgoing.pool import Pool
from proxy.outgoing.replies import Reply, reply, unknown_sender
from proxy.outgoing.submission import Submission
from proxy.outgoing.upstream import Disconnected, Upstream

# The extension that brings a parameter, where it has another name.
_NEEDS = {"BODY": "8bitmime", "RET": "dsn", "ENVID": "dsn", "NOTIFY": "dsn", "ORCPT": "dsn"}


class Flow:
    """The mail side of one client's session: one transaction at a time, each new one a clean slate."""

    def __init__(self, handling: Handling, pool: Pool) -> None:
        self._handling = handling
        self._pool = pool
        self._settings = handling.desk.settings
        self._account = ""
        self._sender: Argument | None = None
        self._accepted: list[Argument] = []
        self._upstream: Upstream | None = None
        self._flight: int | None = None

    @property
    def open(self) -> bool:
        """MAIL was accepted."""
        return self._sender is not None

    @property
    def recipients(self) -> tuple[str, ...]:
        """Those the provider accepted, as the client wrote them."""
        return tuple(a.path for a in self._accepted)

    async def mail(self, sender: Argument) -> Reply:
        """Open a transaction at the provider of the sender's account: its answer, or a 4xx or 553 of ours."""
        account = self._account_of(sender)
        if account is None:
            known = [a for table in self._settings.accounts.values() for a in table.addresses]
            return unknown_sender(sender.path or "<> (the null sender)", known)
        self._account = account
        try:
            answer = await self._open(sender)
        except (LoginRefused, SecretError) as e:
            trouble = (
                "its login does not work" if isinstance(e, LoginRefused) else "its password cannot be had"
            )
            self._handling.desk.journal.trouble(f"account {account}", trouble)
            status = "4.3.5" if isinstance(e, SecretMissing) else "4.7.0"  # RFC 3463: incorrectly configured
            return reply(451, status, f"Account {account} cannot log in: {e} Run `coldask doctor`.")
        except (ProviderError, ConfigError) as e:
            return reply(451, "4.4.1", f"Account {account}: {e}")
        if answer.positive:
            self._sender, self._accepted = sender, []
        else:
            await self._let_go()
        return answer

    async def rcpt(self, recipient: Argument) -> Reply:
        """The provider's answer to one recipient."""
        try:
            answer = await self._name(recipient)
        except ProviderError as e:
            return reply(451, "4.4.2", str(e))
        if answer.positive:
            self._accepted.append(recipient)
        return answer

    async def data(self, raw: bytes) -> Reply:
        """Judge a whole mail, and send or keep it. Say `answered` when the client was told."""
        try:
            submission = await self._submission(raw)
            answer, self._flight = await self._handling.handle(submission, self)
            return answer
        except Unsendable as e:
            return reply(550, "5.6.0", str(e))
        finally:
            await self.drop()

    async def answered(self, heard: bool) -> None:
        """The answer to the mail has left; `heard`: somebody was still there to read it."""
        flight, self._flight = self._flight, None
        if flight is not None:
            await self._handling.answered(flight, heard)

    async def drop(self) -> None:
        """Forget the transaction. A provider that was told recipients and gets no mail sees us hang up."""
        self._sender, self._accepted = None, []
        await self._let_go()

    async def end(self) -> None:
        """The client's session is over."""
        await self.drop()

    def abort(self) -> None:
        """Time is up: whatever waits for the provider fails now."""
        if self._upstream is not None:
            self._upstream.abort()

    async def ready_upstream(self) -> Upstream:
        """The provider's connection with exactly the accepted envelope, opened again once where it broke.

        Raises ProviderError.
        """
        if self._upstream is None or not self._upstream.alive:
            await self._reopen()
        assert self._upstream is not None and self._sender is not None
        if self._upstream.sender != self._sender.path or tuple(self._upstream.recipients) != self.recipients:
            raise ProviderError("The envelope at the provider is not the accepted one; nothing was sent.")
        return self._upstream

    # -- the provider's side

    async def _open(self, sender: Argument) -> Reply:
        """MAIL at the provider; once more on a new connection where an idle one turns out to be dead."""
        self._upstream = await self._pool.lend(self._account)
        reused = self._upstream.used > 0
        try:
            answer = await self._say_mail(sender)
            if not (reused and answer.code == 421):
                return answer
        except Disconnected:
            if not reused:
                raise
        await self._let_go()
        self._upstream = await self._pool.lend(self._account, fresh=True)
        return await self._say_mail(sender)

    async def _say_mail(self, sender: Argument) -> Reply:
        assert self._upstream is not None
        try:
            params = _understood(self._upstream, sender.params)
        except BadArgument as e:
            return e.reply
        return await self._upstream.mail(sender.path, params)

    async def _name(self, recipient: Argument) -> Reply:
        if self._upstream is None or not self._upstream.alive:
            await self._reopen()
        assert self._upstream is not None
        try:
            params = _understood(self._upstream, recipient.params)
            return await self._upstream.rcpt(recipient.path, params)
        except BadArgument as e:
            return e.reply
        except Disconnected:
            await self._reopen()
            return await self._upstream.rcpt(recipient.path, params)

    async def _reopen(self) -> None:
        """The same transaction on a new connection: nothing of the mail has gone. Raises ProviderError."""
        assert self._sender is not None
        await self._let_go()
        self._upstream = await self._pool.lend(self._account, fresh=True)
        answers = [await self._say_mail(self._sender)]
        for recipient in self._accepted:
            answers.append(await self._upstream.rcpt(recipient.path, list(recipient.params.values())))
        refused = next((a for a in answers if not a.positive), None)
        if refused is not None:
            raise ProviderError(f"The connection to {self._upstream.host} broke, and now it says: {refused}")

    async def _let_go(self) -> None:
        upstream, self._upstream = self._upstream, None
        if upstream is not None:
            await self._pool.give(upstream)

    # -- what the client means

    def _account_of(self, sender: Argument) -> str | None:
        """By the envelope's sender. The null sender (of read receipts) goes by the only account there is."""
        accounts = self._settings.accounts
        if not sender.path:
            return next(iter(accounts)) if len(accounts) == 1 else None
        who = canonical(sender.mailbox)
        for name, table in accounts.items():
            if any(canonical(a) == who for a in table.addresses):
                return name
        return None

    async def _submission(self, raw: bytes) -> Submission:
        """Raises Unsendable."""
        assert self._sender is not None
        whole = with_crlf(raw)
        envelope = Envelope(sender=self._sender.mailbox, recipients=tuple(a.mailbox for a in self._accepted))
        return Submission(
            account=self._account,
            envelope=envelope,
            options=tuple(self._sender.params.values()),
            raw=for_provider(whole),
            mail=await self._handling.judging.read(whole),
        )


def _understood(upstream: Upstream, params: Mapping[str, str]) -> list[str]:
    """The parameters as this provider gets them. Raises BadArgument for one that would be lost on it."""
    given = []
    for key, text in params.items():
        needed = _NEEDS.get(key, key.lower())
        if upstream.offers(needed):
            given.append(text)
        elif key == "SMTPUTF8":
            raise BadArgument(553, "5.6.7", f"{upstream.host} takes no addresses beyond ASCII (SMTPUTF8).")
        elif key != "SIZE" and text.upper() != "BODY=7BIT":
            raise BadArgument(555, "5.5.4", f"{upstream.host} does not offer {needed.upper()} ({key}).")
    return given
