"""Levers are switched off from the outside, and only what they name changes."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path

import pytest

from evenhand.classifiers.corpus import seed_rows
from evenhand.classifiers.lexicon import load_lexicon
from evenhand.classifiers.neutrality import OPEN, shipped_pairs, shipped_posts
from evenhand.classifiers.signs import Reader
from evenhand.classifiers.tagger import Tagger
from evenhand.classifiers.training import is_test, worths_of
from evenhand.data.records import Band, Text

BENCH = Path(__file__).parents[2] / "bench"
TEXTS = (
    "He said “go back to your country, you rats”, and that is disgusting.",
    "St00pid idi0t, nobody likes you",
    "Muslims are rats, drive them out",
    "Chuyển tiền ngay vào http://bit.ly/abc để nhận thưởng, mã OTP gửi em",
    "Chợ mở cửa lúc 7 giờ",
)


@pytest.fixture(scope="module")
def bench():
    """The bench, which is a script and no part of the package."""
    patch = pytest.MonkeyPatch()
    patch.syspath_prepend(str(BENCH))
    yield importlib.import_module("ablation")
    patch.undo()


@pytest.fixture(scope="module")
def levers(bench):
    """What the bench switches."""
    del bench
    return importlib.import_module("levers")


@pytest.fixture(scope="module")
def trainer(levers):
    """A trainer of some seed posts, shared by all settings."""
    texts = levers.Texts(load_lexicon())
    return levers.Trainer(texts, list(seed_rows())[::20], [levers.Levers()])


@pytest.fixture(scope="module")
def on(levers, trainer):
    """The tagger with all levers on."""
    return trainer.tagger(levers.Levers())


def put(tags):
    """Give what each tag puts before a person."""
    return [tag.flagged for tag in tags]


def test_all_levers_on_are_the_program_itself(on):
    """The same scores and bands as with the program's own reader and judge."""
    plain = Tagger.of(on.loaded)
    texts = [Text(str(at), post.text) for at, post in enumerate(shipped_posts(OPEN)[:200])]
    texts += [Text(f"t{at}", text) for at, text in enumerate(TEXTS)]
    both = [[(tag.harms, tag.requests) for tag in one.tag(texts)] for one in (on, plain)]

    assert both[1] == both[0]


def test_all_levers_on_learn_what_the_program_learns(levers, trainer):
    """Words, and what keys add to a score, are those of its own reader."""
    reader = Reader.of(load_lexicon())
    read = [reader.read(row.text) for row in trainer.rows[:300]]
    everything = levers.Levers()

    assert [one.words for one in read] == trainer.words[everything.variant][:300]
    told = [worths_of(one, row.lang) for one, row in zip(read, trainer.rows, strict=False)]
    assert told == trainer.worths[everything.keyring][:300]


def test_without_the_second_key_a_score_is_enough(levers, trainer, on):
    """At the same thresholds, what is put before a person can only become more."""
    one_key = levers.Levers(two_keys=False)
    reader = levers.LeverReader(trainer.texts, one_key)
    off = replace(on, reader=reader, judge=replace(on.judge, levers=one_key))
    texts = [Text(str(at), row.text) for at, row in enumerate(seed_rows())][:3_000:4]
    both = [put(one.tag(texts)) for one in (on, off)]

    assert all(set(before) <= set(after) for before, after in zip(*both, strict=True))
    assert sum(map(len, both[1])) > sum(map(len, both[0]))


def test_without_guards_a_quotation_is_no_excuse(levers, trainer):
    """Neither marks of quotation nor a condemning word take a key back."""
    texts = [post.text for post in shipped_posts(OPEN) if post.kind == "quotation_condemning"]
    on, off = (
        [trainer.texts.read(text, one).evidence for text in texts]
        for one in (levers.Levers(), levers.Levers(guards=False))
    )

    assert all(set(one.keys) <= set(other.keys) for one, other in zip(on, off, strict=True))
    assert sum(len(one.keys) for one in off) > sum(len(one.keys) for one in on)
    assert any(one.guards for one in on)
    assert not any(one.guards for one in off)


def test_without_masking_the_features_see_the_name(levers, trainer):
    """With it they see a mask."""
    words = [
        trainer.texts.read("Muslims pray", levers.Levers(masking=on)).words for on in (True, False)
    ]

    assert "mask_group" in words[0]
    assert "muslims" in words[1]


def test_without_respelling_a_disguised_word_stays_disguised(levers, trainer):
    """Only then are its characters learnt as they are."""
    settings = (levers.Levers(), levers.Levers(respelling=False))
    words = [trainer.texts.read("you idi0t", one).reading.tokens.words for one in settings]

    assert "idiot" in words[0]
    assert "idiot" not in words[1]


def test_signs_rules_and_broad_keys_leave_alone(levers, trainer):
    """Each takes away its own findings."""
    off = trainer.texts.read(TEXTS[2], levers.Levers(signs=False, rules=False, broad_keys=False))
    kinds = {m.pattern.kind for matches in off.evidence.keys.values() for m in matches}
    ids = {m.pattern.id for matches in off.evidence.keys.values() for m in matches}

    assert () == off.signs
    assert () == off.hits
    assert "rule" not in kinds
    assert not ids & trainer.texts.broad


def test_without_floors_a_low_threshold_counts(levers, trainer, on):
    """A score between the threshold and the floor is enough, and is shown as it is."""
    scores = dict.fromkeys(on.judge.heads, 0.02)
    read = trainer.texts.read(TEXTS[2], levers.Levers())
    low = {**on.judge.thresholds, "hate": 0.1}
    found = [
        replace(on.judge, thresholds=low, levers=levers.Levers(floors=floors))
        .judge(read, "en", scores)
        .scores["hate"]
        for floors in (True, False)
    ]

    assert [Band.NOTHING, Band.CHECK] == [one.band for one in found]
    assert [0.02, 0.02] == [one.score for one in found]


def test_rows_lose_what_their_lever_gave_them(levers, trainer):
    """Copies without accents, seeds, and what a set says no to without being about it."""
    row = next(one for one in trainer.rows if one.weight == levers.FOLDED_WEIGHT)
    cross = levers._alone(
        type(row)("x", "en", "sms_spam", frozenset(), frozenset({"hate", "spam"}))
    )

    assert levers._learns(row, levers.Levers())
    assert not levers._learns(row, levers.Levers(folded_copies=False))
    assert not levers._learns(row, levers.Levers(seeds=False))
    assert frozenset({"spam"}) == cross.no


def test_run_measures_each_setting_and_writes_a_table(bench):
    """All on first, then what is off; a row of the table for each."""
    rows = list(seed_rows())[::24]
    tests = bench.Tests(
        [row for row in rows if is_test(row)], shipped_posts(OPEN)[:80], shipped_pairs(OPEN)[:12]
    )
    told = []
    measured = bench.run(rows, tests, ("guards", "two_keys"), tell=told.append)
    table = bench.markdown(measured).splitlines()

    assert [bench.ALL_ON, "two_keys", "guards"] == list(measured)
    assert ["reading", bench.ALL_ON, "two_keys", "guards"] == told
    assert 2 + 3 == len(table)
    assert {line.count(" | ") for line in table[2:]} == {table[0].count(" | ")}
    assert measured[bench.ALL_ON]["found"]["seeds_vi"]["positives"] > 0
