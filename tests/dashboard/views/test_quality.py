"""The quality page: figures with their evidence, gold by two persons, appeals, practice."""

from __future__ import annotations

from datetime import UTC

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import appeals, claims, quality, quality_gold, search
from evenhand.dashboard.jobs.measures.figures import definition
from evenhand.dashboard.shell import Shell
from evenhand.dashboard.words import glossary
from evenhand.data import tables
from evenhand.data.errors import InputError
from evenhand.data.records import Outcome
from evenhand.data.settings import Settings
from tests.reading_floor import put_gold, read, say, split, standing_on, take, violates
from tests.review_floor import events, put_items

GROUND = "Đây là ![](/auth/logout) **lời cảnh báo**, không phải đe doạ."
HOSTILE = "[x](http://x.test) :red[không] gọi người là súc vật"


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the page for an actor, opened at a part."""

    def drawing(actor, part=None, lang="en"):
        shell = Shell(store, Settings(workspace=tmp_path), actor, lang, clock.now, UTC)
        app = AppTest.from_function(draw, args=(shell,), default_timeout=60)
        if part is not None:
            app.session_state["evenhand.quality.part"] = part
        app.run()
        assert not app.exception
        return app

    return drawing


def draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.quality import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


def texts(app):
    shown = (*app.text, *app.markdown, *app.success, *app.error, *app.warning, *app.header)
    return [one.value for one in shown]


def says(app, words):
    return any(words in one for one in texts(app))


def click(app, label):
    return next(one for one in app.button if label in one.label).click().run()


def parts(app):
    return list(app.button_group[0].options)


def tables_of(app):
    return [one.value for one in app.dataframe]


def agreeing(store, actors, clock, alike, apart):
    """Let An and Binh read so many items alike, and so many apart."""
    for number in range(alike + apart):
        put_items(store, 1)
        policy = "hate" if number % 2 else None
        outcome = Outcome.VIOLATES if policy else Outcome.NO_HARM
        read(store, actors.an, clock, outcome, policy)
        if number < alike:
            read(store, actors.binh, clock, outcome, policy)
        else:
            read(store, actors.binh, clock, Outcome.VIOLATES, "spam")


@pytest.mark.parametrize(
    ("who", "open_to_them"),
    [
        ("an", ["Appeals", "Practice"]),
        ("coordinator", ["Figures", "Audit", "Appeals", "Gold items", "Practice"]),
        ("analyst", ["Figures", "Audit", "Appeals", "Gold items"]),
    ],
)
def test_page_shows_the_parts_that_a_role_opens(show, actors, who, open_to_them):
    """Reviewers file appeals and practise; figures and gold are for those who keep them."""
    assert parts(show(getattr(actors, who))) == open_to_them


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_figures_say_when_there_is_not_enough_evidence(show, store, clock, actors, lang):
    """Nothing is drawn from three items, and the counts stand there."""
    agreeing(store, actors, clock, 2, 1)
    app = show(actors.analyst, lang=lang)
    few = glossary.say("quality.too_little", lang)

    assert [one.value for one in app.metric] == ["–"] * 6
    assert says(app, glossary.say("quality.n_items", lang, n=3))
    assert says(app, glossary.say("quality.policy_none", lang))
    assert app.get("plotly_chart") == []
    [_, confused, twice] = tables_of(app)
    assert list(confused.iloc[0])[2:] == ["1", "2"]
    assert few in list(twice.iloc[0])


def test_figures_stand_with_interval_and_number(show, store, clock, actors):
    """Agreement by policy is drawn with words, and the pair that is confused most comes first."""
    agreeing(store, actors, clock, 24, 10)
    app = show(actors.coordinator)
    [same, alpha, ac1, *_] = app.metric

    assert same.value == "71%"
    assert 0 < float(alpha.value) < 1
    assert 0 < float(ac1.value) < 1
    assert says(app, "34 items")
    [chart] = app.get("plotly_chart")
    assert "Hate speech: 0." in chart.proto.alt
    assert "34 items" in chart.proto.alt
    assert says(app, "Not enough evidence: Scam or fraud")


def test_definitions_are_those_of_the_measures():
    """The words under a figure are its function's own."""
    for measure in (quality.overturn_rate, quality.gold_accuracy, quality.wave_errors):
        assert glossary.say(f"quality.def_{measure.__name__}", "en") == definition(measure)


