"""What audits saw and what the queue found, as it was known at a moment, read from the logs.

The counts of `audits_read`, which reads how things stand now; `report_items` says why a report
does not.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from evenhand.data.records import Outcome
from evenhand.data.store import audits, dialect, reviews, rollups
from evenhand.data.store.audits import AuditState
from evenhand.data.store.audits_read import LABELS, Drawn, Tally
from evenhand.data.store.children import IS_OWN
from evenhand.data.store.draws import DrawKind
from evenhand.data.store.report_items import decisions, standing
from evenhand.data.store.rollups import Days
from evenhand.data.tables import draw, item, post
from evenhand.data.tables_review import wave, wave_member

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection, Row

    from evenhand.data.store.audits import Audit
    from evenhand.data.store.report_items import ItemThen, Then

    AnyRow = Row[*tuple[Any, ...]]

DAY = timedelta(days=1)
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class AuditsThen:
    """The audited days of a window, what their audits drew, and what was flagged on them."""

    audited: tuple[Audit, ...]
    days: int
    drawn: tuple[Drawn, ...]
    flagged: Tally


def read(conn: Connection, then: Then, items: Iterable[ItemThen]) -> AuditsThen:
    """Read the audits that were drawn by then, beside the *items* of the same window."""
    window = Days(then.since.date(), (then.until - DAY).date())
    audited = tuple(
        one
        for one in audits.of_days(conn, window)
        if one.state is AuditState.AUDITED and one.drawn_at <= then.at
    )
    days = {one.day for one in audited}
    flagged = Tally()
    for one in items:
        if one.label in LABELS and one.created_at.date() in days:
            # What a score range decided, nobody read.
            said = None if one.said is None or one.said.kind == reviews.RANGE else one.said
            named = () if said is None else [name for name, _ in said.policies]
            _add(flagged, None if said is None else said.outcome, named, 1)
    for row, posts in _behind(conn, then, days):
        named = () if row is None else sorted(reviews.policies(row))
        _add(flagged, None if row is None else row.outcome, named, posts)
    length = (window.last - window.first).days + 1
    return AuditsThen(audited, length, tuple(_drawn(conn, then, days)), flagged)


def _add(to: Tally, outcome: str | None, policies: Iterable[str], posts: int) -> None:
    to.flagged += posts
    to.decided += posts * (outcome not in {None, Outcome.NOT_SURE.value})
    if outcome == Outcome.VIOLATES.value:
        to.found += posts
        to.by_policy.update(dict.fromkeys(policies, posts))


def _drawn(conn: Connection, then: Then, days: set[date]) -> list[Drawn]:
    numbers = [rollups.day_number(day) for day in days]
    query = (
        select(post.c.id, post.c.day, draw.c.probability)
        .join(post, post.c.id == draw.c.post_id)
        .where(
            draw.c.kind == DrawKind.AUDIT.value,
            draw.c.drawn_at <= then.at,
            post.c.day.in_(numbers),
        )
        .order_by(post.c.id)
    )
    rows = conn.execute(query).all()
    by_post = _standing(conn, [row.id for row in rows], then.at)
    return [_seen(row, by_post.get(row.id, ())) for row in rows]


def _seen(row: AnyRow, said: Sequence[AnyRow | None]) -> Drawn:
    """Put the items of one drawn post together: harm on any of them is harm."""
    harms = [one for one in said if one is not None and one.outcome == Outcome.VIOLATES.value]
    sure = [one is not None and one.outcome != Outcome.NOT_SURE.value for one in said]
    is_read = bool(sure) and all(sure)
    return Drawn(
        day=rollups.EPOCH_DAY + timedelta(days=row.day),
        inclusion=row.probability,
        lang="",
        harm=bool(harms) if harms or is_read else None,
        policies=frozenset().union(*(reviews.policies(one) for one in harms)),
    )


def _standing(
    conn: Connection, post_ids: Sequence[int], at: datetime
) -> dict[int, list[AnyRow | None]]:
    """Read what stood on each own item of some posts, by post, their oldest item first."""
    found: dict[int, list[AnyRow | None]] = defaultdict(list)
    for start in range(0, len(post_ids), AT_ONCE):
        part = post_ids[start : start + AT_ONCE]
        query = (
            select(item.c.id, item.c.post_id)
            .where(dialect.among_ids(conn, item.c.post_id, part), IS_OWN, item.c.created_at <= at)
            .order_by(item.c.id)
        )
        rows = conn.execute(query).all()
        said = decisions(conn, [row.id for row in rows], at)
        for row in rows:
            found[row.post_id].append(standing(said.get(row.id, ())))
    return found


def _behind(conn: Connection, then: Then, days: set[date]) -> list[tuple[AnyRow | None, int]]:
    """Count the near-copies that joined a wave on these days, with what stood on its item."""
    query = (
        select(wave.c.first_post_id, wave_member.c.joined_at)
        .join(wave, wave.c.id == wave_member.c.wave_id)
        .where(
            wave_member.c.joined_at >= then.since,
            wave_member.c.joined_at < then.until,
            or_(wave_member.c.left_at.is_(None), wave_member.c.left_at > then.at),
            wave_member.c.post_id != wave.c.first_post_id,
        )
    )
    counts: dict[int, int] = defaultdict(int)
    for row in conn.execute(query):
        if row.joined_at.date() in days:
            counts[row.first_post_id] += 1
    said = _standing(conn, sorted(counts), then.at)
    return [(said[key][0], n) for key, n in sorted(counts.items()) if said.get(key)]
