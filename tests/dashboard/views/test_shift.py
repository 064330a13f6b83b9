"""My shift shows a person their own day: in both languages, with nobody else's numbers."""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import care, claims, decisions
from evenhand.dashboard.jobs.care import Read
from evenhand.dashboard.jobs.measures import figures
from evenhand.dashboard.jobs.measures import shift as measures
from evenhand.dashboard.shell import Shell
from evenhand.dashboard.words.glossary import say
from evenhand.data.records import Decision, Outcome
from evenhand.data.settings import Settings
from evenhand.data.store.draws import LABEL
from evenhand.data.store.own_work import Act
from tests.review_floor import put_items

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DEFINED = (
    *("waiting_for_you", "held_by_you", "today_by_hour", "due_soon", "overdue", "to_follow_up"),
)


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the page for an actor."""

    def drawing(actor, lang="en", zone=UTC):
        shell = Shell(store, Settings(workspace=tmp_path), actor, lang, clock.now, zone)
        app = AppTest.from_function(draw, args=(shell,), default_timeout=60).run()
        assert not app.exception
        return app

    return drawing


def draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.shift import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


def said(app):
    return [one.value for one in (*app.markdown, *app.error)]


def has(app, words):
    return any(words in text for text in said(app))


def decide(store, actor, item, now):
    decisions.decide(
        store,
        actor,
        Decision(
            uuid=f"d{item.id}",
            item_id=item.id,
            claim_number=item.claim.number,
            version=item.version,
            outcome=Outcome.NO_HARM,
        ),
        now=now,
    )


@pytest.mark.parametrize("name", DEFINED)
def test_definition_on_the_screen_is_the_docstring(name):
    """What a person is told of a figure is what its function says of itself."""
    assert say(f"shift.def_{name}", "en") == figures.definition(getattr(measures, name))


@pytest.mark.parametrize(
    ("lang", "title", "none"),
    [
        ("en", "My shift", "Nothing waits for you."),
        ("vi", "Ca của tôi", "Không còn gì chờ bạn."),
    ],
)
def test_empty_day_says_so(show, actors, lang, title, none):
    """Zeros, sentences, and no chart."""
    app = show(actors.an, lang)

    assert app.title[0].value == title
    assert [one.value for one in app.metric] == ["0", "0", "0", "0"]
    assert has(app, none)
    assert not app.get("plotly_chart")


PARTS = {
    "en": ("What waits for you", "What you hold", "Today by hour", "Due in the next hours"),
    "vi": ("Đang chờ bạn", "Bạn đang giữ", "Hôm nay theo giờ", "Đến hạn trong vài giờ tới"),
}


def test_held_items_say_nothing_of_why_they_are_read(show, store, actors, clock):
    """One that was drawn at random looks like one that was flagged."""
    put_items(store, 2, label=LABEL)
    put_items(store, 2)
    claims.claim_next(store, actors.an, now=clock.now(), count=4)
    # Nothing is left to wait, so the first table is what is held.
    held = show(actors.an).table[0].value

    assert [["harm", "to decide", "4", "10 minutes"]] == held.to_numpy().tolist()


@pytest.mark.parametrize("lang", PARTS)
def test_page_shows_the_persons_own_day(show, store, actors, clock, lang):
    """Nine items: one decided, two held, six that wait; Bình's two are not told of."""
    put_items(store, 9)
    now = clock.now()
    claims.claim_next(store, actors.binh, now=now, count=2)
    first, *_ = claims.claim_next(store, actors.an, now=now, count=3)
    decide(store, actors.an, first, now)
    rules = Settings(workspace=".").care
    care.note_reads(store, actors.an, [Read(3, 120.0, counted=True)], rules, now)
    app = show(actors.an, lang)

    assert tuple(one.value for one in app.header)[:4] == PARTS[lang]
    waits, held, *_ = (one.value for one in app.metric)
    assert (waits, held) == ("4", "2")
    assert [one.value.iloc[0, -2 if at else -1] for at, one in enumerate(app.table[:2])] == [
        "4",
        "2",
    ]
    (chart,) = app.get("plotly_chart")
    assert len(chart.proto.alt) > 30
    assert has(app, "2 of 50 minutes" if lang == "en" else "2 trên 50 phút")
    assert len(app.get("download_button")) == 1
    assert not has(app, "binh")


def test_hours_are_those_of_the_persons_clock():
    """20:30 UTC is 3:30 of the next day in Hà Nội; hours without anything are zeros."""
    from_noon = measures.datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
    acts = [Act(from_noon, "decided"), Act(from_noon + timedelta(hours=2), "skipped")]
    found = measures.today_by_hour(acts, from_noon + timedelta(hours=2), HANOI)

    assert [f"{one.at:%H:%M}" for one in found] == ["03:00", "04:00", "05:00"]
    assert [one.counts for one in found] == [(1, 0, 0, 0), (0, 0, 0, 0), (0, 0, 1, 0)]
    assert measures.today_by_hour([], from_noon, HANOI) == []


def test_day_begins_at_midnight_where_the_person_is(show, store, actors, clock):
    """At 1:00 in Hà Nội what was decided two hours before belongs to yesterday."""
    clock.at = clock.at.replace(hour=16)
    put_items(store, 1)
    (item,) = claims.claim_next(store, actors.an, now=clock.now(), count=1)
    decide(store, actors.an, item, clock.now())
    clock.advance(hours=2)

    assert has(show(actors.an, zone=HANOI), "Nothing yet today.")
    assert has(show(actors.an), "Decided 1, not sure 0, skipped 0, answered 0.")


def test_coordinator_sees_their_own_day_and_not_the_teams(show, store, actors, clock):
    """What the reviewers did is nowhere on it."""
    put_items(store, 3)
    (item,) = claims.claim_next(store, actors.an, now=clock.now(), count=1)
    decide(store, actors.an, item, clock.now())
    app = show(actors.coordinator)

    assert has(app, "Nothing yet today.")
    assert [one.value for one in app.metric][:2] == ["2", "0"]


@pytest.mark.parametrize("who", ["leader", "analyst", "admin"])
def test_page_is_for_those_who_review(show, actors, who):
    """Whoever has no shift sees a sentence and no figure."""
    app = show(getattr(actors, who))

    assert "do not permit" in app.error[0].value
    assert not app.metric
