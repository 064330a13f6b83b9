"""Proposed thresholds: asked for, made into a candidate of the same weights, and gated as any."""

from __future__ import annotations

import dataclasses
import math

import pytest
from sqlalchemy import select

from evenhand.classifiers import shelf, thresholds
from evenhand.classifiers.tagger import Tagger
from evenhand.dashboard.jobs import (
    access,
    retraining,
    retraining_proposing,
    retraining_thresholds,
    serving_model,
    simulating,
    tasks,
)
from evenhand.dashboard.jobs.retraining_promotion import (
    ask_promotion,
    obstacles,
    promote,
    rollback,
    withdraw,
)
from evenhand.dashboard.jobs.retraining_shadow import start_shadow
from evenhand.dashboard.jobs.retraining_thresholds import Wanted, proposal_of, propose
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed, WorseThanCurrent
from evenhand.data.records import Band, Text
from evenhand.data.store import model_reports, models, shipped
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.models import ModelState
from evenhand.data.store.tasks import TaskState
from tests.label_floor import make_labels
from tests.retraining_floor import bench_of, decided
from tests.review_floor import NOON

WHY = "Too many harmless adverts came up in October."
SHIPPED = shipped.as_model(NOON).version
# Measuring takes seconds and is the same on both engines.
ONE_ENGINE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture
def bench(store, actors, tmp_path, clock):
    return bench_of(store, actors, tmp_path, clock)


def ask(bench, to=None, *, actor=None, model=SHIPPED, reason=WHY):
    wanted = Wanted(model, {"spam": 0.99} if to is None else to, reason)
    return propose(bench.store, actor or bench.actors.analyst, wanted, NOON)


def run(bench):
    """Do what was asked, as the worker does; give the task as it ended."""
    task = tasks.next_task(bench.store, NOON)
    if task.kind == "rescore":
        # A promotion asked for it.
        task = tasks.next_task(bench.store, NOON)
    retraining_proposing.run_task(bench.means, task)
    return retraining.task_of(bench.store, bench.actors.analyst, "thresholds")


def candidate(store):
    with store.read() as conn:
        (found,) = [one for one in models.list_all(conn) if not one.is_shipped]
    return found


def line_of(bench, actor, version):
    found = retraining.overview(bench.store, actor, NOON)
    return next(one for one in found.models if one.version == version)


def let_pass(store, version):
    """Stand in for gates that no made-up label can pass."""
    with store.write() as conn:
        won = {"passed": True, "lines": [{"verdict": "same"}], "refusals": []}
        model_reports.put(conn, version, ReportKind.BACKTEST, won, NOON)
        passed = {"passed": True, "bounds": []}
        model_reports.put(conn, version, ReportKind.NEUTRALITY, passed, NOON)


def test_proposal_becomes_a_candidate_of_the_same_weights(bench):
    """Arrays equal byte for byte; the card says from what, what moved and why, and names nobody."""
    decided(bench.store, 60)
    ask(bench, {"spam": 0.99, "hate": 0.96, "question": 0.9})
    task = run(bench)
    made, base = candidate(bench.store), shelf.load()
    loaded = serving_model.load_checked(bench.settings, made)

    assert TaskState.DONE == task.state, task.message
    said = f"{made.version} has the active model's weights and other thresholds for question, spam;"
    assert task.message.startswith(said)
    assert (ModelState.CANDIDATE, "5", SHIPPED) == (made.state, made.trained_by, made.based_on)
    assert made.version == loaded.card.id != base.card.id
    for part in ("heads", "sentiment"):
        for array in ("weights", "bias", "slope", "shift"):
            both = [getattr(getattr(one, part), array).tobytes() for one in (base, loaded)]
            assert both[0] == both[1], (part, array)
    assert base.features.idf.tobytes() == loaded.features.idf.tobytes()
    assert base.features.vocabulary == loaded.features.vocabulary
    expected = {**base.card.thresholds, "spam": 0.99, "question": 0.9}
    assert expected == loaded.card.thresholds
    moved = {"question": (0.95, 0.9), "spam": (0.985, 0.99)}
    assert retraining_thresholds.Proposal(SHIPPED, moved, WHY) == proposal_of(made.card)
    assert proposal_of(shipped.as_model(NOON).card) is None
    assert "spam 0.9850 → 0.9900" in loaded.card.limits[0]
    assert (base.card.off, base.card.rows, base.card.data_hash) == (
        loaded.card.off,
        loaded.card.rows,
        loaded.card.data_hash,
    )
    assert "analyst" not in str(dataclasses.asdict(loaded.card)["proposal"])
    found = retraining.reports(bench.store, bench.actors.coordinator, made.version)
    assert {"backtest", "neutrality", "examples"} == set(found)
    assert found[ReportKind.BACKTEST].data["lines"]
    assert found[ReportKind.NEUTRALITY].data["bounds"]
    assert ("5", "thresholds_proposed", f"model:{made.version}") == last_entry(bench.store)
    _goes_the_same_way(bench, made.version)


