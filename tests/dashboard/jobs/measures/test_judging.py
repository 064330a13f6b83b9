"""How often a flag was right, by hand."""

from __future__ import annotations

from evenhand.dashboard.jobs.measures import judging
from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.dashboard.jobs.measures.judging import Part, SignPart
from evenhand.data.store.signs_judged import Judged
from tests.measure_rows import counts, outcomes

# Of items flagged for hate: 20 violate it alone, 5 violate it and spam beside (spam leads in 3),
# 4 violate spam only, 11 are no harm, 6 left people unsure.
HATE = [
    outcomes("violates", 25, "hate", leading=22),
    outcomes("violates", 9, "spam", leading=7),
    outcomes("no_harm", 11, model="n"),
    outcomes("not_sure", 6),
]
# Of questions: 8 need an answer, 2 have one, 5 are no harm and 1 is spam.
ASKED = [
    outcomes("needs_answer", 8, label="question", lang="en"),
    outcomes("already_answered", 2, label="question", lang="en"),
    outcomes("no_harm", 5, label="question", lang="en", source_id=3),
    outcomes("violates", 1, "spam", label="question", lang="en"),
]
DRAWN = [outcomes("no_harm", 90, label="audit"), outcomes("violates", 2, "hate", label="audit")]


def test_precision_is_of_what_was_decided_for_sure():
    """25 of 22 + 7 + 11 = 40, however many policies a decision names."""
    assert Share(25, 40) == judging.precision(HATE)


def test_request_was_rightly_flagged_if_it_needs_an_answer_or_has_one():
    """10 of 16."""
    assert Share(10, 16) == judging.precision(ASKED)


def test_what_was_drawn_at_random_says_nothing_of_flags():
    """Nobody flagged it."""
    assert Share(35, 56) == judging.precision([*HATE, *ASKED, *DRAWN])
    assert judging.precision(DRAWN).value is None


def test_precision_is_parted_by_reason_language_source_and_model():
    """The part with most decisions comes first; the parts add up to 56."""
    rows = [*HATE, *ASKED, *DRAWN]

    by_label = [Part("hate", Share(25, 40)), Part("question", Share(10, 16))]
    assert by_label == judging.precision_by(rows, "label")
    assert [Part("m", Share(35, 45)), Part("n", Share(0, 11))] == judging.precision_by(
        rows, "model"
    )
    by_source = [Part("0", Share(35, 51)), Part("3", Share(0, 5))]
    assert by_source == judging.precision_by(rows, "source_id")
    for part in judging.PARTS:
        assert 56 == sum(one.share.n for one in judging.precision_by(rows, part))


def test_precision_by_sign_counts_an_item_under_each_of_its_signs():
    """Of 4 that a rule spoke for, 2 violate hate; of 3 with the key, 1; a sure "no" is wrong."""
    rule, key = ("rule", "insult"), ("key", "aimed")
    hate, spam, none = frozenset({"hate"}), frozenset({"spam"}), frozenset()
    judged = [
        Judged("hate", 0.9, frozenset({rule}), "violates", hate | spam),
        Judged("hate", 0.9, frozenset({rule, key}), "violates", hate),
        Judged("hate", 0.9, frozenset({rule, key}), "violates", spam),
        Judged("hate", 0.9, frozenset({rule, key}), "no_harm", none),
        Judged("hate", 0.9, frozenset({rule}), "not_sure", none),
        Judged("question", 0.9, frozenset({key}), "needs_answer", none),
        Judged("audit", 0.9, frozenset({key}), "no_harm", none),
        Judged("hate", None, none, "violates", hate),
    ]
    assert judging.precision_by_sign(judged) == [
        SignPart("hate", *rule, Share(2, 4)),
        SignPart("hate", *key, Share(1, 3)),
        SignPart("question", *key, Share(1, 1)),
    ]


def test_calibration_is_right_share_beside_mean_score():
    """Of 0.52 and 0.58 one is right; 0.9 belongs to the bin that begins there; no score, no bin."""
    none, hate = frozenset(), frozenset({"hate"})
    judged = [
        Judged("hate", 0.52, none, "violates", hate),
        Judged("hate", 0.58, none, "no_harm", none),
        Judged("question", 0.9, none, "already_answered", none),
        Judged("question", 0.95, none, "not_sure", none),
        Judged("hate", None, none, "violates", hate),
        Judged("audit", 0.7, none, "no_harm", none),
    ]
    found = judging.calibration(judged)

    assert [(one.low, round(one.mean, 9), one.share) for one in found] == [
        (0.5, 0.55, Share(1, 2)),
        (0.9, 0.9, Share(1, 1)),
    ]


def test_outcomes_are_counted_once_however_many_policies_they_name():
    """29 + 1 violate, 11 + 5 are no harm, 6 unsure, 8 and 2 of requests: 62."""
    found = {one.key: one.share for one in judging.outcome_mix([*HATE, *ASKED])}

    assert found == {
        "violates": Share(30, 62),
        "no_harm": Share(16, 62),
        "not_sure": Share(6, 62),
        "needs_answer": Share(8, 62),
        "already_answered": Share(2, 62),
    }


def test_rates_of_skips_and_escalations_are_of_what_was_made():
    """3 and 1 of 50 made; 4 of 40 decided are not sure."""
    items = [counts(made=30, decided=25, skipped=2, unsure=4), counts(made=20, decided=15)]
    items[1] = counts(made=20, decided=15, skipped=1, escalated=1)

    assert Share(3, 50) == judging.skip_rate(items)
    assert Share(1, 50) == judging.escalation_rate(items)
    assert Share(4, 40) == judging.not_sure_rate(items)
