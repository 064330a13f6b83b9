"""The script that Streamlit runs for every page: who is there, in which language, which pages."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from importlib.util import find_spec

import streamlit as st

from evenhand.dashboard import gate, look, widgets
from evenhand.dashboard.jobs import access
from evenhand.dashboard.shell import Shell, open_workspace, zone_of
from evenhand.data.records import Role

WORK = frozenset({Role.REVIEWER, Role.COORDINATOR})
# In the order of the sidebar; the first that a person may open is where they begin.
# Hiding a page is a courtesy: the jobs behind it check the roles.
PAGES = {
    "review": WORK,
    "requests": WORK,
    "shift": WORK,
    "overview": frozenset(Role),
    "coverage": frozenset(Role),
    "trends": frozenset(Role),
    "alerts": frozenset({Role.COORDINATOR, Role.ANALYST, Role.LEADER, Role.ADMIN}),
    "simulator": frozenset({Role.COORDINATOR, Role.ANALYST, Role.LEADER, Role.ADMIN}),
    "reports": frozenset({Role.COORDINATOR, Role.ANALYST, Role.LEADER, Role.ADMIN}),
    "queues": frozenset({Role.COORDINATOR, Role.ADMIN}),
    # Figures and gold for coordinators and analysts; appeals and practice for reviewers; admins
    # have the audit alone, whose budget they may approve.
    "quality": WORK | {Role.ANALYST, Role.ADMIN},
    "policies": frozenset(Role),
    "models": frozenset({Role.ANALYST, Role.COORDINATOR, Role.ADMIN}),
    "sources": frozenset({Role.COORDINATOR, Role.ADMIN}),
    "care": WORK,
}


def draw() -> None:
    """Draw the page that the address names for whoever is signed in."""
    st.logo(look.MARK, size="large")
    workspace = open_workspace()
    cookie = gate.cookie_name(https=workspace.settings.server.https)
    token = str(st.context.cookies.get(cookie, ""))
    actor = access.actor_of(workspace.store, token, datetime.now(UTC), touch=False)
    # The gate vouches for the person too: without it in front nobody is let in.
    if actor is None or st.user.get("person") != actor.id:
        widgets.leave("/login?why=ended")
        return
    now, zone = partial(datetime.now, UTC), zone_of(st.context.timezone)
    shell = Shell(workspace.store, workspace.settings, actor, actor.language, now, zone)
    pages = {name: _page(name, shell) for name in open_to(actor.roles)}
    widgets.know_pages(pages)
    menu = [widgets.start_page(shell, list(pages.values())), *pages.values()]
    # Streamlit would fold away what comes after the tenth page.
    chosen = st.navigation(menu, expanded=True)
    widgets.sidebar(shell, token)
    chosen.run()


def open_to(roles: frozenset[Role]) -> list[str]:
    """List the pages for these roles, the one to begin with first."""
    return [name for name, needed in PAGES.items() if roles & needed and _exists(name)]


def _exists(name: str) -> bool:
    return find_spec(f"evenhand.dashboard.views.{name}") is not None


def _page(name: str, shell: Shell) -> st.Page:
    def run() -> None:
        # Loaded on first use, so that no page waits for what another needs.
        import_module(f"evenhand.dashboard.views.{name}").page(shell)

    return st.Page(run, title=shell.say(f"{name}.title"), url_path=name)


if __name__ == "__main__":
    draw()
