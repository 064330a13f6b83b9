"""Ways to score: the same files by each, few parts read ahead, and clear ends when work is lost."""

from __future__ import annotations

import json
import sys
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace

import pytest
from distributed import LocalCluster

from evenhand.classifiers import spread
from evenhand.classifiers.parts import ModelFolder, Part, Scoring
from evenhand.classifiers.spread import AHEAD, Crew, Job, by, one_by_one, way
from evenhand.classifiers.statements import Statement
from evenhand.data.errors import InputError, MissingExtra, StoppedMidway
from evenhand.data.records import Text

WORDS = ("Đập phía trên đã vỡ rồi!", "you are a pig, get out", "how do I renew my card?", "")
DAM = Statement("12", "disaster_misinformation", ("Đập phía trên đã vỡ rồi",))
NAMED = Scoring(ModelFolder(None, "m@1"))


@pytest.fixture
def shipped(tagger):
    return Scoring(ModelFolder(None, tagger.model))


@pytest.fixture
def listed(shipped):
    """The shipped model with a statement that a post of each part repeats."""
    return replace(shipped, statements=(DAM,))


def jobs(folder, count=5):
    for number in range(1, count + 1):
        texts = tuple(Text(f"{number}-{at}", word) for at, word in enumerate(WORDS))
        part = Part("posts.csv", number, texts)
        yield Job(part, folder / part.name(NAMED))


def written(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def repeats(folder):
    """Count the posts that are tagged with the statement's policy."""
    rows = [json.loads(line) for part in written(folder).values() for line in part.splitlines()]
    return sum(DAM.policy in row["flagged"] for row in rows)


class Answering(Executor):
    """Answers each job at once with the same error, or never where there is none."""

    def __init__(self, error=None):
        self.error = error

    def submit(self, *_):
        """Answer."""
        answer = Future()
        if self.error is not None:
            answer.set_exception(self.error)
        return answer


# What Dask raises when a task has cost several workers; told by its name.
KilledWorker = type("KilledWorker", (Exception,), {})


@pytest.mark.parametrize("given", ["shipped", "listed"])
def test_processes_write_what_the_plain_loop_writes(request, tmp_path, given):
    """The same names and bytes, and every job is given back once; statements reach them all."""
    scoring = request.getfixturevalue(given)
    here, there = tmp_path / "here", tmp_path / "there"
    with way(None, 1) as plain:
        first = [job.part.number for job in plain(jobs(here), scoring)]
    with way(None, 2) as processes:
        second = sorted(job.part.number for job in processes(jobs(there), scoring))

    assert plain is one_by_one
    assert [1, 2, 3, 4, 5] == first == second
    assert written(here) == written(there)
    assert (5 if scoring.statements else 0) == repeats(there)


def test_local_cluster_writes_what_the_plain_loop_writes(listed, tmp_path):
    """Dask, with two workers that are started for it and bound to this machine, and statements."""
    here, there = tmp_path / "here", tmp_path / "there"
    list(one_by_one(jobs(here), listed))
    with way("local", 2) as cluster:
        found = sorted(job.part.number for job in cluster(jobs(there), listed))

    assert [1, 2, 3, 4, 5] == found
    assert written(here) == written(there)
    assert 5 == repeats(there)


def test_few_parts_are_read_ahead(shipped, tmp_path):
    """However long the archive is, memory holds two parts per worker and the one being read."""
    read = finished = most = 0

    def counted():
        nonlocal read, most
        for job in jobs(tmp_path, 12):
            read += 1
            most = max(most, read - finished)
            yield job

    with ThreadPoolExecutor(1) as pool:
        for _ in by(Crew(pool, lambda: 1), counted(), shipped):
            finished += 1

    assert (12, 12) == (read, finished)
    assert most <= AHEAD + 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BrokenProcessPool(), "a process that scores was ended"),
        (CancelledError(), "scheduler no longer answers"),
        (KilledWorker("task"), "several workers died over one part"),
        (StoppedMidway("the disk is full"), "the disk is full"),
    ],
)
def test_lost_work_ends_with_what_to_do(shipped, tmp_path, error, told):
    """One sentence; what is done is kept, so the way on is to start again."""
    with pytest.raises(StoppedMidway, match=told):
        list(by(Crew(Answering(error), lambda: 1), jobs(tmp_path), shipped))


def test_pool_that_broke_before_a_job_was_sent_ends_the_same_way(shipped, tmp_path):
    """A process may be lost between two parts, too."""

    class Broken(Executor):
        def submit(self, *_):
            raise BrokenProcessPool

    with pytest.raises(StoppedMidway, match="a process that scores was ended"):
        list(by(Crew(Broken(), lambda: 1), jobs(tmp_path), shipped))


def test_error_that_nobody_expected_is_not_hidden(shipped, tmp_path):
    """It comes out as what it is."""
    with pytest.raises(ZeroDivisionError):
        list(by(Crew(Answering(ZeroDivisionError()), lambda: 1), jobs(tmp_path), shipped))


def test_cluster_without_workers_is_not_waited_for_without_end(shipped, tmp_path):
    """All are gone and none comes: the run ends and says so."""
    with pytest.raises(StoppedMidway, match="lost all its workers"):
        list(by(Crew(Answering(), lambda: 0, patience_s=0.01), jobs(tmp_path), shipped))


def test_cluster_that_does_not_answer_is_wrong_use(shipped, tmp_path):
    """The address is named, and how one looks."""
    for address in ("tcp://127.0.0.1:9", "nonsense"):
        with (
            pytest.raises(InputError, match=f"no Dask scheduler answers at {address}"),
            way(address, 1, patience_s=0.2) as cluster,
        ):
            list(cluster(jobs(tmp_path), shipped))


@contextmanager
def scheduler(workers):
    """Start a scheduler in this process that somebody else is to join."""
    with LocalCluster(
        host="127.0.0.1",
        protocol="tcp",
        n_workers=workers,
        threads_per_worker=1,
        processes=False,
        dashboard_address="127.0.0.1:0",
    ) as started:
        yield started.scheduler_address


def test_cluster_that_others_started_is_joined(shipped, tmp_path):
    """By its address; it writes what the plain loop writes, and goes on afterwards."""
    here, there = tmp_path / "here", tmp_path / "there"
    list(one_by_one(jobs(here), shipped))
    with scheduler(1) as address:
        for _ in range(2):
            with way(address, 1) as cluster:
                found = list(cluster(jobs(there), shipped))

    assert address.startswith("tcp://127.0.0.1:")
    assert 5 == len(found)
    assert written(here) == written(there)


def test_cluster_without_any_worker_is_wrong_use():
    """It says how to start one."""
    with (
        scheduler(0) as address,
        pytest.raises(InputError, match=f"start some with `dask worker {address}`"),
        way(address, 1, patience_s=0.5),
    ):
        pass


def test_scheduler_that_went_away_ends_the_work():
    """Asking it how many workers there are tells it first."""

    class Gone:
        def nthreads(self):
            raise OSError

    with pytest.raises(StoppedMidway, match="scheduler no longer answers"):
        spread._threads(Gone())


def test_cluster_without_dask_says_what_to_install(monkeypatch):
    """The optional part is named as pip takes it."""
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(MissingExtra, match=r'pip install "evenhand\[cluster\]"'), way("local", 2):
        pass
