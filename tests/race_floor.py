"""A floor to race on: items by the real ingest, reviewers in processes, and what must hold after.

What a reviewer got an answer for is in its output; what must hold is read from the tables.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, insert, select

from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.data import tables
from evenhand.data.records import Page, Post, SourceSpec, Upsert
from evenhand.data.store import ledger, sources
from tests.fakes import FakeTagger
from tests.review_floor import replay, rolled_up, standing

ROOT = Path(__file__).parent.parent
PAGE = 1_000
REFUSED = {"ClaimLost", "AlreadyDecided"}
# Between these two lines of an item's log somebody holds it.
TAKEN, FREED = "claimed", {"expired", "released", "decided", "unassigned", "skipped"}


def put_work(store, count):
    """Bring *count* posts in that are flagged one and all, so that as many items wait."""
    now = datetime.now(UTC)
    with store.write() as conn:
        source = sources.propose(conn, SourceSpec("race", "file"), person_id=None, now=now).id
    for start in range(0, count, PAGE):
        made = [
            Post(f"k{number}", "reddit", f"lừa đảo số {number}", now, now, reach=number % 97)
            for number in range(start, min(count, start + PAGE))
        ]
        page = Page(tuple(map(Upsert, made)), {"at": start})
        ingest_page(store, source_id=source, page=page, tagger=FakeTagger(), now=now)


def put_reviewers(store, numbers):
    """Add reviewers under these ids to the first team."""
    with store.write() as conn:
        for number in numbers:
            person = {"id": number, "name": f"r{number}", "password_hash": "!"}
            conn.execute(insert(tables.person).values(**person, created_at=datetime.now(UTC)))
            member = {"person_id": number, "team_id": 1, "role": "reviewer"}
            conn.execute(insert(tables.membership).values(**member))


@dataclass(frozen=True)
class Pace:
    """How long claims last, and how long a reviewer rests after each answer."""

    lease_s: float
    rest_s: float = 0.0


@dataclass
class Race:
    """Reviewers at work; each start gets a seed and an output of its own."""

    url: str
    folder: Path
    pace: Pace
    running: dict[int, subprocess.Popen[bytes]]
    outputs: list[Path]

    @classmethod
    def begin(cls, url, folder, numbers, pace):
        """Start one process for each person."""
        race = cls(url, folder, pace, {}, [])
        for number in numbers:
            race.start(number)
        return race

    def start(self, number):
        """Start a process for a person, whose process before is gone."""
        path = self.folder / f"answers{len(self.outputs)}.jsonl"
        pace = (self.pace.lease_s, self.pace.rest_s)
        arguments = [self.url, *map(str, (number, len(self.outputs), *pace))]
        command = [sys.executable, "-m", "tests.racing_reviewer", *arguments]
        with path.open("wb") as out:
            self.running[number] = subprocess.Popen(command, stdout=out, cwd=ROOT)
        self.outputs.append(path)

    def kill(self, number):
        """End a person's process with SIGKILL; it must have been at work."""
        process = self.running.pop(number)
        assert process.poll() is None
        process.kill()
        process.wait()

    def finish(self, longest_s):
        """Wait until all have ended by themselves."""
        until = time.monotonic() + longest_s
        for process in self.running.values():
            assert process.wait(max(1.0, until - time.monotonic())) == 0

    def stop(self):
        """End what still runs, when a test failed."""
        for process in self.running.values():
            process.kill()
            process.wait()

    def answers(self):
        """List all answers that reached a reviewer; a line cut short by a kill is none."""
        return [json.loads(line) for path in self.outputs for line in whole_lines(path)]


def whole_lines(path):
    """Read the lines of a file that have an end."""
    text = path.read_text("utf-8")
    return text[: text.rfind("\n") + 1].splitlines()


def decided(store):
    """Count the decisions so far."""
    with store.read() as conn:
        return conn.execute(select(func.count()).select_from(tables.decision)).scalar_one()


def wait_until_decided(store, count, longest_s):
    """Wait until there are at least *count* decisions."""
    until = time.monotonic() + longest_s
    while decided(store) < count:
        assert time.monotonic() < until, f"{decided(store)} decisions, not {count}"
        time.sleep(0.1)


def outcome(store, answers):
    """Sum up what stands in the tables and what the reviewers were told."""
    with store.read() as conn:
        rows = conn.execute(select(tables.decision)).all()
        current = set(conn.execute(select(tables.current_decision.c.decision_id)).scalars())
        items = conn.execute(select(func.count()).select_from(tables.item)).scalar_one()
        live = tables.item.c.state.in_(("open", "claimed"))
        waiting = conn.execute(select(func.count()).where(live)).scalar_one()
        ledger.verify(conn)
    told = [one["uuid"] for one in answers if one["said"] == "decided"]
    log = _claims(store)
    return {
        "items": items,
        "decisions": len(rows),
        "doubled": sum(n - 1 for n in Counter(row.item_id for row in rows).values())
        + (len(rows) - len({row.uuid for row in rows})),
        "not_standing": len({row.id for row in rows} - current),
        "acknowledged": len(told),
        "lost": len(set(told) - {row.uuid for row in rows}),
        "waiting": waiting,
        "claims": log["claims"],
        "expired": log["expired"],
        "claimed_while_held": log["claimed_while_held"],
        "decided_by_another": sum(
            (row.reviewer_id, row.claim_no) != log["holders"][row.item_id] for row in rows
        ),
        "busy": sum(one["said"] == "busy" for one in answers),
        "repeated": sum(one["said"] == "duplicate" for one in answers),
        "stale_refused": sum(one["said"] in REFUSED for one in answers),
        "stale_taken": sum(
            one["sent"] in {"stale", "late"} and one["said"] not in {*REFUSED, "busy"}
            for one in answers
        ),
    }


def _claims(store):
    """Walk every item's log: how often it was claimed, and by whom last."""
    event = tables.item_event
    query = select(event.c.item_id, event.c.kind, event.c.actor_id, event.c.claim_no)
    held, holders, counts = set(), {}, Counter()
    with store.read() as conn:
        for row in conn.execute(query.order_by(event.c.item_id, event.c.id)):
            counts[row.kind] += 1
            if row.kind == TAKEN:
                counts["claimed_while_held"] += row.item_id in held
                held.add(row.item_id)
                holders[row.item_id] = (row.actor_id, row.claim_no)
            elif row.kind in FREED:
                held.discard(row.item_id)
    return {
        "claims": counts[TAKEN],
        "expired": counts["expired"],
        "claimed_while_held": counts["claimed_while_held"],
        "holders": holders,
    }


def check_whole(store, found, items):
    """Nothing twice, nothing lost, and the rows are what the logs and the figures say."""
    rows, logs = standing(store), replay(store)
    kept, anew = rolled_up(store)

    assert (items, items, items) == (found["items"], found["decisions"], len(rows))
    assert (0, 0, 0) == (found["doubled"], found["not_standing"], found["lost"])
    assert (0, 0) == (found["waiting"], found["claimed_while_held"])
    assert (0, 0) == (found["decided_by_another"], found["stale_taken"])
    assert rows == logs
    assert kept == anew
