"""The component's two ends: what it is mounted with, and what its messages do."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from types import SimpleNamespace

import pytest
import streamlit as st

from evenhand.dashboard.card import component
from evenhand.dashboard.card.desk import Desk, Refusal, refill
from evenhand.dashboard.jobs.claims import MOST_COUNTED
from evenhand.dashboard.shell import Shell
from evenhand.data.errors import AlreadyDecided, ClaimLost, InputError, NotFound
from evenhand.data.settings import Settings
from tests.card_floor import named, numbered
from tests.review_floor import item_row, put_items

SCRIPTS = {
    name: files("evenhand.dashboard.card").joinpath(name).read_text("utf-8")
    for name in component.SCRIPTS
}


@pytest.fixture
def shell(store, clock, tmp_path, actors):
    return Shell(store, Settings(workspace=tmp_path), actors.an, "vi", clock.now)


def test_batch_from_the_browser_reaches_the_desk(shell, store):
    """What the trigger carries is decided on."""
    put_items(store, 1)
    desk = Desk()
    refill(shell, desk)
    (item,) = desk.held.values()
    message = {
        "uuid": "u1",
        "kind": "decide",
        "item": named(shell, item.id),
        "number": numbered(shell, item.claim.number, item.id),
        "version": 1,
        "outcome": "no_harm",
    }
    component.take_batch(shell, desk, {"batch": {"n": 1, "messages": [message]}})

    assert item_row(store, item.id).state == "closed"


@pytest.mark.parametrize(
    "state", [None, {}, {"batch": None}, {"batch": 3}, {"batch": {}}, {"batch": {"messages": "x"}}]
)
def test_state_without_messages_does_nothing(state):
    """A rerun without a trigger, or a made-up one, changes nothing."""
    desk = Desk()
    component.take_batch(None, desk, state)

    assert list(desk.acks) == []


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (Refusal("u", ClaimLost("x")), "Bạn đã hết thời gian giữ mục này"),
        (Refusal("u", AlreadyDecided("x")), "vừa có người quyết định"),
        (Refusal("u", NotFound("x")), "không còn nữa"),
        (Refusal("u", InputError("why not")), "why not"),
        (Refusal("u", InputError("x"), late_undo=True), "điều phối viên mở lại"),
    ],
)
def test_refusal_is_worded_in_the_persons_language(shell, refusal, said):
    """A reviewer reads what happened and how to go on."""
    assert said in component.refusal_words(shell, refusal)


def test_waiting_shows_where_counting_stopped(shell):
    """Counting stops at a thousand, and says so."""
    assert component.waiting_words(shell, 999) == "999"
    assert component.waiting_words(shell, MOST_COUNTED) == "1.000+"


def test_card_mounts_with_everything_the_browser_needs(shell, store, monkeypatch):
    """Each word that the scripts ask for is sent, and the whole is JSON."""
    put_items(store, 2)
    sent = SimpleNamespace()
    monkeypatch.setattr(st.components.v2, "component", lambda *_, **parts: catcher(sent, parts))
    component.mounted.cache_clear()
    component.card(shell, Desk(refused=[Refusal("u1", ClaimLost("x"))]))
    component.mounted.cache_clear()

    data = json.loads(json.dumps(sent.data))
    asked = set(re.findall(r"\b(?:say|words)\.([a-z_]+)", "".join(SCRIPTS.values())))
    assert asked - set(data["words"]) == set()
    assert (len(data["items"]), len(data["policies"]), len(data["skips"])) == (2, 9, 5)
    assert data["refused"][0]["sentence"].startswith("Bạn đã hết thời gian")
    assert all(text in sent.parts["js"] for text in SCRIPTS.values())


def catcher(sent, parts):
    sent.parts = parts

    def mount(*, key, data, on_batch_change):
        sent.key, sent.data, sent.callback = key, data, on_batch_change

    return mount


@pytest.mark.parametrize("name", component.SCRIPTS)
def test_script_writes_text_only_as_text(name):
    """No way of turning text into markup, code or an address is used anywhere."""
    banned = (
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function|\.href|\.src\b"
    )

    assert re.findall(banned, SCRIPTS[name]) == []


def test_scripts_never_use_the_keys_of_streamlit():
    """R and C belong to Streamlit."""
    keys = SCRIPTS["keys.js"]
    outcomes = re.search(r"OUTCOMES = \{(.*)\}", keys)[1]
    used = {*re.findall(r"([A-Z]):", outcomes), *re.findall(r"\b([A-Z]): \(\)", keys)}

    assert used == set("NEADUVTSBMPW")
