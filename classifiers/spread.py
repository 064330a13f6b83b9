"""Three ways to score parts, by the same function: one after the other, on all cores, on Dask.

The files are the same bytes in each; only the order in which they are finished differs.
Nothing else of Evenhand touches Dask, which is the optional part `cluster`.
"""

from __future__ import annotations

import logging
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

from evenhand.classifiers.parts import score_part
from evenhand.data.errors import EvenhandError, InputError, MissingExtra, StoppedMidway

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from contextlib import AbstractContextManager
    from pathlib import Path

    from distributed import Client

    from evenhand.classifiers.parts import Part, Scoring

    # Scores the jobs, and gives each when it is finished.
    Way = Callable[[Iterable["Job"], Scoring], Iterator["Job"]]

EXTRA = "cluster"
# What `--cluster` may say instead of an address: a scheduler and its workers on this machine.
LOCAL = "local"
# Parts that are on their way, per worker: one is scored and one waits, so that nobody idles.
AHEAD = 2
# How long a cluster may take to answer, and how long it may be without any worker.
PATIENCE_S = 30.0
LONGEST_WITHOUT_WORKERS_S = 300.0
_NO_SCHEDULER = "the cluster's scheduler no longer answers; start it and start again"


@dataclass(frozen=True, slots=True)
class Job:
    """One part and the file that it is scored into."""

    part: Part
    target: Path


@dataclass(frozen=True, slots=True)
class Crew:
    """Those who score; *workers* counts them at this moment, and *patience_s* waits for one."""

    executor: Executor
    workers: Callable[[], int]
    patience_s: float = LONGEST_WITHOUT_WORKERS_S


@contextmanager
def way(address: str | None, workers: int, *, patience_s: float = PATIENCE_S) -> Iterator[Way]:
    """Open the way to score: a cluster where *address* names one, else so many processes.

    One worker without a cluster is this process itself.
    A cluster that does not answer is waited for *patience_s*.

    Raises:
        MissingExtra: A cluster is asked for and the extra `cluster` is not installed.
        InputError: No cluster answers there, or it has no worker.
    """
    if address is None and workers == 1:
        yield one_by_one
        return
    with _crew_of(address, workers, patience_s) as crew:
        yield partial(by, crew)


def one_by_one(jobs: Iterable[Job], scoring: Scoring) -> Iterator[Job]:
    """Score in this process."""
    for job in jobs:
        score_part(job.part, scoring, job.target)
        yield job


def by(crew: Crew, jobs: Iterable[Job], scoring: Scoring) -> Iterator[Job]:
    """Let a crew score; only a few parts are read ahead, so that memory stays bounded.

    Raises:
        StoppedMidway: Workers were lost, or a part cannot be written.
    """
    on_their_way: dict[Future[bool], Job] = {}
    for job in jobs:
        with _lost_work_told():
            sent = crew.executor.submit(score_part, job.part, scoring, job.target)
        on_their_way[sent] = job
        while len(on_their_way) >= AHEAD * max(1, crew.workers()):
            yield from _finished(crew, on_their_way)
    while on_their_way:
        yield from _finished(crew, on_their_way)


def _finished(crew: Crew, on_their_way: dict[Future[bool], Job]) -> Iterator[Job]:
    done: set[Future[bool]] = set()
    while not done:
        done, _ = wait(on_their_way, crew.patience_s, FIRST_COMPLETED)
        if not done and not crew.workers():
            msg = "the cluster has lost all its workers; start some and start again"
            raise StoppedMidway(msg)
    for one in done:
        job = on_their_way.pop(one)
        with _lost_work_told():
            one.result()
        yield job


@contextmanager
def _lost_work_told() -> Iterator[None]:
    """Say in a sentence that workers were lost: a job may meet it when it is sent or later."""
    try:
        yield
    except EvenhandError:
        raise
    except BrokenProcessPool as error:
        msg = "a process that scores was ended, perhaps for its memory; start again, with fewer"
        raise StoppedMidway(msg) from error
    except CancelledError as error:
        raise StoppedMidway(_NO_SCHEDULER) from error
    except Exception as error:
        # Dask's own class is not imported here, where Dask may be missing.
        if type(error).__name__ != "KilledWorker":
            raise
        msg = "several workers died over one part, perhaps for their memory; give them more"
        raise StoppedMidway(msg) from error


@contextmanager
def _processes(count: int) -> Iterator[Crew]:
    # Started afresh: a copy of this process would hold its locks and threads too.
    executor = ProcessPoolExecutor(count, mp_context=get_context("spawn"))
    try:
        yield Crew(executor, lambda: count)
    finally:
        executor.shutdown(cancel_futures=True)


def _crew_of(address: str | None, workers: int, patience_s: float) -> AbstractContextManager[Crew]:
    if address is None:
        return _processes(workers)
    try:
        import distributed  # noqa: F401, PLC0415 - an optional part, and heavy
    except ImportError as error:
        raise MissingExtra(EXTRA) from error
    return _local(workers) if address == LOCAL else _joined(address, patience_s)


@contextmanager
def _local(workers: int) -> Iterator[Crew]:
    from distributed import Client, LocalCluster  # noqa: PLC0415 - an optional part

    # Bound to this machine, and closed with keys of its own: Dask asks nobody who they are, and
    # whoever else works on this machine could run programs in this person's name.
    with (
        LocalCluster(
            host="127.0.0.1",
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            security=True,
            silence_logs=logging.ERROR,
        ) as started,
        Client(started) as client,
    ):
        yield _crew(client)


@contextmanager
def _joined(address: str, patience_s: float) -> Iterator[Crew]:
    from distributed import Client  # noqa: PLC0415 - an optional part

    try:
        client = Client(address, timeout=patience_s)
    except (OSError, ValueError) as error:
        msg = f"no Dask scheduler answers at {address}; name one, as tcp://HOST:8786"
        raise InputError(msg) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=patience_s)
        except TimeoutError as error:
            msg = f"the cluster at {address} has no worker; start some with `dask worker {address}`"
            raise InputError(msg) from error
        yield _crew(client)


def _crew(client: Client) -> Crew:
    return Crew(client.get_executor(pure=False), partial(_threads, client))


def _threads(client: Client) -> int:
    try:
        return sum(client.nthreads().values())
    except OSError as error:
        raise StoppedMidway(_NO_SCHEDULER) from error
