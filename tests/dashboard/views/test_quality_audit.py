"""Audits on the quality page: what they say, the days, the budget by two persons."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import audit_budget
from evenhand.dashboard.shell import Shell
from evenhand.data import tables
from evenhand.data.settings import Settings
from evenhand.data.store import draws, rollups_anew
from tests.audit_floor import DAY, audit_now, put_day
from tests.dashboard.jobs.measures.test_missing import decide, put_flagged
from tests.review_floor import NOON, put_source


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the page for an actor, opened at the audits."""

    def drawing(actor, lang="en"):
        shell = Shell(store, Settings(workspace=tmp_path), actor, lang, clock.now, UTC)
        app = AppTest.from_function(draw, args=(shell,), default_timeout=60)
        app.session_state["evenhand.quality.part"] = "audit"
        app.run()
        assert not app.exception
        return app

    return drawing


def draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.quality import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


def says(app, words):
    shown = (*app.markdown, *app.success, *app.error, *app.text)
    return any(words in one.value for one in shown)


def click(app, label):
    return next(one for one in app.button if label in one.label).click().run()


def audited(store, actors, harmful=4):
    """Let a day be audited whole: forty posts, four of them harm; six of eight flagged ones are."""
    ids = [str(one) for one in put_day(store, [0.1] * 40)]
    audit_now(store)
    flagged = put_flagged(store, 8)
    verdicts = {one: "spam" if at < harmful else "no_harm" for at, one in enumerate(ids)}
    verdicts |= {one: "hate" if at < 6 else "no_harm" for at, one in enumerate(flagged)}
    for _ in range(5):
        decide(store, actors.an, verdicts)


@pytest.mark.parametrize(("lang", "base"), [("en", "40 posts read"), ("vi", "đã đọc 40 bài")])
def test_tiles_give_the_number_its_bounds_and_what_was_read(store, actors, show, lang, base):
    """6 found and 4 missed: 60 % of the harm, 4 of 40 unflagged posts, 10 of 48 in all."""
    audited(store, actors)
    app = show(actors.coordinator, lang)

    comma = "," if lang == "vi" else "."
    assert ["60%", "4", f"10{comma}0%", f"20{comma}8%", "–"] == [one.value for one in app.metric]
    assert says(app, {"en": "no reach is known", "vi": "không biết mức lan toả"}[lang])
    assert says(app, base)
    assert not says(app, "simulated")


def test_reach_weighs_the_share_that_was_found(store, actors, show):
    """6 found of reach 10, 4 missed of reach 5: 60 of 80."""
    audited(store, actors)
    with store.write() as conn:
        conn.execute(update(tables.post).values(reach=5))
        of_flag = select(tables.item.c.post_id).where(tables.item.c.label != "audit")
        flagged = tables.post.c.id.in_(of_flag)
        conn.execute(update(tables.post).where(flagged).values(reach=10))
    app = show(actors.coordinator)

    assert "75%" == app.metric[-1].value
    assert says(app, "75% to 75% · 40 posts read")


def test_audits_are_told_by_source(store, actors, show):
    """The one source has found six and its audits saw four."""
    audited(store, actors)
    with store.write() as conn:
        conn.execute(update(tables.item).values(source_id=put_source(conn)))
        rollups_anew.rebuild(conn)
    [table] = [
        one.value for one in show(actors.coordinator).dataframe if "Source" in one.value.columns
    ]

    assert [["r/danang", "6", "4"]] == [
        list(row[:3]) for row in table.itertuples(index=False) if row[0] == "r/danang"
    ]


def test_nothing_is_claimed_where_nothing_was_read(actors, show):
    """An empty workspace has not missed “0 posts (0 to 0)”: nobody knows."""
    app = show(actors.analyst)

    assert not app.metric
    assert not says(app, "0 to 0")
    assert says(app, "Nothing is known yet of what is missed")


