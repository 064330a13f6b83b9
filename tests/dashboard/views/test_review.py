"""The review page: a queue to choose, the card, and sentences where it cannot be shown."""

from __future__ import annotations

from datetime import UTC

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import claims, languages
from evenhand.dashboard.shell import Shell
from evenhand.data import tables
from evenhand.data.settings import Settings
from tests.review_floor import item_row, put_item, put_items, put_source


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the page for an actor."""

    def drawing(actor, spoken="en", **address):
        shell = Shell(store, Settings(workspace=tmp_path), actor, spoken, clock.now, UTC)
        app = AppTest.from_function(draw, args=(shell,), default_timeout=30)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
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


def box(app, label):
    return next(one for one in app.multiselect if one.label == label)


def asked(app, name):
    """Read a field of the address, which AppTest gives in a list after a change."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[-1]


def press(app, label):
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception
    return app


def held_by(store, actor, clock):
    return [one.id for one in claims.held(store, actor, clock.now())]


def test_filter_claims_anew_says_so_and_is_cleared_in_one_click(show, store, actors, clock):
    """By reason, language and source; the address says the same."""
    with store.write() as conn:
        spam = put_item(conn, "spam", lang="en").id
        hate = put_item(conn, "hate", lang="en").id
        put_item(conn, "spam", lang="vi")
    app = show(actors.an)
    assert 3 == len(held_by(store, actors.an, clock))
    box(app, "Reasons").set_value(["spam"])
    box(app, "Languages").set_value(["en"])
    press(app, "Apply")

    assert [spam] == held_by(store, actors.an, clock)
    assert item_row(store, hate).state == "open"
    assert "Only: Spam · English" in [one.value for one in app.text]
    assert ["spam", "en"] == [asked(app, one) for one in ("label", "lang")]
    press(app, "Clear the filter")
    assert 3 == len(held_by(store, actors.an, clock))
    assert {"label", "lang", "source"}.isdisjoint(app.query_params)
    assert "Clear the filter" not in [one.label for one in app.button]


def test_address_filters_from_the_first_claim_on_and_bad_values_are_said(
    show, store, actors, clock
):
    """A link that was passed on; what there is not is left out, and the page says what it was."""
    with store.write() as conn:
        put_item(conn, "hate")
        spam = put_item(conn, "spam").id
        scam = put_item(conn, "scam_fraud").id
    app = show(actors.an, "vi", label="spam,scam_fraud,politics", source="99,x")

    assert {spam, scam} == set(held_by(store, actors.an, clock))
    assert ["Địa chỉ nêu giá trị không có ở đây nên đã bỏ qua: lý do, nguồn."] == [
        one.value for one in app.info
    ]
    app.run()
    assert {spam, scam} == set(held_by(store, actors.an, clock))
    assert "source" not in app.query_params


def test_names_of_sources_are_letters_only_in_the_line_of_the_filter(show, store, actors, clock):
    """Whatever markup a person typed into them."""
    with store.write() as conn:
        other = put_item(conn, post={"source_id": put_source(conn)}).id
        values = {"kind": "file", "options": {}, "state": "active", "created_at": clock.now()}
        conn.execute(tables.source.insert().values(id=77, name="**x** ![](/auth/logout)", **values))
        mine = put_item(conn, post={"source_id": 77}).id
    app = show(actors.an, source="77")

    assert [mine] == held_by(store, actors.an, clock)
    assert item_row(store, other).state == "open"
    assert any("**x** ![](/auth/logout)" in one.value for one in app.text)
    assert not any("logout" in one.value for one in app.markdown)


def test_filter_offers_only_languages_that_the_reviewer_reads(show, store, actors, clock):
    """And those too short to say, which come to everybody."""
    languages.choose(store, actors.an, ["vi"], clock.now())
    app = show(actors.an, lang="vi,en")

    assert ["Only: Vietnamese"] == [one.value for one in app.text if "Only" in one.value]
    assert ["Vietnamese"] == box(app, "Languages").options


def test_languages_that_one_reads_are_saved_beside_the_filter(show, store, actors, clock):
    """What one cannot read goes back at once, and the filter offers the rest."""
    with store.write() as conn:
        viet, english = put_item(conn, lang="vi").id, put_item(conn, lang="en").id
    app = show(actors.an)
    assert {viet, english} == set(held_by(store, actors.an, clock))
    box(app, "Languages you read").set_value(["vi"])
    press(app, "Save")

    assert languages.own(store, actors.an) == {"vi"}
    assert [viet] == held_by(store, actors.an, clock)
    assert item_row(store, english).state == "open"
    assert "English" not in box(app, "Languages").options
