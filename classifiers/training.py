"""Labelled rows → a model: the same data and lock file give the same content hash.

One logistic regression per label over the shared features, Platt-scaled on out-of-fold margins.
Nothing here reads a public test set.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha1
from importlib import metadata
from typing import TYPE_CHECKING

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from evenhand.classifiers import shelf
from evenhand.classifiers.corpus import (
    HARMS,
    OWN_SEEDS,
    REQUESTS,
    SEEDS,
    TOPICS,
    Row,
    licences,
    read_corpus,
    rows_hash,
)
from evenhand.classifiers.features import fit_features
from evenhand.classifiers.heads import Heads, sigmoid
from evenhand.classifiers.language import KNOWN
from evenhand.classifiers.lexicon import load_lexicon
from evenhand.classifiers.shelf import Card, Model
from evenhand.classifiers.signs import Reader
from evenhand.classifiers.text import fold
from evenhand.classifiers.thresholds import FLOORS, HANDICAP, worth_of
from evenhand.data.errors import InputError, TooFewLabels
from evenhand.data.taxonomy import Policy, Request, Sentiment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from scipy import sparse

    from evenhand.classifiers.signs import Read

    # Weights, bias, Platt's slope and shift of one head.
    Column = tuple[NDArray[np.float64], float, float, float]

RECIPE = "builtin"
VOCABULARY = 120_000
FOUND_AT_LEAST = 3
FEWEST_POSITIVES = 20
FOLDS = 3
TEST_SHARE = 10
# Strength of regularisation (inverse): weaker weights for hate kept its scores apart from single
# words in the neutrality study.
STRENGTH = 4.0
HATE_STRENGTH = 1.0
# Scores are calibrated to a stream in which this share of posts has the label, or to the share in
# the data where that is larger.
PRIOR = 0.1
PRECISION = 0.8
# A threshold lets at most this share of the seeds without any label be put before a person, out of
# fold: all labels together must stay below the 1 % of the neutrality gate.  Hate and threats, which
# do most harm, have more of it; so have questions and complaints, whose near misses ("to friends",
# "about another firm") are many among the seeds and few in a stream.
MOST_FALSE = 0.0003
OWN_MOST_FALSE = {
    Policy.SELF_HARM_RISK.value: 0.00025,
    Policy.HARASSMENT.value: 0.0006,
    Policy.DOXXING.value: 0.0006,
    Policy.HATE.value: 0.001,
    Policy.VIOLENCE_THREAT.value: 0.0013,
    Request.HELP_NEEDED.value: 0.0005,
    Request.QUESTION.value: 0.002,
    Request.COMPLAINT.value: 0.002,
}
# Scores crowd near 1: the steps become smaller there.
HIGH = (0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.9925, 0.995, 0.9975, 0.999)
LANGUAGES = ("en", "vi", "other")
# Where there is nothing to learn from the head is not believed: only rules speak.
OFF = {"other": (*HARMS, *REQUESTS)}
LIMITS = (
    "Vietnamese, threats, self-harm, doxxing and requests: learnt from seed posts of one team.",
    "Misinformation: only what the team's statement list names.",
    "Other languages: no model scores for harms and requests; rules only.",
    "Read up to 20,000 characters of a post.",
    f"Scores assume that {PRIOR:.0%} of posts have the label, or the share in the data if larger.",
)


@dataclass(frozen=True)
class Material:
    """Rows with their features: (n_rows, n_vocabulary).

    *worths* gives per label and row what its keys add to the log-odds of the score, minus infinity
    where it has none.  Without them thresholds go by the score alone.
    """

    rows: Sequence[Row]
    features: sparse.csr_matrix
    worths: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)


def train(
    recipe: str,
    datasets: Path,
    output: Path,
    *,
    progress: Callable[[str, float], None] = lambda _step, _share: None,
) -> Card:
    """Train the model of *recipe* from *datasets* and the seeds, and save it in *output*.

    *progress* is told the step and the share done, 0-1.

    Raises:
        InputError: The recipe is unknown, or a set is missing or may not be used.
        TooFewLabels: A label has too few positive rows.
    """
    if recipe != RECIPE:
        msg = f"there is no recipe {recipe!r}; use {RECIPE!r}"
        raise InputError(msg)
    progress("reading", 0.0)
    model = train_rows(read_corpus(datasets), name=recipe, progress=progress)
    card = _with_licences(model.card, licences(datasets / "README.md"))
    return shelf.save(replace(model, card=card), output)


def train_rows(rows: Sequence[Row], *, name: str, progress: Callable[[str, float], None]) -> Model:
    """Train a model from *rows*, leaving out the test rows (`is_test`)."""
    kept = [row for row in rows if not is_test(row)]
    reader = Reader.of(load_lexicon())
    worths = {label: np.full(len(kept), -np.inf, dtype=np.float32) for label in FLOORS}
    words = []
    for at, row in enumerate(kept):
        found = reader.read(row.text)
        words.append(found.words)
        for label, worth in worths_of(found, row.lang).items():
            worths[label][at] = worth
    progress("features", 0.1)
    features = fit_features(words, most=VOCABULARY, at_least=FOUND_AT_LEAST)
    material = Material(kept, features.rows(words), worths)
    labels = (*HARMS, *REQUESTS, *(f"topic:{topic}" for topic in TOPICS))
    labels = (*labels, *(f"lang:{lang}" for lang in KNOWN))
    columns, thresholds = [], {}
    for at, label in enumerate(labels):
        progress(label, 0.2 + 0.7 * at / len(labels))
        column, threshold = fit_head(label, material)
        columns.append(column)
        if threshold is not None:
            thresholds[label] = threshold
    progress("sentiment", 0.9)
    card = _card(name, labels, thresholds, kept)
    return Model(card, features, joined(labels, columns), _sentiment(material))


def is_test(row: Row) -> bool:
    """Say whether *row* is held out for evaluation: a tenth, chosen by the text alone."""
    return _number(row) % TEST_SHARE == 0


def truth(label: str, row: Row) -> bool | None:
    """Say whether *row* has *label*; None where its set does not tell."""
    if label.startswith("lang:"):
        return None if row.lang == "und" else label == f"lang:{row.lang}"
    if label in row.yes:
        return True
    return False if label in row.no else None


def _number(row: Row) -> int:
    # Without accents, so that a Vietnamese seed and its copy without them never part: else the one
    # would be tested on what the other taught.
    plain = fold(row.text).encode()
    return int.from_bytes(sha1(plain, usedforsecurity=False).digest()[:4], "big")


def fit_head(
    label: str, material: Material, *, floor: float | None = None, balanced: bool = True
) -> tuple[Column, float | None]:
    """Fit and calibrate the head of *label*, and choose its threshold where people see it.

    *floor* is by default the label's own; *balanced* weighs both classes the same.  Both are asked
    for by the bench that shows what each of them is worth.

    Raises:
        TooFewLabels: It has fewer than `FEWEST_POSITIVES` positive rows.
    """
    fitted = partial(_fitted, label, balanced=balanced)
    known = [at for at, row in enumerate(material.rows) if truth(label, row) is not None]
    has = np.array([truth(label, material.rows[at]) for at in known], dtype=np.bool_)
    if has.sum() < FEWEST_POSITIVES:
        raise TooFewLabels(label, have=int(has.sum()), need=FEWEST_POSITIVES)
    weight = np.array([material.rows[at].weight for at in known])
    inputs = material.features[known]
    folds = np.array([_number(material.rows[at]) // TEST_SHARE % FOLDS for at in known])
    margins = np.zeros(len(known))
    checked = label in FLOORS
    for number in range(FOLDS if checked else 1):
        out = folds == number
        part = fitted(inputs[~out], has[~out], weight[~out])
        margins[out] = part.decision_function(inputs[out])
    seen = np.ones(len(known), dtype=np.bool_) if checked else folds == 0
    slope, shift = platt(margins[seen], has[seen], weight[seen])
    whole = fitted(inputs, has, weight)
    threshold = None
    if checked:
        worth = material.worths.get(label)
        logits = margins * slope + shift + (0.0 if worth is None else worth[known])
        quiet = np.array([_is_quiet(material.rows[at]) for at in known], dtype=np.bool_)
        least = FLOORS[label] if floor is None else floor
        scores = sigmoid(logits.astype(np.float32))
        most = OWN_MOST_FALSE.get(label, MOST_FALSE)
        threshold = _threshold((least, most), scores, (has, quiet), weight)
    return (whole.coef_[0], float(whole.intercept_[0]), slope, shift), threshold


def _fitted(
    label: str,
    inputs: sparse.csr_matrix,
    has: NDArray[np.bool_],
    weight: NDArray[np.float64],
    *,
    balanced: bool,
) -> LogisticRegression:
    strength = HATE_STRENGTH if label == Policy.HATE.value else STRENGTH
    head = LogisticRegression(
        C=strength,
        class_weight="balanced" if balanced else None,
        solver="liblinear",
        random_state=0,
        tol=1e-3,
    )
    with warnings.catch_warnings():
        # liblinear stops after 100 passes; what is left changes no score by 0.001.
        warnings.simplefilter("ignore", ConvergenceWarning)
        head.fit(inputs, has, sample_weight=weight)
    return head


def platt(
    margins: NDArray[np.float64], has: NDArray[np.bool_], weight: NDArray[np.float64]
) -> tuple[float, float]:
    """Fit slope and shift of a sigmoid to held-out *margins* (Platt 1999), at least at `PRIOR`."""
    scaled = at_prior(has, weight)
    line = LogisticRegression(C=1e4, solver="lbfgs", random_state=0)
    line.fit(margins[:, None], has, sample_weight=scaled * len(margins))
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def at_prior(has: NDArray[np.bool_], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale *weight* to a sum of 1 in which at least `PRIOR` has the label."""
    share = max(PRIOR, float(weight[has].sum() / weight.sum()))
    scaled: NDArray[np.float64] = np.where(
        has, weight * share / weight[has].sum(), weight * (1 - share) / weight[~has].sum()
    )
    return scaled


