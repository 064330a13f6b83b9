"""What the coverage page shows of flags and reach, read in one state of the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.measures import figures, judging, reaching, reviewing
from evenhand.data.records import Role
from evenhand.data.store import (
    gaps,
    rollup_came,
    rollup_outcomes,
    rollups,
    signs_judged,
    sources,
    waves_counted,
)
from evenhand.data.store.rollup_came import Came

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from evenhand.dashboard.jobs.measures.figures import Share
    from evenhand.dashboard.jobs.measures.judging import Bin, Part, SignPart
    from evenhand.dashboard.jobs.measures.reaching import Distance
    from evenhand.data.records import Actor
    from evenhand.data.store.connect import Store
    from evenhand.data.store.rollups import ItemCounts

NEEDED = ("label", "outcome", "policy")


@dataclass(frozen=True, slots=True)
class Flags:
    """How good flags were, what was decided, and whether what was read is like what came in.

    *sources* are names by the numbers that stand in *parts* where they go by source.
    """

    precision: Share
    parts: tuple[Part, ...]
    signs: tuple[SignPart, ...]
    bins: tuple[Bin, ...]
    mix: tuple[Part, ...]
    skipped: Share
    escalated: Share
    not_sure: Share
    spared: Share
    collected: Share
    by_lang: Distance
    by_source: Distance
    by_hour: Distance
    sources: Mapping[str, str]


def flags(store: Store, actor: Actor, days: int, part: str, now: datetime) -> Flags:
    """Read the last *days* days for anybody who works here, precision parted by *part*.

    Parted by sign or score, *parts* is empty and *signs* or *bins* are not; only then are items
    read.

    Raises:
        NotAllowed: The actor has no role.
    """
    access.require(actor, *Role)
    window = figures.window(days, now)
    in_rollups = part in judging.PARTS
    by = tuple(dict.fromkeys((*NEEDED, part))) if in_rollups else NEEDED
    with store.read() as conn:
        outcomes = rollup_outcomes.read(conn, window, by=by)
        items = rollups.item_totals(conn, window, by=("label", "lang"))
        by_source = rollups.item_totals(conn, window, by=("label", "source_id"))
        posts = rollup_came.read(conn, window)
        hours = rollup_came.decided_by_hour(conn, window, sorted(reviewing.LABELS))
        arrived = rollups.source_arrivals(conn, window)
        behind = waves_counted.behind(conn, window)
        read = gaps.read_days(conn, window)
        judged = [] if in_rollups else signs_judged.read(conn, window)
        names = {one.id: one.spec.name for one in sources.list_all(conn)}
    came = {str(key): sum(one.arrived for one in some) for key, some in arrived.items()}
    return Flags(
        precision=judging.precision(outcomes),
        parts=tuple(judging.precision_by(outcomes, part)) if in_rollups else (),
        signs=tuple(judging.precision_by_sign(judged)) if part == judging.SIGN else (),
        bins=tuple(judging.calibration(judged)) if part == judging.SCORE else (),
        mix=tuple(judging.outcome_mix(outcomes)),
        skipped=judging.skip_rate(items),
        escalated=judging.escalation_rate(items),
        not_sure=judging.not_sure_rate(items),
        spared=reaching.wave_savings(reviewing.posts_decided(items, behind), behind),
        collected=reaching.collection_coverage(read),
        by_lang=reaching.representativeness(_decided(items, "lang"), posts[Came.LANG]),
        by_source=reaching.representativeness(_decided(by_source, "source_id"), came),
        by_hour=reaching.representativeness(hours, posts[Came.HOUR]),
        sources=names,
    )


def _decided(items: Iterable[ItemCounts], by: str) -> dict[str, int]:
    """Count what was flagged and is decided; what was drawn at random is another sample."""
    found: dict[str, int] = {}
    for one in items:
        if one.label in reviewing.LABELS:
            key = str(getattr(one, by))
            found[key] = found.get(key, 0) + one.decided
    return {key: count for key, count in found.items() if count}
