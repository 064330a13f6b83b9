"""Pulling, with the real praw against a local server that gives recorded answers or spoils them."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from random import Random
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, update

from evenhand.connectors.base import Tools
from evenhand.dashboard.jobs import pulling, rechecks, sourcing, tasks
from evenhand.data import tables
from evenhand.data.errors import InputError, NotFound, SettingsError
from evenhand.data.pseudonym import Pseudonyms
from evenhand.data.records import SourceSpec, SourceState
from evenhand.data.settings import Settings
from evenhand.data.store import leases, ledger, sources
from evenhand.data.store.pages import Counts
from evenhand.data.store.rechecks import Part
from tests.connectors.reddit_server import (
    BROKEN,
    COMMENTS,
    ENVIRON,
    GONE,
    INFO,
    LONG,
    ODD_CHILD,
    REFUSED,
    SECRET,
    SUBMISSIONS,
    TRANSIENT,
    Answer,
    RedditServer,
    dealt,
    recorded,
    retimed,
    source_of,
)
from tests.fakes import FakeTagger

NAME = "hỏi đáp"


@pytest.fixture
def reddit(shared):
    server = RedditServer(shared)
    server.serve("new", recorded(shared, SUBMISSIONS)[0])
    server.serve("comments", *recorded(shared, COMMENTS))
    yield server
    server.close()


@pytest.fixture
def floor(store, actors, clock, reddit, tmp_path):
    """An approved source, and what pulls it."""
    settings = Settings(workspace=tmp_path)
    tools = Tools(Pseudonyms(b"k" * 32), clock.now, ENVIRON)
    means = pulling.Means(store, settings, tools, FakeTagger(), random=Random(1))  # noqa: S311 - jitter
    made = SimpleNamespace(
        store=store, actors=actors, clock=clock, reddit=reddit, means=means, settings=settings
    )
    open_source(made, source_of(reddit))
    return made


@pytest.fixture
def slept(monkeypatch):
    """Collect every sleep of this process, praw's included, instead of sleeping."""
    found = []
    monkeypatch.setattr(time, "sleep", found.append)
    return found


def open_source(floor, spec):
    sourcing.propose(floor.store, floor.actors.admin, spec, floor.clock.now())
    sourcing.approve(floor.store, floor.actors.coordinator, spec.name, floor.clock.now())


def get(floor, name=NAME):
    with floor.store.read() as conn:
        return sources.get(conn, name)


def count(floor, table, *where):
    with floor.store.read() as conn:
        return conn.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def change(floor, **values):
    with floor.store.write() as conn:
        conn.execute(update(tables.source).values(**values))


def budget(floor, pages):
    """Give the same means with another budget."""
    settings = Settings(workspace=floor.settings.workspace, pull={"pages_per_run": pages})
    return pulling.Means(floor.store, settings, floor.means.tools, FakeTagger())


def test_pull_keeps_every_recorded_post_once(floor, shared):
    """Two hundred recorded children are two hundred posts; a second pull adds none."""
    children = [
        *recorded(shared, SUBMISSIONS)[0].children,
        *recorded(shared, COMMENTS)[0].children,
    ]
    first = pulling.pull_source(floor.means, NAME)
    second = pulling.pull_source(floor.means, NAME)

    assert 200 == len(children)
    assert Counts(read=200, kept=200, flagged=first.counts.flagged) == first.counts
    assert (0, second.counts.read) == (second.counts.kept, second.counts.duplicate)
    assert 200 == count(floor, tables.post)
    assert (SourceState.ACTIVE, None, False) == (first.state, first.error, first.more)
    assert floor.clock.now() + timedelta(minutes=15) == first.next_run_at
    assert (floor.clock.now(), None) == (get(floor).last_ok_at, get(floor).lease_by)


def test_posts_that_come_beside_other_names_are_not_taken_for_edits(floor, shared):
    """Masking depends on the names that a page shows; a text that came again is no new version."""
    children = recorded(shared, SUBMISSIONS)[0].children
    # The last one's author is mentioned by the first one.
    children.sort(key=lambda child: "_" in child["data"]["author"])
    named = children[-1]["data"]["author"]
    children[0]["data"]["title"] += f" {named}"
    pattern = recorded(shared, SUBMISSIONS)[0]
    floor.reddit.deal("new", dealt(pattern, children[:-1]))
    alone = pulling.pull_source(floor.means, NAME)
    floor.clock.advance(minutes=15)
    floor.reddit.deal("new", dealt(pattern, children))
    together = pulling.pull_source(floor.means, NAME)

    assert "_" in named
    assert (199, 1) == (alone.counts.kept, together.counts.kept)
    assert 0 == count(floor, tables.post, tables.post.c.version > 1)


