"""The server is put together as it should be."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest

from evenhand.dashboard import asgi
from evenhand.dashboard.jobs import access, library
from evenhand.dashboard.shell import Workspace, close_workspace, open_workspace
from evenhand.data.errors import NotAllowed
from evenhand.data.records import Role
from evenhand.data.settings import Settings
from tests.dashboard.asgi_client import fetch

STARTING = "import evenhand.dashboard.asgi, evenhand.dashboard.app"
DRAWING = """
from importlib import import_module
from importlib.resources import files
for path in files("evenhand.dashboard").joinpath("views").iterdir():
    if path.name.endswith(".py"):
        import_module(f"evenhand.dashboard.views.{path.name[:-3]}")
"""
TELLING = "import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def loaded_by(*programs):
    """List the packages that a fresh process has loaded after running *programs*."""
    command = [sys.executable, "-c", "\n".join([*programs, TELLING])]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


@pytest.fixture
def settings(tmp_path):
    yield Settings(workspace=tmp_path, demo=True)
    close_workspace()


def test_server_starts_without_what_only_some_pages_need():
    """The sign-in page does not wait for data frames."""
    assert not {"pandas", "scipy", "sklearn"} & loaded_by(STARTING)


def test_pages_load_no_machine_learning_and_no_connector():
    """What needs a model or a platform is the worker's; here it would slow down every click."""
    loaded = loaded_by(STARTING, DRAWING)

    assert "streamlit" in loaded
    assert not {"sklearn", "scipy", "dask", "praw"} & loaded


def test_options_are_known_and_shut_what_pages_do_not_need(settings):
    """A misspelt option would do nothing, and the defaults are too open."""
    options = asgi.options(settings, "127.0.0.1", 8501)

    assert set(options) <= set(config._config_options_template)
    assert options["server.address"] == "127.0.0.1"
    assert options["browser.gatherUsageStats"] is False
    assert options["client.showErrorDetails"] == "none"
    assert options["runner.postScriptGC"] is False
    assert options["client.allowedOrigins"] == []


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("127.0.0.1", {"127.0.0.1", "localhost"}),
        ("0.0.0.0", {"127.0.0.1", "localhost"}),  # noqa: S104 - only asked about
        ("Desk.example", {"127.0.0.1", "localhost", "desk.example"}),
    ],
)
def test_allowed_hosts_are_the_settings_and_the_address(settings, host, names):
    """Listening on every address does not mean answering to every name."""
    assert asgi.allowed_hosts(settings, host) == names


def test_explain_says_in_the_persons_language_that_a_page_broke():
    """A page that breaks says so, and shows nothing of what broke it."""

    def script():
        import streamlit as st  # noqa: PLC0415 - AppTest runs this body alone

        from evenhand.dashboard import asgi  # noqa: PLC0415 - the same

        st.session_state["evenhand.language"] = "vi"
        asgi.explain(ValueError("a post's words"))

    app = AppTest.from_function(script, default_timeout=30).run()

    assert "Có lỗi từ phía hệ thống" in app.error[0].value
    assert "words" not in app.error[0].value


def test_redirect_leads_an_open_page_elsewhere():
    """The message is one that Streamlit's page follows."""
    message = ForwardMsg()
    message.ParseFromString(asgi.redirect("/login?why=ended"))

    assert message.auth_redirect.url == "/login?why=ended"


def test_is_automatic_tells_a_timer_from_a_person():
    """Only a rerun on a timer is automatic; what cannot be read counts as a person."""
    timed, clicked = BackMsg(), BackMsg()
    timed.rerun_script.is_auto_rerun = True
    clicked.rerun_script.query_string = ""

    assert asgi.is_automatic(timed.SerializeToString())
    assert not asgi.is_automatic(clicked.SerializeToString())
    assert not asgi.is_automatic(b"\xff\xff not a message")


def test_build_serves_the_entrance_and_keeps_the_rest_closed(settings):
    """The application is whole: gate, routes, store."""
    app = asgi.build(settings)

    async def visit():
        return [
            await fetch(app, path)
            for path in ("/healthz", "/readyz", "/login", "/", "/_stcore/metrics")
        ]

    answers = asyncio.run(visit())

    assert [answer.status for answer in answers] == [200, 200, 200, 303, 401]


def test_build_puts_the_shipped_templates_into_the_store_once(settings):
    """A new workspace can answer in both languages from its first start on."""
    asgi.build(settings)
    asgi.build(settings)
    store = open_workspace(settings).store

    names = {lang: [one.name for one in library.templates(store, lang)] for lang in ("en", "vi")}

    assert "Answer a question" in names["en"]
    assert "Trả lời câu hỏi" in names["vi"]
    assert len(set(names["en"])) == len(names["en"]) == len(names["vi"])


def test_jobs_open_and_end_sessions_of_people(settings):
    """The entrance's jobs are the real ones."""
    workspace = open_workspace(settings)
    jobs = asgi.Jobs(workspace)
    now = datetime.now(UTC)
    operator = access.operator()
    words = "mưa rào buổi chiều"
    lan = access.add_person(
        workspace.store, operator, "Lan", words, roles=[Role.REVIEWER], team="Desk", now=now
    )
    token = jobs.sign_in("Lan", words, "127.0.0.1")

    assert jobs.find(token, active=True).id == lan
    jobs.choose_language(token, "vi")
    assert jobs.find(token, active=False).language == "vi"
    jobs.choose_language("nobody's", "en")
    jobs.sign_out(token)
    assert jobs.find(token, active=False) is None
    link = access.make_link(workspace.store, lan, now)
    assert jobs.find(jobs.use_link(link, words, "127.0.0.1"), active=True).id == lan


def test_jobs_let_only_simulated_people_be_tried(settings):
    """The demo's one click opens no real person's account."""
    workspace = open_workspace(settings)
    jobs = asgi.Jobs(workspace)
    now, operator = datetime.now(UTC), access.operator()
    ids = [
        access.add_person(
            workspace.store,
            operator,
            name,
            "mưa rào buổi chiều",
            roles=[Role.REVIEWER],
            team="Desk",
            now=now,
            simulated=simulated,
        )
        for name, simulated in (("Real", False), ("Lan (simulated)", True), ("Second", True))
    ]

    assert [one.id for one in jobs.people()] == [ids[1]]
    assert jobs.find(jobs.sign_in_demo(ids[1]), active=True).simulated
    with pytest.raises(NotAllowed, match="simulated"):
        jobs.sign_in_demo(ids[0])
    assert jobs.progress() is None


def test_workspace_is_opened_once_and_follows_the_settings(settings, tmp_path):
    """A process has one store open, and another workspace takes its place."""
    first = open_workspace(settings)

    assert isinstance(first, Workspace)
    assert open_workspace() is first
    (tmp_path / "other").mkdir()
    second = open_workspace(Settings(workspace=tmp_path / "other"))
    assert second is not first
    assert open_workspace() is second
