"""The simulator tries thresholds, severities and capacity, and leads to a proposal."""

from __future__ import annotations

import csv
import io
from datetime import UTC, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import (
    simulating,
    simulating_counting,
    simulating_reading,
    simulating_waiting,
)
from evenhand.dashboard.jobs.measures import sheets
from evenhand.dashboard.shell import Shell
from evenhand.dashboard.views import simulator_words
from evenhand.data import tables
from evenhand.data.settings import Settings
from evenhand.data.store import shipped
from evenhand.data.store import tasks as task_store
from tests.dashboard.jobs.test_simulating_counting import arrive, put
from tests.review_floor import NOON, put_item

FORM = "evenhand-simulator-propose"
HIGH = {"spam": [0.99, "flag", 0.9995]}
JUST = {"spam": [0.9, "flag", 0.986]}
BELOW = {"spam": [0.9, "nothing", 0.95]}


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
    from evenhand.dashboard.views.simulator import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


@pytest.fixture
def filled(store, actors):
    """Eight days of four items each, half of them well above the threshold, and one below it."""
    # Whoever decides is one of them.
    assert actors.an
    version = shipped.as_model(NOON).version
    with store.write() as conn:
        for back in range(8, 0, -1):
            at = NOON - timedelta(days=back)
            for harms in (HIGH, HIGH, JUST, JUST):
                put(conn, harms, outcome="violates", at=at)
            put(conn, BELOW, at=at)
            arrive(conn, at)
        conn.execute(tables.tag.update().values(model=version))
        put_item(conn, "spam", priority=1.0)
        put_item(conn, "hate", priority=0.5)
    simulating_counting.count_due(store, NOON)
    return store


def said(app):
    kinds = (app.markdown, app.error, app.info, app.text, app.success)
    return [one.value for kind in kinds for one in kind]


def has(app, words):
    return any(words in text for text in said(app))


def results(app):
    """Read the table of before and after: name, now, with these."""
    return app.table[0].value.values.tolist()


@pytest.mark.parametrize(
    ("lang", "title", "none"),
    [
        ("en", "Simulator", "Seven whole days are needed, 0 are counted."),
        ("vi", "Thử ngưỡng", "Cần bảy ngày trọn, mới đếm được 0."),
    ],
)
def test_empty_store_says_what_is_needed(show, actors, lang, title, none):
    """Nothing is predicted from nothing, and it says all the same that it changes nothing."""
    app = show(actors.leader, lang)

    assert app.title[0].value == title
    assert has(app, none)
    assert not app.get("plotly_chart")


def test_reviewers_are_told_that_it_is_not_theirs(show, actors):
    """The job refuses, the page words it."""
    app = show(actors.an)

    assert app.error
    assert not app.table


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.usefixtures("filled")
def test_page_has_its_parts_in_both_languages(show, actors, lang):
    """Sliders, a table of before and after, a chart with its text and file, what is not known."""
    app = show(actors.coordinator, lang)
    shown = [one.value for one in app.header]

    assert len(shown) == 7
    assert len(app.get("plotly_chart")) == 1
    assert len(app.get("download_button")) == 1
    assert [one.key for one in app.select_slider] == ["evenhand-simulator-threshold-spam"]
    assert len(results(app)) == 6


@pytest.mark.usefixtures("filled")
def test_raised_threshold_shows_fewer_items_and_less_found(show, actors):
    """Four items a day become two, and 30 read posts of 32 that stayed become 16: too few."""
    app = show(actors.leader)
    before = results(app)
    assert before[0][1] == before[0][2]
    assert before[0][1].startswith("4 (")
    assert has(app, "These are the thresholds in force: about 4 items a day.")

    slider = app.select_slider(key="evenhand-simulator-threshold-spam")
    slider.set_value(max(one for one in _options(slider) if one < 0.9995)).run()

    assert not app.exception
    after = results(app)
    assert after[0][1].startswith("4 (")
    assert after[0][2].startswith("2 (")
    assert "fewer than 30 read" in after[2][2]
    assert has(app, "About 2 items fewer a day")


@pytest.mark.usefixtures("filled")
def test_lowered_threshold_says_that_nobody_has_read_there(show, actors):
    """One post more a day that no person and no audit has read."""
    app = show(actors.leader)
    app.select_slider(key="evenhand-simulator-threshold-spam").set_value(0.5).run()

    assert not app.exception
    after = results(app)
    assert after[0][2].startswith("5 (")
    assert after[2][2] == "nobody has read there"


@pytest.mark.usefixtures("filled")
def test_capacity_moves_the_waiting_only(show, actors):
    """Ten decisions a day: nothing but the last three lines changes."""
    app = show(actors.leader)
    before = results(app)
    app.number_input(key="evenhand-simulator-capacity").set_value(0).run()
    after = results(app)

    assert before[:3] == after[:3]
    assert after[3][2] == "never: it grows"
    assert after[4][2] == "never: nobody decides"


