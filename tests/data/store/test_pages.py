"""A page in one transaction: what is news, what is not, and what cannot be stored yet."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from evenhand.data import tables
from evenhand.data.errors import NotFound
from evenhand.data.records import AuthorErased, Delete, Gap, Page, SetAside, Text
from evenhand.data.store import pages, sources
from evenhand.data.store.arrivals import hash_of, incoming
from evenhand.data.store.pages import Candidate, Counts
from evenhand.data.store.posts import Known
from tests.fakes import FakeTagger
from tests.review_floor import NOON, put_source

NUMBERS = st.integers(0, 50)
COUNTS = st.builds(Counts, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)


@pytest.fixture
def source_id(store):
    with store.write() as conn:
        return put_source(conn)


def candidate(post):
    return Candidate(post, hash_of(post))


def tag_all(candidates):
    tags = FakeTagger().tag([Text(one.post.native_key, one.post.content) for one in candidates])
    return {
        one.post.native_key: incoming(one.post, one.body_hash, tag, (), None)
        for one, tag in zip(candidates, tags, strict=True)
    }


def put(store, source_id, *wanted, tagged=None):
    candidates = [candidate(post) for post in wanted]
    with store.write() as conn:
        known = tag_all(candidates) if tagged is None else tagged
        return pages.store_posts(conn, source_id, candidates, known, NOON)


def how_many(store, table):
    with store.read() as conn:
        return conn.execute(select(func.count()).select_from(table)).scalar_one()


@given(COUNTS, COUNTS, COUNTS)
def test_counts_add_up_in_any_order(one, two, three):
    """A page's parts make the page."""
    assert (one + two) + three == one + (two + three)
    assert one + two == two + one
    assert one + Counts() == one


def test_post_is_news_when_it_is_unknown(make_post):
    """Nothing is stored of it."""
    assert candidate(make_post()).is_news(None)


@pytest.mark.parametrize(
    ("changes", "news"),
    [
        ({}, True),
        ({"deleted": True}, False),
        ({"rank": (2**62, 0)}, False),
    ],
)
def test_edit_is_news_unless_the_post_is_gone_or_newer(make_post, changes, news):
    """A tombstone beats any later upsert, and an older state never replaces a newer one."""
    known = Known(1, 1, "another", False, (0, 0), 0, 0, ("", ""), "", False)  # noqa: FBT003 - a row

    assert candidate(make_post()).is_news(dataclasses.replace(known, **changes)) is news


def test_same_text_is_no_news(make_post):
    """Whatever else changed about it."""
    one = candidate(make_post())
    known = Known(1, 1, one.body_hash, False, (0, 0), 0, 0, ("", ""), "", False)  # noqa: FBT003 - a row

    assert not one.is_news(known)


def test_look_picks_what_must_be_tagged(store, source_id, make_post):
    """Known posts cost no tagging."""
    known, new = make_post(), make_post()
    put(store, source_id, known)
    edited = dataclasses.replace(known, content="khác hẳn", updated_at=NOON)
    with store.read() as conn:
        found = pages.look(conn, source_id, list(map(candidate, (known, new))))
        after = pages.look(conn, source_id, list(map(candidate, (edited,))))

    assert [one.post for one in found] == [new]
    assert [one.post for one in after] == [edited]


def test_page_is_not_stored_when_a_post_came_in_between(store, source_id, make_post):
    """What is news under the lock but was not tagged stops the page; it is tried again."""
    one, two = make_post(), make_post()

    assert put(store, source_id, one, two, tagged=tag_all([candidate(one)])) is None
    assert how_many(store, tables.post) == 0
    assert put(store, source_id, one, two) == Counts(kept=2)


def test_page_counts_what_was_kept_and_what_was_not(store, source_id, make_post):
    """New, edited, repeated with more reach, and deleted before it came."""
    known, repeated, gone = make_post(), make_post(reach=1), make_post()
    put(store, source_id, known, repeated)
    with store.write() as conn:
        page = Page((Delete(gone.native_key, "deleted"),), {})
        assert pages.finish_page(conn, source_id, page, NOON) == Counts()
    edited = dataclasses.replace(known, content="khác", updated_at=NOON)
    again = dataclasses.replace(repeated, reach=50)
    counts = put(store, source_id, make_post(), edited, again, gone)
    with store.read() as conn:
        reach = conn.execute(select(func.max(tables.post.c.reach))).scalar_one()

    assert counts == Counts(kept=2, duplicate=2)
    assert (reach, how_many(store, tables.post), how_many(store, tables.post_version)) == (50, 3, 4)


def test_finishing_a_page_notes_losses_erasures_and_the_cursor(store, source_id, make_post):
    """All of it in the transaction of the page's posts."""
    mine = [make_post(author_ref="ref"), make_post(author_ref="ref"), make_post()]
    put(store, source_id, *mine)
    events = (
        AuthorErased("ref"),
        Delete(mine[2].native_key, "deleted"),
        Delete("never seen", "deleted"),
        Gap(NOON - timedelta(hours=1), NOON, "the listing ends"),
        SetAside("line 3", "no text"),
    )
    with store.write() as conn:
        counts = pages.finish_page(conn, source_id, Page(events, {"after": "x"}), NOON)
    with store.read() as conn:
        left = conn.execute(select(tables.post.c.author_ref, tables.post.c.deleted_at)).all()
        (source,) = sources.list_all(conn)

    assert counts == Counts(set_aside=1, deleted=3)
    assert {ref for ref, _ in left} == {None} | {None if at else ref for ref, at in left}
    assert all(at == NOON for _, at in left)
    assert source.cursor == {"after": "x"}
    assert (how_many(store, tables.gap), how_many(store, tables.tombstone)) == (1, 1)


def test_page_for_an_unknown_source_stores_nothing(store, make_post):
    """The sentence says what to do first."""
    with pytest.raises(NotFound, match="propose it first"):
        put(store, 404, make_post())
