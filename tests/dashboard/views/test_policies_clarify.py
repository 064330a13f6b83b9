"""What left people unsure, and the sentences that clarify: in both languages, by two persons."""

from __future__ import annotations

import pytest

from evenhand.dashboard.jobs import clarifying
from evenhand.data.records import Outcome
from tests.dashboard.views.test_policies import click, show, texts
from tests.reading_floor import read
from tests.review_floor import events, put_items

__all__ = ["show"]
SENTENCES = {"en": "A joke among **friends** is no threat.", "vi": "Câu đùa không phải đe dọa."}
WORDS = {
    "en": ("To be clarified", "Open the text", "Send for approval", "Put under the policy"),
    "vi": ("Cần làm rõ", "Mở nội dung", "Gửi để duyệt", "Đưa vào quy định"),
}


def tables_of(app):
    return [one.value for one in app.dataframe]


@pytest.mark.parametrize("lang", WORDS)
def test_coordinator_sees_what_was_unsure_and_opens_an_item(show, store, clock, actors, lang):
    """A line by reason and language; the text shows only after a press, and the log tells."""
    [item_id] = put_items(store, 1, text="Lời này nghĩa là gì?")
    read(store, actors.an, clock, Outcome.NOT_SURE, quality=None)
    title, open_it, *_ = WORDS[lang]
    app = show(actors.coordinator, lang)

    assert title in [one.value for one in app.header]
    [table] = tables_of(app)
    assert ["1", "1", "–", "0"] == list(table.iloc[0])[2:]
    assert "Lời này nghĩa là gì?" not in texts(app)
    app.expander[[one.label for one in app.expander].index(_items(lang))].expanded = True
    app.session_state["evenhand-clarify-items"] = True
    app.run()
    click(app, open_it)
    assert "Lời này nghĩa là gì?" in texts(app)
    assert "text_read" == events(store, item_id)[-1]


def _items(lang):
    return {"en": "The items behind it", "vi": "Các mục phía sau"}[lang]


@pytest.mark.parametrize("lang", WORDS)
def test_clarification_is_proposed_by_one_and_approved_by_another(show, store, actors, lang):
    """The first cannot approve it; after the second it stands under its policy, as letters only."""
    *_, send, approve = WORDS[lang]
    app = show(actors.coordinator, lang)
    app.selectbox(key="evenhand.clarify.label").set_value("violence_threat")
    for code, sentence in SENTENCES.items():
        app.text_area(key=f"evenhand.clarify.sentence.{code}").set_value(sentence)
    click(app, send)
    assert not app.exception
    assert not [one for one in app.button if one.label == approve]
    other = show(actors.analyst, lang)
    assert SENTENCES["en"] in texts(other)
    click(other, approve)
    [line] = clarifying.listing(store, actors.an).in_force["violence_threat"]

    assert SENTENCES == line.clarification.sentences
    assert ("coordinator", "analyst") == (line.proposed_by, line.approved_by)


def test_reviewer_reads_clarifications_and_sees_no_figures(show, store, clock, actors):
    """Under the policy in the reader's language; the part for who words policies is not theirs."""
    made = clarifying.propose(store, actors.coordinator, "violence_threat", SENTENCES, clock.now())
    clarifying.approve(store, actors.admin, made, clock.now())
    app = show(actors.an)
    app.session_state["evenhand-policies-violence_threat"] = True
    app.run()

    assert "To be clarified" not in [one.value for one in app.header]
    assert SENTENCES["en"] in texts(app)
    assert not [one for one in app.button if "clarify" in str(one.key)]
