"""The members of waves as reviewers and figures see them, and who read which of them."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import and_, func, or_, select

from evenhand.data.errors import InputError, NotFound, WaveUnread
from evenhand.data.records import Claim
from evenhand.data.store import children, claims, items, posts, reviews, waves
from evenhand.data.store.bound import ITEM, ITEMS
from evenhand.data.store.children import IS_OWN, Purpose
from evenhand.data.store.claims import Change
from evenhand.data.tables import current_decision, decision, item, item_event, post, source
from evenhand.data.tables_review import wave, wave_member

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from evenhand.data.store.items import NewItem

CHECKED, SPLIT = "wave_checked", "wave_split"
IS_MEMBER = and_(waves.STAYS, wave_member.c.post_id != wave.c.first_post_id)


# Built once: asked of every item that is claimed, and of every one that is decided.
_BEHIND = (
    select(item.c.id, wave.c.members - 1)
    .join(wave, wave.c.first_post_id == item.c.post_id)
    .where(item.c.id.in_(ITEMS), waves.of_wave(item.c.post_id), wave.c.members > 1)
)
_OF_ITEM = (
    select(wave)
    .join(item, item.c.post_id == wave.c.first_post_id)
    .where(item.c.id == ITEM, waves.of_wave(item.c.post_id), wave.c.members > 1)
)


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave of more than one post: its first post, how many there are, first and last seen."""

    id: int
    first_post_id: int
    members: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """One post of a wave as the holder of its item sees it; *text* is None where it was erased."""

    post_id: int
    text: str | None
    source_name: str
    similarity: float
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What an item of a post is made from beside its flags; *came_at* is when it joined a wave."""

    reach: int
    lang: str
    came_at: datetime | None


def of_item(conn: Connection, item_id: int) -> Wave | None:
    """Find the wave whose item this is; None where the item stands for one post."""
    row = conn.execute(_OF_ITEM, {"of_item": item_id}).first()
    if row is None:
        return None
    return Wave(row.id, row.first_post_id, row.members, row.created_at, row.joined_at)


def behind(conn: Connection, item_ids: Sequence[int]) -> dict[int, int]:
    """Count the other posts of the waves that these items stand for; single posts are left out."""
    return {row[0]: row[1] for row in conn.execute(_BEHIND, {"of_items": list(item_ids)})}


def held_wave(
    conn: Connection, person_id: str, held: tuple[str, int], now: datetime
) -> tuple[Claim, Wave | None]:
    """Find the wave whose item a person holds (item and claim's number); None for a single post.

    Raises:
        ClaimLost: The person does not hold it.
    """
    item_id, number = held
    claims.check_held(conn, person_id, held, now)
    return Claim(item_id, number, person_id, now), of_item(conn, claims.key_of(item_id))


def ids(conn: Connection, found: Wave) -> list[int]:
    """List the posts of a wave besides the first, as they joined."""
    query = (
        select(wave_member.c.post_id)
        .join(wave, wave.c.id == wave_member.c.wave_id)
        .where(wave.c.id == found.id, IS_MEMBER)
        .order_by(wave_member.c.joined_at, wave_member.c.post_id)
    )
    return list(conn.execute(query).scalars())


def load(conn: Connection, held: Claim, wanted: Sequence[int], now: datetime) -> list[Member]:
    """Read these posts of a held item's wave, in their order, at their present versions.

    Raises:
        ClaimLost: The claim is over.
        NotAllowed: One of the posts is in no wave with the item.
    """
    permit = posts.permit_by_claim(conn, held, now=now)
    query = (
        select(
            post.c.id,
            post.c.version,
            source.c.name,
            wave_member.c.similarity,
            wave_member.c.joined_at,
        )
        .join(source, source.c.id == post.c.source_id)
        .join(wave_member, wave_member.c.post_id == post.c.id)
        .where(post.c.id.in_(wanted))
    )
    rows = {row.id: row for row in conn.execute(query)}
    return [
        Member(
            row.id,
            posts.text_of(conn, row.id, row.version, permit=permit).content,
            row.name,
            row.similarity,
            row.joined_at,
        )
        for row in (rows[post_id] for post_id in wanted)
    ]


def note_check(conn: Connection, held: Claim, seen: Sequence[int], now: datetime) -> None:
    """Log that the holder of an item opened the sample of its wave."""
    key = claims.key_of(held.item_id)
    data: dict[str, object] = {"posts": list(seen)}
    claims.log(conn, [Change(key, CHECKED, now, held.holder_id, held.number, data)])


def checked(conn: Connection, item_id: int, number: int) -> list[int] | None:
    """List the posts of the sample that was opened last under a claim; None before any was."""
    query = (
        select(item_event.c.data)
        .where(
            item_event.c.item_id == item_id,
            item_event.c.kind == CHECKED,
            item_event.c.claim_no == number,
        )
        .order_by(item_event.c.id.desc())
    )
    row = conn.execute(query.limit(1)).first()
    return None if row is None else [int(one) for one in row.data["posts"]]


def refuse_unchecked(
    conn: Connection, item_id: str, number: int, *, uuid: str | None = None
) -> None:
    """Go on only if an item stands for one post, or the sample of its wave was opened.

    A decision that was written before, under *uuid*, goes on: it is answered as it was.

    Raises:
        WaveUnread: It stands for a wave, of which its holder has read one post only.
    """
    key = claims.key_of(item_id)
    found = of_item(conn, key)
    if found is None or checked(conn, key, number) is not None:
        return
    known = select(decision.c.id).where(decision.c.uuid == uuid)
    if uuid is None or conn.execute(known).first() is None:
        msg = (
            f"item {item_id} stands for {found.members} near-copies; open the spot-check of the "
            "wave, then decide"
        )
        raise WaveUnread(msg)


def facts(conn: Connection, post_id: int) -> Facts:
    """Read what an item of a post is made from.

    Raises:
        NotFound: There is no such post.
    """
    here = and_(wave_member.c.post_id == post.c.id, waves.STAYS)
    query = (
        select(post.c.reach, post.c.lang, wave_member.c.joined_at)
        .outerjoin(wave_member, here)
        .where(post.c.id == post_id)
    )
    row = conn.execute(query).first()
    if row is None:
        msg = f"no post has the id {post_id}; reload the page"
        raise NotFound(msg)
    return Facts(row.reach, row.lang, row.joined_at)


def split(conn: Connection, held: Claim, post_id: int, new: NewItem, now: datetime) -> int:
    """Take a post out of a held item's wave, give it an item of its own, and return its key.

    Raises:
        InputError: The post is the first of the wave, or not in it.
    """
    waves.lock(conn)
    key = claims.key_of(held.item_id)
    row = conn.execute(select(item.c.post_id, item.c.team_id).where(item.c.id == key)).one()
    there = waves.memberships(conn, [post_id])
    if not there or there[0].first_post_id != row.post_id or post_id == row.post_id:
        msg = f"post {post_id} is no near-copy in the wave of item {held.item_id}; reload the page"
        raise InputError(msg)
    waves.leave(conn, there[0], now)
    # It has waited since it came, not since somebody saw that it does not belong.
    [made] = items.insert_items(conn, [(post_id, new)], row.team_id, there[0].joined_at)
    data: dict[str, object] = {"post": post_id, "item": made}
    claims.log(conn, [Change(key, SPLIT, now, held.holder_id, held.number, data)])
    return made


def decided_by_wave(conn: Connection, *, within: ColumnElement[bool] | None = None) -> int:
    """Count the members of waves on whose first post somebody decided, that one not counted."""
    query = (
        select(func.count())
        .select_from(wave_member)
        .join(wave, wave.c.id == wave_member.c.wave_id)
        .join(item, waves.of_wave(wave.c.first_post_id))
        .where(IS_MEMBER, item.c.decided_at.is_not(None))
    )
    if within is not None:
        query = query.where(within)
    return int(conn.execute(query).scalar_one())


def draw_rechecks(  # noqa: PLR0913 - how many, of which, when, and by which lot
    conn: Connection,
    share: float,
    *,
    since: datetime,
    now: datetime,
    at_most: int = 500,
    lot: Callable[[str, str], float] = reviews.draw,
) -> int:
    """Put a share of what was decided by wave before another person; say how many are new.

    Each member of a wave has one lot, so the same call again draws nobody new.

    Args:
        conn: A write.
        share: How many members are read by themselves, 0-1.
        since: Only waves decided, or near-copies that joined, at or after this.
        now: The time.
        at_most: No more in one write.
        lot: Draws 0-1 from what the lot is for and the post's secret key, always the same.
    """
    lots = [
        row
        for row in conn.execute(_undrawn(since))
        if lot(f"wave {row.id} {row.post_id}", row.native_key) < share
    ]
    for row in lots[:at_most]:
        parent = children.lock(conn, row.id)
        # The child is of the wave's item, and about another post than that one.
        about = {**parent._mapping, "post_id": row.post_id, "lang": row.lang}  # noqa: SLF001 - a row as a mapping is SQLAlchemy's public interface
        children.make(
            conn, cast("Row[*tuple[Any, ...]]", SimpleNamespace(**about)), Purpose.WAVE, now
        )
    return len(lots[:at_most])


def _undrawn(since: datetime) -> Select[Any]:
    """Select the members of decided waves that nobody was asked to read by themselves."""
    child = item.alias("child")
    drawn = (
        select(child.c.id)
        .where(
            child.c.of_item_id == item.c.id,
            child.c.post_id == wave_member.c.post_id,
            child.c.purpose == Purpose.WAVE.value,
        )
        .exists()
    )
    return (
        select(item.c.id, wave_member.c.post_id, post.c.native_key, post.c.lang)
        .select_from(wave_member)
        .join(wave, wave.c.id == wave_member.c.wave_id)
        .join(item, waves.of_wave(wave.c.first_post_id))
        .join(post, post.c.id == wave_member.c.post_id)
        .where(
            IS_MEMBER,
            IS_OWN,
            item.c.decided_at.is_not(None),
            # Who joins later inherits a decision that nobody made of it.
            or_(item.c.decided_at >= since, wave_member.c.joined_at >= since),
            item.c.state != "void",
            post.c.deleted_at.is_(None),
            ~drawn,
        )
        .order_by(item.c.id, wave_member.c.post_id)
    )


def rechecked(conn: Connection) -> tuple[int, int]:
    """Count the members of waves that were read by themselves, and those found to differ.

    A member differs where its own reader gave another outcome or named other policies than what
    stands on the wave; one that waits, or whose wave's decision was taken back, is not counted.
    """
    child = item.alias("child")
    own = current_decision.alias("own")
    query = (
        select(decision, child.c.of_item_id)
        .select_from(child)
        .join(own, own.c.item_id == child.c.id)
        .join(decision, decision.c.id == own.c.decision_id)
        .where(child.c.purpose == Purpose.WAVE.value)
    )
    read = wrong = 0
    for row in conn.execute(query).all():
        standing = reviews.current(conn, row.of_item_id)
        if standing is not None:
            read += 1
            wrong += reviews.differ(standing, row)
    return read, wrong
