"""The server: Streamlit behind our gate, with our own pages in front of it.

`serve` is what the command line calls; `build` makes the application for any ASGI server
(`uvicorn --factory evenhand.dashboard.asgi:build`, with `EVENHAND_WORKSPACE` set).
This process never imports scikit-learn: what needs a model is a task for the worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # ships no types
from starlette.middleware import Middleware
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from evenhand.dashboard import look, widgets
from evenhand.dashboard.entrance import Entrance
from evenhand.dashboard.entrance_page import DemoPerson, Progress
from evenhand.dashboard.failures import keep_values_out_of_logs
from evenhand.dashboard.gate import PERSON_HEADER, Gate, Sessions
from evenhand.dashboard.jobs import access, library, tryout
from evenhand.dashboard.shell import Workspace, open_workspace
from evenhand.dashboard.words import forms
from evenhand.dashboard.words.glossary import say
from evenhand.data.store import connect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from evenhand.data.records import Actor
    from evenhand.data.settings import Settings

APP = Path(__file__).with_name("app.py")
# What pages load on first use; loading it ahead makes the first page as quick as the second.
WARM = ("pandas", "pyarrow", "plotly.graph_objects", "streamlit.elements.arrow")
# Streamlit's own collection after every run cost 41-104 ms per interaction
# (docs/decisions.md), so it is off, what has been loaded is frozen, and this clears the rest.
COLLECT_EVERY_S = 300.0


def options(settings: Settings, host: str, port: int) -> dict[str, object]:
    """List the Streamlit options of a server; they outrank any config.toml that lies about."""
    return {
        "global.developmentMode": False,
        "server.address": host,
        "server.port": port,
        "server.baseUrlPath": "",
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.allowedHosts": sorted(allowed_hosts(settings, host)),
        "server.trustedUserHeaders": {PERSON_HEADER: "person"},
        "server.maxUploadSize": 20,
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "server.enableStaticServing": False,
        "server.enableAgentApi": False,
        "client.allowedOrigins": [],
        "client.toolbarMode": "viewer",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "browser.gatherUsageStats": False,
        "logger.hideWelcomeMessage": True,
        "logger.enableRich": False,
        "runner.magicEnabled": False,
        "runner.postScriptGC": False,
        **look.theme_options(),
    }


def allowed_hosts(settings: Settings, host: str) -> frozenset[str]:
    """List the host names that a browser may use, in small letters."""
    named = {name.lower() for name in settings.server.allowed_hosts}
    # An address that means "every address of this machine" is no name that a browser uses.
    return frozenset(named | ({host.lower()} - {"0.0.0.0", "::"}))  # noqa: S104 - taken away, not bound


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs behind the entrance, over an open workspace."""

    workspace: Workspace

    def find(self, token: str, active: bool = False) -> Actor | None:  # noqa: FBT001, FBT002 - the form that Sessions calls
        """Find who holds a session; *active* is a sign of life."""
        return access.actor_of(self.workspace.store, token, _now(), touch=active)

    def sign_in(self, name: str, password: str, client: str) -> str:
        """Return the token of a new session, or raise NotAllowed."""
        return access.sign_in(self.workspace.store, name, password, client=client, now=_now())

    def sign_out(self, token: str) -> None:
        """End a session."""
        access.sign_out(self.workspace.store, token, _now())

    def choose_language(self, token: str, language: str) -> None:
        """Keep a language for whoever holds the session."""
        actor = self.find(token, active=True)
        if actor is not None:
            access.set_language(self.workspace.store, actor, language)

    def use_link(self, link: str, password: str, client: str) -> str:
        """Set a first password through a one-time link and return the token of a new session."""
        return access.use_link(self.workspace.store, link, password, now=_now(), client=client)

    def people(self) -> Sequence[DemoPerson]:
        """List the demo's people who may be tried with one click."""
        found = tryout.people(self.workspace.store)
        return [DemoPerson(one.id, one.name, sorted(one.roles)) for one in found]

    def sign_in_demo(self, person_id: str) -> str:
        """Return a token for one of the demo's people, or raise NotAllowed."""
        return tryout.sign_in(self.workspace.store, person_id, now=_now())

    def progress(self) -> Progress | None:
        """Say how far the demo's preparation is; None when there is nothing to wait for."""
        found = tryout.preparation(self.workspace.store)
        return None if found is None else Progress(*found)

    def ready(self) -> None:
        """Read from the store, or raise."""
        connect.ping(self.workspace.store)


def build(settings: Settings | None = None, *, host: str = "127.0.0.1") -> st.App:
    """Make the application: routes in front, the gate around, Streamlit behind.

    Args:
        settings: Whose workspace; None means the environment's.
        host: Address to listen on; browsers may always use it as a host name.
    """
    keep_values_out_of_logs()
    workspace = open_workspace(settings)
    settings = workspace.settings
    # Here, because each way of serving comes through: `serve`, `demo` and any other ASGI server.
    library.put_builtin(workspace.store, _now())
    jobs = Jobs(workspace)
    sessions = Sessions(find=jobs.find, clock=time.monotonic)
    entrance = Entrance(
        door=jobs,
        sessions=sessions,
        language=settings.language,
        organisation=settings.organisation,
        https=settings.server.https,
        demo=settings.demo,
    )
    gate = Middleware(
        Gate,
        sessions=sessions,
        hosts=allowed_hosts(settings, host),
        https=settings.server.https,
        redirect=redirect,
        is_automatic=is_automatic,
    )
    return st.App(
        APP,
        routes=entrance.routes(),
        middleware=[gate],
        lifespan=_lifespan,
        on_script_error=explain,
    )


def serve(settings: Settings, *, host: str | None = None, port: int | None = None) -> None:
    """Serve the dashboard until the process is told to stop.

    Args:
        settings: Of the workspace to serve.
        host: Address to listen on; None means the settings'.
        port: Port to listen on; None means the settings'.
    """
    address = host or settings.server.host
    app = build(settings, host=address)
    app.run(config=options(settings, address, port or settings.server.port))


def redirect(address: str) -> bytes:
    """Make the message that sends an open page of Streamlit's to *address*."""
    message = ForwardMsg()
    message.auth_redirect.url = address
    return bytes(message.SerializeToString())


def is_automatic(data: bytes) -> bool:
    """Say whether a message is a rerun that the page asked for by itself, on a timer."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return False
    return message.rerun_script.is_auto_rerun


def explain(error: Exception) -> bool:
    """Say in the person's language that a page broke; what broke it stands in the log only."""
    del error
    lang = str(st.session_state.get(widgets.LANGUAGE_KEY, forms.LANGUAGES[0]))
    st.error(say("shell.error_unexpected", lang, at=_now()))
    return True


@asynccontextmanager
async def _lifespan(app: st.App) -> AsyncIterator[None]:
    del app
    warming = asyncio.create_task(_tend())
    try:
        yield
    finally:
        warming.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await warming


async def _tend() -> None:
    """Load what the first page needs, then clear cycles now and then."""
    await asyncio.to_thread(_warm)
    while True:
        await asyncio.sleep(COLLECT_EVERY_S)
        await asyncio.to_thread(gc.collect)


def _warm() -> None:
    for name in WARM:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def _now() -> datetime:
    return datetime.now(UTC)
