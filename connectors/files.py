"""Files that somebody hands over: CSV, TSV, JSON lines, JSON arrays and Parquet, each also as .gz.

Read once from top to bottom, in constant memory, and never pulled.
Every row ends as a post or is set aside with its place and the reason; damage in the middle of a
file costs what follows it, and is set aside as one row.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from evenhand.connectors import files_csv, files_json, files_parquet
from evenhand.connectors.base import CheckResult, ConnectorSpec
from evenhand.connectors.files_bytes import (
    Damaged,
    as_utf8,
    digest_of,
    head_of,
    is_packed,
    looks_unmarked,
    open_plain,
    read_encoding,
    refuse_bomb,
    unpacked,
)
from evenhand.connectors.files_columns import (
    KNOWN_TEXTS,
    OPTIONS,
    Columns,
    choose_columns,
    fold,
)
from evenhand.connectors.files_posts import RowReader, row_digest
from evenhand.connectors.files_table import Row, Table
from evenhand.data.errors import ConnectorError, SourceMisconfigured, UnreadableFile
from evenhand.data.records import Page, SetAside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from evenhand.connectors.base import Budget, Tools
    from evenhand.connectors.files_table import Read
    from evenhand.data.records import Event, SourceSpec

SPEC = ConnectorSpec("file", "A file handed over at the terminal", OPTIONS, once=True)
VERSION = 1
PAGE_ROWS = 1_000
# JSON lines need not have the same fields; those of the first rows are shown and guessed from.
SAMPLE_ROWS = 1_000
# So many different texts by one account and by nobody else are one person's account.
MOST_BY_ONE = 10
_TABS = frozenset({".tsv", ".tab"})
_CSV = _TABS | {".csv"}
_LINES = frozenset({".jsonl", ".ndjson"})


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file is before it is read.

    *digest* is its SHA-256; *read_as* changes when the same file is read another way.
    """

    digest: str
    read_as: str
    form: str
    found: tuple[str, ...]
    columns: Columns


class FileConnector:
    """Reads one file.

    Args:
        spec: The source; its options name the file, its encoding and its columns.
        tools: Pseudonyms and the clock.

    Raises:
        SourceMisconfigured: No file is named, or an option is unknown.
    """

    spec: ConnectorSpec = SPEC

    def __init__(self, spec: SourceSpec, tools: Tools) -> None:
        known = {option.name for option in OPTIONS}
        for name in spec.options:
            if name not in known:
                msg = f"`{name}` is no option of a file; it takes {', '.join(sorted(known))}"
                raise SourceMisconfigured(msg)
        path, encoding = spec.options.get("path"), spec.options.get("encoding")
        if not isinstance(path, str) or not path:
            msg = "`path` must name the file; hand one over with `evenhand import FILE`"
            raise SourceMisconfigured(msg)
        if encoding is not None and not isinstance(encoding, str):
            msg = "`encoding` must be a text like cp1258"
            raise SourceMisconfigured(msg)
        self._source = spec
        self._tools = tools
        self._path = Path(path)
        self._encoding = read_encoding(encoding) if encoding else None
        self._opened: tuple[Survey, Table] | None = None

    def check(self) -> CheckResult:
        """Look at the file's head; the facts are its form and its columns by role."""
        try:
            survey = self.survey()
        except ConnectorError as error:
            return CheckResult(ok=False, message=str(error))
        facts = {role: ", ".join(names) for role, names in survey.columns.by_role().items()}
        return CheckResult(ok=True, message=f"{survey.form} can be read", facts=facts)

    def survey(self) -> Survey:
        """Find out what the file is and which column is what.

        Raises:
            UnreadableFile: It is no table, or nothing in it looks like a post's text.
        """
        return self._open()[0]

    def _open(self) -> tuple[Survey, Table]:
        if self._opened is None:
            digest = digest_of(self._path)
            refuse_bomb(self._path)
            try:
                table = self._table()
            except Damaged as damage:
                msg = f"{self._path} cannot be read: {damage}"
                raise UnreadableFile(msg) from damage
            columns = choose_columns(self._source.options, table.columns)
            way = json.dumps([self._encoding, columns.by_role()], sort_keys=True)
            read_as = sha256(way.encode()).hexdigest()[:16]
            survey = Survey(digest, read_as, table.form, table.columns, columns)
            self._opened = survey, table
        return self._opened

    def _table(self) -> Table:
        start = next(unpacked(self._path), b"")
        if start.startswith(files_parquet.MAGIC) or _ending(self._path) in {".parquet", ".pq"}:
            return self._parquet()
        head = head_of(self._bytes())
        if looks_unmarked(head):
            msg = f"{self._path} looks like UTF-16 without a mark; say --encoding utf-16-le"
            raise UnreadableFile(msg)
        return self._json(head) or self._csv(head)

    def _bytes(self) -> Iterator[bytes]:
        return as_utf8(unpacked(self._path), self._encoding)

    def _json(self, head: bytes) -> Table | None:
        """Tell JSON by the file's ending, else by its first letter."""
        ending, first = _ending(self._path), head.lstrip()[:1]
        if ending in _CSV or (ending not in {*_LINES, ".json"} and first not in {b"{", b"["}):
            return None
        if first == b"[" and ending not in _LINES:
            return _table("JSON array", lambda: files_json.read_array(self._bytes()))
        return _table("JSON lines", lambda: files_json.read_lines(self._bytes()))

    def _csv(self, head: bytes) -> Table:
        # Old Macintosh programs end lines with a carriage return alone.
        old = b"\r" in head and b"\n" not in head
        delimiter = "\t"
        if _ending(self._path) not in _TABS:
            delimiter = files_csv.guess_delimiter(head.decode("utf-8", "replace"), self._is_text)

        def chunks() -> Iterator[bytes]:
            whole = self._bytes()
            return (chunk.replace(b"\r", b"\n") for chunk in whole) if old else whole

        columns = files_csv.read_header(chunks(), delimiter)
        form = files_csv.describe(delimiter)
        return Table(form, columns, lambda: files_csv.read_rows(chunks(), delimiter, columns))

    def _is_text(self, column: str) -> bool:
        wanted = self._source.options.get("text")
        return column == wanted if wanted else fold(column) in KNOWN_TEXTS

    def _parquet(self) -> Table:
        with self._seekable() as file:
            columns = files_parquet.read_columns(file)
        return Table("Parquet", columns, self._parquet_rows)

    def _parquet_rows(self) -> Iterator[Read]:
        with self._seekable() as file:
            yield from files_parquet.read_rows(file)

    @contextmanager
    def _seekable(self) -> Iterator[BinaryIO]:
        """Open the file, or what is packed in it: Parquet is read from its end."""
        with open_plain(self._path) as plain:
            if not is_packed(plain):
                yield plain
                return
        with tempfile.TemporaryFile() as file:
            try:
                for chunk in unpacked(self._path):
                    file.write(chunk)
                file.flush()
            except OSError as error:
                msg = f"{self._path} cannot be unpacked ({type(error).__name__}); free the disk"
                raise UnreadableFile(msg) from error
            yield file

    def is_one_account(self) -> bool:
        """Say whether many different texts of the file, and no others, are by one account.

        Raises:
            UnreadableFile: It is no table.
        """
        survey, table = self._open()
        if survey.columns.author is None:
            return False
        reader = self._reader(survey)
        authors: set[str | None] = set()
        texts: set[str] = set()
        for read in _until_damage(table):
            if isinstance(read, Row):
                authors.add(reader.author_ref(read))
                if len(authors) > 1 or None in authors:
                    return False
                if len(texts) < MOST_BY_ONE:
                    texts.add(row_digest({"text": read.cells.get(survey.columns.text)}))
        return len(texts) >= MOST_BY_ONE

    def _reader(self, survey: Survey) -> RowReader:
        return RowReader(
            columns=survey.columns,
            name=self._source.name,
            pseudonyms=self._tools.pseudonyms,
            may_train=self._source.may_train,
            now=self._tools.clock(),
        )

    def fetch(self, cursor: Mapping[str, object] | None, budget: Budget) -> Iterator[Page]:
        """Read on where the same file, read the same way, was left; else from its first row.

        A file that was read to its end begins anew: its rows are known and change nothing.

        Raises:
            UnreadableFile: It is no table.
        """
        survey, table = self._open()
        done_rows, aside = read_before(cursor, survey)
        reader = self._reader(survey)
        events: list[Event] = []
        number = pages = 0
        for number, read in enumerate(_until_damage(table), 1):
            if number <= done_rows:
                continue
            made = reader.events(read) if isinstance(read, Row) else (read,)
            aside += sum(isinstance(one, SetAside) for one in made)
            events.extend(made)
            if number % PAGE_ROWS == 0:
                yield Page(tuple(events), _cursor(survey, number, aside), more=True)
                events, pages = [], pages + 1
                if pages >= budget.pages:
                    return
        yield Page(tuple(events), _cursor(survey, number, aside, done=True))

    def recheck(self, locators: Sequence[bytes]) -> Iterator[Event]:
        """Ask nothing: a file cannot tell what became of its posts."""
        del locators
        return iter(())


