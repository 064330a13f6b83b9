"""Rows of exports cost the same each, however many there are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from evenhand.data.store import export_rows, report_rows
from evenhand.data.store.connect import open_store
from evenhand.data.store.export_rows import Part
from evenhand.data.store.report_items import Then
from tests.conftest import NOON

DAY = timedelta(days=1)
PART = Part(NOON - DAY, NOON + DAY)
READS = {
    "decisions": lambda conn: list(export_rows.decisions(conn, PART)),
    "responses": lambda conn: list(export_rows.responses(conn, PART)),
    "items": lambda conn: list(export_rows.items(conn, PART)),
    "a report's responses": lambda conn: report_rows.responses(
        conn, Then(NOON - DAY, NOON + DAY, NOON + DAY)
    ),
}


@pytest.fixture
def lite(tmp_path):
    """A new store in a file."""
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield store
    store.close()


def plans(store, read):
    """Read something, and tell how the database found the rows, one line a step."""
    asked = []
    with store.read() as conn:

        def note(_conn, _cursor, statement, parameters, *_):
            asked.append((statement, parameters))

        event.listen(conn, "before_cursor_execute", note)
        read(conn)
        event.remove(conn, "before_cursor_execute", note)
        return [
            row.detail
            for statement, parameters in asked
            for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


@pytest.mark.parametrize("what", READS)
def test_only_the_log_itself_is_walked(lite, what):
    """What belongs to a row is found by an index; or twice the rows would cost four times as much.

    SQLite says how it goes about it even where a table is empty; PostgreSQL goes by what is in it.
    """
    walked = [one for one in plans(lite, READS[what]) if one.startswith("SCAN")]

    assert 1 == len(walked), walked
