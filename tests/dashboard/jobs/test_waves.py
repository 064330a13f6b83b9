"""A wave under a claim: its copies, the spot-check, what does not belong, and the error rate."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from evenhand.dashboard.jobs import claims, decisions, waves
from evenhand.data import tables
from evenhand.data.errors import ClaimLost, InputError, NotAllowed, WaveUnread
from evenhand.data.records import Decision, Delete, Outcome
from evenhand.data.store import posts, wave_members
from evenhand.data.tables_review import wave
from tests.conftest import NOON
from tests.review_floor import events, replay, rolled_up, standing
from tests.wave_floor import (
    NEAR,
    OTHER,
    SCAM,
    bring,
    claim,
    decide,
    items_of,
    members,
    post_id,
    put_floor,
    rows,
)

LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def floor(store, actors):
    made = put_floor(store)
    made.actors = actors
    return made


@pytest.fixture
def wave_of(floor, make_post):
    """Bring a wave of so many posts in; the second one is a near copy of the first."""

    def make(count):
        bring(floor, floor.one, make_post(native_key="k0", content=SCAM))
        texts = [NEAR, *(SCAM for _ in range(count - 2))]
        for number, text in enumerate(texts, 1):
            post = make_post(native_key=f"k{number}", content=text)
            bring(floor, floor.two, post, now=NOON + timedelta(seconds=number))
        return claim(floor, floor.actors.an, LATER)

    return make


def held(item):
    return item.id, item.claim.number


def test_look_shows_the_latest_copies_and_how_they_differ(floor, wave_of):
    """How many, since when, until when, from where, and which words are others."""
    item = wave_of(4)
    shown = waves.look(floor.store, floor.actors.an, held(item), LATER)

    assert (shown.members, shown.sample) == (4, None)
    assert (shown.first_at, shown.last_at) == (NOON, NOON + timedelta(seconds=3))
    assert [one.text for one in shown.copies] == [NEAR, SCAM, SCAM]
    assert {one.source_name for one in shown.copies} == {"nguồn hai"}
    assert [one.similarity == 1 for one in shown.copies] == [False, True, True]
    kinds = [kind for kind, _ in shown.copies[0].differs]
    assert kinds == ["equal", "gone", "new", "equal", "gone", "new"]
    assert shown.copies[0].differs[2] == ("new", ("sáu",))
    assert [one.differs for one in shown.copies[1:]] == [(("equal", tuple(SCAM.split())),)] * 2
    few = waves.look(floor.store, floor.actors.an, held(item), LATER, most=1)
    assert [one.post_id for one in few.copies] == [str(post_id(floor, "k3"))]


def test_single_post_is_no_wave(floor, make_post):
    """There is nothing to look at, to check or to refuse."""
    bring(floor, floor.one, make_post(content=SCAM))
    item = claim(floor, floor.actors.an)

    assert waves.look(floor.store, floor.actors.an, held(item), NOON) is None
    assert waves.spot_check(floor.store, floor.actors.an, held(item), NOON) == ()
    assert events(floor.store, item.id) == ["made", "claimed"]
    with floor.store.read() as conn:
        wave_members.refuse_unchecked(conn, item.id, item.claim.number)


def test_spot_check_is_drawn_by_the_claim_and_logged(floor, wave_of):
    """The same claim sees the same copies, another one others; only then a decision may go in."""
    item = wave_of(12)
    with floor.store.read() as conn, pytest.raises(WaveUnread, match="12 near-copies"):
        wave_members.refuse_unchecked(conn, item.id, item.claim.number)
    first = waves.spot_check(floor.store, floor.actors.an, held(item), LATER)
    again = waves.spot_check(floor.store, floor.actors.an, held(item), LATER)

    assert (len(first), first) == (3, again)
    assert str(post_id(floor, "k0")) not in {one.post_id for one in first}
    assert events(floor.store, item.id)[-2:] == ["wave_checked", "wave_checked"]
    assert waves.look(floor.store, floor.actors.an, held(item), LATER).sample == first
    with floor.store.read() as conn:
        wave_members.refuse_unchecked(conn, item.id, item.claim.number)
        with pytest.raises(WaveUnread, match="spot-check"):
            wave_members.refuse_unchecked(conn, item.id, item.claim.number + 1)
    claims.release(floor.store, floor.actors.an, [held(item)], LATER)
    other = claim(floor, floor.actors.binh, LATER)
    theirs = waves.spot_check(floor.store, floor.actors.binh, held(other), LATER)
    assert {one.post_id for one in theirs} != {one.post_id for one in first}
    assert len(waves.spot_check(floor.store, floor.actors.binh, held(other), LATER, k=20)) == 11


def test_copies_are_read_only_under_the_claim_on_their_wave(floor, wave_of, make_post):
    """Another person, a lost claim and a post of no wave open nothing."""
    item = wave_of(2)
    bring(floor, floor.one, make_post(native_key="z", content=OTHER))
    for job in (waves.look, waves.spot_check):
        with pytest.raises(ClaimLost):
            job(floor.store, floor.actors.binh, held(item), LATER)
        with pytest.raises(NotAllowed):
            job(floor.store, floor.actors.leader, held(item), LATER)
    with floor.store.read() as conn:
        permit = posts.permit_by_claim(conn, item.claim, now=LATER)
        with pytest.raises(NotAllowed):
            posts.text_of(conn, post_id(floor, "z"), 1, permit=permit)
        assert posts.text_of(conn, post_id(floor, "k1"), 1, permit=permit).content == NEAR
    with pytest.raises(InputError, match="1 to 50"):
        waves.look(floor.store, floor.actors.an, held(item), LATER, most=51)


def test_copy_that_does_not_belong_gets_an_item_of_its_own(floor, wave_of):
    """It leaves for good; the others and the counts stay."""
    item = wave_of(3)
    odd = str(post_id(floor, "k1"))
    made = waves.split(floor.store, floor.actors.an, held(item), odd, LATER)

    assert (members(floor), rows(floor, wave)[0].members) == (["k0", "k2"], 2)
    own = items_of(floor)[-1]
    assert (str(own.id), str(own.post_id), own.state) == (made, odd, "open")
    assert (own.label, own.queue) == ("scam_fraud", "harm")
    # It came a second after the first, and has waited since: nobody gains time by taking it out.
    came = NOON + timedelta(seconds=1)
    assert (own.created_at, own.due_at) == (came, came + timedelta(hours=24))
    assert events(floor.store, item.id)[-1] == "wave_split"
    with pytest.raises(InputError, match="no near-copy"):
        waves.split(floor.store, floor.actors.an, held(item), odd, LATER)
    with pytest.raises(InputError, match="no near-copy"):
        waves.split(floor.store, floor.actors.an, held(item), str(post_id(floor, "k0")), LATER)
    assert replay(floor.store) == standing(floor.store)
    kept, again = rolled_up(floor.store)
    assert kept == again


def test_copy_that_an_edit_brought_gets_the_item_of_what_it_says_now(floor, wave_of, make_post):
    """It was a call for help first, and keeps the item of that; the new one is in another queue."""
    call = make_post(native_key="z", content="help lừa đảo ngoài bến")
    item = wave_of(3)
    bring(floor, floor.one, call)
    with floor.store.write() as conn:
        # Held by nobody: what the call asked for was seen to.
        conn.execute(
            update(tables.item)
            .where(tables.item.c.post_id == post_id(floor, "z"))
            .values(state="answered", decided_at=NOON)
        )
    bring(floor, floor.one, make_post(native_key="z", content=NEAR, updated_at=LATER), now=LATER)
    odd = post_id(floor, "z")
    assert "z" in members(floor)

    made = waves.split(floor.store, floor.actors.an, held(item), str(odd), LATER)

    own = [(one.queue, one.state) for one in items_of(floor) if one.post_id == odd]
    assert own == [("fast", "answered"), ("harm", "open")]
    assert made == str(items_of(floor)[-1].id)


def test_rechecks_are_drawn_once_and_read_by_somebody_else(floor, wave_of):
    """Each copy has one lot; whoever decided on the wave does not get it."""
    item = wave_of(5)
    assert waves.draw_rechecks(floor.store, 1.0, LATER) == 0
    decide(floor, floor.actors.an, item, at=LATER)

    assert waves.draw_rechecks(floor.store, 0.0, LATER) == 0
    assert waves.draw_rechecks(floor.store, 1.0, LATER) == 4
    assert waves.draw_rechecks(floor.store, 1.0, LATER) == 0
    drawn = [one for one in items_of(floor) if one.purpose == "wave"]
    assert {one.post_id for one in drawn} == {post_id(floor, f"k{n}") for n in range(1, 5)}
    assert {one.of_item_id for one in drawn} == {int(item.id)}
    assert claims.claim_next(floor.store, floor.actors.an, now=LATER) == []
    given = claims.claim_next(floor.store, floor.actors.binh, now=LATER)
    assert {one.text for one in given} == {NEAR, SCAM}


def test_copy_that_joins_long_after_the_decision_is_drawn_too(floor, wave_of, make_post):
    """It inherits a decision that nobody made of it; what was passed over then stays so."""
    decide(floor, floor.actors.an, wave_of(3), at=LATER)
    month = LATER + timedelta(days=30)
    bring(floor, floor.two, make_post(native_key="late", content=SCAM), now=month)

    assert waves.draw_rechecks(floor.store, 1.0, month) == 1
    [drawn] = [one for one in items_of(floor) if one.purpose == "wave"]
    assert drawn.post_id == post_id(floor, "late")


def test_lots_can_be_drawn_by_the_caller(floor, wave_of):
    """The demo draws them by its seed: each copy of a wave has a lot of its own."""
    decide(floor, floor.actors.an, wave_of(4), at=LATER)
    told = []

    def lot(words, secret):
        told.append((words, secret))
        return 0.2 if words.endswith(f" {post_id(floor, 'k1')}") else 0.9

    assert waves.draw_rechecks(floor.store, 0.5, LATER, lot=lot) == 1
    assert len({words for words, _ in told}) == len({secret for _, secret in told}) == 3


def test_error_rate_compares_with_what_stands_on_the_wave(floor, wave_of):
    """One of two that were read is another thing: 1/2, Wilson's interval 0.0945 to 0.9055."""
    decide(floor, floor.actors.an, wave_of(5), at=LATER)
    waves.draw_rechecks(floor.store, 1.0, LATER)
    decide(floor, floor.actors.binh, outcome=Outcome.VIOLATES, at=LATER)
    decide(floor, floor.actors.coordinator, outcome=Outcome.NO_HARM, at=LATER)
    rate = waves.error_rate(floor.store, floor.actors.coordinator)

    assert (rate.read, rate.wrong) == (2, 1)
    assert rate.interval == pytest.approx((0.0945, 0.9055), abs=1e-4)
    with pytest.raises(NotAllowed):
        waves.error_rate(floor.store, floor.actors.an)


