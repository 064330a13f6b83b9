"""The coverage page says what was counted, over what, and what it does not know."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.shell import Shell
from evenhand.dashboard.words.glossary import say
from evenhand.data import tables
from evenhand.data.records import Actor, Delete
from evenhand.data.settings import Settings
from tests import wave_floor
from tests.coverage_floor import count, fill
from tests.review_floor import put_items


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the page for an actor."""

    def drawing(actor, lang="en", *, demo=False):
        settings = Settings(workspace=tmp_path, demo=demo)
        shell = Shell(store, settings, actor, lang, clock.now, UTC)
        app = AppTest.from_function(draw, args=(shell,), default_timeout=60)
        app.run()
        assert not app.exception
        return app

    return drawing


def draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.coverage import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


def said(app):
    return [one.value for one in (*app.markdown, *app.error)]


def tiles(app):
    return [one.value for one in app.metric]


def has(app, words):
    return any(words in text for text in said(app))


@pytest.mark.parametrize(
    ("lang", "title", "none"),
    [
        ("en", "Coverage & deadlines", "No item was made in these 28 days."),
        ("vi", "Mức bao phủ và thời hạn", "Không có mục nào được tạo trong 28 ngày này."),
    ],
)
def test_empty_store_gives_dashes_and_no_share(show, actors, lang, title, none):
    """Nothing of nothing is a dash, in both languages, and never 100 %."""
    app = show(actors.leader, lang)

    assert app.title[0].value == title
    assert tiles(app) == ["0", "0", "–", "–", "0", "0"]
    assert has(app, none)
    # The definition of recall says that it is never all.
    assert not any(
        "100%" in text for text in said(app) if say("coverage.def_recall", lang) not in text
    )
    # The road alone is drawn: there is nothing to split, and nothing waits.
    assert len(app.get("plotly_chart")) == 1


def test_page_says_what_was_counted_and_how_old_the_backlog_is(show, store, actors, clock):
    """The sentences and tiles carry the counts of the store."""
    fill(store, actors.an, clock.now(), days=9)
    app = show(actors.leader)

    posts = count(store, "SELECT count(*) FROM post")
    made = count(store, "SELECT count(*) FROM item")
    decided = count(store, "SELECT count(*) FROM item WHERE decided_at IS NOT NULL")
    waits = count(store, "SELECT count(*) FROM item WHERE state IN ('open', 'claimed')")
    assert tiles(app)[0] == f"{posts:,}"
    assert tiles(app)[4] == str(waits)
    assert has(app, f"Of {made} items made in these 28 days, {decided} are decided: ")
    oldest = "SELECT min(created_at) FROM item WHERE state IN ('open', 'claimed')"
    days = round((clock.now().timestamp() - count(store, oldest) / 1e6) / 86_400)
    assert has(app, f"{waits} items wait for a decision, the oldest for {days} days; overdue: ")
    assert has(app, "How much harm was missed is not measured yet")
    assert has(app, "2 of these items are void, their posts deleted.")
    assert len(app.get("plotly_chart")) == 3


SUMS = {
    "en": (
        "Flagged posts put before people: 4 = 2 with an item of their own + 2 by wave. "
        "Decided: 3 = 1 + 2."
    ),
    "vi": (
        "Bài được gắn cờ đã đưa ra duyệt: 4 = 2 bài có mục riêng + 2 bài theo đợt. "
        "Đã quyết định: 3 = 1 + 2."
    ),
}


@pytest.mark.parametrize("lang", SUMS)
def test_page_says_what_was_decided_by_wave(show, store, actors, make_post, lang):
    """Near-copies behind another post's item are accounted for, and decided with it."""
    floor = wave_floor.put_floor(store)
    texts = (wave_floor.SCAM, wave_floor.SCAM, wave_floor.NEAR, wave_floor.OTHER)
    posts = [make_post(native_key=f"k{n}", content=text) for n, text in enumerate(texts)]
    wave_floor.bring(floor, floor.one, *posts)
    wave_floor.decide(floor, actors.an)
    app = show(actors.leader, lang)

    assert has(app, SUMS[lang])


def test_vietnamese_page_is_worded_throughout(show, store, actors, clock):
    """No English sentence is left on the Vietnamese page, and numbers have its signs."""
    fill(store, actors.an, clock.now(), days=14)
    app = show(actors.leader, "vi")

    posts = count(store, "SELECT count(*) FROM post")
    assert tiles(app)[0] == f"{posts:,}".replace(",", ".")
    assert has(app, "mục đang chờ quyết định")
    assert has(app, "Chưa đo được bao nhiêu nội dung gây hại bị bỏ sót")
    assert not any(" of " in text or " the " in text for text in said(app))


