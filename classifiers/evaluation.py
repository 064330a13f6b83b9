"""How well a model finds each label on rows it did not learn from, per language and source.

Definitions, each shown with its figure: *AP* is the area under precision over recall of the
model's score alone, blank where the head is off.
*Precision* is the share of posts put before a person (check or flag) that have the label;
*recall* the share of posts with the label that are; both with Wilson's 95 % interval and blank
without cases.
For a topic or a sentiment, "put before a person" reads "given it"; posts that get no sentiment
because they are civic, or in doubt, are left out of its lines.
*ECE* is the mean distance between score and share of positives over ten equal score bands, with
rows weighed to the share of positives that the scores assume.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.metrics import average_precision_score

from evenhand.classifiers import examples, neutrality
from evenhand.classifiers.corpus import DRAWN, SEEDED, SEEDS, TOPICS, read_corpus, seed_rows
from evenhand.classifiers.heads import by_label
from evenhand.classifiers.intervals import wilson
from evenhand.classifiers.labelled_gate import labelled_bounds
from evenhand.classifiers.tagger import BATCH
from evenhand.classifiers.text import fold
from evenhand.classifiers.topics import PREFIX, join_topics
from evenhand.classifiers.training import LANGUAGES, at_prior, is_test, truth
from evenhand.classifiers.unshipped import unshipped_rows
from evenhand.data.records import Band, Text
from evenhand.data.taxonomy import Sentiment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from evenhand.classifiers.corpus import Row
    from evenhand.classifiers.tagger import Tagger
    from evenhand.data.records import Tag

BANDS = 10
FEWEST_POSITIVES = 20
SETS, UNACCENTED = "sets", "seeds, no accents"
ON, OFF, RULES = "on", "off", "rules only"
NOT_ENOUGH = "not enough evidence"
SENTIMENT = "sentiment:"
_NAMES = (
    *SEEDED,
    *(SENTIMENT + one.value for one in Sentiment),
    *(PREFIX + topic for topic in TOPICS),
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a tagger made of one row for one label: its score, and whether it acted on it."""

    has: bool
    score: float
    put: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One label in one language and source; a figure is None where it has no cases.

    *source* is "sets" (those that a shipped model may learn from), "seeds", "seeds, no accents"
    (Vietnamese ones typed without) or the name of a set that it never learns from.
    *state* says whether a head speaks: "on", "off", or "rules only" where there is none.
    *put* posts were put before a person, *found* of them with the label.
    *reliability* has, per band of score, its mean score, its share with the label, its weight.
    *note* says where the positives are too few to claim anything.
    """

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
    source: str = SETS
    state: str = ON
    put: int = 0
    found: int = 0
    note: str = ""
    reliability: tuple[tuple[float, float, float], ...] = ()


def results_for_card(tagger: Tagger, datasets: Path) -> dict[str, object]:
    """Measure a fresh model for its card: held-out rows, the gate, the worded examples."""
    rows = held_out(datasets)
    tags = tagger.tag([Text(str(at), row.text) for at, row in enumerate(rows)])
    gate = neutrality.neutrality_report(
        tagger.tag, neutrality.shipped_posts(), neutrality.shipped_pairs()
    )
    return {
        "held_out": [asdict(line) for line in lines_of(tagger, rows, tags)],
        "labelled_bounds": [asdict(bound) for bound in labelled_bounds(rows, tags)],
        "neutrality": gate.as_dict(),
        "examples": examples.report(tagger.tag),
    }


def held_out(datasets: Path | None = None) -> list[Row]:
    """Read what training leaves out: the tenth of the seeds and, with *datasets*, of every set.

    With them come rows of the sets that no shipped model may learn from.
    """
    if datasets is None:
        return [row for row in seed_rows() if is_test(row)]
    own = [row for row in read_corpus(datasets) if is_test(row)]
    return [*own, *unshipped_rows(datasets)]


def evaluate(tagger: Tagger, rows: Sequence[Row]) -> list[Line]:
    """Tag *rows* and measure each label in each language and source that has rows of it."""
    return lines_of(
        tagger, rows, tagger.tag([Text(str(at), row.text) for at, row in enumerate(rows)])
    )


def lines_of(tagger: Tagger, rows: Sequence[Row], tags: Sequence[Tag]) -> list[Line]:
    """Measure *tags*, which the tagger gave to *rows*."""
    grouped: dict[tuple[str, str, str], list[Said]] = defaultdict(list)
    for row, tag in zip(rows, tags, strict=True):
        if row.lang in LANGUAGES:
            for label, said in (*_judged(row, tag), *_felt(row, tag)):
                grouped[label, row.lang, source_of(row)].append(said)
    about = [(row, tag) for row, tag in zip(rows, tags, strict=True) if _tells_topics(row)]
    for start in range(0, len(about), BATCH):
        for row, label, said in _topics(tagger, about[start : start + BATCH]):
            grouped[label, row.lang, source_of(row)].append(said)
    order = {lang: at for at, lang in enumerate(LANGUAGES)}
    return [
        measure(*key, grouped[key], state=_state(tagger, key[0], key[1]))
        for key in sorted(
            grouped, key=lambda key: (_NAMES.index(key[0]), order[key[1]], _rank(key[2]), key[2])
        )
    ]


def measure(label: str, lang: str, source: str, said: Sequence[Said], *, state: str) -> Line:
    """Measure one label in one language and source."""
    has = np.array([one.has for one in said], dtype=np.bool_)
    scores = np.array([one.score for one in said], dtype=np.float64)
    put = np.array([one.put for one in said], dtype=np.bool_)
    found, positives, shown = int((has & put).sum()), int(has.sum()), int(put.sum())
    can_rank = state == ON and 0 < positives < len(has)
    return Line(
        label=label,
        lang=lang,
        positives=positives,
        negatives=len(has) - positives,
        average_precision=float(average_precision_score(has, scores)) if can_rank else None,
        precision=found / shown if shown else None,
        precision_interval=wilson(found, shown),
        recall=found / positives if positives else None,
        recall_interval=wilson(found, positives),
        calibration_error=calibration_error(has, scores) if can_rank else None,
        source=source,
        state=state,
        put=shown,
        found=found,
        note=NOT_ENOUGH if positives < FEWEST_POSITIVES else "",
        reliability=_rounded(reliability(has, scores)) if can_rank else (),
    )


def calibration_error(has: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Compute the expected calibration error over `BANDS` equal bands of score."""
    return sum(weight * abs(score - share) for score, share, weight in reliability(has, scores))


