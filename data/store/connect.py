"""Opening the store: one SQLite file (WAL) or one PostgreSQL database.

Reads get connections that cannot write; writes get short transactions.
In front of SQLite stands a first-come lock, because its own busy handler retries in no order and
lets some writers starve.
"""

from __future__ import annotations

from collections import deque
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock, get_ident
from typing import TYPE_CHECKING, Protocol, cast

from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from evenhand.data import migrations
from evenhand.data.errors import SettingsError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Connection, Engine

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
# A worker process holds the file for one page at most (well under a second).
BUSY_TIMEOUT_MS = 30_000
READERS = 20


class _Turns:
    """A lock that is given in the order of asking; `threading.Lock` promises none."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Lock] = deque()
        self._holder: int | None = None

    def acquire(self) -> None:
        turn = Lock()
        with self._guard:
            if self._holder == get_ident():
                msg = "a write was asked for inside a write; hand the open connection on instead"
                raise StoreError(msg)
            if self._holder is None:
                self._holder = get_ident()
                return
            turn.acquire()
            self._waiting.append(turn)
        try:
            turn.acquire()
        except BaseException:
            self._give_up(turn)
            raise
        with self._guard:
            self._holder = get_ident()

    def release(self) -> None:
        with self._guard:
            self._next()

    def _next(self) -> None:
        if self._waiting:
            # Held for the woken thread until it signs in: nobody may overtake it.
            self._holder = -1
            self._waiting.popleft().release()
        else:
            self._holder = None

    def _give_up(self, turn: Lock) -> None:
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
            else:
                self._next()


class Store:
    """The open store: `read()` and `write()` give connections for the functions of this folder."""

    def __init__(self, reader: Engine, writer: Engine) -> None:
        self._reader = reader
        self._writer = writer
        self._turns = _Turns()

    @property
    def is_sqlite(self) -> bool:
        """Say whether the store is one file of this machine."""
        return self._writer.dialect.name == "sqlite"

    @property
    def path(self) -> Path | None:
        """The file of a SQLite store; None on PostgreSQL."""
        name = self._writer.url.database
        return Path(name) if self.is_sqlite and name else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the store and cannot change it."""
        with _translated(), self._reader.connect() as conn, conn.begin():
            yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give the one transaction of this moment: all of it is stored on leaving, or nothing.

        Keep it short, and never fetch or classify inside: everybody else waits.

        Raises:
            StoreError: Another process holds the file, or this thread already writes.
        """
        if not self.is_sqlite:
            with _translated(), self._writer.begin() as conn:
                yield conn
            return
        self._turns.acquire()
        try:
            with _translated(), self._writer.begin() as conn:
                yield conn
        finally:
            self._turns.release()

    def wipe_log(self) -> None:
        """Empty SQLite's write-ahead log, where erased text would stay for a while."""
        if not self.is_sqlite:
            return
        self._turns.acquire()
        try:
            raw = self._writer.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()
        finally:
            self._turns.release()

    def close(self) -> None:
        """Give all connections back; the store cannot be used afterwards."""
        self._reader.dispose()
        self._writer.dispose()


def open_store(url: str, *, migrate: bool = True) -> Store:
    """Open the store at *url*, bringing its schema up to date unless *migrate* is off.

    Args:
        url: `sqlite:///folder/file.db` or `postgresql+psycopg://person@host/database`.
        migrate: False refuses an older schema instead of changing it.

    Raises:
        SettingsError: *url* names another engine, or no file.
        SchemaTooNew: A newer Evenhand wrote this store.
        StoreError: It cannot be opened, or its schema is older and *migrate* is False.
    """
    store = _connected(url)
    try:
        _bring_up(store, migrate=migrate)
    except BaseException:
        store.close()
        raise
    return store


