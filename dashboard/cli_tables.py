"""Tables at the terminal: drawn by rich where somebody looks, plain columns for everything else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

BETWEEN = "  "


def show_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, names: int = 1
) -> None:
    """Print one table; the first *names* columns are names, the others figures, set to the right.

    A cell may hold any text: what is no letter or sign is replaced, and nothing in it is markup.
    """
    shown = [[_printable(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _draw(title, columns, shown, names)
        return
    typer.echo(f"\n{title}")
    for row in plain_lines(columns, shown, names=names):
        typer.echo(row)


def plain_lines(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, names: int = 1
) -> list[str]:
    """Set *columns* and *rows* in columns as wide as their longest cell."""
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    return [
        BETWEEN.join(
            cell.ljust(width) if at < names else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (columns, *rows)
    ]


def _draw(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], names: int) -> None:
    from rich.console import Console  # noqa: PLC0415 - only where somebody looks
    from rich.table import Table  # noqa: PLC0415 - the same
    from rich.text import Text  # noqa: PLC0415 - the same

    table = Table(title=title, title_justify="left")
    for at, column in enumerate(columns):
        table.add_column(column, justify="left" if at < names else "right")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def _printable(cell: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in cell)