def test_long_walk_is_pulled_to_its_end(floor, shared):
    """Eleven pages that lead on to each other are read to the last post."""
    pages = recorded(shared, LONG)
    floor.reddit.serve("comments", *pages)
    ended = pulling.pull_through(floor.means, NAME)

    assert 1_101 == 100 + sum(len(page.children) for page in pages)
    assert (1_101, 1_101) == (ended.counts.read, ended.counts.kept)
    assert 0 == count(floor, tables.gap)


@pytest.mark.parametrize("pages", [1, 3])
def test_budget_ends_a_run_and_the_next_one_goes_on(floor, shared, pages):
    """A run fetches `pull.pages_per_run` pages; the walk goes on at once and nothing is lost."""
    floor.reddit.serve("comments", *recorded(shared, LONG)[6:])
    means = budget(floor, pages)
    first = pulling.pull_source(means, NAME)
    asked = len(floor.reddit.hits)
    ended = pulling.pull_through(means, NAME)
    on = (first.more, first.state, first.next_run_at)

    assert (True, SourceState.ACTIVE, floor.clock.now()) == on
    assert 1 + pages == asked
    assert not ended.more
    assert 501 == first.counts.kept + ended.counts.kept == count(floor, tables.post)
    assert 7 == floor.reddit.count("new") + floor.reddit.count("comments")


@pytest.mark.parametrize("mutation", ["author null", "unknown kind", "child null"])
def test_odd_child_costs_no_other_post(floor, mutation):
    """Whatever one child looks like, those beside it are kept, and it is listed with its reason."""
    floor.reddit.spoil("new", ODD_CHILD[mutation])
    ended = pulling.pull_source(floor.means, NAME)
    (line,) = sourcing.overview(floor.store, floor.actors.admin, floor.clock.now()).lines

    assert Counts(read=200, kept=199, set_aside=1, flagged=ended.counts.flagged) == ended.counts
    assert (None, SourceState.ACTIVE) == (ended.error, ended.state)
    assert ["new, page 1, child 2"] == [row.place for row in line.set_aside_rows]


@pytest.mark.parametrize("mutation", ["html", "truncated", "null", "503", "reset in mid-body"])
def test_failed_answer_leaves_the_cursor_and_is_tried_later(floor, slept, mutation):
    """No post, no cursor and no second try on the spot; later the page arrives, once."""
    floor.reddit.spoil("new", (BROKEN | TRANSIENT)[mutation])
    failed = pulling.pull_source(floor.means, NAME)
    stood, hits = get(floor), floor.reddit.count("new")
    at_once = list(pulling.pull_due(floor.means))
    floor.clock.advance(seconds=31)
    trial = list(pulling.pull_due(floor.means))
    rest = pulling.pull_through(floor.means, NAME)
    wait_s = (failed.next_run_at - stood.created_at).total_seconds()

    assert (SourceState.FAILING, 1, None) == (stood.state, stood.failures, stood.cursor)
    assert (failed.error, 1, []) == (stood.last_error, hits, at_once)
    assert 15 <= wait_s <= 30
    assert [] == slept
    # The circuit is closed by one page, and then the walk goes on.
    assert [(100, True, None)] == [(one.counts.kept, one.more, one.error) for one in trial]
    assert 200 == 100 + rest.counts.kept == count(floor, tables.post)
    assert (SourceState.ACTIVE, 0, None) == (
        get(floor).state,
        get(floor).failures,
        get(floor).last_error,
    )


