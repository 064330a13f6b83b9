"""One text, read once: tokens, phrases found, language, masked words.

Everything that decides about the text (features, keys, guards, rules) works on a reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.classifiers.language import has_vietnamese_letters, looks_unaccented
from evenhand.classifiers.lexicon import MOST_PLACES
from evenhand.classifiers.masker import COUNTRY, GROUP, MASKS, PARTY, mask, settle
from evenhand.classifiers.tokens import Tokens, cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.classifiers.lexicon import Lexicon, Place, Places

# The class of words that begin with a capital letter inside a sentence: mostly names of people.
NAMED = "named"
# No verdict may depend on which of these a text names: on their names no other phrase is read,
# save for words that are attacks by themselves, and for what the text is about ("topic:…").
_WHOM = (GROUP, COUNTRY, PARTY)
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
    if "'s" in tokens.clean.low or "’s" in tokens.clean.low:
        words = [lexicon.possessives.get(word, word) for word in words]
    if accented or unaccented:
        short = lexicon.teencode
        words = [short.get(word, word) for word in words]
    places = lexicon.find(words, unaccented=unaccented, vietnamese=accented or unaccented)
    capitals = _capitals(tokens)
    settle(words, places, capitals)
    masked = mask(words, places)
    _silence(places, _named_whom(places, masked))
    others = [at for at in sorted(capitals) if masked[at] == words[at]]
    if others:
        places[NAMED] = [(at, at + 1) for at in others[:MOST_PLACES]]
    return Reading(key, tokens, places, masked, accented, accented or unaccented, mark)


def _named_whom(places: Places, masked: Sequence[str]) -> set[int]:
    """Find the words that name a group, a country or a party, with the article in front."""
    spans = [place for label in _WHOM for place in places.get(label, ())]
    found = {at for span in spans for at in range(*span)}
    found.update(start - 1 for start, _ in spans if start and not masked[start - 1])
    return found


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
