"""The closed lists with what the active model makes of their examples, measured by the worker."""

from __future__ import annotations

import pytest

from evenhand.classifiers import examples
from evenhand.dashboard.jobs import policies, serving_model, worded_examples
from evenhand.dashboard.jobs.serving_model import Place
from evenhand.data.errors import NotAllowed
from evenhand.data.records import Actor, Text
from evenhand.data.settings import Settings
from evenhand.data.store import model_reports, models
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.taxonomy import load_taxonomy
from tests.statement_floor import put_in_force


@pytest.fixture
def place(store, clock, tmp_path):
    return Place(store, Settings(workspace=tmp_path), clock.now)


@pytest.fixture
def tagger(place, store, clock):
    return serving_model.tagger_of(store, place.settings, clock=clock.now).tagger


def test_names_of_signs_and_verdicts_are_those_of_the_classifiers():
    """They are written down twice, since no page loads a model library."""
    assert (examples.IS, examples.IS_NOT) == (policies.IS, policies.IS_NOT)
    assert (examples.DISAGREES, examples.ONLY_BY_STATEMENT) == (
        policies.DISAGREES,
        policies.ONLY_BY_STATEMENT,
    )
    assert examples.BY_STATEMENT == policies.BY_STATEMENT


def test_lists_are_shown_before_anything_was_measured(store, actors, clock):
    """Nine policies and three requests, every example without a score."""
    found = policies.overview(store, actors.leader, clock.now())
    every = [example for one in (*found.policies, *found.requests) for example in one.examples]

    assert (9, 3) == (len(found.policies), len(found.requests))
    assert (None, 0, ()) == (found.measured_at, found.scored, found.disagreements)
    assert {None} == {example.score for example in every}
    assert found.model.startswith("builtin@")
    assert load_taxonomy().version == found.wording
    with pytest.raises(NotAllowed):
        policies.overview(store, Actor("9", "x", frozenset()), clock.now())


def test_worker_scores_every_example_once_per_model(store, actors, clock, place, tagger):
    """What the page shows is what the tagger says of the text; misinformation has no verdict."""
    assert worded_examples.measure(place, tagger)
    assert not worded_examples.measure(place, tagger)
    found = policies.overview(store, actors.an, clock.now())
    every = [example for one in (*found.policies, *found.requests) for example in one.examples]
    spam = next(one for one in every if one.label == "spam" and one.is_one)
    (tag,) = tagger.tag([Text("1", spam.text)])

    assert clock.now() == found.measured_at
    assert (tag.harms["spam"].score, tag.harms["spam"].band) == (spam.score, spam.band)
    by_statement = {one.agrees for one in every if one.label in policies.BY_STATEMENT}
    assert {None} == by_statement
    assert len([one for one in every if one.agrees is not None]) == found.scored
    assert all(one.agrees is False for one in found.disagreements)


def test_examples_are_scored_anew_when_wording_or_word_lists_changed(store, place, tagger, clock):
    """A measurement of another wording is no measurement of this one."""
    worded_examples.measure(place, tagger)
    with store.write() as conn:
        version = models.active(conn).version
        kept = model_reports.newest(conn, version)[ReportKind.EXAMPLES].data
        old = {**kept, "wording": "before"}
        model_reports.put(conn, version, ReportKind.EXAMPLES, old, clock.now())

    assert worded_examples.measure(place, tagger)


def test_statement_in_force_changes_no_verdict_of_the_model(store, actors, place, clock, tagger):
    """Only people's list speaks for misinformation, and its examples stay without a verdict."""
    put_in_force(store, actors, now=clock.now())
    listed = serving_model.tagger_of(store, place.settings, clock=clock.now).tagger
    before = [one.verdict for one in examples.score_examples(tagger.tag)]

    assert before == [one.verdict for one in examples.score_examples(listed.tag)]


def test_another_model_than_the_active_one_is_not_measured_in_its_name(store, place, tagger):
    """After an altered model was refused, an older one serves."""
    with store.write() as conn:
        active = models.active(conn)
        models.register(
            conn,
            models.Model("team@x", models.ModelState.ACTIVE, "t", "h", {}, active.registered_at),
        )
    assert not worded_examples.measure(place, tagger)
