"""Reasons are exact: the words' shares and the bias are the log-odds."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from evenhand.classifiers.reasons import contributions

TEXT = "We know your shift ends at ten, we will burn your house tonight"


@pytest.mark.parametrize("label", ["violence_threat", "hate", "question"])
def test_shares_sum_to_the_log_odds(tagger, label):
    """Nothing is left out and nothing invented."""
    model, found = tagger.loaded, tagger.reader.read(TEXT)
    row = model.features.rows([found.words])
    weights = model.heads.weights_of(label, row.indices)
    shares = contributions(model.features, found, row, weights)
    at = model.heads.labels.index(label)
    bias = model.heads.bias[at] * model.heads.slope[at] + model.heads.shift[at]

    assert shares.sum() + bias == pytest.approx(model.heads.logits(row)[0, at], abs=1e-3)


def test_reasons_point_into_the_shown_text(tag_one):
    """Spans of a decomposed text with an emoji lie on the letters that were matched."""
    shown = "😀 Tao biết nha\u0300 ma\u0300y, tối nay tao đốt nhà mày"
    tag = tag_one(shown)
    spans = [span for reason in tag.reasons for span in reason.spans]
    pieces = [unicodedata.normalize("NFC", shown[start:end]) for start, end in spans]

    assert "violence_threat" in tag.flagged
    assert "Tao biết nhà mày" in pieces
    assert all(0 <= start < end <= len(shown) for start, end in spans)


def test_reasons_are_given_only_for_what_is_shown(tag_one):
    """A quiet post needs no explanation."""
    assert tag_one("We painted the kitchen yellow today and it looks great").reasons == ()


def test_model_reasons_are_finite(tag_one):
    """Weights can be stored as plain numbers."""
    weights = [reason.weight for reason in tag_one(TEXT).reasons if reason.kind == "model"]

    assert weights
    assert np.isfinite(weights).all()
