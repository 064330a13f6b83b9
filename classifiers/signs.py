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
from evenhand.classifiers.keys import GUARD_FILES, KEY_FILES, Patterns, weigh
from evenhand.classifiers.masker import MASKS
from evenhand.classifiers.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evenhand.classifiers.keys import Evidence
    from evenhand.classifiers.lexicon import Lexicon, Place
    from evenhand.classifiers.reading import Reading

TOPIC_PREFIX = "topic:"
# They say who or what is spoken of, not what is done to them.
_SILENT = frozenset({*MASKS, "authority", "identity", "person", "service", "own_service"})


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything that reads one text before the weights do."""

    lexicon: Lexicon
    keys: Patterns
    guards: Patterns

    @classmethod
    def of(cls, lexicon: Lexicon) -> Reader:
        """Compile the keys and guards of *lexicon*."""
        return cls(lexicon, Patterns(lexicon, KEY_FILES), Patterns(lexicon, GUARD_FILES))

    def read(self, shown: str, *, key: str = "", mark: str | None = None) -> Read:
        """Read one shown text; *mark* is the platform's own language mark."""
        reading = read(shown, self.lexicon, key=key, mark=mark)
        evidence = weigh(reading, self.keys, self.guards)
        return Read(reading, evidence, tuple(_signs(reading, evidence)))


@dataclass(frozen=True, slots=True)
class Read:
    """One text read: its words, its evidence, and its signs with the first place of each."""

    reading: Reading
    evidence: Evidence
    signs: tuple[tuple[str, Place], ...]

    @property
    def words(self) -> list[str]:
        """Give the masked words, and behind them the signs: what the features are made of."""
        return [*self.reading.masked, *(sign for sign, _ in self.signs)]


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
