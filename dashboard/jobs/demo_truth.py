"""The demo's true recall: of the harms that were planted, how many people found.

Only a demo can know this; every place that shows it says that it is simulated.
Nothing that measures recall reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import demo, stream, tryout
from evenhand.dashboard.jobs.demo_history import City, communities, next_index
from evenhand.data.store import audits_read, posts, rollups, tasks
from evenhand.data.store.rollups import Days
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from evenhand.dashboard.jobs.demo import Plan
    from evenhand.dashboard.jobs.stream import Planted
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store

HARMS = frozenset(one.value for one in Policy)


@dataclass(frozen=True, slots=True)
class Truth:
    """Of the *planted* posts that are harm, those that were flagged and decided so."""

    found: int
    planted: int

    @property
    def recall(self) -> float | None:
        """The share, 0-1; None where no harm was planted."""
        return self.found / self.planted if self.planted else None


def true_recall(store: Store, settings: Settings, days: Collection[date]) -> Truth | None:
    """Count the harms planted among the posts of these days, and those of them that were found.

    None outside of a demo, and without days.
    """
    with store.read() as conn:
        task = tasks.latest(conn, tryout.PREPARATION)
    if task is None or not days or not settings.demo:
        return None
    plan, begun = demo.Plan.from_task(task), next_index(store)
    city, numbers = City(settings), {rollups.day_number(day) for day in days}
    planted = _harms(plan, max(plan.posts, begun))
    ours: set[int] = set()
    with store.read() as conn:
        for name, place in communities(store).items():
            keys = [city.key(one) for one in planted if one.community == name]
            known = posts.known(conn, int(place.id), keys).values()
            ours |= {one.post_id for one in known if one.day in numbers}
        found = audits_read.found(conn, Days(min(days), max(days)))
    return Truth(len(ours & found), len(ours))


def flood_day(plan: Plan) -> date:
    """Name the UTC day on which the flood brings wording that was not there before."""
    return stream.flood_day(plan.until, days=demo.DAYS)


@lru_cache(maxsize=4)
def _harms(plan: Plan, until: int) -> list[Planted]:
    """List the posts of the stream that were written as a harm, and those that came after it."""
    late = [
        stream.planted_next(number, seed=plan.seed, published_at=plan.until)
        for number in range(plan.posts, until)
    ]
    return [one for one in [*plan.stream(), *late] if HARMS & set(one.labels)]
