"""What the two engines do differently does the same thing on both."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from evenhand.data.store import dialect
from evenhand.data.tables import (
    post_version,
    rollup_mark,
    tag,
    team,
    throttle,
    to_micros,
    tombstone,
)
from tests.review_floor import NOON, put_post, put_source

MARKS = ("day", "topic", "sentiment", "mark", "posts")
TEXTS = (
    "",
    "Nguo\u031b\u0300i Việt",
    "😀🔥",
    "'; DROP TABLE post; --",
    "%s ? :x {y}",
    "x" * 100_000,
)


def rows_of(store, table):
    with store.read() as conn:
        return [tuple(row) for row in conn.execute(select(table).order_by(*table.primary_key))]


@pytest.mark.parametrize("words", TEXTS)
def test_insert_rows_keeps_any_text(store, words):
    """Quotes, place marks and long texts are values, never SQL."""
    with store.write() as conn:
        post_id = put_post(conn, "first")
        row = (post_id, 2, words, None, to_micros(NOON))
        names = ("post_id", "version", "content", "name", "seen_at")
        dialect.insert_rows(conn, post_version, names, [row])

    assert rows_of(store, post_version)[-1] == (post_id, 2, words, None, NOON)


def test_insert_rows_writes_json_that_the_engine_reads(store):
    """Text handed over as JSON comes back as values."""
    topics = {"thời tiết": 0.5, 'a"b': 1}
    with store.write() as conn:
        cells = (put_post(conn), 1, "m", "vi", dialect.as_json(topics), "{}", "{}", to_micros(NOON))
        names = ("post_id", "version", "model", "lang", "topics", "harms", "requests", "tagged_at")
        dialect.insert_rows(conn, tag, names, [cells])
        found = conn.execute(select(tag.c.topics, tag.c.sentiment_scores)).one()

    assert tuple(found) == (topics, None)


def test_insert_rows_refuses_columns_in_another_order(store):
    """Values would land in the wrong columns without a sound."""
    with store.write() as conn, pytest.raises(ValueError, match="in that order"):
        dialect.insert_rows(conn, throttle, ("count", "key", "window_started_at"), [(1, "k", 0)])


def test_insert_rows_of_nothing_does_nothing(store):
    """An empty batch is no statement."""
    with store.write() as conn:
        dialect.insert_rows(conn, throttle, ("key", "window_started_at", "count"), [])

    assert rows_of(store, throttle) == []


COUNTS = st.dictionaries(
    st.tuples(st.integers(1, 3), st.sampled_from(["a", "b"])), st.integers(-5, 9), max_size=6
)


@given(batches=st.lists(COUNTS, max_size=4))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25
)
def test_add_to_rows_sums_whatever_the_order(store, batches):
    """Rows that are missing are made, the others grow; the sum is that of all batches."""
    expected = {}
    with store.write() as conn:
        conn.execute(rollup_mark.delete())
        for batch in batches:
            rows = [(day, topic, "", "01", posts) for (day, topic), posts in batch.items()]
            dialect.add_to_rows(conn, rollup_mark, MARKS, rows)
            for key, posts in batch.items():
                expected[key] = expected.get(key, 0) + posts
        found = {(row.day, row.topic): row.posts for row in conn.execute(select(rollup_mark))}

    assert found == expected


def test_insert_missing_tells_how_many_were_new(store):
    """Rows whose key is there stay as they are."""
    with store.write() as conn:
        source_id = put_source(conn)
        first = {"source_id": source_id, "native_key": "a", "at": NOON}
        second = {"source_id": source_id, "native_key": "b", "at": NOON}

        assert dialect.insert_missing(conn, tombstone, [first]) == 1
        assert dialect.insert_missing(conn, tombstone, [first, second, second]) == 1
        assert dialect.insert_missing(conn, tombstone, []) == 0
    assert len(rows_of(store, tombstone)) == 2


def test_upsert_changes_only_the_named_columns(store):
    """What is not named keeps its value."""
    with store.write() as conn:
        row = {"key": "k", "window_started_at": NOON, "count": 1}
        dialect.upsert(conn, throttle, row, update=["count"])
        dialect.upsert(
            conn,
            throttle,
            row | {"count": 2, "window_started_at": NOON.replace(hour=1)},
            update=["count"],
        )

    assert rows_of(store, throttle) == [("k", NOON, 2)]


def test_next_ids_are_fresh_and_in_order(store):
    """Ids that were given out by hand or by the engine are not given again."""
    with store.write() as conn:
        conn.execute(insert(team).values(name="một"))
        conn.execute(insert(team).values(name="hai"))
        first = list(dialect.next_ids(conn, team, 3))
        conn.execute(insert(team), [{"id": key, "name": f"tổ {key}"} for key in first])
        then = list(dialect.next_ids(conn, team, 2))

        assert list(dialect.next_ids(conn, team, 0)) == []
    taken = {1, 2, *first}
    assert first == sorted(first)
    assert len(taken) == 5
    assert taken.isdisjoint(then)


@pytest.mark.parametrize("count", [0, 1, 3, 70_000])
def test_among_takes_any_number_of_values_as_one_parameter(store, count):
    """Past the limit of parameters of both engines; odd texts are values."""
    keys = [f"k{number}" for number in range(count)] + ["a'b\"c", "đ"]
    with store.write() as conn:
        ids = [put_post(conn, native_key=key) for key in ("a'b\"c", "đ", "other")]
        from evenhand.data.tables import post  # noqa: PLC0415 - beside its only use

        by_key = select(post.c.native_key).where(dialect.among(conn, post.c.native_key, keys))
        wanted = [*ids[:2], *range(10_000, 10_000 + count)]
        by_id = select(post.c.id).where(dialect.among_ids(conn, post.c.id, wanted))

        assert set(conn.execute(by_key).scalars()) == {"a'b\"c", "đ"}
        assert set(conn.execute(by_id).scalars()) == set(ids[:2])


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=8))
def test_as_json_reads_back(value):
    """Compact, and with the letters as they are."""
    written = dialect.as_json(value)

    assert json.loads(written) == value
    assert "\\u1ebf" not in dialect.as_json("ế")
