"""The demo's simulated team: who is on duty when, and what they claim, decide and answer.

They work through the same jobs as everybody: `claim_next`, `decide`, `take`, `respond`; what is
read once more arrives among the other items.
All that they write is marked simulated, because they are.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, uuid5

from evenhand.dashboard.jobs import claims, decisions, demo_answers, requests, waves
from evenhand.dashboard.jobs.demo_quality import LOCAL, Keepers
from evenhand.dashboard.jobs.demo_reviewers import judge, read_again
from evenhand.data.errors import AlreadyDecided, ClaimLost, InputError
from evenhand.data.records import Decision, Outcome, Role
from evenhand.data.settings import QualitySettings
from evenhand.data.store import children
from evenhand.data.store.children import Purpose
from evenhand.data.taxonomy import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from evenhand.dashboard.jobs.demo_reviewers import Verdict
    from evenhand.dashboard.jobs.stream import Planted
    from evenhand.data.records import Actor, Item
    from evenhand.data.store.connect import Store
    from evenhand.data.store.library import Template

SATURDAY = 5
# Items that one reviewer reads in an hour, of a stream of 10,000 posts; invented, and low enough
# that audits of the flood wait for days, which are read last.
PACE = 14
# Items that a coordinator reads beside answering: a third person is needed now and then.
READS_BESIDE = 0.5
# Nobody has worked since then, so that whoever tries the demo finds something to do.
LAST_REVIEW, LAST_ANSWER = timedelta(hours=30), timedelta(hours=26)
# Shares of decided items that get a response at all.
REQUESTS_ANSWERED, HARMS_ANSWERED = 0.9, 0.6
ANSWER_HOURS, ANSWER_SPREAD = 3.0, 0.9
_REQUESTS = frozenset(one.value for one in Request)
# Whether a first decision is read twice follows from the seed, so each asks for all or for nothing:
# the draw of `reviews` hangs on a key that every workspace makes anew.
_ONCE, _TWICE = QualitySettings(double_share=0), QualitySettings(double_share=1)
# What was said there may come to stand on the item itself.
_LAST_WORDS = frozenset({Purpose.ADJUDICATION, Purpose.APPEAL})


@dataclass(frozen=True, slots=True)
class Member:
    """One simulated person; hours are local, (from, until), None for no duty.

    *answers* says that they mostly answer, instead of deciding.
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
    *quality* says how much is read once more.
    *done* counts what they decided, their mistakes (`demo_reviewers`), what they read once more, by
    its purpose, and what a real person took from under their hands.
    """

    store: Store
    people: Sequence[tuple[Member, Actor]]
    truth: Mapping[str, Planted]
    accounts: Sequence[str]
    seed: int
    until: datetime
    quality: QualitySettings = _ONCE
    done: Counter[str] = field(default_factory=Counter)
    pending: list[Pending] = field(default_factory=list)
    begun: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    templates: Mapping[tuple[str, str], Template] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    keepers: Keepers = field(init=False)

    def __post_init__(self) -> None:
        """Let those who keep up the quality count where the others do."""
        self.keepers = Keepers(self.store, self.seed, self.done)

    def work(self, start: datetime, end: datetime) -> None:
        """Let everybody on duty at *start* work until *end*, one act after the other by time."""
        acts = [
            *self._answers(start, end),
            *self._decisions(start, end),
            *self._keeping(start, end),
        ]
        for _, act in sorted(acts, key=lambda one: one[0]):
            try:
                act()
            except (ClaimLost, AlreadyDecided):
                # Somebody who tries the demo meanwhile was quicker.
                self.done["lost"] += 1

    def draw_rechecks(self, share: float, now: datetime) -> None:
        """Put a *share* of the near-copies decided by wave before another person."""
        waves.draw_rechecks(
            self.store, share, now, lot=lambda of, _: self._random("wave", of).random()
        )

    def _quota(self, whose: str, pace: float, start: datetime, end: datetime) -> int:
        """Say how many items one person manages in this time; a part of one is carried on."""
        of_stream = pace * len(self.truth) / 10_000
        self.begun[whose] += of_stream * ((end - start) / timedelta(hours=1))
        whole = int(self.begun[whose])
        self.begun[whose] -= whole
        return whole

    def _on_duty(self, at: datetime, last: timedelta) -> Iterator[tuple[Member, Actor]]:
        """List who works at *at*: the *last* hours are left to whoever tries the demo."""
        if at < self.until - last:
            yield from ((member, actor) for member, actor in self.people if member.is_on_duty(at))

    def _keeping(
        self, start: datetime, end: datetime
    ) -> Iterator[tuple[datetime, Callable[[], None]]]:
        on_duty = [actor for member, actor in self._on_duty(start, LAST_ANSWER) if member.answers]
        acts = list(self.keepers.acts(start, on_duty))
        for at, act in zip(_spread(start, end, len(acts)), acts, strict=True):
            yield at, partial(act, at)

    def _decisions(
        self, start: datetime, end: datetime
    ) -> Iterator[tuple[datetime, Callable[[], None]]]:
        for member, actor in self._on_duty(start, LAST_REVIEW):
            pace = READS_BESIDE if member.answers else PACE
            chance = self._random("gold", f"{actor.id} {start.isoformat()}").random
            held: list[Item] = []
            for at_once in _portions(self._quota(f"reads {actor.id}", pace, start, end)):
                held += claims.claim_next(
                    self.store,
                    actor,
                    now=start,
                    count=at_once,
                    lease_minutes=(end - start) / timedelta(minutes=1) + 1,
                    gold_share=self.quality.gold_share,
                    chance=chance,
                )
            with self.store.read() as conn:
                kinds = children.kinds(conn, [one.id for one in held])
            for at, item in zip(_spread(start, end, len(held)), held, strict=True):
                yield at, partial(self._decide, actor, item, kinds[item.id], at)

    def _decide(
        self, actor: Actor, item: Item, kind: tuple[Purpose, str | None], at: datetime
    ) -> None:
        planted = self.truth.get(item.text)
        if planted is None or item.claim is None:
            # A post that a real person brought in: it is theirs to decide.
            claims.release(self.store, actor, _held(item), at)
            return
        purpose, parent_id = kind
        # Whoever reads once more makes mistakes of their own.
        whose = "" if parent_id is None else f" {purpose} {actor.name}"
        rng = self._random(f"decision{whose}", item.post_id)
        verdict = judge(planted.labels, [one.label for one in item.flags], rng)
        if parent_id is not None:
            verdict = read_again(verdict, self._random("decision", item.post_id))
        decision = Decision(
            uuid=self._uuid("decision", item.id),
            item_id=item.id,
            claim_number=item.claim.number,
            version=item.version,
            outcome=verdict.outcome,
            policy=verdict.policy,
        )
        waves.spot_check(self.store, actor, (item.id, item.claim.number), at)
        twice = self._random("double", item.post_id).random() < self.quality.double_share
        quality = _TWICE if twice else _ONCE
        try:
            decisions.decide(self.store, actor, decision, now=at, quality=quality)
        except InputError:
            # Two readings of one post were taken together, and the first made them part of it.
            claims.release(self.store, actor, _held(item), at)
            return
        if parent_id is None:
            self._count(verdict)
            self.keepers.note(item, verdict, at)
            self._plan_answer(item.id, item, verdict, at, rng)
            return
        self.done[purpose] += 1
        if purpose in _LAST_WORDS and parent_id not in self.answered:
            self.pending = [one for one in self.pending if one.item_id != parent_id]
            self._plan_answer(parent_id, item, verdict, at, rng)

    def _count(self, verdict: Verdict) -> None:
        self.done["decided"] += 1
        if verdict.slip:
            self.done[verdict.slip] += 1

    def _plan_answer(
        self, item_id: str, item: Item, verdict: Verdict, at: datetime, rng: random.Random
    ) -> None:
        delay = timedelta(hours=rng.lognormvariate(math.log(ANSWER_HOURS), ANSWER_SPREAD))
        share = rng.random()
        if verdict.outcome is Outcome.VIOLATES and share < HARMS_ANSWERED:
            label = str(verdict.policy)
        elif verdict.outcome is Outcome.NEEDS_ANSWER and share < REQUESTS_ANSWERED:
            asked = [*self.truth[item.text].labels, *sorted(one.label for one in item.flags)]
            label = next((one for one in asked if one in _REQUESTS), Request.QUESTION.value)
        else:
            return
        self.pending.append(Pending(at + delay, item_id, label, item.lang))

    def _answers(
        self, start: datetime, end: datetime
    ) -> Iterator[tuple[datetime, Callable[[], None]]]:
        for member, actor in self._on_duty(start, LAST_ANSWER):
            if not member.answers:
                continue
            ready = sorted(
                (one for one in self.pending if one.ready_at <= start),
                key=lambda one: (one.ready_at, one.item_id),
            )[: self._quota(f"answers {actor.id}", PACE, start, end)]
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
        self.answered.add(pending.item_id)

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
