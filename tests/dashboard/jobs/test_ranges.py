"""Score ranges: what may be decided in one act, by whom, after which reading, and taken back."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import insert, select, update

from evenhand.dashboard.jobs import appeals, claims, decisions, ranges
from evenhand.dashboard.jobs.ranges import NewRange, RangeState
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.records import Decision, Outcome
from evenhand.data.store import labels, ledger, score_ranges_decided
from evenhand.data.tables_review import wave
from tests.conftest import NOON
from tests.range_floor import (
    ALL_TWICE,
    LOW,
    QUALITY,
    act,
    done,
    drawn,
    put_scored,
    put_second,
    read_sample,
)
from tests.reading_floor import children_of, entries, read, say, standing_on, take
from tests.review_floor import events, item_row, put_version, replay, rolled_up, standing
from tests.wave_floor import SCAM, bring, items_of, members, put_floor

LEAST_SHARE = score_ranges_decided.LEAST_SHARE
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    """An act has several; nothing is read again but what a test asks for."""
    monkeypatch.setattr(score_ranges_decided, "AT_ONCE", 4)
    monkeypatch.setattr(score_ranges_decided, "LEAST_SHARE", 0.0)


@pytest.fixture
def second(store, actors):  # noqa: ARG001 - it joins their team
    """A second coordinator of the team."""
    return put_second(store)


def is_whole(store):
    """Say that rows, roll-ups and ledger are what the logs tell."""
    kept, anew = rolled_up(store)
    with store.read() as conn:
        ledger.verify(conn)
    return kept == anew and standing(store) == replay(store)


def states(store, ids):
    return [item_row(store, one).state for one in ids]


def kinds(store, ids):
    return [None if (one := standing_on(store, key)) is None else one.kind for key in ids]


def check_of(store, actor, clock):
    return ranges.newest(store, actor, clock.now())[0].check


# --- the whole of it ----------------------------------------------------------------------------


def test_rest_of_a_range_is_decided_once_its_sample_is_read(store, clock, actors):
    """Each item gets a decision of its own kind, with versions, log line and ledger entry."""
    ids = put_scored(store, 14)
    found = drawn(store, actors.coordinator, clock)
    read_sample(store, actors.coordinator, clock)
    clock.advance(minutes=5)
    told = []
    after = act(store, actors.coordinator, found, clock, progress=lambda *at: told.append(at))

    assert (RangeState.DONE, 9, 0) == (after.state, after.decided, after.remaining)
    assert [(4, 9), (8, 9), (9, 9)] == told
    assert ["closed"] * 14 == states(store, ids)
    assert {"review": 5, "range": 9} == {
        kind: kinds(store, ids).count(kind) for kind in ("review", "range")
    }
    one = next(key for key in ids if int(key) not in found.drawn)
    said = standing_on(store, one)
    assert ("no_harm", None, 3, "m1", 1) == (
        said.outcome,
        said.policy,
        said.reviewer_id,
        said.model,
        said.version,
    )
    assert said.policy_version
    assert ["made", "decided_by_range"] == events(store, one)
    assert 9 == len(entries(store, "decided_by_range"))
    assert ["range_drawn", "range_decided"] == [
        entry.action for entry in entries(store, "range_drawn", "range_decided")
    ]
    assert is_whole(store)


def test_preview_tells_what_waits_and_how_it_was_decided(store, clock, actors):
    """Counts by score, and the people's decisions of the last 30 days with an interval."""
    put_scored(store, 3, 0.12)
    put_scored(store, 2, 0.4)
    put_scored(store, 4, 0.41)
    say(store, actors.an, take(store, actors.an, clock, 1)[0], clock=clock, quality=QUALITY)
    found = ranges.preview(store, actors.coordinator, LOW, clock.now())

    assert (4, False, 1, 1) == (found.items, found.more, found.decided, found.no_harm)
    assert [2, 2] == [n for *_, n in found.bars if n]
    assert (0.37, 0.4, 2) == found.bars[-1]
    # Wilson's lower end for 1 of 1: 1 / (1 + 1.96²) = 0.2065.
    assert found.interval == pytest.approx((0.2065, 1.0), abs=1e-4)
    empty = ranges.preview(store, actors.coordinator, replace(LOW, lang="en"), clock.now())
    assert (0, 0, None) == (empty.items, empty.decided, empty.interval)


