"""Promotion under gates by a second person, rollback in one click, and nothing else."""

from __future__ import annotations

import dataclasses
import itertools
from hashlib import sha256
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from evenhand.dashboard.jobs import access, retraining, tasks
from evenhand.dashboard.jobs.retraining_promotion import (
    ask_promotion,
    promote,
    rollback,
    withdraw,
)
from evenhand.data import tables
from evenhand.data.errors import (
    ArtefactAltered,
    InputError,
    NotAllowed,
    NotFound,
    WorseThanCurrent,
)
from evenhand.data.settings import Settings
from evenhand.data.store import model_reports, models, shipped
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.models import Model, ModelState
from tests.review_floor import NOON

PASSED = {"passed": True, "lines": [{"verdict": "better"}], "refusals": []}
NEUTRAL = {"passed": True, "bounds": []}


@pytest.fixture
def shelf(store, actors, tmp_path):
    """The shipped model is active, and candidates can be put beside it."""
    settings = Settings(workspace=tmp_path)
    with store.write() as conn:
        base = shipped.ensure(conn, NOON)

    def put(version="team@1", *, compared=PASSED, neutral=NEUTRAL, **changes):
        folder = tmp_path / "models" / version.replace("@", "-")
        folder.mkdir(parents=True)
        (folder / "model.npz").write_bytes(version.encode())
        made = Model(
            version,
            ModelState.CANDIDATE,
            folder.name,
            "hash",
            {},
            NOON,
            file_hash=sha256(version.encode()).hexdigest(),
            based_on=base.version,
            trained_by=actors.analyst.id,
        )
        with store.write() as conn:
            models.register(conn, dataclasses.replace(made, **changes))
            if compared is not None:
                model_reports.put(conn, version, ReportKind.BACKTEST, compared, NOON)
            if neutral is not None:
                model_reports.put(conn, version, ReportKind.NEUTRALITY, neutral, NOON)
        return version

    return SimpleNamespace(
        put=put, store=store, settings=settings, base=base.version, folder=tmp_path / "models"
    )


@pytest.fixture
def second(actors):
    """Another analyst, who has trained nothing."""
    return dataclasses.replace(actors.analyst, id="6", name="second")


def states(store):
    with store.read() as conn:
        return {one.version: one.state.value for one in models.list_all(conn)}


def entries(store):
    with store.read() as conn:
        query = select(tables.ledger).order_by(tables.ledger.c.seq)
        return [(row.actor, row.action, row.subject) for row in conn.execute(query)]


def line_of(shelf, actor, version):
    found = retraining.overview(shelf.store, actor, NOON)
    return next(one for one in found.models if one.version == version)


def test_candidate_is_promoted_by_a_second_person(shelf, actors):
    """One asks, another does it; the ledger names both, and the worker is asked to re-score."""
    version = shelf.put()
    ask_promotion(shelf.store, actors.analyst, version, NOON)
    promote(shelf.store, shelf.settings, actors.coordinator, version, NOON)
    task = tasks.latest(shelf.store, actors.coordinator, "rescore")

    assert {shelf.base: "retired", version: "active"} == states(shelf.store)
    assert [
        ("5", "promotion_asked", f"model:{version}"),
        ("3", "model_promoted", f"model:{version}"),
    ] == entries(shelf.store)
    assert ({"version": version}, "3") == (task.args, task.asked_by)
    line = line_of(shelf, actors.analyst, version)
    assert ("analyst", "analyst", "coordinator", shelf.base) == (
        line.trained_by,
        line.asked_by,
        line.promoted_by,
        line.replaced,
    )


@pytest.mark.parametrize("who", ["trainer", "asker"])
def test_promotion_is_refused_to_whoever_had_a_hand_in_it(shelf, actors, second, who):
    """Neither training nor asking leaves the second person's part open."""
    version = shelf.put()
    asker = second if who == "trainer" else actors.admin
    actor = actors.analyst if who == "trainer" else actors.admin
    ask_promotion(shelf.store, asker, version, NOON)

    with pytest.raises(NotAllowed, match="needs a second person"):
        promote(shelf.store, shelf.settings, actor, version, NOON)
    assert "candidate" == states(shelf.store)[version]
    assert not line_of(shelf, actor, version).may_promote


def test_promotion_is_refused_when_nobody_asked(shelf, actors):
    """There is no way around the first person."""
    version = shelf.put()

    with pytest.raises(InputError, match="nobody has asked"):
        promote(shelf.store, shelf.settings, actors.admin, version, NOON)


