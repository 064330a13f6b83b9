"""A candidate of proposed thresholds says on Models what moved and why; it learnt nothing."""

from __future__ import annotations

from datetime import UTC

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import retraining, retraining_promotion
from evenhand.dashboard.shell import Shell
from evenhand.dashboard.views import models_card
from evenhand.data.settings import Settings
from tests.models_floor import BETTER, CARD, line, put_model
from tests.review_floor import NOON

HOSTILE = "![](/auth/logout) [đây](http://x.test) :red[**!**] vì quá nhiều tin rác"
PROPOSED = CARD | {
    "recipe": "thresholds",
    "base": "builtin@1234abcd",
    "thresholds": {"hate": 0.4, "spam": 0.99, "question": 0.5},
    "proposal": {
        "moved": {"hate": [0.5, 0.4], "spam": [0.985, 0.99]},
        "reason": HOSTILE,
        "proposed_at": NOON.isoformat(),
    },
}
COMPARED = BETTER | {"lines": [line(), line("spam", "en", "not enough evidence", positives=7)]}


@pytest.fixture
def show(store, actors, clock, tmp_path):
    """Draw the page for an actor, with one candidate that the analyst proposed."""
    settings = Settings(workspace=tmp_path)
    put_model(store, tmp_path, card=PROPOSED, compared=COMPARED, learnt=None)
    retraining_promotion.ask_promotion(store, actors.admin, "team@1", NOON)

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


def has(app, words):
    kinds = (app.markdown, app.text, app.success, app.warning, app.info)
    return any(words in one.value for kind in kinds for one in kind)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "en",
            [
                "Same weights as builtin@1234abcd; only these thresholds changed:",
                "• Hate speech: from 0.5000 to 0.4000, lower, so that more comes before people",
                "• Spam: from 0.9850 to 0.9900, higher, so that less comes before people",
                "The comparison says nothing of Spam:",
                "Why, in the words of who proposed it",
                "It learnt nothing: its weights are those of builtin@1234abcd",
            ],
        ),
        (
            "vi",
            [
                "Cùng trọng số với builtin@1234abcd; chỉ các ngưỡng sau thay đổi:",
                "từ 0,5000 xuống 0,4000, nên nhiều bài hơn được đưa ra duyệt",
                "từ 0,9850 lên 0,9900, nên ít bài hơn được đưa ra duyệt",
                "Lý do, theo lời người đề xuất",
                "Không học gì thêm: trọng số là của builtin@1234abcd",
            ],
        ),
    ],
)
def test_candidate_says_what_moved_and_why(show, actors, lang, told):
    """To whoever is to promote it, in their language; the reason is letters only."""
    app = show(actors.coordinator, lang)

    assert [] == [words for words in told if not has(app, words)]
    assert [HOSTILE] == [one.value for one in app.text if "x.test" in one.value]
    assert [] == [one.value for one in app.markdown if "x.test" in one.value]


def test_proposer_cannot_promote_and_a_coordinator_can(show, store, actors):
    """The page offers the button to the second person alone."""
    mine = show(actors.analyst)
    assert has(mine, "You trained it, proposed it or asked for it")
    assert not [one for one in mine.button if "Promote" in one.label]
    app = show(actors.coordinator)
    next(one for one in app.button if "Promote" in one.label).click().run()

    assert not app.exception
    assert "team@1" == retraining.overview(store, actors.analyst, NOON).active.version


def test_card_file_has_the_proposal_as_letters(show, store, actors, clock, tmp_path):
    """Handed on, it says from which model it came, what moved and why, and names nobody."""
    assert show
    shell = Shell(store, Settings(workspace=tmp_path), actors.analyst, "en", clock.now, UTC)
    found = retraining.overview(store, actors.analyst, NOON).models
    mine = next(one for one in found if one.version == "team@1")
    text = models_card.as_markdown(shell, mine, {})

    assert "## Thresholds that were changed" in text
    assert "- Same weights as builtin@1234abcd; only these thresholds changed:" in text
    assert "- Spam: from 0.9850 to 0.9900, higher" in text
    assert r"- Why: \!\[\](/auth/logout) \[đây\](http://x.test) :red\[\*\*\!\*\*\]" in text
    assert "analyst" not in text
