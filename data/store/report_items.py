"""Items as they stood at a moment, read from the logs: what the transparency report counts.

A row says how an item stands now, and people go on working: an undo or an appeal of tomorrow would
change the report of last month.
So nothing here reads a state: where an item waited comes from its events, what stood on it from the
decisions until that moment, and what was answered from the responses until then.
No row holds an author, a reviewer or a text.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, select

from evenhand.data.store import dialect
from evenhand.data.store.children import IS_OWN
from evenhand.data.store.reviews import UNDO, policies
from evenhand.data.tables import decision, flag, item, item_event, post, response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection, Row

    AnyRow = Row[*tuple[Any, ...]]

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Then:
    """A window, *since* until before *until*, seen from *at*: a moment not before its end."""

    since: datetime
    until: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """The decision that stood; *policies* are all that it named, each with its severity."""

    uuid: str
    kind: str
    outcome: str
    policies: tuple[tuple[str, int | None], ...]
    decided_at: datetime
    policy_version: str
    model: str | None


@dataclass(frozen=True, slots=True)
class ItemThen:
    """An item made in the window, as it stood.

    *decided_at* is when the first decision was made that was not taken back, *answered_at* when the
    first response was logged, *void_at* when its post was deleted.
    *origins* are why its post was flagged for *label*; *published_on* is None where the platform's
    date is in doubt.
    """

    label: str
    queue: str
    lang: str
    created_at: datetime
    said: Said | None
    decided_at: datetime | None
    answered_at: datetime | None
    void_at: datetime | None
    needs_answer: bool
    origins: tuple[str, ...]
    published_on: date | None


def items(conn: Connection, then: Then) -> Iterator[ItemThen]:
    """Read the items made in the window, oldest first; not those that are read once more."""
    query = (
        select(item.c.id)
        .where(IS_OWN, item.c.created_at >= then.since, item.c.created_at < then.until)
        .order_by(item.c.id)
    )
    ids = list(conn.execute(query).scalars())
    for start in range(0, len(ids), AT_ONCE):
        yield from _part(conn, ids[start : start + AT_ONCE], then.at)


def _part(conn: Connection, ids: Sequence[int], at: datetime) -> Iterator[ItemThen]:
    query = (
        select(item, post.c.published_at, post.c.published_suspect)
        .join(post, post.c.id == item.c.post_id)
        .where(dialect.among_ids(conn, item.c.id, ids))
        .order_by(item.c.id)
    )
    rows = conn.execute(query).all()
    events = _events(conn, ids, at)
    said = decisions(conn, ids, at)
    answered = _answered(conn, ids, at)
    origins = _origins(conn, [row.post_id for row in rows], at)
    for row in rows:
        placed, void_at = _followed(row, events.get(row.id, ()))
        log = said.get(row.id, ())
        stood = standing(log)
        yield ItemThen(
            label=placed["label"],
            queue=placed["queue"],
            lang=placed["lang"],
            created_at=row.created_at,
            said=None if stood is None else _said(stood),
            decided_at=min((one.decided_at for one in kept(log)), default=None),
            answered_at=answered.get(row.id),
            void_at=void_at,
            needs_answer=stood is not None
            and (stood.outcome == "needs_answer" or stood.macro_id is not None),
            origins=tuple(sorted(origins.get((row.post_id, placed["label"]), ()))),
            published_on=None if row.published_suspect else row.published_at.date(),
        )


def _events(conn: Connection, ids: Sequence[int], at: datetime) -> dict[int, list[AnyRow]]:
    query = (
        select(item_event.c.item_id, item_event.c.kind, item_event.c.at, item_event.c.data)
        .where(
            dialect.among_ids(conn, item_event.c.item_id, ids),
            item_event.c.kind.in_(["made", "moved", "void"]),
            item_event.c.at <= at,
        )
        .order_by(item_event.c.id)
    )
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.item_id].append(row)
    return found


def placed(conn: Connection, ids: Sequence[int], at: datetime) -> dict[int, Mapping[str, str]]:
    """Give where some items waited at a moment: queue, label and language, by item."""
    found = {}
    for item_id, events in _events(conn, ids, at).items():
        told = [event.data for event in events if event.kind != "void"]
        if told:
            found[item_id] = cast("Mapping[str, str]", told[-1])
    return found


def _followed(row: AnyRow, events: Iterable[AnyRow]) -> tuple[Mapping[str, str], datetime | None]:
    """Follow an item's events: where it waited last, and when its post was deleted."""
    placed: Mapping[str, str] = {"label": row.label, "queue": row.queue, "lang": row.lang}
    void_at = None
    for event in events:
        if event.kind == "void":
            void_at = event.at
        else:
            placed = cast("Mapping[str, str]", event.data)
    return placed, void_at


def decisions(conn: Connection, ids: Sequence[int], at: datetime) -> dict[int, list[AnyRow]]:
    """Read the log of decisions on some items until a moment, oldest first."""
    query = (
        select(decision)
        .where(dialect.among_ids(conn, decision.c.item_id, ids), decision.c.decided_at <= at)
        .order_by(decision.c.id)
    )
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.item_id].append(row)
    return found


def kept(log: Sequence[AnyRow]) -> list[AnyRow]:
    """Leave out of an item's log what was taken back, and the undoings themselves."""
    undone = {row.supersedes_id for row in log if row.kind == UNDO}
    return [row for row in log if row.kind != UNDO and row.id not in undone]


def standing(log: Sequence[AnyRow]) -> AnyRow | None:
    """Find the decision that stood at the end of an item's log; None where none did."""
    left = kept(log)
    superseded = {row.supersedes_id for row in left}
    return next((row for row in reversed(left) if row.id not in superseded), None)


def _said(row: AnyRow) -> Said:
    named = [] if row.policy is None else [(str(row.policy), cast("int | None", row.severity))]
    named += [(str(name), severity) for name, severity in row.also or () if name in policies(row)]
    return Said(
        uuid=row.uuid,
        kind=row.kind,
        outcome=row.outcome,
        policies=tuple(named),
        decided_at=row.decided_at,
        policy_version=row.policy_version,
        model=row.model,
    )


def _answered(conn: Connection, ids: Sequence[int], at: datetime) -> dict[int, datetime]:
    query = (
        select(response.c.item_id, func.min(response.c.logged_at).label("at"))
        .where(dialect.among_ids(conn, response.c.item_id, ids), response.c.logged_at <= at)
        .group_by(response.c.item_id)
    )
    return {row.item_id: row.at for row in conn.execute(query)}


def _origins(
    conn: Connection, post_ids: Sequence[int], at: datetime
) -> dict[tuple[int, str], set[str]]:
    query = select(flag.c.post_id, flag.c.label, flag.c.origin).where(
        dialect.among_ids(conn, flag.c.post_id, post_ids), flag.c.created_at <= at
    )
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for row in conn.execute(query):
        found[row.post_id, row.label].add(row.origin)
    return found
