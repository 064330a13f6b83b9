"""The text of a post with an item, for lists that analysts and coordinators look through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.data.errors import NotAllowed, NotFound
from evenhand.data.store import posts

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from evenhand.data.records import Actor


def text_if_open(
    conn: Connection, actor: Actor, item_id: str, post_id: int, version: int
) -> str | None:
    """Read one version of an item's post; None where it was erased or is not open to the actor.

    It is open on the ground of a flag, or of a draw that put it before people.
    """
    try:
        permit = posts.permit_by_flag(conn, actor, item_id)
    except (NotAllowed, NotFound):
        try:
            permit = posts.permit_by_audit(conn, actor, post_id)
        except NotAllowed:
            return None
    return posts.text_of(conn, post_id, version, permit=permit).content
