"""Classifying a folder of files, part by part, without a store.

Each file is read once from top to bottom and never held whole; what cannot be read is listed with
its file and place. What a run that was interrupted has finished is not done again.
A workspace's model and statements are read once, before the work, and handed on as they are.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from evenhand.classifiers import shelf
from evenhand.classifiers.bulk import text_of
from evenhand.classifiers.parts import UNFINISHED, ModelFolder, Scoring, cut, sweep
from evenhand.classifiers.spread import Job
from evenhand.classifiers.tagger import Tagger
from evenhand.connectors.files_open import open_table, until_damage
from evenhand.connectors.files_table import shown_name
from evenhand.dashboard.jobs.retraining_promotion import FOLDER
from evenhand.dashboard.jobs.serving_model import (
    KNOWN_LABELS,
    active_model,
    load_checked,
    statements_of,
)
from evenhand.data.errors import InputError, StoppedMidway, UnreadableFile
from evenhand.data.records import SetAside, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from evenhand.classifiers.spread import Way
    from evenhand.classifiers.statements import Statement
    from evenhand.connectors.files_table import Table
    from evenhand.dashboard.jobs.serving_model import Place

SET_ASIDE = "set-aside.jsonl"
TEXT = "text"
MOST_COLUMNS_SHOWN = 30


@dataclass(slots=True)
class Sums:
    """What became of the rows so far: rows = tagged + set_aside.

    A file or folder that cannot be read at all counts as one row set aside.
    *scored* parts are those of this run; the others were there.
    *left_over* counts parts in the output that were scored with the same model and statements, and
    that this input does not give.
    """

    files: int = 0
    of_files: int = 0
    tagged: int = 0
    set_aside: int = 0
    parts: int = 0
    scored: int = 0
    left_over: int = 0

    @property
    def rows(self) -> int:
        """Count the rows that were read."""
        return self.tagged + self.set_aside


@dataclass(frozen=True, slots=True)
class Bulk:
    """Where to read, where to write, and what scores."""

    source: Path
    output: Path
    scoring: Scoring


@dataclass(frozen=True, slots=True)
class Chosen:
    """What scores: loaded in this process, and as workers find it for themselves."""

    tagger: Tagger
    scoring: Scoring


@dataclass(slots=True)
class _Run:
    bulk: Bulk
    tell: Callable[[Sums], None]
    note: Callable[[str, SetAside], None]
    sums: Sums = field(default_factory=Sums)

    def aside(self, name: str, one: SetAside) -> None:
        self.sums.set_aside += 1
        self.note(name, one)

    def counted(self, texts: Iterable[Text]) -> Iterator[Text]:
        for text in texts:
            self.sums.tagged += 1
            yield text


def choose(folder: Path | None = None, place: Place | None = None) -> Chosen:
    """Choose the model in *folder*, else the active one of *place*, else the one that ships.

    Posts are matched with the statements that are in force in *place* at this moment; without a
    place there are none.

    Raises:
        ArtefactAltered: The model is not what its card or the store recorded.
        InputError: The model in *folder* knows a label that is on no list.
    """
    if place is None:
        return _chosen(_load(folder), folder, ())
    now = place.clock()
    statements = statements_of(place.store, now)
    if folder is not None:
        return _chosen(_load(folder), folder, statements)
    wanted = active_model(place.store, now)
    loaded = load_checked(place.settings, wanted)
    path = None if wanted.is_shipped else place.settings.workspace / FOLDER / wanted.path
    return _chosen(loaded, path, statements)


def classify(bulk: Bulk, way: Way, tell: Callable[[Sums], None]) -> Sums:
    """Score every part that is not in the output yet.

    Raises:
        InputError: There is nothing to read, or the output lies where it would be read again.
        StoppedMidway: Work ended before its end; what is done is kept.
    """
    _check(bulk)
    with _listing(bulk.output) as note:
        run = _Run(bulk, tell, note)
        for job in way(_jobs(run), bulk.scoring):
            _check_shared(job)
            run.sums.scored += 1
            tell(run.sums)
    sweep(bulk.output)
    scored_so = bulk.scoring.ending
    there = sum(path.name.endswith(scored_so) for path in bulk.output.rglob("*.jsonl"))
    run.sums.left_over = there - run.sums.parts
    return run.sums


def count_only(bulk: Bulk, tell: Callable[[Sums], None]) -> Sums:
    """Read everything and write nothing; *scored* counts the parts that a run would score."""
    _check(bulk)
    run = _Run(bulk, tell, lambda _name, _one: None)
    run.sums.scored = sum(1 for _ in _jobs(run))
    return run.sums


def read_texts(path: Path, aside: Callable[[SetAside], None], before: str = "") -> Iterator[Text]:
    """Read the texts of one file; what cannot be read is told to *aside*.

    *before* stands before the line's number in the id of a row that has none.

    Raises:
        UnreadableFile: It is no table, has no texts, or cannot be read any further.
    """
    table = open_table(path, None, TEXT.__eq__)
    if not table.form.startswith("JSON") and TEXT not in table.columns:
        names = ", ".join(shown_name(one) for one in table.columns[:MOST_COLUMNS_SHOWN])
        msg = f"{path} has no column `{TEXT}`, only {names}; name the posts' column so"
        raise UnreadableFile(msg)
    return texts_of(table, aside, before)


def texts_of(table: Table, aside: Callable[[SetAside], None], before: str = "") -> Iterator[Text]:
    """Read the texts of a table's rows; the rest is told to *aside*."""
    for read in until_damage(table):
        if isinstance(read, SetAside):
            aside(read)
            continue
        found = text_of(read.cells, before + read.place.rpartition(" ")[2])
        if isinstance(found, Text):
            yield found
        else:
            aside(SetAside(read.place, found))


