"""Trained models and their state: candidate, shadow, active, retired; at most one is active."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from sqlalchemy import insert, select, update

from evenhand.data.errors import NotFound
from evenhand.data.store import dialect
from evenhand.data.tables import model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row


class ModelState(StrEnum):
    """Where a model stands."""

    CANDIDATE = "candidate"
    SHADOW = "shadow"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Model:
    """A model on the shelf: its file, the hash of its content and its card."""

    version: str
    state: ModelState
    path: str
    content_hash: str
    card: Mapping[str, object]
    registered_at: datetime


def register(conn: Connection, new: Model) -> None:
    """Put a model on the shelf; one of the same version stays as it is."""
    row: dict[str, object] = {
        "version": new.version,
        "state": new.state.value,
        "path": new.path,
        "content_hash": new.content_hash,
        "card": dict(new.card),
        "registered_at": new.registered_at,
    }
    if new.state is ModelState.ACTIVE and not _has(conn, new.version):
        _retire_active(conn)
    if not _has(conn, new.version):
        conn.execute(insert(model).values(**row))


def get(conn: Connection, version: str) -> Model:
    """Find a model.

    Raises:
        NotFound: There is none of this version.
    """
    row = conn.execute(select(model).where(model.c.version == version)).first()
    if row is None:
        msg = f"no model has the version {version!r}; see the models page for those there are"
        raise NotFound(msg)
    return _model(row)


def list_all(conn: Connection) -> list[Model]:
    """List all models, newest first."""
    query = select(model).order_by(model.c.registered_at.desc(), model.c.version)
    return [_model(row) for row in conn.execute(query)]


def active(conn: Connection) -> Model | None:
    """Find the model that tags now; None before the first is activated."""
    row = conn.execute(select(model).where(model.c.state == ModelState.ACTIVE.value)).first()
    return None if row is None else _model(row)


def set_state(conn: Connection, version: str, state: ModelState) -> None:
    """Move a model; the one that was active retires when another becomes so.

    Raises:
        NotFound: There is none of this version.
    """
    conn.execute(dialect.lock_rows(select(model.c.version).order_by(model.c.version)))
    get(conn, version)
    if state is ModelState.ACTIVE:
        _retire_active(conn)
    conn.execute(update(model).where(model.c.version == version).values(state=state.value))


def _retire_active(conn: Connection) -> None:
    conn.execute(
        update(model)
        .where(model.c.state == ModelState.ACTIVE.value)
        .values(state=ModelState.RETIRED.value),
    )


def _has(conn: Connection, version: str) -> bool:
    query = select(model.c.version).where(model.c.version == version)
    return conn.execute(query).first() is not None


def _model(row: Row[tuple[object, ...]]) -> Model:
    return Model(
        version=row.version,
        state=ModelState(row.state),
        path=row.path,
        content_hash=row.content_hash,
        card=cast("Mapping[str, object]", row.card),
        registered_at=row.registered_at,
    )
