"""Read the demo's hand-written templates and word single posts from them.

`stream.py` decides which post falls when; this module turns a template into its text.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

# Greetings and hashtags would ring false around these.
_BARE_KINDS = frozenset(
    {
        "harassment",
        "hate",
        "violence_threat",
        "self_harm_risk",
        "doxxing",
        "help_needed",
        "grief",
        "support",
        "reply",
    },
)

_OPENER_SHARE, _CLOSER_SHARE = 0.35, 0.35
_LOWER_SHARE, _NO_DIACRITICS_SHARE = 0.08, 0.03
_WAVE_EDITS = 2
_SLOT = re.compile(r"\{(\w+)\}")
_STOPS = (".", "!", "?", "…", ")")


@dataclass(frozen=True, slots=True)
class PlantedStatement:
    """A true sentence and the false claim that goes against it, for the demo's statement list."""

    policy: str
    en: str
    vi: str
    claim_en: str
    claim_vi: str


@dataclass(frozen=True, slots=True)
class Template:
    """One hand-written post with {slots}; *drift* marks the flood's wording."""

    text: str
    lang: str
    kind: str
    labels: tuple[str, ...]
    topic: str
    sentiment: str | None
    drift: bool


@dataclass(frozen=True, slots=True)
class Script:
    """The hand-written file; *templates* are keyed by kind, language and whether they drift."""

    slots: Mapping[str, Mapping[str, Sequence[str]]]
    openers: Mapping[str, Sequence[str]]
    closers: Mapping[str, Sequence[str]]
    templates: Mapping[tuple[str, str, bool], Sequence[Template]]
    wave: Template
    wave_slots: Mapping[str, Sequence[str]]
    statements: tuple[PlantedStatement, ...]


def worded(template: Template, rng: random.Random) -> str:
    """Fill the slots and vary the surroundings: greeting, hashtag, case, missing diacritics."""
    script, lang = demo_script(), template.lang
    parts = [template.text]
    if template.kind not in _BARE_KINDS:
        if rng.random() < _OPENER_SHARE:
            parts.insert(0, rng.choice(script.openers[lang]))
        if rng.random() < _CLOSER_SHARE:
            parts.append(_joined(parts.pop(), rng.choice(script.closers[lang])))
    text = _filled(" ".join(parts), script.slots, lang, rng)
    if rng.random() < _LOWER_SHARE:
        text = text.lower()
    if lang == "vi" and rng.random() < _NO_DIACRITICS_SHARE:
        text = _without_diacritics(text)
    return text


def wave_text(rng: random.Random) -> str:
    """Copy the wave's text with at most two of its words changed."""
    script = demo_script()
    words = {name: values[0] for name, values in script.wave_slots.items()}
    for name in rng.sample(sorted(words), k=rng.randint(0, _WAVE_EDITS)):
        words[name] = rng.choice(script.wave_slots[name])
    return _SLOT.sub(lambda slot: words[slot[1]], script.wave.text)


def _joined(text: str, closer: str) -> str:
    """Put a full stop before a closer that is a sentence."""
    sentence = closer[0].isalpha() and not text.endswith(_STOPS) and "{badlink}" not in text[-9:]
    return f"{text}{'.' if sentence else ''} {closer}"


def _filled(
    text: str, slots: Mapping[str, Mapping[str, Sequence[str]]], lang: str, rng: random.Random
) -> str:
    """Give each slot one value, the same wherever its name stands, with a capital at the start."""
    names = sorted(set(_SLOT.findall(text)))
    words = {name: rng.choice(slots[name][lang]) for name in names}
    filled = _SLOT.sub(lambda slot: words[slot[1]], text)
    return filled[:1].upper() + filled[1:]


def _without_diacritics(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", re.sub(r"[\u0300-\u036f]", "", plain))


@cache
def demo_script() -> Script:
    """Load the templates that ship with Evenhand."""
    raw = json.loads(
        files("evenhand.data").joinpath("samples/demo_stream.json").read_text("utf-8"),
    )
    templates: dict[tuple[str, str, bool], list[Template]] = {}
    for row in raw["templates"]:
        template = _template(row)
        key = (template.kind, template.lang, template.drift)
        templates.setdefault(key, []).append(template)
    return Script(
        slots=raw["slots"],
        openers=raw["openers"],
        closers=raw["closers"],
        templates=templates,
        wave=_template(raw["wave"]),
        wave_slots=raw["wave"]["slots"],
        statements=tuple(PlantedStatement(**row) for row in raw["statements"]),
    )


def _template(row: Mapping[str, object]) -> Template:
    labels = cast("list[str]", row["labels"])
    sentiment = row["sentiment"]
    return Template(
        text=str(row["text"]),
        lang=str(row["lang"]),
        kind=str(row["kind"]),
        labels=tuple(labels),
        topic=str(row["topic"]),
        sentiment=None if sentiment is None else str(sentiment),
        drift=bool(row.get("drift", False)),
    )