def test_preview_leaves_out_what_nobody_read(store, clock, actors):
    """A range must not speak for the next one; nor must what is too old."""
    put_scored(store, 8)
    done(store, actors.coordinator, clock)
    put_scored(store, 1)

    assert 5 == ranges.preview(store, actors.coordinator, LOW, clock.now()).decided
    later = clock.now() + timedelta(days=31)
    assert 0 == ranges.preview(store, actors.coordinator, LOW, later).decided


def test_sample_is_all_there_is_when_there_is_less(store, clock, actors):
    """Then the act has nothing left to do."""
    put_scored(store, 3)
    after = done(store, actors.coordinator, clock)

    assert (RangeState.DONE, 0, 3) == (after.state, after.decided, len(after.drawn))
    assert not ranges.newest(store, actors.coordinator, clock.now())[0].may_undo


def test_sample_is_drawn_by_chance(store, clock, actors):
    """Each member comes up; what is drawn is claimed for whoever drew it, and for nobody else."""
    ids = [int(one) for one in put_scored(store, 12)]
    seen = set()
    for _ in range(40):
        found = ranges.draw(store, actors.coordinator, LOW, now=clock.now(), count=5)
        held = {int(one.id) for one in claims.held(store, actors.coordinator, clock.now())}
        assert held == set(found.drawn)
        seen |= held
        claims.release_all(store, actors.coordinator, clock.now())
        ranges.end(store, actors.coordinator, found.id, clock.now())

    # Missed in all 40 draws: 12 x (7/12)^40 < 1e-8.
    assert seen == set(ids)


def test_no_more_than_the_most_are_decided_at_once(store, clock, actors, monkeypatch):
    """Others wait for a range of their own."""
    monkeypatch.setattr("evenhand.data.store.score_ranges_drawn.MOST", 6)
    monkeypatch.setattr(ranges, "MOST", 6)
    ids = put_scored(store, 9)

    assert ranges.preview(store, actors.coordinator, LOW, clock.now()).more
    assert 6 == len(done(store, actors.coordinator, clock).members)
    assert 3 == states(store, ids).count("open")


# --- who and what may not -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["an", "leader", "analyst", "admin"])
def test_only_coordinators_decide_by_range(store, clock, actors, name):
    """Whatever they ask for."""
    put_scored(store, 8)
    found = drawn(store, actors.coordinator, clock)
    actor, now = getattr(actors, name), clock.now()

    for refused in (
        lambda: ranges.preview(store, actor, LOW, now),
        lambda: ranges.draw(store, actor, LOW, now=now),
        lambda: ranges.claim_again(store, actor, found.id, now=now),
        lambda: ranges.decide_rest(store, actor, found.id, now, quality=QUALITY),
        lambda: ranges.undo(store, actor, found.id, now),
        lambda: ranges.end(store, actor, found.id, now),
        lambda: ranges.newest(store, actor, now),
        lambda: ranges.error_rate(store, actor),
    ):
        with pytest.raises(NotAllowed):
            refused()


BAD = {
    NewRange("self_harm_risk", None, 0.1, 0.4): "not decided by range",
    NewRange("violence_threat", None, 0.1, 0.4): "not decided by range",
    NewRange("help_needed", None, 0.1, 0.4): "not decided by range",
    NewRange("politics", None, 0.1, 0.4): "not decided by range",
    NewRange("spam", None, 0.5, 0.4): "no range",
    NewRange("spam", None, -0.1, 0.4): "no range",
    NewRange("spam", None, 0.1, 1.1): "no range",
    NewRange("spam", None, float("nan"), 1.0): "no range",
}


def test_range_that_may_not_be_is_refused(store, clock, actors):
    """A life may be at risk, or it is no range at all."""
    for wanted, said in BAD.items():
        put_scored(store, 1, label=wanted.label)
        with pytest.raises(InputError, match=said):
            drawn(store, actors.coordinator, clock, wanted)
        with pytest.raises(InputError, match=said):
            ranges.preview(store, actors.coordinator, wanted, clock.now())


