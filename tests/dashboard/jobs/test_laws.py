"""Laws of the items, held through any sequence of what people, platforms and time do to them."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from evenhand.dashboard.jobs import claims, decisions, library, macros, requests
from evenhand.data import tables
from evenhand.data.errors import EvenhandError
from evenhand.data.records import (
    Decision,
    Delete,
    ItemState,
    Outcome,
    Page,
    Response,
    ResponseKind,
)
from evenhand.data.store import ledger, pages
from tests.review_floor import NOON, put_item, put_source, replay, rolled_up, standing

ACTS = (
    ["claim", "claim", "extend", "release", "skip", "unassign", "sweep"]
    + [f"decide_{outcome.value}" for outcome in Outcome]
    + ["decide_needs_answer", "decide_by_macro", "respond", "respond", "respond", "follow_up"]
    + ["undo", "take", "put_back", "delete", "make"]
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.sampled_from(["an", "binh", "coordinator"]),
        st.integers(0, 5),
        st.sampled_from([0, 0, 0, 1, 9, 11, 40]),
    ),
    min_size=10,
    max_size=40,
)
HATE = macros.NewMacro(
    "G",
    "Hate: report",
    Outcome.VIOLATES,
    ("hate",),
    ResponseKind.PLATFORM_REPORT,
    "platform_report",
)
_numbers = itertools.count(1)


@dataclass
class Floor:
    """One store with its people and a clock that only goes forward."""

    store: object
    actors: object
    macro_id: str
    now: object = NOON

    def item(self, act, pick):
        """Choose an item: of every two picks one fits the act, the other is any of the newest."""
        item = tables.item
        newest = select(item).order_by(item.c.id.desc()).limit(6)
        fitting = newest.where(item.c.state == "claimed")
        if act in {"take", "put_back", "respond", "follow_up"}:
            fitting = newest.where(item.c.needs_answer)
        with self.store.read() as conn:
            rows = conn.execute(fitting if pick % 2 else newest).all()
            rows = rows or conn.execute(newest).all()
        return rows[pick % len(rows)]

    def actor(self, name, row, pick):
        """Choose who acts: the holder of the item, or whoever it may be."""
        people = vars(self.actors)
        holders = [one for one in people.values() if one.id == str(row.claimed_by)]
        return holders[0] if holders and pick % 2 else people[name]

    def act(self, act, who, pick):
        """Do one thing as somebody would, allowed or not."""
        row = self.item(act, pick)
        store, actor, now = self.store, self.actor(who, row, pick), self.now
        item_id, number = str(row.id), row.claim_no
        held = [(item_id, number)]
        acts = {
            "claim": lambda: claims.claim_next(store, actor, now=now, count=1 + pick),
            "extend": lambda: claims.extend(store, actor, held, now),
            "release": lambda: claims.release(store, actor, held, now),
            "skip": lambda: claims.skip(store, actor, item_id, number, "context", now),
            "unassign": lambda: claims.unassign(store, actor, item_id, now),
            "sweep": lambda: claims.sweep(store, now),
            "undo": lambda: decisions.undo_last(store, actor, now, within_s=600),
            "take": lambda: requests.take(store, actor, item_id, now),
            "put_back": lambda: requests.put_back(store, actor, item_id, now),
            "respond": lambda: requests.respond(store, actor, response(item_id, now), now=now),
            "follow_up": lambda: requests.respond(
                store, actor, response(item_id, now), now=now, follow_up=True
            ),
            "delete": lambda: self.delete(row.post_id),
            "make": self.make,
        }
        for outcome in Outcome:
            made = decision(item_id, number, outcome)
            acts[f"decide_{outcome.value}"] = partial(decisions.decide, store, actor, made, now=now)
        made = decision(item_id, number, Outcome.VIOLATES)
        by_macro = partial(decisions.decide, macro_id=self.macro_id)
        acts["decide_by_macro"] = lambda: by_macro(store, actor, made, now=now)
        acts[act]()

    def make(self):
        """Put three items in."""
        with self.store.write() as conn:
            for label, queue in (("hate", "harm"), ("question", "request"), ("spam", "harm")):
                put_item(conn, label, queue=queue)

    def delete(self, post_id):
        """Let the platform take a post away."""
        with self.store.write() as conn:
            query = select(tables.post.c.native_key).where(tables.post.c.id == post_id)
            gone = Delete(conn.execute(query).scalar_one(), "deleted upstream")
            pages.finish_page(conn, put_source(conn), Page((gone,), {}), self.now)


def decision(item_id, number, outcome):
    """Decide on the version that is shown, under the number of a claim."""
    policy = "hate" if outcome is Outcome.VIOLATES else None
    return Decision(f"d{next(_numbers)}", item_id, number, 1, outcome, policy)


def response(item_id, now):
    """Answer in public from the team's account."""
    return Response(
        uuid=f"r{next(_numbers)}",
        item_id=item_id,
        kind=ResponseKind.PUBLIC_REPLY,
        channel="r/lambay",
        text="Trạm y tế mở cửa lúc 7 giờ",
        language="vi",
        account="@TongDaiVinhLam",
        given_at=now,
    )


def check_laws(store):
    """Hold the rows to the logs, the roll-ups to the rows, and every count to its parts."""
    rows = standing(store)
    kept, rebuilt = rolled_up(store)
    with store.read() as conn:
        states = Counter(conn.execute(select(tables.item.c.state)).scalars())
        current = select(tables.current_decision.c.item_id, tables.current_decision.c.slot)
        slots = conn.execute(current).all()
        decided = conn.execute(select(func.count()).select_from(tables.decision)).scalar_one()
        told = select(func.count()).where(
            tables.ledger.c.action.in_(["decided", "decision_undone"])
        )
        entries = conn.execute(told).scalar_one()
        ledger.verify(conn)

    assert rows == replay(store)
    assert kept == rebuilt
    assert set(states) <= {state.value for state in ItemState}
    assert states.total() == len(rows) == sum(row.made for row in kept)
    assert len(slots) == len(set(slots))
    assert decided == entries
    for row in rows.values():
        assert (row["state"] == "claimed") <= (row["claimed_by"] is not None)
        assert (row["claimed_by"] is None) == (row["claim_until"] is None)
        assert (row["state"] in {"open", "claimed"}) <= (row["decided_at"] is None)
        assert (row["state"] == "answered") <= (row["answered_at"] is not None)


@pytest.fixture
def floor(store, actors):
    library.put_builtin(store, NOON)
    made = Floor(store, actors, macros.add(store, actors.coordinator, HATE, NOON).id)
    made.make()
    return made


@given(steps=STEPS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_items_obey_their_laws_whatever_happens_to_them(floor, steps):
    """Claimed, skipped, decided, undone, answered, deleted: in any order, by anybody, any time."""
    refusals = []
    for act, who, pick, minutes in steps:
        floor.now += timedelta(minutes=minutes, seconds=1)
        try:
            floor.act(act, who, pick)
        except EvenhandError as refused:
            refusals.append(str(refused))

    check_laws(floor.store)
    # Each says what happened and what to do.
    assert [words for words in refusals if len(words.split()) < 4] == []
