"""A floor to audit on: unflagged posts of a day with scores, and the rows that a draw leaves."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from sqlalchemy import insert, select

from evenhand.dashboard.jobs import auditing
from evenhand.data import tables
from evenhand.data.store import draws, rollups
from evenhand.data.tables_review import audit
from tests.review_floor import NOON, put_post

# The day before, over since noon ago.
DAY = NOON - timedelta(days=1)


def put_day(store, scores, *, at=DAY, **changes):
    """Put unflagged posts that arrived on a day, each with its highest score; give their keys."""
    if not scores:
        return []
    with store.write() as conn:
        ids = [
            put_post(
                conn,
                f"bài {n} ngày {at.date()}",
                **({"flagged": False, "fetched_at": at, "day": rollups.day_of(at)} | changes),
            )
            for n in range(len(scores))
        ]
        source_id = conn.execute(select(tables.source.c.id)).scalar_one()
        flagged = bool(changes.get("flagged", False))
        cell = (rollups.day_of(at), source_id, "weather", "")
        rollups.count_posts(conn, {cell: (len(ids), flagged * len(ids))}, {})
        rows = [
            {
                "post_id": post_id,
                "version": 1,
                "model": "m1",
                "lang": "vi",
                "topics": {},
                "harms": {"spam": [score, "nothing"], "hate": [score / 2, "nothing"]},
                "requests": {"question": [0.9, "nothing"]},
                "tagged_at": at,
            }
            for post_id, score in zip(ids, scores, strict=True)
        ]
        conn.execute(insert(tables.tag), rows)
    return ids


def audit_now(store, now=NOON, seed=1):
    """Draw what is due and give how many days were dealt with."""
    return auditing.draw_due(store, now, np.random.default_rng(seed))


def audit_rows(store):
    """Read the rows of days, oldest first."""
    with store.read() as conn:
        return conn.execute(select(audit).order_by(audit.c.day)).all()


def drawn(store, kind="audit"):
    """Read the draws of a kind, by post."""
    query = select(tables.draw).where(tables.draw.c.kind == kind).order_by(tables.draw.c.post_id)
    with store.read() as conn:
        return conn.execute(query).all()


def budget(store, now=NOON):
    """Read the week's budget."""
    with store.read() as conn:
        return draws.budget_of(conn, now)
