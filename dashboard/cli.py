"""The `evenhand` command: one verb per job.

Results go to standard output, progress and warnings to standard error.
Exit codes: 0 done, 1 could not, 2 wrong use or nothing readable.
"""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.dashboard import (
    cli_check,
    cli_classify,
    cli_evaluate,
    cli_export,
    cli_import,
    cli_people,
    cli_pull,
    cli_report,
    cli_retraining,
    cli_serve,
    cli_statements,
    cli_upgrade,
)
from evenhand.dashboard.cli_options import Lang, WorkspaceOption
from evenhand.data.errors import EvenhandError, InputError, SettingsError
from evenhand.data.settings import FILE_NAME, workspace_folder

if TYPE_CHECKING:
    from collections.abc import Callable

DONE, COULD_NOT, WRONG_USE = 0, 1, 2

app = typer.Typer(
    name="evenhand",
    help="Watch public posts, review what may do harm, answer what needs an answer, and measure "
    "what was missed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

STARTING_FILE = """# Settings of this workspace; docs/settings.md explains each.
language = "{language}"

# The accounts that your answers are given from, as the public sees them.
accounts = []

[retention]
unflagged_days = 7
"""


@app.callback()
def _root(workspace: WorkspaceOption = None) -> None:
    """Hold the options that every command shares."""
    del workspace


@app.command()
def init(
    workspace: WorkspaceOption = None,
    language: Annotated[Lang, typer.Option(help="Language of the sign-in page.")] = Lang.EN,
) -> None:
    """Make a workspace.

    Example: evenhand init --workspace ~/evenhand
    """
    path = workspace_folder(workspace) / FILE_NAME
    if path.exists():
        msg = f"{path} exists already; this workspace is made"
        raise SettingsError(msg)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(STARTING_FILE.format(language=language.value), "utf-8")
    typer.echo(f"made {path.parent}")
    named = f"--workspace {shlex.quote(str(path.parent))}"
    typer.echo(f"next: evenhand people add NAME --role admin {named}", err=True)
    typer.echo(f"then: evenhand serve --with-worker {named}", err=True)


cli_import.register(app)
cli_check.register(app)
cli_classify.register(app)
cli_evaluate.register(app)
cli_export.register(app)
cli_people.register(app)
cli_pull.register(app)
cli_report.register(app)
cli_retraining.register(app)
cli_serve.register(app)
cli_statements.register(app)
cli_upgrade.register(app)


def main() -> None:
    """Run the command line; an error becomes one sentence and an exit code."""
    sys.exit(run(app))


def run(command: Callable[[], object]) -> int:
    """Run *command* and give its exit code."""
    try:
        command()
    except (InputError, SettingsError) as error:
        typer.echo(f"evenhand: {error}", err=True)
        return WRONG_USE
    except EvenhandError as error:
        typer.echo(f"evenhand: {error}", err=True)
        return COULD_NOT
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else COULD_NOT
    return DONE
