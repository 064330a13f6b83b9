"""What teams did, day by day: activity beside what came in, and silence; never a ranking.

A team in which fewer than three people take items is in no line of its own: its figures would be
those of a person.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.measures.figures import Share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from evenhand.data.store.rollup_paces import Pace
    from evenhand.data.store.rollups import Days, ItemCounts
    from evenhand.data.store.teams import Team, TeamWaits

# Whoever sees sums over so many sees nobody.
LEAST_PEOPLE = 3
# Stands for all teams with fewer people than that.
SMALL = -1
SILENT_DAYS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the heat map: *cells* has a share for each step of the window."""

    team_id: int
    cells: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Silent:
    """A team that decided nothing of late while items wait for it.

    *last* is the last day with a decision, None if there was none in the days looked at.
    """

    team_id: int
    items: int
    oldest_at: datetime
    last: date | None


@dataclass(frozen=True, slots=True)
class Activity:
    """What came in for a team in a window, and what it did meanwhile, whenever that was made."""

    team_id: int
    arrived: int
    decided: int
    late: int
    answered: int


def shown_as(teams: Iterable[Team]) -> dict[int, int]:
    """Say under which line each team is shown: its own, or that of the small ones.

    While these have fewer than three people together, the next larger team is among them: their
    line would be that of a person, too.
    """
    shown: dict[int, int] = {}
    together = 0
    for one in sorted(teams, key=lambda one: (one.people, one.id)):
        is_small = one.people < LEAST_PEOPLE or 0 < together < LEAST_PEOPLE
        shown[one.id] = SMALL if is_small else one.id
        together += one.people if is_small else 0
    return shown


def coverage_by_team_and_day(
    items: Iterable[ItemCounts], steps: Sequence[Days], lines: Mapping[int, int]
) -> list[Line]:
    """Items with a decision, of the items made for a team on a day (review coverage).

    In the longest window each step is a week that begins on its date.
    Items that wait count as not decided, so the last days are low while work goes on.
    What is routed to no team has a line of its own, and teams in which fewer than three people
    take items have one together, with the next larger team if they are fewer even so: no line is
    that of a person.
    A cell under 30 items shows its counts and no share; there is no order of merit.
    """
    firsts = [step.first for step in steps]
    counts: dict[int, list[list[int]]] = {}
    for one in items:
        row = counts.setdefault(_line(one.team_id, lines), [[0, 0] for _ in steps])
        cell = row[bisect_right(firsts, one.day) - 1]
        cell[0] += one.decided
        cell[1] += one.made
    return [Line(team, tuple(Share(*cell) for cell in counts[team])) for team in sorted(counts)]


def silent_teams(
    waiting: Iterable[TeamWaits], paces: Iterable[Pace], today: date, lines: Mapping[int, int]
) -> list[Silent]:
    """Teams for which items wait and that decided nothing today or on the two days before (UTC).

    So it is 48 hours at least since their last decision.
    What is routed to no team, and so waits for all of them, has a line of its own.
    Teams in which fewer than three people take items count together.
    """
    last: dict[int, date] = {}
    for one in paces:
        if one.decided:
            team = _line(one.team_id, lines)
            last[team] = max(one.day, last.get(team, one.day))
    since = today - timedelta(days=SILENT_DAYS)
    found: dict[int, Silent] = {}
    for row in waiting:
        team = _line(row.team_id, lines)
        before = found.get(team, Silent(team, 0, row.oldest_at, last.get(team)))
        oldest = min(before.oldest_at, row.oldest_at)
        found[team] = Silent(team, before.items + row.items, oldest, before.last)
    return [
        found[team] for team in sorted(found) if (day := found[team].last) is None or day <= since
    ]


def team_activity(paces: Iterable[Pace], lines: Mapping[int, int]) -> list[Activity]:
    """What came in for each team in the window (the plan) and what was decided and answered.

    Counted on the day on which it happened, whenever the item was made: deciding as much as comes
    in keeps the backlog where it is.
    Late is what was decided after its deadline.
    Teams in which fewer than three people take items count together; the order is that of names.
    """
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in paces:
        row = sums[_line(one.team_id, lines)]
        for place, count in enumerate((one.arrived, one.decided, one.late, one.answered)):
            row[place] += count
    return [Activity(team, *sums[team]) for team in sorted(sums)]


def by_name(keys: Sequence[int], names: Mapping[int, str]) -> list[int]:
    """Order lines by the names of teams, what has no name of its own last."""
    return sorted(keys, key=lambda key: (key not in names, names.get(key, ""), -key))


def _line(team_id: int, lines: Mapping[int, int]) -> int:
    return lines.get(team_id, team_id)
