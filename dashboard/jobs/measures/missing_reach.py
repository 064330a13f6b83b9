"""Recall weighted by reach: how far the harm went that was found, of all that went anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import estimates_reach
from evenhand.dashboard.jobs.estimates_reach import Reached
from evenhand.data.store import audits_reach

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.estimates_audit import Estimate
    from evenhand.dashboard.jobs.measures.missing import Missing, Part
    from evenhand.data.store.connect import Store


@dataclass(frozen=True, slots=True)
class Weighted:
    """The audited posts of a window with their reach, and the reach of what was flagged.

    *reach* has a number for each of the part's rows, in their order.
    """

    part: Part
    reach: tuple[int, ...]
    reached: Reached

    @property
    def recall(self) -> Estimate:
        """What `recall_by_reach` says of it."""
        return recall_by_reach(self)


def read(store: Store, found: Missing) -> Weighted:
    """Read the reach of what was flagged on the audited days of a window."""
    with store.read() as conn:
        sums = audits_reach.reached(conn, [one.day for one in found.audited])
    reach = tuple(one.reach for one in found.drawn)
    return Weighted(found.whole, reach, Reached(*sums))


def recall_by_reach(weighted: Weighted) -> Estimate:
    """Share of the reach of harm that was found: found / (found + waiting + missed), 0-1.

    As recall, with each post counted by its reach: its public reactions (likes, replies, shares)
    as they were when it was last read.
    They are not views, which Evenhand does not know; a post without any, and each post of a source
    that tells none, counts nothing.
    The bounds are Fay and Feuer's (1997) at 95 %, with one more post that is harm, and with reach
    spread as among all audited posts: harm that spread further than any of these is not in them.
    Blank where recall is blank for another reason than its width, where no harm has a reach that
    is known, where the audit saw no missed harm that has one, and where the bounds are more than
    0.4 apart; the bounds are given all the same.
    Source: views of missed harm, as Meta's Oversight Board asks for.
    """
    return estimates_reach.recall_by_reach(
        weighted.part.rows, weighted.reach, weighted.part.cohort, weighted.reached
    )