@pytest.mark.parametrize("count", [4, 51])
def test_sample_has_its_bounds(store, clock, actors, count):
    """Fewer vouch for nothing."""
    put_scored(store, 8)
    with pytest.raises(InputError, match="ask for 5 to 50"):
        drawn(store, actors.coordinator, clock, count=count)


def test_nothing_is_drawn_where_nothing_waits(store, clock, actors):
    """And no range is left behind."""
    with pytest.raises(InputError, match="nothing that may be decided by range"):
        drawn(store, actors.coordinator, clock)
    assert [] == ranges.newest(store, actors.coordinator, clock.now())


def change_item(store, item_id, **values):
    with store.write() as conn:
        conn.execute(update(tables.item).where(tables.item.c.id == int(item_id)).values(**values))


def change_flag(store, item_id, **values):
    post_id = item_row(store, item_id).post_id
    with store.write() as conn:
        these = tables.flag.c.post_id == post_id
        conn.execute(update(tables.flag).where(these).values(**values))


def add_flag(store, item_id, label, origin="model"):
    values = {"version": 1, "band": "flag", "score": 0.9, "reasons": [], "origin": origin}
    with store.write() as conn:
        post_id = item_row_in(conn, item_id).post_id
        query = insert(tables.flag)
        conn.execute(query.values(post_id=post_id, label=label, created_at=NOON, **values))


def item_row_in(conn, item_id):
    return conn.execute(select(tables.item).where(tables.item.c.id == int(item_id))).one()


def edit(store, item_id):
    with store.write() as conn:
        post_id = item_row_in(conn, item_id).post_id
        put_version(conn, post_id, 2, "Khác hẳn")
        moved = {"version": 2, "score": 0.2}
        these = tables.flag.c.post_id == post_id
        conn.execute(update(tables.flag).where(these).values(**moved))


def join_wave(store, item_id):
    with store.write() as conn:
        post_id = item_row_in(conn, item_id).post_id
        times = {"created_at": NOON, "joined_at": NOON}
        conn.execute(insert(wave).values(first_post_id=post_id, members=2, **times))


def draw_audit(store, item_id):
    with store.write() as conn:
        post_id = item_row_in(conn, item_id).post_id
        values = {"week": "2026-W48", "kind": "audit", "reason": "audit", "probability": 0.1}
        conn.execute(insert(tables.draw).values(post_id=post_id, drawn_at=NOON, **values))


def erase(store, item_id):
    with store.write() as conn:
        post_id = item_row_in(conn, item_id).post_id
        these = tables.post.c.id == post_id
        conn.execute(update(tables.post).where(these).values(text_erased_at=NOON))


LEFT_OUT = {
    "urgent": lambda store, key: change_item(store, key, queue="fast"),
    "another urgent flag": lambda store, key: add_flag(store, key, "self_harm_risk"),
    "flagged by a person": lambda store, key: add_flag(store, key, "hate", "manual"),
    "flagged by a partner": lambda store, key: change_flag(store, key, origin="partner"),
    "escalated": lambda store, key: change_item(store, key, escalated=True),
    "edited after review": lambda store, key: change_item(store, key, edited_after_review=True),
    "edited": edit,
    "wave": join_wave,
    "drawn at random": draw_audit,
    "erased": erase,
    "another team": lambda store, key: change_item(store, key, team_id=2),
    "another label": lambda store, key: change_item(store, key, label="scam_fraud"),
    "score above": lambda store, key: change_flag(store, key, score=0.41),
    "score below": lambda store, key: change_flag(store, key, score=0.09),
    "another language": lambda store, key: change_item(store, key, lang="en"),
    "held": lambda store, key: change_item(
        store, key, state="claimed", claimed_by=1, claim_until=NOON + timedelta(hours=1)
    ),
}


def leave_out(store, ids):
    """Change an item in each way that keeps it out; give them by what was done."""
    changed = dict(zip(LEFT_OUT, ids, strict=False))
    for case, item_id in changed.items():
        LEFT_OUT[case](store, item_id)
    return changed


