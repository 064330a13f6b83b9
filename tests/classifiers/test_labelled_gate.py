"""Bounds on labelled sets are worked out from the sets where the label is at home."""

from __future__ import annotations

import pytest

from evenhand.classifiers.corpus import Row
from evenhand.classifiers.labelled_gate import labelled_bounds
from evenhand.data.records import Band, Score, Tag
from evenhand.data.taxonomy import Policy

QUIET, PUT = Score(0.0, Band.NOTHING), Score(0.9, Band.CHECK)


def row(source, *, yes=(), no=()):
    """Make a row of which only the labels matter."""
    return Row("text", "en", source, frozenset(yes), frozenset(no))


def tag(*labels):
    """Make a tag that puts a post before a person for *labels*."""
    harms = {policy.value: PUT if policy.value in labels else QUIET for policy in Policy}
    return Tag("1", "en", {}, False, None, None, harms, {}, (), "x@1")  # noqa: FBT003 - a record


def bounds_of(*pairs):
    """Give the bounds by name."""
    rows, tags = zip(*pairs, strict=True)
    return {bound.name: bound for bound in labelled_bounds(rows, tags)}


def test_spam_and_scam_are_counted_in_their_own_sets_alone():
    """3 of 4 found, 1 of 2 false; a post of another set changes nothing."""
    spam = row("sms_spam", yes=["spam"])
    ham = row("sms_spam", no=["spam"])
    pairs = [(spam, tag("spam"))] * 3 + [(spam, tag()), (ham, tag("spam")), (ham, tag())]
    pairs += [(row("goemotions", no=["spam"]), tag())] * 50
    bounds = bounds_of(*pairs)

    assert (0.75, False) == (
        bounds["spam found, English sets"].measured,
        bounds["spam found, English sets"].passed,
    )
    assert (0.5, False) == (
        bounds["spam false alarms, English sets"].measured,
        bounds["spam false alarms, English sets"].passed,
    )
    assert "scam_fraud found, English sets" not in bounds


def test_false_alarms_hold_by_the_share_and_show_their_limit():
    """None of 100 is 0 %, and may be 2.95 %: 1 - 0.05 ** (1 / 100)."""
    ham = row("sms_phishing", no=["scam_fraud"])
    bound = bounds_of(*[(ham, tag())] * 100)["scam_fraud false alarms, English sets"]

    assert (0.0, True) == (bound.measured, bound.passed)
    assert bound.limit == pytest.approx(0.0295, abs=1e-4)


def test_harassment_precision_leaves_out_what_its_set_does_not_tell():
    """4 of 5 told have it; of a sixth nobody knows."""
    pairs = [(row("davidson_hate_offensive", yes=["harassment"]), tag("harassment"))] * 4
    pairs += [(row("davidson_hate_offensive", no=["harassment"]), tag("harassment"))]
    pairs += [(row("davidson_hate_offensive"), tag("harassment"))]

    assert 0.8 == bounds_of(*pairs)["harassment precision"].measured


def test_seeds_alone_give_no_bound():
    """Without labelled sets nothing is claimed of them."""
    assert {} == bounds_of((row("seeds", yes=["harassment", "spam"]), tag("harassment")))
