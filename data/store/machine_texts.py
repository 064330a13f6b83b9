"""Texts for the worker's models alone: nothing that is read here is ever shown to anybody.

People read through `posts.text_of`, with a permit.
A model on trial, a re-scoring, a learning draw and the drift report read unflagged texts that
retention has not erased yet, as the tagger did when they arrived; what leaves them are scores and
counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import and_, func, select

from evenhand.data.store import dialect
from evenhand.data.tables import flag, post, post_version, source, tag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select


@dataclass(frozen=True, slots=True)
class MachineText:
    """The present text of a stored post; *name* is its title.

    *source_name* serves the mix of sources in the drift report and nothing else.
    """

    post_id: int
    version: int
    content: str
    name: str | None
    lang: str
    reach: int
    source_name: str
    fetched_at: datetime

    @property
    def text(self) -> str:
        """Give what the tagger reads: the title in front of the text."""
        return self.content if self.name is None else f"{self.name}\n{self.content}"


def after(conn: Connection, post_id: int, *, at_most: int) -> list[MachineText]:
    """Read the next posts that still have a text, by id."""
    query = _texts().where(post.c.id > post_id).order_by(post.c.id).limit(at_most)
    return [_read(row) for row in conn.execute(query)]


def untagged(
    conn: Connection, model: str, since: datetime, post_id: int, *, at_most: int
) -> list[MachineText]:
    """Read the next posts fetched since *since* whose present version *model* has not tagged."""
    told = select(tag.c.post_id).where(
        tag.c.post_id == post.c.id, tag.c.version == post.c.version, tag.c.model == model
    )
    query = (
        _texts()
        .where(post.c.id > post_id, post.c.fetched_at >= since, ~told.exists())
        .order_by(post.c.id)
        .limit(at_most)
    )
    return [_read(row) for row in conn.execute(query)]


def fetched_between(conn: Connection, since: datetime, until: datetime) -> list[int]:
    """List the posts with a text that were fetched from *since* to before *until*, by id."""
    query = (
        select(post.c.id)
        .where(
            post.c.fetched_at >= since,
            post.c.fetched_at < until,
            post.c.text_erased_at.is_(None),
            post.c.deleted_at.is_(None),
        )
        .order_by(post.c.id)
    )
    return list(conn.execute(query).scalars())


def drawable(conn: Connection) -> list[int]:
    """List the posts that a learning draw may choose from, by id.

    Unflagged, never drawn, with a text, and allowed to train; no word, topic or source is asked
    for.
    """
    up = select(flag.c.id).where(flag.c.post_id == post.c.id).exists()
    query = (
        select(post.c.id)
        .join(source, source.c.id == post.c.source_id)
        .where(
            ~post.c.flagged,
            post.c.text_erased_at.is_(None),
            post.c.deleted_at.is_(None),
            post.c.may_train,
            source.c.may_train,
            ~up,
        )
        .order_by(post.c.id)
    )
    return list(conn.execute(query).scalars())


def of(conn: Connection, post_ids: Sequence[int]) -> list[MachineText]:
    """Read the texts of these posts, by id; those without one are left out."""
    query = _texts().where(dialect.among_ids(conn, post.c.id, list(post_ids)))
    return [_read(row) for row in conn.execute(query.order_by(post.c.id))]


def scores_of(conn: Connection, post_ids: Sequence[int]) -> dict[int, dict[str, float]]:
    """Read what the tag of each post's present version says, as label to score."""
    query = (
        select(tag.c.post_id, tag.c.harms, tag.c.requests)
        .join(post, and_(post.c.id == tag.c.post_id, post.c.version == tag.c.version))
        .where(dialect.among_ids(conn, tag.c.post_id, list(post_ids)), ~tag.c.shadow)
        .order_by(tag.c.tagged_at)
    )
    found: dict[int, dict[str, float]] = {}
    for row in conn.execute(query):
        both = cast("Mapping[str, list[float]]", {**row.harms, **row.requests})
        found[row.post_id] = {label: float(pair[0]) for label, pair in both.items()}
    return found


def last_id(conn: Connection) -> int:
    """Give the highest id of a post; 0 without posts."""
    return int(conn.execute(select(func.coalesce(func.max(post.c.id), 0))).scalar_one())


def _texts() -> Select[*tuple[Any, ...]]:
    here = and_(post_version.c.post_id == post.c.id, post_version.c.version == post.c.version)
    held: ColumnElement[bool] = and_(
        post.c.text_erased_at.is_(None),
        post.c.deleted_at.is_(None),
        post_version.c.content.is_not(None),
    )
    return (
        select(
            post.c.id,
            post.c.version,
            post_version.c.content,
            post_version.c.name,
            post.c.lang,
            post.c.reach,
            source.c.name.label("source_name"),
            post.c.fetched_at,
        )
        .join(post_version, here)
        .join(source, source.c.id == post.c.source_id)
        .where(held)
    )


def _read(row: Row[*tuple[Any, ...]]) -> MachineText:
    return MachineText(*row)
