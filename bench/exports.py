"""What exporting a team's work costs: rows per CPU-second and memory, beside a bare `csv.writer`.

Fills a SQLite store with --posts posts of 90 days, half of them flagged and most of these decided
(`leader.fill`), and exports its log of decisions as CSV, XLSX and Parquet, each in a process of its
own.
`bare` asks the same question of the driver itself and hands its rows to `csv.writer` as they come:
no types, no columns in our order, nothing held back from a spreadsheet.
Each is done for all days and for the last tenth of them: what grows with the rows is held in memory
and not written as it comes.

Prints one JSON line.  For each format: `rows_per_cpu_s`, `ratio` (CPU of `bare` to its own, both
with the loading of their libraries), `grown_mib` (what the work added to the memory's peak),
`peak_to_bare` (the whole peak against that of `bare`) and `growth` (`grown_mib` of all days to that
of a tenth; 10 is everything held, 1 is nothing); and `report`, the transparency report of all days
with its files.
"""

from __future__ import annotations

import argparse
import csv
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

import leader
from sqlalchemy.dialects import sqlite

from evenhand.dashboard.jobs import access, exports, reports, reports_files
from evenhand.dashboard.jobs.exports import Wanted, What
from evenhand.dashboard.jobs.exports_files import Format
from evenhand.data.settings import Settings
from evenhand.data.store import export_rows, rollups
from evenhand.data.store.connect import open_store
from evenhand.data.store.export_rows import Part

BARE, REPORT = "bare", "report"
FORMATS = tuple(one.value for one in Format)
FLAGGED_EVERY = 2
DAY = timedelta(days=1)
LAST = leader.NOW.date() - DAY
TENTH = LAST - timedelta(days=leader.DAYS // 10 - 1)
FIRST = LAST - timedelta(days=leader.DAYS)
KIB = 1024


def bare(path: Path, out: Path, first: date) -> int:
    """Write the same rows as they come from the driver."""
    part = Part(rollups.start_of(first), rollups.start_of(LAST + DAY))
    said = export_rows.decisions_of(part).compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
    )
    with sqlite3.connect(path) as conn, out.open("w", encoding="utf-8", newline="") as file:
        counted = 0

        def rows() -> object:
            nonlocal counted
            for row in conn.execute(str(said)):
                counted += 1
                yield row

        csv.writer(file).writerows(rows())  # type: ignore[arg-type]  # rows of the driver
    return counted


def ours(path: Path, out: Path, first: date, kind: str) -> int:
    """Export as people do, or make the report and all of its files."""
    store, operator = open_store(f"sqlite:///{path}"), access.operator()
    now = datetime.combine(LAST + 2 * DAY, datetime.min.time(), UTC)
    if kind == REPORT:
        wanted = reports.Wanted(first, LAST)
        made = reports.make(store, operator, Settings(workspace=out.parent), wanted, now)
        reports_files.write(made, out, "en")
        return len(made.reasons)
    asked = Wanted(What.DECISIONS, first, LAST)
    return exports.export(store, operator, asked, out, kind=Format(kind), now=now).rows


def peak_mib() -> float:
    """Tell the most memory that this process has held; `getrusage` counts its parent's too."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / KIB


def child(path: Path, kind: str, first: date) -> dict[str, float]:
    """Do one thing in this process and measure it."""
    with tempfile.TemporaryDirectory() as folder:
        out, before, begun = Path(folder) / "out", peak_mib(), time.process_time()
        rows = bare(path, out, first) if kind == BARE else ours(path, out, first, kind)
        cpu = time.process_time() - begun
    return {"rows": rows, "cpu_s": cpu, "peak": peak_mib(), "grown": peak_mib() - before}


def measured(path: Path, kind: str, first: date) -> dict[str, float]:
    """Do one thing in a process of its own."""
    command = [sys.executable, __file__, "--child", kind, first.isoformat(), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def told(path: Path) -> dict[str, object]:
    """Measure every format for all days and for a tenth of them."""
    whole = {kind: measured(path, kind, FIRST) for kind in (BARE, *FORMATS, REPORT)}
    tenth = {kind: measured(path, kind, TENTH) for kind in (BARE, *FORMATS, REPORT)}
    found: dict[str, object] = {"rows": whole[BARE]["rows"], "rows_tenth": tenth[BARE]["rows"]}
    for kind, one in whole.items():
        found[kind] = {
            "cpu_s": round(one["cpu_s"], 2),
            "rows_per_cpu_s": round(one["rows"] / one["cpu_s"]),
            "ratio": round(whole[BARE]["cpu_s"] / one["cpu_s"], 2),
            "grown_mib": round(one["grown"], 1),
            "peak_to_bare": round(one["peak"] / whole[BARE]["peak"], 2),
            "growth": round(one["grown"] / max(tenth[kind]["grown"], 0.1), 1),
        }
    return found


def main() -> None:
    """Fill a store, measure, and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--child", nargs=3, metavar=("KIND", "FIRST", "STORE"))
    given = parser.parse_args()
    if given.child:
        kind, first, path = given.child
        print(json.dumps(child(Path(path), kind, date.fromisoformat(first))))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        store = open_store(f"sqlite:///{path}")
        with mock.patch.object(leader, "FLAGGED_EVERY", FLAGGED_EVERY):
            leader.fill(store, given.posts)
        store.close()
        print(json.dumps({"posts": given.posts, **told(path)}))


if __name__ == "__main__":
    main()
