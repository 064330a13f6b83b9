"""The response log by keyset, per item and newest first, and only for the team whose item it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evenhand.data import tables
from evenhand.data.errors import InputError, NotFound
from evenhand.data.records import Response, ResponseKind
from evenhand.data.store import drafts, requests, responses
from tests.review_floor import put_items


def answered_items(store, actors, count, now):
    ids = put_items(store, count, queue="request", label="question")
    with store.write() as conn:
        conn.execute(
            tables.item.update().values(state="decided", needs_answer=True, decided_at=now)
        )
        for item_id in ids:
            new = response(item_id, f"u{item_id}", now)
            requests.put(conn, actors.an, new, now=now, follow_up=False)
    return ids


def response(item_id, uuid, now):
    return Response(
        uuid=uuid,
        item_id=item_id,
        kind=ResponseKind.PUBLIC_REPLY,
        channel="reddit",
        text="Xin chào",
        language="vi",
        account="u/danang_helpdesk",
        given_at=now,
    )


def give_to_other_team(store, item_id):
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Tổ khác"))
        conn.execute(tables.item.update().where(tables.item.c.id == int(item_id)).values(team_id=2))


def test_latest_walks_every_response_once_newest_first(store, actors, clock):
    """Pages meet without gap or overlap and end."""
    ids = answered_items(store, actors, 5, clock.now())
    seen, before = [], None
    with store.read() as conn:
        while found := responses.latest(conn, 2, before):
            seen += [one.response.item_id for one in found]
            before = found[-1].key
            assert len(seen) <= 5, "the pages do not end"

    assert seen == ids[::-1]


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 40])
def test_latest_refuses_a_made_up_place(store, before):
    """A key that no page gave is said so."""
    with store.read() as conn, pytest.raises(InputError, match="start from its beginning"):
        responses.latest(conn, 2, before)


def test_log_names_what_was_answered_and_by_whom(store, actors, clock):
    """A line can be read without opening the item."""
    answered_items(store, actors, 1, clock.now())
    with store.read() as conn:
        [one] = responses.latest(conn, 2)

    assert (one.label, one.lang, one.source_name, one.by) == ("question", "vi", "r/danang", "an")


def test_log_leaves_out_other_teams(store, actors, clock):
    """Neither list shows what another team answered; an item of nobody's is everybody's."""
    first, second = answered_items(store, actors, 2, clock.now())
    give_to_other_team(store, second)
    with store.read() as conn:
        mine = [one.response.item_id for one in responses.latest(conn, 9, team_id="1")]
        all_of_them = responses.latest(conn, 9)

        assert mine == [first]
        assert len(all_of_them) == 2
        assert responses.history(conn, second, "1") == []
        assert len(responses.history(conn, second, "2")) == 1


def test_item_of_another_team_cannot_be_taken_or_answered(store, actors, clock):
    """It is not found, like any item that is not there."""
    [item_id] = put_items(store, 1, queue="request", label="question")
    give_to_other_team(store, item_id)
    now, until = clock.now(), clock.now() + timedelta(minutes=10)
    with store.write() as conn:
        conn.execute(
            tables.item.update().values(state="decided", needs_answer=True, decided_at=now)
        )
        with pytest.raises(NotFound):
            requests.take(conn, "1", item_id, now=now, until=until, team_id="1")
        new = response(item_id, "u1", now)
        with pytest.raises(NotFound):
            requests.put(conn, actors.an, new, now=now, follow_up=False)


def test_among_names_the_items_with_a_draft_of_ones_own(store, actors, clock):
    """Nobody learns of another's draft."""
    first, second = put_items(store, 2)
    with store.write() as conn:
        drafts.put(conn, actors.an.id, first, {"text": "x"}, clock.now())
        drafts.put(conn, actors.binh.id, second, {"text": "y"}, clock.now())

        assert drafts.among(conn, actors.an.id, [first, second]) == {first}
        assert drafts.among(conn, actors.an.id, []) == set()
