"""How long posts stay after their platform deleted them: by hand, and on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from evenhand.dashboard.jobs import retention
from evenhand.dashboard.jobs.measures import purging
from evenhand.data import tables
from evenhand.data.errors import NotAllowed
from evenhand.data.records import Actor, AuthorErased, Delete
from evenhand.data.settings import Settings
from evenhand.data.store import rollup_purges, rollups_anew
from evenhand.data.store.rollup_purges import Purged, Since
from tests.conftest import NOON
from tests.wave_floor import OTHER, bring, put_floor

HOUR = timedelta(hours=1)


def test_lag_is_worked_out_by_hand():
    """40 posts: 10 within 1 h, 20 within 2 h, 8 within 10 h, 2 held for 20 h so far.

    Still held after 1 h: 30/40 = 0.75; after 2 h: 0.75 x 10/30 = 0.25, so half are gone within 2 h.
    After 10 h: 0.25 x 2/10 = 0.05, so 95 in 100 are gone within 10 h.
    """
    found = purging.purge_lag(Purged(((1.0, 10), (2.0, 20), (10.0, 8)), ((20.0, 2),), 7))

    assert (40, 38, 2, False) == (found.n, found.ended, found.still, found.too_few)
    assert (2.0, 10.0) == (found.median.value, found.p95.value)


def test_what_is_still_held_is_never_left_out():
    """With 3 of 40 held, 95 in 100 are not through: at least the longest wait, 20 h."""
    found = purging.purge_lag(Purged(((1.0, 10), (2.0, 20), (10.0, 7)), ((20.0, 3),)))

    assert (None, 20.0) == (found.p95.value, found.p95.at_least)


def test_lag_is_blank_under_thirty():
    """29 posts are counted and make no time, and none at all is not too few."""
    few, none = (purging.purge_lag(Purged(((1.0, n),))) for n in (29, 0))

    assert (29, None, None, True) == (few.n, few.median, few.p95, few.too_few)
    assert (0, False) == (none.n, none.too_few)


def test_texts_are_those_that_were_held():
    """3 and 4 texts make 7."""
    assert 7 == purging.texts_purged([Purged(texts=3), Purged(texts=4)])


@pytest.fixture
def floor(store):
    """Two sources."""
    return put_floor(store)


def fill(floor, make_post):
    """Three posts with a deletion 90 min, 59 s and in the future; one without; one by account."""
    told = (NOON - 90 * timedelta(minutes=1), NOON - timedelta(seconds=59), NOON + HOUR, None)
    keys = [f"k{number}" for number in range(len(told))]
    posts = [make_post(native_key=key, content=OTHER, fetched_at=NOON - 9 * HOUR) for key in keys]
    mine = make_post(native_key="mine", content="sunshine", author_ref="ref")
    bring(floor, floor.one, *posts, now=NOON - 9 * HOUR)
    bring(floor, floor.two, mine, now=NOON - 9 * HOUR)
    gone = [Delete(key, "gone", at) for key, at in zip(keys, told, strict=True)]
    bring(floor, floor.one, *gone, Delete("never seen", "gone", NOON), now=NOON)
    bring(floor, floor.two, AuthorErased("ref"), now=NOON)


def test_lags_are_kept_by_what_they_are_counted_from(store, floor, actors, make_post):
    """90 minutes stand in the bucket of 90, 59 s in that of 1, a future time in that of 0."""
    fill(floor, make_post)
    with store.read() as conn:
        kept = sorted(tuple(row) for row in conn.execute(select(tables.rollup_purge)))
        day = kept[0][0]
        assert all(one.is_equal for one in rollups_anew.compare(conn))
        said = conn.execute(
            select(tables.post.c.platform_deleted_at).order_by(tables.post.c.id)
        ).scalars()
        assert [NOON - 1.5 * HOUR, NOON - timedelta(seconds=59), NOON, None, None] == list(said)
        found = rollup_purges.read(conn, purging.figures.window(7, NOON), NOON)

    one, two = int(floor.one), int(floor.two)
    assert [
        (day, one, "learned", 0, 1, 1),
        (day, one, "platform", 0, 1, 1),
        (day, one, "platform", 1, 1, 1),
        (day, one, "platform", 90, 1, 1),
        (day, two, "learned", 0, 1, 1),
    ] == kept
    assert Purged(((0.0, 1), (1 / 60, 1), (1.5, 1)), (), 3) == found[Since.PLATFORM]
    assert Purged(((0.0, 2),), (), 2) == found[Since.LEARNED]
    assert 5 == purging.read(store, actors.leader, 7, NOON).texts


def test_text_that_is_still_held_counts_as_open(store, floor, make_post):
    """A row that lost its erasure is no more in the roll-up made anew, and waits since then."""
    fill(floor, make_post)
    with store.write() as conn:
        which = tables.post.c.native_key == "k0"
        conn.execute(update(tables.post).where(which).values(text_erased_at=None))
        rollups_anew.rebuild(conn)
        later = NOON + timedelta(minutes=30)
        found = rollup_purges.read(conn, purging.figures.window(7, later), later)
        other = rollup_purges.read(conn, purging.figures.window(7, NOON - 2 * 24 * HOUR), later)

    assert Purged(((0.0, 1), (1 / 60, 1)), ((2.0, 1),), 2) == found[Since.PLATFORM]
    assert Purged() == other[Since.PLATFORM]


def test_text_that_retention_erased_before_is_not_purged(store, floor, tmp_path, make_post):
    """Its deletion counts, its text does not."""
    post = make_post(native_key="old", content="sunshine", fetched_at=NOON - 200 * HOUR)
    bring(floor, floor.one, post, now=NOON - 200 * HOUR)
    retention.erase_unflagged(store, Settings(workspace=tmp_path), NOON - HOUR)
    bring(floor, floor.one, Delete("old", "gone", NOON - 3 * HOUR), now=NOON)
    with store.read() as conn:
        found = rollup_purges.read(conn, purging.figures.window(7, NOON), NOON)
        assert all(one.is_equal for one in rollups_anew.compare(conn))

    assert Purged(((3.0, 1),), (), 0) == found[Since.PLATFORM]


def test_nobody_without_a_role_reads_it(store):
    """Like every figure."""
    with pytest.raises(NotAllowed):
        purging.read(store, Actor("9", None, frozenset()), 7, NOON)


def test_what_is_held_is_found_without_a_walk_over_posts(store, floor, make_post):
    """SQLite says that it takes the partial index, which is empty."""
    fill(floor, make_post)
    if not store.is_sqlite:
        return
    query = select(tables.post.c.id).where(rollup_purges._HELD)
    with store.read() as conn:
        plan = conn.execute(text(f"EXPLAIN QUERY PLAN {query}")).all()

    assert "ix_post_deleted_text" in " ".join(map(str, plan))
