"""What a model on trial and the active model say of the same posts.

Disagreements are listed only on posts that have an item; on all others they are only counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import and_, or_, select

from evenhand.data.records import Actor, Band, ItemState, Score
from evenhand.data.store import dialect
from evenhand.data.store.children import IS_OWN
from evenhand.data.tables import item, post, tag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

# Items looked through for disagreements, newest first.
LOOKED_THROUGH = 2_000
NOTHING = Score(0.0, Band.NOTHING)


@dataclass(frozen=True, slots=True)
class Both:
    """What both models said of the present version of a post with an item."""

    item_id: str
    post_id: int
    version: int
    lang: str
    active: Mapping[str, Score]
    shadow: Mapping[str, Score]


def said_of(conn: Connection, post_ids: Sequence[int]) -> dict[int, dict[str, Score]]:
    """Read what the tag of each post's present version says; labels left out scored nothing."""
    query = (
        select(tag.c.post_id, tag.c.harms, tag.c.requests)
        .join(post, and_(post.c.id == tag.c.post_id, post.c.version == tag.c.version))
        .where(dialect.among_ids(conn, tag.c.post_id, list(post_ids)), ~tag.c.shadow)
        .order_by(tag.c.tagged_at)
    )
    return {row.post_id: _scores(row.harms, row.requests) for row in conn.execute(query)}


def with_item(conn: Connection, post_ids: Sequence[int]) -> set[int]:
    """Find the posts that a person may read because they have an item."""
    query = select(item.c.post_id).where(
        dialect.among_ids(conn, item.c.post_id, list(post_ids)),
        item.c.state != ItemState.VOID.value,
        IS_OWN,
    )
    return set(conn.execute(query).scalars())


def compared(conn: Connection, actor: Actor, model: str) -> list[Both]:
    """Read both models' word on the posts of the newest items of the actor's team."""
    shadow, active = tag.alias("shadow"), tag.alias("active")
    here = and_(active.c.post_id == post.c.id, active.c.version == post.c.version)
    tried = and_(shadow.c.post_id == post.c.id, shadow.c.version == post.c.version)
    theirs = or_(
        item.c.team_id.is_(None),
        item.c.team_id == (None if actor.team_id is None else int(actor.team_id)),
    )
    query = (
        select(
            item.c.id,
            post.c.id.label("post_id"),
            post.c.version,
            post.c.lang,
            active.c.harms,
            active.c.requests,
            shadow.c.harms.label("tried_harms"),
            shadow.c.requests.label("tried_requests"),
        )
        .select_from(item)
        .join(post, post.c.id == item.c.post_id)
        .join(shadow, and_(tried, shadow.c.model == model, shadow.c.shadow))
        .join(active, and_(here, ~active.c.shadow))
        .where(item.c.state != ItemState.VOID.value, IS_OWN)
        .order_by(item.c.id.desc(), active.c.tagged_at)
        .limit(LOOKED_THROUGH)
    )
    if actor.team_id is not None:
        query = query.where(theirs)
    # A post that was re-scored has several tags; the last one counts.
    found = {
        row.post_id: Both(
            item_id=str(row.id),
            post_id=row.post_id,
            version=row.version,
            lang=row.lang,
            active=_scores(row.harms, row.requests),
            shadow=_scores(row.tried_harms, row.tried_requests),
        )
        for row in conn.execute(query)
    }
    return list(found.values())


def _scores(harms: object, requests: object) -> dict[str, Score]:
    both = {
        **cast("Mapping[str, tuple[float, str]]", harms),
        **cast("Mapping[str, tuple[float, str]]", requests),
    }
    return {label: Score(float(pair[0]), Band(pair[1])) for label, pair in both.items()}
