"""What near-duplicates are found by, kept for the days of the window and erased with the text.

A signature is bytes that this module never reads: what they mean is known where they are made.
They are hashes without a key, from which a list of likely words could be read back, so they go
whenever the text goes, and nothing here can be looked up by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, select

from evenhand.data.store import dialect
from evenhand.data.tables import post, source, to_micros
from evenhand.data.tables_review import signature, wave, wave_member

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

    from evenhand.data.store.dialect import Cell

COLUMNS = ("post_id", "at", "data")
LEAD = post.alias("lead")


@dataclass(frozen=True, slots=True)
class Place:
    """A source and whose it is; no team means everybody's."""

    source_id: int
    team_id: int | None


@dataclass(frozen=True, slots=True)
class Stored:
    """The signature of one post, where it came from, and the first post of its wave.

    *lead* is None where the post is in no wave; posts are named by source and native key.
    """

    post_id: int
    at: datetime
    data: bytes
    team_id: int | None
    name: tuple[int, str]
    lead: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class Like:
    """What a text was found to be near to.

    *name* is the source and the native key of the other post, *data* its signature when they were
    compared, *similarity* their share of common words (0-1); *exact* says that the words are equal.
    """

    name: tuple[int, str]
    data: bytes
    similarity: float
    exact: bool


def put(
    conn: Connection, made: Sequence[tuple[int, bytes | None]], now: datetime, *, edited: bool
) -> None:
    """Keep the signatures of posts; None takes away what an *edited* post had."""
    if edited:
        drop(conn, [post_id for post_id, _ in made])
    at = to_micros(now)
    rows: list[tuple[Cell, ...]] = [(key, at, data) for key, data in made if data is not None]
    dialect.insert_rows(conn, signature, COLUMNS, rows)


def drop(conn: Connection, post_ids: Sequence[int]) -> None:
    """Forget the signatures of posts whose text is gone or another one."""
    if post_ids:
        these = dialect.among_ids(conn, signature.c.post_id, post_ids)
        conn.execute(delete(signature).where(these))


def prune(conn: Connection, before: datetime, *, at_most: int = 10_000) -> int:
    """Forget up to *at_most* signatures that fell out of the window, and say how many."""
    old = select(signature.c.post_id).where(signature.c.at < before).limit(at_most)
    gone = conn.execute(
        delete(signature).where(signature.c.post_id.in_(old)).returning(signature.c.post_id)
    )
    return len(gone.all())


def newest(conn: Connection, since: datetime, most: int) -> list[Stored]:
    """Read the *most* newest signatures since a time, newest first."""
    query = _stored().where(signature.c.at >= since)
    query = query.order_by(signature.c.at.desc(), signature.c.post_id.desc()).limit(most)
    return [_read(row) for row in conn.execute(query)]


def above(conn: Connection, post_id: int) -> list[tuple[int, tuple[int, str]]]:
    """List key and name of the posts above a key that have a signature, in order."""
    query = (
        select(signature.c.post_id, post.c.source_id, post.c.native_key)
        .join(post, post.c.id == signature.c.post_id)
        .where(signature.c.post_id > post_id)
        .order_by(signature.c.post_id)
    )
    return [(row.post_id, (row.source_id, row.native_key)) for row in conn.execute(query)]


def of_posts(conn: Connection, post_ids: Collection[int]) -> list[Stored]:
    """Read the signatures of these posts, in order."""
    if not post_ids:
        return []
    these = dialect.among_ids(conn, signature.c.post_id, list(post_ids))
    query = _stored().where(these).order_by(signature.c.post_id)
    return [_read(row) for row in conn.execute(query)]


def names(conn: Connection) -> set[tuple[int, str]]:
    """Read the names of all posts that have a signature."""
    query = select(post.c.source_id, post.c.native_key)
    query = query.join(signature, signature.c.post_id == post.c.id)
    return {(row.source_id, row.native_key) for row in conn.execute(query)}


def place_of(conn: Connection, source_id: int) -> Place:
    """Read whose posts a source's are."""
    query = select(source.c.team_id).where(source.c.id == source_id)
    return Place(source_id, conn.execute(query).scalar())


def _stored() -> Select[int, datetime, bytes, int | None, int, str, int | None, str | None]:
    return (
        select(
            signature.c.post_id,
            signature.c.at,
            signature.c.data,
            source.c.team_id,
            post.c.source_id,
            post.c.native_key,
            LEAD.c.source_id.label("lead_source_id"),
            LEAD.c.native_key.label("lead_native_key"),
        )
        .join(post, post.c.id == signature.c.post_id)
        .join(source, source.c.id == post.c.source_id)
        .outerjoin(
            wave_member,
            and_(wave_member.c.post_id == signature.c.post_id, wave_member.c.left_at.is_(None)),
        )
        .outerjoin(wave, wave.c.id == wave_member.c.wave_id)
        .outerjoin(LEAD, LEAD.c.id == wave.c.first_post_id)
    )


def _read(row: Row[int, datetime, bytes, int | None, int, str, int | None, str | None]) -> Stored:
    lead = None if row.lead_source_id is None else (row.lead_source_id, row.lead_native_key)
    name = (row.source_id, row.native_key)
    return Stored(row.post_id, row.at, bytes(row.data), row.team_id, name, lead)
