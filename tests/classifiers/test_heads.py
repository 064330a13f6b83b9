"""Scores of one batch: independent probabilities, and one softmax for sentiment."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from evenhand.classifiers.heads import Heads, by_label, sigmoid

HEADS = Heads(
    labels=("a", "b"),
    weights=np.array([[1.0, 0.0], [0.0, -2.0], [0.5, 0.5]], np.float32),
    bias=np.array([0.0, 1.0], np.float32),
    slope=np.array([2.0, 1.0], np.float32),
    shift=np.array([0.0, -1.0], np.float32),
)


def rows(*values):
    return sparse.csr_matrix(np.array(values, np.float32))


def test_logits_are_margins_through_platts_line():
    """(1 x 1 + 0) x 2 + 0 = 2 and (1 x -2 + 1) x 1 - 1 = -2."""
    assert HEADS.logits(rows([1, 1, 0])).tolist() == [[2.0, -2.0]]


def test_empty_text_scores_by_the_bias_alone():
    """No term, no margin: sigmoid(0) and sigmoid(1 - 1)."""
    assert HEADS.scores(rows([0, 0, 0])).tolist() == [[0.5, 0.5]]


def test_softmax_sums_to_one_over_the_labels():
    """Also for margins that would overflow."""
    shares = HEADS.softmax(rows([1, 1, 0], [5_000, 5_000, 0], [-5_000, 0, 0]))

    assert shares.sum(axis=1) == pytest.approx([1.0, 1.0, 1.0])
    assert np.isfinite(shares).all()


def test_weights_of_a_label_are_calibrated():
    """A weight of 1 under a slope of 2 moves the log-odds by 2."""
    assert HEADS.weights_of("a", np.array([0, 2], np.int32)).tolist() == [2.0, 1.0]


@given(st.floats(-1e6, 1e6, width=32))
def test_sigmoid_stays_within_0_and_1(logit):
    """And sigmoid(x) + sigmoid(-x) = 1."""
    pair = sigmoid(np.array([logit, -logit], np.float32))

    assert ((pair >= 0) & (pair <= 1)).all()
    assert pair.sum() == pytest.approx(1.0, abs=1e-6)


def test_scores_are_named_row_by_row():
    """One mapping per text, in order."""
    scores = np.array([[0.25, 0.5], [0.0, 1.0]], np.float32)

    assert by_label(HEADS, scores) == [{"a": 0.25, "b": 0.5}, {"a": 0.0, "b": 1.0}]
