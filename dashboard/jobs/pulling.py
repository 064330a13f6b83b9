"""Pulling: each source at its turn, a page a transaction, and a state that says how it went.

Nothing sleeps and nothing is retried on the spot: what has to wait is written into the store as
the time of its next run, so that one source in trouble holds up no other.
A source that failed is a circuit left open: later and later a single page tries whether it can be
closed again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from evenhand.connectors.base import Budget, Tools
from evenhand.connectors.catalog import open_connector, spec_of
from evenhand.connectors.pacing import backoff
from evenhand.dashboard.jobs import rechecks, tasks
from evenhand.dashboard.jobs.grouping import Groups
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.dashboard.jobs.sourcing import NEVER_PULLED
from evenhand.data.errors import (
    AccessRefused,
    BadPayload,
    ConnectorError,
    EvenhandError,
    Gone,
    InputError,
    RateLimited,
    StoreError,
)
from evenhand.data.pseudonym import Pseudonyms, load_or_make_key
from evenhand.data.records import Page, SetAside, SourceState
from evenhand.data.store import leases, sources
from evenhand.data.store import rechecks as recheck_store
from evenhand.data.store.pages import Counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from evenhand.classifiers.base import Classifier
    from evenhand.connectors.base import Clock, Connector
    from evenhand.data.records import Event
    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store
    from evenhand.data.store.sources import Source
    from evenhand.data.store.tasks import Task

CURSOR_VERSION = 1
TRIAL_PAGES = 1
# A walk ends after some 30 pages; so many runs in a row mean that something never ends.
MOST_RUNS = 100
# A thousand posts are ten requests: a tenth of what reddit allows in a minute.
RECHECKED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Means:
    """What every pull needs.

    *tools* holds the clock that all times come from; *on_page* is called after each page with the
    source's name and the run's counts so far; *random* spreads out sources that failed together.
    *groups* know the flagged posts of the last days by likeness.
    """

    store: Store
    settings: Settings
    tools: Tools
    tagger: Classifier
    on_page: Callable[[str, Counts], None] = lambda _name, _counts: None
    groups: Groups = field(default_factory=Groups)
    random: Random = field(default_factory=Random)

    def now(self) -> datetime:
        """Tell the time."""
        return self.tools.clock()


@dataclass(frozen=True, slots=True)
class Pulled:
    """What one run over one source did, and where the source stands after it.

    *more* says that the budget ended before the walk did; *error* is the sentence of what went
    wrong, with the pages before it stored; *is_busy* that another run has the source.
    """

    name: str
    counts: Counts
    state: SourceState
    next_run_at: datetime | None
    more: bool = False
    error: str | None = None
    is_busy: bool = False


@dataclass(slots=True)
class _Run:
    """One run under its lease: what was done so far and where its two walks stand."""

    means: Means
    source: Source
    holder: str
    walk: Mapping[str, object] | None
    sweep: rechecks.Sweep
    counts: Counts = field(default_factory=Counts)
    pages: int = 0
    more: bool = False
    not_before: datetime | None = None
    is_closed: bool = False

    def cursor(self) -> dict[str, object]:
        """Write where both walks stand, as the store keeps it."""
        return {"v": CURSOR_VERSION, "walk": self.walk, "sweep": rechecks.write(self.sweep)}


def means_of(
    store: Store,
    settings: Settings,
    tagger: Classifier,
    *,
    clock: Clock,
    environ: Mapping[str, str],
) -> Means:
    """Put together what pulls need, with the workspace's key (made here if there is none).

    Args:
        store: Where posts go.
        settings: The workspace's.
        tagger: What tags them.
        clock: Tells the time.
        environ: Where `env:NAME` references to secrets look.

    Raises:
        SettingsError: The key can be neither read nor written, or others may read it.
    """
    pseudonyms = Pseudonyms(load_or_make_key(settings.keys))
    return Means(store, settings, Tools(pseudonyms, clock, environ), tagger)


def pull_due(means: Means) -> Iterator[Pulled]:
    """Pull every source whose turn it is, one run each; the caller may stop between two."""
    for name in _due(means.store, means.now()):
        yield pull_source(means, name)


def _due(store: Store, now: datetime) -> list[str]:
    with store.read() as conn:
        dead = leases.dead(conn)
    if dead:
        with store.write() as conn:
            leases.give_back(conn, dead)
    with store.read() as conn:
        return [one.name for one in sources.due(conn, now) if is_pulled(one)]


def run_task(means: Means, task: Task) -> None:
    """Do the pull that somebody asked for in the browser, and report after each page."""
    name, pages = str(task.args.get("source", "")), 0

    def report(_: str, counts: Counts) -> None:
        nonlocal pages
        pages += 1
        done = (pages, means.settings.pull.pages_per_run)
        tasks.progress(means.store, task.id, done, _line(counts), means.now())

    try:
        ended = pull_source(replace(means, on_page=report), name)
    except EvenhandError as error:
        tasks.finish(means.store, task.id, ok=False, message=str(error), now=means.now())
        return
    message = _line(ended.counts) if ended.error is None else ended.error
    tasks.finish(means.store, task.id, ok=ended.error is None, message=message, now=means.now())


def _line(counts: Counts) -> str:
    return f"{counts.read} read, {counts.kept} new or changed, {counts.flagged} flagged"


def pull_through(means: Means, name: str) -> Pulled:
    """Pull one source run after run until it has nothing more, must wait, or fails.

    Raises:
        InputError: The source is not open: not approved, retired, or of a kind never pulled.
        NotFound: There is no such source.
    """
    ended = pull_source(means, name)
    counts = ended.counts
    for _ in range(MOST_RUNS):
        if not ended.more or ended.state is not SourceState.ACTIVE:
            break
        ended = pull_source(means, name)
        counts += ended.counts
    return replace(ended, counts=counts)


def open_names(store: Store, names: Sequence[str], now: datetime) -> list[str]:
    """Check that *names* can be pulled; none means the sources whose turn it is.

    Raises:
        InputError: There is no such source, or it is not open.
    """
    if not names:
        return _due(store, now)
    with store.read() as conn:
        known = {one.name: one for one in sources.list_all(conn)}
    for name in names:
        if name not in known:
            have = ", ".join(sorted(known)) or "none yet"
            msg = f"no source is called {name!r}; there are: {have}"
            raise InputError(msg)
        _refuse_closed(known[name])
    return list(dict.fromkeys(names))


def is_pulled(source: Source) -> bool:
    """Say whether a source of this kind is ever pulled."""
    return source.spec.kind not in NEVER_PULLED


def pull_source(means: Means, name: str) -> Pulled:
    """Pull one source: at most `pull.pages_per_run` pages, then what is due to be asked again.

    A platform's own waiting time is kept whoever asks; a backoff of ours is not.

    Raises:
        InputError: The source is not open: not approved, retired, or of a kind never pulled.
        NotFound: There is no such source.
    """
    holder, now = leases.new_holder(), means.now()
    with means.store.write() as conn:
        source = sources.get(conn, name)
        _refuse_closed(source)
        if _waits(source, now):
            return Pulled(name, Counts(), source.state, source.next_run_at, error=source.last_error)
        if not leases.take(conn, source, holder, now):
            return _busy(source)
        # Read again under the lease: a run that has just ended moved the cursor.
        source = sources.get(conn, name)
        _refuse_closed(source)
    try:
        return _pull(means, source, holder)
    except StoreError:
        raise
    except Exception as error:
        _postpone(means, source, holder, error)
        raise
    finally:
        with means.store.write() as conn:
            sources.release(conn, source.id, by=holder)


def _postpone(means: Means, source: Source, holder: str, error: Exception) -> None:
    """After a fault of our own, let the others come first; a source closed meanwhile stays so."""
    at = means.now() + backoff(source.failures + 1, means.random)
    msg = f"Evenhand itself failed here ({type(error).__name__}); see its log, then upgrade"
    with means.store.write() as conn:
        if leases.keep(conn, source, holder, means.now()):
            sources.set_state(conn, source.id, SourceState.FAILING, next_run_at=at, error=msg)


def _refuse_closed(source: Source) -> None:
    if not is_pulled(source):
        msg = (
            f"source {source.name!r} is of the kind {source.spec.kind}, which is handed over and "
            "never pulled; use `evenhand import`"
        )
        raise InputError(msg)
    if source.state is SourceState.PROPOSED:
        msg = f"source {source.name!r} waits for a second person; approve it on the Sources page"
        raise InputError(msg)
    if source.state is SourceState.RETIRED:
        msg = f"source {source.name!r} is retired; propose it anew under another name"
        raise InputError(msg)


def _waits(source: Source, now: datetime) -> bool:
    at = source.next_run_at if source.state is SourceState.WAITING else None
    return at is not None and at > now


def _busy(source: Source) -> Pulled:
    until = "soon" if source.lease_until is None else f"{source.lease_until:%H:%M:%S} UTC"
    msg = f"another process reads it, until {until} at the latest; try again then"
    return Pulled(source.name, Counts(), source.state, source.next_run_at, error=msg, is_busy=True)


def _pull(means: Means, source: Source, holder: str) -> Pulled:
    cursor = source.cursor or {}
    walk, sweep = cursor.get("walk"), rechecks.read(cursor.get("sweep"), means.now())
    run = _Run(means, source, holder, walk if isinstance(walk, dict) else None, sweep)
    try:
        connector = open_connector(source.spec, means.tools)
        _fetch(run, connector)
        if not (run.more or run.is_closed or run.not_before):
            _recheck(run, connector)
    except ConnectorError as error:
        return _failed(run, error)
    return _done(run)


def _fetch(run: _Run, connector: Connector) -> None:
    budget = Budget(TRIAL_PAGES if run.source.failures else run.means.settings.pull.pages_per_run)
    for page in connector.fetch(run.walk, budget):
        run.walk, run.more, run.not_before = page.next_cursor, page.more, page.not_before
        _store(run, page.events)
        run.pages += 1
        run.means.on_page(run.source.name, run.counts)
        if run.is_closed:
            return


def _store(run: _Run, events: tuple[Event, ...]) -> None:
    """Store events with the run's cursor, then renew the lease if there is still a right to it."""
    means, source = run.means, run.source
    run.counts += ingest_page(
        means.store,
        source_id=source.id,
        page=Page(events, run.cursor()),
        tagger=means.tagger,
        now=means.now(),
        holder=run.holder,
        groups=means.groups,
    )
    with means.store.write() as conn:
        run.is_closed = not leases.keep(conn, source, run.holder, means.now())
        if not run.is_closed:
            # Due at once: if this process ends here, the walk goes on with the next run.
            sources.set_state(conn, source.id, SourceState.ACTIVE, ok_at=means.now())


