"""The reports page: days are chosen, the worker is asked, and what it made is taken away."""

from __future__ import annotations

import os
from datetime import UTC, date

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import reports_asked, reports_files, tasks
from evenhand.dashboard.jobs.reports import Wanted
from evenhand.dashboard.shell import Shell
from evenhand.data.settings import load_settings
from tests.conftest import NOON

MONTH = {"from": "2026-10-01", "to": "2026-10-31", "as_of": None, "lang": "en"}
DAYS = Wanted(date(2026, 10, 1), date(2026, 10, 2))


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "evenhand.toml").write_text('organisation = "Tổ trực"\n', "utf-8")
    return load_settings(tmp_path)


@pytest.fixture
def show(store, clock, settings):
    """Draw the page for an actor."""

    def draw(actor, lang="en"):
        shell = Shell(store, settings, actor, lang, clock.now, UTC)
        app = AppTest.from_function(_draw, args=(shell,), default_timeout=60).run()
        assert not app.exception
        return app

    return draw


def _draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.reports import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


def work(store, settings, now=NOON):
    """Do the task that waits, as the worker does."""
    reports_asked.run_task(store, settings, tasks.next_task(store, now), lambda: now)


def texts(app):
    drawn = (*app.text, *app.markdown, *app.info, *app.success, *app.warning, *app.error)
    return [one.value for one in drawn]


def says(app, part):
    return any(part in one for one in texts(app))


def choose(app, key, value):
    app.segmented_control(key=key).set_value(value).run()
    assert not app.exception
    return app


def press(app):
    app.button(key="evenhand-reports-ask").click().run()
    assert not app.exception
    return app


def taken(app):
    return [one.proto.label for one in app.get("download_button")]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            (
                "None yet. Choose days above and ask for the first one",
                "1 Oct 2026 to 31 Oct 2026 (UTC). It is read as things stood",
                "`evenhand report` makes the same",
            ),
        ),
        (
            "vi",
            (
                "Chưa có báo cáo nào. Hãy chọn ngày ở trên",
                "1/10/2026 đến 31/10/2026 (UTC). Báo cáo theo tình trạng",
                "`evenhand report` tạo cùng báo cáo này",
            ),
        ),
    ],
)
def test_empty_page_says_what_to_do(show, actors, lang, said):
    """In both languages, with last month ready to be asked for."""
    app = show(actors.leader, lang)

    assert [True] * 3 == [says(app, part) for part in said]
    assert [] == taken(app)
    assert not app.button(key="evenhand-reports-ask").disabled


def test_report_is_asked_for_followed_and_listed(show, store, settings, actors, clock):
    """One at a time; when the worker has made it, the page says so and gives both files."""
    app = press(show(actors.leader))
    asked = tasks.latest(store, actors.leader, "report")
    assert ("asked", MONTH) == (asked.state.value, dict(asked.args))
    assert says(app, "Waits for the worker")
    button = app.button(key="evenhand-reports-ask")
    # In the letters of a filled button it could not be read while it is shut.
    assert (True, "Ask for the report") == (button.disabled, button.label)
    work(store, settings)
    [made] = reports_asked.finished(settings, actors.leader)
    last = settings.workspace / "reports" / made.name / reports_files.LAST
    os.utime(last, (NOON.timestamp(), NOON.timestamp()))
    clock.advance(hours=2)
    app.run()

    assert says(app, "The report is ready below.")
    assert says(app, "**1 Oct 2026 to 31 Oct 2026 (UTC)** · English")
    assert says(app, "Made 24 Nov 2026, 12:00 (2 hours ago), as of entry 0 of the ledger")
    assert ["The page (HTML)", "All files (ZIP)"] == taken(app)
    assert not app.button(key="evenhand-reports-ask").disabled
    assert not says(app.run(), "The report is ready below.")


def test_weeks_and_language_are_chosen(show, store, actors):
    """The last 28 whole days before 24 November, in Vietnamese, from an English page."""
    app = choose(show(actors.analyst), "evenhand-reports-days", "weeks")
    press(choose(app, "evenhand-reports-language", "vi"))

    said = dict(tasks.latest(store, actors.analyst, "report").args)
    assert {"from": "2026-10-27", "to": "2026-11-23", "as_of": None, "lang": "vi"} == said


@pytest.mark.parametrize(
    ("lang", "field", "day", "said"),
    [
        ("en", "to", date(2026, 11, 24), "24 Nov 2026 is not over (UTC), so its figures still"),
        ("en", "from", date(2026, 11, 24), "These days end on 23 Nov 2026, before they begin on"),
        ("vi", "to", date(2026, 12, 1), "Ngày 1/12/2026 chưa hết (UTC) nên số liệu còn đổi."),
        ("vi", "from", date(2027, 1, 1), "Ngày kết thúc 23/11/2026 lại trước ngày bắt đầu"),
    ],
)
def test_days_that_no_report_can_be_of_are_refused(show, store, actors, lang, field, day, said):  # noqa: PLR0913, PLR0917 - fixtures and cases
    """With a sentence, before the worker is asked."""
    app = choose(show(actors.coordinator, lang), "evenhand-reports-days", "own")
    app.date_input(key=f"evenhand-reports-{field}").set_value(day).run()

    assert [one.value.startswith(said) for one in app.error] == [True]
    assert app.button(key="evenhand-reports-ask").disabled
    assert tasks.latest(store, actors.coordinator, "report") is None


def test_other_days_are_asked_for(show, store, actors):
    """Any window that is over."""
    app = choose(show(actors.admin), "evenhand-reports-days", "own")
    app.date_input(key="evenhand-reports-from").set_value(DAYS.first).run()
    app.date_input(key="evenhand-reports-to").set_value(DAYS.last).run()
    press(app)

    said = dict(tasks.latest(store, actors.admin, "report").args)
    assert {"from": "2026-10-01", "to": "2026-10-02", "as_of": None, "lang": "en"} == said


def test_report_that_cannot_be_made_says_why(show, store, settings, actors):
    """The worker could not write: what it says stands on the page."""
    (settings.workspace / "reports").write_text("", "utf-8")
    reports_asked.ask(store, actors.leader, DAYS, "en", NOON)
    task = tasks.next_task(store, NOON)
    assert says(show(actors.leader), "The worker is making it.")
    reports_asked.run_task(store, settings, task, lambda: NOON)
    app = show(actors.leader)

    assert says(app, "The report that was asked for last could not be made")
    assert says(app, "cannot be written")


def test_many_reports_are_leafed_through(show, store, settings, actors):
    """Thirteen at once, the last window first."""
    reports_asked.ask(store, actors.leader, Wanted(DAYS.first, DAYS.first), "en", NOON)
    work(store, settings)
    place = settings.workspace / "reports"
    for day in range(2, 15):
        folder = place / f"2026-10-{day:02}_2026-10-{day:02}_en"
        folder.mkdir()
        for name in (reports_files.LEDGER, reports_files.LAST):
            (folder / name).write_bytes((place / "2026-10-01_2026-10-01_en" / name).read_bytes())
    app = show(actors.leader)

    days = [one for one in texts(app) if one.endswith("· English")]
    assert 13 == len(days)
    assert days[0].startswith("**14 Oct 2026")


def test_page_is_not_for_reviewers(show, actors):
    """Whoever types the address is told which role may."""
    app = show(actors.an)

    assert says(app, "Your roles do not permit this.")
    assert not app.button
