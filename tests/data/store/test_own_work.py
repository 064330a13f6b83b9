"""A person's own day in the store: theirs alone, of this day alone, found without an index."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from evenhand.dashboard.jobs import claims, decisions, requests
from evenhand.data import tables
from evenhand.data.records import Decision, Outcome, Response, ResponseKind
from evenhand.data.store import own_work
from evenhand.data.store.own_work import ANSWERED, DECIDED, SKIPPED, UNSURE, Act, Due, Held
from tests.review_floor import put_items


def decide(store, actor, item, now, outcome=Outcome.NO_HARM):
    decisions.decide(
        store,
        actor,
        Decision(
            uuid=f"d{item.id}",
            item_id=item.id,
            claim_number=item.claim.number,
            version=item.version,
            outcome=outcome,
        ),
        now=now,
    )


def respond(  # noqa: PLR0913 - who answers what, when, and with what result
    store, actor, item_id, now, *, result="", follow_up=False
):
    requests.respond(
        store,
        actor,
        Response(
            uuid=f"r{item_id}{result}",
            item_id=item_id,
            kind=ResponseKind.PUBLIC_REPLY,
            channel="diễn đàn",
            text="Đội cứu hộ đang đến.",
            language="vi",
            account="u/TeamDaNang",
            given_at=now,
            result=result,
        ),
        now=now,
        follow_up=follow_up,
    )


def read(store, function, *args):
    with store.read() as conn:
        return function(conn, *args)


def test_acts_are_ones_own_and_those_taken_back_do_not_count(store, actors, clock):
    """Decided one, not sure of one, took one back, skipped one, answered one; Bình's are his."""
    put_items(store, 8)
    now = clock.now()
    sure, unsure, back, gone, asks = claims.claim_next(store, actors.an, now=now, count=5)
    decide(store, actors.an, sure, now)
    decide(store, actors.an, unsure, now, Outcome.NOT_SURE)
    decide(store, actors.an, asks, now, Outcome.NEEDS_ANSWER)
    respond(store, actors.an, asks.id, now)
    claims.skip(store, actors.an, gone.id, gone.claim.number, "Không rõ", now)
    decide(store, actors.an, back, now)
    decisions.undo_last(store, actors.an, now)
    (other,) = claims.claim_next(store, actors.binh, now=now, count=1)
    decide(store, actors.binh, other, now)
    found = read(store, own_work.acts, actors.an.id, now - timedelta(hours=12))

    assert sorted(one.kind for one in found) == sorted(
        [DECIDED, DECIDED, UNSURE, SKIPPED, ANSWERED]
    )
    assert read(store, own_work.acts, actors.binh.id, now - timedelta(hours=12)) == [
        Act(now, DECIDED)
    ]


def test_acts_of_another_day_are_left_out(store, actors, clock):
    """What was decided a minute before midnight belongs to yesterday."""
    put_items(store, 2)
    early, late = claims.claim_next(store, actors.an, now=clock.now(), count=2)
    decide(store, actors.an, early, clock.now())
    midnight = clock.advance(minutes=1)
    decide(store, actors.an, late, midnight)

    assert read(store, own_work.acts, actors.an.id, midnight) == [Act(midnight, DECIDED)]


def test_day_is_found_behind_many_rows_of_others(store, actors, clock):
    """Leaps of 256, 512, … rows back from the newest find every row of the day."""
    (item_id,) = put_items(store, 1)
    since = clock.now() - timedelta(hours=1)
    rows = [
        {
            "item_id": int(item_id),
            "at": since + timedelta(seconds=number - 600),
            "kind": "skipped",
            "actor_id": int(actors.an.id if number % 3 else actors.binh.id),
            "data": {},
        }
        for number in range(1_400)
    ]
    with store.write() as conn:
        conn.execute(insert(tables.item_event), rows)
    found = read(store, own_work.acts, actors.an.id, since)

    assert len(found) == sum(number % 3 > 0 for number in range(600, 1_400))


def test_held_are_live_claims_for_deciding_and_answering(store, actors, clock):
    """The one that runs out first is at the top; Bình's and what ran out are not there."""
    put_items(store, 4)
    now = clock.now()
    asks, *_ = claims.claim_next(store, actors.an, now=now, count=2, lease_minutes=10)
    claims.claim_next(store, actors.binh, now=now, count=1)
    decide(store, actors.an, asks, now, Outcome.NEEDS_ANSWER)
    requests.take(store, actors.an, asks.id, now, lease_minutes=5)
    found = read(store, own_work.held, actors.an.id, now)

    assert [(one.until - now, one.answering) for one in found] == [
        (timedelta(minutes=5), True),
        (timedelta(minutes=10), False),
    ]
    assert all(isinstance(one, Held) for one in found)
    assert read(store, own_work.held, actors.an.id, now + timedelta(minutes=11)) == []


def test_due_counts_the_teams_open_and_claimed_items_by_hours(store, actors, clock):
    """Late by a minute, due in 30 minutes (claimed), in 2 and 7 hours; 9 hours is too far."""
    ids = put_items(store, 6)
    now = clock.now()
    hours = (-1 / 60, 0.5, 2, 7, 9, 0.5)
    with store.write() as conn:
        for item_id, ahead in zip(ids, hours, strict=True):
            conn.execute(
                update(tables.item)
                .where(tables.item.c.id == int(item_id))
                .values(due_at=now + timedelta(hours=ahead))
            )
        conn.execute(
            update(tables.item)
            .where(tables.item.c.id == int(ids[1]))
            .values(state="claimed", claimed_by=int(actors.binh.id), claim_until=now, claim_no=1)
        )
        other = conn.execute(
            insert(tables.team).values(name="Tổ khác").returning(tables.team.c.id)
        ).scalar_one()
        conn.execute(
            update(tables.item).where(tables.item.c.id == int(ids[5])).values(team_id=other)
        )

    assert read(store, own_work.due, actors.an.team_id, now) == [Due("harm", (1, 1, 1, 1))]


@pytest.mark.parametrize(("result", "waits"), [("", 1), ("Đã giúp được", 0)])
def test_answer_without_a_result_is_to_be_followed_up(store, actors, clock, result, waits):
    """Until somebody notes what came of it."""
    put_items(store, 1)
    (asks,) = claims.claim_next(store, actors.an, now=clock.now(), count=1)
    decide(store, actors.an, asks, clock.now(), Outcome.NEEDS_ANSWER)
    respond(store, actors.an, asks.id, clock.now(), result=result)
    since = clock.now() - timedelta(days=7)

    assert read(store, own_work.without_result, actors.an.id, since) == waits
    assert read(store, own_work.without_result, actors.binh.id, since) == 0
    respond(store, actors.binh, asks.id, clock.now(), result="ổn", follow_up=True)
    assert read(store, own_work.without_result, actors.an.id, since) == 0
