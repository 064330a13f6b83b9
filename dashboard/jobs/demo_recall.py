"""The demo's recall, measured beside true: before the flood, from its day on, and in all.

Simulated, and said so wherever it stands; a real workspace has no truth to compare with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import demo, demo_truth, tryout
from evenhand.dashboard.jobs.measures import missing
from evenhand.data.store import tasks
from evenhand.data.store.rollups import Days

if TYPE_CHECKING:
    from datetime import date

    from evenhand.dashboard.jobs.demo_truth import Truth
    from evenhand.dashboard.jobs.estimates_audit import Estimate
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store

DAY = timedelta(days=1)
# The flood's day and two more: what is drawn later waits for whoever tries the demo.
FLOOD_DAYS = 3
BEFORE, FLOOD, ALL = "before_the_flood", "from_the_flood_on", "all"


@dataclass(frozen=True, slots=True)
class Beside:
    """Recall as the audit measured it in a window, and as it is in truth."""

    window: str
    first: date
    last: date
    measured: Estimate
    true: Truth

    @property
    def is_inside(self) -> bool:
        """Whether the truth lies between the bounds."""
        true = self.true.recall
        return true is not None and self.measured.low <= true <= self.measured.high


def beside(store: Store, settings: Settings) -> list[Beside]:
    """Measure recall in the three windows, each beside the truth; none outside of a demo."""
    with store.read() as conn:
        task = tasks.latest(conn, tryout.PREPARATION)
    if task is None or not settings.demo:
        return []
    plan = demo.Plan.from_task(task)
    begun, flood = (plan.until - timedelta(days=demo.DAYS)).date(), demo_truth.flood_day(plan)
    windows = {
        BEFORE: Days(begun, flood - DAY),
        FLOOD: Days(flood, flood + (FLOOD_DAYS - 1) * DAY),
        ALL: Days(begun, plan.until.date()),
    }
    found = []
    for name, window in windows.items():
        read = missing.read(store, window)
        true = demo_truth.true_recall(store, settings, [one.day for one in read.audited])
        if true is not None:
            measured = read.whole.recall
            found.append(Beside(name, window.first, window.last, measured, true))
    return found


def as_json(one: Beside) -> dict[str, object]:
    """Write one window for `evenhand demo --no-serve --json`."""
    measured = one.measured
    return {
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "measured": _rounded(measured.value),
        "low": _rounded(measured.low),
        "high": _rounded(measured.high),
        "why_blank": None if measured.reason is None else measured.reason.value,
        "audited": measured.n,
        "missed_seen": measured.seen,
        "undecided": measured.open_rows,
        "true": _rounded(one.true.recall),
        "found": one.true.found,
        "planted": one.true.planted,
        "simulated": True,
    }


def line(one: Beside) -> str:
    """Write one window for a terminal, all of it on one line."""
    measured, true = one.measured, one.true.recall
    value = "–" if measured.value is None else f"{measured.value:.2f}"
    told = "–" if true is None else f"{true:.2f}"
    bounds = f"[{measured.low:.2f} to {measured.high:.2f}, {measured.n} audited]"
    window = one.window.replace("_", " ")
    return f"recall {window}: measured {value} {bounds}, true {told} (simulated)"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
