"""The word lists of `lexicons/*.toml`, compiled into one tree that is walked once per text.

A file holds sections `[section.name]` with phrases per language.
In a phrase, `a|b` means either, a trailing `?` makes a word optional, and `_` is any one word.
Vietnamese phrases of two words or more are also found in text typed without accents, those of
the classes that a file lists as `unfolded` only from three words on: "bán mấy chiếc" without
accents reads like a threat.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import product
from math import prod
from typing import TYPE_CHECKING, cast

from evenhand.classifiers.respelling import respelling_of
from evenhand.classifiers.text import fold
from evenhand.classifiers.tokens import tone_placed
from evenhand.data.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evenhand.classifiers.respelling import Respelling

ANY = "_"
Place = tuple[int, int]
Places = dict[str, list[Place]]
# More uses of one class add nothing, and pairs of them would cost their square.
MOST_PLACES = 48
# Of one phrase: each spelling is a path in the tree.
MOST_SPELLINGS = 2_000
_SHORTEST_FOLDED = 2
_SHORTEST_UNFOLDED = 3
_FILES = (
    "masker",
    "words",
    "requests",
    "keys",
    "guards",
    "rules",
    "broad",
    "english",
    "vietnamese",
    "language",
    "statements",
)


# Classes of names of whom or what a text speaks.
_NAMES = frozenset(["group", "party", "country", "cased_country", "demonym", "organisation"])
# Most steps are the last of their phrase: they share this one, and it stays empty.
_NOTHING: dict[str, Node] = {}


class Node:
    """One step in the tree of phrases: the next words, and the classes that end here."""

    __slots__ = ("classes", "following")

    def __init__(self) -> None:
        self.following = _NOTHING
        self.classes: tuple[str, ...] = ()

    def grow(self, word: str) -> Node:
        """Give the step behind *word*, a new one where there is none."""
        node = self.following.get(word)
        if node is None:
            node = Node()
            if self.following is _NOTHING:
                self.following = {}
            self.following[word] = node
        return node


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All lists at once.

    *root* finds phrases as written; *folded* finds Vietnamese ones in text without accents.
    *alike* names English words that Vietnamese writes too ("mong", "tay"), with the classes that
    they have in English alone: in a Vietnamese text they are not those words.
    *teencode* maps short spellings to full ones, *respelling* disguised words to plain ones.
    *possessives* maps the English genitive of a name's last word to the word: "germany's".
    *tables* are the files as read, for the sections that are no word lists.
    """

    root: Node
    folded: Node
    alike: Mapping[str, frozenset[str]]
    teencode: Mapping[str, str]
    possessives: Mapping[str, str]
    respelling: Respelling
    tables: Mapping[str, Mapping[str, object]]
    digest: str

    def find(self, words: Sequence[str], *, unaccented: bool, vietnamese: bool = False) -> Places:
        """Find every phrase in *words*: class → places (first word, end), in text order."""
        places: Places = {}
        _walk(self.root, words, places)
        if vietnamese:
            _leave_out(self.alike, words, places)
        if unaccented:
            _walk(self.folded, [fold(word) for word in words], places)
        return places


@cache
def load_table(name: str) -> Mapping[str, object]:
    """Read one file alone, for whoever needs its lists and not the tree of all phrases."""
    return tomllib.loads(_read(name))


def _read(name: str) -> str:
    folder = files("evenhand.classifiers").joinpath("lexicons")
    return folder.joinpath(f"{name}.toml").read_text("utf-8")


@cache
def load_lexicon() -> Lexicon:
    """Compile the lists that ship with Evenhand."""
    texts = {name: _read(name) for name in _FILES}
    samples = files("evenhand.data").joinpath("samples/topic_words.toml")
    if samples.is_file():
        texts["topics"] = samples.read_text("utf-8")
    return compile_lexicon(texts)


