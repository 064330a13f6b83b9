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