def test_gold_is_proposed_by_one_and_approved_by_another(show, store, clock, actors):
    """What somebody typed is shown as letters."""
    [item_id] = put_items(store, 1)
    read(store, actors.an, clock, Outcome.VIOLATES, "hate", quality=None)
    app = show(actors.coordinator, "gold")
    app.text_input[0].set_value(item_id)
    app.selectbox[0].set_value("hate")
    app.text_area[0].set_value(HOSTILE)
    app = click(app, "Send")
    assert says(app, "Proposed. It is used once another person")
    assert says(app, "another person has to approve it")
    assert HOSTILE in [one.value for one in app.text]
    assert not [one for one in app.button if "Approve" in one.label]

    app = click(show(actors.analyst, "gold"), "Approve")
    assert says(app, "The gold item is in use.")
    assert says(app, f"Item {item_id}: Hate speech")
    app = click(app, "Take out of use")
    assert says(app, "out of use")


def test_gold_form_says_what_is_missing(show, actors):
    """And writes nothing."""
    app = click(show(actors.analyst, "gold"), "Send")

    assert says(app, "gold needs an explanation")
    assert says(app, "None.")


def number_of(app):
    return app.text_input(key="evenhand.quality.appeal.item")


def test_appeal_is_filed_read_by_another_and_overturned(show, store, clock, actors):
    """The first reviewer is told why it is not theirs; whoever reads has not seen the ground."""
    [item_id] = put_items(store, 1)
    read(store, actors.an, clock, Outcome.VIOLATES, "hate", quality=None)
    app = show(actors.coordinator, "appeals")
    number_of(app).set_value(item_id)
    app.text_area[0].set_value(GROUND)
    app = click(app, "Send")
    assert says(app, "Filed. Another person reads the item")
    assert GROUND in [one.value for one in app.text]
    first = show(actors.an, "appeals", "vi")
    assert says(first, "Bạn đã tham gia nên cần một người khác đọc.")
    assert not [one for one in first.button if "Tự đọc" in one.label]

    other = show(actors.binh, "appeals")
    assert not says(other, "lời cảnh báo")
    other = click(other, "Read it yourself")
    assert says(other, "It is yours")
    assert says(other, "Somebody is reading it.")
    [held] = claims.held(store, actors.binh, clock.now())
    say(store, actors.binh, held, clock=clock)
    assert standing_on(store, item_id).kind == "appeal"
    assert says(show(actors.binh, "appeals"), "No appeal waits.")


