"""Masked words → one sparse TF-IDF row per text: words 1-2 and characters 2-5 inside words.

The vocabulary is a list of strings: single words as they are, pairs joined by a space, characters
behind a tab, signs of the word lists (signs.py) behind a tilde.
Words, characters and signs are scaled to length one each, so that many characters do not drown a
word.
What a word contributes is kept per word, which makes reading several times faster than cutting
each text into characters anew.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

CHARACTERS_FROM, CHARACTERS_TO = 2, 5
CHARACTER_MARK = "\t"
SIGN_MARK = "~"
REMEMBERED_WORDS = 100_000
# Emoji, addresses and masks are whole symbols: their characters say nothing.
_WHOLE_ENDS = "_"
_WHOLE_STARTS = "mask_"


@dataclass
class Features:
    """A fitted feature step.

    *idf* has one weight per entry of *vocabulary*.
    """

    vocabulary: tuple[str, ...]
    idf: NDArray[np.float32]
    index: dict[str, int] = field(init=False, repr=False)
    kind: NDArray[np.int8] = field(init=False, repr=False)
    remembered: dict[str, tuple[int, list[int]]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.index = {term: at for at, term in enumerate(self.vocabulary)}
        marks = {CHARACTER_MARK: 0, SIGN_MARK: 2}
        self.kind = np.array([marks.get(term[:1], 1) for term in self.vocabulary], dtype=np.int8)
        self.remembered = {}

    def rows(self, texts: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Turn masked words into TF-IDF: (n_texts, n_vocabulary), float32."""
        columns: list[int] = []
        ends = np.zeros(len(texts) + 1, dtype=np.int64)
        for at, words in enumerate(texts):
            self._columns(words, columns)
            ends[at + 1] = len(columns)
        places = np.array(columns, dtype=np.int32)
        shape = (len(texts), len(self.vocabulary))
        counts = sparse.csr_matrix((np.ones(len(places), np.float32), places, ends), shape=shape)
        counts.sum_duplicates()
        return self._weighted(counts)

    def terms_at(self, words: Sequence[str]) -> list[tuple[int, int, int]]:
        """List each use of a vocabulary term: (column, first word, end)."""
        uses: list[tuple[int, int, int]] = []
        before = -1
        for at, word in enumerate(words):
            if not word:
                continue
            single, characters = self._word(word)
            if word.startswith(SIGN_MARK):
                uses.extend([(single, at, at + 1)] if single >= 0 else [])
                before = -1
                continue
            uses.extend((column, at, at + 1) for column in (single, *characters) if column >= 0)
            pair = -1
            if before >= 0 and single >= 0:
                pair = self.index.get(f"{words[before]} {word}", -1)
            if pair >= 0:
                uses.append((pair, before, at + 1))
            before = at if single >= 0 else -1
        return uses

    def _columns(self, words: Iterable[str], columns: list[int]) -> None:
        index, before = self.index, ""
        for word in words:
            if not word:
                continue
            single, characters = self.remembered.get(word) or self._word(word)
            if word[0] == SIGN_MARK:
                if single >= 0:
                    columns.append(single)
                before = ""
            elif single >= 0:
                columns.append(single)
                if before:
                    pair = index.get(f"{before} {word}")
                    if pair is not None:
                        columns.append(pair)
                before = word
            else:
                before = ""
            columns.extend(characters)

    def _word(self, word: str) -> tuple[int, list[int]]:
        found = [self.index.get(term, -1) for term in characters_of(word)]
        known = (self.index.get(word, -1), [column for column in found if column >= 0])
        if len(self.remembered) >= REMEMBERED_WORDS:
            self.remembered.clear()
        self.remembered[word] = known
        return known

    def _weighted(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        values = (1.0 + np.log(counts.data)) * self.idf[counts.indices]
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        groups = rows * 3 + self.kind[counts.indices]
        lengths = np.bincount(groups, weights=values * values, minlength=3 * counts.shape[0])
        scale = 1.0 / np.sqrt(np.maximum(lengths, 1e-12))
        counts.data = (values * scale[groups]).astype(np.float32)
        return counts


def characters_of(word: str) -> list[str]:
    """Cut one word, with a space on either side, into runs of 2-5 characters."""
    if word.endswith(_WHOLE_ENDS) or word.startswith((_WHOLE_STARTS, SIGN_MARK)):
        return []
    padded = f" {word} "
    return [
        CHARACTER_MARK + padded[at : at + size]
        for size in range(CHARACTERS_FROM, CHARACTERS_TO + 1)
        for at in range(len(padded) - size + 1)
        if size < len(padded) or size == CHARACTERS_TO
    ]


def fit_features(texts: Sequence[Sequence[str]], *, most: int, at_least: int) -> Features:
    """Choose the vocabulary from masked *texts* and weigh it.

    Keeps the *most* terms found in the largest number of texts, each in *at_least*; ties go by
    the term itself, so the same texts give the same vocabulary.
    """
    found_in: Counter[str] = Counter()
    terms_of: dict[str, list[str]] = {}
    for words in texts:
        present = [word for word in words if word]
        terms = {
            f"{left} {right}"
            for left, right in itertools.pairwise(present)
            if not right.startswith(SIGN_MARK)
        }
        for word in set(present):
            if word not in terms_of:
                terms_of[word] = [word, *characters_of(word)]
            terms.update(terms_of[word])
        found_in.update(terms)
    kept = [(term, count) for term, count in found_in.items() if count >= at_least]
    kept.sort(key=lambda pair: (-pair[1], pair[0]))
    chosen = sorted(kept[:most])
    counts = np.array([count for _, count in chosen], dtype=np.float64)
    idf = np.log((1.0 + len(texts)) / (1.0 + counts)) + 1.0
    return Features(tuple(term for term, _ in chosen), idf.astype(np.float16).astype(np.float32))
