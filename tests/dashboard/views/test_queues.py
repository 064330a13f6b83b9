"""The queues page: what waits, who is at work, routes by two persons, search and saved views."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import claims, languages, routing, saved_views, search
from evenhand.dashboard.jobs.routing import Rule
from evenhand.dashboard.shell import Shell
from evenhand.data import tables
from evenhand.data.records import Actor, Role
from evenhand.data.settings import Settings
from evenhand.data.store import item_texts
from tests.conftest import NOON
from tests.review_floor import put_item, put_items

FLOOD = Rule("Cứu hộ ![](/auth/logout) **lũ**", 2, ("help_needed",), ("vi",), (), "1")
SECOND = Actor("7", "second", frozenset({Role.COORDINATOR}), "1")


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the page for an actor, as an address opens it."""

    def drawing(actor, spoken="en", **address):
        shell = Shell(store, Settings(workspace=tmp_path), actor, spoken, clock.now, UTC)
        app = AppTest.from_function(draw, args=(shell,), default_timeout=30)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return drawing


@pytest.fixture
def second(store, actors):  # noqa: ARG001 - it joins their team
    """A second coordinator of the team."""
    with store.write() as conn:
        person = {"id": 7, "name": "second", "password_hash": "!", "created_at": NOON}
        conn.execute(tables.person.insert().values(**person))
        member = {"person_id": 7, "team_id": 1, "role": "coordinator"}
        conn.execute(tables.membership.insert().values(**member))
    return SECOND


def draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.queues import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


def texts(app):
    shown = (*app.text, *app.markdown, *app.success, *app.error, *app.warning, *app.info)
    return [one.value for one in shown]


def says(app, part):
    return any(part in one for one in texts(app))


def click(app, label):
    drawn = next(one for one in app.button if one.label == label or f"[{label}]" in one.label)
    drawn.click().run()
    assert not app.exception
    return app


