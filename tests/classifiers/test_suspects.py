"""Poisoned labels are noticed, set aside and stopped; careful reviewers are left in peace.

The three cases are those of `hostile/specs/label_poisoning.jsonl`.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from evenhand.classifiers.anchored import gather
from evenhand.classifiers.backtest import backtest
from evenhand.classifiers.lexicon import load_lexicon
from evenhand.classifiers.others import others_say
from evenhand.classifiers.signs import Reader
from evenhand.classifiers.suspects import GOLD_AT_LEAST, find
from evenhand.classifiers.tagger import Tagger
from evenhand.classifiers.team import train_candidate
from tests.label_floor import BEGIN, NAMES, make_labels, says

CUT = BEGIN + timedelta(hours=1100)


@pytest.fixture(scope="module")
def honest():
    return make_labels(1300)


@pytest.fixture(scope="module")
def clean(small_model, honest):
    """What the team gets without the poisoner."""
    return train_candidate(small_model, honest, name="clean", cut=CUT)


def flipped(label, rng):
    """Say the contrary: a harm is nothing, nothing is a harm."""
    return says(label) if label.yes else says(label, rng.choice(NAMES))


def without(label, name):
    return says(label, *(label.yes - {name}))


def macro_f1(model, labels):
    """Average F1 over the labels, of the heads at their thresholds."""
    reader = Reader.of(load_lexicon())
    rows = model.features.rows([reader.read(label.text).words for label in labels])
    found = model.heads.scores(rows)
    figures = []
    for name in NAMES:
        put = found[:, model.heads.labels.index(name)] >= model.card.thresholds[name]
        has = np.array([name in label.yes for label in labels])
        figures.append(2 * (put & has).sum() / (put.sum() + has.sum()))
    return np.mean(figures)


def test_flip_all_is_named_and_does_no_harm(small_model, honest, clean):
    """One reviewer flips every label of 300 items: named, set aside, nothing lost."""
    rng = random.Random(2)  # noqa: S311 - made-up labels
    poison = [flipped(each, rng) for each in make_labels(300, seed=9, reviewers=("zed",))]
    made = train_candidate(small_model, [*honest, *poison], name="poisoned", cut=CUT)
    test = make_labels(900, seed=77)
    falls = macro_f1(clean.model, test) - macro_f1(made.model, test)

    assert ("zed", "disagrees with everybody") == (
        made.suspects[0].reviewer,
        made.suspects[0].kind,
    )
    assert made.suspects[0].agreement < 0.2
    assert made.suspects[0].expected > 0.7
    assert {"zed"} == {one.reviewer for one in made.suspects}
    assert 300 == made.set_aside["by a suspect reviewer"]
    assert falls < 0.01


def test_flip_one_class_is_named_or_stopped_by_the_gate(small_model, honest, clean):
    """One reviewer marks every scam as nothing; spread over everybody, the gate stops it."""
    poison = make_labels(500, seed=9, reviewers=("zed",))
    poison = [without(each, "scam_fraud") for each in poison]
    made = train_candidate(small_model, [*honest, *poison], name="poisoned", cut=CUT)
    scams = [each for each in make_labels(7000, seed=5) if each.yes in ({"scam_fraud"}, set())]
    scams = [each for at, each in enumerate(scams) if each.yes or at % 4 == 0]
    cut = scams[int(len(scams) * 0.8)].decided_at
    everybody = [
        without(each, "scam_fraud") if each.decided_at < cut and at % 5 else each
        for at, each in enumerate(scams)
    ]
    spread = train_candidate(small_model, everybody, name="spread", cut=cut)
    stopped = backtest(Tagger.of(small_model), Tagger.of(spread.model), spread.held_out)

    assert [("zed", "one class", "scam_fraud")] == [
        (one.reviewer, one.kind, one.label) for one in made.suspects
    ]
    assert np.array_equal(clean.model.heads.weights, made.model.heads.weights)
    assert () == spread.suspects
    assert "scam_fraud" in spread.trained
    assert not stopped.passed
    assert any("scam_fraud" in reason and "recall" in reason for reason in stopped.refusals)


def test_pair_collusion_is_caught_by_gold(small_model, honest, clean):
    """Two reviewers give the same wrong labels to the same 250 posts; gold catches both."""
    rng = random.Random(2)  # noqa: S311 - made-up labels
    agreed = [flipped(each, rng) for each in make_labels(250, seed=9, reviewers=("zed",))]
    both = [*agreed, *(replace(each, reviewer="zoe", origin="double") for each in agreed)]
    gold = [(who, at % 4 == 0) for who in ("zed", "zoe") for at in range(16)]
    gold += [(who, at % 8 != 0) for who in ("an", "binh", "chi") for at in range(24)]
    made = train_candidate(small_model, [*honest, *both], name="poisoned", cut=CUT, gold=gold)
    on_gold = {one.reviewer: one for one in made.suspects if one.kind == "gold"}

    assert {"zed", "zoe"} == set(on_gold) == {one.reviewer for one in made.suspects}
    assert all(0.25 == one.agreement < GOLD_AT_LEAST for one in on_gold.values())
    assert 500 == made.set_aside["by a suspect reviewer"]
    assert np.array_equal(clean.model.heads.weights, made.model.heads.weights)


POISONINGS = {
    "flip_all": test_flip_all_is_named_and_does_no_harm,
    "flip_one_class": test_flip_one_class_is_named_or_stopped_by_the_gate,
    "pair_collusion": test_pair_collusion_is_caught_by_gold,
}


def test_every_poisoning_of_the_shared_specs_is_proven(shared):
    """A new case in the list needs a test here."""
    lines = (shared / "hostile/specs/label_poisoning.jsonl").read_text("utf-8").splitlines()

    assert set(POISONINGS) == {json.loads(line)["name"] for line in lines}


def test_colluders_are_found_without_gold_while_they_are_few(small_model, honest):
    """Each backs the other, but the model of everybody else has a voice too."""
    rng = random.Random(2)  # noqa: S311 - made-up labels
    agreed = [flipped(each, rng) for each in make_labels(200, seed=9, reviewers=("zed",))]
    material = gather(
        small_model, [*honest, *agreed, *(replace(e, reviewer="zoe") for e in agreed)]
    )
    found = find(material.labels, others_say(material))

    assert {"zed", "zoe"} == {one.reviewer for one in found}


def test_careful_reviewers_with_other_work_are_left_in_peace(small_model):
    """One reads Vietnamese alone, one harm alone, one errs twice as often: nobody is named."""
    rng = random.Random(4)  # noqa: S311 - made-up labels
    labels = [
        *make_labels(700, seed=1, reviewers=("an", "binh", "chi")),
        *make_labels(250, seed=2, reviewers=("vietnamese",), langs=("vi",)),
        *(each for each in make_labels(400, seed=3, reviewers=("harm",)) if each.yes),
        *(
            flipped(each, rng) if rng.random() < 0.05 else each
            for each in make_labels(250, seed=6, reviewers=("hasty",))
        ),
    ]
    material = gather(small_model, labels)

    assert [] == find(material.labels, others_say(material))


def test_one_reviewer_alone_is_compared_with_nobody(small_model):
    """There are no others: only gold could say anything."""
    rng = random.Random(4)  # noqa: S311 - made-up labels
    labels = [flipped(each, rng) for each in make_labels(100, reviewers=("zed",))]
    material = gather(small_model, labels)

    assert [] == find(material.labels, others_say(material))


def test_few_labels_accuse_nobody():
    """29 labels, all against everybody: too few to say so."""
    labels = make_labels(29, reviewers=("zed",)) + make_labels(100, seed=1, reviewers=("an",))
    says_all = [{name: name in label.yes for name in NAMES} for label in labels]
    against = [{name: not yes for name, yes in each.items()} for each in says_all[:29]]

    assert [] == find(labels, [*against, *says_all[29:]])


def test_gold_below_the_threshold_by_chance_accuses_nobody():
    """15 of 20 is below 0.8 and no proof; 5 of 20 is one; 3 of 9 are too few."""
    gold = [("an", at < 15) for at in range(20)]
    gold += [("binh", at < 5) for at in range(20)]
    gold += [("chi", at < 3) for at in range(9)]

    assert ["binh"] == [one.reviewer for one in find([], [], gold)]


def test_majority_of_other_reviewers_overrules_the_model():
    """Two others say spam where the model does not: who says spam agrees."""
    base = make_labels(80, reviewers=("an",))
    labels = [says(replace(each, reviewer=who), "spam") for each in base for who in ("a", "b", "c")]
    silent = [{"spam": False} for _ in labels]

    assert [] == find(labels, silent)
