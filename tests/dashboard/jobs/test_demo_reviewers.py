"""Simulated reviewers err at the rates that they state, and answer with filled templates."""

from __future__ import annotations

import inspect
import random
import re
from datetime import UTC, datetime, timedelta
from math import sqrt
from pathlib import Path
from shutil import copyfile

import pytest

from evenhand.dashboard.jobs import (
    demo,
    demo_answers,
    demo_quality,
    demo_reviewers,
    demo_team,
    library,
)
from evenhand.dashboard.jobs.demo_reviewers import FALSE_ALARM, MISS, NEIGHBOUR, judge
from evenhand.data.errors import InputError
from evenhand.data.records import Outcome, Recipient, ResponseKind
from evenhand.data.store.connect import open_store
from evenhand.data.taxonomy import Policy, Request

DRAWS = 4000
POLICIES = [one.value for one in Policy]
REQUESTS = [one.value for one in Request]
DOCS = Path(__file__).parents[3] / "docs" / "demo.md"


@pytest.fixture(scope="module")
def templates(tmp_path_factory, sqlite_template):
    """The shipped templates, as the simulated team finds them in the store."""
    path = tmp_path_factory.mktemp("templates") / "store.db"
    copyfile(sqlite_template, path)
    store = open_store(f"sqlite:///{path}")
    library.put_builtin(store, datetime(2026, 11, 24, tzinfo=UTC))
    yield demo_answers.load_templates(store)
    store.close()


def seeded(key):
    return random.Random(key)  # noqa: S311 - repeatable draws, no secret


def verdicts(planted, shown):
    rng = seeded(f"{planted} {shown}")
    return [judge(planted, shown, rng) for _ in range(DRAWS)]


def is_near(count, draws, rate):
    """Four standard errors of a binomial share: one test in 15,000 fails by chance."""
    return abs(count / draws - rate) <= 4 * sqrt(rate * (1 - rate) / draws)


@pytest.mark.parametrize("label", [*POLICIES, *REQUESTS])
def test_planted_label_is_missed_at_its_stated_rate(label):
    """Of the verdicts that are sure, so many say "no harm" of what was planted."""
    sure = [one for one in verdicts([label], [label]) if one.outcome is not Outcome.NOT_SURE]
    missed = [one for one in sure if one.outcome is Outcome.NO_HARM]

    assert is_near(len(missed), len(sure), MISS[label])
    assert {one.slip for one in missed} == {"missed"}


@pytest.mark.parametrize("label", [*POLICIES, *REQUESTS])
def test_label_that_nobody_planted_is_confirmed_at_its_stated_rate(label):
    """So many of the wrongly flagged posts are confirmed, as what the card names."""
    sure = [one for one in verdicts([], [label]) if one.outcome is not Outcome.NOT_SURE]
    alarms = [one for one in sure if one.outcome is not Outcome.NO_HARM]
    as_named = (Outcome.VIOLATES, label) if label in POLICIES else (Outcome.NEEDS_ANSWER, None)

    assert is_near(len(alarms), len(sure), FALSE_ALARM[label])
    assert {(one.outcome, one.policy) for one in alarms} == {as_named}
    assert {one.slip for one in alarms} == {"false_alarm"}


@pytest.mark.parametrize("policy", POLICIES)
def test_seen_harm_gets_its_policy_or_at_the_stated_rate_the_neighbour(policy):
    """A reviewer who sees the harm names it, and now and then names the one beside it."""
    found = [one for one in verdicts([policy], []) if one.outcome is Outcome.VIOLATES]
    confused = [one for one in found if one.policy != policy]

    assert is_near(len(confused), len(found), demo_reviewers.OTHER_POLICY)
    assert {one.policy for one in confused} == {NEIGHBOUR[policy]}
    assert {one.slip for one in found} == {None, "other_policy"}


def test_unsure_and_already_answered_come_at_their_stated_rates():
    """Both shares hold, and an answered request is no mistake."""
    found = verdicts(["question"], ["question"])
    unsure = [one for one in found if one.outcome is Outcome.NOT_SURE]
    answered = [one for one in found if one.outcome is Outcome.ALREADY_ANSWERED]
    seen = [one for one in found if one.outcome is Outcome.NEEDS_ANSWER] + answered

    assert is_near(len(unsure), DRAWS, demo_reviewers.NOT_SURE)
    assert is_near(len(answered), len(seen), demo_reviewers.ALREADY_ANSWERED)
    assert {one.slip for one in seen} == {None}


