"""Draws of unflagged posts: one weekly budget for all kinds, blind, and nothing twice."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from evenhand.data import tables
from evenhand.data.errors import InputError
from evenhand.data.store import draws
from evenhand.data.store.draws import DrawKind, NewDraw
from evenhand.data.store.items import NewItem
from tests.review_floor import NOON, put_flag, put_post, put_version, rolled_up

ITEM = NewItem("harm", "vi", "audit", -1.0, "why", NOON + timedelta(days=1))


def new(post_id, **changes):
    values = {
        "post_id": str(post_id),
        "version": 1,
        "reason": "random",
        "probability": 0.5,
        "item": ITEM,
    }
    return NewDraw(**(values | changes))


def put(store, wanted, *, kind=DrawKind.LEARNING, now=NOON, person_id=None):
    with store.write() as conn:
        return draws.put(conn, kind, wanted, person_id=person_id, now=now)


def unflagged(store, count=1):
    with store.write() as conn:
        return [put_post(conn, f"bài {at}", flagged=False) for at in range(count)]


def used(store, now=NOON):
    with store.read() as conn:
        return draws.budget_of(conn, now).used


def rows(store, table):
    with store.read() as conn:
        return conn.execute(select(table)).all()


@pytest.mark.parametrize(
    ("at", "week"),
    [
        (datetime(2026, 11, 24, tzinfo=UTC), "2026-W48"),
        (datetime(2027, 1, 3, 23, 59, tzinfo=UTC), "2026-W53"),
        (datetime(2027, 1, 4, tzinfo=UTC), "2027-W01"),
    ],
)
def test_week_is_that_of_iso(at, week):
    """From Monday on, also around New Year."""
    assert week == draws.week_of(at)


def test_drawn_post_gets_a_blind_item_and_stays_unflagged(store, actors):
    """Its flag names no harm, and it is still a sample of what was not found."""
    (post_id,) = unflagged(store)
    assert 1 == put(store, [new(post_id)], person_id=actors.coordinator.id)
    (row,), (flag,) = rows(store, tables.draw), rows(store, tables.flag)
    (post,), (item,) = rows(store, tables.post), rows(store, tables.item)

    assert ("learning", "random", 0.5, 3, "2026-W48") == (
        row.kind,
        row.reason,
        row.probability,
        row.drawn_by,
        row.week,
    )
    assert ("audit", "audit", [], None) == (flag.origin, flag.label, flag.reasons, flag.model)
    assert (False, "harm", "open") == (post.flagged, item.queue, item.state)
    assert rolled_up(store)[0] == rolled_up(store)[1]


def test_budget_falls_for_every_kind_and_is_new_on_monday(store):
    """Audit, learning and drift reading share it."""
    ids = unflagged(store, 3)
    for post_id, kind in zip(ids, DrawKind, strict=True):
        put(store, [new(post_id)], kind=kind)
    with store.read() as conn:
        budget = draws.budget_of(conn, NOON)
        later = draws.budget_left(conn, NOON + timedelta(days=7))

    assert (500, 3, 497) == (budget.limit, budget.used, budget.left)
    assert 500 == later


def test_draw_beyond_the_budget_is_refused_whole(store):
    """Nothing of it is drawn."""
    ids = unflagged(store, 3)
    with store.write() as conn:
        filler = put_post(conn, "đầy", flagged=False)
        for at in range(498):
            row = {"post_id": filler, "week": "2026-W48", "kind": f"k{at}", "reason": "random"}
            conn.execute(insert(tables.draw).values(**row, drawn_at=NOON))
    with pytest.raises(InputError, match="2 that may still be read this week"):
        put(store, [new(one) for one in ids])

    assert 498 == used(store)
    assert [] == rows(store, tables.item)
    assert 2 == put(store, [new(one) for one in ids[:2]])
    assert 500 == used(store)


@pytest.mark.parametrize("what", ["flagged", "drawn", "edited", "erased", "deleted"])
def test_post_is_passed_over_when_it_changed_meanwhile(store, what):
    """Between the choice and the draw somebody may have been faster."""
    (post_id,) = unflagged(store)
    post = update(tables.post).where(tables.post.c.id == post_id)
    with store.write() as conn:
        if what == "flagged":
            conn.execute(post.values(flagged=True))
        elif what == "drawn":
            put_flag(conn, post_id, "audit", origin="audit")
        elif what == "edited":
            put_version(conn, post_id, 2, "khác")
        else:
            column = {"erased": "text_erased_at", "deleted": "deleted_at"}[what]
            conn.execute(post.values(**{column: NOON}))

    assert 0 == put(store, [new(post_id)])
    assert [] == rows(store, tables.item)
    assert 0 == used(store)


def test_engine_refuses_a_second_draw_and_an_impossible_probability(store):
    """Once per post and kind; a probability lies above 0 and at most at 1."""
    (post_id,) = unflagged(store)
    row = {"post_id": post_id, "week": "w", "kind": "audit", "reason": "random", "drawn_at": NOON}
    with store.write() as conn:
        conn.execute(insert(tables.draw).values(**row))
    for wrong in (row, row | {"kind": "learning", "probability": 1.5}):
        with pytest.raises(IntegrityError), store.write() as conn:
            conn.execute(insert(tables.draw).values(**wrong))


def test_two_draws_at_once_do_not_spend_the_same_budget(store):
    """Together they stay within it: one of them is refused."""
    ids = unflagged(store, 6)
    with store.write() as conn:
        for at in range(496):
            row = {"post_id": ids[0], "week": "2026-W48", "kind": f"k{at}", "reason": "random"}
            conn.execute(insert(tables.draw).values(**row, drawn_at=NOON))
    ends = []

    def draw(part):
        try:
            ends.append(put(store, [new(one) for one in part]))
        except InputError:
            ends.append("refused")

    threads = [threading.Thread(target=draw, args=(part,)) for part in (ids[:3], ids[3:])]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert {3, "refused"} == set(ends)
    assert 499 == used(store)
