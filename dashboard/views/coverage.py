"""The coverage page: what came in, what people looked at, what waits, and how old it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, widgets
from evenhand.dashboard.jobs.measures import (
    arriving,
    figures,
    missing,
    overview,
    reviewing,
    waiting,
)
from evenhand.dashboard.views import coverage_flags, coverage_purge, coverage_teams, coverage_times
from evenhand.dashboard.views import coverage_words as worded
from evenhand.dashboard.views.coverage_parts import chart, choice, numbers
from evenhand.dashboard.widgets import Tile

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.measures.figures import Share
    from evenhand.dashboard.jobs.measures.overview import Overview
    from evenhand.dashboard.shell import Shell

# The names of the choices in the address: /coverage?days=90&part=times.
DAYS, PART, SPLIT = "days", "part", "by"
USUAL = 28
# Drawn one at a time: each costs what it shows.
PARTS = ("road", "times", "teams", "flags")


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "coverage.title", "coverage.lead")
    # One below the other: in a row they scroll on a telephone, and the last part is out of sight.
    days, part = _window(shell), _part(shell)
    with widgets.told(shell):
        window = figures.window(days, shell.now())
        widgets.quiet(shell.say("coverage.window_line", first=window.first, last=window.last))
        if part == "times":
            coverage_times.draw(shell, days)
            coverage_purge.draw(shell, days)
        elif part == "teams":
            coverage_teams.draw(shell, days)
        elif part == "flags":
            coverage_flags.draw(shell, days)
        else:
            _from_post_to_answer(shell, days)


def _window(shell: Shell) -> int:
    words = {str(days): shell.say("coverage.window_days", days=days) for days in figures.WINDOWS}
    return int(choice(shell.say("coverage.window"), words, DAYS, str(USUAL)))


def _part(shell: Shell) -> str:
    words = {part: shell.say(f"coverage.part_{part}") for part in PARTS}
    return choice(shell.say("coverage.part"), words, PART, PARTS[0])


def _from_post_to_answer(shell: Shell, days: int) -> None:
    found = overview.overview(shell.store, shell.actor, days, shell.now())
    widgets.tiles(shell, _tiles(shell, found, days))
    _road(shell, found, days)
    _split(shell, found)
    _waits(shell, found)


def _tiles(shell: Shell, found: Overview, days: int) -> list[Tile]:
    flagged = arriving.flagged(found.arrived)
    backlog = waiting.backlog(found.undecided)
    oldest = waiting.oldest_at(found.undecided)
    age = shell.say("coverage.backlog_none")
    if oldest is not None:
        age = shell.say("coverage.backlog_base", age=shell.now() - oldest)
    share = worded.share(shell, flagged)
    return [
        _tile(
            shell,
            "arrived",
            shell.number(flagged.n),
            shell.say("coverage.arrived_base", days=days),
        ),
        _tile(
            shell,
            "flagged",
            shell.number(flagged.part),
            shell.say("coverage.flagged_base", share=share, n=flagged.n),
        ),
        _rate(shell, "review", reviewing.review_coverage(found.items)),
        _rate(shell, "response", reviewing.response_coverage(found.items)),
        _tile(shell, "backlog", shell.number(backlog), age),
        _tile(
            shell,
            "overdue",
            shell.number(waiting.overdue(found.undecided)),
            shell.say("coverage.overdue_base", n=backlog),
        ),
    ]


def _tile(shell: Shell, name: str, value: str, base: str) -> Tile:
    label, definition = shell.say(f"coverage.{name}_tile"), shell.say(f"coverage.def_{name}")
    return Tile(label, value, base, definition)


def _rate(shell: Shell, name: str, share: Share) -> Tile:
    counts = shell.say(f"coverage.{name}_base", part=share.part, n=share.n)
    return Tile(
        label=shell.say(f"coverage.{name}_tile"),
        value=worded.percent(shell, share.value),
        base=f"{counts}, {worded.certainty(shell, share)}" if share.n else counts,
        definition=shell.say(f"coverage.def_{name}_coverage"),
    )


def _road(shell: Shell, found: Overview, days: int) -> None:
    review = reviewing.review_coverage(found.items)
    widgets.section(shell, "coverage.road")
    st.markdown(worded.review_line(shell, review, days))
    response = reviewing.response_coverage(found.items)
    flagged = arriving.flagged(found.arrived)
    alt = shell.say(
        "coverage.road_alt",
        arrived=flagged.n,
        flagged=flagged.part,
        decided=review.part,
        made=review.n,
        answered=response.part,
        asked=response.n,
    )
    chart(charts.road(worded.stages(shell, found)), "road", alt)
    if found.behind.posts:
        st.markdown(worded.wave_line(shell, found))
    numbers(
        shell,
        worded.road_sheet(shell, found),
        (
            *("arrived", "flagged", "made", "review_coverage", "decided_by_wave"),
            *("posts_decided", "response_coverage", "harm", "void", "recall", "missed"),
        ),
        wide=True,
    )
    if voided := reviewing.void(found.items):
        widgets.quiet(shell.say("coverage.void_line", n=voided))
    st.markdown(worded.missed_line(shell, missing.read(shell.store, found.window)))


def _split(shell: Shell, found: Overview) -> None:
    if not found.items:
        return
    widgets.section(shell, "coverage.split")
    words = {by: shell.say(f"coverage.split_{by}") for by in reviewing.SPLITS}
    chosen = choice(shell.say("coverage.split_by"), words, SPLIT, reviewing.SPLITS[0])
    stages = worded.split_stages(shell, found, chosen)
    parts = "; ".join(worded.unmarked(stage.words) for stage in stages)
    chart(charts.road(stages), "split", shell.say("coverage.split_alt", parts=parts))
    numbers(
        shell,
        worded.split_sheet(shell, found, chosen),
        ("made", "review_coverage", "harm", "response_coverage", "void"),
        wide=True,
    )


def _waits(shell: Shell, found: Overview) -> None:
    widgets.section(shell, "coverage.waits")
    for line in worded.waiting_lines(shell, found):
        st.markdown(line)
    rows = worded.waiting_rows(shell, found)
    if not rows:
        return
    bands = [
        charts.Named(
            shell.say(f"coverage.band_{band}"),
            tuple(counts.by_age[band] for _, counts in rows),
        )
        for band in range(waiting.BANDS)
    ]
    sums = {f"b{place}": sum(band.values) for place, band in enumerate(bands)}
    figure = charts.ages([name for name, _ in rows], bands, worded.separators(shell))
    chart(figure, "waits", shell.say("coverage.waits_alt", **sums))
    numbers(
        shell,
        worded.waiting_sheet(shell, rows),
        ("backlog", "by_age", "overdue", "oldest_at", "unanswered"),
        wide=True,
    )
