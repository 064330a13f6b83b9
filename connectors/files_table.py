"""What the readers of files hand on: rows with named cells, and what had to be set aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.data.records import SetAside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

LONGEST_COLUMN_NAME = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands in the file, and its cells by column.

    A cell is a text, or in JSON and Parquet also a number, a truth value or None.
    """

    place: str
    cells: Mapping[str, object]


Read = Row | SetAside


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was recognised: what it is, which columns it shows, and its rows from the start.

    *columns* of JSON lines are those of the first rows; later ones may bring more.
    """

    form: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Read]]


def shown_name(column: str) -> str:
    """Make a column's name safe for a terminal and a log.

    A file without a header has a post where the names should be: what does not look like a name
    is not repeated.
    """
    if len(column) > LONGEST_COLUMN_NAME:
        return "(a long text)"
    plain = "".join(letter if letter.isprintable() else "?" for letter in column)
    return plain if plain.strip() else "(no name)"
