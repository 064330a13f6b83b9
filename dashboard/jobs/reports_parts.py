"""What a report is made of, whatever its language: chapters, their figures and their tables.

A figure that is not shown says why: under 30 cases there is no rate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.measures.figures import LEAST_N

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.estimates_audit import Estimate
    from evenhand.dashboard.jobs.estimates_time import Quantile
    from evenhand.dashboard.jobs.measures.figures import Share

# A column's name says how it is worded: `policy`, `outcome`, `lang`, `share`, `items`, …
Cell = str | int | float | bool | date | datetime | None
# So that the same figures are the same bytes on every machine.
DIGITS = 4


class Unit(StrEnum):
    """What a figure counts in."""

    COUNT = "count"
    SHARE = "share"
    HOURS = "hours"
    # A share that an audit gives: *part* audited posts of *n* were harm.
    AUDIT = "audit"
    # Agreement beyond chance, up to 1.
    COEFFICIENT = "coefficient"


class Why(StrEnum):
    """Why a figure has no value."""

    TOO_FEW = "not enough evidence"
    # Fewer than that share are through: it takes *low* hours at least.
    AT_LEAST = "at least"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its interval (95 %) and the cases that it is of; *name* has a definition."""

    name: str
    unit: Unit
    value: float | None
    low: float | None = None
    high: float | None = None
    part: int | None = None
    n: int | None = None
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; *bar* names the column that a chart draws, by the first ones."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bar: str | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter; *name* has a title and a leading sentence in every language."""

    name: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report: its window, as of when, and under which policies and models."""

    organisation: str
    simulated: bool
    first: date
    last: date
    at: datetime
    ledger_seq: int
    ledger_hash: str
    policy_versions: tuple[str, ...]
    models: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    # Rows in the shape of a statement of reasons, each field a text or a list of texts.
    reasons: tuple[dict[str, object], ...] = field(default=())


def count(name: str, value: int) -> Figure:
    """Make a figure of a count."""
    return Figure(name, Unit.COUNT, value, n=value)


def share(name: str, given: Share) -> Figure:
    """Make a figure of a share; under 30 cases it has none."""
    low, high = given.interval or (None, None)
    why = Why.TOO_FEW if given.value is None else None
    value = rounded(given.value)
    return Figure(name, Unit.SHARE, value, rounded(low), rounded(high), given.part, given.n, why)


def estimate(name: str, given: Estimate) -> Figure:
    """Make a figure of what an audit says; where it has no value its bounds stand."""
    why = Why.TOO_FEW if given.value is None else None
    value, low, high = (rounded(one) for one in (given.value, given.low, given.high))
    return Figure(name, Unit.AUDIT, value, low, high, given.seen, given.n, why)


def hours(name: str, given: Quantile | None, n: int) -> Figure:
    """Make a figure of a time, or of the least that it takes where that is all there is to say."""
    if given is None:
        return Figure(name, Unit.HOURS, None, n=n, why=Why.TOO_FEW)
    if given.value is None:
        least = rounded(given.at_least)
        return Figure(name, Unit.HOURS, None, least, None, given.ended, n, Why.AT_LEAST)
    value, low, high = (rounded(one) for one in (given.value, given.low, given.high))
    return Figure(name, Unit.HOURS, value, low, high, given.ended, n)


def coefficient(
    name: str, value: float | None, interval: tuple[float, float] | None, n: int
) -> Figure:
    """Make a figure of agreement; under 30 items that two read it has none."""
    if value is None or interval is None or n < LEAST_N:
        return Figure(name, Unit.COEFFICIENT, None, n=n, why=Why.TOO_FEW)
    low, high = interval
    return Figure(name, Unit.COEFFICIENT, rounded(value), rounded(low), rounded(high), n=n)


def rounded(value: float | None) -> float | None:
    """Round to four decimals; there is no negative nothing."""
    return None if value is None else round(float(value), DIGITS) + 0.0
