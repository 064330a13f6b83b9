"""The folded texts of items: made with the item, kept up with its text, gone with it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from evenhand.data.store import children, erasures, item_texts
from evenhand.data.store.children import Purpose
from evenhand.data.tables import item, post
from evenhand.data.tables_review import item_text
from tests.conftest import NOON
from tests.review_floor import put_item, put_post, put_version

pytestmark = pytest.mark.usefixtures("actors")


def index(store, *made):
    with store.write() as conn:
        return item_texts.index_posts(conn, [int(one.post_id) for one in made], str.casefold)


def stored(store):
    with store.read() as conn:
        rows = conn.execute(select(item_text).order_by(item_text.c.item_id)).all()
    return {str(row.item_id): row.folded for row in rows}


def put(store, text="Nước LÊN", **changes):
    with store.write() as conn:
        return put_item(conn, text=text, **changes)


def catch_up(store, at_most=100):
    with store.write() as conn:
        return item_texts.catch_up(conn, str.casefold, at_most)


def test_text_of_an_item_is_folded_with_its_title_and_follows_an_edit(store):
    """As often as it is asked for; other posts have no row."""
    one, other = put(store), put(store, "Khác")
    with store.write() as conn:
        put_post(conn, "chuyện riêng")
    assert index(store, one, one) == 1
    assert {one.id: "nước lên"} == stored(store)
    with store.write() as conn:
        put_version(conn, int(one.post_id), 2, "Nước XUỐNG")
    index(store, one, other)

    assert {one.id: "nước xuống", other.id: "khác"} == stored(store)
    assert index(store) == 0


def test_title_stands_in_front_of_the_text(store):
    """A search finds what the tagger read."""
    one = put(store, "LŨ")
    with store.write() as conn:
        conn.exec_driver_sql("UPDATE post_version SET name = 'TIN'")
    index(store, one)

    assert {one.id: "tin\nlũ"} == stored(store)


def test_what_is_read_once_more_has_no_row_of_its_own(store):
    """Or a search would show that it is read twice."""
    one = put(store)
    with store.write() as conn:
        parent = conn.execute(select(item).where(item.c.id == int(one.id))).one()
        children.make(conn, parent, Purpose.GOLD, NOON)
    index(store, one)

    assert [one.id] == list(stored(store))
    assert catch_up(store) == 0


def test_rows_of_erased_posts_go_and_are_not_made_again(store):
    """Nor by catching up."""
    one, other = put(store), put(store)
    index(store, one, other)
    with store.write() as conn:
        item_texts.forget_posts(conn, [int(one.post_id)])
        row = conn.execute(select(post).where(post.c.id == int(one.post_id))).one()
        erasures.tombstone_posts(conn, row.source_id, {row.native_key: None}, NOON)
    assert [other.id] == list(stored(store))

    assert index(store, one) == 0
    assert catch_up(store) == 0
    assert [other.id] == list(stored(store))


def test_items_from_before_are_caught_up_with_the_newest_first(store, monkeypatch):
    """Some at a time, below what is there too, and then nothing is left to do."""
    made = [put(store, f"Bài {number}") for number in range(6)]
    # Everything but the newest lies further back than the gap that is always looked through.
    monkeypatch.setattr(item_texts, "CAUGHT_UP", 1)
    index(store, made[4])
    assert catch_up(store, at_most=2) == 1
    assert [made[4].id, made[5].id] == list(stored(store))
    assert [2, 2, 0] == [catch_up(store, at_most=2) for _ in range(3)]

    assert [one.id for one in made] == list(stored(store))


def test_two_who_fold_the_same_posts_do_not_meet(store):
    """The second waits for the first and makes the same rows."""
    made = [put(store, f"Bài {number}") for number in range(5)]
    with ThreadPoolExecutor() as pool:
        counted = list(pool.map(lambda _: index(store, *made), range(4)))

    assert [5] * 4 == counted
    assert [one.id for one in made] == list(stored(store))
