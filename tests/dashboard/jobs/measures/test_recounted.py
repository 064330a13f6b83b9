"""Figures from roll-ups are those of a slow recount: item by item, from the tables themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from evenhand.dashboard.jobs import decisions
from evenhand.dashboard.jobs.estimates_time import Pace
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.dashboard.jobs.measures import flags, judging, summary, timely
from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.data import tables
from evenhand.data.records import Decision, Outcome, Page, Upsert
from evenhand.data.store import rollups_anew, sources
from tests.coverage_floor import MORE_TOPICS, fill, of_day
from tests.fakes import KEYWORDS, TOPICS, FakeTagger
from tests.recount_floor import CHECKS, walk

HOUR = timedelta(hours=1)


@pytest.fixture
def furnished(store, actors, clock):
    """Weeks of posts, decided in part, some of it by two teams."""
    fill(store, actors.an, clock.now(), days=12)
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Bến Nam"))
        which = tables.item.c.id % 3 == 0
        conn.execute(update(tables.item).where(which).values(team_id=1))
        conn.execute(update(tables.item).where(tables.item.c.id % 3 == 1).values(team_id=2))
        rollups_anew.rebuild(conn)
    return store


@pytest.mark.parametrize("check", CHECKS)
def test_figures_are_those_of_a_walk_over_all_items(furnished, actors, clock, check):
    """Times, precision, outcomes, rates and the distance of languages."""
    check(furnished, actors.leader, clock.now())


@pytest.mark.parametrize("part", judging.PARTS)
def test_precision_adds_up_whatever_it_is_parted_by(furnished, actors, clock, part):
    """Each decided item is in one line."""
    found = flags.flags(furnished, actors.leader, 28, part, clock.now())

    assert sum(one.share.n for one in found.parts) == found.precision.n
    assert sum(one.share.part for one in found.parts) == found.precision.part


def test_teams_are_those_of_a_walk_over_all_items(furnished, actors, clock):
    """Cells by team and day, where a team of nobody stands with the small ones."""
    rows = walk(furnished)
    found = timely.of_teams(furnished, actors.leader, 28, clock.now())
    for line in found.lines:
        # Team 1 has three people; team 2 has none and is among the small ones (-1).
        mine = [
            row for row in rows if (row.team_id or 0) == {-1: 2}.get(line.team_id, line.team_id)
        ]
        assert sum(cell.n for cell in line.cells) == len(mine) > 0
        for step, cell in zip(found.steps, line.cells, strict=True):
            day = [row for row in mine if row.created_at.date() == step.first]
            assert cell == Share(sum(row.decided_at is not None for row in day), len(day))
    assert {1: "Tổ trực"} == found.names
    assert [1, 0, -1] == [line.team_id for line in found.lines]


def freeze(store, clock):
    """Let a day pass in which posts come in and nothing is done."""
    now = clock.advance(days=1)
    with store.read() as conn:
        source_id = sources.get(conn, "diễn đàn").id
    page = Page(tuple(Upsert(one) for one in of_day(-1, now - HOUR)), {})
    tagger = FakeTagger(KEYWORDS, TOPICS | MORE_TOPICS)
    ingest_page(store, source_id=source_id, page=page, tagger=tagger, now=now)


def known(quantile):
    return quantile.at_least if quantile.value is None else quantile.value


def test_every_time_figure_gets_worse_when_the_team_freezes_for_a_day(furnished, actors, clock):
    """In the store: whatever the step, the ages, the clearing and what is in time."""
    choices = [(step, "queue") for step in timely.STEPS]
    read = timely.times_and_deadlines
    before = [read(furnished, actors.leader, 28, one, clock.now()) for one in choices]
    shown = summary.summary(furnished, actors.leader, clock.now())
    freeze(furnished, clock)
    after = [read(furnished, actors.leader, 28, one, clock.now()) for one in choices]
    later = summary.summary(furnished, actors.leader, clock.now())

    for old, new in zip(before, after, strict=True):
        if old.all_times.median is not None:
            assert known(old.all_times.median) <= known(new.all_times.median)
            assert known(old.all_times.p90) <= known(new.all_times.p90)
            assert old.all_times.still < new.all_times.still or old.all_times.n == new.all_times.n
    assert known(before[1].all_times.p90) < known(after[1].all_times.p90)
    assert before[1].ages.oldest_h < after[1].ages.oldest_h
    assert before[1].ages.total_h < after[1].ages.total_h
    assert before[1].in_time.value > after[1].in_time.value
    assert sum(one.by_hours[0] for one in before[1].due) < sum(
        one.by_hours[0] for one in after[1].due
    )
    assert known(shown.decision.now.median) <= known(later.decision.now.median)
    assert shown.backlog.items < later.backlog.items
    assert shown.review.now.value > later.review.now.value


def test_pace_of_a_young_workspace_is_of_too_few_days(store, actors, clock):
    """Three days of work are no 28 of which 25 were idle."""
    fill(store, actors.an, clock.now(), days=3)
    shown = summary.summary(store, actors.leader, clock.now()).backlog
    found = timely.times_and_deadlines(
        store, actors.leader, 28, ("decided", "queue"), clock.now()
    ).clearing

    assert shown.items > 0
    assert (Pace.TOO_FEW, True) == (found.reason, found.days < 7)
    assert found == shown.clearing


def decide_all(store, actor, keys, now):
    """Decide on exactly these items, past the order of the queue."""
    held = {"state": "claimed", "claimed_by": int(actor.id), "claim_no": 1}
    which = update(tables.item).where(tables.item.c.id.in_(keys))
    with store.write() as conn:
        conn.execute(which.values(claim_until=now + HOUR, **held))
    for key in keys:
        said = Decision(f"e{key}", str(key), 1, 1, Outcome.NO_HARM)
        decisions.decide(store, actor, said, now=now)


def test_closing_easy_items_first_does_not_improve_the_median_of_what_is_open(
    furnished, actors, clock
):
    """The youngest are decided at once, the others wait on; the median age does not fall."""
    now, choice = clock.now(), ("decided", "queue")
    before = timely.times_and_deadlines(furnished, actors.leader, 28, choice, now)
    waits = sorted(
        (row for row in walk(furnished) if row.state == "open"), key=lambda row: row.created_at
    )
    easy = [row.id for row in waits[len(waits) * 2 // 3 :]]
    decide_all(furnished, actors.an, easy, now)
    after = timely.times_and_deadlines(furnished, actors.leader, 28, choice, now)

    assert after.ages.n == before.ages.n - len(easy) < before.ages.n
    assert after.ages.median_h >= before.ages.median_h


def test_day_that_begins_at_midnight_is_the_day_of_the_cell(furnished, actors):
    """A window is of whole days in UTC, whenever one looks."""
    late = datetime(2026, 11, 24, 23, 59, tzinfo=UTC)
    found = timely.of_teams(furnished, actors.leader, 7, late)

    assert 7 == len(found.steps)
    assert late.date() == found.steps[-1].last