def test_error_rate_says_nothing_before_anything_was_read(floor):
    """No share without cases."""
    assert waves.error_rate(floor.store, floor.actors.leader) == waves.ErrorRate(0, 0, None)


def test_deleted_copy_is_not_read_once_more(floor, wave_of):
    """What is gone is taken from the queue, too."""
    decide(floor, floor.actors.an, wave_of(3), at=LATER)
    waves.draw_rechecks(floor.store, 1.0, LATER)
    bring(floor, floor.two, Delete("k1", "gone"), now=LATER)

    with floor.store.read() as conn:
        query = select(tables.item.c.state).where(tables.item.c.purpose == "wave")
        states = sorted(conn.execute(query.order_by(tables.item.c.id)).scalars())
    assert states == ["open", "void"]
    assert replay(floor.store) == standing(floor.store)


def test_differences_are_cut_to_a_bound():
    """Long texts are compared as far as 400 words."""
    one = " ".join(map(str, range(1000)))

    assert waves.differences(one, one) == (("equal", tuple(map(str, range(400)))),)
    assert waves.differences("", "a b") == (("new", ("a", "b")),)
    assert waves.differences("a b", "") == (("gone", ("a", "b")),)


def test_job_loads_no_library_that_only_ingest_needs():
    """The serving process shows waves and makes none."""
    code = "import sys, evenhand.dashboard.jobs.waves; print('rensa' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    assert "False" == ended.stdout.strip()


def test_decision_on_a_wave_waits_for_its_spot_check(floor, wave_of):
    """It is refused before, goes in after, and its repeat is answered as the first was."""
    item, an = wave_of(3), floor.actors.an
    new = Decision(
        uuid="wave-decision",
        item_id=item.id,
        claim_number=item.claim.number,
        version=item.version,
        outcome=Outcome.NO_HARM,
    )
    with pytest.raises(WaveUnread, match="3 near-copies; open the spot-check"):
        decisions.decide(floor.store, an, new, now=LATER)
    assert rows(floor, tables.decision) == []
    waves.spot_check(floor.store, an, held(item), LATER)
    done = [decisions.decide(floor.store, an, new, now=LATER).duplicate for _ in range(2)]

    assert done == [False, True]
    assert len(rows(floor, tables.decision)) == 1