def asked(app, name):
    """Read a field of the address, which AppTest gives in a list after a change."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[-1]


def labels(app):
    return [one.label for one in app.button]


def box(boxes, label):
    return next(one for one in boxes if one.label == label)


def find(app, words):
    box(app.text_input, "Words").set_value(words)
    return click(app, "Search")


def put(store, text, **changes):
    with store.write() as conn:
        made = put_item(conn, text=text, **changes)
        item_texts.index_posts(conn, [int(made.post_id)], search.folded)
    return made.id


@pytest.mark.parametrize(
    ("lang", "title", "said"),
    [("en", "Queues", "Nothing waits for a decision"), ("vi", "Hàng chờ", "Không có mục nào chờ")],
)
def test_page_says_what_is_not_there_yet(show, actors, lang, title, said):
    """In both languages, and for a coordinator that nobody is at work."""
    app = show(actors.coordinator, lang)

    assert title == app.title[0].value
    assert says(app, said)


def test_page_tells_what_waits_and_who_is_at_work(show, store, actors):
    """Counts by queue, reason and language; names by the alphabet, without speed."""
    put_items(store, 3, label="hate")
    put_items(store, 2, label="question", queue="request", lang="en", due_at=NOON)
    claims.claim_next(store, actors.binh, now=NOON, count=1)
    claims.claim_next(store, actors.an, now=NOON, count=1)
    app = show(actors.coordinator)

    assert ["5", "2", "2", "3"] == [one.value for one in app.metric]
    assert says(app, "2 past their deadline; 2 of 3 people hold items now")
    places, people = (one.value for one in app.dataframe)
    assert ["Hate speech", "Question"] == list(places["Reason"])
    assert ["Vietnamese", "English"] == list(places["Language"])
    assert ["3", "2"] == list(places["Waiting"])
    assert ["an", "binh"] == list(people["Name"])
    assert ["Name", "To decide", "To answer", "Since"] == list(people.columns)
    [chart] = app.get("plotly_chart")
    assert "In all: 5 under 1 hour" in chart.proto.alt


@pytest.mark.parametrize(
    ("lang", "drawn", "every"),
    [
        ("en", "Drawn, not flagged", "every language"),
        ("vi", "Rút để đọc, không gắn cờ", "mọi ngôn ngữ"),
    ],
)
def test_what_was_drawn_is_told_in_counts_and_not_beside_an_item(  # noqa: PLR0913, PLR0917 - the words of one language
    show, store, actors, lang, drawn, every
):
    """A count by reason says so; a search does not, since whoever reads must not know it."""
    put(store, "nước lũ", label="audit")
    places = show(actors.coordinator, lang).dataframe[0].value
    found = show(actors.coordinator, lang, part="search", q="lũ")

    assert [[drawn, every]] == places.iloc[:, 1:3].to_numpy().tolist()
    assert says(found, "· another reason" if lang == "en" else "· lý do khác")
    assert not says(found, drawn)


def test_page_tells_how_many_people_read_each_language(show, store, actors):
    """And warns of what nobody reads; in counts alone."""
    put_items(store, 3, lang="en")
    put_items(store, 1, lang="vi")
    for actor in (actors.an, actors.binh, actors.coordinator):
        languages.choose(store, actor, ["vi"], NOON)
    app = show(actors.coordinator)
    [table] = (one.value for one in app.table)

    assert ["Language", "Waiting", "Overdue", "People who read it"] == list(table.columns)
    assert [["English", "3", "0", "0"], ["Vietnamese", "1", "0", "3"]] == table.to_numpy().tolist()
    assert says(app, "3 items wait in languages that nobody in the team reads: English.")
    languages.choose(store, actors.an, [], NOON)
    assert not says(show(actors.coordinator), "nobody in the team reads")


def test_urgent_items_that_nobody_is_there_for_are_called_out(show, store, actors):
    """Before anything else that waits."""
    put_items(store, 1, label="help_needed", queue="fast", due_at=NOON)
    app = show(actors.coordinator)

    assert says(app, "Urgent items wait and nobody holds an item now")
    assert says(app, "1 of them urgent")


def test_admin_sees_counts_without_names(show, store, actors):
    """And no form to propose a route."""
    put_items(store, 1)
    claims.claim_next(store, actors.an, now=NOON, count=1)
    admin = replace(actors.admin, team_id=None)
    app = show(admin)
    assert 1 == len(app.dataframe)
    assert not says(app, "hold items now")

    assert [] == show(admin, part="routes").text_input


def test_route_is_proposed_counted_approved_by_another_and_ended(show, store, actors, second):
    """The page says what each would have taken, in counts only."""
    put(store, "Cứu với", label="help_needed", queue="fast")
    put(store, "Cứu với", label="spam")
    app = show(actors.coordinator, part="routes")
    box(app.text_input, "Name").set_value("Flood calls")
    box(app.multiselect, "Reasons").set_value(["help_needed"])
    click(app, "Count first")
    assert says(app, "Would have taken 1 of the 2 items of the last 7 days.")
    assert routing.listing(store, actors.coordinator, NOON).waiting == ()
    click(app, "Propose")
    assert says(app, "Ask another coordinator")
    assert says(app, "somebody else has to approve")
    assert "Approve" not in labels(app)

    other = click(show(second, part="routes"), "Approve")
    assert says(other, "New items follow it")
    [made] = routing.in_force(store)
    assert ("Flood calls", ("help_needed",)) == (made.rule.name, made.rule.labels)
    click(other, "End")
    assert [] == routing.in_force(store)
    assert says(other, "No route is in force")


def test_route_that_lacks_a_name_is_refused_in_words(show, actors):
    """The error's own line says what to do."""
    app = click(show(actors.coordinator, part="routes"), "Propose")

    assert says(app, "a route needs a name of 1 to 80")


def test_names_that_people_typed_are_letters_only(show, store, actors):
    """Whatever markup stands in them."""
    routing.propose(store, actors.coordinator, FLOOD, NOON)
    app = show(actors.coordinator, "vi", part="routes")

    assert FLOOD.name in [one.value for one in app.text]
    assert not any("auth" in one.value for one in app.markdown)


def test_search_finds_items_and_shows_no_text_before_it_is_opened(show, store, actors):
    """With or without accents; what was opened is letters only."""
    text = "Nước lên <b>nhanh</b> ở Đông Hà"
    made = put(store, text)
    put(store, "Chuyện khác")
    app = show(actors.coordinator, part="search")
    assert says(app, "Type a word or choose a filter")
    find(app, "dong ha")
    assert says(app, f"**Item {made}**")
    assert says(app, "1 item, looked back to")
    assert not says(app, "Nước lên")
    click(app, "Open the text")

    assert text in [one.value for one in app.text]
    assert asked(app, "q") == "dong ha"


def test_address_alone_shows_the_same_search(show, store, actors):
    """A link says words and filters; what a filter does not know is passed over."""
    made = put(store, "lũ", label="spam", lang="en")
    put(store, "lũ", label="hate")
    address = {"part": "search", "q": "lu", "label": "spam", "lang": "en", "state": "nonsense"}
    app = show(actors.coordinator, "vi", **address)

    assert says(app, f"**Mục {made}**")
    assert 1 == sum("**Mục " in one for one in texts(app))
    assert "state" not in app.query_params