def last_entry(store):
    with store.read() as conn:
        row = conn.execute(select(tables.ledger).order_by(tables.ledger.c.seq.desc())).first()
    return row.actor, row.action, row.subject


def _goes_the_same_way(bench, version):
    """Shadow, a second person, service, and back: as for a model that learnt."""
    actors, store = bench.actors, bench.store
    start_shadow(store, actors.analyst, version, NOON)
    let_pass(store, version)
    ask_promotion(store, actors.admin, version, NOON)
    with pytest.raises(NotAllowed, match="you proposed"):
        promote(store, bench.settings, actors.analyst, version, NOON)
    assert not line_of(bench, actors.analyst, version).may_promote
    promote(store, bench.settings, actors.coordinator, version, NOON)
    serving = serving_model.tagger_of(store, bench.settings, clock=bench.clock.now)

    assert version == serving.model.partition("+")[0]
    assert 0.99 == serving.tagger.judge.thresholds["spam"]
    assert SHIPPED == rollback(store, actors.coordinator, NOON)
    assert 0.985 == serving.refresh().judge.thresholds["spam"]


@pytest.mark.parametrize("who", ["an", "coordinator", "leader"])
def test_proposing_is_for_those_who_train(bench, who):
    """Others may look; the terminal is no person."""
    with pytest.raises(NotAllowed):
        ask(bench, actor=getattr(bench.actors, who))
    with pytest.raises(NotAllowed, match="only a person"):
        ask(bench, actor=access.operator())
    assert retraining.task_of(bench.store, bench.actors.analyst, "thresholds") is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"to": {"spam": 0.49}}, "below its floor of 0.5"),
        ({"to": {"hate": 0.29}}, "below its floor of 0.3"),
        ({"to": {"spam": 0.9, "hate": 0.0}}, "the threshold 0.0 of hate is below its floor"),
        ({"to": {"spam": 1.0}}, "below 1"),
        ({"to": {"spam": math.nan}}, "not a number from 0.5"),
        ({"to": {"spam": "0.9"}}, "not a number from 0.5"),
        ({"to": {"spam": True}}, "not a number from 0.5"),
        ({"to": {"criticism": 0.9}}, "'criticism' is no policy and no request"),
        ({"to": {"topic:politics": 0.9}}, "is no policy and no request"),
        ({"to": {"health_misinformation": 0.9}}, "no threshold decides about"),
        ({"to": {"spam": 0.985}}, "these are the thresholds in force"),
        ({"to": {}}, "these are the thresholds in force"),
        ({"reason": " \n short "}, "the reason has 5 characters; say in 10 to 500"),
        ({"reason": "x" * 501}, "the reason has 501 characters"),
        ({"model": "builtin@old"}, f"tried with builtin@old, and {SHIPPED} is active now"),
    ],
)
def test_what_cannot_be_proposed_is_refused_in_words(bench, changes, said):
    """At the asking, and again by the worker, whoever put the task there."""
    with pytest.raises(InputError, match=said):
        ask(bench, **changes)
    wanted = {"to": {"spam": 0.99}, "model": SHIPPED, "reason": WHY} | changes
    args = {
        "model": wanted["model"],
        "thresholds": {
            name: None if one != one else one  # noqa: PLR0124 - JSON has no NaN
            for name, one in wanted["to"].items()
        },
        "reason": wanted["reason"],
    }
    tasks.ask(bench.store, bench.actors.analyst, "thresholds", args, NOON)
    task = run(bench)

    assert TaskState.FAILED == task.state
    assert said in task.message
    with bench.store.read() as conn:
        assert [True] == [one.is_shipped for one in models.list_all(conn)]
    assert [] == list(bench.settings.workspace.glob("models/*"))


