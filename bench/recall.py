"""Whether the interval of recall contains the truth, on simulated posts whose truth is known.

Posts, the draw, the counts and the rivals are made here and share no code with the estimators;
asked of these are only the chances of the draw, and then the interval.
Beside stand: the same number of posts drawn evenly with the interval of Clopper and Pearson; the
interval of Korn and Graubard alone on our draw; and the trap, a Beta(1/3, 2/3) prior for each of
ten bands of score, read as is best if the scores are right (Neyman 1934).
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import beta

from evenhand.dashboard.jobs.estimates_audit import Audited, Cohort, inclusion, recall

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]
    Bounds = tuple[float, float]

POSTS, BUDGET, RUNS = 40_000, 1_000, 500
# Share of posts that are harm; share of posts that are flagged.
MIXES = ((0.05, 0.08), (0.05, 0.03), (0.02, 0.05), (0.02, 0.01), (0.005, 0.02), (0.005, 0.005))
# How far harm lies from the rest in the score, in standard deviations; the share of harm that
# looks like any other post; the share of posts that have the second key without which no score
# flags.
QUALITIES = {
    "weak": (1.5, 0.0, 1.0),
    "good": (2.5, 0.0, 1.0),
    "keyed": (2.5, 0.0, 0.7),
    "blind": (2.5, 0.4, 1.0),
    # Missed harm is of two kinds: seen by the score without a key, and unseen.
    "keyed and blind": (4.0, 0.4, 0.7),
}
WAYS = ("ours", "even", "korn_graubard", "beta_trap")
# Where the trap's bands of score part, the least it reads of each, and draws from its belief.
EDGES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7)
LEAST = 10
DRAWS = 1_000


@dataclass
class Cell:
    """What one cell counted: for each way, how often the truth was inside, and the widths."""

    name: str
    budget: int
    recalls: list[float] = field(default_factory=list)
    shown: list[bool] = field(default_factory=list)
    inside: dict[str, list[bool]] = field(default_factory=lambda: {way: [] for way in WAYS})
    widths: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})

    def add(self, way: str, truth: float, bounds: Bounds) -> None:
        """Count one interval."""
        low, high = bounds
        # Both are shares of whole numbers, so that only rounding could part them.
        self.inside[way].append(low - 1e-9 <= truth <= high + 1e-9)
        self.widths[way].append(high - low)

    def figures(self) -> dict[str, object]:
        """Sum the cell up."""
        inside = self.inside["ours"]
        of_shown = [one for one, shown in zip(inside, self.shown, strict=True) if shown]
        return {
            "cell": self.name,
            "recall": round(float(np.mean(self.recalls)), 2),
            **{f"{way}_coverage": round(float(np.mean(self.inside[way])), 3) for way in WAYS},
            **{f"{way}_width": round(float(np.mean(self.widths[way])), 3) for way in WAYS},
            "shown": round(float(np.mean(self.shown)), 2),
            "coverage_of_shown": round(float(np.mean(of_shown)), 3) if of_shown else None,
        }


def posts(rng: np.random.Generator, mix: tuple[float, float], quality: str) -> list[Floats]:
    """Make posts: which are harm, which are flagged, and the model's score of each.

    The score is the true chance of harm, told wrongly: too sure or too timid by a factor, and too
    high or too low throughout.
    """
    (share, flagged), (distance, unseen, keyed) = mix, QUALITIES[quality]
    harm = rng.random(POSTS) < share
    told = harm & (rng.random(POSTS) >= unseen)
    signal = rng.standard_normal(POSTS) + distance * told
    odds = distance * signal - distance**2 / 2 + np.log(share / (1 - share))
    odds = odds * np.exp(rng.normal(0, 0.3)) + rng.normal(0, 0.7)
    rank = np.where(rng.random(POSTS) < keyed, signal, -np.inf)
    last = np.partition(rank, -round(flagged * POSTS))[-round(flagged * POSTS)]
    return [harm, rank >= last, 1 / (1 + np.exp(-odds))]


def in_recall(found: int, missed: Bounds, seen: int, unflagged: int) -> Bounds:
    """Turn bounds of the share of missed posts into bounds of recall."""
    least, most = max(seen, missed[0] * unflagged), missed[1] * unflagged
    return found / (found + most), found / (found + least) if found + least else 1.0


def clopper_pearson(cases: float, of: float) -> Bounds:
    """Give the exact interval of a share, also for sizes that are no whole numbers."""
    low = beta.ppf(0.025, cases, of - cases + 1) if cases > 0 else 0.0
    return float(low), float(beta.ppf(0.975, cases + 1, of - cases)) if cases < of else 1.0


def korn_graubard(harm: Bools, chances: Floats) -> Bounds:
    """Give their interval alone; Kish's size where no case was seen."""
    weights = 1 / chances
    total = weights.sum()
    share = weights @ harm / total
    variance = (1 - chances) @ (weights * (harm - share)) ** 2 / total**2
    size = share * (1 - share) / variance if share else total**2 / (weights @ weights)
    return clopper_pearson(size * share, size)


