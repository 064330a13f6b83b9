"""A report that was made before stays as it was, whatever its items and tags become later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from evenhand.dashboard.jobs.reports import Wanted, make
from evenhand.dashboard.jobs.reports_files import files
from evenhand.data import tables
from evenhand.data.errors import InputError
from evenhand.data.records import Outcome, Text
from evenhand.data.settings import QualitySettings, Settings
from evenhand.data.store import rescoring
from evenhand.data.store.arrivals import Stored
from tests.conftest import NOON
from tests.fakes import FakeTagger
from tests.reading_floor import read
from tests.review_floor import put_item

DAY = date(2026, 11, 24)
LATER = NOON + timedelta(days=2)
ONCE = QualitySettings(double_share=0)


@pytest.fixture
def made(store, actors, tmp_path):
    """Give the bytes of the report of the floor's day, page of HTML left out."""

    def make_it(wanted=None, now=LATER):
        settings = Settings(workspace=tmp_path)
        report = make(store, actors.leader, settings, wanted or Wanted(DAY, DAY), now)
        return {name: text for name, text in files(report, "en") if name != "report.html"}

    return make_it


def test_readers_are_counted_by_the_language_of_then(store, actors, clock, made):
    """An item of three readers' language moves to another one the day after, when its post does."""
    with store.write() as conn:
        items = [put_item(conn, label="hate", priority=9.0 - n) for n in range(3)]
    for actor in (actors.an, actors.binh, actors.coordinator):
        read(store, actor, clock, Outcome.NO_HARM, quality=ONCE)
    before = made()
    placed = {"queue": "harm", "lang": "en", "label": "hate"}
    with store.write() as conn:
        for one in items:
            which = tables.item.c.id == int(one.id)
            conn.execute(update(tables.item).where(which).values(lang="en"))
            event = {"item_id": int(one.id), "at": LATER, "kind": "moved", "data": placed}
            conn.execute(insert(tables.item_event).values(**event))

    assert b"vi,3,3" in before["langs.csv"]
    assert before == made(now=LATER + timedelta(days=1))


def test_model_on_trial_does_not_tag_a_window_before_its_promotion(store, made):
    """It tagged in the shadow on the day, and its tags count from the re-scoring on."""
    with store.write() as conn:
        one = put_item(conn)
        at = Stored(int(one.post_id), 1)
        said = FakeTagger(model="m2").tag([Text("1", "scam", "vi")])[0]
        rescoring.put_tags(conn, [(at, said)], shadow=True, now=NOON)
    before = made()
    with store.write() as conn:
        rescoring.put_tags(conn, [(at, said)], shadow=False, now=LATER)

    assert before == made(now=LATER + timedelta(days=1))


@pytest.mark.parametrize(
    "wanted",
    [Wanted(DAY, date.max), Wanted(DAY, DAY, as_of=10**30)],
    ids=["last day there is", "entry that no ledger has"],
)
def test_what_no_store_holds_is_refused_with_a_reason(wanted, made):
    """Not by an error of the calendar or of the database."""
    with pytest.raises(InputError, match=r"is not over|does not exist"):
        made(wanted)
