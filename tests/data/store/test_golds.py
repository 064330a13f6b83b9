"""Hidden gold in the store: the share that was asked for, and many people at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, insert, select, update

from evenhand.classifiers.intervals import wilson
from evenhand.data import tables
from evenhand.data.store import claims, items, rollups_anew
from evenhand.data.store.claims import QUEUES, Wish
from evenhand.data.store.golds import Hidden
from evenhand.data.tables_review import gold
from tests.conftest import NOON
from tests.review_floor import put_item, put_items, rolled_up

LEASE = timedelta(minutes=10)


def put_golds(store, count):
    """Put items in that somebody decided on and two persons know the outcome of; their posts."""
    with store.write() as conn:
        made = [put_item(conn) for _ in range(count)]
        ids = [int(one.id) for one in made]
        conn.execute(
            update(tables.item)
            .where(tables.item.c.id.in_(ids))
            .values(state="closed", decided_at=NOON)
        )
        rows = [
            {
                "item_id": key,
                "outcome": "no_harm",
                "explanation": "Chỉ là tin thời tiết.",
                "proposed_by": 3,
                "proposed_at": NOON,
                "approved_by": 5,
                "approved_at": NOON,
            }
            for key in ids
        ]
        conn.execute(insert(gold), rows)
    return [int(one.post_id) for one in made]


def take(store, person_id, hidden, now=NOON, count=10):
    wish = Wish(person_id, QUEUES, None, "1", escalated=False, count=count)
    with store.write() as conn:
        return claims.claim(conn, wish, now=now, until=now + LEASE, hidden=hidden)


def given(store, person_id=None):
    query = select(func.count()).where(tables.item.c.purpose == "gold")
    if person_id is not None:
        query = query.where(tables.item.c.for_person == int(person_id))
    with store.read() as conn:
        return conn.execute(query).scalar_one()


@pytest.mark.usefixtures("actors")
def test_share_of_gold_lies_in_the_binomial_interval(store):
    """Thirty claims of ten: 300 places are filled, and the share asked for fits what was given."""
    put_golds(store, 70)
    put_items(store, 320)
    hidden = Hidden(0.15, Random(11).random)  # noqa: S311 - a simulation
    taken = [one.item_id for _ in range(30) for one in take(store, "1", hidden)]
    found = given(store)
    low, high = wilson(found, len(taken))

    assert len(taken) == len(set(taken)) == 300
    assert low <= 0.15 <= high
    assert given(store, "1") == found


@pytest.mark.usefixtures("actors")
def test_gold_runs_out_and_the_places_go_to_others(store):
    """Whoever has read it all gets items of the queue alone, as many as before."""
    put_golds(store, 2)
    put_items(store, 40)
    hidden = Hidden(0.2, lambda: 0.0)

    assert [len(take(store, "1", hidden)) for _ in range(3)] == [10, 10, 10]
    assert given(store) == 2


@pytest.mark.usefixtures("actors")
def test_nobody_waits_in_a_circle_while_posts_of_gold_are_erased(store):
    """Four people claim, two give back, and posts of gold are deleted at their platform."""
    posts = put_golds(store, 24)
    put_items(store, 120)
    with store.write() as conn:
        # The parents were closed by hand.
        rollups_anew.rebuild(conn)

    def work(number):
        person_id = str(1 + number % 2)
        chance = Random(number).random  # noqa: S311 - a simulation
        for turn in range(8):
            now = NOON + timedelta(minutes=turn)
            take(store, person_id, Hidden(0.2, chance), now, count=4)
            if number > 1:
                with store.write() as conn:
                    claims.release_all(conn, person_id, now, person_id)

    def erase(_):
        for post_id in posts[:12]:
            with store.write() as conn:
                query = select(tables.post.c.id).where(tables.post.c.id == post_id)
                conn.execute(query.with_for_update())
                items.void(conn, [post_id], NOON, "deleted_upstream")

    with ThreadPoolExecutor(5) as pool:
        jobs = [*(pool.submit(work, number) for number in range(4)), pool.submit(erase, None)]
        for one in jobs:
            one.result(timeout=120)
    kept, anew = rolled_up(store)
    query = select(tables.item.c.for_person, tables.item.c.of_item_id, func.count()).where(
        tables.item.c.purpose == "gold"
    )
    with store.read() as conn:
        counts = conn.execute(query.group_by(tables.item.c.for_person, tables.item.c.of_item_id))
        twice = [row for row in counts if row[2] > 1]

    assert twice == []
    assert kept == anew


@pytest.mark.usefixtures("actors")
def test_two_windows_of_one_person_are_not_given_the_same(store):
    """Six claims of one person at once, of ten gold items: each is made once."""
    put_golds(store, 10)
    put_items(store, 60)
    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(take, store, "1", Hidden(0.2, lambda: 0.0), NOON, 2) for _ in range(6)]
        for one in jobs:
            one.result(timeout=60)
    query = select(tables.item.c.of_item_id).where(tables.item.c.purpose == "gold")
    with store.read() as conn:
        made = list(conn.execute(query).scalars())

    assert len(made) == len(set(made)) == 10
