"""What the simulator predicts of the second half of a demo from its first, beside what happened.

The demo's 21 days are played once with the thresholds in force and once with each changed set, the
whole of it: tagging, waves, audits, the simulated team.
Predictions use the first half of the first play alone; what happened is counted in each play's
second half, recall from what was planted, which no prediction reads.
On the flood's day and after it posts come that the first half has not seen, so days are given with
and without them.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING

from evenhand.classifiers.tagger import Tagger
from evenhand.dashboard.jobs import (
    demo,
    demo_history,
    demo_truth,
    serving_model,
    simulating,
    simulating_counting,
    simulating_reading,
)
from evenhand.data.settings import load_settings
from evenhand.data.store import rollups, whatif
from evenhand.data.store.connect import open_store
from evenhand.data.store.rollups import Days

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from evenhand.dashboard.jobs.estimates_audit import Estimate
    from evenhand.dashboard.jobs.simulating import Outlook, Precision, Range
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store

DAY = timedelta(days=1)
# How far every threshold is moved in each play, in log-odds.
PLAYS = {"in_force": 0.0, "higher": 1.0, "lower": -1.0}
# What the flood brings ebbs away over these days.
FLOOD_DAYS = 3


def play(folder: Path, plan: demo.Plan, thresholds: Mapping[str, float]) -> tuple[Store, Settings]:
    """Play a demo through with these thresholds and count its days."""
    if folder.joinpath("evenhand.toml").exists():
        settings = load_settings(folder)
        return open_store(settings.url), settings
    settings = demo.make_folder(folder)
    store = open_store(settings.url)
    demo.settle(store, plan, plan.until - demo.DAYS * DAY)
    listed = serving_model.statements_of(store, plan.until - DAY)
    tagger = Tagger.load(statements=listed, thresholds=thresholds)
    demo_history.prepare(store, settings, tagger, plan)
    now = plan.until + DAY
    with store.read() as conn:
        days = whatif.days_with_posts(conn, Days((plan.until - 30 * DAY).date(), plan.until.date()))
    for day in days:
        simulating_counting.count_day(store, day, now)
    return store, settings


def halves(plan: demo.Plan) -> tuple[list[date], list[date]]:
    """Give the whole days (UTC) of the two halves."""
    first = (plan.until - demo.DAYS * DAY).date() + DAY
    days = [first + n * DAY for n in range(demo.DAYS - 1)]
    return days[: len(days) // 2], days[len(days) // 2 :]


def items(store: Store, days: Sequence[date]) -> list[int]:
    """Count the items that came in on each of these days, audits left out."""
    with store.read() as conn:
        totals = rollups.items(conn, Days(days[0], days[-1]))
    labels = simulating.FLOORS
    return [sum(one.made for one in totals if one.day == day and one.label in labels)
            for day in days]  # fmt: skip


def compare(found: Outlook, plan: demo.Plan, store: Store, settings: Settings) -> dict[str, object]:
    """Put what was predicted of a day and of recall beside what happened.

    The truth of the first half stands beside: it parts what the audit got wrong from what changed.
    """
    earlier, later = halves(plan)
    flood = demo_truth.flood_day(plan)
    wet = {flood + n * DAY for n in range(FLOOD_DAYS)}
    before = demo_truth.true_recall(store, settings, earlier)
    told: dict[str, object] = {"first_half": _beside(found.recall, before.recall)}
    came = dict(zip(later, items(store, later), strict=True))
    for name, days in (("all_days", later), ("without_flood", [d for d in later if d not in wet])):
        counts = [came[day] for day in days]
        truth = demo_truth.true_recall(store, settings, days)
        told[name] = {
            "days": len(days),
            "planted": truth.planted,
            "workload": _beside(found.workload, sum(counts) / len(days)),
            "days_inside": sum(
                found.workload.low <= count <= found.workload.high for count in counts
            ),
            "recall": _beside(found.recall, truth.recall),
        }
    return told


def _beside(said: Range | Estimate, actual: float) -> dict[str, object]:
    value = said.value
    return {
        "predicted": None if value is None else round(value, 3),
        "low": round(said.low, 3),
        "high": round(said.high, 3),
        "actual": round(actual, 3),
        "error": None if value is None else round(value - actual, 3),
        "inside": bool(said.low <= actual <= said.high),
    }


def main() -> None:
    """Play, predict, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=demo.POSTS)
    parser.add_argument("--seed", type=int, default=demo.SEED)
    parser.add_argument("--keep", type=Path, help="a folder for the plays, used again when there")
    args = parser.parse_args()
    plan = demo.Plan(args.posts, args.seed, demo.FIXED_END)
    card = Tagger.load().loaded.card.thresholds
    present = simulating_reading.in_force(card)
    earlier, _ = halves(plan)
    found = {}
    with TemporaryDirectory() as scratch:
        seen = None
        for name, by in PLAYS.items():
            begun = monotonic()
            moves = simulating.moves(simulating.shifted(present, present, by), present)
            moved = {label: whatif.threshold_of(step) for label, step in moves.items()}
            store, settings = play((args.keep or Path(scratch)) / name, plan, moved)
            if seen is None:
                seen = simulating_reading.seen_of(store, Days(earlier[0], earlier[-1]))
            outlook = simulating.outlook(seen, moves)
            found[name] = {
                "precision": _rounded(outlook.precision),
                **compare(outlook, plan, store, settings),
            }
            store.close()
            print(name, round(monotonic() - begun), "s", file=sys.stderr)
    print(json.dumps({"bench": "simulator", "posts": args.posts, "plays": found}))


def _rounded(one: Precision) -> dict[str, object]:
    value = None if one.value is None else round(one.value, 3)
    why = one.why and one.why.value
    return {"predicted": value, "low": round(one.low, 3), "high": round(one.high, 3), "why": why}


if __name__ == "__main__":
    main()
