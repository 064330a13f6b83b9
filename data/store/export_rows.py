"""The team's work row by row, for export: decisions, responses, items and statements.

No row holds an author, a native id or address, or who reviewed; a source is named as it is
configured.
Text is read only when it is asked for, only of items on which a decision stands, and only while
it is held; notes and results may quote a post, so they are text too.
Rows come one after the other, oldest first, whatever their number.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from evenhand.data.store import rollups
from evenhand.data.store.children import IS_OWN
from evenhand.data.store.eligible import of_team
from evenhand.data.store.reviews import FIRST_SLOT
from evenhand.data.store.rollups import Days
from evenhand.data.tables import (
    current_decision,
    decision,
    item,
    post,
    post_version,
    response,
    source,
    statement,
    team,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select

    AnyRow = Row[*tuple[Any, ...]]
    Query = Select[*tuple[Any, ...]]
    Cells = Iterator[tuple[str | int | bool | datetime | None, ...]]

AT_ONCE = 1_000
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part:
    """What is exported: from *since* until before *until*, of a team or of all (None)."""

    since: datetime
    until: datetime
    team_id: str | None = None
    with_text: bool = False


def decisions(conn: Connection, part: Part) -> Cells:
    """Read the log of decisions by the time they were made, those taken back and undoings too."""
    for row in _stream(conn, decisions_of(part)):
        yield (
            row.uuid,
            str(row.item_id),
            row.decided_at,
            row.kind,
            row.purpose,
            row.outcome,
            row.policy,
            row.severity,
            _also(row.also),
            row.version,
            bool(row.stands),
            *_facts(row),
            row.policy_version,
            row.model,
            row.macro_id is not None,
            row.simulated,
            *((_text(row), row.note or None) if part.with_text else ()),
        )


def decisions_of(part: Part) -> Query:
    """Ask for the log of decisions, each with whether it stands."""
    # By the item, which has an index; the number of the decision has none.
    here = and_(
        current_decision.c.item_id == decision.c.item_id,
        current_decision.c.decision_id == decision.c.id,
    )
    stands = select(current_decision).where(here).exists()
    query = (
        select(decision, *_FACTS, item.c.purpose, stands.label("stands"))
        .select_from(_of_items(decision))
        .where(of_team(part.team_id), _within(decision.c.decided_at, part))
    )
    return (_with_text(query, stands) if part.with_text else query).order_by(decision.c.id)


def responses(conn: Connection, part: Part) -> Cells:
    """Read the log of responses by the time they were logged."""
    query = (
        select(response, *_FACTS)
        .select_from(_of_items(response))
        .where(of_team(part.team_id), _within(response.c.logged_at, part))
        .order_by(response.c.id)
    )
    for row in _stream(conn, query):
        yield (
            row.uuid,
            str(row.item_id),
            row.logged_at,
            row.given_at,
            row.kind,
            row.channel,
            row.language,
            row.account,
            row.recipient,
            row.template_id,
            row.template_version,
            row.supersedes_id is not None,
            *_facts(row),
            row.simulated,
            *((row.text, row.result or None) if part.with_text else ()),
        )


def items(conn: Connection, part: Part) -> Cells:
    """Read the items made in a window, as they stand now; not those that are read once more."""
    here = and_(current_decision.c.item_id == item.c.id, current_decision.c.slot == FIRST_SLOT)
    joined = (
        _placed(item)
        .outerjoin(current_decision, here)
        .outerjoin(decision, decision.c.id == current_decision.c.decision_id)
        .outerjoin(team, team.c.id == item.c.team_id)
    )
    said = (decision.c.outcome, decision.c.policy, decision.c.severity, decision.c.also)
    query = (
        select(item, *_FACTS, team.c.name.label("team"), *said)
        .select_from(joined)
        .where(IS_OWN, of_team(part.team_id), _within(item.c.created_at, part))
    )
    if part.with_text:
        query = _with_text(query, decision.c.id.is_not(None))
    for row in _stream(conn, query.order_by(item.c.id)):
        yield (
            str(row.id),
            row.created_at,
            row.due_at,
            row.state,
            row.decided_at,
            row.answered_at,
            *_facts(row),
            row.team,
            row.outcome,
            row.policy,
            row.severity,
            _also(row.also),
            row.needs_answer,
            row.skips,
            row.escalated,
            row.edited_after_review,
            *((_text(row),) if part.with_text else ()),
        )


def statements(conn: Connection, part: Part) -> Cells:
    """Read the statements that were on the list at some time of a window, without anybody's name.

    Wordings are a JSON list.
    """
    over = func.coalesce(statement.c.ended_at, statement.c.expires_at)
    query = (
        select(statement)
        .where(statement.c.proposed_at < part.until, over >= part.since)
        .order_by(statement.c.id)
    )
    for row in _stream(conn, query):
        yield (
            str(row.id),
            row.state,
            row.policy,
            row.topic,
            row.lang,
            json.dumps(row.wordings, ensure_ascii=False),
            row.what_is_true,
            row.source_name,
            row.source_url,
            row.proposed_at,
            row.approved_at,
            row.expires_at,
            row.ended_at,
            None if row.corrects is None else str(row.corrects),
        )


def figures(conn: Connection, part: Part) -> Cells:
    """Read what the charts count: posts by day, then items by day, queue, reason and language.

    They are of the whole workspace, as on the pages.
    """
    days = Days(part.since.date(), (part.until - DAY).date())
    for arrived in rollups.arrivals(conn, days):
        at = rollups.start_of(arrived.day)
        yield (at, "posts_arrived", None, None, None, arrived.arrived)
        yield (at, "posts_flagged", None, None, None, arrived.flagged)
    for one in rollups.items(conn, days):
        at = rollups.start_of(one.day)
        for name in rollups.ITEM_COUNTS:
            yield (at, f"items_{name}", one.queue, one.label, one.lang, getattr(one, name))


# What every row about an item says of it.
_FACTS: tuple[ColumnElement[Any], ...] = (
    item.c.label.label("item_label"),
    item.c.lang.label("item_lang"),
    source.c.name.label("source_name"),
    post.c.platform,
    item.c.queue.label("item_queue"),
)


def _facts(row: AnyRow) -> tuple[str, ...]:
    return (row.item_label, row.item_queue, row.item_lang, row.source_name, row.platform)


def _placed(first: FromClause) -> FromClause:
    return first.join(post, post.c.id == item.c.post_id).join(
        source, source.c.id == post.c.source_id
    )


def _of_items(log: FromClause) -> FromClause:
    return _placed(log.join(item, item.c.id == log.c.item_id))


def _within(at: ColumnElement[datetime], part: Part) -> ColumnElement[bool]:
    return and_(at >= part.since, at < part.until)


def _with_text(query: Query, stands: ColumnElement[bool]) -> Query:
    """Add the decided version's text where a decision *stands*; a text that was erased is empty.

    The text of a post that nothing flagged leaves the store with no file: it was drawn for an
    audit or to learn from, and retention erases it (safeguard 2).
    """
    here = and_(
        stands,
        post.c.flagged,
        post_version.c.post_id == post.c.id,
        post_version.c.version == decision.c.version,
    )
    return query.add_columns(
        post_version.c.content.label("text_content"), post_version.c.name.label("text_name")
    ).outerjoin(post_version, here)


def _text(row: AnyRow) -> str | None:
    parts = [one for one in (row.text_name, row.text_content) if one is not None]
    return "\n\n".join(parts) if parts else None


def _also(also: Sequence[Sequence[object]] | None) -> str | None:
    """Write further policies with their severities: `spam:2 hate:4`."""
    named = [f"{name}:{'' if severity is None else severity}" for name, severity in also or ()]
    return " ".join(named) or None


def _stream(conn: Connection, query: Query) -> Iterator[AnyRow]:
    with conn.execute(query.execution_options(yield_per=AT_ONCE)) as rows:
        yield from rows
