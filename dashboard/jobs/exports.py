"""Exports of the team's work: decisions, responses, items, figures and the statement list.

Nobody's name, pseudonym or native id goes out, nor who reviewed; the text of a post only when it is
asked for, only of items on which a decision stands, and only while it is held.
Each export is an entry in the ledger, written before the file has its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access, exports_files
from evenhand.dashboard.jobs.exports_cells import Column, Kind
from evenhand.data.errors import InputError
from evenhand.data.records import Role
from evenhand.data.store import export_rows, ledger, rollups
from evenhand.data.store.export_rows import Part
from evenhand.data.store.rollups import Days

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from evenhand.dashboard.jobs.exports_files import Format
    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store

EXPORTING = (Role.ANALYST, Role.ADMIN)
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9998, 12, 31)
DAY = timedelta(days=1)


class What(StrEnum):
    """What can be exported."""

    DECISIONS = "decisions"
    RESPONSES = "responses"
    ITEMS = "items"
    FIGURES = "figures"
    STATEMENTS = "statements"


def _columns(text: str, **kinds: Kind) -> tuple[Column, ...]:
    return tuple(Column(name, kinds.get(name, Kind.TEXT)) for name in text.split())


_FACTS = "label queue lang source platform"
COLUMNS: dict[What, tuple[Column, ...]] = {
    What.DECISIONS: _columns(
        "decision item decided_at kind purpose outcome policy severity also version stands "
        f"{_FACTS} policy_version model by_macro simulated",
        decided_at=Kind.TIME,
        severity=Kind.WHOLE,
        version=Kind.WHOLE,
        stands=Kind.YES,
        by_macro=Kind.YES,
        simulated=Kind.YES,
    ),
    What.RESPONSES: _columns(
        "response item logged_at given_at kind channel language account recipient template "
        f"template_version corrects_another {_FACTS} simulated",
        logged_at=Kind.TIME,
        given_at=Kind.TIME,
        template_version=Kind.WHOLE,
        corrects_another=Kind.YES,
        simulated=Kind.YES,
    ),
    What.ITEMS: _columns(
        f"item created_at due_at state decided_at answered_at {_FACTS} team outcome policy "
        "severity also needs_answer skips escalated edited_after_review",
        created_at=Kind.TIME,
        due_at=Kind.TIME,
        decided_at=Kind.TIME,
        answered_at=Kind.TIME,
        severity=Kind.WHOLE,
        needs_answer=Kind.YES,
        skips=Kind.WHOLE,
        escalated=Kind.YES,
        edited_after_review=Kind.YES,
    ),
    What.FIGURES: _columns(
        "day figure queue label lang count",
        day=Kind.TIME,
        count=Kind.WHOLE,
    ),
    What.STATEMENTS: _columns(
        "statement state policy topic lang wordings what_is_true source_name source_url "
        "proposed_at approved_at expires_at ended_at corrects",
        proposed_at=Kind.TIME,
        approved_at=Kind.TIME,
        expires_at=Kind.TIME,
        ended_at=Kind.TIME,
    ),
}
READERS = {
    What.DECISIONS: export_rows.decisions,
    What.RESPONSES: export_rows.responses,
    What.ITEMS: export_rows.items,
    What.FIGURES: export_rows.figures,
    What.STATEMENTS: export_rows.statements,
}
# What `--with-text` adds.
TEXTS = {
    What.DECISIONS: _columns("text note"),
    What.RESPONSES: _columns("text result"),
    What.ITEMS: _columns("text"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is exported: days in UTC, both included; None leaves that end open."""

    what: What
    since: date | None = None
    until: date | None = None
    with_text: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the file, in their order."""
        more = TEXTS.get(self.what, ()) if self.with_text else ()
        return COLUMNS[self.what] + more

    @property
    def days(self) -> Days:
        """The window as whole days."""
        return Days(self.since or FIRST_DAY, min(self.until or LAST_DAY, LAST_DAY))


@dataclass(frozen=True, slots=True)
class Exported:
    """How many rows were written, and in how many texts half a sign had to be replaced."""

    rows: int
    mended: int


def export(  # noqa: PLR0913 - who, what, where to, as what, and when
    store: Store, actor: Actor, wanted: Wanted, path: Path, *, kind: Format, now: datetime
) -> Exported:
    """Write a file of the actor's team's work; without a team, of everybody's.

    Raises:
        InputError: The window ends before it begins, the place cannot be written, XLSX cannot hold
            it, or text is asked for of what has none.
        NotAllowed: The actor is neither analyst nor admin.
    """
    access.require(actor, *EXPORTING)
    days = wanted.days
    if days.last < days.first:
        msg = f"the window ends on {days.last}, before it begins on {days.first}; swap them"
        raise InputError(msg)
    if wanted.with_text and wanted.what not in TEXTS:
        msg = f"{wanted.what.value} have no text of posts; leave --with-text out"
        raise InputError(msg)
    part = Part(
        since=rollups.start_of(days.first),
        until=rollups.start_of(days.last + DAY),
        team_id=actor.team_id,
        with_text=wanted.with_text,
    )

    def note(counted: exports_files.Counted) -> None:
        data: dict[str, object] = {
            "format": kind.value,
            "from": None if wanted.since is None else wanted.since.isoformat(),
            "to": None if wanted.until is None else wanted.until.isoformat(),
            "rows": counted.rows,
            "with_text": wanted.with_text,
        }
        with store.write() as conn:
            ledger.append(
                conn,
                at=now,
                actor=actor.id,
                action="exported",
                subject=f"export:{wanted.what.value}",
                data=data,
            )

    with store.read() as conn:
        rows = READERS[wanted.what](conn, part)
        counted = exports_files.write(path, kind, wanted.columns, rows, before=note)
    return Exported(counted.rows, counted.mended)