def test_second_reader_finds_the_thread_as_it_is():
    """Whether a request was answered already is no opinion; mistakes stay the reader's own."""
    for number in range(DRAWS // 4):
        first = judge(["question"], ["question"], seeded(f"first {number}"))
        own = judge(["question"], ["question"], seeded(f"second {number}"))
        again = demo_reviewers.read_again(own, seeded(f"first {number}"))
        if first.slip is None and own.slip is None:
            assert first == again
        else:
            assert own.slip == again.slip
    harm = demo_reviewers.Verdict(Outcome.VIOLATES, "hate")
    assert demo_reviewers.read_again(harm, seeded("x")) == harm


def test_gravest_planted_label_leads_and_nothing_shown_is_no_harm():
    """A threat inside an insult is a threat; a card without labels is no ground for alarm."""
    both = verdicts(["harassment", "violence_threat", "question"], [])
    assert {"violence_threat", "harassment", None} == {one.policy for one in both}

    assert {"no_harm", "not_sure"} == {one.outcome.value for one in verdicts([], [])}


def test_judge_is_given_labels_only():
    """Neither a score nor a tag can reach the verdict: there is no parameter for it."""
    assert ["planted", "shown", "rng"] == list(inspect.signature(judge).parameters)
    source = inspect.getsource(demo_reviewers)

    assert not re.search(r"\.(score|band|reasons)\b", source)


def test_docs_state_the_teams_hours_paces_and_shares(tmp_path):
    """What the page says of shifts, backlog and reading once more is what the code does."""
    said = DOCS.read_text("utf-8")
    settings = demo.make_folder(tmp_path / "demo")
    twice, gold = settings.quality.double_share, settings.quality.gold_share
    last = [one // timedelta(hours=1) for one in (demo_team.LAST_REVIEW, demo_team.LAST_ANSWER)]

    for words in (
        f"each reads {demo_team.PACE} items an hour",
        f"Nobody has decided in the last {last[0]} hours or answered in the last {last[1]}",
        f"{twice:.0%} of first decisions go to a second reader".replace("%", " %"),
        f"{gold:.0%} of what is handed out is gold".replace("%", " %"),
        f"{settings.waves.recheck_share:.0%} of the near-copies".replace("%", " %"),
    ):
        assert words in said
    assert demo_team.READS_BESIDE == 1 / 2, "one item in two hours"
    assert demo_quality.WRONG_APPEALED == 1 / 2, "one mistake in two"
    assert demo_quality.RIGHT_APPEALED == 1 / 20, "one right decision in twenty"


def test_docs_state_the_same_rates():
    """The page that people read and the code agree."""
    rows = re.findall(
        r"^\| `(\w+)` \| ([\d.]+) % \| ([\d.]+) % \|$", DOCS.read_text("utf-8"), re.MULTILINE
    )
    stated = {label: (round(float(miss)), round(float(alarm))) for label, miss, alarm in rows}

    assert {
        label: (round(100 * MISS[label]), round(100 * FALSE_ALARM[label])) for label in MISS
    } == stated
    for rate in (
        demo_reviewers.NOT_SURE,
        demo_reviewers.OTHER_POLICY,
        demo_reviewers.ALREADY_ANSWERED,
    ):
        assert f"{rate:.0%}".replace("%", " %") in DOCS.read_text("utf-8")


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("label", [*POLICIES, *REQUESTS])
def test_response_leaves_no_placeholder_open(templates, clock, label, lang):
    """Every template that the simulated team may choose is filled in both languages."""
    wanted = demo_answers.Wanted("1", "u1", label, lang)
    made = [
        demo_answers.response(wanted, templates, ["@desk"], seeded(seed), clock.now())
        for seed in range(12)
    ]

    assert [] == [name for one in made for name in library.unfilled(one.text)]
    assert all(one.account == "@desk" and one.language == lang and one.channel for one in made)
    for one in made:
        passed_on = one.kind is ResponseKind.PASSED_TO_SERVICE
        assert (Recipient.MEDICAL_OR_RESCUE if passed_on else None) == one.recipient


def test_response_in_another_language_is_english(templates, clock):
    """A post in a language without templates is answered in English."""
    wanted = demo_answers.Wanted("1", "u1", "question", "und")

    made = demo_answers.response(wanted, templates, ["@desk"], seeded(1), clock.now())

    assert made.language == "en"


def test_response_needs_templates_and_an_account(clock):
    """A demo whose templates or accounts were taken out says so."""
    wanted = demo_answers.Wanted("1", "u1", "question", "en")
    with pytest.raises(InputError, match="needs template"):
        demo_answers.response(wanted, {}, ["@desk"], seeded(1), clock.now())
