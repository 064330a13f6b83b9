"""Who searches, what a query is, and how a text that was found opens."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.dashboard.jobs import access, claims, routing, search
from evenhand.dashboard.jobs.search import Asked
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.records import Role
from evenhand.data.store import erasures, item_texts
from tests.conftest import NOON
from tests.review_floor import events, put_item


def put(store, text, **changes):
    with store.write() as conn:
        made = put_item(conn, text=text, **changes)
        item_texts.index_posts(conn, [int(made.post_id)], search.folded)
    return made


def ids(store, actor, words="", **more):
    return [one.item_id for one in search.find(store, actor, Asked(words, **more)).found]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đập hồ trên ĐÃ VỠ rồi!!!", " dap ho tren da vo roi "),
        (unicodedata.normalize("NFD", "Nước lũ về"), " nuoc lu ve "),
        ("Straße 🌊 Ｆｕｌｌ", " strasse full "),
        ("ca\u200bp\u200bcuu", " capcuu "),
        ("洪水来了", " 洪水来了 "),
        ("🌊 … !", " "),
        ("", " "),
    ],
)
def test_text_is_folded_to_small_letters_without_accents_between_spaces(text, folded):
    """Đ too; emoji and signs part words, and what nobody sees parts none."""
    assert search.folded(text) == folded


WORDY = st.text(st.characters(codec="utf-8"), max_size=60)


@given(WORDY)
def test_folding_twice_is_folding_once(text):
    """Law."""
    once = search.folded(text)

    assert search.folded(once) == once


@given(WORDY)
def test_every_word_of_a_text_is_one_that_its_query_looks_for(text):
    """Law: a text is found by itself."""
    folded = search.folded(text)

    assert {one.removesuffix("*") for one in search.words_of(text)} == set(folded.split())


def test_item_is_found_with_or_without_accents(store, actors):
    """However the reader's keyboard writes."""
    made = put(store, "Cứu với! Nước lên tới mái nhà ở phường Đông Hà 😢")

    for words in ("dong ha", "Đông Hà", unicodedata.normalize("NFD", "nước MÁI"), "phuo*", "ĐÔ*"):
        assert [made.id] == ids(store, actors.coordinator, words)
    assert [] == ids(store, actors.coordinator, "dong hai")


def test_coordinators_and_admins_search_and_nobody_else(store, actors):
    """A reviewer who searched would see which posts are read a second time."""
    made = put(store, "lũ")
    assert [made.id] == ids(store, actors.coordinator, "lu")
    assert [made.id] == ids(store, replace(actors.admin, team_id=None), "lu")
    for refused in (actors.an, actors.analyst, actors.leader):
        with pytest.raises(NotAllowed):
            ids(store, refused, "lu")
        with pytest.raises(NotAllowed):
            search.open_item(store, refused, made.id, NOON)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked("a b c d e f g h i j k"), "has 11"),
        (Asked("x" * 201), "and 201"),
        (Asked(queue="all"), "is no queue"),
        (Asked(label="politics"), "is no label"),
        (Asked(state="gone"), "is no state"),
    ],
)
def test_query_that_cannot_be_answered_is_refused_with_what_to_do(store, actors, asked, said):
    """Topics are no labels here either."""
    with pytest.raises(InputError, match=said):
        search.find(store, actors.coordinator, asked)


def test_filters_and_where_to_go_on_are_taken_over(store, actors):
    """The page's address carries them."""
    first = put(store, "lũ", label="hate", lang="vi")
    second = put(store, "lũ", label="spam", lang="en", queue="request")
    source = next(iter(routing.choices(store, actors.coordinator, NOON).sources))
    who = actors.coordinator

    assert [first.id] == ids(store, who, label="hate")
    assert [second.id] == ids(store, who, "lu", queue="request", lang="en", state="open")
    assert [second.id, first.id] == ids(store, who, source=source)
    page = search.find(store, who, Asked("lu"), at_most=1)
    again = search.find(store, who, Asked("lu"), before=page.before)
    assert [first.id] == [one.item_id for one in again.found]


def test_opening_shows_the_present_text_and_the_items_log_tells_of_it(store, actors):
    """A list of results shows none of it."""
    made = put(store, "Nước lũ 🌊")
    opened = search.open_item(store, actors.coordinator, made.id, NOON)

    assert search.Opened(None, "Nước lũ 🌊") == opened
    assert events(store, made.id) == ["made", "text_read"]
    with pytest.raises(NotFound):
        search.open_item(store, actors.coordinator, "x", NOON)
    with pytest.raises(NotAllowed):
        search.open_item(store, access.operator(), made.id, NOON)


def test_admin_opens_a_text_under_a_live_claim_only(store, actors):
    """The role of the terminal's keeper is no reason to read."""
    made = put(store, "lũ")
    with pytest.raises(NotAllowed):
        search.open_item(store, actors.admin, made.id, NOON)
    both = replace(actors.admin, roles=frozenset({Role.ADMIN, Role.REVIEWER}))
    claims.claim_next(store, both, now=NOON, count=1)

    assert "lũ" == search.open_item(store, both, made.id, NOON).text


def test_erased_text_does_not_open_and_is_not_found(store, actors):
    """Where the item stands is still shown."""
    made = put(store, "lũ")
    with store.write() as conn:
        item_texts.forget_posts(conn, [int(made.post_id)])
        row = conn.execute(tables.post.select()).one()
        erasures.tombstone_posts(conn, row.source_id, {row.native_key: None}, NOON)

    assert [] == ids(store, actors.coordinator, "lu")
    [found] = search.find(store, actors.coordinator, Asked()).found
    assert ("void", False) == (found.state, found.has_text)
    assert search.Opened(None, None) == search.open_item(store, actors.coordinator, made.id, NOON)


def test_worker_catches_up_with_items_from_before_there_was_a_search(store, actors):
    """After that there is nothing to do."""
    with store.write() as conn:
        made = put_item(conn, text="Lũ về")
    assert [] == ids(store, actors.coordinator, "lu ve")
    assert [1, 0] == [search.catch_up(store), search.catch_up(store)]

    assert [made.id] == ids(store, actors.coordinator, "lu ve")
