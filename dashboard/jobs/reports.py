"""The transparency report: what came in, what was decided, answered and erased, and by what means.

It is read from the logs as they stood at one moment, so the same window from the same store gives
the same Markdown, CSV and JSON whatever was done since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.reports_chapters import chapters
from evenhand.dashboard.jobs.reports_facts import Facts
from evenhand.dashboard.jobs.reports_parts import Report
from evenhand.dashboard.jobs.reports_reasons import reasons
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import report_audits, report_items, report_rows, rollups
from evenhand.data.store.report_items import Then

if TYPE_CHECKING:
    from datetime import date, datetime

    from evenhand.data.records import Actor
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store

READING = (Role.LEADER, Role.COORDINATOR, Role.ANALYST, Role.ADMIN)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which days (UTC, both included), and as of which ledger entry; None is the window's end."""

    first: date
    last: date
    as_of: int | None = None


class Fault(StrEnum):
    """Why there is no report of some days."""

    BACKWARDS = "backwards"
    NOT_OVER = "not_over"


def fault(wanted: Wanted, now: datetime) -> Fault | None:
    """Say why no report can be made of these days, or not yet; None where one can."""
    if wanted.last < wanted.first:
        return Fault.BACKWARDS
    return Fault.NOT_OVER if rollups.start_of(wanted.last + DAY) > now else None


def make(store: Store, actor: Actor, settings: Settings, wanted: Wanted, now: datetime) -> Report:
    """Read the report of a window that is over, for the whole workspace.

    Raises:
        InputError: The window ends before it begins or is not over, or *as_of* is no entry of the
            ledger or lies before the window's end.
        NotAllowed: The actor is a reviewer only.
    """
    access.require(actor, *READING)
    since, until = rollups.start_of(wanted.first), rollups.start_of(wanted.last + DAY)
    why = fault(wanted, now)
    if why is Fault.BACKWARDS:
        msg = f"the window ends on {wanted.last}, before it begins on {wanted.first}; swap them"
        raise InputError(msg)
    if why is Fault.NOT_OVER:
        msg = (
            f"{wanted.last} is not over (UTC), and a report of it would be another one tomorrow; "
            f"end the window on {(now - DAY).date()} or earlier"
        )
        raise InputError(msg)
    with store.read() as conn:
        at = until - INSTANT
        seq, digest = report_rows.head(conn, at)
        if wanted.as_of is not None:
            found = report_rows.entry(conn, wanted.as_of)
            if found is None or found[0] < at:
                msg = (
                    f"ledger entry {wanted.as_of} does not exist or was written before the window "
                    "ended; leave --as-of out, or name a later entry"
                )
                raise InputError(msg)
            at, digest = found
            seq = wanted.as_of
        then = Then(since, until, at)
        posts = report_rows.posts(conn, then)
        items = list(report_items.items(conn, then))
        facts = Facts(
            at=at,
            posts=posts,
            flags=report_rows.flags(conn, then),
            items=items,
            audits=report_audits.read(conn, then, items),
            responses=report_rows.responses(conn, then),
            appeals=report_rows.appeals(conn, then),
            pairs=report_rows.read_twice(conn, then),
            readers=report_rows.readers(conn, then),
            statements=report_rows.statements(conn, then),
            kept=report_rows.erased(conn, then),
            means=report_rows.means(conn, sorted(posts.models), at),
            ledger_seq=seq,
            ledger_hash=digest,
            ledger_holds=report_rows.chain_holds(conn, seq),
        )
    return Report(
        organisation=settings.organisation,
        simulated=settings.demo,
        first=wanted.first,
        last=wanted.last,
        at=at,
        ledger_seq=seq,
        ledger_hash=digest,
        policy_versions=tuple(
            sorted({one.said.policy_version for one in facts.items if one.said is not None})
        ),
        models=tuple(sorted(posts.models)),
        chapters=chapters(facts),
        reasons=tuple(reasons(facts.items)),
    )
