"""The wave beside the card: its size, the spot-check, and what does not belong."""

from __future__ import annotations

from datetime import UTC

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.shell import Shell
from evenhand.data.settings import Settings
from evenhand.data.tables_review import wave
from tests.wave_floor import NEAR, SCAM, bring, claim, members, post_id, put_floor, rows


def draw(shell, held):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.review_wave import panel  # noqa: PLC0415 - AppTest runs this body alone

    panel(shell, held)


@pytest.fixture
def floor(store, actors, clock, tmp_path):
    """A floor whose `show` draws the panel of an item for its holder."""
    made = put_floor(store)

    def show(item, lang="en"):
        settings = Settings(workspace=tmp_path)
        shell = Shell(store, settings, actors.an, lang, clock.now, UTC)
        held = None if item is None else (item.id, item.claim.number)
        app = AppTest.from_function(draw, args=(shell, held), default_timeout=30).run()
        assert not app.exception
        return app

    made.show, made.an = show, actors.an
    return made


@pytest.mark.parametrize(
    ("lang", "title", "button"),
    [
        ("en", "×4 near-copies", "Open the spot-check"),
        ("vi", "×4 bài gần giống nhau", "Mở phần kiểm tra ngẫu nhiên"),
    ],
)
def test_panel_tells_of_a_wave_and_shows_nothing_before_it_is_asked(
    floor, make_post, lang, title, button
):
    """How many there are, and one button; no text of another post."""
    bring(floor, floor.one, *(make_post(content=text) for text in (SCAM, SCAM, NEAR, SCAM)))
    app = floor.show(claim(floor, floor.an), lang)

    assert [one.value for one in app.subheader] == [title]
    assert [one.label for one in app.button] == [button]
    assert list(app.text) == []


def test_panel_is_empty_for_a_single_post_and_for_none(floor, make_post):
    """Most items stand for one post."""
    bring(floor, floor.one, make_post(content=SCAM))

    assert list(floor.show(claim(floor, floor.an)).subheader) == []
    assert list(floor.show(None).subheader) == []


def test_spot_check_shows_the_copies_and_lets_one_go(floor, make_post):
    """Three texts with what differs; the one that does not belong gets an item of its own."""
    bring(
        floor,
        floor.one,
        make_post(native_key="a", content=SCAM),
        make_post(native_key="b", content=NEAR + " <script>alert(1)</script> **x**"),
        make_post(native_key="c", content=SCAM),
    )
    app = floor.show(claim(floor, floor.an))
    app.button[0].click().run()
    shown = [one.value for one in app.text]

    assert NEAR + " <script>alert(1)</script> **x**" in shown
    assert SCAM in shown
    assert any(words.startswith("sáu …") for words in shown)
    assert [one.label for one in app.button] == [
        "Copy 1 does not belong",
        "Copy 2 does not belong",
    ]
    key = f"evenhand-wave-apart-{post_id(floor, 'b')}"
    app.button(key=key).click().run()
    assert not app.exception
    assert [one.value for one in app.success] == [
        "It left the wave and waits as an item of its own."
    ]
    assert (members(floor), rows(floor, wave)[0].members) == (["a", "c"], 2)
    assert [one.label for one in app.button] == ["Copy 1 does not belong"]
