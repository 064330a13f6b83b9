"""What other thresholds would do, each number worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from math import log, sqrt

import pytest

from evenhand.classifiers import thresholds
from evenhand.dashboard.jobs import estimates_audit, simulating, simulating_waiting
from evenhand.dashboard.jobs.estimates_audit import Audited, Cohort, Reason
from evenhand.dashboard.jobs.simulating import Range, Seen, Why
from evenhand.data.store import whatif
from evenhand.data.store.whatif import Counted, Counts, Key, Put

FIRST = date(2026, 11, 2)
DAYS = tuple(FIRST + timedelta(days=n) for n in range(8))
PRESENT = dict(simulating.FLOORS)


def key(label="spam", step=30, *, put=True, kept=False):
    """A key with one label."""
    return Key("m1", "vi", (Put(label, step, put),), kept)


def rows(one, *counts):
    """Counts of a key, one for each day."""
    return tuple(Counted(day, one, Counts(*each)) for day, each in zip(DAYS, counts, strict=False))


def test_floors_are_those_of_the_classifier():
    """Written twice, since the serving process loads no classifier."""
    assert dict(thresholds.FLOORS) == dict(simulating.FLOORS)


def test_moves_hold_what_differs_and_nothing_below_a_floor():
    """0.95 has log-odds 2.944, step 12; a wish under the floor is the floor, where it stands."""
    wanted = {"spam": 0.95, "hate": 0.1, "harassment": 0.5, "scam_fraud": 1.0}
    assert {"spam": 12, "scam_fraud": 39} == simulating.moves(wanted, PRESENT)


def test_lowest_step_is_not_below_the_floor():
    """0.3 has log-odds -0.847, so the first step above is -3 quarters: 0.321."""
    assert simulating.floor_step("hate") == -3
    assert whatif.threshold_of(-3) == pytest.approx(0.3208, abs=1e-4)
    assert simulating.moves({"hate": 0.0}, PRESENT | {"hate": 0.96}) == {"hate": -3}


@pytest.mark.parametrize(
    ("one", "to", "expected"),
    [
        (key(step=30), {}, True),
        (key(step=30), {"spam": 30}, True),
        (key(step=30), {"spam": 31}, False),
        (key(step=30), {"hate": 39}, True),
        (key(step=24, put=False), {}, False),
        (key(step=24, put=False), {"spam": 24}, True),
        (key(step=30, kept=True), {"spam": 39}, True),
        # The key alone decided: no threshold is too high.
        (key(step=whatif.ALWAYS), {"spam": whatif.LAST}, True),
        # One label falls out, the other keeps the post.
        (Key("m1", "vi", (Put("spam", 30, put=True), Put("hate", 40, put=True)), kept=False),
         {"spam": 45}, True),
    ],
)  # fmt: skip
def test_post_is_put_by_any_of_its_labels(one, to, expected):
    """Each label by its own threshold."""
    assert expected == simulating.is_put(one, to)


def test_workload_is_the_mean_of_days_with_the_range_of_a_day_to_come():
    """Items 8, 12, 8, 12, ...: mean 10; variance 32/7 = 4.57 is under the mean, so 10 is taken.

    t(7) = 2.3646; half = 2.3646 x sqrt(10 x (1 + 1/8)) = 7.931.
    """
    seen = Seen(DAYS, rows(key(), *[(n, n, 0, 0, 0) for n in (8, 12) * 4]))

    found = simulating.workload(seen, {})

    assert [round(one, 3) for one in found] == [10.0, 2.069, 17.931]


def test_workload_varies_as_days_do_where_they_vary_more_than_chance():
    """Items 0 and 40 in turn: mean 20, variance 8 x 400 / 7 = 457.1, far above the mean."""
    seen = Seen(DAYS, rows(key(), *[(n, n, 0, 0, 0) for n in (0, 40) * 4]))

    found = simulating.workload(seen, {}, ahead=14)

    assert found.high == pytest.approx(20 + 2.3646 * sqrt(3200 / 7 * (1 / 14 + 1 / 8)), abs=0.01)


def test_workload_of_a_lower_threshold_counts_waves_as_now_and_at_the_top_as_none():
    """10 posts make 5 items; 4 posts more make 2 usually and 4 at most."""
    now = rows(key(), *[(10, 5, 0, 0, 0)] * 8)
    below = rows(key(step=26, put=False), *[(4, 0, 0, 0, 0)] * 8)
    seen = Seen(DAYS, (*now, *below))

    lowered = simulating.workload(seen, {"spam": 26})

    assert lowered.value == 7.0
    assert lowered.high == pytest.approx(9 + 2.3646 * sqrt(9 * (1 + 1 / 8)), abs=0.001)
    assert simulating.workload(seen, {}).value == 5.0
    assert simulating.workload(seen, {"spam": 31}).value == 0.0


def test_workload_is_blank_under_seven_days():
    """Six days say nothing of how days vary."""
    assert simulating.workload(Seen(DAYS[:6], rows(key(), (1, 1, 0, 0, 0))), {}) is None


def _audited(step, chance, harms, n):
    one = key(step=step, put=False)
    return [(one, Audited(chance, at < harms)) for at in range(n)]


def _seen(drawn, *counted, frame=400):
    return Seen(DAYS, counted, frozenset(DAYS), frame, tuple(drawn), 0.25)


FOUND = (
    *rows(key(step=30), (40, 40, 40, 30, 0)),
    *rows(key(step=45), (60, 60, 60, 50, 0)),
)
DRAWN = [*_audited(20, 0.25, 3, 80), *_audited(27, 0.25, 2, 20)]


def test_recall_without_moves_is_the_one_of_the_audit():
    """The same numbers as `estimates_audit.recall` of the same cohort."""
    found = simulating.recall(_seen(DRAWN, *FOUND), {})

    plain = estimates_audit.recall([row for _, row in DRAWN], Cohort(400, 100, 100, 80, 0.25))
    assert plain == found


def test_recall_of_a_higher_threshold_loses_what_was_read():
    """80 found, 50 stay; missed 5/100 x 400 = 20: from 80/100 to 50/100."""
    now = simulating.recall(_seen(DRAWN, *FOUND), {})
    raised = simulating.recall(_seen(DRAWN, *FOUND), {"spam": 40})

    assert (now.value, raised.value) == (pytest.approx(0.8), pytest.approx(0.5))
    assert raised.low == pytest.approx(now.low * 50 / 80)
    assert raised.high == pytest.approx(now.high * 50 / 80)


def test_recall_of_a_lower_threshold_wins_what_the_audit_saw():
    """Of 20 missed, 2 of 5 cases lie at 0.54: 8 won, (80 + 8) / 100."""
    lowered = simulating.recall(_seen(DRAWN, *FOUND), {"spam": 26})

    assert lowered.value == pytest.approx(0.88)
    now = simulating.recall(_seen(DRAWN, *FOUND), {})
    assert lowered.high >= now.high
    assert lowered.low >= now.low


def test_recall_keeps_the_bounds_where_the_audit_saw_nothing():
    """No miss seen is not no miss."""
    drawn = _audited(27, 0.25, 0, 100)
    found = simulating.recall(_seen(drawn, *FOUND), {"spam": 26})

    assert (found.value, found.reason) == (None, Reason.NONE_SEEN)
    assert found.low < found.high <= 1.0


def test_precision_of_a_higher_threshold_is_that_of_what_stays():
    """Of 100 read 80 were right; at 0.9, 50 of 60: Wilson 0.720 to 0.907."""
    seen = _seen([], *FOUND)

    assert simulating.precision(seen, {}).value == 0.8
    raised = simulating.precision(seen, {"spam": 40})
    assert (raised.value, raised.read) == (50 / 60, 60)
    assert (round(raised.low, 3), round(raised.high, 3)) == (0.72, 0.907)


def test_precision_is_not_known_where_nobody_has_read():
    """200 posts come in of which the audit read 20."""
    below = rows(key(step=27, put=False), (200, 0, 0, 0, 0))
    found = simulating.precision(_seen(DRAWN, *FOUND, *below), {"spam": 26})

    assert (found.value, found.why, found.read) == (None, Why.NOBODY_READ, 20)


def test_precision_adds_up_both_parts_where_the_audit_read_enough():
    """80 of 100, and 5 % of 100 more (2 of 40 audited): (80 + 5) / 200."""
    below = rows(key(step=27, put=False), (100, 0, 0, 0, 0))
    drawn = _audited(27, 0.25, 2, 40)
    found = simulating.precision(_seen(drawn, *FOUND, *below), {"spam": 26})

    assert found.value == pytest.approx(85 / 200)
    assert found.read == 140


def test_few_read_posts_make_no_share():
    """29 are too few, the bounds stand."""
    found = simulating.precision(_seen([], *rows(key(), (29, 29, 29, 29, 0))), {})

    assert (found.value, found.why, found.high) == (None, Why.FEW_READ, 1.0)


def test_posts_with_two_labels_count_under_both():
    """One post, two rows; what needed an answer was right."""
    both = Key("m1", "vi", (Put("question", 30, put=True), Put("spam", 30, put=True)), kept=False)
    seen = Seen(DAYS, rows(both, (40, 40, 40, 0, 30)))

    found = simulating.by_label(seen, {})

    assert [(one.label, one.per_day, one.precision.value) for one in found] == [
        ("question", 5.0, 0.75),
        ("spam", 5.0, 0.75),
    ]
    assert [one.label for one in simulating.by_label(seen, {"spam": 31})] == ["question"]


def test_waiting_follows_the_backlog():
    """100 wait, 20 come (15 to 25), 30 are decided: 10 fewer a day, 10 days to clear."""
    found = simulating_waiting.waiting(100, Range(20, 15, 25), 30)

    assert found.by_day[3] == Range(70, 55, 85)
    assert found.by_day[14] == Range(0, 0, 30)
    assert (found.clear_days, found.wait_days) == (10.0, 100 / 30)


def test_waiting_never_ends_where_as_much_comes_in():
    """It grows by 5 a day."""
    found = simulating_waiting.waiting(100, Range(20, 15, 25), 15)

    assert (found.clear_days, found.by_day[14].value) == (None, 170)


def test_severity_changes_the_order_only():
    """Spam at 1.0, 0.9 and hate at 0.0: three times the severity adds log 3 = 1.099 to hate."""
    items = [("spam", 1.0), ("spam", 0.9), ("hate", 0.0), ("hate", -3.0)]
    before, after = simulating_waiting.first_claims(
        items, {"spam": 1, "hate": 1}, {"hate": 3}, log, most=2
    )

    assert dict(before) == {"spam": 2}
    assert dict(after) == {"hate": 1, "spam": 1}


def test_curve_moves_all_thresholds_alike_and_stops_at_floors():
    """The present point is among them; nothing lies below a floor."""
    seen = _seen(DRAWN, *FOUND)
    found = {one.by: one[1:] for one in simulating.curve(seen, PRESENT, ["spam"])}
    plain, raised = simulating.outlook(seen, {}), simulating.outlook(seen, {"spam": 4})

    assert found[0.0] == (plain.workload, plain.recall)
    assert found[-2.0] == found[0.0]
    assert found[1.0] == (raised.workload, raised.recall)


def test_choices_begin_at_the_floor_and_hold_the_present_threshold():
    """0.985 stands among the steps; nothing reaches 1."""
    found = simulating.choices("spam", 0.985)

    assert (found[0], 0.985 in found) == (0.5, True)
    assert max(found) < 1
    assert found == sorted(found)


def test_labels_whose_keys_alone_decide_have_nothing_to_try():
    """Neither statements nor heads that are off hang on a threshold."""
    off = rows(key(step=whatif.ALWAYS), (1, 1, 0, 0, 0))
    statement = rows(key("health_misinformation", 8), (1, 1, 0, 0, 0))
    hate = rows(key("hate", 8), (1, 1, 0, 0, 0))

    assert simulating.labels_with_data(Seen(DAYS, (*off, *statement, *hate))) == ["hate"]
