"""Why a label got its band: exact, because the model is linear.

What a term contributes is its TF-IDF value times its weight.
Each contribution is laid on the words that hold the term; words that stand together are merged
into one span.  The words' contributions and the bias sum to the log-odds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evenhand.data.records import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from evenhand.classifiers.features import Features
    from evenhand.classifiers.keys import Match
    from evenhand.classifiers.reading import Reading
    from evenhand.classifiers.signs import Read

MOST_FOR, MOST_AGAINST = 5, 2
# Below this share of the strongest word, a word explains nothing that a reviewer needs.
WORTH_SHOWING = 0.15


def contributions(
    features: Features, found: Read, row: sparse.csr_matrix, weights: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Share out one label's log-odds over the words of a text: (n_words,), without the bias.

    What a sign contributes is laid on the words where its word list spoke.
    *weights* belongs to the terms of *row*, in its order.
    """
    words = found.words
    uses = features.terms_at(words)
    times: dict[int, int] = {}
    for term, _, _ in uses:
        times[term] = times.get(term, 0) + 1
    value = dict(zip(row.indices.tolist(), (row.data * weights).tolist(), strict=True))
    shares = np.zeros(len(words))
    for term, start, end in uses:
        part = value[term] / times[term]
        if end - start == 1:
            shares[start] += part
        else:
            shares[[start, end - 1]] += part / 2
    own = len(found.reading.masked)
    for at, (_, (start, end)) in enumerate(found.signs, start=own):
        shares[start:end] += shares[at] / (end - start)
    return shares[:own]


def model_reasons(label: str, reading: Reading, shares: NDArray[np.float64]) -> list[Reason]:
    """Name the stretches of text that spoke most for the label, then those most against it."""
    if not len(shares):
        return []
    least = WORTH_SHOWING * float(np.abs(shares).max())
    runs: list[tuple[float, int, int]] = []
    for at, share in enumerate(shares.tolist()):
        if abs(share) < least or share == 0.0:
            continue
        if runs and runs[-1][2] == at and (runs[-1][0] > 0) == (share > 0):
            total, start, _ = runs.pop()
            runs.append((total + share, start, at + 1))
        else:
            runs.append((share, at, at + 1))
    runs.sort(key=lambda run: -abs(run[0]))
    speaking = [run for run in runs if run[0] > 0][:MOST_FOR]
    against = [run for run in runs if run[0] < 0][:MOST_AGAINST]
    return [
        Reason(
            label,
            "model",
            " ".join(word for word in reading.masked[start:end] if word),
            (reading.span((start, end)),),
            round(total, 4),
        )
        for total, start, end in (*speaking, *against)
    ]


def match_reasons(label: str, reading: Reading, matches: Sequence[Match]) -> list[Reason]:
    """Name the keys, rules or guards that were found, with the places of each."""
    return [
        Reason(
            label,
            match.pattern.kind,
            match.pattern.id,
            tuple(sorted({reading.span(place) for place in match.places})),
        )
        for match in matches
    ]


def language_reason(lang: str) -> Reason:
    """Say that a language is not one the model knows: only rules were asked."""
    return Reason("language", "language", lang)