def compile_lexicon(texts: Mapping[str, str]) -> Lexicon:
    """Compile TOML *texts* by file name.

    Raises:
        SettingsError: A file is not valid TOML.
    """
    tables: dict[str, Mapping[str, object]] = {}
    for name, text in texts.items():
        try:
            tables[name] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            msg = f"lexicon {name}.toml is not valid TOML ({error}); mend the line it names"
            raise SettingsError(msg) from error
    root, folded = Node(), Node()
    spelt: list[tuple[str, list[str]]] = []
    single: dict[str, dict[str, set[str]]] = {"en": {}, "vi": {}}
    ambiguous = {label for table in tables.values() for label in _strings(table.get("unfolded"))}
    named = [label for table in tables.values() for label in _strings(table.get("respelt"))]
    owners: set[str] = set()
    inside: set[str] = set()
    for label, lang, phrase in _phrases(tables):
        slots = _slots(phrase)
        _plant(root, slots, label)
        if lang == "en" and label in _NAMES:
            owners.update(word for word in slots[-1] if word)
            inside.update(word for slot in slots for word in slot)
        if label in named:
            spelt.extend((label, words) for words in _spelt_out(slots))
        if sum("" not in slot for slot in slots) == 1:
            for word in next(slot for slot in slots if "" not in slot):
                single[lang].setdefault(word, set()).add(label)
        if lang == "vi":
            shortest = _SHORTEST_UNFOLDED if label in ambiguous else _SHORTEST_FOLDED
            if len(slots) >= shortest:
                _plant(
                    folded, [[_folded(word) for word in slot] for slot in slots], label, shortest
                )
    teencode = cast("Mapping[str, str]", tables.get("language", {}).get("teencode", {}))
    joined = "\0".join(f"{name}\0{texts[name]}" for name in sorted(texts))
    digest = sha256(joined.encode()).hexdigest()
    alike = _alike(single, tables.get("language", {}))
    respelling = respelling_of(named, spelt)
    possessives = {f"{word}'s": word for word in owners if f"{word}'s" not in inside}
    return Lexicon(root, folded, alike, teencode, possessives, respelling, tables, digest)


def _alike(
    single: Mapping[str, Mapping[str, set[str]]], language: Mapping[str, object]
) -> dict[str, frozenset[str]]:
    lists = cast("Mapping[str, object]", language.get("lists", {}))
    both = single["en"].keys() & set(_strings(lists.get("unaccented")))
    return {word: frozenset(single["en"][word] - single["vi"].get(word, set())) for word in both}


def _strings(listed: object) -> list[str]:
    return [str(one) for one in listed] if isinstance(listed, list) else []


def expand(phrase: str) -> list[list[str]]:
    """Spell out the alternatives and optional words of one *phrase*.

    Raises:
        SettingsError: It would give more than `MOST_SPELLINGS`, which fill the memory.
    """
    return list(_spelt_out(_slots(phrase)))


def _spelt_out(slots: Sequence[Sequence[str]]) -> Iterable[list[str]]:
    spelt = ([word for word in words if word] for words in product(*slots))
    return (words for words in spelt if words)


def _slots(phrase: str) -> list[list[str]]:
    slots = []
    for word in phrase.lower().split():
        placed = [_tone_placed(each) for each in word.rstrip("?").split("|")]
        slots.append([*placed, ""] if word.endswith("?") else placed)
    if prod(map(len, slots)) > MOST_SPELLINGS:
        msg = f"the lexicon phrase {phrase[:60]!r} stands for too many spellings; split it up"
        raise SettingsError(msg)
    return slots


# The same few thousand words stand in many phrases.
_tone_placed = cache(tone_placed)
_folded = cache(fold)


def _phrases(
    tables: Mapping[str, Mapping[str, object]],
) -> Iterable[tuple[str, str, str]]:
    for name, table in tables.items():
        lists = table if name == "topics" else table.get("words", {})
        for label, langs in cast("Mapping[str, Mapping[str, list[str]]]", lists).items():
            for lang, phrases in langs.items():
                prefix = "topic:" if name == "topics" else ""
                for phrase in phrases:
                    yield prefix + label, lang, phrase


def _plant(root: Node, slots: Sequence[Sequence[str]], label: str, shortest: int = 1) -> None:
    """Plant all spellings of one phrase at once that have *shortest* words or more."""
    ends = [(root, 0)]
    for slot in slots:
        ends = [
            (node.grow(word), length + 1) if word else (node, length)
            for node, length in ends
            for word in slot
        ]
    for node, length in ends:
        if length >= shortest and label not in node.classes:
            node.classes = (*node.classes, label)


def _leave_out(alike: Mapping[str, frozenset[str]], words: Sequence[str], places: Places) -> None:
    for at, word in enumerate(words):
        for label in alike.get(word, ()):
            if (at, at + 1) in places.get(label, ()):
                places[label].remove((at, at + 1))
                if not places[label]:
                    del places[label]


def _walk(root: Node, words: Sequence[str], places: Places) -> None:
    first = root.following
    for at, word in enumerate(words):
        node = first.get(word)
        if node is not None:
            _step(node, words, at, at + 1, places)


def _step(node: Node, words: Sequence[str], start: int, at: int, places: Places) -> None:
    for label in node.classes:
        found = places.setdefault(label, [])
        if len(found) < MOST_PLACES and (start, at) not in found[-4:]:
            found.append((start, at))
    if at >= len(words) or not node.following:
        return
    for step in (words[at], ANY):
        following = node.following.get(step)
        if following is not None:
            _step(following, words, start, at + 1, places)
