"""One text, read once: tokens, phrases found, language, masked words.

Everything that decides about the text (features, keys, guards, rules) works on a reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.classifiers.language import has_vietnamese_letters, looks_unaccented
from evenhand.classifiers.masker import MASKS, mask, settle
from evenhand.classifiers.tokens import Tokens, cut

if TYPE_CHECKING:
    from evenhand.classifiers.lexicon import Lexicon, Place, Places

# Classes that may lie on a name: the names themselves, and words that are attacks by themselves.
# Topics may too ("topic:…"): what a post is about is no reason for anything.
_NAMING = frozenset({*MASKS, "slur"})


@dataclass(frozen=True, slots=True)
class Reading:
    """One text as the classifier reads it.

    *places* maps each class of the lexicon to the (first word, end) of its phrases.
    *masked* are the words with names hidden; a hidden name's further words are empty.
    *vietnamese* says that the text has Vietnamese letters, or looks typed without them.
    """

    id: str
    tokens: Tokens
    places: Places
    masked: list[str]
    accented: bool
    vietnamese: bool
    mark: str | None = None

    def span(self, place: Place) -> tuple[int, int]:
        """Map a place, in words, to the characters that the reviewer sees."""
        start = self.tokens.places[place[0]][0]
        end = self.tokens.places[place[1] - 1][1]
        return self.tokens.clean.shown(start, end)

    def sentence(self, place: Place) -> int:
        """Name the sentence that *place* begins in."""
        return self.tokens.sentences[place[0]]


def read(shown: str, lexicon: Lexicon, *, key: str = "", mark: str | None = None) -> Reading:
    """Read one shown text; *mark* is the platform's own language mark."""
    tokens = lexicon.respelling.restore(cut(shown))
    accented = has_vietnamese_letters(tokens.clean.low)
    unaccented = not accented and looks_unaccented(tokens.words)
    words = tokens.words
    if accented or unaccented:
        short = lexicon.teencode
        words = [short.get(word, word) for word in words]
    places = lexicon.find(words, unaccented=unaccented, vietnamese=accented or unaccented)
    settle(words, places, _capitals(tokens) if "cased_country" in places else ())
    masked = mask(words, places)
    _silence(places, {at for at, word in enumerate(masked) if word != words[at]})
    return Reading(key, tokens, places, masked, accented, accented or unaccented, mark)


def _silence(places: Places, hidden: set[int]) -> None:
    """Take out phrases that lie on hidden names: a name must not read as anything else."""
    if not hidden:
        return
    for label in [each for each in places if each not in _NAMING and ":" not in each]:
        kept = [place for place in places[label] if hidden.isdisjoint(range(*place))]
        if kept:
            places[label] = kept
        else:
            del places[label]


def _capitals(tokens: Tokens) -> frozenset[int]:
    """Find the words that begin with a capital letter and no sentence."""
    return frozenset(
        at
        for at in range(1, len(tokens.words))
        if tokens.sentences[at] == tokens.sentences[at - 1]
        and tokens.clean.text[tokens.places[at][0]].isupper()
    )
