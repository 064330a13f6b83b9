"""Answering: who may, what is checked, what is logged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from evenhand.dashboard.jobs import claims, decisions, library, requests
from evenhand.dashboard.jobs.access import operator
from evenhand.data import tables
from evenhand.data.errors import AlreadyDecided, ClaimLost, InputError, NotAllowed
from evenhand.data.records import (
    Decision,
    ItemState,
    Outcome,
    Recipient,
    Response,
    ResponseKind,
)
from tests.review_floor import (
    events,
    item_row,
    put_flag,
    put_item,
    put_items,
    replay,
    rolled_up,
    standing,
)


def decide(store, actor, clock, outcome=Outcome.NEEDS_ANSWER, policy=None):
    [item] = claims.claim_next(store, actor, now=clock.now(), count=1)
    number = item.claim.number
    new = Decision(str(uuid4()), item.id, number, item.version, outcome, policy)
    decisions.decide(store, actor, new, now=clock.now())
    return item.id


def waiting_item(store, actor, clock, label="question", **changes):
    with store.write() as conn:
        put_item(conn, label, queue="request", **changes)
    return decide(store, actor, clock)


def answer(item_id, clock, **changes):
    fields = {
        "uuid": str(uuid4()),
        "item_id": item_id,
        "kind": ResponseKind.PUBLIC_REPLY,
        "channel": "reddit",
        "text": "Xin chào, gọi 1022 nhé 📞",
        "language": "vi",
        "account": "u/danang_helpdesk",
        "given_at": clock.now(),
    }
    return Response(**(fields | changes))


def test_waiting_shows_what_is_needed_to_answer(store, clock, actors):
    """Text, flags and times of what was decided to need an answer, and nothing else."""
    waiting_item(store, actors.an, clock, "help_needed", text="Cứu với, nước ngập rồi")
    put_items(store, 1)
    decide(store, actors.an, clock, Outcome.NO_HARM)

    [one] = requests.waiting(store, actors.binh, now=clock.now())

    assert one.text == "Cứu với, nước ngập rồi"
    assert [flag.label for flag in one.flags] == ["help_needed"]
    assert (one.label, one.source_name, one.decided_at) == ("help_needed", "r/danang", clock.now())
    assert (one.taken, one.mine) == (False, False)


def test_waiting_leaves_text_out_where_it_was_erased_or_is_not_open(store, clock, actors):
    """An unflagged post is read by whoever takes it, an erased one by nobody."""
    waiting_item(store, actors.an, clock, post={"flagged": False})
    waiting_item(store, actors.an, clock)
    with store.write() as conn:
        conn.execute(tables.post_version.update().values(content=None))

    assert [one.text for one in requests.waiting(store, actors.an, now=clock.now())] == [None, None]


def test_waiting_goes_on_after_the_last_key(store, clock, actors):
    """Each page begins where the one before ended."""
    ids = []
    for _ in range(3):
        ids.append(waiting_item(store, actors.an, clock))
        clock.advance(minutes=1)
    first = requests.waiting(store, actors.an, now=clock.now(), limit=2)
    rest = requests.waiting(store, actors.an, now=clock.now(), limit=2, before=first[-1].key)

    assert [one.item_id for one in (*first, *rest)] == ids[::-1]
    with pytest.raises(InputError):
        requests.waiting(store, actors.an, now=clock.now(), limit=0)


def test_take_keeps_others_from_answering(store, clock, actors):
    """The list shows it to both sides; giving back and time free it again."""
    item_id = waiting_item(store, actors.an, clock)
    first = requests.take(store, actors.an, item_id, clock.now())
    [mine] = requests.waiting(store, actors.an, now=clock.now())
    [theirs] = requests.waiting(store, actors.binh, now=clock.now())

    assert (mine.mine, mine.taken, theirs.mine, theirs.taken) == (True, False, False, True)
    with pytest.raises(ClaimLost, match="somebody else"):
        requests.take(store, actors.binh, item_id, clock.now())
    with pytest.raises(ClaimLost, match="somebody else"):
        requests.respond(store, actors.binh, answer(item_id, clock), now=clock.now())

    again = requests.take(store, actors.an, item_id, clock.now())

    assert again.number == first.number + 1
    claims.save_draft(store, actors.an, (item_id, again.number), {"text": "x"}, clock.now())
    assert requests.put_back(store, actors.an, item_id, clock.now())
    assert not requests.put_back(store, actors.an, item_id, clock.now())
    requests.take(store, actors.binh, item_id, clock.now())
    clock.advance(minutes=10)
    requests.take(store, actors.an, item_id, clock.now())
    assert standing(store) == replay(store)


def test_response_sets_the_item_to_answered_and_counts_it(store, clock, actors):
    """Item, log, ledger, roll-up and history change together; the draft goes."""
    item_id = waiting_item(store, actors.an, clock)
    claim = requests.take(store, actors.binh, item_id, clock.now())
    claims.save_draft(store, actors.binh, (item_id, claim.number), {"text": "x"}, clock.now())
    new = answer(item_id, clock)

    done = requests.respond(store, actors.binh, new, now=clock.advance(minutes=1))

    assert (done.state, done.duplicate) == (ItemState.ANSWERED, False)
    row = item_row(store, item_id)
    assert (row.state, row.answered_at, row.claimed_by) == ("answered", clock.now(), None)
    assert requests.waiting(store, actors.an, now=clock.now()) == []
    [logged] = requests.history(store, actors.coordinator, item_id)
    assert (logged.response, logged.given_by) == (new, actors.binh.id)
    assert claims.load_draft(store, actors.binh, item_id) == {}
    assert events(store, item_id)[-1] == "answered"
    assert standing(store) == replay(store)
    kept, anew = rolled_up(store)
    assert kept == anew
    assert (kept[0].needs_answer, kept[0].answered) == (1, 1)
    with store.read() as conn:
        data = conn.execute(
            select(tables.ledger.c.data).where(tables.ledger.c.action == "responded"),
        ).scalar_one()

    assert "1022" not in data


def test_same_uuid_again_logs_nothing(store, clock, actors):
    """A resent form is harmless; another response under its uuid is refused."""
    item_id = waiting_item(store, actors.an, clock)
    new = answer(item_id, clock)
    requests.respond(store, actors.an, new, now=clock.now())

    assert requests.respond(store, actors.an, new, now=clock.advance(hours=1)).duplicate
    assert len(requests.history(store, actors.an, item_id)) == 1
    with pytest.raises(InputError, match="another response"):
        requests.respond(store, actors.an, replace(new, text="khác"), now=clock.now())
    with pytest.raises(InputError, match="another response"):
        requests.respond(store, actors.binh, new, now=clock.now())


def test_response_sent_twice_at_once_is_logged_once(store, clock, actors):
    """Two browsers that send the same response both hear that it is logged."""
    new = answer(waiting_item(store, actors.an, clock), clock)

    def send(_):
        return requests.respond(store, actors.an, new, now=clock.now()).duplicate

    with ThreadPoolExecutor(4) as pool:
        duplicates = sorted(pool.map(send, range(4)))

    assert duplicates == [False, True, True, True]
    with store.read() as conn:
        assert conn.execute(select(func.count()).select_from(tables.response)).scalar() == 1


def test_second_response_needs_to_be_a_follow_up(store, clock, actors):
    """The log only grows, and the item counts as answered once."""
    item_id = waiting_item(store, actors.an, clock)
    requests.respond(store, actors.an, answer(item_id, clock), now=clock.now())
    answered_at = clock.now()
    more = answer(item_id, clock, kind=ResponseKind.LEAFLET)
    with pytest.raises(AlreadyDecided, match="follow-up"):
        requests.respond(store, actors.binh, more, now=clock.advance(hours=1))

    requests.respond(store, actors.binh, more, now=clock.now(), follow_up=True)

    assert len(requests.history(store, actors.an, item_id)) == 2
    assert item_row(store, item_id).answered_at == answered_at
    kept, anew = rolled_up(store)
    assert kept == anew
    assert kept[0].answered == 1
    assert standing(store) == replay(store)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"text": "Gọi {service_phone} lúc {giờ mở cửa}"}, "service_phone, giờ mở cửa"),
        ({"text": "Gọi {}"}, "{}"),
        ({"text": "  "}, "no text"),
        ({"text": "đ" * 20_001}, "20001 characters"),
        ({"account": " "}, "disclosed account"),
        ({"account": "x" * 301}, "account has 301"),
        ({"channel": ""}, "no channel"),
        ({"language": ""}, "no language"),
        ({"uuid": ""}, "reload the page"),
        ({"kind": ResponseKind.PASSED_TO_SERVICE}, "own_service_desk"),
        ({"recipient": Recipient.PLATFORM}, "leave platform out"),
        ({"template_id": "made_up", "template_version": 1}, "made_up"),
        ({"template_id": "crisis_line", "template_version": 9}, "version 9"),
        ({"template_id": "crisis_line"}, "version None"),
    ],
)
def test_response_that_lacks_something_is_refused(store, clock, actors, changes, named):
    """The message names what is missing, and nothing is logged."""
    item_id = waiting_item(store, actors.an, clock)
    library.put_builtin(store, clock.now())
    with pytest.raises(InputError) as caught:
        requests.respond(store, actors.an, answer(item_id, clock, **changes), now=clock.now())

    assert named in str(caught.value)
    assert requests.history(store, actors.an, item_id) == []


def test_response_from_the_future_is_refused(store, clock, actors):
    """A few minutes of difference between clocks are let pass."""
    item_id = waiting_item(store, actors.an, clock)
    ahead = answer(item_id, clock, given_at=clock.now() + timedelta(minutes=6))
    with pytest.raises(InputError, match="ahead of now"):
        requests.respond(store, actors.an, ahead, now=clock.now())

    near = replace(ahead, given_at=clock.now() + timedelta(minutes=5))

    assert requests.respond(store, actors.an, near, now=clock.now()).state is ItemState.ANSWERED


def test_response_keeps_its_template_and_recipient(store, clock, actors):
    """What was passed on, to which kind of service, in which wording."""
    item_id = waiting_item(store, actors.an, clock)
    library.put_builtin(store, clock.now())
    new = answer(
        item_id,
        clock,
        kind=ResponseKind.PASSED_TO_SERVICE,
        recipient=Recipient.MEDICAL_OR_RESCUE,
        template_id="pass_on_help_call",
        template_version=1,
        result="đã nhận",
    )
    requests.respond(store, actors.an, new, now=clock.now())

    assert requests.history(store, actors.an, item_id)[0].response == new


def to_police(item_id, clock):
    return answer(
        item_id,
        clock,
        kind=ResponseKind.PASSED_TO_SERVICE,
        recipient=Recipient.POLICE,
    )


def test_police_hears_only_of_threats_of_violence(store, clock, actors):
    """Neither a complaint nor hate nor a call for help is a matter for the police."""
    for label in ("complaint", "help_needed", "hate"):
        item_id = waiting_item(store, actors.an, clock, label)
        with pytest.raises(InputError, match="only for a threat of violence"):
            requests.respond(store, actors.an, to_police(item_id, clock), now=clock.now())
    put_items(store, 1)
    item_id = decide(store, actors.an, clock, Outcome.VIOLATES, "hate")
    with pytest.raises(InputError, match="only for a threat of violence"):
        requests.respond(store, actors.an, to_police(item_id, clock), now=clock.now())


def test_police_may_hear_of_a_flagged_or_decided_threat(store, clock, actors):
    """A flag is enough, and so is the standing decision."""
    with store.write() as conn:
        made = put_item(conn, "hate")
        put_flag(conn, int(made.post_id), "violence_threat")
    flagged = decide(store, actors.an, clock)
    put_items(store, 1)
    decided = decide(store, actors.an, clock, Outcome.VIOLATES, "violence_threat")
    for item_id in (flagged, decided):
        done = requests.respond(store, actors.an, to_police(item_id, clock), now=clock.now())

        assert done.state is ItemState.ANSWERED


def test_item_that_was_closed_or_is_open_takes_no_response(store, clock, actors):
    """It is decided on first, and a closed one waits for nothing."""
    [open_id] = put_items(store, 1)
    with pytest.raises(InputError, match="is open"):
        requests.respond(store, actors.an, answer(open_id, clock), now=clock.now())
    closed_id = decide(store, actors.an, clock, Outcome.NO_HARM)
    with pytest.raises(InputError, match="is closed"):
        requests.respond(store, actors.an, answer(closed_id, clock), now=clock.now())


def test_item_of_a_deleted_post_takes_no_response(store, clock, actors):
    """Its author took it back."""
    item_id = waiting_item(store, actors.an, clock)
    with store.write() as conn:
        conn.execute(tables.item.update().values(state="void"))
    with pytest.raises(ClaimLost, match="deleted"):
        requests.respond(store, actors.an, answer(item_id, clock), now=clock.now())


def test_undo_is_refused_while_somebody_answers(store, clock, actors):
    """The reservation of another holds; one's own does not stand in the way."""
    item_id = waiting_item(store, actors.an, clock)
    requests.take(store, actors.binh, item_id, clock.now())

    assert decisions.undo_last(store, actors.an, clock.now()) is None

    requests.put_back(store, actors.binh, item_id, clock.now())
    requests.take(store, actors.an, item_id, clock.now())

    assert decisions.undo_last(store, actors.an, clock.now()) is not None
    assert standing(store) == replay(store)


