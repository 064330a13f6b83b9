"""Topics describe, and doubt is civic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.classifiers.reading import read
from evenhand.classifiers.topics import CIVIC_FROM, MOST_TOPICS, PREFIX, is_civic, topics_of
from evenhand.data.taxonomy import CIVIC_TOPICS, Topic

LABELS = [PREFIX + topic for topic in Topic if topic is not Topic.OTHER]
SCORES = st.fixed_dictionaries({label: st.floats(0, 1) for label in LABELS})


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("flood in the market after the storm", {"disaster": 0.5, "weather": 0.5}),
        ("pasta recipe", {"lifestyle": 0.5}),
        ("", {}),
        ("ok", {}),
    ],
)
def test_words_alone_name_a_topic(lexicon, text, topics):
    """One word of a list halves what is missing to certainty."""
    assert topics_of(read(text, lexicon), {}) == topics


def test_words_and_score_join(lexicon):
    """0.6 and one word: 1 - 0.4 x 0.5 = 0.8."""
    reading = read("pasta recipe", lexicon)

    assert topics_of(reading, {"topic:lifestyle": 0.6}) == {"lifestyle": 0.8}


@given(SCORES)
def test_at_most_two_topics_are_shown_best_first(lexicon, scores):
    """None below one half, and ties go by the name."""
    found = topics_of(read("", lexicon), scores)

    assert len(found) <= MOST_TOPICS
    assert all(score >= 0.5 for score in found.values())
    assert list(found.values()) == sorted(found.values(), reverse=True)


@given(SCORES)
def test_shown_civic_topic_makes_the_post_civic(lexicon, scores):
    """What the screen calls politics is never given a sentiment."""
    reading = read("", lexicon)

    assert is_civic(reading, scores) or not CIVIC_TOPICS & set(topics_of(reading, scores))


@pytest.mark.parametrize("topic", sorted(CIVIC_TOPICS))
def test_low_score_is_enough_for_civic(lexicon, topic):
    """In doubt civic: a fifth of a chance."""
    reading = read("", lexicon)

    assert is_civic(reading, {PREFIX + topic: CIVIC_FROM})
    assert not is_civic(reading, {PREFIX + topic: CIVIC_FROM - 0.01})


@pytest.mark.parametrize(
    "text", ["The election is on Sunday", "Our church choir sings", "Đảng và chính phủ", "bầu cử"]
)
def test_one_word_is_enough_for_civic(lexicon, text):
    """Whatever the scores say."""
    assert is_civic(read(text, lexicon), {})


def test_plain_post_is_not_civic(lexicon):
    """Or there would be no sentiment at all."""
    assert not is_civic(read("pasta recipe", lexicon), {})
