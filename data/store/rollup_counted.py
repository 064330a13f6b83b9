"""What an item adds to the roll-ups, and how they follow a change of it.

A change is an item before and after: what it added is taken back, what it adds now is added.
Nothing but this decides what a roll-up counts in the transaction of a fact; `rollups_anew` says
the same once more in SQL.
An item that is read once more is counted once, so items of other items add nothing.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete

from evenhand.data.records import ItemState, Outcome
from evenhand.data.store import dialect
from evenhand.data.store.rollup_buckets import bucket_of
from evenhand.data.store.rollups import Deed, Step, day_of
from evenhand.data.tables import rollup_item, rollup_outcome, rollup_pace, rollup_wait, to_micros

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row, Table

    Key = tuple[str | int, ...]
    Part = tuple[Table, Key, tuple[int, ...]]
    Change = tuple["Counted | None", "Counted | None"]

# In this order everywhere, so that two writers on PostgreSQL never wait in a circle.
TABLES = (rollup_item, rollup_outcome, rollup_wait, rollup_pace)
# Where a connection keeps what is to be counted at the end.
_WAITING = "evenhand_counted_together"


@dataclass(frozen=True, slots=True)
class Stands:
    """The decision that stands on an item, as far as roll-ups count it.

    *policies* are those that are violated, the leading one first, each once.
    """

    outcome: str
    policies: tuple[str, ...] = ()
    model: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """An item of its own, as far as roll-ups count it; the fields are those of its row."""

    created_at: datetime
    queue: str
    label: str
    lang: str
    team_id: int | None
    source_id: int | None
    due_at: datetime
    is_void: bool = False
    needs_answer: bool = False
    skips: int = 0
    escalated: bool = False
    seen_at: datetime | None = None
    decided_at: datetime | None = None
    answered_at: datetime | None = None
    void_at: datetime | None = None
    stands: Stands | None = None


def counted(row: Row[*tuple[Any, ...]], said: Row[*tuple[Any, ...]] | None = None) -> Counted:
    """Read from a whole row of `item`, and of the decision on it, what roll-ups count of it.

    What is left out on both sides of a change, as a decision that stays, is not counted anew.
    """
    is_void = row.state == ItemState.VOID.value
    return Counted(
        row.created_at,
        row.queue,
        row.label,
        row.lang,
        row.team_id,
        row.source_id,
        row.due_at,
        is_void,
        row.needs_answer,
        row.skips,
        row.escalated,
        row.seen_at,
        row.decided_at,
        row.answered_at,
        row.state_at if is_void else None,
        None if said is None else stands(said),
    )


def stands(said: Row[*tuple[Any, ...]]) -> Stands:
    """Read from a row of `decision` what roll-ups count of it."""
    named = (said.policy, *(pair[0] for pair in said.also or ()))
    policies = tuple(dict.fromkeys(name for name in named if name))
    return Stands(said.outcome, policies, said.model or "")


@contextmanager
def together(conn: Connection) -> Iterator[None]:
    """Let the roll-ups follow at the end, at once, whatever is counted until then.

    A write that counts twice locks rows of roll-ups out of their order, and two of them on
    PostgreSQL may wait in a circle.
    """
    waiting: list[Change] = []
    conn.info[_WAITING] = waiting
    try:
        yield
    finally:
        del conn.info[_WAITING]
    count(conn, waiting)


def count(conn: Connection, changes: Iterable[Change]) -> None:
    """Let the roll-ups follow changes of items: (before, after); None is an item that is not.

    One statement for each roll-up that changes, whatever the number of items.
    """
    waiting = conn.info.get(_WAITING)
    if waiting is not None:
        waiting.extend(changes)
        return
    sums: dict[Table, dict[Key, tuple[int, ...]]] = defaultdict(dict)
    for before, after in changes:
        for one, sign in ((before, -1), (after, 1)):
            for table, key, counts in () if one is None else _parts(one):
                had = sums[table].get(key, (0,) * len(counts))
                sums[table][key] = tuple(a + sign * b for a, b in zip(had, counts, strict=True))
    for table in TABLES:
        changed = {key: counts for key, counts in sums[table].items() if any(counts)}
        names = tuple(column.name for column in table.columns)
        dialect.add_to_rows(conn, table, names, [(*k, *counts) for k, counts in changed.items()])
        fewer = [key for key, counts in changed.items() if min(counts) < 0]
        _drop_empty(conn, table, fewer)


def _drop_empty(conn: Connection, table: Table, keys: Sequence[Key]) -> None:
    """Drop those rows that count nothing any more: a rebuild would not make them."""
    if not keys:
        return
    key_names = [column.name for column in table.primary_key]
    here = [table.c[name] == bindparam(f"at_{name}") for name in key_names]
    empty = [column == 0 for column in table.columns if column.name not in key_names]
    rows = [{f"at_{n}": v for n, v in zip(key_names, key, strict=True)} for key in sorted(keys)]
    conn.execute(delete(table).where(and_(*here, *empty)), rows)


def _parts(one: Counted) -> Iterator[Part]:
    """Give what an item adds: which roll-up, which row, how much."""
    day, team, source = day_of(one.created_at), one.team_id or 0, one.source_id or 0
    key = (day, one.queue, one.label, one.lang, team, source)
    yield rollup_item, key, _facts(one)
    if one.stands is not None:
        about = (day, one.label, one.lang, team, source, one.stands.model, one.stands.outcome)
        for number, policy in enumerate(one.stands.policies or ("",)):
            yield rollup_outcome, (*about, policy), (1, int(number == 0))
    for step, at, gone_at in _steps(one):
        ended_at = at or gone_at
        if ended_at is not None:
            bucket = bucket_of(to_micros(ended_at) - to_micros(one.created_at))
            waited = (day, one.queue, one.label, one.lang, team, step.value, bucket)
            yield rollup_wait, waited, (int(at is not None), int(at is None))
    for deed, at in _deeds(one):
        yield rollup_pace, (day_of(at), one.queue, team, deed.value), (1,)


def _facts(one: Counted) -> tuple[int, ...]:
    """Count an item in the order of the roll-up's columns."""
    outcome = None if one.stands is None else one.stands.outcome
    return (
        1,
        int(one.decided_at is not None),
        int(outcome == Outcome.VIOLATES.value),
        int(one.needs_answer),
        int(one.needs_answer and one.answered_at is not None),
        int(one.is_void),
        int(one.decided_at is not None and one.decided_at <= one.due_at),
        int(outcome == Outcome.NOT_SURE.value),
        int(one.skips > 0),
        int(one.escalated),
    )


def _steps(one: Counted) -> Iterator[tuple[Step, datetime | None, datetime | None]]:
    """Give each step that an item waits for: when it came, else when it could come no more."""
    # A score range decides what nobody has seen.
    yield Step.SEEN, one.seen_at, one.decided_at or one.void_at
    yield Step.DECIDED, one.decided_at, one.void_at
    if one.needs_answer:
        yield Step.ANSWERED, one.answered_at, one.void_at


def _deeds(one: Counted) -> Iterator[tuple[Deed, datetime]]:
    yield Deed.ARRIVED, one.created_at
    if one.decided_at is not None:
        yield Deed.DECIDED, one.decided_at
        if one.decided_at > one.due_at:
            yield Deed.LATE, one.decided_at
    if one.needs_answer and one.answered_at is not None:
        yield Deed.ANSWERED, one.answered_at
