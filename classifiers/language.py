"""Which language a text is in: letters first, then the model's own heads, then py3langid.

"en" and "vi" are known; another language is named by its ISO code; "und" means too short to say.
The order is by cost: py3langid reads about 900 posts a second and is asked only in doubt.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, cast

from evenhand.classifiers.lexicon import load_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UNKNOWN = "und"
KNOWN = ("en", "vi")
FEWEST_LETTERS = 3
# The own heads are believed from here on; below, py3langid decides.  Chosen on the held-out rows
# of the training sets, where they err in under 0.5 % of English above it.
SURE = 0.90
FEWEST_FUNCTION_WORDS = 2
FEW_WORDS = 8
LIBRARY_CHARACTERS = 2_000
# What py3langid calls short and careless English: Nigerian Pidgin and Scots.
_TAKEN_FOR_ENGLISH = frozenset(["pcm", "sco"])

_LETTER = re.compile(r"[^\W\d_]")
# Letters that only Vietnamese writes among the languages of its neighbours; à, é, ô, ã and others
# are shared with French and Portuguese and prove nothing.
_VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_TELLING = 0.02


def has_vietnamese_letters(low: str) -> bool:
    """Say whether enough letters of *low* are ones that only Vietnamese writes."""
    if low.isascii():
        return False
    found = len(_VIETNAMESE.findall(low))
    return found > 0 and found >= _TELLING * len(low)


def looks_unaccented(words: Sequence[str]) -> bool:
    """Say whether *words* look like Vietnamese typed without accents."""
    known = [word for word in words if word in _listed("unaccented")]
    telling = {word for word in known if word in _listed("only_vietnamese")}
    if len(telling) >= FEWEST_FUNCTION_WORDS:
        return len(known) * 4 >= len(words)
    return bool(telling) and len(known) * 4 >= len(words) * 3


def few_letters(low: str) -> bool:
    """Say whether *low* is too short to name a language."""
    return sum(1 for _ in _LETTER.finditer(low[:64])) < FEWEST_LETTERS


def english_words(words: Sequence[str]) -> int:
    """Count the English function words, each once."""
    return len(_listed("english").intersection(words))


def is_small(word: str) -> bool:
    """Say whether *word* is a function word of English or Vietnamese, which tells no story."""
    return word in _listed("english") or word in _listed("small_vietnamese")


def identify(low: str, words: Sequence[str], own: Mapping[str, float], mark: str | None) -> str:
    """Name the language of a text without Vietnamese letters.

    *own* gives the model's own scores for "en" and "vi"; *mark* is what the platform says.
    """
    if few_letters(low):
        return UNKNOWN
    english = english_words(words) >= FEWEST_FUNCTION_WORDS
    if own.get("en", 0.0) >= SURE and english:
        return "en"
    if own.get("vi", 0.0) >= SURE:
        return "vi"
    found = _ask_library(low[:LIBRARY_CHARACTERS])
    found = "en" if found in _TAKEN_FOR_ENGLISH else found
    if found in KNOWN or (english and own.get("en", 0.0) >= own.get("vi", 0.0)):
        return found if found in KNOWN else "en"
    if mark in KNOWN:
        return str(mark)
    # py3langid takes short unaccented texts for Latin, Javanese and the like.
    best = max(own, key=lambda lang: own[lang], default="")
    return best if best in KNOWN and own[best] >= SURE and len(words) < FEW_WORDS else found


def _ask_library(low: str) -> str:
    from py3langid import classify  # noqa: PLC0415 - loads a model, and is rarely asked

    return str(classify(low)[0])


@cache
def _listed(name: str) -> frozenset[str]:
    lists = cast("Mapping[str, Sequence[str]]", load_table("language")["lists"])
    return frozenset(lists[name])
