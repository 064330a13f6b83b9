"""What the simulator starts from: whole days under one model, audits with their thresholds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from evenhand.dashboard.jobs import simulating_counting, simulating_reading
from evenhand.data import tables
from evenhand.data.errors import NotAllowed
from evenhand.data.store import shipped, whatif_open
from evenhand.data.store.rollups import Days
from evenhand.data.store.whatif import Put
from tests.audit_floor import DAY, audit_now, put_day
from tests.dashboard.jobs.test_simulating_counting import SPAM_IN, SPAM_OUT, arrive, put
from tests.review_floor import NOON, put_item

BEFORE = NOON - timedelta(days=2)
WINDOW = Days((NOON - timedelta(days=28)).date(), DAY.date())


@pytest.mark.parametrize("who", ["coordinator", "analyst", "leader", "admin"])
def test_four_roles_read_the_ground(store, actors, who):
    """An empty store has no days and the shipped thresholds."""
    found = simulating_reading.ground(store, getattr(actors, who), NOON)

    assert (found.seen.days, found.backlog, found.counted_at) == ((), 0, None)
    assert found.present["spam"] == shipped.as_model(NOON).card["thresholds"]["spam"]


def test_reviewers_do_not_read_it(store, actors):
    """It is nothing of their work."""
    with pytest.raises(NotAllowed):
        simulating_reading.ground(store, actors.an, NOON)


def test_days_of_another_model_are_left_out(store):
    """Changed word lists are the same model; another name is another."""
    with store.write() as conn:
        put(conn, SPAM_IN, at=BEFORE)
        put(conn, SPAM_OUT)
        for at in (BEFORE, DAY):
            arrive(conn, at)
    simulating_counting.count_due(store, NOON)

    assert simulating_reading.seen_of(store, WINDOW, "m1").days == (BEFORE.date(), DAY.date())
    assert simulating_reading.seen_of(store, WINDOW, "m2").days == ()
    with store.write() as conn:
        conn.execute(update(tables.tag).values(model="m2+ab12"))
    simulating_counting.count_day(store, DAY.date(), NOON)
    found = simulating_reading.seen_of(store, WINDOW, "m2")
    assert found.days == (DAY.date(),)
    assert {one.day for one in found.rows} == {DAY.date()}


def test_audited_posts_come_with_the_threshold_that_would_have_put_them(store):
    """Each drawn post stands beside its frame; all of the day were drawn."""
    ids = put_day(store, [0.4] * 3)
    with store.write() as conn:
        near = {"spam": [0.4, "nothing", 0.6], "hate": [0.2, "nothing"]}
        conn.execute(update(tables.tag).where(tables.tag.c.post_id == ids[0]).values(harms=near))
    audit_now(store)
    simulating_counting.count_due(store, NOON)
    found = simulating_reading.seen_of(store, WINDOW)

    assert (found.audited, found.frame) == (frozenset({DAY.date()}), 3)
    assert [(Put("spam", 1, put=False),), (), ()] == [key.puts for key, _ in found.drawn]
    assert {row.harm for _, row in found.drawn} == {None}


def test_first_claims_come_from_the_first_items_of_each_label(store):
    """Two of each label are enough for the first two; audits and children are none."""
    with store.write() as conn:
        for label, priority in (("spam", 1.0), ("spam", 3.0), ("spam", 2.0), ("hate", 0.5)):
            put_item(conn, label, priority=priority)
    with store.read() as conn:
        found = list(whatif_open.leading(conn, most=2))

    assert sorted(found) == [("hate", 0.5), ("spam", 2.0), ("spam", 3.0)]


def test_backlog_counts_flagged_items_alone(store):
    """In somebody's hands or not; what an audit drew and what is decided does not wait here."""
    with store.write() as conn:
        for label in ("spam", "question", "audit", "hate"):
            put_item(conn, label)
        of = tables.item.c.label
        for label, state in (("question", "claimed"), ("hate", "decided")):
            conn.execute(update(tables.item).where(of == label).values(state=state))
    with store.read() as conn:
        assert whatif_open.waiting(conn) == 2
