"""Decisions worth a second look, and reviewers who disagree with everybody, as analysts see them.

Nothing is changed by a doubt: it is a question to a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.retraining import TRAINING
from evenhand.data.store import cards, doubts, model_reports, models, people
from evenhand.data.store.model_reports import ReportKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store

LISTED = 100


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One label in doubt: the decision says *given*, the model believes that with *score*.

    *text* is the text that was decided on, None where it was erased or is not open to the actor;
    *severe* covers it until it is asked for, as on the review card.
    """

    item_id: str
    post_id: str
    lang: str
    label: str
    given: bool
    score: float
    text: str | None
    severe: bool
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class SuspectLine:
    """A reviewer whose labels were set aside, by name.

    *kind* is "disagrees with everybody", "one class" or "gold"; *label* is empty where it is
    about all labels; *agreement* stands beside what was *expected* of the others' work.
    """

    name: str
    kind: str
    label: str
    n: int
    agreement: float
    expected: float
    p_value: float


def label_errors(store: Store, actor: Actor) -> tuple[ErrorLine, ...]:
    """List the labels in doubt, least believed first, from the newest report.

    Only decisions that still stand, on items of the actor's own team, are listed.
    """
    access.require(actor, *TRAINING)
    with store.read() as conn:
        active = models.active(conn)
        report = None
        if active is not None:
            report = model_reports.newest(conn, active.version).get(ReportKind.LABEL_ERRORS)
        if report is None:
            return ()
        found = cast("Sequence[Mapping[str, object]]", report.data["doubts"])
        shown = doubts.standing(conn, actor, [str(one["item_id"]) for one in found], LISTED)
    lines = []
    for one in found:
        item_id = str(one["item_id"])
        if item_id in shown:
            seen = shown[item_id]
            line = ErrorLine(
                item_id=item_id,
                post_id=str(one["post_id"]),
                lang=seen.lang,
                label=str(one["label"]),
                given=bool(one["given"]),
                score=float(cast("float", one["p"])),
                text=seen.text,
                severe=seen.severe or cards.is_severe([str(one["label"])]),
                decided_at=seen.decided_at,
            )
            lines.append(line)
    return tuple(lines[:LISTED])


def suspects(store: Store, actor: Actor, version: str) -> tuple[SuspectLine, ...]:
    """List the reviewers whose labels a training set aside, to talk with them.

    Raises:
        NotAllowed: The actor is neither analyst nor admin.
        NotFound: There is no such model.
    """
    access.require(actor, *TRAINING)
    with store.read() as conn:
        models.get(conn, version)
        report = model_reports.newest(conn, version).get(ReportKind.SUSPECTS)
        names = {one.id: one.name for one in people.list_all(conn)}
    if report is None:
        return ()
    found = cast("Sequence[Mapping[str, object]]", report.data["suspects"])
    return tuple(
        SuspectLine(
            name=names.get(str(one["reviewer"]), str(one["reviewer"])),
            kind=str(one["kind"]),
            label=str(one["label"]),
            n=int(cast("int", one["n"])),
            agreement=float(cast("float", one["agreement"])),
            expected=float(cast("float", one["expected"])),
            p_value=float(cast("float", one["p_value"])),
        )
        for one in found
    )