def test_what_has_to_be_read_by_itself_is_in_no_range(store, clock, actors):
    """Neither when it is drawn, nor when it becomes so before the act."""
    with store.write() as conn:
        conn.execute(insert(tables.team).values(id=2, name="Health desk"))
    before = leave_out(store, put_scored(store, len(LEFT_OUT)))
    ids = put_scored(store, len(LEFT_OUT) + 10)
    found = drawn(store, actors.coordinator, clock, replace(LOW, lang="vi"))
    assert list(map(int, ids)) == list(found.members)

    read_sample(store, actors.coordinator, clock)
    late = leave_out(store, [one for one in ids if int(one) not in found.drawn])
    after = act(store, actors.coordinator, found, clock)

    assert (RangeState.DONE, 5) == (after.state, after.decided)
    for changed in (before, late):
        assert dict.fromkeys(LEFT_OUT) == {
            case: standing_on(store, key) for case, key in changed.items()
        }


def test_what_is_read_once_more_is_in_no_range(store, clock, actors):
    """Gold, second readings and appeals are read."""
    put_scored(store, 1)
    read(store, actors.an, clock)
    ids = put_scored(store, 6)

    assert list(map(int, ids)) == list(drawn(store, actors.coordinator, clock).members)


# --- what has to be read ------------------------------------------------------------------------


def test_rest_waits_until_all_that_was_drawn_is_read(store, clock, actors):
    """Four of five are not enough."""
    ids = put_scored(store, 12)
    found = drawn(store, actors.coordinator, clock)
    first, *others = claims.held(store, actors.coordinator, clock.now())
    for one in others:
        say(store, actors.coordinator, one, clock=clock, quality=QUALITY)

    with pytest.raises(InputError, match="4 of 5 drawn items have your decision"):
        act(store, actors.coordinator, found, clock)
    assert (int(first.id),) == check_of(store, actors.coordinator, clock).waits
    assert 8 == states(store, ids).count("open") + states(store, ids).count("claimed")


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.NO_HARM])
def test_anything_else_in_the_sample_closes_the_range(store, clock, actors, outcome):
    """Its items stay where they are, for good."""
    ids = put_scored(store, 12)
    found = drawn(store, actors.coordinator, clock)
    read_sample(store, actors.coordinator, clock, outcome)
    after = act(store, actors.coordinator, found, clock)

    assert (RangeState.NOT_UNIFORM, 0) == (after.state, after.decided)
    assert 7 == states(store, ids).count("open")
    assert 1 == len(entries(store, "range_not_uniform"))
    with pytest.raises(InputError, match="not_uniform"):
        act(store, actors.coordinator, found, clock)


def test_harm_that_others_find_in_the_range_closes_it_too(store, clock, actors):
    """Whoever read it, and whether or not it was drawn."""
    put_scored(store, 12)
    found = drawn(store, actors.coordinator, clock)
    read(store, actors.an, clock, Outcome.VIOLATES, "spam", quality=QUALITY)
    read_sample(store, actors.coordinator, clock)

    assert RangeState.NOT_UNIFORM is act(store, actors.coordinator, found, clock).state


def test_skipped_item_closes_the_range(store, clock, actors):
    """It was drawn and could not be called no harm; another draw must not hide that."""
    put_scored(store, 12)
    found = drawn(store, actors.coordinator, clock)
    first, *_ = claims.held(store, actors.coordinator, clock.now())
    claims.skip(store, actors.coordinator, first.id, first.claim.number, "context", clock.now())
    read_sample(store, actors.coordinator, clock)

    assert RangeState.NOT_UNIFORM is act(store, actors.coordinator, found, clock).state


def test_reading_vouches_for_a_day(store, clock, actors):
    """To the second."""
    put_scored(store, 12)
    found = drawn(store, actors.coordinator, clock)
    read_sample(store, actors.coordinator, clock)
    clock.advance(hours=24, seconds=1)
    with pytest.raises(InputError, match="read more than 24 hours ago"):
        act(store, actors.coordinator, found, clock)
    clock.advance(seconds=-1)

    assert RangeState.DONE is act(store, actors.coordinator, found, clock).state


