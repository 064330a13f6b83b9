"""The chapter on missed harm: what the random audits of unflagged posts say of the window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.estimates_audit import Audited, Cohort
from evenhand.dashboard.jobs.measures import missing
from evenhand.dashboard.jobs.measures.missing import Part
from evenhand.dashboard.jobs.reports_parts import Chapter, Table, count, estimate, rounded
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from evenhand.dashboard.jobs.reports_facts import Facts
    from evenhand.dashboard.jobs.reports_parts import Cell
    from evenhand.data.store.report_audits import AuditsThen

COLUMNS = ("policy", "share", "low", "high", "missed_seen", "audited")


def missed(facts: Facts) -> Chapter:
    """Tell how much of the harm was found, with its bounds, or that evidence is too thin."""
    found = facts.audits
    whole = _part(found)
    rows: list[tuple[Cell, ...]] = []
    for policy in (one.value for one in Policy):
        one = missing.recall(_part(found, policy))
        rows.append(
            (policy, rounded(one.value), rounded(one.low), rounded(one.high), one.seen, one.n)
        )
    return Chapter(
        "missed",
        (
            count("days_audited", len(found.audited)),
            estimate("recall", missing.recall(whole)),
            estimate("elusion", missing.elusion(whole)),
            estimate("prevalence", missing.prevalence(whole)),
        ),
        (Table("recall_by_policy", COLUMNS, tuple(rows) if found.audited else (), bar="share"),),
    )


def _part(found: AuditsThen, policy: str | None = None) -> Part:
    """Put together what was drawn and what was flagged; harm is that of one policy, or any."""
    drawn = found.drawn
    if policy is not None:
        drawn = tuple(
            one if one.harm is None else replace(one, harm=policy in one.policies) for one in drawn
        )
    tally = found.flagged
    harm = tally.found if policy is None else tally.by_policy[policy]
    least = min((one.least for one in found.audited if one.least is not None), default=1.0)
    cohort = Cohort(
        sum(one.frame for one in found.audited), tally.flagged, tally.decided, harm, least
    )
    return Part(tuple(Audited(one.inclusion, one.harm) for one in drawn), cohort)
