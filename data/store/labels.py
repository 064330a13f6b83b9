"""Decisions as training truth: what each standing decision says of which label, and its origin.

Left out are posts and sources that may not train, erased and void ones, "not sure", and what was
decided by score range: nobody read it.
Of what is read once more only a second opinion is a label of its own, until a third person has
decided between the two: then the decision that stands is the truth.
A decision of a simulated person counts in a demo alone; the caller says which.
No label knows who wrote a post.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, case, cast, exists, func, literal, or_, select

from evenhand.data.records import ItemState, Outcome
from evenhand.data.store.children import IS_OWN, Purpose
from evenhand.data.store.reviews import RANGE
from evenhand.data.tables import current_decision, decision, draw, item, post, post_version, source
from evenhand.data.tables_review import gold
from evenhand.data.taxonomy import FAST_LABELS, Policy, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, FromClause

FIRST_SLOT = 1
FLAGGED, LEARNING, AUDIT = "flagged", "learning", "audit"
DOUBLE, GOLD = "double", "gold"
AT_ONCE = 1_000
_POLICIES = frozenset(one.value for one in Policy)
_REQUESTS = frozenset(one.value for one in Request)
# A cry for help may be a risk too: who asks for an answer there says nothing on the risk.
_SAID_NOTHING_OF = frozenset(one.value for one in FAST_LABELS)


@dataclass(frozen=True, slots=True)
class LabelRow:
    """What one person said of one shown text; *yes* and *no* are ids of policies and requests.

    A label in neither is unknown.
    *reviewer_id* serves the search for reviewers who disagree with everybody and nothing else.
    """

    post_id: str
    item_id: str
    text: str
    lang: str
    yes: frozenset[str]
    no: frozenset[str]
    origin: str
    reviewer_id: str
    simulated: bool
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """How many decisions say yes and no to a label, in one language and of one origin."""

    label: str
    lang: str
    origin: str
    yes: int
    no: int
    simulated: int


def rows(conn: Connection, *, simulated: bool) -> Iterator[LabelRow]:
    """Read all labels with their texts, oldest decision first.

    Args:
        conn: A read.
        simulated: Whether decisions of simulated people count: in a demo only.
    """
    query = (
        select(
            decision,
            item.c.post_id,
            item.c.label.label("item_label"),
            post.c.lang,
            post_version.c.content,
            post_version.c.name,
            _origin().label("origin"),
        )
        .select_from(_joined())
        .join(
            post_version,
            and_(
                post_version.c.post_id == item.c.post_id,
                post_version.c.version == decision.c.version,
            ),
        )
        .where(*_counts(simulated=simulated), post_version.c.content.is_not(None))
        .order_by(decision.c.id)
        .execution_options(yield_per=AT_ONCE)
    )
    with conn.execute(query) as found:
        for row in found:
            also = [name for name, _ in row.also or ()]
            yes, no = said(Outcome(row.outcome), row.policy, row.item_label, also)
            if yes or no:
                yield _label(row, yes, no)


def said(
    outcome: Outcome, policy: str | None, item_label: str, also: Iterable[str] = ()
) -> tuple[frozenset[str], ...]:
    """Give what an outcome says yes and no to.

    A violation names one policy, or *also* others, and leaves the rest open.
    "No harm" is chosen where a violation and an answer were offered too: no to everything.
    An answer was needed: yes to the request that the item was put up for.
    """
    if outcome is Outcome.VIOLATES and policy in _POLICIES:
        return frozenset({policy, *also}) & _POLICIES, frozenset()
    if outcome is Outcome.NO_HARM:
        return frozenset(), _POLICIES | _REQUESTS
    if outcome in {Outcome.NEEDS_ANSWER, Outcome.ALREADY_ANSWERED}:
        asked = frozenset({item_label}) & _REQUESTS
        return asked, _POLICIES - _SAID_NOTHING_OF
    return frozenset(), frozenset()


def count(conn: Connection, *, simulated: bool) -> list[Counted]:
    """Count what labels there are, without reading a text, by label, language and origin."""
    facts = (
        select(
            decision.c.outcome,
            decision.c.policy,
            # PostgreSQL compares no JSON.
            cast(decision.c.also, Text).label("also"),
            item.c.label,
            post.c.lang,
            _origin().label("origin"),
            decision.c.simulated,
        )
        .select_from(_joined())
        .where(*_counts(simulated=simulated), post.c.text_erased_at.is_(None))
        .subquery()
    )
    # PostgreSQL groups by what it sees to be the same: by columns, not by an expression again.
    query = select(*facts.c, func.count().label("n")).group_by(*facts.c)
    sums: dict[tuple[str, str, str], list[int]] = {}
    for outcome, policy, more, item_label, lang, origin, invented, n in map(
        tuple, conn.execute(query)
    ):
        also = [name for name, _ in json.loads(more)]
        for at, labels in enumerate(said(Outcome(outcome), policy, item_label, also)):
            for label in labels:
                cell = sums.setdefault((label, lang, origin), [0, 0, 0])
                cell[at] += n
                cell[2] += n if invented else 0
    return [Counted(*key, *counts) for key, counts in sorted(sums.items())]


def _joined() -> FromClause:
    standing = and_(
        current_decision.c.item_id == decision.c.item_id,
        current_decision.c.decision_id == decision.c.id,
    )
    return (
        decision.join(current_decision, standing)
        .join(item, item.c.id == decision.c.item_id)
        .join(post, post.c.id == item.c.post_id)
        .join(source, source.c.id == post.c.source_id)
    )


def _counts(*, simulated: bool) -> list[ColumnElement[bool]]:
    """Say which decisions may train at all."""
    only_real = [] if simulated else [~decision.c.simulated]
    return [
        decision.c.outcome != Outcome.NOT_SURE.value,
        # What was decided by range was read by nobody.
        decision.c.kind != RANGE,
        # Both must allow it: a source may be closed to training after its posts came in.
        post.c.may_train,
        source.c.may_train,
        post.c.deleted_at.is_(None),
        item.c.state != ItemState.VOID.value,
        or_(IS_OWN, and_(item.c.purpose == Purpose.DOUBLE.value, ~_settled())),
        *only_real,
    ]


def _settled() -> ColumnElement[bool]:
    """Say in SQL that a third person has decided between a second opinion and the first."""
    third = item.alias("third")
    stands = current_decision.alias("third_stands")
    return exists().where(
        third.c.of_item_id == item.c.of_item_id,
        third.c.purpose == Purpose.ADJUDICATION.value,
        stands.c.item_id == third.c.id,
    )


def _origin() -> ColumnElement[str]:
    """Say how a post came before the reviewer: what was drawn is named by the draw.

    A post that an audit or the drift reading drew stays hold-out, whatever else brought it up;
    so does gold, for ever: it measures people.
    """
    measures = exists().where(
        gold.c.item_id == func.coalesce(item.c.of_item_id, item.c.id),
        gold.c.approved_at.is_not(None),
    )
    second = or_(current_decision.c.slot > FIRST_SLOT, ~IS_OWN)

    def drawn(kinds: tuple[str, ...]) -> ColumnElement[bool]:
        return (
            select(draw.c.id).where(draw.c.post_id == item.c.post_id, draw.c.kind.in_(kinds))
        ).exists()

    return case(
        (drawn(("audit", "drift")), literal(AUDIT)),
        (measures, literal(GOLD)),
        (second, literal(DOUBLE)),
        (drawn(("learning",)), literal(LEARNING)),
        else_=literal(FLAGGED),
    )


def _label(row: Any, yes: frozenset[str], no: frozenset[str]) -> LabelRow:  # noqa: ANN401 - a row of the query above
    return LabelRow(
        post_id=str(row.post_id),
        item_id=str(row.item_id),
        text=row.content if row.name is None else f"{row.name}\n{row.content}",
        lang=row.lang,
        yes=yes,
        no=no,
        origin=row.origin,
        reviewer_id=str(row.reviewer_id),
        simulated=row.simulated,
        decided_at=row.decided_at,
    )
