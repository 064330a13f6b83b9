"""Re-scoring after a promotion: what is held is tagged again, and can be taken up midway."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, update

from evenhand.dashboard.jobs import retraining, tasks
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.dashboard.jobs.retraining_rescore import rescore
from evenhand.data import tables
from evenhand.data.records import Page, SourceSpec, Upsert
from evenhand.data.store import models, sources
from evenhand.data.store import tasks as task_store
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.store.models import Model, ModelState
from evenhand.data.store.tasks import TaskState
from tests.fakes import FakeTagger
from tests.review_floor import NOON, rolled_up

VERSION = "team@1"
# The new model knows one word more than the old one.
WORDS = {"scam": "scam_fraud", "cheat": "scam_fraud"}


class Newer(FakeTagger):
    """The promoted model; *after* is called with the number of batches before each."""

    def __init__(self, model=VERSION, before=lambda _number: None):
        super().__init__(keywords=WORDS, model=model)
        self.before = before

    def tag(self, texts):
        """Tag each text by its words."""
        self.before(len(self.calls))
        return super().tag(texts)


@pytest.fixture
def floor(store, actors, make_post):
    """Posts that the old model has tagged, and the new one active with its task waiting."""
    with store.write() as conn:
        models.register(conn, Model(VERSION, ModelState.ACTIVE, "team-1", "h", {}, NOON))
        source_id = sources.propose(conn, SourceSpec("nguồn", "file"), person_id=None, now=NOON).id

    def put(*texts):
        events = tuple(Upsert(make_post(content=text)) for text in texts)
        page = Page(events, {"at": 1})
        ingest_page(store, source_id=source_id, page=page, tagger=FakeTagger(), now=NOON)

    def ask():
        with store.write() as conn:
            return task_store.ask(
                conn, "rescore", {"version": VERSION}, person_id=actors.admin.id, now=NOON
            )

    def take():
        return tasks.next_task(store, NOON)

    return SimpleNamespace(store=store, put=put, ask=ask, take=take, actors=actors)


def run(floor, tagger=None, **more):
    rescore(floor.store, tagger or Newer(), floor.take(), clock=lambda: NOON, **more)
    return retraining.task_of(floor.store, floor.actors.analyst, "rescore")


def count(floor, table, *where):
    with floor.store.read() as conn:
        return conn.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def test_new_findings_become_items_and_nothing_is_unflagged(floor):
    """What the old model flagged stays, also where the new one would not have."""
    floor.put("a scam", "they cheat us", "harass", "sunny")
    assert 2 == count(floor, tables.item)
    floor.ask()
    task = run(floor)
    reports = retraining.reports(floor.store, floor.actors.analyst, VERSION)
    kept, anew = rolled_up(floor.store)

    assert (TaskState.DONE, True) == (task.state, task.message.startswith("4 posts were tagged"))
    assert {"posts": 4, "new_items": 1} == reports[ReportKind.RESCORE].data
    assert 3 == count(floor, tables.item) == count(floor, tables.post, tables.post.c.flagged)
    assert 4 == count(floor, tables.tag, tables.tag.c.model == VERSION)
    assert 4 == count(floor, tables.tag, tables.tag.c.model == "fake-1")
    assert kept == anew


def test_run_that_is_killed_midway_is_taken_up_where_it_was(floor, clock):
    """No post is read twice, no item made twice: the end is the same as of one run."""
    floor.put(*(f"cheat {at}" for at in range(5)))
    floor.ask()

    def die(number):
        if number == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(floor, Newer(before=die), at_once=2)
    assert (2, 2) == (count(floor, tables.item), count(floor, tables.tag) - 5)
    again = Newer()
    task = tasks.next_task(floor.store, clock.advance(minutes=6))
    rescore(floor.store, again, task, clock=clock.now, at_once=2)
    task = retraining.task_of(floor.store, floor.actors.analyst, "rescore")

    assert [2, 1] == [len(ids) for ids in again.calls]
    assert "5 posts were tagged again, 5 of them are new in the queue" == task.message
    assert (5, 10) == (count(floor, tables.item), count(floor, tables.tag))


def test_worker_that_is_stopped_gives_the_task_back(floor):
    """The next one goes on."""
    floor.put("cheat")
    floor.ask()

    assert TaskState.ASKED == run(floor, stopped=lambda: True).state
    assert "1 of them are new" in run(floor).message


def test_rescoring_ends_when_another_model_is_active(floor):
    """A rollback comes first; what was found until then stays."""
    floor.put("cheat")
    floor.ask()
    with floor.store.write() as conn:
        models.register(conn, Model("team@2", ModelState.ACTIVE, "team-2", "h", {}, NOON))
    task = run(floor)

    assert (TaskState.FAILED, True) == (task.state, "team@2 is active by now" in task.message)
    assert 0 == count(floor, tables.item)


def test_rescoring_ends_when_the_model_could_not_be_loaded(floor):
    """The worker serves the last good one, and must not put its tags under another's name."""
    floor.put("cheat")
    floor.ask()
    task = run(floor, Newer(model="builtin@9"))

    assert (TaskState.FAILED, True) == (task.state, "could not be loaded" in task.message)
    assert 1 == count(floor, tables.tag)


def test_model_with_other_word_lists_is_the_same_model(floor):
    """Its name says so behind a plus."""
    floor.put("cheat")
    floor.ask()

    assert TaskState.DONE == run(floor, Newer(model=f"{VERSION}+abc123")).state


def test_posts_that_come_in_meanwhile_are_left_to_ingest(floor):
    """They were tagged by the new model already."""
    floor.put("cheat")
    floor.ask()

    def arrive(number):
        if number == 0:
            floor.put("sunny")

    assert "1 posts were tagged again" in run(floor, Newer(before=arrive)).message


def test_erased_texts_are_passed_over(floor):
    """Nothing is left of them to read."""
    floor.put("cheat", "cheat more")
    with floor.store.write() as conn:
        conn.execute(update(tables.post).values(text_erased_at=NOON).where(tables.post.c.id == 1))
        gone = tables.post_version.c.post_id == 1
        conn.execute(update(tables.post_version).values(content=None).where(gone))
    floor.ask()

    assert "1 posts were tagged again" in run(floor).message


def test_empty_store_is_done_at_once(floor):
    """A promotion in a new workspace costs nothing."""
    floor.ask()

    assert TaskState.DONE == run(floor).state
