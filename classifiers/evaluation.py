"""How well a model finds each label on rows it did not learn from, per language.

Definitions, each shown with its figure: *AP* is the area under precision over recall of the
model's score alone, blank where the head is off.
*Precision* is the share of posts put before a person (check or flag) that have the label;
*recall* the share of posts with the label that are; both with Wilson's 95 % interval and blank
without cases.
*ECE* is the mean distance between score and share of positives over ten equal score bands, with
rows weighed to the share of positives that the scores assume.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.metrics import average_precision_score

from evenhand.classifiers import neutrality
from evenhand.classifiers.corpus import HARMS, REQUESTS, Row, read_corpus
from evenhand.classifiers.intervals import wilson
from evenhand.classifiers.training import LANGUAGES, at_prior, is_test, truth
from evenhand.data.records import Band, Score, Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from evenhand.classifiers.tagger import Tagger
    from evenhand.data.records import Tag

BANDS = 10
LABELS = (*HARMS, *REQUESTS)


@dataclass(frozen=True, slots=True)
class Line:
    """One label in one language; a figure is None where it has no cases or the head is off."""

    label: str
    lang: str
    positives: int
    negatives: int
    average_precision: float | None
    precision: float | None
    precision_interval: tuple[float, float] | None
    recall: float | None
    recall_interval: tuple[float, float] | None
    calibration_error: float | None


def results_for_card(tagger: Tagger, datasets: Path) -> dict[str, object]:
    """Measure a fresh model for its card: the held-out rows, and the neutrality report."""
    lines = evaluate(tagger, held_out(datasets))
    report = neutrality.neutrality_report(
        tagger.tag, neutrality.shipped_posts(), neutrality.shipped_pairs()
    )
    return {"held_out": [asdict(line) for line in lines], "neutrality": report.as_dict()}


def held_out(datasets: Path) -> list[Row]:
    """Read the tenth of every set that training leaves out."""
    return [row for row in read_corpus(datasets) if is_test(row)]


def evaluate(tagger: Tagger, rows: Sequence[Row]) -> list[Line]:
    """Tag *rows* and measure each label in each language that has rows of both kinds."""
    tags = tagger.tag([Text(str(at), row.text) for at, row in enumerate(rows)])
    grouped: dict[tuple[str, str], list[tuple[bool, Score]]] = defaultdict(list)
    for row, tag in zip(rows, tags, strict=True):
        for label in LABELS:
            has = truth(label, row)
            if has is not None and row.lang in LANGUAGES:
                grouped[label, row.lang].append((has, _score(tag, label)))
    order = {lang: at for at, lang in enumerate(LANGUAGES)}
    return [
        measure(label, lang, grouped[label, lang], with_model=_is_on(tagger, label, lang))
        for label, lang in sorted(grouped, key=lambda key: (LABELS.index(key[0]), order[key[1]]))
    ]


def measure(
    label: str, lang: str, pairs: Sequence[tuple[bool, Score]], *, with_model: bool
) -> Line:
    """Measure one label in one language from (has it, what the tagger said)."""
    has = np.array([truth_ for truth_, _ in pairs], dtype=np.bool_)
    scores = np.array([score.score for _, score in pairs], dtype=np.float64)
    put = np.array([score.band is not Band.NOTHING for _, score in pairs], dtype=np.bool_)
    both, positives = int((has & put).sum()), int(has.sum())
    can_rank = with_model and 0 < positives < len(has)
    return Line(
        label=label,
        lang=lang,
        positives=positives,
        negatives=len(has) - positives,
        average_precision=float(average_precision_score(has, scores)) if can_rank else None,
        precision=both / int(put.sum()) if put.any() else None,
        precision_interval=wilson(both, int(put.sum())),
        recall=both / positives if positives else None,
        recall_interval=wilson(both, positives),
        calibration_error=calibration_error(has, scores) if can_rank else None,
    )


def calibration_error(has: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Compute the expected calibration error over `BANDS` equal bands of score."""
    weight = at_prior(has, np.ones(len(has)))
    bands = np.minimum((scores * BANDS).astype(int), BANDS - 1)
    error = 0.0
    for number in range(BANDS):
        inside = bands == number
        total = weight[inside].sum()
        if total > 0:
            expected = (weight[inside] * scores[inside]).sum() / total
            error += total * abs(expected - (weight[inside] * has[inside]).sum() / total)
    return float(error)


def _score(tag: Tag, label: str) -> Score:
    return tag.harms[label] if label in tag.harms else tag.requests[label]


def _is_on(tagger: Tagger, label: str, lang: str) -> bool:
    return label in tagger.judge.heads and label not in tagger.judge.off.get(lang, frozenset())
