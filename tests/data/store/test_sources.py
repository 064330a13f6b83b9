"""Sources: proposed by one, approved by another, pulled under a lease; losses noted once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event

import pytest
from sqlalchemy import text

from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.records import Gap, SetAside, SourceSpec, SourceState
from evenhand.data.store import sources

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
_numbers = count(1)


def propose(store, name=None, **options):
    name = name or f"r/vịnh{next(_numbers)}"
    with store.write() as conn:
        return sources.propose(conn, SourceSpec(name, "reddit", options), person_id="1", now=NOW)


def open_one(store, **options):
    made = propose(store, **options)
    with store.write() as conn:
        return sources.approve(conn, made.name, person_id="2")


def read(store, name):
    with store.read() as conn:
        return sources.get(conn, name)


@pytest.mark.usefixtures("actors")
def test_source_is_proposed_and_waits_for_approval(store):
    """It keeps its options as they are and is not due before somebody else has opened it."""
    made = propose(store, "r/đànẵng", subreddits=["danang"], comments=False)

    assert (made.name, made.state, made.proposed_by) == ("r/đànẵng", SourceState.PROPOSED, "1")
    assert made.spec.options == {"subreddits": ["danang"], "comments": False}
    assert (made.cursor, made.approved_by, made.failures) == (None, None, 0)
    with store.read() as conn:
        assert sources.due(conn, NOW) == []
        assert sources.list_all(conn) == [made]


@pytest.mark.usefixtures("actors")
def test_source_name_is_taken_once(store):
    """The second proposal is refused, and the transaction goes on."""
    made = propose(store)

    with store.write() as conn:
        with pytest.raises(InputError, match="choose another name"):
            sources.propose(conn, made.spec, person_id="2", now=NOW)
        assert len(sources.list_all(conn)) == 1


@pytest.mark.usefixtures("actors")
def test_approval_needs_a_second_person_and_happens_once(store):
    """Not the proposer, not twice, not without a proposal."""
    made = propose(store)

    with store.write() as conn:
        with pytest.raises(NotAllowed, match="second person"):
            sources.approve(conn, made.name, person_id="1")
        opened = sources.approve(conn, made.name, person_id="2")
        with pytest.raises(InputError, match="nothing to approve"):
            sources.approve(conn, made.name, person_id="3")
        with pytest.raises(NotFound, match="evenhand check"):
            sources.approve(conn, "r/nowhere", person_id="2")

    assert (opened.state, opened.approved_by) == (SourceState.ACTIVE, "2")


@pytest.mark.usefixtures("actors")
def test_changed_options_need_a_second_person_again(store):
    """A source that was opened for one place does not become another on the quiet."""
    made = open_one(store)
    with store.write() as conn:
        sources.save_cursor(conn, made.id, {"after": "x"})
        spec = SourceSpec(made.name, "file", {"path": "a.csv"}, may_train=False)
        sources.change_options(conn, made.name, spec, person_id="3")
    found = read(store, made.name)

    assert (found.state, found.proposed_by) == (SourceState.PROPOSED, "3")
    assert (found.approved_by, found.cursor) == (None, None)
    assert found.spec == spec


@pytest.mark.usefixtures("actors")
def test_due_lists_open_sources_longest_waiting_first(store):
    """Never pulled first, then by the time they wait for; refused and retired ones never."""
    late, early, fresh, refused, retired = (open_one(store) for _ in range(5))
    with store.write() as conn:
        sources.set_state(conn, late.id, SourceState.WAITING, next_run_at=NOW)
        sources.set_state(conn, early.id, SourceState.FAILING, next_run_at=NOW - HOUR)
        sources.set_state(conn, refused.id, SourceState.REFUSED)
        sources.set_state(conn, retired.id, SourceState.RETIRED)
    with store.read() as conn:
        assert [one.id for one in sources.due(conn, NOW)] == [fresh.id, early.id, late.id]
        assert [one.id for one in sources.due(conn, NOW - HOUR / 2)] == [fresh.id, early.id]


@pytest.mark.usefixtures("actors")
def test_lease_is_held_by_one_until_it_ends(store):
    """Another puller waits; the holder may prolong; only the holder gives it back."""
    made = open_one(store)
    with store.write() as conn:
        assert sources.lease(conn, made.id, by="a", now=NOW, lasts=HOUR)
        assert not sources.lease(conn, made.id, by="b", now=NOW, lasts=HOUR)
        assert sources.lease(conn, made.id, by="a", now=NOW, lasts=2 * HOUR)
        assert sources.due(conn, NOW) == []
        sources.release(conn, made.id, by="b")
        assert not sources.lease(conn, made.id, by="b", now=NOW + HOUR, lasts=HOUR)
        assert sources.lease(conn, made.id, by="b", now=NOW + 2 * HOUR, lasts=HOUR)
        sources.release(conn, made.id, by="b")
        assert [one.id for one in sources.due(conn, NOW)] == [made.id]


@pytest.mark.usefixtures("actors")
def test_failures_are_counted_until_it_works_again(store):
    """The sentence of the last failure stays until a run ends well."""
    made = open_one(store)
    with store.write() as conn:
        for _ in range(3):
            sources.set_state(conn, made.id, SourceState.FAILING, error="reddit answers 503")
    failing = read(store, made.name)
    with store.write() as conn:
        sources.set_state(conn, made.id, SourceState.ACTIVE, ok_at=NOW, next_run_at=NOW + HOUR)
    well = read(store, made.name)

    assert (failing.failures, failing.last_error) == (3, "reddit answers 503")
    assert (well.failures, well.last_error, well.last_ok_at) == (0, None, NOW)
    assert well.next_run_at == NOW + HOUR


@pytest.mark.usefixtures("actors")
def test_cursor_keeps_whatever_json_a_connector_needs(store):
    """Nested values and Vietnamese letters come back as they were."""
    made = open_one(store)
    cursor = {"walks": {"new": {"after": "t3_x", "pages": 2}}, "nơi": ["Đà Nẵng", None, 1.5]}
    with store.write() as conn:
        sources.save_cursor(conn, made.id, cursor)

    assert read(store, made.name).cursor == cursor


@pytest.mark.usefixtures("actors")
def test_losses_are_noted_once_and_listed_newest_first(store):
    """The same gap, or the same row of a file, told again by a repeated page, is not a second."""
    made = open_one(store)
    gaps = [Gap(None, NOW, "the listing ends"), Gap(NOW - HOUR, NOW, "the listing ends")]
    rows = [SetAside("line 17", "no date"), SetAside("line 18", "no date")]
    with store.write() as conn:
        for _ in range(2):
            sources.add_gaps(conn, made.id, gaps, NOW)
            sources.add_set_aside(conn, made.id, rows, NOW)
    with store.read() as conn:
        noted = sources.recent_gaps(conn)
        aside = sources.recent_set_aside(conn, limit=1)

    assert [one.what for one in noted] == list(reversed(gaps))
    assert {one.source_name for one in noted} == {made.name}
    assert [(one.what, one.seen_at) for one in aside] == [(rows[1], NOW)]


def test_source_is_not_found_by_a_name_that_nobody_gave(store):
    """A name is a value, never a piece of SQL."""
    with store.read() as conn:
        for name in ("", "r/nowhere", "' OR '1'='1", "x" * 10_000):
            with pytest.raises(NotFound):
                sources.get(conn, name)
        assert conn.execute(text("SELECT count(*) FROM source")).scalar() == 0


def test_approval_never_overrules_somebody_who_closes_the_source_at_that_moment(store, actors):
    """Of two people who press at once, the one who comes second meets what the first one did."""
    with store.write() as conn:
        sources.propose(conn, SourceSpec("r/x", "reddit"), person_id=actors.admin.id, now=NOW)
    started, go_on = Event(), Event()

    def close():
        with store.write() as conn:
            sources.set_state(conn, sources.get(conn, "r/x").id, SourceState.RETIRED)
            started.set()
            go_on.wait(0.5)

    with ThreadPoolExecutor(1) as pool:
        closing = pool.submit(close)
        started.wait(10)
        with store.write() as conn, pytest.raises(InputError, match="retired"):
            sources.approve(conn, "r/x", person_id=actors.coordinator.id)
        closing.result()

    with store.read() as conn:
        assert sources.get(conn, "r/x").state is SourceState.RETIRED
