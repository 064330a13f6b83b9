"""Clean text → tokens with their places: the one cut that features, keys and guards share.

Addresses, handles and numbers become one token each, so that no model learns whom or what was
linked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from evenhand.classifiers.text import Clean, clean

if TYPE_CHECKING:
    from collections.abc import Sequence

URL, EMAIL, HANDLE, NUMBER, LONG_NUMBER = "url_", "email_", "handle_", "num_", "longnum_"
# Shorter runs of digits are amounts, dates and hours; longer ones may be phones or accounts.
LONG_DIGITS = 7
TOKEN_CHARACTERS = 40

# Every repetition is bounded or possessive: the cut is linear in the length of the text.
_CUT = re.compile(
    r"(?P<url>(?:https?://|www\.)[^\s<>\"“”]++)"
    r"|(?P<email>[a-z0-9._%+-]{1,64}+@[a-z0-9-]{1,63}+(?:\.[a-z0-9-]{1,63}+){1,4})"
    r"|(?P<bare>(?:[a-z0-9][a-z0-9-]{0,62}\.){1,5}(?:com|net|org|info|biz|io|co|vn|me|ly|xyz|top|site|"
    r"online|shop|app|link|club|vip|live|store|cc|tk|ru|cn|uk|de|fr|us|eu|in|gl|be|gg|example|test|"
    r"invalid)(?:/[^\s<>\"“”]*+)?(?![\w@]))"
    r"|(?P<handle>@\w[\w.-]*+)"
    r"|(?P<number>\+?\d++(?:[.,:/ -]\d++)*+)"
    r"|(?P<word>[^\W_]++(?:['’][^\W\d_]++)*+)"
    r"|(?P<stop>[.!?…]++(?=\s|$|[\"”'’)])|\n++|[。！？]++)"
    r"|(?P<quote>[\"“”«»„])"
    r"|(?P<opened>(?<![^\s(])['‘](?=\S))"
    r"|(?P<closed>(?<=\S)['’](?!\w))"
    r"|(?P<sign>[\U0001f1e6-\U0001faff\u2600-\u27bf]++)",
)
_TONES = dict(
    pair.split(">")
    for pair in [
        "oà>òa",
        "oá>óa",
        "oả>ỏa",
        "oã>õa",
        "oạ>ọa",
        "oè>òe",
        "oé>óe",
        "oẻ>ỏe",
        "oẽ>õe",
        "oẹ>ọe",
        "uỳ>ùy",
        "uý>úy",
        "uỷ>ủy",
        "uỹ>ũy",
        "uỵ>ụy",
    ]
)
_AFTER_Q = "qu"
_REPEATED = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True, slots=True)
class Tokens:
    """One text cut up.

    *words* are lower-case tokens; *places* their (start, end) in the clean text; *sentences* the
    running number of each word's sentence.
    *asking* holds the numbers of sentences that end in a question mark.
    *quoted* marks words between quotation marks.
    """

    clean: Clean
    words: Sequence[str]
    places: Sequence[tuple[int, int]]
    sentences: Sequence[int]
    asking: frozenset[int]
    quoted: frozenset[int]


def cut(shown: str) -> Tokens:
    """Cut one shown text into tokens."""
    cleaned = clean(shown)
    words: list[str] = []
    places: list[tuple[int, int]] = []
    sentences: list[int] = []
    asking: set[int] = set()
    quotes: list[tuple[str, int]] = []
    sentence = 0
    for found in _CUT.finditer(cleaned.low):
        kind = found.lastgroup
        piece = found.group()
        if kind == "stop":
            if "?" in piece or "？" in piece:
                asking.add(sentence)
            sentence += 1
            continue
        if kind in {"quote", "opened", "closed"}:
            quotes.append((kind, len(words)))
            continue
        words.append(_word(piece) if kind == "word" else _placeholder(kind, piece))
        places.append(found.span())
        sentences.append(sentence)
    quoted = _quoted(quotes) if quotes else frozenset()
    return Tokens(cleaned, words, places, sentences, frozenset(asking), quoted)


@lru_cache(maxsize=65_536)
def _word(piece: str) -> str:
    short = piece[:TOKEN_CHARACTERS].replace("’", "'")
    return tone_placed(_REPEATED.sub(r"\1\1", short))


def tone_placed(word: str) -> str:
    """Write a final oa, oe or uy with its tone on the first vowel: "hoá" and "hóa" are one word."""
    last = word[-2:]
    if last in _TONES and not word.endswith(_AFTER_Q, 0, -1):
        return word[:-2] + _TONES[last]
    return word


def _placeholder(kind: str | None, piece: str) -> str:
    if kind == "number":
        return LONG_NUMBER if sum(map(str.isdigit, piece)) >= LONG_DIGITS else NUMBER
    return {"url": URL, "bare": URL, "email": EMAIL, "handle": HANDLE}.get(kind or "", piece[:1])


def _quoted(quotes: list[tuple[str, int]]) -> frozenset[int]:
    inside: set[int] = set()
    double: int | None = None
    single: int | None = None
    for kind, at in quotes:
        if kind == "quote":
            if double is not None:
                inside.update(range(double, at))
            double = at if double is None else None
        elif kind == "opened":
            single = at
        elif single is not None:
            inside.update(range(single, at))
            single = None
    return frozenset(inside)
