"""Flags and reach on the coverage page: how often flags were right, and what was not reached."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, widgets
from evenhand.dashboard.charts import Stage
from evenhand.dashboard.jobs.measures import flags, judging
from evenhand.dashboard.jobs.measures.sheets import Sheet
from evenhand.dashboard.plain import plain_name
from evenhand.dashboard.views import coverage_parts
from evenhand.dashboard.views import coverage_words as worded
from evenhand.dashboard.widgets import Tile
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.measures.figures import Share
    from evenhand.dashboard.jobs.measures.flags import Flags
    from evenhand.dashboard.jobs.measures.judging import Bin, Part, SignPart
    from evenhand.dashboard.jobs.measures.reaching import Distance
    from evenhand.dashboard.shell import Shell

PART = "of"
# More bars than this are read in the table.
MOST_BARS = 15
# How precision is counted where roll-ups cannot part it.
MEASURES = {judging.SIGN: "precision_by_sign", judging.SCORE: "calibration"}
# Of what is counted whole or together: an interval would call it a sample.
WITHOUT_INTERVAL = ("spared", "collected")


def draw(shell: Shell, days: int) -> None:
    """Draw the part."""
    choices = (*judging.PARTS, judging.SIGN, judging.SCORE)
    words = {part: shell.say(f"coverage.flags_{part}") for part in choices}
    # The tiles do not depend on the choice, which stands with what it changes.
    tiles = st.container()
    widgets.section(shell, "coverage.precision", "coverage.precision_lead")
    part = coverage_parts.choice(shell.say("coverage.flags_by"), words, PART, judging.PARTS[0])
    found = flags.flags(shell.store, shell.actor, days, part, shell.now())
    with tiles:
        _tiles(shell, found)
    _precision(shell, found, part)
    _mix(shell, found)
    _reach(shell, found)


def _tiles(shell: Shell, found: Flags) -> None:
    shown = (
        ("skipped", found.skipped, "skip_rate"),
        ("escalated", found.escalated, "escalation_rate"),
        ("not_sure", found.not_sure, "not_sure_rate"),
        ("spared", found.spared, "wave_savings"),
        ("collected", found.collected, "collection_coverage"),
    )
    tiles = [_tile(shell, name, share, measure) for name, share, measure in shown]
    widgets.tiles(shell, tiles)


def _tile(shell: Shell, name: str, of: Share, measure: str) -> Tile:
    counts = shell.say(f"coverage.{name}_base", part=of.part, n=of.n)
    with_more = of.n and (name not in WITHOUT_INTERVAL or of.too_few)
    return Tile(
        label=shell.say(f"coverage.{name}_tile"),
        value=worded.percent(shell, of.value),
        base=f"{counts}, {worded.certainty(shell, of)}" if with_more else counts,
        definition=shell.say(f"coverage.def_{measure}"),
    )


def _precision(shell: Shell, found: Flags, part: str) -> None:
    whole = found.precision
    share = worded.share_with_interval(shell, whole)
    st.markdown(shell.say("coverage.precision_line", part=whole.part, n=whole.n, share=share))
    named = [(_named(shell, found, part, one.key), one.share) for one in found.parts]
    named += [(_sign(shell, one), one.share) for one in found.signs]
    named += [(_bin(shell, one), one.share) for one in found.bins]
    if not named:
        return
    _bars(shell, named[:MOST_BARS], "precision")
    if len(named) > MOST_BARS:
        widgets.quiet(shell.say("coverage.signs_more", n=len(named) - MOST_BARS))
    head = shell.say(f"coverage.flags_{part}").capitalize()
    measures = (MEASURES.get(part, "precision"),)
    sheet = _sheet(shell, f"precision-by-{part}", head, named)
    coverage_parts.numbers(shell, sheet, measures, wide=True)


def _sign(shell: Shell, one: SignPart) -> str:
    """Word a sign as the card does."""
    label = worded.slice_name(shell, "label", one.label, {})
    return shell.say(f"review.reason_{one.kind}", label=label, id=one.id)


def _bin(shell: Shell, one: Bin) -> str:
    return shell.say("coverage.score_from", low=shell.number(one.low), mean=round(one.mean, 2))


def _bars(shell: Shell, named: list[tuple[str, Share]], name: str) -> None:
    stages = [
        Stage(
            shell.say(
                f"coverage.{name}_bar",
                name=escape(words),
                part=share.part,
                n=share.n,
                share=worded.share_with_interval(shell, share),
            ),
            share.value,
        )
        for words, share in named
    ]
    parts = "; ".join(worded.unmarked(stage.words) for stage in stages)
    alt = shell.say(f"coverage.{name}_alt", parts=parts)
    coverage_parts.chart(charts.road(stages), name, alt)


def _named(shell: Shell, found: Flags, part: str, key: str) -> str:
    if part == "source_id":
        name = found.sources.get(key)
        return shell.say("coverage.no_source") if name is None else plain_name(name)
    if part == "model":
        return plain_name(key) or shell.say("coverage.no_model")
    return worded.slice_name(shell, part, key, {})


def _sheet(shell: Shell, name: str, head: str, named: list[tuple[str, Share]]) -> Sheet:
    columns = (
        head,
        *(shell.say(f"coverage.col_{one}") for one in ("count", "of", "share", "low", "high")),
    )
    rows = tuple(
        (words, one.part, one.n, one.value, *(one.interval or (None, None))) for words, one in named
    )
    return Sheet(name, columns, rows)


def _mix(shell: Shell, found: Flags) -> None:
    shown: list[Part] = [one for one in found.mix if one.share.n]
    if not shown:
        return
    widgets.section(shell, "coverage.mix")
    named = [(shell.say(f"terms.outcome_{one.key}"), one.share) for one in shown]
    _bars(shell, named, "mix")
    head = shell.say("coverage.col_outcome")
    sheet = _sheet(shell, "outcomes", head, named)
    coverage_parts.numbers(shell, sheet, ("outcome_mix",), wide=True)


def _reach(shell: Shell, found: Flags) -> None:
    widgets.section(shell, "coverage.reach")
    parts = (("lang", found.by_lang), ("source", found.by_source), ("hour", found.by_hour))
    for name, of in parts:
        st.markdown(_distance(shell, name, of))
    names = ("reach_by", "distance", "chance", "reviewed", "posts")
    columns = tuple(shell.say(f"coverage.col_{name}") for name in names)
    rows = tuple(
        (
            shell.say(f"coverage.reach_row_{name}"),
            _written(shell, of.value),
            _written(shell, of.by_chance),
            *(of.n, of.of),
        )
        for name, of in parts
    )
    sheet = Sheet("representativeness", columns, rows)
    coverage_parts.numbers(shell, sheet, ("representativeness",), wide=True)


def _written(shell: Shell, value: float | None) -> str | None:
    return None if value is None else forms.distance(value, shell.lang)


def _distance(shell: Shell, name: str, of: Distance) -> str:
    if of.value is None or of.by_chance is None:
        return shell.say(f"coverage.reach_{name}_few", n=of.n)
    word = "reach_far" if of.value > of.by_chance else "reach_near"
    return shell.say(
        f"coverage.reach_{name}",
        distance=forms.distance(of.value, shell.lang),
        n=of.n,
        of=of.of,
        chance=forms.distance(of.by_chance, shell.lang),
        said=shell.say(f"coverage.{word}"),
    )