def test_failure_in_the_middle_keeps_the_pages_before_it(floor, shared):
    """What was stored stays, and the walk goes on at the page that failed."""
    floor.reddit.serve("comments", *recorded(shared, LONG)[6:])
    third = recorded(shared, LONG)[7].after
    floor.reddit.answers["comments", third], kept = (
        Answer(502, {}, b""),
        floor.reddit.answers["comments", third],
    )
    failed = pulling.pull_source(floor.means, NAME)
    floor.reddit.answers["comments", third] = kept
    before = len(floor.reddit.hits)
    rest = pulling.pull_through(floor.means, NAME)

    assert (SourceState.FAILING, 1) == (failed.state, get(floor).failures + 1)
    assert failed.counts.kept >= 200
    assert 501 == failed.counts.kept + rest.counts.kept == count(floor, tables.post)
    assert third == floor.reddit.asked[before + 1].get("after")


def test_source_that_fails_for_ever_is_asked_ever_more_rarely(floor):
    """Waits grow from half a minute to an hour, and each try is one request."""
    floor.reddit.spoil("new", TRANSIENT["500"], times=0)
    waits = []
    for _ in range(12):
        (failed,) = pulling.pull_due(floor.means)
        waits.append((failed.next_run_at - floor.clock.now()).total_seconds())
        floor.clock.advance(seconds=waits[-1])

    assert 12 == floor.reddit.count("new") == get(floor).failures
    assert all(wait >= 1_800 for wait in waits[8:])
    assert 3_600 >= max(waits)
    assert waits[0] <= 30 < waits[3]


def test_answer_that_stays_unreadable_is_told_as_a_loss(floor):
    """Tried once more, then noted once among what was set aside, however long it lasts."""
    floor.reddit.spoil("new", BROKEN["html"], times=0)
    noted = []
    for _ in range(4):
        list(pulling.pull_due(floor.means))
        noted.append(count(floor, tables.set_aside))
        floor.clock.advance(hours=1)

    assert [0, 1, 1, 1] == noted


def test_source_waits_as_long_as_the_platform_says(floor, slept):
    """429: nothing is asked before that time, by nobody, and then everything arrives."""
    floor.reddit.spoil("new", lambda one: Answer(429, {"Retry-After": "120"}, one.body))
    until = floor.clock.now() + timedelta(seconds=120)
    waiting = pulling.pull_source(floor.means, NAME)
    hits = len(floor.reddit.hits)
    by_hand = pulling.pull_source(floor.means, NAME)
    due = list(pulling.pull_due(floor.means))
    asked = len(floor.reddit.hits) - hits
    floor.clock.advance(seconds=120)
    rest = [pulling.pull_through(floor.means, one.name) for one in pulling.pull_due(floor.means)]

    assert (SourceState.WAITING, until) == (waiting.state, waiting.next_run_at)
    assert (SourceState.WAITING, until, waiting.error) == (
        by_hand.state,
        by_hand.next_run_at,
        by_hand.error,
    )
    assert (0, []) == (asked, due)
    assert [] == slept
    assert 1 == len(rest)
    assert 200 == count(floor, tables.post)


def test_quota_used_up_makes_the_source_wait_and_lose_nothing(floor):
    """A page that says that no request is left is stored, and the walk goes on after the reset."""
    told = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "300"}
    floor.reddit.spoil("new", lambda one: Answer(200, told, one.body))
    waiting = pulling.pull_through(floor.means, NAME)
    floor.clock.advance(seconds=300)
    rest = pulling.pull_through(floor.means, NAME)

    assert (SourceState.WAITING, None, 100) == (waiting.state, waiting.error, waiting.counts.kept)
    assert timedelta(seconds=300) == waiting.next_run_at - get(floor).created_at
    assert 200 == count(floor, tables.post)
    assert 100 == rest.counts.kept


@pytest.mark.parametrize("mutation", ["403 private", "401 without header", "404", "302"])
def test_refused_source_is_not_asked_again_before_somebody_says_so(floor, mutation):
    """Refused or gone: no more turns of its own; asked by hand, it comes back."""
    floor.reddit.spoil("new", (REFUSED | GONE)[mutation], times=0)
    refused = pulling.pull_source(floor.means, NAME)
    floor.clock.advance(days=3)
    later = list(pulling.pull_due(floor.means))
    floor.reddit.mend()
    mended = pulling.pull_through(floor.means, NAME)

    assert (SourceState.REFUSED, None) == (refused.state, refused.next_run_at)
    assert [] == later
    assert (SourceState.ACTIVE, 200) == (mended.state, mended.counts.kept)


