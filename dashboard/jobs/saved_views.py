"""Saved views: what a page's address says, under a name that the team shares.

Only the fields that the page knows are kept, so that a view can say nothing else.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from evenhand.dashboard.jobs import access
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import saved_views

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store

# Screens take the type from here: they do not see the store.
SavedView = saved_views.SavedView
SHARING = (Role.COORDINATOR, Role.ADMIN)
# The pages that can be saved, with the fields of their addresses.
FIELDS = {"queues": ("q", "queue", "label", "lang", "state", "source")}
LONGEST_NAME = 60
LONGEST_QUERY = 1_000
MOST = 50


def list_views(store: Store, actor: Actor, page: str) -> list[SavedView]:
    """List the views that the actor's team saved of a page, by name.

    Raises:
        NotAllowed: The actor is neither coordinator nor admin.
    """
    access.require(actor, *SHARING)
    with store.read() as conn:
        return saved_views.list_of(conn, actor.team_id, page)


def save(  # noqa: PLR0913, PLR0917 - who keeps what of which page under which name
    store: Store, actor: Actor, page: str, name: str, fields: Mapping[str, str], now: datetime
) -> str:
    """Save what a page's address says for the team and give the view's id.

    Args:
        store: Where views are.
        actor: Whose team shares it.
        page: Which page.
        name: Typed by the actor.
        fields: Of the page; empty ones are left out.
        now: The time.

    Raises:
        InputError: The name is taken or unusable, a field is unknown, or there are too many views.
        NotAllowed: The actor is neither coordinator nor admin, or no person.
    """
    access.require_person(actor, *SHARING)
    name = unicodedata.normalize("NFC", name).strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        msg = f"a saved view needs a name of 1 to {LONGEST_NAME} printable characters; mend it"
        raise InputError(msg)
    query = _query(page, fields)
    with store.write() as conn:
        if len(saved_views.list_of(conn, actor.team_id, page)) >= MOST:
            msg = f"your team has {MOST} saved views of this page; remove one first"
            raise InputError(msg)
        return saved_views.put(
            conn,
            actor.team_id,
            page=page,
            name=name,
            query=query,
            person_id=actor.id,
            now=now,
        )


def fields_of(page: str, view: SavedView) -> dict[str, str]:
    """Give what a view says for each field of its page; empty where it says nothing."""
    said = dict(parse_qsl(view.query))
    return {name: said.get(name, "") for name in FIELDS[page]}


def remove(store: Store, actor: Actor, view_id: str) -> None:
    """Remove a view of the actor's team, whoever saved it.

    Raises:
        NotAllowed: The actor is neither coordinator nor admin, or no person.
        NotFound: The team has no such view.
    """
    access.require_person(actor, *SHARING)
    with store.write() as conn:
        saved_views.remove(conn, actor.team_id, view_id)


def _query(page: str, fields: Mapping[str, str]) -> str:
    known = FIELDS.get(page, ())
    if unknown := sorted(set(fields) - set(known)):
        msg = f"{unknown[0]!r} is no field of the page {page!r} that can be saved; leave it out"
        raise InputError(msg)
    query = urlencode({name: fields[name] for name in known if fields.get(name)})
    if not 0 < len(query) <= LONGEST_QUERY:
        msg = (
            "there is nothing to save, or too much; choose words or filters of up to "
            f"{LONGEST_QUERY} characters first"
        )
        raise InputError(msg)
    return query
