"""Archives in parts: each is scored on its own, into one file that is there whole or not at all.

A part's file is named by the part, by what is in it, by the model and, where there are statements,
by their list, so that scoring it again is harmless and a file that is there need not be made again.
"""

from __future__ import annotations

import json
import os
import re
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import uuid4

from evenhand.classifiers.bulk import DIGITS, list_version, tag_rows
from evenhand.classifiers.tagger import Tagger
from evenhand.data.errors import ArtefactAltered, StoppedMidway

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from evenhand.classifiers.statements import Statement
    from evenhand.data.records import Text

# A few seconds of work: little is lost with a worker, and a part's way to it costs nothing beside.
PART_ROWS = 4_000
# Long posts make parts of fewer rows, so that a worker's memory is bounded.
PART_CHARACTERS = 2_000_000
UNFINISHED = ".unfinished"
# Letters of a random name.
HEX = 32
# Systems take names of 255 bytes; ours adds about 110, and 24 where there are statements.
LONGEST_NAME_BYTES = 120
_NOT_IN_NAMES = re.compile(r"[^\w.@+-]")
# Texts of one process are tagged one part after the other, also where a worker has several threads.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True, repr=False)
class Part:
    """Some thousand texts of one file; *number* counts the file's parts from 1."""

    file: str
    number: int
    texts: tuple[Text, ...]

    def __repr__(self) -> str:
        """Name the part and no text: a cluster writes what it is given into its logs."""
        return f"Part({self.number}, {len(self.texts)} texts)"

    @property
    def digest(self) -> str:
        """Name what is in the part: a file that was changed gives other parts."""
        made = sha256()
        for one in self.texts:
            made.update(json.dumps([one.id, one.text, one.lang]).encode())
        return made.hexdigest()[:DIGITS]

    def name(self, scoring: Scoring) -> str:
        """Name the part's file, below the output folder, as *scoring* scores it."""
        return f"{_bounded(self.file)}.{self.number:05d}.{self.digest}{scoring.ending}"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """Where a worker finds the model (None: the one that ships), and which version it must be."""

    path: Path | None
    version: str


@dataclass(frozen=True, slots=True)
class Scoring:
    """What parts are scored with: a model, and the statements that posts are matched with.

    Statements travel with each part, so that all workers match with the same list.
    """

    model: ModelFolder
    statements: tuple[Statement, ...] = field(default=(), repr=False)

    @property
    def list_version(self) -> str:
        """Name the list of statements; "" where there is none."""
        return list_version(self.statements)

    @property
    def ending(self) -> str:
        """Give what the name of every part that was scored with it ends with."""
        version = _NOT_IN_NAMES.sub("_", self.model.version)
        listed = f".statements-{self.list_version}" if self.statements else ""
        return f".{version}{listed}.jsonl"


def cut(file: str, texts: Iterable[Text]) -> Iterator[Part]:
    """Cut a file's texts into parts; a file without texts has none."""
    held: list[Text] = []
    number, size = 1, 0
    for text in texts:
        if held and (len(held) == PART_ROWS or size + len(text.text) > PART_CHARACTERS):
            yield Part(file, number, tuple(held))
            held, number, size = [], number + 1, 0
        held.append(text)
        size += len(text.text)
    if held:
        yield Part(file, number, tuple(held))


def score_part(part: Part, scoring: Scoring, target: Path) -> bool:
    """Tag *part* into the file *target*; False says that it was there already.

    Raises:
        ArtefactAltered: The model that lies here is another one.
        StoppedMidway: The file cannot be written.
    """
    if target.exists():
        return False
    with _one_at_a_time:
        found = tag_rows(part.texts, _tagger(scoring), scoring.list_version)
        rows = [json.dumps(row, ensure_ascii=True) for row in found]
    try:
        _write_whole(target, "".join(f"{row}\n" for row in rows).encode("ascii"))
    except OSError as error:
        msg = (
            f"{target.name} cannot be written ({type(error).__name__}); make room or the folder "
            "writable, on every machine that works, and start again: what is done is kept"
        )
        raise StoppedMidway(msg) from error
    return True


def sweep(folder: Path) -> None:
    """Remove what killed workers left in *folder* beside files that are finished."""
    for left in folder.rglob(f"*{UNFINISHED}"):
        if left.with_name(left.name.removesuffix(UNFINISHED)[: -len(".") - HEX]).exists():
            left.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def _tagger(scoring: Scoring) -> Tagger:
    wanted = scoring.model
    tagger = Tagger.load(wanted.path, statements=scoring.statements)
    if tagger.model != wanted.version:
        msg = (
            f"a worker has the model {tagger.model} where {wanted.version} was asked for; install "
            "the same Evenhand and the same model folder on every machine"
        )
        raise ArtefactAltered(msg)
    return tagger


def _bounded(file: str) -> str:
    """Keep a file's path, but cut off a last name that leaves no room; its hash stays."""
    folder, slash, name = file.rpartition("/")
    raw = os.fsencode(name)
    if len(raw) <= LONGEST_NAME_BYTES:
        return file
    short = raw[: LONGEST_NAME_BYTES - DIGITS].decode("utf-8", "ignore")
    return f"{folder}{slash}{short}{sha256(raw).hexdigest()[:DIGITS]}"


def _write_whole(target: Path, content: bytes) -> None:
    """Write beside *target* under a name of its own, then rename; two at once do no harm."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.{uuid4().hex}{UNFINISHED}")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
