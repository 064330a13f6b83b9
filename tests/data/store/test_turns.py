"""Whose turn it is: the fast queue; half by what waited too long, half by priority."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from evenhand.data import tables
from evenhand.data.store import claims, random_share, turns
from evenhand.data.store.eligible import suits
from tests.conftest import NOON
from tests.review_floor import put_item, put_items, wish

LEASE = timedelta(minutes=10)
HOUR = timedelta(hours=1)


def take(store, now=NOON, **changes):
    with store.write() as conn:
        held = claims.claim(conn, wish(**changes), now=now, until=now + LEASE)
    return [one.item_id for one in held]


@pytest.mark.usefixtures("actors")
def test_what_waited_too_long_comes_before_what_did_not(store):
    """The fast queue first; then the oldest deadline, whatever its priority and its queue."""
    with store.write() as conn:
        soon = put_item(conn, priority=9.0, due_at=NOON + HOUR).id
        late = put_item(conn, priority=-9.0, due_at=NOON - HOUR).id
        later = put_item(conn, "question", priority=9.0, queue="request", due_at=NOON).id
        fast = put_item(conn, "self_harm_risk", priority=9.0, queue="fast").id
        fast_late = put_item(conn, "help_needed", priority=1.0, queue="fast", due_at=NOON).id
        last = put_item(conn, priority=8.0).id

    assert [fast_late, fast, late, later, soon, last] == take(store)


@pytest.mark.usefixtures("actors")
def test_item_with_the_least_priority_is_reached_once_it_is_overdue(store):
    """However many others lie before it: that is the guarantee."""
    with store.write() as conn:
        low = put_item(conn, priority=-99.0, due_at=NOON + HOUR).id
    put_items(store, 12, due_at=NOON + 3 * HOUR)

    assert low not in take(store, count=3)
    assert low == take(store, NOON + HOUR, count=3)[0]


@pytest.mark.usefixtures("actors")
def test_claim_is_full_where_the_first_by_priority_are_overdue_too(store):
    """An item that stands in both orders takes up one place only, and is given once."""
    late = put_items(store, 4, due_at=NOON - HOUR)
    rest = put_items(store, 8, priority=-1.0)

    assert [*late, *rest[:6]] == take(store)
    assert rest[6:] == take(store)


@pytest.mark.usefixtures("actors")
def test_more_overdue_items_than_places_come_by_their_deadlines(store):
    """A flood of late items is worked off from the oldest on, over all queues."""
    with store.write() as conn:
        made = [
            put_item(
                conn,
                priority=float(number),
                queue="request" if number % 2 else "harm",
                due_at=NOON - number * HOUR,
            ).id
            for number in range(12)
        ]

    assert made[:1:-1] == take(store)
    assert [made[1], made[0]] == take(store)


@pytest.mark.usefixtures("actors")
def test_team_that_is_behind_gets_the_worst_harm_early_and_the_oldest_too(store):
    """With everything overdue, half of a claim is the oldest and half the first by priority."""
    with store.write() as conn:
        made = [
            put_item(
                conn,
                priority=float(number),
                queue="request" if number % 2 else "harm",
                due_at=NOON - (40 - number) * HOUR,
            ).id
            for number in range(40)
        ]

    first = take(store)
    assert set(first) == {*made[:5], *made[-5:]}
    assert set(take(store)) == {*made[5:10], *made[-10:-5]}


@pytest.mark.usefixtures("actors")
def test_overdue_item_keeps_to_what_a_person_may_have(store):
    """Other teams' items, other languages and what was skipped three times stay away."""
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Tổ khác"))
        put_item(conn, team_id=2, due_at=NOON)
        put_item(conn, lang="en", due_at=NOON)
        skipped = put_item(conn, due_at=NOON).id
        conn.execute(
            tables.item.update().where(tables.item.c.id == int(skipped)).values(escalated=True)
        )
        mine = put_item(conn).id

    assert [mine] == take(store, langs=("vi",))


@pytest.mark.usefixtures("actors")
def test_what_is_held_is_listed_in_the_order_of_the_queue(store):
    """A page that reloads shows the same first item as before."""
    put_items(store, 3)
    put_items(store, 2, due_at=NOON - HOUR, priority=-5.0)
    taken = take(store)
    with store.read() as conn:
        held = claims.held_by(conn, "1", NOON)

    assert taken == [one.item_id for one in held]


def plan_of(store, query):
    with store.read() as conn:
        if not store.is_sqlite:
            # A few rows are read as a whole otherwise, whatever indexes there are.
            conn.execute(text("SET LOCAL enable_seqscan = off"))
        compiled = str(query.compile(conn, compile_kwargs={"literal_binds": True}))
        explain = "EXPLAIN QUERY PLAN" if store.is_sqlite else "EXPLAIN"
        rows = conn.exec_driver_sql(f"{explain} {compiled.replace('%', '%%')}").all()
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.new_database
@pytest.mark.usefixtures("actors")
@pytest.mark.parametrize("index", ["ix_item_ready", "ix_item_due"])
def test_each_part_of_a_claim_walks_its_partial_index(store, index):
    """The claim costs the same at any length of the queue: it scans and sorts nothing."""
    suiting = suits(wish())
    part = {
        "ix_item_ready": turns.by_priority("harm", suiting),
        "ix_item_due": turns.overdue("harm", suiting),
    }[index]
    plan = plan_of(store, part.element.params(turns.bound(wish(), NOON)))

    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
    assert "Seq Scan on item" not in plan


@pytest.mark.new_database
@pytest.mark.usefixtures("actors")
def test_whole_claim_reads_items_through_the_two_indexes_alone(store):
    """Whatever is sorted at the end are the few heads of the queues."""
    plan = plan_of(store, turns.head(wish()).params(turns.bound(wish(), NOON)))

    assert {"ix_item_ready", "ix_item_due"} <= set(plan.replace("(", " ").split())
    assert "SCAN item" not in plan
    assert "Seq Scan on item" not in plan


@pytest.mark.new_database
@pytest.mark.usefixtures("actors")
def test_draw_reads_a_cell_through_its_partial_index(store):
    """Whatever the length of the queues, a cell of it is found at once."""
    put_items(store, 40)
    query = random_share.in_cell(wish()).params(low=0.25, high=0.5)
    plan = plan_of(store, query)

    assert "ix_item_draw" in plan
    assert "SCAN item" not in plan
    assert "Seq Scan on item" not in plan
