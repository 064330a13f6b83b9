"""Reports about models: added, never changed; the newest of a kind counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from evenhand.data.store import model_reports, models
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.models import Model, ModelState

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def shelf(store):
    with store.write() as conn:
        for version in ("a@1", "b@1"):
            models.register(
                conn, Model(version, ModelState.CANDIDATE, version, "h", {"nhãn": 1}, NOW)
            )
    return store


def put(store, version, kind, data, *, at=NOW):
    with store.write() as conn:
        model_reports.put(conn, version, kind, data, at)


def test_newest_report_of_each_kind_is_read(shelf):
    """Of this model alone; the older ones stay."""
    put(shelf, "a@1", ReportKind.BACKTEST, {"passed": False})
    put(shelf, "a@1", ReportKind.BACKTEST, {"passed": True}, at=NOW + timedelta(days=1))
    put(shelf, "a@1", ReportKind.NEUTRALITY, {"nhãn": "ổn"})
    put(shelf, "b@1", ReportKind.BACKTEST, {"passed": False})
    with shelf.read() as conn:
        found = model_reports.newest(conn, "a@1")
        history = model_reports.history(conn, "a@1", ReportKind.BACKTEST, at_most=9)
        last = model_reports.history(conn, "a@1", ReportKind.BACKTEST, at_most=1)

    assert {ReportKind.BACKTEST, ReportKind.NEUTRALITY} == set(found)
    assert ({"passed": True}, NOW + timedelta(days=1)) == (
        found[ReportKind.BACKTEST].data,
        found[ReportKind.BACKTEST].made_at,
    )
    assert {"nhãn": "ổn"} == found[ReportKind.NEUTRALITY].data
    assert [True, False] == [one.data["passed"] for one in history]
    assert history[:1] == last


def test_running_sums_stay_one_row(shelf):
    """A trial counts on; the row of another kind is left alone."""
    put(shelf, "a@1", ReportKind.BACKTEST, {"passed": True})
    for posts in (10, 20):
        with shelf.write() as conn:
            model_reports.keep_running(conn, "a@1", ReportKind.SHADOW, {"posts": posts}, NOW)
    with shelf.read() as conn:
        found = model_reports.history(conn, "a@1", ReportKind.SHADOW, at_most=9)

    assert [{"posts": 20}] == [one.data for one in found]


def test_report_about_no_model_is_refused(store):
    """The engine holds it."""
    with pytest.raises(IntegrityError):
        put(store, "x@1", ReportKind.DRIFT, {})
