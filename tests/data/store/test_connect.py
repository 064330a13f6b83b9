"""Opening the store, its two kinds of connections and the order of writers."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from evenhand.data import migrations, tables
from evenhand.data.errors import SchemaTooNew, SettingsError, StoreError
from evenhand.data.store.connect import READERS, open_store, ping

TEAMS = text("SELECT count(*) FROM team")
ADD = text("INSERT INTO team (name) VALUES (:name)")


def test_read_cannot_write_when_asked_to(store):
    """A connection for reading refuses to change anything."""
    with (
        pytest.raises((DBAPIError, StoreError)),
        store.read() as conn,
    ):
        conn.execute(ADD, {"name": "lén"})

    with store.read() as conn:
        assert conn.execute(TEAMS).scalar() == 0


def test_read_sees_one_state_of_the_store_whatever_is_written_meanwhile(store):
    """Figures that are read one after the other fit together."""
    with store.read() as conn:
        before = conn.execute(TEAMS).scalar()
        with store.write() as other:
            other.execute(ADD, {"name": "giữa chừng"})
        during = conn.execute(TEAMS).scalar()
    with store.read() as conn:
        after = conn.execute(TEAMS).scalar()

    assert (0, 0, 1) == (before, during, after)


def test_write_leaves_nothing_when_it_fails(store):
    """An error inside a write takes everything back, and the next write works."""

    def fail():
        with store.write() as conn:
            conn.execute(ADD, {"name": "một"})
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with store.write() as conn:
        conn.execute(ADD, {"name": "hai"})

    with store.read() as conn:
        assert conn.execute(TEAMS).scalar() == 1


def test_write_is_refused_inside_a_write(tmp_path):
    """A thread that would wait for itself is told so at once."""
    store = open_store(f"sqlite:///{tmp_path}/a.db")
    with pytest.raises(StoreError, match="inside a write"), store.write(), store.write():
        pass

    with store.write() as conn:
        conn.execute(ADD, {"name": "sau"})
    store.close()


def test_write_comes_in_order_of_asking(tmp_path):
    """On SQLite the writers are served first come, first served."""
    store = open_store(f"sqlite:///{tmp_path}/a.db")
    served = []

    def work(number):
        with store.write():
            served.append(number)

    threads = []
    with store.write():
        for number in range(8):
            threads.append(threading.Thread(target=work, args=(number,)))
            threads[-1].start()
            while len(store._turns._waiting) <= number:
                threading.Event().wait(0.001)
    for thread in threads:
        thread.join()
    store.close()

    assert served == list(range(8))


def test_write_counts_every_addition_when_many_threads_write(store):
    """No update is lost between threads."""

    def work(number):
        for turn in range(10):
            with store.write() as conn:
                conn.execute(ADD, {"name": f"{number}-{turn}"})

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with store.read() as conn:
        assert conn.execute(TEAMS).scalar() == 60


def test_sqlite_keeps_acknowledged_writes_and_wipes_deleted_ones(tmp_path):
    """The pragmas that durability and erasure rest on are set on the writing connection."""
    store = open_store(f"sqlite:///{tmp_path}/a.db")
    with store.write() as conn:
        found = {
            name: conn.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    store.close()

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_errors_never_quote_values(store):
    """What was to be stored does not appear in an error, and so not in a log."""
    with store.write() as conn:
        conn.execute(ADD, {"name": "chuyện riêng"})
    with pytest.raises(DBAPIError) as caught, store.write() as conn:
        conn.execute(text("INSERT INTO team (id, name) VALUES (1, :name)"), {"name": "bí mật"})

    assert "bí mật" not in str(caught.value)


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "nonsense"])
def test_open_store_refuses_other_engines(url):
    """Another engine, or SQLite without a file, is a matter of settings."""
    with pytest.raises(SettingsError):
        open_store(url)


def test_open_store_refuses_a_newer_schema(store, store_url):
    """A program that is older than the store does not touch it."""
    with store.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaTooNew, match="9999"):
        open_store(store_url)


def test_open_store_refuses_an_older_schema_when_told_not_to_migrate(tmp_path):
    """`migrate=False` names the command instead of changing the schema."""
    with pytest.raises(StoreError, match="evenhand upgrade"):
        open_store(f"sqlite:///{tmp_path}/new.db", migrate=False)


def test_store_without_a_free_connection_says_what_to_do(store):
    """More reads at once than connections: the last one gets a sentence, not a library's error."""
    store._reader.pool._timeout = 0.05
    with ExitStack() as stack:
        for _ in range(READERS):
            stack.enter_context(store.read())
        with pytest.raises(StoreError, match="in use"):
            ping(store)


def test_open_store_waits_for_no_writer(store, store_url):
    """A server starts while another process holds the turn to write."""
    with store.write() as conn:
        conn.execute(tables.team.insert().values(name="Tổ trực"))
        open_store(store_url).close()


def test_open_store_says_what_to_do_when_the_folder_is_missing(tmp_path):
    """A path that cannot be opened gives a store error, not the driver's."""
    with pytest.raises(StoreError, match="could not be reached"):
        open_store(f"sqlite:///{tmp_path}/none/a.db")


def test_ping_answers_on_an_open_store(store):
    """An open store answers, and knows which engine it is."""
    ping(store)
    store.wipe_log()

    assert store.is_sqlite == (store.path is not None)
    with store.read() as conn:
        assert migrations.revision(conn) == migrations.HEAD