@pytest.mark.usefixtures("filled")
def test_backlog_that_hardly_shrinks_takes_more_than_a_year(show, actors):
    """Worked by hand: 2 wait, 4 come and 4 are decided: it never ends; with 5 it takes 2 days."""
    app = show(actors.leader)
    assert results(app)[3][2] == "never: it grows"
    app.number_input(key="evenhand-simulator-capacity").set_value(5).run()
    assert results(app)[3][2] == "2 days"

    shell = Shell(None, None, actors.leader, "en", None)
    slow = simulating_waiting.waiting(100, simulating.Range(20, 15, 25), 20)
    assert simulator_words.clear(shell, slow) == "never: it grows"
    slow = simulating_waiting.waiting(400, simulating.Range(19, 15, 25), 20)
    assert simulator_words.clear(shell, slow) == "more than a year"


@pytest.mark.usefixtures("filled")
def test_severity_changes_the_order_only(show, actors):
    """What comes in is the same."""
    app = show(actors.leader)
    before = results(app)
    app.slider(key="evenhand-simulator-severity-hate").set_value(1).run()

    assert not app.exception
    assert before == results(app)


def test_nothing_is_changed_and_the_way_to_change_it_is_named(show, filled, actors):
    """No row of the store moves, whatever is tried."""
    tried = show(actors.analyst)
    with filled.read() as conn:
        before = conn.execute(select(tables.ledger.c.seq)).all()
    tried.select_slider(key="evenhand-simulator-threshold-spam").set_value(0.5).run()

    with filled.read() as conn:
        assert before == conn.execute(select(tables.ledger.c.seq)).all()
    assert has(tried, "A proposal changes nothing yet")


@pytest.mark.parametrize(
    ("lang", "worded"),
    [
        (
            "en",
            [
                "These are the thresholds in force.",
                "Spam: from 0.9850 to 0.5000, lower, so that more comes before people",
                "Asked for. The worker makes the candidate",
            ],
        ),
        (
            "vi",
            [
                "Đây là các ngưỡng đang dùng.",
                "từ 0,9850 xuống 0,5000, nên nhiều bài hơn được đưa ra duyệt",
                "Đã gửi. Chương trình nền đang tạo",
            ],
        ),
    ],
)
def test_what_was_tried_is_proposed_with_a_reason(show, filled, actors, lang, worded):
    """The form says what moves; the worker is asked once, and the page follows it."""
    none, words, asked = worded
    app = show(actors.analyst, lang)
    assert has(app, none)
    assert not app.text_area
    app.select_slider(key="evenhand-simulator-threshold-spam").set_value(0.5).run()
    assert has(app, words)
    app.text_area(key=f"{FORM}-reason").set_value("kém")
    propose(app)
    assert has(app, "the reason has 3 characters")
    app.text_area(key=f"{FORM}-reason").set_value("Bỏ sót nhiều tin rác trong tháng 10")
    propose(app)

    assert has(app, asked)
    assert not app.text_area
    with filled.read() as conn:
        task = task_store.latest(conn, "thresholds")
    assert ({"spam": 0.5}, shipped.as_model(NOON).version, "5") == (
        task.args["thresholds"],
        task.args["model"],
        task.asked_by,
    )
    assert "Bỏ sót nhiều tin rác trong tháng 10" == task.args["reason"]
    _ends(app, filled, task, lang)


def propose(app):
    (button,) = [one for one in app.button if one.form_id == FORM]
    button.click().run()
    assert not app.exception


def _ends(app, store, task, lang):
    """Say what came of it, in words where it went well and where it did not."""
    sentences = (
        "team@1234 has the active model's weights and other thresholds for spam; it held its own",
        "these thresholds were tried with builtin@1, and team@2 is active now; try them again",
    )
    words = {
        "en": ("team@1234 has these thresholds.", "tried with builtin@1, and team@2 is active now"),
        "vi": ("team@1234 có các ngưỡng này.", "được thử với builtin@1, nhưng nay team@2 đang"),
    }[lang]
    for sentence, said_ in zip(sentences, words, strict=True):
        with store.write() as conn:
            task_store.start(conn, task.id, now=NOON)
            task_store.finish(conn, task.id, ok=True, message=sentence, now=NOON)
        app.run()
        assert has(app, said_)


@pytest.mark.parametrize("who", ["leader", "coordinator"])
@pytest.mark.usefixtures("filled")
def test_others_than_analysts_and_admins_may_try_and_not_propose(show, actors, who):
    """The page says who may, and draws no form."""
    app = show(getattr(actors, who))
    app.select_slider(key="evenhand-simulator-threshold-spam").set_value(0.5).run()

    assert has(app, "Analysts and administrators propose thresholds.")
    assert not app.text_area
    assert not [one for one in app.button if one.form_id == FORM]


def test_file_holds_the_curve(filled, actors, clock, tmp_path):
    """Nine points, each with its bounds; the present one moves by nothing."""
    ground = simulating_reading.ground(filled, actors.leader, clock.now())
    curve = simulating.curve(ground.seen, ground.present, ["spam"])
    shell = Shell(filled, Settings(workspace=tmp_path), actors.leader, "en", clock.now, UTC)
    sheet = simulator_words.curve_sheet(shell, curve)
    _, *rows = csv.reader(io.StringIO(sheets.as_csv(sheet).decode("utf-8-sig")))

    assert len(rows) == 9
    assert [row[1] for row in rows if row[0] == "0.0"] == ["4"]


def _options(slider):
    return [float(one.removesuffix(" (now)")) for one in slider.options]