def test_only_reviewers_and_coordinators_answer(store, clock, actors):
    """Every other role is refused, and nothing is logged."""
    item_id = waiting_item(store, actors.an, clock)
    for actor in (actors.leader, actors.analyst, actors.admin, operator()):
        for call in (
            lambda actor=actor: requests.waiting(store, actor, now=clock.now()),
            lambda actor=actor: requests.take(store, actor, item_id, clock.now()),
            lambda actor=actor: requests.put_back(store, actor, item_id, clock.now()),
            lambda actor=actor: requests.history(store, actor, item_id),
            lambda actor=actor: requests.taken(store, actor, clock.now()),
            lambda actor=actor: requests.may_tell_police(store, actor, item_id),
            lambda actor=actor: requests.respond(
                store, actor, answer(item_id, clock), now=clock.now()
            ),
        ):
            with pytest.raises(NotAllowed):
                call()
    with store.read() as conn:
        logged = conn.execute(select(func.count()).select_from(tables.response)).scalar_one()

    assert logged == 0


def test_taken_shows_the_text_while_the_claim_lives(store, clock, actors):
    """Who takes a post that came up unflagged may read it, and only so long."""
    item_id = waiting_item(store, actors.an, clock, text="Mấy giờ?", post={"flagged": False})
    assert requests.taken(store, actors.an, clock.now()) is None
    claim = requests.take(store, actors.an, item_id, clock.now())
    claims.save_draft(store, actors.an, (item_id, claim.number), {"text": "x"}, clock.now())

    found = requests.taken(store, actors.an, clock.now())

    assert found == requests.taken(store, actors.an, clock.now(), item_id)
    assert (found.waiting.text, found.waiting.mine, found.waiting.begun) == ("Mấy giờ?", True, True)
    assert found.claim == claim
    assert requests.taken(store, actors.binh, clock.now(), item_id) is None
    assert requests.taken(store, actors.an, clock.advance(minutes=10), item_id) is None


