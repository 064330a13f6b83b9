"""Care for the reader: each person's own, told to nobody else; sums over three people at least."""

from __future__ import annotations

import ast
import math
from datetime import date, timedelta
from importlib.resources import files

import pytest
from sqlalchemy import func, insert, select

from evenhand.dashboard.jobs import care, claims
from evenhand.dashboard.jobs.care import Limits, Read
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed
from evenhand.data.settings import CareSettings
from evenhand.data.store import spared
from tests.review_floor import item_row, put_flag, put_item, put_items

RULES = CareSettings()
OTHERS = ("leader", "analyst", "admin")
# Whoever names the table of opt-outs: the schema, what keeps it, and what claims go by.
MAY_NAME_OPT_OUTS = {"tables_review.py", "care.py", "spared.py", "r0007_review_console.py"}


def ledger_length(store):
    with store.read() as conn:
        return conn.execute(select(func.count()).select_from(tables.ledger)).scalar()


def claim(store, actor, clock, **options):
    return [one.id for one in claims.claim_next(store, actor, now=clock.now(), **options)]


def read(store, actor, clock, *reads, rules=RULES):
    care.note_reads(store, actor, reads, rules, clock.now())


def stand(store, actor, clock, rules=RULES):
    return care.standing(store, actor, rules, clock.now())


def test_opt_out_gives_back_at_once_and_keeps_away(store, actors, clock):
    """What is held goes back, what has the label does not come again, and the rest does."""
    with store.write() as conn:
        mild = put_item(conn, "spam").id
        led = put_item(conn, "self_harm_risk", queue="fast").id
        second = put_item(conn, "spam")
        put_flag(conn, int(second.post_id), "self_harm_risk", score=0.3, band="check")
    assert len(claim(store, actors.an, clock)) == 3
    given_back = care.opt_out(store, actors.an, "self_harm_risk", clock.now())

    assert given_back == 3
    assert {item_row(store, one).state for one in (mild, led, second.id)} == {"open"}
    assert claim(store, actors.an, clock) == [mild]
    assert claims.waiting(store, actors.an) == 0
    assert claim(store, actors.binh, clock) == [led, second.id]


def test_opting_in_lets_the_label_come_again(store, actors, clock):
    """An opt-out lasts until its owner takes it back."""
    ids = put_items(store, 1, label="hate")
    care.opt_out(store, actors.an, "hate", clock.now())
    assert claim(store, actors.an, clock) == []
    care.opt_in(store, actors.an, "hate")

    assert claim(store, actors.an, clock) == ids


def test_opt_outs_are_read_by_their_owner_alone(store, actors, clock):
    """Neither colleagues nor coordinators get them, and no ledger entry tells of them."""
    before = ledger_length(store)
    care.opt_out(store, actors.an, "hate", clock.now())
    care.set_limits(store, actors.an, Limits(30, 3), clock.now())
    care.begin_rest(store, actors.an, RULES, clock.now())

    assert care.opt_outs(store, actors.an) == {"hate"}
    assert care.opt_outs(store, actors.binh) == frozenset()
    assert care.opt_outs(store, actors.coordinator) == frozenset()
    assert ledger_length(store) == before


def test_no_other_module_names_the_table_of_opt_outs():
    """A job that told somebody else would have to name it: this finds who does."""
    found = set()
    for room in ("data", "dashboard", "connectors", "classifiers"):
        for path in _modules(files(f"evenhand.{room}")):
            if _names(ast.parse(path.read_text("utf-8")), "opt_out"):
                found.add(path)

    names = {path.name for path in found}
    assert names == MAY_NAME_OPT_OUTS
    # Three files are called care.py: the store's, the job's and the page's.
    assert len([path for path in found if path.name == "care.py"]) <= 3


def _modules(folder):
    for child in folder.iterdir():
        if child.is_dir():
            yield from _modules(child)
        elif child.name.endswith(".py"):
            yield child


