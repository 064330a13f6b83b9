"""How an alert is worded, on its page and in messages: what it is about, and why, in a sentence.

All of it is the glossary's words with numbers filled in; a name that somebody typed is never put
into a sentence but shown beside it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.words import forms, glossary
from evenhand.data.store.alerts import AlertKind
from evenhand.data.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping

# Which number of a reason decides between one and many.
COUNTED = {
    AlertKind.VOLUME_SPIKE: "posts",
    AlertKind.VOLUME_DROP: "posts",
    AlertKind.SILENT_SOURCE: "days",
    AlertKind.FAILING_SOURCE: "failures",
    AlertKind.SILENT_TEAM: "waiting",
    AlertKind.DEADLINE_RISK: "late",
    AlertKind.DRIFT: "alarms",
    AlertKind.PURGE_LAG: "texts",
}
WHOLE = ("all", "all_topics", "small_teams")
SHARES = ("before_low", "newest_high")


def kind(of: AlertKind, lang: str) -> str:
    """Name a kind of alert."""
    return glossary.say(f"alerts.kind_{of.value}", lang)


def about(subject: str, lang: str) -> str:
    """Say what an alert is about in our own words; "" where only a typed name could say it."""
    what, _, which = subject.partition(":")
    if what == "topic":
        entry = load_taxonomy().topics.get(which)
        return (
            ""
            if entry is None
            else glossary.say("alerts.about_topic", lang, topic=entry.wording[lang].name)
        )
    if what == "model":
        return glossary.say("alerts.about_model", lang, version=which)
    return glossary.say(f"alerts.about_{what}", lang) if what in WHOLE else ""


def why(of: AlertKind, reason: Mapping[str, float], lang: str) -> str:
    """Say in one sentence, with its numbers, why an alert is open."""
    key = f"alerts.why_{of.value}"
    if of is AlertKind.VOLUME_SPIKE and reason.get("so_far"):
        key += "_so_far"
    values: dict[str, object] = {name: _whole(number) for name, number in reason.items()}
    for name in SHARES:
        if name in reason:
            values[name] = forms.percent(reason[name], lang)
    if of in COUNTED:
        values["n"] = values[COUNTED[of]]
    if "hours" in reason:
        values["long"] = timedelta(hours=reason["hours"])
    return glossary.say(key, lang, **values)


def _whole(number: float) -> float:
    return int(number) if number == int(number) else number
