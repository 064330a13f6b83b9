"""How many posts of a topic, a sentiment or a day may be shown, and how many may not.

Besides the floors of safeguard 3 this holds back what a subtraction would give away: the number
of all posts is known, so whatever is missing from the shown cells can be told, and must never be
the number of one small cell (complementary disclosure control: Hundepool et al., Statistical
Disclosure Control, 2012, chapter 5).
Sentiment is never given by day, and nothing here is given by source or author.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Integer, func, literal_column, select, tuple_

from evenhand.data.store.rollups import (
    EPOCH_DAY,
    LEAST_AUTHORS,
    LEAST_POSTS,
    Days,
    day_number,
)
from evenhand.data.tables import rollup_mark, rollup_post
from evenhand.data.taxonomy import CIVIC

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Table

Key = TypeVar("Key", str, int, tuple[str, str])
# Topic and sentiment.
Pair = tuple[str, str]
# What is left over must be at least two cells, or its sum would be the number of one.
LEAST_CELLS = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """Posts of one topic and sentiment in the whole window."""

    topic: str
    sentiment: str
    posts: int


@dataclass(frozen=True, slots=True)
class TopicDay:
    """Posts of one topic in one step of days that begins on *day*, whatever their sentiment."""

    day: date
    topic: str
    posts: int


@dataclass(frozen=True, slots=True)
class Volumes:
    """What of a window may be shown.

    *cells* are topics with sentiments, *days* topics by day, civic among the days only; *civic*
    is the number of all civic posts.
    *withheld* is the number of posts in cells that are not shown: 0, or at least 10 posts of at
    least two cells.
    """

    cells: tuple[Cell, ...]
    days: tuple[TopicDay, ...]
    civic: int
    withheld: int


def withhold(posts: Mapping[Key, int], small: Collection[Key]) -> set[Key]:
    """Choose which cells are not shown: the small ones, and more until no small one can be told.

    The next smallest join them while what is left over is one single cell or under 10 posts.

    >>> sorted(withhold({"a": 300, "b": 40, "c": 3}, {"c"}))
    ['b', 'c']
    >>> withhold({"a": 300, "b": 40}, set())
    set()
    """
    hidden = set(small)
    rest = sorted(set(posts) - hidden, key=lambda key: (posts[key], key), reverse=True)
    while hidden and rest and not _is_safe([posts[key] for key in hidden]):
        hidden.add(rest.pop())
    return hidden


def _is_safe(left_over: list[int]) -> bool:
    return len(left_over) >= LEAST_CELLS and sum(left_over) >= LEAST_POSTS


def read(conn: Connection, days: Days, step: int = 1) -> Volumes:
    """Read what of a window may be shown of topics and sentiments, in steps of *step* days.

    Steps end with the window's last day; the first may be shorter.
    No argument picks a source: a topic's trend in one place would be a list of its people.
    """
    by_day = _posts(conn, days, step)
    proven = _proven(conn, days, step)
    totals: dict[Pair, int] = defaultdict(int)
    civic: dict[int, int] = {}
    for (day, topic, sentiment), count in by_day.items():
        if topic == CIVIC:
            civic[day] = civic.get(day, 0) + count
        else:
            totals[topic, sentiment] += count
    shown = _shown(conn, days, totals, {pair for _, pair in proven})
    of_days = _topic_days(by_day, shown, proven)
    return Volumes(
        cells=tuple(Cell(*pair, totals[pair]) for pair in sorted(shown)),
        days=_in_order([*of_days, *((day, CIVIC, count) for day, count in civic.items())]),
        civic=sum(civic.values()),
        withheld=sum(totals.values()) - sum(totals[pair] for pair in shown),
    )


def steps(days: Days, step: int) -> list[date]:
    """List on which day each step of a window begins, the earliest first."""
    numbers = range(day_number(days.first), day_number(days.last) + 1)
    begins = sorted({_begin(number, days, step) for number in numbers})
    return [EPOCH_DAY.fromordinal(EPOCH_DAY.toordinal() + number) for number in begins]


def _begin(day: int, days: Days, step: int) -> int:
    last = day_number(days.last)
    return max(day_number(days.first), last - (last - day) // step * step - step + 1)


def _posts(conn: Connection, days: Days, step: int) -> dict[tuple[int, str, str], int]:
    cell = (rollup_post.c.day, rollup_post.c.topic, rollup_post.c.sentiment)
    query = (
        select(*cell, func.sum(rollup_post.c.arrived))
        .where(_within(rollup_post, days))
        .group_by(*cell)
    )
    found: dict[tuple[int, str, str], int] = defaultdict(int)
    for day, topic, tone, count in conn.execute(query):
        found[_begin(day, days, step), topic, tone] += int(count)
    return found


def _proven(conn: Connection, days: Days, step: int) -> set[tuple[int, Pair]]:
    """Find the steps and cells with proof of ten authors within the step."""
    # Written out, not bound: PostgreSQL groups only by what it sees to be the same.
    last = day_number(days.last)
    back = literal_column(f"({last} - rollup_mark.day) / {step:d}", Integer)
    cell = (back, rollup_mark.c.topic, rollup_mark.c.sentiment)
    # Within one day each mark is one row.
    marks = func.count() if step == 1 else func.count(rollup_mark.c.mark.distinct())
    query = (
        select(*cell)
        .where(_within(rollup_mark, days))
        .group_by(*cell)
        .having(marks >= LEAST_AUTHORS)
    )
    return {
        (_begin(last - number * step, days, step), (topic, sentiment))
        for number, topic, sentiment in conn.execute(query)
    }


def _shown(
    conn: Connection,
    days: Days,
    totals: Mapping[Pair, int],
    proven: set[Pair],
) -> set[Pair]:
    """Find the cells of the window that may be shown."""
    large = {pair for pair, count in totals.items() if count >= LEAST_POSTS}
    # Ten authors of one day are ten authors of the window; only the others are looked up again.
    unproven = large - proven
    large = (large & proven) | (_proven_over_days(conn, days, unproven) if unproven else set())
    return set(totals) - withhold(totals, set(totals) - large)


def _proven_over_days(conn: Connection, days: Days, pairs: Iterable[Pair]) -> set[Pair]:
    cell = (rollup_mark.c.topic, rollup_mark.c.sentiment)
    query = (
        select(*cell)
        .where(_within(rollup_mark, days), tuple_(*cell).in_(sorted(pairs)))
        .group_by(*cell)
        .having(func.count(rollup_mark.c.mark.distinct()) >= LEAST_AUTHORS)
    )
    return {(topic, sentiment) for topic, sentiment in conn.execute(query)}


def _topic_days(
    by_day: Mapping[tuple[int, str, str], int],
    shown: set[Pair],
    proven: set[tuple[int, Pair]],
) -> list[tuple[int, str, int]]:
    """Add up the shown cells by day and topic, under the same floors.

    A mark differs from cell to cell, so a day has ten authors only if one of its cells has.
    """
    sums: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    authors: dict[str, set[int]] = defaultdict(set)
    for (day, topic, sentiment), count in by_day.items():
        if (topic, sentiment) in shown:
            sums[topic][day] += count
            if (day, (topic, sentiment)) in proven:
                authors[topic].add(day)
    found: list[tuple[int, str, int]] = []
    for topic, days in sums.items():
        small = {day for day, n in days.items() if n < LEAST_POSTS or day not in authors[topic]}
        hidden = withhold(days, small)
        found.extend((day, topic, count) for day, count in days.items() if day not in hidden)
    return found


def _in_order(found: Iterable[tuple[int, str, int]]) -> tuple[TopicDay, ...]:
    first = EPOCH_DAY.toordinal()
    return tuple(
        TopicDay(EPOCH_DAY.fromordinal(first + day), topic, posts)
        for day, topic, posts in sorted(found)
    )


def _within(table: Table, days: Days) -> ColumnElement[bool]:
    return table.c.day.between(day_number(days.first), day_number(days.last))
