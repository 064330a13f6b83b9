"""A database that tests use one after the other holds nothing of the one before."""

from __future__ import annotations

import psycopg
import pytest

ADDED = "INSERT INTO team (name) VALUES ('Tổ trực') RETURNING id"
LOGGED = (
    "INSERT INTO ledger (seq, at, actor, action, subject, data, prev_hash, hash)"
    " VALUES (1, 0, '1', 'made', '1', '{}', '', 'x')"
)


def used(postgres, *statements):
    """Use a database as a test does; give its name and the first value of each answer."""
    with postgres.store_url() as url:
        plain = url.replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(plain, autocommit=True) as conn:
            answers = [conn.execute(one) for one in statements]
            return conn.info.dbname, [
                one.fetchone()[0] if one.description else None for one in answers
            ]


def test_rows_numbers_and_logs_are_gone(postgres):
    """The next one meets the same database, and in it no row and the first number."""
    name, first = used(postgres, ADDED, ADDED.replace("trực", "hai"), LOGGED)
    again, second = used(
        postgres, "SELECT count(*) FROM team", "SELECT count(*) FROM ledger", ADDED
    )

    assert ([1, 2, None], [0, 0, 1]) == (first, second)
    assert name == again


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE other (id int)",
        "ALTER TABLE ledger DISABLE TRIGGER ALL",
        "DROP INDEX ix_item_ready",
        "ALTER TABLE post ALTER COLUMN lang SET DEFAULT 'vi'",
        "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ANALYZE",
        "UPDATE alembic_version SET version_num = '0001'",
        "INSERT INTO team (name) SELECT repeat('x', 500) || n FROM generate_series(1, 400) n",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
        "ALTER DATABASE {} SET statement_timeout = 1000",
    ],
)
def test_database_ends_with_what_no_emptying_undoes(postgres, statement):
    """A changed schema, statistics, many pages, another revision, a setting, a lost connection."""
    before, _ = used(postgres)
    name, _ = used(postgres, statement.format(before))
    after, _ = used(postgres)

    assert before == name
    assert name != after


def test_database_ends_when_somebody_stays(postgres):
    """Whoever is still connected could write into the next test's rows."""
    with postgres.store_url() as url:
        plain = url.replace("postgresql+psycopg://", "postgresql://")
        left = psycopg.connect(plain)
        name = left.info.dbname
    after, _ = used(postgres)
    left.close()

    assert name != after
