"""The models page says what was measured, and does what its buttons say for those who may."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
from datetime import UTC

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import retraining, retraining_promotion, retraining_shadow, tasks
from evenhand.dashboard.shell import Shell
from evenhand.dashboard.views import models_card, models_parts, models_words
from evenhand.data.errors import MissingExtra, TooFewLabels
from evenhand.data.records import Outcome, Text
from evenhand.data.settings import Settings
from evenhand.data.store import budgets, model_reports, models, rescoring, shipped
from evenhand.data.store.arrivals import Stored
from evenhand.data.store.model_reports import ReportKind
from tests.fakes import FakeTagger
from tests.models_floor import BIASED, WORSE, put_model
from tests.retraining_floor import decided, put_decision
from tests.review_floor import NOON, put_item

# What a hostile name or post tries: a picture that signs one out, a link, markup.
HOSTILE = "![](/auth/logout) [đây](http://x.test) :red[**!**]"


@pytest.fixture
def settings(tmp_path):
    return Settings(workspace=tmp_path)


@pytest.fixture
def show(store, clock, settings):
    """Draw the page for an actor."""

    def drawing(actor, lang="en"):
        shell = Shell(store, settings, actor, lang, clock.now, UTC)
        app = AppTest.from_function(draw, args=(shell,), default_timeout=60).run()
        assert not app.exception
        return app

    return drawing


def draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.models import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


def said(app):
    kinds = (app.markdown, app.text, app.success, app.error, app.warning, app.info, app.caption)
    return [one.value for kind in kinds for one in kind]


def has(app, words):
    return any(words in text for text in said(app))


def cells(app):
    return [str(cell) for table in app.dataframe for cell in table.value.to_numpy().ravel()]


def pictures(app):
    """List what is written in each chart."""
    specs = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    return [[one["text"] for one in spec["layout"].get("annotations", ())] for spec in specs]


def buttons(app):
    return [one.label for one in app.button]


def click(app, label):
    app = next(one for one in app.button if label in one.label).click().run()
    assert not app.exception
    return app


def active(store, actors):
    return retraining.overview(store, actors.analyst, NOON).active.version


@pytest.mark.parametrize(
    ("lang", "title", "told"),
    [
        ("en", "Models", ["came with Evenhand", "In any language only rules and statements find"]),
        (
            "vi",
            "Mô hình",
            ["có sẵn trong Evenhand", "Ở mọi ngôn ngữ, chỉ quy tắc và danh sách tin sai nhận ra"],
        ),
    ],
)
def test_page_shows_the_shipped_model_where_nothing_was_trained(show, actors, lang, title, told):
    """Where it comes from, how neutral it is and what it is weak at, in both languages."""
    app = show(actors.analyst, lang)

    assert app.title[0].value == title
    assert [words for words in told if not has(app, words)] == []
    assert any(one.value.startswith("builtin@") for one in app.subheader)
    assert not [label for label in buttons(app) if "Roll back" in label or "Quay lại" in label]


def test_labels_are_counted_by_label_and_language(show, store, actors):
    """Each bar says how many texts say yes, of how many are needed."""
    for number in range(3):
        with store.write() as conn:
            put_decision(
                conn, outcome=(Outcome.VIOLATES, "hate", "hate"), lang=("vi", "en")[number % 2]
            )
    app = show(actors.analyst)
    bars = pictures(app)[0]

    assert "<b>Hate speech</b>: 3 of 50" in bars
    assert "en 1 · vi 2" in bars
    assert "flagged post" in cells(app)


def test_training_is_asked_for_once_and_its_progress_shown(show, store, actors, clock):
    """The button asks the worker; the step and its share are worded until the task has ended."""
    decided(store, 40)
    app = click(show(actors.analyst), "Train a candidate")
    assert has(app, "Waits for the worker")
    assert not [label for label in buttons(app) if "Train" in label]

    task = tasks.next_task(store, clock.now())
    tasks.progress(store, task.id, (38, 100), "training: hate", clock.now())
    app.run()
    assert (0.38, "38%: learning “Hate speech”") == progress(app)

    message = "hate has 12 labels and needs 50; review more posts of that kind first"
    tasks.finish(store, task.id, ok=False, message=message, now=clock.now())
    app.run()

    assert has(app, "Too few labels. Nearest is “Hate speech” with 12 of 50 texts")
    assert [label for label in buttons(app) if "Train" in label]


def progress(app):
    (bar,) = app.get("progress")
    return bar.proto.value / 100, bar.proto.text


def test_refused_promotion_names_the_failing_language(show, store, actors, tmp_path):
    """The reasons stand on the card, and the button is refused with them; nothing changes."""
    put_model(store, tmp_path, compared=WORSE, neutral=BIASED)
    app = show(actors.analyst)
    loss = "Hate speech, Vietnamese: recall falls from 80% to 55% (difference −40 to −10 points"
    assert has(app, "3 things stand against its promotion.")
    assert has(app, loss)
    assert has(
        app, "Neutrality, must not be flagged: satire: 8.3% (95% limit 16%), the bound is ≤ 5%."
    )
    assert has(app, "Neutrality, score gap between names: 0.08, the bound is ≤ 0.05.")
    app = click(app, "Ask for promotion")

    assert "team@1 cannot be promoted" in app.error[0].value
    assert sum(loss in text for text in said(app)) == 2
    assert retraining.overview(store, actors.analyst, NOON).models[0].asked_at is None


def test_comparison_and_gate_are_drawn_and_told(show, store, actors, tmp_path):
    """Two pictures with both figures, and every bound with its limit and a sign of its own."""
    put_model(store, tmp_path, compared=WORSE, neutral=BIASED)
    app = show(actors.analyst)
    found = cells(app)

    assert has(app, "2 of 3 pairs of label and language have the 20 texts")
    drawn = [line for lines in pictures(app) for line in lines if "Hate speech, V" in line]
    assert drawn == [
        "<b>Hate speech, Vietnamese</b>: 80% → 55% (−25)",
        "<b>Hate speech, Vietnamese</b>: 90% → 88% (−2)",
    ]
    assert any("triangle-left" in chart.proto.spec for chart in app.get("plotly_chart"))
    assert has(app, "It judges 2 of 48 worded examples of the policies otherwise.")
    assert {"◀ worse", "● same", "○ not enough evidence"} <= set(found)
    assert "80% → 55%" in found
    assert "−25 (−40 to −10)" in found
    assert {"✓ holds", "✗ fails", "must not be flagged: grief", "1 post", "≤ 1 post"} <= set(found)


def test_candidate_goes_from_request_to_promotion_and_back(show, store, actors, tmp_path):
    """The first person asks and cannot promote; the second promotes; anybody of them goes back."""
    second = dataclasses.replace(actors.analyst, id="6", name="second")
    before = active(store, actors)
    put_model(store, tmp_path)
    app = show(actors.analyst)
    assert has(app, "Nothing stands against it")
    app = click(app, "Ask for promotion")
    assert has(app, "Somebody else has to promote team@1")
    assert has(app, "You trained it, proposed it or asked for it")
    assert not [label for label in buttons(app) if "Promote" in label]

    app = click(show(second), "Promote")
    assert has(app, "team@1 is active")
    assert active(store, actors) == "team@1"
    assert has(app, f"Goes back to {before} at once")
    assert has(app, "Waits for the worker")

    app = click(app, "Roll back")
    assert has(app, "The model from before is active again")
    assert active(store, actors) == before


def test_coordinator_promotes_but_neither_trains_nor_asks(show, store, actors, tmp_path, clock):
    """Each role gets the buttons of its jobs."""
    put_model(store, tmp_path)
    app = show(actors.coordinator)
    assert buttons(app) == ["Draw into the queue"]
    assert has(app, "Analysts and administrators train candidates.")

    retraining_promotion.ask_promotion(store, actors.analyst, "team@1", clock.now())
    assert ":violet[Promote]" in buttons(show(actors.coordinator))


def test_candidate_is_put_aside(show, store, actors, tmp_path):
    """It leaves the list and stays on the shelf."""
    put_model(store, tmp_path)
    app = click(show(actors.analyst), "Put aside")

    assert has(app, "No candidate yet.")
    assert "retired" in cells(app)


def test_second_candidate_waits_behind_its_title(show, store, actors, tmp_path, clock):
    """The newest is open; what is closed is not drawn."""
    put_model(store, tmp_path, "team@1", compared=WORSE)
    put_model(store, tmp_path, "team@2", registered_at=clock.advance(hours=1))
    app = show(actors.analyst)

    assert [one.value for one in app.subheader][1:] == ["team@2"]
    titles = [one.label for one in app.expander]
    assert "team@1, 24 Nov 2026, 12:00: 1 thing stands against it" in titles

    app.session_state["evenhand-models-box-team@1"] = True
    app.run()
    assert not app.exception
    assert [one.value for one in app.subheader][1:] == ["team@2", "team@1"]


def test_what_was_learnt_kept_and_set_aside_is_told(show, store, actors, tmp_path):
    """Counts, thresholds with their evidence, labels that stayed, and suspects by name."""
    suspect = {
        "reviewer": "1",
        "kind": "disagrees with everybody",
        "label": "",
        "n": 90,
        "agreement": 0.31,
        "expected": 0.84,
        "p_value": 1e-9,
    }
    put_model(store, tmp_path, suspects=[suspect])
    app = show(actors.analyst)
    found = cells(app)

    assert has(app, "2 labels learnt; 258 decisions were kept back")
    assert {"90% (80% to 96%)", "not enough evidence (n = 120)"} <= set(found)
    assert has(app, "• Spam: 46 texts say yes and 512 no; 50 of each are needed")
    assert has(app, "The labels of 1 reviewer were set aside")
    assert {"an", "disagrees with the others", "31%", "84%"} <= set(found)
    assert not has(show(actors.coordinator), "set aside before anything was learnt")


def test_card_is_shown_and_names_nobody(store, actors, tmp_path, clock):
    """Hashes, sources, labels, thresholds, gate and limits, for handing on."""
    put_model(store, tmp_path)
    shell = Shell(store, Settings(workspace=tmp_path), actors.analyst, "en", clock.now, UTC)
    found = retraining.overview(store, actors.analyst, NOON).models
    line = next(one for one in found if one.version == "team@1")
    text = models_card.as_markdown(shell, line, models_parts.measured(shell, "team@1"))

    assert text.startswith("# Model card: team@1\n")
    assert "- Hash of the labels: abcdefabcdefabcd\n" in text
    assert "- Licences: the team's own decisions; CC0\n" in text
    assert "| seeds | 1,684 |" in text
    assert "| flagged post | English 700, Vietnamese 500 |" in text
    assert "| Hate speech | 0.30 | Vietnamese, other languages |" in text
    assert "| must not be flagged, all | ✓ holds | 0.4% | 0.9% | ≤ 1% |" in text
    assert "it repeats their mistakes" in text
    assert "analyst" not in text


def test_card_of_the_shipped_model_has_what_was_measured_before_release(
    store, actors, clock, settings
):
    """Held-out figures by label and language, and every bound, all of them worded."""
    shell = Shell(store, settings, actors.analyst, "vi", clock.now, UTC)
    line = retraining.overview(store, actors.analyst, NOON).active
    text = models_card.as_markdown(shell, line, models_parts.measured(shell, line.version))

    assert "## Đo trên dữ liệu mô hình chưa học, trước khi phát hành" in text
    assert "| Tin rác | tiếng Anh |" in text
    bounds = text.partition("## Tính trung lập")[2].partition("\n## ")[0]
    assert bounds.count("\n| ") > 30
    assert not re.search(r"[a-z]_[a-z]|must|English|found", bounds)


def test_shadow_lists_disagreements_and_covers_severe_texts(show, store, actors, tmp_path):
    """Counts for all posts, texts of those one may read, a severe one only after a press."""
    put_model(store, tmp_path)
    app = click(show(actors.analyst), "Run in the shadow")
    assert has(app, "team@1 runs in the shadow")
    assert has(app, "The shadow run has begun")
    with store.write() as conn:
        severe = put_item(conn, "question", f"Tôi mệt quá rồi. {HOSTILE}")
        mild = put_item(conn, "question", f"Mấy giờ mở cửa? {HOSTILE}")
    try_out(store, severe, "Threat")
    try_out(store, mild, "question")
    sums = {"hate": [4, 2, 1, 90], "question": [1, 0, 0, 96], "spam": [0, 0, 0, 97]}
    data = {
        "model": "team@1",
        "since": NOON.isoformat(),
        "posts": 97,
        "labels": sums,
        "counted_only": 3,
    }
    with store.write() as conn:
        model_reports.put(conn, "team@1", ReportKind.SHADOW, data, NOON)
    app.run()

    assert has(app, "Both models have read 97 posts")
    assert has(app, "3 more disagreements are on posts that nobody may read")
    shown = [one.value for one in app.text]
    assert f"Mấy giờ mở cửa? {HOSTILE}" in shown
    assert not any("mệt quá" in text for text in said(app))
    assert not any("auth/logout" in one.value for one in app.markdown)

    app = click(app, "Show the text")
    assert any("mệt quá" in one.value for one in app.text)
    app = click(app, "Cover the text")
    assert not any("mệt quá" in text for text in said(app))


def try_out(store, item, word):
    """Let the shadow model find what *word* stands for, where the active one found nothing."""
    (tag,) = FakeTagger(model="team@1").tag([Text(item.post_id, word)])
    with store.write() as conn:
        there = Stored(int(item.post_id), 1)
        rescoring.put_tags(conn, [(there, tag)], shadow=True, now=NOON)


def test_coordinator_draws_within_the_budget(show, store, actors, clock):
    """The bar says what is left, the words what will happen, and the worker is asked."""
    app = show(actors.coordinator)
    assert pictures(app)[-1] == ["<b>Week 48</b>: 0 of 500 used, 500 left"]
    assert app.number_input[0].max == 500
    app.number_input[0].set_value(12).run()
    assert has(app, "The worker draws 12 of the unflagged posts")
    app = click(app, "Draw into the queue")

    assert has(app, "Asked for 12 posts.")
    task = tasks.next_task(store, clock.now())
    assert ("learning_draw", {"n": 12}) == (task.kind, dict(task.args))
    tasks.finish(
        store, task.id, ok=True, message="12 posts were drawn into the queue", now=clock.now()
    )
    app.run()
    assert has(app, "12 posts were drawn into the queue.")


def test_spent_budget_leaves_nothing_to_draw(store, show, actors):
    """The page says when it begins again."""
    with store.write() as conn:
        nothing = budgets.propose(conn, actors.coordinator.id, 0, 0, NOON)
        budgets.approve(conn, actors.admin.id, nothing, NOON)
    app = show(actors.coordinator)

    assert has(app, "This week's budget is spent.")
    assert not app.number_input


def test_drift_is_told_with_signs_words_and_directions(show, store, actors):
    """Alarms come first; a language is named; up and down have arrows and words."""
    app = click(show(actors.analyst), "Compare now")
    assert has(app, "Asked for. The worker begins in a moment.")
    line = {"psi": 0.31, "state": "alarm", "direction": "up", "posts": [900, 400]}
    steady = {"psi": 0.0, "state": "steady", "direction": "", "category": "3"}
    data = {
        "alarms": 1,
        "before": ["2026-11-01", "2026-11-16"],
        "after": ["2026-11-17", "2026-11-23"],
        "lines": [
            {**line, **steady, "name": "length", "before": 0.2, "after": 0.2},
            {**line, "name": "language", "category": "vi", "before": 0.4, "after": 0.7},
            {
                **line,
                "name": "put before people: spam",
                "state": "watch",
                "direction": "down",
                "category": "1",
                "before": 0.02,
                "after": 0.01,
            },
        ],
    }
    version = active(store, actors)
    put(store, version, ReportKind.DRIFT, data)
    app = show(actors.analyst)
    first, table = (one.value for one in app.dataframe if "PSI" in one.value)

    assert has(app, "1 alarm: 17 Nov 2026 – 23 Nov 2026 beside 1 Nov 2026 – 16 Nov 2026.")
    assert list(first["Change"]) == ["▲ alarm", "△ watch"]
    assert list(table["Change"]) == ["▲ alarm", "△ watch", "● steady"]
    assert list(table["Direction"]) == ["↑ more: Vietnamese, 40% → 70%", "↓ less: 2% → 1%", "–"]


def put(store, version, kind, data):
    with store.write() as conn:
        if models.active(conn) is None:
            shipped.ensure(conn, NOON)
        model_reports.put(conn, version, kind, data, NOON)


def test_labels_in_doubt_are_listed_and_severe_ones_covered(show, store, actors):
    """Least believed first; the file for the coordinator holds no text."""
    with store.write() as conn:
        mild = put_decision(
            conn, text=f"Mua ngay! {HOSTILE}", outcome=(Outcome.NO_HARM, None, "spam")
        )
        severe = put_decision(
            conn, text="Tôi sẽ đánh anh.", outcome=(Outcome.NO_HARM, None, "violence_threat")
        )
    doubts = [
        {"item_id": str(mild), "post_id": "1", "label": "spam", "given": False, "p": 0.04},
        {
            "item_id": str(severe),
            "post_id": "2",
            "label": "violence_threat",
            "given": False,
            "p": 0.11,
        },
    ]
    version = active(store, actors)
    put(store, version, ReportKind.LABEL_ERRORS, {"labels": 2, "found": 2, "doubts": doubts})
    app = show(actors.analyst)

    assert has(app, "2 decisions, least believed first")
    assert has(app, "the model gives the decision a chance of 4%")
    assert f"Mua ngay! {HOSTILE}" in [one.value for one in app.text]
    assert not any("đánh anh" in text for text in said(app))
    assert not has(show(actors.coordinator), "least believed first")


def test_vietnamese_page_is_worded_throughout(show, store, actors, tmp_path):
    """No English sentence is left, not even of what the worker wrote down."""
    put_model(store, tmp_path, compared=WORSE, neutral=BIASED)
    app = show(actors.analyst, "vi")
    shown = [*said(app), *cells(app), *buttons(app)]

    assert has(app, "độ phát hiện giảm từ 80% xuống 55%")
    assert not [text for text in shown if " of " in text or " the " in text or " is " in text]


@pytest.mark.parametrize(
    "sentence",
    [
        "team@0e661a4e learnt hate, spam from 600 labels; it lost the comparison and failed",
        "the same labels give the same model again: team@0e661a4e (candidate)",
        str(TooFewLabels("hate", have=12, need=50, counts={"hate": (12, 90)})),
        "12 posts were drawn into the queue",
        "no unflagged post is held that may train; wait for new posts, or let a source train",
        "there are profiles of 1 whole days of posts, and a comparison needs 2; try again tomorrow",
        "2 alarms: language up, source down",
        "22 of 657 labels look mistaken",
        str(MissingExtra("labels")),
    ],
)
def test_what_came_of_a_task_is_worded_in_vietnamese(store, actors, clock, settings, sentence):
    """The worker writes English; the page knows each of its sentences."""
    shell = Shell(store, settings, actors.analyst, "vi", clock.now, UTC)
    said = models_words.ending(shell, sentence)

    assert said != sentence
    assert re.search("[àáạảãăâđêôơưếệặầấộ]", said)


@pytest.mark.parametrize("who", ["an", "leader"])
def test_page_tells_other_roles_whom_to_ask(show, actors, who):
    """Whoever comes here by address sees no model and is told why."""
    app = show(getattr(actors, who), "vi")

    assert "không cho phép" in app.error[0].value
    assert not app.button


def test_page_loads_no_model_library():
    """The serving process imports neither scikit-learn nor scipy for this page."""
    program = (
        "import sys, evenhand.dashboard.app, evenhand.dashboard.views.models\n"
        "print([name for name in ('sklearn', 'scipy', 'dask') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_shadow_run_without_disagreement_says_so(show, store, actors, tmp_path, clock):
    """Nothing different is a finding too."""
    put_model(store, tmp_path)
    retraining_shadow.start_shadow(store, actors.analyst, "team@1", clock.now())
    data = {
        "model": "team@1",
        "since": NOON.isoformat(),
        "posts": 40,
        "labels": {"hate": [0, 0, 0, 40]},
        "counted_only": 0,
    }
    with store.write() as conn:
        model_reports.put(conn, "team@1", ReportKind.SHADOW, data, NOON)
    app = show(actors.analyst)
    assert has(app, "They would put the same posts before people.")
    app = click(app, "End the shadow run")

    assert has(app, "The shadow run of team@1 has ended.")
