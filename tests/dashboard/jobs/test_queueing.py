"""Where a flagged post waits and how early its turn comes; numbers are worked by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import e, log, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.dashboard.jobs.queueing import (
    LONGEST_WAIT,
    QUEUES,
    expected_harm,
    place,
    severity_of,
)
from evenhand.data.errors import InputError
from evenhand.data.records import Band, Flag, Origin
from evenhand.data.taxonomy import FAST_LABELS, Policy, Request, load_taxonomy

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LABELS = [*(policy.value for policy in Policy), *(request.value for request in Request)]
FLAGS = st.builds(
    Flag,
    origin=st.sampled_from([one for one in Origin if one is not Origin.AUDIT]),
    label=st.sampled_from(LABELS),
    band=st.sampled_from([Band.CHECK, Band.FLAG]),
    score=st.floats(0, 1),
)


def flag(label, score=0.9, origin=Origin.MODEL):
    return Flag(origin, label, Band.FLAG, score)


def at(*flags, reach=0, lang="vi", created_at=NOON):
    return place(flags, reach=reach, lang=lang, created_at=created_at)


@pytest.mark.parametrize(
    ("labels", "queue"),
    [
        (["hate"], "harm"),
        (["question"], "request"),
        (["question", "complaint"], "request"),
        (["question", "spam"], "harm"),
        (["self_harm_risk"], "fast"),
        (["violence_threat", "spam"], "fast"),
        (["help_needed"], "fast"),
        (["help_needed", "question"], "fast"),
    ],
)
def test_post_waits_in_one_queue(labels, queue):
    """Danger to life first, then harm; requests wait apart unless a harm is flagged too."""
    assert at(*map(flag, labels)).queue == queue


def test_priority_is_the_logarithm_of_harm_reach_and_staleness():
    """Score 0.5 of severity 4, reach 2, made 48 hours after 1970: ln(0.5 x 4 x log2(4)) - 2."""
    severity = load_taxonomy().policies["hate"].severity
    made = datetime(1970, 1, 3, tzinfo=UTC)
    found = at(flag("hate", 0.5), reach=2, created_at=made)

    assert found.priority == pytest.approx(log(0.5 * severity * log2(4)) - 48 / 24)
    assert found.why == f"hate 0.50, severity {severity}, reach 2, vi"


def test_day_of_waiting_weighs_as_much_as_e_times_the_harm():
    """Yesterday's post of reach 0 equals today's of e times its weight."""
    yesterday = at(flag("spam", 1 / e), created_at=NOON - timedelta(days=1))
    today = at(flag("spam", 1.0))

    assert yesterday.priority == pytest.approx(today.priority)


@given(FLAGS, FLAGS, st.integers(0, 10**9), st.integers(0, 10**6))
def test_order_of_two_waiting_items_never_changes(one, other, reach, hours):
    """Both age at one pace, so an index can hold the order."""
    later = NOON + timedelta(hours=hours)
    before = at(one, reach=reach).priority - at(other).priority
    after = at(one, reach=reach, created_at=later).priority - at(other, created_at=later).priority

    assert before == pytest.approx(after, abs=1e-6)


@given(FLAGS, st.integers(0, 10**9), st.integers(0, 10**9))
def test_more_reach_never_comes_later(one, reach, more):
    """Nor does a higher score; a negative reach counts as none."""
    higher = Flag(one.origin, one.label, one.band, min(1.0, one.score + 0.1))

    assert at(one, reach=reach).priority <= at(one, reach=reach + more).priority
    assert at(one).priority <= at(higher).priority
    assert at(one, reach=-5).priority == at(one).priority


@given(st.lists(FLAGS, min_size=1, max_size=5), st.randoms())
def test_place_does_not_depend_on_the_order_of_flags(flags, random):
    """The largest expected harm leads; in the fast queue a fast label does."""
    found = at(*flags)
    shuffled = list(flags)
    random.shuffle(shuffled)

    assert (found.queue, found.label, found.priority) == (
        (again := at(*shuffled)).queue,
        again.label,
        again.priority,
    )
    assert found.queue in QUEUES
    assert found.label in {one.label for one in flags}
    assert (found.queue == "fast") is (found.label in FAST_LABELS)
    assert found.due_at == NOON + LONGEST_WAIT[found.queue]


def test_why_tells_of_the_other_flags():
    """The line names the lead and how many more there are, and never the text."""
    found = at(flag("hate", 0.8), flag("spam", 0.9), reach=12, lang="en")

    assert found.why.startswith("hate 0.80, 1 more, severity ")
    assert found.why.endswith(", reach 12, en")


def test_partners_flag_without_a_score_still_has_a_place():
    """The least score stands in for it, so that the logarithm exists."""
    one = flag("spam", 0.0, Origin.PARTNER)

    assert expected_harm(one) == pytest.approx(0.01 * severity_of(one))
    assert at(one).priority < at(flag("spam", 0.5)).priority


def test_audit_draw_reads_like_any_other():
    """The audit is blind: its line says neither "audit" nor a label."""
    found = at(Flag(Origin.AUDIT, "audit", Band.CHECK, 0.3), reach=4)

    assert found.why == "score 0.01, severity 1, reach 4, vi"
    assert (found.queue, severity_of(Flag(Origin.AUDIT, "audit", Band.CHECK, 0.3))) == ("harm", 1)


def test_post_without_flags_has_no_place():
    """Nobody is asked to read it."""
    with pytest.raises(InputError, match="without flags"):
        at()
