"""The learning draw: which unflagged posts would teach the model most, drawn for people to read.

A third each: *uncertain* posts lie nearest to a threshold, the labels taking turns; *diverse*
ones stand for a group of similar posts that the others leave out; *random* ones are a sample
with a known probability, which alone may serve estimates.
A draw sees masked words and scores, and never a source, a topic or an author: what it brings up
must not depend on who wrote where, or about whom (safeguard 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import HashingVectorizer
from threadpoolctl import ThreadpoolController

from evenhand.classifiers.labels import text_key
from evenhand.classifiers.lexicon import load_lexicon
from evenhand.classifiers.reading import read
from evenhand.data.errors import InputError
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

UNCERTAIN, DIVERSE, RANDOM = "uncertain", "diverse", "random"
# Groups are looked for in a sample: reading a post costs a millisecond.
MOST_READ = 3_000
DIMENSIONS = 32
# Scores are calibrated: here a post is as likely to have the label as not.
MIDDLE = 0.5
_LABELS = tuple(label.value for label in (*Policy, *Request))


@dataclass(frozen=True, slots=True)
class Scored:
    """One unflagged post whose text is held, with the active model's scores by label."""

    post_id: str
    text: str
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One post drawn; *probability* is None where chance did not decide (uncertain, diverse)."""

    post_id: str
    reason: str
    probability: float | None


def learning_draw(candidates: Sequence[Scored], n: int, *, seed: int) -> list[Drawn]:
    """Draw *n* posts (all, where there are no more), each text once.

    The same candidates in any order and the same *seed* give the same draw.

    Raises:
        InputError: *n* is negative.
    """
    if n < 0:
        msg = f"a learning draw of {n} posts was asked for; ask for 0 or more"
        raise InputError(msg)
    pool = _each_text_once(candidates)
    n = min(n, len(pool))
    random = np.random.default_rng(seed)
    by_chance = random.permutation(len(pool))[: n - 2 * (n // 3)]
    left = np.setdiff1d(np.arange(len(pool)), by_chance)
    uncertain = _uncertain([pool[at] for at in left], n // 3)
    rest = np.delete(left, uncertain)
    diverse = _diverse([pool[at] for at in rest], n - len(by_chance) - len(uncertain), random)
    share = len(by_chance) / len(pool) if pool else None
    return [
        *(Drawn(pool[at].post_id, RANDOM, share) for at in by_chance),
        *(Drawn(pool[left[at]].post_id, UNCERTAIN, None) for at in uncertain),
        *(Drawn(pool[rest[at]].post_id, DIVERSE, None) for at in diverse),
    ]


def _each_text_once(candidates: Sequence[Scored]) -> list[Scored]:
    first: dict[str, Scored] = {}
    for each in sorted(candidates, key=lambda one: one.post_id):
        first.setdefault(text_key(each.text), each)
    return list(first.values())


def _uncertain(pool: Sequence[Scored], n: int) -> list[int]:
    """Let the labels take turns, each choosing the post whose score is nearest to the middle."""
    labels = [name for name in _LABELS if any(name in each.scores for each in pool)]
    away = np.array(
        [[abs(each.scores.get(name, 0.0) - MIDDLE) for each in pool] for name in labels]
    ).reshape(len(labels), len(pool))
    turns = [iter(row.tolist()) for row in np.argsort(away, axis=1, kind="stable")]
    chosen: dict[int, None] = {}
    while len(chosen) < n and turns:
        for turn in turns[: n - len(chosen)]:
            chosen[next(at for at in turn if at not in chosen)] = None
    return list(chosen)


def _diverse(pool: Sequence[Scored], n: int, random: np.random.Generator) -> list[int]:
    """Group a sample of *pool* by masked words and take the post nearest to each middle."""
    if n == 0:
        return []
    sample = np.sort(random.permutation(len(pool))[: max(MOST_READ, n)])
    points = _points([pool[at].text for at in sample], int(random.integers(2**31)))
    with ThreadpoolController().limit(limits=1):
        groups = MiniBatchKMeans(n, random_state=0, n_init=1, batch_size=1024).fit(points)
        apart = groups.transform(points)
    chosen: dict[int, None] = {}
    for group in range(n):
        nearest = np.argsort(apart[:, group], kind="stable").tolist()
        chosen[next(at for at in nearest if at not in chosen)] = None
    return [int(sample[at]) for at in chosen]


def _points(texts: Sequence[str], seed: int) -> NDArray[np.float64]:
    lexicon = load_lexicon()
    words = [[word for word in read(text, lexicon).masked if word] for text in texts]
    hashed = HashingVectorizer(analyzer=lambda each: each, n_features=2**14).transform(words)
    dimensions = min(DIMENSIONS, len(texts) - 1)
    if dimensions < 2:  # noqa: PLR2004 - one text or two: there is nothing to group
        return np.arange(len(texts), dtype=np.float64)[:, None]
    # On one thread the sums, and so the draw, do not depend on the number of cores.
    with ThreadpoolController().limit(limits=1):
        reduced = TruncatedSVD(dimensions, random_state=seed).fit_transform(hashed)
    return np.asarray(reduced, dtype=np.float64)
