"""What the demo's simulated team does besides reading: gold, appeals, and clarified policies.

It goes through the same jobs as everybody's (`propose`, `approve`, `file_appeal`), so what is
read once more arrives among the other items.
The texts are invented and stand in `samples/demo_quality.toml`, in the language of the post.
"""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from evenhand.dashboard.jobs import appeals, clarifying, quality_gold
from evenhand.dashboard.jobs.demo_reviewers import ALARMED, CONFUSED, MISSED, UNSURE
from evenhand.dashboard.jobs.queueing import expected_harm
from evenhand.data.errors import InputError
from evenhand.data.records import Outcome
from evenhand.data.taxonomy import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from evenhand.dashboard.jobs.demo_reviewers import Verdict
    from evenhand.data.records import Actor, Item
    from evenhand.data.store.connect import Store

    Act = Callable[["datetime"], None]

# The invented city keeps the clock of Vietnam.
LOCAL = timezone(timedelta(hours=7))
# How many gold items one person proposes on a day, and at most how many there are of one truth, so
# that they are mixed.
GOLD_A_DAY, GOLD_OF_ONE = 2, 6
# A decision and a proposal both lie for a day before somebody goes on with them.
RIPE_AFTER = timedelta(days=1)
# Shares of decisions that are appealed against: of those that were mistakes, and of the others.
WRONG_APPEALED, RIGHT_APPEALED = 0.5, 0.05
APPEAL_HOURS = (12.0, 60.0)
RIGHT = "right"
_WRONG = frozenset({MISSED, ALARMED, CONFUSED})


@dataclass(frozen=True, slots=True)
class Known:
    """A decided item that somebody may propose as gold: what was said of it was right."""

    item_id: str
    outcome: Outcome
    policy: str | None
    lang: str
    decided_at: datetime

    @property
    def truth(self) -> str:
        """Name what is right of it in one word."""
        return self.policy or self.outcome.value


@dataclass(frozen=True, slots=True)
class Doubt:
    """A decision that somebody will appeal against once *ready_at* has come, and why."""

    ready_at: datetime
    item_id: str
    lang: str
    ground: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """What waits for a second person: a gold item, or else a clarification."""

    id: str
    by: str
    at: datetime
    gold: bool = True


@dataclass
class Keepers:
    """Whoever keeps up the quality of reading, on one store; *done* counts what they did."""

    store: Store
    seed: int
    done: Counter[str] = field(default_factory=Counter)
    known: list[Known] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    proposed: list[Proposed] = field(default_factory=list)
    unsure: list[tuple[str, datetime]] = field(default_factory=list)
    clarified: set[str] = field(default_factory=set)
    made_of: Counter[str] = field(default_factory=Counter)

    def note(self, item: Item, verdict: Verdict, at: datetime) -> None:
        """Remember a first decision: as gold to be, or as one that somebody will appeal against."""
        lang = item.lang if item.lang in LANGUAGES else LANGUAGES[0]
        if verdict.slip is None:
            self.known.append(Known(item.id, verdict.outcome, verdict.policy, lang, at))
        elif verdict.slip == UNSURE:
            label = max(item.flags, key=expected_harm).label
            # A random draw names no policy that could be clarified.
            if label in clarifying.LABELS:
                self.unsure.append((label, at))
        # By the post and not by the turn.
        rng = random.Random(f"appeal {self.seed} {item.post_id}")  # noqa: S311 - repeatable, no secret
        wrong, drawn = verdict.slip in _WRONG, rng.random()
        may_be = verdict.slip is None and verdict.outcome is Outcome.VIOLATES
        if drawn < (WRONG_APPEALED if wrong else RIGHT_APPEALED if may_be else 0.0):
            ready = at + timedelta(hours=rng.uniform(*APPEAL_HOURS))
            self.doubts.append(Doubt(ready, item.id, lang, verdict.slip or RIGHT))

    def acts(self, start: datetime, on_duty: Sequence[Actor]) -> Iterator[Act]:
        """List what whoever is on duty at *start* does next; each is told when it does so."""
        for actor in on_duty:
            for made in self._ripe(actor, start):
                yield partial(self._approve, actor, made)
            label = self._unclear(start)
            if label is not None:
                yield partial(self._clarify, actor, label)
            chosen = self._choose(actor, start)
            if chosen is not None:
                yield partial(self._propose, actor, chosen)
        ready = [one for one in self.doubts if one.ready_at <= start] if on_duty else []
        self.doubts = [one for one in self.doubts if one not in ready]
        for number, one in enumerate(sorted(ready, key=lambda each: (each.ready_at, each.item_id))):
            yield partial(self._appeal, on_duty[number % len(on_duty)], one)

    def _choose(self, actor: Actor, start: datetime) -> Known | None:
        """Take the oldest decision that makes the gold items more mixed."""
        today = f"{actor.id} {start.astimezone(LOCAL).date()}"
        if self.made_of[today] >= GOLD_A_DAY:
            return None
        for one in self.known:
            if one.decided_at <= start - RIPE_AFTER and self.made_of[one.truth] < GOLD_OF_ONE:
                self.known.remove(one)
                self.made_of.update((one.truth, today))
                return one
        return None

    def _unclear(self, start: datetime) -> str | None:
        """Take a reason that left somebody unsure and that nobody has clarified."""
        for label, at in self.unsure:
            if at <= start - RIPE_AFTER and label not in self.clarified:
                self.clarified.add(label)
                return label
        return None

    def _clarify(self, actor: Actor, label: str, at: datetime) -> None:
        sentences = {lang: words["clarification"][label] for lang, words in _words().items()}
        made = clarifying.propose(self.store, actor, label, sentences, at)
        self.proposed.append(Proposed(made, actor.id, at, gold=False))
        self.done["clarified"] += 1

    def _propose(self, actor: Actor, one: Known, at: datetime) -> None:
        new = quality_gold.NewGold(
            item_id=one.item_id,
            outcome=one.outcome.value,
            policy=one.policy,
            explanation=_words()[one.lang]["gold"][one.truth],
        )
        made = quality_gold.propose(self.store, actor, new, at)
        self.proposed.append(Proposed(made, actor.id, at))
        self.done["gold_proposed"] += 1

    def _ripe(self, actor: Actor, start: datetime) -> list[Proposed]:
        found = [
            one for one in self.proposed if one.by != actor.id and one.at <= start - RIPE_AFTER
        ]
        self.proposed = [one for one in self.proposed if one not in found]
        return found

    def _approve(self, actor: Actor, one: Proposed, at: datetime) -> None:
        if one.gold:
            quality_gold.approve(self.store, actor, one.id, at)
            self.done["gold_approved"] += 1
        else:
            clarifying.approve(self.store, actor, one.id, at)

    def _appeal(self, actor: Actor, one: Doubt, at: datetime) -> None:
        side = "affected" if one.ground in {ALARMED, RIGHT} else "team"
        ground = _words()[one.lang]["appeal"][one.ground]
        try:
            appeals.file_appeal(self.store, actor, one.item_id, side, ground, at)
        except InputError:
            # A third person is reading it already, so nobody needs to ask for one.
            self.done["appeal_spared"] += 1
        else:
            self.done["appeal_filed"] += 1


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    text = files("evenhand.data").joinpath("samples/demo_quality.toml").read_text("utf-8")
    return cast("Mapping[str, Mapping[str, Mapping[str, str]]]", tomllib.loads(text))
