"""Claiming, keeping, skipping and giving back, as people do it."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from evenhand.dashboard.jobs import claims
from evenhand.dashboard.jobs.access import operator
from evenhand.data import tables
from evenhand.data.errors import ClaimLost, InputError, NotAllowed
from evenhand.data.records import Band, Origin
from evenhand.data.store.claims import Wish, waiting
from tests.review_floor import (
    NOON,
    events,
    item_row,
    put_flag,
    put_item,
    put_items,
    put_post,
    put_version,
    replay,
    standing,
)


def take(store, actor, clock, **changes):
    return claims.claim_next(store, actor, now=clock.now(), **changes)


def pairs(items):
    return [(one.id, one.claim.number) for one in items]


def test_claim_next_gives_the_fast_queue_first_and_then_by_priority(store, clock, actors):
    """Requests and harms share one order behind the fast queue."""
    with store.write() as conn:
        low = put_item(conn, priority=1.0).id
        request = put_item(conn, "question", priority=3.0, queue="request").id
        high = put_item(conn, priority=5.0).id
        fast = put_item(conn, "self_harm_risk", priority=-9.0, queue="fast").id

    assert [one.id for one in take(store, actors.an, clock, count=3)] == [fast, high, request]
    assert [one.id for one in take(store, actors.binh, clock)] == [low]


def test_claim_next_gives_what_waited_too_long_before_the_rest(store, clock, actors):
    """Whatever its priority; the line of why says nothing of it."""
    with store.write() as conn:
        high = put_item(conn, priority=5.0, due_at=NOON + timedelta(hours=2)).id
        low = put_item(conn, priority=-5.0, due_at=NOON + timedelta(hours=1)).id

    [first] = take(store, actors.an, clock, count=1)
    claims.release_all(store, actors.an, clock.now())
    clock.advance(hours=1)
    [then] = take(store, actors.an, clock, count=1)

    assert (first.id, then.id) == (high, low)
    assert first.why == then.why


def test_claim_next_draws_its_random_share_from_all_that_waits(store, clock, actors):
    """An item far from the head comes, as an item like any other."""
    ids = put_items(store, 200)
    got = take(store, actors.an, clock, random_share=0.5, chance=Random(4).random)  # noqa: S311 - a simulation
    [ordinary] = take(store, actors.binh, clock, count=1)

    assert len(got) == 10
    assert [one.id for one in got] != ids[:10]
    assert [one.id for one in got] == sorted((one.id for one in got), key=ids.index)
    assert {one.why for one in got} == {ordinary.why}


def test_waiting_counts_what_the_actor_may_claim(store, clock, actors):
    """Held and skipped items, other queues and escalated ones do not count."""
    with store.write() as conn:
        fast = put_item(conn, "self_harm_risk", queue="fast").id
        put_item(conn, "question", queue="request")
        skipped = put_item(conn, priority=9.0).id
        put_item(conn)
    [held] = take(store, actors.an, clock, count=1)
    [refused] = take(store, actors.binh, clock, count=1, queues=["harm"])
    claims.skip(store, actors.binh, refused.id, refused.claim.number, "context", clock.now())

    assert (held.id, refused.id) == (fast, skipped)
    assert claims.waiting(store, actors.an) == 3
    assert claims.waiting(store, actors.binh) == 2
    assert claims.waiting(store, actors.binh, ["harm"]) == 1
    assert claims.waiting(store, actors.an, ["fast"]) == 0


def test_waiting_leaves_escalated_items_to_coordinators(store, actors):
    """What was skipped three times waits for a coordinator alone."""
    item_id = put_items(store, 1)[0]
    with store.write() as conn:
        conn.execute(
            tables.item.update()
            .where(tables.item.c.id == int(item_id))
            .values(escalated=True, skips=3)
        )

    assert claims.waiting(store, actors.an) == 0
    assert claims.waiting(store, actors.coordinator) == 1


def test_waiting_stops_counting_and_is_not_for_everybody(store, actors):
    """A count ends at its limit, so that it costs the same at any size; leaders get none."""
    put_items(store, 4)
    wish = Wish(actors.an.id, ("fast", "harm"), None, "1", escalated=False, count=3)
    with store.read() as conn:
        counts = waiting(conn, wish)

    assert counts == {"fast": 0, "harm": 3}
    with pytest.raises(NotAllowed):
        claims.waiting(store, actors.leader)
    with pytest.raises(InputError, match="no queue is called"):
        claims.waiting(store, actors.an, ["spam"])


def test_claim_next_keeps_to_queues_and_languages(store, clock, actors):
    """Only what was asked for comes."""
    with store.write() as conn:
        put_item(conn, lang="en")
        wanted = put_item(conn, lang="vi").id
        put_item(conn, "question", lang="vi", queue="request")

    got = take(store, actors.an, clock, queues=["harm"], only=claims.Filter(langs=("vi", "fr")))

    assert [one.id for one in got] == [wanted]
    assert take(store, actors.an, clock, only=claims.Filter(langs=("fr",))) == []


def test_claim_next_leaves_the_items_of_other_teams(store, clock, actors):
    """A team's item goes to that team, one without a team to anybody."""
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Tổ khác"))
        put_item(conn, team_id=2)
        mine, anybody = put_item(conn, team_id=1).id, put_item(conn).id

    assert {one.id for one in take(store, actors.an, clock)} == {mine, anybody}