def schema_of(url: str) -> str | None:
    """Tell at which schema the store is, and change nothing; None is an empty one.

    Raises:
        SettingsError: *url* names another engine, or no file.
        SchemaTooNew: A newer Evenhand wrote this store.
        StoreError: It cannot be opened.
    """
    with closing(_connected(url)) as store, store.read() as conn:
        found = migrations.revision(conn)
    migrations.refuse_newer(found)
    return found


def _connected(url: str) -> Store:
    parsed = _parsed(url)
    make = _sqlite if parsed.get_backend_name() == "sqlite" else _postgres
    return Store(make(parsed, writes=False), make(parsed, writes=True))


def _bring_up(store: Store, *, migrate: bool) -> None:
    # A look waits for nobody: a server must be able to start while others write.
    with store.read() as conn:
        if _is_up_to_date(conn, migrate=migrate):
            return
    with store.write() as conn:
        # Another process may have been quicker.
        if not _is_up_to_date(conn, migrate=migrate):
            migrations.upgrade(conn)


def _is_up_to_date(conn: Connection, *, migrate: bool) -> bool:
    at = migrations.revision(conn)
    migrations.refuse_newer(at)
    if at != migrations.HEAD and not migrate:
        found = at or "empty"
        msg = f"the store's schema is {found}, not {migrations.HEAD}; run: evenhand upgrade"
        raise StoreError(msg)
    return at == migrations.HEAD


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        msg = (
            "the store's url cannot be read; write sqlite:///evenhand.db or postgresql+psycopg://…"
        )
        raise SettingsError(msg) from error
    backend = parsed.get_backend_name()
    if backend not in DRIVERS:
        msg = f"the store runs on sqlite or postgresql, not on {backend!r}; mend store_url"
        raise SettingsError(msg)
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        msg = "a sqlite store needs a file, because readers and writers connect apart; name one"
        raise SettingsError(msg)
    return parsed.set(drivername=DRIVERS[backend])


class _Cursor(Protocol):
    def execute(self, sql: str, /) -> object: ...

    def close(self) -> None: ...


class _Raw(Protocol):
    isolation_level: str | None

    def cursor(self) -> _Cursor: ...


def _sqlite(url: URL, *, writes: bool) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=1 if writes else READERS,
        max_overflow=0,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
    )
    pragmas = [
        "journal_mode = WAL",
        # An acknowledged decision survives a power cut.
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        # Erased text is overwritten with zeros, not only unlinked.
        "secure_delete = ON",
        "temp_store = MEMORY",
        # 16 MiB of log instead of 4: the pages of an ingest's indexes are written back less often.
        "wal_autocheckpoint = 4000",
        "cache_size = -16000",
        f"query_only = {'OFF' if writes else 'ON'}",
    ]
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

    def prepare(raw: object, _record: object) -> None:
        # The driver's own BEGIN comes late and only before some statements; ours is below.
        cast("_Raw", raw).isolation_level = None
        cursor = cast("_Raw", raw).cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(conn: Connection) -> None:
        conn.exec_driver_sql(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    return engine


def _postgres(url: URL, *, writes: bool) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        # Positional parameters, so that the fast path hands over tuples on both engines.
        paramstyle="format",
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=READERS - 5,
        # Else each statement of a read sees a state of its own; writes lock what they read.
        isolation_level="READ COMMITTED" if writes else "REPEATABLE READ",
    )
    return engine if writes else engine.execution_options(postgresql_readonly=True)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        # The driver's own sentence may quote a value, so only its kind is repeated.
        msg = (
            f"the store could not be reached or is busy ({type(error.orig).__name__}); "
            "check that its disk has room, that its server runs and that no other program holds it"
        )
        raise StoreError(msg) from error
    except NoConnectionLeft as error:
        msg = "all connections to the store are in use and none came free in 30 s; try again"
        raise StoreError(msg) from error


def ping(store: Store) -> None:
    """Ask the store for one row.

    Raises:
        StoreError: It does not answer.
    """
    with store.read() as conn:
        conn.execute(text("SELECT 1"))
