"""The waiting list by keyset, reservations for answering, and the response log."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import func, select, text

from evenhand.data import tables
from evenhand.data.errors import AlreadyDecided, ClaimLost, InputError, NotFound
from evenhand.data.records import Response, ResponseKind
from evenhand.data.store import requests
from evenhand.data.store.requests import Page
from tests.review_floor import item_row, put_items, replay, standing

LEASE = timedelta(minutes=10)


def decided_items(store, count, now):
    """Put items in that wait for an answer, decided one minute after the other."""
    ids = put_items(store, count, queue="request", label="question")
    with store.write() as conn:
        for number, item_id in enumerate(ids):
            conn.execute(
                tables.item.update()
                .where(tables.item.c.id == int(item_id))
                .values(
                    state="decided",
                    needs_answer=True,
                    # Two share each moment, so that the order needs the id too.
                    decided_at=now + timedelta(minutes=number // 2),
                ),
            )
    return ids


def walk(store, now, **changes):
    seen, before = [], None
    with store.read() as conn:
        while found := requests.waiting(conn, Page(3, before=before, **changes), now):
            seen += [one.item_id for one in found]
            before = found[-1].key
            assert len(seen) <= 20, "the pages do not end"
    return seen


def response(item_id, uuid="u1", **changes):
    fields = {
        "uuid": uuid,
        "item_id": item_id,
        "kind": ResponseKind.PUBLIC_REPLY,
        "channel": "reddit",
        "text": "Xin chào",
        "language": "vi",
        "account": "u/danang_helpdesk",
        "given_at": None,
    }
    return Response(**(fields | changes))


@pytest.mark.usefixtures("actors")
def test_waiting_walks_every_item_once_newest_first_or_most_urgent_first(store, clock):
    """Pages meet without gap or overlap, also where moments are shared."""
    ids = decided_items(store, 8, clock.now())

    assert walk(store, clock.now()) == ids[::-1]
    assert walk(store, clock.now(), urgent=True) == ids
    assert walk(store, clock.now(), team_id="1") == ids[::-1]


@pytest.mark.parametrize(
    ("before", "urgent"),
    [
        *product(["", "x", "1", "1_x", "nan_1", "1e999_1", "1_" + "9" * 99], [False, True]),
        # No time is so far away, but a priority may be as high as it likes.
        ("9" * 99 + "_1", False),
    ],
)
def test_waiting_refuses_a_made_up_place(store, clock, before, urgent):
    """A key that no page gave is said so."""
    page = Page(3, urgent=urgent, before=before)
    with store.read() as conn, pytest.raises(InputError, match="start from its beginning"):
        requests.waiting(conn, page, clock.now())


@pytest.mark.new_database
def test_waiting_reads_the_partial_index(store):
    """The list costs the same however many items were ever decided."""
    with store.read() as conn:
        if not store.is_sqlite:
            conn.execute(text("SET LOCAL enable_seqscan = off"))
        query = (
            select(tables.item.c.id)
            .where(requests.UNANSWERED)
            .order_by(tables.item.c.decided_at.desc(), tables.item.c.id.desc())
            .limit(3)
        )
        explain = "EXPLAIN QUERY PLAN" if store.is_sqlite else "EXPLAIN"
        compiled = query.compile(conn, compile_kwargs={"literal_binds": True})
        plan = str(conn.exec_driver_sql(f"{explain} {compiled}").all())

    assert "ix_item_unanswered" in plan


@pytest.mark.usefixtures("actors")
def test_take_is_given_to_one_of_eight(store, clock):
    """Two people never prepare an answer to the same question."""
    [item_id] = decided_items(store, 1, clock.now())
    until = clock.now() + LEASE

    def work(number):
        try:
            with store.write() as conn:
                person_id = str(number % 6 + 1)
                requests.take(conn, person_id, item_id, now=clock.now(), until=until)
        except ClaimLost:
            return None
        return person_id

    with ThreadPoolExecutor(6) as pool:
        got = [one for one in pool.map(work, range(6)) if one]

    assert len(got) == 1
    assert item_row(store, item_id).claimed_by == int(got[0])


def test_one_response_of_eight_is_logged(store, clock, actors):
    """The first answer counts; the others are told so."""
    [item_id] = decided_items(store, 1, clock.now())

    def work(number):
        new = response(item_id, f"u{number}", given_at=clock.now())
        try:
            with store.write() as conn:
                requests.put(conn, actors.an, new, now=clock.now(), follow_up=False)
        except AlreadyDecided:
            return "refused"
        return "logged"

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(work, range(8)))

    assert done.count("logged") == 1
    with store.read() as conn:
        logged = conn.execute(select(func.count()).select_from(tables.response)).scalar_one()

    assert logged == 1


@pytest.mark.parametrize("item_id", ["999", "x"])
@pytest.mark.usefixtures("actors")
def test_item_that_is_not_there_cannot_be_taken(store, clock, item_id):
    """A made-up id is not found."""
    with store.write() as conn, pytest.raises(NotFound):
        requests.take(conn, "1", item_id, now=clock.now(), until=clock.now() + LEASE)


@pytest.mark.usefixtures("actors")
def test_open_item_cannot_be_taken_for_answering(store, clock):
    """It is decided on first; the logs still tell the rows."""
    [item_id] = put_items(store, 1)
    with store.write() as conn, pytest.raises(InputError, match="decide on it first"):
        requests.take(conn, "1", item_id, now=clock.now(), until=clock.now() + LEASE)

    assert standing(store) == replay(store)
