"""Where a flagged post waits, and how early its turn comes.

The order is expected harm × reach × staleness.
Its logarithm is fixed when the item is made: staleness grows by the same amount for all waiting
items, so only the differences count, and no index ever has to be rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import log, log2
from typing import TYPE_CHECKING

from evenhand.data.errors import InputError
from evenhand.data.records import Origin
from evenhand.data.tables import EPOCH
from evenhand.data.taxonomy import FAST_LABELS, Request, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from evenhand.data.records import Flag

FAST, HARM, REQUEST = "fast", "harm", "request"
QUEUES = (FAST, HARM, REQUEST)
AUDIT_SEVERITY = 1
# A flag without any score (a partner's word) still has a place in the order.
LEAST_SCORE = 0.01
# One day of waiting lifts an item as much as a harm e times as large.
HOURS_PER_E = 24
# Nobody waits longer than this without showing as overdue.
LONGEST_WAIT = {
    FAST: timedelta(hours=1),
    HARM: timedelta(hours=24),
    REQUEST: timedelta(hours=48),
}
_REQUESTS = frozenset(one.value for one in Request)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an item waits; *why* is the line that a reviewer reads, without any of the text."""

    queue: str
    label: str
    priority: float
    why: str
    due_at: datetime


def place(flags: Sequence[Flag], *, reach: int, lang: str, created_at: datetime) -> Placement:
    """Find the one queue for a post with these flags, and its place there.

    The flag with the largest expected harm (score × severity) leads; any label of the fast list
    puts the post into the fast queue; requests wait apart unless a harm is flagged too.
    Topic, sentiment and author have no part in it.

    Args:
        flags: At least one.
        reach: Public reactions, 0 or more.
        lang: Language of the post, named in the line of why.
        created_at: When the item is made.

    Raises:
        InputError: *flags* is empty, or a label is on no list.
    """
    if not flags:
        msg = "a post without flags is not put before people; place only flagged ones"
        raise InputError(msg)
    lead = max(flags, key=lambda one: (expected_harm(one), one.label))
    queue = _queue(flags)
    # The lead of the fast queue is a fast label, or its line would not say why it is there.
    if queue == FAST:
        fast = [one for one in flags if one.label in FAST_LABELS]
        lead = max(fast, key=lambda one: (expected_harm(one), one.label))
    hours = (created_at - EPOCH) / timedelta(hours=1)
    weight = expected_harm(lead) * log2(2 + max(0, reach))
    return Placement(
        queue=queue,
        label=lead.label,
        priority=log(weight) - hours / HOURS_PER_E,
        why=_why(lead, len(flags), max(0, reach), lang),
        due_at=created_at + LONGEST_WAIT[queue],
    )


def expected_harm(flag: Flag) -> float:
    """Weigh one flag: score × severity, never 0."""
    return max(LEAST_SCORE, flag.score) * severity_of(flag)


def severity_of(flag: Flag) -> int:
    """Look up how severe a flag's label is, 1 (nuisance) to 5 (life at risk)."""
    if flag.origin is Origin.AUDIT:
        return AUDIT_SEVERITY
    lists = load_taxonomy()
    entry = lists.policies.get(flag.label) or lists.requests.get(flag.label)
    if entry is None:
        msg = f"{flag.label!r} is no policy and no request; the lists are closed"
        raise InputError(msg)
    return max(1, entry.severity)


def _queue(flags: Sequence[Flag]) -> str:
    labels = {one.label for one in flags}
    if labels & FAST_LABELS:
        return FAST
    return REQUEST if labels <= _REQUESTS else HARM


def _why(lead: Flag, count: int, reach: int, lang: str) -> str:
    if lead.origin is Origin.AUDIT:
        # The audit is blind: its items read like any other (safeguard 2).
        return f"score {LEAST_SCORE:.2f}, severity {AUDIT_SEVERITY}, reach {reach}, {lang}"
    more = f", {count - 1} more" if count > 1 else ""
    return (
        f"{lead.label} {lead.score:.2f}{more}, severity {severity_of(lead)}, reach {reach}, {lang}"
    )