def test_another_coordinator_neither_goes_on_nor_ends_it(store, clock, actors, second):
    """They have read nothing of it; their own reading does not count for it either."""
    put_scored(store, 12)
    found = drawn(store, actors.coordinator, clock)
    claims.release_all(store, actors.coordinator, clock.now())
    for one in take(store, second, clock, 12):
        say(store, second, one, clock=clock, quality=QUALITY)

    for refused in (
        lambda: act(store, second, found, clock),
        lambda: ranges.claim_again(store, second, found.id, now=clock.now()),
        lambda: ranges.end(store, second, found.id, clock.now()),
    ):
        with pytest.raises(InputError, match="checked by whoever drew it"):
            refused()
    with pytest.raises(InputError, match="0 of 5"):
        act(store, actors.coordinator, found, clock)
    assert sorted(found.drawn) == list(check_of(store, actors.coordinator, clock).lost)


def test_range_of_another_team_is_not_there(store, clock, actors):
    """Nor does a made-up id name one."""
    put_scored(store, 12)
    found = drawn(store, actors.coordinator, clock)
    with store.write() as conn:
        conn.execute(insert(tables.team).values(id=2, name="Health desk"))
    foreign = replace(actors.coordinator, team_id="2")

    assert [] == ranges.newest(store, foreign, clock.now())
    for actor, key in ((foreign, found.id), (actors.coordinator, "x"), (foreign, "9" * 30)):
        with pytest.raises(NotFound):
            ranges.undo(store, actor, key, clock.now())


def test_what_ran_out_is_claimed_again_and_what_is_lost_is_replaced(store, clock, actors):
    """By another draw out of the same range; what was read stays read."""
    put_scored(store, 12)
    found = drawn(store, actors.coordinator, clock)
    held = claims.held(store, actors.coordinator, clock.now())
    say(store, actors.coordinator, held[0], clock=clock, quality=QUALITY)
    claims.release_all(store, actors.coordinator, clock.now())
    gone = held[1].id
    [theirs] = [one for one in take(store, actors.an, clock, 20) if one.id == gone]
    say(store, actors.an, theirs, clock=clock, quality=QUALITY)
    claims.release_all(store, actors.an, clock.now())

    assert 4 == ranges.claim_again(store, actors.coordinator, found.id, now=clock.now())
    after = ranges.newest(store, actors.coordinator, clock.now())[0]
    assert (5, 11) == (len(after.range.drawn), len(after.range.members))
    assert int(gone) not in after.range.members
    assert (1, 4, 0) == (len(after.check.read), len(after.check.waits), len(after.check.lost))
    read_sample(store, actors.coordinator, clock)
    assert RangeState.DONE is act(store, actors.coordinator, found, clock).state
    assert is_whole(store)


def test_range_that_is_given_up_decides_nothing(store, clock, actors):
    """What was read of it stands."""
    ids = put_scored(store, 12)
    found = drawn(store, actors.coordinator, clock)
    read_sample(store, actors.coordinator, clock)
    ranges.end(store, actors.coordinator, found.id, clock.now())

    with pytest.raises(InputError, match="ended"):
        act(store, actors.coordinator, found, clock)
    assert 7 == states(store, ids).count("open")


# --- others at work -----------------------------------------------------------------------------


def test_what_a_reviewer_decides_meanwhile_stands(store, clock, actors):
    """Held and decided between two batches: the act passes over it."""
    ids = put_scored(store, 20)
    found = drawn(store, actors.coordinator, clock)
    read_sample(store, actors.coordinator, clock)
    theirs = []

    def meanwhile(behind, _):
        if behind == 4:
            theirs.extend(take(store, actors.an, clock, 2))
            say(store, actors.an, theirs[0], clock=clock, quality=QUALITY)

    after = act(store, actors.coordinator, found, clock, progress=meanwhile)
    say(store, actors.an, theirs[1], Outcome.VIOLATES, "spam", clock=clock, quality=QUALITY)

    assert (RangeState.DONE, 13) == (after.state, after.decided)
    assert [1, 1] == [standing_on(store, one.id).reviewer_id for one in theirs]
    assert "open" not in states(store, ids)
    assert is_whole(store)


