"""The policies page: the closed lists, what the model makes of them, and the statement list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import statements
from evenhand.dashboard.shell import Shell
from evenhand.data.settings import Settings
from evenhand.data.store import model_reports, shipped
from evenhand.data.store.model_reports import ReportKind
from evenhand.data.taxonomy import Policy, Request, load_taxonomy
from tests.conftest import NOON
from tests.statement_floor import DAM, SEA, put_in_force

HOSTILE = replace(
    SEA,
    wordings=("Gargling ![](/auth/logout) sea water cures **dengue** fever",),
    source_name="[Health](http://x.test) :red[department]",
)


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the page for an actor."""

    def drawing(actor, lang="en"):
        shell = Shell(store, Settings(workspace=tmp_path), actor, lang, clock.now, UTC)
        app = AppTest.from_function(draw, args=(shell,), default_timeout=30).run()
        assert not app.exception
        return app

    return drawing


def draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.policies import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


def texts(app):
    shown = (*app.text, *app.markdown, *app.success, *app.error, *app.warning, *app.info)
    return [one.value for one in shown]


def click(app, label):
    return next(one for one in app.button if label == one.label or label in one.label).click().run()


def measured(store, *, wrong):
    """Note that the active model scored every example, the texts of *wrong* otherwise."""
    rows = [
        {
            "label": label,
            "lang": lang,
            "sign": sign,
            "text": text,
            "score": 0.25,
            "band": "nothing" if (sign == "is") == (text in wrong) else "check",
            "verdict": "only by statement"
            if label.endswith("_misinformation")
            else ("disagrees" if text in wrong else "agrees"),
        }
        for label in (*Policy, *Request)
        for lang, wording in load_taxonomy().entry(label).wording.items()
        for sign, listed in (("is", wording.positives), ("is not", wording.negatives))
        for text in listed
    ]
    with store.write() as conn:
        model = shipped.ensure(conn, NOON)
        model_reports.put(conn, model.version, ReportKind.EXAMPLES, {"scores": rows}, NOON)
    return model.version, len([one for one in rows if one["verdict"] != "only by statement"])


@pytest.mark.parametrize(
    ("lang", "title", "missing"),
    [
        ("en", "Policies", ("The list is empty, so no post", "Not measured yet")),
        ("vi", "Quy định", ("Danh sách đang trống", "Chưa đo")),
    ],
)
def test_page_is_open_to_every_role_and_says_what_is_not_there_yet(
    show, actors, lang, title, missing
):
    """Whoever only reads gets no form and no button."""
    for actor in (actors.an, actors.leader):
        app = show(actor, lang)
        said = texts(app)

        assert title == app.title[0].value
        for part in missing:
            assert any(part in one for one in said)
        assert [] == list(app.button)


def test_policy_shows_its_wording_and_each_examples_score(show, store, actors):
    """In the person's language, as letters only; a disagreement is named in words."""
    wording = load_taxonomy().policies["scam_fraud"].wording["en"]
    measured(store, wrong={wording.positives[0]})
    app = show(actors.an)
    app.session_state["evenhand-policies-scam_fraud"] = True
    app.run()
    said = texts(app)

    assert wording.definition in said
    assert wording.not_this in said
    assert set(wording.positives + wording.negatives) <= {one.value for one in app.text}
    assert any("Left alone, score 0.25" in one and "disagrees" in one for one in said)
    assert any("Put before a person: check, score 0.25" in one for one in said)


def test_disagreements_stand_at_the_head_with_how_many_there_are(show, store, actors):
    """And with the model that they were measured with."""
    entry = load_taxonomy().policies["spam"].wording["vi"]
    wrong = {entry.positives[0], entry.negatives[0]}
    model, scored = measured(store, wrong=wrong)
    app = show(actors.leader)

    assert any(
        f"2 of {scored} examples are judged otherwise by {model}" in one for one in texts(app)
    )
    assert wrong <= {one.value for one in app.text}
    assert any("Worded as Spam, and the model does not put it" in one for one in texts(app))
    assert any("Worded as not Spam" in one for one in texts(app))


def test_agreement_is_said_too(show, store, actors):
    """Nothing is left to be guessed from an empty place."""
    _, scored = measured(store, wrong=())

    assert any(f"judges all {scored} examples" in one for one in texts(show(actors.an)))


