"""What came in, and what of it was put before people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.measures.figures import Share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.data.store.rollups import Arrived


def arrived(days: Sequence[Arrived]) -> int:
    """Posts that came in during the window, each counted once, on the day it reached Evenhand.

    Posts that were deleted at their platform since then stay counted.
    """
    return sum(day.arrived for day in days)


def flagged(days: Sequence[Arrived]) -> Share:
    """Posts that were flagged, of the posts that came in during the window.

    A flag says that a person should look; it is no finding, and this is no share of harm.
    """
    return Share(sum(day.flagged for day in days), arrived(days))
