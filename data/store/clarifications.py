"""What people were not sure about, and the sentences by which a policy is clarified.

A decision "not sure" counts by its item: by what the item was put up for, and by its language.
A sentence is proposed by one person and shown from another's approval; rows are only added and
ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, exists, func, insert, literal_column, select, update

from evenhand.data.errors import InputError, NotFound
from evenhand.data.records import ItemState
from evenhand.data.store import ledger, reviews, rollups
from evenhand.data.store.children import IS_OWN
from evenhand.data.store.eligible import seen_by
from evenhand.data.tables import current_decision, decision, item, post
from evenhand.data.tables_review import clarification

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from evenhand.data.store.rollups import Days

    AnyRow = Row[*tuple[Any, ...]]

DAY = timedelta(days=1)
MOST_LISTED = 500
# Written out, not bound: both engines use the partial index only for the literal word.
_UNSURE = decision.c.outcome == literal_column("'not_sure'")
_UNDO = decision.alias("undo")
_STANDING = decision.alias("standing")


class ClarificationState(StrEnum):
    """Where a clarification stands."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"


LIVE = (ClarificationState.PROPOSED.value, ClarificationState.ACTIVE.value)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Items of one reason and language on which somebody was not sure.

    *settled* are those on which something else stands by now.
    """

    label: str
    lang: str
    items: int
    settled: int


@dataclass(frozen=True, slots=True)
class DoubtedItem:
    """One of those items, without its text; *has_text* says whether it still exists."""

    item_id: str
    state: ItemState
    unsure_at: datetime
    settled: bool
    has_text: bool


@dataclass(frozen=True, slots=True)
class Clarification:
    """A clarifying sentence as it stands, in both languages; people are ids."""

    id: str
    label: str
    sentences: Mapping[str, str]
    state: ClarificationState
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None


# --- what was not sure -------------------------------------------------------------------------


def doubts(conn: Connection, days: Days) -> list[Doubt]:
    """Count the items made on these days on which somebody was not sure, by reason and language.

    A decision that was taken back counts nowhere; what is read once more is no item of its own.
    """
    is_settled = case((_STANDING.c.outcome != "not_sure", item.c.id))
    # An item may have two such decisions; grouped by items, the engine would walk through them all.
    counted = (func.count(item.c.id.distinct()), func.count(is_settled.distinct()))
    query = (
        _unsure(days, item.c.label, item.c.lang, *counted)
        .group_by(item.c.label, item.c.lang)
        .order_by(counted[0].desc(), item.c.label, item.c.lang)
    )
    return [Doubt(label, lang, int(n), int(done)) for label, lang, n, done in conn.execute(query)]


def doubted_items(
    conn: Connection, days: Days, of: tuple[str, str], team_id: str | None, at_most: int
) -> list[DoubtedItem]:
    """List the items of one reason and language that a team sees, the last doubt first.

    Args:
        conn: A read.
        days: On which the items were made.
        of: Reason and language.
        team_id: Whose items; None means all teams'.
        at_most: How many.
    """
    wanted = (item.c.id, item.c.state, decision.c.decided_at, _STANDING.c.outcome)
    query = (
        _unsure(days, *wanted, post.c.text_erased_at.is_(None).label("has_text"))
        .join(post, post.c.id == item.c.post_id)
        .where(item.c.label == of[0], item.c.lang == of[1], seen_by(team_id))
        .order_by(decision.c.decided_at.desc(), decision.c.id.desc())
        # As above: an item may come twice.
        .limit(2 * at_most)
    )
    found = {
        row.id: DoubtedItem(
            item_id=str(row.id),
            state=ItemState(row.state),
            unsure_at=row.decided_at,
            settled=row.outcome != "not_sure",
            has_text=bool(row.has_text) and row.state != ItemState.VOID,
        )
        for row in reversed(conn.execute(query).all())
    }
    newest = sorted(found.values(), key=lambda one: one.unsure_at, reverse=True)
    return newest[:at_most]


def _unsure(days: Days, *wanted: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Select from the decisions "not sure" on items made on these days that nobody took back.

    Nothing is decided before it is made, so the index of what was not sure is enough to look in.
    """
    start, end = rollups.start_of(days.first), rollups.start_of(days.last + DAY)
    taken_back = exists().where(
        _UNDO.c.supersedes_id == decision.c.id,
        _UNDO.c.item_id == decision.c.item_id,
        _UNDO.c.kind == reviews.UNDO,
    )
    return (
        select(*wanted)
        .select_from(decision)
        .join(item, item.c.id == decision.c.item_id)
        .join(current_decision, _stands())
        .join(_STANDING, _STANDING.c.id == current_decision.c.decision_id)
        .where(
            _UNSURE,
            decision.c.decided_at >= start,
            decision.c.kind != reviews.UNDO,
            ~taken_back,
            IS_OWN,
            item.c.created_at >= start,
            item.c.created_at < end,
        )
    )


