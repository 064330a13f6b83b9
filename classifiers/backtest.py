"""Candidate against active model on labels that neither has seen: what promotion would change.

Each text counts once, with what most of its reviewers said; a tie says nothing.
*Recall* is the share of texts with the label that are put before a person (check or flag),
*precision* the share of those put that have it, *AP* the area under precision over recall of the
score shown, where the head is off that of keys and rules.
Differences carry a 95 % interval from a paired bootstrap: the same texts are drawn again for
both models, positives and negatives apart (Efron and Tibshirani 1993, chapters 13 and 16).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from evenhand.classifiers.labels import text_key, truth
from evenhand.data.records import Band, Text
from evenhand.data.taxonomy import LANGUAGES, Policy, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from evenhand.classifiers.labels import Label
    from evenhand.classifiers.tagger import Tagger
    from evenhand.data.records import Score, Tag

BETTER, SAME, WORSE, UNSHOWN = "better", "same", "worse", "not enough evidence"
ALL, OTHER = "all", "other"
FEWEST_POSITIVES = 20
# A model may trade some precision for recall; losing this much for certain floods the queue.
PRECISION_MARGIN = 0.10
# Repeats computed at once, to bound memory.
CHUNK = 100
_NAMES = {"en": "English", "vi": "Vietnamese", OTHER: "other languages", ALL: "all languages"}
_ORDER = tuple(label.value for label in (*Policy, *Request))


@dataclass(frozen=True, slots=True)
class Pair:
    """One figure of both models; *interval* is of the difference, candidate minus active."""

    active: float | None
    candidate: float | None
    difference: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Line:
    """One label in one language ("all": in every language together)."""

    label: str
    lang: str
    n: int
    positives: int
    ap: Pair
    recall: Pair
    precision: Pair
    verdict: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every line, and why the candidate may not be promoted; no *refusals* means that it may."""

    lines: tuple[Line, ...]
    refusals: tuple[str, ...]
    margin: float
    repeats: int

    @property
    def passed(self) -> bool:
        """Say whether no language loses more than the margin."""
        return not self.refusals

    def as_dict(self) -> dict[str, object]:
        """Give plain values for a card, a file or a screen."""
        return {"passed": self.passed, **asdict(self)}


@dataclass(frozen=True)
class _Outcomes:
    """What both models made of the texts of one line: (n_texts,) each, active model first."""

    has: NDArray[np.bool_]
    scores: tuple[NDArray[np.float64], NDArray[np.float64]]
    put: tuple[NDArray[np.bool_], NDArray[np.bool_]]


def backtest(  # noqa: PLR0913 - two models and their test; how, by keyword
    active: Tagger,
    candidate: Tagger,
    held_out: Sequence[Label],
    *,
    repeats: int = 1000,
    seed: int = 0,
    margin: float = 0.03,
) -> Comparison:
    """Compare both models on *held_out*, which the candidate must not have learnt from.

    Refused is a candidate that in any language loses more than *margin* of a label's recall, or
    may have lost it: the point is below zero and the interval reaches below -*margin*.
    A loss of AP refuses it beyond *margin* if it is no chance (the whole interval lies below
    zero): with few positives, AP moves by some points whenever anything is learnt.
    """
    by_text: dict[str, list[Label]] = defaultdict(list)
    for label in held_out:
        by_text[text_key(label.text)].append(label)
    groups = [by_text[key] for key in sorted(by_text)]
    texts = [Text(str(at), own[0].text) for at, own in enumerate(groups)]
    tags = (active.tag(texts), candidate.tag(texts))
    lines = []
    for number, (name, lang, places) in enumerate(_lines(groups)):
        outcomes = _outcomes(name, groups, tags, places)
        random = np.random.default_rng([seed, number])
        lines.append(_line(name, lang, outcomes, _draws(outcomes.has, repeats, random), margin))
    refusals = tuple(reason for line in lines for reason in _refusals(line, margin))
    return Comparison(tuple(lines), refusals, margin, repeats)


def _lines(groups: Sequence[Sequence[Label]]) -> Iterator[tuple[str, str, list[int]]]:
    """List each label and language with the places of its texts of known truth."""
    for name in _ORDER:
        places: dict[str, list[int]] = defaultdict(list)
        for at, own in enumerate(groups):
            if _majority(name, own) is not None:
                lang = own[0].lang if own[0].lang in LANGUAGES else OTHER
                places[lang].append(at)
        for lang in (*LANGUAGES, OTHER):
            if places[lang]:
                yield name, lang, places[lang]
        if sum(map(bool, places.values())) > 1:
            yield name, ALL, sorted(at for own in places.values() for at in own)


def _majority(name: str, labels: Sequence[Label]) -> bool | None:
    told = Counter(truth(name, label) for label in labels)
    return None if told[True] == told[False] else told[True] > told[False]


def _outcomes(
    name: str,
    groups: Sequence[Sequence[Label]],
    tags: tuple[Sequence[Tag], Sequence[Tag]],
    places: Sequence[int],
) -> _Outcomes:
    has = np.array([_majority(name, groups[at]) for at in places], dtype=np.bool_)
    both = [[_score(own[at], name) for at in places] for own in tags]
    scores = [np.array([each.score for each in own], dtype=np.float64) for own in both]
    put = [np.array([e.band is not Band.NOTHING for e in own], dtype=np.bool_) for own in both]
    return _Outcomes(has, (scores[0], scores[1]), (put[0], put[1]))


