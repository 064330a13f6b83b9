"""Rows of the roll-ups as tests of measures write them: all counts are 0 that are not named."""

from __future__ import annotations

from datetime import date

from evenhand.data.store.rollup_outcomes import Outcomes
from evenhand.data.store.rollup_paces import Pace
from evenhand.data.store.rollup_waits import Waited
from evenhand.data.store.rollups import ItemCounts

DAY = date(2026, 11, 24)


def counts(**changes):
    """Make a row of counted items."""
    keys = {"day": DAY, "queue": "harm", "label": "hate", "lang": "vi", "team_id": 0}
    names = ("made", "decided", "harm", "needs_answer", "answered", "void")
    more = ("in_time", "unsure", "skipped", "escalated")
    return ItemCounts(**(keys | {"source_id": 0} | dict.fromkeys((*names, *more), 0) | changes))


def outcomes(outcome, items, policy="", **changes):
    """Make a row of what was decided; all of its items lead unless it says otherwise."""
    keys = {"day": DAY, "label": "hate", "lang": "vi", "team_id": 0, "source_id": 0, "model": "m"}
    said = {"outcome": outcome, "policy": policy, "items": items, "leading": items}
    return Outcomes(**(keys | said | changes))


def pace(day=DAY, **changes):
    """Make a row of what was done on a day."""
    keys = {"day": day, "queue": "harm", "team_id": 0}
    return Pace(**(keys | dict.fromkeys(("arrived", "decided", "answered", "late"), 0) | changes))


def waited(ended=(), gone=(), still=()):
    """Make the waits of one slice from (hours, items)."""
    return Waited(tuple(ended), tuple(gone), tuple(still))
