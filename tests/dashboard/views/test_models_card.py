"""What was given to a training as names and limits is letters only, on the page and in the file."""

from __future__ import annotations

from datetime import UTC

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import retraining
from evenhand.dashboard.shell import Shell
from evenhand.dashboard.views import models_card
from evenhand.data.settings import Settings
from tests.models_floor import CARD, put_model
from tests.review_floor import NOON

HOSTILE = "![](/auth/logout) [đây](http://x.test) | :red[**!**]"
GIVEN = CARD | {
    "limits": [HOSTILE],
    "licences": [HOSTILE],
    "sources": [{"name": HOSTILE, "rows": 12}],
}


@pytest.fixture
def card(store, actors, tmp_path, clock):
    """Give what the page and the file are made from."""
    put_model(store, tmp_path, card=GIVEN)
    shell = Shell(store, Settings(workspace=tmp_path), actors.analyst, "en", clock.now, UTC)
    found = retraining.overview(store, actors.analyst, NOON).models
    return shell, next(one for one in found if one.version == "team@1")


def draw(shell, line):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views import models_card  # noqa: PLC0415 - AppTest runs this body alone

    models_card.draw(shell, line, {})


def test_names_and_limits_are_drawn_as_letters(card):
    """No element that reads markup gets them, and none is lost."""
    app = AppTest.from_function(draw, args=card, default_timeout=60)
    app.session_state["evenhand-models-card-team@1"] = True
    app.run()
    assert not app.exception
    cells = [str(cell) for one in app.dataframe for cell in one.value.to_numpy().ravel()]

    assert [] == [one.value for one in app.markdown if "x.test" in one.value]
    assert 2 == sum(HOSTILE in one.value for one in app.text)
    assert HOSTILE in cells


def test_names_and_limits_are_literal_in_the_file(card):
    """Whoever opens the file elsewhere sees the letters, in as many cells as there are columns."""
    text = models_card.as_markdown(*card, {})
    said = r"\!\[\](/auth/logout) \[đây\](http://x.test) \| :red\[\*\*\!\*\*\]"

    assert f"\n- {said}\n" in text
    assert f"\n- Licences: {said}\n" in text
    assert f"\n| {said} | 12 |\n" in text