def _names(tree, word):
    return any(
        (isinstance(node, ast.Name) and node.id == word)
        or (isinstance(node, ast.Attribute) and node.attr == word)
        or (isinstance(node, ast.alias) and node.name == word)
        or (isinstance(node, ast.Constant) and node.value == word)
        for node in ast.walk(tree)
    )


@pytest.mark.parametrize("label", ["question", "politics", "", "hate' --"])
def test_opt_out_of_what_is_not_offered_is_refused(store, actors, clock, label):
    """Questions and complaints are the work itself; anything else is on no list."""
    with pytest.raises(InputError):
        care.opt_out(store, actors.an, label, clock.now())
    with pytest.raises(InputError):
        care.opt_in(store, actors.an, label)


@pytest.mark.parametrize("who", OTHERS)
def test_other_roles_have_nothing_here(store, actors, clock, who):
    """Whoever does not read has no record, no limits, no opt-outs."""
    actor, now = getattr(actors, who), clock.now()
    calls = [
        lambda: care.opt_outs(store, actor),
        lambda: care.opt_out(store, actor, "hate", now),
        lambda: care.opt_in(store, actor, "hate"),
        lambda: care.own_limits(store, actor),
        lambda: care.set_limits(store, actor, Limits(30, None), now),
        lambda: care.standing(store, actor, RULES, now),
        lambda: care.look_after(store, actor, RULES, now),
        lambda: care.begin_rest(store, actor, RULES, now),
        lambda: care.end_rest(store, actor, now),
        lambda: care.note_reads(store, actor, [Read(5, 1.0)], RULES, now),
        lambda: care.keep_within(store, actor, RULES, now),
        lambda: care.exposure(store, actor, now),
        lambda: care.team_weeks(store, actor, now),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()


def test_timer_begins_a_break_after_the_minutes_in_the_settings(store, actors, clock):
    """Ten looks of five minutes are fifty minutes: claims go back, for ten minutes."""
    ids = put_items(store, 3)
    claim(store, actors.an, clock, lease_minutes=60)
    for _ in range(9):
        clock.advance(minutes=5)
        read(store, actors.an, clock, Read(2, 300.0))
    assert care.look_after(store, actors.an, RULES, clock.now()).rest is None
    clock.advance(minutes=5)
    read(store, actors.an, clock, Read(2, 300.0))
    found = care.look_after(store, actors.an, RULES, clock.now(), [(ids[0], 1)])

    assert (found.rest.by_timer, found.rest.until - clock.now()) == (True, timedelta(minutes=10))
    assert (found.read_s, found.held) == (0.0, frozenset())
    assert {item_row(store, item_id).state for item_id in ids} == {"open"}
    assert care.look_after(store, actors.binh, RULES, clock.now()).rest is None
    clock.advance(minutes=10)
    assert care.look_after(store, actors.an, RULES, clock.now()).rest is None


def test_own_stretch_may_be_shorter_or_longer(store, actors, clock):
    """Each person's own limit holds for them."""
    for own, rests in ((10, True), (90, False)):
        care.set_limits(store, actors.an, Limits(own, None), clock.now())
        clock.advance(days=1)
        for _ in range(10 if own == 90 else 2):
            clock.advance(minutes=5)
            read(store, actors.an, clock, Read(2, 300.0))
        found = care.look_after(store, actors.an, RULES, clock.now())
        assert ((found.rest is not None), found.break_after_min) == (rests, own)


def test_pause_as_long_as_a_break_counts_as_one(store, actors, clock):
    """Whoever was away is not sent away again, and the page shows no old minutes."""
    read(store, actors.an, clock, Read(2, 300.0))
    assert stand(store, actors.an, clock).read_s == 300.0
    clock.advance(minutes=RULES.break_min)

    assert stand(store, actors.an, clock).read_s == 0.0


def test_break_can_be_taken_and_ended_at_any_time(store, actors, clock):
    """It begins when it is wanted, keeps its end when asked twice, and ends when wanted."""
    put_items(store, 2)
    claim(store, actors.an, clock)
    first = care.begin_rest(store, actors.an, RULES, clock.now())
    clock.advance(minutes=1)
    again = care.begin_rest(store, actors.an, RULES, clock.now())

    assert (first, first.by_timer) == (again, False)
    assert claims.held(store, actors.an, clock.now()) == []
    assert care.end_rest(store, actors.an, clock.now())
    assert stand(store, actors.an, clock).rest is None
    assert not care.end_rest(store, actors.an, clock.now())


@pytest.mark.parametrize(
    "new", [Limits(9, None), Limits(91, None), Limits(None, -1), Limits(None, 1001)]
)
def test_limits_out_of_range_are_refused(store, actors, clock, new):
    """What would be no limit, or would forbid all work by mistake, is not taken."""
    with pytest.raises(InputError):
        care.set_limits(store, actors.an, new, clock.now())

    assert care.own_limits(store, actors.an) == Limits(None, None)


@pytest.mark.parametrize(
    ("limits", "holds"),
    [((None, None), None), ((5, None), 5), ((None, 3), 3), ((5, 3), 3), ((5, 9), 5), ((5, 0), 0)],
)
def test_lower_daily_limit_holds(store, actors, clock, limits, holds):
    """A person can only be stricter than the settings."""
    everybody, own = limits
    care.set_limits(store, actors.an, Limits(None, own), clock.now())
    rules = CareSettings(severe_a_day=everybody)

    assert stand(store, actors.an, clock, rules).severe_a_day == holds


def test_daily_limit_counts_what_is_held_and_what_was_read(store, actors, clock):
    """With a limit of three, the surplus of a claim goes back and only milder items follow."""
    with store.write() as conn:
        severe = [put_item(conn, "hate", priority=9.0 - at).id for at in range(5)]
        mild = [put_item(conn, "spam", priority=2.0 - at).id for at in range(2)]
    care.set_limits(store, actors.an, Limits(None, 3), clock.now())
    assert claim(store, actors.an, clock, count=5) == severe
    given_back = care.keep_within(store, actors.an, RULES, clock.now())

    assert given_back == set(severe[3:])
    assert [item_row(store, one).state for one in severe] == ["claimed"] * 3 + ["open"] * 2
    assert claim(store, actors.an, clock) == mild
    # One is read, two are held: the limit still holds.
    claims.release(store, actors.an, [(severe[0], 1)], clock.now())
    read(store, actors.an, clock, Read(4, 20.0))
    assert care.keep_within(store, actors.an, RULES, clock.now()) == frozenset()
    assert claim(store, actors.an, clock) == []
    assert stand(store, actors.an, clock).spared


def test_daily_limit_ends_with_the_day_or_when_it_is_lifted(store, actors, clock):
    """The next day brings severe items again, and so does taking the limit away."""
    ids = put_items(store, 1, label="hate")
    care.set_limits(store, actors.an, Limits(None, 1), clock.now())
    read(store, actors.an, clock, Read(5, 20.0))
    care.keep_within(store, actors.an, RULES, clock.now())
    assert claim(store, actors.an, clock) == []
    clock.advance(days=1)
    care.keep_within(store, actors.an, RULES, clock.now())
    assert claim(store, actors.an, clock) == ids
    claims.release_all(store, actors.an, clock.now())

    care.set_limits(store, actors.an, Limits(None, 0), clock.now())
    care.keep_within(store, actors.an, RULES, clock.now())
    assert claim(store, actors.an, clock) == []
    care.set_limits(store, actors.an, Limits(None, None), clock.now())
    care.keep_within(store, actors.an, RULES, clock.now())
    assert claim(store, actors.an, clock) == ids


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        (12.5, 12.5),
        (7, 7.0),
        (301.0, 300.0),
        (10**9, 300.0),
        (-3, 0.0),
        (True, 0.0),
        (None, 0.0),
        ("40", 0.0),
        (math.nan, 0.0),
        (math.inf, 0.0),
    ],
)
def test_look_lasts_five_minutes_at_most_whatever_a_browser_says(said, counted):
    """Nonsense is no time at all."""
    assert care.look_s(said) == counted


