"""The shipped model on the shelf: active until another is promoted, replaced by an upgrade."""

from __future__ import annotations

import dataclasses
import json
from importlib.resources import files

from sqlalchemy import select

from evenhand.data import tables
from evenhand.data.store import models, shipped
from evenhand.data.store.models import Model, ModelState
from tests.review_floor import NOON


def ensure(store):
    with store.write() as conn:
        return shipped.ensure(conn, NOON)


def states(store):
    with store.read() as conn:
        return {one.version: one.state.value for one in models.list_all(conn)}


def test_shipped_model_is_active_in_a_new_store(store):
    """Under the name and hash of its card; a second look changes nothing."""
    card = json.loads(files("evenhand.data").joinpath("builtin/card.json").read_text("utf-8"))
    version = f"{card['name']}@{card['content_hash'][:8]}"

    assert [version, version] == [ensure(store).version for _ in range(2)]
    assert {version: "active"} == states(store)
    with store.read() as conn:
        found = models.get(conn, version)
    assert (True, card["content_hash"]) == (found.is_shipped, found.content_hash)
    assert not shipped.is_older(found)


def test_shipped_model_of_an_upgrade_follows_the_one_before(store):
    """And the ledger says so."""
    old = dataclasses.replace(shipped.as_model(NOON), version="builtin@old", content_hash="old")
    with store.write() as conn:
        models.register(conn, old)
    new = ensure(store).version
    with store.read() as conn:
        entry = conn.execute(select(tables.ledger)).one()

    assert {"builtin@old": "retired", new: "active"} == states(store)
    assert ("model_upgraded", f"model:{new}") == (entry.action, entry.subject)


def test_team_model_stays_active_when_another_one_is_shipped(store):
    """An upgrade of the program takes nothing back that two persons decided."""
    with store.write() as conn:
        models.register(conn, Model("team@1", ModelState.ACTIVE, "team-1", "h", {}, NOON))

    assert "team@1" == ensure(store).version
    assert {"team@1": "active"} == states(store)
