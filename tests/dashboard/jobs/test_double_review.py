"""A share of decisions is read twice; where readers differ a third person decides."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from evenhand.dashboard.jobs import claims, decisions
from evenhand.data import tables
from evenhand.data.errors import ClaimLost, InputError
from evenhand.data.records import Decision, Outcome
from evenhand.data.settings import QualitySettings
from evenhand.data.store import items, ledger, reviews
from tests.reading_floor import (
    ALL_TWICE,
    children_of,
    entries,
    read,
    say,
    split,
    standing_on,
    take,
    violates,
)
from tests.review_floor import item_row, put_items, put_version, replay, rolled_up, standing

NEVER = QualitySettings(double_share=0.0, double_share_by_queue={"fast": 1.0})


def is_whole(store):
    """Say that rows, roll-ups and ledger are what the logs tell."""
    kept, anew = rolled_up(store)
    with store.read() as conn:
        ledger.verify(conn)
    return kept == anew and standing(store) == replay(store)


def test_chosen_decision_makes_one_second_reading(store, clock, actors):
    """In the same write; the same message again makes no other."""
    put_items(store, 1)
    [item] = take(store, actors.an, clock)
    new = Decision(str(uuid4()), item.id, item.claim.number, item.version, Outcome.NO_HARM)
    for _ in range(3):
        decisions.decide(store, actors.an, new, now=clock.now(), quality=ALL_TWICE)

    [child] = children_of(store, item.id)
    assert (child.purpose, child.state) == ("double", "open")
    assert take(store, actors.an, clock) == []
    assert [one.id for one in take(store, actors.binh, clock)] == [str(child.id)]
    assert is_whole(store)


@pytest.mark.parametrize(("queue", "made"), [("harm", 0), ("fast", 1)])
def test_share_goes_by_the_queue(store, clock, actors, queue, made):
    """A queue with a share of its own does not follow the others."""
    [item_id] = put_items(store, 1, queue=queue)
    read(store, actors.an, clock, quality=NEVER)

    assert len(children_of(store, item_id)) == made


def test_draw_is_uniform_and_knows_the_post_key():
    """Of 20,000 decisions 5 % within 4 standard errors, and each tenth alike."""
    draws = [reviews.draw(f"uuid{number}", f"key{number % 97}") for number in range(20_000)]
    chosen = sum(one < 0.05 for one in draws)

    assert draws[7] == reviews.draw("uuid7", "key7")
    assert draws[7] != reviews.draw("uuid7", "key8")
    # sqrt(20,000 x 0.05 x 0.95) = 30.8.
    assert abs(chosen - 1_000) < 4 * 30.8
    assert all(abs(sum(low <= d * 10 < low + 1 for d in draws) - 2_000) < 170 for low in range(10))


def test_readers_who_agree_end_it(store, clock, actors):
    """Nothing follows, and the first decision stands."""
    [item_id] = put_items(store, 1)
    read(store, actors.an, clock, Outcome.VIOLATES, "hate")
    read(store, actors.binh, clock, Outcome.VIOLATES, "hate")

    assert [child.purpose for child in children_of(store, item_id)] == ["double"]
    assert standing_on(store, item_id).kind == "review"


@pytest.mark.parametrize(
    ("outcome", "policy"), [(Outcome.NO_HARM, None), (Outcome.VIOLATES, "spam")]
)
def test_readers_who_differ_bring_a_third_person(store, clock, actors, outcome, policy):
    """Neither of them gets it; what the third says stands, with state, figures and ledger."""
    [item_id] = put_items(store, 1)
    read(store, actors.an, clock, Outcome.VIOLATES, "hate")
    read(store, actors.binh, clock, outcome, policy)
    assert take(store, actors.an, clock) == take(store, actors.binh, clock) == []
    clock.advance(minutes=1)
    third = read(store, actors.coordinator, clock)

    after, row = standing_on(store, item_id), item_row(store, item_id)
    assert (after.kind, after.outcome, after.reviewer_id) == ("adjudication", "no_harm", 3)
    assert (row.state, row.decided_at) == ("closed", clock.now() - timedelta(minutes=1))
    assert [child.purpose for child in children_of(store, item_id)] == ["double", "adjudication"]
    assert third.id == str(children_of(store, item_id)[1].id)
    kept, anew = rolled_up(store)
    assert [(one.made, one.decided, one.harm) for one in kept] == [(1, 1, 0)]
    assert kept == anew
    [entry] = entries(store, "superseded")
    assert entry.subject == f"item:{item_id}"
    assert json.loads(entry.data)["by"] == "adjudication"
    assert is_whole(store)


def test_readers_of_two_versions_are_not_compared(store, clock, actors):
    """They spoke of different texts."""
    [item_id] = put_items(store, 1)
    read(store, actors.an, clock, Outcome.VIOLATES, "hate")
    with store.write() as conn:
        put_version(conn, int(item_row(store, item_id).post_id), 2, "Bài đã sửa")
    read(store, actors.binh, clock)

    assert [child.purpose for child in children_of(store, item_id)] == ["double"]


def test_further_policies_count_when_two_are_compared(store, clock, actors):
    """Hate and spam is not hate alone."""
    [item_id] = put_items(store, 1)
    read(store, actors.an, clock, Outcome.VIOLATES, "hate")
    with store.write() as conn:
        conn.execute(update(tables.decision).values(also=[["spam", 2]]))
    read(store, actors.binh, clock, Outcome.VIOLATES, "hate")

    assert [one.purpose for one in children_of(store, item_id)] == ["double", "adjudication"]


def test_undo_of_the_first_decision_withdraws_the_second_reading(store, clock, actors):
    """Also from whoever holds it; a new decision draws anew."""
    put_items(store, 1)
    [item] = take(store, actors.an, clock)
    uuid = violates(store, actors.an, item, clock=clock)
    [held] = take(store, actors.binh, clock)

    assert decisions.undo_last(store, actors.an, clock.now(), uuid=uuid) == uuid
    assert [child.state for child in children_of(store, item.id)] == ["void"]
    with pytest.raises(ClaimLost):
        say(store, actors.binh, held, clock=clock)
    [again] = claims.held(store, actors.an, clock.now())
    say(store, actors.an, again, clock=clock)
    assert [child.state for child in children_of(store, item.id)] == ["void", "open"]
    assert is_whole(store)


def test_second_reading_stays_when_the_first_is_made_again(store, clock, actors):
    """It is compared with the new decision; a third person is asked only where they differ."""
    put_items(store, 1)
    [item] = take(store, actors.an, clock)
    uuid = violates(store, actors.an, item, clock=clock)
    read(store, actors.binh, clock)
    decisions.undo_last(store, actors.an, clock.now(), uuid=uuid)
    states = [(child.purpose, child.state) for child in children_of(store, item.id)]
    assert states == [("double", "closed"), ("adjudication", "void")]

    [again] = claims.held(store, actors.an, clock.now())
    say(store, actors.an, again, clock=clock)
    assert [child.state for child in children_of(store, item.id)] == ["closed", "void"]
    assert is_whole(store)


def test_undo_of_the_second_reading_withdraws_the_third(store, clock, actors):
    """And brings it back when the second says the same again."""
    item_id = split(store, actors, clock)
    assert decisions.undo_last(store, actors.binh, clock.now()) is not None
    assert [child.state for child in children_of(store, item_id)] == ["claimed", "void"]
    [again] = claims.held(store, actors.binh, clock.now())
    say(store, actors.binh, again, clock=clock)

    assert [child.state for child in children_of(store, item_id)] == ["closed", "void", "open"]
    assert is_whole(store)


def test_undo_of_the_third_reading_restores_what_stood(store, clock, actors):
    """The first decision stands again, and the others can no longer be taken back after it."""
    item_id = split(store, actors, clock)
    read(store, actors.coordinator, clock)
    assert decisions.undo_last(store, actors.an, clock.now()) is None
    assert decisions.undo_last(store, actors.binh, clock.now()) is None
    assert decisions.undo_last(store, actors.coordinator, clock.now()) is not None

    assert standing_on(store, item_id).kind == "review"
    assert item_row(store, item_id).state == "decided"
    assert len(entries(store, "superseding_undone")) == 1
    assert is_whole(store)
    [again] = claims.held(store, actors.coordinator, clock.now())
    violates(store, actors.coordinator, again, "spam", clock=clock)
    assert standing_on(store, item_id).policy == "spam"
    assert is_whole(store)


def test_third_reading_moves_an_item_in_and_out_of_the_waiting_list(store, clock, actors):
    """What needs an answer after all waits for one, and counts as such."""
    item_id = split(store, actors, clock, label="question", queue="request")
    read(store, actors.coordinator, clock, Outcome.NEEDS_ANSWER)

    row = item_row(store, item_id)
    assert (row.state, row.needs_answer) == ("decided", True)
    kept, anew = rolled_up(store)
    assert [(one.harm, one.needs_answer) for one in kept] == [(0, 1)]
    assert kept == anew
    assert is_whole(store)


def test_nobody_decides_twice_on_the_same(store, clock, actors):
    """Not even under a claim that was made by hand."""
    [item_id] = put_items(store, 1)
    read(store, actors.an, clock)
    [child] = children_of(store, item_id)
    with store.write() as conn:
        until = clock.now() + timedelta(minutes=5)
        held = reviews.take(conn, actors.an.id, child.id, now=clock.now(), until=until)
    new = Decision(str(uuid4()), str(child.id), held.number, 1, Outcome.NO_HARM)

    with pytest.raises(InputError, match="you took part"):
        decisions.decide(store, actors.an, new, now=clock.now())


def test_first_and_second_at_once_bring_one_third_person(store, clock, actors):
    """Twenty items whose first decision is made again while the second is being made."""
    ids = put_items(store, 20)
    for item in take(store, actors.an, clock, 20):
        violates(store, actors.an, item, clock=clock)
    held = take(store, actors.binh, clock, 20)
    with store.write() as conn:
        # What was taken back leaves the second reading: as if it had been decided before.
        conn.execute(tables.current_decision.delete())
        conn.execute(
            update(tables.item)
            .where(tables.item.c.of_item_id.is_(None))
            .values(
                state="claimed",
                claimed_by=1,
                claim_no=9,
                claim_until=clock.now() + timedelta(minutes=9),
            )
        )
    gate = Barrier(2)

    def first():
        gate.wait()
        for item_id in ids:
            new = Decision(f"again{item_id}", item_id, 9, 1, Outcome.VIOLATES, "hate")
            decisions.decide(store, actors.an, new, now=clock.now(), quality=ALL_TWICE)

    def second():
        gate.wait()
        for item in held:
            say(store, actors.binh, item, clock=clock)

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(first), pool.submit(second)]:
            one.result()
    with store.read() as conn:
        query = (
            select(tables.item.c.of_item_id, func.count())
            .where(tables.item.c.purpose == "adjudication")
            .group_by(tables.item.c.of_item_id)
        )
        found = dict(map(tuple, conn.execute(query)))

    assert found == {int(item_id): 1 for item_id in ids}


def test_deleted_post_stays_void_when_a_third_reading_is_taken_back(store, clock, actors):
    """The first decision stands again, and the item goes on counting as void."""
    item_id = split(store, actors, clock)
    read(store, actors.coordinator, clock)
    gone_at = clock.advance(seconds=1)
    with store.write() as conn:
        items.void(conn, [item_row(store, item_id).post_id], clock.now(), "deleted_upstream")
    clock.advance(seconds=1)
    assert decisions.undo_last(store, actors.coordinator, clock.now()) is not None

    row = item_row(store, item_id)
    assert ("void", standing_on(store, item_id).outcome) == (row.state, "violates")
    assert gone_at == row.state_at
    kept, anew = rolled_up(store)
    assert kept == anew
    assert replay(store) == standing(store)
