"""Texts for the worker's models: only what is held, and for a draw only what may be drawn."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from evenhand.data import tables
from evenhand.data.records import Text
from evenhand.data.store import machine_texts, rescoring
from evenhand.data.store.arrivals import Stored
from tests.fakes import FakeTagger
from tests.review_floor import NOON, put_flag, put_post, put_version


def put(store, *texts, **changes):
    with store.write() as conn:
        return [put_post(conn, text, **({"flagged": False} | changes)) for text in texts]


def change(store, table, **values):
    with store.write() as conn:
        conn.execute(update(table).values(**values))


def put_tag(store, post_id, model, *, shadow=False, text="scam"):
    (tag,) = FakeTagger(model=model).tag([Text("1", text)])
    with store.write() as conn:
        rescoring.put_tags(conn, [(Stored(post_id, 1), tag)], shadow=shadow, now=NOON)


def test_texts_come_by_id_at_their_present_version(store):
    """A title stands in front, as the tagger reads it."""
    ids = put(store, "một", "hai", "ba")
    with store.write() as conn:
        put_version(conn, ids[1], 2, "hai mới")
        conn.execute(update(tables.post_version).values(name="Tiêu đề"))
    with store.read() as conn:
        first = machine_texts.after(conn, 0, at_most=2)
        rest = machine_texts.after(conn, first[-1].post_id, at_most=2)

    assert [(ids[0], 1), (ids[1], 2)] == [(one.post_id, one.version) for one in first]
    assert ["Tiêu đề\nmột", "Tiêu đề\nhai mới"] == [one.text for one in first]
    assert [ids[2]] == [one.post_id for one in rest]
    with store.read() as conn:
        assert ids[2] == machine_texts.last_id(conn)


@pytest.mark.parametrize("gone", ["text_erased_at", "deleted_at"])
def test_erased_text_is_not_there_for_machines_either(store, gone):
    """Retention and deletion hold for every reader."""
    ids = put(store, "một")
    change(store, tables.post, **{gone: NOON})
    with store.read() as conn:
        assert [] == machine_texts.after(conn, 0, at_most=9)
        assert [] == machine_texts.of(conn, ids)
        assert [] == machine_texts.drawable(conn)
        assert [] == machine_texts.untagged(conn, "m", NOON - timedelta(days=7), 0, at_most=9)
        assert [] == machine_texts.fetched_between(conn, NOON, NOON + timedelta(days=1))


def test_untagged_are_those_that_this_model_has_not_seen(store):
    """At their present version, and no older than it looks back."""
    ids = put(store, "một", "hai")
    put(store, "cũ", fetched_at=NOON - timedelta(days=8))
    put_tag(store, ids[0], "trial-1", shadow=True)
    put_tag(store, ids[1], "other-1")
    since = NOON - timedelta(days=7)
    with store.read() as conn:
        assert [ids[1]] == [
            one.post_id for one in machine_texts.untagged(conn, "trial-1", since, 0, at_most=9)
        ]
    with store.write() as conn:
        put_version(conn, ids[0], 2, "mới")
    with store.read() as conn:
        assert ids == [
            one.post_id for one in machine_texts.untagged(conn, "trial-1", since, 0, at_most=9)
        ]


def test_drawable_is_what_is_unflagged_and_may_train(store):
    """Nothing flagged, drawn or closed to training; no word, topic or source is asked for."""
    free, *_ = put(store, "tự do")
    put(store, "cờ", flagged=True)
    put(store, "không dạy", may_train=False)
    with store.write() as conn:
        drawn = put_post(conn, "đã rút", flagged=False)
        put_flag(conn, drawn, "audit", origin="audit")
    with store.read() as conn:
        assert [free] == machine_texts.drawable(conn)
    change(store, tables.source, may_train=False)
    with store.read() as conn:
        assert [] == machine_texts.drawable(conn)


def test_scores_are_those_of_the_active_models(store):
    """What a model on trial said is no score of a post."""
    (post_id,) = put(store, "scam")
    put_tag(store, post_id, "fake-1")
    put_tag(store, post_id, "trial-1", shadow=True, text="harass")
    with store.read() as conn:
        assert {post_id: {"scam_fraud": 0.9}} == machine_texts.scores_of(conn, [post_id])


def test_day_holds_what_was_fetched_in_it(store):
    """From its first moment to before the next day's."""
    put(store, "trước", fetched_at=NOON - timedelta(microseconds=1))
    (inside,) = put(store, "trong", fetched_at=NOON)
    put(store, "sau", fetched_at=NOON + timedelta(days=1))
    with store.read() as conn:
        found = machine_texts.fetched_between(conn, NOON, NOON + timedelta(days=1))

    assert [inside] == found