def test_claim_next_shows_text_flags_and_reason(store, clock, actors):
    """The record holds what the card needs, the most severe flag first."""
    text = unicodedata.normalize("NFD", "Đồ khốn 👊") + "x" * 30_000
    with store.write() as conn:
        made = put_item(conn, "spam", text, lang="vi")
        reason = {"label": "hate", "kind": "rule", "id": "r1", "spans": [[0, 7]], "weight": 0.0}
        put_flag(conn, int(made.post_id), "hate", score=0.6, reasons=[reason], origin="rule")

    [shown] = take(store, actors.an, clock)

    assert (shown.text, shown.version, shown.post_id) == (text, 1, made.post_id)
    assert (shown.source_name, shown.platform) == ("r/danang", "reddit")
    assert shown.published_at == NOON - timedelta(hours=1)
    assert shown.why == "hate 0.9"
    assert shown.topics == ("weather", "disaster")
    assert [(one.label, one.origin, one.band) for one in shown.flags] == [
        ("hate", Origin.RULE, Band.FLAG),
        ("spam", Origin.MODEL, Band.FLAG),
    ]
    assert shown.flags[0].reasons[0].spans == ((0, 7),)
    assert shown.severe
    assert shown.claim is not None
    assert (shown.claim.number, shown.claim.holder_id) == (1, actors.an.id)
    assert shown.claim.until == clock.now() + timedelta(minutes=10)


def test_claim_next_shows_the_newest_version(store, clock, actors):
    """An edit before the review is what is read; an empty text is shown as empty."""
    with store.write() as conn:
        made = put_item(conn, "spam")
        put_version(conn, int(made.post_id), 2, "")

    [shown] = take(store, actors.an, clock)

    assert (shown.version, shown.text, shown.severe) == (2, "", False)


@pytest.mark.parametrize("changes", [{"count": 0}, {"count": 51}, {"queues": ["all"]}])
def test_claim_next_refuses_what_it_cannot_give(store, clock, actors, changes):
    """A count out of range and an unknown queue are said so."""
    with pytest.raises(InputError):
        take(store, actors.an, clock, **changes)


def test_only_reviewers_and_coordinators_claim(store, clock, actors):
    """Leaders read figures, analysts train, admins handle people, the terminal is nobody."""
    put_items(store, 1)
    for actor in (actors.leader, actors.analyst, actors.admin, operator()):
        for call in (
            lambda actor=actor: take(store, actor, clock),
            lambda actor=actor: claims.held(store, actor, clock.now()),
            lambda actor=actor: claims.skip(store, actor, "1", 1, "x", clock.now()),
            lambda actor=actor: claims.thread(store, actor, "1", 1, clock.now()),
            lambda actor=actor: claims.extend(store, actor, [], clock.now()),
            lambda actor=actor: claims.release(store, actor, [], clock.now()),
            lambda actor=actor: claims.release_all(store, actor, clock.now()),
            lambda actor=actor: claims.save_draft(store, actor, ("1", 1), {}, clock.now()),
            lambda actor=actor: claims.load_draft(store, actor, "1"),
        ):
            with pytest.raises(NotAllowed):
                call()
    with pytest.raises(NotAllowed, match="coordinator"):
        claims.unassign(store, actors.an, "1", clock.now())


def test_held_shows_what_a_reloaded_page_had(store, clock, actors):
    """The same items under the same numbers, until the lease ends."""
    put_items(store, 3)
    got = take(store, actors.an, clock)

    assert claims.held(store, actors.an, clock.now()) == got
    assert claims.held(store, actors.binh, clock.now()) == []
    assert claims.held(store, actors.an, clock.advance(minutes=10)) == []


