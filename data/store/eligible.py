"""Which open items a person may take: one list of conditions, read by claims and by counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, literal_column, or_, true

from evenhand.data.store.bound import ME
from evenhand.data.store.children import IS_OWN, Purpose
from evenhand.data.store.draws import LABEL as DRAWN
from evenhand.data.store.spared import spared
from evenhand.data.tables import decision, item, skip
from evenhand.data.tables_review import appeal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from evenhand.data.store.claims import Wish

FAST_QUEUE = "fast"
# Kinds of the decisions that come first: somebody read the item, or decided on its score range.
FIRST_KINDS = ("review", "range")
# Written out, not bound: both engines use the partial indexes only for the literal word.
IS_OPEN = item.c.state == literal_column("'open'")
IS_CLAIMED = item.c.state == literal_column("'claimed'")

# Under names of their own: a query around may read the same tables.  Made once: a name for a table
# costs more than the rest of a claim's conditions.
_BESIDE, _SAID, _FILED = item.alias("beside"), decision.alias("said"), appeal.alias("filed")


def may_take(queue: str, suiting: Sequence[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """Give the conditions under which a row of `item` waits in a queue for a person.

    *suiting* is what `suits` gives for them.
    """
    return [IS_OPEN, item.c.queue == queue, *suiting]


def suits(wish: Wish) -> list[ColumnElement[bool]]:
    """Give the conditions under which an item, wherever it stands, may be put before a person.

    The person of a wish that names none is bound when the statement runs, as `me`.
    """
    me = ME if wish.person_id is None else int(wish.person_id)
    skipped = exists().where(skip.c.item_id == item.c.id, skip.c.person_id == me)
    mine = or_(item.c.for_person.is_(None), item.c.for_person == me)
    # Practice is taken one by one, on its own page.
    once_more = and_(item.c.purpose != Purpose.PRACTICE.value, ~took_part(me))
    wanted = [~skipped, mine, or_(IS_OWN, once_more), *spared(me)]
    if wish.langs is not None:
        wanted.append(item.c.lang.in_(wish.langs))
    if wish.labels is not None or wish.sources is not None:
        wanted.append(or_(item.c.label == DRAWN, and_(*_chosen(wish))))
    if not wish.escalated:
        wanted.append(~item.c.escalated)
    if wish.team_id is not None:
        wanted.append((seen_by if wish.escalated else of_team)(wish.team_id))
    return wanted


def _chosen(wish: Wish) -> list[ColumnElement[bool]]:
    """Give a person's own filter, which no post that was drawn at random is held against.

    Which of those are read must not depend on words, topic or source (safeguard 2).
    """
    chosen: list[ColumnElement[bool]] = []
    if wish.labels is not None:
        chosen.append(item.c.label.in_(wish.labels))
    if wish.sources is not None:
        chosen.append(item.c.source_id.in_([int(one) for one in wish.sources]))
    return chosen


def of_team(team_id: str | None) -> ColumnElement[bool]:
    """Say in SQL that an item is the team's or nobody's; every item for None."""
    if team_id is None:
        return true()
    return or_(item.c.team_id.is_(None), item.c.team_id == int(team_id))


def seen_by(team_id: str | None) -> ColumnElement[bool]:
    """Say in SQL that a coordinator of the team sees an item: the team's, nobody's, or a fast one.

    A life at risk is never hidden by a route.
    """
    return or_(of_team(team_id), item.c.queue == FAST_QUEUE)


def took_part(person: int | ColumnElement[int], *, but: int | None = None) -> ColumnElement[bool]:
    """Say in SQL that a person decided on a child's parent or on another child of it.

    Whoever filed an appeal has taken part in it too.
    A decision that was taken back counts: the person has read the post.
    What was decided on the item *but* does not.
    """
    beside, said, filed = _BESIDE, _SAID, _FILED
    theirs = said.c.reviewer_id == person
    others = theirs if but is None else and_(theirs, said.c.item_id != but)
    return or_(
        # What came to stand by another child is that child's.
        exists().where(said.c.item_id == item.c.of_item_id, said.c.kind.in_(FIRST_KINDS), theirs),
        exists().where(
            said.c.item_id == beside.c.id,
            beside.c.of_item_id == item.c.of_item_id,
            # Near-copies of a wave are read one by one: having read one is no part in another.
            beside.c.purpose != Purpose.WAVE.value,
            others,
        ),
        exists().where(filed.c.review_item_id == item.c.id, filed.c.filed_by == person),
    )
