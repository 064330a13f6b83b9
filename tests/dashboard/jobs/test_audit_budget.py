"""The budget in the browser's hands: who may, and what another one is expected to say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evenhand.dashboard.jobs import audit_budget
from evenhand.dashboard.jobs.access import operator
from evenhand.dashboard.jobs.estimates_audit import Audited, Cohort, expected_interval
from evenhand.dashboard.jobs.measures import missing
from evenhand.data.errors import NotAllowed
from tests.audit_floor import DAY, audit_now, put_day
from tests.dashboard.jobs.measures.test_missing import WINDOW, put_flagged
from tests.review_floor import NOON


@pytest.mark.parametrize("who", ["an", "leader"])
def test_others_neither_see_nor_set_the_budget(store, actors, who):
    """Reviewers must not know what is an audit, leaders read only."""
    actor = getattr(actors, who)
    for job in (
        lambda: audit_budget.standing(store, actor, NOON),
        lambda: audit_budget.propose(store, actor, 400, 300, NOON),
        lambda: audit_budget.approve(store, actor, "1", NOON),
        lambda: audit_budget.put_aside(store, actor, "1", NOON),
    ):
        with pytest.raises(NotAllowed):
            job()


def test_terminal_sets_no_budget(store):
    """It takes two persons, and the terminal is none."""
    with pytest.raises(NotAllowed):
        audit_budget.propose(store, operator(), 400, 300, NOON)


def test_standing_tells_who_proposed_what(store, actors):
    """Whoever proposed it sees that another person is needed."""
    which = audit_budget.propose(store, actors.analyst, 800, 600, NOON)
    own = audit_budget.standing(store, actors.analyst, NOON)
    other = audit_budget.standing(store, actors.admin, NOON)
    audit_budget.approve(store, actors.admin, which, NOON)
    after = audit_budget.standing(store, actors.coordinator, NOON)

    assert (True, False) == (own.waiting.own, other.waiting.own)
    assert ("analyst", 800, 600) == (
        other.waiting.proposed_by,
        other.waiting.budget.weekly,
        other.waiting.budget.audits,
    )
    assert (500, 300, 2_000) == (own.in_force.weekly, own.in_force.audits, own.most)
    assert (800, 600, None) == (after.week.limit, after.week.audits, after.waiting)


def of(store, found, missed=None, posts=100):
    """Read a store with one audited day of so many posts, and say what was found and missed."""
    put_day(store, [0.1] * posts)
    audit_now(store)
    read = missing.read(store, WINDOW)
    rows = tuple(Audited(0.05, harm=at < missed) for at in range(50)) if missed else ()
    cohort = Cohort(posts, 40, 40, found, 0.05)
    return replace(read, whole=missing.Part(rows, cohort))


def test_plan_is_the_expected_interval_of_four_weeks(store):
    """One audited day stands for each of 28: 2,800 posts of score 0.1, 560 found, as many missed.

    100 a week are 400 in four; nothing is known of what is missed, so half of the harm is.
    """
    plan = audit_budget.plan(of(store, 20), 100)
    said = expected_interval(np.full(2_800, 0.1), 400, found=560, guess=560.0)

    assert (100, 100, True) == (plan.audits, plan.posts, plan.is_assumed)
    assert (said.value, said.low, said.high) == pytest.approx((plan.value, plan.low, plan.high))
    assert plan.value == pytest.approx(0.5)


def test_larger_budget_buys_a_narrower_interval_and_a_small_one_none(store):
    """At 2 a week recall is not measurable, and the plan says so."""
    found = of(store, 20)
    widths = [one.high - one.low for one in (audit_budget.plan(found, n) for n in (50, 500))]

    assert widths[1] < widths[0]
    assert not audit_budget.plan(found, 2).is_measurable
    assert audit_budget.plan(found, 600).is_measurable


def test_plan_takes_what_the_audits_said_of_missed_harm(store):
    """Five of fifty read are harm: a tenth of 100 posts, for 20 found; 20 / 30 of the harm."""
    plan = audit_budget.plan(of(store, 20, missed=5), 300)

    assert not plan.is_assumed
    assert plan.value == pytest.approx(20 / 30)


def test_plan_of_a_budget_above_all_posts_reads_them_all(store):
    """100 posts a day are 700 in a week."""
    plan = audit_budget.plan(of(store, 20), 900)

    assert (700, True) == (plan.posts, plan.is_measurable)
    assert plan.low == pytest.approx(plan.high)


@pytest.mark.parametrize(("found", "audits"), [(0, 100), (20, 0)])
def test_nothing_is_planned_without_harm_or_budget(store, found, audits):
    """Recall of nothing is a share of nothing."""
    assert audit_budget.plan(of(store, found), audits) is None


def test_nothing_is_planned_before_the_first_audit(store):
    """There are no scores yet."""
    put_flagged(store, 1)

    assert audit_budget.plan(missing.read(store, WINDOW), 100) is None
    assert DAY.date() in missing.read(store, WINDOW).not_audited