def reliability(
    has: NDArray[np.bool_], scores: NDArray[np.float64]
) -> list[tuple[float, float, float]]:
    """Give for each band of score that has rows its mean score, share of positives, and weight.

    The weights sum to 1.
    """
    weight = at_prior(has, np.ones(len(has)))
    bands = np.minimum((scores * BANDS).astype(int), BANDS - 1)
    found = []
    for number in range(BANDS):
        inside = bands == number
        total = float(weight[inside].sum())
        if total > 0:
            score = float((weight[inside] * scores[inside]).sum()) / total
            found.append((score, float((weight[inside] * has[inside]).sum()) / total, total))
    return found


def _rounded(bands: Sequence[tuple[float, float, float]]) -> tuple[tuple[float, float, float], ...]:
    return tuple((round(a, 4), round(b, 4), round(c, 4)) for a, b, c in bands)


def _judged(row: Row, tag: Tag) -> Iterator[tuple[str, Said]]:
    for label in SEEDED:
        has = truth(label, row)
        if has is not None:
            score = tag.harms[label] if label in tag.harms else tag.requests[label]
            yield label, Said(has, score.score, score.band is not Band.NOTHING)


def _felt(row: Row, tag: Tag) -> Iterator[tuple[str, Said]]:
    if row.sentiment is None or tag.sentiment_scores is None:
        return
    for label, score in tag.sentiment_scores.items():
        yield SENTIMENT + label, Said(row.sentiment == label, score, tag.sentiment == label)


def _tells_topics(row: Row) -> bool:
    return row.lang in LANGUAGES and any(truth(PREFIX + topic, row) is not None for topic in TOPICS)


def _topics(tagger: Tagger, about: Sequence[tuple[Row, Tag]]) -> Iterator[tuple[Row, str, Said]]:
    """Score every topic anew: a tag names only those that it shows."""
    found = [tagger.reader.read(row.text) for row, _ in about]
    features = tagger.loaded.features.rows([one.words for one in found])
    scores = by_label(tagger.loaded.heads, tagger.loaded.heads.scores(features))
    for (row, tag), one, own in zip(about, found, scores, strict=True):
        joined = join_topics(one.reading, own)
        for topic in TOPICS:
            has = truth(PREFIX + topic, row)
            if has is not None:
                yield row, PREFIX + topic, Said(has, joined[topic], topic in tag.topics)


def source_of(row: Row) -> str:
    """Name where *row* comes from, as a line shows it."""
    if row.source in DRAWN:
        return SETS
    if row.source == SEEDS and row.lang == "vi" and fold(row.text) == row.text:
        return UNACCENTED
    return row.source


def _rank(source: str) -> int:
    return {SETS: 0, SEEDS: 1, UNACCENTED: 2}.get(source, 3)


def _state(tagger: Tagger, label: str, lang: str) -> str:
    if label.startswith(SENTIMENT):
        return ON
    if label not in tagger.loaded.heads.labels:
        return RULES
    return OFF if label in tagger.judge.off.get(lang, frozenset()) else ON
