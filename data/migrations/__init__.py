"""The schema's history: one chain of Alembic revisions for both engines.

Alembic itself is imported only when something has to change, so that opening an up-to-date store
stays quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from evenhand.data.errors import SchemaTooNew

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

# Every revision in order; a test compares it with the files.
REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
)
HEAD = REVISIONS[-1]


def revision(conn: Connection) -> str | None:
    """Read which revision the store has; None is an empty store."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found: str | None = conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def refuse_newer(at: str | None) -> None:
    """Let known revisions pass.

    Raises:
        SchemaTooNew: *at* is not one of ours.
    """
    if at is not None and at not in REVISIONS:
        msg = (
            f"the store's schema {at!r} is newer than this program knows ({HEAD}); "
            "install the Evenhand that wrote it, or restore a backup"
        )
        raise SchemaTooNew(msg)


def upgrade(conn: Connection, to: str = HEAD) -> None:
    """Bring the store up to revision *to* inside the open transaction."""
    from alembic import command  # noqa: PLC0415 - only paid for when the schema changes

    _lock(conn)
    command.upgrade(_config(conn), to)


def downgrade(conn: Connection, to: str) -> None:
    """Take the store back to revision *to* ("base" empties it) inside the open transaction."""
    from alembic import command  # noqa: PLC0415 - only paid for when the schema changes

    _lock(conn)
    command.downgrade(_config(conn), to)


def _lock(conn: Connection) -> None:
    # SQLite holds the whole file already; on PostgreSQL two programs may start at once.
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(1702258286)"))


def _config(conn: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - only paid for when the schema changes

    config = Config()
    # "package:folder" is resolved through importlib, so a wheel works like a working copy.
    config.set_main_option("script_location", "evenhand.data:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    return config
