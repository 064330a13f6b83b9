"""Held-out rows are measured per label, language and source, and little evidence claims nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evenhand.classifiers.corpus import Row, read_corpus, seed_rows
from evenhand.classifiers.evaluation import (
    NOT_ENOUGH,
    OFF,
    ON,
    RULES,
    Said,
    calibration_error,
    evaluate,
    held_out,
    lines_of,
    measure,
    reliability,
)
from evenhand.classifiers.heads import Heads
from evenhand.classifiers.text import fold
from evenhand.classifiers.training import is_test
from evenhand.classifiers.unshipped import unshipped_rows
from evenhand.data.records import Text


@pytest.fixture(scope="module")
def measured(tagger):
    """The shipped model's tagger, some of the seeds that are held out, and what it says of them."""
    rows = held_out()[::2]
    return tagger, rows, tagger.tag([Text(str(at), row.text) for at, row in enumerate(rows)])


def test_measure_counts_checks_and_leaves_blanks():
    """2 of 3 put before a person have the label; 2 of 4 with the label are found."""
    put, not_put = Said(True, 0.8, True), Said(True, 0.1, False)  # noqa: FBT003 - a record
    wrong, right = Said(False, 0.8, True), Said(False, 0.1, False)  # noqa: FBT003 - a record
    line = measure("spam", "en", "sets", [put, put, not_put, not_put, wrong, right], state=ON)
    empty = measure("spam", "vi", "sets", [right], state=OFF)

    assert (line.precision, line.recall) == (pytest.approx(2 / 3), 0.5)
    assert (line.put, line.found, line.positives, line.negatives) == (3, 2, 4, 2)
    assert (empty.precision, empty.recall, empty.average_precision) == (None, None, None)


def test_fewer_than_twenty_positives_are_not_enough_evidence():
    """19 claim nothing, 20 do."""
    one, other = Said(True, 0.8, True), Said(False, 0.1, False)  # noqa: FBT003 - a record
    notes = [measure("spam", "en", "x", [one] * n + [other], state=ON).note for n in (19, 20)]

    assert [NOT_ENOUGH, ""] == notes


def test_calibration_error_is_zero_for_honest_scores():
    """Half of the posts at 0.5 have the label."""
    has = np.array([True, False] * 50)

    assert calibration_error(has, np.full(100, 0.5)) == pytest.approx(0.0)


def test_reliability_gives_score_and_share_of_each_band():
    """Scores 0.25 and 0.75: 1 of 4 and 3 of 4 have the label, so each is honest."""
    has = np.array([True, False, False, False, True, True, True, False])
    bands = reliability(has, np.array([0.25] * 4 + [0.75] * 4))

    assert [(0.25, 0.25, 0.5), (0.75, 0.75, 0.5)] == [
        tuple(pytest.approx(x) for x in band) for band in bands
    ]
    assert (
        ()
        != measure(
            "spam",
            "en",
            "sets",
            [Said(bool(one), 0.5, False) for one in has],  # noqa: FBT003 - a record
            state=ON,
        ).reliability
    )


def test_every_label_is_measured_in_both_languages(measured):
    """Policies, requests, sentiments and topics have a line each, with its source."""
    lines = lines_of(*measured)
    names = {line.label for line in lines}

    assert {"hate", "doxxing", "question", "sentiment:negative", "topic:health"} <= names
    assert not {"health_misinformation", "disaster_misinformation"} & names
    assert {"en", "vi"} == {line.lang for line in lines}
    assert {"seeds", "seeds, no accents"} == {line.source for line in lines}


def test_state_says_where_no_head_speaks(measured):
    """A label without a head has rules only; one that is not believed in a language is off."""
    tagger, rows, tags = measured
    heads = tagger.loaded.heads
    kept = [at for at, label in enumerate(heads.labels) if label != "spam"]
    fewer = Heads(
        tuple(heads.labels[at] for at in kept),
        *(getattr(heads, part)[..., kept] for part in ("weights", "bias", "slope", "shift")),
    )
    judge = replace(tagger.judge, off={"vi": frozenset({"hate"})})
    changed = replace(tagger, loaded=replace(tagger.loaded, heads=fewer), judge=judge)
    states = {(line.label, line.lang): line.state for line in lines_of(changed, rows, tags)}

    assert RULES == states["spam", "en"]
    assert [OFF, ON] == [states["hate", lang] for lang in ("vi", "en")]


def test_a_head_that_is_off_has_no_ranking(measured):
    """AP and ECE would measure a score that nobody believes."""
    tagger, rows, tags = measured
    judge = replace(tagger.judge, off={"vi": frozenset({"hate", "spam"})})
    lines = lines_of(replace(tagger, judge=judge), rows, tags)
    off = [line for line in lines if line.state == OFF]

    assert off
    assert {(None, None)} == {(line.average_precision, line.calibration_error) for line in off}


def test_civic_posts_have_no_sentiment_to_measure(measured):
    """Rows that the tagger leaves without sentiment are in none of its lines."""
    tagger, rows, tags = measured
    lines = [line for line in lines_of(tagger, rows, tags) if line.label == "sentiment:neutral"]
    known = sum(
        row.sentiment is not None and tag.sentiment is not None
        for row, tag in zip(rows, tags, strict=True)
    )

    assert known == sum(line.positives + line.negatives for line in lines)
    assert any(row.sentiment is None for row in rows)


def test_topics_are_ranked_by_the_score_of_every_topic(measured):
    """A tag shows two topics at most; the ranking also knows what it does not show."""
    lines = [line for line in lines_of(*measured) if line.label.startswith("topic:")]
    ranked = [line.average_precision for line in lines if line.average_precision is not None]

    assert len(ranked) >= 20
    assert all(line.put <= line.positives + line.negatives for line in lines)


def test_evaluate_tags_and_measures_at_once(measured):
    """The same lines as with tags made before."""
    tagger, rows, tags = measured

    assert evaluate(tagger, rows[:60]) == lines_of(tagger, rows[:60], tags[:60])


def test_held_out_rows_are_those_that_training_leaves_out(shared):
    """A tenth of seeds and sets, and rows of sets that no shipped model may learn from."""
    rows, foreign = held_out(shared / "datasets"), list(unshipped_rows(shared / "datasets"))
    own = rows[: len(rows) - len(foreign)]

    assert len(own) == sum(map(is_test, read_corpus(shared / "datasets")))
    assert all(map(is_test, own))
    assert {"vi_vihsd", "vi_vsfc", "tweeteval_hate"} <= {row.source for row in foreign}
    assert not {row.source for row in foreign} & {row.source for row in own}


def test_without_sets_the_seeds_alone_are_held_out(tmp_path):
    """A folder that lacks a research set leaves it out, and none is needed."""
    assert {row.text for row in held_out()} == {r.text for r in seed_rows() if is_test(r)}
    assert [] == list(unshipped_rows(tmp_path))


def test_vietnamese_seeds_without_accents_are_a_source_of_their_own(tagger):
    """Twins are not counted twice in one line."""
    row = Row("Cút đi đồ ngu", "vi", "seeds", frozenset(["harassment"]), frozenset())
    lines = evaluate(tagger, [row, replace(row, text=fold(row.text))])

    assert [("seeds", 1), ("seeds, no accents", 1)] == [(x.source, x.positives) for x in lines]
