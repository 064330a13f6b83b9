"""What was measured of a model: its comparison, the gate, drift, label errors and the rest.

A measurement is added, never changed; the newest of a kind counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from sqlalchemy import func, insert, select, update

from evenhand.data.tables import model_report

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection


class ReportKind(StrEnum):
    """What a report is about."""

    BACKTEST = "backtest"
    NEUTRALITY = "neutrality"
    EXAMPLES = "examples"
    LABELS = "labels"
    SUSPECTS = "suspects"
    SHADOW = "shadow"
    PROFILE = "profile"
    DRIFT = "drift"
    LABEL_ERRORS = "label_errors"
    RESCORE = "rescore"


@dataclass(frozen=True, slots=True)
class Report:
    """One measurement; *data* is plain JSON and holds no text of a post."""

    id: str
    version: str
    kind: ReportKind
    data: Mapping[str, object]
    made_at: datetime


def put(
    conn: Connection,
    version: str,
    kind: ReportKind,
    data: Mapping[str, object],
    now: datetime,
) -> None:
    """Add a measurement."""
    row = {"version": version, "kind": kind.value, "data": dict(data), "made_at": now}
    conn.execute(insert(model_report).values(**row))


def keep_running(
    conn: Connection,
    version: str,
    kind: ReportKind,
    data: Mapping[str, object],
    now: datetime,
) -> None:
    """Write the sums of a count that goes on: its one row is changed."""
    found = newest(conn, version).get(kind)
    if found is None:
        put(conn, version, kind, data, now)
        return
    changed = update(model_report).where(model_report.c.id == int(found.id))
    conn.execute(changed.values(data=dict(data), made_at=now))


def newest(conn: Connection, version: str) -> dict[ReportKind, Report]:
    """Read the newest report of each kind about a model."""
    last = (
        select(func.max(model_report.c.id))
        .where(model_report.c.version == version)
        .group_by(model_report.c.kind)
    )
    return {one.kind: one for one in _read(conn, model_report.c.id.in_(last))}


def history(conn: Connection, version: str, kind: ReportKind, *, at_most: int) -> list[Report]:
    """Read the newest reports of a kind about a model, newest first."""
    query = (
        select(model_report.c.id)
        .where(model_report.c.version == version, model_report.c.kind == kind.value)
        .order_by(model_report.c.id.desc())
        .limit(at_most)
    )
    found = _read(conn, model_report.c.id.in_(query))
    return sorted(found, key=lambda one: -int(one.id))


def _read(conn: Connection, which: ColumnElement[bool]) -> list[Report]:
    query = select(model_report).where(which).order_by(model_report.c.id)
    return [
        Report(
            id=str(row.id),
            version=row.version,
            kind=ReportKind(row.kind),
            data=cast("Mapping[str, object]", row.data),
            made_at=row.made_at,
        )
        for row in conn.execute(query)
    ]
