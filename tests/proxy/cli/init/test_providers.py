"""The servers of well-known providers, and servers as people write them."""

from collections import Counter

import pytest

from models.settings import Security
from proxy.cli.init.providers import CLOSED, Server, provider_of, providers, server, usual


def test_every_provider_s_line_can_be_read_and_is_protected() -> None:
    known = list(providers())
    assert len(known) > 25
    assert max(Counter(d for p in known for d in p.domains).values()) == 1
    assert max(Counter(p.name for p in known).values()) == 1
    assert not CLOSED & {d for p in known for d in p.domains}
    for one in known:
        assert one.imap is not None
        assert {one.smtp.security, one.imap.security} <= {Security.TLS, Security.STARTTLS}
        assert "{" not in one.hint and not one.smtp.host.endswith(".")


def test_an_address_s_domain_tells_its_provider() -> None:
    found = provider_of("GMail.com")
    assert found is not None and found.smtp == Server("smtp.gmail.com", 465, Security.TLS)
    assert "app password" in found.hint
    assert provider_of("mail.gmail.com") is None and provider_of("example.org") is None
    assert usual("Example.org").imap == Server("imap.example.org", 993, Security.TLS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mail.example.org", Server("mail.example.org", 465, Security.TLS)),
        ("mail.example.org:587", Server("mail.example.org", 587, Security.STARTTLS)),
        ("mail.example.org:2465", Server("mail.example.org", 2465, Security.TLS)),
        ("mail.example.org:2587/starttls", Server("mail.example.org", 2587, Security.STARTTLS)),
        ("[::1]:2525/plaintext", Server("::1", 2525, Security.PLAINTEXT)),
        ("192.0.2.7/starttls", Server("192.0.2.7", 465, Security.STARTTLS)),
    ],
)
def test_a_server_as_people_write_it(text: str, found: Server) -> None:
    assert server(text, 465) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no server"),
        ("ann@example.org", "is no server"),
        ("mail example", "is no server"),
        ("mail.example.org:0", "is no port"),
        ("mail.example.org:70000", "is no port"),
        ("mail.example.org:smtp", "is no port"),
        ("mail.example.org/ssl", "is no security"),
        ("mail.example.org/plaintext", "in clear"),
    ],
)
def test_what_is_no_server_is_told(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        server(text, 465)
