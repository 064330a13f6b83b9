"""The worker: it pulls, tags, takes back old claims, erases, and does what people asked for.

One step after the other in one process; what takes long asks in between whether it should stop.
A step that fails is logged by the kind of its error and tried again later; the others go on.
"""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import (
    alerts,
    alerts_sending,
    alerts_watching,
    auditing,
    claims,
    demo_history,
    grouping,
    pulling,
    reports_asked,
    retention,
    retraining_drawing,
    retraining_proposing,
    retraining_rescore,
    retraining_run,
    retraining_watch,
    search,
    serving_model,
    simulating_counting,
    source_test,
    sourcing,
    statements,
    tasks,
    tryout,
    waves,
    worded_examples,
)
from evenhand.dashboard.jobs.demo import Plan
from evenhand.dashboard.jobs.retraining_rescore import Trial
from evenhand.dashboard.jobs.serving_model import Place, ServingModel
from evenhand.dashboard.jobs.tasks import TaskKind
from evenhand.dashboard.logs import open_log, place_of
from evenhand.data.settings import environment
from evenhand.data.store.connect import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from structlog.typing import FilteringBoundLogger

    from evenhand.dashboard.jobs.pulling import Means
    from evenhand.data.settings import Settings
    from evenhand.data.store.tasks import Task

# How long the loop may sleep: a stop and a click in the browser wait for it.
LONGEST_SLEEP_S = 1.0
AFTER_FAILURE = timedelta(seconds=30)
TELL_EVERY_S = 0.5
# The worker beside a server leaves the processor to whoever clicks.
NICENESS = 5


@dataclass(frozen=True, slots=True)
class Done:
    """What one run of a step came to; *counts* without a number above 0 are not logged.

    *again* replaces the step's own pause.
    """

    counts: Mapping[str, object] = field(default_factory=dict)
    again: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the worker does again and again."""

    name: str
    every: timedelta
    run: Callable[[], Done]


@dataclass(frozen=True, slots=True)
class Bench:
    """What the steps work with; *stopped* says that the process was told to end."""

    means: Means
    log: FilteringBoundLogger
    stopped: Callable[[], bool]


def run(settings: Settings, *, once: bool = False, parent: int | None = None) -> None:
    """Work until the process is told to stop by SIGTERM or SIGINT.

    Args:
        settings: Of the workspace.
        once: Do every step once and end.
        parent: The process whose end ends this one too.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if parent is not None:
        os.nice(NICENESS)

    def stopped() -> bool:
        return stop.is_set() or (parent is not None and os.getppid() != parent)

    log, store = open_log(), open_store(settings.url)
    try:
        tagger = serving_model.tagger_of(store, settings, clock=_now, tell=_refused(log))
        means = pulling.means_of(store, settings, tagger, clock=_now, environ=environment())
        log.info("worker_started", model=tagger.model, demo=settings.demo)
        steps = steps_of(Bench(means, log, stopped))
        work(steps, now=_now, wait=stop.wait, stopped=stopped, log=log, once=once)
        log.info("worker_stopped")
    finally:
        store.close()


def work(  # noqa: PLR0913 - the loop's clock and ends are arguments, so that tests can hold them
    steps: Sequence[Step],
    *,
    now: Callable[[], datetime],
    wait: Callable[[float], object],
    stopped: Callable[[], bool],
    log: FilteringBoundLogger,
    once: bool = False,
) -> None:
    """Run each step when it is due, in this order, until *stopped*.

    Args:
        steps: What is to be done.
        now: Tells the time.
        wait: Sleeps for so many seconds, or less when the process is told to stop.
        stopped: Asked before every step.
        log: Where what was done is told.
        once: End after the first round.
    """
    due = dict.fromkeys((step.name for step in steps), now())
    while not stopped():
        for step in steps:
            if stopped():
                return
            if due[step.name] <= now():
                pause = _attempt(step, log)
                due[step.name] = now() + pause
        if once:
            return
        wait(max(0.0, min(LONGEST_SLEEP_S, (min(due.values()) - now()).total_seconds())))


def _attempt(step: Step, log: FilteringBoundLogger) -> timedelta:
    """Run one step and say how long it can wait."""
    try:
        done = step.run()
    except Exception as error:  # noqa: BLE001 - whatever broke one step must not end the others
        log.error("step_failed", step=step.name, error=type(error).__name__, at=place_of(error))  # noqa: TRY400 - a traceback may quote a post
        return max(step.every, AFTER_FAILURE)
    if any(done.counts.values()):
        log.info("step_finished", step=step.name, **done.counts)
    return step.every if done.again is None else done.again