def _stands() -> ColumnElement[bool]:
    first = current_decision.c.slot == reviews.FIRST_SLOT
    return (current_decision.c.item_id == item.c.id) & first


# --- the sentences -----------------------------------------------------------------------------


def propose(
    conn: Connection, person_id: str, label: str, sentences: Mapping[str, str], now: datetime
) -> str:
    """Note a clarification, which a second person has to approve; give its id."""
    values = {
        "label": label,
        "sentence_en": sentences["en"],
        "sentence_vi": sentences["vi"],
        "state": ClarificationState.PROPOSED.value,
        "proposed_by": int(person_id),
        "proposed_at": now,
    }
    query = insert(clarification).values(**values).returning(clarification.c.id)
    return str(conn.execute(query).scalar_one())


def approve(
    conn: Connection, person_id: str, clarification_id: str, now: datetime
) -> Clarification:
    """Let a proposed clarification be shown, as a second person.

    Raises:
        InputError: The person proposed it, or it does not wait for anybody.
        NotFound: There is no such clarification.
    """
    found = get(conn, clarification_id)
    query = (
        update(clarification)
        .where(
            clarification.c.id == int(found.id),
            clarification.c.proposed_by != int(person_id),
            clarification.c.state == ClarificationState.PROPOSED.value,
        )
        .values(state=ClarificationState.ACTIVE.value, approved_by=int(person_id), approved_at=now)
        .returning(clarification.c.id)
    )
    if conn.execute(query).first() is None:
        msg = (
            f"clarification {found.id} was proposed by you or waits for nobody; ask another person"
        )
        raise InputError(msg)
    return get(conn, clarification_id)


def end(conn: Connection, person_id: str, clarification_id: str, now: datetime) -> Clarification:
    """Take a clarification off, or put a proposal aside; give it as it stood before.

    Raises:
        InputError: It is over already.
        NotFound: There is no such clarification.
    """
    found = get(conn, clarification_id)
    query = (
        update(clarification)
        .where(clarification.c.id == int(found.id), clarification.c.state.in_(LIVE))
        .values(state=ClarificationState.ENDED.value, ended_by=int(person_id), ended_at=now)
        .returning(clarification.c.id)
    )
    if conn.execute(query).first() is None:
        msg = f"clarification {found.id} is over already; reload the page"
        raise InputError(msg)
    return found


def get(conn: Connection, clarification_id: str) -> Clarification:
    """Find one clarification.

    Raises:
        NotFound: There is none of this id.
    """
    longest = len("9" * 18)
    is_key = clarification_id.isdecimal() and len(clarification_id) <= longest
    key = int(clarification_id) if is_key else 0
    row = conn.execute(select(clarification).where(clarification.c.id == key)).first()
    if row is None:
        msg = f"there is no clarification {clarification_id!r}; reload the page"
        raise NotFound(msg)
    return _clarification(row)


def live(conn: Connection) -> list[Clarification]:
    """List what is shown and what waits for a second person, oldest first."""
    query = (
        select(clarification)
        .where(clarification.c.state.in_(LIVE))
        .order_by(clarification.c.id)
        .limit(MOST_LISTED)
    )
    return [_clarification(row) for row in conn.execute(query)]


def note(
    conn: Connection, person_id: str, action: str, which: tuple[str, str], now: datetime
) -> None:
    """Tell the ledger what was done with a clarification: *which* is its id and its label."""
    subject, data = f"clarification:{which[0]}", {"label": which[1]}
    ledger.append(conn, at=now, actor=person_id, action=action, subject=subject, data=data)


def _clarification(row: AnyRow) -> Clarification:
    return Clarification(
        id=str(row.id),
        label=row.label,
        sentences={"en": row.sentence_en, "vi": row.sentence_vi},
        state=ClarificationState(row.state),
        proposed_by=str(row.proposed_by),
        proposed_at=row.proposed_at,
        approved_by=None if row.approved_by is None else str(row.approved_by),
        approved_at=row.approved_at,
        ended_by=None if row.ended_by is None else str(row.ended_by),
        ended_at=row.ended_at,
    )
