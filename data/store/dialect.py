"""Everything that SQLite and PostgreSQL do differently.

The fast path hands tuples to the SQL that SQLAlchemy compiled once: its own row-by-row parameter
work costs more than the insert itself.
Such rows bypass the column types, so times must be microseconds, and JSON must be text.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import ARRAY, BigInteger, String, bindparam, func, insert, literal, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Dialect, GenerativeSelect, Table

Chosen = TypeVar("Chosen", bound="GenerativeSelect")
Cell = str | int | float | bool | bytes | None
# Any fixed number: it names the ledger among this database's advisory locks.
LEDGER_LOCK = 0x6C656467
# The same for the weekly budget of draws.
DRAWS_LOCK = 0x64726177
# The same for waves: who joins, leaves and hands over.
WAVES_LOCK = 0x77617665

_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def is_sqlite(conn: Connection) -> bool:
    """Say which of the two engines *conn* talks to."""
    return conn.dialect.name == "sqlite"


def as_json(value: object) -> str:
    """Write *value* as the fast path wants a JSON column."""
    return _dump(value)


@lru_cache(maxsize=128)
def _insert_sql(dialect: str, table: Table, names: tuple[str, ...]) -> str:
    compiled = insert(table).compile(dialect=_compiling(dialect), column_keys=list(names))
    order = tuple(compiled.positiontup or ())
    if order != names:
        msg = f"the columns of {table.name} are compiled as {order}; hand rows over in that order"
        raise ValueError(msg)
    return str(compiled)


@lru_cache(maxsize=2)
def _compiling(dialect: str) -> Dialect:
    if dialect == "sqlite":
        return sqlite.dialect(paramstyle="qmark")
    # SQLAlchemy gives this constructor no types.
    return psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]


def insert_rows(
    conn: Connection,
    table: Table,
    names: tuple[str, ...],
    rows: Sequence[tuple[Cell, ...]],
) -> None:
    """Insert *rows* at close to the driver's own speed.

    Args:
        conn: Inside a write.
        table: Where to.
        names: The columns, in the table's order.
        rows: Raw values: times in microseconds, JSON as text.
    """
    if rows:
        conn.exec_driver_sql(_insert_sql(conn.dialect.name, table, names), list(rows))


@lru_cache(maxsize=64)
def _adding_sql(dialect: str, table: Table, names: tuple[str, ...]) -> str:
    make = sqlite_insert if dialect == "sqlite" else postgres_insert
    keys = [column.name for column in table.primary_key]
    stmt = make(table)
    sums = {name: table.c[name] + stmt.excluded[name] for name in names if name not in keys}
    compiled = stmt.on_conflict_do_update(index_elements=keys, set_=sums).compile(
        dialect=_compiling(dialect), column_keys=list(names)
    )
    return str(compiled)


def add_to_rows(
    conn: Connection,
    table: Table,
    names: tuple[str, ...],
    rows: Iterable[tuple[Cell, ...]],
) -> None:
    """Add the numbers in *rows* to the rows with the same primary key, making missing ones.

    Rows are taken in the order of their keys: two writers on PostgreSQL then never wait for each
    other in a circle.
    """
    ordered = sorted(rows)
    if ordered:
        conn.exec_driver_sql(_adding_sql(conn.dialect.name, table, names), ordered)


def insert_missing(conn: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> int:
    """Insert the rows whose key is not there yet, and return how many that were."""
    if not rows:
        return 0
    make = sqlite_insert if is_sqlite(conn) else postgres_insert
    # psycopg tells no row count of such an insert; what it returns can be counted.
    stmt = make(table).on_conflict_do_nothing().returning(literal(1))
    return sum(len(conn.execute(stmt, dict(row)).all()) for row in rows)


def upsert(
    conn: Connection,
    table: Table,
    row: Mapping[str, object],
    *,
    update: Sequence[str],
) -> None:
    """Insert *row*, or set its columns *update* where the primary key is there already."""
    make = sqlite_insert if is_sqlite(conn) else postgres_insert
    stmt = make(table).values(**row)
    changed = {name: stmt.excluded[name] for name in update}
    keys = [column.name for column in table.primary_key]
    conn.execute(stmt.on_conflict_do_update(index_elements=keys, set_=changed))


def next_ids(conn: Connection, table: Table, count: int) -> Sequence[int]:
    """Give *count* fresh ids of *table*, so that rows and their children go in without asking back.

    Inside a write only: on SQLite the write lock keeps others from taking the same ones.
    """
    if count == 0:
        return ()
    if is_sqlite(conn):
        last = conn.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        return range(last + 1, last + 1 + count)
    sequence = func.pg_get_serial_sequence(table.name, "id")
    stmt = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
    return [int(number) for number in conn.execute(stmt).scalars()]


def among(
    conn: Connection, column: ColumnElement[str], values: Sequence[str]
) -> ColumnElement[bool]:
    """Say *column* IN *values*, as one parameter however many there are."""
    if is_sqlite(conn):
        each = func.json_each(literal(as_json(list(values)))).table_valued("value")
        return column.in_(select(each.c.value))
    return column == func.any(bindparam(None, list(values), type_=ARRAY(String)))


def among_ids(
    conn: Connection, column: ColumnElement[int], ids: Sequence[int]
) -> ColumnElement[bool]:
    """Say *column* IN *ids*, as one parameter however many there are."""
    if is_sqlite(conn):
        each = func.json_each(literal(as_json(list(ids)))).table_valued("value")
        return column.in_(select(each.c.value))
    return column == func.any(bindparam(None, list(ids), type_=ARRAY(BigInteger)))


def named_pairs(conn: Connection, column: str) -> tuple[str, str]:
    """Say in SQL the rows of a JSON column of pairs, and the first of each pair."""
    if is_sqlite(conn):
        return f"json_each({column}) AS pair", "json_extract(pair.value, '$[0]')"
    return f"json_array_elements({column}) AS pair(value)", "(pair.value ->> 0)"


def free_rows(stmt: Chosen) -> Chosen:
    """Lock what *stmt* finds and pass over what others hold, so that a claim never waits.

    SQLite needs nothing: its write lock is held by the whole transaction.
    """
    return stmt.with_for_update(skip_locked=True)


def lock_rows(stmt: Chosen) -> Chosen:
    """Lock what *stmt* finds until the transaction ends; nothing to do on SQLite."""
    return stmt.with_for_update()


def lock_ledger(conn: Connection) -> None:
    """Let one transaction at a time add to the ledger, or its chain would fork."""
    if not is_sqlite(conn):
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LEDGER_LOCK})


def lock_draws(conn: Connection) -> None:
    """Let one transaction at a time spend the weekly budget of draws."""
    if not is_sqlite(conn):
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": DRAWS_LOCK})


def lock_waves(conn: Connection) -> None:
    """Let one transaction at a time change which posts are together."""
    if not is_sqlite(conn):
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WAVES_LOCK})
