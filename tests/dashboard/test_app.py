"""The script behind every page lets nobody in by itself and shows each role its pages."""

from __future__ import annotations

from datetime import UTC
from importlib.resources import files

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard import app
from evenhand.dashboard.shell import close_workspace, open_workspace, zone_of
from evenhand.data.records import Role
from evenhand.data.settings import Settings


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        (
            Role.REVIEWER,
            [
                *(
                    "review",
                    "requests",
                    "shift",
                    "overview",
                    "coverage",
                    "trends",
                    "quality",
                    "policies",
                ),
                "care",
            ],
        ),
        (
            Role.COORDINATOR,
            [
                *(
                    "review",
                    "requests",
                    "shift",
                    "overview",
                    "coverage",
                    "trends",
                    "alerts",
                    "simulator",
                    "reports",
                    "queues",
                    "quality",
                ),
                *("policies", "models", "sources", "care"),
            ],
        ),
        (
            Role.ANALYST,
            [
                *("overview", "coverage", "trends", "alerts", "simulator", "reports"),
                *("quality", "policies", "models"),
            ],
        ),
        (
            Role.LEADER,
            ["overview", "coverage", "trends", "alerts", "simulator", "reports", "policies"],
        ),
        (
            Role.ADMIN,
            [
                *("overview", "coverage", "trends", "alerts", "simulator", "reports"),
                *("queues", "quality", "policies", "models", "sources"),
            ],
        ),
    ],
)
def test_open_to_lists_the_pages_of_a_role(role, pages):
    """Each role finds its pages in one order, and begins with the first."""
    there = [name for name in pages if app._exists(name)]

    assert app.open_to(frozenset({role})) == there


def test_open_to_lists_nothing_for_nobody():
    """Without a role there is no page."""
    assert app.open_to(frozenset()) == []


def test_app_draws_nothing_for_whoever_has_no_session(tmp_path):
    """Even without the gate in front, the script itself shows nothing to strangers."""
    open_workspace(Settings(workspace=tmp_path))
    path = files("evenhand.dashboard").joinpath("app.py")
    drawn = AppTest.from_file(str(path), default_timeout=30).run()
    close_workspace()

    assert not drawn.exception
    assert not drawn.title
    assert not drawn.sidebar.button


@pytest.mark.parametrize("name", [None, "", "Nowhere/Atlantis", "../../etc/passwd", "\x00"])
def test_zone_of_falls_back_to_utc_when_the_browser_names_nonsense(name):
    """A zone that nobody knows does not break a page."""
    assert zone_of(name).utcoffset(None) == UTC.utcoffset(None)


def test_zone_of_knows_the_zones_of_the_world():
    """A browser in Hà Nội gets its own time."""
    assert str(zone_of("Asia/Ho_Chi_Minh")) == "Asia/Ho_Chi_Minh"
