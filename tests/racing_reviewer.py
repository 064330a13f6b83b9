"""A reviewer in a process of its own, who works on the jobs and hurries, forgets and comes late.

`python -m tests.racing_reviewer URL PERSON SEED LEASE_S REST_S`; it ends when nothing has come for
a while, and writes one line of JSON for each answer it got: item, uuid, how it was sent, what was
said.  A decision is *sent* "held" or "again" (the same uuid once more) under a live claim, "stale"
under the number before, "late" after the claim ran out.
SQLite gives its file to many processes in no order, so that one may wait in vain ("busy"): nothing
was written then, and the same is tried again.
"""

from __future__ import annotations

import json
import random
import sys
import time
import uuid
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from evenhand.dashboard.jobs import claims, decisions
from evenhand.data.errors import AlreadyDecided, ClaimLost, StoreError
from evenhand.data.records import Actor, Decision, Outcome, Role
from evenhand.data.store.connect import open_store

AT_ONCE = 5
# Most of what is claimed for the first or second time is left lying, so that items are claimed
# twice and more.
FORGOTTEN, SENT_LATE, SENT_STALE, SENT_AGAIN = 0.7, 0.1, 0.05, 0.05
FORGOTTEN_UNTIL = 2
DRAWN = 0.05
PAUSE_S = 0.25
OUTCOMES = (
    (Outcome.NO_HARM, None),
    (Outcome.NOT_SURE, None),
    (Outcome.VIOLATES, "spam"),
    (Outcome.NEEDS_ANSWER, None),
)


class Racer:
    """One person at one store; *late* are decisions on claims that this person let run out."""

    def __init__(self, url, person_id, seed, pace):
        self.store = open_store(url, migrate=False)
        self.actor = Actor(person_id, f"r{person_id}", frozenset({Role.REVIEWER}), "1")
        self.rng = random.Random(f"{person_id} {seed}")  # noqa: S311 - no secret
        self.lease, self.rest_s = timedelta(seconds=pace[0]), pace[1]
        self.late = deque()
        self.busy = False

    def run(self):
        """Work until nothing has come for two leases."""
        last = datetime.now(UTC)
        while self.late or datetime.now(UTC) - last < 2 * self.lease:
            self.send_late()
            held = self.claim()
            for one in held:
                self.work(one)
            if held or self.busy:
                last = datetime.now(UTC)
            else:
                time.sleep(PAUSE_S)
        self.store.close()

    def claim(self):
        """Claim some items; none while the store is busy."""
        now, minutes = datetime.now(UTC), self.lease / timedelta(minutes=1)
        self.busy = False
        try:
            return claims.claim_next(
                self.store,
                self.actor,
                now=now,
                count=AT_ONCE,
                lease_minutes=minutes,
                random_share=DRAWN,
            )
        except StoreError as error:
            refuse_other(error)
            tell(None, None, "claim", "busy")
            self.busy = True
            return []

    def work(self, held):
        """Decide on an item, or leave it lying."""
        outcome, policy = self.rng.choice(OUTCOMES)
        said = Decision(
            str(uuid.uuid4()), held.id, held.claim.number, held.version, outcome, policy=policy
        )
        if said.claim_number <= FORGOTTEN_UNTIL and self.rng.random() < FORGOTTEN:
            if self.rng.random() < SENT_LATE:
                self.late.append((held.claim.until, said))
            return
        if self.rng.random() < SENT_STALE:
            before = replace(said, uuid=str(uuid.uuid4()), claim_number=said.claim_number - 1)
            self.send(before, "stale")
        self.send(said, "held")
        if self.rng.random() < SENT_AGAIN:
            self.send(said, "again")

    def send_late(self):
        """Send what the person left lying, once its claim has run out."""
        while self.late and self.late[0][0] < datetime.now(UTC):
            self.send(self.late.popleft()[1], "late")

    def send(self, said, how):
        """Send a decision until there is an answer."""
        answer = "busy"
        while answer == "busy":
            answer = self.answer(said)
            tell(said.item_id, said.uuid, how, answer)
        time.sleep(self.rest_s)

    def answer(self, said):
        """Give what the store says to a decision."""
        try:
            done = decisions.decide(self.store, self.actor, said, now=datetime.now(UTC))
        except (ClaimLost, AlreadyDecided) as error:
            return type(error).__name__
        except StoreError as error:
            refuse_other(error)
            return "busy"
        return "duplicate" if done.duplicate else "decided"


def refuse_other(error):
    """Let only the plain error pass, which says that the store is busy."""
    if type(error) is not StoreError:
        raise error


def tell(item_id, uuid_sent, how, answer):
    """Write down an answer."""
    line = {"item": item_id, "uuid": uuid_sent, "sent": how, "said": answer}
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    Racer(*sys.argv[1:4], tuple(map(float, sys.argv[4:]))).run()
