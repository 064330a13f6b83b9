"""Misinformation is matching against the team's statement list, never a free classifier.

With an empty list nothing is ever found.
A post matches a statement when it shares most of the statement's telling words.
Questions about a statement do not match.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from evenhand.classifiers.language import english_words
from evenhand.classifiers.text import fold
from evenhand.classifiers.tokens import cut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.classifiers.tokens import Tokens

# From here on a post goes before a person as a "check"; chosen so that a sentence with the same
# subject and another claim stays below.
CHECK_AT = 0.6
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Statement:
    """One false claim that the team has listed, in the wordings it goes around in.

    *policy* is health_misinformation or disaster_misinformation.
    """

    id: str
    policy: str
    wordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """A statement found in a post: how much of it, and where (words of the post)."""

    statement: Statement
    share: float
    words: tuple[int, ...]


def match(text: Tokens | str, statements: Sequence[Statement]) -> list[Matched]:
    """Compare one text with every statement; best first, only those at or above `CHECK_AT`."""
    if not statements:
        return []
    tokens = cut(text) if isinstance(text, str) else text
    if tokens.asking:
        return []
    places = {fold(word): at for at, word in enumerate(tokens.words)}
    found = [_best(statement, places) for statement in statements]
    return sorted(
        (each for each in found if each.share >= CHECK_AT),
        key=lambda each: (-each.share, each.statement.id),
    )


def _best(statement: Statement, places: Mapping[str, int]) -> Matched:
    best = Matched(statement, 0.0, ())
    for wording in statement.wordings:
        telling = _telling_words(wording)
        shared = sorted(places[word] for word in telling if word in places)
        share = len(shared) / len(telling) if telling else 0.0
        if share > best.share:
            best = Matched(statement, share, tuple(shared))
    return best


# A list is short and every post is compared with all of it, so its words are found once.
@lru_cache(maxsize=4096)
def _telling_words(wording: str) -> frozenset[str]:
    return frozenset(fold(word) for word in cut(wording).words if _tells(word))


def _tells(word: str) -> bool:
    return len(word) >= _SHORTEST and not english_words([word])
