"""A served workspace to review in; a module that needs another one has its own `server`."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from evenhand.dashboard.jobs import access
from evenhand.data import tables
from evenhand.data.records import Role
from evenhand.data.settings import load_settings
from evenhand.data.store.connect import open_store
from tests.journeys.review_desk import WIDTHS, note_seals
from tests.journeys.server import browsing, serving, sign_in

PASSWORD = "mưa rào buổi chiều"
PEOPLE = {"An": Role.REVIEWER, "Bình": Role.REVIEWER, "Chi": Role.COORDINATOR}


def staffed(workspace, people):
    """Make a workspace in which these people (name → role) form one team."""
    # Nothing by chance: no second reading on another desk, no item out of its turn.
    settings = 'organisation = "Tổ trực"\n[quality]\ndouble_share = 0\n[review]\nrandom_share = 0\n'
    (workspace / "evenhand.toml").write_text(settings, "utf-8")
    store = open_store(load_settings(workspace).url)
    for name, role in people.items():
        access.add_person(
            store,
            access.operator(),
            name,
            PASSWORD,
            roles=[role],
            team="Tổ trực",
            now=datetime.now(UTC),
        )
    store.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("review")
    staffed(workspace, PEOPLE)
    with serving(workspace) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    with browsing() as running:
        yield running


@pytest.fixture
def visit(browser, server):
    """Sign somebody in, in a window of their own, and go to a page."""
    contexts = []

    def visiting(name, path, width="desk", scheme="light"):
        context = browser.new_context(
            viewport={"width": WIDTHS[width], "height": 900}, color_scheme=scheme, bypass_csp=True
        )
        contexts.append(context)
        page = context.new_page()
        sign_in(page, server, name, PASSWORD)
        page.goto(f"{server.url}/{path}")
        return page

    yield visiting
    for context in contexts:
        context.close()


@pytest.fixture
def floor(server):
    """The server's store, with nothing left to review from the test before."""
    store = open_store(load_settings(server.workspace).url)
    with store.write() as conn:
        conn.execute(
            update(tables.item).values(state="void", claimed_by=None, claim_until=None),
        )
    yield store
    store.close()


@pytest.fixture
def desk(server, browser):
    """Sign somebody in and wait for the card."""
    contexts = []

    def sit(name="An", *, width=1440, scheme="light", url=None, **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        contexts.append(context)
        page = context.new_page()
        sign_in(page, server if url is None else SimpleNamespace(url=url), name, PASSWORD)
        page.locator(".eh .bar").wait_for()
        note_seals(page, server.workspace, name)
        return page

    yield sit
    for context in contexts:
        context.close()
