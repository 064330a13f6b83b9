"""The overview has five figures, says what changed only where it may, and leads on."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import claims, decisions
from evenhand.dashboard.shell import Shell
from evenhand.dashboard.words.glossary import say
from evenhand.data import tables
from evenhand.data.records import Actor, Decision, Outcome
from evenhand.data.settings import Settings
from evenhand.data.store import rollups_anew
from tests.audit_floor import DAY, audit_now, put_day
from tests.coverage_floor import count, fill
from tests.review_floor import NOON, put_item, put_items

NAMES = {
    "en": (
        *("Harm found", "Review coverage", "Median time to a decision", "Response coverage"),
        "Waiting now",
    ),
    "vi": (
        *("Nội dung gây hại tìm được", "Tỷ lệ đã duyệt", "Thời gian trung vị đến quyết định"),
        *("Tỷ lệ đã trả lời", "Đang chờ"),
    ),
}


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the page for an actor."""

    def drawing(actor, lang="en"):
        shell = Shell(store, Settings(workspace=tmp_path), actor, lang, clock.now, UTC)
        app = AppTest.from_function(draw, args=(shell,), default_timeout=60)
        app.run()
        assert not app.exception
        return app

    return drawing


def draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.overview import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


def said(app):
    return [one.value for one in (*app.markdown, *app.error)]


def has(app, words):
    return any(words in text for text in said(app))


def value(app, name):
    [found] = [one.value for one in app.metric if one.label == name]
    return found


@pytest.mark.parametrize("lang", NAMES)
def test_empty_store_gives_five_figures_without_a_number(show, actors, lang):
    """Nothing of nothing is a dash; harm found is not measured, and the page says so."""
    app = show(actors.leader, lang)

    assert list(NAMES[lang]) == [one.label for one in app.metric]
    assert ["–", "–", "–", "–", "0"] == [one.value for one in app.metric]
    assert not any(
        "100%" in text for text in said(app) if say("coverage.def_recall", lang) not in text
    )


def test_figures_are_what_sql_counts(show, store, actors, clock):
    """Shares and what waits are those of the store."""
    fill(store, actors.an, clock.now(), days=9)
    app = show(actors.leader)

    made = count(store, "SELECT count(*) FROM item")
    decided = count(store, "SELECT count(*) FROM item WHERE decided_at IS NOT NULL")
    waits = count(store, "SELECT count(*) FROM item WHERE state IN ('open', 'claimed')")
    assert f"{round(100 * decided / made)}%" == value(app, "Review coverage")
    assert has(app, f"{decided} of {made} items")
    assert str(waits) == value(app, "Waiting now")
    assert has(app, f"{made} items, with {waits} that wait")


def test_vietnamese_page_is_worded_throughout(show, store, actors, clock):
    """No English sentence is left."""
    fill(store, actors.an, clock.now(), days=9)
    app = show(actors.leader, "vi")

    assert has(app, "Khoảng tin cậy 95%")
    assert not any(" of " in text or " the " in text for text in said(app))


def test_harm_found_is_what_audits_say(show, store, actors):
    """Forty audited posts are read and four are harm; six of eight flagged ones are: 6 / 10."""
    ids = [str(one) for one in put_day(store, [0.1] * 40)]
    audit_now(store)
    with store.write() as conn:
        made = [put_item(conn, text=f"cờ {n}", post={"day": 0}) for n in range(8)]
        keys = tables.item.c.id.in_([int(one.id) for one in made])
        conn.execute(update(tables.item).where(keys).values(created_at=DAY))
        rollups_anew.rebuild(conn)
    harm = {*ids[:4], *(one.post_id for one in made[:6])}
    while taken := claims.claim_next(store, actors.an, now=NOON, count=10):
        for item in taken:
            outcome, policy = (
                (Outcome.VIOLATES, "hate") if item.post_id in harm else (Outcome.NO_HARM, None)
            )
            numbers = (item.claim.number, item.version)
            said = Decision(f"d{item.id}", item.id, *numbers, outcome, policy)
            decisions.decide(store, actors.an, said, now=NOON)
    app = show(actors.leader)

    assert "60%" == value(app, "Harm found")
    assert has(app, "40 audited posts, 4 with harm")
    assert 5 == len(app.get("plotly_chart"))


def test_nothing_is_said_to_have_changed_without_a_window_before(show, store, actors, clock):
    """Nine days have no 28 days before them."""
    fill(store, actors.an, clock.now(), days=9)
    app = show(actors.leader)

    assert 2 <= sum("Too few to compare with the 28 days before." in one for one in said(app))
    assert not has(app, "Up from")
    assert not has(app, "Slower than before")


def test_backlog_that_grows_is_said_to(show, store, actors, clock):
    """Two items a day come in for 28 whole days and nothing is decided."""
    ids = put_items(store, 56)
    with store.write() as conn:
        for at, item_id in enumerate(ids):
            made = clock.now() - timedelta(days=1 + at // 2)
            which = tables.item.c.id == int(item_id)
            conn.execute(update(tables.item).where(which).values(created_at=made))
        rollups_anew.rebuild(conn)
    app = show(actors.leader)

    assert has(app, "It grows: 56 came in, 0 decided in 28 days.")
    assert has(app, "never cleared at this pace")


def test_every_small_chart_is_described_and_its_numbers_can_be_saved(show, store, actors, clock):
    """What is drawn can be heard, read and taken along."""
    fill(store, actors.an, clock.now(), days=9)
    app = show(actors.leader)
    drawn = [one.proto for one in app.get("plotly_chart")]

    assert 4 == len(drawn)
    assert all("oldest first: " in chart.alt for chart in drawn)
    assert 1 == len(app.get("download_button"))
    assert 8 == len(app.dataframe[0].value)


@pytest.mark.parametrize("who", ["an", "coordinator", "leader", "analyst", "admin"])
def test_page_is_open_to_everybody_who_works_here(show, actors, who):
    """Nobody who is measured is kept from the figures."""
    assert not show(getattr(actors, who)).error


def test_page_tells_whoever_has_no_role(show):
    """A person without roles sees a sentence and no figure."""
    app = show(Actor(id="9", name="x", roles=frozenset()))

    assert "do not permit" in app.error[0].value
    assert not app.metric
