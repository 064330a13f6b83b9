"""What a post is about, and whether it is civic speech.

Topics describe: they are never an input of a harm score, a flag, a route or an order.
In doubt a post is civic, and then its sentiment is not computed (safeguard 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.data.taxonomy import CIVIC_TOPICS, Topic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evenhand.classifiers.reading import Reading

MOST_TOPICS = 2
SHOWN_FROM = 0.5
# Deliberately low: a civic post taken for another costs a safeguard, the reverse only a number.
CIVIC_FROM = 0.2
# Each word of a topic's list halves what is missing to certainty.
_HALF = 0.5
_NAMED = ("party",)
PREFIX = "topic:"
_TOPICS = tuple((topic.value, PREFIX + topic) for topic in Topic if topic is not Topic.OTHER)
_CIVIC = tuple(PREFIX + topic for topic in sorted(CIVIC_TOPICS))


def topics_of(reading: Reading, scores: Mapping[str, float]) -> dict[str, float]:
    """Give the topics to show: at most two, best first."""
    joined = join_topics(reading, scores)
    best = sorted(joined.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_TOPICS]
    return {topic: round(score, 4) for topic, score in best if score >= SHOWN_FROM}


def join_topics(reading: Reading, scores: Mapping[str, float]) -> dict[str, float]:
    """Join the model's score of every topic with the words of its list."""
    joined = {}
    for topic, label in _TOPICS:
        score, found = scores.get(label, 0.0), reading.places.get(label)
        if found:
            words = {place[0] for place in found}
            score = 1.0 - (1.0 - score) * _HALF ** len(words)
        joined[topic] = score
    return joined


def is_civic(reading: Reading, scores: Mapping[str, float]) -> bool:
    """Say whether a post is civic: by one word, by a party's name, or by a low score."""
    if any(name in reading.places for name in _NAMED):
        return True
    return any(label in reading.places or scores.get(label, 0.0) >= CIVIC_FROM for label in _CIVIC)
