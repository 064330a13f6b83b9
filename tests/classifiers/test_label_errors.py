"""Labels worth a second look, by cleanlab on out-of-fold probabilities."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from evenhand.classifiers.label_errors import find
from evenhand.data.errors import MissingExtra
from tests.label_floor import make_labels, says


def test_wrong_labels_come_first(small_model):
    """20 of 600 labels were turned from hate to nothing: most stand among the first 40 doubts."""
    pytest.importorskip("cleanlab")
    labels = [each for each in make_labels(5400, langs=("en",)) if each.yes in ({"hate"}, set())]
    hate = [each for each in labels if each.yes][:150]
    turned = [says(each) for each in hate[:20]]
    nothing = [each for each in labels if not each.yes][:450]
    doubts = [
        each for each in find([*turned, *hate[20:], *nothing], small_model) if each.label == "hate"
    ]
    wrong = {each.post_id for each in turned}

    assert sum(each.post_id in wrong for each in doubts[:40]) >= 12
    assert doubts == sorted(doubts, key=lambda each: (each.p, each.post_id, each.label))
    assert all(each.given is False for each in doubts if each.post_id in wrong)
    assert all(0.0 <= each.p <= 0.5 for each in doubts)


def test_nothing_is_doubted_with_too_few_labels(small_model):
    """Nine labels of each kind have no rate of mistakes."""
    pytest.importorskip("cleanlab")

    assert [] == find(make_labels(80), small_model)
    assert [] == find([], small_model)


def test_unusable_labels_are_left_out(small_model):
    """No words, another language: they are no row of any kind."""
    pytest.importorskip("cleanlab")
    labels = make_labels(60)

    assert [] == find([replace(labels[0], text=""), replace(labels[1], lang="fr")], small_model)


def test_missing_extra_is_named(small_model, monkeypatch):
    """Without cleanlab the message says what to install."""
    monkeypatch.setitem(sys.modules, "cleanlab.filter", None)

    with pytest.raises(MissingExtra, match=r"evenhand\[labels\]"):
        find(make_labels(10), small_model)
