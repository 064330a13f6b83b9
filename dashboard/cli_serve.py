"""The commands that run on: `serve` for browsers, `worker` beside it, `demo` with both."""

from __future__ import annotations

import errno
import ipaddress
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.dashboard.cli_options import JsonOption, WorkspaceOption, open_settings
from evenhand.dashboard.jobs import demo as demos
from evenhand.data.errors import EvenhandError
from evenhand.data.store.connect import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evenhand.dashboard.jobs.demo import Account, Plan
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store

HOST = "127.0.0.1"
# A worker ends after its present step, at most one page or one batch of texts later.
STOP_S = 20.0

PortOption = Annotated[
    int | None,
    typer.Option(min=1, max=65535, help="Port to listen on; else the settings say it."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    app.command()(demo)
    app.command()(serve)
    app.command()(worker)


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; else the settings say it.")
    ] = None,
    port: PortOption = None,
    *,
    with_worker: Annotated[
        bool, typer.Option("--with-worker", help="Start the worker too, and end it at the end.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Serve the dashboard to browsers.

    Example: evenhand serve --with-worker --workspace ~/evenhand
    """
    settings = open_settings(workspace)
    host, port = host or settings.server.host, port or settings.server.port
    refuse_taken(host, port)
    if warning := warning_about(host, https=settings.server.https):
        typer.echo(warning, err=True)
    typer.echo(f"Evenhand answers on {address_of(host, port)} (Ctrl-C ends it)")
    _serve(settings, host, port, with_worker=with_worker)


def worker(
    *,
    once: Annotated[bool, typer.Option("--once", help="Do every step once and end.")] = False,
    parent: Annotated[int | None, typer.Option("--parent", hidden=True)] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Pull, tag, take back old claims, erase what nobody may keep, and do tasks from the browser.

    Example: evenhand worker --workspace ~/evenhand
    """
    settings = open_settings(workspace)
    from evenhand.dashboard import worker as working  # noqa: PLC0415 - scikit-learn takes seconds

    working.run(settings, once=once, parent=parent)


def demo(  # noqa: PLR0913 - the options of the command line contract
    posts: Annotated[int, typer.Option(min=1, help="How many invented posts.")] = demos.POSTS,
    seed: Annotated[int, typer.Option(help="The same seed gives the same demo.")] = demos.SEED,
    *,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="Prepare it, print the counts and end.")
    ] = False,
    as_json: JsonOption = False,
    port: PortOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Try Evenhand on invented posts; nothing is kept unless --workspace names a new folder.

    Example: evenhand demo
    """
    begun = monotonic()
    port = port or 8501
    if not no_serve:
        refuse_taken(HOST, port)
    with leaving_calmly(), _folder(workspace) as folder:
        settings = demos.make_folder(folder)
        # A demo that nobody looks at and nobody keeps ends at a fixed moment: same seed, same
        # counts, whatever the day.
        is_fixed = no_serve and workspace is None
        plan = demos.Plan(posts, seed, demos.FIXED_END if is_fixed else _now())
        store = open_store(settings.url)
        try:
            accounts = demos.settle(store, plan, _now())
            if no_serve:
                _prepare(store, settings, plan, begun, as_json=as_json)
                return
        finally:
            store.close()
        _greet(accounts, port, plan, kept=workspace, as_json=as_json)
        _serve(settings, HOST, port, with_worker=True)


def refuse_taken(host: str, port: int) -> None:
    """Make sure that *port* is free on *host*.

    Raises:
        EvenhandError: Another program has it, or it may not be used.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(found[0], found[1]) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(found[4])
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "is in use" if taken else f"cannot be used ({error.strerror})"
        msg = f"port {port} on {host} {why}; choose another one with --port"
        raise EvenhandError(msg) from error


def warning_about(host: str, *, https: bool) -> str | None:
    """Say what is wrong with listening on *host*; None when nothing is."""
    if https or is_loopback(host):
        return None
    return (
        f"warning: {host} can be reached from other machines, and passwords travel readable; "
        "put a server with TLS in front and set server.https, or listen on 127.0.0.1"
    )


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches *host*."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address_of(host: str, port: int) -> str:
    """Write the address that a browser on this machine opens."""
    shown = HOST if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


@contextmanager
def leaving_calmly() -> Iterator[None]:
    """Let SIGTERM, SIGHUP and Ctrl-C run the clean-up of the block, and end without a traceback."""
    numbers = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]

    def leave(number: int, frame: object) -> None:
        del number, frame
        # A second signal must not break the clean-up that the first one began.
        for one in numbers:
            signal.signal(one, signal.SIG_IGN)
        raise SystemExit(0)

    for number in numbers:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, leave)
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("", err=True)


