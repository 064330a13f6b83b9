"""From decisions to a candidate on the shelf: measured, reported, and nothing of it in service."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pytest
from sqlalchemy import select, update

from evenhand.classifiers import shelf, team
from evenhand.dashboard.jobs import (
    retraining,
    retraining_doubts,
    retraining_run,
    serving_model,
    tasks,
)
from evenhand.dashboard.jobs.retraining_promotion import ask_promotion, promote, rollback
from evenhand.data import tables
from evenhand.data.errors import ArtefactAltered, EvenhandError, WorseThanCurrent
from evenhand.data.settings import Settings
from evenhand.data.store import model_reports, models, shipped
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.models import Model, ModelState
from evenhand.data.store.tasks import TaskState
from tests.label_floor import make_labels, says
from tests.retraining_floor import bench_of, decided, put_labels
from tests.review_floor import NOON

# As many as make every step real and still cost seconds.
LABELS = 1_200

# Learning is the same on both engines, and takes seconds.
ONE_ENGINE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture
def bench(store, actors, tmp_path, clock):
    return bench_of(store, actors, tmp_path, clock)


def ask(bench):
    retraining.ask_training(bench.store, bench.actors.analyst, NOON)
    return tasks.next_task(bench.store, NOON)


def latest(bench):
    return retraining.task_of(bench.store, bench.actors.analyst, "train")


def listed(store):
    with store.read() as conn:
        return {one.version: one for one in models.list_all(conn)}


def test_candidate_comes_of_labels_and_everything_measured_of_it_is_kept(bench):
    """The task ends with one line, the active model goes on, and the folder is the one compared."""
    labels = decided(bench.store, LABELS)
    retraining_run.run_task(bench.means, ask(bench))
    task, found = latest(bench), listed(bench.store)
    assert TaskState.DONE == task.state, task.message
    (version,) = [name for name in found if name.startswith("team@")]
    made = found[version]
    folder = bench.settings.workspace / "models" / made.path
    reports = retraining.reports(bench.store, bench.actors.analyst, version)

    assert TaskState.DONE == task.state, task.message
    assert task.message.startswith(f"{version} learnt ")
    assert (ModelState.CANDIDATE, "5") == (made.state, made.trained_by)
    assert shelf.load(folder).card.id == version
    assert sha256((folder / "model.npz").read_bytes()).hexdigest() == made.file_hash
    assert {"backtest", "neutrality", "labels", "suspects", "examples"} == set(reports)
    assert len(reports[ReportKind.EXAMPLES].data["scores"]) > 90
    assert reports[ReportKind.BACKTEST].data["lines"]
    assert reports[ReportKind.NEUTRALITY].data["bounds"]
    counted = reports[ReportKind.LABELS].data
    assert ({"flagged"}, 0) == (set(counted["origins"]), counted["simulated"])
    assert LABELS == sum(sum(langs.values()) for langs in counted["origins"].values())
    assert [] == [one.text for one in labels if one.text in str(reports)]
    overview = retraining.overview(bench.store, bench.actors.analyst, NOON)
    assert made.based_on == overview.active.version
    assert overview.active.is_shipped
    _promote_and_go_back(bench, version)


def _promote_and_go_back(bench, version):
    """Go the rest of the way, with gates that stand in for what no made-up label can pass."""
    with bench.store.write() as conn:
        lost = {"passed": False, "refusals": ["scam_fraud in vi loses 0.2 of its recall"]}
        model_reports.put(conn, version, ReportKind.BACKTEST, lost, NOON)
    with pytest.raises(WorseThanCurrent, match="scam_fraud in vi"):
        ask_promotion(bench.store, bench.actors.analyst, version, NOON)
    with bench.store.write() as conn:
        won = {"passed": True, "lines": [{"verdict": "better"}], "refusals": []}
        model_reports.put(conn, version, ReportKind.BACKTEST, won, NOON)
        passed = {"passed": True, "bounds": []}
        model_reports.put(conn, version, ReportKind.NEUTRALITY, passed, NOON)
    ask_promotion(bench.store, bench.actors.analyst, version, NOON)
    promote(bench.store, bench.settings, bench.actors.admin, version, NOON)
    serving = serving_model.tagger_of(bench.store, bench.settings, clock=bench.clock.now)

    assert version == retraining.overview(bench.store, bench.actors.admin, NOON).active.version
    assert version == serving.model.partition("+")[0]
    assert shipped.as_model(NOON).version == rollback(bench.store, bench.actors.coordinator, NOON)
    assert shipped.as_model(NOON).version == serving.refresh().model.partition("+")[0]


@ONE_ENGINE
def test_same_labels_give_the_same_model_again(bench):
    """Also after a run that was killed, and where its folder was damaged meanwhile."""
    decided(bench.store, LABELS)
    first = retraining_run.train(bench.means, trained_by=None)
    assert [percent for percent, _ in bench.told] == sorted(percent for percent, _ in bench.told)
    leftover = bench.settings.workspace / "models" / ".unfinished-0"
    leftover.mkdir()
    (leftover / "model.npz").write_bytes(b"half")
    (first.folder / "model.npz").write_bytes(b"damaged")
    again = retraining_run.train(bench.means, trained_by="5")

    assert (True, False) == (first.fresh, again.fresh)
    assert (first.version, first.folder) == (again.version, again.folder)
    assert "the same model again" in again.sentence
    assert listed(bench.store)[first.version].trained_by is None
    assert [first.folder] == list((bench.settings.workspace / "models").iterdir())
    assert first.version == shelf.load(again.folder).card.id


def test_too_few_labels_end_the_task_with_what_is_there(bench):
    """The sentence says what is missing, and nothing is on the shelf."""
    decided(bench.store, 40)
    retraining_run.run_task(bench.means, ask(bench))
    task = latest(bench)

    assert TaskState.FAILED == task.state
    assert "50" in task.message
    assert all(one.is_shipped for one in listed(bench.store).values())
    assert [] == list(bench.settings.workspace.glob("models/*"))


def test_no_labels_at_all_end_the_task_too(bench):
    """A team that has decided nothing yet gets a sentence."""
    retraining_run.run_task(bench.means, ask(bench))

    assert TaskState.FAILED == latest(bench).state
    assert latest(bench).message


def test_labels_of_sources_that_may_not_train_never_do(bench):
    """Not even where there are no others."""
    decided(bench.store, 200)
    with bench.store.write() as conn:
        conn.execute(update(tables.source).values(may_train=False))

    assert [] == retraining_run.read_labels(bench.store, bench.settings)
    with pytest.raises(EvenhandError):
        retraining_run.train(bench.means, trained_by=None)


@ONE_ENGINE
def test_audit_labels_never_train(bench):
    """They measure what the model misses, and would measure what it was told."""
    decided(bench.store, LABELS)
    plain = read(bench)
    others = make_labels(300, seed=9, reviewers=("1", "2"))
    put_labels(bench.store, [says(one, "hate") for one in others])
    with bench.store.write() as conn:
        query = select(tables.post.c.id).order_by(tables.post.c.id).offset(LABELS)
        rows = [
            {"post_id": one, "week": "w", "kind": "audit", "reason": "random", "drawn_at": NOON}
            for one in conn.execute(query).scalars().all()
        ]
        conn.execute(tables.draw.insert(), rows)
    both = read(bench)
    base = shelf.load()
    cut = plain[-200].decided_at
    models_of = [
        team.train_candidate(base, part, name="team", cut=cut).model for part in (plain, both)
    ]

    assert 300 == sum(one.origin == "audit" for one in both)
    assert np.array_equal(*(one.heads.weights for one in models_of))
    assert models_of[0].card.thresholds == models_of[1].card.thresholds


def read(bench):
    rows = retraining_run.read_labels(bench.store, bench.settings)
    return [retraining_run.label_of(row) for row in rows]


def test_simulated_decisions_train_in_a_demo_alone(bench):
    """And their number is named."""
    decided(bench.store, 20, simulated=True)
    demo = Settings(workspace=bench.settings.workspace, demo=True)
    rows = retraining_run.read_labels(bench.store, demo)

    assert [] == retraining_run.read_labels(bench.store, bench.settings)
    assert (20, 20) == (len(rows), retraining_run.counted(rows)["simulated"])


@ONE_ENGINE
def test_poisoning_reviewer_is_named_and_set_aside(bench):
    """Whoever disagrees with everybody does not teach; the analyst sees who it is."""
    labels = make_labels(LABELS * 3 // 2, reviewers=("1", "3", "5", "6", "2"))
    flipped = [
        says(one, *() if one.yes else ("hate",)) if one.reviewer == "2" else one for one in labels
    ]
    put_labels(bench.store, flipped)
    done = retraining_run.train(bench.means, trained_by=None)
    found = retraining_doubts.suspects(bench.store, bench.actors.analyst, done.version)

    assert {"binh"} == {one.name for one in found}
    assert all(one.agreement < one.expected for one in found if one.kind != "one class")


def test_altered_active_model_is_no_base(bench):
    """The task says so; the last good model goes on tagging elsewhere."""
    decided(bench.store, 100)
    with bench.store.write() as conn:
        made = Model("team@gone", ModelState.ACTIVE, "team-gone", "h", {}, NOON)
        models.register(conn, made)
    retraining_run.run_task(bench.means, ask(bench))

    assert TaskState.FAILED == latest(bench).state
    assert "refused" in latest(bench).message
    with pytest.raises(ArtefactAltered):
        retraining_run.train(bench.means, trained_by=None)


@ONE_ENGINE
def test_worker_that_is_stopped_gives_the_training_back(bench):
    """The next one begins anew, and nothing half-made is on the shelf."""
    decided(bench.store, LABELS)
    calls = iter([False] * 4 + [True] * 99)
    retraining_run.run_task(bench.means, ask(bench), stopped=lambda: next(calls))

    assert TaskState.ASKED == latest(bench).state
    assert all(one.is_shipped for one in listed(bench.store).values())


def test_folder_that_cannot_be_written_ends_the_task_with_a_sentence(bench):
    """A file stands where the models belong."""
    decided(bench.store, LABELS)
    (bench.settings.workspace / "models").write_text("", "utf-8")
    retraining_run.run_task(bench.means, ask(bench))

    assert TaskState.FAILED == latest(bench).state
    assert "models" in latest(bench).message
