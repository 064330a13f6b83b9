"""The model that tags: the active one, checked, changed within a minute, never an altered one."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from dataclasses import asdict, replace
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from evenhand.classifiers import shelf
from evenhand.classifiers.shelf import Card
from evenhand.dashboard.jobs import serving_model
from evenhand.data.errors import ArtefactAltered
from evenhand.data.records import Text
from evenhand.data.settings import Settings
from evenhand.data.store import models, shipped
from evenhand.data.store.models import Model, ModelState
from tests.review_floor import NOON
from tests.statement_floor import DAM, put_in_force


@pytest.fixture(scope="session")
def other_model():
    """The shipped model under another name and with one threshold moved."""
    loaded = shelf.load()
    thresholds = {**loaded.card.thresholds, "hate": 0.9}
    card = Card(**{**loaded.card.__dict__, "name": "team", "thresholds": thresholds})
    return replace(loaded, card=card)


@pytest.fixture
def place(store, tmp_path, clock, other_model):
    settings = Settings(workspace=tmp_path)
    told = []

    def put(name="one", *, state=ModelState.CANDIDATE, **changes):
        folder = tmp_path / "models" / name
        card = shelf.save(other_model, folder)
        made = Model(f"team@{name}", state, name, card.content_hash, asdict(card), clock.now())
        with store.write() as conn:
            models.register(conn, replace(made, **changes))
        return folder

    def activate(version):
        with store.write() as conn:
            models.set_state(conn, version, ModelState.ACTIVE)

    def serve():
        return serving_model.tagger_of(
            store, settings, clock=clock.now, tell=lambda *words: told.append(words)
        )

    return SimpleNamespace(
        put=put,
        activate=activate,
        serve=serve,
        told=told,
        store=store,
        settings=settings,
        base=shipped.as_model(NOON).version,
        folder=tmp_path,
    )


def version(name):
    """Cut off what marks word lists that are not those of the model's training."""
    return name.partition("+")[0]


def says(serving):
    return version(serving.tag([Text("1", "x")])[0].model)


def damage(folder, how, shared):
    """Do to a model's folder what hostile or careless hands do."""
    arrays, card = folder / shelf.ARRAYS, folder / shelf.CARD
    canaries = shared / "hostile" / "models"
    if how == "cut":
        arrays.write_bytes(arrays.read_bytes()[:1000])
    elif how == "weights":
        loaded = shelf.load(folder)
        changed = shelf._arrays(loaded)
        changed["idf"] = changed["idf"] + 1
        arrays.write_bytes(shelf._pack(changed))
    elif how == "whole":
        # Card and arrays agree with each other, but not with the store.
        shelf.save(shelf.load(), folder)
    elif how == "objects":
        np.savez(arrays, vocabulary=np.array([Firing()], dtype=object))
    elif how == "gone":
        shutil.rmtree(folder)
    elif how.endswith(".json"):
        shutil.copyfile(canaries / how, card)
    else:
        shutil.copyfile(canaries / how, arrays)


class Firing:
    """Makes a folder when it is unpickled, as the canaries do."""

    def __reduce__(self):
        return os.mkdir, ("evenhand_canary_pwned",)


HOSTILE = (
    "canary_p0.pkl",
    "canary.joblib",
    "canary_renamed.json",
    "header_eval.npy",
    "bad_huge_dim.json",
    "bad_labels_political.json",
    "cut",
    "weights",
    "whole",
    "objects",
    "gone",
)


def test_shipped_model_tags_until_another_is_promoted(place):
    """Its row comes into being with the first look."""
    serving = place.serve()
    (tag,) = serving.tag([Text("1", "Trạm y tế mở cửa mấy giờ vậy?")])

    assert place.base == version(serving.model) == version(tag.model)
    with place.store.read() as conn:
        assert place.base == models.active(conn).version
    assert [] == place.told


def test_promotion_holds_within_a_minute_and_a_rollback_too(place, clock, other_model):
    """The next text after half a minute is tagged by the new model."""
    place.put()
    serving = place.serve()
    place.activate("team@one")
    assert place.base == says(serving)
    clock.advance(seconds=31)
    name = says(serving)
    place.activate(place.base)
    clock.advance(seconds=31)

    assert name.startswith("team@")
    assert other_model.card.name == "team"
    assert place.base == says(serving)


