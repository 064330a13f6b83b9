"""What commands share: the workspace, the settings read from it, and common options.

`--workspace DIR` may stand before the verb or after it; the one after it wins, and where neither
stands the settings look at the environment.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.data.settings import load_settings

if TYPE_CHECKING:
    from evenhand.data.settings import Settings


class Lang(StrEnum):
    """The languages that Evenhand speaks."""

    EN = "en"
    VI = "vi"


def else_before_the_verb(context: typer.Context, value: Path | None) -> Path | None:
    """Take the workspace that stands before the verb where none stands after it."""
    return value if value is not None else context.find_root().params.get("workspace")


WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        callback=else_before_the_verb,
        show_default=False,
        metavar="DIR",
        help="Folder of the store, keys, models and exports; else EVENHAND_WORKSPACE says it.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would be done only.")]


def open_settings(workspace: Path | None, **overrides: object) -> Settings:
    """Read the settings of the workspace that the command line or the environment names.

    Args:
        workspace: What a command's `WorkspaceOption` holds.
        overrides: Settings that the command line sets; None leaves one as it is.

    Raises:
        SettingsError: No workspace is named, it is none, or its settings are not accepted.
    """
    return load_settings(workspace, **overrides)
