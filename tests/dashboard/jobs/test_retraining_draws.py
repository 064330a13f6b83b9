"""The learning draw: a coordinator asks, the worker draws, and the weekly budget falls."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update

from evenhand.dashboard.jobs import claims, retraining, tasks
from evenhand.dashboard.jobs.access import operator
from evenhand.dashboard.jobs.retraining_drawing import run_task
from evenhand.dashboard.jobs.retraining_draws import budget, draw_learning
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed
from evenhand.data.store.tasks import TaskState
from tests.review_floor import NOON, put_item, put_post, put_source

PLACES = ("chợ", "cầu", "trường", "bến xe", "phường", "sân vận động", "nhà ga", "công viên")
NEWS = ("mất điện", "nước lên", "mở cửa lại", "kẹt xe", "có thuốc", "phát gạo", "sửa đường", "đông")


def put(store, count, **changes):
    """Put unflagged posts of different words and scores; give their keys."""
    texts = [f"{place} sáng nay {news}" for place in PLACES for news in NEWS][:count]
    with store.write() as conn:
        ids = [put_post(conn, text, flagged=False, **changes) for text in texts]
        rows = [
            {
                "post_id": post_id,
                "version": 1,
                "model": "m1",
                "lang": "vi",
                "topics": {},
                "harms": {"spam": [round(0.03 + at / 100, 2), "nothing"]},
                "requests": {},
                "tagged_at": NOON,
            }
            for at, post_id in enumerate(ids)
        ]
        conn.execute(insert(tables.tag), rows)
    return ids


def draw(store, actors, n):
    task_id = draw_learning(store, actors.coordinator, n, NOON)
    run_task(store, tasks.next_task(store, NOON), lambda: NOON)
    return retraining.task_of(store, actors.coordinator, "learning_draw"), task_id


def rows(store, table):
    with store.read() as conn:
        return conn.execute(select(table)).all()


def test_draw_appears_in_the_queue_and_the_budget_falls(store, actors):
    """Its items are blind, and a reviewer claims them like any other."""
    ids = put(store, 60)
    before = budget(store, actors.coordinator, NOON)
    task, task_id = draw(store, actors, 12)
    after = budget(store, actors.analyst, NOON)
    items = claims.claim_next(store, actors.an, now=NOON, count=50)
    found = rows(store, tables.draw)

    assert (TaskState.DONE, task_id) == (task.state, task.id)
    assert "12 posts were drawn into the queue" == task.message
    assert (500, 488) == (before.left, after.left)
    assert 12 == len(items) == len(found)
    assert {"uncertain", "diverse", "random"} == {one.reason for one in found}
    assert {3} == {one.drawn_by for one in found}
    assert {int(one.post_id) for one in items} == {one.post_id for one in found} <= set(ids)
    assert {False} == {one.flagged for one in rows(store, tables.post)}
    assert not any("audit" in one.why or "learning" in one.why for one in items)
    chances = {one.probability for one in found if one.reason == "random"}
    assert all(0 < one < 1 for one in chances)
    assert {None} == {one.probability for one in found if one.reason != "random"}


@pytest.mark.parametrize("n", [0, -1, 501, 10_000])
def test_draw_beyond_the_budget_is_refused(store, actors, n):
    """Nothing is asked of the worker."""
    with pytest.raises(InputError, match="500 of this week's 500 are left"):
        draw_learning(store, actors.coordinator, n, NOON)
    assert retraining.task_of(store, actors.coordinator, "learning_draw") is None


def test_draw_is_refused_when_the_budget_was_spent_while_the_task_waited(store, actors):
    """An audit was faster; nothing is drawn, and the sentence says so."""
    (filler,) = put(store, 1)
    put(store, 5)
    draw_learning(store, actors.coordinator, 3, NOON)
    with store.write() as conn:
        for at in range(499):
            row = {"post_id": filler, "week": "2026-W48", "kind": f"k{at}", "reason": "random"}
            conn.execute(insert(tables.draw).values(**row, drawn_at=NOON))
    run_task(store, tasks.next_task(store, NOON), lambda: NOON)
    task = retraining.task_of(store, actors.coordinator, "learning_draw")

    assert (TaskState.FAILED, True) == (task.state, "this week" in task.message)
    assert [] == rows(store, tables.item)


def test_second_draw_waits_for_the_first(store, actors):
    """A second click draws nothing twice."""
    draw_learning(store, actors.coordinator, 3, NOON)
    with pytest.raises(InputError, match="asked for already"):
        draw_learning(store, actors.coordinator, 3, NOON)


@pytest.mark.parametrize("who", ["an", "leader", "analyst", "admin"])
def test_only_coordinators_draw(store, actors, who):
    """Whoever sends people work answers for it; the terminal is nobody."""
    with pytest.raises(NotAllowed):
        draw_learning(store, getattr(actors, who), 3, NOON)
    with pytest.raises(NotAllowed):
        draw_learning(store, operator(), 3, NOON)


def test_draw_takes_neither_flagged_posts_nor_such_as_may_not_train(store, actors):
    """With nothing else there, the task says what to do."""
    with store.write() as conn:
        put_item(conn)
    put(store, 5, may_train=False)
    task, _ = draw(store, actors, 3)

    assert (TaskState.FAILED, True) == (task.state, "no unflagged post" in task.message)
    with store.write() as conn:
        conn.execute(update(tables.source).values(may_train=False))
    put(store, 5)
    assert TaskState.FAILED == draw(store, actors, 3)[0].state
    assert 1 == len(rows(store, tables.item))


def test_draw_of_more_than_there_are_takes_all(store, actors):
    """And says how many those were."""
    with store.write() as conn:
        put_source(conn)
    put(store, 4)

    assert "4 posts were drawn into the queue" == draw(store, actors, 100)[0].message


def test_draw_that_lost_its_worker_after_the_write_draws_no_more(store, actors, clock):
    """The task is taken up again, and its budget was spent once."""
    put(store, 30)
    draw_learning(store, actors.coordinator, 6, NOON)
    task = tasks.next_task(store, NOON)
    run_task(store, task, lambda: NOON)
    with store.write() as conn:
        row = {"state": "running", "ended_at": None}
        conn.execute(update(tables.task).values(**row))
    again = tasks.next_task(store, clock.advance(minutes=6))
    run_task(store, again, clock.now)

    assert 6 == len(rows(store, tables.draw)) == len(rows(store, tables.item))
    found = retraining.task_of(store, actors.coordinator, "learning_draw")
    assert "6 posts were drawn into the queue" == found.message
