"""The server dies under a reviewer: what was decided meanwhile waits in the tab till it is back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.review_desk import decisions, on_screen, saved
from tests.review_floor import put_items


@pytest.mark.parametrize("way", ["reload", "wait"])
def test_server_that_is_killed_and_started_again_loses_no_decision(server, floor, desk, way):
    """Killed with -9 and started anew: the tab sends the rest, by itself or when it is reloaded."""
    ids = put_items(floor, 9, label="spam")
    page = desk()
    page.on("dialog", lambda dialog: dialog.accept())
    unsaved = page.locator(".eh .saved")
    on_screen(page, ids[0])
    page.locator(".eh .scroll").click()
    page.keyboard.press("n")
    saved(page)
    # Nobody waits for this one to be saved: it may be, without the tab having heard of it.
    page.keyboard.press("1")
    server.kill()
    for key in "2ea":
        page.keyboard.press(key)
    expect(unsaved).to_have_text(re.compile("[34] unsaved"))
    server.start()
    if way == "reload":
        page.reload()
    on_screen(page, ids[5])
    saved(page)
    page.keyboard.press("n")
    saved(page)

    wanted = [
        ("no_harm", None),
        ("violates", "scam_fraud"),
        ("violates", "spam"),
        ("not_sure", None),
        ("needs_answer", None),
        ("no_harm", None),
    ]
    assert [(item, *one) for item, one in zip(ids[:6], wanted, strict=True)] == decisions(floor)
