"""A wave on the card: its size, the sample before a decision, and what does not belong."""

from __future__ import annotations

from datetime import UTC
from uuid import uuid4

import pytest

from evenhand.dashboard.card import payload
from evenhand.dashboard.card.desk import Desk, refill
from evenhand.dashboard.shell import Shell
from evenhand.data.errors import WaveUnread
from evenhand.data.settings import Settings
from evenhand.data.tables_review import wave
from tests.card_floor import send
from tests.review_floor import item_row
from tests.wave_floor import NEAR, SCAM, bring, members, post_id, put_floor, rows


@pytest.fixture
def floor(store, actors, clock, tmp_path):
    """A floor with a `seat` for its reviewer: a shell and a fresh desk with what waits."""
    made = put_floor(store)

    def seat(lang="en"):
        shell = Shell(store, Settings(workspace=tmp_path), actors.an, lang, clock.now, UTC)
        desk = Desk()
        refill(shell, desk)
        return shell, desk

    made.seat = seat
    return made


def said(kind, item, **values):
    where = {"item": item.id, "number": item.claim.number}
    return {"uuid": str(uuid4()), "kind": kind, **where, **values}


def decide(item):
    return said("decide", item, version=item.version, outcome="no_harm")


def first(desk):
    return next(iter(desk.held.values()))


def test_single_post_has_no_word_of_a_wave(floor, make_post):
    """Most items stand for one post, and carry not even an empty field."""
    bring(floor, floor.one, make_post(content=SCAM))
    shell, desk = floor.seat()
    sent = payload.card_data(shell, desk)

    assert sent["sample"] is None
    assert ["wave" in one for one in sent["items"]] == [False]


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "×4 near-copies"), ("vi", "×4 bài gần giống nhau")]
)
def test_wave_says_how_many_and_shows_no_other_post_unasked(floor, make_post, lang, title):
    """The number and what a decision means; the texts of the others come when asked for."""
    bring(floor, floor.one, *(make_post(content=text) for text in (SCAM, SCAM, NEAR, SCAM)))
    shell, desk = floor.seat(lang)
    sent = payload.card_data(shell, desk)
    [shown] = sent["items"]

    assert (shown["wave"]["title"], shown["wave"]["sampled"]) == (title, False)
    assert sent["sample"] is None
    assert NEAR not in str(sent)


def test_decision_before_the_sample_is_refused_and_after_it_stands_for_all(floor, make_post, store):
    """The server refuses too, whatever the browser shows."""
    bring(floor, floor.one, *(make_post(content=text) for text in (SCAM, NEAR, SCAM)))
    shell, desk = floor.seat()
    item = first(desk)
    send(shell, desk, [decide(item)])

    assert [type(one.error) for one in desk.refused] == [WaveUnread]
    send(shell, desk, [said("sample", item), decide(item)])
    assert item_row(store, item.id).state == "closed"


def test_sample_shows_what_differs_and_is_there_again_in_another_tab(floor, make_post):
    """Words that are new or gone are marked; opening it again draws the same posts."""
    texts = (SCAM, NEAR + " <b>x</b>", SCAM)
    bring(floor, floor.one, *(make_post(content=text) for text in texts))
    shell, desk = floor.seat()
    send(shell, desk, [said("sample", first(desk))])
    sent = payload.card_data(shell, desk)
    copies = {one["text"]: one for one in sent["sample"]["copies"]}

    assert sent["sample"]["item"] == sent["items"][0]["id"]
    assert sent["items"][0]["wave"]["sampled"]
    assert set(copies) == set(texts)
    assert copies[SCAM]["same"]
    kinds = {kind for _, kind in copies[texts[1]]["pieces"]}
    assert kinds == {"equal", "new", "gone"}
    shell, other = floor.seat()
    assert payload.card_data(shell, other)["items"][0]["wave"]["sampled"]
    send(shell, other, [said("sample", first(other))])
    again = payload.card_data(shell, other)["sample"]["copies"]
    assert [one["id"] for one in again] == [one["id"] for one in sent["sample"]["copies"]]


def test_copy_that_does_not_belong_leaves_and_gets_an_item(floor, make_post):
    """It is gone from the sample, the number falls, and the card says so."""
    bring(
        floor,
        floor.one,
        make_post(native_key="a", content=SCAM),
        make_post(native_key="b", content=NEAR),
        make_post(native_key="c", content=SCAM),
    )
    shell, desk = floor.seat()
    item = first(desk)
    send(shell, desk, [said("sample", item)])
    send(shell, desk, [said("apart", item, copy=str(post_id(floor, "b")))])
    sent = payload.card_data(shell, desk)

    assert desk.refused == []
    assert (members(floor), rows(floor, wave)[0].members) == (["a", "c"], 2)
    assert sent["items"][0]["wave"]["title"] == "×2 near-copies"
    assert len(sent["sample"]["copies"]) == 1
    assert sent["sample"]["parted"] == "1 left the wave and waits as an item of its own."
