"""What waits, by the hours until it is due."""

from __future__ import annotations

from datetime import timedelta

from evenhand.dashboard.jobs import claims
from evenhand.data.store import deadlines
from evenhand.data.store.deadlines import Due
from tests.review_floor import put_items


def due(store, now):
    with store.read() as conn:
        return deadlines.due(conn, now)


def test_items_stand_in_the_band_of_their_deadline(store, clock):
    """Two are past it (one just now), one is due in an hour, one in 5 hours, one in three days."""
    now = clock.now()
    for queue, minutes in (("harm", -90), ("harm", 0), ("harm", 60), ("fast", 300), ("harm", 4320)):
        put_items(store, 1, queue=queue, due_at=now + timedelta(minutes=minutes))

    expected = [Due("fast", (0, 0, 0, 1, 0, 0, 0)), Due("harm", (2, 1, 0, 0, 0, 0, 1))]
    assert expected == due(store, now)


def test_what_somebody_holds_is_due_too(store, actors, clock):
    """A claim is no decision, and what nobody holds is added to it."""
    now = clock.now()
    put_items(store, 3, due_at=now + timedelta(hours=2))
    claims.claim_next(store, actors.an, now=now, count=1)

    assert [Due("harm", (0, 0, 3, 0, 0, 0, 0))] == due(store, now)


def test_nothing_that_waits_is_nothing_due(store, clock):
    """An empty store has no line."""
    assert [] == due(store, clock.now())
