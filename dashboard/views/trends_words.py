"""How the trends page words its figures: names, points, ratios, and the rows of its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.dashboard.charts_trends import Point, Ratio
from evenhand.dashboard.jobs.measures import topics
from evenhand.dashboard.jobs.measures.rising import Move
from evenhand.dashboard.jobs.measures.sheets import Sheet
from evenhand.dashboard.views.coverage_words import DASH, percent
from evenhand.dashboard.words import forms
from evenhand.data.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from evenhand.dashboard.jobs.measures.figures import Share
    from evenhand.dashboard.jobs.measures.rising import Change, Changes, Step, Toned, Volume
    from evenhand.dashboard.jobs.measures.sheets import Cell
    from evenhand.dashboard.jobs.measures.trends import Trends
    from evenhand.dashboard.shell import Shell

# A name of several words takes several lines beside a grid, or nothing is left for the grid.
LONGEST_LINE = 16


def topic(shell: Shell, name: str) -> str:
    """Name a topic."""
    return load_taxonomy().topics[name].wording[shell.lang].name


def points(shell: Shell, days: Sequence[date], one: Volume) -> list[Point]:
    """Word each point of a topic."""
    return [
        Point(step.posts, step.low, step.high, _point(shell, day, step))
        for day, step in zip(days, one.steps, strict=True)
    ]


def _point(shell: Shell, day: date, step: Step) -> str:
    if step.posts is None:
        return shell.say("trends.point_none", day=day)
    return shell.say("trends.point", day=day, posts=step.posts, low=step.low, high=step.high)


def volume_name(shell: Shell, one: Volume) -> str:
    """Name a topic with its posts."""
    return shell.say("trends.volume_name", topic=topic(shell, one.topic), posts=one.posts)


def volume_alt(shell: Shell, found: Trends, one: Volume) -> str:
    """Describe a topic's chart by its sum, its least and its most."""
    shown = [step.posts for step in one.steps if step.posts is not None]
    return shell.say(
        "trends.volume_alt",
        topic=topic(shell, one.topic),
        first=found.steps[0],
        last=found.window.last,
        posts=one.posts,
        least=min(shown, default=0),
        most=max(shown, default=0),
    )


def volumes_sheet(shell: Shell, found: Trends) -> Sheet:
    """Make the table of posts by topic and day, the newest day of each topic first."""
    rows: Iterable[tuple[Cell, ...]] = (
        (topic(shell, one.topic), day, step.posts, step.low, step.high)
        for one in found.volumes
        for day, step in reversed(list(zip(found.steps, one.steps, strict=True)))
    )
    columns = _columns(shell, "topic", "day", "posts", "low", "high")
    return Sheet("topics-by-day", columns, tuple(rows))


def civic_sheet(shell: Shell, found: Trends) -> Sheet:
    """Make the table of civic posts by day, the newest first."""
    rows = tuple(zip(found.days, found.civic_by_day, strict=True))
    return Sheet("civic-by-day", _columns(shell, "day", "posts"), tuple(reversed(rows)))


# --- what rises -------------------------------------------------------------------------------


def change_name(shell: Shell, one: Change) -> str:
    """Name a topic, or all posts."""
    return topic(shell, one.topic) if one.topic else shell.say("trends.everything")


def ratios(shell: Shell, found: Changes) -> list[Ratio]:
    """Word each ratio, that of all posts first."""
    return [
        Ratio(
            f"<b>{change_name(shell, one)}</b><br>{_ratio(shell, one)}",
            *(one.ratio, one.low, one.high, one.move.value),
        )
        for one in _changes(found)
    ]


def _changes(found: Changes) -> list[Change]:
    return [] if found.everything is None else [found.everything, *found.topics]


def _ratio(shell: Shell, one: Change) -> str:
    return shell.say(
        "trends.ratio_words",
        ratio=one.ratio,
        low=one.low,
        high=one.high,
        before=one.before,
        recent=one.recent,
    )


def rising_lines(shell: Shell, found: Changes) -> list[str]:
    """Say in sentences which topics rise, and which are new."""
    up = [change_name(shell, one) for one in found.topics if one.move is Move.RISING]
    lines = [shell.say("trends.rising_line", names=", ".join(up))] if up else []
    if not up:
        lines.append(shell.say("trends.rising_none"))
    if found.fresh:
        names = ", ".join(topic(shell, name) for name in found.fresh)
        lines.append(shell.say("trends.fresh_line", names=names))
    return lines


