"""Reports from the browser: asked for, made by the worker, listed and taken away."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest

from evenhand.dashboard import worker
from evenhand.dashboard.jobs import reports_asked, reports_files, tasks
from evenhand.dashboard.jobs.reports import Wanted
from evenhand.dashboard.jobs.reports_asked import (
    Made,
    as_html,
    as_zip,
    ask,
    finished,
    last_month,
    last_weeks,
    run_task,
)
from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.settings import load_settings
from evenhand.data.store import ledger
from tests.conftest import NOON

DAY = date(2026, 11, 24)
LATER = NOON + timedelta(days=2)
NAME = "2026-11-24_2026-11-24_vi"


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "evenhand.toml").write_text('organisation = "Tổ trực"\n', "utf-8")
    return load_settings(tmp_path)


def work(store, settings):
    """Do the task that waits, as the worker does; give how it ended."""
    task = tasks.next_task(store, LATER)
    run_task(store, settings, task, lambda: LATER)


def test_report_that_is_asked_for_is_made_listed_and_packed(store, actors, settings):
    """Twice the same archive; a second language is a second report."""
    assert [] == finished(settings, actors.leader)
    for lang in ("vi", "en", "vi"):
        ask(store, actors.leader, Wanted(DAY, DAY), lang, LATER)
        work(store, settings)
    ended = tasks.latest(store, actors.leader, "report")
    packed = as_zip(settings, actors.leader, NAME)

    assert ("done", NAME) == (ended.state.value, ended.message)
    assert [NAME, "2026-11-24_2026-11-24_en"] == [
        one.name for one in finished(settings, actors.leader)
    ]
    folder = settings.workspace / "reports" / NAME
    os.utime(folder / reports_files.LAST, (LATER.timestamp(), LATER.timestamp()))
    assert Made(NAME, Wanted(DAY, DAY), "vi", 0, LATER) == finished(settings, actors.leader)[0]
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert f"{NAME}/report.html" in archive.namelist()
        assert "Báo cáo minh bạch" in archive.read(f"{NAME}/report.md").decode()
        html = archive.read(f"{NAME}/report.html")
    assert html == as_html(settings, actors.leader, NAME)
    assert packed == as_zip(settings, actors.leader, NAME)


def test_entry_of_the_ledger_stands_in_the_name(store, actors, settings):
    """So that a later look does not replace the first one."""
    with store.write() as conn:
        ledger.append(conn, at=LATER, actor="0", action="x", subject="y", data={})
    wanted = Wanted(DAY, DAY, as_of=1)
    ask(store, actors.coordinator, wanted, "en", LATER)
    work(store, settings)
    [made] = finished(settings, actors.analyst)

    assert ("2026-11-24_2026-11-24_en_entry-1", wanted) == (made.name, made.wanted)
    assert 1 == made.entry


def test_list_of_reports_reads_no_large_file(store, actors, settings):
    """A report of a large team has a JSON of a hundred megabytes, and the page lists many."""
    with store.write() as conn:
        ledger.append(conn, at=LATER, actor="0", action="x", subject="y", data={})
    ask(store, actors.coordinator, Wanted(DAY, DAY, as_of=1), "en", LATER)
    work(store, settings)
    folder = settings.workspace / "reports" / "2026-11-24_2026-11-24_en_entry-1"
    for name in (reports_files.JSON, reports_files.HTML):
        (folder / name).write_text("not read", "utf-8")

    assert [1] == [one.entry for one in finished(settings, actors.analyst)]


def test_report_that_cannot_be_made_says_why(store, actors, settings):
    """The window is not over."""
    ask(store, actors.leader, Wanted(DAY, LATER.date()), "en", LATER)
    work(store, settings)
    ended = tasks.latest(store, actors.leader, "report")

    assert "failed" == ended.state.value
    assert "is not over" in ended.message
    assert [] == finished(settings, actors.leader)


def test_report_that_is_being_written_is_not_listed(store, actors, settings):
    """Its files come one after the other; whoever takes them away wants all of them."""
    ask(store, actors.leader, Wanted(DAY, DAY), "vi", LATER)
    work(store, settings)
    (settings.workspace / "reports" / NAME / reports_files.LAST).unlink()

    assert [] == finished(settings, actors.leader)
    with pytest.raises(NotFound):
        as_html(settings, actors.leader, NAME)


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        (NOON, date(2026, 10, 1), date(2026, 10, 31)),
        (datetime(2028, 3, 1, tzinfo=UTC), date(2028, 2, 1), date(2028, 2, 29)),
        (datetime(2027, 1, 31, 23, 59, tzinfo=UTC), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_last_month_is_the_one_that_ended_last(now, first, last):
    """Also on its first day, after a leap day and in January."""
    assert Wanted(first, last) == last_month(now)


def test_last_weeks_are_28_days_that_are_over():
    """On 24 November: 27 October to 23 November, which are 5 and 23 days."""
    assert Wanted(date(2026, 10, 27), date(2026, 11, 23)) == last_weeks(NOON)


def test_only_reports_are_listed_and_given(actors, settings):
    """Neither other folders nor what lies beside them, whatever the name says."""
    place = settings.workspace / reports_asked.FOLDER
    for name in ("notes", "2026-13-24_2026-11-24_vi", "2026-11-24_2026-11-24_fr"):
        (place / name).mkdir(parents=True)
        (place / name / reports_files.LAST).touch()
    (place / NAME).write_text("", "utf-8")

    assert [] == finished(settings, actors.admin)
    for name in ("notes", "..", NAME, f"{NAME}/../../evenhand.toml"):
        with pytest.raises(NotFound):
            as_zip(settings, actors.admin, name)
        with pytest.raises(NotFound):
            as_html(settings, actors.admin, name)


def test_reports_are_not_for_reviewers(store, actors, settings):
    """Neither to ask for nor to see."""
    with pytest.raises(NotAllowed):
        ask(store, actors.an, Wanted(DAY, DAY), "en", LATER)
    with pytest.raises(NotAllowed):
        finished(settings, actors.an)
    with pytest.raises(NotAllowed):
        as_html(settings, actors.an, NAME)
    with pytest.raises(InputError, match="in en or vi, not in 'fr'"):
        ask(store, actors.leader, Wanted(DAY, DAY), "fr", LATER)


def test_worker_knows_the_task():
    """And does not send whoever asked to the terminal."""
    assert tasks.TaskKind.REPORT in worker.TASKS