def test_act_takes_what_its_coordinator_holds_and_what_ran_out(store, clock, actors):
    """The card fetches the next items while the sample is read; what others hold is theirs."""
    ids = put_scored(store, 20)
    found = drawn(store, actors.coordinator, clock)
    read_sample(store, actors.coordinator, clock)
    mine = take(store, actors.coordinator, clock, 3)
    ended = take(store, actors.binh, clock, 2, lease_minutes=1)
    theirs = take(store, actors.an, clock, 2)
    clock.advance(minutes=2)
    after = act(store, actors.coordinator, found, clock)

    assert (RangeState.DONE, 13) == (after.state, after.decided)
    assert ["range"] * 5 == kinds(store, [one.id for one in (*mine, *ended)])
    assert [None, None] == kinds(store, [one.id for one in theirs])
    assert 2 == states(store, ids).count("claimed")
    assert is_whole(store)


def test_reviewers_and_the_act_race_for_the_same_items(store, clock, actors):
    """Each item ends with one decision that stands; nobody who holds one loses it."""
    ids = put_scored(store, 45)
    found = drawn(store, actors.coordinator, clock)
    read_sample(store, actors.coordinator, clock)
    start = Barrier(3)

    def reviewing(actor):
        start.wait()
        for _ in range(12):
            for one in take(store, actor, clock, 2):
                say(store, actor, one, clock=clock, quality=QUALITY)

    def acting():
        start.wait()
        return act(store, actors.coordinator, found, clock)

    with ThreadPoolExecutor(3) as pool:
        runs = [pool.submit(reviewing, one) for one in (actors.an, actors.binh)]
        after = pool.submit(acting).result()
        for run in runs:
            run.result()

    said = kinds(store, ids)
    assert (RangeState.DONE, said.count("range")) == (after.state, after.decided)
    assert len(ids) == said.count("range") + said.count("review")
    assert ["closed"] * len(ids) == states(store, ids)
    assert is_whole(store)


def run_until_killed(store_url, range_id, *more):
    command = [sys.executable, "-m", "tests.range_floor", store_url, range_id, "2", *more]
    return subprocess.run(command, cwd=ROOT, check=False, timeout=120).returncode


def test_act_that_is_killed_goes_on_where_it_stopped(store, store_url, clock, actors):
    """With two batches written of three; nothing is doubled, and an undo goes on alike."""
    ids = put_scored(store, 130)
    found = drawn(store, actors.coordinator, clock)
    read_sample(store, actors.coordinator, clock)

    assert -signal.SIGKILL == run_until_killed(store_url, found.id)
    between = ranges.newest(store, actors.coordinator, clock.now())[0].range
    assert (RangeState.DECIDING, 100, 25) == (between.state, between.decided, between.remaining)
    assert is_whole(store)
    after = act(store, actors.coordinator, found, clock)
    assert (RangeState.DONE, 125) == (after.state, after.decided)
    assert 125 == len(entries(store, "decided_by_range")) == kinds(store, ids).count("range")
    assert is_whole(store)

    assert -signal.SIGKILL == run_until_killed(store_url, found.id, "undo")
    assert 100 == states(store, ids).count("open")
    assert RangeState.UNDONE is ranges.undo(store, actors.coordinator, found.id, clock.now()).state
    assert 125 == states(store, ids).count("open") == len(entries(store, "decision_undone"))
    assert is_whole(store)


def test_act_is_not_taken_up_again_after_a_day(store, clock, actors):
    """What was read then vouches for nothing now."""
    put_scored(store, 20)
    found = drawn(store, actors.coordinator, clock)
    read_sample(store, actors.coordinator, clock)

    def cut(*_):
        raise LookupError

    with pytest.raises(LookupError):
        act(store, actors.coordinator, found, clock, progress=cut)
    clock.advance(hours=25)
    with pytest.raises(InputError, match="more than 24 hours ago"):
        act(store, actors.coordinator, found, clock)


# --- taken back ---------------------------------------------------------------------------------


