"""A model on trial: it tags beside the active one, flags nothing, and is compared in the open."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, update

from evenhand.classifiers import shelf
from evenhand.classifiers.shelf import Card
from evenhand.dashboard.jobs import claims, decisions
from evenhand.dashboard.jobs.retraining_rescore import Trial, try_out
from evenhand.dashboard.jobs.retraining_shadow import shadow_view, start_shadow, stop_shadow
from evenhand.dashboard.jobs.serving_model import Place
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.records import Decision, Outcome, Text
from evenhand.data.settings import Settings
from evenhand.data.store import models, rescoring, shipped
from evenhand.data.store.arrivals import Stored
from evenhand.data.store.models import Model, ModelState
from tests.fakes import FakeTagger
from tests.review_floor import NOON, put_item, put_post

VERSION = "team@trial"
# The real model raises a self-harm risk here; the fake one, which stands for the active, nothing.
RISK = "I want to kill myself tonight, I have the pills ready"
PLAIN = "Trạm y tế phường 3 mở cửa lúc 7 giờ"


@pytest.fixture(scope="session")
def tried():
    """The shipped model under another name."""
    loaded = shelf.load()
    return replace(loaded, card=Card(**{**loaded.card.__dict__, "name": "team"}))


@pytest.fixture
def trial(store, actors, tmp_path, clock, tried):
    settings = Settings(workspace=tmp_path)
    folder = tmp_path / "models" / "trial"
    card = shelf.save(tried, folder)
    with store.write() as conn:
        shipped.ensure(conn, NOON)
        made = Model(VERSION, ModelState.CANDIDATE, "trial", card.content_hash, asdict(card), NOON)
        models.register(conn, made)
    told = []
    place = Place(store, settings, clock.now, lambda *words: told.append(words))
    return SimpleNamespace(it=Trial(place), told=told, store=store, folder=folder, actors=actors)


def put(store, *texts, item=False, **changes):
    """Put posts that the active model, a fake one, has tagged; give their keys."""
    ids = []
    with store.write() as conn:
        for text in texts:
            if item:
                post_id = int(put_item(conn, text=text, post=changes).post_id)
                conn.execute(tables.tag.delete().where(tables.tag.c.post_id == post_id))
            else:
                post_id = put_post(conn, text, **({"flagged": False} | changes))
            (tag,) = FakeTagger().tag([Text(str(post_id), text)])
            rescoring.put_tags(conn, [(Stored(post_id, 1), tag)], shadow=False, now=NOON)
            ids.append(post_id)
    return ids


def start(trial):
    start_shadow(trial.store, trial.actors.analyst, VERSION, NOON)


def shadows(store):
    with store.read() as conn:
        query = select(tables.tag.c.post_id).where(tables.tag.c.shadow)
        return sorted(conn.execute(query).scalars())


def count(store, table):
    with store.read() as conn:
        return conn.execute(select(func.count()).select_from(table)).scalar_one()


def view(trial, who="analyst"):
    return shadow_view(trial.store, getattr(trial.actors, who), VERSION)


def test_trial_tags_what_is_held_and_puts_nothing_before_anybody(trial):
    """The last seven days, once each; no flag, no item, no change of a post."""
    ids = put(trial.store, RISK, PLAIN)
    put(trial.store, RISK, fetched_at=NOON - timedelta(days=8))
    put(trial.store, RISK, text_erased_at=NOON)
    assert 0 == try_out(trial.it)
    start(trial)

    assert [2, 0] == [try_out(trial.it) for _ in range(2)]
    assert ids == shadows(trial.store)
    assert (0, 0) == (count(trial.store, tables.flag), count(trial.store, tables.item))
    later = put(trial.store, PLAIN)
    assert 1 == try_out(trial.it)
    assert [*ids, *later] == shadows(trial.store)


def test_trial_is_taken_up_where_it_was_by_another_worker(trial):
    """Nothing is counted twice."""
    put(trial.store, RISK, PLAIN)
    start(trial)
    try_out(trial.it)
    put(trial.store, PLAIN)
    assert 1 == try_out(Trial(trial.it.place))

    assert 3 == view(trial).posts


def test_view_counts_agreement_and_lists_only_what_may_be_read(trial):
    """An unflagged post is a number: its text is shown to nobody."""
    (shown,) = put(trial.store, RISK, item=True)
    put(trial.store, RISK + " now", PLAIN)
    start(trial)
    try_out(trial.it)
    found = view(trial)
    risk = next(one for one in found.labels if one.label == "self_harm_risk")
    (line,) = [one for one in found.disagreements if one.label == "self_harm_risk"]

    assert (3, 0, 0, 2, 1) == (
        found.posts,
        risk.both,
        risk.only_active,
        risk.only_shadow,
        risk.neither,
    )
    assert (str(shown), RISK, "nothing", "check") == (
        line.post_id,
        line.text,
        line.active.band,
        line.shadow.band,
    )
    assert {str(shown)} == {one.post_id for one in found.disagreements}
    assert found.counted_only >= 1
    assert NOON == found.since


def test_view_shows_no_item_of_another_team_and_no_erased_text(trial):
    """The rules of reading hold here too."""
    with trial.store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Tổ khác"))
    own, other = put(trial.store, RISK, RISK + " now", item=True)
    with trial.store.write() as conn:
        items, posts = tables.item, tables.post_version
        conn.execute(update(items).values(team_id=2).where(items.c.post_id == other))
    start(trial)
    try_out(trial.it)
    with trial.store.write() as conn:
        conn.execute(update(posts).values(content=None).where(posts.c.post_id == own))

    assert {(str(own), None)} == {(one.post_id, one.text) for one in view(trial).disagreements}


def test_decision_names_the_model_that_served_and_not_the_one_on_trial(trial):
    """A shadow tag is newer than the tag that the reviewer's flags come from."""
    put(trial.store, RISK, item=True)
    start(trial)
    try_out(trial.it)
    (item,) = claims.claim_next(trial.store, trial.actors.an, now=NOON)
    made = Decision("u1", item.id, item.claim.number, item.version, Outcome.NO_HARM)
    decisions.decide(trial.store, trial.actors.an, made, now=NOON)
    with trial.store.read() as conn:
        assert "fake-1" == conn.execute(select(tables.decision.c.model)).scalar_one()


