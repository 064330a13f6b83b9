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


def topics_of(reading: Reading, scores: Mapping[str, float]) -> dict[str, float]:
    """Join the model's scores with the words of the topic lists; at most two, best first."""
    joined = {}
    for topic in Topic:
        score = scores.get(PREFIX + topic, 0.0)
        words = {place[0] for place in reading.places.get(PREFIX + topic, ())}
        if topic is not Topic.OTHER:
            joined[topic.value] = 1.0 - (1.0 - score) * _HALF ** len(words)
    best = sorted(joined.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_TOPICS]
    return {topic: round(score, 4) for topic, score in best if score >= SHOWN_FROM}


def is_civic(reading: Reading, scores: Mapping[str, float]) -> bool:
    """Say whether a post is civic: by one word, by a party's name, or by a low score."""
    if any(reading.places.get(name) for name in _NAMED):
        return True
    return any(
        reading.places.get(PREFIX + topic) or scores.get(PREFIX + topic, 0.0) >= CIVIC_FROM
        for topic in CIVIC_TOPICS
    )
