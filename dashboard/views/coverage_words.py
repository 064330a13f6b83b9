"""How the coverage page words its figures: shares, sentences, and the rows of its tables."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from babel import Locale

from evenhand.dashboard.charts import Stage
from evenhand.dashboard.jobs.measures import arriving, reviewing, waiting
from evenhand.dashboard.jobs.measures.sheets import Sheet
from evenhand.dashboard.jobs.measures.teaming import SMALL
from evenhand.dashboard.plain import plain_name
from evenhand.dashboard.views import queues_words
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evenhand.dashboard.jobs.measures.figures import Share
    from evenhand.dashboard.jobs.measures.missing import Missing
    from evenhand.dashboard.jobs.measures.overview import Overview
    from evenhand.dashboard.jobs.measures.sheets import Cell
    from evenhand.dashboard.shell import Shell

DASH = "–"
# Whole percents are enough beside an interval, but nothing is rounded up to all, or down to none.
ALMOST_ALL, ALMOST_NONE = 0.99, 0.01


def percent(shell: Shell, value: float | None) -> str:
    """Write a share in whole percents; only all is 100 % and only none is 0 %."""
    if value is None:
        return DASH
    if ALMOST_ALL < value < 1:
        return shell.say("coverage.over_99")
    if 0 < value < ALMOST_NONE:
        return shell.say("coverage.under_1")
    return forms.percent(round(value, 2), shell.lang)


def share(shell: Shell, of: Share) -> str:
    """Write a share, or why there is none."""
    return certainty(shell, of) if of.value is None else percent(shell, of.value)


def certainty(shell: Shell, of: Share) -> str:
    """Write the interval of a share, or why there is none."""
    if of.n == 0:
        return shell.say("coverage.no_cases")
    if of.interval is None:
        return shell.say("coverage.too_few", n=of.n)
    low, high = (percent(shell, end) for end in of.interval)
    return shell.say("coverage.interval", low=low, high=high)


def review_line(shell: Shell, of: Share, days: int) -> str:
    """Say in one sentence how much of what was put before people is decided."""
    if of.n == 0:
        return shell.say("coverage.road_none", days=days)
    if of.interval is None:
        return shell.say("coverage.road_few", n=of.n, part=of.part, days=days)
    low, high = (percent(shell, end) for end in of.interval)
    return shell.say(
        "coverage.road_line",
        n=of.n,
        part=of.part,
        days=days,
        share=percent(shell, of.value),
        low=low,
        high=high,
    )


def missed_line(shell: Shell, found: Missing) -> str:
    """Say how much harm was found and missed, or that no audit was drawn."""
    if not found.audited:
        return shell.say("coverage.missed")
    one, gone, days = found.whole.recall, found.whole.missed, len(found.audited)
    low, high = (percent(shell, end) for end in (one.low, one.high))
    ends = {"low": low, "high": high, "least": floor(gone.low), "most": ceil(gone.high)}
    if one.value is None:
        return shell.say("coverage.missed_bounds", days=days, n=one.n, **ends)
    share = percent(shell, one.value)
    return shell.say("coverage.missed_line", days=days, n=one.n, share=share, **ends)


def stages(shell: Shell, found: Overview) -> list[Stage]:
    """Word the steps of the road; near-copies have one where there are any."""
    flagged = arriving.flagged(found.arrived)
    steps = [
        ("flagged", flagged),
        ("decided", reviewing.review_coverage(found.items)),
        ("posts", reviewing.posts_decided(found.items, found.behind)),
        ("answered", reviewing.response_coverage(found.items)),
    ]
    if not found.behind.posts:
        del steps[2]
    whole = Stage(shell.say("coverage.stage_arrived", n=flagged.n), 1.0 if flagged.n else None)
    return [
        whole,
        *(
            Stage(
                shell.say(
                    f"coverage.stage_{name}", part=step.part, n=step.n, share=share(shell, step)
                ),
                step.value,
            )
            for name, step in steps
        ),
    ]


def wave_line(shell: Shell, found: Overview) -> str:
    """Say of the flagged posts how many have an item of their own, and how many are decided."""
    whole = reviewing.posts_decided(found.items, found.behind)
    by_wave = reviewing.decided_by_wave(found.behind)
    return shell.say(
        "coverage.wave_sum",
        all=whole.n,
        own=whole.n - by_wave.n,
        behind=by_wave.n,
        decided=whole.part,
        by_own=whole.part - by_wave.part,
        by_wave=by_wave.part,
    )


def waiting_lines(shell: Shell, found: Overview) -> list[str]:
    """Say what waits for a decision, and what for an answer."""
    now = shell.now()
    oldest = waiting.oldest_at(found.undecided)
    lines = [shell.say("coverage.waits_none")]
    if oldest is not None:
        lines = [
            shell.say(
                "coverage.waits_line",
                n=waiting.backlog(found.undecided),
                age=now - oldest,
                overdue=waiting.overdue(found.undecided),
            ),
        ]
    if (answers := found.unanswered) is not None:
        age = now - answers.oldest_at
        lines.append(shell.say("coverage.answers_line", n=answers.items, age=age))
    return lines


def waiting_rows(shell: Shell, found: Overview) -> list[tuple[str, waiting.Waits]]:
    """Name the queues that hold something, and what waits for an answer."""
    rows = [(shell.say(f"terms.queue_{one.queue}"), one) for one in found.undecided]
    if found.unanswered is not None:
        rows.append((shell.say("coverage.for_answer"), found.unanswered))
    return rows


def road_sheet(shell: Shell, found: Overview) -> Sheet:
    """Make the table of the road: counts, what each is a share of, and the interval."""
    # Near-copies are decided together: an interval would call them independent.
    together = ("by_wave", "posts")
    steps: tuple[tuple[str, Share | int], ...] = (
        ("arrived", arriving.arrived(found.arrived)),
        ("flagged", arriving.flagged(found.arrived)),
        ("made", reviewing.made(found.items)),
        ("review", reviewing.review_coverage(found.items)),
        ("by_wave", reviewing.decided_by_wave(found.behind)),
        ("posts", reviewing.posts_decided(found.items, found.behind)),
        ("response", reviewing.response_coverage(found.items)),
        ("harm", reviewing.harm(found.items)),
        ("void", reviewing.void(found.items)),
    )
    columns = _columns(shell, "step", "count", "of", "share", "low", "high")
    rows = (
        (
            shell.say(f"coverage.row_{name}"),
            *((*cells[:3], None, None) if name in together else cells),
        )
        for name, cells in ((name, _counted(figure)) for name, figure in steps)
    )
    return Sheet("road", columns, tuple(rows))


def _counted(figure: Share | int) -> tuple[Cell, ...]:
    if isinstance(figure, int):
        return (figure, None, None, None, None)
    part, *rate = _rate(figure)
    return (part, figure.n, *rate)


def _rate(figure: Share) -> tuple[Cell, ...]:
    low, high = figure.interval or (None, None)
    return (figure.part, figure.value, low, high)


def split_stages(shell: Shell, found: Overview, by: str) -> list[Stage]:
    """Word how much of each part of the items is decided."""
    return [
        Stage(
            shell.say(
                "coverage.split_line",
                part=_part(shell, by, line.key),
                decided=line.reviewed.part,
                n=line.reviewed.n,
                share=share_with_interval(shell, line.reviewed),
            ),
            line.reviewed.value,
        )
        for line in reviewing.split(found.items, by)
    ]


def share_with_interval(shell: Shell, of: Share) -> str:
    """Write a share with its interval, or why there is none."""
    if of.interval is None:
        return certainty(shell, of)
    low, high = (percent(shell, end) for end in of.interval)
    return shell.say("coverage.split_share", share=percent(shell, of.value), low=low, high=high)


def split_sheet(shell: Shell, found: Overview, by: str) -> Sheet:
    """Make the table of items split by queue, reason or language."""
    head = shell.say(f"coverage.split_{by}").capitalize()
    made, decided, review, harm, asked, answered, responded, void = _columns(
        shell, "made", "decided", "review", "harm", "asked", "answered", "response", "void"
    )
    ends = _columns(shell, "low", "high")
    rows = (
        (
            _part(shell, by, line.key),
            line.made,
            *_rate(line.reviewed),
            line.harm,
            line.responded.n,
            *_rate(line.responded),
            line.void,
        )
        for line in reviewing.split(found.items, by)
    )
    columns = (
        *(head, made, decided, review, *(f"{review}, {end}" for end in ends)),
        *(harm, asked, answered, responded, *(f"{responded}, {end}" for end in ends), void),
    )
    return Sheet(f"items-by-{by}", columns, tuple(rows))


def _part(shell: Shell, by: str, key: str) -> str:
    if key == reviewing.REST:
        return shell.say("coverage.rest")
    if by == "queue":
        return shell.say(f"terms.queue_{key}")
    if by == "lang":
        name = Locale(shell.lang).languages.get(key)
        return name or shell.say("coverage.unknown_lang")
    return queues_words.counted_label(shell, key)


def slice_name(shell: Shell, by: str, key: str, teams: Mapping[int, str]) -> str:
    """Name a queue, a reason, a language or a team; those of *teams* are other people's text."""
    return team_name(shell, int(key), teams) if by == "team_id" else _part(shell, by, key)