@pytest.mark.parametrize("how", ["cut", "canary"])
def test_altered_model_is_taken_off_trial(trial, shared, how):
    """One sentence, and the active model goes on."""
    start(trial)
    put(trial.store, RISK)
    pickled = (shared / "hostile" / "models" / "canary.joblib").read_bytes()
    (trial.folder / "model.npz").write_bytes(pickled if how == "canary" else b"PK")

    assert [0, 0] == [try_out(trial.it) for _ in range(2)]
    assert [VERSION] == [version for version, _ in trial.told]
    assert [] == shadows(trial.store)
    with trial.store.read() as conn:
        assert models.on_trial(conn) is None
        assert ModelState.RETIRED is models.get(conn, VERSION).state


def test_trial_that_is_ended_tags_no_more(trial):
    """What it has shown stays."""
    put(trial.store, RISK)
    start(trial)
    try_out(trial.it)
    stop_shadow(trial.store, trial.actors.analyst, VERSION, NOON)
    put(trial.store, PLAIN)

    assert 0 == try_out(trial.it)
    assert 1 == view(trial).posts


def test_worker_that_is_stopped_tries_nothing_more(trial):
    """Between two batches."""
    put(trial.store, RISK)
    start(trial)

    assert 0 == try_out(trial.it, stopped=lambda: True)
    assert [] == shadows(trial.store)


def test_only_a_candidate_goes_on_trial_and_only_a_trial_is_ended(trial):
    """By analysts and admins."""
    store, actors = trial.store, trial.actors
    base = shipped.as_model(NOON).version
    with pytest.raises(InputError, match="only a candidate"):
        start_shadow(store, actors.analyst, base, NOON)
    with pytest.raises(InputError, match="no trial to end"):
        stop_shadow(store, actors.analyst, VERSION, NOON)
    for call in (start_shadow, stop_shadow):
        with pytest.raises(NotAllowed):
            call(store, actors.coordinator, VERSION, NOON)
        with pytest.raises(NotFound):
            call(store, actors.analyst, "nope", NOON)
    with pytest.raises(NotAllowed):
        shadow_view(store, actors.leader, VERSION)
    assert (0, (), None) == (view(trial).posts, view(trial).labels, view(trial).since)