def beta_trap(rng: np.random.Generator, harm: Bools, scores: Floats, budget: int) -> Bounds:
    """Read each band of score by its doubt, and trust a prior for each."""
    band = np.digitize(scores, EDGES)
    members = [np.flatnonzero(band == one) for one in range(len(EDGES) + 1)]
    doubt = np.sqrt(scores * (1 - scores))
    total = np.zeros(DRAWS)
    for one in members:
        n = min(len(one), max(LEAST, round(budget * doubt[one].sum() / doubt.sum())))
        cases = int(harm[rng.choice(one, n, replace=False)].sum()) if n else 0
        total += cases + (len(one) - n) * rng.beta(1 / 3 + cases, 2 / 3 + n - cases, DRAWS)
    low, high = np.quantile(total / len(scores), (0.025, 0.975))
    return float(low), float(high)


def run(rng: np.random.Generator, mix: tuple[float, float], quality: str, cell: Cell) -> None:
    """Make posts once, audit them in each way, and count which interval contains the truth."""
    harm, flagged, scores = posts(rng, mix, quality)
    found, unflagged = int((harm * flagged).sum()), int((~flagged).sum())
    harm, scores = harm[~flagged], scores[~flagged]
    truth = found / (found + int(harm.sum()))

    chances = inclusion(scores, cell.budget)
    drawn = rng.random(unflagged) < chances
    pairs = zip(chances[drawn].tolist(), harm[drawn].tolist(), strict=True)
    n_flagged = POSTS - unflagged
    ours = recall([Audited(*one) for one in pairs], Cohort(unflagged, n_flagged, n_flagged, found))
    cell.recalls.append(truth)
    cell.shown.append(ours.value is not None)
    cell.add("ours", truth, (ours.low, ours.high))

    seen = int(harm[drawn].sum())
    alone = korn_graubard(harm[drawn], chances[drawn])
    cell.add("korn_graubard", truth, in_recall(found, alone, seen, unflagged))
    cases = int(harm[rng.choice(unflagged, cell.budget, replace=False)].sum())
    even = clopper_pearson(cases, cell.budget)
    cell.add("even", truth, in_recall(found, even, cases, unflagged))
    trap = beta_trap(rng, harm, scores, cell.budget)
    cell.add("beta_trap", truth, in_recall(found, trap, 0, unflagged))


def simulate(runs: int, budget: int, seed: int) -> list[Cell]:
    """Count *runs* in every cell of the mixes and qualities."""
    cells = []
    for row, mix in enumerate(MIXES):
        for column, quality in enumerate(QUALITIES):
            rng = np.random.default_rng([seed, row, column])
            cell = Cell(f"{mix[0]:.1%} harm, {mix[1]:.1%} flagged, {quality}", budget)
            for _ in range(runs):
                run(rng, mix, quality, cell)
            cells.append(cell)
    return cells


def table(cells: list[Cell]) -> list[str]:
    """Write the cells as rows of Markdown: coverage and mean width of each way."""
    head = ("harm, flagged, model", "recall", *WAYS, "shown", "of those")
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for cell in cells:
        one = cell.figures()
        ways = (f"{one[f'{way}_coverage']:.3f} / {one[f'{way}_width']:.2f}" for way in WAYS)
        right = one["coverage_of_shown"]
        shown = f"{one['shown']} | {'–' if right is None else right}"
        lines.append(f"| {one['cell']} | {one['recall']} | {' | '.join(ways)} | {shown} |")
    return lines


def main() -> None:
    """Simulate, print a table and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--budget", type=int, default=BUDGET)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    cells = simulate(args.runs, args.budget, args.seed)
    print(*table(cells), sep="\n")
    figures = [cell.figures() for cell in cells]
    result = {
        "bench": "recall",
        "runs": args.runs,
        "budget": args.budget,
        "cells": len(cells),
        **{f"lowest_{way}": min(one[f"{way}_coverage"] for one in figures) for way in WAYS},
        "width_to_even": round(
            float(np.mean([one["ours_width"] / one["even_width"] for one in figures])), 3
        ),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
