"""Stand-ins that behave like the real thing as far as the tests go; no patching anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.data.records import Band, Reason, Score, Tag
from evenhand.data.taxonomy import Policy, Request, is_civic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.data.records import Text

# A word in the text -> the label that it raises.
KEYWORDS = {
    "lừa đảo": Policy.SCAM_FRAUD,
    "scam": Policy.SCAM_FRAUD,
    "threat": Policy.VIOLENCE_THREAT,
    "harass": Policy.HARASSMENT,
    "question": Request.QUESTION,
    "help": Request.HELP_NEEDED,
}
# A word in the text -> its topic.
TOPICS = {
    "flood": "disaster",
    "vaccine": "health",
    "election": "politics",
    "storm": "weather",
}


class FakeTagger:
    """Tags by words: scores are 0.9 for a word that is there and 0.01 for one that is not.

    A post says its sentiment itself ("happy", "sad"); *calls* lists the ids of each batch.
    """

    def __init__(
        self,
        keywords: Mapping[str, str] = KEYWORDS,
        topics: Mapping[str, str] = TOPICS,
        model: str = "fake-1",
    ) -> None:
        self.keywords = keywords
        self.topics = topics
        self.model = model
        self.calls: list[list[str]] = []

    def tag(self, texts: Sequence[Text]) -> list[Tag]:
        """Tag each text by its words."""
        self.calls.append([one.id for one in texts])
        return [self._tag(one) for one in texts]

    def _tag(self, one: Text) -> Tag:
        text = one.text.lower()
        found = {label: word for word, label in self.keywords.items() if word in text}
        topics = {topic: 0.8 for word, topic in self.topics.items() if word in text}
        civic = is_civic(topics)
        sentiment = "positive" if "happy" in text else "negative" if "sad" in text else "neutral"
        scores = {"negative": 0.1, "neutral": 0.1, "positive": 0.1} | {sentiment: 0.8}
        reasons = []
        for label, word in found.items():
            start = text.index(word)
            reasons.append(Reason(label, "model", word, ((start, start + len(word)),), 1.5))
        return Tag(
            id=one.id,
            lang=one.lang or ("en" if one.text.isascii() else "vi"),
            topics=topics,
            civic=civic,
            sentiment=None if civic else sentiment,
            sentiment_scores=None if civic else scores,
            harms={policy.value: _score(policy.value in found) for policy in Policy},
            requests={request.value: _score(request.value in found) for request in Request},
            reasons=tuple(reasons),
            model=self.model,
        )


def _score(found: bool) -> Score:  # noqa: FBT001 - a private switch
    return Score(0.9, Band.FLAG) if found else Score(0.01, Band.NOTHING)
