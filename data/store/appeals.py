"""Appeals: somebody holds a decision to be wrong, and a person who took no part reads again.

Filed by a member of the team, on the team's own side or for the person whose post it is, who never
becomes a record here.
What ends an appeal lies in `reviews`, in the transaction of the new decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, insert, select

from evenhand.data.errors import InputError, NotFound
from evenhand.data.records import ItemState
from evenhand.data.store import children, eligible, reviews
from evenhand.data.store.children import IS_OWN, Purpose
from evenhand.data.store.claims import key_of
from evenhand.data.store.eligible import of_team
from evenhand.data.tables import current_decision, decision, item, post
from evenhand.data.tables_review import appeal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

MOST_LISTED = 200
# One's own decisions are looked for among this many newest of the whole team.
LOOK_BACK = 10_000


@dataclass(frozen=True, slots=True)
class NewAppeal:
    """What is filed: against which item's decision, on whose side, and why."""

    item_id: str
    side: str
    ground: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal that waits; *took_part* says that whoever looks may not read it.

    *outcome* and *policy* are what it is against, and *state* is that of the item under which
    somebody reads it.
    """

    id: str
    item_id: str
    side: str
    ground: str
    filed_by: str
    filed_at: datetime
    outcome: str
    policy: str | None
    lang: str
    review_item_id: str
    state: ItemState
    took_part: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """An item with the decision that stands on it: what an appeal can be against.

    *has_text* says whether the post's text still exists.
    """

    item_id: str
    outcome: str
    policy: str | None
    label: str
    lang: str
    decided_at: datetime
    has_text: bool


@dataclass(frozen=True, slots=True)
class Filed:
    """What was filed, and the uuid of the decision that it is against."""

    id: str
    decision_uuid: str


def file(
    conn: Connection, person_id: str, new: NewAppeal, team_id: str | None, now: datetime
) -> Filed:
    """Note an appeal against the decision that stands, and put the item before another person.

    Raises:
        InputError: The item is not decided, is gone, or is being read once more for this already.
        NotFound: The team has no such item.
    """
    key = key_of(new.item_id)
    query = select(item.c.id).where(item.c.id == key, IS_OWN, of_team(team_id))
    if conn.execute(query).first() is None:
        msg = f"no item has the id {new.item_id!r}; look it up again"
        raise NotFound(msg)
    parent = children.lock(conn, key)
    standing = reviews.current(conn, key)
    if standing is None or parent.state == ItemState.VOID:
        msg = f"item {key} has no decision to appeal against, or its post was deleted"
        raise InputError(msg)
    before = reviews.newest_appeal(conn, key)
    third = children.of(conn, key, Purpose.ADJUDICATION)
    if (before is not None and before.result is None) or any(
        one.state in children.LIVE for one in third
    ):
        msg = f"item {key} is being read again already; wait for what comes of it"
        raise InputError(msg)
    child = children.make(conn, parent, Purpose.APPEAL, now)
    values = {
        "item_id": key,
        "decision_id": standing.id,
        "side": new.side,
        "ground": new.ground,
        "filed_by": int(person_id),
        "filed_at": now,
        "review_item_id": child,
    }
    made = conn.execute(insert(appeal).values(**values).returning(appeal.c.id)).scalar_one()
    return Filed(str(made), standing.uuid)


def decided_by(
    conn: Connection, person_id: str, team_id: str | None, until: datetime, at_most: int
) -> list[Decided]:
    """List the items that a person decided on before *until*, the last decision first.

    It goes back a bounded number of decisions, as an undo does.
    """
    newest = select(func.max(decision.c.id)).scalar_subquery()
    theirs = (
        select(decision.c.item_id)
        .where(
            decision.c.id > newest - LOOK_BACK,
            decision.c.reviewer_id == int(person_id),
            decision.c.kind == reviews.REVIEW,
            decision.c.decided_at < until,
        )
        .order_by(decision.c.id.desc())
    )
    ids = list(dict.fromkeys(conn.execute(theirs).scalars()))
    found = {one.item_id: one for one in standing(conn, ids, team_id)}
    return [found[str(key)] for key in ids if str(key) in found][:at_most]


def standing(conn: Connection, item_ids: Sequence[int], team_id: str | None) -> list[Decided]:
    """Tell what stands on these items of a team, leaving out what no appeal can be against.

    That is what has no decision, what was deleted, and what is being read for an appeal already.
    """
    open_one = exists().where(appeal.c.item_id == item.c.id, appeal.c.result.is_(None))
    query = (
        select(decision.c.outcome, decision.c.policy, decision.c.decided_at)
        .add_columns(item.c.id, item.c.label, item.c.lang)
        .add_columns(post.c.text_erased_at.is_(None).label("has_text"))
        .join(current_decision, current_decision.c.decision_id == decision.c.id)
        .join(item, item.c.id == current_decision.c.item_id)
        .join(post, post.c.id == item.c.post_id)
        .where(
            item.c.id.in_(item_ids),
            current_decision.c.slot == reviews.FIRST_SLOT,
            IS_OWN,
            item.c.state != ItemState.VOID.value,
            of_team(team_id),
            ~open_one,
        )
    )
    return [
        Decided(
            item_id=str(row.id),
            outcome=row.outcome,
            policy=row.policy,
            label=row.label,
            lang=row.lang,
            decided_at=row.decided_at,
            has_text=bool(row.has_text),
        )
        for row in conn.execute(query)
    ]


def waiting(conn: Connection, person_id: str, team_id: str | None) -> list[Appeal]:
    """List the appeals of a team that nobody has decided on, oldest first."""
    query = (
        select(appeal, decision.c.outcome, decision.c.policy, item.c.lang, item.c.state)
        .add_columns(eligible.took_part(int(person_id)).label("took_part"))
        .join(decision, decision.c.id == appeal.c.decision_id)
        .join(item, item.c.id == appeal.c.review_item_id)
        .where(appeal.c.result.is_(None), item.c.state != ItemState.VOID.value, of_team(team_id))
        .order_by(appeal.c.filed_at, appeal.c.id)
        .limit(MOST_LISTED)
    )
    return [_appeal(row) for row in conn.execute(query)]


def get(conn: Connection, person_id: str, appeal_id: str, team_id: str | None) -> Appeal:
    """Find one appeal that waits.

    Raises:
        NotFound: It was decided on, or the team has none of this id.
    """
    for one in waiting(conn, person_id, team_id):
        if one.id == appeal_id:
            return one
    msg = f"no appeal {appeal_id!r} waits any more; reload the page"
    raise NotFound(msg)


def results(
    conn: Connection, team_id: str | None, since: datetime, until: datetime
) -> dict[str, int]:
    """Count the appeals that ended in a window, by their result."""
    query = (
        select(appeal.c.result, func.count())
        .join(item, item.c.id == appeal.c.item_id)
        .where(
            appeal.c.result.is_not(None),
            appeal.c.ended_at >= since,
            appeal.c.ended_at < until,
            of_team(team_id),
        )
        .group_by(appeal.c.result)
    )
    return {result: int(n) for result, n in conn.execute(query)}


def _appeal(row: Row[*tuple[Any, ...]]) -> Appeal:
    return Appeal(
        id=str(row.id),
        item_id=str(row.item_id),
        side=row.side,
        ground=row.ground,
        filed_by=str(row.filed_by),
        filed_at=row.filed_at,
        outcome=row.outcome,
        policy=row.policy,
        lang=row.lang,
        review_item_id=str(row.review_item_id),
        state=ItemState(row.state),
        took_part=bool(row.took_part),
    )
