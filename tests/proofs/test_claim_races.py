"""Many reviewers in many processes on one queue, some of them killed: nothing twice, nothing lost.

Run by `make prove`; each process is a console with its own connection to the same store.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from evenhand.data import tables
from evenhand.data.store import ledger
from evenhand.data.store.connect import open_store
from tests.review_floor import put_items

ITEMS = 2_000
REVIEWERS = 6
KILLED = 2
LONGEST_S = 240.0
# A reviewer decides what it holds, but sometimes too late (its lease is over) or twice; it writes
# one line for each answer it got from the store.
REVIEWER = """
import json, random, sys, time, uuid
from datetime import UTC, datetime, timedelta
from evenhand.dashboard.jobs import claims, decisions
from evenhand.data.errors import StoreError
from evenhand.data.records import Actor, Decision, Outcome, Role
from evenhand.data.store.connect import open_store

url, person = sys.argv[1], sys.argv[2]
store, rng = open_store(url), random.Random(person)
actor = Actor(person, "r" + person, frozenset({Role.REVIEWER}), "1")
empty = 0
while empty < 8:
    now = datetime.now(UTC)
    held = claims.claim_next(store, actor, now=now, count=5, lease_minutes=0.02)
    if not held:
        empty += 1
        time.sleep(0.4)
        continue
    empty = 0
    for item in held:
        if rng.random() < 0.03:
            time.sleep(1.3)
        decision = Decision(str(uuid.uuid4()), item.id, item.claim.number, item.version,
                            Outcome.NO_HARM)
        for again in range(1 + (rng.random() < 0.1)):
            try:
                done = decisions.decide(store, actor, decision, now=datetime.now(UTC))
                said = "again" if done.duplicate else "decided"
            except StoreError as error:
                said = type(error).__name__
            print(json.dumps([item.id, decision.uuid, said]), flush=True)
"""


@pytest.mark.usefixtures("actors")
def test_race_with_kills_decides_every_item_once(store, store_url, tmp_path):
    """2,000 items, six reviewers, two of them killed: each item has one decision, none is lost."""
    put_items(store, ITEMS)
    _more_people(store)
    outputs = [tmp_path / f"reviewer{number}.jsonl" for number in range(REVIEWERS)]
    begun = time.monotonic()
    running = [_start(store_url, number + 10, path) for number, path in enumerate(outputs)]
    for process, path in list(zip(running, outputs, strict=True))[:KILLED]:
        _wait_for_work(path)
        process.kill()
    for process in running:
        process.wait(max(1.0, LONGEST_S - (time.monotonic() - begun)))
    acknowledged = [json.loads(line) for path in outputs for line in _whole_lines(path)]
    fresh = open_store(store_url)
    try:
        facts = _facts(fresh)
    finally:
        fresh.close()
    said = [one[2] for one in acknowledged]
    decided = {one[1] for one in acknowledged if one[2] == "decided"}
    refused = sum(one in {"ClaimLost", "AlreadyDecided"} for one in said)
    print(
        json.dumps(
            {
                "store": "sqlite" if fresh.is_sqlite else "postgresql",
                "items": ITEMS,
                "decisions": facts["decisions"],
                "acknowledged": len(decided),
                "repeated": said.count("again"),
                "stale_refused": refused,
                "open": facts["open"],
                "seconds": round(time.monotonic() - begun, 1),
            }
        )
    )

    assert all(len(_whole_lines(path)) >= 20 for path in outputs)
    assert facts["open"] == 0
    assert facts["decisions"] == ITEMS
    assert facts["items_decided"] == ITEMS
    assert decided <= facts["uuids"]
    # A killed process may have had one write that it could not acknowledge.
    assert ITEMS - len(decided) <= KILLED
    assert facts["ledger"] >= ITEMS
    assert set(said) <= {"decided", "again", "ClaimLost", "AlreadyDecided"}
    assert refused > 0


def _more_people(store):
    with store.write() as conn:
        for number in range(10, 10 + REVIEWERS):
            conn.execute(
                tables.person.insert().values(
                    id=number,
                    name=f"r{number}",
                    password_hash="!",
                    created_at=datetime.now(UTC),
                )
            )
            conn.execute(
                tables.membership.insert().values(person_id=number, team_id=1, role="reviewer")
            )


def _start(url, number, path):
    with path.open("wb") as out:
        return subprocess.Popen([sys.executable, "-c", REVIEWER, url, str(number)], stdout=out)


def _wait_for_work(path):
    until = time.monotonic() + 30
    while len(_whole_lines(path)) < 20 and time.monotonic() < until:
        time.sleep(0.05)


def _whole_lines(path):
    text = path.read_text("utf-8")
    return text[: text.rfind("\n") + 1].splitlines()


def _facts(store):
    with store.read() as conn:
        uuids = set(conn.execute(select(tables.decision.c.uuid)).scalars())
        items = conn.execute(select(func.count(tables.decision.c.item_id.distinct()))).scalar_one()
        waiting = conn.execute(
            select(func.count()).where(tables.item.c.state.in_(("open", "claimed")))
        ).scalar_one()
        return {
            "decisions": len(uuids),
            "uuids": uuids,
            "items_decided": items,
            "open": waiting,
            "ledger": ledger.verify(conn),
        }
