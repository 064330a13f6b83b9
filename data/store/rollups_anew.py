"""Roll-ups made anew from what they count, and compared with what was kept.

This says in SQL once more what `arrivals.count` and `rollup_counted` say in Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Integer,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    union_all,
)

from evenhand.data.records import Outcome
from evenhand.data.store import dialect, rollup_purges
from evenhand.data.store import rollup_came as came
from evenhand.data.store.children import IS_OWN
from evenhand.data.store.rollup_buckets import bucket_sql, minutes_sql
from evenhand.data.store.rollups import DAY_MICROS, Deed, Step
from evenhand.data.tables import (
    current_decision,
    decision,
    item,
    post,
    rollup_came,
    rollup_item,
    rollup_mark,
    rollup_outcome,
    rollup_pace,
    rollup_post,
    rollup_purge,
    rollup_wait,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, FromClause, Select, SelectBase, Table

TABLES = (
    *(rollup_post, rollup_mark, rollup_item, rollup_outcome, rollup_wait, rollup_pace),
    *(rollup_purge, rollup_came),
)
FIRST_SLOT = 1
EXAMPLES = 3
# Written out, not bound: PostgreSQL groups only by what it sees to be the same.
_NOBODY: ColumnElement[str] = literal_column("''")
_TEAM: ColumnElement[int] = literal_column("coalesce(item.team_id, 0)", Integer).label("team_id")
_SOURCE: ColumnElement[int] = literal_column("coalesce(item.source_id, 0)", Integer).label(
    "source_id"
)
_VOID = item.c.state == literal_column("'void'")
_DECIDED, _ANSWERED = item.c.decided_at.is_not(None), item.c.answered_at.is_not(None)


@dataclass(frozen=True, slots=True)
class Compared:
    """How one roll-up differs from what it must be.

    *rows* are kept, *differing* of all are to be others, are too many or are missing; *examples*
    words some of them, as they are kept and as they were made anew.
    """

    table: str
    rows: int
    differing: int
    examples: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Say whether nothing differs."""
        return not self.differing


def rebuild(conn: Connection) -> None:
    """Make all roll-ups anew from the posts, items and decisions they count."""
    for table in TABLES:
        conn.execute(delete(table))
        conn.execute(insert(table).from_select(_names(table), _anew(conn, table)))


def compare(conn: Connection) -> list[Compared]:
    """Compare each roll-up with what a rebuild would make of it; nothing is written.

    Each is compared in one statement, which sees one state of the store on both engines.
    """
    return [_compare(conn, table) for table in TABLES]


def _compare(conn: Connection, table: Table) -> Compared:
    names = _names(table)
    columns = [table.c[name] for name in names]
    anew = _anew(conn, table).subquery("made_anew")
    both = select(*(anew.c[place] for place in range(len(names)))).cte("anew")
    there = select(*(both.c[place] for place in range(len(names))))
    kept = select(*columns)
    kept_only, anew_only = kept.except_(there).subquery("k"), there.except_(kept).subquery("a")
    query = union_all(
        select(literal_column("'kept'").label("side"), *kept_only.c),
        select(literal_column("'anew'").label("side"), *anew_only.c),
    )
    size = len(table.primary_key)
    by_key: dict[tuple[Any, ...], dict[str, tuple[Any, ...]]] = {}
    for side, *cells in conn.execute(query):
        by_key.setdefault(tuple(cells[:size]), {})[side] = tuple(cells[size:])
    counted = int(conn.execute(select(func.count()).select_from(table)).scalar_one())
    examples = [_example(table, key, by_key[key]) for key in sorted(by_key)[:EXAMPLES]]
    return Compared(table.name, counted, len(by_key), tuple(examples))


def _example(table: Table, key: tuple[Any, ...], sides: dict[str, tuple[Any, ...]]) -> str:
    """Word a row as it is kept and as it was made anew; no drawer is named."""
    at = dict(zip(_names(table), key, strict=False))
    where = ", ".join(f"{name} {value!r}" for name, value in at.items() if name != "mark")
    kept, anew = (_said(table, sides.get(side)) for side in ("kept", "anew"))
    return f"{where}: kept {kept}, made anew {anew}"


def _said(table: Table, counts: tuple[Any, ...] | None) -> str:
    if counts is None:
        return "nothing"
    names = _names(table)[len(table.primary_key) :]
    told = [f"{name} {count}" for name, count in zip(names, counts, strict=True) if count]
    return " ".join(told) or "zeros"


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def _anew(conn: Connection, table: Table) -> SelectBase:
    """Select what a roll-up must hold, its columns in their order."""
    if table is rollup_outcome:
        return _outcomes(conn)
    return {
        rollup_post: _posts,
        rollup_mark: _marks,
        rollup_item: _items,
        rollup_wait: _waits,
        rollup_pace: _paces,
        rollup_purge: rollup_purges.anew,
        rollup_came: came.anew,
    }[table]()


def _posts() -> SelectBase:
    sentiment: ColumnElement[str] = func.coalesce(post.c.sentiment, _NOBODY)
    cell = (post.c.day, post.c.source_id, post.c.topic, sentiment)
    flagged = func.sum(cast(post.c.flagged, Integer))
    return select(*cell, func.count(), flagged).group_by(*cell)


