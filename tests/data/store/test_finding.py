"""Search inside items: words, filters, teams, and what one look costs."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from evenhand.data import tables
from evenhand.data.errors import NotAllowed, NotFound
from evenhand.data.records import ItemState
from evenhand.data.store import children, claims, finding, item_texts
from evenhand.data.store.children import Purpose
from evenhand.data.store.finding import Found, Wanted
from evenhand.data.store.posts import Ground
from tests.conftest import NOON
from tests.review_floor import put_item, put_post

pytestmark = pytest.mark.usefixtures("actors")


def put(store, text=" nuoc len ", **changes):
    """Put an item in whose text is folded already."""
    with store.write() as conn:
        made = put_item(conn, text=text, **changes)
        item_texts.index_posts(conn, [int(made.post_id)], str)
    return made.id


def look(store, *words, team_id=None, before=None, at_most=20, **more):
    with store.read() as conn:
        wanted = Wanted(words=words, **more)
        return finding.find(conn, wanted, team_id=team_id, before=before, at_most=at_most)


def ids(store, *words, **more):
    return [one.item_id for one in look(store, *words, **more).found]


def change(store, item_id, **values):
    with store.write() as conn:
        where = tables.item.c.id == int(item_id)
        conn.execute(update(tables.item).where(where).values(**values))


def test_all_words_must_occur_as_whole_words_the_newest_first(store):
    """In any order; a star stands for the rest of a word, and signs of SQL for themselves."""
    first = put(store, " nuoc len nhanh o phuong ")
    second = put(store, " phuong nay nuoc 100_pct x ")
    put(store, " nuocs phuongx ")

    assert [second, first] == ids(store, "nuoc", "phuong")
    assert [first] == ids(store, "phuong", "nhanh")
    assert [] == ids(store, "nuo")
    assert len(ids(store, "nuo*")) == 3
    assert [] == ids(store, "n_oc")
    assert [] == ids(store, "%")
    assert [second] == ids(store, "100_pct")
    assert [] == ids(store, "100xpct")


def test_letters_without_spaces_between_words_are_found_inside(store):
    """Not all languages part their words."""
    made = put(store, " 洪水来了 ")

    assert [made] == ids(store, "水来")
    assert [made] == ids(store, "洪水*")
    assert [] == ids(store, "水水")


def test_filters_narrow_and_may_stand_alone(store):
    """Queue, label, language, state and source."""
    harm = put(store, label="hate")
    fast = put(store, label="help_needed", queue="fast", lang="en")
    change(store, harm, state="closed", decided_at=NOON)
    with store.read() as conn:
        source = str(conn.execute(select(tables.source.c.id)).scalar_one())

    assert [fast, harm] == ids(store)
    assert [fast] == ids(store, queue="fast")
    assert [harm] == ids(store, label="hate")
    assert [fast] == ids(store, "nuoc", lang="en")
    assert [harm] == ids(store, state=ItemState.CLOSED)
    assert [fast, harm] == ids(store, source_id=source)
    assert [] == ids(store, source_id="99")
    with pytest.raises(NotFound):
        ids(store, source_id="x")


def test_only_items_are_found_and_none_that_is_read_once_more(store):
    """A post that nothing brought up is a number (safeguard 2)."""
    made = put(store)
    with store.write() as conn:
        hidden = put_post(conn, " nuoc rieng ", flagged=False)
        item_texts.index_posts(conn, [hidden], str)
        parent = conn.execute(select(tables.item).where(tables.item.c.id == int(made))).one()
        children.make(conn, parent, Purpose.DOUBLE, NOON)

    assert [made] == ids(store, "nuoc")
    assert [] == ids(store, "rieng")
    assert [made] == ids(store)


def test_other_teams_items_are_not_found_but_urgent_ones_are(store):
    """The filter is part of the query."""
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Health desk"))
    mine, nobodys = put(store, team_id=1), put(store)
    theirs, urgent = put(store, team_id=2), put(store, team_id=2, queue="fast")

    assert [urgent, nobodys, mine] == ids(store, "nuoc", team_id="1")
    assert [urgent, theirs, nobodys] == ids(store, "nuoc", team_id="2")
    assert [urgent, theirs, nobodys, mine] == ids(store, "nuoc")
    assert "Health desk" == look(store).found[0].team_name


def test_looks_go_on_where_the_last_one_ended(store):
    """Nothing twice, nothing left out, and the end is told."""
    made = [put(store) for _ in range(5)]
    found, before, looks = [], None, 0
    while looks == 0 or before is not None:
        one = look(store, "nuoc", before=before, at_most=2)
        found += [row.item_id for row in one.found]
        before, looks = one.before, looks + 1

    assert list(reversed(made)) == found
    assert looks == 3
    with pytest.raises(NotFound):
        look(store, before="x")


def test_one_look_goes_through_so_many_items_and_says_how_far_back(store, monkeypatch):
    """A rare word costs no more than a frequent one."""
    monkeypatch.setattr(finding, "LOOKED_THROUGH", 2)
    rare = put(store, " lu ")
    change(store, rare, created_at=NOON - timedelta(days=3))
    common = [put(store) for _ in range(3)]
    first = look(store, "lu")
    second = look(store, "lu", before=first.before)

    assert ((), common[1], NOON) == (first.found, first.before, first.since)
    assert [rare] == [one.item_id for one in second.found]
    assert (None, NOON - timedelta(days=3)) == (second.before, second.since)


def test_empty_store_has_nothing_to_look_through(store):
    """Nor a time since when."""
    assert finding.Look((), None, None) == look(store, "lu")


def test_result_holds_where_an_item_stands_and_no_text(store):
    """Nor anything of whoever wrote it."""
    made = put(store)
    [found] = look(store, "nuoc").found

    assert (made, "harm", "hate", "vi", ItemState.OPEN, "r/danang", None, True) == (
        found.item_id,
        found.queue,
        found.label,
        found.lang,
        found.state,
        found.source_name,
        found.team_name,
        found.has_text,
    )
    names = {field.name for field in fields(Found)} | {field.name for field in fields(Wanted)}
    assert not [name for name in names if "author" in name or "person" in name]
    assert "text" not in names


def permit(store, actor, item_id, now=NOON):
    with store.read() as conn:
        return finding.permit(conn, actor, item_id, now)


def test_text_opens_for_a_coordinator_of_the_team_or_under_a_live_claim(store, actors):
    """For nobody else, whatever their role, and no longer than the claim lasts."""
    made = put(store)
    assert Ground.FLAG is permit(store, actors.coordinator, made).ground
    for refused in (actors.an, actors.admin, actors.analyst, actors.leader):
        with pytest.raises(NotAllowed, match="claim it, or ask a coordinator"):
            permit(store, refused, made)
    with store.write() as conn:
        wish = claims.Wish("1", ("harm",), None, "1", escalated=False, count=1)
        claims.claim(conn, wish, now=NOON, until=NOON + timedelta(minutes=10))

    assert Ground.CLAIM is permit(store, actors.an, made).ground
    with pytest.raises(NotAllowed):
        permit(store, actors.binh, made)
    with pytest.raises(NotAllowed):
        permit(store, actors.an, made, NOON + timedelta(minutes=10))


def test_text_of_another_teams_item_does_not_open(store, actors):
    """It is as if it were not there; nor does a second reading open by its own id."""
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Health desk"))
    theirs = put(store, team_id=2)
    with store.write() as conn:
        parent = conn.execute(select(tables.item)).one()
        child = str(children.make(conn, parent, Purpose.DOUBLE, NOON))
    with pytest.raises(NotFound, match="search again"):
        permit(store, actors.coordinator, theirs)
    for odd in (child, "99", "x"):
        with pytest.raises(NotFound):
            permit(store, replace(actors.coordinator, team_id="2"), odd)

    assert permit(store, replace(actors.coordinator, team_id="2"), theirs).item_id == int(theirs)


def test_text_of_a_drawn_post_opens_for_a_coordinator(store, actors):
    """A draw brought it up, without any flag of a model."""
    with store.write() as conn:
        made = put_item(conn, "spam", post={"flagged": False})
        conn.exec_driver_sql("UPDATE flag SET origin = 'audit'")

    assert Ground.AUDIT is permit(store, actors.coordinator, made.id).ground
