"""The transparency report: what came in, what was decided, answered and erased, and by what means.

It is read from the logs as they stood at one moment, so the same window from the same store gives
the same Markdown, CSV and JSON whatever was done since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access, reports_facts
from evenhand.dashboard.jobs.reports_chapters import chapters
from evenhand.dashboard.jobs.reports_parts import Report
from evenhand.dashboard.jobs.reports_reasons import reasons
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import rollups

if TYPE_CHECKING:
    from datetime import date, datetime

    from evenhand.data.records import Actor
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store

READING = (Role.LEADER, Role.COORDINATOR, Role.ANALYST, Role.ADMIN)
DAY = timedelta(days=1)


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
    return Fault.NOT_OVER if wanted.last >= now.astimezone(UTC).date() else None


def make(store: Store, actor: Actor, settings: Settings, wanted: Wanted, now: datetime) -> Report:
    """Read the report of a window that is over, for the whole workspace.

    Raises:
        InputError: The window ends before it begins or is not over, or *as_of* is no entry of the
            ledger or lies before the window's end.
        NotAllowed: The actor is a reviewer only.
    """
    access.require(actor, *READING)
    _refuse(wanted, now)
    since, until = rollups.start_of(wanted.first), rollups.start_of(wanted.last + DAY)
    facts = reports_facts.read(store, since, until, wanted.as_of)
    said = [one.said for one in facts.items if one.said is not None]
    return Report(
        organisation=settings.organisation,
        simulated=settings.demo,
        first=wanted.first,
        last=wanted.last,
        at=facts.at,
        ledger_seq=facts.ledger_seq,
        ledger_hash=facts.ledger_hash,
        policy_versions=tuple(sorted({one.policy_version for one in said})),
        models=tuple(sorted(facts.posts.models)),
        chapters=chapters(facts),
        reasons=tuple(reasons(facts.items)),
    )


def _refuse(wanted: Wanted, now: datetime) -> None:
    why = fault(wanted, now)
    if why is Fault.BACKWARDS:
        msg = f"the window ends on {wanted.last}, before it begins on {wanted.first}; swap them"
        raise InputError(msg)
    if why is Fault.NOT_OVER:
        msg = (
            f"{wanted.last} is not over (UTC), and a report of it would be another one tomorrow; "
            f"end the window on {(now.astimezone(UTC) - DAY).date()} or earlier"
        )
        raise InputError(msg)
