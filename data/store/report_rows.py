"""What else a transparency report counts, as it was known at a moment, read from the logs.

Nothing here reads a state that people go on changing; `report_items` says why.
People are counted, and three at least, or not at all.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, or_, select

from evenhand.data.records import Origin
from evenhand.data.store import model_reports, models, rollups, shipped
from evenhand.data.store.children import Purpose
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.report_items import decisions, standing
from evenhand.data.store.reviews import differ
from evenhand.data.tables import (
    decision,
    flag,
    item,
    ledger,
    post,
    response,
    statement,
    tag,
)
from evenhand.data.tables_review import appeal
from evenhand.data.taxonomy import CIVIC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from evenhand.data.store.report_items import Then

    AnyRow = Row[*tuple[Any, ...]]

AT_ONCE = 1_000
ERASED = "unflagged_text_erased"
# An audit's draw stands among the flags and finds nothing in a post.
DRAWN = flag.c.origin == Origin.AUDIT.value


@dataclass(frozen=True, slots=True)
class Posts:
    """Posts that came in during a window: how many, flagged, civic, by language and by model."""

    arrived: int
    flagged: int
    civic: int
    langs: Mapping[str, int]
    models: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AppealThen:
    """An appeal that was filed in the window; *result* is empty while it waited."""

    side: str
    result: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A statement that was in force at some time of the window, without anybody's name."""

    id: str
    policy: str
    topic: str
    lang: str
    wordings: tuple[str, ...]
    what_is_true: str
    source_name: str
    source_url: str
    approved_at: datetime
    expires_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What was erased in the window: *by_age* unflagged texts in *runs*, *deleted* posts.

    *texts* of the deleted were held until then; *since* are the platform's deletion, ours, None
    while the text was held, of those posts whose platform says when it deleted them.
    """

    runs: int
    by_age: int
    deleted: int
    days: tuple[int, ...]
    texts: int
    since: tuple[tuple[datetime, datetime | None], ...]


@dataclass(frozen=True, slots=True)
class Means:
    """A model that tagged: its card, and its neutrality gate where one was run until then."""

    version: str
    content_hash: str
    card: Mapping[str, object]
    gate: Mapping[str, object] | None


def posts(conn: Connection, then: Then) -> Posts:
    """Count the posts that came in, each by its newest tag of then; what was drawn is no flag."""
    here = _arrived(then)
    arrived = conn.execute(select(func.count()).select_from(post).where(here)).scalar_one()
    seen = select(func.count(flag.c.post_id.distinct())).join(post, post.c.id == flag.c.post_id)
    flagged = conn.execute(seen.where(here, flag.c.created_at <= then.at, ~DRAWN)).scalar_one()
    query = (
        select(tag.c.post_id, tag.c.lang, tag.c.topics, tag.c.model)
        .join(post, post.c.id == tag.c.post_id)
        .where(here, ~tag.c.shadow, tag.c.tagged_at <= then.at)
        .order_by(tag.c.post_id, tag.c.version, tag.c.tagged_at, tag.c.model)
        .execution_options(yield_per=AT_ONCE)
    )
    civic, langs, by_model = 0, Counter[str](), Counter[str]()
    last: AnyRow | None = None

    def count(row: AnyRow | None) -> int:
        if row is None:
            return 0
        langs[row.lang] += 1
        by_model[row.model] += 1
        return CIVIC in row.topics

    with conn.execute(query) as rows:
        for row in rows:
            if last is not None and last.post_id != row.post_id:
                civic += count(last)
            last = row
    civic += count(last)
    return Posts(int(arrived), int(flagged), civic, langs, by_model)


def flags(conn: Connection, then: Then) -> dict[tuple[str, str], int]:
    """Count the posts that came in and were flagged, by what for and by origin."""
    query = (
        select(flag.c.label, flag.c.origin, func.count(flag.c.post_id.distinct()))
        .join(post, post.c.id == flag.c.post_id)
        .where(_arrived(then), flag.c.created_at <= then.at)
        .group_by(flag.c.label, flag.c.origin)
    )
    return {(label, origin): int(count) for label, origin, count in conn.execute(query)}


def responses(conn: Connection, then: Then) -> dict[tuple[str, str | None], int]:
    """Count the responses that were logged in the window, by kind and kind of recipient.

    What another one has corrected by then is left out.
    """
    later = response.alias("later")
    # By the item, which has an index.
    corrected = select(later.c.id).where(
        later.c.item_id == response.c.item_id,
        later.c.supersedes_id == response.c.id,
        later.c.logged_at <= then.at,
    )
    query = (
        select(response.c.kind, response.c.recipient, func.count())
        .where(_within(response.c.logged_at, then), ~corrected.exists())
        .group_by(response.c.kind, response.c.recipient)
    )
    return {(kind, recipient): int(count) for kind, recipient, count in conn.execute(query)}


def appeals(conn: Connection, then: Then) -> list[AppealThen]:
    """Read the appeals that were filed in the window, with what came of them by then."""
    query = (
        select(appeal.c.item_id, appeal.c.side, appeal.c.filed_at, decision)
        .join(decision, decision.c.id == appeal.c.decision_id)
        .where(_within(appeal.c.filed_at, then))
        .order_by(appeal.c.id)
    )
    rows = conn.execute(query).all()
    ended = _ended(conn, [row.item_id for row in rows], then.at)
    return [AppealThen(row.side, _result(row, ended.get(row.item_id, ()))) for row in rows]


def _ended(
    conn: Connection, item_ids: Sequence[int], at: datetime
) -> dict[int, list[tuple[datetime, AnyRow]]]:
    """Read what was said for the appeals about these items: when it was asked, and the answer."""
    query = (
        select(item.c.id, item.c.of_item_id, item.c.created_at)
        .where(item.c.of_item_id.in_(item_ids), item.c.purpose == Purpose.APPEAL.value)
        .order_by(item.c.id)
    )
    children = conn.execute(query).all()
    said = decisions(conn, [row.id for row in children], at)
    found: dict[int, list[tuple[datetime, AnyRow]]] = defaultdict(list)
    for row in children:
        stood = standing(said.get(row.id, ()))
        if stood is not None and stood.outcome != "not_sure":
            found[row.of_item_id].append((row.created_at, stood))
    return found


def _result(row: AnyRow, ended: Sequence[tuple[datetime, AnyRow]]) -> str | None:
    answer = next((said for asked_at, said in ended if asked_at >= row.filed_at), None)
    if answer is None:
        return None
    return "overturned" if differ(row, answer) else "upheld"


def statements(conn: Connection, then: Then) -> list[Listed]:
    """Read the statements that were in force at some time of the window."""
    query = (
        select(statement)
        .where(
            statement.c.approved_at < then.until,
            statement.c.expires_at > then.since,
            or_(statement.c.ended_at.is_(None), statement.c.ended_at > then.since),
        )
        .order_by(statement.c.id)
    )
    return [
        Listed(
            id=str(row.id),
            policy=row.policy,
            topic=row.topic,
            lang=row.lang,
            wordings=tuple(cast("list[str]", row.wordings)),
            what_is_true=row.what_is_true,
            source_name=row.source_name,
            source_url=row.source_url,
            approved_at=row.approved_at,
            expires_at=row.expires_at,
            ended_at=row.ended_at if row.ended_at is not None and row.ended_at <= then.at else None,
        )
        for row in conn.execute(query)
    ]


def erased(conn: Connection, then: Then) -> Kept:
    """Count what retention erased in the window, by the ledger, and what its platforms deleted."""
    query = (
        select(ledger.c.data)
        .where(ledger.c.action == ERASED, _within(ledger.c.at, then))
        .order_by(ledger.c.seq)
    )
    told = [json.loads(data) for data in conn.execute(query).scalars()]
    times = (post.c.platform_deleted_at, post.c.deleted_at, post.c.text_erased_at)
    gone = conn.execute(select(*times).where(_within(times[1], then)).order_by(post.c.id)).all()
    return Kept(
        runs=len(told),
        by_age=sum(int(one["posts"]) for one in told),
        deleted=len(gone),
        days=tuple(sorted({int(one["days"]) for one in told})),
        texts=sum(bool(text) and learned <= text <= then.at for _, learned, text in gone),
        since=tuple(
            (min(told_at, learned), max(learned, text) if text and text <= then.at else None)
            for told_at, learned, text in gone
            if told_at is not None
        ),
    )


def means(conn: Connection, versions: Sequence[str], at: datetime) -> list[Means]:
    """Read the cards of models, and the last gate of each that was run until a moment."""
    found = []
    for version in versions:
        one = models.find(conn, version)
        if one is None and version == (ships := shipped.as_model(at)).version:
            # It is put on the shelf when another one is; until then nothing keeps it there.
            one = ships
        if one is None:
            found.append(Means(version, "", {}, None))
            continue
        gates = model_reports.history(conn, version, ReportKind.NEUTRALITY, at_most=AT_ONCE)
        gate = next((report.data for report in gates if report.made_at <= at), None)
        results = one.card.get("results")
        if gate is None and isinstance(results, dict):
            gate = results.get("neutrality")
        found.append(Means(version, one.content_hash, one.card, gate))
    return found


def _arrived(then: Then) -> ColumnElement[bool]:
    first, last = rollups.day_of(then.since), rollups.day_of(then.until) - 1
    return post.c.day.between(first, last)


def _within(at: ColumnElement[datetime], then: Then) -> ColumnElement[bool]:
    return (at >= then.since) & (at < then.until)