def _serve(settings: Settings, host: str, port: int, *, with_worker: bool) -> None:
    from evenhand.dashboard import asgi  # noqa: PLC0415 - Streamlit takes a second

    with leaving_calmly(), _worker_beside(settings, wanted=with_worker):
        asgi.serve(settings, host=host, port=port)


@contextmanager
def _worker_beside(settings: Settings, *, wanted: bool) -> Iterator[None]:
    """Run a worker in a process of its own, so that scikit-learn stays out of the server."""
    if not wanted:
        yield
        return
    arguments = ["worker", "--workspace", str(settings.workspace), "--parent", str(os.getpid())]
    child = subprocess.Popen([sys.executable, "-m", "evenhand.dashboard", *arguments])  # noqa: S603 - our own program
    threading.Thread(target=_tell_its_end, args=(child,), daemon=True).start()
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _tell_its_end(child: subprocess.Popen[bytes]) -> None:
    """Say so when the worker broke: the pages go on without it, and nothing new would come in."""
    code = child.wait()
    if code != 0:
        typer.echo(
            f"the worker ended with code {code}, and nothing is pulled or tagged any more; "
            "start `evenhand worker` for this workspace",
            err=True,
        )


@contextmanager
def _folder(workspace: Path | None) -> Iterator[Path]:
    """Give the folder that was named, or one that is gone afterwards."""
    if workspace is not None:
        yield workspace.expanduser().resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="evenhand-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _prepare(store: Store, settings: Settings, plan: Plan, begun: float, *, as_json: bool) -> None:
    from evenhand.classifiers.tagger import Tagger  # noqa: PLC0415 - scikit-learn takes seconds
    from evenhand.dashboard.jobs import (  # noqa: PLC0415 - the same
        demo_history,
        demo_report,
        serving_model,
    )

    def tell(done: int, total: int) -> None:
        if sys.stderr.isatty():
            typer.echo(f"\r{done} of {total} posts", nl=done == total, err=True)

    listed = serving_model.statements_of(store, plan.until)
    tagger = Tagger.load(statements=listed)
    team = demo_history.prepare(store, settings, tagger, plan, progress=tell)
    if team is None:
        return
    counts = demo_report.report(store, settings, plan, team, model=tagger.model)
    counts["seconds"] = round(monotonic() - begun, 1)
    if as_json:
        typer.echo(json.dumps(counts, ensure_ascii=False))
        return
    for line in demo_report.lines(counts):
        typer.echo(line)
    typer.echo(f"\n{counts['seconds']} seconds, seed {plan.seed}, model {tagger.model}")


def _greet(
    accounts: Sequence[Account], port: int, plan: Plan, *, kept: Path | None, as_json: bool
) -> None:
    address = address_of(HOST, port)
    if as_json:
        people = [
            {"name": one.name, "role": one.role.value, "password": one.password} for one in accounts
        ]
        typer.echo(json.dumps({"address": address, "people": people}, ensure_ascii=False))
        return
    typer.echo(f"The demo answers on {address} (Ctrl-C ends it)\n")
    typer.echo(f"{plan.posts:,} invented posts are being prepared; the page shows how far it is.")
    typer.echo("One click signs you in there; so do these names with their one-time passwords:")
    for one in accounts:
        typer.echo(f"  {one.name:<6}{one.role.value:<13}{one.password}")
    after = "Everything is removed at the end." if kept is None else f"It stays in {kept}."
    typer.echo(f"Posts and people are invented, and all decisions so far simulated. {after}")


def _now() -> datetime:
    return datetime.now(UTC)
