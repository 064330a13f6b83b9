"""Words written so that a filter misses them, read as the words they stand for.

"i d i o t", "st00pid", "b!tch", "óc ch.ó" and "stuuupid" are read as any reader reads them.
Only words of the classes that a lexicon file lists as `respelt` are restored: a spelling that
stands for none of them stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from evenhand.classifiers.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evenhand.classifiers.tokens import Tokens

SHORTEST = 2
SHORTEST_LOOSE = 3
_STAND_INS = str.maketrans(
    {"@": "a", "4": "a", "3": "e", "€": "e", "1": "i", "!": "i", "|": "i", "0": "o"}
    | {"$": "s", "5": "s", "7": "t", "+": "t"}
)
_HIDDEN = "*#"
_SIGNS = re.escape("@$!*#€+|.-_")
# Letters one by one: "i d i o t", "n-g-u".  Every repetition is bounded.
_SPACED = re.compile(
    r"(?<![^\W_])(?:[^\W\d_][ .*_-]{1,2})(?:[^\W_][ .*_-]{1,2}){1,20}[^\W_](?![^\W_])"
)
# A word with signs or digits between its letters: "st00pid", "b!tch", "ch.ó".
_MIXED = re.compile(
    rf"(?<![\w@.])[\w@$]?[\w{_SIGNS}]{{0,20}}[\d{_SIGNS}][\w{_SIGNS}]{{0,20}}(?![^\W_])"
)
_GAPS = re.compile(r"[ ._-]")
_NO_LETTER = re.compile(r"[\W\d_]")
_TWICE = re.compile(r"(.)\1+")


class Respelling:
    """The words worth restoring, under each key that a disguise can be reduced to.

    Args:
        phrases: The words of each phrase; of two words alike, the first one is restored.
    """

    def __init__(self, phrases: Iterable[Sequence[str]]) -> None:
        self.plain: dict[str, Sequence[str]] = {}
        self.loose: dict[str, Sequence[str]] = {}
        self.single: dict[str, str] = {}
        self.shapes: dict[tuple[int, str], list[str]] = {}
        for phrase in phrases:
            self.plain.setdefault("".join(phrase), phrase)
            for word in phrase:
                self._add(word)

    def _add(self, word: str) -> None:
        if len(word) < SHORTEST or _NO_LETTER.search(word):
            return
        self.plain.setdefault(word, (word,))
        if len(word) >= SHORTEST_LOOSE:
            self.loose.setdefault(fold(word), (word,))
            self.single.setdefault(_TWICE.sub(r"\1", word), word)
            shape = self.shapes.setdefault((len(word), word[0]), [])
            if word not in shape:
                shape.append(word)

    def restore(self, tokens: Tokens) -> Tokens:
        """Give *tokens* with the disguised words restored; the same object where there are none.

        A restored word stands at its first token and reaches to the end of its last; the tokens
        between become empty.
        """
        low = tokens.clean.low
        words, places = list(tokens.words), list(tokens.places)
        done: set[int] = set()
        for pattern in (_SPACED, _MIXED):
            for match in pattern.finditer(low):
                restored = self._restored(match.group())
                if restored is not None:
                    _put(restored, _inside(tokens, match.span()), words, places, done)
        for at, (start, end) in enumerate(tokens.places):
            if at not in done and end - start > len(words[at]) >= SHORTEST_LOOSE:
                plain = self.single.get(_TWICE.sub(r"\1", words[at]))
                if plain is not None:
                    words[at] = plain
                    done.add(at)
        return replace(tokens, words=words, places=places) if done else tokens

    def _restored(self, piece: str) -> Sequence[str] | None:
        piece = piece.rstrip(".!-_|+")
        joined = _GAPS.sub("", piece)
        if joined in self.plain:
            return self.plain[joined] if joined != piece else None
        if any(sign in joined for sign in _HIDDEN):
            return self._of_shape(joined)
        letters = joined.translate(_STAND_INS)
        return self.loose.get(letters) if letters != joined else None

    def _of_shape(self, joined: str) -> Sequence[str] | None:
        shown = joined.replace("#", "*").translate(_STAND_INS)
        # One letter left to see proves nothing.
        if len(shown) - shown.count("*") <= 1:
            return None
        for word in self.shapes.get((len(shown), shown[:1]), ()):
            if all(sign in {"*", letter} for sign, letter in zip(shown, word, strict=True)):
                return (word,)
        return None


def _inside(tokens: Tokens, span: tuple[int, int]) -> list[int]:
    first = bisect_left(tokens.places, (span[0], 0))
    last = bisect_left(tokens.places, (span[1], 0))
    return [at for at in range(first, last) if tokens.places[at][1] <= span[1]]


def _put(
    restored: Sequence[str],
    inside: Sequence[int],
    words: list[str],
    places: list[tuple[int, int]],
    done: set[int],
) -> None:
    if len(inside) < len(restored) or not done.isdisjoint(inside):
        return
    done.update(inside)
    end = places[inside[-1]][1]
    for at in inside:
        words[at] = ""
    for at, word in zip(inside, restored, strict=False):
        words[at] = word
    last = inside[len(restored) - 1]
    places[last] = (places[last][0], end)


def respelling_of(named: Iterable[str], phrases: Iterable[tuple[str, Sequence[str]]]) -> Respelling:
    """Collect the phrases of the classes *named*, in that order; *phrases* are (class, words)."""
    by_class: dict[str, list[Sequence[str]]] = {label: [] for label in named}
    for label, words in phrases:
        if label in by_class:
            by_class[label].append(words)
    return Respelling(words for listed in by_class.values() for words in listed)
