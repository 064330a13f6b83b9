"""Drift and labels in doubt: made in the worker, kept as reports, without a text."""

from __future__ import annotations

import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from evenhand.classifiers import label_errors as finder
from evenhand.dashboard.jobs import retraining, retraining_doubts, retraining_watch, tasks
from evenhand.dashboard.jobs.serving_model import Place
from evenhand.data import tables
from evenhand.data.errors import NotAllowed
from evenhand.data.settings import Settings
from evenhand.data.store import model_reports, models, shipped
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.tasks import TaskState
from tests.label_floor import make_labels, says
from tests.retraining_floor import decided, put_labels
from tests.review_floor import NOON, put_post, put_source

ONE_ENGINE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
DAY = timedelta(days=1)


@pytest.fixture
def watch(store, actors, tmp_path, clock):
    with store.write() as conn:
        put_source(conn)
    return SimpleNamespace(
        place=Place(store, Settings(workspace=tmp_path), clock.now),
        store=store,
        actors=actors,
        clock=clock,
    )


def fill(watch, back, texts):
    """Put unflagged posts that were fetched so many days ago."""
    with watch.store.write() as conn:
        for text in texts:
            put_post(conn, text, flagged=False, fetched_at=NOON - back * DAY)


def run(watch, name):
    getattr(retraining, f"ask_{name}")(watch.store, watch.actors.analyst, NOON)
    task = tasks.next_task(watch.store, watch.clock.now())
    getattr(retraining_watch, f"run_{name}")(watch.place, task)
    return retraining.task_of(watch.store, watch.actors.analyst, name)


def report(watch, kind):
    version = shipped.as_model(NOON).version
    return retraining.reports(watch.store, watch.actors.analyst, version)[kind].data


def profiles(watch):
    with watch.store.read() as conn:
        version = models.active(conn).version
        found = model_reports.history(conn, version, ReportKind.PROFILE, at_most=99)
    return {one.data["day"]: one.data["posts"] for one in found}


def test_profile_is_made_of_each_whole_day_once(watch):
    """Today is not over, and what retention has begun to take is no whole day."""
    for back, count in ((0, 4), (1, 3), (3, 2), (8, 5)):
        fill(watch, back, [f"nước lên {at}" for at in range(count)])

    assert [2, 0] == [retraining_watch.keep_profiles(watch.place) for _ in range(2)]
    assert {"2026-11-23": 3, "2026-11-21": 2} == profiles(watch)
    watch.clock.advance(days=1)
    assert 1 == retraining_watch.keep_profiles(watch.place)
    assert 4 == profiles(watch)["2026-11-24"]


def test_profile_holds_counts_and_no_word(watch):
    """What is kept beyond retention is a number."""
    fill(watch, 1, ["chuyện riêng tư của tôi"] * 3)
    retraining_watch.keep_profiles(watch.place)
    data = report(watch, ReportKind.PROFILE)

    assert {"day", "posts", "counts"} == set(data)
    assert not any(word in str(data) for word in ("riêng", "chuyện"))
    assert {"vi": 3} == data["counts"]["language"]


def test_worker_that_is_stopped_makes_no_further_profile(watch):
    """Between two days."""
    fill(watch, 1, ["nước lên"])

    assert 0 == retraining_watch.keep_profiles(watch.place, stopped=lambda: True)


@ONE_ENGINE
def test_drift_rings_when_another_language_comes_in(watch):
    """Up and down; days, model and every series stand in the report."""
    for back in (4, 3):
        fill(watch, back, [f"Hôm nay nước lên ở phường số {at} rồi" for at in range(150)])
    for back in (2, 1):
        fill(watch, back, [f"The water is rising again in ward {at} today" for at in range(150)])
    task = run(watch, "drift")
    data = report(watch, ReportKind.DRIFT)
    line = next(one for one in data["lines"] if one["name"] == "language")

    assert TaskState.DONE == task.state
    assert "language" in task.message
    assert ("alarm", True) == (line["state"], line["direction"] in {"up", "down"})
    assert (["2026-11-20", "2026-11-21"], ["2026-11-22", "2026-11-23"]) == (
        data["before"],
        data["after"],
    )
    assert shipped.as_model(NOON).version == data["model"]


