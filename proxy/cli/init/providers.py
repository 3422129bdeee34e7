"""Servers of well-known providers by the domain of an address, so that nobody has to look them up."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from models.settings import LOOPBACK, Security


class Server(NamedTuple):
    """Where to connect, and how the connection is protected."""

    host: str
    port: int
    security: Security


class Provider(NamedTuple):
    """`hint`: what a newcomer must know of its passwords, as a sentence; "" where nothing is special."""

    name: str
    domains: tuple[str, ...]
    smtp: Server
    imap: Server | None
    hint: str = ""


_APP: Final = "{name} wants an app password of its own here, made in the account's security settings."
_ON: Final = "{name} lets mail programs in only after IMAP was switched on in the account's settings."
_OAUTH: Final = (
    "{name} takes no passwords from mail programs any more: name a command that prints an OAuth access token "
    "(token_command)."
)
_BRIDGE: Final = (
    "{name} is reached through its Bridge on this machine: use the Bridge's own password, export its "
    "certificate, and name that as ca_file."
)

# name | domains | smtp | imap | hint. Ports 465 and 993 speak TLS, 587 and 143 STARTTLS (RFC 8314).
_TABLE: Final = f"""
gmail | gmail.com googlemail.com | smtp.gmail.com:465 | imap.gmail.com:993 | {_APP}
outlook | outlook.com hotmail.com live.com msn.com | smtp-mail.outlook.com:587 | outlook.office365.com:993 | {_OAUTH}
office365 | | smtp.office365.com:587 | outlook.office365.com:993 | {_OAUTH}
yahoo | yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.it yahoo.es ymail.com rocketmail.com \
| smtp.mail.yahoo.com:465 | imap.mail.yahoo.com:993 | {_APP}
aol | aol.com aim.com | smtp.aol.com:465 | imap.aol.com:993 | {_APP}
icloud | icloud.com me.com mac.com | smtp.mail.me.com:587 | imap.mail.me.com:993 | {_APP}
fastmail | fastmail.com fastmail.fm | smtp.fastmail.com:465 | imap.fastmail.com:993 | {_APP}
proton | proton.me protonmail.com pm.me | 127.0.0.1:1025/starttls | 127.0.0.1:1143/starttls | {_BRIDGE}
zoho | zoho.com zohomail.com | smtp.zoho.com:465 | imap.zoho.com:993 | {_ON}
gmx | gmx.de gmx.net gmx.at gmx.ch | mail.gmx.net:465 | imap.gmx.net:993 | {_ON}
gmx-com | gmx.com gmx.us | mail.gmx.com:587 | imap.gmx.com:993 | {_ON}
web.de | web.de | smtp.web.de:587 | imap.web.de:993 | {_ON}
t-online | t-online.de magenta.de | securesmtp.t-online.de:465 | secureimap.t-online.de:993 | {_APP}
freenet | freenet.de | mx.freenet.de:587 | mx.freenet.de:993 |
posteo | posteo.de posteo.net posteo.at posteo.ch posteo.eu | posteo.de:465 | posteo.de:993 |
mailbox.org | mailbox.org | smtp.mailbox.org:465 | imap.mailbox.org:993 |
orange | orange.fr wanadoo.fr | smtp.orange.fr:465 | imap.orange.fr:993 |
free | free.fr | smtp.free.fr:465 | imap.free.fr:993 |
laposte | laposte.net | smtp.laposte.net:465 | imap.laposte.net:993 |
sfr | sfr.fr neuf.fr | smtp.sfr.fr:465 | imap.sfr.fr:993 |
libero | libero.it | smtp.libero.it:465 | imapmail.libero.it:993 |
bluewin | bluewin.ch | smtpauths.bluewin.ch:465 | imaps.bluewin.ch:993 |
btinternet | btinternet.com | mail.btinternet.com:465 | mail.btinternet.com:993 |
comcast | comcast.net | smtp.comcast.net:465 | imap.comcast.net:993 |
att | att.net sbcglobal.net bellsouth.net | smtp.mail.att.net:465 | imap.mail.att.net:993 | {_APP}
yandex | yandex.com yandex.ru ya.ru | smtp.yandex.com:465 | imap.yandex.com:993 | {_APP}
mail.ru | mail.ru bk.ru inbox.ru list.ru | smtp.mail.ru:465 | imap.mail.ru:993 | {_APP}
seznam | seznam.cz email.cz | smtp.seznam.cz:465 | imap.seznam.cz:993 |
wp | wp.pl | smtp.wp.pl:465 | imap.wp.pl:993 | {_ON}
qq | qq.com foxmail.com | smtp.qq.com:465 | imap.qq.com:993 | {_APP}
163 | 163.com | smtp.163.com:465 | imap.163.com:993 | {_APP}
runbox | runbox.com | mail.runbox.com:465 | mail.runbox.com:993 |
riseup | riseup.net | mail.riseup.net:465 | mail.riseup.net:993 |
"""

# They speak neither SMTP nor IMAP with mail programs.
CLOSED: Final = frozenset(
    ("tuta.com", "tutanota.com", "tutanota.de", "tutamail.com", "tuta.io", "keemail.me", "hey.com")
)
_BY_PORT: Final = {465: Security.TLS, 993: Security.TLS, 587: Security.STARTTLS, 143: Security.STARTTLS}


def server(text: str, port: int) -> Server:
    """`HOST[:PORT][/SECURITY]`; a port left out is `port`, a security that of the port, else TLS.

    Raises ValueError with half a sentence.
    """
    rest, slash, how = text.strip().partition("/")
    host, given = rest, ""
    if rest.startswith("["):  # [::1]:993
        host, _, given = rest[1:].partition("]")
        given = given.removeprefix(":")
    elif rest.count(":") == 1:
        host, _, given = rest.partition(":")
    if not host or any(c.isspace() or c in "@/\\\"'" for c in host):
        raise ValueError(f"{text!r} is no server; write it like 'mail.example.org:{port}'")
    if given and not (given.isdecimal() and 0 < int(given) < 65536):
        raise ValueError(f"{given!r} is no port; write a number up to 65535")
    number = int(given) if given else port
    if slash and how not in [s.value for s in Security]:
        raise ValueError(f"{how!r} is no security; write tls, starttls or plaintext")
    security = Security(how) if slash else _BY_PORT.get(number, Security.TLS)
    if security is Security.PLAINTEXT and host not in LOOPBACK:
        raise ValueError(f"plaintext would send the password to {host} in clear; write tls or starttls")
    return Server(host, number, security)


def providers() -> Iterator[Provider]:
    """All that are known."""
    for row in _TABLE.strip().splitlines():
        name, domains, smtp, imap, hint = (cell.strip() for cell in row.split("|"))
        shown = name.capitalize() if name.isalpha() else name
        yield Provider(
            name, tuple(domains.split()), server(smtp, 465), server(imap, 993), hint.format(name=shown)
        )


def provider_of(domain: str) -> Provider | None:
    """Whose addresses end in this domain."""
    return next((p for p in providers() if domain.lower() in p.domains), None)


def usual(domain: str) -> Provider:
    """What most providers call their servers, where nothing is known: to be confirmed or corrected."""
    host = domain.lower()
    return Provider("", (host,), server(f"smtp.{host}", 465), server(f"imap.{host}", 993))
