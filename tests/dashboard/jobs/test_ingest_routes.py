"""New items go to the team of their route and can be searched at once; erased ones cannot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from evenhand.dashboard.jobs import claims, routing, search
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.dashboard.jobs.routing import Rule
from evenhand.dashboard.jobs.search import Asked
from evenhand.data import tables
from evenhand.data.records import Delete, Page, Upsert
from evenhand.data.tables_review import item_text
from tests.conftest import NOON
from tests.fakes import FakeTagger
from tests.review_floor import put_item, put_source


@pytest.fixture
def source(store, actors):  # noqa: ARG001 - the first team is theirs
    """A source of the first team, and a second team."""
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Health desk"))
        key = put_source(conn)
        conn.execute(tables.source.update().values(team_id=1))
    return str(key)


def ingest(store, source, *events):
    page = Page(tuple(events), {})
    ingest_page(store, source_id=source, page=page, tagger=FakeTagger(), now=NOON)


def teams(store):
    with store.read() as conn:
        return list(
            conn.execute(select(tables.item.c.team_id).order_by(tables.item.c.id)).scalars()
        )


def found(store, actor, words):
    return len(search.find(store, actor, Asked(words)).found)


def test_new_item_goes_to_the_team_of_its_route_and_else_to_its_sources(
    store, actors, source, make_post
):
    """Only what comes after the approval; what is there already stays."""
    ingest(store, source, Upsert(make_post(content="scam một")))
    rule = Rule("Scams", 1, ("scam_fraud",), (), (source,), "2")
    made = routing.propose(store, actors.coordinator, rule, NOON)
    ingest(store, source, Upsert(make_post(content="scam hai")))
    routing.approve(store, actors.admin, made.id, NOON)
    ingest(store, source, Upsert(make_post(content="scam ba")))
    routing.end(store, actors.admin, made.id, NOON)
    ingest(store, source, Upsert(make_post(content="scam bốn")))

    assert [1, 1, 2, 1] == teams(store)
    [made_event] = (row.data for row in store_events(store) if row.data.get("team_id") == 2)
    assert made_event["team_id"] == 2


def store_events(store):
    with store.read() as conn:
        query = select(tables.item_event).where(tables.item_event.c.kind == "made")
        return conn.execute(query).all()


def test_item_can_be_searched_at_once_follows_an_edit_and_is_gone_with_its_text(
    store, actors, source, make_post
):
    """The folded text holds nothing of posts that are no items."""
    post = make_post(content="scam ở Đông Hà")
    ingest(store, source, Upsert(post), Upsert(make_post(content="chuyện riêng")))
    assert found(store, actors.coordinator, "dong ha") == 1
    later = replace(post, content="Đà Nẵng nhé", updated_at=NOON)
    ingest(store, source, Upsert(later))
    assert [0, 1] == [found(store, actors.coordinator, words) for words in ("dong ha", "da nang")]
    ingest(store, source, Delete(post.native_key, "removed"))
    with store.read() as conn:
        left = conn.execute(select(item_text)).all()

    assert left == []
    assert found(store, actors.coordinator, "da nang") == 0


def test_urgent_item_of_another_team_comes_to_a_coordinator_and_its_text_opens(
    store, actors, source
):
    """To a reviewer of this team it does not come."""
    with store.write() as conn:
        urgent = put_item(conn, "help_needed", queue="fast", team_id=2, text="cứu")
        put_item(conn, "spam", team_id=2)
    assert source
    assert claims.claim_next(store, actors.an, now=NOON) == []

    assert search.open_item(store, actors.coordinator, urgent.id, NOON).text == "cứu"
    assert [urgent.id] == [one.id for one in claims.claim_next(store, actors.coordinator, now=NOON)]
