"""Recall weighted by reach: by hand, blank where the evidence is thin, and true often enough."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import gamma

from evenhand.dashboard.jobs.estimates_audit import Audited, Cohort, Reason
from evenhand.dashboard.jobs.estimates_reach import Reached, recall_by_reach


def rows(harm, n, chance=0.5):
    """Make *n* audited posts, the first of them harm."""
    return [Audited(chance, place < harm) for place in range(n)]


def test_whole_frame_that_is_read_is_exact():
    """All 40 read, two harm with reach 10 and 30; found 120: 120 / 160 = 0.75, no interval."""
    found = recall_by_reach(
        rows(2, 40, 1.0), [10, 30, *[7] * 38], Cohort(40, 6, 6, 5), Reached(130, 130, 120)
    )

    assert (0.75, 0.75, 0.75, None) == (found.value, found.low, found.high, found.reason)
    assert (40, 2) == (found.n, found.seen)


def test_sample_is_worked_out_by_hand():
    """50 of 100 read with chance 0.5, ten of them harm with reach 10: missed 2 x 100 = 200.

    Found is 800, of 900 decided; 90 wait, of which 90 x 800 / 900 = 80 are expected to be harm:
    800 / (800 + 80 + 200).
    Variance: 0.5 x sum of (2 (y - 2))² = 0.5 x (10 x 16² + 40 x 4²) = 1,600, while ten cases of
    mean square 100 would have 0.5 x 10 x 4 x 100 = 2,000, which is more; one more case is 20.
    Upper end: gamma with mean 220 and variance 2,400; lower end: mean 200 and variance 2,000.
    """
    found = recall_by_reach(
        rows(10, 50), [10] * 50, Cohort(100, 110, 100, 80, 0.5), Reached(990, 900, 800)
    )
    high = gamma(220**2 / 2_400, scale=2_400 / 220).ppf(0.975)
    low = gamma(200**2 / 2_000, scale=2_000 / 200).ppf(0.025)

    assert pytest.approx(800 / 1_080) == found.value
    assert pytest.approx(800 / (800 + 90 + high)) == found.low
    assert pytest.approx(800 / (800 + low)) == found.high
    assert found.reason is None


def test_reach_alike_gives_the_recall_of_posts():
    """Where each post has the same reach, weighting by it changes nothing of the number."""
    some, cohort = rows(10, 50), Cohort(100, 100, 100, 80, 0.5)
    found = recall_by_reach(some, [3] * 50, cohort, Reached(300, 300, 240))

    assert pytest.approx(80 / 100) == found.value


@pytest.mark.parametrize(
    ("given", "reached", "reason"),
    [
        ((rows(2, 29), [5] * 29), Reached(50, 50, 40), Reason.TOO_FEW),
        ((rows(0, 40), [5] * 40), Reached(50, 50, 40), Reason.NONE_SEEN),
        # It saw harm, but none whose reach is known.
        ((rows(2, 40), [0] * 40), Reached(50, 50, 40), Reason.NONE_SEEN),
        ((rows(2, 40), [0] * 40), Reached(), Reason.NO_REACH),
        ((rows(2, 40), [0, 90, *[1] * 38]), Reached(500, 500, 400), Reason.TOO_WIDE),
        (
            ([*rows(4, 30), *[Audited(0.5, None)] * 9], [5] * 39),
            Reached(9, 9, 9),
            Reason.AUDIT_OPEN,
        ),
    ],
)
def test_thin_evidence_makes_no_number(given, reached, reason):
    """The bounds stand and hold all that can be."""
    found = recall_by_reach(*given, Cohort(100, 10, 10, 8, 0.5), reached)

    assert (None, reason) == (found.value, found.reason)
    assert 0 <= found.low <= found.high <= 1


def test_without_anything_decided_there_is_no_number():
    """Nothing that is read, and flagged posts of which none is."""
    none = recall_by_reach([Audited(0.5, None)], [4], Cohort(100, 10, 10, 8, 0.5), Reached(5, 5, 5))
    waits = recall_by_reach(rows(9, 90, 0.9), [1] * 90, Cohort(100, 4, 0, 0), Reached(9, 0, 0))

    assert (None, 0.0) == (none.value, none.low)
    assert (None, Reason.UNDECIDED) == (waits.value, waits.reason)


def simulated(rng):
    """Draw one world of 20,000 posts, 5 % of them harm, and its audit of 1,200: interval, truth.

    Nothing of it is taken from the estimators: chances are worked out here.
    """
    harm = rng.random(20_000) < 0.05
    score = 1 / (1 + np.exp(4 - 2.5 * harm - rng.normal(size=len(harm))))
    reach = np.floor(rng.lognormal(1.5, 1.2, len(harm)))
    flagged = harm & (rng.random(len(harm)) < 0.5)
    doubt = np.sqrt(score * (1 - score)) * ~flagged
    chances = np.minimum(1, 600 / (~flagged).sum() + 600 * doubt / doubt.sum())
    drawn = ~flagged & (rng.random(len(harm)) < chances)
    some = [
        Audited(chance, bool(is_harm))
        for chance, is_harm in zip(chances[drawn], harm[drawn], strict=True)
    ]
    count, sum_of = int(flagged.sum()), int(reach[flagged].sum())
    cohort = Cohort(len(harm) - count, count, count, count, float(chances[~flagged].min()))
    whole = [int(one) for one in reach[drawn]]
    found = recall_by_reach(some, whole, cohort, Reached(sum_of, sum_of, sum_of))
    return found, sum_of / reach[harm].sum()


def test_interval_holds_the_truth_in_most_simulated_worlds():
    """At least 95 in 100 of 200 runs, and in at least 9 in 10 of those that give a number."""
    rng = np.random.default_rng(20261126)
    runs = [simulated(rng) for _ in range(200)]
    held = [one.low <= true <= one.high for one, true in runs]
    given = [inside for inside, (one, _) in zip(held, runs, strict=True) if one.value is not None]

    assert np.mean(held) >= 0.95
    assert len(given) > 50
    assert np.mean(given) >= 0.9
