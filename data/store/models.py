"""Trained models and their state: candidate, shadow, active, retired; at most one is active.

A promotion has two persons: whoever trained or asked for it never promotes; the jobs see to that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import insert, select, update

from evenhand.data.errors import NotFound
from evenhand.data.store import dialect, ledger
from evenhand.data.tables import model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

# The terminal and the worker: no person, and no row.
NOBODY = "0"


class ModelState(StrEnum):
    """Where a model stands."""

    CANDIDATE = "candidate"
    SHADOW = "shadow"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Model:
    """A model on the shelf: its folder, the hash of its content, its card and its history.

    *path* is empty for the model that ships with Evenhand.
    *file_hash* is the SHA-256 of the file of arrays.
    *replaced* is the version that was active before: where a rollback leads.
    People are ids; None beside a filled time is the terminal.
    """

    version: str
    state: ModelState
    path: str
    content_hash: str
    card: Mapping[str, object]
    registered_at: datetime
    file_hash: str | None = None
    based_on: str | None = None
    trained_by: str | None = None
    asked_by: str | None = None
    asked_at: datetime | None = None
    promoted_by: str | None = None
    promoted_at: datetime | None = None
    replaced: str | None = None

    @property
    def is_shipped(self) -> bool:
        """Say whether it came with Evenhand."""
        return not self.path


def register(conn: Connection, new: Model) -> bool:
    """Put a model on the shelf and say so; one of the same version stays as it is."""
    if _has(conn, new.version):
        return False
    if new.state is ModelState.ACTIVE:
        _retire_active(conn)
    row: dict[str, object] = {
        "version": new.version,
        "state": new.state.value,
        "path": new.path,
        "content_hash": new.content_hash,
        "card": dict(new.card),
        "registered_at": new.registered_at,
        "file_hash": new.file_hash,
        "based_on": new.based_on,
        "trained_by": _key(new.trained_by),
        "replaced": new.replaced,
    }
    conn.execute(insert(model).values(**row))
    return True


def get(conn: Connection, version: str) -> Model:
    """Find a model.

    Raises:
        NotFound: There is none of this version.
    """
    found = find(conn, version)
    if found is None:
        msg = f"no model has the version {version!r}; see the models page for those there are"
        raise NotFound(msg)
    return found


def find(conn: Connection, version: str) -> Model | None:
    """Find a model; None where there is none of this version."""
    row = conn.execute(select(model).where(model.c.version == version)).first()
    return None if row is None else _model(row)


def list_all(conn: Connection) -> list[Model]:
    """List all models, newest first."""
    query = select(model).order_by(model.c.registered_at.desc(), model.c.version)
    return [_model(row) for row in conn.execute(query)]


def active(conn: Connection) -> Model | None:
    """Find the model that tags now; None before the first is activated."""
    return _in_state(conn, ModelState.ACTIVE)


def on_trial(conn: Connection) -> Model | None:
    """Find the model that tags in the shadow of the active one, if any."""
    return _in_state(conn, ModelState.SHADOW)


def lock(conn: Connection) -> None:
    """Let one transaction at a time change what is active, on trial or asked for."""
    conn.execute(dialect.lock_rows(select(model.c.version).order_by(model.c.version)))


def set_state(conn: Connection, version: str, state: ModelState) -> None:
    """Move a model; the one that was active retires when another becomes so.

    A shadow that another one takes the place of is a candidate again.

    Raises:
        NotFound: There is none of this version.
    """
    lock(conn)
    get(conn, version)
    if state is ModelState.ACTIVE:
        _retire_active(conn)
    if state is ModelState.SHADOW:
        _move(conn, ModelState.SHADOW, ModelState.CANDIDATE)
    conn.execute(update(model).where(model.c.version == version).values(state=state.value))


def ask(conn: Connection, version: str, *, person_id: str, now: datetime) -> None:
    """Note that somebody asks for the promotion of a model."""
    _set(conn, version, asked_by=_key(person_id), asked_at=now)


def unask(conn: Connection, version: str) -> None:
    """Take the request for a promotion back."""
    _set(conn, version, asked_by=None, asked_at=None)


def activate(conn: Connection, version: str, *, person_id: str, now: datetime) -> str | None:
    """Make a model the active one, note who did so, and give the version that it replaces."""
    lock(conn)
    before = active(conn)
    set_state(conn, version, ModelState.ACTIVE)
    replaced = None if before is None else before.version
    _set(conn, version, promoted_by=_key(person_id), promoted_at=now, replaced=replaced)
    return replaced


def put_back(conn: Connection, version: str) -> None:
    """Make an earlier model the active one again; its own history stays as it was."""
    set_state(conn, version, ModelState.ACTIVE)


def log(  # noqa: PLR0913, PLR0917 - the parts of a ledger entry
    conn: Connection,
    now: datetime,
    actor_id: str,
    action: str,
    version: str,
    data: Mapping[str, object],
) -> None:
    """Write a ledger entry about a model; the last thing in a transaction."""
    ledger.append(
        conn, at=now, actor=actor_id, action=action, subject=f"model:{version}", data=data
    )


def _set(conn: Connection, version: str, **values: object) -> None:
    conn.execute(update(model).where(model.c.version == version).values(**values))


def _in_state(conn: Connection, state: ModelState) -> Model | None:
    query = select(model).where(model.c.state == state.value).order_by(model.c.version)
    row = conn.execute(query).first()
    return None if row is None else _model(row)


def _retire_active(conn: Connection) -> None:
    _move(conn, ModelState.ACTIVE, ModelState.RETIRED)


def _move(conn: Connection, state: ModelState, to: ModelState) -> None:
    conn.execute(update(model).where(model.c.state == state.value).values(state=to.value))


def _has(conn: Connection, version: str) -> bool:
    query = select(model.c.version).where(model.c.version == version)
    return conn.execute(query).first() is not None


def _key(person_id: str | None) -> int | None:
    return int(person_id) if person_id is not None and person_id != NOBODY else None


def _id(key: int | None) -> str | None:
    return None if key is None else str(key)


def _model(row: Row[*tuple[Any, ...]]) -> Model:
    return Model(
        version=row.version,
        state=ModelState(row.state),
        path=row.path,
        content_hash=row.content_hash,
        card=cast("Mapping[str, object]", row.card),
        registered_at=row.registered_at,
        file_hash=row.file_hash,
        based_on=row.based_on,
        trained_by=_id(row.trained_by),
        asked_by=_id(row.asked_by),
        asked_at=row.asked_at,
        promoted_by=_id(row.promoted_by),
        promoted_at=row.promoted_at,
        replaced=row.replaced,
    )
