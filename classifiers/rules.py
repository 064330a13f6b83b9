"""Rules over the characters of a text: addresses, identity numbers, phone numbers.

They run on RE2 or in a bounded search, so the time is linear in the length of the text whatever
stands in it.
The expressions are data: `[[expressions]]` of `lexicons/rules.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import re2

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evenhand.classifiers.lexicon import Lexicon
    from evenhand.classifiers.reading import Reading

READ_BY_RULES = 5_000
# Regions whose local way of writing a phone number is tried; a number with +… fits any.
PHONE_REGIONS = ("VN", "US", "GB")


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule found in one text; *span* counts in characters of the shown text."""

    id: str
    label: str
    strength: str
    span: tuple[int, int]


class Expressions:
    """All expressions as one RE2 set: one pass says which of them occur."""

    def __init__(self, lexicon: Lexicon) -> None:
        raw = cast("Sequence[Mapping[str, object]]", lexicon.tables["rules"]["expressions"])
        self.entries = tuple(raw)
        self.singles = [re2.compile(str(entry["pattern"])) for entry in raw]
        self.together = re2.Set.SearchSet()
        for entry in raw:
            self.together.Add(str(entry["pattern"]))
        self.together.Compile()

    def find(self, reading: Reading) -> list[Hit]:
        """Find every expression in one text, at its first place."""
        low = reading.tokens.clean.low[:READ_BY_RULES]
        hits: list[Hit] = []
        for at in sorted(self.together.Match(low) or ()):
            found = self.singles[at].search(low)
            if found is None:
                continue
            entry = self.entries[at]
            span = reading.tokens.clean.shown(*found.span())
            labels = cast("Sequence[str]", entry["labels"])
            rule, strength = str(entry["id"]), str(entry["strength"])
            hits.extend(Hit(rule, label, strength, span) for label in labels)
        return hits


def phone_spans(reading: Reading) -> list[tuple[int, int]]:
    """Find phone numbers that could be dialled; asked only of texts with a long number."""
    from phonenumbers import Leniency, PhoneNumberMatcher  # noqa: PLC0415 - heavy and seldom asked

    text = reading.tokens.clean.text[:READ_BY_RULES]
    spans: set[tuple[int, int]] = set()
    for region in PHONE_REGIONS:
        for match in PhoneNumberMatcher(text, region, leniency=Leniency.POSSIBLE, max_tries=20):
            spans.add(reading.tokens.clean.shown(match.start, match.end))
    return sorted(spans)
