"""Reports that are asked for in the browser: the worker makes them, and they wait in the workspace.

A folder's name says which report it is: days, language and, where one was named, the entry.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access, reports, reports_files, tasks
from evenhand.dashboard.jobs.reports import DAY, READING, Wanted
from evenhand.dashboard.jobs.tasks import TaskKind
from evenhand.data.errors import EvenhandError, InputError, NotFound
from evenhand.data.taxonomy import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from evenhand.data.records import Actor
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store
    from evenhand.data.store.tasks import Task

FOLDER = "reports"
NAME = re.compile(
    r"(\d{4}-\d{2}-\d{2})_(\d{4}-\d{2}-\d{2})_(" + "|".join(LANGUAGES) + r")(?:_entry-(\d+))?"
)
WEEKS = timedelta(days=28)
# How many reports a process remembers the ledger entries of.
REMEMBERED = 512
# The first moment that a zip can name; the same files make the same archive.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Made:
    """A report that lies in the workspace; *name* is its folder's.

    *entry* is the last of the ledger that it knows of, 0 for an empty ledger.
    """

    name: str
    wanted: Wanted
    lang: str
    entry: int
    made_at: datetime


def last_month(now: datetime) -> Wanted:
    """Name the days of the calendar month (UTC) that ended last."""
    last = now.astimezone(UTC).date().replace(day=1) - DAY
    return Wanted(last.replace(day=1), last)


def last_weeks(now: datetime) -> Wanted:
    """Name the last 28 days (UTC) that are over."""
    today = now.astimezone(UTC).date()
    return Wanted(today - WEEKS, today - DAY)


def ask(store: Store, actor: Actor, wanted: Wanted, lang: str, now: datetime) -> str:
    """Ask the worker for a report and give the task's id.

    Raises:
        InputError: The language is none of the screens'.
        NotAllowed: The actor is a reviewer only.
    """
    if lang not in LANGUAGES:
        msg = f"a report is written in {' or '.join(LANGUAGES)}, not in {lang!r}"
        raise InputError(msg)
    args: dict[str, object] = {
        "from": wanted.first.isoformat(),
        "to": wanted.last.isoformat(),
        "as_of": wanted.as_of,
        "lang": lang,
    }
    return tasks.ask(store, actor, TaskKind.REPORT, args, now)


def run_task(store: Store, settings: Settings, task: Task, clock: Callable[[], datetime]) -> None:
    """Make the report that somebody asked for; whoever asked was allowed to."""
    try:
        wanted, lang = _read(task)
        made = reports.make(store, access.operator(), settings, wanted, clock())
        name = _name(wanted, lang)
        reports_files.write(made, settings.workspace / FOLDER / name, lang)
        ok, message = True, name
    except EvenhandError as error:
        ok, message = False, str(error)
    tasks.finish(store, task.id, ok=ok, message=message, now=clock())


def finished(settings: Settings, actor: Actor) -> list[Made]:
    """List the reports that lie in the workspace, the last window first.

    Raises:
        NotAllowed: The actor is a reviewer only.
    """
    access.require(actor, *READING)
    place = settings.workspace / FOLDER
    folders = [one for one in place.iterdir() if one.is_dir()] if place.is_dir() else []
    found = [made for folder in folders if (made := _made(folder)) is not None]
    return sorted(found, key=lambda one: (one.wanted.last, one.name), reverse=True)


def as_zip(settings: Settings, actor: Actor, name: str) -> bytes:
    """Pack one report for whoever takes it away.

    Raises:
        NotAllowed: The actor is a reviewer only.
        NotFound: No report has this name.
    """
    return _packed(_folder(settings, actor, name))


def as_html(settings: Settings, actor: Actor, name: str) -> bytes:
    """Give the page of one report, which needs no other file.

    Raises:
        NotAllowed: The actor is a reviewer only.
        NotFound: No report has this name.
    """
    return (_folder(settings, actor, name) / reports_files.HTML).read_bytes()


def _folder(settings: Settings, actor: Actor, name: str) -> Path:
    if name not in {one.name for one in finished(settings, actor)}:
        msg = f"no report is called {name!r}; ask for it, and wait until the worker has made it"
        raise NotFound(msg)
    return settings.workspace / FOLDER / name


def _packed(folder: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            # What is being written has no name yet.
            if not path.name.startswith("."):
                entry = zipfile.ZipInfo(f"{folder.name}/{path.name}", ZIP_EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return out.getvalue()


def _read(task: Task) -> tuple[Wanted, str]:
    args = task.args
    as_of = args.get("as_of")
    first, last = (date.fromisoformat(str(args[name])) for name in ("from", "to"))
    return Wanted(first, last, None if as_of is None else int(str(as_of))), str(args["lang"])


def _name(wanted: Wanted, lang: str) -> str:
    entry = "" if wanted.as_of is None else f"_entry-{wanted.as_of}"
    return f"{wanted.first.isoformat()}_{wanted.last.isoformat()}_{lang}{entry}"


def _made(folder: Path) -> Made | None:
    told, whole = NAME.fullmatch(folder.name), folder / reports_files.LAST
    path = folder / reports_files.LEDGER
    # One that is being written has no last file yet.
    if told is None or not whole.is_file() or not path.is_file():
        return None
    try:
        first, last = date.fromisoformat(told[1]), date.fromisoformat(told[2])
    except ValueError:
        return None
    as_of = None if told[4] is None else int(told[4])
    entry = _entry(path, path.stat().st_mtime_ns)
    made_at = datetime.fromtimestamp(whole.stat().st_mtime, UTC)
    return Made(folder.name, Wanted(first, last, as_of), told[3], entry, made_at)


@lru_cache(maxsize=REMEMBERED)
def _entry(path: Path, _written_ns: int) -> int:
    """Read which entry of the ledger a report is as of, from the smallest file that says it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return int(next(csv.DictReader(file))["entries"])
