"""Whether the interval of recall weighted by reach contains the truth, where the truth is known.

Posts, flags and scores are those of `recall.py`, which share no code with the estimators; reach is
drawn here, with a tail that is short or long, and for harm as for the rest or twice as high.
Beside stands the interval of Fay and Feuer (1997) as it is written, worked out here: its spread is
that of the cases seen, and the heaviest of their weights is added at the upper end.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import recall
from scipy.stats import gamma

from evenhand.dashboard.jobs.estimates_audit import Audited, Cohort, inclusion
from evenhand.dashboard.jobs.estimates_reach import Reached, recall_by_reach

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

RUNS = 400
MIXES = ((0.05, 0.08), (0.02, 0.05), (0.005, 0.02))
QUALITIES = ("good", "keyed and blind")
# The spread of reach's logarithm, and how many times higher the reach of harm is.
REACHES = ((0.8, 1.0), (1.6, 1.0), (1.6, 2.0))
WAYS = ("ours", "cases_alone")


@dataclass
class Cell:
    """What one cell counted: for each way, how often the truth was inside, and the widths."""

    name: str
    budget: int
    shown: list[bool] = field(default_factory=list)
    inside: dict[str, list[bool]] = field(default_factory=lambda: {way: [] for way in WAYS})
    widths: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})

    def add(self, way: str, truth: float, low: float, high: float) -> None:
        """Count one interval."""
        # Sums of the same numbers in another order part by their last digits.
        self.inside[way].append(low - 1e-9 <= truth <= high + 1e-9)
        self.widths[way].append(high - low)

    def figures(self) -> dict[str, object]:
        """Sum the cell up."""
        return {
            "cell": self.name,
            **{f"{way}_coverage": round(float(np.mean(self.inside[way])), 3) for way in WAYS},
            **{f"{way}_width": round(float(np.mean(self.widths[way])), 3) for way in WAYS},
            "shown": round(float(np.mean(self.shown)), 2),
        }


def fay_feuer(sizes: Floats) -> tuple[float, float]:
    """Bound the mean of a weighted sum of rare events, whose weights are *sizes*, at 95 %."""
    total, square, most = sizes.sum(), (sizes**2).sum(), sizes.max(initial=0.0)
    low = gamma(total**2 / square, scale=square / total).ppf(0.025) if total else 0.0
    more, spread = total + most, square + most**2
    return float(low), float(gamma(more**2 / spread, scale=spread / more).ppf(0.975)) if more else 0


def run(
    rng: np.random.Generator,
    mix: tuple[float, float],
    quality: str,
    reaches: tuple[float, float],
    cell: Cell,
) -> None:
    """Make posts once, audit them, and count which interval contains the truth."""
    harm, flagged, scores = recall.posts(rng, mix, quality)
    spread, times = reaches
    reach = np.floor(rng.lognormal(1.5, spread, len(harm)) * np.where(harm, times, 1.0))
    found, whole = reach[harm & flagged].sum(), int(reach[flagged].sum())
    truth = found / reach[harm].sum()

    chances = inclusion(scores[~flagged], cell.budget)
    drawn = rng.random(len(chances)) < chances
    seen, known = harm[~flagged][drawn], reach[~flagged][drawn]
    rows = [Audited(*one) for one in zip(chances[drawn].tolist(), seen.tolist(), strict=True)]
    count, right = int(flagged.sum()), int((harm & flagged).sum())
    cohort = Cohort(len(harm) - count, count, count, right, float(chances.min()))
    by_reach = [int(one) for one in known]
    ours = recall_by_reach(rows, by_reach, cohort, Reached(whole, whole, int(found)))
    cell.shown.append(ours.value is not None)
    cell.add("ours", truth, ours.low, ours.high)

    sizes = (known / chances[drawn])[seen & (known > 0)]
    low, high = fay_feuer(sizes)
    least = max(low, known[seen].sum())
    cell.add("cases_alone", truth, found / (found + max(high, least)), found / (found + least))


def simulate(runs: int, budget: int, seed: int) -> list[Cell]:
    """Count *runs* in every cell of mixes, qualities and reaches."""
    cells = []
    for at, mix in enumerate(MIXES):
        for row, quality in enumerate(QUALITIES):
            for column, reaches in enumerate(REACHES):
                rng = np.random.default_rng([seed, at, row, column])
                what = f"{mix[0]:.1%} harm, {mix[1]:.1%} flagged, {quality}"
                cell = Cell(f"{what}, sigma {reaches[0]}, harm ×{reaches[1]:g}", budget)
                for _ in range(runs):
                    run(rng, mix, quality, reaches, cell)
                cells.append(cell)
    return cells


def table(cells: list[Cell]) -> list[str]:
    """Write the cells as rows of Markdown: coverage and mean width of each way."""
    head = ("harm, flagged, model, reach", *WAYS, "shown")
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for cell in cells:
        one = cell.figures()
        ways = (f"{one[f'{way}_coverage']:.3f} / {one[f'{way}_width']:.2f}" for way in WAYS)
        lines.append(f"| {one['cell']} | {' | '.join(ways)} | {one['shown']} |")
    return lines


def main() -> None:
    """Simulate, print a table and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--budget", type=int, default=recall.BUDGET)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    cells = simulate(args.runs, args.budget, args.seed)
    print(*table(cells), sep="\n")
    figures = [cell.figures() for cell in cells]
    lowest = {f"lowest_{way}": min(one[f"{way}_coverage"] for one in figures) for way in WAYS}
    result = {"bench": "recall_reach", "runs": args.runs, "budget": args.budget, **lowest}
    print(json.dumps(result | {"cells": len(cells)}))


if __name__ == "__main__":
    main()
