"""Hides who a post is about: names of groups, parties, countries and organisations.

Every name of one class becomes the same token, so no score can depend on which name it is.
The names stand in `lexicons/masker.toml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from evenhand.classifiers.lexicon import Place, Places

GROUP, COUNTRY, PARTY, ORGANISATION = "group", "country", "party", "organisation"
MASKS = {
    GROUP: "mask_group",
    COUNTRY: "mask_country",
    PARTY: "mask_party",
    ORGANISATION: "mask_org",
}
# Some names take one and others do not: with it, equal sentences would differ.
_ARTICLES = frozenset(["the", "nước"])
_BEFORE_COUNTRIES = frozenset(["nước", "phủ", "đội", "người", "dân", "quán", "tướng"])
_PEOPLE_HEADS = frozenset(["người", "dân", "bọn", "lũ", "tụi", "đám", "thằng", "con"])


def settle(words: Sequence[str], places: Places, capitals: Container[int] = ()) -> None:
    """Decide for each demonym and country whether it means people or a place.

    A demonym before a word for people, or in "the X are", is a group; before a word for a state
    it is a country; else it is a group, which hides it all the same.
    "người" or "dân" before a country is a group.
    A short Vietnamese name of a country counts only at a word of *capitals* or behind "nước"
    and the like: "đức" alone is a virtue.
    """
    demonyms = places.pop("demonym", [])
    states = {start for start, _ in places.pop("government_word", [])}
    people = {start for start, _ in places.pop("people_word", [])}
    for start, end in demonyms:
        label = COUNTRY if end in states and end not in people else GROUP
        last = end + 1 if end in people else end
        places.setdefault(label, []).append((start, last))
    countries = places.setdefault(COUNTRY, [])
    countries.extend(
        place
        for place in places.pop("cased_country", ())
        if place[0] in capitals or (place[0] and words[place[0] - 1] in _BEFORE_COUNTRIES)
    )
    for place in list(countries):
        if place[0] and words[place[0] - 1] in _PEOPLE_HEADS:
            countries.remove(place)
            places.setdefault(GROUP, []).append((place[0] - 1, place[1]))


def mask(words: Sequence[str], places: Places) -> list[str]:
    """Replace each name by its class; its further words become empty."""
    named = sorted(
        (place[0] - place[1], place, label) for label in MASKS for place in places.get(label, ())
    )
    if not named:
        return list(words)
    masked = list(words)
    taken: set[int] = set()
    for _, (start, end), label in named:
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            masked[start:end] = [MASKS[label], *[""] * (end - start - 1)]
            if start and words[start - 1] in _ARTICLES:
                masked[start - 1] = ""
    return masked


def near(first: Place, second: Place, window: int) -> bool:
    """Say whether at most *window* words lie between two places that do not overlap."""
    gap = max(first[0] - second[1], second[0] - first[1])
    return 0 <= gap <= window