def test_any_coordinator_of_the_team_takes_the_act_back(store, clock, actors, second):
    """All of it at once: items are open again, and the sample stays decided."""
    ids = put_scored(store, 14)
    found = done(store, actors.coordinator, clock, ALL_TWICE)
    clock.advance(hours=24)
    after = ranges.undo(store, second, found.id, clock.now())

    assert RangeState.UNDONE is after.state
    assert (9, 5) == (states(store, ids).count("open"), states(store, ids).count("closed"))
    assert {"void"} == {child.state for key in ids for child in children_of(store, key, "double")}
    with store.read() as conn:
        undoing = conn.execute(
            select(tables.decision).where(tables.decision.c.kind == "undo")
        ).all()
    assert {7} == {row.reviewer_id for row in undoing}
    assert is_whole(store)
    with pytest.raises(InputError, match="undone"):
        act(store, actors.coordinator, found, clock)
    assert 9 == len(take(store, actors.an, clock, 20))


def test_act_is_taken_back_within_a_day(store, clock, actors):
    """To the second; then single decisions are appealed against."""
    put_scored(store, 14)
    found = done(store, actors.coordinator, clock)
    clock.advance(hours=24, seconds=1)

    assert not ranges.newest(store, actors.coordinator, clock.now())[0].may_undo
    with pytest.raises(InputError, match="more than 24 hours ago"):
        ranges.undo(store, actors.coordinator, found.id, clock.now())


def test_nothing_is_taken_back_before_anything_was_decided(store, clock, actors):
    """The range goes on being checked."""
    put_scored(store, 14)
    found = drawn(store, actors.coordinator, clock)
    with pytest.raises(InputError, match="nothing was decided by score range"):
        ranges.undo(store, actors.coordinator, found.id, clock.now())


def test_undo_leaves_what_was_decided_or_appealed_since(store, clock, actors):
    """A third person's word, and an appeal that somebody is owed an answer to."""
    ids = put_scored(store, 14)
    found = done(store, actors.coordinator, clock, ALL_TWICE)
    by_range = [one for one in ids if int(one) not in found.drawn]
    read(store, actors.an, clock, Outcome.VIOLATES, "spam")
    [split] = [one for one in by_range if children_of(store, one, "adjudication")]
    [third] = children_of(store, split, "adjudication")
    held = {one.id: one for one in take(store, actors.binh, clock, 20)}
    say(store, actors.binh, held[str(third.id)], Outcome.VIOLATES, "spam", clock=clock)
    appealed = next(
        one for one in by_range if one != split and standing_on(store, one).kind == "range"
    )
    appeals.file_appeal(
        store, actors.an, appealed, "affected", "Bài này không phải vậy", clock.now()
    )
    ranges.undo(store, actors.coordinator, found.id, clock.now())

    assert ["adjudication", "range"] == kinds(store, [split, appealed])
    assert ["decided", "closed"] == states(store, [split, appealed])
    assert 7 == states(store, by_range).count("open")
    assert is_whole(store)


def test_range_that_was_taken_back_can_be_drawn_anew(store, clock, actors):
    """Its items are decided again, under decisions of their own."""
    ids = put_scored(store, 14)
    first = done(store, actors.coordinator, clock)
    ranges.undo(store, actors.coordinator, first.id, clock.now())
    after = done(store, actors.coordinator, clock)

    assert (9, 4) == (len(after.members), after.decided)
    assert "open" not in states(store, ids)
    assert is_whole(store)


# --- what it counts as --------------------------------------------------------------------------


def test_decision_by_range_is_no_label(store, clock, actors):
    """Nobody read for it; a second reading of it is one."""
    put_scored(store, 12)
    done(store, actors.coordinator, clock, ALL_TWICE)
    with store.read() as conn:
        assert 5 == len(list(labels.rows(conn, simulated=False)))
        # No harm says no to each of the twelve labels.
        assert {5} == {one.no for one in labels.count(conn, simulated=False)}
    read(store, actors.an, clock)

    with store.read() as conn:
        assert 6 == len(list(labels.rows(conn, simulated=False)))


