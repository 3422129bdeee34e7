"""What a mail client's commands mean: logging in, and a mail's envelope and text handed to the flow."""

import asyncio
import base64
import binascii
import hmac
from typing import Any

from aiosmtpd.smtp import MISSING, AuthResult, LoginPassword

from proxy.outgoing.arguments import mail_argument, rcpt_argument
from proxy.outgoing.conversation import MAX_AUTH, Conversation, End, House
from proxy.outgoing.inlet import TooLong
from proxy.outgoing.replies import Reply, reply

MAX_RECIPIENTS = 5000
MAX_FAILURES = 5  # wrong passwords before the session ends


class Session(Conversation):
    """A conversation about mail. aiosmtpd's table of commands finds the methods by their names."""

    # Thunderbird looks at these words; aiosmtpd's own end in NUL.
    AuthLoginUsernameChallenge = "Username:"
    AuthLoginPasswordChallenge = "Password:"

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._authenticator = self._check_password
        self._failures = 0
        self._tried = 0  # recipients of this mail, refused ones included
        self._utf8 = False

    async def smtp_MAIL(self, arg: str) -> None:
        if self.flow.open:
            await self.answer(reply(503, "5.5.1", "A mail is under way; finish it or say RSET."))
            return
        argument = mail_argument(arg)
        self._utf8, self._tried = "SMTPUTF8" in argument.params, 0
        if int(argument.value("SIZE") or 0) > self.house.max_bytes:
            await self.answer(self._too_large())
            return
        await self.answer(await self.flow.mail(argument))

    async def smtp_RCPT(self, arg: str) -> None:
        if not self.flow.open:
            await self.answer(reply(503, "5.5.1", "Say MAIL first."))
            return
        argument = rcpt_argument(arg, utf8=self._utf8)
        self._tried += 1
        if self._tried > MAX_RECIPIENTS:
            await self.answer(
                reply(452, "4.5.3", f"More than {MAX_RECIPIENTS} recipients; send the rest apart.")
            )
            return
        await self.answer(await self.flow.rcpt(argument))

    async def smtp_DATA(self, arg: str) -> None:
        if not self.flow.open or arg:
            known = "DATA stands alone." if arg else "Say MAIL and RCPT first."
            await self.answer(reply(501 if arg else 503, "5.5.4" if arg else "5.5.1", known))
            return
        if not self.flow.recipients:
            await self.answer(reply(554, "5.5.1", "No recipient was accepted."))
            return
        await self.answer(Reply(354, ("End data with <CR><LF>.<CR><LF>",)))
        try:
            mail = await self.inlet.mail(self.house.max_bytes)
        except TooLong:
            raise End(self._too_large()) from None
        if mail is None:
            await self.flow.drop()
            await self.answer(self._too_large())
            return
        answer = await self.flow.data(mail)
        heard = not self.gone()
        try:
            await self.answer(answer)
        finally:
            await self.flow.answered(heard)

    def _too_large(self) -> Reply:
        limit = self.house.max_bytes // (1024 * 1024)
        return reply(552, "5.3.4", f"This mail is too large; the limit here is {limit} MB.")

    # -- logging in

    async def smtp_AUTH(self, arg: str) -> None:
        words = arg.split()
        if not self.extended or self.flow.open or self.logged_in:
            known = "You are logged in." if self.logged_in else "Say EHLO first, and log in before MAIL."
            await self.answer(reply(503, "5.5.1", known))
            return
        if not 1 <= len(words) <= 2:
            await self.answer(reply(501, "5.5.4", "Write AUTH PLAIN or AUTH LOGIN."))
            return
        mechanism = self._auth_methods.get(words[0].upper())
        if mechanism is None:
            await self.answer(reply(504, "5.5.4", "Only PLAIN and LOGIN are offered here."))
            return
        result = await mechanism.method(self, [words[0].upper(), *words[1:]])
        if result.success:
            self.logged_in = True
            await self.answer(reply(235, "2.7.0", "Welcome."))
        elif not result.handled:
            await self._wrong_password()

    async def _wrong_password(self) -> None:
        self._failures += 1
        await asyncio.sleep(self.house.penance)
        wrong = reply(535, "5.7.8", "Wrong login or password; `coldask password` prints the password.")
        if self._failures >= MAX_FAILURES:
            raise End(wrong)
        await self.answer(wrong)

    def _check_password(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword
    ) -> Any:
        right_login = hmac.compare_digest(data.login, self.house.login.encode())
        right_password = hmac.compare_digest(data.password, self.house.password.encode())
        return AuthResult(success=right_login and right_password, handled=False)

    async def challenge_auth(
        self, challenge: str | bytes, encode_to_b64: bool = True, log_client_response: bool = False
    ) -> Any:
        """Ask, and read the client's line; MISSING after an answer of ours to what cannot be used."""
        asked = challenge.encode() if isinstance(challenge, str) else challenge
        await self.push(b"334 " + base64.b64encode(asked))
        try:
            line = (await self.inlet.line(MAX_AUTH)).strip()
        except TooLong:
            line = b"?"
        if line == b"*":
            await self.answer(reply(501, "5.7.0", "Login given up."))
            return MISSING
        try:
            return base64.b64decode(line, validate=True)
        except (binascii.Error, ValueError):
            await self.answer(reply(501, "5.5.2", "This is no base64."))
            return MISSING
