"""The domains a text links to, and what makes one suspect.

The suffix list is the one bundled with tldextract: nothing is ever fetched.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from tldextract import TLDExtract

from evenhand.classifiers.lexicon import load_lexicon
from evenhand.classifiers.tokens import URL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.classifiers.reading import Reading

MOST_LINKS = 20
MANY_DASHES = 2


def suspect_links(reading: Reading) -> list[tuple[int, int]]:
    """Give the places of links whose domain imitates a log-in or prize page, in shown text."""
    tokens = reading.tokens
    spans = [place for word, place in zip(tokens.words, tokens.places, strict=True) if word == URL]
    return [
        tokens.clean.shown(*span)
        for span in spans[:MOST_LINKS]
        if is_suspect(tokens.clean.low[span[0] : span[1]])
    ]


@lru_cache(maxsize=4_096)
def is_suspect(address: str) -> bool:
    """Say whether *address* baits: a bare number, a punycode name, or bait words in its domain."""
    host = _host(address)
    if host.replace(".", "").isdigit() or "xn--" in host:
        return True
    parts = _extract()(host)
    name = f"{parts.subdomain}.{parts.domain}" if parts.subdomain else parts.domain
    baits = sum(word in name for word in _bait())
    return baits > 1 or (baits == 1 and ("-" in name or name.count(".") >= MANY_DASHES))


def _host(address: str) -> str:
    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""


@cache
def _extract() -> TLDExtract:
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@cache
def _bait() -> tuple[str, ...]:
    lists = load_lexicon().tables["rules"]["lists"]
    return tuple(cast("dict[str, Sequence[str]]", lists)["bait"])
