"""PostgreSQL for the tests: databases that are emptied and used again, as good as new.

A new database costs some hundred files; emptying one costs a few rows. Whatever emptying cannot
undo, such as a change of the schema or a connection that a test left open, ends a database.
"""

from __future__ import annotations

import itertools
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from evenhand.data.store.connect import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE = "template_evenhand"
# The planner takes a table that was never analysed for ten pages, however few it has.
MOST_PAGES = 10
LEAVING_S = 0.2
# Any change of a schema adds, removes or rewrites rows of these, and so do statistics.
CATALOGS = (
    *("pg_attrdef", "pg_attribute", "pg_class", "pg_constraint", "pg_depend", "pg_event_trigger"),
    *("pg_extension", "pg_index", "pg_namespace", "pg_policy", "pg_proc", "pg_rewrite"),
    *("pg_statistic", "pg_trigger", "pg_type"),
)
COUNTED = "(SELECT count(*) || '/' || coalesce(sum(xmin::text::bigint), 0) FROM {})"
# What VACUUM notes in place.
SIZES = "(SELECT coalesce(sum(relpages + reltuples), 0)::text FROM pg_class)"
# Settings that somebody gave to the database itself.
GIVEN = """(SELECT count(*)::text FROM pg_db_role_setting
 WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))"""
SHAPE = f"SELECT ARRAY[{', '.join([*map(COUNTED.format, CATALOGS), SIZES, GIVEN])}]"
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
NUMBERED = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"


class Reused:
    """One database between tests: our connection to it, and what it was like when new."""

    def __init__(self, name: str, conn: psycopg.Connection) -> None:
        self.name = name
        self._conn = conn
        # Neither the triggers that keep logs whole nor foreign keys hold us up.
        conn.execute("SET session_replication_role = replica")
        self._filled = _filled([one for (one,) in conn.execute(TABLES)])
        self._kept = {one: self._content(one) for one in self._rows()}
        self._sequences = self._numbered()
        self._shape = self._shaped()

    def is_as_new(self) -> bool:
        """Empty it, and say whether nothing is left of the test that used it."""
        try:
            return self._emptied()
        except psycopg.OperationalError:
            # The test ended our connection too.
            return False

    def _emptied(self) -> bool:
        if self._conn.closed or not self._is_alone() or self._shape != self._shaped():
            return False
        for name in self._rows():
            if name in self._kept:
                if self._kept[name] != self._content(name):
                    return False
                continue
            table = sql.Identifier(name)
            size = "SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::int"
            if self._one(size, [table.as_string()]) > MOST_PAGES:
                return False
            self._conn.execute(sql.SQL("DELETE FROM {}").format(table))
        for name in self._numbered() - self._sequences:
            self._conn.execute("SELECT setval(%s::regclass, 1, false)", [f'"{name}"'])
        return True

    def close(self) -> None:
        """Leave it."""
        self._conn.close()

    def _is_alone(self) -> bool:
        # A connection that was closed just now takes a moment to leave.
        until = time.monotonic() + LEAVING_S
        while others := self._one(OTHERS):
            if time.monotonic() > until:
                break
            time.sleep(0.002)
        return not others

    def _shaped(self) -> list[str]:
        return self._one(SHAPE)

    def _rows(self) -> list[str]:
        return [name for (name,) in self._conn.execute(self._filled)]

    def _numbered(self) -> set[str]:
        return {name for (name,) in self._conn.execute(NUMBERED)}

    def _content(self, name: str) -> str:
        said = sql.SQL("SELECT string_agg(t::text, '|' ORDER BY t::text) FROM {} t")
        return self._one(said.format(sql.Identifier(name)))

    def _one(self, query: object, values: object = None) -> object:
        return self._conn.execute(query, values).fetchone()[0]


def _filled(names: list[str]) -> sql.Composed:
    """Ask for the names of the tables that hold rows."""
    return sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(
            sql.Literal(name), sql.Identifier(name)
        )
        for name in names
    )


class PostgresServer:
    """The session's server: gives databases that hold what a new store holds."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self._numbers = itertools.count(1)
        self._free: list[Reused] = []
        self._used: dict[str, Reused] = {}
        self.run(f"CREATE DATABASE {TEMPLATE}")
        open_store(self.url(TEMPLATE)).close()

    def url(self, name: str) -> str:
        """Give SQLAlchemy's address of database *name*."""
        return self._at(name).replace("postgresql://", "postgresql+psycopg://")

    def _at(self, name: str) -> str:
        return self.uri.replace("/postgres?", f"/{name}?")

    def run(self, statement: str) -> None:
        """Run one statement outside of any transaction."""
        with psycopg.connect(self.uri, autocommit=True) as conn:
            conn.execute(statement.encode())

    @contextmanager
    def database(self, template: str) -> Iterator[str]:
        """Give the url of a fresh copy of *template* and drop it afterwards."""
        if template in self._used:
            # Only what nobody is connected to can be copied.
            self._used[template].close()
        name = self._made(template)
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    @contextmanager
    def store_url(self, *, is_new: bool = False) -> Iterator[str]:
        """Give the url of a database with a new store, which nobody else uses meanwhile.

        With *is_new* the database is new too, where an emptied one is not the same: planning.
        """
        if is_new:
            with self.database(TEMPLATE) as url:
                yield url
            return
        reused = self._free.pop() if self._free else self._opened(self._made(TEMPLATE))
        self._used[reused.name] = reused
        try:
            yield self.url(reused.name)
        finally:
            del self._used[reused.name]
            if reused.is_as_new():
                self._free.append(reused)
            else:
                reused.close()
                self._drop(reused.name)

    def close(self) -> None:
        """Leave all databases."""
        while self._free:
            self._free.pop().close()

    def _made(self, template: str) -> str:
        name = f"t{next(self._numbers)}"
        # Copying through the log is quicker than copying files for a database this small.
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log")
        return name

    def _opened(self, name: str) -> Reused:
        return Reused(name, psycopg.connect(self._at(name), autocommit=True))

    def _drop(self, name: str) -> None:
        self.run(f"DROP DATABASE {name} WITH (FORCE)")
