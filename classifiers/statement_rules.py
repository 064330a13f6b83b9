"""What may stand on the statement list: telling wordings, nothing political, nothing neutral hit.

A list is only as neutral as its wordings, so each is held against the open half of the
must-not-flag posts and minimal pairs before two persons can put it in force (safeguard 5).
Words alone decide here: the process that serves the screens loads no model library for it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from evenhand.classifiers.neutrality import OPEN, TARGET, shipped_pairs, shipped_posts
from evenhand.classifiers.statements import match, telling_words
from evenhand.classifiers.text import fold
from evenhand.classifiers.tokens import cut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.classifiers.statements import Statement
    from evenhand.classifiers.tokens import Tokens

# With fewer, two words in common would put a post before a person.
FEWEST_TELLING = 4


@dataclass(frozen=True, slots=True)
class Neutral:
    """A post or filled sentence that nothing may put before a person, and of which kind it is."""

    text: str
    kind: str


def too_short(wordings: Sequence[str]) -> list[str]:
    """List the wordings that tell too little to recognise a claim by."""
    return [one for one in wordings if len(telling_words(one)) < FEWEST_TELLING]


def political_words(wordings: Sequence[str]) -> list[str]:
    """List the words and phrases about government, parties or elections in *wordings*."""
    found: dict[str, None] = {}
    for wording in wordings:
        words = " ".join(cut(wording).words)
        plain = f" {words} "
        # Typed without accents, a Vietnamese phrase of two words or more still says the same.
        folded = "" if plain != fold(plain) else plain
        for phrase in _political():
            bare = fold(phrase) if " " in phrase else phrase
            if f" {phrase} " in plain or (folded and f" {bare} " in folded):
                found[phrase] = None
    return list(found)


def hits_truth(statement: Statement, what_is_true: str) -> bool:
    """Say whether *statement* would put a post before a person that says what is true."""
    return bool(match(what_is_true, [statement]))


def hits_neutral(statement: Statement) -> list[Neutral]:
    """List the open must-not-flag posts and benign pairs that *statement* would bring up."""
    return [one for one, tokens in _neutral() if match(tokens, [statement])]


@cache
def _political() -> tuple[str, ...]:
    text = files("evenhand.data").joinpath("samples/topic_words.toml").read_text("utf-8")
    lists = cast("Mapping[str, Sequence[str]]", tomllib.loads(text)["politics"])
    return tuple(phrase for phrases in lists.values() for phrase in phrases)


@cache
def _neutral() -> tuple[tuple[Neutral, Tokens], ...]:
    posts = [Neutral(one.text, one.kind) for one in shipped_posts(OPEN)]
    pairs = [
        Neutral(pair.template.replace(TARGET, target), pair.kind)
        for pair in shipped_pairs(OPEN)
        if pair.harm is None
        for target in pair.targets
    ]
    return tuple((one, cut(one.text)) for one in (*posts, *pairs))