@pytest.mark.parametrize(
    ("labels", "severity"),
    [(["spam", "hate"], 4), (["self_harm_risk"], 5), (["audit"], 1), ([], 1)],
)
def test_severity_is_that_of_the_most_severe_label(labels, severity):
    """A label that is on no list is as mild as it gets."""
    assert care.severity_of(labels) == severity


def test_severe_labels_are_those_of_severity_four_and_five():
    """The daily limit follows the taxonomy."""
    assert spared.severe_labels() == (
        "hate",
        "violence_threat",
        "self_harm_risk",
        "disaster_misinformation",
        "doxxing",
        "help_needed",
    )


def test_exposure_shows_fourteen_days_with_the_empty_ones(store, actors, clock):
    """The oldest day first; what a colleague read is not in it."""
    read(store, actors.an, clock, Read(5, 60.0))
    clock.advance(days=13)
    read(store, actors.an, clock, Read(5, 30.0), Read(1, 12.0), Read(5, 8.0, counted=False))
    read(store, actors.binh, clock, Read(3, 99.0))
    days = care.exposure(store, actors.an, clock.now())

    assert [day.on for day in days] == [date(2026, 11, 24) + timedelta(days=n) for n in range(14)]
    assert (days[0].items, days[0].seconds) == ((0, 0, 0, 0, 1), (0.0, 0.0, 0.0, 0.0, 60.0))
    assert (days[13].items, days[13].seconds) == ((1, 0, 0, 0, 1), (12.0, 0.0, 0.0, 0.0, 38.0))
    assert {sum(day.items) for day in days[1:13]} == {0}
    clock.advance(days=1)
    assert sum(care.exposure(store, actors.an, clock.now())[0].items) == 0


