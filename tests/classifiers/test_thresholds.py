"""A score alone never puts a post before a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.classifiers.thresholds import FLOORS, Signs, band
from evenhand.data.records import Band

STRENGTHS = st.lists(st.sampled_from(["weak", "strong", "alone"]), max_size=3)
EFFECTS = st.lists(st.sampled_from(["drop", "doubt"]), max_size=2)
SIGNS = st.builds(
    Signs, st.none() | st.floats(0, 1), STRENGTHS, EFFECTS, st.sampled_from(["en", "vi"])
)
ORDER = [Band.NOTHING, Band.CHECK, Band.FLAG]


@given(st.sampled_from(sorted(FLOORS)), st.floats(0, 1), st.floats(0, 1))
def test_band_is_nothing_without_a_key(label, score, threshold):
    """However high the score, however low the threshold."""
    assert band(label, Signs(score), threshold).band is Band.NOTHING


@given(st.sampled_from(sorted(FLOORS)), st.floats(0, 1), STRENGTHS, EFFECTS)
def test_guards_never_raise_a_band(label, score, strengths, effects):
    """A guard lowers or leaves."""
    without = band(label, Signs(score, strengths), 0.5).band
    guarded = band(label, Signs(score, strengths, effects), 0.5).band

    assert ORDER.index(guarded) <= ORDER.index(without)


@given(st.floats(0, 1), STRENGTHS)
def test_self_harm_is_always_a_check(score, strengths):
    """A welfare signal is never a flag."""
    assert band("self_harm_risk", Signs(score, strengths), 0.5).band is not Band.FLAG


@given(st.sampled_from(sorted(FLOORS)), SIGNS, st.floats(0, 1))
def test_puts_at_is_the_highest_threshold_that_puts_a_post_before_people(label, signs, threshold):
    """From the floor up, the number and the band agree at every threshold."""
    found = band(label, signs, threshold)
    asked = max(threshold, FLOORS[label])
    puts = found.puts_at is not None and found.puts_at >= asked

    assert (found.band is not Band.NOTHING) == puts


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        # A score alone: no threshold would.
        (Signs(0.9), None),
        (Signs(0.9, ["alone"], ["drop"]), None),
        (Signs(0.9, ["weak"], ["doubt"]), None),
        (Signs(None, ["weak"]), None),
        # Odds 9 : 1; a strong key makes them exp(0.5) = 1.649 times that, 14.84 : 1.
        (Signs(0.9, ["weak"]), 0.9),
        (Signs(0.9, ["strong"]), 0.9369),
        # Vietnamese takes exp(0.75) = 2.117 off: 7.009 : 1.
        (Signs(0.9, ["strong"], lang="vi"), 0.8751),
        # The model is off: the key decides, whatever the threshold.
        (Signs(None, ["strong"]), 1.0),
    ],
)
def test_puts_at_counts_score_key_and_language(signs, expected):
    """Worked by hand."""
    found = band("spam", signs, 0.5).puts_at

    assert expected == (found if found is None else round(found, 4))


def test_threshold_cannot_go_below_the_floor():
    """A setting of 0 still asks for the floor."""
    found = band("spam", Signs(0.4, ["weak"]), 0.0)

    assert (FLOORS["spam"], found.band) == (0.5, Band.NOTHING)


def test_vietnamese_scores_need_more():
    """The same score that is enough in English is not in Vietnamese."""
    english, vietnamese = (
        band("spam", Signs(0.6, ["weak"], lang=lang), 0.5).band for lang in ("en", "vi")
    )

    assert (Band.CHECK, Band.NOTHING) == (english, vietnamese)


@pytest.mark.parametrize(
    ("score", "strength", "effects", "expected"),
    [
        (0.9, "weak", [], Band.CHECK),
        (0.9, "strong", [], Band.FLAG),
        # Log-odds 0.5 and 3 below those of 0.5: 0.378 and 0.047.
        (0.38, "strong", [], Band.CHECK),
        (0.37, "strong", [], Band.NOTHING),
        (0.05, "alone", [], Band.CHECK),
        (0.04, "alone", [], Band.NOTHING),
        (0.49, "weak", [], Band.NOTHING),
        (0.9, "weak", ["doubt"], Band.NOTHING),
        (None, "weak", [], Band.NOTHING),
        (None, "strong", [], Band.CHECK),
        (0.9, "strong", ["doubt"], Band.CHECK),
        (0.49, "strong", ["doubt"], Band.NOTHING),
        (0.9, "alone", ["drop"], Band.NOTHING),
    ],
)
def test_two_keys_make_a_band(score, strength, effects, expected):
    """Score, key and guard together."""
    assert band("spam", Signs(score, [strength], effects), 0.5).band is expected
