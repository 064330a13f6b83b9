"""How long items take to be taken, decided and answered, with those that wait counted in.

No mean is given, and no figure over what is done alone: each would leave out whoever waits, and so
flatter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import estimates_time
from evenhand.dashboard.jobs.estimates_time import Day, Wait
from evenhand.dashboard.jobs.measures.figures import LEAST_N, Share
from evenhand.data.store.rollup_waits import Waited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from evenhand.dashboard.jobs.estimates_time import BacklogAge, Clearing, Curve, Quantile
    from evenhand.data.store.rollup_paces import Pace
    from evenhand.data.store.rollup_waits import Waits
    from evenhand.data.store.rollups import Days, ItemCounts

# Whole weeks: a pace is taken from days of each kind.
PACE_DAYS = 28
PARTS = ("ended", "gone", "open")
NOBODY_WAITED = Waited((), (), ())


@dataclass(frozen=True, slots=True)
class Times:
    """How long items of a window take for one step, in hours.

    Of *n* items *ended* reached it and *still* wait; of the others the post was deleted first.
    *median* and *p90* are None under 30 items, the curve is there for charts of 30 items or more.
    """

    n: int
    ended: int
    still: int
    median: Quantile | None
    p90: Quantile | None
    curve: Curve | None

    @property
    def too_few(self) -> bool:
        """Whether there are items, but too few for a time."""
        return 0 < self.n < LEAST_N


def time_to_review(waited: Waited) -> Times:
    """Hours from the making of an item until somebody took it for the first time.

    The time by which half of the items made in the window were taken, and nine in ten (Kaplan and
    Meier's estimate, bounds at 95 %).
    Taking is not reading: up to ten items are taken at once, and one may be given back unread.
    An item that nobody took yet counts as waiting for as long as it has, and one whose post was
    deleted first for as long as it could be taken.
    Where too few are through, the longest wait so far is given as "at least".
    Times are rounded up by 5 % at most; under 30 items none is given.
    """
    return _times(waited)


def time_to_decision(waited: Waited) -> Times:
    """Hours from the making of an item until it was decided.

    The time by which half of the items made in the window were decided, and nine in ten (Kaplan
    and Meier's estimate, bounds at 95 %).
    An item without a decision counts as waiting for as long as it has, and one whose post was
    deleted first for as long as it was there.
    "Not sure" is a decision here, and so is one by score range, though nobody read that item.
    Where too few are through, the longest wait so far is given as "at least".
    Times are rounded up by 5 % at most; under 30 items none is given.
    """
    return _times(waited)


def time_to_response(waited: Waited) -> Times:
    """Hours from the making of an item until its first response was logged.

    The time by which half of the items made in the window that need an answer had one, and nine in
    ten (Kaplan and Meier's estimate, bounds at 95 %).
    Whoever asked has waited since the item was made, not since it was decided that it needs an
    answer; one that has none counts as waiting for as long as it has.
    What was flagged as a request and is not decided yet counts as waiting too.
    Where too few are through, the longest wait so far is given as "at least".
    Times are rounded up by 5 % at most; under 30 items none is given.
    """
    return _times(waited)


def together(waits: Iterable[Waited]) -> Waited:
    """Put the items of several slices into one."""
    rows = list(waits)
    parts = (tuple(row for one in rows for row in getattr(one, name)) for name in PARTS)
    return Waited(*parts)


def by_slice(waited: Mapping[str, Waited], measure: Callable[[Waited], Times]) -> dict[str, Times]:
    """Measure each slice by itself, those with the most items first."""
    found = {key: measure(one) for key, one in waited.items()}
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].n, pair[0])))


def age_of_backlog(waiting: Waits) -> BacklogAge:
    """Age of the items that wait for a decision now: median, nine in ten, and the oldest.

    All that waits is counted, whenever it was made, so there is no interval; without items it is
    blank.
    Ages are rounded up by 5 % at most.
    After a day on which much came in the median may be lower though nothing was done; the oldest
    then says so.
    """
    ages = [age for age, _ in waiting]
    return estimates_time.backlog_age(ages, [items for _, items in waiting])


def time_to_clear(open_items: int, paces: Sequence[Pace], days: Days) -> Clearing:
    """Days until nothing waits for a decision, if things go on as in the whole days given.

    Items that wait now / (mean of decided - arrived a day), idle days among them; the bounds are
    Student's at 95 %.
    Days before the first item was ever made are left out.
    Blank under seven days, and while as much comes in as is decided: then the backlog grows.
    Items that end because their post is deleted are no pace.
    """
    done: dict[int, list[int]] = {}
    for one in paces:
        counts = done.setdefault(one.day.toordinal(), [0, 0])
        counts[0] += one.arrived
        counts[1] += one.decided
    every = range(days.first.toordinal(), days.last.toordinal() + 1)
    pace = [Day(*done.get(day, (0, 0))) for day in every]
    return estimates_time.days_to_clear(open_items, pace)


def pace_days(window: Days, began: date | None) -> Days:
    """Give the last 28 whole days before the end of a window: the day that goes on is no pace.

    Fewer where work *began* later; no day at all where it began today, or never.
    """
    last = window.last - timedelta(days=1)
    first = last - timedelta(days=PACE_DAYS - 1)
    return type(window)(max(first, began or window.last), last)


def decided_in_time(items: Iterable[ItemCounts]) -> Share:
    """Items decided by their deadline, of the items made in the window (timeliness coverage).

    An item that waits counts as not in time, also while its deadline is still to come, and so does
    one whose post was deleted before anybody decided.
    So the share of the last days is low at first, and nothing left undone can raise it.
    "Not sure" is a decision here, and so is one by score range, though nobody read that item.
    Without items it is blank; under 30 only the counts are shown.
    The interval is Wilson's, at 95 %.
    """
    rows = list(items)
    return Share(sum(one.in_time for one in rows), sum(one.made for one in rows))


def _times(waited: Waited) -> Times:
    waits = [
        *(Wait(hours, ended=True, items=items) for hours, items in waited.ended),
        *(Wait(hours, ended=False, items=items) for hours, items in (*waited.gone, *waited.open)),
    ]
    n, ended = (
        sum(one.items for one in waits),
        sum(one.items for one in waits if one.ended),
    )
    still = sum(items for _, items in waited.open)
    if n < LEAST_N:
        return Times(n, ended, still, None, None, None)
    return Times(
        n,
        ended,
        still,
        estimates_time.median_wait(waits),
        estimates_time.p90_wait(waits),
        estimates_time.curve(waits),
    )
