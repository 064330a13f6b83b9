"""Text that nobody was asked to read is erased in time; counts and tags stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from evenhand.dashboard.jobs import retention
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.data import tables
from evenhand.data.records import Band, Flag, Origin, Page, SourceSpec, Upsert
from evenhand.data.settings import RetentionSettings, Settings
from evenhand.data.store import arrivals, ledger, rollups_anew, sources
from tests.conftest import NOON
from tests.fakes import FakeTagger

WEEK = timedelta(days=7)


@pytest.fixture
def settings(tmp_path):
    return Settings(workspace=tmp_path)


def fill(store, *wanted, now=NOON):
    with store.write() as conn:
        known = sources.list_all(conn)
        source = known[0] if known else None
        if source is None:
            source = sources.propose(conn, SourceSpec("s", "file"), person_id=None, now=now)
    page = Page(tuple(map(Upsert, wanted)), {})
    ingest_page(store, source_id=source.id, page=page, tagger=FakeTagger(), now=now)


def texts(store):
    with store.read() as conn:
        query = select(tables.post_version.c.content).order_by(tables.post_version.c.post_id)
        return list(conn.execute(query).scalars())


def test_unflagged_text_is_erased_after_its_days_and_not_before(store, settings, make_post):
    """A flagged post stays; the border is the moment of fetching plus seven days."""
    fill(store, make_post(content="bình thường"), make_post(content="scam"))

    assert retention.erase_unflagged(store, settings, NOON + WEEK) == 0
    assert texts(store) == ["bình thường", "scam"]
    assert retention.erase_unflagged(store, settings, NOON + WEEK + timedelta(seconds=1)) == 1
    assert texts(store) == [None, "scam"]


@pytest.mark.parametrize("days", [1, 14])
def test_retention_follows_the_setting(store, tmp_path, make_post, days):
    """A team may keep unread text for a day or for two weeks."""
    settings = Settings(workspace=tmp_path, retention=RetentionSettings(unflagged_days=days))
    fill(store, make_post())

    assert retention.erase_unflagged(store, settings, NOON + timedelta(days=days)) == 0
    assert retention.erase_unflagged(store, settings, NOON + timedelta(days=days, seconds=1)) == 1


def test_all_versions_and_titles_are_erased(store, settings, make_post):
    """An edit does not save the first version."""
    post = make_post(content="một", name="tiêu đề")
    fill(store, post)
    fill(store, make_post(native_key=post.native_key, content="hai", updated_at=NOON))
    retention.erase_unflagged(store, settings, NOON + 2 * WEEK)
    with store.read() as conn:
        left = conn.execute(select(tables.post_version.c.content, tables.post_version.c.name)).all()

    assert left == [(None, None), (None, None)]


def test_counts_and_tags_outlive_the_text(store, settings, make_post):
    """Roll-ups stay as they are, and a rebuild still equals them."""
    fill(store, *(make_post(content="flood") for _ in range(3)))
    rolled = (tables.rollup_post, tables.rollup_mark, tables.rollup_item, tables.tag)
    with store.read() as conn:
        before = [sorted(map(repr, conn.execute(select(one)))) for one in rolled]
    retention.erase_unflagged(store, settings, NOON + 2 * WEEK)
    with store.write() as conn:
        rollups_anew.rebuild(conn)
        after = [sorted(map(repr, conn.execute(select(one)))) for one in rolled]

    assert before == after


def test_post_in_an_audit_waits_for_its_end(store, settings, make_post):
    """What was drawn must still be readable when its turn comes."""
    fill(store, make_post(content="được chọn"), make_post(content="không"))
    with store.write() as conn:
        drawn = Flag(Origin.AUDIT, "audit", Band.CHECK, 0.1)
        arrivals.put_flag(conn, arrivals.Stored(1, 1), drawn, NOON)

    assert retention.erase_unflagged(store, settings, NOON + 2 * WEEK) == 1
    assert texts(store) == ["được chọn", None]


def test_erasure_goes_on_until_nothing_is_left(store, settings, make_post):
    """More than one part, and a second run finds nothing."""
    fill(store, *(make_post(content="x") for _ in range(retention.AT_ONCE + 3)))

    assert retention.erase_unflagged(store, settings, NOON + 2 * WEEK) == retention.AT_ONCE + 3
    assert retention.erase_unflagged(store, settings, NOON + 2 * WEEK) == 0
    assert set(texts(store)) == {None}


def test_erasure_is_told_in_the_ledger(store, settings, make_post):
    """A count and the days, never what was erased; a run without work leaves no line."""
    fill(store, make_post(content="một điều riêng"))
    retention.erase_unflagged(store, settings, NOON)
    retention.erase_unflagged(store, settings, NOON + 2 * WEEK)
    with store.read() as conn:
        (line,) = conn.execute(select(tables.ledger)).all()
        count = ledger.verify(conn)

    assert (line.action, line.subject, count) == ("unflagged_text_erased", "retention", 1)
    assert ('"posts":1' in line.data.replace(" ", ""), "riêng" in line.data) == (True, False)
