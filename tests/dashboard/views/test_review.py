"""The review page: a queue to choose, the card, and sentences where it cannot be shown."""

from __future__ import annotations

from datetime import UTC

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import claims
from evenhand.dashboard.shell import Shell
from evenhand.data.settings import Settings
from tests.review_floor import item_row, put_item, put_items


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the page for an actor."""

    def drawing(actor, lang="en"):
        shell = Shell(store, Settings(workspace=tmp_path), actor, lang, clock.now, UTC)
        app = AppTest.from_function(draw, args=(shell,), default_timeout=30).run()
        assert not app.exception
        return app

    return drawing


def draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.review import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


@pytest.mark.parametrize(
    ("lang", "title", "queues"),
    [
        ("en", "Review", ["All", "Urgent", "Harm", "Requests"]),
        ("vi", "Duyệt bài", ["Tất cả", "Khẩn", "Gây hại", "Yêu cầu"]),
    ],
)
def test_page_offers_the_queues_and_the_card(show, actors, lang, title, queues):
    """One title, one choice, one card; both languages."""
    app = show(actors.an, lang)

    assert [one.value for one in app.title] == [title]
    assert queues == app.segmented_control[0].options
    assert not app.error


def test_page_claims_for_whoever_opens_it(show, store, actors, clock):
    """Opening the page is the claim: there is no button in between."""
    put_items(store, 12)
    show(actors.an)

    assert len(claims.held(store, actors.an, clock.now())) == 10


def test_other_queue_gives_back_and_claims_anew(show, store, actors, clock):
    """Whoever changes to requests holds requests alone, and may change back."""
    with store.write() as conn:
        harm = put_item(conn).id
        request = put_item(conn, "question", queue="request").id
    app = show(actors.an)
    app.segmented_control[0].set_value("request").run()

    assert [one.id for one in claims.held(store, actors.an, clock.now())] == [request]
    assert item_row(store, harm).state == "open"
    app.segmented_control[0].set_value("all").run()
    assert len(claims.held(store, actors.an, clock.now())) == 2


@pytest.mark.parametrize("who", ["leader", "analyst", "admin"])
def test_page_tells_other_roles_whom_to_ask(show, store, actors, who):
    """Whoever comes here by address is told why there is nothing, and nothing is claimed."""
    [item_id] = put_items(store, 1)
    app = show(getattr(actors, who), "vi")

    assert "không cho phép" in app.error[0].value
    assert item_row(store, item_id).state == "open"
