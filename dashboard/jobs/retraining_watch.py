"""Watching what comes in and what was decided, in the worker: drift and labels in doubt.

A profile is made of each whole day while its texts are held: plain counts, no text.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from random import Random
from typing import TYPE_CHECKING, cast

from evenhand.classifiers import drift, label_errors
from evenhand.classifiers.drift import Profile
from evenhand.classifiers.tagger import BATCH, Tagger
from evenhand.dashboard.jobs import serving_model, tasks
from evenhand.dashboard.jobs.retraining_rescore import text_of
from evenhand.dashboard.jobs.retraining_run import label_of, read_labels
from evenhand.data.errors import EvenhandError, InputError
from evenhand.data.store import machine_texts, model_reports
from evenhand.data.store import tasks as task_store
from evenhand.data.store.model_reports import ReportKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from evenhand.dashboard.jobs.serving_model import Place
    from evenhand.data.store.machine_texts import MachineText
    from evenhand.data.store.models import Model
    from evenhand.data.store.tasks import Task

# Posts of one day that a profile reads, drawn at random: a share of 1 % is known to a fifth.
SAMPLE = 5_000
NEW_DAYS, OLD_DAYS = 7, 28
FEWEST_DAYS = 2
# A day's profile may be made so long after retention began to erase its first posts.
SLACK = timedelta(hours=2)
# Labels in doubt that are kept for the screen, the least believed first.
MOST_DOUBTS = 200


def keep_profiles(place: Place, *, stopped: Callable[[], bool] = lambda: False) -> int:
    """Make the profiles of whole days that are missing and can still be made; say how many."""
    now = place.clock()
    active = serving_model.active_model(place.store, now)
    with place.store.read() as conn:
        told = _days(
            model_reports.history(conn, active.version, ReportKind.PROFILE, at_most=OLD_DAYS)
        )
    missing = [day for day in _held_days(place, now) if day not in told]
    if not missing:
        return 0
    tagger = _tagger(place, active)
    made = 0
    for day in missing:
        if stopped():
            break
        made += _keep_profile(place, tagger, active, day)
    return made


def _held_days(place: Place, now: datetime) -> list[date]:
    kept = timedelta(days=place.settings.retention.unflagged_days)
    today = now.astimezone(UTC).date()
    days = [today - timedelta(days=back) for back in range(place.settings.retention.unflagged_days)]
    return [day for day in days if day < today and _start(day) + SLACK >= now - kept]


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _keep_profile(place: Place, tagger: Tagger, active: Model, day: date) -> int:
    with place.store.read() as conn:
        since = _start(day)
        ids = machine_texts.fetched_between(conn, since, since + timedelta(days=1))
    if not ids:
        return 0
    if len(ids) > SAMPLE:
        ids = sorted(Random(day.toordinal()).sample(ids, SAMPLE))  # noqa: S311 - repeatable, no secret
    found = drift.profile(_seen(place, tagger, ids))
    data = {"day": day.isoformat(), "posts": len(ids), "counts": found.as_dict()}
    with place.store.write() as conn:
        model_reports.put(conn, active.version, ReportKind.PROFILE, data, place.clock())
    return 1


def _seen(place: Place, tagger: Tagger, ids: Sequence[int]) -> Iterator[drift.Seen]:
    for start in range(0, len(ids), BATCH):
        with place.store.read() as conn:
            texts: list[MachineText] = machine_texts.of(conn, ids[start : start + BATCH])
        tags = tagger.tag([text_of(one) for one in texts])
        for one, tag in zip(texts, tags, strict=True):
            yield drift.seen(tagger, tag, one.source_name, one.text)


def run_drift(place: Place, task: Task) -> None:
    """Compare the last seven days with those before, and say how many alarms there are."""
    _finish(place, task, _drift)


def run_label_errors(place: Place, task: Task) -> None:
    """List the decisions that look mistaken, and say how many there are."""
    _finish(place, task, _label_errors)


def _finish(place: Place, task: Task, work: Callable[[Place], _Measured]) -> None:
    try:
        active, kind, data, sentence = work(place)
    except EvenhandError as error:
        tasks.finish(place.store, task.id, ok=False, message=str(error), now=place.clock())
        return
    now = place.clock()
    with place.store.write() as conn:
        model_reports.put(conn, active.version, kind, data, now)
        task_store.finish(conn, task.id, ok=True, message=sentence, now=now)


_Measured = tuple["Model", ReportKind, "Mapping[str, object]", str]


def _drift(place: Place) -> _Measured:
    keep_profiles(place)
    active = serving_model.active_model(place.store, place.clock())
    with place.store.read() as conn:
        kept = _days(
            model_reports.history(
                conn, active.version, ReportKind.PROFILE, at_most=NEW_DAYS + OLD_DAYS
            )
        )
    days = sorted(kept)
    if len(days) < FEWEST_DAYS:
        msg = (
            f"there are profiles of {len(days)} whole days of posts, and a comparison needs "
            f"{FEWEST_DAYS}; try again tomorrow"
        )
        raise InputError(msg)
    # Until there are two weeks, the days are halved.
    at = len(days) - min(NEW_DAYS, len(days) // 2)
    found = drift.report(_sum(kept, days[:at]), _sum(kept, days[at:]))
    data = {
        **found.as_dict(),
        "model": active.version,
        "before": [days[0].isoformat(), days[at - 1].isoformat()],
        "after": [days[at].isoformat(), days[-1].isoformat()],
    }
    names = ", ".join(f"{line.name} {line.direction}" for line in found.alarms)
    sentence = f"{len(found.alarms)} alarms: {names}" if names else "no alarm"
    return active, ReportKind.DRIFT, data, sentence


def _sum(kept: Mapping[date, Profile], days: Sequence[date]) -> Profile:
    return reduce(Profile.merged, (kept[day] for day in days))


def _days(found: Sequence[model_reports.Report]) -> dict[date, Profile]:
    return {
        date.fromisoformat(str(one.data["day"])): Profile.of(
            cast("Mapping[str, object]", one.data["counts"])
        )
        for one in found
    }


def _label_errors(place: Place) -> _Measured:
    active = serving_model.active_model(place.store, place.clock())
    base = serving_model.load_checked(place.settings, active)
    rows = read_labels(place.store, place.settings)
    found = label_errors.find([label_of(row) for row in rows], base)
    item_by_post = {row.post_id: row.item_id for row in rows}
    doubts = [
        {
            "item_id": item_by_post[one.post_id],
            "post_id": one.post_id,
            "label": one.label,
            "given": one.given,
            "p": round(one.p, 4),
        }
        for one in found[:MOST_DOUBTS]
    ]
    data = {"labels": len(rows), "found": len(found), "doubts": doubts}
    sentence = f"{len(found)} of {len(rows)} labels look mistaken"
    return active, ReportKind.LABEL_ERRORS, data, sentence


def _tagger(place: Place, active: Model) -> Tagger:
    loaded = serving_model.load_checked(place.settings, active)
    statements = serving_model.statements_of(place.store, place.clock())
    return Tagger.of(loaded, statements=statements)
