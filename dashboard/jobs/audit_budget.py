"""The weekly budget of reading unflagged posts: its use, what another would buy, who sets it.

One person proposes a budget and another puts it in force (safeguard 2); what it will buy is shown
before it is set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evenhand.dashboard.jobs import access
from evenhand.dashboard.jobs.estimates_audit import WIDEST, expected_interval
from evenhand.dashboard.jobs.measures import figures, missing, missing_reach
from evenhand.data.records import Role
from evenhand.data.store import budgets, draws, people, sources

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from evenhand.dashboard.jobs.measures.missing import Missing, Part
    from evenhand.dashboard.jobs.measures.missing_reach import Weighted
    from evenhand.data.records import Actor
    from evenhand.data.store.budgets import SetBudget
    from evenhand.data.store.connect import Store
    from evenhand.data.store.draws import Budget

SEEING = (Role.COORDINATOR, Role.ANALYST, Role.ADMIN)
# Audits are read together over this long: one week of them says too little.
DAYS, WEEKS = 28, 4
# Without an earlier number: as much harm is missed as was found.
ASSUMED_RECALL = 0.5


@dataclass(frozen=True, slots=True)
class Waiting:
    """A budget that waits for a second person, with who proposed it by name."""

    budget: SetBudget
    proposed_by: str
    own: bool
    simulated: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The week's budget and its use, the one that is set, the one that waits, and the most.

    *by_source* has what is missing by the names of sources.
    """

    week: Budget
    in_force: SetBudget
    waiting: Waiting | None
    most: int
    missing: Missing
    weighted: Weighted
    by_source: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Plan:
    """What *audits* posts a week are expected to say of recall after four weeks.

    *value*, *low* and *high* are 0-1; *is_assumed* says that no audit has told yet how much is
    missed, so that half of the harm is taken to be.
    """

    audits: int
    posts: int
    value: float
    low: float
    high: float
    is_assumed: bool

    @property
    def is_measurable(self) -> bool:
        """Whether the interval is narrow enough to be read as a number."""
        return self.high - self.low <= WIDEST


def standing(store: Store, actor: Actor, now: datetime) -> Standing:
    """Show the budget, and what the audits of the last 28 days say.

    Raises:
        NotAllowed: The actor is no coordinator, analyst or admin, or no person.
    """
    access.require_person(actor, *SEEING)
    with store.read() as conn:
        week, most = draws.budget_of(conn, now), budgets.most(conn, now)
        in_force, waiting = budgets.in_force(conn), budgets.proposed(conn)
        names = {one.id: (one.name, one.simulated) for one in people.list_all(conn)}
        named = {str(one.id): one.spec.name for one in sources.list_all(conn)}
    found = missing.read(store, figures.window(DAYS, now))
    by_source = missing.by_source(store, found)
    return Standing(
        week=week,
        in_force=in_force,
        waiting=_waiting(waiting[0], actor, names) if waiting else None,
        most=most,
        missing=found,
        weighted=missing_reach.read(store, found),
        by_source={named.get(key, ""): part for key, part in by_source.items()},
    )


def plan(found: Missing, audits: int) -> Plan | None:
    """Work out the interval of recall that a budget would buy in four weeks: a plan, no finding.

    Taken to stay as they are: the posts of a day, their scores, and how much of the harm is found;
    all of it from the audited days of the last 28.
    None before a day was audited, without harm found, and without a budget.
    """
    counts = np.sum([one.scores for one in found.audited], axis=0) if found.audited else np.zeros(0)
    cohort, known = found.whole.cohort, found.whole.missed.value
    if counts.sum() < 1 or cohort.found == 0 or audits < 1:
        return None
    # As many days as will be read together.
    scale = DAYS / len(found.audited)
    steps = np.arange(len(counts)) / (len(counts) - 1)
    scores = np.repeat(steps, np.rint(counts * scale).astype(int))
    harm = round(cohort.found * scale)
    missed = harm * (1 / ASSUMED_RECALL - 1) if known is None else known * scale
    said = expected_interval(
        scores, min(WEEKS * audits, len(scores)), found=harm, guess=min(missed, len(scores))
    )
    if said.value is None:
        return None
    posts = min(audits, len(scores) // WEEKS)
    return Plan(audits, posts, said.value, said.low, said.high, known is None)


def propose(store: Store, actor: Actor, weekly: int, audits: int, now: datetime) -> str:
    """Propose a weekly budget and the part of it for audits; give its id.

    Raises:
        InputError: It is more than may be read in a week, or another proposal waits.
        NotAllowed: The actor is no coordinator, analyst or admin, or no person.
    """
    access.require_person(actor, *SEEING)
    with store.write() as conn:
        return budgets.propose(conn, actor.id, weekly, audits, now)


def approve(store: Store, actor: Actor, budget_id: str, now: datetime) -> None:
    """Put a proposed budget in force; whoever proposed it never does.

    Raises:
        InputError: The actor proposed it, it does not wait, or it is more than may be read by now.
        NotAllowed: The actor is no coordinator, analyst or admin, or no person.
        NotFound: There is no such budget.
    """
    access.require_person(actor, *SEEING)
    with store.write() as conn:
        budgets.approve(conn, actor.id, budget_id, now)


def put_aside(store: Store, actor: Actor, budget_id: str, now: datetime) -> None:
    """Take a proposal off the list; one person is enough for that.

    Raises:
        InputError: It does not wait.
        NotAllowed: The actor is no coordinator, analyst or admin, or no person.
        NotFound: There is no such budget.
    """
    access.require_person(actor, *SEEING)
    with store.write() as conn:
        budgets.put_aside(conn, actor.id, budget_id, now)


def _waiting(one: SetBudget, actor: Actor, names: Mapping[str, tuple[str, bool]]) -> Waiting:
    name, simulated = names[str(one.proposed_by)]
    return Waiting(one, name, own=one.proposed_by == actor.id, simulated=simulated)
