"""Text from outside, made safe to look at: no control characters, no hidden direction changes.

It stays text; whoever draws it must use an element that interprets nothing
(`widgets.show_untrusted`, or `textContent` in the card).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_NAME = 80
# C0 and C1 controls but tab and line feed.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Characters that turn the direction of what follows, and so can show a sentence that is not there.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MANY_LINES = re.compile(r"\n{4,}")
# More marks than any language stacks on one letter; they run over the lines above and below.
_STACKS = re.compile(r"([\u0300-\u036f]{4})[\u0300-\u036f]+")


def make_plain(text: str, limit: int | None = None) -> tuple[str, int]:
    """Clean *text* for showing, and say how many characters were left off after *limit*.

    Characters that turn the reading direction are shown as ⟲, so that the trick can be seen.
    Letters are composed, so that decomposed Vietnamese looks like any other.
    """
    shown = _cleaned(text).strip()
    if limit is None or len(shown) <= limit:
        return shown, 0
    return shown[:limit].rstrip() + " …", len(shown) - limit


def plain_name(name: str) -> str:
    """Clean a name that somebody typed, for boxes and cells, which show letters as they are.

    >>> plain_name("a" * 100)[-3:], plain_name("admin\u202etxt")
    ('a …', 'admin⟲txt')
    """
    return make_plain(name, LONGEST_NAME)[0]


def make_pieces(
    text: str, spans: Iterable[tuple[int, int, str]], limit: int
) -> tuple[list[tuple[str, str]], int]:
    """Clean *text* like `make_plain`, cut where something in it is to be marked.

    Cleaning moves characters, so that offsets into the text mean nothing afterwards; each piece is
    cleaned on its own instead.

    Args:
        text: From outside.
        spans: (start, end, mark), in order, not overlapping.
        limit: Most characters to show.

    Returns:
        The pieces as (text, mark), the mark empty between the spans, and how many characters of
        the original were left off.
    """
    left = max(0, len(text) - limit)
    text = text[:limit]
    pieces, at = [], 0
    for start, end, mark in spans:
        pieces += [(text[at:start], ""), (text[start:end], mark)]
        at = max(at, end)
    pieces.append((text[at:], ""))
    shown = [(_cleaned(piece), mark) for piece, mark in pieces]
    first, last = shown[0], shown[-1]
    shown[0] = (first[0].lstrip(), first[1])
    shown[-1] = (last[0].rstrip() if len(shown) > 1 else shown[0][0].rstrip(), last[1])
    return [(piece, mark) for piece, mark in shown if piece], left


def _cleaned(text: str) -> str:
    shown = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    shown = _TURNS.sub("⟲", _CONTROLS.sub("", shown))
    return _MANY_LINES.sub("\n\n\n", _STACKS.sub(r"\1", shown))