def team_name(shell: Shell, team_id: int, teams: Mapping[int, str]) -> str:
    """Name a team, those too small for a line of their own, or what is routed to none."""
    if team_id == SMALL:
        return shell.say("coverage.team_small")
    if team_id not in teams:
        return shell.say("coverage.team_any")
    return plain_name(teams[team_id])


def waiting_sheet(shell: Shell, rows: Sequence[tuple[str, waiting.Waits]]) -> Sheet:
    """Make the table of what waits."""
    columns = (
        *_columns(shell, "queue"),
        *(shell.say(f"coverage.band_{band}") for band in range(waiting.BANDS)),
        *_columns(shell, "all", "overdue", "oldest"),
    )
    cells: Iterable[tuple[Cell, ...]] = (
        (name, *one.by_age, one.items, one.overdue, shell.moment(one.oldest_at))
        for name, one in rows
    )
    return Sheet("waiting", columns, tuple(cells))


def _columns(shell: Shell, *names: str) -> tuple[str, ...]:
    return tuple(shell.say(f"coverage.col_{name}") for name in names)


def cell(shell: Shell, value: Cell) -> str:
    """Write one cell of a table: counts, shares, days and texts, each by its rule."""
    if isinstance(value, float):
        return percent(shell, value)
    return DASH if value is None else forms.value(value, shell.lang)


def table(shell: Shell, sheet: Sheet) -> list[dict[str, str]]:
    """Write a sheet for reading."""
    return [
        dict(zip(sheet.columns, (cell(shell, value) for value in row), strict=True))
        for row in sheet.rows
    ]


def separators(shell: Shell) -> str:
    """Give the signs for decimals and thousands, in this order, as charts want them."""
    symbols = Locale(shell.lang).number_symbols["latn"]
    return f"{symbols['decimal']}{symbols['group']}"


def file_name(shell: Shell, sheet: Sheet) -> str:
    """Name a sheet's file; figures of the demo say so wherever they go."""
    simulated = "simulated-" if shell.settings.demo else ""
    return f"evenhand-{simulated}{sheet.name}-{shell.now():%Y-%m-%d}.csv"


def unmarked(words: str) -> str:
    """Take the bold type out of a chart's words, for whoever hears them read aloud."""
    return words.replace("</b><br>", ": ").replace("<b>", "").replace("</b>", "")
