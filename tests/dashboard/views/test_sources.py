"""The sources page shows how reading goes, and changes it for those who may."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import sourcing
from evenhand.dashboard.shell import Shell
from evenhand.data.records import Gap, SetAside, SourceSpec, SourceState
from evenhand.data.settings import Settings
from evenhand.data.store import sources, tasks

FORUM = SourceSpec("Diễn đàn *y tế* <b>", "discourse", {})


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the page for an actor."""

    def drawing(actor, lang="en"):
        shell = Shell(store, Settings(workspace=tmp_path), actor, lang, clock.now, UTC)
        app = AppTest.from_function(draw, args=(shell,), default_timeout=30).run()
        assert not app.exception
        return app

    return drawing


def draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.sources import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


def texts(app):
    return [one.value for one in (*app.text, *app.markdown, *app.success, *app.error)]


def click(app, label):
    return next(one for one in app.button if label in one.label).click().run()


@pytest.mark.parametrize(
    ("lang", "title", "said"),
    [("en", "Sources", "No source yet"), ("vi", "Nguồn tin", "Chưa có nguồn nào")],
)
def test_page_says_so_when_there_is_no_source(show, actors, lang, title, said):
    """An empty page says what to do, in both languages."""
    app = show(actors.admin, lang)

    assert app.title[0].value == title
    assert any(said in text for text in texts(app))
    assert app.metric[0].value == "0"


def test_page_shows_state_losses_and_the_last_error(show, store, actors, clock):
    """A failing source says how often, what it said, and what was missed."""
    sourcing.propose(store, actors.admin, FORUM, clock.now())
    sourcing.approve(store, actors.coordinator, FORUM.name, clock.now())
    with store.write() as conn:
        found = sources.get(conn, FORUM.name)
        since = clock.now() - timedelta(hours=3)
        sources.add_gaps(conn, found.id, [Gap(since, None, "history ends")], clock.now())
        sources.add_set_aside(conn, found.id, [SetAside("line 7", "no time")], clock.now())
        later = clock.now() + timedelta(minutes=10)
        for _ in range(2):
            sources.set_state(
                conn, found.id, SourceState.FAILING, next_run_at=later, error="[503](http://x.test)"
            )
    app = show(actors.coordinator)

    said = texts(app)
    assert FORUM.name in said
    assert "[503](http://x.test)" in [one.value for one in app.text]
    assert "failing (failed 2 times in a row)" in said
    assert "in 10 minutes" in said
    assert "From 24 Nov 2026, 09:00 to unknown: history ends" in said
    assert "line 7: no time" in said
    assert app.expander[1].label == "What was missed: 1 gap, 1 row set aside"
    assert [one.value for one in app.metric] == ["0", "1", "1"]


def test_coordinator_approves_what_somebody_else_proposed(show, store, actors, clock):
    """The second person's click opens the source, and the page says what comes next."""
    sourcing.propose(store, actors.admin, FORUM, clock.now())
    app = click(show(actors.coordinator), "Approve")

    assert "Approved" in app.success[0].value
    assert sourcing.overview(store, actors.admin, clock.now()).lines[0].state == "active"


def test_proposer_cannot_approve(show, store, actors, clock):
    """Whoever proposed is told why there is no such button."""
    sourcing.propose(store, actors.admin, FORUM, clock.now())
    app = show(actors.admin)

    assert "Approve" not in [one.label for one in app.button]
    assert any("somebody else has to approve" in text for text in texts(app))


def test_pull_and_stop_do_what_their_buttons_say(show, store, actors, clock):
    """Reading at once is asked of the worker; stopping takes the buttons away."""
    sourcing.propose(store, actors.admin, FORUM, clock.now())
    sourcing.approve(store, actors.coordinator, FORUM.name, clock.now())
    app = click(show(actors.admin), "Read now")
    with store.read() as conn:
        assert tasks.latest(conn, sourcing.PULL).args == {"source": FORUM.name}
    app = click(app, "Stop reading")

    assert "not read any more" in app.success[0].value
    assert {one.label for one in app.button} == {":violet[Propose]"}


def test_handed_over_source_has_no_turn_and_no_button_to_read_it(show, store, actors, clock):
    """Where nothing can be pulled, nothing offers to."""
    sourcing.propose(store, actors.admin, SourceSpec("lam-bay", "demo"), clock.now())
    sourcing.approve(store, actors.coordinator, "lam-bay", clock.now())
    app = show(actors.admin)

    assert {one.label for one in app.button} == {"Stop reading", ":violet[Propose]"}
    assert "none" in texts(app)


def test_form_proposes_a_source_or_says_what_to_mend(show, store, actors, clock):
    """A form that cannot be used keeps its words; a good one is stored for a second person."""
    app = show(actors.coordinator)
    app.text_input[0].set_value("Bản tin lũ")
    app.selectbox[0].set_value("reddit")
    app.text_area[0].set_value("subreddits =")
    app = click(app, "Propose")
    assert "cannot be used" in app.error[0].value
    assert app.text_input[0].value == "Bản tin lũ"

    app.text_area[0].set_value('subreddits = ["lambay"]')
    app = click(app, "Propose")

    assert "Proposed" in app.success[0].value
    (line,) = sourcing.overview(store, actors.admin, clock.now()).lines
    assert (line.name, line.kind, line.state) == ("Bản tin lũ", "reddit", SourceState.PROPOSED)


@pytest.mark.parametrize("who", ["an", "leader", "analyst"])
def test_page_tells_other_roles_whom_to_ask(show, actors, who):
    """Whoever comes here by address sees no source and is told why."""
    app = show(getattr(actors, who), "vi")

    assert "không cho phép" in app.error[0].value
    assert not app.metric
