"""The commands that run on, from outside: what they print, how they end, what they leave."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from evenhand.dashboard.cli_people import welcome_address
from evenhand.dashboard.cli_serve import address_of, is_loopback, warning_about
from evenhand.dashboard.jobs import access
from evenhand.data.errors import NotAllowed
from evenhand.data.records import Role
from evenhand.data.settings import Settings, load_settings
from evenhand.data.store.connect import open_store
from evenhand.data.taxonomy import Policy, Request

EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared, not bound
PROGRAM = [sys.executable, "-m", "evenhand.dashboard"]
# A limit for what hangs, not a measure: a busy machine takes its time.
WITHIN_S = 180


@pytest.fixture
def workspace(tmp_path):
    folder = tmp_path / "ws"
    folder.mkdir()
    (folder / "evenhand.toml").write_text('organisation = "Tổ trực"\n', "utf-8")
    return folder


def environment(folder):
    """The present environment without our own settings, with temporary folders in *folder*."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("EVENHAND_")}
    return {**kept, "TMPDIR": str(folder)}


def call(folder, *arguments):
    return subprocess.run(
        [*PROGRAM, *arguments],
        capture_output=True,
        cwd=folder,
        timeout=WITHIN_S,
        check=False,
        env=environment(folder),
        text=True,
    )


@contextmanager
def started(folder, *arguments):
    """Run a command in the background; it is killed if the block leaves it running."""
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(
            [*PROGRAM, *arguments], stdout=out, stderr=err, cwd=folder, env=environment(folder)
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def wait_for(what, within_s=WITHIN_S):
    """Ask again and again until *what* gives something."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.05)
    pytest.fail(f"nothing came within {within_s} seconds")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# ------------------------------------------------------------------------------ demo


def test_demo_prints_its_counts_as_one_object_and_leaves_nothing(tmp_path):
    """`--no-serve --json` is for scripts: one object, every label, and no folder afterwards."""
    ended = call(tmp_path, "demo", "--posts", "300", "--no-serve", "--json")
    counts = json.loads(ended.stdout)

    assert (0, "") == (ended.returncode, ended.stderr)
    assert 300 == counts["posts"]
    assert set(Policy) == set(counts["policies"])
    assert set(Request) == set(counts["requests"])
    assert {"en", "vi"} == set(counts["languages"])
    assert {"flagged", "items", "decided", "answered", "open", "seconds", "model", "seed"} <= set(
        counts
    )
    assert [] == list(tmp_path.iterdir())


def test_demo_gives_the_same_counts_twice(tmp_path):
    """Same seed, same counts, in another process and at another time."""
    ended = [call(tmp_path, "demo", "--posts", "120", "--no-serve", "--json") for _ in range(2)]
    first, second = (json.loads(one.stdout) for one in ended)

    assert first.pop("seconds") >= 0
    assert second.pop("seconds") >= 0
    assert first == second


def test_demo_prints_lines_for_people(tmp_path):
    """Without `--json` the same counts stand in a table."""
    ended = call(tmp_path, "demo", "--posts", "60", "--no-serve", "--seed", "4")

    assert 0 == ended.returncode
    assert ended.stdout.startswith("60 posts, ")
    assert "seed 4" in ended.stdout
    assert "scam_fraud" in ended.stdout


def test_demo_keeps_the_folder_that_was_named_and_never_uses_it_twice(tmp_path):
    """A kept demo is a workspace; a second demo does not get into it."""
    kept = tmp_path / "kept"
    first = call(tmp_path, "demo", "--posts", "60", "--no-serve", "--workspace", str(kept))
    size = (kept / "evenhand.sqlite").stat().st_size
    second = call(tmp_path, "demo", "--posts", "60", "--no-serve", "--workspace", str(kept))

    assert (0, 2) == (first.returncode, second.returncode)
    assert "exists already" in second.stderr
    assert size == (kept / "evenhand.sqlite").stat().st_size
    assert "demo = true" in (kept / "evenhand.toml").read_text("utf-8")


@pytest.mark.parametrize("arguments", [["--posts", "0"], ["--port", "0"], ["--posts", "many"]])
def test_demo_refuses_wrong_use(tmp_path, arguments):
    """Exit code 2, and no folder is left."""
    ended = call(tmp_path, "demo", "--no-serve", *arguments)

    assert 2 == ended.returncode
    assert "" == ended.stdout
    assert [] == list(tmp_path.iterdir())


# ------------------------------------------------------------------------------ serve


def test_port_in_use_is_one_sentence_and_exit_code_one(workspace):
    """Both commands say which port, and what to do."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        ended = [
            call(workspace, "serve", "--workspace", str(workspace), "--port", port),
            call(workspace, "demo", "--port", port),
        ]

    for one in ended:
        assert 1 == one.returncode
        assert f"port {port} on 127.0.0.1 is in use; choose another one with --port" in one.stderr
        assert 1 == len(one.stderr.splitlines())
        assert "" == one.stdout
    assert not list(workspace.glob("evenhand-demo-*"))


