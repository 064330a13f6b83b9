"""Which labels reviewers mistake for one another; it counts labels and knows no reviewers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from evenhand.data.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

NO_HARM = Outcome.NO_HARM.value


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two labels, of which one reviewer said the first and another the second.

    Neither is right: the two stand in the order of the alphabet, "no_harm" last.
    *n_units* counts the units in which that happened, *of_units* those in which anybody said
    either.
    """

    first: str
    second: str
    n_units: int
    of_units: int


def confusions(units: Iterable[Sequence[Collection[str]]]) -> list[Confusion]:
    """List every pair of labels that was mistaken in some unit, most often first.

    Each unit holds the labels of each of its reviewers; none stands for "no harm".
    A label that one reviewer adds to what both said is an omission, and no confusion.
    Ties go to the pair that was mistaken in the larger share, then by name.
    """
    mistaken: Counter[tuple[str, str]] = Counter()
    said: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    for unit in units:
        readings = [frozenset(labels) or frozenset({NO_HARM}) for labels in unit]
        named = frozenset().union(*readings)
        said.update(named)
        together.update(combinations(sorted(named, key=_order), 2))
        mistaken.update(_mistaken(dict.fromkeys(readings)))
    found = [
        Confusion(*pair, n, said[pair[0]] + said[pair[1]] - together[pair])
        for pair, n in mistaken.items()
    ]
    return sorted(found, key=lambda one: (-one.n_units, one.of_units, one.first, one.second))


def _mistaken(readings: Collection[frozenset[str]]) -> set[tuple[str, str]]:
    """Pair what one reading has and the other has not, each pair once a unit."""
    pairs = set()
    for one, other in combinations(readings, 2):
        for here in one - other:
            for there in other - one:
                first, second = sorted((here, there), key=_order)
                pairs.add((first, second))
    return pairs


def _order(label: str) -> tuple[bool, str]:
    return label == NO_HARM, label
