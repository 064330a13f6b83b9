"""A floor for score ranges: items with scores, a second coordinator, and the reading of a sample.

`python -m tests.range_floor URL RANGE BATCHES` acts on a range and dies after so many batches.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from random import Random

from sqlalchemy import insert, update

from evenhand.dashboard.jobs import claims, ranges
from evenhand.dashboard.jobs.ranges import NewRange
from evenhand.data import tables
from evenhand.data.records import Actor, Outcome, Role
from evenhand.data.settings import QualitySettings
from evenhand.data.store.connect import open_store
from tests.conftest import NOON
from tests.reading_floor import say
from tests.review_floor import put_item

LOW = NewRange("spam", None, 0.1, 0.4)
COORDINATOR = Actor("3", "coordinator", frozenset({Role.COORDINATOR}), "1")
SECOND = Actor("7", "second", frozenset({Role.COORDINATOR}), "1")
QUALITY = QualitySettings(double_share=0.0)
ALL_TWICE = QualitySettings(double_share=1.0)


def put_second(store):
    """Add a second coordinator to the first team."""
    with store.write() as conn:
        person = {"id": 7, "name": "second", "password_hash": "!", "created_at": NOON}
        conn.execute(insert(tables.person).values(**person))
        member = {"person_id": 7, "team_id": 1, "role": "coordinator"}
        conn.execute(insert(tables.membership).values(**member))
    return SECOND


def put_scored(store, count, score=0.2, **changes):
    """Put *count* open items in whose leading flag has this score; give their ids."""
    with store.write() as conn:
        put = [put_item(conn, **({"label": "spam"} | changes)) for _ in range(count)]
        these = tables.flag.c.post_id.in_([int(one.post_id) for one in put])
        conn.execute(update(tables.flag).where(these).values(score=score))
    return [one.id for one in put]


def drawn(store, actor, clock, wanted=LOW, count=5):
    """Draw a sample, by a chance that is the same at every run."""
    rng = Random(7)  # noqa: S311 - no secret
    return ranges.draw(store, actor, wanted, now=clock.now(), count=count, rng=rng)


def read_sample(store, actor, clock, *outcomes):
    """Decide on whatever the actor holds: with these outcomes first, then "no harm"."""
    held = claims.held(store, actor, clock.now())
    for place, one in enumerate(held):
        outcome = outcomes[place] if place < len(outcomes) else Outcome.NO_HARM
        policy = "spam" if outcome is Outcome.VIOLATES else None
        say(store, actor, one, outcome, policy, clock=clock, quality=QUALITY)
    return held


def act(store, actor, found, clock, quality=QUALITY, **how):
    """Decide on the rest of a range."""
    return ranges.decide_rest(store, actor, found.id, clock.now(), quality=quality, **how)


def done(store, actor, clock, quality=QUALITY, count=5):
    """Draw, read and decide a range; give it."""
    found = drawn(store, actor, clock, count=count)
    read_sample(store, actor, clock)
    return act(store, actor, found, clock, quality)


def _main(url, range_id, batches, *, back):
    store, seen = open_store(url, migrate=False), []

    def die(done, total):
        seen.append((done, total))
        if len(seen) == batches:
            os.kill(os.getpid(), signal.SIGKILL)

    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    if back:
        ranges.undo(store, COORDINATOR, range_id, now, progress=die)
    else:
        ranges.decide_rest(store, COORDINATOR, range_id, now, quality=QUALITY, progress=die)


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], int(sys.argv[3]), back="undo" in sys.argv)
