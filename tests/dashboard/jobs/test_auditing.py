"""The audit's draw: each unflagged post of a day has one chance, once, within the week's budget."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from shutil import copyfile

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from evenhand.dashboard.jobs import auditing, claims, retention
from evenhand.dashboard.jobs.estimates_audit import inclusion
from evenhand.data import tables
from evenhand.data.errors import InputError
from evenhand.data.settings import load_settings
from evenhand.data.store import audits, draws
from evenhand.data.store.audits import InFrame
from evenhand.data.store.connect import open_store
from evenhand.data.store.draws import Budget, DrawKind
from evenhand.data.store.rollups import day_of
from tests.audit_floor import DAY, audit_now, audit_rows, budget, drawn, put_day
from tests.data.store.test_draws import new
from tests.review_floor import NOON, put_post, put_source, rolled_up

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


def rows(store, table):
    with store.read() as conn:
        return conn.execute(select(table)).all()


def test_day_that_is_over_is_drawn_once(store):
    """Tuesday noon: 300 a week over Tuesday's to Sunday's six frames is 50 posts of this one."""
    ids = put_day(store, [0.0, 0.02, 0.5, 0.9] * 50)
    assert 1 == audit_now(store)
    assert 0 == audit_now(store)
    (row,) = audit_rows(store)
    found = drawn(store)
    chances = inclusion(np.array([0.0, 0.02, 0.5, 0.9] * 50), 50)
    by_post = dict(zip(ids, chances, strict=True))

    assert (day_of(DAY), NOON, "audited", 200, 0, 0, 50.0) == tuple(row[1:8])
    assert row.drawn == len(found) == len(rows(store, tables.item))
    assert 20 < len(found) < 80
    assert all(one.probability == pytest.approx(by_post[one.post_id]) for one in found)
    assert pytest.approx(min(chances)) == row.least
    assert {"vi": 200} == row.langs
    assert {0: 50, 2: 50, 50: 50, 90: 50} == {at: n for at, n in enumerate(row.scores) if n}
    assert {None} == {one.drawn_by for one in found}
    assert (300, len(found)) == (budget(store).audits, budget(store).audited)
    assert rolled_up(store)[0] == rolled_up(store)[1]
    assert {"day_audited"} == {one.action for one in rows(store, tables.ledger)}


def test_every_unflagged_post_of_the_day_had_one_chance(store):
    """In the frame: whatever is unflagged, not deleted and held, drawn for learning or not."""
    kept = put_day(store, [0.1] * 6)
    put_day(store, [0.9], flagged=True)
    put_day(store, [0.1], deleted_at=NOON, text_erased_at=NOON)
    put_day(store, [0.1], at=NOON)
    with store.write() as conn:
        draws.put(conn, DrawKind.LEARNING, [new(kept[0])], person_id=None, now=DAY)
    with store.read() as conn:
        frame = audits.frame_of(conn, DAY.date())
    audit_now(store)
    (row,) = audit_rows(store)
    found = drawn(store)

    assert kept == [one.post_id for one in frame]
    assert (6, 1, 6) == (row.frame, row.flagged, row.drawn)
    # A budget above the frame reads all of it, each for certain.
    assert [(one, 1.0) for one in kept] == [(one.post_id, one.probability) for one in found]
    # The one that learning drew is read once, for both.
    assert 6 == len(rows(store, tables.item))


def test_post_that_is_flagged_later_stays_in_the_frame_of_its_day(store):
    """The frame is what it was at the draw."""
    ids = put_day(store, [0.1] * 5)
    audit_now(store)
    with store.write() as conn:
        conn.execute(update(tables.post).where(tables.post.c.id == ids[0]).values(flagged=True))
    later = NOON + timedelta(days=1)
    put_day(store, [0.1], at=NOON)
    audit_now(store, now=later)

    assert [5, 1] == [one.frame for one in audit_rows(store)]


def test_score_is_the_highest_harm_of_the_tag_that_counts(store):
    """A model on trial says nothing here, requests are no harm, and the last model counts."""
    (one,) = put_day(store, [0.4])
    with store.write() as conn:
        for model, harms, shadow in (
            ("m2", {"scam_fraud": [0.3, "nothing"], "spam": [0.2, "nothing"]}, False),
            ("trial", {"spam": [0.99, "flag"]}, True),
        ):
            row = {"model": model, "harms": harms, "shadow": shadow, "post_id": one, "version": 1}
            rest = {"lang": "vi", "topics": {}, "requests": {}, "tagged_at": NOON}
            conn.execute(insert(tables.tag).values(**row, **rest))
    with store.read() as conn:
        (found,) = audits.frame_of(conn, DAY.date())

    assert 0.3 == found.score


def test_day_is_drawn_only_once_it_has_settled(store):
    """A page of just before midnight may be stored a little later."""
    put_day(store, [0.1])
    midnight = NOON.replace(hour=0)

    assert [] == auditing.due(store, midnight)
    assert [] == auditing.due(store, midnight + timedelta(minutes=14))
    assert [DAY.date()] == auditing.due(store, midnight + timedelta(minutes=15))
    # Retention leaves the audit time enough to come first.
    assert auditing.comes_first(midnight + timedelta(minutes=29))
    assert not auditing.comes_first(midnight + timedelta(minutes=30))


def test_late_days_are_drawn_and_days_without_text_are_told(store, tmp_path):
    """The worker was off: nothing is passed over in silence, and no day is drawn in part."""
    for days in range(1, 9):
        put_day(store, [0.1] * 4, at=NOON - timedelta(days=days))
    (tmp_path / "evenhand.toml").write_text("", "utf-8")
    workspace = load_settings(tmp_path)
    retention.erase_unflagged(store, workspace, NOON)
    audit_now(store)
    found = audit_rows(store)

    # Seven days back: 168 hours at noon, and not one more.
    assert ["texts_gone", *["audited"] * 7] == [one.state for one in found]
    assert [4, *[0] * 7] == [one.gone for one in found]
    assert [0, *[4] * 7] == [one.drawn for one in found]


def test_day_without_posts_has_a_frame_of_none(store):
    """It is audited: there was nothing to miss."""
    put_day(store, [0.1], at=NOON - timedelta(days=3))
    audit_now(store)

    assert [1, 0, 0] == [one.frame for one in audit_rows(store)]
    assert {"audited"} == {one.state for one in audit_rows(store)}
    assert [None, None] == [one.least for one in audit_rows(store)][1:]


def test_spent_budget_is_told(store):
    """Learning has taken the week: the day has a row that says so, and no draw."""
    put_day(store, [0.1] * 10)
    spend(store, 500)
    audit_now(store)
    (row,) = audit_rows(store)

    assert ("no_budget", 10, 0) == (row.state, row.frame, row.drawn)
    assert [] == drawn(store)


def spend(store, n, kind="learning"):
    """Write draws of other posts into this week."""
    with store.write() as conn:
        ids = [put_post(conn, "khác", flagged=False, day=0) for _ in range(n)]
        week = draws.week_of(NOON)
        conn.execute(
            insert(tables.draw),
            [
                {
                    "post_id": one,
                    "week": week,
                    "kind": kind,
                    "reason": "random",
                    "probability": None,
                    "drawn_at": NOON,
                }
                for one in ids
            ],
        )


def test_draw_beyond_the_week_is_cut_at_random_and_keeps_the_shrunk_chances(store):
    """Sunday: 12 are left for one frame of 400; a seed that draws 17 keeps 12 of them."""
    sunday = datetime(2026, 11, 29, 12, tzinfo=UTC)
    ids = put_day(store, [0.2] * 400, at=sunday - timedelta(days=1))
    frame = [InFrame(one, 1, "vi", 0, 0.2) for one in ids]
    seed = next(
        seed
        for seed in range(1000)
        if len(auditing.choose(frame, 12, 400, np.random.default_rng(seed)).posts) == 17
    )
    spend(store, 488)
    audit_now(store, now=sunday, seed=seed)
    (row,) = audit_rows(store)
    found = drawn(store)

    assert (12.0, 12) == (row.budget, row.drawn)
    # Even scores give 12 / 400 each; 12 of 17 were kept.
    assert all(one.probability == pytest.approx(12 / 400 * 12 / 17) for one in found)
    assert pytest.approx(12 / 400 * 12 / 17) == row.least
    assert 0 == budget(store, sunday).left


@pytest.mark.parametrize(
    ("budget", "later", "at", "hoped"),
    [
        # Monday: Sunday's frame and six more until Sunday.
        (Budget("w", 500, 0, 300, 0), 0, MONDAY, 300 / 7),
        # Tuesday, 40 of the audits' part drawn: six frames share 260.
        (Budget("w", 500, 40, 300, 40), 0, MONDAY + timedelta(days=1), 260 / 6),
        # Learning has taken 450: 50 are left, whatever the audits' part.
        (Budget("w", 500, 450, 300, 0), 0, MONDAY, 50 / 7),
        # Three days wait besides.
        (Budget("w", 500, 0, 300, 0), 3, MONDAY, 300 / 10),
        # Sunday's own draw has all that is left.
        (Budget("w", 500, 290, 300, 290), 0, MONDAY + timedelta(days=6), 10),
    ],
)
def test_part_of_a_day_is_even(budget, later, at, hoped):
    """What is left for audits is shared over the frames still to be drawn this week."""
    assert hoped == auditing.share_of_day(budget, later, at)


@given(
    scores=st.lists(st.floats(0, 1), min_size=1, max_size=60),
    hoped=st.floats(0.01, 80),
    most=st.integers(1, 80),
    seed=st.integers(0, 2**32 - 1),
)
def test_draw_never_exceeds_and_each_has_a_chance(scores, hoped, most, seed):
    """Nobody is drawn twice, none has a chance of 0, and no chance is below the least."""
    frame = [InFrame(at, 1, "vi", 0, score) for at, score in enumerate(scores)]
    found = auditing.choose(frame, hoped, most, np.random.default_rng(seed))
    posts = [one.post_id for one, _ in found.posts]

    assert len(posts) <= most
    assert sorted(set(posts)) == posts
    assert 0 < found.least <= 1
    assert all(found.least <= chance <= 1 for _, chance in found.posts)


@given(
    acts=st.lists(
        st.one_of(
            st.tuples(st.just("audit"), st.integers(0, 400)),
            st.tuples(st.just("learning"), st.integers(1, 200)),
        ),
        min_size=1,
        max_size=7,
    ),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=25)
def test_week_never_exceeds_its_budget(sqlite_template, acts, seed):
    """Learning and audits in any order: at most 500 a week, at most 300 of them for audits."""
    with tempfile.TemporaryDirectory() as folder:
        copyfile(sqlite_template, f"{folder}/store.db")
        with closing(open_store(f"sqlite:///{folder}/store.db")) as store:
            found = spent_by(store, acts, np.random.default_rng(seed))

    assert found.used <= 500
    assert found.audited <= 300


def spent_by(store, acts, rng):
    """Draw on one day of the week after the other; give the week's budget at the end."""
    for at, (kind, n) in enumerate(acts):
        now = MONDAY + timedelta(days=at)
        if kind == "audit":
            put_day(store, [0.1] * n, at=now - timedelta(days=1))
            auditing.draw_due(store, now, rng)
            continue
        wanted = [new(one) for one in put_day(store, [0.1] * n, at=now)]
        left = budget(store, now).left
        with ExitStack() as refused:
            if n > left:
                refused.enter_context(pytest.raises(InputError))
            conn = refused.enter_context(store.write())
            draws.put(conn, DrawKind.LEARNING, wanted, person_id=None, now=now)
    return budget(store, MONDAY)


