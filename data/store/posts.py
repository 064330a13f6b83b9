"""Stored posts: what is known of them, and the only door to their text.

Text is read with a `ReadPermit` alone, and a permit is made only where a claim, a flag or an audit
draw brings the post up (safeguard 2).
Nothing here lists, searches, sorts, counts or returns posts by author; the pseudonym serves
erasure only (safeguard 4).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from sqlalchemy import (
    BigInteger,
    and_,
    or_,
    select,
    type_coerce,
)

from evenhand.data.errors import ClaimLost, NotAllowed, NotFound
from evenhand.data.records import Actor, ItemState, Origin, Role
from evenhand.data.store import dialect, waves
from evenhand.data.store.bound import ITEM, ME, NOW, NUMBER, POST
from evenhand.data.store.children import decided_by
from evenhand.data.store.eligible import FAST_QUEUE
from evenhand.data.tables import flag, item, post, post_version, source, tombstone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from evenhand.data.records import Claim


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of a post, without its text.

    *post_id* 0 with *deleted* stands for a post whose deletion came before it did.
    """

    post_id: int
    version: int
    body_hash: str
    deleted: bool
    rank: tuple[int, int]
    reach: int
    day: int
    cell: tuple[str, str]
    mark: str
    flagged: bool
    lang: str = ""


class Ground(StrEnum):
    """Why a person may read a text."""

    CLAIM = "claim"
    FLAG = "flag"
    AUDIT = "audit"


_MADE_HERE = object()


@dataclass(frozen=True, slots=True)
class ReadPermit:
    """The right to read the text of one post; made only by the three functions below.

    On the ground of a claim it covers the thread and the wave too, as long as the claim lives.

    Raises:
        NotAllowed: It was made by hand.
    """

    ground: Ground
    post_id: int
    item_id: int | None = None
    claim: Claim | None = None
    seal: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The seal names the post: a copy for another one is no permit either.
        if self.seal != (_MADE_HERE, self.ground, self.post_id):
            msg = "a permit to read is made by permit_by_claim, permit_by_flag or permit_by_audit"
            raise _refused(msg)


@dataclass(frozen=True, slots=True)
class Shown:
    """The text of one version; both are None where it was erased."""

    content: str | None
    name: str | None


def lock_source(conn: Connection, source_id: int) -> int | None:
    """Let one transaction at a time store posts of a source, and give the source's team.

    Raises:
        NotFound: There is no such source.
    """
    query = select(source.c.team_id).where(source.c.id == source_id)
    row = conn.execute(dialect.lock_rows(query)).first()
    if row is None:
        msg = f"no source has the id {source_id}; propose it first"
        raise NotFound(msg)
    return cast("int | None", row.team_id)


def known(conn: Connection, source_id: int, native_keys: Sequence[str]) -> dict[str, Known]:
    """Look up which of *native_keys* the store has, deleted ones included."""
    rank = type_coerce(post.c.updated_at, BigInteger), type_coerce(post.c.published_at, BigInteger)
    query = select(
        post.c.native_key,
        post.c.id,
        post.c.version,
        post.c.body_hash,
        post.c.deleted_at.is_not(None),
        *rank,
        type_coerce(post.c.fetched_at, BigInteger),
        post.c.reach,
        post.c.day,
        post.c.topic,
        post.c.sentiment,
        post.c.mark,
        post.c.flagged,
        post.c.lang,
    ).where(post.c.source_id == source_id, dialect.among(conn, post.c.native_key, native_keys))
    found = {}
    for row in conn.execute(query):
        key, post_id, version, body, deleted, edited, published, fetched, reach, day, *cell = row
        topic, sentiment, mark, flagged, lang = cell
        rank_now = (published if edited is None else edited, fetched)
        where = (topic, sentiment or "")
        state = (post_id, version, body, bool(deleted), rank_now, reach)
        found[key] = Known(*state, day, where, mark, bool(flagged), lang)
    gone = select(tombstone.c.native_key).where(
        tombstone.c.source_id == source_id,
        dialect.among(conn, tombstone.c.native_key, native_keys),
    )
    for key in conn.execute(gone).scalars():
        found.setdefault(key, Known(0, 0, "", True, (0, 0), 0, 0, ("", ""), "", False))  # noqa: FBT003 - a row's cells in order
    return found


def permit_by_claim(conn: Connection, claim: Claim, *, now: datetime) -> ReadPermit:
    """Let the holder of a live claim, for review or for answering, read the item and its thread.

    Raises:
        ClaimLost: The claim has ended.
    """
    row = conn.execute(_HELD, _bound(claim) | {"now": now}).first()
    if row is None:
        msg = f"your claim on item {claim.item_id} has ended; take the next item"
        raise ClaimLost(msg)
    return _permit(Ground.CLAIM, row.post_id, row.id, claim)