def test_share_is_read_again_and_gives_the_error_rate(store, clock, actors):
    """At least 5 %, whatever the settings say; the coordinator is not asked."""
    ids = put_scored(store, 12)
    found = done(store, actors.coordinator, clock, ALL_TWICE)

    assert (0, 0, None) == (
        (rate := ranges.error_rate(store, actors.coordinator)).read,
        rate.harm,
        rate.interval,
    )
    assert [] == take(store, actors.coordinator, clock, 20)
    assert 7 == sum(len(children_of(store, one, "double")) for one in ids)
    read(store, actors.an, clock, Outcome.VIOLATES, "spam")
    read(store, actors.an, clock, Outcome.NEEDS_ANSWER)
    read(store, actors.an, clock)
    rate = ranges.error_rate(store, actors.coordinator)
    assert (3, 1, 2) == (rate.read, rate.harm, rate.other)
    # Wilson 1 of 3: 0.0615 to 0.7923.
    assert rate.interval == pytest.approx((0.0615, 0.7923), abs=1e-4)
    ranges.undo(store, actors.coordinator, found.id, clock.now())
    assert 3 == ranges.error_rate(store, actors.coordinator).read


def test_five_in_a_hundred_are_read_again_where_the_team_reads_nothing_twice(
    store, clock, actors, monkeypatch
):
    """The draw is the one of every decision, with a share of its own."""
    monkeypatch.setattr(score_ranges_decided, "LEAST_SHARE", LEAST_SHARE)
    monkeypatch.setattr("evenhand.data.store.reviews.draw", lambda *_: 0.049)
    ids = put_scored(store, 12)
    done(store, actors.coordinator, clock, QUALITY)

    assert 7 == sum(len(children_of(store, one, "double")) for one in ids)


def test_decision_by_range_is_appealed_against_like_any_other(store, clock, actors):
    """To somebody else than the coordinator who gave it."""
    ids = put_scored(store, 12)
    found = done(store, actors.coordinator, clock)
    item_id = next(one for one in ids if int(one) not in found.drawn)
    appeals.file_appeal(store, actors.binh, item_id, "team", "Đây đúng là rao vặt", clock.now())

    assert [] == take(store, actors.coordinator, clock, 20)
    read(store, actors.an, clock, Outcome.VIOLATES, "spam")
    assert ("appeal", "violates") == (
        standing_on(store, item_id).kind,
        standing_on(store, item_id).outcome,
    )
    assert is_whole(store)


def test_key_for_the_last_decision_takes_no_range_back(store, clock, actors):
    """It takes back what the person read last."""
    put_scored(store, 12)
    done(store, actors.coordinator, clock)
    uuid = decisions.undo_last(store, actors.coordinator, clock.now())

    with store.read() as conn:
        row = conn.execute(select(tables.decision).where(tables.decision.c.uuid == uuid)).one()
    assert "review" == row.kind


def test_claim_that_began_before_the_act_loses_nothing(store, clock, actors):
    """Whoever holds an item decides on it."""
    ids = put_scored(store, 12)
    found = drawn(store, actors.coordinator, clock)
    [theirs] = take(store, actors.an, clock, 1)
    read_sample(store, actors.coordinator, clock)
    after = act(store, actors.coordinator, found, clock)
    new = Decision("late", theirs.id, theirs.claim.number, 1, Outcome.VIOLATES, policy="spam")
    decisions.decide(store, actors.an, new, now=clock.now())

    assert 6 == after.decided
    assert 1 == states(store, ids).count("decided")
    assert is_whole(store)


def test_near_copy_of_what_nobody_read_is_an_item_of_its_own(store, clock, actors, make_post):
    """A later copy inherits what somebody read, and nothing else."""
    floor = put_floor(store)
    bring(floor, floor.one, make_post(native_key="a", content=SCAM))
    [only] = [str(row.id) for row in items_of(floor)]
    change_item(store, only, label="spam")
    change_flag(store, only, label="spam", score=0.2)
    others = put_scored(store, 8)
    found = drawn(store, actors.coordinator, clock)
    while int(only) in found.drawn:
        claims.release_all(store, actors.coordinator, clock.now())
        found = ranges.draw(store, actors.coordinator, LOW, now=clock.now(), count=5)
    read_sample(store, actors.coordinator, clock)
    act(store, actors.coordinator, found, clock)
    bring(floor, floor.two, make_post(native_key="b", content=SCAM), now=clock.advance(hours=1))

    assert "range" == standing_on(store, only).kind
    assert (len(others) + 2, []) == (len(items_of(floor)), members(floor))
    assert "open" == items_of(floor)[-1].state
