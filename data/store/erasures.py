"""Erasing posts: what their platforms deleted, whose account is gone, and what retention ends.

The row of a deleted post stays, without text, pseudonym and locator, so that counts stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, literal, literal_column, select, update

from evenhand.data.store import dialect, item_texts, items, rollup_purges, signatures, waves_left
from evenhand.data.store.bound import POST
from evenhand.data.store.children import IS_OWN
from evenhand.data.store.posts import lock_source
from evenhand.data.store.rollup_purges import Erased
from evenhand.data.tables import Utc, draft, flag, item, post, post_version, tombstone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

_SAID = (
    update(post)
    .where(post.c.id == POST)
    .values(platform_deleted_at=bindparam("said_at", type_=Utc()))
)


def lock_gone(conn: Connection, source_id: int, native_keys: Sequence[str]) -> None:
    """Lock posts that will be erased, and their items, before the same write counts anything.

    Posts, then items, then roll-ups: in another order a decision and a page could wait for each
    other.
    """
    lock_source(conn, source_id)
    here = and_(post.c.source_id == source_id, dialect.among(conn, post.c.native_key, native_keys))
    query = select(post.c.id).where(here).order_by(post.c.id)
    items.of_posts(conn, list(conn.execute(dialect.lock_rows(query)).scalars()))


def tombstone_posts(
    conn: Connection,
    source_id: int,
    gone: Mapping[str, datetime | None],
    now: datetime,
) -> int:
    """Erase posts that their platform no longer shows, and say how many were erased now.

    *gone* says of each native key when the platform deleted it, as far as it tells.
    Keys that were never stored are noted, so that a late arrival is not stored either.
    """
    here = and_(post.c.source_id == source_id, dialect.among(conn, post.c.native_key, list(gone)))
    stored = set(conn.execute(select(post.c.native_key).where(here)).scalars())
    unseen = sorted(set(gone) - stored)
    dialect.insert_missing(
        conn,
        tombstone,
        [{"source_id": source_id, "native_key": key, "at": now} for key in unseen],
    )
    return _erase(conn, here, now, gone)


def erase_author(conn: Connection, author_ref: str, now: datetime) -> int:
    """Erase everything under one pseudonym, and say how many posts were erased now."""
    return _erase(conn, post.c.author_ref == author_ref, now, {})


def _erase(
    conn: Connection,
    which: ColumnElement[bool],
    now: datetime,
    told: Mapping[str, datetime | None],
) -> int:
    query = (
        select(post.c.id, post.c.native_key, post.c.source_id, post.c.text_erased_at)
        .where(which, post.c.deleted_at.is_(None))
        .order_by(post.c.id)
    )
    rows = conn.execute(dialect.lock_rows(query)).all()
    if not rows:
        return 0
    ids = [row.id for row in rows]
    these = dialect.among_ids(conn, post.c.id, ids)
    conn.execute(
        update(post)
        .where(these)
        .values(
            author_ref=None,
            locator=None,
            context_key=None,
            in_reply_to_key=None,
            # Without it nobody can test whether the post said a given thing.
            body_hash="",
            text_erased_at=func.coalesce(post.c.text_erased_at, literal(now, Utc())),
            deleted_at=now,
        ),
    )
    at = {row.id: told.get(row.native_key) for row in rows}
    said = [{"of_post": key, "said_at": min(when, now)} for key, when in at.items() if when]
    if said:
        conn.execute(_SAID, said)
    erased = [Erased(row.source_id, at[row.id], row.text_erased_at is None) for row in rows]
    rollup_purges.count(conn, erased, now)
    _erase_text(conn, ids)
    items.void(conn, ids, now, "deleted_upstream")
    waves_left.bury(conn, ids, now)
    return len(ids)


def _erase_text(conn: Connection, post_ids: Sequence[int]) -> None:
    """Blank all versions, and what repeats parts of the text: reasons, drafts, what is compared."""
    signatures.drop(conn, post_ids)
    item_texts.forget_posts(conn, post_ids)
    conn.execute(
        update(post_version)
        .where(dialect.among_ids(conn, post_version.c.post_id, post_ids))
        .values(content=None, name=None),
    )
    # A model's reasons are n-grams of the text.
    conn.execute(
        update(flag).where(dialect.among_ids(conn, flag.c.post_id, post_ids)).values(reasons=[]),
    )
    own = select(item.c.id).where(dialect.among_ids(conn, item.c.post_id, post_ids), IS_OWN)
    once_more = select(item.c.id).where(item.c.of_item_id.in_(own))
    for theirs in (own, once_more):
        conn.execute(draft.delete().where(draft.c.item_id.in_(theirs)))


def erase_unflagged_text(
    conn: Connection,
    before: datetime,
    now: datetime,
    *,
    at_most: int = 1_000,
) -> int:
    """Erase the text of up to *at_most* unflagged posts fetched before *before*, all versions.

    Posts drawn for an audit stay until it ends; counts and tags stay.

    Returns:
        How many were erased; fewer than *at_most* means that nothing is left to erase.
    """
    # Written out, not bound: the partial index is used only for these very words.
    unread: ColumnElement[bool] = literal_column("NOT post.flagged AND post.text_erased_at IS NULL")
    drawn = select(flag.c.id).where(flag.c.post_id == post.c.id).exists()
    query = (
        select(post.c.id)
        .where(unread, post.c.fetched_at < before, ~drawn)
        .order_by(post.c.fetched_at)
        .limit(at_most)
    )
    ids = list(conn.execute(dialect.lock_rows(query)).scalars())
    if ids:
        these = dialect.among_ids(conn, post.c.id, ids)
        conn.execute(update(post).where(these).values(text_erased_at=now))
        _erase_text(conn, ids)
    return len(ids)
