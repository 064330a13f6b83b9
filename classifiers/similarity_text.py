"""One text → the words that near-duplicates are told by.

The cut is the one of `tokens`, so letters, unseen characters, tones and stretched words are treated
as everywhere else.  What differs between two copies of one text is taken away: case, spaces,
punctuation, emoji, mentions, a leading "RT", and what a link carries along.  Numbers stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from evenhand.classifiers.text import READ_CHARACTERS, fold
from evenhand.classifiers.tokens import (
    EMAIL,
    HANDLE,
    LONG_NUMBER,
    NUMBER,
    TOKEN_CHARACTERS,
    URL,
    cut,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.classifiers.tokens import Tokens

# Numbers of so many digits are house numbers, phones or sums; shorter ones may be any count.
TELLING_DIGITS = 3

_REPOSTED = "rt"
_SEPARATORS = re.compile("[.,:/ -]")
_LINK_END = ".,;:!?…)]}'’"
_HOST_START = re.compile(r"^(?:www|m)\.")
# What sharing buttons and mailings add to an address; none of it chooses the page.
_TRACKING = re.compile(
    r"(?:utm_\w*|fbclid|gclid|dclid|msclkid|yclid|twclid|igshid|igsh|mc_[ce]id|mibextid|zarsrc|"
    r"ref|ref_src|ref_url|spm|si|feature|_ga|share_id)",
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one text, in order.

    *words* keep their accents, *folded* have none; links stand in neither.
    *details* are the numbers and the names (words with a capital inside a sentence), each with the
    word after it, folded and sorted; *telling* says that one of them is a name or a long number.
    *cased* is False where nothing can be a name: all lower case, or all capitals.
    *unread* is the end of a text longer than what is read.
    """

    words: Sequence[str]
    folded: Sequence[str]
    links: Sequence[str]
    details: Sequence[str]
    telling: bool
    cased: bool
    unread: str


@dataclass(slots=True)
class _Kept:
    """The kept words, which of them start a sentence, and which have a capital."""

    words: list[str]
    starts: list[bool]
    capitals: list[bool]


def wording(text: str) -> Wording:
    """Read the words, links and details of *text*."""
    tokens = cut(text)
    shown, low = tokens.clean.text, tokens.clean.low
    kept = _kept(tokens)
    words = kept.words
    folded = fold(" ".join(words)).split(" ") if words else []
    details, telling = _details(kept, folded)
    return Wording(
        words=words,
        folded=folded,
        links=_links(tokens) if URL in tokens.words else (),
        details=details,
        telling=telling,
        cased=shown not in {low, shown.upper()},
        unread=text[READ_CHARACTERS:],
    )


def normalised(text: str) -> str:
    """Write *text* as its folded words and then its links: what two copies have in common.

    >>> normalised("RT @someone: Nước LÊN tới 1.200 m!! https://www.a.example/x/?utm_source=z#top")
    'nuoc len toi 1.200 m https://a.example/x'
    """
    read = wording(text)
    return " ".join([*read.folded, *read.links])


def plain_link(address: str) -> str:
    """Give the address without scheme's kind, `www.`, fragment, end slash and tracking parameters.

    Other parameters stay, sorted.
    An address that cannot be read is given back as it is, without the punctuation behind it.
    """
    bare = address.rstrip(_LINK_END)
    try:
        parts = urlsplit(bare if "//" in bare else f"//{bare}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return bare
    asked = sorted(
        each
        for each in parts.query.split("&")
        if each and not _TRACKING.fullmatch(each.split("=", 1)[0].lower())
    )
    place = f"{_HOST_START.sub('', host)}{f':{port}' if port else ''}{parts.path.rstrip('/')}"
    return f"https://{place}{'?' if asked else ''}{'&'.join(asked)}"


def _links(tokens: Tokens) -> list[str]:
    shown = tokens.clean.text
    places = zip(tokens.words, tokens.places, strict=True)
    return [plain_link(shown[start:end]) for word, (start, end) in places if word == URL]


def _kept(tokens: Tokens) -> _Kept:
    low, shown = tokens.clean.low, tokens.clean.text
    kept = _Kept([], [], [])
    before = None
    reposted = tuple(tokens.words[:2]) == (_REPOSTED, HANDLE)
    cuts = zip(tokens.words, tokens.places, tokens.sentences, strict=True)
    for found, (start, end), sentence in islice(cuts, 1 if reposted else 0, None):
        word = found
        if not word.isalpha() or end - start > TOKEN_CHARACTERS:
            word = _unshortened(word, low[start:end])
            if not word:
                continue
        kept.words.append(word)
        kept.starts.append(sentence != before)
        # "I" is the one word that English writes with a capital and that names nobody.
        kept.capitals.append(end - start > 1 and shown[start].isupper())
        before = sentence
    return kept


def _unshortened(word: str, piece: str) -> str:
    """Give what stands in the text for a placeholder or a shortened word; "" is left out."""
    if word in {URL, HANDLE}:
        return ""
    if word == NUMBER:
        return _SEPARATORS.sub(".", piece.lstrip("+"))
    if word == LONG_NUMBER:
        return "".join(filter(str.isdigit, piece))
    if word == EMAIL or len(piece) > TOKEN_CHARACTERS:
        # A shortened word would make two different long ones equal.
        return piece
    return word if word[0].isalnum() else ""


def _details(kept: _Kept, folded: Sequence[str]) -> tuple[list[str], bool]:
    found = set()
    telling = False
    for at, word in enumerate(kept.words):
        capital = kept.capitals[at]
        if not capital and word.isalpha():
            continue
        follower = at + 1 < len(folded) and not kept.starts[at + 1]
        digits = sum(map(str.isdigit, word))
        # A sentence begins with a capital anyway; two in a row are a name there too.
        name = capital and (not kept.starts[at] or (follower and kept.capitals[at + 1]))
        if name or digits:
            found.add(f"{folded[at]} {folded[at + 1] if follower else ''}")
            telling = telling or name or digits >= TELLING_DIGITS
    return sorted(found), telling