def test_expired_claim_goes_to_the_next_person_under_a_new_number(store, clock, actors):
    """The number rises with each claim, and the first holder's number is worth nothing."""
    [item_id] = put_items(store, 1)
    [first] = take(store, actors.an, clock)

    assert take(store, actors.binh, clock) == []

    clock.advance(minutes=10)
    [second] = take(store, actors.binh, clock)

    assert (first.claim.number, second.claim.number) == (1, 2)
    assert claims.extend(store, actors.an, pairs([first]), clock.now()) == []
    with pytest.raises(ClaimLost, match="take the next item"):
        claims.skip(store, actors.an, item_id, 1, "too late", clock.now())
    assert events(store, item_id) == ["made", "claimed", "expired", "claimed"]
    assert standing(store) == replay(store)


def test_sweep_takes_back_what_ran_out_without_a_claim(store, clock, actors):
    """The worker frees items even when nobody claims."""
    [item_id] = put_items(store, 1)
    take(store, actors.an, clock)

    assert claims.sweep(store, clock.now()) == 0
    assert claims.sweep(store, clock.advance(minutes=10)) == 1
    assert item_row(store, item_id).state == "open"


def test_extend_keeps_a_claim_for_thirty_minutes_at_most(store, clock, actors):
    """A heartbeat writes only in the second half of the lease, and never beyond 30 minutes."""
    [item_id] = put_items(store, 1)
    got = pairs(take(store, actors.an, clock))
    begun = clock.now()
    ends = []
    for _ in range(9):
        ends += [one.until - begun for one in claims.extend(store, actors.an, got, clock.now())]
        clock.advance(minutes=3)

    assert [int(end.total_seconds() / 60) for end in ends] == [10, 10, 16, 16, 22, 22, 28, 28, 30]
    assert claims.extend(store, actors.an, got, clock.advance(minutes=3)) == []
    assert events(store, item_id).count("extended") == 4
    assert standing(store) == replay(store)


def test_release_gives_items_back_to_everybody(store, clock, actors):
    """What was given back can be claimed at once, also by the same person."""
    put_items(store, 3)
    got = take(store, actors.an, clock)

    assert claims.release(store, actors.an, pairs(got[:1]), clock.now()) == 1
    assert claims.release(store, actors.an, pairs(got[:1]), clock.now()) == 0
    assert claims.release(store, actors.binh, pairs(got[1:]), clock.now()) == 0
    assert claims.release_all(store, actors.an, clock.now()) == 2
    assert len(take(store, actors.an, clock)) == 3
    assert standing(store) == replay(store)


def test_unassign_takes_an_item_from_its_holder(store, clock, actors):
    """A coordinator frees an item; the holder's number is lost."""
    [item_id] = put_items(store, 1)
    take(store, actors.an, clock)

    assert claims.unassign(store, actors.coordinator, item_id, clock.now())
    assert not claims.unassign(store, actors.coordinator, item_id, clock.now())
    assert claims.held(store, actors.an, clock.now()) == []
    assert standing(store) == replay(store)


def test_skipped_item_never_returns_to_the_same_person(store, clock, actors):
    """It goes to others, and stays away from whoever gave it back."""
    [item_id] = put_items(store, 1)
    [got] = take(store, actors.an, clock)

    assert not claims.skip(store, actors.an, *pairs([got])[0], "không rõ nghĩa", clock.now())
    assert take(store, actors.an, clock) == []
    assert [one.id for one in take(store, actors.binh, clock)] == [item_id]
    with store.read() as conn:
        assert conn.execute(select(tables.skip.c.reason)).scalar_one() == "không rõ nghĩa"
    assert standing(store) == replay(store)