def permit_by_flag(conn: Connection, actor: Actor, item_id: str) -> ReadPermit:
    """Let a team member with a part in it read the post of an item that was flagged.

    Coordinators, analysts and admins may; a reviewer may while the item waits for an answer, and
    where they decided on it: whoever holds a decision to be wrong has to read it again.

    Raises:
        NotAllowed: The post is not flagged, or the actor has no part in it.
        NotFound: No item has this id.
    """
    query = (
        select(item, post.c.flagged, decided_by(actor.id).label("decided"))
        .join(post, post.c.id == item.c.post_id)
        .where(item.c.id == _key(item_id))
    )
    row = conn.execute(query).first()
    if row is None:
        msg = f"no item has the id {item_id!r}; reload the page"
        raise NotFound(msg)
    part = row.decided or (row.needs_answer and row.state == ItemState.DECIDED)
    roles = {Role.COORDINATOR, Role.ANALYST, Role.ADMIN} | ({Role.REVIEWER} if part else set())
    # A route hides nothing urgent from a coordinator.
    urgent = row.queue == FAST_QUEUE and Role.COORDINATOR in actor.roles
    theirs = urgent or row.team_id is None or actor.team_id in {None, str(row.team_id)}
    if not (row.flagged and theirs and roles & actor.roles):
        msg = f"the text of item {item_id} is not open to you; claim it, or ask a coordinator"
        raise _refused(msg)
    return _permit(Ground.FLAG, row.post_id, row.id)


def permit_by_audit(conn: Connection, actor: Actor, post_id: int) -> ReadPermit:
    """Let analysts and coordinators read a post that an audit drew.

    Raises:
        NotAllowed: No audit drew it, or the actor has another role.
    """
    drawn = select(flag.c.id).where(flag.c.post_id == post_id, flag.c.origin == Origin.AUDIT.value)
    allowed = {Role.ANALYST, Role.COORDINATOR} & actor.roles
    if not allowed or conn.execute(drawn.limit(1)).first() is None:
        msg = f"no audit drew post {post_id} for you; only drawn posts can be read"
        raise _refused(msg)
    return _permit(Ground.AUDIT, post_id)


def _permit(
    ground: Ground,
    post_id: int,
    item_id: int | None = None,
    claim: Claim | None = None,
) -> ReadPermit:
    return ReadPermit(ground, post_id, item_id, claim, (_MADE_HERE, ground, post_id))


def text_of(conn: Connection, post_id: int, version: int, *, permit: ReadPermit) -> Shown:
    """Read the text of one version of a post.

    Raises:
        NotAllowed: *permit* is for another post, or the claim behind it has ended.
        NotFound: There is no such version.
    """
    if not _covers(conn, permit, post_id):
        msg = f"the permit does not cover post {post_id}; claim its item first"
        raise _refused(msg)
    query = select(post_version.c.content, post_version.c.name).where(
        post_version.c.post_id == post_id,
        post_version.c.version == version,
    )
    row = conn.execute(query).first()
    if row is None:
        msg = f"post {post_id} has no version {version}; reload the page"
        raise NotFound(msg)
    return Shown(row.content, row.name)


def _covers(conn: Connection, permit: ReadPermit, post_id: int) -> bool:
    if permit.claim is None:
        return permit.post_id == post_id
    bound = _bound(permit.claim) | {"of_post": post_id}
    return conn.execute(_COVERED, bound).first() is not None


# Built once: asked for each text that is shown.
_LIVES = and_(item.c.id == ITEM, item.c.claimed_by == ME, item.c.claim_no == NUMBER)
_HELD = select(item.c.id, item.c.post_id).where(_LIVES, item.c.claim_until > NOW)
# A post if it is that of a held item, of its thread or of its wave.
_OWN = post.alias("held")
_COVERED = (
    select(post.c.id)
    .select_from(item)
    .join(_OWN, _OWN.c.id == item.c.post_id)
    .join(
        post,
        or_(
            post.c.id == _OWN.c.id,
            and_(post.c.context_key == _OWN.c.context_key, post.c.source_id == _OWN.c.source_id),
            waves.together(_OWN.c.id, post.c.id),
        ),
    )
    .where(_LIVES, post.c.id == POST)
)


def _bound(claim: Claim) -> dict[str, object]:
    key, holder = _key(claim.item_id), _key(claim.holder_id)
    return {"of_item": key, "me": holder, "of_number": claim.number}


def _key(number: str) -> int:
    return int(number) if number.isdecimal() else 0


def _refused(message: str) -> NotAllowed:
    return NotAllowed(message, role=Role.REVIEWER)


def version_of(conn: Connection, post_id: int) -> int | None:
    """Read a post's newest version number; None where there is no such post."""
    query = select(post.c.version).where(post.c.id == post_id)
    return cast("int | None", conn.execute(query).scalar())