def test_address_that_does_not_exist_is_one_sentence(workspace):
    """An address of another machine cannot be listened on."""
    ended = call(workspace, "serve", "--workspace", str(workspace), "--host", "192.0.2.1")

    assert 1 == ended.returncode
    assert "cannot be used" in ended.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_no_warning_on_this_machines_own_addresses(host):
    """Only this machine reaches them."""
    assert is_loopback(host)
    assert warning_about(host, https=False) is None


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "10.0.0.4", "desk.example"])
def test_warning_when_others_reach_the_server_without_tls(host):
    """Passwords would travel readable; behind TLS they do not."""
    assert host in warning_about(host, https=False)
    assert "server.https" in warning_about(host, https=False)
    assert warning_about(host, https=True) is None


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8501"),
        (EVERYWHERE, "http://127.0.0.1:8501"),
        ("::1", "http://[::1]:8501"),
        ("desk.example", "http://desk.example:8501"),
    ],
)
def test_address_can_be_opened_in_a_browser(host, expected):
    """What is printed is what a browser takes."""
    assert expected == address_of(host, 8501)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_with_worker_ends_both_when_told(workspace, number):
    """A stopped server leaves no worker behind, and says so by exit code 0."""
    port = free_port()
    arguments = ["--workspace", str(workspace), "--port", str(port), "--with-worker"]
    with started(workspace, "serve", *arguments) as process:
        wait_for(lambda: answers(port))
        wait_for(lambda: b"worker_started" in (workspace / "err").read_bytes())
        process.send_signal(number)
        code = process.wait(WITHIN_S)

    assert 0 == code
    assert f"answers on http://127.0.0.1:{port}" in (workspace / "out").read_text("utf-8")
    assert "worker_stopped" in (workspace / "err").read_text("utf-8")
    assert "Traceback" not in (workspace / "err").read_text("utf-8")


def test_serving_side_of_the_commands_loads_no_model_library():
    """The process that serves the demo has no scikit-learn in it; the worker has."""
    program = (
        "import sys; from evenhand.dashboard import asgi, cli; "
        "print([m for m in sys.modules if m.startswith(('sklearn', 'scipy', 'evenhand.cla'))])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, timeout=60
    )

    assert "[]" == ended.stdout.strip()


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5) as page:
            return page.status == 200
    except OSError:
        return False


# ------------------------------------------------------------------------------ worker


def test_worker_does_every_step_once_when_asked(workspace):
    """A timer can start it; its log goes to standard error and is key-values."""
    ended = call(workspace, "worker", "--once", "--workspace", str(workspace))
    lines = ended.stderr.splitlines()

    assert (0, "") == (ended.returncode, ended.stdout)
    assert "event=worker_started" in lines[0]
    assert "demo=false" in lines[0]
    assert "event=worker_stopped" in lines[-1]


def test_worker_stops_at_sigterm(workspace):
    """It ends after its present step, by itself."""
    with started(workspace, "worker", "--workspace", str(workspace)) as process:
        wait_for(lambda: b"worker_started" in (workspace / "err").read_bytes())
        process.terminate()
        code = process.wait(WITHIN_S)

    assert 0 == code
    assert "worker_stopped" in (workspace / "err").read_text("utf-8")


def test_worker_ends_when_the_process_that_started_it_is_gone(workspace):
    """A killed server leaves no worker behind."""
    arguments = ["worker", "--workspace", str(workspace), "--parent", "1"]
    with started(workspace, *arguments) as process:
        code = process.wait(WITHIN_S)

    assert 0 == code


# ------------------------------------------------------------------------------ people


