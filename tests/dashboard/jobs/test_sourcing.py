"""A source needs two persons, and what it missed is counted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evenhand.dashboard.jobs import access, sourcing
from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.records import Gap, SetAside, SourceSpec, SourceState
from evenhand.data.store import ledger, sources, tasks

FORUM = SourceSpec("Diễn đàn y tế", "discourse", {"address": "https://forum.example"})


def open_source(store, actors, clock, wanted=FORUM):
    sourcing.propose(store, actors.admin, wanted, clock.now())
    sourcing.approve(store, actors.coordinator, wanted.name, clock.now())
    with store.read() as conn:
        return sources.get(conn, wanted.name)


def test_overview_is_empty_in_a_new_workspace(store, actors, clock):
    """A workspace without sources says so."""
    assert sourcing.overview(store, actors.admin, clock.now()).lines == ()


def test_source_is_opened_by_a_second_person_only(store, actors, clock):
    """Whoever proposes cannot approve; somebody else can."""
    sourcing.propose(store, actors.admin, FORUM, clock.now())
    with pytest.raises(NotAllowed, match="second person"):
        sourcing.approve(store, actors.admin, FORUM.name, clock.now())
    assert sourcing.overview(store, actors.admin, clock.now()).lines[0].state == "proposed"

    sourcing.approve(store, actors.coordinator, FORUM.name, clock.now())
    (line,) = sourcing.overview(store, actors.coordinator, clock.now()).lines

    assert (line.name, line.kind, line.state) == (FORUM.name, "discourse", SourceState.ACTIVE)
    with store.read() as conn:
        assert ledger.verify(conn) == 2


@pytest.mark.parametrize("who", ["an", "leader", "analyst"])
def test_sources_are_closed_to_other_roles(store, actors, clock, who):
    """Reviewers, leaders and analysts neither see nor change sources."""
    actor = getattr(actors, who)
    open_source(store, actors, clock)
    for job in (sourcing.approve, sourcing.retire, sourcing.pull_now):
        with pytest.raises(NotAllowed):
            job(store, actor, FORUM.name, clock.now())
    with pytest.raises(NotAllowed):
        sourcing.propose(store, actor, FORUM, clock.now())
    with pytest.raises(NotAllowed):
        sourcing.overview(store, actor, clock.now())

    assert sourcing.overview(store, actors.admin, clock.now()).lines[0].state == "active"


def test_operator_cannot_be_one_of_the_two_persons(store, actors, clock):
    """The terminal is no person, so it can neither propose nor approve."""
    operator = access.operator()
    with pytest.raises(NotAllowed, match="person"):
        sourcing.propose(store, operator, FORUM, clock.now())
    sourcing.propose(store, actors.admin, FORUM, clock.now())
    with pytest.raises(NotAllowed, match="person"):
        sourcing.approve(store, operator, FORUM.name, clock.now())

    assert sourcing.overview(store, operator, clock.now()).lines[0].state == "proposed"


def test_overview_counts_what_was_missed_in_seven_days(store, actors, clock):
    """Older losses have had their time; each source counts its own."""
    old = open_source(store, actors, clock, SourceSpec("An old one", "feed", {}))
    new = open_source(store, actors, clock)
    with store.write() as conn:
        sources.add_gaps(conn, old.id, [Gap(None, clock.now(), "long ago")], clock.now())
    clock.advance(days=8)
    gap = Gap(clock.now() - timedelta(hours=3), clock.now(), "only the newest 1,000 are shown")
    rows = [SetAside(f"line {number}", "no time of publication") for number in range(25)]
    with store.write() as conn:
        sources.add_gaps(conn, new.id, [gap], clock.now())
        sources.add_set_aside(conn, new.id, rows, clock.now())
    first, second = sourcing.overview(store, actors.admin, clock.now()).lines

    assert (first.name, first.gap_count, first.set_aside) == ("An old one", 0, 0)
    assert (second.name, second.gaps, second.gap_count) == (FORUM.name, (gap,), 1)
    assert second.set_aside == 25
    assert len(second.set_aside_rows) == sourcing.LISTED


def test_overview_shows_first_what_needs_somebody(store, actors, clock):
    """Failing sources stand at the top, stopped ones at the end."""
    for name in ("a active", "b stopped", "c failing"):
        open_source(store, actors, clock, SourceSpec(name, "feed", {}))
    sourcing.propose(store, actors.admin, SourceSpec("d proposed", "feed", {}), clock.now())
    sourcing.retire(store, actors.admin, "b stopped", clock.now())
    with store.write() as conn:
        failing = sources.get(conn, "c failing")
        sources.set_state(conn, failing.id, SourceState.FAILING, error="503")
    lines = sourcing.overview(store, actors.admin, clock.now()).lines

    assert [line.name[0] for line in lines] == ["c", "d", "a", "b"]
    assert (lines[0].failures, lines[0].last_error) == (1, "503")


def test_pull_now_asks_the_worker_and_fetches_nothing(store, actors, clock):
    """Reading at once is a task with the source's name."""
    open_source(store, actors, clock)
    sourcing.pull_now(store, actors.coordinator, FORUM.name, clock.now())
    with store.read() as conn:
        task = tasks.latest(conn, sourcing.PULL)

    assert task.args == {"source": FORUM.name}
    assert task.asked_by == actors.coordinator.id


