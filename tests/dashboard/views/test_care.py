"""The Care page: breaks, the private record, limits, opt-outs, and sums for coordinators."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import care, claims
from evenhand.dashboard.jobs.care import Limits, Read
from evenhand.dashboard.shell import Shell
from evenhand.data.records import Actor, Role
from evenhand.data.settings import CareSettings, Settings
from tests.review_floor import item_row, put_items

RULES = CareSettings()


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the page for an actor."""

    def drawing(actor, lang="en", **rules):
        settings = Settings(workspace=tmp_path, care=CareSettings(**rules))
        shell = Shell(store, settings, actor, lang, clock.now, UTC)
        app = AppTest.from_function(draw, args=(shell,), default_timeout=30).run()
        assert not app.exception
        return app

    return drawing


def draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.care import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


def read(store, actor, clock, *reads):
    care.note_reads(store, actor, reads, RULES, clock.now())


def metrics(app):
    return [(one.label, one.value) for one in app.metric]


def toggle(app, name):
    return next(one for one in app.toggle if one.label == name)


PARTS = {
    "en": ("A break", "What you have read", "What you would rather not read", "Your limits"),
    "vi": (
        "Nghỉ giải lao",
        "Những gì bạn đã đọc",
        "Những gì bạn không muốn đọc",
        "Giới hạn của bạn",
    ),
}


@pytest.mark.parametrize(("lang", "title"), [("en", "Care"), ("vi", "Chăm sóc")])
def test_page_has_its_four_parts_in_both_languages(show, actors, lang, title):
    """A reviewer sees what is their own, and no team."""
    app = show(actors.an, lang)

    assert [one.value for one in app.title] == [title]
    assert tuple(one.value for one in app.header) == PARTS[lang]
    assert not app.error


def test_page_shows_the_persons_own_record(show, store, actors, clock):
    """Posts, minutes and severe posts of today, with the sums of two weeks; nobody else's."""
    read(store, actors.an, clock, Read(5, 60.0))
    clock.advance(days=1)
    read(store, actors.an, clock, Read(4, 200.0), Read(1, 100.0))
    read(store, actors.binh, clock, Read(5, 300.0))
    app = show(actors.an, severe_a_day=9)

    assert metrics(app) == [
        ("Posts today", "2"),
        ("Minutes today", "5"),
        ("Severe posts today", "1"),
        ("Minutes since a break", "5"),
    ]
    said = [one.value for one in app.markdown]
    assert ":small[:gray[3 in the last 14 days]]" in said
    assert ":small[:gray[6 in the last 14 days]]" in said
    assert ":small[:gray[of 9 at most]]" in said
    assert ":small[:gray[the next one after 50]]" in said


def test_chart_has_its_numbers_in_words(show, store, actors, clock):
    """Whoever cannot see the bars hears the sums, and finds the numbers in a table."""
    read(store, actors.an, clock, Read(4, 300.0), Read(1, 120.0))
    app = show(actors.an)
    [items] = app.get("plotly_chart")
    app.segmented_control[0].set_value("minutes").run()
    [minutes] = app.get("plotly_chart")

    assert items.proto.alt == (
        "Posts read by day and severity, 11 Nov 2026 to 24 Nov 2026: Severity 5: 0, "
        "Severity 4: 1, Severity 3: 0, Severity 2: 0, Severity 1: 1"
    )
    assert minutes.proto.alt == (
        "Minutes of reading by day and severity, 11 Nov 2026 to 24 Nov 2026: Severity 5: 0, "
        "Severity 4: 5, Severity 3: 0, Severity 2: 0, Severity 1: 2"
    )
    assert app.dataframe[0].value.shape == (14, 6)


def test_page_without_a_record_says_so(show, actors):
    """Nothing to draw is no empty chart."""
    app = show(actors.an)

    assert app.get("plotly_chart") == []
    assert "You have decided on nothing in the last 14 days." in [one.value for one in app.markdown]


