"""The pieces of every page, and above all the one through which strangers' text goes."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import tryout
from evenhand.dashboard.shell import Shell
from evenhand.dashboard.widgets import (
    TILE_PX,
    WIDE_PX,
    Tile,
    show_error,
    show_untrusted,
    sidebar,
    tiles,
    told,
)
from evenhand.data.errors import AlreadyDecided, ClaimLost, InputError, NotAllowed, StoreError
from evenhand.data.records import Actor, Role
from evenhand.data.settings import Settings
from evenhand.data.store import tasks

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
HOSTILE = [
    "![px](http://evil.test/px.png)",
    "[click](javascript:alert(1)) <b>bold</b> <script>x</script>",
    ":red[$x^2$] :smile: **strong** http://evil.test",
    "Đường ngập ở quận 8 🙏",
]


@pytest.fixture
def shell(tmp_path):
    return make_shell(tmp_path)


def make_shell(workspace, lang="en", **settings):
    actor = Actor("7", "Lan *Phạm*", frozenset({Role.REVIEWER, Role.COORDINATOR}), language=lang)
    chosen = Settings(workspace=workspace, **settings)
    return Shell(store=None, settings=chosen, actor=actor, lang=lang, now=lambda: NOW)


def draw(piece, *given):
    """Run one piece of a page as Streamlit would."""

    def script(piece, given):
        piece(*given)

    app = AppTest.from_function(script, args=(piece, given), default_timeout=30).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("text", HOSTILE)
def test_show_untrusted_draws_letters_and_nothing_else(shell, text):
    """Whatever a post says comes out as plain text, in one element that interprets nothing."""
    app = draw(show_untrusted, shell, text)

    assert [element.type for element in app.main][1:] == ["text"]
    assert app.text[0].value == text


def test_show_untrusted_says_that_a_text_was_cut(shell):
    """A very long text is cut, and the reader is told by how much."""
    app = draw(show_untrusted, shell, "x" * 6_234)

    assert len(app.text[0].value) < 5_010
    assert "1,234 more characters" in app.markdown[0].value


@pytest.mark.parametrize("text", ["", None, "\x00 \n"])
def test_show_untrusted_says_so_when_there_is_no_text(shell, text):
    """An empty post is not an empty place on the page."""
    assert "no text" in draw(show_untrusted, shell, text).markdown[0].value


@pytest.mark.parametrize(("many", "width"), [(3, TILE_PX), (4, WIDE_PX), (6, TILE_PX)])
def test_tiles_leave_none_alone_in_a_row(shell, many, width):
    """Three abreast, but four stand two by two; all of a row are as high as the highest."""
    app = draw(tiles, shell, [Tile(f"Covered {number}", "1", "2", "3") for number in range(many)])
    boxes = [one.proto for one in around(app.main, "metric")]

    assert [one.width_config.pixel_width for one in boxes] == [width] * many
    assert all(one.height_config.use_stretch for one in boxes)


def around(block, kind):
    """Give the blocks in which an element of *kind* stands."""
    for one in getattr(block, "children", {}).values():
        inside = getattr(one, "children", {}).values()
        if any(getattr(each, "type", "") == kind for each in inside):
            yield one
        yield from around(one, kind)


def test_tiles_show_base_and_definition_of_each_figure(shell):
    """No figure stands alone: what it is counted over and how stand beside it."""
    app = draw(tiles, shell, [Tile("Covered", "21.3%", "412 of 1,930", "Decided of all made.")])

    assert (app.metric[0].label, app.metric[0].value) == ("Covered", "21.3%")
    assert "412 of 1,930" in app.markdown[0].value
    assert app.expander[0].label == "How this is counted"
    assert "Decided of all made." in app.expander[0].markdown[0].value


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotAllowed("no", role="admin"), "quản trị viên"),
        (ClaimLost("gone"), "mục kế tiếp"),
        (AlreadyDecided("done"), "vừa có người quyết định"),
        (InputError("`name` is empty; fill it in"), "lý do"),
        (StoreError("disk full; free some space"), "chưa có gì thay đổi"),
    ],
)
def test_show_error_says_what_to_do_in_the_persons_language(tmp_path, error, said):
    """Errors that we expect are worded; only those that need it carry a line of their own."""
    app = draw(show_error, make_shell(tmp_path, "vi"), error)

    assert said in app.error[0].value
    explained = isinstance(error, (InputError, StoreError)) and not isinstance(
        error, (ClaimLost, AlreadyDecided)
    )
    assert [text.value for text in app.text] == ([str(error)] if explained else [])


def go_on(shell, error):
    """Draw a piece that fails and then something below it."""
    with told(shell):
        raise error
    st.text("further down")


def test_told_draws_an_expected_error_and_goes_on(shell):
    """An expected error does not end the page."""
    app = draw(go_on, shell, ClaimLost("gone"))

    assert len(app.error) == 1
    assert app.text[0].value == "further down"


def test_sidebar_says_who_is_signed_in_and_offers_the_way_out(tmp_path):
    """Name (as text), roles, language and the way out are on every page."""
    app = draw(sidebar, make_shell(tmp_path, "vi"), "token")

    assert app.sidebar.text[0].value == "Lan *Phạm*"
    assert any("điều phối viên, người duyệt" in one.value for one in app.sidebar.markdown)
    assert app.sidebar.button[0].label == "Đăng xuất"
    assert not app.sidebar.info


def test_sidebar_says_that_it_is_the_demo_and_how_far_it_is(tmp_path, store):
    """Everything in the demo is marked; while it is being prepared nobody takes it for empty."""
    shown = replace(make_shell(tmp_path, "vi", demo=True), store=store)
    with store.write() as conn:
        task_id = tasks.ask(conn, tryout.PREPARATION, {}, person_id=None, now=NOW)
        tasks.next_task(conn, now=NOW, patience=timedelta(minutes=5))
    begun = draw(sidebar, shown, "token").sidebar.info[0].value
    with store.write() as conn:
        tasks.progress(conn, task_id, done=1200, total=10_000, message="", now=NOW)
    growing = draw(sidebar, shown, "token").sidebar.info[0].value
    with store.write() as conn:
        tasks.finish(conn, task_id, ok=True, message="", now=NOW)
    ready = draw(sidebar, shown, "token").sidebar.info[0].value

    assert "0 trên 0" not in begun
    assert "1.200 trên 10.000" in growing
    assert "mô phỏng" in ready
    assert "10.000" not in ready


def test_screens_use_no_element_that_interprets_markup_from_outside():
    """`unsafe_allow_html`, `st.html` and `st.write` stand nowhere in the dashboard."""
    found = []
    for path in files("evenhand.dashboard").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
                found.append((path.name, node.value.lineno))
            if (
                isinstance(node, ast.Attribute)
                and node.attr in {"write", "html"}
                and isinstance(node.value, ast.Name)
                and node.value.id == "st"
            ):
                found.append((path.name, node.lineno))

    assert found == []


@pytest.mark.parametrize(
    ("lang", "n", "words"),
    [
        ("en", None, []),
        ("en", 0, []),
        ("en", 1, ["1 open alert"]),
        ("vi", 3, ["3 cảnh báo đang mở"]),
    ],
)
def test_open_alerts_are_told_only_where_there_are_some(lang, n, words):
    """Whoever may not see alerts has no number of them."""

    def draw(lang, n):
        from types import SimpleNamespace  # noqa: PLC0415 - AppTest runs this body alone

        import streamlit as st  # noqa: PLC0415

        from evenhand.dashboard import widgets  # noqa: PLC0415
        from evenhand.dashboard.words.glossary import say  # noqa: PLC0415

        shell = SimpleNamespace(say=lambda key, **values: say(key, lang, **values))
        page = st.Page(lambda: None, title="Alerts", url_path="alerts", default=True)
        st.session_state[widgets.PAGES_KEY] = {"alerts": page}
        st.navigation([page])
        widgets.alerts_link(shell, n)

    app = AppTest.from_function(draw, args=(lang, n)).run()

    assert not app.exception
    assert [one.proto.label for one in app.main.children.values()] == words
