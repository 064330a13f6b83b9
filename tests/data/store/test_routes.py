"""Routes in the store: two persons, their order, and what a preview counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.store import routes
from evenhand.data.store.routes import Kind, RouteState, Rule
from evenhand.data.tables_review import route
from tests.conftest import NOON
from tests.review_floor import put_flag, put_item

LATER = NOON + timedelta(hours=1)
DAY = timedelta(days=1)
FLOOD = Rule("Cứu hộ lũ", 2, ("help_needed",), ("vi",), (), "1")
pytestmark = pytest.mark.usefixtures("actors")


def propose(store, rule=FLOOD, by="3"):
    with store.write() as conn:
        return routes.propose(conn, rule, person_id=by, now=NOON)


def approve(store, made, by="6"):
    with store.write() as conn:
        return routes.approve(conn, made.id, person_id=by, now=LATER)


def in_force(store):
    with store.read() as conn:
        return [one.id for one in routes.in_force(conn)]


def recent(store, since=NOON - DAY, most=100):
    with store.read() as conn:
        return routes.recent(conn, since, most)


def test_route_is_in_force_from_the_second_persons_approval_until_one_ends_it(store):
    """It keeps what it asks for as it was proposed."""
    made = propose(store)

    assert (FLOOD, RouteState.PROPOSED, "3") == (made.rule, made.state, made.proposed_by)
    assert [] == in_force(store)
    approved = approve(store, made)
    assert (RouteState.ACTIVE, "6", LATER) == (
        approved.state,
        approved.approved_by,
        approved.approved_at,
    )
    assert [made.id] == in_force(store)
    with store.write() as conn:
        routes.end(conn, made.id, person_id="3", now=LATER)
    assert [] == in_force(store)
    with pytest.raises(InputError, match="has ended already"), store.write() as conn:
        routes.end(conn, made.id, person_id="6", now=LATER)


def test_route_is_never_approved_by_whoever_proposed_it_nor_twice(store):
    """And one that is not there is said to be missing, whatever its name looks like."""
    made = propose(store)
    with pytest.raises(NotAllowed, match="second person"):
        approve(store, made, by="3")
    approve(store, made)
    with pytest.raises(InputError, match="is active, not proposed"):
        approve(store, made, by="2")
    for odd in ("999", "x", "²", "9" * 30, ""):
        with pytest.raises(NotFound, match="no route"):
            approve(store, replace(made, id=odd))


def test_two_who_approve_at_once_are_one_approval(store):
    """The other one hears that nothing waits any more."""
    made = propose(store)

    def attempt(by):
        try:
            return approve(store, made, by=by).approved_by
        except InputError as error:
            return str(error)

    with ThreadPoolExecutor() as pool:
        said = sorted(pool.map(attempt, ["2", "6"]))

    assert said[0] in {"2", "6"}
    assert "nothing to approve" in said[1]


@pytest.mark.parametrize(
    ("change", "rule"),
    [({"approved_by": 3}, "two_persons"), ({"state": "active"}, "active_by_two")],
)
def test_engine_itself_refuses_a_route_by_one_hand(store, change, rule):
    """Whoever writes into the table past the jobs is stopped too."""
    made = propose(store)
    query = update(route).where(route.c.id == int(made.id))

    with pytest.raises(IntegrityError, match=rule), store.write() as conn:
        conn.execute(query.values(**change))


def test_routes_are_read_by_position_and_then_by_age(store):
    """Whichever was approved first."""
    second, first, third = propose(store), propose(store, replace(FLOOD, position=1)), None
    third = propose(store)
    for made in (third, second, first):
        approve(store, made)

    assert [first.id, second.id, third.id] == in_force(store)


def test_table_has_no_column_that_a_topic_a_sentiment_or_an_author_could_stand_in():
    """Nor has the record: what a route may know is closed (safeguards 1 and 4)."""
    people = {"proposed_by", "approved_by", "ended_by"}
    times = {"proposed_at", "approved_at", "ended_at"}
    asked = {"id", "position", "name", "labels", "langs", "sources", "team_id", "state"}

    assert asked | people | times == set(route.columns.keys())
    assert ("name", "position", "labels", "langs", "sources", "team_id") == Rule.__slots__
    assert ("labels", "lang", "source_id") == Kind.__slots__


def test_preview_counts_items_by_what_a_route_may_know(store):
    """All labels of the present version count; old items and what was drawn do not."""
    with store.write() as conn:
        one = put_item(conn, "hate")
        put_flag(conn, int(one.post_id), "spam")
        put_item(conn, "hate")
        put_item(conn, "hate", lang="en")
        # Drawn at random: flagged for nothing.
        put_item(conn, "audit", post={"flagged": False})
    found = recent(store)
    source = next(iter(found.kinds)).source_id

    assert {
        Kind(frozenset({"hate", "spam"}), "vi", source): 1,
        Kind(frozenset({"hate"}), "vi", source): 1,
        Kind(frozenset({"hate"}), "en", source): 1,
    } == found.kinds
    assert not found.capped
    assert {} == recent(store, since=NOON + DAY).kinds


def test_preview_looks_at_so_many_ids_and_says_when_there_were_more(store):
    """Its cost does not follow the size of the store."""
    with store.write() as conn:
        for _ in range(5):
            put_item(conn)

    assert (3, True) == (sum(recent(store, most=3).kinds.values()), recent(store, most=3).capped)
    assert (5, False) == (sum(recent(store, most=5).kinds.values()), recent(store, most=5).capped)
    assert not recent(store, since=NOON + DAY, most=3).capped
