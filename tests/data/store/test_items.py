"""Items: made open, moved while they wait, marked after review, void when the post is gone."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from evenhand.data import tables
from evenhand.data.store import items
from evenhand.data.store.items import NewItem, insert_items, take_edit
from tests.review_floor import (
    NOON,
    events,
    item_row,
    put_item,
    put_post,
    replay,
    rolled_up,
    standing,
)

LATER = NOON + timedelta(hours=1)
NEW = NewItem("harm", "vi", "hate", 3.5, "hate 0.90, severity 4", NOON + timedelta(hours=24))


def made(store, *wanted):
    with store.write() as conn:
        new = [(put_post(conn), one) for one in wanted]
        return [str(key) for key in insert_items(conn, new, None, NOON)]


def edit(store, item_id, new):
    with store.write() as conn:
        return take_edit(conn, item_row(store, item_id).post_id, new, LATER)


def put_state(store, item_id, state):
    with store.write() as conn:
        conn.execute(
            update(tables.item).where(tables.item.c.id == int(item_id)).values(state=state)
        )


def test_item_is_made_open_with_its_log_line(store):
    """Place, order and deadline are as given; nobody holds it."""
    (item_id,) = made(store, NEW)
    row = item_row(store, item_id)

    assert (row.queue, row.lang, row.label, row.priority) == ("harm", "vi", "hate", 3.5)
    assert (row.why, row.due_at, row.created_at) == (NEW.why, NEW.due_at, NOON)
    assert (row.state, row.claimed_by, row.claim_no, row.skips) == ("open", None, 0, 0)
    assert events(store, item_id) == ["made"]
    assert replay(store) == standing(store)


def test_items_are_made_in_order_and_counted(store):
    """Ids come back in the order of the posts, and the roll-up counts each."""
    ids = made(store, NEW, dataclasses.replace(NEW, label="spam"), NEW)
    kept, again = rolled_up(store)

    assert ids == sorted(ids, key=int)
    assert [item_row(store, one).label for one in ids] == ["hate", "spam", "hate"]
    assert sorted((row.label, row.made) for row in kept) == [("hate", 2), ("spam", 1)]
    assert kept == again


def test_no_items_are_made_of_nothing(store):
    """A page without flags is the usual page."""
    assert made(store) == []


def test_edit_moves_an_open_item_with_its_counts(store):
    """Another label and another queue: the item follows, and is counted where it is."""
    (item_id,) = made(store, NEW)
    new = dataclasses.replace(NEW, queue="fast", label="violence_threat", priority=9.0)

    assert edit(store, item_id, new) is False
    row = item_row(store, item_id)
    assert (row.queue, row.label, row.priority) == ("fast", "violence_threat", 9.0)
    assert events(store, item_id) == ["made", "moved"]
    kept, again = rolled_up(store)
    assert [(row.queue, row.made) for row in kept] == [("fast", 1)]
    assert kept == again


def test_edit_gives_nobody_more_time(store):
    """The deadline counts from the making of the item, whatever was edited since."""
    (item_id,) = made(store, NEW)
    # As it is placed at the edit: 24 hours from then, or 1 in the fast queue.
    edit(store, item_id, dataclasses.replace(NEW, due_at=LATER + timedelta(hours=24)))
    after_one = item_row(store, item_id).due_at
    fast = dataclasses.replace(NEW, queue="fast", due_at=LATER + timedelta(hours=1))
    edit(store, item_id, fast)

    assert NOON + timedelta(hours=24) == after_one
    assert NOON + timedelta(hours=1) == item_row(store, item_id).due_at
    assert replay(store) == standing(store)
    kept, anew = rolled_up(store)
    assert kept == anew


def test_edit_leaves_a_claimed_item_with_its_holder(store):
    """What somebody is reading does not move under their hands."""
    (item_id,) = made(store, NEW)
    put_state(store, item_id, "claimed")

    assert edit(store, item_id, dataclasses.replace(NEW, queue="fast")) is False
    assert (item_row(store, item_id).queue, events(store, item_id)) == ("harm", ["made"])


@pytest.mark.parametrize("state", ["decided", "answered", "closed"])
def test_edit_marks_a_reviewed_item(store, state):
    """The decision stands, and the mark says that the text is another now."""
    (item_id,) = made(store, NEW)
    put_state(store, item_id, state)

    assert edit(store, item_id, None) is False
    assert (item_row(store, item_id).state, item_row(store, item_id).edited_after_review) == (
        state,
        True,
    )
    assert events(store, item_id) == ["made", "edited"]


def test_edit_of_a_reviewed_post_may_need_an_item_in_another_queue(store):
    """A new harm in a reviewed post comes before people again, but never twice in one queue."""
    (item_id,) = made(store, NEW)
    put_state(store, item_id, "closed")

    assert edit(store, item_id, NEW) is False
    assert edit(store, item_id, dataclasses.replace(NEW, queue="fast")) is True


def test_edit_of_a_post_without_items_asks_for_one(store):
    """The first version was harmless; the second is not."""
    with store.write() as conn:
        post_id = put_post(conn)

        assert take_edit(conn, post_id, NEW, LATER) is True
        assert take_edit(conn, post_id, None, LATER) is False


def test_edit_keeps_an_open_item_when_nothing_is_found_any_more(store):
    """Once flagged, a person looks at it."""
    (item_id,) = made(store, NEW)

    assert edit(store, item_id, None) is False
    assert (item_row(store, item_id).state, events(store, item_id)) == ("open", ["made"])


@pytest.mark.parametrize("state", ["open", "claimed", "decided", "answered", "closed"])
def test_void_ends_an_item_in_any_state_and_keeps_the_counts(store, state):
    """Whoever holds it loses it; what was decided stays counted."""
    with store.write() as conn:
        one = put_item(conn)
        conn.execute(
            update(tables.item).values(
                state=state, claim_until=LATER, decided_at=NOON, needs_answer=True
            )
        )
        assert items.void(conn, [int(one.post_id)], LATER, "deleted_upstream") == 1
        assert items.void(conn, [int(one.post_id)], LATER, "deleted_upstream") == 0
    row = item_row(store, one.id)

    assert (row.state, row.claimed_by, row.claim_until) == ("void", None, None)
    assert (row.decided_at, row.needs_answer) == (NOON, True)
    assert events(store, one.id) == ["made", "void"]


def test_void_of_a_post_without_items_is_nothing(store):
    """Most posts never had one."""
    with store.write() as conn:
        assert items.void(conn, [put_post(conn)], LATER, "deleted_upstream") == 0
        assert items.void(conn, [], LATER, "deleted_upstream") == 0


def test_items_of_posts_are_given_oldest_first(store):
    """A post may stand in two queues."""
    with store.write() as conn:
        one = put_item(conn)
        row = dict(conn.execute(select(tables.item)).mappings().one())
        conn.execute(insert(tables.item).values(**(row | {"id": 900, "queue": "fast"})))
        found = items.of_posts(conn, [int(one.post_id), 404])

    assert [row.queue for row in found[int(one.post_id)]] == ["harm", "fast"]
    assert 404 not in found
