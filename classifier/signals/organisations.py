"""Which part of a domain is an organisation's, and where anybody can have an address."""

from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

from classifier.phrases import words


def free_mail() -> frozenset[str]:
    """Domains of free-mail and internet providers (`free-mail.txt`; its source stands in it)."""
    return words("free-mail")


def is_free_mail(domain: str) -> bool:
    """Whether anybody can have an address at this domain, or at one above it."""
    known = free_mail()
    parts = domain.split(".")
    return any(".".join(parts[i:]) in known for i in range(len(parts) - 1))


@lru_cache(maxsize=8192)
def organisation_of(domain: str) -> str:
    """The domain an organisation registered ("lab.quay.example" → "quay.example"); empty for free mail.

    Source: the public suffix list, offline, its private section included (a blog host's customers are not
    one organisation).
    """
    if not domain or is_free_mail(domain):
        return ""
    return _suffixes().privatesuffix(domain) or ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
