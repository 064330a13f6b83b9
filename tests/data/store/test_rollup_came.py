"""Posts by language and by hour, kept with the posts and equal to a rebuild."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from evenhand.data import tables
from evenhand.data.records import Delete
from evenhand.data.store import rollup_came, rollups_anew
from evenhand.data.store.rollup_came import Came
from evenhand.data.store.rollups import Days
from tests.conftest import NOON
from tests.wave_floor import OTHER, bring, put_floor

TODAY = Days(NOON.date(), NOON.date())


@pytest.fixture
def floor(store):
    """Two sources."""
    return put_floor(store)


def read(store, days=TODAY):
    with store.read() as conn:
        assert all(one.is_equal for one in rollups_anew.compare(conn))
        return rollup_came.read(conn, days)


def test_posts_count_under_their_language_and_their_hour(store, floor, make_post):
    """Of 9:59, of 0:00 and of a time before 1970, whose hour is 23; two of them in one language."""
    times = (
        datetime(2026, 11, 24, 9, 59, tzinfo=UTC),
        datetime(2026, 11, 24, 0, 0, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    )
    posts = [
        make_post(native_key=f"k{n}", content="sunshine", published_at=at, language=lang)
        for n, (at, lang) in enumerate(zip(times, ("vi", "en", "vi"), strict=True))
    ]
    bring(floor, floor.one, *posts[:2])
    bring(floor, floor.two, posts[2])
    found = read(store)

    assert {"00": 1, "09": 1, "23": 1} == found[Came.HOUR]
    assert 3 == sum(found[Came.LANG].values())
    before = Days(TODAY.first - timedelta(days=9), TODAY.first - timedelta(days=1))
    assert {Came.LANG: {}, Came.HOUR: {}} == read(store, before)


def test_edit_moves_a_post_to_its_language_and_a_deletion_moves_nothing(store, floor, make_post):
    """Its hour stays, since it is still the same post."""
    post = make_post(native_key="k", content="sunshine", language="vi", published_at=NOON)
    bring(floor, floor.one, post)
    before = read(store)
    again = dataclasses.replace(
        post, content="another", language="en", updated_at=NOON + timedelta(minutes=1)
    )
    bring(floor, floor.one, again, now=NOON + timedelta(minutes=2))
    after = read(store)
    bring(floor, floor.one, Delete("k", "gone"), now=NOON + timedelta(minutes=3))

    assert [{"vi": 1}, {"en": 1}, {"en": 1}] == [
        one[Came.LANG] for one in (before, after, read(store))
    ]
    assert before[Came.HOUR] == after[Came.HOUR] == {"12": 1}


def test_decided_items_count_by_the_hour_of_their_post(store, floor, make_post):
    """Two are made, one is decided; a label that was not asked for counts nowhere."""
    posts = [
        make_post(native_key=f"k{hour}", content=OTHER, published_at=NOON - timedelta(hours=hour))
        for hour in (3, 7)
    ]
    # Each in a source of its own day, so that neither is a copy of the other.
    bring(floor, floor.one, posts[0])
    bring(floor, floor.two, dataclasses.replace(posts[1], content="question"))
    with store.write() as conn:
        made = conn.execute(select(tables.item).order_by(tables.item.c.id)).all()
        first = tables.item.c.id == made[0].id
        conn.execute(tables.item.update().where(first).values(decided_at=NOON))
        labels = [row.label for row in made]
        found = rollup_came.decided_by_hour(conn, TODAY, labels)
        other = rollup_came.decided_by_hour(conn, TODAY, labels[1:])

    assert ({"09": 1}, {}) == (found, other)