def test_button_begins_and_ends_a_break(show, store, actors, clock):
    """Claims go back at once; the same place ends the break."""
    [item_id] = put_items(store, 1)
    claims.claim_next(store, actors.an, now=clock.now())
    app = show(actors.an)
    app.button(key="evenhand-care-rest").click().run()

    assert item_row(store, item_id).state == "open"
    assert "Your break has begun" in app.success[0].value
    assert "24 Nov 2026, 12:10" in " ".join(one.value for one in app.markdown)
    app.button(key="evenhand-care-go-on").click().run()
    assert app.success[0].value == "Your break has ended."
    assert care.standing(store, actors.an, RULES, clock.now()).rest is None


def test_switch_opts_out_and_in_again(show, store, actors, clock):
    """One press, no question, no reason; the switch stands as it was set."""
    [item_id] = put_items(store, 1, label="hate")
    claims.claim_next(store, actors.an, now=clock.now())
    app = show(actors.an)
    assert toggle(app, "Hate speech").value
    toggle(app, "Hate speech").set_value(False).run()

    assert care.opt_outs(store, actors.an) == {"hate"}
    assert item_row(store, item_id).state == "open"
    assert "went back to the queue" in app.success[0].value
    assert not toggle(show(actors.an), "Hate speech").value
    assert toggle(show(actors.binh), "Hate speech").value
    toggle(app, "Hate speech").set_value(True).run()
    assert care.opt_outs(store, actors.an) == frozenset()


def test_page_offers_every_harm_and_calls_for_help(show, actors):
    """Ten switches for what may come, two for the limits."""
    names = [one.label for one in show(actors.an, "vi").toggle]

    assert len(names) == len(care.OFFERED) + 2 == 12
    assert names[5] == "Nguy cơ tự hại, tự tử"


def test_limits_are_saved_and_given_up_again(show, store, actors):
    """A number shows only where one is wanted."""
    app = show(actors.an)
    assert len(app.number_input) == 0
    toggle(app, "Choose when the break comes").set_value(True).run()
    toggle(app, "Limit severe posts").set_value(True).run()
    app.number_input[0].set_value(25)
    app.number_input[1].set_value(7)
    app.button(key="evenhand-care-save").click().run()

    assert care.own_limits(store, actors.an) == Limits(25, 7)
    assert app.success[0].value == "Your limits are saved."
    toggle(app, "Limit severe posts").set_value(False).run()
    app.button(key="evenhand-care-save").click().run()
    assert care.own_limits(store, actors.an) == Limits(25, None)


def test_limit_of_everybody_bounds_the_own_one(show, store, actors, clock):
    """An own limit from before that is above the new one of all is shown as what holds."""
    care.set_limits(store, actors.an, Limits(None, 40), clock.now())
    app = show(actors.an, severe_a_day=15)

    assert (app.number_input[0].value, app.number_input[0].max) == (15, 15)
    assert any("the limit is 15" in one.value for one in app.markdown)


def test_coordinator_sees_sums_of_three_people_and_no_fewer(show, store, actors, clock):
    """Last week's sums stand in words where they may be told."""
    third = Actor(actors.coordinator.id, "c", frozenset({Role.COORDINATOR}), "1")
    for actor in (actors.an, actors.binh, third):
        read(store, actor, clock, Read(2, 300.0))
    read(store, actors.an, clock, Read(5, 120.0))
    clock.at += timedelta(days=7)
    app = show(actors.coordinator)

    assert app.header[-1].value == "The team together"
    [table] = [one.value for one in app.table]
    few = "too few people"
    assert table.set_index("Week").to_dict() == {
        "from 23 Nov 2026": {
            "People": "3",
            "Hours": "0.3",
            "Posts": "4",
            "Severe posts": few,
            "Milder posts": few,
        },
        "from 16 Nov 2026": dict.fromkeys(
            ("People", "Hours", "Posts", "Severe posts", "Milder posts"), few
        ),
    }


@pytest.mark.parametrize("who", ["leader", "analyst", "admin"])
def test_page_tells_other_roles_whom_to_ask(show, actors, who):
    """Whoever comes here by address finds nothing of anybody."""
    app = show(getattr(actors, who))

    assert "reviewer" in app.error[0].value
    assert len(app.toggle) == 0
