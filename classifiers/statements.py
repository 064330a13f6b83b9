"""Misinformation is matching against the team's statement list, never a free classifier.

With an empty list nothing is ever found.
A post matches a statement when most of the statement's telling words stand close together in one
of its sentences: scattered over a post, the same words tell another story.
Vietnamese words count as they are written, or without accents where the post has none.
Questions about a statement do not match, nor does a sentence that denies it or calls it false:
whoever sets a rumour right repeats its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, cast

from evenhand.classifiers.language import has_vietnamese_letters, is_small
from evenhand.classifiers.lexicon import load_table
from evenhand.classifiers.text import fold
from evenhand.classifiers.tokens import cut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.classifiers.tokens import Tokens

# From here on a post goes before a person as a "check"; chosen so that a sentence with the same
# subject and another claim stays below.
CHECK_AT = 0.6
# Words that a paraphrase may put between the telling ones.
SLACK = 4
# How far before the telling words a denial may stand: "no one has been ordered to stay".
DENIAL_BEFORE = 4
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


@dataclass(frozen=True, slots=True)
class _Read:
    """One text as statements are compared with it; *present* are its words, each once."""

    words: Sequence[str]
    present: frozenset[str]
    sentences: Sequence[int]
    accented: bool


def match(text: Tokens | str, statements: Sequence[Statement]) -> list[Matched]:
    """Compare one text with every statement; best first, only those at or above `CHECK_AT`."""
    if not statements:
        return []
    tokens = cut(text) if isinstance(text, str) else text
    if tokens.asking:
        return []
    accented = has_vietnamese_letters(tokens.clean.low)
    words = tokens.words if accented else [fold(word) for word in tokens.words]
    read = _Read(words, frozenset(words), tokens.sentences, accented)
    found = [_best(one, read) for one in statements]
    return sorted(
        (each for each in found if each.share >= CHECK_AT and not _is_denied(each, tokens)),
        key=lambda each: (-each.share, each.statement.id),
    )


def telling_words(wording: str) -> frozenset[str]:
    """Give the words of a wording that a post is compared with: all but the function words."""
    return _telling_words(wording, has_vietnamese_letters(wording.lower()))


def _is_denied(found: Matched, tokens: Tokens) -> bool:
    """Say whether the sentence turns the statement round, as no wording of it does."""
    first, last = found.words[0], found.words[-1]
    here = tokens.sentences[first]
    worded = {word for wording in found.statement.wordings for word in cut(wording).words}
    within = set(tokens.words[first:last])
    before = {
        tokens.words[at]
        for at in range(max(0, first - DENIAL_BEFORE), first)
        if tokens.sentences[at] == here
    }
    turned = (within & _listed("denied_within")) | (before & _listed("denied_before"))
    if turned - worded:
        return True
    sentence = " ".join(
        word for word, at in zip(tokens.words, tokens.sentences, strict=True) if at == here
    )
    return any(f" {phrase} " in f" {sentence} " for phrase in _listed("called_false"))


def _best(statement: Statement, read: _Read) -> Matched:
    best = Matched(statement, 0.0, ())
    for wording in statement.wordings:
        telling = _telling_words(wording, read.accented)
        # Nearly every post has too few of the words anywhere, which is quickly seen.
        if not telling or len(telling & read.present) < CHECK_AT * len(telling):
            continue
        shared = _closest(read.words, read.sentences, telling)
        share = len(shared) / len(telling)
        if share > best.share:
            best = Matched(statement, share, shared)
    return best


def _closest(
    words: Sequence[str], sentences: Sequence[int], telling: frozenset[str]
) -> tuple[int, ...]:
    """Find the window of a sentence with most different *telling* words, and where they stand."""
    places = [at for at, word in enumerate(words) if word in telling]
    widest = len(telling) + SLACK
    best: tuple[int, ...] = ()
    for first, start in enumerate(places):
        here: dict[str, int] = {}
        for at in places[first:]:
            if at - start >= widest or sentences[at] != sentences[start]:
                break
            here.setdefault(words[at], at)
        if len(here) > len(best):
            best = tuple(sorted(here.values()))
    return best


# A list is short and every post is compared with all of it, so its words are found once.
@lru_cache(maxsize=4096)
def _telling_words(wording: str, accented: bool) -> frozenset[str]:  # noqa: FBT001 - a key of the cache
    telling = [word for word in cut(wording).words if len(word) >= _SHORTEST and not is_small(word)]
    return frozenset(telling if accented else map(fold, telling))


@cache
def _listed(name: str) -> frozenset[str]:
    lists = cast("Mapping[str, Sequence[str]]", load_table("statements")["lists"])
    return frozenset(lists[name])