def read_before(cursor: Mapping[str, object] | None, survey: Survey) -> tuple[int, int]:
    """Say how many rows of this file an interrupted run has stored, and how many it set aside.

    A cursor of another file, another way of reading, or a finished run counts nothing.
    """
    wanted = {"v": VERSION, "file": survey.digest, "read_as": survey.read_as, "done": False}
    if cursor is None or any(cursor.get(key) != value for key, value in wanted.items()):
        return 0, 0
    rows, aside = cursor.get("rows"), cursor.get("set_aside")
    if not isinstance(rows, int) or not isinstance(aside, int):
        return 0, 0
    return rows, aside


def _cursor(survey: Survey, rows: int, aside: int, *, done: bool = False) -> dict[str, object]:
    return {
        "v": VERSION,
        "file": survey.digest,
        "read_as": survey.read_as,
        "rows": rows,
        "set_aside": aside,
        "done": done,
    }


def _ending(path: Path) -> str:
    """Give the ending that says what the file is, beneath .gz."""
    endings = [ending.lower() for ending in path.suffixes]
    if endings and endings[-1] == ".gz":
        endings.pop()
    return endings[-1] if endings else ""


def _table(form: str, rows: Callable[[], Iterator[Read]]) -> Table:
    """Make a table of JSON, whose columns are the fields of its first rows."""
    columns: dict[str, None] = {}
    try:
        for read in islice(rows(), SAMPLE_ROWS):
            if isinstance(read, Row):
                columns.update(dict.fromkeys(read.cells))
    except Damaged:
        # It is met again, and set aside, when the rows are read.
        return Table(form, tuple(columns), rows)
    return Table(form, tuple(columns), rows)


def _until_damage(table: Table) -> Iterator[Read]:
    """Read rows until the end or the first damage, which is set aside as one row."""
    place = "the beginning"
    try:
        for read in table.rows():
            place = read.place
            yield read
    except Damaged as damage:
        yield SetAside(f"after {place}", f"nothing more can be read: {damage}")
