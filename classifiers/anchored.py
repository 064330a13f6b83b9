"""Move one head away from the active model only as far as labels ask.

Minimises  Σ wᵢ · logloss(yᵢ, zᵢ + d·xᵢ + e)  +  ‖d‖² / 2C  over d and e, where zᵢ is the
log-odds that the active model gives text i: a logistic regression whose prior mean is the
active model, where scikit-learn's can only be zero.
Terms that no label uses keep their weights exactly, and without labels so does the whole head.
The scale is that of the active model's calibrated scores, so that a language without labels
keeps its calibration; its bias is kept too where *e* is not free.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import ThreadpoolController

from evenhand.classifiers.corpus import SEED_WEIGHT, seed_rows
from evenhand.classifiers.labels import shares, text_key, truth
from evenhand.classifiers.lexicon import load_lexicon
from evenhand.classifiers.signs import Reader
from evenhand.classifiers.training import at_prior, is_test
from evenhand.classifiers.training import truth as row_truth
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from evenhand.classifiers.corpus import Row
    from evenhand.classifiers.labels import Label
    from evenhand.classifiers.shelf import Model

FOLDS = 3
# How far labels may pull (C above): measured on Vietnamese sets, where 1 to 16 gave the same
# average precision within 0.06.  Hate less, so that single words gain less weight there.
STRENGTH = 8.0
HATE_STRENGTH = 1.0
MOST_STEPS = 200
UNKNOWN = -1


@dataclass(frozen=True)
class Material:
    """Labels and seed posts with all that every head needs of them.

    Rows are the labels in their order, then the seeds: *features* is (n_rows, n_vocabulary),
    *weight* and *folds* are (n_rows,); a seed's fold is -1, as the active model knows it already.
    """

    active: Model
    labels: Sequence[Label]
    seeds: Sequence[Row]
    features: sparse.csr_matrix
    weight: NDArray[np.float64]
    folds: NDArray[np.int64]

    @property
    def is_label(self) -> NDArray[np.bool_]:
        """Say which rows are labels."""
        found: NDArray[np.bool_] = self.folds >= 0
        return found

    def logits(self, name: str) -> NDArray[np.float64]:
        """Compute the active head's calibrated log-odds of each row."""
        heads = self.active.heads
        at = heads.labels.index(name)
        margins = self.features @ heads.weights[:, at].astype(np.float64) + heads.bias[at]
        return np.asarray(margins * heads.slope[at] + heads.shift[at], dtype=np.float64)

    def has(self, name: str) -> NDArray[np.int64]:
        """Give 1, 0 or `UNKNOWN` for each row."""
        told = [truth(name, label) for label in self.labels]
        told += [row_truth(name, row) for row in self.seeds]
        return np.array([UNKNOWN if each is None else int(each) for each in told], dtype=np.int64)


@dataclass(frozen=True)
class Move:
    """How far one head's log-odds move: *weights* is (n_vocabulary,)."""

    weights: NDArray[np.float64]
    bias: float

    def logits(self, features: sparse.csr_matrix) -> NDArray[np.float64]:
        """Compute what the move adds to the log-odds of each row."""
        return np.asarray(features @ self.weights + self.bias, dtype=np.float64)


def gather(active: Model, labels: Sequence[Label]) -> Material:
    """Read *labels* and the seed posts with the vocabulary of *active*."""
    reader = Reader.of(load_lexicon())
    seeds = [row for row in seed_rows() if not is_test(row)]
    texts = [label.text for label in labels] + [row.text for row in seeds]
    features = active.features.rows([reader.read(text).words for text in texts])
    weight = np.array(shares(labels) + [row.weight / SEED_WEIGHT for row in seeds])
    folds = [int(text_key(label.text), 16) % FOLDS for label in labels] + [-1] * len(seeds)
    return Material(active, labels, seeds, features, weight, np.array(folds, dtype=np.int64))


def only(material: Material, kept: Sequence[bool]) -> Material:
    """Leave out the labels that *kept* says no to."""
    labels = [label for label, stays in zip(material.labels, kept, strict=True) if stays]
    rows = np.array([*kept, *([True] * len(material.seeds))], dtype=np.bool_)
    weight = material.weight[rows]
    weight[: len(labels)] = shares(labels)
    features, folds = material.features[rows], material.folds[rows]
    return Material(material.active, labels, material.seeds, features, weight, folds)


def move(material: Material, name: str, rows: NDArray[np.bool_], *, bias: bool = False) -> Move:
    """Fit the move of head *name* on *rows* of known truth; without *bias*, e stays 0.

    Rows weigh as the calibration assumes (`training.at_prior`).
    """
    has = material.has(name)
    used = np.flatnonzero(rows & (has != UNKNOWN))
    positive = has[used] == 1
    weight = at_prior(positive, material.weight[used]) * material.weight[used].sum()
    inputs = material.features[used]
    terms = np.flatnonzero(np.bincount(inputs.indices, minlength=inputs.shape[1]))
    problem = _Problem(
        inputs[:, terms].astype(np.float64),
        material.logits(name)[used],
        np.where(positive, 1.0, -1.0),
        weight,
        HATE_STRENGTH if name == Policy.HATE.value else STRENGTH,
        bias=bias,
    )
    found = problem.solved()
    weights = np.zeros(material.features.shape[1])
    weights[terms] = found[:-1]
    return Move(weights, float(found[-1]))


def out_of_fold(
    material: Material, name: str, rows: NDArray[np.bool_], *, bias: bool = False
) -> NDArray[np.float64]:
    """Compute for each label the log-odds of a head that learnt from no copy of its text.

    (n_rows,); the seeds' are those of the active head.
    """
    logits = material.logits(name)
    for fold in range(FOLDS):
        out = material.folds == fold
        if out.any():
            moved = move(material, name, rows & ~out, bias=bias)
            logits[out] += moved.logits(material.features[out])
    return logits


@dataclass(frozen=True)
class _Problem:
    """One minimisation: *sign* is +1 for yes and -1 for no; the last unknown is e."""

    inputs: sparse.csr_matrix
    logits: NDArray[np.float64]
    sign: NDArray[np.float64]
    weight: NDArray[np.float64]
    strength: float
    bias: bool

    def solved(self) -> NDArray[np.float64]:
        """Find d and, last, e."""
        across = self.inputs.T.tocsr()

        def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            moved, shift = point[:-1], point[-1] if self.bias else 0.0
            agreed = self.sign * (self.logits + self.inputs @ moved + shift)
            value = self.weight @ np.logaddexp(0.0, -agreed) + moved @ moved / (2 * self.strength)
            pull = -self.sign * self.weight * 0.5 * (1.0 - np.tanh(0.5 * agreed))
            slope = across @ pull + moved / self.strength
            return float(value), np.append(slope, pull.sum() if self.bias else 0.0)

        start = np.zeros(self.inputs.shape[1] + 1)
        options = {"maxiter": MOST_STEPS, "ftol": 1e-7, "gtol": 1e-3}
        # Sums over several threads depend on their number, and so would the content hash; for
        # vectors of this size they are seven times slower too.
        with ThreadpoolController().limit(limits=1, user_api="blas"):
            found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
        return np.asarray(found.x, dtype=np.float64)