def test_few_items_give_counts_and_no_share(show, store, actors):
    """Under thirty items the page says that there are too few."""
    put_items(store, 29)
    app = show(actors.leader)

    assert tiles(app)[2] == "–"
    assert has(app, "29 items were made in these 28 days, too few for a share; 0 decided.")
    assert has(app, "0 of 29 items, too few for a share (n = 29)")


def test_choice_of_a_window_changes_the_figures(show, store, actors, clock):
    """One click shows another window."""
    fill(store, actors.an, clock.now() - timedelta(days=40), days=2)
    app = show(actors.leader)
    assert tiles(app)[0] == "0"
    app.segmented_control[0].set_value("90").run()

    assert not app.exception
    assert tiles(app)[0] != "0"


def test_items_can_be_split_by_queue_reason_and_language(show, store, actors, clock):
    """Each part is named in words, and the parts add up."""
    fill(store, actors.an, clock.now(), days=9)
    made = count(store, "SELECT count(*) FROM item")
    app = show(actors.leader)
    for by, named in (("queue", "urgent"), ("label", "Scam or fraud"), ("lang", "Vietnamese")):
        app.segmented_control(key="evenhand-coverage-by").set_value(by).run()
        split = app.dataframe[1].value

        assert named in list(split.iloc[:, 0])
        assert sum(int(one) for one in split["Items made"]) == made


def test_every_chart_has_a_description_a_table_and_a_file(show, store, actors, clock):
    """What is drawn can be heard, read and taken along."""
    fill(store, actors.an, clock.now(), days=9)
    app = show(actors.leader, demo=True)

    charts = [one.proto for one in app.get("plotly_chart")]
    assert len(charts) == len(app.table) + len(app.dataframe) == 3
    assert len(app.get("download_button")) == 3
    assert all(len(chart.alt) > 30 for chart in charts)
    assert all("<b>" not in chart.alt for chart in charts)


@pytest.mark.parametrize("who", ["an", "coordinator", "leader", "analyst", "admin"])
def test_page_is_open_to_everybody_who_works_here(show, actors, who):
    """Nobody who is measured is kept from the figures."""
    app = show(getattr(actors, who))

    assert not app.error


def test_page_tells_whoever_has_no_role(show):
    """A person without roles sees a sentence and no figure."""
    app = show(Actor(id="9", name="x", roles=frozenset()))

    assert "do not permit" in app.error[0].value
    assert not app.metric


@pytest.fixture
def part(show, store, actors, clock):
    """Fill a store, let a leader choose a part of the page, and draw it."""
    fill(store, actors.an, clock.now(), days=9)

    def showing(name, lang="en"):
        app = show(actors.leader, lang)
        app.segmented_control(key="evenhand-coverage-part").set_value(name).run()
        assert not app.exception
        return app

    return showing


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("name", ["times", "teams", "flags"])
def test_each_part_is_worded_and_described(part, name, lang):
    """Every chart can be heard, read and taken along, in both languages."""
    app = part(name, lang)

    drawn = [one.proto for one in app.get("plotly_chart")]
    # What was purged, and what the distances are of, has numbers and no chart.
    tables = 2 + (name != "teams")
    assert (2, tables, tables) == (
        len(drawn),
        len(app.dataframe),
        len(app.get("download_button")),
    )
    assert all(len(chart.alt) > 30 and "<b>" not in chart.alt for chart in drawn)
    if lang == "vi":
        # The definition of the distance cites its source.
        lines = [text for text in said(app) if "Lin, Divergence" not in text]
        assert not any(" of " in text or " the " in text for text in lines)


@pytest.mark.parametrize("name", ["times", "teams", "flags"])
def test_parts_of_an_empty_store_say_so(show, actors, name):
    """Nothing of nothing is drawn as nothing."""
    app = show(actors.leader)
    app.segmented_control(key="evenhand-coverage-part").set_value(name).run()

    assert not app.exception
    assert not app.get("plotly_chart")
    assert not has(app, "100%")


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_purges_are_told_apart_by_what_they_count_from(part, lang):
    """Two posts were deleted, one of them with its platform's time: too few for a time of either.

    The text of one was held, and so was that of the other.
    """
    app = part("times", lang)
    line = say("coverage.purge_texts", lang, n=2, posts=2, still=0)

    assert has(app, line)
    assert has(app, say("coverage.purge_platform_few", lang, n=1))
    assert has(app, say("coverage.purge_learned_few", lang, n=1))


