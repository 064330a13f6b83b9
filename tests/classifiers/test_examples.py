"""The wording of the policies is held against what a model makes of its examples."""

from __future__ import annotations

import json

from evenhand.classifiers.examples import (
    DISAGREES,
    ONLY_BY_STATEMENT,
    disagreements,
    report,
    score_examples,
)
from evenhand.data.records import Band, Score, Tag
from evenhand.data.taxonomy import Policy, Request, load_taxonomy


class Says:
    """Puts every text before a person for the given labels, or for none."""

    def __init__(self, *labels):
        self.labels = labels

    def __call__(self, texts):
        """Tag each text alike."""
        return [self._tag(text.id) for text in texts]

    def _tag(self, key):
        harms = {policy.value: self._score(policy.value) for policy in Policy}
        requests = {request.value: self._score(request.value) for request in Request}
        return Tag(key, "en", {}, True, None, None, harms, requests, (), "says@1")  # noqa: FBT003 - a record

    def _score(self, label):
        return Score(0.9, Band.CHECK) if label in self.labels else Score(0.1, Band.NOTHING)


def test_every_policy_and_request_has_examples_in_both_languages():
    """Two of each sign at least."""
    examples = score_examples(Says())
    kinds = {(one.label, one.lang, one.sign) for one in examples}

    assert {label.value for label in (*Policy, *Request)} == {one.label for one in examples}
    assert len(kinds) == (len(Policy) + len(Request)) * 2 * 2
    assert len(examples) >= 2 * len(kinds)


def test_a_model_that_finds_nothing_disagrees_with_what_is_meant():
    """Each example that is meant for a label is a disagreement, and none that is not."""
    found = disagreements(score_examples(Says()))

    assert {"is"} == {one.sign for one in found}
    assert "put before a person" == found[0].expected


def test_a_model_that_finds_everything_disagrees_with_what_is_not_meant():
    """A check is enough to put a post before a person."""
    found = disagreements(score_examples(Says("spam")))

    assert {("spam", "is not", "check")} == {
        (one.label, one.sign, one.band) for one in found if one.label == "spam"
    }
    assert not [one for one in found if one.label == "spam" and one.sign == "is"]


def test_misinformation_is_no_question_to_a_model():
    """Its examples are found by statements alone."""
    verdicts = {one.label: one.verdict for one in score_examples(Says())}

    assert ONLY_BY_STATEMENT == verdicts["health_misinformation"]
    assert ONLY_BY_STATEMENT == verdicts["disaster_misinformation"]


def test_report_is_plain_and_says_of_how_many():
    """A screen gets numbers and texts, nothing else."""
    told = report(Says())
    per_label = len(score_examples(Says())) // (len(Policy) + len(Request))

    assert told == json.loads(json.dumps(told))
    assert (len(Policy) + len(Request) - 2) * per_label == told["scored"]
    assert {DISAGREES} == {one["verdict"] for one in told["disagreements"]}


def test_shipped_wording_is_scored_by_the_shipped_model(tagger):
    """Each policy's own words reach the model, and what it does not see is listed."""
    told = report(tagger.tag, load_taxonomy())

    assert told["scored"] >= 80
    assert len(told["disagreements"]) <= 8
