"""The chapters on means: models, the statement list, what was erased, numbers, and the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from evenhand.dashboard.jobs.estimates_time import Wait
from evenhand.dashboard.jobs.measures import purging
from evenhand.dashboard.jobs.reports_figures import SECONDS
from evenhand.dashboard.jobs.reports_parts import Chapter, Table, count, hours
from evenhand.data.records import Outcome
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from evenhand.dashboard.jobs.reports_facts import Facts
    from evenhand.dashboard.jobs.reports_parts import Cell

LABELS = tuple(one.value for one in (*Policy, *Request))


def means(facts: Facts) -> Chapter:
    """Tell which models tagged, with their thresholds, their gate and their limits."""
    models: list[tuple[Cell, ...]] = []
    thresholds: list[tuple[Cell, ...]] = []
    bounds: list[tuple[Cell, ...]] = []
    limits: list[tuple[Cell, ...]] = []
    for one in facts.means:
        gate = one.gate or {}
        passed = cast("bool | None", gate.get("passed"))
        models.append(
            (one.version, facts.posts.models.get(one.version, 0), one.content_hash or None, passed)
        )
        scores = cast("Mapping[str, float]", one.card.get("thresholds") or {})
        thresholds += [
            (one.version, label, scores.get(label)) for label in LABELS if label in scores
        ]
        bounds += [
            (
                one.version,
                told.get("name"),
                told.get("bound"),
                told.get("measured"),
                told.get("passed"),
            )
            for told in cast("Iterable[Mapping[str, Cell]]", gate.get("bounds") or ())
        ]
        said = cast("Iterable[str]", one.card.get("limits") or ())
        limits += [(one.version, limit) for limit in said]
    return Chapter(
        "means",
        (),
        (
            Table("models", ("model", "posts", "content_hash", "gate"), tuple(models)),
            Table("thresholds", ("model", "label", "threshold"), tuple(thresholds)),
            Table(
                "gate", ("model", "gate_bound", "gate_limit", "measured", "holds"), tuple(bounds)
            ),
            Table("limits", ("model", "limit"), tuple(limits)),
        ),
    )


def statements(facts: Facts) -> Chapter:
    """Print the statement list of the window."""
    rows = [
        (
            one.id,
            one.policy,
            one.lang,
            " / ".join(one.wordings),
            one.what_is_true,
            one.source_name,
            one.source_url,
            one.approved_at.date(),
            one.expires_at.date(),
            None if one.ended_at is None else one.ended_at.date(),
        )
        for one in facts.statements
    ]
    columns = (
        "statement",
        "policy",
        "lang",
        "wordings",
        "what_is_true",
        "source_name",
        "source_url",
        "approved",
        "expires",
        "ended",
    )
    return Chapter(
        "statements",
        (count("statements_in_force", len(rows)),),
        (Table("statements", columns, tuple(rows)),),
    )


def kept(facts: Facts) -> Chapter:
    """Tell what was erased, and by how many entries of the ledger that is proved."""
    gone = facts.kept
    lag = purging.lag([_purge(*times, facts.at) for times in gone.since])
    return Chapter(
        "kept",
        (
            count("texts_erased", gone.by_age),
            count("erasures", gone.runs),
            count("posts_deleted", gone.deleted),
            count("texts_purged", gone.texts),
            hours("purge_lag_median", lag.median, lag.n),
            hours("purge_lag_p95", lag.p95, lag.n),
        ),
        (Table("retention", ("days",), tuple((days,) for days in gone.days)),),
    )


def _purge(gone_at: datetime, ended_at: datetime | None, at: datetime) -> Wait:
    waited = ((ended_at or at) - gone_at).total_seconds() / SECONDS
    return Wait(max(0.0, waited), ended_at is not None)


def numbers(facts: Facts) -> Chapter:
    """Give the numbers that the Santa Clara Principles ask for, as far as they can be known."""
    said = [one.said for one in facts.items if one.said is not None]
    harm = [one for one in said if one.outcome == Outcome.VIOLATES.value]
    found = {
        "posts_flagged_by_machine": sum(
            n for (_, origin), n in facts.flags.items() if origin in {"model", "rule"}
        ),
        "posts_flagged_by_others": sum(
            n for (_, origin), n in facts.flags.items() if origin == "partner"
        ),
        "items_decided": len(said),
        "items_found_harmful": len(harm),
        "decisions_by_machine_alone": 0,
        "appeals_filed": len(facts.appeals),
        "appeals_overturned": sum(one.result == "overturned" for one in facts.appeals),
    }
    return Chapter("numbers", (), (Table("numbers", ("number", "value"), tuple(found.items())),))


def ledger(facts: Facts) -> Chapter:
    """Give the head of the ledger's chain and whether the chain holds."""
    row = (facts.ledger_seq, facts.ledger_hash, facts.ledger_holds)
    return Chapter("ledger", (), (Table("ledger", ("entries", "hash", "chain"), (row,)),))