def test_purge_lag_is_worded_with_its_bounds(part, store, clock, make_post):
    """Thirty posts that their platform deleted two hours ago: half and nearly all within 2 h."""
    floor = wave_floor.put_floor(store)
    keys = [f"purge{number}" for number in range(30)]
    mine = [make_post(native_key=key, content="sunshine") for key in keys]
    gone = [Delete(key, "gone", clock.now() - timedelta(hours=2)) for key in keys]
    wave_floor.bring(floor, floor.one, *mine, now=clock.now())
    wave_floor.bring(floor, floor.one, *gone, now=clock.now())
    app = part("times")

    assert has(app, "Since the platform deleted them: half within 2 h")
    assert has(app, "32 posts known as deleted; still held: 0")


def test_deadlines_are_those_of_what_waits(part, store, clock):
    """What is past its deadline, and what is due within four hours, is what SQL counts."""
    app = part("times")
    live = "SELECT count(*) FROM item WHERE state IN ('open', 'claimed')"
    now = int(clock.now().timestamp() * 1_000_000)
    overdue = count(store, f"{live} AND due_at <= :now", now=now)
    soon = count(
        store, f"{live} AND due_at > :now AND due_at <= :then", now=now, then=now + 14_400_000_000
    )

    assert has(
        app,
        f"{overdue} of {count(store, live)} waiting items are past their deadline; "
        f"due within 4 hours: {soon}.",
    )


def test_times_can_be_parted_by_team_reason_and_language(part, store):
    """The lines of each table add up to what was made, whatever it is parted by."""
    app = part("times")
    made = count(store, "SELECT count(*) FROM item")
    for by in ("queue", "team_id", "label", "lang"):
        app.segmented_control(key="evenhand-coverage-slice").set_value(by).run()
        assert not app.exception
        table = app.dataframe[1].value
        *lines, whole = (int(one) for one in table["Items"])
        assert sum(lines) == whole == made


def test_team_that_waits_is_silent_after_two_days(part, clock):
    """The last decision was a day ago; three days later everybody who waits says so."""
    assert has(part("teams"), "No team is silent")
    clock.advance(days=3)
    app = part("teams")

    assert any("no decision since" in one.value for one in app.text)


OF_LABEL = """
    SELECT count(*) FROM item JOIN current_decision ON current_decision.item_id = item.id
    JOIN decision ON decision.id = current_decision.decision_id
    WHERE item.label = :label AND decision.outcome <> 'not_sure'"""
AS_FLAGGED = OF_LABEL + " AND (decision.policy = :label OR decision.outcome = 'needs_answer')"


def test_precision_is_what_sql_counts(part, store):
    """Of the flagged items that were decided for sure, those decided as flagged."""
    lines = part("flags").dataframe[0].value.to_dict("records")

    for label, name in (("scam_fraud", "Scam or fraud"), ("question", "question")):
        [row] = [one for one in lines if one["Reason"].lower() == name.lower()]
        assert int(row["Of"]) == count(store, OF_LABEL, label=label) > 0
        assert int(row["Count"]) == count(store, AS_FLAGGED, label=label)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "Scam or fraud: second key “lure”"),
        ("vi", "Lừa đảo: dấu hiệu thứ hai “lure”"),
    ],
)
def test_precision_can_be_read_by_the_sign_behind_a_flag(part, store, lang, words):
    """The line is worded as on the card and counts what SQL counts."""
    sign = {"label": "scam_fraud", "kind": "key", "id": "lure", "spans": [], "weight": 1.0}
    which = tables.flag.c.label == "scam_fraud"
    app = part("flags", lang)
    with store.write() as conn:
        conn.execute(update(tables.flag).where(which).values(reasons=[sign]))
    app.segmented_control(key="evenhand-coverage-of").set_value("sign").run()

    assert not app.exception
    [line] = [row for row in app.dataframe[0].value.values.tolist() if row[0] == words]
    assert int(line[2]) == count(store, OF_LABEL, label="scam_fraud") > 0
    assert int(line[1]) == count(store, AS_FLAGGED, label="scam_fraud")


def test_precision_can_be_read_by_score(part, store):
    """The lines add up to what was decided for sure, each with its mean score."""
    app = part("flags")
    app.segmented_control(key="evenhand-coverage-of").set_value("score").run()

    assert not app.exception
    rows = app.dataframe[0].value.values.tolist()
    assert all(row[0].startswith("score from 0") for row in rows)
    named = {row[0] for row in rows}
    assert len(named) == len(rows) > 0
    sure = OF_LABEL.replace("item.label = :label", "item.of_item_id IS NULL")
    assert sum(int(row[2]) for row in rows) == count(store, sure)
