"""The bench of near-duplicates makes the copies it names and counts what it says."""

from __future__ import annotations

import importlib
import random
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture(scope="module")
def bench():
    """Import the bench, which is a script and no part of the package."""
    patch = pytest.MonkeyPatch()
    patch.syspath_prepend(str(BENCH))
    yield importlib.import_module("similarity")
    patch.undo()


def seeded():
    """Draw the same every time."""
    return random.Random(1)  # noqa: S311 - repeatable posts, no secret


def test_posts_are_made_alike_each_time_and_copies_come_later(bench):
    """Three copies of each kind, each behind the base post it copies."""
    posts = bench.make_posts(40, 3, seeded())
    base = {post.origin: at for at, post in enumerate(posts) if post.kind == "base"}
    kinds = [post.kind for post in posts]

    assert posts == bench.make_posts(40, 3, seeded())
    assert 40 == len(base)
    assert [3] * 6 == [kinds.count(kind) for kind in bench.KINDS]
    assert all(base[post.origin] <= at for at, post in enumerate(posts))
    assert 12 <= min(len(posts[at].text.split()) for at in base.values())


def test_edits_are_what_they_are_called(bench):
    """Two of eight words are replaced; six of eight are left, and their halves swapped."""
    text = "một hai bốn năm sáu bảy tám chín"
    pool = bench.Pool([text], ["x"])
    words = bench.replaced(text, pool, seeded()).split()
    swapped = bench.swapped(text, seeded()).split()
    back = [*swapped[3:], *swapped[:3]]

    assert 2 == words.count("x")
    assert 8 == len(words)
    assert 6 == len(set(swapped))
    assert sorted(back, key=text.split().index) == back
    assert text in bench.reposted(text, seeded())
    assert "bon" in bench.edited("no_accents", [text], pool, seeded())


def test_quality_counts_found_copies_and_wrong_groups(bench):
    """Of two copies one is in its base post's group; one of four posts is in another text's."""
    posts = [
        bench.Planned("a", 0),
        bench.Planned("b", 1),
        bench.Planned("a", 0, "link"),
        bench.Planned("b", 1, "link"),
        *(bench.Planned("b", 1, kind) for kind in bench.KINDS[1:]),
    ]
    recall, wrong = bench.quality(posts, ["0", "1", "0", "0", "1", "1", "1", "1", "8"])

    assert 0.5 == recall["link"]
    assert 0.0 == recall["quarter_dropped_halves_swapped"]
    assert pytest.approx(1 / 9) == wrong


def test_calls_for_help_differ_in_what_tells_them_apart(bench):
    """Fills of one template, none twice."""
    fills = list(bench.calls_for_help(10, seeded()))

    assert len(fills) > 10
    assert all(len(each) == len(set(each)) for each in fills)


def test_rates_time_every_side_on_the_same_posts(bench):
    """A wave of two is one group, and each side has a rate."""
    posts = bench.make_posts(10, 0, seeded())
    posts.append(bench.Planned(f"RT @someone: {posts[0].text}", posts[0].origin, "link"))
    ours, speed = bench.rates(posts)

    assert [*map(str, range(10)), "0"] == ours.groups
    assert {"ours", "exact_key", "bare_hash"} == set(speed)