def _load(folder: Path | None) -> shelf.Model:
    """Load a model that knows nothing but what is on the closed lists."""
    loaded = shelf.load(folder)
    if unknown := sorted(set(loaded.card.labels) - KNOWN_LABELS):
        msg = f"{folder} knows labels that are on no list: {', '.join(unknown)[:100]}; train anew"
        raise InputError(msg)
    return loaded


def _chosen(model: shelf.Model, path: Path | None, statements: tuple[Statement, ...]) -> Chosen:
    tagger = Tagger.of(model, statements=statements)
    # Workers may stand in other folders.
    found = ModelFolder(path and path.resolve(), tagger.model)
    return Chosen(tagger, Scoring(found, statements))


def _jobs(run: _Run) -> Iterator[Job]:
    found = _files(run)
    run.sums.of_files = len(found)
    if not found and not run.sums.set_aside:
        msg = f"{run.bulk.source} holds no file; name a folder of JSON lines, CSV or Parquet files"
        raise InputError(msg)
    for name, path in found:
        run.sums.files += 1
        for part in cut(name, run.counted(_texts(run, name, path))):
            run.sums.parts += 1
            run.tell(run.sums)
            target = run.bulk.output / part.name(run.bulk.scoring)
            if not target.exists():
                yield Job(part, target)


def _texts(run: _Run, name: str, path: Path) -> Iterator[Text]:
    try:
        yield from read_texts(path, lambda one: run.aside(name, one), f"{name}:")
    except UnreadableFile as error:
        run.aside(name, SetAside("the file", str(error)))


def _files(run: _Run) -> list[tuple[str, Path]]:
    """Find the files below the source, in the order of their names; hidden ones are no posts."""
    source = run.bulk.source
    if source.is_file():
        return [(source.name, source)]
    found: list[Path] = []

    def refused(error: OSError) -> None:
        _leave_out(run, Path(error.filename), f"cannot be opened ({type(error).__name__})")

    for top, folders, files in os.walk(source, onerror=refused):
        for folder in list(folders):
            if folder.startswith("."):
                folders.remove(folder)
            elif Path(top, folder).is_symlink():
                _leave_out(run, Path(top, folder), "is a link to a folder, which is not followed")
        found += [Path(top, file) for file in files if not file.startswith(".")]
    return sorted((path.relative_to(source).as_posix(), path) for path in found)


def _leave_out(run: _Run, folder: Path, reason: str) -> None:
    name = folder.relative_to(run.bulk.source).as_posix()
    run.aside(name, SetAside("the folder", reason))


def _check(bulk: Bulk) -> None:
    source, output = bulk.source.resolve(), bulk.output.resolve()
    if not source.exists():
        msg = f"{bulk.source} is neither a file nor a folder; name one with --input"
        raise InputError(msg)
    if output.is_relative_to(source):
        msg = f"{bulk.output} lies in {bulk.source} and would be read the next time; put it beside"
        raise InputError(msg)
    if output.exists() and not output.is_dir():
        msg = f"{bulk.output} is a file; name a folder with --output, for there are many parts"
        raise InputError(msg)


def _check_shared(job: Job) -> None:
    """Make sure that what a worker says it wrote is here too."""
    try:
        # Opened, not looked up: a network's file system remembers for a while what was not there.
        job.target.open("rb").close()
    except OSError as error:
        msg = (
            f"a worker has finished {job.target.name}, but it is not here; name an output folder "
            "that all machines share under the same path"
        )
        raise StoppedMidway(msg) from error


@contextmanager
def _listing(output: Path) -> Iterator[Callable[[str, SetAside], None]]:
    """List what is set aside; the list takes its place when all is done."""
    target = output / SET_ASIDE
    beside = target.with_name(f"{SET_ASIDE}.{uuid4().hex}{UNFINISHED}")
    try:
        output.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="ascii") as file:

            def note(name: str, one: SetAside) -> None:
                row = {"file": name, "place": one.place, "reason": one.reason}
                file.write(json.dumps(row) + "\n")

            yield note
        beside.replace(target)
    except OSError as error:
        msg = f"{output} cannot be written to ({type(error).__name__}); make room or it writable"
        raise StoppedMidway(msg) from error
    finally:
        beside.unlink(missing_ok=True)
