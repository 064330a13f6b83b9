"""Files that somebody hands over: CSV, TSV, JSON lines, JSON arrays and Parquet, each also as .gz.

Read once from top to bottom, in constant memory, and never pulled.
Every row ends as a post or is set aside with its place and the reason; damage in the middle of a
file costs what follows it, and is set aside as one row.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.connectors.base import CheckResult, ConnectorSpec
from evenhand.connectors.files_bytes import digest_of, read_encoding
from evenhand.connectors.files_columns import (
    KNOWN_TEXTS,
    OPTIONS,
    Columns,
    choose_columns,
    fold,
)
from evenhand.connectors.files_open import open_table, until_damage
from evenhand.connectors.files_posts import RowReader, row_digest
from evenhand.connectors.files_table import Row
from evenhand.data.errors import ConnectorError, SourceMisconfigured
from evenhand.data.records import Page, SetAside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evenhand.connectors.base import Budget, Tools
    from evenhand.connectors.files_table import Table
    from evenhand.data.records import Event, SourceSpec

SPEC = ConnectorSpec("file", "A file handed over at the terminal", OPTIONS, once=True)
VERSION = 1
PAGE_ROWS = 1_000
# So many different texts by one account and by nobody else are one person's account.
MOST_BY_ONE = 10


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
            table = open_table(self._path, self._encoding, self._is_text)
            columns = choose_columns(self._source.options, table.columns)
            way = json.dumps([self._encoding, columns.by_role()], sort_keys=True)
            read_as = sha256(way.encode()).hexdigest()[:16]
            survey = Survey(digest, read_as, table.form, table.columns, columns)
            self._opened = survey, table
        return self._opened

    def _is_text(self, column: str) -> bool:
        wanted = self._source.options.get("text")
        return column == wanted if wanted else fold(column) in KNOWN_TEXTS

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
        for read in until_damage(table):
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
        for number, read in enumerate(until_damage(table), 1):
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
