"""Text from outside, made safe to look at: no control characters, no hidden direction changes.

It stays text; whoever draws it must use an element that interprets nothing
(`widgets.show_untrusted`, or `textContent` in the card).
"""

from __future__ import annotations

import re
import unicodedata

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
    shown = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    shown = _TURNS.sub("⟲", _CONTROLS.sub("", shown))
    shown = _MANY_LINES.sub("\n\n\n", _STACKS.sub(r"\1", shown)).strip()
    if limit is None or len(shown) <= limit:
        return shown, 0
    return shown[:limit].rstrip() + " …", len(shown) - limit
