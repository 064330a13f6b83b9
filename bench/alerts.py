"""How often does a volume alert ring for nothing?  Rules compared on simulated days.

A topic's posts of a day are drawn as a gamma mixture of Poisson counts (negative binomial), with
quieter weekends and, in some cells, a level that wanders from day to day.
Each rule sees the 28 days before a day; it rings for nothing when nothing was planted, and it finds
a day whose expected number was multiplied.
Of the product only the rule itself is used, as one of those compared.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evenhand.dashboard.jobs import alerts_volume
from evenhand.data.store.alerts import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Rule = Callable[[Sequence[int], int], bool]

BASE_DAYS = 28
WEEK = (1.0, 1.0, 1.0, 1.0, 1.0, 0.7, 0.75)
TIMES = (2, 3, 5)


@dataclass(frozen=True)
class Cell:
    """A kind of topic: posts on a working day, how uneven its days are, how its level wanders."""

    mean: float
    spread: float
    wander: float


CELLS = [
    Cell(mean, spread, wander)
    for mean in (12, 40, 150, 600)
    for spread, wander in ((0.0, 0.0), (0.2, 0.0), (0.35, 0.0), (0.2, 0.05))
]


def median_and_mad(base: Sequence[int]) -> tuple[float, float]:
    """Give the median and the scaled median absolute deviation."""
    middle = float(np.median(base))
    return middle, 1.4826 * float(np.median(np.abs(np.asarray(base) - middle)))


def six_mad(base: Sequence[int], seen: int) -> bool:
    """Ring above the median by six scaled absolute deviations."""
    middle, mad = median_and_mad(base)
    return seen > middle + 6 * mad


def poisson(base: Sequence[int], seen: int) -> bool:
    """Ring where a Poisson count with the median as mean is that large once in 10,000 days."""
    middle, below = max(float(np.median(base)), 0.5), 0.0
    for count in range(seen):
        below += math.exp(count * math.log(middle) - middle - math.lgamma(count + 1))
    return 1 - below < 1e-4


def moments(base: Sequence[int], seen: int) -> bool:
    """Ring above the mean by five standard deviations of the days before."""
    return seen > float(np.mean(base)) + 5 * float(np.std(base, ddof=1))


def ours(base: Sequence[int], seen: int) -> bool:
    """Ask the rule that the worker asks."""
    verdict = alerts_volume.spike("", base, seen, 0)
    return verdict is not None and verdict.level is Level.FIRES


RULES: dict[str, Rule] = {
    "median + 6 MAD": six_mad,
    "Poisson 1e-4": poisson,
    "mean + 5 SD": moments,
    "ours": ours,
}


def days(cell: Cell, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw *count* days and give what was expected of each, and what came."""
    level = np.ones(count)
    if cell.wander:
        steps = rng.normal(0.0, cell.wander, count)
        for day in range(1, count):
            level[day] = level[day - 1] * math.exp(steps[day] - 0.05 * math.log(level[day - 1]))
    expected = cell.mean * level * np.array([WEEK[day % 7] for day in range(count)])
    if cell.spread:
        shape = 1 / cell.spread**2
        expected *= rng.gamma(shape, 1 / shape, count)
    return expected, rng.poisson(expected)


def measure(cell: Cell, count: int, rng: np.random.Generator) -> list[dict[str, object]]:
    """Ask every rule about every day: as it was, and multiplied."""
    expected, seen = days(cell, count, rng)
    planted = {times: rng.poisson(expected * times) for times in TIMES}
    rows = []
    for name, rule in RULES.items():
        asked = range(BASE_DAYS, count)
        bases = {day: [int(one) for one in seen[day - BASE_DAYS : day]] for day in asked}
        rung = sum(rule(bases[day], int(seen[day])) for day in asked)
        row = {"rule": name, "mean": cell.mean, "spread": cell.spread, "wander": cell.wander}
        row["for nothing a year"] = round(365 * rung / len(asked), 2)
        for times in TIMES:
            found = sum(rule(bases[day], int(planted[times][day])) for day in asked)
            row[f"found x{times}"] = round(found / len(asked), 3)
        rows.append(row)
    return rows


def main() -> None:
    """Print a line for each rule and cell, then one for each rule over all cells."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cells", action="store_true", help="print every cell")
    given = parser.parse_args()
    rng = np.random.default_rng(given.seed)
    rows = [row for cell in CELLS for row in measure(cell, given.days, rng)]
    if given.cells:
        for row in rows:
            print(json.dumps(row))
    for name in RULES:
        own = [row for row in rows if row["rule"] == name]
        keys = ["for nothing a year", *(f"found x{times}" for times in TIMES)]
        sums = {key: [float(str(row[key])) for row in own] for key in keys}
        line = {key: round(sum(values) / len(values), 3) for key, values in sums.items()}
        worst = max(sums["for nothing a year"])
        print(json.dumps({"rule": name, **line, "for nothing a year, worst cell": worst}))


if __name__ == "__main__":
    main()