def test_pull_now_takes_the_terminals_word(store, actors, clock):
    """The operator asks too, and stands for no person."""
    open_source(store, actors, clock)
    sourcing.pull_now(store, access.operator(), FORUM.name, clock.now())
    with store.read() as conn:
        assert tasks.latest(conn, sourcing.PULL).asked_by is None


def test_pull_now_refuses_a_source_that_is_not_open(store, actors, clock):
    """Nothing is read before a second person agreed, nor after it was stopped."""
    sourcing.propose(store, actors.admin, FORUM, clock.now())
    with pytest.raises(InputError, match="proposed"):
        sourcing.pull_now(store, actors.admin, FORUM.name, clock.now())
    sourcing.retire(store, actors.admin, FORUM.name, clock.now())
    with pytest.raises(InputError, match="retired"):
        sourcing.pull_now(store, actors.admin, FORUM.name, clock.now())
    with pytest.raises(NotFound):
        sourcing.pull_now(store, actors.admin, "không có", clock.now())


@pytest.mark.parametrize("kind", ["file", "demo"])
def test_source_that_is_handed_over_is_never_pulled(store, actors, clock, kind):
    """A file's rows and the demo's posts come in another way, so no pull can be asked for."""
    open_source(store, actors, clock, SourceSpec("Handed over", kind))

    assert not sourcing.overview(store, actors.admin, clock.now()).lines[0].is_pulled
    with pytest.raises(InputError, match="handed over"):
        sourcing.pull_now(store, actors.admin, "Handed over", clock.now())


def test_read_proposal_reads_lines_as_in_the_settings_file():
    """The form's lines mean what they mean in evenhand.toml."""
    lines = 'user_agent = "web:lambay:1"\nsubreddits = ["ngap", "lut"]'
    wanted = sourcing.read_proposal("  Bản tin lũ ", " reddit ", lines, may_train=False)

    options = {"user_agent": "web:lambay:1", "subreddits": ["ngap", "lut"]}
    assert wanted == SourceSpec("Bản tin lũ", "reddit", options, may_train=False)


@pytest.mark.parametrize(
    ("name", "kind", "options"),
    [
        ("", "reddit", ""),
        ("x" * 81, "reddit", ""),
        ("a\u202eb", "reddit", ""),
        ("a", "", ""),
        ("a", "file", ""),
        ("a", "reddit", "address = "),
        ("a", "no such kind", ""),
        ("a", "demo", ""),
    ],
)
def test_read_proposal_says_what_to_mend(name, kind, options):
    """A form that cannot be used is refused before anything is stored."""
    with pytest.raises(InputError):
        sourcing.read_proposal(name, kind, options, may_train=True)
