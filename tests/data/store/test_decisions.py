"""Decisions in the store: whole or not at all, and safe against others at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from evenhand.data import tables
from evenhand.data.errors import AlreadyDecided, ClaimLost
from evenhand.data.records import Claim, Decision, Outcome
from evenhand.data.store import claims, decisions, ledger
from evenhand.data.store.claims import QUEUES, Wish
from tests.review_floor import item_row, put_items, replay, rolled_up, standing

LEASE = timedelta(minutes=10)


def take(store, actor, now, count=1):
    wish = Wish(actor.id, QUEUES, None, None, escalated=False, count=count)
    with store.write() as conn:
        return claims.claim(conn, wish, now=now, until=now + LEASE)


def on(claim: Claim, **changes):
    fields = {
        "uuid": str(uuid4()),
        "item_id": claim.item_id,
        "claim_number": claim.number,
        "version": 1,
        "outcome": Outcome.NO_HARM,
    }
    return Decision(**(fields | changes))


def put(store, actor, decision, now):
    with store.write() as conn:
        return decisions.put(conn, actor, decision, policy_version="p1", now=now)


def count(store, table):
    with store.read() as conn:
        return conn.execute(select(func.count()).select_from(table)).scalar_one()


def test_one_message_sent_by_eight_threads_is_written_once(store, clock, actors):
    """All get the same answer, one of them the first."""
    put_items(store, 1)
    [claim] = take(store, actors.an, clock.now())
    wanted = on(claim)
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: put(store, actors.an, wanted, clock.now()), range(8)))

    assert sorted(one.duplicate for one in done) == [False] + [True] * 7
    assert len({one.state for one in done}) == 1
    assert count(store, tables.decision) == 1


def test_eight_decisions_on_one_claim_leave_one(store, clock, actors):
    """Two tabs of one person cannot decide one item twice."""
    put_items(store, 1)
    [claim] = take(store, actors.an, clock.now())

    def work(_):
        try:
            put(store, actors.an, on(claim), clock.now())
        except AlreadyDecided:
            return "refused"
        return "written"

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(work, range(8)))

    assert done.count("written") == 1
    assert count(store, tables.decision) == count(store, tables.current_decision) == 1


def test_claims_and_decisions_of_eight_threads_keep_logs_and_rows_equal(store, clock, actors):
    """After a rush of claims, decisions, skips and undos the logs tell the rows."""
    put_items(store, 80)
    people = [actors.an, actors.binh, actors.coordinator]

    def work(number):
        actor, undone = people[number % 3], 0
        for turn, claim in enumerate(take(store, actor, clock.now(), count=10)):
            held = (claim.item_id, claim.number)
            if turn == 3:
                with store.write() as conn:
                    claims.put_skip(conn, actor.id, held, "unclear", clock.now())
                continue
            put(store, actor, on(claim, outcome=list(Outcome)[1 + turn % 4]), clock.now())
            if turn == 7:
                # Two browsers of one person may reach for the same decision: one of them gets it.
                with store.write() as conn:
                    undone += 1 if _undo(conn, actor, clock.now()) else 0
        return undone

    with ThreadPoolExecutor(8) as pool:
        undone = sum(pool.map(work, range(8)))

    assert standing(store) == replay(store)
    kept, anew = rolled_up(store)
    assert kept == anew
    with store.read() as conn:
        assert ledger.verify(conn) == 72 + undone
    # 8 x 9 decisions.
    assert count(store, tables.current_decision) == 72 - undone
    assert 3 <= undone <= 8


def _undo(conn, actor, now):
    return decisions.undo_last(conn, actor, now=now, since=now, until=now + LEASE)


def test_refused_decision_leaves_nothing_behind(store, clock, actors):
    """Item, log, roll-up and ledger stay as they were."""
    [item_id] = put_items(store, 1)
    [claim] = take(store, actors.an, clock.now())
    before = item_row(store, item_id)
    with pytest.raises(ClaimLost):
        put(store, actors.binh, on(claim), clock.now())
    with pytest.raises(ClaimLost):
        put(store, actors.an, on(claim, claim_number=2), clock.now())

    assert item_row(store, item_id) == before
    assert count(store, tables.decision) == count(store, tables.ledger) == 0
    assert standing(store) == replay(store)


def test_undo_of_the_same_decision_by_eight_threads_happens_once(store, clock, actors):
    """One click too many takes nothing else back."""
    put_items(store, 1)
    [claim] = take(store, actors.an, clock.now())
    wanted = on(claim)
    put(store, actors.an, wanted, clock.now())

    def work(_):
        now = clock.now()
        with store.write() as conn:
            return decisions.undo_last(conn, actors.an, now=now, since=now, until=now + LEASE)

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(work, range(8)))

    assert [one for one in done if one] == [wanted.uuid]
    assert count(store, tables.decision) == 2
    assert standing(store) == replay(store)