def test_source_in_trouble_holds_up_no_other(floor, reddit):
    """One source fails, is misconfigured or waits; the others are pulled in the same round."""
    open_source(floor, source_of(reddit, "không có khóa", client_secret="env:MISSING"))
    open_source(floor, SourceSpec("lạ", "gopher", {}))
    floor.reddit.spoil("new", TRANSIENT["dropped"])
    ended = {one.name: one for one in pulling.pull_due(floor.means)}
    open_source(floor, source_of(reddit, "khác"))
    (other,) = pulling.pull_due(floor.means)

    assert {SourceState.FAILING} == {one.state for one in ended.values()}
    assert "MISSING" in ended["không có khóa"].error
    assert "gopher" in ended["lạ"].error
    assert ("khác", 200) == (other.name, other.counts.kept)
    assert all(SECRET not in (one.error or "") for one in ended.values())


def test_only_open_sources_of_kinds_that_are_pulled_are_pulled(floor, reddit):
    """Proposed, retired, handed over: refused by name with what to do, and never due."""
    sourcing.retire(floor.store, floor.actors.admin, NAME, floor.clock.now())
    sourcing.propose(floor.store, floor.actors.admin, source_of(reddit, "mới"), floor.clock.now())
    with floor.store.write() as conn:
        for kind in ("file", "demo"):
            sources.propose(conn, SourceSpec(kind, kind, {}), person_id=None, now=floor.clock.now())
            found = sources.get(conn, kind)
            sources.set_state(conn, found.id, SourceState.ACTIVE)

    assert [] == list(pulling.pull_due(floor.means))
    for name, said in (
        (NAME, "retired"),
        ("mới", "second person"),
        ("file", "evenhand import"),
        ("demo", "never pulled"),
    ):
        with pytest.raises(InputError, match=said):
            pulling.pull_source(floor.means, name)
        with pytest.raises(InputError, match=said):
            pulling.open_names(floor.store, [name], floor.clock.now())
    with pytest.raises(NotFound):
        pulling.pull_source(floor.means, "nobody")
    with pytest.raises(InputError, match="no source is called 'nobody'"):
        pulling.open_names(floor.store, ["nobody"], floor.clock.now())
    assert [] == floor.reddit.hits


def test_two_runs_never_walk_one_cursor(floor):
    """While one run holds the source, another is told who has it and asks for nothing."""
    said = {}

    def meanwhile(name):
        if name == "new" and not said:
            said["busy"] = pulling.pull_source(floor.means, NAME)
            said["due"] = list(pulling.pull_due(floor.means))

    floor.reddit.on_hit = meanwhile
    ended = pulling.pull_source(floor.means, NAME)

    assert (True, [], 200) == (said["busy"].is_busy, said["due"], ended.counts.kept)
    assert "another process reads it" in said["busy"].error
    # The recorded page names a next one, which is empty.
    assert 2 == floor.reddit.count("new")


