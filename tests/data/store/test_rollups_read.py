"""Readers of the roll-ups of items: waiting times, outcomes and each day's work, by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import BigInteger, column, select, update, values

from evenhand.dashboard.jobs import claims, decisions, requests
from evenhand.data import tables
from evenhand.data.records import Decision, Outcome, Response, ResponseKind
from evenhand.data.store import (
    items,
    rollup_counted,
    rollup_outcomes,
    rollup_paces,
    rollup_waits,
    rollups,
    rollups_anew,
)
from evenhand.data.store.rollup_buckets import (
    DOUBLINGS,
    LAST,
    MINUTE_MICROS,
    bucket_of,
    bucket_sql,
    hours_of,
    minutes_sql,
)
from evenhand.data.store.rollup_counted import Counted, Stands
from evenhand.data.store.rollup_outcomes import Outcomes
from evenhand.data.store.rollup_paces import Pace
from evenhand.data.store.rollup_waits import Waited
from evenhand.data.store.rollups import DAY, Days, Step
from tests.conftest import NOON
from tests.review_floor import put_item, rolled_up

TODAY = NOON.date()
DAYS = Days(TODAY, TODAY)
HOUR = timedelta(hours=1)
WEEK = Days(TODAY - 6 * DAY, TODAY)


def counted(**changes):
    """An item made at noon and due a day later, as roll-ups count it."""
    fields = {
        "created_at": NOON,
        "queue": "harm",
        "label": "hate",
        "lang": "vi",
        "team_id": 7,
        "source_id": 3,
        "due_at": NOON + DAY,
    }
    return Counted(**(fields | changes))


def count(store, *made):
    with store.write() as conn:
        rollup_counted.count(conn, [(None, one) for one in made])


def test_buckets_are_minutes_up_to_an_hour_then_five_percent():
    """An edge is the least of its kind that is no shorter than what it stands for."""
    minutes = [0.5, 1, 59.1, 60, 60.5, 63, 63.1, 120, 121, 240, 241, 60 * 24]

    assert [bucket_of(int(one * MINUTE_MICROS)) for one in minutes] == [
        *(1, 1, 60, 60, 63, 63, 66, 120, 126, 240, 252, 1440),
    ]
    assert hours_of(90) == 1.5
    for minute in range(60, 200_000, 7):
        edge = bucket_of(minute * MINUTE_MICROS)
        assert minute <= edge <= 1.05 * minute
    assert bucket_of(9_000 * 24 * 60 * MINUTE_MICROS) == LAST


def test_both_engines_put_a_time_into_the_same_bucket(store):
    """At, one microsecond below and one above each edge, and beyond the last."""
    edges = {60 << doubled for doubled in range(DOUBLINGS + 1)}
    edges |= {bucket_of(minute * MINUTE_MICROS) for minute in range(0, 30_000, 5)}
    times = sorted({edge * MINUTE_MICROS + off for edge in edges for off in (-1, 0, 1)})
    times += [-5 * MINUTE_MICROS, 10**15]
    rows = [(one,) for one in times]
    with store.read() as conn:
        given = values(column("passed", BigInteger), name="given").data(rows).cte("given")
        inner = select(given.c.passed, minutes_sql("given.passed").label("minutes")).subquery("m")
        found = dict(
            tuple(row)
            for row in conn.execute(select(inner.c.passed, bucket_sql("m.minutes").label("b")))
        )

    assert found == {one: bucket_of(one) for one in times}


def test_waits_are_ended_gone_and_open(store, clock, actors):
    """Four items: one decided after 2 h, one deleted after 1 h, one in hands, one nobody saw."""
    with store.write() as conn:
        made = [put_item(conn, priority=9.0 - number, team_id=1) for number in range(4)]
    clock.advance(minutes=30)
    [first] = claims.claim_next(store, actors.an, now=clock.now(), count=1)
    clock.advance(minutes=30)
    with store.write() as conn:
        items.void(conn, [int(made[1].post_id)], clock.now(), "deleted")
    clock.advance(minutes=60)
    claims.extend(store, actors.an, [(first.id, first.claim.number)], now=clock.now())
    claims.sweep(store, clock.now())
    held = claims.claim_next(store, actors.binh, now=clock.now(), count=2)
    new = Decision("u1", held[0].id, held[0].claim.number, 1, Outcome.NO_HARM)
    decisions.decide(store, actors.binh, new, now=clock.now())
    clock.advance(minutes=61)
    with store.read() as conn:
        seen = rollup_waits.read(conn, DAYS, Step.SEEN, clock.now())
        decided = rollup_waits.read(conn, DAYS, Step.DECIDED, clock.now(), by="team_id")
        answered = rollup_waits.read(conn, DAYS, Step.ANSWERED, clock.now())
        before = rollup_waits.read(conn, Days(TODAY - DAY, TODAY - DAY), Step.SEEN, clock.now())

    # Seen after 30 minutes and again after 2 h, which counts no more; the third after 2 h; the
    # last waits 3 h 01, whose edge is 3 h 06.
    assert seen == {"": Waited(((0.5, 1), (2.0, 1)), ((1.0, 1),), ((3.1, 1),))}
    assert decided == {"1": Waited(((2.0, 1),), ((1.0, 1),), ((3.1, 2),))}
    assert answered == before == {}


def test_answers_are_waited_for_by_what_needs_one(store, clock, actors):
    """From the making of the item, not from the decision; undo takes the decided wait back."""
    with store.write() as conn:
        put_item(conn, "question", queue="request")
    clock.advance(minutes=10)
    [one] = claims.claim_next(store, actors.an, now=clock.now(), count=1)
    new = Decision("u1", one.id, one.claim.number, 1, Outcome.NEEDS_ANSWER)
    decisions.decide(store, actors.an, new, now=clock.now())
    decisions.undo_last(store, actors.an, clock.now())
    with store.read() as conn:
        none = rollup_waits.read(conn, DAYS, Step.ANSWERED, clock.now())
        undone = rollup_waits.read(conn, DAYS, Step.DECIDED, clock.now(), by="queue")
        paces = rollup_paces.read(conn, DAYS)
        outcomes = rollup_outcomes.read(conn, DAYS)
    # Taken back, it is not known to need an answer; whoever asked waits all the same.
    assert none == {"": Waited((), (), ((hours_of(10), 1),))}
    assert undone == {"request": Waited((), (), ((hours_of(10), 1),))}
    assert paces == [Pace(TODAY, "request", 0, 1, 0, 0, 0)]
    assert outcomes == []

    clock.advance(minutes=5)
    [again] = claims.held(store, actors.an, clock.now())
    new = Decision("u2", one.id, again.claim.number, 1, Outcome.NEEDS_ANSWER)
    decisions.decide(store, actors.an, new, now=clock.now())
    with store.read() as conn:
        waits = rollup_waits.read(conn, DAYS, Step.ANSWERED, clock.now(), by="lang")
    assert waits == {"vi": Waited((), (), ((0.25, 1),))}

    clock.advance(minutes=15)
    told = Response(
        uuid="r1",
        item_id=one.id,
        kind=ResponseKind.PUBLIC_REPLY,
        channel="r/danang",
        text="Đội cứu hộ đang đến.",
        language="vi",
        account="u/TeamDaNang",
        given_at=clock.now(),
    )
    requests.respond(store, actors.an, told, now=clock.now())
    with store.read() as conn:
        waits = rollup_waits.read(conn, DAYS, Step.ANSWERED, clock.now())
        decided = rollup_waits.read(conn, DAYS, Step.DECIDED, clock.now())
        paces = rollup_paces.read(conn, DAYS, by=())

    assert waits == {"": Waited(((0.5, 1),), (), ())}
    assert decided == {"": Waited(((0.25, 1),), (), ())}
    assert paces == [Pace(TODAY, "", 0, 1, 1, 1, 0)]
    kept, anew = rolled_up(store)
    assert kept == anew


def test_who_decides_on_few_requests_answers_no_sooner(store, clock, actors):
    """One question answered at once, three left alone: all four are waited for, until now."""
    with store.write() as conn:
        put_item(conn, "question", queue="request", priority=9.0)
        for _ in range(3):
            put_item(conn, "question", queue="request")
        put_item(conn, "hate")
    [one] = claims.claim_next(store, actors.an, now=clock.now(), count=1, queues=("request",))
    decide_and_answer(store, actors.an, one, clock.now())
    clock.advance(minutes=60)
    with store.read() as conn:
        waits = rollup_waits.read(conn, DAYS, Step.ANSWERED, clock.now())

    assert waits == {"": Waited(((0.0, 1),), (), ((1.0, 3),))}


def decide_and_answer(store, actor, one, now):
    new = Decision("u1", one.id, one.claim.number, 1, Outcome.NEEDS_ANSWER)
    decisions.decide(store, actor, new, now=now)
    told = Response(
        uuid="r1",
        item_id=one.id,
        kind=ResponseKind.PUBLIC_REPLY,
        channel="r/danang",
        text="Đội cứu hộ đang đến.",
        language="vi",
        account="u/TeamDaNang",
        given_at=now,
    )
    requests.respond(store, actor, told, now=now)


def test_what_nobody_saw_before_a_score_range_is_gone_for_that_step(store):
    """It was decided, and can be seen first by nobody any more."""
    count(store, counted(decided_at=NOON + HOUR, stands=Stands("no_harm")))
    with store.read() as conn:
        seen = rollup_waits.read(conn, DAYS, Step.SEEN, NOON)
        decided = rollup_waits.read(conn, DAYS, Step.DECIDED, NOON)

    assert seen == {"": Waited((), ((1.0, 1),), ())}
    assert decided == {"": Waited(((1.0, 1),), (), ())}


def test_outcomes_count_each_policy_and_each_item_once(store):
    """Two items violate: hate and spam, and spam alone; one is not sure under another model."""
    done = {"decided_at": NOON + HOUR}
    count(
        store,
        counted(stands=Stands("violates", ("hate", "spam"), "m1"), **done),
        counted(stands=Stands("violates", ("spam",), "m1"), **done),
        counted(stands=Stands("not_sure", (), "m2"), **done),
        counted(),
    )
    with store.read() as conn:
        by_policy = rollup_outcomes.read(conn, DAYS, by=("outcome", "policy"))
        by_outcome = rollup_outcomes.read(conn, WEEK, by=("outcome",))
        by_model = rollup_outcomes.read(conn, DAYS, by=("model", "source_id"))

    none = ("", "", 0, 0, "")
    assert by_policy == [
        Outcomes(TODAY, *none, "not_sure", "", 1, 1),
        Outcomes(TODAY, *none, "violates", "hate", 1, 1),
        Outcomes(TODAY, *none, "violates", "spam", 2, 1),
    ]
    assert by_outcome == [
        Outcomes(WEEK.first, *none, "not_sure", "", 1, 1),
        Outcomes(WEEK.first, *none, "violates", "", 2, 2),
    ]
    assert [(one.model, one.source_id, one.items) for one in by_model] == [
        ("m1", 3, 2),
        ("m2", 3, 1),
    ]


def test_pace_is_counted_on_the_day_of_the_deed(store):
    """Made on the 24th, due and decided late on the 26th, answered on the 27th."""
    two, three = NOON + 2 * DAY, NOON + 3 * DAY
    late = {"decided_at": two, "needs_answer": True, "answered_at": three}
    count(store, counted(**late, stands=Stands("needs_answer")), counted(), counted(team_id=None))
    with store.read() as conn:
        found = rollup_paces.read(conn, Days(TODAY, TODAY + 7 * DAY), by=("queue", "team_id"))

    assert found == [
        Pace(TODAY, "harm", 0, 1, 0, 0, 0),
        Pace(TODAY, "harm", 7, 2, 0, 0, 0),
        Pace(two.date(), "harm", 7, 0, 1, 0, 1),
        Pace(three.date(), "harm", 7, 0, 0, 1, 0),
    ]


def test_skips_escalation_and_deadlines_are_counted_once(store, clock, actors):
    """The first skip counts, the third escalates; a decision at the very deadline is in time."""
    with store.write() as conn:
        put = put_item(conn, due_at=NOON + HOUR)
    for actor in (actors.an, actors.binh, actors.coordinator):
        [one] = claims.claim_next(store, actor, now=clock.now(), count=1)
        claims.skip(store, actor, one.id, one.claim.number, "không rõ", clock.now())
        with store.read() as conn:
            [found] = rollups.items(conn, DAYS)
        assert found.skipped == 1
        assert found.escalated == int(actor is actors.coordinator)
    with store.write() as conn:
        gone = tables.skip.c.item_id == int(put.id)
        conn.execute(tables.skip.delete().where(gone))
    clock.advance(minutes=60)
    [one] = claims.claim_next(store, actors.coordinator, now=clock.now(), count=1)
    new = Decision("u1", one.id, one.claim.number, 1, Outcome.NOT_SURE)
    decisions.decide(store, actors.coordinator, new, now=clock.now())
    with store.read() as conn:
        [found] = rollups.item_totals(conn, DAYS, by=())
        [pace] = rollup_paces.read(conn, DAYS)

    assert (found.in_time, found.unsure, found.skipped, found.escalated) == (1, 1, 1, 1)
    assert (pace.decided, pace.late) == (1, 0)
    kept, anew = rolled_up(store)
    assert kept == anew


def test_comparing_names_what_differs_and_writes_nothing(store):
    """A count that was changed, a row too many and one that is missing are each one difference."""
    with store.write() as conn:
        put_item(conn)
        rollups_anew.rebuild(conn)
    with store.read() as conn:
        assert all(one.is_equal for one in rollups_anew.compare(conn))
    with store.write() as conn:
        conn.execute(update(tables.rollup_item).values(made=5))
        conn.execute(tables.rollup_pace.delete())
        rollup_counted.count(conn, [(None, counted(seen_at=NOON + HOUR))])
        conn.execute(tables.rollup_item.delete().where(tables.rollup_item.c.team_id == 7))
        conn.execute(tables.rollup_pace.delete().where(tables.rollup_pace.c.team_id == 7))
    with store.read() as conn:
        found = {one.table: one for one in rollups_anew.compare(conn)}
        kept = conn.execute(select(tables.rollup_item.c.made)).scalars().all()

    assert {name: one.differing for name, one in found.items() if one.differing} == {
        "rollup_item": 1,
        "rollup_wait": 1,
        "rollup_pace": 1,
    }
    [item] = found["rollup_item"].examples
    assert "kept made 5, made anew made 1" in item
    assert "kept ended 1, made anew nothing" in found["rollup_wait"].examples[0]
    assert "kept nothing, made anew items 1" in found["rollup_pace"].examples[0]
    assert kept == [5]


def test_waits_are_read_by_known_keys_only(store):
    """There is no dimension of authors or reviewers."""
    with store.read() as conn, pytest.raises(ValueError, match="are read by one of"):
        rollup_waits.read(conn, DAYS, Step.SEEN, datetime.now(UTC), by="person_id")


def test_ages_are_of_all_that_waits_whenever_it_was_made(store):
    """Made 2 hours and 400 days ago: 2 h, and the edge over 9,600 h."""
    with store.write() as conn:
        ids = [put_item(conn).id for _ in range(2)]
        for item_id, ago in zip(ids, (2 * HOUR, 400 * DAY), strict=True):
            which = tables.item.c.id == int(item_id)
            conn.execute(update(tables.item).where(which).values(created_at=NOON - ago))
        young, old = rollup_waits.waiting(conn, Step.DECIDED, NOON)

    assert (2.0, 1) == young
    assert 1 == old[1]
    assert 9_600 <= old[0] <= 9_600 * 1.05
