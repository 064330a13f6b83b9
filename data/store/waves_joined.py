"""Who joins a wave: what was found near outside of the write, looked at again under lock.

A post joins only what still stands: anything else costs an item of its own, never a post.
It joins an item of its own team and queue, with equal words or with labels that the first post has
too; an item that was edited after its review takes nobody in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select, update

from evenhand.data.records import ItemState
from evenhand.data.store import dialect, items, waves
from evenhand.data.store.dialect import as_json
from evenhand.data.store.reviews import RANGE
from evenhand.data.tables import current_decision, decision, flag, item_event, post, to_micros
from evenhand.data.tables_review import signature, wave, wave_member

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, FromClause

    from evenhand.data.store.arrivals import Incoming
    from evenhand.data.store.dialect import Cell
    from evenhand.data.store.items import NewItem
    from evenhand.data.store.signatures import Like

WAVE_COLUMNS = ("id", "first_post_id", "members", "created_at", "joined_at")
MEMBER_COLUMNS = ("wave_id", "similarity", "joined_at", "left_at")
Name = tuple[int, str]
Arrived = tuple[int, "Incoming"]


@dataclass(slots=True)
class _Lead:
    """A first post, or one that may become it, with its oldest item."""

    post_id: int
    queue: str
    team_id: int | None
    state: str
    is_decided: bool
    is_edited: bool
    labels: frozenset[str]
    seen_at: datetime
    item_id: int = 0
    wave_id: int | None = None
    members: int = 1

    def takes(self, team_id: int | None, one: Incoming) -> bool:
        """Say whether an arrival that is near may go without an item of its own."""
        if one.item is None or one.like is None:
            return False
        if (self.queue, self.team_id) != (one.item.queue, team_id):
            return False
        waits = self.state in items.LIVE
        if not waits and (self.is_edited or not self.is_decided):
            return False
        return one.like.exact or {each.label for each in one.flags} <= self.labels


@dataclass(frozen=True, slots=True)
class _Member:
    """A post that has been matched, as the store has it now."""

    post_id: int
    data: bytes
    lead_id: int
    similarity: float


@dataclass(slots=True)
class _Join:
    post_id: int
    lead: _Lead
    similarity: float


@dataclass(slots=True)
class Floor:
    """What the arrivals of one page are settled with; it follows what they do."""

    team_id: int | None
    now: datetime
    members: dict[Name, _Member]
    leads: dict[int, _Lead]
    lead_ids: dict[int, int] = field(default_factory=dict)

    def lead_of(self, one: Incoming) -> tuple[_Lead, float] | None:
        """Find what an arrival is near to, if it still stands and takes it."""
        if one.like is None:
            return None
        member = self.members.get(one.like.name)
        if member is None or member.data != one.like.data:
            # Deleted or edited since it was matched.
            return None
        lead_id = self.lead_ids.get(member.post_id, member.lead_id)
        lead = self.leads.get(lead_id)
        if lead is None or not lead.takes(self.team_id, one):
            return None
        equal = one.like.exact and member.post_id != lead_id
        return lead, member.similarity if equal else one.like.similarity


def settle(
    conn: Connection, team_id: int | None, arrived: Sequence[Arrived], now: datetime
) -> list[int]:
    """Let arrivals join what they are near to, and make items of the others.

    Args:
        conn: A write that holds `lock` where anything has a like; posts and signatures are stored.
        team_id: Whose source it is.
        arrived: Flagged posts without an item, by key; *like* is taken from those that do not join.
        now: The time.

    Returns:
        The keys of the items that were made, in order.
    """
    floor = floor_of(conn, team_id, [one for _, one in arrived], now)
    make: list[tuple[int, NewItem]] = []
    alone: list[_Lead] = []
    joins: list[_Join] = []
    for post_id, one in arrived:
        if one.item is None:
            continue
        found = floor.lead_of(one)
        if found is not None and found[0].post_id != post_id:
            floor.lead_ids[post_id] = found[0].post_id
            joins.append(_Join(post_id, *found))
            continue
        one.like = None
        make.append((post_id, one.item))
        lead = _new_lead(post_id, team_id, one, now)
        floor.leads[post_id], floor.lead_ids[post_id] = lead, post_id
        alone.append(lead)
    made = items.insert_items(conn, make, team_id, now)
    for lead, item_id in zip(alone, made, strict=True):
        lead.item_id = item_id
    _write(conn, joins, now)
    return made


def floor_of(
    conn: Connection, team_id: int | None, arrived: Iterable[Incoming], now: datetime
) -> Floor:
    """Read what arrivals are near to, as it stands now, and lock the items of first posts."""
    likes = [one.like for one in arrived if one.like is not None]
    if not likes:
        # The usual page, which waits for nobody.
        return Floor(team_id, now, {}, {})
    members = _members(conn, likes)
    leads = _leads(conn, sorted({one.lead_id for one in members.values()}))
    return Floor(team_id, now, members, leads)


def _new_lead(post_id: int, team_id: int | None, one: Incoming, now: datetime) -> _Lead:
    queue = "" if one.item is None else one.item.queue
    labels = frozenset(each.label for each in one.flags)
    opened = ItemState.OPEN.value
    return _Lead(
        post_id,
        queue,
        team_id,
        opened,
        is_decided=False,
        is_edited=False,
        labels=labels,
        seen_at=now,
    )


def _members(conn: Connection, likes: Sequence[Like]) -> dict[Name, _Member]:
    by_source: dict[int, set[str]] = {}
    for one in likes:
        by_source.setdefault(one.name[0], set()).add(one.name[1])
    found = {}
    for source_id, keys in by_source.items():
        query = (
            select(
                post.c.id,
                post.c.native_key,
                signature.c.data,
                func.coalesce(wave.c.first_post_id, post.c.id).label("lead_id"),
                func.coalesce(wave_member.c.similarity, 1.0).label("similarity"),
            )
            .select_from(_with_wave(post.join(signature, signature.c.post_id == post.c.id)))
            .where(
                post.c.source_id == source_id, dialect.among(conn, post.c.native_key, list(keys))
            )
        )
        for row in conn.execute(query):
            member = _Member(row.id, bytes(row.data), row.lead_id, row.similarity)
            found[source_id, row.native_key] = member
    return found


def _with_wave(posts: FromClause) -> FromClause:
    """Add to posts the wave that each is in, where it is in one."""
    return posts.outerjoin(
        wave_member, and_(wave_member.c.post_id == post.c.id, waves.STAYS)
    ).outerjoin(wave, wave.c.id == wave_member.c.wave_id)


def _leads(conn: Connection, post_ids: Sequence[int]) -> dict[int, _Lead]:
    """Read first posts with their oldest items, and lock the items."""
    labels: dict[int, set[str]] = {}
    raised = (
        select(flag.c.post_id, flag.c.label)
        .join(post, and_(post.c.id == flag.c.post_id, post.c.version == flag.c.version))
        .where(dialect.among_ids(conn, flag.c.post_id, post_ids))
    )
    for row in conn.execute(raised):
        labels.setdefault(row.post_id, set()).add(row.label)
    these = dialect.among_ids(conn, wave.c.first_post_id, post_ids)
    waves = {row.first_post_id: row for row in conn.execute(select(wave).where(these))}
    leads = {}
    found = items.of_posts(conn, post_ids)
    unread = _unread(conn, [rows[0].id for rows in found.values()])
    for post_id, rows in found.items():
        oldest, there = rows[0], waves.get(post_id)
        leads[post_id] = _Lead(
            post_id,
            oldest.queue,
            oldest.team_id,
            oldest.state,
            # What is near to something that nobody read is read itself.
            is_decided=oldest.decided_at is not None and oldest.id not in unread,
            is_edited=oldest.edited_after_review,
            labels=frozenset(labels.get(post_id, ())),
            seen_at=oldest.created_at,
            item_id=oldest.id,
            wave_id=None if there is None else there.id,
            members=1 if there is None else there.members,
        )
    return leads


def _unread(conn: Connection, item_ids: Sequence[int]) -> set[int]:
    """Pick the items on which a decision by score range stands."""
    query = (
        select(current_decision.c.item_id)
        .join(decision, decision.c.id == current_decision.c.decision_id)
        .where(
            dialect.among_ids(conn, current_decision.c.item_id, item_ids),
            decision.c.kind == RANGE,
        )
    )
    return set(conn.execute(query).scalars())


def _write(conn: Connection, joins: Sequence[_Join], now: datetime) -> None:
    """Write who joined what; a member that stays where it is only gets its new likeness."""
    if not joins:
        return
    before = {row.post_id: row for row in waves.memberships(conn, [one.post_id for one in joins])}
    fresh = [lead for lead in _distinct(one.lead for one in joins) if lead.wave_id is None]
    at = to_micros(now)
    rows: list[tuple[Cell, ...]] = []
    for lead, wave_id in zip(fresh, dialect.next_ids(conn, wave, len(fresh)), strict=True):
        lead.wave_id = wave_id
        rows.append((wave_id, lead.post_id, 1, to_micros(lead.seen_at), at))
    dialect.insert_rows(conn, wave, WAVE_COLUMNS, rows)
    for lead in fresh:
        _put_member(conn, lead.post_id, lead, 1.0, lead.seen_at)
    events: list[tuple[Cell, ...]] = []
    for one in joins:
        was = before.get(one.post_id)
        if was is not None and was.wave_id == one.lead.wave_id:
            _set_similarity(conn, one)
            continue
        if was is not None:
            waves.leave(conn, was, now)
        _put_member(conn, one.post_id, one.lead, one.similarity, now)
        one.lead.members += 1
        data = as_json({"post": one.post_id, "members": one.lead.members})
        events.append((one.lead.item_id, at, "wave_joined", data))
    dialect.insert_rows(conn, item_event, items.EVENT_COLUMNS, events)
    for lead in _distinct(one.lead for one in joins):
        grown = {"members": lead.members, "joined_at": now}
        conn.execute(update(wave).where(wave.c.id == lead.wave_id).values(**grown))


def _distinct(leads: Iterable[_Lead]) -> list[_Lead]:
    return list({lead.post_id: lead for lead in leads}.values())


def _put_member(
    conn: Connection, post_id: int, lead: _Lead, similarity: float, at: datetime
) -> None:
    row = {
        "post_id": post_id,
        "wave_id": lead.wave_id,
        "similarity": min(1.0, similarity),
        "joined_at": at,
        "left_at": None,
    }
    dialect.upsert(conn, wave_member, row, update=MEMBER_COLUMNS)


def _set_similarity(conn: Connection, one: _Join) -> None:
    here = wave_member.c.post_id == one.post_id
    conn.execute(update(wave_member).where(here).values(similarity=min(1.0, one.similarity)))
