"""Reduce a post to its skeleton, so that template farms and shared sentences show.

Two posts that differ only in a name, a number, a link or another word of
`data/samples/slots.toml` have the same skeleton. Vietnamese written without diacritics is kept
as it is: it counts as its own wording.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

TOKEN = "§"
# Links (also without a scheme), mail addresses and handles, hashtags, template slots, amounts.
CHANGING = re.compile(
    r"https?://\S+"
    r"|\S*\w\.(?:example|test|invalid)\b(?:/\S*)?"
    r"|(?<!\w)[@#]\w+"
    r"|\{\w+\}"
    r"|(?<!\w)[$€£]?\d(?:[\w.,:/-]*\w)?%?",
)
NEITHER_WORD_NOR_TOKEN = re.compile(rf"[^\w\s{TOKEN}]|_")
RUN_OF_TOKENS = re.compile(rf"{TOKEN}(?:\s+{TOKEN})+")


def skeleton(text: str) -> str:
    """Lower *text* and put one token for everything that a template would fill in."""
    plain = unicodedata.normalize("NFC", text).lower()
    plain = CHANGING.sub(f" {TOKEN} ", plain)
    plain = _slot_words().sub(f" {TOKEN} ", plain)
    plain = NEITHER_WORD_NOR_TOKEN.sub(" ", plain)
    return RUN_OF_TOKENS.sub(TOKEN, " ".join(plain.split()))


@cache
def _slot_words() -> re.Pattern[str]:
    raw = files("evenhand.data").joinpath("samples/slots.toml").read_text("utf-8")
    words = {word for listed in tomllib.loads(raw).values() for word in listed}
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