def test_search_goes_further_back_and_returns_to_the_newest(show, store, actors, monkeypatch):
    """Where it stands is in the address; a new search begins at the newest again."""
    monkeypatch.setattr(search.finding, "LOOKED_THROUGH", 2)
    old = put(store, "lũ")
    for _ in range(2):
        put(store, "khác")
    app = show(actors.coordinator, part="search", q="lu")
    assert says(app, "No item made since")
    click(app, "Look further back")
    assert says(app, f"**Item {old}**")
    assert "before" in app.query_params
    click(app, "Back to the newest")
    assert "before" not in app.query_params
    click(app, "Look further back")
    find(app, "khac")

    assert "before" not in app.query_params
    assert says(app, "2 items, looked back to")


def test_address_that_makes_no_sense_is_said_to(show, store, actors):
    """It breaks no page."""
    put(store, "lũ")
    assert says(show(actors.coordinator, part="search", q="lu", before="x"), "no longer there")

    assert says(show(actors.coordinator, part="search", q="a b c d e f g h i j k"), "has 11")


def test_erased_text_is_said_to_be_gone(show, store, actors):
    """Its item still shows where it stands."""
    put(store, "lũ", label="hate")
    with store.write() as conn:
        conn.execute(tables.post.update().values(text_erased_at=NOON))
    app = show(actors.coordinator, part="search", label="hate")

    assert says(app, "Its text no longer exists")
    assert "Open the text" not in labels(app)


def test_item_tells_its_team_its_decision_and_its_marks_and_opens_with_its_title(
    show, store, actors
):
    """All of it without a word of the text before that."""
    put(store, "lũ về", team_id=1)
    with store.write() as conn:
        marks = {"escalated": True, "edited_after_review": True, "decided_at": NOON}
        conn.execute(tables.item.update().values(state="decided", **marks))
        conn.execute(tables.post_version.update().values(name="Tin gấp"))
    app = show(actors.coordinator, part="search", state="decided")
    assert {"Tổ trực", "decided", "24 Nov 2026, 12:00"} <= {one.value for one in app.text}
    assert says(app, "skipped three times, edited after review")
    assert not says(app, "Tin gấp")
    click(app, "Open the text")

    assert {"Tin gấp", "lũ về"} <= {one.value for one in app.text}


def test_search_of_an_empty_store_says_that_there_are_no_items(show, actors):
    """Rather than since when none fits."""
    assert says(show(actors.coordinator, part="search", q="lu"), "There are no items yet")


def test_view_that_a_colleague_removed_breaks_no_page(show, store, actors):
    """The box falls back to one that is there."""
    who = actors.coordinator
    made = [
        saved_views.save(store, who, "queues", name, {"q": "lu"}, NOON) for name in ("a", "b", "c")
    ]
    app = show(who, part="search")
    box(app.selectbox, "Saved view").select_index(1).run()
    saved_views.remove(store, actors.admin, made[1])
    app.run()

    assert not app.exception
    assert ["a", "c"] == box(app.selectbox, "Saved view").options


def test_view_is_saved_applied_and_removed_by_the_team(show, store, actors, second):
    """Another coordinator finds it, and it says the same again."""
    made = put(store, "lũ", label="hate")
    app = show(actors.coordinator, part="search", q="lu", label="hate")
    box(app.text_input, "Name of the view").set_value("Lũ **gấp**")
    click(app, "Save this search")
    assert says(app, "Saved for your team")

    other = show(second, part="search")
    assert ["Lũ **gấp**"] == box(other.selectbox, "Saved view").options
    click(other, "Apply")
    assert (asked(other, "q"), asked(other, "label")) == ("lu", "hate")
    assert says(other, f"**Item {made}**")
    click(other, "Remove")
    assert says(other, "Removed.")
    assert not [one for one in other.selectbox if one.label == "Saved view"]


def test_view_without_a_name_or_without_a_search_is_refused(show, actors):
    """With what to do."""
    app = click(show(actors.coordinator, part="search", q="lu"), "Save this search")
    assert says(app, "a saved view needs a name")
    app = show(actors.coordinator, part="search")
    box(app.text_input, "Name of the view").set_value("x")

    assert says(click(app, "Save this search"), "nothing to save")


@pytest.mark.parametrize("part", ["waits", "routes", "search"])
def test_nobody_else_sees_the_page(show, store, actors, part):
    """Its jobs check the roles, whatever the address says."""
    put(store, "lũ")
    for refused in (actors.an, actors.leader, actors.analyst):
        app = show(refused, part=part, q="lu")

        assert says(app, "coordinator")
        assert not says(app, "Item ")
        assert [] == list(app.dataframe)
