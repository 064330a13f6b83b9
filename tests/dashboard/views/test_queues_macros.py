"""Macros on the queues page: listed for the team, added and ended by its coordinators."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import update

from evenhand.dashboard.jobs import library, macros
from evenhand.dashboard.jobs.macros import NewMacro
from evenhand.data import tables
from evenhand.data.records import Outcome, ResponseKind
from tests.conftest import NOON
from tests.queues_page import shown

HOSTILE = "**Lừa** ![](/auth/logout) đảo"
SCAM = NewMacro(
    "G",
    HOSTILE,
    Outcome.VIOLATES,
    ("scam_fraud", "spam"),
    ResponseKind.NOTICE,
    "scam_notice",
)


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the part for an actor, as its address opens it."""
    library.put_builtin(store, NOON)

    return partial(shown, store, clock, tmp_path, "macros")


def add(store, actor, new=SCAM):
    return macros.add(store, actor, new, NOON)


def texts(app):
    shown = (*app.text, *app.markdown, *app.success, *app.error)
    return [one.value for one in shown]


def says(app, part):
    return any(part in one for one in texts(app))


def click(app, label):
    drawn = next(one for one in app.button if one.label == label or f"[{label}]" in one.label)
    drawn.click().run()
    assert not app.exception
    return app


def box(boxes, label):
    return next(one for one in boxes if one.label == label)


def labels(app):
    kinds = (app.selectbox, app.multiselect, app.text_input, app.button)
    return [one.label for kind in kinds for one in kind]


@pytest.mark.parametrize(
    ("lang", "said", "lead"),
    [
        ("en", "Your team has no macro yet", "Evenhand sends nothing"),
        ("vi", "Nhóm bạn chưa có macro nào", "Evenhand không gửi gì cả"),
    ],
)
def test_page_says_so_when_there_is_no_macro(show, actors, lang, said, lead):
    """In both languages, with what a macro is."""
    app = show(actors.coordinator, lang)

    assert says(app, said)
    assert says(app, lead)


def test_coordinator_adds_a_macro_and_ends_it(show, store, actors):
    """The first policy that is chosen is the main one; the form is empty again."""
    app = show(actors.coordinator)
    box(app.selectbox, "Key").set_value("H").run()
    box(app.text_input, "Name on the card").set_value("Lừa đảo").run()
    box(app.multiselect, "Policies, the main one first").set_value(["spam", "hate"]).run()
    box(app.selectbox, "Template").set_value("scam_notice").run()
    click(app, "Add")

    [made] = macros.list_active(store, actors.an)
    assert ("H", "Lừa đảo", ("spam", "hate"), ResponseKind.NOTICE) == (
        made.key,
        made.name,
        made.policies,
        made.kind,
    )
    assert says(app, "Added. It works from the next item")
    assert says(app, "Violates a policy: Spam, Hate speech")
    assert says(app, "Notice: Warn of a scam")
    assert says(app, "**Key H**")
    assert ("F", "") == (
        box(app.selectbox, "Key").value,
        box(app.text_input, "Name on the card").value,
    )
    assert "H" not in box(app.selectbox, "Key").options
    click(app, "End")
    assert says(app, "The key is free again")
    assert () == macros.list_active(store, actors.an)


def test_what_needs_an_answer_takes_no_policy(show, store, actors):
    """The field for policies is not there."""
    app = show(actors.coordinator)
    box(app.selectbox, "Decision").set_value(Outcome.NEEDS_ANSWER).run()
    assert "Policies, the main one first" not in labels(app)
    box(app.text_input, "Name on the card").set_value("Question").run()
    box(app.selectbox, "Template").set_value("answer_question").run()
    click(app, "Add")

    [made] = macros.list_active(store, actors.an)
    assert (Outcome.NEEDS_ANSWER, ()) == (made.outcome, made.policies)
    assert says(app, "Public reply: Answer a question")


def test_refusal_says_what_to_mend_and_keeps_the_form(show, store, actors):
    """No template, then a violation without a policy, then a macro without a name."""
    app = show(actors.coordinator)
    box(app.text_input, "Name on the card").set_value("Lừa đảo").run()
    click(app, "Add")
    assert says(app, "Choose a template")
    box(app.selectbox, "Template").set_value("scam_notice").run()
    click(app, "Add")
    assert says(app, "a violation names a policy")
    assert "Lừa đảo" == box(app.text_input, "Name on the card").value
    box(app.multiselect, "Policies, the main one first").set_value(["spam"]).run()
    box(app.text_input, "Name on the card").set_value(" ").run()
    click(app, "Add")

    assert says(app, "needs a name")
    assert () == macros.list_active(store, actors.an)


def test_names_are_drawn_as_letters_only(show, store, actors):
    """A coordinator typed them; the screen's own words are beside them."""
    add(store, actors.coordinator)
    app = show(actors.coordinator, "vi")

    assert HOSTILE in [one.value for one in app.text]
    assert not any("logout" in one.value for one in app.markdown)
    assert says(app, "Thông báo: Cảnh báo lừa đảo")
    assert says(app, "coordinator, 24/11/2026")


def test_key_that_somebody_else_took_meanwhile_is_no_choice_any_more(show, store, actors):
    """The first free one stands there instead."""
    app = show(actors.coordinator)
    box(app.selectbox, "Key").set_value("G").run()
    add(store, actors.coordinator)
    app.run()

    assert "F" == box(app.selectbox, "Key").value
    for key in (one for one in macros.KEYS if one != "G"):
        add(store, actors.coordinator, NewMacro(key, key, *_rest()))
    app.run()
    assert not app.exception
    assert says(app, "All 8 keys that the card leaves free have a macro")
    assert "Template" not in labels(app)


def _rest():
    return (SCAM.outcome, SCAM.policies, SCAM.kind, SCAM.template_id)


def test_template_that_is_no_longer_in_use_is_said_to_be(show, store, actors):
    """And where none is in use there is nothing to begin."""
    add(store, actors.coordinator)
    with store.write() as conn:
        conn.execute(update(tables.template).values(retired_at=NOON))
    app = show(actors.coordinator)

    assert says(app, "This template is no longer in use")
    assert says(app, "No template is in use in this language")
    assert "Template" not in labels(app)


def test_administrator_reads_and_keeps_none(show, store, actors):
    """The page is open to both; macros are the coordinators' own."""
    add(store, actors.coordinator)
    app = show(actors.admin)

    assert says(app, "**Key G**")
    assert not {"End", "Template", "Key"} & {*labels(app)}


@pytest.mark.parametrize("who", ["leader", "analyst"])
def test_macros_are_closed_to_those_who_neither_decide_nor_coordinate(show, store, actors, who):
    """They hear what role it takes, and see no name."""
    add(store, actors.coordinator)
    app = show(vars(actors)[who])

    assert says(app, "Ask somebody who has the role: reviewer")
    assert HOSTILE not in texts(app)
