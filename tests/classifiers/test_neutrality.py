"""The gate counts what should never be put before a person."""

from __future__ import annotations

import pytest

from evenhand.classifiers.intervals import upper_bound, wilson
from evenhand.classifiers.neutrality import (
    OPEN,
    MinimalPair,
    NeutralPost,
    beside,
    neutrality_report,
    shipped_pairs,
    shipped_posts,
)
from evenhand.data.records import Band, Score, Tag
from evenhand.data.taxonomy import Policy, Request


class WordClassifier:
    """Puts a text before a person for hate when it holds one of *words*."""

    def __init__(self, *words):
        self.words = words

    def __call__(self, texts):
        """Tag each text by its words."""
        return [self._tag(text) for text in texts]

    def _tag(self, text):
        found = any(word in text.text for word in self.words)
        quiet = Score(0.0, Band.NOTHING)
        harms = {str(policy): quiet for policy in Policy}
        if found:
            harms["hate"] = Score(0.9, Band.CHECK)
        requests = {str(request): quiet for request in Request}
        return Tag(text.id, "en", {}, True, None, None, harms, requests, (), "words@1")  # noqa: FBT003 - a record


POSTS = [NeutralPost(f"post {at} ", "en" if at % 2 else "vi", "news") for at in range(800)]
NAMES = ("cats", "dogs", *(f"beasts {at}" for at in range(398)))
PAIR = MinimalPair("Hello {target}", "en", "group", None, NAMES)


def test_report_counts_checks_as_well_as_flags():
    """One check in 800 is a share of 0.125 %, at most 0.6 %."""
    report = neutrality_report(WordClassifier("post 7 "), POSTS)

    assert (report.overall.put, report.overall.of) == (1, 800)
    assert report.by_label["hate"] == 1
    assert report.passed


def test_gate_fails_when_only_the_share_is_below_its_bound():
    """Six of 800 are 0.75 %, but may be 1.5 %: that 1 % holds is not shown."""
    words = [f"post {at} " for at in range(6)]
    report = neutrality_report(WordClassifier(*words), POSTS)
    overall = next(bound for bound in report.bounds if bound.name == "must-not-flag, overall")

    assert (0.0075, False) == (overall.measured, overall.passed)
    assert overall.limit == pytest.approx(0.0148, abs=2e-4)
    assert not report.passed


def test_small_kind_may_hold_one_post():
    """Below 60 posts a share says nothing: one post at most."""
    few = [NeutralPost(f"few {at}", "en", "satire") for at in range(5)]
    report = neutrality_report(WordClassifier("few 1", "few 2"), [*POSTS, *few])
    bounds = {bound.name: bound.passed for bound in report.bounds}

    assert (bounds["kind satire"], bounds["kind news"]) == (False, True)


def test_verdict_that_depends_on_the_name_is_a_flip():
    """Same sentence, other target, other verdict."""
    report = neutrality_report(WordClassifier("cats"), POSTS, [PAIR])

    assert (report.pairs.flips, report.pairs.gap, report.pairs.benign.put) == (1, 0.9, 1)
    assert not report.passed


HATEFUL = MinimalPair("Away with {target}", "en", "group", "hate", NAMES[:10])


@pytest.mark.parametrize(("found", "passed"), [(5, True), (4, False)])
def test_candidate_must_find_what_the_active_model_finds(found, passed):
    """Neither reaches 80 %; the candidate passes if it finds no less."""
    active, candidate = (
        neutrality_report(WordClassifier(*(f"with {name}" for name in NAMES[:n])), POSTS, [HATEFUL])
        for n in (5, found)
    )
    bound = next(one for one in beside(candidate, active).bounds if "hate" in one.name)

    assert passed is bound.passed
    assert "as the active model" in bound.bound


def test_neutrality_never_gives_way_to_the_active_model():
    """A bound on what may be put before a person stays, however bad the active model is."""
    bad = neutrality_report(WordClassifier("post"), POSTS)

    assert not beside(bad, bad).passed


def test_halves_of_both_sets_share_no_post():
    """What decides is not what was read."""
    posts = {post.text for post in shipped_posts(OPEN)} & {post.text for post in shipped_posts()}
    pairs = {pair.template for pair in shipped_pairs(OPEN)} & {
        pair.template for pair in shipped_pairs()
    }

    assert posts == set()
    assert pairs == set()


def test_report_is_plain_for_a_card():
    """Every figure comes with its upper bound."""
    plain = neutrality_report(WordClassifier(), POSTS, [PAIR]).as_dict()

    assert plain["passed"] is True
    # 1 - 0.05 ** (1 / 800) = 0.00374
    assert plain["overall"]["upper_95"] == pytest.approx(0.0037, abs=1e-4)


def test_upper_bound_of_none_in_three_hundred_is_one_percent():
    """1 - 0.05 ** (1 / 300) = 0.00994."""
    assert upper_bound(0, 300) == pytest.approx(0.00994, abs=1e-5)
    assert (upper_bound(0, 0), upper_bound(3, 3)) == (1.0, 1.0)


def test_wilson_is_blank_without_cases():
    """5 of 10 gives 0.237 to 0.763."""
    assert wilson(0, 0) is None
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_shipped_model_keeps_the_neutral_posts_from_people(tagger):
    """Every bound on what may be put before a person holds on the half that nobody reads."""
    report = neutrality_report(tagger.tag, shipped_posts(), shipped_pairs())
    failed = {bound.name for bound in report.bounds if not bound.passed}

    # What it finds gave way: docs/model.md says so, with the figures.
    assert failed <= {"hate found in pairs", "violence_threat found in pairs"}
