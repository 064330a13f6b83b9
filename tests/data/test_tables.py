"""The schema: times, names, and what a row can never hold, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError, StatementError

from evenhand.data import tables
from evenhand.data.tables import EPOCH, from_micros, metadata, to_micros
from tests.review_floor import NOON, put_flag, put_item, put_post

TIMES = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001 - hypothesis wants bare bounds and adds the zone
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001 - the same
    timezones=st.sampled_from(
        [UTC, timezone(timedelta(hours=7)), timezone(timedelta(hours=-9, minutes=-30))]
    ),
)
# Tables that are only ever added to carry no column that says when a row was changed.
LOGS = ("item_event", "decision", "response", "ledger")


@given(TIMES)
def test_time_survives_as_microseconds(at):
    """Before 1970 and in any zone, to the microsecond."""
    assert from_micros(to_micros(at)) == at
    assert to_micros(at) == (at - EPOCH) // timedelta(microseconds=1)


@given(TIMES, TIMES)
def test_micros_sort_as_times_do(one, other):
    """So a comparison in the engine is a comparison of times."""
    assert (to_micros(one) < to_micros(other)) is (one < other)


def test_time_is_refused_without_a_zone(store):
    """A bare time is nobody's: neither the function nor the column takes it."""
    bare = datetime(2026, 11, 24)  # noqa: DTZ001 - what is refused
    with pytest.raises(ValueError, match="no time zone"):
        to_micros(bare)
    with pytest.raises((StatementError, ValueError), match="no time zone"), store.write() as conn:
        conn.execute(insert(tables.throttle).values(key="k", window_started_at=bare, count=1))


def test_time_column_gives_back_utc(store):
    """What was written at +07:00 is read as the same moment in UTC."""
    at = datetime(2026, 11, 24, 19, 0, tzinfo=timezone(timedelta(hours=7)))
    with store.write() as conn:
        conn.execute(insert(tables.throttle).values(key="k", window_started_at=at, count=1))
        found = conn.execute(select(tables.throttle.c.window_started_at)).scalar_one()

    assert found == at == NOON
    assert found.tzinfo is UTC


def test_every_moment_is_named_at_and_kept_as_a_time():
    """`…_at` (and the few `at`, `since`, `until`) are times, and nothing else is."""
    wrong = [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, tables.Utc)
        is not (column.name.endswith(("_at", "_until")) or column.name in {"at", "since", "until"})
    ]

    assert wrong == []


def test_logs_only_grow():
    """No log has a column for a later change of mind; corrections supersede."""
    columns = {name: {column.name for column in metadata.tables[name].columns} for name in LOGS}

    assert not [name for name, found in columns.items() if {"updated_at", "deleted_at"} & found]
    assert "supersedes_id" in columns["decision"] & columns["response"]


def test_column_holds_nothing_of_a_person_outside_the_team():
    """No name, id or address of an author in the clear: keys, seals and pseudonyms only."""
    forbidden = {"author_name", "username", "handle", "native_id", "url", "permalink", "address"}
    names = {column.name for table in metadata.tables.values() for column in table.columns}

    assert names & forbidden == set()


@pytest.mark.parametrize("score", [-0.01, 1.01, 17])
def test_score_is_refused_outside_0_and_1(store, score):
    """The engine itself holds the scale."""
    with pytest.raises(IntegrityError, match="score_within_0_1"), store.write() as conn:
        put_flag(conn, put_post(conn), "hate", score=score)


def test_post_is_stored_once_per_source_and_key(store):
    """The engine refuses a second row for the same native key."""
    with store.write() as conn:
        put_post(conn, native_key="same")

    with pytest.raises(IntegrityError), store.write() as conn:
        put_post(conn, native_key="same")


def test_item_is_one_per_post_and_queue(store):
    """Two queues may hold the same post; one queue holds it once."""
    with store.write() as conn:
        made = put_item(conn)
        values = conn.execute(select(tables.item)).mappings().one()
        conn.execute(insert(tables.item).values(**(dict(values) | {"id": 99, "queue": "fast"})))

    assert made.id != "99"
    with pytest.raises(IntegrityError), store.write() as conn:
        conn.execute(update(tables.item).values(queue="harm"))


def test_rows_refuse_a_parent_that_does_not_exist(store):
    """Foreign keys are on, on SQLite too."""
    with pytest.raises(IntegrityError), store.write() as conn:
        conn.execute(insert(tables.gap).values(source_id=404, reason="x", seen_at=NOON))
