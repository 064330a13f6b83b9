"""Figures of teams: what they did and where they are silent, and never those of a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from evenhand.dashboard.jobs.measures import teaming
from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.dashboard.jobs.measures.teaming import SMALL, Activity, Line, Silent
from evenhand.data.store.rollups import Days
from evenhand.data.store.teams import NOBODYS, Team, TeamWaits
from tests.measure_rows import DAY, counts, pace

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
YESTERDAY = DAY - timedelta(days=1)
TEAMS = [Team(4, "Bến Nam", 2), Team(5, "Cầu Đỏ", 1), Team(6, "Tổ trực", 3)]
LINES = teaming.shown_as(TEAMS)


def test_team_of_fewer_than_three_people_has_no_line_of_its_own():
    """Two and one are shown together."""
    assert {4: SMALL, 5: SMALL, 6: 6} == LINES


def test_line_of_the_small_teams_is_never_that_of_one_person():
    """One person alone is shown with the next larger team; teams of nobody take none along."""
    alone = [Team(4, "Bến Nam", 1), Team(5, "Cầu Đỏ", 4), Team(6, "Tổ trực", 3)]
    nobody = [Team(4, "Bến Nam", 0), Team(6, "Tổ trực", 3)]

    assert {4: SMALL, 5: 5, 6: SMALL} == teaming.shown_as(alone)
    assert {4: SMALL, 6: 6} == teaming.shown_as(nobody)


def test_heat_map_has_a_cell_for_each_line_and_day():
    """9 of 10 and 1 of 30 for the team; 3 + 5 of 10 + 20 for the small ones, 0 of 0 is a cell."""
    items = [
        counts(team_id=6, day=YESTERDAY, made=10, decided=9),
        counts(team_id=6, made=20, decided=1),
        counts(team_id=6, lang="en", made=10),
        counts(team_id=4, made=10, decided=3),
        counts(team_id=5, made=20, decided=5),
    ]
    steps = [Days(YESTERDAY, YESTERDAY), Days(DAY, DAY)]
    found = teaming.coverage_by_team_and_day(items, steps, LINES)

    assert [
        Line(SMALL, (Share(0, 0), Share(8, 30))),
        Line(6, (Share(9, 10), Share(1, 30))),
    ] == found


def test_step_of_the_heat_map_may_be_a_week():
    """Both days lie in the week; what is routed nowhere is a line of its own."""
    items = [counts(team_id=6, day=YESTERDAY, made=20, decided=9), counts(made=30, decided=1)]
    week = Days(DAY - timedelta(days=6), DAY)
    found = teaming.coverage_by_team_and_day(items, [week], {})

    assert [Line(NOBODYS, (Share(1, 30),)), Line(6, (Share(9, 20),))] == found


def test_team_is_silent_after_48_hours_without_a_decision():
    """The last decision on the 21st is 60 hours before noon of the 24th, or more; on the 22nd not.

    The small teams have never decided; nothing waits for a team that is not in the list.
    """
    days = [DAY - timedelta(days=ago) for ago in range(5)]
    old = NOW - timedelta(days=3)
    waiting = [TeamWaits(NOBODYS, 9, NOW), TeamWaits(6, 2, NOW), TeamWaits(4, 1, NOW)]
    waiting.append(TeamWaits(5, 3, old))
    paces = [pace(days[2], decided=1), pace(days[3], team_id=6, decided=4)]
    paces.append(pace(days[0], team_id=6, arrived=7, answered=7))

    expected = [Silent(SMALL, 4, old, None), Silent(6, 2, NOW, days[3])]
    assert expected == teaming.silent_teams(waiting, paces, DAY, LINES)
    spoken = [*paces, pace(days[2], team_id=6, decided=1), pace(team_id=4, decided=1)]
    assert [] == teaming.silent_teams(waiting, spoken, DAY, LINES)


def test_activity_is_what_came_in_beside_what_was_done():
    """Added up over days and queues, small teams together."""
    paces = [
        pace(YESTERDAY, team_id=6, arrived=5, decided=3, late=1),
        pace(team_id=6, queue="fast", arrived=2, decided=4, answered=2),
        pace(team_id=4, arrived=1),
        pace(team_id=5, decided=1),
    ]

    expected = [Activity(SMALL, 1, 1, 0, 0), Activity(6, 7, 7, 1, 2)]
    assert expected == teaming.team_activity(paces, LINES)


def test_lines_stand_in_the_order_of_names():
    """What has no name stands last: every team's items before the small teams."""
    assert [8, 6, NOBODYS, SMALL] == teaming.by_name([SMALL, NOBODYS, 6, 8], {6: "b", 8: "a"})
