"""All labels of one batch in one sparse product: TF-IDF rows × weights → calibrated scores.

Each label is its own logistic regression with Platt scaling (Platt 1999), so a text may have
several labels or none; sentiment alone is one softmax over three.
Sentiment has its own matrix, so that it is never computed for a row that may not have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse


@dataclass(frozen=True)
class Heads:
    """Weights of several labels.

    *weights* is (n_vocabulary, n_labels), *bias* (n_labels,).
    *slope* and *shift* are Platt's: score = sigmoid(slope × margin + shift).
    """

    labels: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    slope: NDArray[np.float32]
    shift: NDArray[np.float32]

    def logits(self, rows: sparse.csr_matrix) -> NDArray[np.float32]:
        """Compute calibrated log-odds: (n_texts, n_labels)."""
        margins = rows @ self.weights + self.bias
        found: NDArray[np.float32] = margins * self.slope + self.shift
        return found

    def scores(self, rows: sparse.csr_matrix) -> NDArray[np.float32]:
        """Compute one probability per text and label; labels are independent."""
        return sigmoid(self.logits(rows))

    def softmax(self, rows: sparse.csr_matrix) -> NDArray[np.float32]:
        """Compute probabilities that sum to 1 over the labels."""
        logits = self.logits(rows)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: NDArray[np.float32] = powers / powers.sum(axis=1, keepdims=True)
        return shares

    def weights_of(self, label: str, terms: NDArray[np.int32]) -> NDArray[np.float32]:
        """Give one label's calibrated weight of each of *terms*."""
        at = self.labels.index(label)
        found: NDArray[np.float32] = self.weights[terms, at] * self.slope[at]
        return found


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Map log-odds to 0-1 without overflow."""
    found: NDArray[np.float32] = 0.5 * (1.0 + np.tanh(0.5 * logits))
    return found


def by_label(heads: Heads, scores: NDArray[np.float32]) -> list[dict[str, float]]:
    """Name the scores of each row."""
    return [dict(zip(heads.labels, row, strict=True)) for row in scores.tolist()]