def _marks() -> SelectBase:
    sentiment: ColumnElement[str] = func.coalesce(post.c.sentiment, _NOBODY)
    marked = (post.c.day, post.c.topic, sentiment, post.c.mark)
    return select(*marked, func.count()).where(post.c.mark != "").group_by(*marked)


def _day(at: str) -> ColumnElement[int]:
    # Dividing whole microseconds cuts down to whole days on both engines.
    return literal_column(f"item.{at} / {DAY_MICROS}", Integer).label("day")


def _sum(fact: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((fact, 1), else_=0))


def _standing() -> FromClause:
    """Join items to the decision that stands on each, where one does."""
    here = and_(current_decision.c.item_id == item.c.id, current_decision.c.slot == FIRST_SLOT)
    return item.outerjoin(current_decision, here).outerjoin(
        decision, decision.c.id == current_decision.c.decision_id
    )


def _items() -> SelectBase:
    keys = (_day("created_at"), item.c.queue, item.c.label, item.c.lang, _TEAM, _SOURCE)
    facts = (
        _DECIDED,
        decision.c.outcome == Outcome.VIOLATES.value,
        item.c.needs_answer,
        and_(item.c.needs_answer, _ANSWERED),
        _VOID,
        and_(_DECIDED, item.c.decided_at <= item.c.due_at),
        decision.c.outcome == Outcome.NOT_SURE.value,
        item.c.skips > 0,
        item.c.escalated,
    )
    query = select(*keys, func.count(), *map(_sum, facts)).select_from(_standing())
    # An item that is read once more is counted once.
    return query.where(IS_OWN).group_by(*keys)


def _outcomes(conn: Connection) -> SelectBase:
    """Count each decision once under every policy that it names; without any, under ""."""
    pairs, name = dialect.named_pairs(conn, "decision.also")
    about = f"""
        item.created_at / {DAY_MICROS} AS day, item.label AS label, item.lang AS lang,
        coalesce(item.team_id, 0) AS team_id, coalesce(item.source_id, 0) AS source_id,
        coalesce(decision.model, '') AS model, decision.outcome AS outcome"""
    standing = f"""
        FROM item
        JOIN current_decision ON current_decision.item_id = item.id
        AND current_decision.slot = {FIRST_SLOT}
        JOIN decision ON decision.id = current_decision.decision_id"""
    keys = "day, label, lang, team_id, source_id, model, outcome, policy"
    query = f"""
        SELECT {keys}, count(*) AS items, sum(leads) AS leading FROM (
        SELECT decision.id, {about}, coalesce(decision.policy, '') AS policy, 1 AS leads
        {standing} WHERE item.of_item_id IS NULL
        UNION ALL
        SELECT DISTINCT decision.id, {about}, {name} AS policy, 0 AS leads
        {standing} CROSS JOIN {pairs}
        WHERE item.of_item_id IS NULL AND {name} <> decision.policy
        ) AS named GROUP BY {keys}"""  # noqa: S608 - words from this file and from the dialect
    return text(query).columns(*(rollup_outcome.c[name] for name in _names(rollup_outcome)))


def _waits() -> SelectBase:
    """Count, for each step, the items that came to it and those that can come to it no more."""
    ends = (
        # A score range decides what nobody has seen.
        (Step.SEEN, "seen_at", "coalesce(item.seen_at, item.decided_at, item.state_at)"),
        (Step.DECIDED, "decided_at", "coalesce(item.decided_at, item.state_at)"),
        (Step.ANSWERED, "answered_at", "coalesce(item.answered_at, item.state_at)"),
    )
    steps = union_all(*(_step(*end) for end in ends)).subquery("steps")
    bucket = bucket_sql("steps.minutes").label("bucket")
    keys = (
        *(steps.c[name] for name in ("day", "queue", "label", "lang", "team_id", "step")),
        bucket,
    )
    counts = (func.sum(steps.c.ended), func.sum(1 - steps.c.ended))
    return select(*keys, *counts).group_by(*keys)


def _step(step: Step, column: str, ended_at: str) -> Select[Any]:
    came = item.c[column].is_not(None)
    left = {
        Step.SEEN: came | _DECIDED | _VOID,
        Step.DECIDED: came | _VOID,
        Step.ANSWERED: and_(item.c.needs_answer, came | _VOID),
    }
    return select(
        _day("created_at"),
        item.c.queue,
        item.c.label,
        item.c.lang,
        _TEAM,
        literal_column(f"'{step.value}'").label("step"),
        minutes_sql(f"({ended_at} - item.created_at)").label("minutes"),
        case((came, 1), else_=0).label("ended"),
    ).where(IS_OWN, left[step])


def _paces() -> SelectBase:
    deeds = (
        _deed(Deed.ARRIVED, "created_at", IS_OWN),
        _deed(Deed.DECIDED, "decided_at", _DECIDED),
        _deed(Deed.ANSWERED, "answered_at", and_(item.c.needs_answer, _ANSWERED)),
        _deed(Deed.LATE, "decided_at", item.c.decided_at > item.c.due_at),
    )
    return union_all(*deeds)


def _deed(deed: Deed, at: str, done: ColumnElement[bool]) -> Select[Any]:
    keys = (_day(at), item.c.queue, _TEAM)
    name: ColumnElement[str] = literal_column(f"'{deed.value}'").label("deed")
    return select(*keys, name, func.count()).where(IS_OWN, done).group_by(*keys)