def test_people_add_gives_a_link_that_works_once(workspace):
    """The first admin comes in by it and chooses a password."""
    added = call(
        workspace, "people", "add", "Minh Trần", "--role", "admin", "--workspace", str(workspace)
    )
    listed = call(workspace, "people", "list", "--workspace", str(workspace), "--json")
    token = added.stdout.strip().partition("token=")[2]
    store = open_store(load_settings(workspace).url)
    now = datetime.now(UTC)
    session = access.use_link(store, token, "mưa rào buổi chiều", now=now)
    with pytest.raises(NotAllowed):
        access.use_link(store, token, "mưa rào buổi sáng", now=now)
    actor = access.actor_of(store, session, now)
    store.close()

    assert 0 == added.returncode
    assert ("Minh Trần", {Role.ADMIN}) == (actor.name, set(actor.roles))
    assert added.stdout.startswith("http://127.0.0.1:8501/welcome?token=")
    assert "within 10 minutes" in added.stderr
    assert [{"name": "Minh Trần", "roles": ["admin"], "state": "invited"}] == json.loads(
        listed.stdout
    )


def test_people_link_makes_a_new_link_for_a_known_name(workspace):
    """Whoever was too late gets another one; an unknown name is one sentence."""
    where = ["--workspace", str(workspace)]
    first = call(workspace, "people", "add", "An", "--role", "reviewer", "--json", *where)
    again = call(workspace, "people", "link", "An", "--json", *where)
    unknown = call(workspace, "people", "link", "Ẩn", *where)
    twice = call(workspace, "people", "add", "An", "--role", "reviewer", *where)

    assert json.loads(first.stdout)["id"] == json.loads(again.stdout)["id"]
    assert json.loads(first.stdout)["link"] != json.loads(again.stdout)["link"]
    assert (1, 2) == (unknown.returncode, twice.returncode)
    assert "people list" in unknown.stderr
    assert "already" in twice.stderr


def test_people_who_leave_are_shut_out_and_roles_change_at_once(workspace):
    """A session that is open ends; --dry-run changes nothing; an unknown name is one sentence."""
    where = ["--json", "--workspace", str(workspace)]
    made = json.loads(call(workspace, "people", "add", "An", "--role", "reviewer", *where).stdout)
    store, now = open_store(load_settings(workspace).url), datetime.now(UTC)
    token = made["link"].partition("token=")[2]
    session = access.use_link(store, token, "mưa rào buổi chiều", now=now)
    call(workspace, "people", "disable", "An", "--dry-run", *where)
    before = access.actor_of(store, session, now)
    changed = call(workspace, "people", "roles", "An", "--role", "leader", *where)
    after = access.actor_of(store, session, now)
    done = call(workspace, "people", "disable", "An", *where)
    gone = access.actor_of(store, session, now)
    store.close()
    [listed] = json.loads(call(workspace, "people", "list", *where).stdout)

    assert gone is None
    assert [{Role.REVIEWER}, {Role.LEADER}] == [set(before.roles), set(after.roles)]
    assert {"name": "An", "team": "Tổ trực", "roles": ["leader"], "dry_run": False} == json.loads(
        changed.stdout
    )
    assert {"name": "An", "state": "disabled", "dry_run": False} == json.loads(done.stdout)
    assert "disabled" == listed["state"]
    assert 1 == call(workspace, "people", "disable", "Ẩn", *where).returncode


@pytest.mark.parametrize("roles", [[], ["--role", "boss"]])
def test_people_add_needs_a_known_role(workspace, roles):
    """Nobody is added without one."""
    ended = call(workspace, "people", "add", "An", *roles, "--workspace", str(workspace))

    assert 2 == ended.returncode
    assert not (workspace / "evenhand.sqlite").exists()


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ({}, "http://127.0.0.1:8501/welcome?token=a-b"),
        ({"host": EVERYWHERE, "allowed_hosts": ["localhost", "desk.lan"]}, "http://desk.lan:8501/"),
        ({"host": EVERYWHERE}, "http://localhost:8501/"),
        ({"https": True, "allowed_hosts": ["desk.example"]}, "https://desk.example/welcome"),
    ],
)
def test_link_names_a_host_that_browsers_may_use(tmp_path, server, expected):
    """The address fits how the server is reached."""
    settings = Settings(workspace=tmp_path, server=server)

    assert welcome_address(settings, "a-b").startswith(expected)
