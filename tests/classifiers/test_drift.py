"""Drift: what comes in is compared with what came in before, alarms both ways."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from math import log

import pytest

from evenhand.classifiers.drift import (
    Profile,
    Seen,
    by_chance,
    profile,
    psi,
    report,
    seen,
    unknown_share,
)
from evenhand.data.errors import InputError
from evenhand.data.records import Text

USUAL = Seen(60, "r/hanoi", "vi", {"hate": 0.05, "spam": 0.05}, frozenset(), 0.0)


def stream(n, seed=0, **changes):
    """Make *n* posts around the usual one."""
    rng = random.Random(seed)  # noqa: S311 - made-up posts
    return [
        replace(
            USUAL,
            length=rng.choice([15, 30, 60, 120, 240]),
            source=rng.choice(["r/hanoi", "r/saigon"]),
            lang=rng.choice(["vi", "vi", "en"]),
            scores={"hate": rng.random() ** 3, "spam": rng.random() ** 3},
            put=frozenset(["spam"]) if rng.random() < 0.02 else frozenset(),
            unknown=rng.choice([0.0, 0.03, 0.08]),
            **changes,
        )
        for _ in range(n)
    ]


def line(found, name):
    return next(each for each in found.lines if each.name == name)


def test_psi_is_worked_by_hand():
    """Shares .5/.5 and .75/.25 of 1,000: .25·ln 1.5 − .25·ln .5 = .2747, but for half a post."""
    found = psi({"a": 500, "b": 500}, {"a": 750, "b": 250})

    assert pytest.approx(0.25 * log(1.5) - 0.25 * log(0.5), abs=0.001) == found
    assert 0.0 == psi({"a": 5, "b": 9}, {"a": 5, "b": 9})


def test_category_that_was_never_seen_gives_a_number():
    """Half a post stands in for none."""
    assert 0 < psi({"a": 1000}, {"a": 500, "b": 500}) < 10


def test_same_stream_raises_no_alarm():
    """20 pairs of samples of one stream: 17 series each, and none is called a change."""
    alarms = [
        each
        for at in range(20)
        for each in report(profile(stream(400, at)), profile(stream(400, 100 + at))).lines
        if each.state in ("watch", "alarm")
    ]

    assert [] == alarms


@pytest.mark.parametrize(
    ("name", "change", "direction"),
    [
        ("length", {"length": 900}, "up"),
        ("length", {"length": 5}, "down"),
        ("unknown words", {"unknown": 0.7}, "up"),
        ("score: hate", {"scores": {"hate": 0.95, "spam": 0.1}}, "up"),
        ("score: hate", {"scores": {"hate": 0.0, "spam": 0.1}}, "down"),
        ("language", {"lang": "en"}, "up"),
        ("source", {"source": "r/new"}, "up"),
        ("put before people: spam", {"put": frozenset(["spam"])}, "up"),
    ],
)
def test_change_raises_an_alarm_in_its_direction(name, change, direction):
    """Half of the new posts are of another kind."""
    changed = [
        replace(each, **change) if at % 2 else each for at, each in enumerate(stream(800, 1))
    ]
    found = line(report(profile(stream(800)), profile(changed)), name)

    assert ("alarm", direction) == (found.state, found.direction)
    assert found.psi >= 0.2 or name.startswith("put")


def test_label_that_falls_silent_is_an_alarm_too():
    """4 % spam became none: something broke, although PSI alone would hardly move."""
    before = [
        replace(each, put=frozenset(["spam"] if at % 25 == 0 else []))
        for at, each in enumerate(stream(2000))
    ]
    after = [replace(each, put=frozenset()) for each in stream(2000, 1)]
    found = line(report(profile(before), profile(after)), "put before people: spam")

    assert ("alarm", "down", 0.04, 0.0) == (found.state, found.direction, found.before, found.after)


def test_category_that_moved_most_is_named():
    """From a third to two thirds English: language en rose."""
    after = [replace(each, lang="en") if at % 2 else each for at, each in enumerate(stream(800, 1))]
    found = line(report(profile(stream(800)), profile(after)), "language")

    assert "en" == found.category
    assert found.after > found.before + 0.2


def test_few_posts_are_not_enough_evidence():
    """199 posts say nothing, however different they are."""
    changed = profile([replace(each, lang="en") for each in stream(199)])
    found = report(profile(stream(800)), changed)

    assert {"not enough evidence"} == {each.state for each in found.lines}
    assert () == found.alarms


def test_chance_bound_is_exceeded_about_once_in_a_thousand():
    """2,000 pairs of samples over 8 categories: 2 expected, at most 9 (Poisson, 99.99 %)."""
    rng = random.Random(11)  # noqa: S311 - simulated
    bound = by_chance(8, (500, 500))
    beyond = 0
    for _ in range(2000):
        both = [dict.fromkeys("abcdefgh", 0), dict.fromkeys("abcdefgh", 0)]
        for counts in both:
            for category in rng.choices("abcdefgh", k=500):
                counts[category] += 1
        beyond += psi(*both) > bound

    assert beyond <= 9


def test_profiles_add_up():
    """Two days merged are both days counted at once, and survive being stored."""
    first, second = stream(300), stream(300, 1)
    merged = profile(first).merged(profile(second))
    stored = Profile.of(json.loads(json.dumps(merged.as_dict())))

    assert profile([*first, *second]).as_dict() == merged.as_dict() == stored.as_dict()


@pytest.mark.parametrize("stored", [{"length": 3}, {"length": {"0": -1}}, {"length": {"0": "x"}}])
def test_stored_profile_that_is_no_table_of_counts_is_refused(stored):
    """The message names the series."""
    with pytest.raises(InputError, match="length"):
        Profile.of(stored)


def test_profile_of_real_tags_keeps_no_text(tagger):
    """Lengths, shares and labels are counted; erased and empty posts too."""
    texts = ["Giveaway!!! Click http://win.example now, free phone", "", "zzqx vvkp", "cứu \ud83d"]
    tags = tagger.tag([Text(str(at), text) for at, text in enumerate(texts)])
    rows = [seen(tagger, tag, "r/x", text) for tag, text in zip(tags, texts, strict=True)]
    erased = seen(tagger, tags[0], "r/x", None)
    stored = json.dumps(profile([*rows, erased]).as_dict())

    assert (None, None) == (erased.length, erased.unknown)
    assert 1.0 == unknown_share(tagger, "zzqx vvkp")
    assert unknown_share(tagger, "") is None
    assert 5 == sum(profile([*rows, erased]).series["source"].values())
    assert "giveaway" not in stored.lower()


def test_drift_is_plain_json():
    """For a report in the store."""
    found = report(profile(stream(300)), profile(stream(300, 1))).as_dict()

    assert 0 == json.loads(json.dumps(found))["alarms"]