def test_thin_evidence_is_said_and_bounds_stand_all_the_same(store, actors, show):
    """Nobody has read anything yet: a dash, the reason, and how far it may reach."""
    put_day(store, [0.1] * 40)
    audit_now(store)
    app = show(actors.analyst)

    assert ["–"] * 5 == [one.value for one in app.metric]
    assert says(app, "no harm seen yet · 0% to 100% · 0 posts read")
    assert says(app, "can be worked out once a day was audited")


def test_days_are_told_with_those_that_have_no_audit(store, actors, show):
    """Each of the last days stands there, the newest first, and why it has none."""
    put_day(store, [0.1] * 3, at=DAY - timedelta(days=1))
    put_day(store, [0.1] * 2, text_erased_at=NOON)
    put_day(store, [0.1] * 2)
    audit_now(store)
    table = show(actors.coordinator).dataframe[-1].value

    assert ["24 Nov 2026", "23 Nov 2026", "22 Nov 2026"] == list(table["Day (UTC)"])[:3]
    assert ["not drawn", "none: texts were erased before the draw", "drawn"] == list(
        table["Audit"]
    )[:3]
    assert ["–", "–", "3"] == list(table["Unflagged posts"])[:3]
    assert ["–", "–", "0"] == list(table["Decided"])[:3]


def test_budget_is_proposed_by_one_and_approved_by_another(store, actors, show):
    """The interval that it will buy stands there before it is proposed, and before it is set."""
    audited(store, actors)
    app = show(actors.coordinator)
    app.slider[0].set_value(100).run()
    assert says(app, "100 posts to read in a week, about 14 a day")
    click(app, "Propose this budget")
    assert says(app, "Proposed. Another person has to approve it.")
    assert says(app, "300 posts a week, 100 of them for audits")
    assert says(app, "You proposed it")
    assert not [one for one in app.button if one.label == "Approve"]
    other = show(actors.analyst)
    assert says(other, "100 posts to read in a week")
    click(other, "Approve")

    assert says(other, "The budget is in force.")
    with store.read() as conn:
        week = draws.budget_of(conn, NOON)
    assert (300, 100) == (week.limit, week.audits)


def test_admins_have_the_audit_alone_and_may_be_the_second_person(store, actors, show):
    """Where one coordinator is all there is, the budget still finds two persons."""
    audit_budget.propose(store, actors.coordinator, 400, 300, NOON)
    app = show(actors.admin)
    assert ["Audit"] == list(app.button_group[0].options)
    click(app, "Approve")

    assert says(app, "The budget is in force.")
    with store.read() as conn:
        week = draws.budget_of(conn, NOON)
    assert (400, 300) == (week.limit, week.audits)


def test_small_budget_is_said_to_measure_nothing(store, actors, show):
    """50 a week of 2,100 posts of which 7 are harm cannot tell; all of them can."""
    put_day(store, [0.1] * 300)
    audit_now(store)
    (flagged,) = put_flagged(store, 1)
    decide(store, actors.an, {flagged: "hate"})
    app = show(actors.coordinator)
    app.slider[0].set_value(50).run()
    assert says(app, "**not measurable at this budget**")
    assert says(app, "taken as if 50% of the harm was found")
    app.slider[0].set_value(2_000).run()

    assert says(app, "2,000 posts to read in a week")
    assert not says(app, "not measurable")


def test_budget_above_all_posts_has_no_more_to_read(store, actors, show):
    """Forty posts a day are 280 in a week, however many may be read."""
    audited(store, actors)
    app = show(actors.coordinator)
    app.slider[0].set_value(1_000).run()

    assert says(app, "280 posts to read in a week")
    assert says(app, "every unflagged post; a larger budget has no more to read")


def test_proposal_is_put_aside(store, actors, show):
    """Whoever proposed it may take it back, and the form is there again."""
    audit_budget.propose(store, actors.coordinator, 400, 300, NOON)
    app = click(show(actors.coordinator), "Put aside")

    assert says(app, "The proposal is put aside.")
    assert app.slider


def test_reviewers_have_no_such_part(actors, show):
    """Whoever reads must not know which items are of an audit, nor how many."""
    app = show(actors.an)

    assert "Audit" not in list(app.button_group[0].options)
    assert not app.metric
