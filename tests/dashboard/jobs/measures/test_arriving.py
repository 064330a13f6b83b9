"""What came in and what was flagged."""

from __future__ import annotations

from datetime import date

from evenhand.dashboard.jobs.measures import arriving
from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.data.store.rollups import Arrived

DAYS = [Arrived(date(2026, 11, 23), 40, 3), Arrived(date(2026, 11, 24), 25, 0)]


def test_posts_of_all_days_are_added_up():
    """40 and 25 are 65."""
    assert arriving.arrived(DAYS) == 65
    assert arriving.arrived([]) == 0


def test_flagged_is_a_share_of_what_came_in():
    """3 of 65; of nothing it is blank."""
    assert arriving.flagged(DAYS) == Share(3, 65)
    assert arriving.flagged([]).value is None
