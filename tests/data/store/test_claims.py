"""Leases in the store: one statement, one holder, numbers that only rise."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from evenhand.data import tables
from evenhand.data.errors import NotFound
from evenhand.data.store import claims
from evenhand.data.store.claims import Wish
from tests.review_floor import put_items, replay, standing

LEASE = timedelta(minutes=10)


def wish(person_id="1", **changes):
    fields = {
        "person_id": person_id,
        "queues": claims.QUEUES,
        "langs": None,
        "team_id": None,
        "escalated": False,
        "count": 10,
    }
    return Wish(**(fields | changes))


def take(store, now, person_id="1", **changes):
    with store.write() as conn:
        return claims.claim(conn, wish(person_id, **changes), now=now, until=now + LEASE)


@pytest.mark.usefixtures("actors")
def test_claim_gives_no_item_twice_to_eight_threads(store, clock):
    """500 items, eight people who claim at once: each item has one holder under number 1."""
    put_items(store, 500)
    people = ["1", "2", "3", "4", "5", "6"]

    def work(number):
        mine = []
        while got := take(store, clock.now(), people[number % 6], count=7):
            mine += [(claim.item_id, claim.number) for claim in got]
        return mine

    with ThreadPoolExecutor(8) as pool:
        taken = [one for mine in pool.map(work, range(8)) for one in mine]

    assert len(taken) == 500
    assert len({item_id for item_id, _ in taken}) == 500
    assert {number for _, number in taken} == {1}
    with store.read() as conn:
        logged = conn.execute(
            select(func.count()).where(tables.item_event.c.kind == "claimed"),
        ).scalar_one()

    assert logged == 500
    assert standing(store) == replay(store)


@pytest.mark.usefixtures("actors")
def test_claim_gives_no_item_twice_while_claims_expire_and_come_back(store, clock):
    """With expiries and releases in between, every item still has one holder per number."""
    put_items(store, 60)

    def work(number):
        person_id = str(number % 6 + 1)
        seen = []
        for turn in range(12):
            now = clock.now() + timedelta(minutes=6 * turn)
            got = take(store, now, person_id, count=3)
            seen += [(claim.item_id, claim.number) for claim in got]
            if turn % 3 == 0:
                with store.write() as conn:
                    back = [(claim.item_id, claim.number) for claim in got]
                    claims.release(conn, person_id, back, now)
        return seen

    with ThreadPoolExecutor(8) as pool:
        taken = [one for seen in pool.map(work, range(8)) for one in seen]

    assert len(taken) > 60
    assert len(set(taken)) == len(taken)
    assert standing(store) == replay(store)


@pytest.mark.usefixtures("actors")
def test_sweep_takes_back_only_what_ran_out_and_no_more_than_asked(store, clock):
    """A claim ends at its end, not before; a long list is swept in parts."""
    put_items(store, 5)
    take(store, clock.now(), count=3)
    take(store, clock.advance(minutes=5), "2", count=2)
    with store.write() as conn:
        assert claims.sweep(conn, clock.now()) == 0

        clock.advance(minutes=5)

        assert claims.sweep(conn, clock.now(), at_once=2) == 2
        assert claims.sweep(conn, clock.now()) == 1
        assert claims.sweep(conn, clock.now()) == 0
        assert len(claims.held_by(conn, "2", clock.now())) == 2
    assert standing(store) == replay(store)


@pytest.mark.parametrize("item_id", ["", "x", "-1", "1.0", "đ", "9" * 19])
def test_key_of_refuses_what_is_no_number(item_id):
    """A made-up id is not found; it never reaches the database."""
    with pytest.raises(NotFound):
        claims.key_of(item_id)


@pytest.mark.usefixtures("actors")
def test_claim_of_no_queue_or_no_item_gives_nothing(store, clock):
    """Nothing wanted, nothing taken."""
    put_items(store, 1)

    assert take(store, clock.now(), queues=()) == []
    assert take(store, clock.now(), count=0) == []
    assert take(store, clock.now(), queues=("fast",)) == []