def test_team_sums_need_three_people(store, actors, clock):
    """Two people's reading is shown to nobody; with a third the sums appear, next week."""
    # Tuesday 24 November 2026; its week begins on the 23rd.
    read(store, actors.an, clock, Read(5, 1800.0), Read(1, 60.0))
    read(store, actors.binh, clock, Read(4, 300.0), Read(1, 60.0))
    with store.write() as conn:
        for number in (21, 22):
            conn.execute(
                insert(tables.person).values(
                    id=number, name=f"n{number}", password_hash="!", created_at=clock.now()
                )
            )
            conn.execute(
                insert(tables.membership).values(person_id=number, team_id=1, role="reviewer")
            )
    assert [
        week.everything for week in care.team_weeks(store, actors.coordinator, clock.now())
    ] == [
        None,
        None,
    ]
    third = type(actors.an)("21", "n21", actors.an.roles, "1")
    fourth = type(actors.an)("22", "n22", actors.an.roles, "1")
    read(store, third, clock, Read(1, 120.0))
    # The week that goes on is not shown: sums that move from day to day would tell one day apart.
    assert care.team_weeks(store, actors.coordinator, clock.now())[0].everything is None
    clock.advance(days=7)
    last, before = care.team_weeks(store, actors.coordinator, clock.now())

    assert (last.first, before.first) == (date(2026, 11, 23), date(2026, 11, 16))
    # 300 (five minutes at most) + 60 + 300 + 60 + 120 seconds.
    assert (last.everything.people, last.everything.items, last.everything.seconds) == (3, 5, 840.0)
    # Only two people read something severe, so neither part is told.
    assert (last.severe, last.milder, before.everything) == (None, None, None)
    for actor in (actors.an, third, fourth):
        read(store, actor, clock, Read(5, 10.0), Read(1, 10.0))
    clock.advance(days=7)
    last, before = care.team_weeks(store, actors.coordinator, clock.now())
    assert (last.severe.people, last.severe.items, last.milder.items) == (3, 3, 3)
    assert before.everything.items == 5


@pytest.mark.parametrize("who", ["an", "leader", "admin"])
def test_team_sums_are_for_coordinators(store, actors, clock, who):
    """Nobody else needs them."""
    with pytest.raises(NotAllowed):
        care.team_weeks(store, getattr(actors, who), clock.now())
