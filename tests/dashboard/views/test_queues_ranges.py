"""Score ranges on the queues page: looked at, drawn, read, decided and taken back."""

from __future__ import annotations

import json
from functools import partial

import pytest

from evenhand.dashboard.jobs import ranges
from evenhand.dashboard.jobs.ranges import RangeState
from evenhand.data.records import Outcome
from tests.queues_page import shown
from tests.range_floor import ALL_TWICE, done, drawn, put_scored, put_second, read_sample
from tests.reading_floor import read


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the part for an actor, as its address opens it."""
    return partial(shown, store, clock, tmp_path, "ranges")


def texts(app):
    kinds = (app.text, app.markdown, app.success, app.error, app.warning, app.info)
    return [one.value for kind in kinds for one in kind]


def says(app, part):
    return any(part in one for one in texts(app))


def labels(app):
    return [one.label.removeprefix(":violet[").removesuffix("]") for one in app.button]


def click(app, label):
    app.button[labels(app).index(label)].click().run()
    assert not app.exception
    return app


def state_of(store, actor, clock):
    return ranges.newest(store, actor, clock.now())[0].range.state


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ("No other outcome", "Nothing waits that", "has drawn no range", "none has been")),
        ("vi", ("không nhận kết quả", "Không có mục nào", "chưa rút khoảng", "hiện chưa có mục")),
    ],
)
def test_part_says_what_is_not_there_yet(show, actors, lang, said):
    """In both languages."""
    app = show(actors.coordinator, lang)

    assert [True] * 4 == [says(app, part) for part in said]


def test_admin_sees_that_it_is_for_coordinators(show, actors, store):
    """They keep the page, and read nothing."""
    put_scored(store, 3)
    app = show(actors.admin)

    assert says(app, "Coordinators of the team decide by score range")
    assert [] == app.button


def test_preview_shows_counts_and_what_was_decided(show, store, actors, clock):
    """As tiles and as bars, written by the rules of either language."""
    put_scored(store, 13, 0.22)
    read(store, actors.an, clock)
    english, vietnamese = show(actors.coordinator), show(actors.coordinator, "vi")

    for app in (english, vietnamese):
        assert ["12", "100%"] == [one.value.replace("\xa0", "") for one in app.metric]
    assert says(english, "1 of 1 decided in 30 days")
    assert says(vietnamese, "1 trên 1 mục đã quyết định trong 30 ngày")
    assert ["0.20–0.25" in spec(english), "0,20–0,25" in spec(vietnamese)] == [True, True]


def spec(app):
    return json.dumps(json.loads(app.get("plotly_chart")[0].proto.spec), ensure_ascii=False)


def test_coordinator_draws_reads_decides_and_takes_back(show, store, actors, clock):
    """Each step on the page leads to the next."""
    put_scored(store, 14)
    app = click(show(actors.coordinator), "Draw 10 items to read")

    assert says(app, "Drawn and held for you")
    assert says(app, "0 of 10 drawn items have your decision")
    assert {"Hold them for me again", "Give up"} <= set(labels(app))
    assert "review" == app.get("link_button")[0].proto.url
    read_sample(store, actors.coordinator, clock)
    app = click(show(actors.coordinator), "Give the other 4 items “no harm”")
    assert says(app, "4 items got “no harm”")
    assert RangeState.DONE is state_of(store, actors.coordinator, clock)
    app = click(app, "Take it all back")
    assert says(app, "Its items are open again")
    assert RangeState.UNDONE is state_of(store, actors.coordinator, clock)


def test_range_with_harm_in_it_is_closed(show, store, actors, clock):
    """The page says so before and after."""
    put_scored(store, 14)
    drawn(store, actors.coordinator, clock)
    read_sample(store, actors.coordinator, clock, Outcome.VIOLATES)
    app = show(actors.coordinator)

    assert says(app, "Something else than no harm was found")
    app = click(app, "Close the range")
    assert says(app, "Closed: not uniform")
    assert RangeState.NOT_UNIFORM is state_of(store, actors.coordinator, clock)


def test_range_is_given_up_and_held_again(show, store, actors, clock):
    """What ran out can be held again; what is given up is over."""
    put_scored(store, 14)
    drawn(store, actors.coordinator, clock)
    clock.advance(minutes=11)
    app = click(show(actors.coordinator), "Hold them for me again")
    assert says(app, "items are held for you now")
    app = click(app, "Give up")
    assert says(app, "Given up")
    assert RangeState.ENDED is state_of(store, actors.coordinator, clock)


def test_other_coordinator_sees_a_range_and_may_take_it_back(show, store, actors, clock):
    """They cannot go on with it: they have read nothing of it."""
    second = put_second(store)
    put_scored(store, 14)
    found = drawn(store, actors.coordinator, clock)
    app = show(second)
    assert says(app, "0 of 5 drawn items are decided by coordinator")
    assert not {"Give up", "Hold them for me again"} & set(labels(app))

    read_sample(store, actors.coordinator, clock)
    ranges.decide_rest(store, actors.coordinator, found.id, clock.now(), quality=ALL_TWICE)
    app = click(show(second), "Take it all back")
    assert RangeState.UNDONE is state_of(store, actors.coordinator, clock)


def test_error_rate_of_ranges_is_shown(show, store, actors, clock):
    """With its interval, once somebody has read again."""
    put_scored(store, 14)
    done(store, actors.coordinator, clock, ALL_TWICE)
    read(store, actors.an, clock, Outcome.VIOLATES, "spam")
    read(store, actors.an, clock)

    assert says(show(actors.coordinator), "Of 2 items decided by range and read again, 1 were harm")
    assert says(show(actors.coordinator, "vi"), "Trong 2 mục quyết định theo khoảng điểm")