def test_floors_are_those_of_the_classifier():
    """Told twice, since the browser's process loads no classifier."""
    assert dict(thresholds.FLOORS) == dict(simulating.FLOORS)


@ONE_ENGINE
def test_same_thresholds_are_proposed_once_while_they_are_open(bench):
    """A second hand cannot make the first one's proposal its own; put aside, it can come again."""
    ask(bench)
    with pytest.raises(InputError, match="proposed already"):
        ask(bench, actor=bench.actors.admin)
    run(bench)
    made = candidate(bench.store)
    with pytest.raises(InputError, match=f"{made.version} has these thresholds already"):
        ask(bench, actor=bench.actors.admin)
    withdraw(bench.store, bench.actors.admin, made.version, NOON)
    bench.clock.advance(minutes=5)
    ask_again = Wanted(SHIPPED, {"spam": 0.99}, WHY)
    propose(bench.store, bench.actors.admin, ask_again, bench.clock.now())
    run(bench)
    with bench.store.read() as conn:
        found = {one.version: one.state for one in models.list_all(conn) if not one.is_shipped}

    assert sorted(found.values()) == [ModelState.CANDIDATE, ModelState.RETIRED]
    assert found[made.version] == ModelState.RETIRED


@ONE_ENGINE
def test_task_that_lost_its_worker_makes_the_same_candidate_again(bench):
    """Nothing is doubled."""
    ask(bench)
    task = tasks.next_task(bench.store, NOON)
    first = retraining_proposing.make(bench.means, task)
    bench.clock.advance(hours=1)
    again = retraining_proposing.make(bench.means, task)

    assert (first.version, first.folder) == (again.version, again.folder)
    assert first.version == candidate(bench.store).version
    assert [first.folder] == list((bench.settings.workspace / "models").iterdir())


@ONE_ENGINE
def test_stopped_worker_gives_the_proposal_back(bench):
    """The next one begins anew, and nothing half-made is on the shelf."""
    ask(bench)
    calls = iter([False, False, True])
    task = tasks.next_task(bench.store, NOON)
    retraining_proposing.run_task(bench.means, task, stopped=lambda: next(calls))

    found = retraining.task_of(bench.store, bench.actors.analyst, "thresholds")
    assert TaskState.ASKED == found.state
    with bench.store.read() as conn:
        assert [True] == [one.is_shipped for one in models.list_all(conn)]


@ONE_ENGINE
def test_thresholds_that_flag_opinion_fail_the_gate_and_stay_out(bench):
    """Everything at its floor: posts that must not be flagged come up, and nobody can promote it.

    What it would flag rightly, the team's 20 labels of each kind say; that does not outweigh it.
    """
    decided(bench.store, 600)
    heads = shelf.load().card.labels
    floors = {one: at for one, at in simulating.FLOORS.items() if one in heads}
    ask(bench, floors)
    task = run(bench)
    made = candidate(bench.store)
    found = retraining.reports(bench.store, bench.actors.analyst, made.version)

    assert "failed the neutrality gate" in task.message
    assert not found[ReportKind.NEUTRALITY].data["passed"]
    with bench.store.read() as conn:
        reports = model_reports.newest(conn, made.version)
        against = obstacles(made, models.active(conn), reports)
    assert any(one.startswith("neutrality gate, must-not-flag, overall") for one in against)
    with pytest.raises(WorseThanCurrent, match="neutrality gate"):
        ask_promotion(bench.store, bench.actors.admin, made.version, NOON)


