"""What the word lists found in a text, as features that both languages share.

A Vietnamese insult and an English one are the same sign, so what the sets of one language teach
about signs serves the other.
Signs never name whom or what a post is about: classes that hide names, and those that only tell
a topic or an authority, give none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.classifiers.features import SIGN_MARK
from evenhand.classifiers.keys import GUARD_FILES, KEY_FILES, STRONG, Patterns, weigh
from evenhand.classifiers.links import suspect_links
from evenhand.classifiers.masker import MASKS
from evenhand.classifiers.reading import NAMED, read
from evenhand.classifiers.rules import Expressions, Hit
from evenhand.classifiers.tokens import LONG_NUMBER, URL
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evenhand.classifiers.keys import Evidence
    from evenhand.classifiers.lexicon import Lexicon, Place
    from evenhand.classifiers.reading import Reading

TOPIC_PREFIX = "topic:"
# They say who or what is spoken of, not what is done to them.
_SILENT = frozenset({*MASKS, NAMED, "authority", "identity", "person", "service", "own_service"})


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything that reads one text before the weights do."""

    lexicon: Lexicon
    keys: Patterns
    guards: Patterns
    expressions: Expressions

    @classmethod
    def of(cls, lexicon: Lexicon) -> Reader:
        """Compile the keys, guards and rules of *lexicon*."""
        keys, guards = Patterns(lexicon, KEY_FILES), Patterns(lexicon, GUARD_FILES)
        return cls(lexicon, keys, guards, Expressions(lexicon))

    def read(self, shown: str, *, key: str = "", mark: str | None = None) -> Read:
        """Read one shown text; *mark* is the platform's own language mark."""
        reading = read(shown, self.lexicon, key=key, mark=mark)
        evidence = weigh(reading, self.keys, self.guards)
        hits = tuple(self._hits(reading))
        return Read(reading, evidence, tuple(_signs(reading, evidence)), hits)

    def _hits(self, reading: Reading) -> list[Hit]:
        words = reading.tokens.words
        if URL not in words and LONG_NUMBER not in words and not _is_odd(reading):
            return []
        hits = self.expressions.find(reading)
        if URL in words:
            hits.extend(
                Hit("suspect_link", Policy.SCAM_FRAUD.value, STRONG, span)
                for span in suspect_links(reading)[:1]
            )
        return hits


@dataclass(frozen=True, slots=True)
class Read:
    """One text read: its words, its evidence, its signs with the first place of each, its hits."""

    reading: Reading
    evidence: Evidence
    signs: tuple[tuple[str, Place], ...]
    hits: tuple[Hit, ...] = ()

    @property
    def words(self) -> list[str]:
        """Give the masked words, and behind them the signs: what the features are made of."""
        return [*self.reading.masked, *(sign for sign, _ in self.signs)]

    def strengths(self, label: str) -> list[str]:
        """List the strengths of the keys and rules found for *label*."""
        found = [match.pattern.strength for match in self.evidence.keys.get(label, ())]
        return [*found, *(hit.strength for hit in self.hits if hit.label == label)]

    def effects(self, label: str) -> list[str]:
        """List the effects of the guards found for *label*."""
        return [match.pattern.effect for match in self.evidence.guards.get(label, ())]


def _is_odd(reading: Reading) -> bool:
    return not reading.tokens.clean.low.isascii() or ">>>" in reading.tokens.clean.low


def _signs(reading: Reading, evidence: Evidence) -> Iterator[tuple[str, Place]]:
    for label, places in reading.places.items():
        if places and label not in _SILENT and not label.startswith(TOPIC_PREFIX):
            yield f"{SIGN_MARK}{label}", places[0]
    seen: set[str] = set()
    for matches in (*evidence.keys.values(), *evidence.guards.values()):
        for match in matches:
            sign = f"{SIGN_MARK}{match.pattern.kind}:{match.pattern.id}"
            if sign not in seen and match.pattern.id != "authority":
                seen.add(sign)
                yield sign, match.places[0]
