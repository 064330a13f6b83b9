"""Search inside items: what was put before people already, and nothing else (safeguard 2).

Results say where an item stands; its text needs a permit like any other's.
They are the newest first, and one look goes through so many items, whatever their number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from evenhand.data.errors import NotAllowed, NotFound
from evenhand.data.records import Claim, ItemState, Role
from evenhand.data.store import posts
from evenhand.data.store.children import IS_OWN
from evenhand.data.store.claims import key_of
from evenhand.data.store.eligible import seen_by
from evenhand.data.tables import item, post, source, team
from evenhand.data.tables_review import item_text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from evenhand.data.records import Actor
    from evenhand.data.store.posts import ReadPermit

# So many items one look goes through: a rare word costs as much as a frequent one.
LOOKED_THROUGH = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: all *words*, folded, and where; None lets everything in.

    *decided* leaves only what somebody has decided on.

    A word of ASCII letters stands for the whole word, or for its beginning where it ends in "*";
    other letters may stand inside one, since not all languages put spaces between words.
    """

    words: tuple[str, ...] = ()
    queue: str | None = None
    label: str | None = None
    lang: str | None = None
    state: ItemState | None = None
    source_id: str | None = None
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One item as a list shows it, without its text; *has_text* says whether it still exists."""

    item_id: str
    queue: str
    label: str
    lang: str
    state: ItemState
    source_name: str
    team_name: str | None
    why: str
    created_at: datetime
    due_at: datetime
    decided_at: datetime | None
    escalated: bool
    edited_after_review: bool
    has_text: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found; *before* is where the next goes on, None at the end of all items.

    *since* is when the oldest item that was looked through was made; None where there is none.
    """

    found: tuple[Found, ...]
    before: str | None
    since: datetime | None


def permit(conn: Connection, actor: Actor, item_id: str, now: datetime) -> ReadPermit:
    """Let whoever holds an item, or a coordinator who sees it, read its post.

    Raises:
        NotAllowed: The actor is neither, or nothing brings the post up any more.
        NotFound: The actor sees no item of this id.
    """
    seen = item.c.id == key_of(item_id), IS_OWN, seen_by(actor.team_id)
    row = conn.execute(select(item).where(*seen)).first()
    if row is None:
        msg = f"no item has the id {item_id!r} here; search again"
        raise NotFound(msg)
    if row.claimed_by == int(actor.id) and row.claim_until > now:
        held = Claim(item_id, row.claim_no, actor.id, row.claim_until)
        return posts.permit_by_claim(conn, held, now=now)
    if Role.COORDINATOR not in actor.roles:
        msg = f"the text of item {item_id} is not open to you; claim it, or ask a coordinator"
        raise NotAllowed(msg, role=Role.COORDINATOR)
    try:
        return posts.permit_by_flag(conn, actor, item_id)
    except NotAllowed:
        # Drawn at random, it was flagged for nothing.
        return posts.permit_by_audit(conn, actor, row.post_id)


def find(
    conn: Connection,
    wanted: Wanted,
    *,
    team_id: str | None,
    before: str | None = None,
    at_most: int = 20,
) -> Look:
    """Look for items, the newest first.

    Args:
        conn: A read.
        wanted: What for.
        team_id: Whose items; None means all teams'.
        before: Where the look before this one ended.
        at_most: How many are given at once.

    Raises:
        NotFound: *before* is no id.
    """
    top = conn.execute(select(func.coalesce(func.max(item.c.id), 0))).scalar_one() + 1
    end = top if before is None else min(top, key_of(before))
    first = max(1, end - LOOKED_THROUGH)
    query = (
        _rows()
        .where(item.c.id >= first, item.c.id < end, IS_OWN, seen_by(team_id), *_asked(wanted))
        .order_by(item.c.id.desc())
        .limit(at_most + 1)
    )
    rows = conn.execute(query).all()
    found = tuple(_found(row) for row in rows[:at_most])
    since = select(item.c.created_at).where(item.c.id >= first, item.c.id < end)
    if len(rows) > at_most:
        return Look(found, found[-1].item_id, found[-1].created_at)
    oldest = conn.execute(since.order_by(item.c.id).limit(1)).scalar()
    return Look(found, str(first) if first > 1 else None, oldest)


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            item,
            source.c.name.label("source_name"),
            team.c.name.label("team_name"),
            post.c.text_erased_at.is_(None).label("has_text"),
        )
        .join(post, post.c.id == item.c.post_id)
        .join(source, source.c.id == post.c.source_id)
        .outerjoin(team, team.c.id == item.c.team_id)
        .outerjoin(item_text, item_text.c.item_id == item.c.id)
    )


def _asked(wanted: Wanted) -> list[ColumnElement[bool]]:
    columns = {
        item.c.queue: wanted.queue,
        item.c.label: wanted.label,
        item.c.lang: wanted.lang,
        item.c.state: None if wanted.state is None else wanted.state.value,
        post.c.source_id: None if wanted.source_id is None else key_of(wanted.source_id),
    }
    where = [column == value for column, value in columns.items() if value is not None]
    if wanted.decided:
        where.append(item.c.decided_at.is_not(None))
    return [*where, *(_occurs(word) for word in wanted.words)]


def _occurs(word: str) -> ColumnElement[bool]:
    """Say in SQL that a word occurs; folded text has a space on both sides of each word."""
    if not word.isascii():
        return item_text.c.folded.contains(word.removesuffix("*"), autoescape=True)
    whole = f" {word.removesuffix('*')}" if word.endswith("*") else f" {word} "
    return item_text.c.folded.contains(whole, autoescape=True)


def _found(row: Row[*tuple[Any, ...]]) -> Found:
    return Found(
        item_id=str(row.id),
        queue=row.queue,
        label=row.label,
        lang=row.lang,
        state=ItemState(row.state),
        source_name=row.source_name,
        team_name=row.team_name,
        why=row.why,
        created_at=row.created_at,
        due_at=row.due_at,
        decided_at=row.decided_at,
        escalated=bool(row.escalated),
        edited_after_review=bool(row.edited_after_review),
        has_text=bool(row.has_text),
    )
