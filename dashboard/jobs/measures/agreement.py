"""Whether reviewers who read the same item say the same of it, over all labels and by policy.

A *unit* is an item that two or more reviewers read; an item with one is left out of everything.
Reviewers are needed to tell two readings of an item apart, and are in no result: agreement is a
figure of the policies and their wording, never of a person (DESIGN §8).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from evenhand.dashboard.jobs.measures.agreement_coefficients import (
    Estimate,
    Reason,
    ac1,
    alpha,
    percent,
)
from evenhand.dashboard.jobs.measures.agreement_confusion import Confusion, confusions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from evenhand.dashboard.jobs.measures.agreement_coefficients import Ints

    Interval = tuple[float, float]

# One unit says nothing of any other, and the jackknife leaves one out.
LEAST_UNITS = 2
# There is always something else that could have been said, also where nobody said it.
LEAST_CATEGORIES = 2
MOST_CONFUSED = 5
YES, NO = "yes", "no"
TOO_FEW = Estimate(None, None, Reason.TOO_FEW)

Said = TypeVar("Said")


class Rating(NamedTuple):
    """What one reviewer said of one item, as one category."""

    item_id: str
    reviewer_id: str
    value: str


class Reading(NamedTuple):
    """The policies that one reviewer named for one item; none means "no harm"."""

    item_id: str
    reviewer_id: str
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far reviewers agree; *percent* is 0-1, the coefficients are at most 1.

    What is None has its reason in *reasons*, by the name of the field.
    *n_ratings* are the ratings of the *n_units*; *confused* has at most five pairs, worst first.
    """

    n_units: int
    n_ratings: int
    percent: float | None
    percent_interval: Interval | None
    alpha: float | None
    alpha_interval: Interval | None
    ac1: float | None
    ac1_interval: Interval | None
    confused: tuple[Confusion, ...]
    reasons: Mapping[str, Reason]


def percent_agreement(ratings: Iterable[Rating]) -> float | None:
    """Share of pairs of reviewers of an item who said the same of it, averaged over items.

    Items that one person read count nowhere. Part of it is chance: where nearly all is harmless,
    people who decide without reading agree nearly always. Blank under two items.
    """
    return agreement(ratings).percent


def krippendorff_alpha(ratings: Iterable[Rating]) -> float | None:
    """Krippendorff's alpha: 1 - disagreement found / disagreement by chance.

    Found is how often two readings of one item differ, chance how often any two readings of all
    items do. 1 is full agreement, 0 no more than chance. Items that one person read count
    nowhere. Blank under two items, and where everybody said the same of everything. Where nearly
    all is harmless it is low in spite of much agreement: read it beside AC1.
    """
    return agreement(ratings).alpha


def gwet_ac1(ratings: Iterable[Rating], categories: Collection[str] = ()) -> float | None:
    """Gwet's AC1: (percent agreement - chance) / (1 - chance).

    Chance is the sum of p x (1 - p) over the categories, divided by their number less one; p is a
    category's share of the readings of an item, averaged over items. It stays high where nearly
    all is harmless and people agree on it: read it beside alpha. Items that one person read
    count nowhere. Blank under two items.
    """
    return agreement(ratings, categories).ac1


def agreement(ratings: Iterable[Rating], categories: Collection[str] = ()) -> Agreement:
    """Measure agreement on one category per reader, with intervals, and what is confused.

    Args:
        ratings: In any order. A reviewer's later rating of an item replaces the earlier, so that
            nobody agrees with themselves.
        categories: All that could be said. AC1 counts those that nobody chose, and without the
            list it moves when a rare category comes up; one that was chosen counts anyway.
    """
    units = _units(ratings)
    found = confusions([[(value,) for value in unit] for unit in units.values()])
    return _agreement(list(units.values()), categories, found)


def by_policy(
    readings: Iterable[Reading],
    flagged_for: Mapping[str, Collection[str]],
    policies: Iterable[str],
) -> dict[str, Agreement]:
    """Measure for each of *policies* how far reviewers agree that it is violated: yes or no.

    Its units are those where a reviewer named it or that were flagged for it; agreeing that an
    unrelated item does not violate it is no merit. *confused* has the pairs with this policy.

    Args:
        readings: In any order; a reviewer's later one of an item replaces the earlier. Whoever
            was not sure said neither yes nor no: leave such a decision out.
        flagged_for: The policies that an item was flagged for, by item id.
        policies: The closed list, in the order of the result.
    """
    units = _units(readings)
    found = confusions(units.values())
    return {policy: _on(policy, units, flagged_for, found) for policy in policies}


def _on(
    policy: str,
    units: Mapping[str, Sequence[frozenset[str]]],
    flagged_for: Mapping[str, Collection[str]],
    found: Sequence[Confusion],
) -> Agreement:
    answers = [
        [YES if policy in labels else NO for labels in unit]
        for item_id, unit in units.items()
        if policy in flagged_for.get(item_id, ()) or any(policy in labels for labels in unit)
    ]
    with_it = [one for one in found if policy in (one.first, one.second)]
    return _agreement(answers, (YES, NO), with_it)


def _units(said: Iterable[tuple[str, str, Said]]) -> dict[str, list[Said]]:
    """Group by item what its reviewers said, each heard once; items with one are dropped."""
    items: dict[str, dict[str, Said]] = {}
    for item_id, reviewer_id, value in said:
        items.setdefault(item_id, {})[reviewer_id] = value
    return {
        item_id: list(by_reviewer.values())
        for item_id, by_reviewer in items.items()
        if len(by_reviewer) > 1
    }


def _agreement(
    units: Sequence[Sequence[str]], categories: Collection[str], found: Sequence[Confusion]
) -> Agreement:
    estimates = dict.fromkeys(("percent", "alpha", "ac1"), TOO_FEW)
    if len(units) >= LEAST_UNITS:
        table = _table(units, categories)
        estimates = {"percent": percent(table), "alpha": alpha(table), "ac1": ac1(table)}
    reasons: dict[str, Reason] = {}
    for name, one in estimates.items():
        if one.reason is not None:
            reasons[f"{name}_interval"] = one.reason
            if one.value is None:
                reasons[name] = one.reason
    return Agreement(
        n_units=len(units),
        n_ratings=sum(len(unit) for unit in units),
        percent=estimates["percent"].value,
        percent_interval=estimates["percent"].interval,
        alpha=estimates["alpha"].value,
        alpha_interval=estimates["alpha"].interval,
        ac1=estimates["ac1"].value,
        ac1_interval=estimates["ac1"].interval,
        confused=tuple(found[:MOST_CONFUSED]),
        reasons=reasons,
    )


def _table(units: Sequence[Sequence[str]], categories: Collection[str]) -> Ints:
    """Count the ratings of each unit by category, (n_units, n_categories)."""
    column: dict[str, int] = {}
    for value in categories:
        column.setdefault(value, len(column))
    columns = np.array([column.setdefault(value, len(column)) for unit in units for value in unit])
    rows = np.repeat(np.arange(len(units)), [len(unit) for unit in units])
    width = max(len(column), LEAST_CATEGORIES)
    counted = np.bincount(rows * width + columns, minlength=len(units) * width)
    return counted.reshape(len(units), width)
