"""Shown text → clean text of NFC letters, with the way back to the shown characters.

Spans that later steps find in the clean text are mapped to the text as a reviewer sees it, so
nothing here may lose count of characters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Beyond this many characters a text is not read: one post must never hold up a batch.
READ_CHARACTERS = 20_000

# Control characters, lone surrogates, zero-width and direction marks: invisible to a reader and
# used to break words apart. U+200D stays: it joins emoji.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\ud800-\udfff\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]",
)


def _fold_table() -> dict[int, str]:
    table = {ord("đ"): "d", ord("Đ"): "D"}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if code not in table and base != chr(code):
            table[code] = base
    return table


_FOLD = _fold_table()


@dataclass(frozen=True, slots=True)
class Clean:
    """One text made readable.

    *low* is *text* in lower case, character for character.
    *offsets* gives for each character of *text*, and for its end, the place in the shown text;
    None means that both are the same.
    *cut* says that the shown text was longer than what is read.
    """

    text: str
    low: str
    offsets: tuple[int, ...] | None
    cut: bool

    def shown(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the clean text to the shown text."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end]


def clean(shown: str) -> Clean:
    """Bring *shown* to NFC, drop what nobody sees, and keep the way back."""
    read = shown[:READ_CHARACTERS]
    offsets = None
    text = read
    if _UNSEEN.search(read) or not unicodedata.is_normalized("NFC", read):
        text, offsets = _compose(read)
    return Clean(text, _lower(text), offsets, cut=len(shown) > READ_CHARACTERS)


def fold(text: str) -> str:
    """Strip accents, đ too, so that each character stays one character."""
    return text.translate(_FOLD)


def _lower(text: str) -> str:
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(each.lower() if len(each.lower()) == 1 else each for each in text)


def _compose(read: str) -> tuple[str, tuple[int, ...]]:
    kept = [(at, each) for at, each in enumerate(read) if not _UNSEEN.match(each)]
    letters: list[str] = []
    offsets: list[int] = []
    at = 0
    while at < len(kept):
        end = at + 1
        while end < len(kept) and unicodedata.combining(kept[end][1]):
            end += 1
        composed = unicodedata.normalize("NFC", "".join(each for _, each in kept[at:end]))
        letters.append(composed)
        offsets.extend([kept[at][0]] * len(composed))
        at = end
    offsets.append(len(read))
    return "".join(letters), tuple(offsets)
