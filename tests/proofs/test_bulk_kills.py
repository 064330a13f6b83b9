"""Classifying a folder while processes are killed: the same bytes in the end, and nothing twice.

Run by `make prove`; each run is the command itself, in a process of its own, and what is killed is
killed by SIGKILL: the run, one of its processes, or a worker of a Dask cluster on this machine.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from hashlib import sha256

import psutil
import pytest

from evenhand.classifiers.parts import PART_ROWS, UNFINISHED

FILES, PARTS_A_FILE = 3, 2
PARTS = FILES * PARTS_A_FILE
WORDS = ("chợ mở cửa", "nước lên", "how do I renew", "the bus is late", "you are a pig", "ơi 🙏")
LONGEST_S = 900
SILENT = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@pytest.fixture(scope="module")
def posts(tmp_path_factory):
    """Three files of two parts each, with a line in each that is no JSON."""
    folder = tmp_path_factory.mktemp("posts")
    for file in range(FILES):
        rows = [
            json.dumps({"id": f"{file}-{at}", "text": f"{WORDS[at % len(WORDS)]} {at * file}"})
            for at in range(PARTS_A_FILE * PART_ROWS)
        ]
        rows.insert(17, "no json")
        (folder / f"posts-{file}.jsonl").write_text("\n".join(rows), "utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(posts, tmp_path_factory):
    """What the plain loop writes when nobody disturbs it."""
    output = tmp_path_factory.mktemp("whole") / "out"
    assert PARTS == finished(start(posts, output, "--workers", "1"))["scored"]
    return written(output)


def start(posts, output, *options):
    command = [sys.executable, "-m", "evenhand.dashboard", "classify", "--input", posts]
    return subprocess.Popen(
        [*command, "--output", output, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=posts,
    )


def finished(child):
    """Wait for a run that must end well; gives its summary."""
    said, told = child.communicate(timeout=LONGEST_S)
    assert child.returncode == 0, told.decode()[-500:]
    return json.loads(said)


def parts_in(output):
    return sorted(path for path in output.rglob("*.jsonl") if path.name.startswith("posts-"))


def written(output):
    """Hash every file, so that one byte more or less anywhere is seen."""
    return {
        path.relative_to(output).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in output.rglob("*")
    }


def made_at(output):
    """Tell which file each part is and when it was written."""
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in parts_in(output)}


def await_parts(output, count, child):
    """Wait until so many parts are there, while the run goes on."""
    until = time.monotonic() + LONGEST_S
    while len(parts_in(output)) < count:
        assert child.poll() is None, "the run ended before it could be disturbed"
        assert time.monotonic() < until
        time.sleep(0.02)


def test_run_that_is_killed_goes_on_where_it_was(posts, whole, tmp_path):
    """Killed after its first part, its second, and so on, until one is left to its end.

    Parts that were there are not touched again: the same file, written at the same moment.
    """
    output = tmp_path / "out"
    for count in range(1, PARTS, 2):
        child = start(posts, output, "--workers", "1")
        await_parts(output, count, child)
        child.kill()
        child.communicate()
    before = made_at(output)
    scored = finished(start(posts, output, "--workers", "1"))["scored"]
    after = made_at(output)

    assert whole == written(output)
    assert PARTS == len(before) + scored
    assert before == {path: after[path] for path in before}
    print(f"plain loop: {PARTS // 2} kills, {len(before)} parts kept, {scored} scored after them")


def test_run_whose_process_is_killed_says_so_and_goes_on(posts, whole, tmp_path):
    """The pool ends with one sentence; the next run, in the plain loop, completes it."""
    output = tmp_path / "out"
    child = start(posts, output, "--workers", "2")
    await_parts(output, 1, child)
    workers(child.pid)[0].kill()
    _, told = child.communicate(timeout=LONGEST_S)
    before = len(parts_in(output))
    scored = finished(start(posts, output, "--workers", "1"))["scored"]

    assert child.returncode == 1
    assert b"a process that scores was ended" in told
    assert b"Traceback" not in told
    assert PARTS == before + scored
    assert whole == written(output)


def workers(pid):
    """List the processes that score, the one that holds most first."""
    children = psutil.Process(pid).children(recursive=True)
    return sorted(children, key=lambda one: one.memory_info().rss, reverse=True)


@contextmanager
def program(*arguments):
    """Run a program of Dask on this machine and end it at the end."""
    child = subprocess.Popen([sys.executable, "-m", *arguments], **SILENT)
    try:
        yield child
    finally:
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
        child.wait()


@pytest.fixture
def cluster():
    """A scheduler on the loopback and two workers without anybody who restarts them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    here = ("--host", "127.0.0.1", "--no-dashboard")
    worker = ("distributed.cli.dask_worker", address, *here, "--no-nanny", "--nthreads", "1")
    scheduler = ("distributed.cli.dask_scheduler", *here, "--port", str(port))
    with program(*scheduler), program(*worker) as first, program(*worker) as second:
        yield address, (first, second)


def test_cluster_that_loses_a_worker_writes_what_the_plain_loop_writes(
    posts, whole, cluster, tmp_path
):
    """One of two workers is killed midway: the other does its part again, and the bytes agree."""
    address, (first, _) = cluster
    output = tmp_path / "out"
    child = start(posts, output, "--cluster", address)
    await_parts(output, 2, child)
    first.kill()
    at_the_kill = len(parts_in(output))
    told = finished(child)

    assert first.wait() == -signal.SIGKILL
    assert at_the_kill < PARTS == told["scored"]
    assert whole == written(output)
    assert [] == [name for name in written(output) if name.endswith(UNFINISHED)]
    print(f"Dask: a worker killed after {at_the_kill} of {PARTS} parts, output identical")
