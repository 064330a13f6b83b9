"""What is due when, added up over the queues."""

from __future__ import annotations

from evenhand.dashboard.jobs.measures import burning
from evenhand.dashboard.jobs.measures.burning import Due


def test_bands_are_added_up_over_the_queues():
    """2 are overdue, 5 are due within the hour, 1 after two days."""
    rows = [Due("fast", (0, 1, 0, 0, 0, 0, 0)), Due("harm", (2, 4, 0, 0, 3, 0, 1))]

    assert (2, 5, 0, 0, 3, 0, 1) == burning.burn_down(rows)
    assert (0,) * 7 == burning.burn_down([])