def _recheck(run: _Run, connector: Connector) -> None:
    """Ask about the next part of the stored posts, when its time has come."""
    sweep = rechecks.start(run.sweep, run.means.now())
    if sweep is None or not spec_of(run.source.spec.kind).rechecks:
        return
    with run.means.store.read() as conn:
        part = recheck_store.next_part(
            conn,
            run.source.id,
            below=sweep.below,
            since=sweep.since(),
            at_most=RECHECKED_AT_ONCE,
        )
    events: list[Event] = []
    try:
        events.extend(connector.recheck(part.locators))
        run.sweep = rechecks.move(sweep, part)
    finally:
        # What came before a failure is true all the same; the part itself is asked about again.
        _store(run, tuple(events))


def _failed(run: _Run, error: ConnectorError) -> Pulled:
    now = run.means.now()
    # A page that was stored in this run ended the failures before it.
    failures = 1 + (0 if run.pages else run.source.failures)
    state, wait = SourceState.FAILING, now + backoff(failures, run.means.random)
    at: datetime | None = wait
    if isinstance(error, RateLimited):
        state = SourceState.WAITING
        at = error.retry_at if failures == 1 else max(error.retry_at, wait)
    elif isinstance(error, AccessRefused | Gone):
        state, at = SourceState.REFUSED, None
    sentence = str(error)
    with run.means.store.write() as conn:
        run.is_closed = not leases.keep(conn, run.source, run.holder, now)
        if not run.is_closed:
            if isinstance(error, BadPayload) and failures > 1:
                aside = SetAside("a whole answer, unreadable twice", sentence)
                sources.add_set_aside(conn, run.source.id, [aside], now)
            sources.set_state(conn, run.source.id, state, next_run_at=at, error=sentence)
    if run.is_closed:
        return _closed(run)
    return Pulled(run.source.name, run.counts, state, at, error=sentence)


def _done(run: _Run) -> Pulled:
    now = run.means.now()
    pause = timedelta(minutes=run.means.settings.pull.every_minutes)
    state, at = SourceState.ACTIVE, now if run.more else now + pause
    if run.not_before is not None and run.not_before > now:
        state, at = SourceState.WAITING, run.not_before
    with run.means.store.write() as conn:
        run.is_closed = run.is_closed or not leases.keep(conn, run.source, run.holder, now)
        if not run.is_closed:
            sources.set_state(conn, run.source.id, state, next_run_at=at, ok_at=now)
    if run.is_closed:
        return _closed(run)
    return Pulled(run.source.name, run.counts, state, at, more=run.more)


def _closed(run: _Run) -> Pulled:
    """Leave a source as somebody else has set it meanwhile."""
    with run.means.store.read() as conn:
        found = sources.get(conn, run.source.name)
    msg = f"it was taken out of this run's hands and is {found.state.value} now"
    return Pulled(found.name, run.counts, found.state, found.next_run_at, error=msg)