@pytest.mark.parametrize("who", ["an", "leader"])
def test_people_without_a_part_in_models_can_do_nothing(shelf, actors, who):
    """Reviewers and leaders neither ask nor promote nor go back."""
    version, actor = shelf.put(), getattr(actors, who)
    calls = [
        lambda: ask_promotion(shelf.store, actor, version, NOON),
        lambda: promote(shelf.store, shelf.settings, actor, version, NOON),
        lambda: withdraw(shelf.store, actor, version, NOON),
        lambda: rollback(shelf.store, actor, NOON),
        lambda: retraining.overview(shelf.store, actor, NOON),
        lambda: retraining.reports(shelf.store, actor, version),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()

    assert "candidate" == states(shelf.store)[version]


def test_terminal_itself_neither_asks_nor_promotes(shelf):
    """Whoever sits there may be anybody; going back is open to it."""
    version, operator = shelf.put(), access.operator()
    with pytest.raises(NotAllowed, match="only a person"):
        ask_promotion(shelf.store, operator, version, NOON)
    with pytest.raises(NotAllowed, match="only a person"):
        promote(shelf.store, shelf.settings, operator, version, NOON)


def test_coordinator_does_not_ask(shelf, actors):
    """The first of the two knows the figures: an analyst or an admin."""
    with pytest.raises(NotAllowed):
        ask_promotion(shelf.store, actors.coordinator, shelf.put(), NOON)


LOST = {
    "passed": False,
    "lines": [{"verdict": "worse"}],
    "refusals": ["hate in vi loses 0.12 of its recall"],
}
BIASED = {
    "passed": False,
    "bounds": [
        {"name": "kind satire", "bound": "≤ 5%", "measured": 0.2, "passed": False, "limit": 0.31},
        {"name": "kind grief", "bound": "≤ 5%", "measured": 0.0, "passed": True, "limit": 0.04},
        {"name": "threats found", "bound": "≥ 65%", "measured": None, "passed": False},
    ],
}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"compared": LOST}, ["hate in vi loses 0.12"]),
        ({"compared": None}, ["was not compared"]),
        ({"compared": {"passed": False}}, ["lost the comparison"]),
        (
            {"compared": PASSED | {"lines": [{"verdict": "not enough evidence"}]}},
            ["no label has the 20 held-out positives"],
        ),
        ({"compared": PASSED | {"lines": []}}, ["no label has the 20 held-out positives"]),
        (
            {"neutral": BIASED},
            ["kind satire: 0.2 (limit 0.31) against ≤ 5%", "threats found: no cases against"],
        ),
        ({"neutral": None}, ["not put through the neutrality gate"]),
        ({"neutral": {"passed": False}}, ["did not pass the neutrality gate"]),
        ({"compared": LOST, "neutral": BIASED}, ["hate in vi", "kind satire", "threats found"]),
        ({"based_on": "builtin@old"}, ["was compared with builtin@old"]),
        ({"state": ModelState.RETIRED}, ["it is retired"]),
    ],
)
def test_request_is_refused_when_a_gate_failed(shelf, actors, changes, named):
    """Each failed bound and language is named; what passed is not."""
    version = shelf.put(**changes)
    with pytest.raises(WorseThanCurrent) as caught:
        ask_promotion(shelf.store, actors.admin, version, NOON)

    assert [] == [words for words in named if words not in str(caught.value)]
    assert "grief" not in str(caught.value)
    assert version in str(caught.value)
    line = line_of(shelf, actors.admin, version)
    assert (False, False) == (line.may_ask, line.may_promote)
    assert shelf.base == retraining.overview(shelf.store, actors.admin, NOON).active.version


def test_promotion_is_refused_when_another_model_became_active_meanwhile(shelf, actors):
    """The comparison was with the one before."""
    first, second = shelf.put("team@1"), shelf.put("team@2")
    for version in (first, second):
        ask_promotion(shelf.store, actors.analyst, version, NOON)
    promote(shelf.store, shelf.settings, actors.admin, first, NOON)

    with pytest.raises(WorseThanCurrent, match=f"{first} is active now"):
        promote(shelf.store, shelf.settings, actors.admin, second, NOON)


@pytest.mark.parametrize("how", ["changed", "pickle", "cut", "missing"])
def test_promotion_is_refused_when_the_file_is_not_the_one_that_was_compared(
    shelf, actors, shared, how
):
    """What was tested is what is promoted; a pickle is never opened."""
    version = shelf.put()
    file = shelf.folder / version.replace("@", "-") / "model.npz"
    ask_promotion(shelf.store, actors.analyst, version, NOON)
    if how == "missing":
        file.unlink()
    else:
        pickled = (shared / "hostile" / "models" / "canary_p0.pkl").read_bytes()
        file.write_bytes({"changed": b"x", "pickle": pickled, "cut": b""}[how])

    with pytest.raises(ArtefactAltered, match=version):
        promote(shelf.store, shelf.settings, actors.admin, version, NOON)
    assert "active" == states(shelf.store)[shelf.base]
    assert [] == list(shelf.settings.workspace.rglob("evenhand_canary_pwned"))


