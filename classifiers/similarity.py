"""How near two texts are: an exact key, and shingles that a signature keeps.

Method: Jaccard similarity of two-word shingles, found by MinHash (`similarity_window`); figures and
the choice of settings are in bench/README.md.  Nothing here knows an author: who wrote a text can
neither make nor break a wave.

A signature is made of hashes without a key, from which a list of likely words could be read back:
it is to be erased with the text it was made from.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING
from zlib import crc32

from evenhand.classifiers.links import MOST_LINKS
from evenhand.classifiers.similarity_text import wording
from evenhand.data.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.classifiers.similarity_text import Wording

VERSION = 1
# Fewer words than this are never grouped: "cảm ơn", "ok", "cứu với" are not one text.
FEWEST_EXACT = 6
# Fewer are only grouped when equal.  Measured on 60,000 made-up posts of 5 to 12 words that share
# phrases: at 8 words 0.5 % joined another text and 9 % of copies with two words replaced were
# found, at 10 words 0.2 % and 47 %, at 12 words 0.1 % and 86 %.
FEWEST_NEAR = 10
# Equal requests are one from so many words on, if a name or a long number tells whose.
FEWEST_NAMED = 8
# A request without any name or long number is only grouped from so many equal words on.
FEWEST_UNNAMED = 15
# How much of a request may be new behind or before the words that it shares.
STRICT_NEAR = 0.7
# A longer text is told by the shingles with the smallest hashes.
MOST_SHINGLES = 512

_HEAD = struct.Struct("<BB16s8sHHB")
_TELLING, _CASED, _PLAIN, _LINKED = 1, 2, 4, 8
_MOST_WORDS = 0xFFFF


@dataclass(frozen=True, slots=True)
class Signature:
    """What is kept of one text to tell its near-duplicates.

    *key* is the exact key, *details* a hash of its numbers and names, *words* their count.
    *telling*, *cased*: see `Wording`; *plain* says that the text has no accents, *linked* that its
    links are part of the key.
    *shingles* are sorted hashes of two words in a row without accents, *accents* for each a short
    hash with them, *links* hashes of the addresses.
    """

    key: bytes
    details: bytes
    words: int
    telling: bool
    cased: bool
    plain: bool
    linked: bool
    shingles: bytes
    accents: bytes
    links: bytes

    def pack(self) -> bytes:
        """Write the signature as bytes, the same on every machine, a version first."""
        flags = self.telling * _TELLING | self.cased * _CASED
        flags |= self.plain * _PLAIN | self.linked * _LINKED
        sizes = (len(self.accents), len(self.links) // 4)
        head = _HEAD.pack(VERSION, flags, self.key, self.details, self.words, *sizes)
        return b"".join([head, self.shingles, self.accents, self.links])

    def hashes(self) -> tuple[int, ...]:
        """Give the hashes of the shingles, smallest first."""
        return _numbers(self.shingles)


def unpack(data: bytes) -> Signature | None:
    """Read a stored signature; None means that another version made it: make it anew.

    Raises:
        InputError: *data* is of this version and was cut or changed.
    """
    if data[:1] != bytes([VERSION]):
        return None
    if len(data) >= _HEAD.size:
        _, flags, key, details, words, count, links = _HEAD.unpack_from(data)
        middle, end = _HEAD.size + 4 * count, _HEAD.size + 5 * count
        if len(data) == end + 4 * links:
            return Signature(
                key=key,
                details=details,
                words=words,
                telling=bool(flags & _TELLING),
                cased=bool(flags & _CASED),
                plain=bool(flags & _PLAIN),
                linked=bool(flags & _LINKED),
                shingles=data[_HEAD.size : middle],
                accents=data[middle:end],
                links=data[end:],
            )
    msg = f"A stored signature of {len(data)} bytes is damaged; make it again from the text"
    raise InputError(msg)


def signature(text: str) -> Signature:
    """Make the signature of *text*; the same text gives the same bytes everywhere."""
    read = wording(text)
    accented = _pairs(read.words)
    plain = read.words == read.folded
    folded = accented if plain else _pairs(read.folded)
    marks: dict[int, int] = {}
    for one, other in zip(folded, accented, strict=True):
        marks.setdefault(one, other & 0xFF)
    chosen = sorted(marks)[:MOST_SHINGLES]
    links = sorted({crc32(each.encode()) for each in read.links})[:MOST_LINKS]
    return Signature(
        key=_key(read),
        details=_digest("\n".join(read.details), 8),
        words=min(len(read.words), _MOST_WORDS),
        telling=read.telling,
        cased=read.cased,
        plain=plain,
        linked=bool(links) and len(read.words) < FEWEST_EXACT,
        shingles=struct.pack(f"<{len(chosen)}I", *chosen),
        accents=bytes(marks[each] for each in chosen),
        links=struct.pack(f"<{len(links)}I", *links),
    )


def exact_key(text: str) -> bytes:
    """Hash what two copies of one text have in common; 16 bytes.

    Links count only where there are too few words without them: a wave that changes its link stays
    one wave, and two links without a word stay two.
    Accents never count: a text typed without them meets its twin here.
    """
    return _key(wording(text))


def jaccard(one: Signature, other: Signature) -> float:
    """Give the share of shingles that two texts have in common, 0-1; 0 where neither has any.

    Exact unless a text has more shingles than are kept; then it is estimated from the smallest.
    """
    first, second = set(one.hashes()), set(other.hashes())
    union = first | second
    if not union:
        return 0.0
    shared = first & second
    if max(len(first), len(second)) < MOST_SHINGLES:
        return len(shared) / len(union)
    smallest = sorted(union)[:MOST_SHINGLES]
    return sum(each in shared for each in smallest) / len(smallest)


def can_be_exact(one: Signature) -> bool:
    """Say whether a text says enough to be grouped with its equals."""
    return one.words >= FEWEST_EXACT or one.linked


def can_be_near(one: Signature) -> bool:
    """Say whether a text is long enough to be grouped with texts that differ from it."""
    return one.words >= FEWEST_NEAR


def same_request(one: Signature, other: Signature) -> bool:
    """Say whether two requests are one: nothing that tells them apart may differ.

    Numbers and names are equal; one has every shingle of the other, so that no word was replaced;
    accents are equal, or one has none at all; neither links to what the other does not, unless it
    has no link; and there is a name, a long number, or much equal text.
    A second look at a request costs a minute, a call for help hidden under another one a life.
    """
    enough = FEWEST_NAMED if one.telling or other.telling else FEWEST_UNNAMED
    if min(one.words, other.words) < enough or not _links_agree(one, other):
        return False
    if one.key == other.key:
        return _accents_agree(one, other)
    whole = max(len(one.accents), len(other.accents)) < MOST_SHINGLES
    if one.details != other.details or not (one.cased and other.cased and whole):
        return False
    first, second = set(one.hashes()), set(other.hashes())
    contained = first <= second or second <= first
    return contained and jaccard(one, other) >= STRICT_NEAR and _accents_agree(one, other)


def _key(read: Wording) -> bytes:
    short = len(read.words) < FEWEST_EXACT
    parts = [" ".join(read.folded), *(sorted(set(read.links)) if short else ()), read.unread]
    return _digest("\n".join(parts), 16)


def _digest(text: str, size: int) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


def _pairs(words: Sequence[str]) -> list[int]:
    # CRC-32 never changes between versions or machines; that it can be forged only lets an author
    # join a wave, which copying its text does as well.
    return [crc32(f"{a} {b}".encode()) for a, b in pairwise(words)]


def _numbers(packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // 4}I", packed)


def _links_agree(one: Signature, other: Signature) -> bool:
    first, second = set(_numbers(one.links)), set(_numbers(other.links))
    return first <= second or second <= first


def _accents_agree(one: Signature, other: Signature) -> bool:
    if one.plain or other.plain:
        return True
    marks = dict(zip(one.hashes(), one.accents, strict=True))
    return all(
        marks.get(each, mark) == mark
        for each, mark in zip(other.hashes(), other.accents, strict=True)
    )
