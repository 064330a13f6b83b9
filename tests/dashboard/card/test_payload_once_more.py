"""What is read once more looks like any other item, byte for byte; a third reading says so."""

from __future__ import annotations

import json
from datetime import UTC

import pytest
from sqlalchemy import select

from evenhand.dashboard.card import payload
from evenhand.dashboard.card.desk import Desk, receive, refill
from evenhand.dashboard.card.seals import seals_for
from evenhand.dashboard.jobs import appeals, claims
from evenhand.dashboard.shell import Shell
from evenhand.data import tables
from evenhand.data.settings import Settings
from tests.reading_floor import children_of, put_gold, split
from tests.review_floor import put_items

GROUND = "Đây là lời cảnh báo, không phải đe doạ."


def sit(store, actor, clock, folder, lang="en", **quality):
    settings = Settings(workspace=folder, quality=quality)
    return Shell(store, settings, actor, lang, clock.now, UTC)


def cards(shell):
    """Give what a fresh tab is sent, by item id."""
    desk = Desk()
    refill(shell, desk)
    sent = payload.card_data(shell, desk)["items"]
    return {seals_for(shell).open(one["id"]): one for one in sent}


def alike(one):
    """Take away what differs between any two items: which one, and under which claim."""
    return {name: value for name, value in one.items() if name not in {"id", "number", "until"}}


def test_second_opinion_and_appeal_look_like_the_first_reading(store, clock, actors, tmp_path):
    """The same bytes as the parent had, but for the item's own number."""
    [item_id] = put_items(store, 1)
    before = cards(sit(store, actors.an, clock, tmp_path))[item_id]
    desk = Desk()
    shell = sit(store, actors.an, clock, tmp_path, double_share=1.0)
    refill(shell, desk)
    receive(shell, desk, [decision(before, "violates", "hate")])
    assert desk.refused == []
    appeals.file_appeal(store, actors.analyst, item_id, "affected", GROUND, clock.now())
    sent = cards(sit(store, actors.binh, clock, tmp_path))

    purposes = {str(one.id): one.purpose for one in children_of(store, item_id)}
    assert sorted(purposes.values()) == ["appeal", "double"]
    assert sent.keys() == purposes.keys()
    assert [alike(one) for one in sent.values()] == [alike(before)] * 2


def decision(card, outcome, policy=None):
    return {
        "kind": "decide",
        "uuid": f"u{card['id']}",
        "item": card["id"],
        "number": card["number"],
        "version": card["version"],
        "outcome": outcome,
        "policy": policy,
    }


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_gold_carries_no_mark(store, clock, actors, tmp_path, lang):
    """Same fields and same values as another item of the same post; no word of what it is."""
    put_gold(store, actors, clock)
    clock.advance(days=3)
    put_items(store, 9, priority=99.0)
    shell = sit(store, actors.an, clock, tmp_path, lang, gold_share=0.2)
    sent, seen = {}, 0
    while not (hidden := gold_given(store)) and seen < 60:
        # With a share of 0.2 and nine items, sixty tries without gold are as good as impossible.
        seen += 1
        claims.release_all(store, actors.an, clock.now())
        sent = cards(shell)
    [gold] = [sent[one] for one in hidden]
    others = [one for key, one in sent.items() if key not in hidden]

    assert others
    assert all(alike(one).keys() == alike(gold).keys() for one in others)
    assert {json.dumps(alike(one), sort_keys=True) for one in sent.values()} == {
        json.dumps(alike(gold), sort_keys=True)
    }
    assert all(len(one["id"]) == len(one["number"]) == len(gold["id"]) for one in sent.values())
    said = json.dumps(sent, ensure_ascii=False)
    assert not [
        word for word in ("gold", "chuẩn", "double", "purpose", "once more") if word in said
    ]


def gold_given(store):
    with store.read() as conn:
        query = select(tables.item.c.id).where(tables.item.c.purpose == "gold")
        return {str(key) for key in conn.execute(query).scalars()}


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_third_reader_sees_both_opinions_without_names(store, clock, actors, tmp_path, lang):
    """In an order that tells nothing of who came first, and no other item has the field."""
    item_id = split(store, actors, clock)
    put_items(store, 1)
    sent = cards(sit(store, actors.coordinator, clock, tmp_path, lang))
    [child] = [one for one in children_of(store, item_id) if one.purpose == "adjudication"]
    shown = sent[str(child.id)].pop("opinions")

    lines = {"en": {"Hate speech", "no harm"}, "vi": {"Lời lẽ thù ghét", "không gây hại"}}
    assert {line.partition(": ")[2] for line in shown["lines"]} == lines[lang]
    assert not [name for name in ("an", "binh") if name in shown["lines"][0].split()]
    assert not [one for one in sent.values() if "opinions" in one]


def test_order_of_opinions_is_as_often_the_one_as_the_other(store, clock, actors, tmp_path):
    """Of 40 items the first reader's opinion comes first in 10 to 30."""
    for _ in range(40):
        split(store, actors, clock)
    first = 0
    shell = sit(store, actors.coordinator, clock, tmp_path)
    for _ in range(4):
        for one in cards(shell).values():
            first += one["opinions"]["lines"][0].endswith("Hate speech")
        clock.advance(hours=1)
        with store.write() as conn:
            conn.execute(
                tables.item.update()
                .where(tables.item.c.state == "claimed")
                .values(state="void", claimed_by=None, claim_until=None)
            )

    assert 10 <= first <= 30


def test_desk_asks_for_second_readings_by_the_settings(store, clock, actors, tmp_path):
    """With the share at nothing none is made; the browser's word does not matter."""
    [item_id] = put_items(store, 1)
    shell, desk = sit(store, actors.an, clock, tmp_path, double_share=0.0), Desk()
    refill(shell, desk)
    [card] = payload.card_data(shell, desk)["items"]
    receive(shell, desk, [decision(card, "no_harm")])

    assert children_of(store, item_id) == []