def test_rollback_leads_back_one_promotion_at_a_time(shelf, actors):
    """At last to the shipped model, behind which there is nothing."""
    versions = []
    for number in itertools.count(1):
        active = retraining.overview(shelf.store, actors.analyst, NOON).active.version
        versions.append(active)
        if number == 3:
            break
        version = shelf.put(f"team@{number}", based_on=active)
        ask_promotion(shelf.store, actors.analyst, version, NOON)
        promote(shelf.store, shelf.settings, actors.admin, version, NOON)
    assert line_of(shelf, actors.coordinator, "team@2").may_roll_back
    back = [rollback(shelf.store, actors.coordinator, NOON) for _ in range(2)]

    assert [shelf.base, "team@1", "team@2"] == versions
    assert ["team@1", shelf.base] == back
    assert {shelf.base: "active", "team@1": "retired", "team@2": "retired"} == states(shelf.store)
    assert ("3", "model_rolled_back", f"model:{shelf.base}") == entries(shelf.store)[-1]
    with pytest.raises(InputError, match="nothing to go back to"):
        rollback(shelf.store, actors.coordinator, NOON)


def test_rollback_leads_to_the_shipped_model_of_today(shelf):
    """An upgrade of Evenhand has replaced the files of the one before."""
    old = dataclasses.replace(shipped.as_model(NOON), version="builtin@old", content_hash="old")
    with shelf.store.write() as conn:
        models.register(conn, dataclasses.replace(old, state=ModelState.RETIRED))
        models.register(
            conn, Model("team@9", ModelState.ACTIVE, "team-9", "h", {}, NOON, replaced=old.version)
        )

    assert shelf.base == rollback(shelf.store, access.operator(), NOON)
    assert "active" == states(shelf.store)[shelf.base]


def test_candidate_is_put_aside_with_its_request(shelf, actors):
    """It stays on the shelf, retired; the active model cannot be put aside."""
    version = shelf.put()
    ask_promotion(shelf.store, actors.analyst, version, NOON)
    withdraw(shelf.store, actors.analyst, version, NOON)

    assert {shelf.base: "active", version: "retired"} == states(shelf.store)
    assert line_of(shelf, actors.analyst, version).asked_by is None
    for gone in (version, shelf.base):
        with pytest.raises(InputError, match="only a candidate"):
            withdraw(shelf.store, actors.analyst, gone, NOON)


def test_unknown_version_is_told(shelf, actors):
    """A typing mistake changes nothing."""
    for call in (
        lambda: ask_promotion(shelf.store, actors.analyst, "nope", NOON),
        lambda: promote(shelf.store, shelf.settings, actors.admin, "nope", NOON),
        lambda: withdraw(shelf.store, actors.analyst, "nope", NOON),
        lambda: retraining.reports(shelf.store, actors.analyst, "nope"),
    ):
        with pytest.raises(NotFound):
            call()


def test_overview_says_what_each_person_may_do(shelf, actors):
    """The buttons of the page follow the same rules as the jobs."""
    version = shelf.put()
    may = {
        name: line_of(shelf, getattr(actors, name), version)
        for name in ("analyst", "coordinator", "admin")
    }
    assert {"analyst": True, "coordinator": False, "admin": True} == {
        name: line.may_ask for name, line in may.items()
    }
    ask_promotion(shelf.store, actors.admin, version, NOON)
    may = {
        name: line_of(shelf, getattr(actors, name), version)
        for name in ("analyst", "coordinator", "admin")
    }

    assert {"analyst": False, "coordinator": True, "admin": False} == {
        name: line.may_promote for name, line in may.items()
    }
    assert not line_of(shelf, access.operator(), version).may_promote


def test_overview_shows_the_shipped_model_before_anything_was_registered(store, actors):
    """The page of a new workspace is not empty."""
    found = retraining.overview(store, actors.analyst, NOON)

    assert [found.active] == list(found.models)
    assert ("active", True, None, ()) == (
        found.active.state,
        found.active.is_shipped,
        found.active.trained_by,
        found.active.obstacles,
    )
    assert ((), None, None, 500) == (
        found.label_counts,
        found.task,
        found.shadow,
        found.budget.left,
    )


@pytest.mark.parametrize("name", ["training", "drift", "label_errors"])
def test_task_is_asked_for_once(store, actors, name):
    """A second click waits for the first; others than analysts and admins are refused."""
    ask = getattr(retraining, f"ask_{name}")
    kind = {"training": "train"}.get(name, name)
    with pytest.raises(NotAllowed):
        ask(store, actors.coordinator, NOON)
    task_id = ask(store, actors.analyst, NOON)
    with pytest.raises(InputError, match="asked for already"):
        ask(store, actors.admin, NOON)
    tasks.next_task(store, NOON)
    tasks.finish(store, task_id, ok=True, message="", now=NOON)

    assert task_id == retraining.task_of(store, actors.coordinator, kind).id
    assert task_id != ask(store, actors.admin, NOON)