def steps_of(bench: Bench) -> list[Step]:
    """List the steps of a workspace in their order."""
    trial = Trial(_place(bench))
    steps = [
        Step("tasks", timedelta(seconds=1), lambda: do_task(bench)),
        Step("sync", timedelta(hours=1), lambda: _sync(bench)),
        Step("pull", timedelta(seconds=5), lambda: _pull(bench)),
        Step("trial", timedelta(seconds=10), lambda: _try_out(bench, trial)),
        Step("sweep", timedelta(minutes=1), lambda: _sweep(bench)),
        Step("statements", timedelta(minutes=1), lambda: _end_statements(bench)),
        Step("waves", timedelta(hours=1), lambda: _keep_waves(bench)),
        Step("examples", timedelta(minutes=1), lambda: _score_examples(bench)),
        # Before retention takes the texts of the day.
        Step("profile", timedelta(hours=1), lambda: _profile(bench)),
        Step("audits", timedelta(minutes=10), lambda: _audit(bench)),
        Step("retention", timedelta(hours=1), lambda: _erase(bench)),
        Step("whatif", timedelta(minutes=10), lambda: _count_whatif(bench)),
        # After it: what it erased is held no longer.
        Step("alerts", alerts.EVERY, lambda: _watch(bench)),
    ]
    if bench.means.settings.demo:
        steps.append(Step("trickle", timedelta(seconds=1), lambda: _trickle(bench)))
    return steps


def do_task(bench: Bench) -> Done:
    """Do the task that waits longest, if there is one."""
    means = bench.means
    task = tasks.next_task(means.store, means.now())
    if task is None:
        return Done()
    begun = monotonic()
    bench.log.info("task_started", task=task.id, kind=task.kind)
    try:
        TASKS.get(task.kind, _refuse)(bench, task)
    except Exception:
        message = "the worker could not do this; its log says where it broke"
        tasks.finish(means.store, task.id, ok=False, message=message, now=means.now())
        raise
    seconds = round(monotonic() - begun, 1)
    return Done({"task": task.id, "kind": task.kind, "seconds": seconds}, timedelta(0))


def _refuse(bench: Bench, task: Task) -> None:
    message = f"this worker does no {task.kind}; use the command of that name at the terminal"
    tasks.finish(bench.means.store, task.id, ok=False, message=message, now=bench.means.now())


def _prepare_demo(bench: Bench, task: Task) -> None:
    means, told = bench.means, 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told
        if monotonic() - told >= TELL_EVERY_S:
            told = monotonic()
            tasks.progress(means.store, task.id, (done, total), "", means.now())

    plan = Plan.from_task(task)
    team = demo_history.prepare(
        means.store,
        means.settings,
        means.tagger,
        plan,
        stopped=bench.stopped,
        progress=tell,
    )
    if team is None:
        tasks.give_back(means.store, task.id)
        return
    # Whoever tries the demo finds its days counted.
    simulating_counting.count_due(means.store, means.now(), stopped=bench.stopped)
    message = f"{plan.posts} posts, {team.done['decided']} decisions"
    tasks.finish(means.store, task.id, ok=True, message=message, now=means.now())


def _train(bench: Bench, task: Task) -> None:
    retraining_run.run_task(_tools(bench), task, stopped=bench.stopped)


def _tools(bench: Bench) -> retraining_run.Means:
    means = bench.means
    return retraining_run.Means(means.store, means.settings, means.now)


def _draw(bench: Bench, task: Task) -> None:
    retraining_drawing.run_task(bench.means.store, task, bench.means.now)


def _rescore(bench: Bench, task: Task) -> None:
    means = bench.means
    if isinstance(means.tagger, ServingModel):
        # The promotion that asked for this may be seconds old.
        means.tagger.refresh()
    retraining_rescore.rescore(
        means.store, means.tagger, task, clock=means.now, stopped=bench.stopped
    )


def _place(bench: Bench) -> Place:
    means = bench.means
    return Place(means.store, means.settings, means.now, _refused(bench.log))