@ONE_ENGINE
def test_threshold_that_loses_recall_fails_the_comparison(bench):
    """All that a raised threshold no longer finds is counted on the team's labels."""
    decided(bench.store, 600)
    ask(bench, {"help_needed": 0.9999, "question": 0.9999, "hate": 0.9999})
    run(bench)
    made = candidate(bench.store)

    with pytest.raises(WorseThanCurrent, match="recall"):
        ask_promotion(bench.store, bench.actors.admin, made.version, NOON)


@ONE_ENGINE
def test_without_decisions_there_is_nothing_to_compare_on(bench):
    """None lost is not none tested."""
    ask(bench)
    run(bench)
    made = candidate(bench.store)

    with pytest.raises(WorseThanCurrent, match="20 held-out positives"):
        ask_promotion(bench.store, bench.actors.admin, made.version, NOON)


@ONE_ENGINE
def test_team_models_thresholds_are_moved_as_the_shipped_ones_are(bench):
    """What is active is the base: here a proposal on a proposal, with the same arrays still."""
    ask(bench)
    run(bench)
    first = candidate(bench.store)
    let_pass(bench.store, first.version)
    ask_promotion(bench.store, bench.actors.analyst, first.version, NOON)
    promote(bench.store, bench.settings, bench.actors.admin, first.version, NOON)
    with pytest.raises(InputError, match=f"{first.version} is active now"):
        ask(bench, {"spam": 0.98})
    ask(bench, {"spam": 0.98}, model=first.version)
    task = run(bench)
    with bench.store.read() as conn:
        found = [one for one in models.list_all(conn) if one.based_on == first.version]
    (second,) = found

    assert TaskState.DONE == task.state, task.message
    said = retraining_thresholds.Proposal(first.version, {"spam": (0.99, 0.98)}, WHY)
    assert said == proposal_of(second.card)
    files = [
        bench.settings.workspace / "models" / one.path / shelf.ARRAYS for one in (first, second)
    ]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert first.file_hash == second.file_hash
    assert first.content_hash != second.content_hash


def test_tags_differ_by_the_thresholds_alone():
    """Scores are the same; a band changes exactly where its post lies between the two thresholds.

    Self-harm is always “check”, however low its threshold.
    """
    base = shelf.load()
    moved = {"spam": (0.985, 0.6), "hate": (0.96, 0.999), "self_harm_risk": (0.985, 0.5)}
    other = retraining_proposing.with_thresholds(
        base, moved, name="team", reason=WHY, proposed_at=NOON
    )
    texts = [Text(str(at), one.text) for at, one in enumerate(make_labels(900, seed=4))]
    texts.append(Text("risk", "I want to kill myself tonight, I have the pills ready"))
    changed = 0
    for before, after in zip(Tagger.of(base).tag(texts), Tagger.of(other).tag(texts), strict=True):
        assert (before.lang, before.topics, before.sentiment) == (
            after.lang,
            after.topics,
            after.sentiment,
        )
        assert before.requests == after.requests
        for label, was in before.harms.items():
            now = after.harms[label]
            assert (was.score, was.puts_at) == (now.score, now.puts_at)
            old, new = moved.get(label, (None, None))
            if old is None:
                assert was.band is now.band
                continue
            is_put = was.puts_at is not None and was.puts_at >= new
            assert is_put is (now.band is not Band.NOTHING)
            changed += was.band is not now.band
        assert after.harms["self_harm_risk"].band is not Band.FLAG

    assert changed > 0
    assert after.harms["self_harm_risk"].band is Band.CHECK