def ratio_alt(shell: Shell, found: Changes) -> str:
    """Describe the ratios one after the other."""
    rows = "; ".join(
        f"{change_name(shell, one)} ×{shell.number(one.ratio)}, "
        f"{shell.say(f'trends.move_{one.move.value}')}"
        for one in _changes(found)
    )
    return shell.say("trends.ratio_alt", rows=f"{rows}.")


def changes_sheet(shell: Shell, found: Changes) -> Sheet:
    """Make the table of ratios."""
    columns = _columns(shell, "topic", "recent", "before", "ratio", "low", "high", "move")
    rows = (
        (
            change_name(shell, one),
            *(one.recent, one.before, one.ratio, one.low, one.high),
            shell.say(f"trends.move_{one.move.value}"),
        )
        for one in _changes(found)
    )
    return Sheet("rising-topics", columns, tuple(rows))


# --- topics and sentiments --------------------------------------------------------------------


def tones(shell: Shell, found: Trends) -> list[str]:
    """Name the columns of sentiments; posts without one have theirs only where there are some."""
    named = [shell.say(f"terms.sentiment_{tone}") for tone in topics.TONES[:-1]]
    if any(one.row.posts[-1] is not None for one in found.tones):
        named.append(shell.say("trends.tone_none"))
    return named


def tone_rows(shell: Shell, found: Trends) -> list[str]:
    """Name the rows, in several lines where the name is long."""
    return [_wrapped(topic(shell, one.row.topic)) for one in found.tones]


def _wrapped(name: str) -> str:
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) >= LONGEST_LINE:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)


def tone_cells(shell: Shell, one: Toned, columns: int) -> list[str]:
    """Word the cells of a row: posts, and below them the share with its interval."""
    found = []
    for at in range(columns):
        posts = one.row.posts[at]
        count = one.shares[at] if at < len(one.shares) else None
        lines = [DASH if posts is None else f"<b>{shell.number(posts)}</b>"]
        if count is not None and count.interval is not None:
            low, high = (percent(shell, end) for end in count.interval)
            lines += [percent(shell, count.value), f"{low}–{high}"]
        found.append("<br>".join(lines))
    return found


def tones_alt(shell: Shell, found: Trends) -> str:
    """Describe the grid by its largest cell."""
    names = tones(shell, found)
    largest, row, column = max(
        (value or 0, row, column)
        for row, one in enumerate(found.tones)
        for column, value in enumerate(one.row.posts[: len(names)])
    )
    return shell.say(
        "trends.tones_alt",
        topic=topic(shell, found.tones[row].row.topic),
        tone=names[column],
        n=largest,
    )


def tones_sheet(shell: Shell, found: Trends) -> Sheet:
    """Make the table of topics and sentiments, a row for each cell."""
    names = tones(shell, found)
    columns = _columns(shell, "topic", "sentiment", "posts", "share", "low", "high")
    rows: Iterable[tuple[Cell, ...]] = (
        (
            topic(shell, one.row.topic),
            name,
            one.row.posts[at],
            *_share(one.shares[at] if at < len(one.shares) else None),
        )
        for one in found.tones
        for at, name in enumerate(names)
    )
    return Sheet("topics-and-sentiments", columns, tuple(rows))


def _share(of: Share | None) -> tuple[float | None, float | None, float | None]:
    if of is None or of.interval is None:
        return None, None, None
    return of.value, *of.interval


# --- tables -----------------------------------------------------------------------------------


def _columns(shell: Shell, *names: str) -> tuple[str, ...]:
    return tuple(shell.say(f"trends.col_{name}") for name in names)


def table(shell: Shell, sheet: Sheet, *, shares: bool) -> list[dict[str, str]]:
    """Write a sheet for reading; fractions are shares, or plain numbers such as ratios."""
    return [
        dict(zip(sheet.columns, (_cell(shell, cell, shares) for cell in row), strict=True))
        for row in sheet.rows
    ]


def _cell(shell: Shell, value: Cell, shares: bool) -> str:  # noqa: FBT001 - one fact, named by its only caller
    if value is None:
        return DASH
    if isinstance(value, float) and shares:
        return percent(shell, value)
    return forms.value(value, shell.lang)