def test_third_skip_brings_an_item_before_coordinators_only(store, clock, actors):
    """Two reviewers and a coordinator give it back; only another coordinator gets it then."""
    [item_id] = put_items(store, 1)
    with store.write() as conn:
        conn.execute(
            tables.person.insert().values(id=7, name="hoa", password_hash="!", created_at=NOON),
        )
    answers = []
    for actor in (actors.an, actors.binh, actors.coordinator):
        [got] = take(store, actor, clock)
        answers.append(claims.skip(store, actor, *pairs([got])[0], "unclear", clock.now()))

    assert answers == [False, False, True]
    assert item_row(store, item_id).escalated
    hoa = type(actors.an)(id="7", name="hoa", roles=actors.an.roles, team_id="1")

    assert take(store, hoa, clock) == []
    assert take(store, actors.coordinator, clock) == []

    chief = type(actors.an)(id="7", name="hoa", roles=actors.coordinator.roles, team_id="1")

    assert [one.id for one in take(store, chief, clock)] == [item_id]
    assert standing(store) == replay(store)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_skip_needs_a_reason(store, clock, actors, reason):
    """Nothing is given back without saying why."""
    put_items(store, 1)
    [got] = take(store, actors.an, clock)
    with pytest.raises(InputError, match="reason"):
        claims.skip(store, actors.an, *pairs([got])[0], reason, clock.now())

    assert claims.held(store, actors.an, clock.now()) == [got]


def test_thread_shows_the_posts_around_an_item_while_it_is_held(store, clock, actors):
    """Same context and source only, oldest first, erased ones without text; reading is logged."""
    with store.write() as conn:
        around = {"context_key": "c1"}
        put_post(conn, "trước", flagged=False, published_at=NOON - timedelta(hours=3), **around)
        made = put_item(conn, text="giữa", post=around)
        put_post(conn, "sau", published_at=NOON, **around)
        put_post(conn, None, published_at=NOON, text_erased_at=NOON, **around)
        put_post(conn, "khác", context_key="c2")
    [got] = take(store, actors.an, clock)

    shown = claims.thread(store, actors.an, *pairs([got])[0], clock.now())

    assert [(one.text, one.is_item, one.is_erased) for one in shown] == [
        ("trước", False, False),
        ("giữa", True, False),
        ("sau", False, False),
        (None, False, True),
    ]
    assert events(store, made.id)[-1] == "thread_read"
    with pytest.raises(ClaimLost):
        claims.thread(store, actors.binh, *pairs([got])[0], clock.now())
    with pytest.raises(ClaimLost):
        claims.thread(store, actors.an, got.id, 2, clock.now())
    with pytest.raises(ClaimLost):
        claims.thread(store, actors.an, *pairs([got])[0], clock.advance(minutes=10))
    assert standing(store) == replay(store)


def test_thread_of_a_post_without_context_is_the_post_alone(store, clock, actors):
    """Posts without a context have nothing in common."""
    put_items(store, 2)
    got = take(store, actors.an, clock, count=1)

    [alone] = claims.thread(store, actors.an, *pairs(got)[0], clock.now())

    assert alone.post_id == got[0].post_id


def test_draft_outlives_the_claim_and_is_its_writers_alone(store, clock, actors):
    """What was begun is there when the same person gets the item again."""
    [item_id] = put_items(store, 1)
    [got] = take(store, actors.an, clock)
    held = pairs([got])[0]
    claims.save_draft(store, actors.an, held, {"note": "bản nháp"}, clock.now())
    claims.save_draft(store, actors.an, held, {"note": "bản nháp 2"}, clock.now())
    with pytest.raises(ClaimLost):
        claims.save_draft(store, actors.binh, held, {"note": "x"}, clock.now())
    with pytest.raises(ClaimLost):
        claims.save_draft(store, actors.an, held, {"note": "x"}, clock.advance(minutes=10))

    assert claims.load_draft(store, actors.an, item_id) == {"note": "bản nháp 2"}
    assert claims.load_draft(store, actors.binh, item_id) == {}


def test_item_skipped_three_times_keeps_its_place_for_coordinators(store, clock, actors):
    """Overdue it still comes first, to a coordinator alone, and a filter of its label finds it."""
    with store.write() as conn:
        skipped = put_item(conn, "spam", priority=-5.0, due_at=NOON).id
        conn.execute(tables.item.update().where(tables.item.c.id == int(skipped)).values(skips=2))
        put_item(conn, priority=5.0)
    [first] = take(store, actors.an, clock, count=1)
    assert first.id == skipped
    assert claims.skip(store, actors.an, skipped, first.claim.number, "context", clock.now())
    spam = claims.Filter(labels=("spam",))

    assert skipped not in [one.id for one in take(store, actors.binh, clock, random_share=1.0)]
    claims.release_all(store, actors.binh, clock.now())
    assert claims.waiting(store, actors.binh, None, spam) == 0
    assert [one.id for one in take(store, actors.coordinator, clock, only=spam)] == [skipped]
    claims.release_all(store, actors.coordinator, clock.now())
    assert take(store, actors.coordinator, clock, count=1)[0].id == skipped
