"""A floor to retrain on: labels turned into posts, items and standing decisions in the tables."""

from __future__ import annotations

import itertools
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

from sqlalchemy import insert, select

from evenhand.dashboard.jobs import retraining_run
from evenhand.data import tables
from evenhand.data.records import Outcome
from evenhand.data.settings import Settings
from evenhand.data.store.rollups import day_of
from evenhand.data.taxonomy import Policy, Request
from tests.label_floor import make_labels
from tests.review_floor import NOON, put_source

POLICIES = [one.value for one in Policy]
REQUESTS = [one.value for one in Request]
_numbers = itertools.count(1_000)


def bench_of(store, actors, folder, clock):
    """Give what the worker makes models with, and *told*, the steps that it tells."""
    told = []
    settings = Settings(workspace=folder)
    means = retraining_run.Means(
        store, settings, clock.now, lambda step, percent: told.append((percent, step))
    )
    return SimpleNamespace(
        means=means, store=store, settings=settings, told=told, clock=clock, actors=actors
    )


def decided(store, count=600, *, seed=0, reviewers=("1", "2"), simulated=False, **changes):
    """Put so many decisions of made-up reviewers into the store, the last one just before noon."""
    labels = make_labels(count, seed=seed, reviewers=reviewers)
    put_labels(store, labels, simulated=simulated, **changes)
    return labels


def put_labels(store, labels, *, simulated=False, slot=1, **post):
    """Put each label as a flagged post with one standing decision; give the items' ids."""
    begin = NOON - timedelta(minutes=len(labels) + 1)
    with store.write() as conn:
        source_id = put_source(conn)
        return [
            put_decision(
                conn,
                text=label.text,
                lang=label.lang,
                outcome=outcome_of(label),
                reviewer=int(label.reviewer),
                at=begin + timedelta(minutes=at),
                simulated=simulated,
                slot=slot,
                source_id=source_id,
                **post,
            )
            for at, label in enumerate(labels)
        ]


def outcome_of(label):
    """Give outcome, policy and the label of the item as a reviewer would decide."""
    policy = next((one for one in POLICIES if one in label.yes), None)
    request = next((one for one in REQUESTS if one in label.yes), None)
    if policy is not None:
        return Outcome.VIOLATES, policy, policy
    if request is not None:
        return Outcome.NEEDS_ANSWER, None, request
    return Outcome.NO_HARM, None, "hate"


def put_decision(  # noqa: PLR0913 - a test states only what it is about
    conn,
    *,
    text="Nước lên nhanh",
    lang="vi",
    outcome=(Outcome.NO_HARM, None, "hate"),
    reviewer=1,
    at=NOON,
    simulated=False,
    slot=1,
    state="decided",
    source_id=None,
    flagged=True,
    draw=None,
    **post,
):
    """Put one post with an item and its standing decision; give the item's key."""
    number = next(_numbers)
    what, policy, item_label = outcome
    values = {
        "source_id": source_id or put_source(conn),
        "native_key": f"labelled{number}",
        "platform": "reddit",
        "type": "Note",
        "lang": lang,
        "published_at": at,
        "fetched_at": at,
        "day": day_of(at),
        "version": 1,
        "body_hash": f"labelled{number}",
        "civic": False,
        "topic": "other",
        "flagged": flagged,
    }
    post_id = _put(conn, tables.post, **(values | post))
    conn.execute(
        insert(tables.post_version).values(post_id=post_id, version=1, content=text, seen_at=at)
    )
    if draw is not None:
        _put(
            conn,
            tables.draw,
            post_id=post_id,
            week="2026-W48",
            kind=draw,
            reason="random",
            drawn_at=at,
        )
    item_id = _put(
        conn,
        tables.item,
        post_id=post_id,
        queue="harm",
        lang=lang,
        label=item_label,
        priority=1.0,
        why="why",
        due_at=at,
        state=state,
        created_at=at,
        state_at=at,
        decided_at=at,
    )
    decision_id = _put(
        conn,
        tables.decision,
        uuid=str(uuid4()),
        item_id=item_id,
        slot=slot,
        kind="review",
        version=1,
        outcome=what.value,
        policy=policy,
        note="",
        claim_no=1,
        reviewer_id=reviewer,
        policy_version="1",
        simulated=simulated,
        decided_at=at,
    )
    conn.execute(
        insert(tables.current_decision).values(item_id=item_id, slot=slot, decision_id=decision_id)
    )
    return item_id


def _put(conn, table, **values):
    return conn.execute(insert(table).values(**values).returning(table.c.id)).scalar_one()


def rows_of(store, table):
    """Read a whole table."""
    with store.read() as conn:
        return conn.execute(select(table)).all()