def test_crash_leaves_a_day_whole_or_undone(store):
    """It breaks at the last post: nothing of the day is there, and the next run draws it."""
    ids = put_day(store, [0.1] * 5)
    with store.write() as conn:
        row = {"post_id": ids[-1], "week": "2020-W01", "kind": "audit", "reason": "in the way"}
        conn.execute(insert(tables.draw).values(**row, drawn_at=NOON))
    with pytest.raises(IntegrityError):
        audit_now(store)
    assert [] == audit_rows(store)
    assert [ids[-1]] == [one.post_id for one in drawn(store)]
    assert [] == rows(store, tables.item)
    with store.write() as conn:
        conn.execute(delete(tables.draw))
    audit_now(store)

    assert ids == [one.post_id for one in drawn(store)]


def test_reviewer_cannot_tell_an_audit_from_a_learning_draw(store, actors):
    """All that a claim hands out of the two is alike, but for their numbers and texts."""
    first, second = put_day(store, [0.9, 0.9])
    with store.write() as conn:
        put_source(conn)
        learning = auditing._new(InFrame(first, 1, "vi", 0, 0.9), 1.0, NOON)
        draws.put(conn, DrawKind.LEARNING, [learning], person_id=None, now=NOON)
    audit_now(store)
    found = claims.claim_next(store, actors.an, now=NOON, count=2)
    told = [
        (one.lang, one.priority, one.why, one.severe, one.opinions, flags_of(one)) for one in found
    ]

    assert {str(first), str(second)} == {one.post_id for one in found}
    assert told[0] == told[1]
    assert not any("audit" in one.why for one in found)


def flags_of(one):
    return [(flag.label, flag.origin, flag.band, flag.score, flag.reasons) for flag in one.flags]