def worths_of(found: Read, lang: str) -> dict[str, float]:
    """Give what the keys of one text add to the log-odds of each label's score.

    What its language takes away is in it.
    A label for which no score would be enough is left out.
    """
    labels = {*found.evidence.keys, *(hit.label for hit in found.hits)}
    worths = {label: worth_of(found.strengths(label), found.effects(label)) for label in labels}
    less = HANDICAP.get(lang, 0.0)
    return {label: worth - less for label, worth in worths.items() if worth is not None}


def _is_quiet(row: Row) -> bool:
    return row.source == SEEDS and all(label.startswith("topic:") for label in row.yes)


def _threshold(
    bounds: tuple[float, float],
    scores: NDArray[np.float32],
    kinds: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    weight: NDArray[np.float64],
) -> float:
    """Find the lowest threshold that is precise, and leaves quiet seeds alone.

    *bounds* are the floor and the share of quiet seeds that may be above the threshold.
    *scores* hold what the keys add, and are 0 without keys; *kinds* says which rows have the label
    and which are seeds without any.
    """
    (floor, most), (has, quiet) = bounds, kinds
    scaled = at_prior(has, weight)
    for candidate in (*np.arange(floor, 0.95, 0.025), *HIGH):
        above = scores >= candidate
        precise = above.any() and scaled[above & has].sum() / scaled[above].sum() >= PRECISION
        if precise and above[quiet].sum() <= most * quiet.sum():
            return round(float(candidate), 4)
    return HIGH[-1]


