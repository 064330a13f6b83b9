"""The second key, and the guards that take it back.

A *key* is a pattern over phrases found in one text: for hate, a group beside a word that
dehumanises.
A score without a key never puts a post before a person (DESIGN §6).
A *guard* is a pattern that speaks against it: a quotation, a warning, news, a joke.
Keys and guards are data: `lexicons/keys.toml`, `lexicons/guards.toml`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from evenhand.classifiers.masker import near
from evenhand.data.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evenhand.classifiers.lexicon import Lexicon, Place
    from evenhand.classifiers.reading import Reading

QUOTATION = "quotation"
KEY_FILES = ("keys", "requests", "rules", "broad")
GUARD_FILES = ("guards",)
STRONG, ALONE, WEAK = "strong", "alone", "weak"
DROP, DOUBT = "drop", "doubt"
# A post that is nearly all quotation marks quotes nobody: it is written that way.
_MOSTLY_QUOTED = 0.8
_DEFAULT_WINDOW = 6
_FIELDS = frozenset(
    ["labels", "id", "all", "window", "scope", "ordered", "none", "strength", "effect", "asking"],
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One entry of the key or guard list.

    *all* are classes that must all be found, each with alternatives; *none* are classes that may
    not stand in the same sentence (with scope "text": anywhere).
    Neighbours in *all* lie at most *window* words apart; with *ordered* in the given order.
    *strength*: "strong" may stand alone where the model is off, "alone" also where it is on,
    "weak" always needs the score and gives "check" at most.
    *effect* of a guard: "drop" takes the key back, "doubt" lowers a flag to a check.
    """

    id: str
    kind: str
    labels: tuple[str, ...]
    all: tuple[tuple[str, ...], ...]
    none: tuple[str, ...]
    window: int
    whole_text: bool
    ordered: bool
    asking: bool
    strength: str
    effect: str


@dataclass(frozen=True, slots=True)
class Match:
    """One pattern found in one text, with its places in words."""

    pattern: Pattern
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one text shows: keys and guards per label, and labels whose keys are only quoted."""

    keys: Mapping[str, tuple[Match, ...]]
    guards: Mapping[str, tuple[Match, ...]]
    quoted: frozenset[str]


class Patterns:
    """A compiled list, asked only for the classes that a text has."""

    def __init__(self, lexicon: Lexicon, names: Sequence[str]) -> None:
        self.all = tuple(
            _pattern(entry, name)
            for name in names
            for entry in cast("list[Mapping[str, object]]", lexicon.tables[name]["patterns"])
        )
        self.by_class: dict[str, list[Pattern]] = defaultdict(list)
        for pattern in self.all:
            for label in pattern.all[0]:
                self.by_class[label].append(pattern)

    def candidates(self, reading: Reading) -> Iterator[Pattern]:
        """Give the patterns that can match, each once."""
        seen: set[int] = set()
        for label in reading.places:
            for pattern in self.by_class.get(label, ()):
                if id(pattern) not in seen:
                    seen.add(id(pattern))
                    yield pattern


def weigh(reading: Reading, keys: Patterns, guards: Patterns) -> Evidence:
    """Find the keys in one text and, for labels that have one, the guards."""
    found: dict[str, list[Match]] = defaultdict(list)
    quoted: set[str] = set()
    for pattern in keys.candidates(reading):
        places, in_quotes = _find(pattern, reading)
        if places:
            for label in pattern.labels:
                found[label].append(Match(pattern, places))
        elif in_quotes:
            quoted.update(pattern.labels)
    if not found:
        return Evidence({}, {}, frozenset(quoted))
    against: dict[str, list[Match]] = defaultdict(list)
    for pattern in guards.candidates(reading):
        if found.keys().isdisjoint(pattern.labels):
            continue
        places, _ = _find(pattern, reading, heed_quotes=False)
        for label in pattern.labels if places else ():
            against[label].append(Match(pattern, places))
    return Evidence(
        {label: tuple(matches) for label, matches in found.items()},
        {label: tuple(matches) for label, matches in against.items()},
        frozenset(quoted - set(found)),
    )


def _find(
    pattern: Pattern, reading: Reading, *, heed_quotes: bool = True
) -> tuple[tuple[Place, ...], bool]:
    quoted = reading.tokens.quoted if heed_quotes else frozenset()
    if len(quoted) > _MOSTLY_QUOTED * len(reading.tokens.words):
        quoted = frozenset()
    in_quotes = False
    for places in _chains(pattern, reading, ()):
        if _forbidden(pattern, reading, places):
            continue
        if quoted and all(place[0] in quoted for place in places[-1:]):
            in_quotes = True
            continue
        return places, False
    return (), in_quotes


def _chains(
    pattern: Pattern, reading: Reading, chain: tuple[Place, ...]
) -> Iterator[tuple[Place, ...]]:
    if len(chain) == len(pattern.all):
        yield chain
        return
    for label in pattern.all[len(chain)]:
        for place in reading.places.get(label, ()):
            if not chain or _joins(pattern, reading, chain, place):
                yield from _chains(pattern, reading, (*chain, place))


def _joins(pattern: Pattern, reading: Reading, chain: tuple[Place, ...], place: Place) -> bool:
    if place in chain:
        return False
    if pattern.whole_text:
        return not pattern.ordered or place[0] >= chain[-1][1]
    if pattern.ordered and place[0] < chain[-1][1]:
        return False
    same = reading.sentence(place) == reading.sentence(chain[-1])
    return same and near(chain[-1], place, pattern.window)


def _forbidden(pattern: Pattern, reading: Reading, places: tuple[Place, ...]) -> bool:
    sentence = reading.sentence(places[-1])
    if pattern.asking and sentence not in reading.tokens.asking:
        return True
    return any(
        pattern.whole_text or reading.sentence(place) == sentence
        for label in pattern.none
        for place in reading.places.get(label, ())
    )


def _pattern(entry: Mapping[str, object], name: str) -> Pattern:
    if extra := set(entry) - _FIELDS:
        msg = f"{name}.toml: pattern {entry.get('id')} has unknown fields {sorted(extra)}"
        raise SettingsError(msg)
    classes = cast("Sequence[str]", entry["all"])
    return Pattern(
        id=str(entry["id"]),
        kind={"guards": "guard", "rules": "rule"}.get(name, "key"),
        labels=tuple(cast("Sequence[str]", entry["labels"])),
        all=tuple(tuple(each.split("|")) for each in classes),
        none=tuple(cast("Sequence[str]", entry.get("none", ()))),
        window=cast("int", entry.get("window", _DEFAULT_WINDOW)),
        whole_text=entry.get("scope") == "text",
        ordered=bool(entry.get("ordered", False)),
        asking=bool(entry.get("asking", False)),
        strength=str(entry.get("strength", "strong")),
        effect=str(entry.get("effect", "drop")),
    )
