"""How long posts stayed here after their platform had deleted them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access, estimates_time
from evenhand.dashboard.jobs.estimates_time import Wait
from evenhand.dashboard.jobs.measures import figures
from evenhand.dashboard.jobs.measures.figures import LEAST_N
from evenhand.data.records import Role
from evenhand.data.store import rollup_purges
from evenhand.data.store.rollup_purges import Since

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from evenhand.dashboard.jobs.estimates_time import Quantile
    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store
    from evenhand.data.store.rollup_purges import Purged

P95 = 0.95


@dataclass(frozen=True, slots=True)
class Lag:
    """The time by which half, and 95 in 100, of *n* deleted posts were erased, in hours.

    *ended* are erased and *still* held; the times are None under 30 posts.
    """

    n: int
    ended: int
    still: int
    median: Quantile | None
    p95: Quantile | None

    @property
    def too_few(self) -> bool:
        """Whether there are posts, but too few for a time."""
        return 0 < self.n < LEAST_N


@dataclass(frozen=True, slots=True)
class Purges:
    """The lag by what it is counted from, and how many texts were purged."""

    lags: Mapping[Since, Lag]
    texts: int


def read(store: Store, actor: Actor, days: int, now: datetime) -> Purges:
    """Read the last *days* days for anybody who works here.

    Raises:
        NotAllowed: The actor has no role.
    """
    access.require(actor, *Role)
    with store.read() as conn:
        found = rollup_purges.read(conn, figures.window(days, now), now)
    return Purges({one: purge_lag(found[one]) for one in Since}, texts_purged(found.values()))


def purge_lag(purged: Purged) -> Lag:
    """Hours from a post's deletion at its platform until it was erased here.

    The time by which half of the posts whose deletion became known in the window were erased, and
    95 in 100 (Kaplan and Meier's estimate, bounds at 95 %).
    A post whose text is still held counts as waiting for as long as it has.
    Where the platform does not say when it deleted a post, the time counts from the moment at
    which that became known, and stands apart: nobody knows what went before.
    Sources that can be asked are asked about the posts of 30 days once a day, about all once a
    week.
    Where too few are through, the longest wait so far is given as "at least".
    Times are rounded up by 5 % at most; under 30 posts none is given.
    """
    waits = [
        *(Wait(hours, ended=True, items=posts) for hours, posts in purged.ended),
        *(Wait(hours, ended=False, items=posts) for hours, posts in purged.open),
    ]
    return lag(waits)


def lag(waits: Sequence[Wait]) -> Lag:
    """Work the lag out from single waits."""
    n, ended = sum(one.items for one in waits), sum(one.items for one in waits if one.ended)
    if n < LEAST_N:
        return Lag(n, ended, n - ended, None, None)
    median, p95 = estimates_time.median_wait(waits), estimates_time.quantile(waits, P95)
    return Lag(n, ended, n - ended, median, p95)


def texts_purged(purged: Iterable[Purged]) -> int:
    """Posts whose text was held when their deletion became known in the window, and was erased.

    A text that retention had erased before is not among them.
    """
    return sum(one.texts for one in purged)