@pytest.mark.parametrize(("label", "may"), [("complaint", False), ("violence_threat", True)])
def test_police_is_offered_only_for_a_threat(store, clock, actors, label, may):
    """The form knows before it is filled in what respond would refuse."""
    item_id = waiting_item(store, actors.an, clock, label)
    requests.take(store, actors.an, item_id, clock.now())

    assert requests.taken(store, actors.an, clock.now()).may_tell_police is may
    assert requests.may_tell_police(store, actors.an, item_id) is may


def test_response_names_one_of_the_disclosed_accounts(store, clock, actors):
    """A browser may send any name; the job accepts those of the settings."""
    item_id = waiting_item(store, actors.an, clock)
    new = answer(item_id, clock)
    for accounts in ((), ("u/other",)):
        with pytest.raises(InputError, match="none of the team's disclosed accounts"):
            requests.respond(store, actors.an, new, now=clock.now(), accounts=accounts)

    done = requests.respond(store, actors.an, new, now=clock.now(), accounts=(new.account,))

    assert done.state is ItemState.ANSWERED


def test_logged_lists_what_was_answered_newest_first(store, clock, actors):
    """The log is read in pages, by those who answer."""
    ids = [waiting_item(store, actors.an, clock) for _ in range(3)]
    for item_id in ids:
        requests.respond(store, actors.binh, answer(item_id, clock), now=clock.now())
    first = requests.logged(store, actors.an, 2)
    rest = requests.logged(store, actors.an, 2, first[-1].key)

    assert [one.response.item_id for one in (*first, *rest)] == ids[::-1]
    assert {one.by for one in first} == {"binh"}
    with pytest.raises(InputError, match="ask for 1 to 100"):
        requests.logged(store, actors.an, 101)
    with pytest.raises(NotAllowed):
        requests.logged(store, actors.leader)
