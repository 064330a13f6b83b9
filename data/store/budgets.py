"""The weekly budget of reading unflagged posts, and the part of it that audits have (safeguard 2).

One person proposes a budget and another puts it in force; rows are only added and ended.
Whatever is in force, a week never has more than 2 % of the posts of the last seven days, or 2,000
where that is more.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from evenhand.data.errors import InputError, NotFound
from evenhand.data.store import ledger, rollups
from evenhand.data.tables import rollup_post
from evenhand.data.tables_review import budget

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

# In force until two persons set another one.
WEEKLY, AUDITS = 500, 300
MOST, MOST_SHARE = 2_000, 0.02
WEEK_DAYS = 7


class BudgetState(StrEnum):
    """Where a budget stands."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"


LIVE = (BudgetState.PROPOSED.value, BudgetState.ACTIVE.value)


@dataclass(frozen=True, slots=True)
class SetBudget:
    """A budget that somebody proposed: posts a week, *audits* of them for audits; people are ids.

    No id and no people stand for the one that holds until two persons set another.
    """

    weekly: int
    audits: int
    state: BudgetState = BudgetState.ACTIVE
    id: str | None = None
    proposed_by: str | None = None
    proposed_at: datetime | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None


def most(conn: Connection, now: datetime) -> int:
    """Say how many posts a week may have at most: 2 % of those of the last seven days, or 2,000."""
    today = rollups.day_of(now)
    lately = rollup_post.c.day.between(today - WEEK_DAYS, today - 1)
    query = select(func.coalesce(func.sum(rollup_post.c.arrived), 0)).where(lately)
    return max(MOST, int(MOST_SHARE * int(conn.execute(query).scalar_one())))


def in_force(conn: Connection) -> SetBudget:
    """Read the budget in force, as it was set."""
    query = select(budget).where(budget.c.state == BudgetState.ACTIVE.value)
    row = conn.execute(query.order_by(budget.c.id.desc()).limit(1)).first()
    return SetBudget(WEEKLY, AUDITS) if row is None else _budget(row)


def proposed(conn: Connection) -> list[SetBudget]:
    """List what waits for a second person, oldest first."""
    query = select(budget).where(budget.c.state == BudgetState.PROPOSED.value)
    return [_budget(row) for row in conn.execute(query.order_by(budget.c.id))]


def propose(conn: Connection, person_id: str, weekly: int, audits: int, now: datetime) -> str:
    """Note a budget, which a second person has to approve; give its id.

    Raises:
        InputError: It is more than may be read in a week, the part of audits is more than all, or
            another proposal waits.
    """
    _check(conn, weekly, audits, now)
    if proposed(conn):
        msg = "another budget waits for a second person already; approve it or put it aside first"
        raise InputError(msg)
    values = {
        "weekly": weekly,
        "audits": audits,
        "state": BudgetState.PROPOSED.value,
        "proposed_by": int(person_id),
        "proposed_at": now,
    }
    query = insert(budget).values(**values).returning(budget.c.id)
    made = str(conn.execute(query).scalar_one())
    note(conn, person_id, "budget_proposed", get(conn, made), now)
    return made


def approve(conn: Connection, person_id: str, budget_id: str, now: datetime) -> None:
    """Put a proposed budget in force as a second person; the one before ends.

    Raises:
        InputError: The person proposed it, it does not wait for anybody, or it is more than may be
            read in a week by now.
        NotFound: There is no such budget.
    """
    found = get(conn, budget_id)
    _check(conn, found.weekly, found.audits, now)
    conn.execute(
        update(budget)
        .where(budget.c.state == BudgetState.ACTIVE.value)
        .values(state=BudgetState.ENDED.value, ended_by=int(person_id), ended_at=now)
    )
    query = (
        update(budget)
        .where(
            budget.c.id == int(str(found.id)),
            budget.c.proposed_by != int(person_id),
            budget.c.state == BudgetState.PROPOSED.value,
        )
        .values(state=BudgetState.ACTIVE.value, approved_by=int(person_id), approved_at=now)
        .returning(budget.c.id)
    )
    if conn.execute(query).first() is None:
        msg = f"budget {found.id} was proposed by you or waits for nobody; ask another person"
        raise InputError(msg)
    note(conn, person_id, "budget_approved", found, now)


def put_aside(conn: Connection, person_id: str, budget_id: str, now: datetime) -> None:
    """Take a proposal off the list.

    Raises:
        InputError: It does not wait for anybody.
        NotFound: There is no such budget.
    """
    found = get(conn, budget_id)
    query = (
        update(budget)
        .where(budget.c.id == int(str(found.id)), budget.c.state == BudgetState.PROPOSED.value)
        .values(state=BudgetState.ENDED.value, ended_by=int(person_id), ended_at=now)
        .returning(budget.c.id)
    )
    if conn.execute(query).first() is None:
        msg = f"budget {found.id} waits for nobody any more; reload the page"
        raise InputError(msg)
    note(conn, person_id, "budget_put_aside", found, now)


def get(conn: Connection, budget_id: str) -> SetBudget:
    """Find one budget.

    Raises:
        NotFound: There is none of this id.
    """
    longest = len("9" * 18)
    key = int(budget_id) if budget_id.isdecimal() and len(budget_id) <= longest else 0
    row = conn.execute(select(budget).where(budget.c.id == key)).first()
    if row is None:
        msg = f"there is no budget {budget_id!r}; reload the page"
        raise NotFound(msg)
    return _budget(row)


def note(conn: Connection, person_id: str, action: str, one: SetBudget, now: datetime) -> None:
    """Tell the ledger what was done with a budget."""
    data = {"weekly": one.weekly, "audits": one.audits}
    subject = f"budget:{one.id}"
    ledger.append(conn, at=now, actor=person_id, action=action, subject=subject, data=data)


def _check(conn: Connection, weekly: int, audits: int, now: datetime) -> None:
    limit = most(conn, now)
    if not 0 <= audits <= weekly <= limit:
        msg = (
            f"{weekly} posts a week, {audits} of them for audits, cannot be set: all may be "
            f"{limit} at most (2 % of the posts of the last week, or 2,000 where that is more), "
            "and audits no more than all"
        )
        raise InputError(msg)


def _budget(row: Row[*tuple[Any, ...]]) -> SetBudget:
    return SetBudget(
        weekly=row.weekly,
        audits=row.audits,
        state=BudgetState(row.state),
        id=str(row.id),
        proposed_by=str(row.proposed_by),
        proposed_at=row.proposed_at,
        approved_by=None if row.approved_by is None else str(row.approved_by),
        approved_at=row.approved_at,
    )