def test_example_whose_wording_changed_since_is_not_shown_as_measured(show, store, actors):
    """A score belongs to a text."""
    with store.write() as conn:
        model = shipped.ensure(conn, NOON)
        old = {"label": "spam", "lang": "en", "sign": "is", "text": "older", "score": 0.1}
        data = {"scores": [{**old, "band": "nothing", "verdict": "disagrees"}]}
        model_reports.put(conn, model.version, ReportKind.EXAMPLES, data, NOON)
    said = texts(show(actors.an))

    assert "older" not in said
    assert any("judges all 0 examples" in one for one in said)


def test_statements_are_shown_as_letters_with_who_and_until_when(show, store, actors):
    """An address is no link, and what people typed is no markup."""
    put_in_force(store, actors, HOSTILE)
    app = show(actors.an)
    shown = [one.value for one in app.text]

    assert f"“{HOSTILE.wordings[0]}”" in shown
    assert HOSTILE.what_is_true in shown
    assert f"{HOSTILE.source_name}\n{HOSTILE.source_url}" in shown
    assert any(one.startswith("analyst, ") for one in shown)
    assert any(one.startswith("coordinator, ") for one in shown)
    assert "24 Dec 2026" in shown
    assert not any("http" in one.value or "dengue" in one.value for one in app.markdown)


def fill(app, worded):
    def field(kind, label):
        return next(one for one in getattr(app, kind) if label in one.label)

    field("selectbox", "Policy").set_value(worded.policy)
    field("button_group", "Language").set_value(worded.lang)
    field("text_area", "The claim as people repeat it").set_value("\n".join(worded.wordings))
    field("text_input", "What is true").set_value(worded.what_is_true)
    field("text_input", "Who published it").set_value(worded.source_name)
    field("text_input", "Address").set_value(worded.source_url)
    field("number_input", "Days in force").set_value(30)
    return click(app, "Propose")


def claim_of(app):
    """Read what stands in the field for the claim."""
    return next(one.value for one in app.text_area if "The claim as people" in one.label)


def test_coordinator_proposes_and_somebody_else_approves(show, store, actors, clock):
    """The proposer is told to ask a second person and gets no button to approve."""
    app = fill(show(actors.coordinator), DAM)
    assert not app.exception
    assert any("Proposed. Ask another" in one for one in texts(app))
    assert any("somebody else has to approve it" in one for one in texts(app))
    assert not [one for one in app.button if "Approve" in one.label]
    app = click(show(actors.analyst), "Approve")

    assert any("matched with it within a minute" in one for one in texts(app))
    (found,) = statements.in_force(store, clock.now())
    assert DAM == found.worded


def test_proposal_that_is_refused_keeps_what_was_typed(show, store, actors):
    """The sentence says what to mend."""
    app = fill(show(actors.coordinator), replace(DAM, wordings=("Đập vỡ rồi",)))

    assert any("fewer than 4 telling words" in one for one in texts(app))
    assert "Đập vỡ rồi" == claim_of(app)
    assert () == statements.listing(store, actors.an, NOON).waiting


def test_statement_is_withdrawn_by_one_press_and_listed_as_ended(show, store, actors, clock):
    """With who did it."""
    put_in_force(store, actors)
    app = click(show(actors.admin), "Withdraw")

    assert any("Withdrawn." in one for one in texts(app))
    assert any("withdrawn by admin" in one for one in texts(app))
    assert [] == statements.in_force(store, clock.now())


def test_correction_begins_with_the_old_words_and_needs_a_second_person(show, store, actors):
    """The old one stays until then, and can be left as it is."""
    old = put_in_force(store, actors)
    app = click(show(actors.coordinator), "Correct")
    assert "\n".join(DAM.wordings) == claim_of(app)
    app.text_input[0].set_value("Đập hồ trên không hề vỡ, báo đài đã xác nhận.")
    app = click(app, "Propose")
    found = statements.listing(store, actors.an, NOON)

    assert ([old.id], old.id) == (
        [one.statement.id for one in found.in_force],
        found.waiting[0].statement.corrects,
    )
    assert any(f"Takes the place of statement {old.id}" in one for one in texts(app))
    app = click(click(app, "Correct"), "Leave it as it is")
    assert not any("Correct statement" in one.value for one in app.subheader)


def test_long_list_is_leafed_through(show, store, actors):
    """Five at a time, the newest first."""
    for number in range(7):
        worded = replace(SEA, wordings=(f"Gargling sea water number{number} cures dengue",))
        put_in_force(store, actors, worded)
    app = show(actors.an)
    shown = [one.value for one in app.text if one.value.startswith("“Gargling")]

    assert 5 == len(shown)
    assert "number6" in shown[0]
