"""All figures of the coverage page at once are what plain SQL counts, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evenhand.dashboard.jobs.measures import arriving, reviewing, waiting
from evenhand.dashboard.jobs.measures.overview import overview
from evenhand.data.errors import NotAllowed
from evenhand.data.records import Actor
from evenhand.data.store import rollups
from tests.coverage_floor import count, fill

DECIDED = """
    SELECT count(DISTINCT item.id) FROM item
    JOIN current_decision ON current_decision.item_id = item.id
    JOIN decision ON decision.id = current_decision.decision_id
    WHERE item.created_at >= :since"""
NEEDS = DECIDED + " AND decision.outcome = 'needs_answer'"
# More of the condition above.
ANSWERED = " AND EXISTS (SELECT 1 FROM response WHERE response.item_id = item.id)"


@pytest.mark.parametrize("days", [7, 28])
def test_overview_shows_what_sql_counts(store, actors, clock, days):
    """Posts, items, decisions and responses of the window; the backlog of now."""
    now = clock.now()
    fill(store, actors.an, now, days=9)
    found = overview(store, actors.leader, days, now)
    first = rollups.day_number(found.window.first)
    since = {"since": first * rollups.DAY_MICROS}

    posts = "SELECT count(*) FROM post WHERE day >= :first"
    flagged = arriving.flagged(found.arrived)
    assert flagged.n == count(store, posts, first=first) > 0
    assert flagged.part == count(store, f"{posts} AND flagged", first=first) > 0
    items = "SELECT count(*) FROM item WHERE created_at >= :since"
    review = reviewing.review_coverage(found.items)
    assert (review.part, review.n) == (count(store, DECIDED, **since), count(store, items, **since))
    response = reviewing.response_coverage(found.items)
    assert response.n == count(store, NEEDS, **since) > 0
    assert response.part == count(store, NEEDS + ANSWERED, **since) > 0
    harm = f"{DECIDED} AND decision.outcome = 'violates'"
    assert reviewing.harm(found.items) == count(store, harm, **since) > 0
    void = f"{items} AND state = 'void'"
    assert reviewing.void(found.items) == count(store, void, **since) == 2
    live = "SELECT count(*) FROM item WHERE state IN ('open', 'claimed')"
    assert waiting.backlog(found.undecided) == count(store, live)
    late = f"{live} AND due_at <= :now"
    micros = int(now.timestamp()) * 1_000_000
    assert waiting.overdue(found.undecided) == count(store, late, now=micros) > 0


def test_overview_reads_no_day_outside_its_window(store, actors, clock):
    """What came in before the window is not counted; what waits is, whenever it was made."""
    now = clock.now()
    fill(store, actors.an, now - timedelta(days=40), days=2)
    found = overview(store, actors.leader, 28, now)

    assert (found.arrived, found.items) == ((), ())
    assert waiting.backlog(found.undecided) > 0
    assert overview(store, actors.leader, 90, now).items != ()


def test_overview_is_open_to_every_role_and_to_nobody_without(store, actors, clock):
    """Everybody who works here may see how the team does."""
    for actor in vars(actors).values():
        assert overview(store, actor, 28, clock.now()).items == ()
    with pytest.raises(NotAllowed):
        overview(store, Actor(id="9", name="x", roles=frozenset()), 28, clock.now())
