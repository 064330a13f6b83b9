"""The ledger: an unbroken chain that only grows."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from evenhand.data.errors import StoreError
from evenhand.data.store import ledger

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def _append(store, number):
    with store.write() as conn:
        return ledger.append(
            conn, at=NOW, actor="1", action="đã quyết", subject=f"item:{number}", data={"n": number}
        )


def _unlock(store, conn):
    """Take the triggers away, as somebody with the file or the server could."""
    if store.is_sqlite:
        conn.execute(text("DROP TRIGGER ledger_no_update"))
        conn.execute(text("DROP TRIGGER ledger_no_delete"))
    else:
        conn.execute(text("ALTER TABLE ledger DISABLE TRIGGER ALL"))


def test_chain_is_verified(store):
    """Every entry follows from the one before; an empty ledger is right too."""
    with store.read() as conn:
        assert ledger.verify(conn) == 0
    hashes = [_append(store, number) for number in range(3)]
    with store.read() as conn:
        assert ledger.verify(conn) == 3
        assert ledger.head(conn) == (3, hashes[-1])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET data = '{}' WHERE seq = 2",
        "UPDATE ledger SET actor = '9' WHERE seq = 2",
        "UPDATE ledger SET at = at + 1 WHERE seq = 2",
        "DELETE FROM ledger WHERE seq = 2",
        "UPDATE ledger SET prev_hash = 'x' WHERE seq = 2",
    ],
)
def test_change_is_refused_and_found_when_forced(store, statement):
    """The engine refuses a change; made behind its back, verifying names the entry."""
    for number in range(3):
        _append(store, number)

    def change():
        with store.write() as conn:
            conn.execute(text(statement))

    with pytest.raises(IntegrityError, match="only grows"):
        change()
    with store.write() as conn:
        _unlock(store, conn)
        conn.execute(text(statement))
    with store.read() as conn, pytest.raises(StoreError, match="entry 2 "):
        ledger.verify(conn)


def test_truncate_is_refused_on_postgres(store):
    """Emptying the whole table is a change too; SQLite has only DELETE for it."""
    _append(store, 1)

    def empty():
        with store.write() as conn:
            conn.execute(text("DELETE FROM ledger" if store.is_sqlite else "TRUNCATE ledger"))

    with pytest.raises(IntegrityError, match="only grows"):
        empty()


def test_chain_does_not_fork_when_many_write(store):
    """Writers at the same time are put in line, on PostgreSQL by the advisory lock."""

    def work(number):
        for turn in range(5):
            _append(store, number * 10 + turn)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with store.read() as conn:
        assert ledger.verify(conn) == 30


def test_entry_goes_with_its_transaction(store):
    """What is taken back leaves no entry and no hole in the numbers."""

    def fail():
        with store.write() as conn:
            ledger.append(conn, at=NOW, actor="1", action="a", subject="s", data={})
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    _append(store, 1)
    with store.read() as conn:
        assert ledger.verify(conn) == 1