def test_many_workers_pull_each_source_once(floor, reddit):
    """Eight workers at the same moment: every page of every source is asked for once."""
    for number in range(3):
        open_source(floor, source_of(reddit, f"nguồn {number}"))
    ready = threading.Barrier(8)
    ended = []

    def work():
        ready.wait()
        ended.extend(pulling.pull_due(floor.means))

    workers = [threading.Thread(target=work) for _ in range(8)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    done = [one for one in ended if not one.is_busy]

    assert 800 == sum(one.counts.kept for one in done) == count(floor, tables.post)
    assert 4 <= floor.reddit.count("new")
    assert {SourceState.ACTIVE} == {one.state for one in ended}


def test_lease_of_a_process_that_ended_is_taken_over_at_once(floor):
    """A killed run on this machine costs no waiting; one on another machine keeps its lease."""
    mine = leases.new_holder()
    host, process, start, run = mine.rsplit("/", 3)
    alive = (
        mine,
        f"elsewhere/{process}/{start}/{run}",
        f"{host}/1/other/{run}",
        "odd",
        f"{host}/x/y/z",
    )
    dead = (f"{host}/{process}/before/{run}", f"{host}/999999999/{start}/{run}")
    now = floor.clock.now()
    for holder in alive:
        change(floor, lease_by=holder, lease_until=now + timedelta(minutes=5))
        assert pulling.pull_source(floor.means, NAME).is_busy
    change(floor, lease_by=dead[0], lease_until=now + timedelta(minutes=5))
    (taken,) = pulling.pull_due(floor.means)
    change(floor, lease_by=dead[1], lease_until=now + timedelta(minutes=5))
    named = pulling.pull_source(floor.means, NAME)
    change(floor, lease_by=alive[1], lease_until=now)
    ended = pulling.pull_source(floor.means, NAME)

    assert [False] * 5 == [leases.is_dead(one) for one in alive]
    assert [True] * 2 == [leases.is_dead(one) for one in dead]
    assert [False] * 3 == [one.is_busy for one in (taken, named, ended)]
    assert 200 == taken.counts.kept


@pytest.mark.parametrize("to", ["retired", "proposed"])
def test_source_that_is_closed_during_a_run_stays_closed(floor, to):
    """Somebody stops the source while it is read: the run ends and leaves that state alone."""

    def meanwhile(name):
        if name == "comments":
            change(floor, state=to)

    floor.reddit.on_hit = meanwhile
    floor.reddit.spoil("comments", TRANSIENT["500"])
    ended = pulling.pull_source(floor.means, NAME)

    assert (SourceState(to), 100) == (ended.state, ended.counts.kept)
    assert to in ended.error
    assert (SourceState(to), None) == (get(floor).state, get(floor).lease_by)


def test_fault_of_our_own_frees_the_source_and_lets_others_come_first(floor, reddit):
    """An error that nobody foresaw leaves; the lease is given back and the source waits."""

    class Broken:
        model = "broken"

        def tag(self, texts):
            raise RuntimeError(len(texts))

    means = pulling.Means(floor.store, floor.settings, floor.means.tools, Broken())
    with pytest.raises(RuntimeError):
        list(pulling.pull_due(means))
    failed = get(floor)
    open_source(floor, source_of(reddit, "khác"))
    others = [one.name for one in pulling.pull_due(floor.means)]

    assert (None, SourceState.FAILING, 1) == (failed.lease_by, failed.state, failed.failures)
    assert "RuntimeError" in failed.last_error
    assert ["khác"] == others
    assert 200 == pulling.pull_through(floor.means, NAME).counts.kept


def test_source_that_is_closed_before_a_fault_of_our_own_stays_closed(floor):
    """Nobody opens a retired source again by a bug: that would leave out the second person."""

    class Broken:
        model = "broken"

        def tag(self, texts):
            sourcing.retire(floor.store, floor.actors.admin, NAME, floor.clock.now())
            raise RuntimeError(len(texts))

    means = pulling.Means(floor.store, floor.settings, floor.means.tools, Broken())
    with pytest.raises(RuntimeError):
        pulling.pull_source(means, NAME)

    assert (SourceState.RETIRED, None) == (get(floor).state, get(floor).lease_by)


@pytest.mark.parametrize("approved", [False, True])
def test_options_that_change_during_a_run_are_read_from_their_start(floor, approved):
    """Where the old options' walk stands would hide the older posts of the new ones."""
    new = source_of(floor.reddit)

    def meanwhile(name):
        if name == "comments":
            with floor.store.write() as conn:
                sources.change_options(conn, NAME, new, person_id=floor.actors.admin.id)
            if approved:
                now = floor.clock.now()
                sourcing.approve(floor.store, floor.actors.coordinator, NAME, now)

    floor.reddit.on_hit = meanwhile
    ended = pulling.pull_source(floor.means, NAME)
    to = SourceState.ACTIVE if approved else SourceState.PROPOSED

    assert "taken out of this run's hands" in ended.error
    assert (None, to, None) == (get(floor).cursor, get(floor).state, get(floor).lease_by)


def stored_children(floor, shared):
    """Pull sixty posts and let reddit know them all."""
    children = recorded(shared, SUBMISSIONS)[0].children[:60]
    floor.reddit.deal("new", dealt(recorded(shared, SUBMISSIONS)[0], children))
    floor.reddit.deal("comments", {"": floor.reddit.empty})
    floor.reddit.deal("info", {"": recorded(shared, INFO)[0].with_listing(children, None)})
    assert 60 == pulling.pull_source(floor.means, NAME).counts.kept
    return children


def test_deleted_posts_are_erased_within_a_day(floor, shared):
    """Once a day the stored posts are asked about; what is gone there loses its text here."""
    children = stored_children(floor, shared)
    known = floor.reddit.answers["info", ""]
    floor.reddit.deal("info", {"": known.with_listing(children[7:], None)})
    floor.clock.advance(hours=23)
    early = pulling.pull_source(floor.means, NAME)
    asked = floor.reddit.count("info")
    floor.clock.advance(hours=1)
    daily = pulling.pull_source(floor.means, NAME)
    floor.clock.advance(hours=1)
    again = pulling.pull_source(floor.means, NAME)
    gone = tables.post.c.deleted_at.is_not(None)

    assert (0, 0, 7, 0) == (early.counts.deleted, asked, daily.counts.deleted, again.counts.deleted)
    assert 1 == floor.reddit.count("info")
    assert 7 == count(floor, tables.post, gone, tables.post.c.locator.is_(None))
    assert 7 == count(floor, tables.post_version, tables.post_version.c.content.is_(None))
    assert SourceState.ACTIVE is daily.state


def test_recheck_that_fails_is_made_up_for(floor, shared):
    """A failing recheck makes the source fail; the next run asks about the same posts."""
    children = stored_children(floor, shared)
    known = floor.reddit.answers["info", ""]
    floor.reddit.deal("info", {"": known.with_listing(children[1:], None)})
    floor.clock.advance(days=1)
    floor.reddit.spoil("info", TRANSIENT["502"])
    failed = pulling.pull_source(floor.means, NAME)
    floor.clock.advance(minutes=1)
    # The trial is one page, then the run goes on.
    made_up = pulling.pull_through(floor.means, NAME)

    assert (SourceState.FAILING, 0) == (failed.state, failed.counts.deleted)
    assert (SourceState.ACTIVE, 1) == (made_up.state, made_up.counts.deleted)


def test_sweeps_are_daily_over_a_month_and_weekly_over_all(clock):
    """Each sweep takes what arrived in the last thirty days; every seventh takes everything."""
    sweep, taken = rechecks.read(None, clock.now()), []
    for _ in range(15 * 24):
        clock.advance(hours=1)
        begun = rechecks.start(sweep, clock.now())
        if begun is not None:
            taken.append((clock.now() - begun.since()).days if begun.since() else "all")
            sweep = rechecks.move(begun, Part((), 0, ended=True))

    assert [30] * 6 + ["all"] + [30] * 6 + ["all"] + [30] == taken


def test_sweep_goes_on_where_it_stopped(floor, shared, monkeypatch):
    """A sweep over many posts takes several runs and asks about each post once."""
    monkeypatch.setattr(pulling, "RECHECKED_AT_ONCE", 25)
    stored_children(floor, shared)
    floor.clock.advance(days=1)
    for _ in range(5):
        floor.clock.advance(minutes=15)
        pulling.pull_source(floor.means, NAME)
    asked = [one["id"].split(",") for one in floor.reddit.asked if "id" in one]

    assert [25, 25, 10] == [len(one) for one in asked]
    assert 60 == len({one for part in asked for one in part})


def test_sweep_survives_being_written_down(clock):
    """A sweep is the same after the store; a broken one begins anew from now."""
    sweep = rechecks.Sweep(clock.now(), clock.now() - timedelta(days=3), 17, is_whole=True)

    assert sweep == rechecks.read(rechecks.write(sweep), clock.now())
    for broken in (None, [], {}, {**rechecks.write(sweep), "began_at": "soon"}):
        assert rechecks.Sweep(clock.now(), clock.now()) == rechecks.read(broken, clock.now())


def test_task_of_the_browser_pulls_and_reports(floor):
    """Somebody asks for a pull; the task ends with one line of what came of it."""
    task_id = sourcing.pull_now(floor.store, floor.actors.coordinator, NAME, floor.clock.now())
    pulling.run_task(floor.means, tasks.next_task(floor.store, floor.clock.now()))
    done = tasks.latest(floor.store, floor.actors.coordinator, "pull")

    assert (task_id, "done", 4) == (done.id, done.state, done.done)
    assert done.message.startswith("200 read, 200 new or changed")


def test_task_says_why_a_pull_failed(floor):
    """The sentence of the source, or of a source that is not there, ends the task as failed."""
    said = []
    floor.reddit.spoil("new", TRANSIENT["503"])
    for name in (NAME, "nobody"):
        tasks.ask(floor.store, floor.actors.admin, "pull", {"source": name}, floor.clock.now())
        pulling.run_task(floor.means, tasks.next_task(floor.store, floor.clock.now()))
        said.append(tasks.latest(floor.store, floor.actors.admin, "pull"))

    assert ["failed", "failed"] == [one.state for one in said]
    assert "503" in said[0].message
    assert "nobody" in said[1].message


def test_more_new_posts_than_a_listing_shows_are_a_gap(floor, shared):
    """What a listing no longer shows is noted as a gap and shown on the Sources page, once."""
    pattern = recorded(shared, LONG)[0]
    children = [child for page in recorded(shared, LONG) for child in page.children]
    now = floor.clock.now().timestamp()
    change(floor, options=dict(get(floor).spec.options) | {"comments": False})
    floor.reddit.deal("new", dealt(pattern, retimed(children[:60], newest=now - 200_000)))
    pulling.pull_source(floor.means, NAME)
    floor.reddit.deal("new", dealt(pattern, retimed(children[60:] + children[60:200], newest=now)))
    ended = pulling.pull_through(floor.means, NAME)
    (line,) = sourcing.overview(floor.store, floor.actors.admin, floor.clock.now()).lines

    assert (1_000, 941) == (ended.counts.read, ended.counts.kept)
    assert 1 == line.gap_count
    assert now - 200_000 == line.gaps[0].since.timestamp()


def block(reddit, name="từ tệp", **options):
    """Make a block of evenhand.toml."""
    spec = source_of(reddit, name, **options)
    return {"name": spec.name, "kind": spec.kind, **spec.options}


def test_sources_of_the_settings_are_proposed_and_approved_by_a_person(floor, reddit):
    """A new block is a proposal; a changed one is a proposal again; nothing else changes."""
    first = Settings(workspace=floor.settings.workspace, source=[block(reddit)])
    changed = Settings(
        workspace=floor.settings.workspace, source=[block(reddit, subreddits=["hanoi"])]
    )
    now, seen = floor.clock.now(), []
    for settings in (first, first, changed, changed):
        seen.append((sourcing.sync_sources(floor.store, settings, now), get(floor, "từ tệp").state))
        if seen[-1][1] is SourceState.PROPOSED:
            sourcing.approve(floor.store, floor.actors.admin, "từ tệp", now)
    sourcing.retire(floor.store, floor.actors.admin, "từ tệp", now)
    after = sourcing.sync_sources(floor.store, first, now)

    assert [
        (["từ tệp"], SourceState.PROPOSED),
        ([], SourceState.ACTIVE),
        (["từ tệp"], SourceState.PROPOSED),
        ([], SourceState.ACTIVE),
    ] == seen
    assert ([], SourceState.RETIRED) == (after, get(floor, "từ tệp").state)
    assert SourceState.ACTIVE is get(floor).state
    with floor.store.read() as conn:
        assert 7 == ledger.verify(conn)


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (["hai", "hai"], "twice"),
        (["file"], "another name"),
    ],
)
def test_settings_that_name_a_source_wrongly_are_refused(floor, reddit, blocks, said):
    """Two blocks of one name, or the name of a file's source: refused, and nothing is changed."""
    with floor.store.write() as conn:
        sources.propose(conn, SourceSpec("file", "file", {}), person_id=None, now=floor.clock.now())
    settings = Settings(
        workspace=floor.settings.workspace, source=[block(reddit, name) for name in blocks]
    )
    with pytest.raises(SettingsError, match=said):
        sourcing.sync_sources(floor.store, settings, floor.clock.now())

    assert 2 == count(floor, tables.source)


def test_date_among_the_options_is_refused(floor, reddit):
    """TOML has dates, a store's options have not: the message says to quote it."""
    settings = Settings(
        workspace=floor.settings.workspace, source=[block(reddit, since=floor.clock.now())]
    )
    with pytest.raises(SettingsError, match="quote it"):
        sourcing.sync_sources(floor.store, settings, floor.clock.now())