def test_drift_needs_two_days(watch):
    """The sentence says to wait."""
    fill(watch, 1, ["nước lên"])
    task = run(watch, "drift")

    assert (TaskState.FAILED, True) == (task.state, "try again tomorrow" in task.message)


@ONE_ENGINE
def test_labels_in_doubt_are_listed_with_the_text_that_was_decided_on(watch):
    """Only what an analyst may read: the flagged items of their own team."""
    pytest.importorskip("cleanlab")
    labels = make_labels(800, reviewers=("1", "2"))
    wrong = {at for at in range(0, 800, 40) if "scam_fraud" in labels[at].yes or not labels[at].yes}
    turned = [
        says(one, *(() if one.yes else ("scam_fraud",))) if at in wrong else one
        for at, one in enumerate(labels)
    ]
    ids = put_labels(watch.store, turned)
    task = run(watch, "label_errors")
    found = retraining_doubts.label_errors(watch.store, watch.actors.analyst)
    texts = {str(item_id): one.text for item_id, one in zip(ids, turned, strict=True)}

    assert TaskState.DONE == task.state, task.message
    assert found
    assert [one.score for one in found] == sorted(one.score for one in found)
    assert {True} == {one.text == texts[one.item_id] for one in found}
    assert not any(one.text in str(report(watch, ReportKind.LABEL_ERRORS)) for one in found)
    with watch.store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Tổ khác"))
        conn.execute(update(tables.item).values(team_id=2))
    assert () == retraining_doubts.label_errors(watch.store, watch.actors.analyst)


def test_doubt_about_a_decision_that_was_taken_back_is_gone(watch):
    """The list names what stands."""
    decided(watch.store, 2)
    with watch.store.write() as conn:
        version = shipped.ensure(conn, NOON).version
        items = list(conn.execute(select(tables.item.c.id, tables.item.c.post_id)))
        doubts = [
            {"item_id": str(one), "post_id": str(post), "label": "hate", "given": True, "p": 0.1}
            for one, post in items
        ]
        data = {"labels": 2, "found": 2, "doubts": doubts}
        model_reports.put(conn, version, ReportKind.LABEL_ERRORS, data, NOON)
    assert 2 == len(retraining_doubts.label_errors(watch.store, watch.actors.analyst))
    with watch.store.write() as conn:
        first = tables.current_decision.c.item_id == items[0][0]
        conn.execute(tables.current_decision.delete().where(first))

    (left,) = retraining_doubts.label_errors(watch.store, watch.actors.admin)
    assert str(items[1][0]) == left.item_id


def test_missing_extra_ends_the_task_with_what_to_install(watch, monkeypatch):
    """Nothing else needs it."""
    monkeypatch.setitem(sys.modules, "cleanlab.filter", None)
    task = run(watch, "label_errors")

    assert (TaskState.FAILED, True) == (task.state, finder.EXTRA in task.message)
    assert () == retraining_doubts.label_errors(watch.store, watch.actors.analyst)


def test_doubts_and_suspects_are_for_analysts_and_admins(watch):
    """They are about how people work."""
    for who in ("an", "coordinator", "leader"):
        actor = getattr(watch.actors, who)
        with pytest.raises(NotAllowed):
            retraining_doubts.label_errors(watch.store, actor)
        with pytest.raises(NotAllowed):
            retraining_doubts.suspects(watch.store, actor, "x")
    with watch.store.write() as conn:
        version = shipped.ensure(conn, NOON).version
    assert () == retraining_doubts.suspects(watch.store, watch.actors.analyst, version)
