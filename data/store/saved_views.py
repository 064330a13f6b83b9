"""Saved views: a name for what a page's address says, shared by a team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from evenhand.data.errors import InputError, NotFound
from evenhand.data.store.claims import key_of
from evenhand.data.tables import person
from evenhand.data.tables_review import saved_view

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view as it was saved; *query* is the part of the address behind the question mark."""

    id: str
    name: str
    query: str
    made_by: str


def list_of(conn: Connection, team_id: str | None, page: str) -> list[SavedView]:
    """List a team's views of a page by name; those of nobody's team for None."""
    query = (
        select(saved_view, person.c.name.label("person_name"))
        .join(person, person.c.id == saved_view.c.made_by)
        .where(_theirs(team_id), saved_view.c.page == page)
        .order_by(saved_view.c.name, saved_view.c.id)
    )
    return [
        SavedView(str(row.id), row.name, row.query, row.person_name) for row in conn.execute(query)
    ]


def put(  # noqa: PLR0913 - the parts of a view
    conn: Connection,
    team_id: str | None,
    *,
    page: str,
    name: str,
    query: str,
    person_id: str,
    now: datetime,
) -> str:
    """Save a view and give its id.

    Raises:
        InputError: The team has a view of this name on the page.
    """
    values = {
        "team_id": None if team_id is None else int(team_id),
        "page": page,
        "name": name,
        "query": query,
        "made_by": int(person_id),
        "made_at": now,
    }
    msg = f"your team has a saved view {name!r} already; remove it first, or choose a new name"
    # The engine takes two rows of nobody's team for different ones.
    if team_id is None and name in {one.name for one in list_of(conn, None, page)}:
        raise InputError(msg)
    try:
        with conn.begin_nested():
            made = conn.execute(insert(saved_view).values(**values).returning(saved_view.c.id))
            return str(made.scalar_one())
    except IntegrityError as error:
        raise InputError(msg) from error


def remove(conn: Connection, team_id: str | None, view_id: str) -> None:
    """Remove a view of a team.

    Raises:
        NotFound: The team has none of this id.
    """
    query = delete(saved_view).where(_theirs(team_id), saved_view.c.id == key_of(view_id))
    if conn.execute(query.returning(saved_view.c.id)).first() is None:
        msg = f"your team has no saved view {view_id!r}; reload the page"
        raise NotFound(msg)


def _theirs(team_id: str | None) -> ColumnElement[bool]:
    if team_id is None:
        return saved_view.c.team_id.is_(None)
    return saved_view.c.team_id == int(team_id)
