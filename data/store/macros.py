"""Macros: what one key decides, and the template that the response then begins with.

A macro writes nothing by itself: a person presses its key under a live claim, and the response is
begun for that one item, to be finished and logged by a person (safeguard 6).
Rows are only added and ended, so that an old decision still says what it was made with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from evenhand.data.errors import InputError, NotFound
from evenhand.data.records import Outcome, ResponseKind
from evenhand.data.store import dialect, ledger
from evenhand.data.tables import current_decision, decision, person
from evenhand.data.tables_review import macro

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from evenhand.data.records import Actor, Decision

# The letters that the card leaves free; R and C are the browser's own (reload and copy).
KEYS = ("F", "G", "H", "J", "K", "L", "X", "Z")
# Ids have fewer digits; more would not fit into the store's integers.
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class NewMacro:
    """A macro to be made.

    *policies* names the policy first and then those beside it; it is empty unless *outcome* is
    VIOLATES.
    *kind* is the template's; the item says in which language the template is wanted.
    """

    key: str
    name: str
    outcome: Outcome
    policies: tuple[str, ...]
    kind: ResponseKind
    template_id: str


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro in use; *made_by* is a name."""

    id: str
    key: str
    name: str
    outcome: Outcome
    policies: tuple[str, ...]
    kind: ResponseKind
    template_id: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a macro begins the response to an item: nothing but the choice of a template."""

    kind: ResponseKind
    template_id: str


def list_active(conn: Connection, team_id: str | None) -> list[Macro]:
    """List a team's macros in use by key; those of nobody's team for None."""
    query = _macros().where(_theirs(team_id), macro.c.ended_at.is_(None)).order_by(macro.c.key)
    return [_macro(row) for row in conn.execute(query)]


def put(
    conn: Connection, team_id: str | None, new: NewMacro, *, person_id: str, now: datetime
) -> Macro:
    """Add a macro for a team.

    Raises:
        InputError: The key is taken by another macro of the team.
    """
    values = {
        "team_id": None if team_id is None else int(team_id),
        "key": new.key,
        "name": new.name,
        "outcome": new.outcome.value,
        "policies": list(new.policies),
        "kind": new.kind.value,
        "template_id": new.template_id,
        "made_by": int(person_id),
        "made_at": now,
    }
    try:
        with conn.begin_nested():
            made = conn.execute(insert(macro).values(**values).returning(macro.c.id)).scalar_one()
    except IntegrityError as error:
        msg = f"the key {new.key} has a macro already; end that one first, or choose another key"
        raise InputError(msg) from error
    return _macro(conn.execute(_macros().where(macro.c.id == made)).one())


def end(
    conn: Connection, team_id: str | None, macro_id: str, *, person_id: str, now: datetime
) -> None:
    """Take a macro out of use; what was decided with it stays.

    Raises:
        InputError: It has ended already.
        NotFound: The team has none of this id.
    """
    _in_use(conn, team_id, macro_id, "there is nothing left to end", lock=True)
    values = {"ended_by": int(person_id), "ended_at": now}
    conn.execute(update(macro).where(macro.c.id == int(macro_id)).values(**values))


def check(conn: Connection, actor: Actor, macro_id: str, said: Decision) -> None:
    """Go on only if a macro of the actor's team, still in use, says what a decision says.

    Raises:
        InputError: The macro has ended, or says something else.
        NotFound: The team has none of this id.
    """
    found = _in_use(conn, actor.team_id, macro_id, "decide by another key, or reload the page")
    first, *also = found.policies or (None,)
    named = {policy for policy, _ in said.also}
    if (found.outcome, first, set(also)) != (said.outcome, said.policy, named):
        msg = (
            f"the macro {found.key} decides {found.outcome.value} "
            f"({', '.join(found.policies) or 'no policy'}), and the decision says something else; "
            "reload the page"
        )
        raise InputError(msg)


def beginnings(conn: Connection, item_ids: Sequence[str]) -> dict[str, Beginning]:
    """Say how the responses to these items begin, where the decision that stands has a macro."""
    query = (
        select(current_decision.c.item_id, macro.c.kind, macro.c.template_id)
        .join(decision, decision.c.id == current_decision.c.decision_id)
        .join(macro, macro.c.id == decision.c.macro_id)
        .where(current_decision.c.item_id.in_([int(one) for one in item_ids]))
    )
    return {
        str(key): Beginning(ResponseKind(kind), template_id)
        for key, kind, template_id in conn.execute(query)
    }


def log(  # noqa: PLR0913, PLR0917 - the parts of a ledger entry
    conn: Connection,
    now: datetime,
    actor_id: str,
    action: str,
    macro_id: str,
    data: Mapping[str, object],
) -> None:
    """Write a ledger entry about a macro; the last thing in a transaction."""
    ledger.append(
        conn, at=now, actor=actor_id, action=action, subject=f"macro:{macro_id}", data=data
    )


def _in_use(
    conn: Connection, team_id: str | None, macro_id: str, what_to_do: str, *, lock: bool = False
) -> Macro:
    is_key = macro_id.isascii() and macro_id.isdecimal() and len(macro_id) <= MOST_DIGITS
    row_id = int(macro_id) if is_key else 0
    if lock:
        conn.execute(dialect.lock_rows(select(macro.c.id).where(macro.c.id == row_id)))
    row = conn.execute(_macros().where(_theirs(team_id), macro.c.id == row_id)).first()
    if row is None:
        msg = f"your team has no macro {macro_id!r}; reload the page"
        raise NotFound(msg)
    if row.ended_at is not None:
        msg = f"the macro {row.key} was ended, so nothing was written; {what_to_do}"
        raise InputError(msg)
    return _macro(row)


def _macros() -> Select[*tuple[Any, ...]]:
    columns = [*macro.columns, person.c.name.label("person_name")]
    return select(*columns).join(person, person.c.id == macro.c.made_by)


def _theirs(team_id: str | None) -> ColumnElement[bool]:
    if team_id is None:
        return macro.c.team_id.is_(None)
    return macro.c.team_id == int(team_id)


def _macro(row: Row[*tuple[Any, ...]]) -> Macro:
    return Macro(
        id=str(row.id),
        key=row.key,
        name=row.name,
        outcome=Outcome(row.outcome),
        policies=tuple(cast("list[str]", row.policies)),
        kind=ResponseKind(row.kind),
        template_id=row.template_id,
        made_by=row.person_name,
        made_at=row.made_at,
    )
