"""Models on the shelf: at most one is active, and a version is never overwritten."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from evenhand.data.errors import NotFound
from evenhand.data.store import models
from evenhand.data.store.models import Model, ModelState

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def a_model(version="evenhand@1", state=ModelState.CANDIDATE, **changes):
    made = Model(version, state, f"models/{version}", "abc", {"nhãn": ["hate"]}, NOW)
    return dataclasses.replace(made, **changes)


def register(store, *wanted):
    with store.write() as conn:
        for one in wanted:
            models.register(conn, one)


def states(store):
    with store.read() as conn:
        return {one.version: one.state.value for one in models.list_all(conn)}


def test_model_comes_back_as_it_was_registered(store):
    """Card and hash included."""
    made = a_model()
    register(store, made)
    with store.read() as conn:
        assert models.get(conn, made.version) == made
        assert models.active(conn) is None


def test_model_of_a_version_is_never_overwritten(store):
    """A second registration changes neither the row nor which model is active."""
    register(store, a_model("a", ModelState.ACTIVE), a_model("b"))
    register(store, a_model("b", ModelState.ACTIVE, content_hash="other"))
    with store.read() as conn:
        assert models.get(conn, "b") == a_model("b")
        assert models.active(conn).version == "a"


def test_at_most_one_model_is_active(store):
    """Whichever becomes active, by registration or later, retires the one before."""
    register(store, a_model("a", ModelState.ACTIVE), a_model("b", ModelState.ACTIVE), a_model("c"))

    assert states(store) == {"a": "retired", "b": "active", "c": "candidate"}
    with store.write() as conn:
        models.set_state(conn, "c", ModelState.SHADOW)
        models.set_state(conn, "a", ModelState.ACTIVE)

    assert states(store) == {"a": "active", "b": "retired", "c": "shadow"}


def test_model_that_is_active_stays_so_when_it_is_activated_again(store):
    """Activation is idempotent."""
    register(store, a_model("a", ModelState.ACTIVE))
    with store.write() as conn:
        models.set_state(conn, "a", ModelState.ACTIVE)

    assert states(store) == {"a": "active"}


def test_unknown_version_is_refused_and_retires_nothing(store):
    """A typing mistake leaves the active model where it is."""
    register(store, a_model("a", ModelState.ACTIVE))
    with pytest.raises(NotFound, match="models page"), store.write() as conn:
        models.set_state(conn, "nope", ModelState.ACTIVE)

    assert states(store) == {"a": "active"}


def test_models_are_listed_newest_first(store):
    """By when they were registered, then by version."""
    later = NOW + timedelta(days=1)
    register(store, a_model("b"), a_model("a"), a_model("c", registered_at=later))
    with store.read() as conn:
        assert [one.version for one in models.list_all(conn)] == ["c", "a", "b"]


def test_promotion_notes_who_asked_who_promoted_and_what_it_replaced(store, actors):
    """So that a rollback knows where to go, and the report who did it."""
    register(store, a_model("a", ModelState.ACTIVE), a_model("b", trained_by=actors.analyst.id))
    later = NOW + timedelta(hours=1)
    with store.write() as conn:
        models.ask(conn, "b", person_id=actors.admin.id, now=NOW)
        assert "a" == models.activate(conn, "b", person_id=actors.coordinator.id, now=later)
    with store.read() as conn:
        found = models.get(conn, "b")

    assert ("5", "6", NOW) == (found.trained_by, found.asked_by, found.asked_at)
    assert ("3", later, "a") == (found.promoted_by, found.promoted_at, found.replaced)
    with store.write() as conn:
        models.put_back(conn, "a")
        models.unask(conn, "b")
    with store.read() as conn:
        again = models.get(conn, "b")

    assert states(store) == {"a": "active", "b": "retired"}
    assert (None, None, "a") == (again.asked_by, again.asked_at, again.replaced)


def test_terminal_is_no_person_in_the_row(store):
    """What it did is told by the time and the ledger."""
    register(store, a_model("a", trained_by=models.NOBODY))
    with store.write() as conn:
        assert models.activate(conn, "a", person_id=models.NOBODY, now=NOW) is None
    with store.read() as conn:
        found = models.get(conn, "a")

    assert (None, None, NOW) == (found.trained_by, found.promoted_by, found.promoted_at)


def test_one_model_at_a_time_is_on_trial(store):
    """The one before is a candidate again."""
    register(store, a_model("a"), a_model("b"))
    with store.read() as conn:
        assert models.on_trial(conn) is None
    for version in ("a", "b"):
        with store.write() as conn:
            models.set_state(conn, version, ModelState.SHADOW)

    assert states(store) == {"a": "candidate", "b": "shadow"}
    with store.read() as conn:
        assert "b" == models.on_trial(conn).version


def test_registering_tells_whether_the_version_is_new(store):
    """The same labels give the same model again."""
    with store.write() as conn:
        assert [models.register(conn, a_model()) for _ in range(2)] == [True, False]
