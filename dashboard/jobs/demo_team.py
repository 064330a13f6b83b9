"""The demo's simulated team: who is on duty when, and what they claim, decide and answer.

They work through the same jobs as everybody: `claim_next`, `decide`, `take`, `respond`.
All that they write is marked simulated, because they are.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, uuid5

from evenhand.dashboard.jobs import claims, decisions, demo_answers, requests, waves
from evenhand.dashboard.jobs.demo_reviewers import judge
from evenhand.data.errors import AlreadyDecided, ClaimLost
from evenhand.data.records import Decision, Outcome, Role
from evenhand.data.taxonomy import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from evenhand.dashboard.jobs.demo_reviewers import Verdict
    from evenhand.dashboard.jobs.stream import Planted
    from evenhand.data.records import Actor, Item
    from evenhand.data.store.connect import Store
    from evenhand.data.store.library import Template

# The invented city keeps the clock of Vietnam.
LOCAL = timezone(timedelta(hours=7))
SATURDAY = 5
# Items that one reviewer decides in an hour, of a stream of 10,000 posts; invented, and low
# enough that the flood leaves a backlog of days.
PACE = 3.0
# Nobody has worked since then, so that whoever tries the demo finds something to do.
LAST_REVIEW, LAST_ANSWER = timedelta(hours=30), timedelta(hours=26)
# Shares of decided items that get a response at all.
REQUESTS_ANSWERED, HARMS_ANSWERED = 0.9, 0.6
ANSWER_HOURS, ANSWER_SPREAD = 3.0, 0.9
_REQUESTS = frozenset(one.value for one in Request)


@dataclass(frozen=True, slots=True)
class Member:
    """One simulated person; hours are local, (from, until), None for no duty.

    *answers* says that they answer instead of deciding.
    """

    name: str
    role: Role
    weekdays: tuple[int, int] | None = None
    weekends: tuple[int, int] | None = None
    answers: bool = False

    def is_on_duty(self, at: datetime) -> bool:
        """Say whether a shift covers *at*."""
        local = at.astimezone(LOCAL)
        shift = self.weekends if local.weekday() >= SATURDAY else self.weekdays
        return shift is not None and shift[0] <= local.hour < shift[1]


# The entrance offers the first of each role.
TEAM = (
    Member("Lan", Role.REVIEWER, weekdays=(6, 14)),
    Member("Minh", Role.COORDINATOR, weekdays=(8, 16), answers=True),
    Member("Hoa", Role.LEADER),
    Member("Ana", Role.ANALYST),
    Member("Kim", Role.ADMIN),
    Member("Sam", Role.REVIEWER, weekdays=(14, 22)),
    Member("Thu", Role.REVIEWER, weekends=(8, 16)),
    Member("Bao", Role.COORDINATOR, weekends=(8, 12), answers=True),
)


@dataclass(frozen=True, slots=True)
class Pending:
    """A decided item that somebody will answer once *ready_at* has come."""

    ready_at: datetime
    item_id: str
    label: str
    lang: str


@dataclass
class Team:
    """The simulated people at work on one store.

    *truth* is what each post was written as, by its text: the reviewers recognise a post by
    reading it.
    *done* counts what they decided, their mistakes (`demo_reviewers`) and what a real person took
    from under their hands.
    """

    store: Store
    people: Sequence[tuple[Member, Actor]]
    truth: Mapping[str, Planted]
    accounts: Sequence[str]
    seed: int
    until: datetime
    done: Counter[str] = field(default_factory=Counter)
    pending: list[Pending] = field(default_factory=list)
    begun: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    templates: Mapping[tuple[str, str], Template] = field(default_factory=dict)

    def work(self, start: datetime, end: datetime) -> None:
        """Let everybody on duty at *start* work until *end*, one act after the other by time."""
        acts = [*self._answers(start, end), *self._decisions(start, end)]
        for _, act in sorted(acts, key=lambda one: one[0]):
            try:
                act()
            except (ClaimLost, AlreadyDecided):
                # Somebody who tries the demo meanwhile was quicker.
                self.done["lost"] += 1

    def _quota(self, actor: Actor, start: datetime, end: datetime) -> int:
        """Say how many items one person manages in this time; a part of one is carried on."""
        pace = PACE * len(self.truth) / 10_000
        self.begun[actor.id] += pace * ((end - start) / timedelta(hours=1))
        whole = int(self.begun[actor.id])
        self.begun[actor.id] -= whole
        return whole

    def _on_duty(self, at: datetime, *, answers: bool) -> Iterator[Actor]:
        """List who works at *at*: the last hours are left to whoever tries the demo."""
        if at < self.until - (LAST_ANSWER if answers else LAST_REVIEW):
            for member, actor in self.people:
                if member.answers is answers and member.is_on_duty(at):
                    yield actor

    def _decisions(
        self, start: datetime, end: datetime
    ) -> Iterator[tuple[datetime, Callable[[], None]]]:
        for actor in self._on_duty(start, answers=False):
            held: list[Item] = []
            for at_once in _portions(self._quota(actor, start, end)):
                held += claims.claim_next(
                    self.store,
                    actor,
                    now=start,
                    count=at_once,
                    lease_minutes=(end - start) / timedelta(minutes=1) + 1,
                )
            for at, item in zip(_spread(start, end, len(held)), held, strict=True):
                yield at, partial(self._decide, actor, item, at)

    def _decide(self, actor: Actor, item: Item, at: datetime) -> None:
        planted = self.truth.get(item.text)
        if planted is None or item.claim is None:
            # A post that a real person brought in: it is theirs to decide.
            claims.release(self.store, actor, _held(item), at)
            return
        rng = self._random("decision", item.post_id)
        verdict = judge(planted.labels, [one.label for one in item.flags], rng)
        decision = Decision(
            uuid=self._uuid("decision", item.post_id),
            item_id=item.id,
            claim_number=item.claim.number,
            version=item.version,
            outcome=verdict.outcome,
            policy=verdict.policy,
        )
        waves.spot_check(self.store, actor, (item.id, item.claim.number), at)
        decisions.decide(self.store, actor, decision, now=at)
        self.done["decided"] += 1
        if verdict.slip:
            self.done[verdict.slip] += 1
        self._plan_answer(item, planted, verdict, at, rng)

    def _plan_answer(
        self, item: Item, planted: Planted, verdict: Verdict, at: datetime, rng: random.Random
    ) -> None:
        delay = timedelta(hours=rng.lognormvariate(math.log(ANSWER_HOURS), ANSWER_SPREAD))
        share = rng.random()
        if verdict.outcome is Outcome.VIOLATES and share < HARMS_ANSWERED:
            label = str(verdict.policy)
        elif verdict.outcome is Outcome.NEEDS_ANSWER and share < REQUESTS_ANSWERED:
            asked = [*planted.labels, *sorted(one.label for one in item.flags)]
            label = next((one for one in asked if one in _REQUESTS), Request.QUESTION.value)
        else:
            return
        self.pending.append(Pending(at + delay, item.id, label, item.lang))

    def _answers(
        self, start: datetime, end: datetime
    ) -> Iterator[tuple[datetime, Callable[[], None]]]:
        for actor in self._on_duty(start, answers=True):
            ready = sorted(
                (one for one in self.pending if one.ready_at <= start),
                key=lambda one: (one.ready_at, one.item_id),
            )[: self._quota(actor, start, end)]
            self.pending = [one for one in self.pending if one not in ready]
            for at, one in zip(_spread(start, end, len(ready)), ready, strict=True):
                yield at, partial(self._answer, actor, one, at)

    def _answer(self, actor: Actor, pending: Pending, at: datetime) -> None:
        wanted = demo_answers.Wanted(
            item_id=pending.item_id,
            uuid=self._uuid("response", pending.item_id),
            label=pending.label,
            lang=pending.lang,
        )
        rng = self._random("response", pending.item_id)
        requests.take(self.store, actor, pending.item_id, at)
        response = demo_answers.response(wanted, self._templates(), self.accounts, rng, at)
        requests.respond(self.store, actor, response, now=at)
        self.done["answered"] += 1

    def _templates(self) -> Mapping[tuple[str, str], Template]:
        if not self.templates:
            self.templates = demo_answers.load_templates(self.store)
        return self.templates

    def _random(self, what: str, key: str) -> random.Random:
        # By the item and not by the turn: the same post gets the same verdict in any order.
        return random.Random(f"{what} {self.seed} {key}")  # noqa: S311 - repeatable, no secret

    def _uuid(self, what: str, key: str) -> str:
        return str(uuid5(NAMESPACE_OID, f"evenhand demo {self.seed} {what} {key}"))


def _held(item: Item) -> list[tuple[str, int]]:
    return [] if item.claim is None else [(item.id, item.claim.number)]


def _portions(quota: int) -> Iterator[int]:
    for start in range(0, quota, claims.MOST_AT_ONCE):
        yield min(claims.MOST_AT_ONCE, quota - start)


def _spread(start: datetime, end: datetime, count: int) -> Iterator[datetime]:
    """Space *count* moments evenly inside a stretch of time, neither at its start nor its end."""
    step = (end - start) / (count + 1)
    return (start + step * (number + 1) for number in range(count))