TASKS: Mapping[str, Callable[[Bench, Task], None]] = {
    TaskKind.PULL: lambda bench, task: pulling.run_task(bench.means, task),
    TaskKind.TEST_SOURCE: lambda bench, task: source_test.run_task(bench.means, task),
    TaskKind.TRAIN: _train,
    TaskKind.THRESHOLDS: lambda bench, task: retraining_proposing.run_task(
        _tools(bench), task, stopped=bench.stopped
    ),
    TaskKind.LEARNING_DRAW: _draw,
    TaskKind.RESCORE: _rescore,
    TaskKind.DRIFT: lambda bench, task: retraining_watch.run_drift(_place(bench), task),
    TaskKind.LABEL_ERRORS: lambda bench, task: retraining_watch.run_label_errors(
        _place(bench), task
    ),
    TaskKind.REPORT: lambda bench, task: reports_asked.run_task(
        bench.means.store, bench.means.settings, task, bench.means.now
    ),
    tryout.PREPARATION: _prepare_demo,
}


def _sync(bench: Bench) -> Done:
    means = bench.means
    proposed = sourcing.sync_sources(means.store, means.settings, means.now())
    return Done({"proposed": len(proposed)})


def _pull(bench: Bench) -> Done:
    for ended in pulling.pull_due(bench.means):
        counts = ended.counts
        bench.log.info(
            "source_pulled",
            source=ended.name,
            state=ended.state.value,
            read=counts.read,
            kept=counts.kept,
            flagged=counts.flagged,
        )
        if bench.stopped():
            break
    return Done()


def _try_out(bench: Bench, trial: Trial) -> Done:
    seen = retraining_rescore.try_out(trial, stopped=bench.stopped)
    return Done({"posts": seen}, timedelta(0) if seen else None)


def _profile(bench: Bench) -> Done:
    made = retraining_watch.keep_profiles(_place(bench), stopped=bench.stopped)
    return Done({"profiles": made})


def _sweep(bench: Bench) -> Done:
    store = bench.means.store
    return Done(
        {"expired": claims.sweep(store, bench.means.now()), "folded": search.catch_up(store)}
    )


def _end_statements(bench: Bench) -> Done:
    return Done({"expired": statements.expire(bench.means.store, bench.means.now())})


def _keep_waves(bench: Bench) -> Done:
    means = bench.means
    share, now = means.settings.waves.recheck_share, means.now()
    rechecks = waves.draw_rechecks(means.store, share, now)
    return Done({"rechecks": rechecks, "signatures_dropped": grouping.prune(means.store, now)})


def _score_examples(bench: Bench) -> Done:
    tagger = bench.means.tagger
    if not isinstance(tagger, ServingModel):
        return Done()
    return Done({"examples": worded_examples.measure(_place(bench), tagger.tagger)})


def _audit(bench: Bench) -> Done:
    means = bench.means
    return Done({"days": auditing.draw_due(means.store, means.now(), stopped=bench.stopped)})


def _erase(bench: Bench) -> Done:
    means = bench.means
    if auditing.comes_first(means.now()):
        return Done(again=auditing.SETTLED)
    return Done({"erased": retention.erase_unflagged(means.store, means.settings, means.now())})


def _count_whatif(bench: Bench) -> Done:
    means = bench.means
    done = simulating_counting.count_due(means.store, means.now(), stopped=bench.stopped)
    return Done({"days_counted": done})


def _watch(bench: Bench) -> Done:
    means = bench.means
    settled = alerts_watching.watch(means.store, means.settings, means.now())
    ways = alerts_sending.channels(means.settings, environment())
    for one in ways.unusable:
        # `evenhand check --alerts` says what is wrong; a message may hold what is no log's.
        bench.log.error("channel_unusable", channel=one.channel, error=type(one.why).__name__)
    sent = alerts_sending.send(means.store, means.settings, ways.usable, means.now)
    return Done({"opened": settled.opened, "ended": settled.ended, "sent": sent})


def _trickle(bench: Bench) -> Done:
    means = bench.means
    pause = demo_history.trickle(
        means.store, means.settings, means.tagger, means.now(), means.groups
    )
    return Done(again=None if pause is None else timedelta(seconds=pause))


def _refused(log: FilteringBoundLogger) -> Callable[[str, str], None]:
    """Tell the log of a model that was refused, without the sentence, which nobody listed."""

    def tell(version: str, _sentence: str) -> None:
        log.error("model_refused", model=version)

    return tell


def _now() -> datetime:
    return datetime.now(UTC)
