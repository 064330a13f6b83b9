"""The learning draw: uncertain, diverse and random posts, a third each."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace

import pytest

from evenhand.classifiers.active import Scored, learning_draw
from evenhand.data.errors import InputError
from tests.label_floor import make_labels

FAR, NEAR = {"hate": 0.02, "spam": 0.03}, {"hate": 0.48, "spam": 0.03}


def pool(n, *, seed=0, scores=FAR):
    """Make *n* unflagged posts of different texts."""
    return [Scored(each.post_id, each.text, scores) for each in make_labels(n, seed=seed)]


def drawn(found, reason):
    return [each.post_id for each in found if each.reason == reason]


def test_draw_is_a_third_each_and_no_post_twice():
    """30 of 300: ten of each reason."""
    found = learning_draw(pool(300), 30, seed=1)

    assert {"random": 10, "uncertain": 10, "diverse": 10} == Counter(each.reason for each in found)
    assert 30 == len({each.post_id for each in found})


def test_only_random_posts_have_a_probability():
    """10 of 300 by chance; what was chosen has none that an estimate could use."""
    found = learning_draw(pool(300), 30, seed=1)
    chances = {each.reason: each.probability for each in found}

    assert {"random": pytest.approx(10 / 300), "uncertain": None, "diverse": None} == chances


def test_uncertain_posts_are_those_nearest_to_the_middle():
    """Four posts near a hate score of a half are all drawn, whoever comes first by chance."""
    near = [
        replace(each, post_id=f"near{at}") for at, each in enumerate(pool(4, seed=8, scores=NEAR))
    ]
    found = learning_draw([*pool(300), *near], 30, seed=1)

    assert {each.post_id for each in near} <= {each.post_id for each in found}
    assert drawn(found, "uncertain")[0].startswith("near")


def test_labels_take_turns_among_the_uncertain():
    """100 doubtful spam posts do not crowd out the three doubtful calls for help."""
    spam = [
        Scored(f"s{at}", each.text, {"spam": 0.5, "help_needed": 0.01})
        for at, each in enumerate(make_labels(100))
    ]
    help_ = [
        Scored(f"h{at}", each.text, {"spam": 0.01, "help_needed": 0.4})
        for at, each in enumerate(make_labels(3, seed=1))
    ]
    found = learning_draw([*spam, *help_], 30, seed=2)

    assert {"h0", "h1", "h2"} <= {each.post_id for each in found}


def test_diverse_posts_come_from_different_groups():
    """90 posts about one thing and three other kinds: each kind is drawn."""
    flood = [
        Scored(f"f{at}", f"nước lên nhanh ở phường {word(at)} cứu với", FAR) for at in range(90)
    ]
    kinds = {
        "a": "win a free phone click here now",
        "b": "my card was charged twice please refund",
        "c": "ai có lịch học tuần sau không ạ",
    }
    others = [
        Scored(f"{kind}{at}", f"{text} {word(at)}", FAR)
        for kind, text in kinds.items()
        for at in range(12)
    ]
    found = learning_draw([*flood, *others], 24, seed=3)

    assert set("fabc") == {post_id[0] for post_id in drawn(found, "diverse")}


def word(at):
    """Write a number as letters, as digits are all one token."""
    return "".join(chr(97 + int(digit)) for digit in str(at))


def test_draw_is_the_same_for_the_same_seed_in_any_order():
    """A coordinator's draw can be repeated; another seed draws others."""
    posts = pool(200)

    assert learning_draw(posts, 30, seed=5) == learning_draw(posts[::-1], 30, seed=5)
    assert learning_draw(posts, 30, seed=5) != learning_draw(posts, 30, seed=6)


def test_draw_knows_no_source_topic_or_author():
    """What a draw does not get it cannot select by (safeguard 2)."""
    assert ["post_id", "text", "scores"] == [each.name for each in fields(Scored)]


def test_random_part_reaches_every_post_equally_often():
    """600 draws of two by chance from 20 posts: each 60 times, within four standard errors."""
    posts = pool(20)
    times = Counter(
        each.post_id for seed in range(600) for each in learning_draw(posts, 2, seed=seed)
    )

    assert 20 == len(times)
    assert all(abs(each - 60) < 4 * (60 * 0.9) ** 0.5 for each in times.values())


def test_same_text_is_drawn_once():
    """A wave of re-posts would teach one thing many times."""
    copies = [Scored(f"c{at}", "Mua ngay kẻo hết!!", NEAR) for at in range(50)]
    found = learning_draw([*copies, *pool(5)], 30, seed=1)

    assert 6 == len(found)


@pytest.mark.parametrize(
    ("n", "have", "expected"), [(0, 10, 0), (1, 10, 1), (2, 10, 2), (9, 4, 4), (5, 0, 0)]
)
def test_draw_gives_what_there_is(n, have, expected):
    """None asked, few asked, more asked than there are."""
    assert expected == len(learning_draw(pool(have), n, seed=1))


def test_negative_number_is_refused():
    """The message says the number."""
    with pytest.raises(InputError, match="-1"):
        learning_draw(pool(3), -1, seed=1)


def test_hostile_texts_and_missing_scores_are_drawn_like_others():
    """Empty, half a surrogate pair, 100,000 characters, no scores at all."""
    texts = ["", "cứu \ud83d", "dài " * 25_000, "🙃"]
    posts = [Scored(str(at), text, {}) for at, text in enumerate(texts)]

    assert 4 == len(learning_draw(posts, 4, seed=1))