def test_appeal_form_says_what_is_missing(show, store, clock, actors):
    """An item that is read a third time already waits for that."""
    item_id = split(store, actors, clock)
    app = show(actors.analyst, "appeals")
    number_of(app).set_value(item_id)
    app.text_area[0].set_value(GROUND)
    app = click(app, "Send")

    assert says(app, "is being read again already")
    assert appeals.waiting(store, actors.analyst) == []


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_appeal_is_about_a_decision_of_ones_own_and_overturned_by_another(
    show, store, clock, actors, lang
):
    """No number is typed: the decision is chosen, its text opened; only somebody else may read."""

    def word(name, **values):
        return glossary.say(f"quality.{name}", lang, **values)

    [item_id] = put_items(store, 1, text="Ai làm thì người ấy chịu")
    read(store, actors.an, clock, Outcome.VIOLATES, "hate", quality=None)
    assert says(show(actors.an, "appeals", lang), word("appeal_own_none"))
    clock.advance(hours=25)
    app = show(actors.an, "appeals", lang)
    [choice] = app.selectbox
    assert "1" in choice.label
    assert [item_id] == [one.split()[1].rstrip(":") for one in choice.options]
    app = choice.set_value(item_id).run()
    assert not says(app, "Ai làm thì người ấy chịu")
    app = click(app, glossary.say("queues.open", lang))
    assert says(app, "Ai làm thì người ấy chịu")
    assert "text_read" == events(store, item_id)[-1]
    app.text_area[0].set_value(GROUND)
    app = click(app, word("send"))
    assert says(app, word("appeal_filed"))
    assert says(app, word("appeal_not_you"))
    assert not [one for one in app.button if word("appeal_read") in one.label]
    [filed] = appeals.waiting(store, actors.an)
    with pytest.raises(InputError, match="somebody else has to read it"):
        appeals.take(store, actors.an, filed.appeal.id, clock.now())
    other = click(show(actors.binh, "appeals", lang), word("appeal_read"))
    assert says(other, word("appeal_taken"))
    [held] = claims.held(store, actors.binh, clock.now())
    say(store, actors.binh, held, clock=clock)

    after = standing_on(store, item_id)
    assert ("appeal", "no_harm", 2) == (after.kind, after.outcome, after.reviewer_id)
    assert says(show(actors.an, "appeals", lang), word("appeals_none"))


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_coordinator_finds_what_an_appeal_is_about_by_words(show, store, clock, actors, lang):
    """Words find the team's decided items, without accents too; what waits is not offered."""
    decided, _ = put_items(store, 2, text="Đập vỡ rồi, chạy đi")
    read(store, actors.an, clock, Outcome.VIOLATES, "hate", quality=None)
    search.catch_up(store)
    app = show(actors.coordinator, "appeals", lang)
    app = app.text_input(key="evenhand.quality.appeal.words").set_value("dap vo").run()
    [choice] = app.selectbox
    assert 1 == len(choice.options)
    app = choice.set_value(decided).run()
    app.text_area[0].set_value(GROUND)
    app = click(app, glossary.say("quality.send", lang))
    assert says(app, glossary.say("quality.appeal_filed", lang))
    [filed] = appeals.waiting(store, actors.coordinator)
    app = show(actors.coordinator, "appeals", lang)
    app = app.text_input(key="evenhand.quality.appeal.words").set_value("dap vo").run()

    assert (decided, False) == (filed.appeal.item_id, filed.may_take)
    assert says(app, glossary.say("quality.appeal_found_none", lang))


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_practice_tells_what_is_right_after_the_decision(show, store, clock, actors, lang):
    """Covered like on the card; then the explanation, then the next item or the end."""
    put_gold(store, actors, clock, 2)

    def word(name, **values):
        return glossary.say(f"quality.{name}", lang, **values)

    app = click(show(actors.an, "practice", lang), word("practice_begin"))
    assert not says(app, "súc vật")
    if any(word("practice_uncover") in one.label for one in app.button):
        app = click(app, word("practice_uncover"))
    assert says(app, "Nước lên nhanh")
    app.selectbox[0].set_value("no_harm")
    app = click(app, word("practice_send"))
    assert says(app, "súc vật")
    assert len(app.warning) == 1
    app = click(app, word("practice_next"))
    assert says(app, word("practice_none"))
    with store.read() as conn:
        query = select(tables.decision.c.outcome).where(tables.decision.c.reviewer_id == 1)
        assert list(conn.execute(query).scalars()) == ["no_harm"]


def test_own_results_come_a_day_later(show, store, clock, actors):
    """And only to oneself."""
    put_gold(store, actors, clock, 1)
    put_items(store, 3)
    [item] = take(store, actors.an, clock, 1, gold_share=0.2, chance=lambda: 0.0)
    violates(store, actors.an, item, clock=clock)
    assert says(show(actors.an, "practice"), "Nothing to tell yet.")
    clock.advance(hours=25)

    app = show(actors.an, "practice")
    assert says(app, "1 of 1 right.")
    [table] = tables_of(app)
    assert list(table.iloc[0])[1:3] == ["Hate speech", "Hate speech"]
    assert says(show(actors.binh, "practice"), "Nothing to tell yet.")
    assert quality_gold.own_results(store, actors.binh, clock.now()) == []