def _score(tag: Tag, name: str) -> Score:
    return tag.harms[name] if name in tag.harms else tag.requests[name]


def _draws(
    has: NDArray[np.bool_], repeats: int, random: np.random.Generator
) -> NDArray[np.float32]:
    """Draw how often each text counts in each repeat: (repeats, n_texts)."""
    draws = np.zeros((repeats, len(has)), dtype=np.float32)
    for side in (np.flatnonzero(has), np.flatnonzero(~has)):
        if len(side):
            draws[:, side] = random.multinomial(
                len(side), np.full(len(side), 1 / len(side)), size=repeats
            )
    return draws


def _line(
    name: str, lang: str, outcomes: _Outcomes, draws: NDArray[np.float32], margin: float
) -> Line:
    has = outcomes.has
    ranked = [_ranker(scores, has) for scores in outcomes.scores]
    ap = _pair(ranked, draws)
    recall = _pair([_sharer(put & has, has) for put in outcomes.put], draws)
    precision = _pair([_sharer(put & has, put) for put in outcomes.put], draws)
    line = Line(name, lang, len(has), int(has.sum()), ap, recall, precision, SAME)
    return Line(name, lang, line.n, line.positives, ap, recall, precision, _verdict(line, margin))


def _pair(
    figures: Sequence[Callable[[NDArray[np.float32]], NDArray[np.float64]]],
    draws: NDArray[np.float32],
) -> Pair:
    """Compute a figure of both models on the texts as they are and on every draw."""
    once = np.ones((1, draws.shape[1]), dtype=np.float32)
    points = [_or_none(float(figure(once)[0])) for figure in figures]
    active, candidate = points
    if active is None or candidate is None:
        return Pair(active, candidate, None, None)
    apart = [
        figures[1](draws[at : at + CHUNK]) - figures[0](draws[at : at + CHUNK])
        for at in range(0, len(draws), CHUNK)
    ]
    known = np.concatenate(apart)
    known = known[~np.isnan(known)]
    low, high = np.quantile(known, [0.025, 0.975]) if len(known) else (np.nan, np.nan)
    interval = None if np.isnan(low) else (float(low), float(high))
    return Pair(active, candidate, candidate - active, interval)


def _or_none(figure: float) -> float | None:
    return None if np.isnan(figure) else figure


def _sharer(
    part: NDArray[np.bool_], whole: NDArray[np.bool_]
) -> Callable[[NDArray[np.float32]], NDArray[np.float64]]:
    """Give the function: share of *whole* that is *part*, per draw; not a number without cases."""

    def share(draws: NDArray[np.float32]) -> NDArray[np.float64]:
        above = draws[:, part].sum(axis=1, dtype=np.float64)
        below = draws[:, whole].sum(axis=1, dtype=np.float64)
        return np.where(below > 0, above / np.maximum(below, 1), np.nan)

    return share


def _ranker(
    scores: NDArray[np.float64], has: NDArray[np.bool_]
) -> Callable[[NDArray[np.float32]], NDArray[np.float64]]:
    """Give the function: average precision per draw, ties taken together as scikit-learn does."""
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
    positive = has[order]

    def average(draws: NDArray[np.float32]) -> NDArray[np.float64]:
        if not positive.any() or positive.all():
            return np.full(len(draws), np.nan)
        ranked = draws[:, order].astype(np.float64)
        seen = np.cumsum(ranked, axis=1)[:, ends]
        found = np.cumsum(ranked * positive, axis=1)[:, ends]
        gained = np.diff(found, axis=1, prepend=0.0)
        share = found / np.maximum(seen, 1)
        total: NDArray[np.float64] = (gained * share).sum(axis=1) / found[:, -1]
        return total

    return average


def _verdict(line: Line, margin: float) -> str:
    if line.positives < FEWEST_POSITIVES:
        return UNSHOWN
    if _refusals(line, margin):
        return WORSE
    gains = [p.interval[0] > 0 for p in (line.ap, line.recall) if p.interval is not None]
    return BETTER if any(gains) else SAME


def _refusals(line: Line, margin: float) -> list[str]:
    """Name what the candidate loses in this line, with the figures."""
    if line.positives < FEWEST_POSITIVES:
        return []
    lost = [_words(line, "recall", line.recall)] if _may_lose(line.recall, margin) else []
    for figure, pair, most in (
        ("AP", line.ap, margin),
        ("precision", line.precision, PRECISION_MARGIN),
    ):
        if _surely_loses(pair, most):
            lost.append(_words(line, figure, pair))
    return lost


def _may_lose(pair: Pair, margin: float) -> bool:
    if pair.difference is None or pair.interval is None:
        return False
    return pair.difference < -margin or (pair.difference < 0 and pair.interval[0] < -margin)


def _surely_loses(pair: Pair, margin: float) -> bool:
    if pair.difference is None or pair.interval is None:
        return False
    return pair.difference < -margin and pair.interval[1] < 0


def _words(line: Line, figure: str, pair: Pair) -> str:
    low, high = pair.interval or (0.0, 0.0)
    where = f"{line.label} in {_NAMES.get(line.lang, line.lang)}"
    return (
        f"{where}: {figure} {pair.active:.2f} → {pair.candidate:.2f} "
        f"({pair.difference:+.2f}, 95 % interval {low:+.2f} to {high:+.2f}, "
        f"{line.positives} positives)"
    )
