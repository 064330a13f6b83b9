"""A candidate is compared with the active model on labels that neither has seen."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from evenhand.classifiers import backtest as subject
from evenhand.classifiers.backtest import backtest
from evenhand.data.records import Band, Score, Tag
from evenhand.data.taxonomy import Policy, Request
from tests.label_floor import NAMES, make_labels, says


class Says:
    """A tagger that answers from a table: text → scores by label; 0.5 puts before a person."""

    def __init__(self, scores):
        self.scores = scores

    def tag(self, texts):
        """Tag as the table says."""
        return [self._tag(text) for text in texts]

    def _tag(self, text):
        own = self.scores.get(text.text, {})
        judged = {
            label.value: Score(
                own.get(label.value, 0.1),
                Band.FLAG if own.get(label.value, 0.1) >= 0.5 else Band.NOTHING,
            )
            for label in (*Policy, *Request)
        }
        return Tag(
            id=text.id,
            lang="en",
            topics={},
            civic=True,
            sentiment=None,
            sentiment_scores=None,
            harms={each.value: judged[each.value] for each in Policy},
            requests={each.value: judged[each.value] for each in Request},
            reasons=(),
            model="says",
        )


def posts(n, lang, *yes):
    """Make *n* different texts of one truth."""
    return [
        says(replace(label, text=f"{lang} {'-'.join(yes)} {word(at)}", lang=lang), *yes)
        for at, label in enumerate(make_labels(n))
    ]


def word(at):
    """Write a number as letters, as digits are all one token."""
    return "".join(chr(97 + int(digit)) for digit in str(at))


def finds(labels, share=1.0, wrong=0):
    """Find the first *share* of what has a label, per language, and *wrong* posts without."""
    table = {}
    for name, lang in itertools.product(NAMES, ("en", "vi")):
        have = [label for label in labels if name in label.yes and label.lang == lang]
        for label in have[: round(len(have) * share)]:
            table.setdefault(label.text, {})[name] = 0.9
    for label in [label for label in labels if not label.yes][:wrong]:
        table.setdefault(label.text, {})["spam"] = 0.8
    return Says(table)


def line(found, label, lang):
    return next(one for one in found.lines if (one.label, one.lang) == (label, lang))


LABELS = [*posts(40, "en", "spam"), *posts(60, "en"), *posts(40, "vi", "spam"), *posts(60, "vi")]


def test_equal_models_are_the_same_and_pass():
    """No difference, no interval but zero, no refusal."""
    both = finds(LABELS, 0.5)
    found = backtest(both, both, LABELS)
    spam = line(found, "spam", "en")

    assert found.passed
    assert (0.5, 0.5, 0.0, (0.0, 0.0)) == (
        spam.recall.active,
        spam.recall.candidate,
        spam.recall.difference,
        spam.recall.interval,
    )
    assert "same" == spam.verdict


def test_better_candidate_is_called_better_and_passes():
    """20 of 40 found becomes 32 of 40, in both languages."""
    found = backtest(finds(LABELS, 0.5), finds(LABELS, 0.8), LABELS)
    spam = line(found, "spam", "vi")

    assert found.passed
    assert "better" == spam.verdict
    assert pytest.approx(0.3) == spam.recall.difference
    assert 0.1 < spam.recall.interval[0] < 0.3 < spam.recall.interval[1] < 0.5


def test_language_that_loses_more_than_the_margin_is_refused_by_name():
    """Vietnamese loses 4 of 40 while English gains: no average hides that."""
    english = [label for label in LABELS if label.lang == "en"]
    vietnamese = [label for label in LABELS if label.lang == "vi"]
    active = finds(LABELS, 0.8)
    candidate = Says({**finds(english, 1.0).scores, **finds(vietnamese, 0.7).scores})
    found = backtest(active, candidate, LABELS)

    assert not found.passed
    assert "better" == line(found, "spam", "en").verdict
    assert "worse" == line(found, "spam", "vi").verdict
    assert any("spam in Vietnamese: recall 0.80 → 0.70" in reason for reason in found.refusals)
    assert not any("English" in reason for reason in found.refusals)


def test_loss_that_may_exceed_the_margin_is_refused():
    """1 of 40 lost is 2.5 points, but the interval reaches far below three."""
    active = finds(LABELS, 0.8)
    candidate = Says({text: own for at, (text, own) in enumerate(active.scores.items()) if at})
    found = backtest(active, candidate, LABELS)

    assert pytest.approx(-0.025) == line(found, "spam", "en").recall.difference
    assert any("spam in English" in reason for reason in found.refusals)


def test_flood_of_wrong_flags_is_refused_although_recall_rises():
    """50 of 60 posts with nothing in them would be put before people."""
    english = [label for label in LABELS if label.lang == "en"]
    found = backtest(finds(english, 0.8), finds(english, 0.9, wrong=50), english)

    assert any("precision" in reason for reason in found.refusals)


def test_few_positives_are_not_enough_evidence():
    """19 of 20 needed: neither a praise nor a refusal."""
    labels = [*posts(19, "en", "hate"), *posts(60, "en")]
    found = backtest(finds(labels), finds(labels, 0.0), labels)

    assert "not enough evidence" == line(found, "hate", "en").verdict
    assert found.passed


def test_two_languages_together_may_be_evidence_enough():
    """12 and 12 positives say nothing alone, and 24 do."""
    labels = [*posts(12, "en", "hate"), *posts(12, "vi", "hate"), *posts(60, "vi")]
    found = backtest(finds(labels), finds(labels, 0.0), labels)

    assert "worse" == line(found, "hate", "all").verdict
    assert any("hate in all languages" in reason for reason in found.refusals)


def test_text_counts_once_with_what_most_reviewers_said():
    """Two of three say spam; a tie says nothing."""
    voted, tied = posts(2, "en", "spam")
    labels = [voted, voted, says(voted), tied, says(tied), *posts(30, "en")]
    found = backtest(finds(labels), finds(labels), labels)

    assert (31, 1) == (line(found, "spam", "en").n, line(found, "spam", "en").positives)


def test_backtest_gives_the_same_figures_twice_in_any_order():
    """The draw depends on the seed and the texts alone."""
    active, candidate = finds(LABELS, 0.5), finds(LABELS, 0.6)

    assert backtest(active, candidate, LABELS) == backtest(active, candidate, LABELS[::-1])


def test_comparison_is_plain_json():
    """For the card, a file or a screen."""
    found = backtest(finds(LABELS, 0.5), finds(LABELS, 0.4), LABELS).as_dict()

    assert found == json.loads(json.dumps(found)) | {
        "lines": found["lines"],
        "refusals": found["refusals"],
    }
    assert not found["passed"]


def test_without_labels_nothing_is_compared():
    """No line and no refusal: the job that asks must see to it that there are labels."""
    assert () == backtest(Says({}), Says({}), []).lines


def test_average_precision_equals_scikit_learns_with_ties():
    """Our vectorised form is for a thousand draws at once; one draw must agree."""
    random = np.random.default_rng(3)
    for _ in range(20):
        scores = np.round(random.random(60), 1)
        has = random.random(60) < 0.3
        own = subject._ranker(scores, has)(np.ones((1, 60), dtype=np.float32))[0]

        assert pytest.approx(average_precision_score(has, scores)) == own


def test_interval_contains_the_true_difference_as_often_as_it_says():
    """200 pairs of models whose recall truly differs by 0.1: 95 % intervals, 3 standard errors."""
    random = np.random.default_rng(5)
    inside = 0
    for at in range(200):
        has = np.ones(80, dtype=np.bool_)
        both = [random.random(80) < share for share in (0.6, 0.7)]
        draws = subject._draws(has, 400, np.random.default_rng(at))
        pair = subject._pair([subject._sharer(put, has) for put in both], draws)
        inside += pair.interval[0] <= 0.1 <= pair.interval[1]

    assert 0.90 <= inside / 200 <= 0.99


def test_real_taggers_are_compared_on_hostile_texts(tagger):
    """Empty, half a surrogate pair, 100,000 characters: no crash and no line lost."""
    texts = ["a b", "cứu \ud83d với", "dài " * 25_000, "click http://x.example now"]
    labels = [replace(label, text=text) for label, text in zip(make_labels(4), texts, strict=True)]
    found = backtest(tagger, tagger, labels, repeats=10)

    assert found.passed
    assert {"not enough evidence"} == {one.verdict for one in found.lines}


def test_taggers_need_only_tag():
    """A tagger is asked once for all texts."""
    asked = []
    table = finds(LABELS)

    def tag(texts):
        asked.append(len(texts))
        return table.tag(texts)

    backtest(SimpleNamespace(tag=tag), table, LABELS, repeats=10)

    assert [200] == asked
