"""The closed lists: nine harm policies, three requests, 17 topics, three sentiments.

The lists are enums in code (safeguard 1): no setting adds to them.
`taxonomy.toml` only words them, in English and Vietnamese; a file with another key, a missing
key or a missing language is refused.
Topics are the top terms of the IPTC Media Topics; their names in the DSA transparency database
and in AT Protocol's report reasons are facts of those standards.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from evenhand.data.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LANGUAGES = ("en", "vi")
EXAMPLES_PER_SIGN = 2


class Policy(StrEnum):
    """The only harms that Evenhand knows."""

    SCAM_FRAUD = "scam_fraud"
    SPAM = "spam"
    HARASSMENT = "harassment"
    HATE = "hate"
    VIOLENCE_THREAT = "violence_threat"
    SELF_HARM_RISK = "self_harm_risk"
    HEALTH_MISINFORMATION = "health_misinformation"
    DISASTER_MISINFORMATION = "disaster_misinformation"
    DOXXING = "doxxing"


class Request(StrEnum):
    """The only ways in which a post asks the team for something."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    HELP_NEEDED = "help_needed"


class Topic(StrEnum):
    """IPTC Media Topics top terms ("human interest" lies in *society*), and *other*."""

    ARTS_MEDIA = "arts_media"
    CONFLICT = "conflict"
    CRIME_JUSTICE = "crime_justice"
    DISASTER = "disaster"
    ECONOMY = "economy"
    EDUCATION = "education"
    ENVIRONMENT = "environment"
    HEALTH = "health"
    LABOUR = "labour"
    LIFESTYLE = "lifestyle"
    POLITICS = "politics"
    RELIGION = "religion"
    SCIENCE_TECH = "science_tech"
    SOCIETY = "society"
    SPORT = "sport"
    WEATHER = "weather"
    OTHER = "other"


class Sentiment(StrEnum):
    """Three-way sentiment; never computed for a civic post."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


CIVIC = "civic"
CIVIC_TOPICS = frozenset(
    {Topic.POLITICS, Topic.RELIGION, Topic.LABOUR, Topic.CONFLICT, Topic.SOCIETY},
)
# Covered until the reviewer asks for the text, and put into the fast queue (DESIGN §7).
FAST_LABELS = frozenset(
    {Policy.SELF_HARM_RISK, Policy.VIOLENCE_THREAT, Request.HELP_NEEDED},
)


@dataclass(frozen=True, slots=True)
class Wording:
    """One policy, request or topic in one language.

    *positives* and *negatives* are example posts, two each for policies and requests.
    """

    name: str
    definition: str
    not_this: str
    positives: tuple[str, ...]
    negatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One policy, request or topic.

    *severity* runs from 1 (nuisance) to 5 (life at risk) and is 0 for topics; *covered* hides the
    text until asked for; *dsa* and *atproto* name the nearest category of those standards.
    """

    id: str
    severity: int
    covered: bool
    dsa: str | None
    atproto: str | None
    wording: Mapping[str, Wording]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The worded lists and their version (a hash of the file)."""

    version: str
    policies: Mapping[str, Entry]
    requests: Mapping[str, Entry]
    topics: Mapping[str, Entry]

    def entry(self, label: str) -> Entry:
        """Find a policy or a request.

        Raises:
            SettingsError: *label* is on neither list.
        """
        found = self.policies.get(label) or self.requests.get(label)
        if found is None:
            msg = f"{label!r} is no policy and no request; the lists are closed (docs/concepts.md)"
            raise SettingsError(msg)
        return found


def is_civic(topics: Iterable[str]) -> bool:
    """Say whether any of *topics* is civic; an unknown topic counts as civic (in doubt, civic).

    >>> is_civic(["health"]), is_civic(["health", "labour"]), is_civic(["no such topic"])
    (False, True, True)
    """
    known = {topic.value for topic in Topic}
    return any(topic in CIVIC_TOPICS or topic not in known for topic in topics)


@cache
def load_taxonomy() -> Taxonomy:
    """Load the wording that ships with Evenhand."""
    return parse_taxonomy(files("evenhand.data").joinpath("taxonomy.toml").read_text("utf-8"))


def parse_taxonomy(text: str) -> Taxonomy:
    """Read a wording file.

    Raises:
        SettingsError: A key is unknown or missing, or a wording is incomplete.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"taxonomy.toml is not valid TOML ({error}); mend the line it names"
        raise SettingsError(msg) from error
    lists: dict[str, dict[str, Entry]] = {}
    for section, members in (("policies", Policy), ("requests", Request), ("topics", Topic)):
        lists[section] = _section(raw, section, [member.value for member in members])
    if extra := set(raw) - set(lists):
        msg = f"taxonomy.toml has unknown sections {sorted(extra)}; only {sorted(lists)} exist"
        raise SettingsError(msg)
    version = sha256(text.encode()).hexdigest()[:12]
    return Taxonomy(version, lists["policies"], lists["requests"], lists["topics"])


def _section(raw: Mapping[str, object], section: str, members: list[str]) -> dict[str, Entry]:
    found = cast("Mapping[str, Mapping[str, object]]", raw.get(section) or {})
    unknown, missing = set(found) - set(members), set(members) - set(found)
    if unknown or missing:
        msg = (
            f"taxonomy.toml [{section}]: unknown {sorted(unknown)}, missing {sorted(missing)}; "
            "the list is closed: word exactly its members"
        )
        raise SettingsError(msg)
    return {label: _entry(section, label, found[label]) for label in members}


def _entry(section: str, label: str, raw: Mapping[str, object]) -> Entry:
    examples = 0 if section == "topics" else EXAMPLES_PER_SIGN
    wording = {lang: _wording(f"{section}.{label}", lang, raw, examples) for lang in LANGUAGES}
    severity = raw.get("severity", 0)
    if not isinstance(severity, int) or not 0 <= severity <= 5:  # noqa: PLR2004 - the scale of Entry
        msg = f"taxonomy.toml {section}.{label}: severity must be a whole number 0-5"
        raise SettingsError(msg)
    dsa, atproto = raw.get("dsa"), raw.get("atproto")
    return Entry(
        id=label,
        severity=severity,
        covered=bool(raw.get("covered", False)),
        dsa=None if dsa is None else str(dsa),
        atproto=None if atproto is None else str(atproto),
        wording=wording,
    )


def _wording(place: str, lang: str, raw: Mapping[str, object], examples: int) -> Wording:
    block = cast("Mapping[str, object]", raw.get(lang) or {})
    positives = tuple(cast("list[str]", block.get("positives", [])))
    negatives = tuple(cast("list[str]", block.get("negatives", [])))
    if not block.get("name") or min(len(positives), len(negatives)) < examples:
        msg = f"taxonomy.toml {place}.{lang}: needs a name and {examples} examples of each sign"
        raise SettingsError(msg)
    return Wording(
        name=str(block["name"]),
        definition=str(block.get("definition", "")),
        not_this=str(block.get("not_this", "")),
        positives=positives,
        negatives=negatives,
    )