@pytest.mark.parametrize("how", HOSTILE)
def test_altered_model_is_refused_and_the_former_goes_on(place, clock, shared, how, monkeypatch):
    """No pickle is opened, and one sentence is told, once."""
    monkeypatch.chdir(place.folder)
    folder = place.put()
    serving = place.serve()
    damage(folder, how, shared)
    place.activate("team@one")
    for _ in range(3):
        clock.advance(seconds=31)
        assert place.base == says(serving)

    ((refused, sentence),) = place.told
    assert "team@one" == refused
    assert "refused" in sentence
    assert [] == list(place.folder.rglob("evenhand_canary_pwned"))


@pytest.mark.parametrize("how", ["cut", "whole", "canary_p0.pkl"])
def test_process_that_starts_with_an_altered_model_takes_the_one_before(place, shared, how):
    """Along the chain of what was active before, at last the shipped one."""
    first = place.put("one", replaced=place.base)
    second = place.put("two", state=ModelState.ACTIVE, replaced="team@one")
    damage(second, how, shared)
    with_first = place.serve().model
    damage(first, how, shared)

    assert with_first.startswith("team@")
    assert place.base == version(place.serve().model)
    assert ["team@two", "team@two", "team@one"] == [refused for refused, _ in place.told]


def test_model_that_is_restored_is_taken_up_again(place, clock, shared, other_model):
    """Nobody has to restart anything."""
    folder = place.put("one", state=ModelState.ACTIVE)
    damage(folder, "cut", shared)
    serving = place.serve()
    assert place.base == version(serving.model)
    shelf.save(other_model, folder)
    clock.advance(seconds=31)

    assert serving.model.startswith("team@")


def test_folder_outside_the_workspace_is_refused(place):
    """A row that was tampered with leads nowhere."""
    place.put("one")
    with place.store.read() as conn:
        found = models.get(conn, "team@one")
    for path in ("../elsewhere", "/models/one", "a/b", ".."):
        with pytest.raises(ArtefactAltered):
            serving_model.load_checked(place.settings, replace(found, path=path))


def test_model_with_a_label_on_no_list_is_refused(place, other_model):
    """Although card, arrays and store agree: the lists are closed."""
    labels = ("criticises_government", *other_model.card.labels[1:])
    card = Card(**{**other_model.card.__dict__, "labels": labels})
    folder = place.folder / "models" / "political"
    saved = shelf.save(replace(other_model, card=card), folder)
    made = Model("team@p", ModelState.ACTIVE, "political", saved.content_hash, {}, NOON)

    with pytest.raises(ArtefactAltered, match="on no list"):
        serving_model.load_checked(place.settings, made)


def test_statements_are_those_in_force_and_a_change_makes_another_tagger(place, actors, clock):
    """Of a demo too: its list is rows like any other's."""
    serving = place.serve()
    assert () == serving.tagger.judge.statements
    made = put_in_force(place.store, actors, now=clock.now())
    clock.advance(seconds=31)
    (listed,) = serving.tagger.judge.statements

    assert (made.id, DAM.policy, DAM.wordings) == (listed.id, listed.policy, listed.wordings)
    assert serving.tagger.judge.statements == serving_model.statements_of(place.store, clock.now())
    clock.at = DAM.expires_at
    assert () == serving.tagger.judge.statements


def test_look_costs_one_read_in_half_a_minute(place, clock):
    """Not one a batch."""
    serving = place.serve()
    before = serving.tagger
    clock.advance(seconds=29)

    assert before is serving.tagger
    assert timedelta(minutes=1) >= 2 * serving_model.LOOK_EVERY


def test_card_of_a_promoted_model_is_plain_json(place):
    """What the store keeps of it can be read without any library."""
    place.put()
    with place.store.read() as conn:
        card = models.get(conn, "team@one").card

    assert "team" == json.loads(json.dumps(card))["name"]
    assert pickle.PROTO not in json.dumps(card).encode()
