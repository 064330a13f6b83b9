"""What waits and how old it is, by queue."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from evenhand.dashboard.jobs import claims, decisions, requests
from evenhand.data import tables
from evenhand.data.records import Decision, Outcome, Response, ResponseKind
from evenhand.data.store import backlog, items, rollup_waits, rollups, rollups_anew
from evenhand.data.store.rollups import Step
from tests.conftest import NOON
from tests.review_floor import put_items


def age(store, item_id, now, **back):
    """Let an item have been made some time ago, and be due one day after that."""
    made = now - timedelta(**back)
    with store.write() as conn:
        conn.execute(
            update(tables.item)
            .where(tables.item.c.id == int(item_id))
            .values(created_at=made, due_at=made + timedelta(days=1)),
        )


def undecided(store, now):
    with store.read() as conn:
        return {one.queue: one for one in backlog.undecided(conn, now)}


def unanswered(store, now):
    with store.read() as conn:
        return backlog.unanswered(conn, now)


def decide(store, actor, now, outcome, **more):
    [item] = claims.claim_next(store, actor, now=now, count=1)
    decision = Decision(
        uuid=f"decision-{item.id}",
        item_id=item.id,
        claim_number=item.claim.number,
        version=1,
        outcome=outcome,
        **more,
    )
    decisions.decide(store, actor, decision, now=now)
    return item.id


def test_nothing_waits_in_an_empty_store(store, clock):
    """No queue is listed that holds nothing."""
    assert undecided(store, clock.now()) == {}
    assert unanswered(store, clock.now()) == []


def test_items_are_counted_by_age_with_the_ends_of_the_bands(store, clock):
    """59 minutes are under one hour; 1, 4 and 24 hours open the next band."""
    now = clock.now()
    ages = [{"minutes": 59}, {"hours": 1}, {"hours": 3}, {"hours": 4}, {"hours": 24}, {"days": 9}]
    for item_id, back in zip(put_items(store, len(ages)), ages, strict=True):
        age(store, item_id, now, **back)
    found = undecided(store, now)["harm"]

    assert found.by_age == (1, 2, 1, 2)
    assert found.items == 6
    assert found.oldest_at == now - timedelta(days=9)
    # 24 hours and 9 days: a deadline that is reached is past.
    assert found.overdue == 2


def test_items_in_somebodys_hands_wait_too(store, clock, actors):
    """A claim ends nobody's waiting; a decision does."""
    put_items(store, 3)
    put_items(store, 2, queue="request")
    claims.claim_next(store, actors.an, queues=["harm"], count=2, now=clock.now())
    assert {queue: one.items for queue, one in undecided(store, clock.now()).items()} == {
        "harm": 3,
        "request": 2,
    }

    decide(store, actors.binh, clock.now(), Outcome.NO_HARM)

    assert sum(one.items for one in undecided(store, clock.now()).values()) == 4


def test_void_items_wait_no_more(store, clock):
    """An item whose post was deleted is nobody's work."""
    [item_id] = put_items(store, 1)
    with store.write() as conn:
        post_id = conn.execute(tables.item.select()).one().post_id
        items.void(conn, [post_id], clock.now(), "deleted")

    assert item_id
    assert undecided(store, clock.now()) == {}


def test_what_needs_an_answer_waits_since_it_was_made(store, clock, actors):
    """The decision does not set the clock back, and the answer ends the waiting."""
    now = clock.now()
    [item_id] = put_items(store, 1)
    age(store, item_id, now, hours=30)
    decide(store, actors.an, now, Outcome.NEEDS_ANSWER)
    [found] = unanswered(store, now)
    assert (found.queue, found.by_age, found.overdue) == ("harm", (0, 0, 0, 1), 1)
    assert undecided(store, now) == {}

    requests.respond(store, actors.an, answer(item_id, now), now=now)

    assert unanswered(store, now) == []


def answer(item_id, now):
    return Response(
        uuid=f"answer-{item_id}",
        item_id=item_id,
        kind=ResponseKind.PUBLIC_REPLY,
        channel="r/danang",
        text="Đội cứu hộ đang đến.",
        language="vi",
        account="u/TeamDaNang",
        given_at=now,
    )


def test_roll_up_counts_answers_to_what_needs_one_only(store, clock, actors):
    """A report to the platform about a harm is logged, and is no answer to a request."""
    now = clock.now()
    put_items(store, 2)
    harm = decide(store, actors.an, now, Outcome.VIOLATES, policy="hate", severity=3)
    asked = decide(store, actors.an, now, Outcome.NEEDS_ANSWER)
    for item_id in (harm, asked):
        requests.respond(store, actors.an, answer(item_id, now), now=now)

    def counts():
        with store.read() as conn:
            days = rollups.Days(now.date(), now.date())
            [one] = rollups.items(conn, days)
        return SimpleNamespace(needs=one.needs_answer, answered=one.answered)

    assert counts() == SimpleNamespace(needs=1, answered=1)
    with store.write() as conn:
        rollups_anew.rebuild(conn)
    assert counts() == SimpleNamespace(needs=1, answered=1)


@pytest.mark.new_database
@pytest.mark.parametrize("reader", [backlog.undecided, backlog.unanswered])
def test_backlog_is_read_from_partial_indexes(store, clock, reader):
    """The cost follows what waits: no reader scans the items that are done with."""
    if not store.is_sqlite:
        with store.read() as conn:
            # On an empty table PostgreSQL would scan; the question is whether it could do else.
            conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plans = _plans(conn, reader, clock.now(), "EXPLAIN ")
            assert "Seq Scan" not in plans
            assert "ix_item" in plans
        return
    with store.read() as conn:
        plans = _plans(conn, reader, clock.now(), "EXPLAIN QUERY PLAN ")

    assert "USING INDEX ix_item" in plans
    assert "SCAN item\n" not in plans


def _plans(conn, reader, now, explain):
    """Run *reader* on a connection that explains each query before it runs it."""
    lines = []

    class Explaining:
        """Hands every statement on and keeps what the engine says of it."""

        def execute(self, query):
            sql = query.compile(conn.engine, compile_kwargs={"literal_binds": True})
            lines.extend(str(row[-1]) for row in conn.exec_driver_sql(explain + str(sql)))
            return conn.execute(query)

    reader(Explaining(), now)
    return "\n".join([*lines, ""])


@pytest.mark.new_database
@pytest.mark.parametrize("by", rollup_waits.BY)
@pytest.mark.parametrize("step", Step)
def test_open_waits_are_read_from_partial_indexes(store, clock, step, by):
    """What waits still is found without a scan of items, whatever it is put together by."""
    days = rollups.Days(NOON.date(), NOON.date())

    def reader(conn, now):
        rollup_waits._open(conn, days, step, now, by)

    with store.read() as conn:
        if store.is_sqlite:
            plans = _plans(conn, reader, clock.now(), "EXPLAIN QUERY PLAN ")
            assert "USING INDEX ix_item" in plans
            assert "SCAN item\n" not in plans
            return
        conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plans = _plans(conn, reader, clock.now(), "EXPLAIN ")
    assert "Seq Scan" not in plans
    assert "ix_item" in plans