def joined(labels: tuple[str, ...], columns: Sequence[Column]) -> Heads:
    """Put the *columns* of *labels* side by side, rounded as they are stored."""
    weights, biases, slopes, shifts = zip(*columns, strict=True)
    stacked = np.column_stack(weights).astype(np.float16).astype(np.float32)
    numbers = (np.array(each, dtype=np.float32) for each in (biases, slopes, shifts))
    return Heads(labels, stacked, *numbers)


def _sentiment(material: Material) -> Heads:
    known = [at for at, row in enumerate(material.rows) if row.sentiment is not None]
    named = [str(material.rows[at].sentiment) for at in known]
    weight = np.array([material.rows[at].weight for at in known])
    head = LogisticRegression(C=2.0, class_weight="balanced", tol=1e-3, max_iter=200)
    head.fit(material.features[known], named, sample_weight=weight)
    labels = tuple(str(label) for label in head.classes_)
    if labels != tuple(sorted(Sentiment)):
        category = "sentiment"
        raise TooFewLabels(category, have=len(labels), need=len(Sentiment))
    ones, zeros = np.ones(3, dtype=np.float32), np.zeros(3, dtype=np.float32)
    weights = head.coef_.T.astype(np.float16).astype(np.float32)
    return Heads(labels, weights, head.intercept_.astype(np.float32), ones, zeros)


def _card(
    name: str, labels: tuple[str, ...], thresholds: Mapping[str, float], rows: Sequence[Row]
) -> Card:
    counts: dict[str, dict[str, tuple[int, int]]] = {}
    for label in labels:
        counts[label] = {}
        for lang in LANGUAGES:
            told = [truth(label, row) for row in rows if row.lang == lang]
            counts[label][lang] = (told.count(True), told.count(False))
    sources = sorted({row.source for row in rows})
    return Card(
        name=name,
        recipe=name,
        labels=labels,
        sentiment=tuple(sorted(Sentiment)),
        thresholds=dict(sorted(thresholds.items())),
        off=OFF,
        sources=tuple(
            {"name": source, "rows": sum(row.source == source for row in rows)}
            for source in sources
        ),
        rows=counts,
        lexicon=load_lexicon().digest,
        limits=LIMITS,
        data_hash=rows_hash(rows),
        code_version=metadata.version("evenhand"),
    )


def _with_licences(card: Card, licence_by_set: Mapping[str, str]) -> Card:
    """Write beside each source the licence under which its texts may teach a shipped model."""
    known = {**licence_by_set, SEEDS: OWN_SEEDS}
    sources = tuple({**one, "licence": known.get(str(one["name"]), "")} for one in card.sources)
    names = sorted({str(one["licence"]) for one in sources} - {""})
    return replace(card, sources=sources, licences=tuple(names))
