"""What an audit says of missed harm: the numbers, their bounds, and when there is no number."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from evenhand.dashboard.jobs.estimates_audit import (
    Audited,
    Cohort,
    Reason,
    _expected,
    by_slice,
    draw,
    elusion,
    expected_interval,
    inclusion,
    missed,
    prevalence,
    recall,
)
from evenhand.dashboard.jobs.estimates_interval import Weighed, interval, weigh

# 100 unflagged posts; all 60 flagged ones are decided and 45 of them are harm.
COHORT = Cohort(unflagged=100, flagged=60, decided=60, found=45)
FIGURES = (elusion, missed, prevalence, recall)

unit = st.floats(0, 1)
scores = st.lists(unit, max_size=60).map(np.array)


def audited(*groups):
    """Say (rows, inclusion, harm): (8, 0.5, 2) are 8 rows of which 2 are harm, None waits."""
    return [
        Audited(chance, None if harm is None else place < harm)
        for rows, chance, harm in groups
        for place in range(rows)
    ]


# Half of the rows stand for 2 posts and half for 4: 10 x 2 + 20 x 4 = 100.
ROWS = audited((10, 0.5, 4), (20, 0.25, 1))

drawn_rows = st.lists(
    st.builds(
        Audited, st.sampled_from([0.02, 0.1, 0.5, 1.0]), st.sampled_from([True, False, None])
    ),
    max_size=80,
)


@st.composite
def cohorts(draw_one):
    """Counts of a window that go together."""
    flagged = draw_one(st.integers(0, 60))
    decided = draw_one(st.integers(0, flagged))
    found, least = draw_one(st.integers(0, decided)), draw_one(st.sampled_from([0.01, 1.0]))
    return Cohort(draw_one(st.integers(80, 4_000)), flagged, decided, found, least)


def test_inclusion_is_worked_out_by_hand():
    """Two of four posts, scores 0, 0.5, 0.1, 0.1.

    sqrt(r (1 - r)): 0, 0.5, 0.3, 0.3, together 1.1.
    2 x (0.5 / 4 + 0.5 x w / 1.1): 0.25, 0.25 + 0.4545, 0.25 + 0.2727, 0.25 + 0.2727.
    """
    expected = [0.25, 0.25 + 0.5 / 1.1, 0.25 + 0.3 / 1.1, 0.25 + 0.3 / 1.1]

    assert pytest.approx(expected) == inclusion(np.array([0, 0.5, 0.1, 0.1]), 2)


def test_inclusion_gives_what_is_over_one_to_the_others():
    """Three of five posts, scores 0.5 and four times 0.

    3 x 0.5 / 5 = 0.3 each, and 1.5 more for the first: it is certain at 1, the other four share
    the 2 that are left: 0.5 each.
    """
    assert pytest.approx([1, 0.5, 0.5, 0.5, 0.5]) == inclusion(np.array([0.5, 0, 0, 0, 0]), 3)


def test_inclusion_passes_on_until_nobody_is_over_one():
    """What the first gives away lifts the second over 1 as well.

    3.5 of four posts, scores 0.5, 0.1, 0, 0: w = 0.5, 0.3, 0, 0, together 0.8.
    3.5 (0.125 + 0.5 w / 0.8): 1.53, 1.09, 0.4375, 0.4375; 1.5 are left for the last two.
    """
    assert pytest.approx([1, 1, 0.75, 0.75]) == inclusion(np.array([0.5, 0.1, 0, 0]), 3.5)
    # 2.5: 1.094, 0.781, 0.3125, 0.3125; times 1.5 / 1.40625: 0.833, 0.333, 0.333.
    assert pytest.approx([1, 5 / 6, 1 / 3, 1 / 3]) == inclusion(np.array([0.5, 0.1, 0, 0]), 2.5)
    # 2.9: 1.269, 0.906, 0.3625 twice; 1.9 / 1.63125 lifts 0.906 to 1.056; 0.9 are left for two.
    assert pytest.approx([1, 1, 0.45, 0.45]) == inclusion(np.array([0.5, 0.1, 0, 0]), 2.9)


def test_inclusion_draws_all_or_evenly_where_scores_say_nothing():
    """A budget of as many posts reads all; scores of 0 and 1 leave no doubt to follow."""
    assert [1, 1] == inclusion(np.array([0.2, 0.9]), 7).tolist()
    assert pytest.approx([0.5, 0.5]) == inclusion(np.array([0.0, 1.0]), 1)
    assert [] == inclusion(np.array([]), 5).tolist()


@pytest.mark.parametrize(("wrong", "budget"), [(1.2, 1), (math.nan, 1), (0.5, -1), (0.5, math.nan)])
def test_inclusion_refuses_what_is_no_score_and_no_budget(wrong, budget):
    """A score beyond 1 would give a chance that is no number."""
    with pytest.raises(ValueError, match="0-1"):
        inclusion(np.array([wrong]), budget)


@given(scores, st.floats(0, 80))
def test_inclusion_spends_the_budget_and_leaves_nobody_out(some, budget):
    """Chances add up to the budget, none is under half of an even share, more doubt gives more."""
    chances = inclusion(some, budget)
    doubt = some * (1 - some)
    order = np.argsort(doubt)

    assert pytest.approx(min(budget, len(some))) == float(chances.sum())
    assert np.all(chances <= 1)
    assert np.all(chances >= min(1, 0.5 * budget / max(1, len(some))) * (1 - 1e-9))
    assert np.all(np.diff(chances[order]) >= -1e-9)


def test_draw_takes_each_post_with_its_chance():
    """Of 20,000 each with 0, 0.25 and 1: none, a quarter (within 4 errors of 0.0031), all."""
    chances = np.repeat([0.0, 0.25, 1.0], 20_000)
    none, quarter, everyone = draw(chances, np.random.default_rng(1)).reshape(3, -1).mean(axis=1)

    assert (0, 1) == (none, everyone)
    assert pytest.approx(0.25, abs=0.0125) == quarter


def test_estimates_are_worked_out_by_hand():
    """Harm: four rows that stand for 2 posts and one that stands for 4.

    Elusion: (4 x 2 + 1 x 4) / 100 = 0.12; missed 12 of 100.
    Recall: 45 / (45 + 12); prevalence: (45 + 12) / 160.
    """
    found = [figure(ROWS, COHORT) for figure in FIGURES]

    assert pytest.approx([0.12, 12, 57 / 160, 45 / 57]) == [one.value for one in found]
    assert {(30, 5, 0, None)} == {(one.n, one.seen, one.open_rows, one.reason) for one in found}


def test_bounds_are_worked_out_by_hand():
    """Of the same rows.

    Variance: 1/2 x 2² x (4 x 0.88² + 6 x 0.12²) = 6.368 for the rows of weight 2,
      3/4 x 4² x (1 x 0.88² + 19 x 0.12²) = 12.576 for those of weight 4;
      together 18.944 / 100² = 0.0018944.
    Below: size 0.12 x 0.88 / 0.0018944 = 55.743, cases 6.6892, others 49.054;
      the beta quantile gives 4.8 posts, but five were seen: 5.
    Above: one more case; the cases stand for (4 x 2² + 4²) / 12 = 2.6667 posts each, the average
      row for 100 / 30 = 3.3333, which is more. Share 0.12 + 0.03333 = 0.15333,
      variance 0.0018944 + 0.03333 (0.03333 - 0.01) = 0.0026722,
      size 0.15333 x 0.84667 / 0.0026722 = 48.583, cases 7.4494, others 41.133.
    No case would have been seen of up to log(0.025) / log(0.75) = 12.8 posts, which is less.
    Recall turns them round: 45 / (45 + most), 45 / (45 + 5).
    """
    most = 100 * beta.ppf(0.975, 7.4494, 41.133)
    number, share = missed(ROWS, COHORT), elusion(ROWS, COHORT)
    found, rate = recall(ROWS, COHORT), prevalence(ROWS, COHORT)

    assert 4.8 < 100 * beta.ppf(0.025, 6.6892, 50.054) < 5
    assert pytest.approx((5, most), rel=1e-3) == (number.low, number.high)
    assert pytest.approx((0.05, most / 100), rel=1e-3) == (share.low, share.high)
    assert pytest.approx((45 / (45 + most), 0.9), rel=1e-3) == (found.low, found.high)
    assert pytest.approx((50 / 160, (45 + most) / 160), rel=1e-3) == (rate.low, rate.high)


def test_lower_bound_is_korn_and_graubards_where_more_is_estimated_than_seen():
    """60 rows of 600 that each stand for 10, 12 of them harm: 120 posts.

    Variance 0.9 x 0.2 x 0.8 / 60 = 0.0024, size 0.16 / 0.0024 = 66.667, cases 13.333.
    """
    number = missed(audited((60, 0.1, 12)), replace(COHORT, unflagged=600))

    assert 120 == pytest.approx(number.value)
    assert pytest.approx(600 * beta.ppf(0.025, 13.3333, 54.3333), rel=1e-4) == number.low


@pytest.mark.parametrize(("n", "cases"), [(300, 1), (300, 6), (1_000, 3), (1_000, 40)])
def test_bounds_of_an_even_draw_are_near_those_of_clopper_and_pearson(n, cases):
    """Where all rows weigh alike nothing else is known; here a hundredth of the posts is drawn.

    With one case the upper bound is that of "none was seen" with the next row.
    """
    number = elusion(audited((n, 0.01, cases)), replace(COHORT, unflagged=100 * n))
    low, high = beta.ppf((0.025, 0.975), (cases, cases + 1), (n - cases + 1, n - cases))

    assert pytest.approx(low, rel=0.06) == number.low
    assert pytest.approx(high, rel=0.03) == number.high


def test_audit_that_saw_no_harm_gives_an_upper_bound_and_no_hundred_percent():
    """30 rows of 300 that each stand for 10.

    With D posts of harm none is drawn with a chance of 0.9 ** D: 2.5 % at
    D = log(0.025) / log(0.9) = 35.01. Recall is at least 45 / 80.01.
    """
    cohort = replace(COHORT, unflagged=300)
    rows = audited((30, 0.1, 0))
    number, found = missed(rows, cohort), recall(rows, cohort)

    assert (None, 0, Reason.NONE_SEEN) == (number.value, number.low, number.reason)
    assert pytest.approx(35.012, abs=0.001) == number.high
    assert (None, 1, Reason.NONE_SEEN) == (found.value, found.high, found.reason)
    assert pytest.approx(45 / 80.012, abs=0.0001) == found.low


def test_upper_bound_reckons_with_the_least_likely_posts_where_they_are_known():
    """The rows had a chance of 0.1, other posts one of 0.05: log(0.025) / log(0.95) = 71.92."""
    number = missed(audited((30, 0.1, 0)), replace(COHORT, unflagged=300, least=0.05))

    assert pytest.approx(71.917, abs=0.001) == number.high


def test_rows_that_were_all_certain_say_little_of_the_others():
    """5 of 6 posts with a chance of 1 are harm; none of the other 994, at 0.01, was drawn.

    Up to log(0.025) / log(0.99) = 367 of those could be harm, and what is seen is the least.
    """
    number = missed(audited((6, 1.0, 5)), replace(COHORT, unflagged=1_000, least=0.01))

    assert (None, 5, Reason.TOO_FEW) == (number.value, number.low, number.reason)
    assert number.high >= 5 + 367


def test_seeing_a_case_never_makes_the_upper_bound_less_than_seeing_none():
    """The case is one that was certain to be drawn, so it says nothing of the others.

    The average row stands for 5 posts, those that were drawn least often for 20.
    None would have been seen of up to log(0.025) / log(0.95) = 71.92 posts.
    """
    cohort = replace(COHORT, unflagged=1_501)
    none, one = (
        missed(audited((250, 0.5, 0), (50, 0.05, 0), (1, 1.0, seen)), cohort) for seen in (0, 1)
    )

    assert pytest.approx(71.917, abs=0.001) == none.high
    assert one.high >= none.high


def test_one_more_case_stands_for_as_many_posts_as_those_seen_or_the_average():
    """40 rows stand for 2 posts and 10 for 10, together 180; the average is 3.6.

    Two cases of the heavy ones: 10 posts.
    Two of the light ones: 2 posts, so 3.6.
    """
    chances = np.repeat([0.5, 0.1], [40, 10])
    heavy, light = (weigh(chances, np.isin(np.arange(50), one), 180) for one in ([48, 49], [0, 1]))

    assert pytest.approx((10 / 180, 3.6 / 180)) == (heavy.extra, light.extra)


def test_once_all_posts_are_audited_the_number_is_exact():
    """Nothing is left to guess, also where fewer than 30 posts were there or none was harm."""
    cohort = replace(COHORT, unflagged=20)
    number, found = missed(audited((20, 1.0, 5)), cohort), recall(audited((20, 1.0, 5)), cohort)
    none = recall(audited((20, 1.0, 0)), cohort)

    assert (5, 5, 5, None) == (number.value, number.low, number.high, number.reason)
    assert (0.9, 0.9, 0.9, None) == (found.value, found.low, found.high, found.reason)
    assert (1, 1, 1, None) == (none.value, none.low, none.high, none.reason)


def test_certain_rows_that_are_not_there_are_known_to_be_missing():
    """40 of 50 posts are decided, all were certain: 10 may be harm, as often as the others."""
    cohort = replace(COHORT, unflagged=50)
    gone = missed(audited((40, 1.0, 8)), cohort)
    waiting = missed(audited((40, 1.0, 8), (10, 1.0, None)), cohort)

    assert pytest.approx(10) == gone.value
    assert 8 == gone.low
    assert 10 < gone.high <= 18
    assert (gone.value, gone.low, gone.high) == (waiting.value, waiting.low, waiting.high)
    assert 10 == waiting.open_rows


def test_without_unflagged_posts_nothing_is_missed():
    """All posts were flagged: recall is what was found of them, and there is no elusion."""
    cohort = Cohort(unflagged=0, flagged=20, decided=20, found=15)

    assert (0, 0, 0) == (missed([], cohort).value, missed([], cohort).low, missed([], cohort).high)
    assert (None, Reason.NO_POSTS) == (elusion([], cohort).value, elusion([], cohort).reason)
    assert (1, 1) == (recall([], cohort).value, recall([], cohort).low)
    assert 0.75 == prevalence([], cohort).value


def test_without_flags_nothing_is_found():
    """Harm that an audit saw makes recall 0; without any it is a share of nothing, not 0 or 1."""
    cohort = Cohort(unflagged=100, flagged=0, decided=0, found=0)
    found, none = recall(ROWS, cohort), recall(audited((30, 0.3, 0)), cohort)

    assert (0, 0, 0, None) == (found.value, found.low, found.high, found.reason)
    assert (None, 0, 1, Reason.NO_HARM) == (none.value, none.low, none.high, none.reason)


def test_window_without_posts_has_no_figures():
    """Nothing came in."""
    cohort = Cohort(0, 0, 0, 0)

    assert (None, Reason.NO_POSTS) == (prevalence([], cohort).value, prevalence([], cohort).reason)
    assert (None, Reason.NO_HARM) == (recall([], cohort).value, recall([], cohort).reason)


def test_flagged_posts_that_wait_are_not_found_yet():
    """10 more wait; of the 60 decided three in four are harm, so 7.5 are expected.

    Recall 45 / (45 + 7.5 + 12); at the lower bound all 10 are harm, at the upper one none.
    """
    cohort = replace(COHORT, flagged=70)
    found, rate, most = recall(ROWS, cohort), prevalence(ROWS, cohort), missed(ROWS, COHORT).high

    assert pytest.approx((45 / (55 + most), 45 / 64.5, 45 / 50)) == (
        found.low,
        found.value,
        found.high,
    )
    assert pytest.approx((50 / 170, 64.5 / 170, (55 + most) / 170)) == (
        rate.low,
        rate.value,
        rate.high,
    )


def test_flagged_posts_that_nobody_decided_on_say_nothing():
    """Found is 0 of a number that nobody knows; missed harm that was seen makes recall 0."""
    cohort = Cohort(unflagged=100, flagged=20, decided=0, found=0)

    assert (0, None) == (recall(ROWS, cohort).value, recall(ROWS, cohort).reason)
    assert (None, Reason.UNDECIDED) == (
        prevalence(ROWS, cohort).value,
        prevalence(ROWS, cohort).reason,
    )


def test_thin_audit_gives_bounds_and_no_number():
    """29 decided rows are too few."""
    rows = ROWS[:-1]

    for figure in FIGURES:
        one = figure(rows, COHORT)

        assert (None, Reason.TOO_FEW, 29) == (one.value, one.reason, one.n)
        assert one.low < one.high


def test_audit_that_was_never_decided_bounds_nothing():
    """Rows that wait say nothing of the posts."""
    number = missed(audited((40, 0.5, None)), COHORT)

    assert (None, 0, 100, Reason.TOO_FEW) == (number.value, number.low, number.high, number.reason)
    assert (0, 40) == (number.n, number.open_rows)


def test_audited_posts_that_wait_are_taken_to_be_like_the_others():
    """5 rows more that wait leave the estimate; with 8 of 38 it is withheld.

    Drawing what is not read makes the bounds no narrower: the rows that are decided were then
    less likely.
    """
    five, eight = (missed([*ROWS, *audited((n, 0.25, None))], COHORT) for n in (5, 8))

    assert (12, 5, None) == (pytest.approx(five.value), five.open_rows, five.reason)
    assert five.high > missed(ROWS, COHORT).high
    assert (None, Reason.AUDIT_OPEN) == (eight.value, eight.reason)


def test_recall_is_withheld_where_its_bounds_are_far_apart():
    """20 were found; the missed one that stands for 20 posts may be one of many or the only one."""
    rows = audited((10, 0.5, 4), (20, 0.05, 1))
    one = recall(rows, Cohort(unflagged=420, flagged=20, decided=20, found=20))

    assert (None, Reason.TOO_WIDE) == (one.value, one.reason)
    assert one.high - one.low > 0.4


def test_recall_is_a_number_however_few_were_seen_if_its_bounds_are_close():
    """Beside 2,000 found, one post missed or a dozen is nearly the same."""
    cohort = Cohort(unflagged=3_000, flagged=2_000, decided=2_000, found=2_000)
    none, one = (recall(audited((1_000, 1 / 3, seen)), cohort) for seen in (0, 1))

    assert (None, Reason.NONE_SEEN) == (none.value, none.reason)
    assert pytest.approx(2_000 / 2_003) == one.value
    assert one.high - one.low < 0.01


def test_slices_are_estimated_apart():
    """English has the rows of the example; in Vietnamese 30 of 90 posts showed no harm."""
    rows = [row._replace(in_slice="en") for row in ROWS]
    rows += [row._replace(in_slice="vi") for row in audited((30, 1 / 3, 0))]
    found = by_slice(recall, rows, {"en": COHORT, "vi": replace(COHORT, unflagged=90)})

    assert recall(ROWS, COHORT) == found["en"]
    assert Reason.NONE_SEEN == found["vi"].reason


@pytest.mark.parametrize(
    "counts", [(-1, 0, 0, 0), (1, 2, 3, 0), (1, 3, 2, 3), (1, 3, 2, -1)], ids=str
)
def test_cohort_refuses_counts_that_cannot_be(counts):
    """More found than decided would make a recall above what was read."""
    with pytest.raises(ValueError, match="must not be less"):
        Cohort(*counts)


def test_audit_refuses_rows_that_cannot_be():
    """Rows of another window, or an inclusion that was not kept."""
    with pytest.raises(ValueError, match="own draws only"):
        missed(ROWS, replace(COHORT, unflagged=29))
    with pytest.raises(ValueError, match="keep it"):
        missed(audited((30, 0.0, 1)), COHORT)
    with pytest.raises(ValueError, match="keep it"):
        missed(ROWS, replace(COHORT, least=0.0))


@given(drawn_rows, cohorts())
def test_bounds_lie_around_each_figure_and_hold_what_was_seen(rows, cohort):
    """Whatever was drawn; a figure has a value or the reason why not."""
    for figure in FIGURES:
        one = figure(rows, cohort)

        assert (one.value is None) == (one.reason is not None)
        assert 0 <= one.low <= one.high
        if one.value is not None:
            assert one.low <= one.value + 1e-9
            assert one.value <= one.high + 1e-9
    number = missed(rows, cohort)
    assert number.seen <= number.low
    assert number.high <= cohort.unflagged - number.n + number.seen
    assert recall(rows, cohort).high <= 1


@given(drawn_rows, cohorts(), st.integers(1, 50))
def test_a_backlog_never_makes_recall_better(rows, cohort, more):
    """More flagged posts that nobody decided on raise neither the value nor a bound."""
    before = recall(rows, cohort)
    after = recall(rows, replace(cohort, flagged=cohort.flagged + more))

    assert after.low <= before.low
    assert after.high == before.high
    assert after.value is None or before.value is None or after.value <= before.value


@given(
    st.lists(st.tuples(st.sampled_from([0.02, 0.1, 0.5, 1.0]), st.booleans()), min_size=1),
    st.floats(0.01, 1),
)
def test_share_does_not_change_if_all_chances_shrink_alike(rows, by):
    """So a draw that was cut at random, or read in part, needs no other correction."""
    chances, harm = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    whole, cut = weigh(chances, harm, 5_000), weigh(by * chances, harm, 5_000)

    assert pytest.approx(whole.share) == cut.share
    assert cut.variance >= whole.variance * (1 - 1e-9)


def test_estimate_is_right_on_average():
    """600 draws of 300 out of 3,000 posts with 150 of harm, seen by the score or not.

    The mean of the estimates lies within 3 of its errors of the truth.
    """
    rng = np.random.default_rng(3)
    harm = np.arange(3_000) < 150
    some = np.where(harm & (rng.random(3_000) < 0.5), 0.4, 0.02)
    chances = inclusion(some, 300)
    values = []
    for _ in range(600):
        one = draw(chances, rng)
        rows = list(map(Audited, chances[one].tolist(), harm[one].tolist()))
        values.append(missed(rows, Cohort(3_000, 0, 0, 0)).value)

    assert pytest.approx(150, abs=3 * np.std(values) / 600**0.5) == np.mean(values)


def test_interval_of_a_share_of_all_is_that_of_the_others():
    """Each row is a case: as few others as few cases where none is one."""
    weighed = Weighed(share=1.0, variance=0.0, extra=0.02, least=0.1, posts=300)

    assert (pytest.approx(1 - 35.012 / 300, abs=1e-5), 1.0) == interval(weighed)
    assert interval(replace(weighed, share=0.99, variance=1e-4))[1] == 1.0


def test_expected_interval_is_worked_out_by_hand():
    """100 of 1,000 posts, all with a score of 0.5, 50 found and 50 guessed to be missed.

    Chances 0.1; share 0.05; variance 9 (0.05 x 0.9 + 0.0025) / 1,000 = 0.0004275,
    size 0.0475 / 0.0004275 = 111.11, cases 5.5556, others 105.56.
    One more: share 0.06, variance 0.0004275 + 0.01 x 0.009 = 0.0005175, size 108.99.
    """
    one = expected_interval(np.full(1_000, 0.5), 100, found=50, guess=50)
    least = 1_000 * beta.ppf(0.025, 5.5556, 106.5556)
    most = 1_000 * beta.ppf(0.975, 0.06 * 108.986, 0.94 * 108.986)

    assert (0.5, 100, 5) == (one.value, one.n, one.seen)
    assert pytest.approx((50 / (50 + most), 50 / (50 + least)), rel=1e-3) == (one.low, one.high)


def test_sample_that_is_expected_is_worked_out_by_hand():
    """50 posts with a chance of 0.5 are harm with 0.02, 50 with a chance of 0.1 with 0.1.

    Share (1 + 5) / 100 = 0.06.
    Variance: 50 x 1 x (0.02 x 0.88 + 0.0036) = 1.06 and 50 x 9 x (0.1 x 0.88 + 0.0036) = 41.22,
      together 42.28 / 100² = 0.004228.
    The cases that are drawn stand for (1 / 0.5 + 5 / 0.1) / 6 = 8.6667 posts each, the average row
    for 100 / 30 = 3.3333.
    """
    chances, harm = np.repeat([0.5, 0.1], 50), np.repeat([0.02, 0.1], 50)
    one = _expected(chances, harm)

    assert pytest.approx((0.06, 0.004228, 0.086667), rel=1e-5) == (
        one.share,
        one.variance,
        one.extra,
    )
    assert (0.1, 100) == (one.least, one.posts)


@pytest.mark.parametrize("budget", [300, 1_000])
def test_expected_interval_is_about_as_wide_as_those_that_come(budget):
    """Half of the missed harm lies where the scores say and half anywhere, as it assumes."""
    rng = np.random.default_rng(budget)
    some = rng.beta(0.3, 20, 20_000)
    chance = 400 * (0.5 * some / some.sum() + 0.5 / 20_000)
    chances, widths = inclusion(some, budget), []
    for _ in range(60):
        harm, one = rng.random(20_000) < chance, draw(chances, rng)
        rows = list(map(Audited, chances[one].tolist(), harm[one].tolist()))
        found = recall(rows, Cohort(20_000, 1_000, 1_000, 600))
        widths.append(found.high - found.low)
    plan = expected_interval(some, budget, found=600, guess=400)

    assert pytest.approx(np.mean(widths), rel=0.15) == plan.high - plan.low


@given(st.integers(50, 400), st.integers(1, 50), st.integers(0, 200))
def test_expected_interval_gets_no_wider_with_more_budget(posts, guess, found):
    """And reading all posts leaves nothing open."""
    some = np.linspace(0, 0.6, posts)
    plans = [
        expected_interval(some, posts * share, found=found, guess=guess)
        for share in (0.05, 0.2, 0.6, 1)
    ]
    widths = [one.high - one.low for one in plans]

    assert widths == sorted(widths, reverse=True)
    assert pytest.approx(0, abs=1e-9) == widths[-1]


def test_expected_interval_of_no_budget_is_everything():
    """Nothing read tells nothing; a guess of none would plan for 100 %."""
    one = expected_interval(np.zeros(50), 0, found=5, guess=1)

    assert (None, 0, 1, Reason.TOO_FEW) == (one.value, one.low, one.high, one.reason)
    assert 0 < expected_interval(np.zeros(50), 20, found=5, guess=1).low
    with pytest.raises(ValueError, match="guess"):
        expected_interval(np.zeros(50), 20, found=5, guess=0)
