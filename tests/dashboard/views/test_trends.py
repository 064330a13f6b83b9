"""The trends page counts posts and opens none; what rises is said with its interval."""

from __future__ import annotations

import csv
import io
from datetime import UTC, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs.measures import sheets, trends
from evenhand.dashboard.shell import Shell
from evenhand.dashboard.views import trends_words
from evenhand.data.records import Actor
from evenhand.data.settings import Settings
from tests.coverage_floor import count, fill


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the page for an actor."""

    def drawing(actor, lang="en", days=None, *, demo=False):
        settings = Settings(workspace=tmp_path, demo=demo)
        shell = Shell(store, settings, actor, lang, clock.now, UTC)
        app = AppTest.from_function(draw, args=(shell,), default_timeout=60)
        if days is not None:
            app.query_params["days"] = days
        app.run()
        assert not app.exception
        return app

    return drawing


def draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.trends import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


def said(app):
    return [one.value for one in (*app.markdown, *app.error)]


def has(app, words):
    return any(words in text for text in said(app))


@pytest.mark.parametrize(
    ("lang", "title", "none"),
    [
        ("en", "Trends", "No post came in during these days."),
        ("vi", "Xu hướng", "Không có bài nào đến trong những ngày này."),
    ],
)
def test_empty_store_says_that_nothing_came_in(show, actors, lang, title, none):
    """Nothing is drawn of nothing."""
    app = show(actors.leader, lang)

    assert app.title[0].value == title
    assert has(app, none)
    assert not app.get("plotly_chart")


PARTS = {
    "en": ("Posts by topic", "What rises", "Topic and sentiment", "Civic posts by day"),
    "vi": (
        "Số bài theo chủ đề",
        "Đang tăng",
        "Chủ đề và cảm xúc",
        "Bài về chuyện chung của xã hội theo ngày",
    ),
}


@pytest.mark.parametrize("lang", PARTS)
def test_page_has_four_parts_each_with_a_chart_a_table_and_a_file(show, store, actors, clock, lang):
    """What is drawn can be heard, read and taken along, and how it is counted stands below it."""
    fill(store, actors.an, clock.now())
    app = show(actors.leader, lang, demo=True)

    assert tuple(one.value for one in app.header) == PARTS[lang]
    charts = [one.proto for one in app.get("plotly_chart")]
    # One small chart a topic, and one for each of the other parts.
    topics = sum(": " in text and text.startswith("**") for text in said(app))
    assert len(charts) == topics + 3 >= 4
    assert all(len(chart.alt) > 30 and "<b>" not in chart.alt for chart in charts)
    assert len(app.dataframe) == len(app.get("download_button")) == 4
    n = count(store, "SELECT count(*) FROM post")
    posts = f"{n:,}"
    assert has(app, posts if lang == "en" else posts.replace(",", "."))


def test_floods_rise_and_civic_posts_are_not_compared(show, store, actors, clock):
    """The floor brings more floods by the day; twelve civic posts a day are a volume alone."""
    fill(store, actors.an, clock.now())
    app = show(actors.leader)

    assert has(app, "Rising: Disaster, accident and emergency.")
    rising = app.dataframe[1].value
    assert rising["Topic"][0] == "All posts"
    assert "civic" not in " ".join(rising["Topic"]).lower()
    assert list(rising["Change"][1:2]) == ["rising"]
    assert has(app, "Politics, religion, labour, conflict and society, counted together.")
    civic = app.dataframe[3].value
    assert set(civic["Posts"]) == {"12", "0"}


def test_shares_of_sentiments_stand_below_their_posts(show, store, actors, clock):
    """The table gives posts, share and interval; a topic with a dash has posts alone."""
    fill(store, actors.an, clock.now())
    rows = show(actors.leader).dataframe[2].value.to_dict("records")

    topics = {one["Topic"] for one in rows}
    dashed = {one["Topic"] for one in rows if one["Posts"] == "–"}
    shared = {one["Topic"] for one in rows if one["Share"] != "–"}
    assert shared == {"Disaster, accident and emergency"} == topics - dashed
    of_floods = [one for one in rows if one["Topic"] in shared]
    assert all("%" in one["95% from"] and "%" in one["95% to"] for one in of_floods)


def test_few_days_say_that_they_are_too_few_to_compare(show, store, actors, clock):
    """Two days make no comparison."""
    fill(store, actors.an, clock.now(), days=2)
    app = show(actors.leader)

    assert has(app, "There are too few days to compare")
    assert not has(app, "Rising:")


def test_window_and_scale_are_kept_in_the_address(show, store, actors, clock):
    """A link shows the same; nonsense shows the usual window."""
    fill(store, actors.an, clock.now() - timedelta(days=40), days=2)
    app = show(actors.leader, days="90")

    assert app.segmented_control[0].value == "90"
    assert not has(app, "No post came in")
    assert show(actors.leader, days="100000").segmented_control[0].value == "28"


def test_vietnamese_page_is_worded_throughout(show, store, actors, clock):
    """No English sentence is left on the Vietnamese page."""
    fill(store, actors.an, clock.now())
    app = show(actors.leader, "vi")

    assert has(app, "Đang tăng: ")
    assert not any(" of " in text or " the " in text for text in said(app))
    for one in app.dataframe:
        assert not {"Topic", "Posts", "Day"} & set(one.value.columns)


def test_page_shows_no_post_and_no_source(show, store, actors, clock):
    """Counts alone: no text of a post, no name of a source."""
    fill(store, actors.an, clock.now())
    app = show(actors.leader)

    everything = " ".join([*said(app), *(one.value.to_csv() for one in app.dataframe)])
    assert "diễn đàn" not in everything
    assert "flood 1 0" not in everything
    assert not app.text


@pytest.mark.parametrize("who", ["an", "coordinator", "leader", "analyst", "admin"])
def test_page_is_open_to_everybody_who_works_here(show, actors, who):
    """As Coverage is."""
    assert not show(getattr(actors, who)).error


def test_page_tells_whoever_has_no_role(show):
    """A person without roles sees a sentence and no figure."""
    app = show(Actor(id="9", name="x", roles=frozenset()))

    assert "do not permit" in app.error[0].value
    assert not app.get("plotly_chart")


def test_file_of_ratios_holds_plain_numbers(store, actors, clock, tmp_path):
    """A ratio is a number and no share, as on the page."""
    fill(store, actors.an, clock.now())
    shell = Shell(store, Settings(workspace=tmp_path), actors.leader, "en", clock.now, UTC)
    found = trends.trends(store, actors.leader, 28, clock.now()).changes
    sheet = trends_words.changes_sheet(shell, found)
    head, first, *_ = csv.reader(io.StringIO(sheets.as_csv(sheet).decode("utf-8-sig")))

    assert head[:4] == ["Topic", "A day, last 7 days", "A day, 28 days before", "Ratio"]
    assert first[0] == "All posts"
    assert float(first[3]) == found.everything.ratio
