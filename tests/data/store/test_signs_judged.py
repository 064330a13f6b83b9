"""What became of flags: one row for each decided item, whatever the order of its flags."""

from __future__ import annotations

import pytest

from evenhand.data.settings import QualitySettings
from evenhand.data.store import signs_judged
from evenhand.data.store.rollups import Days
from tests.conftest import NOON
from tests.reading_floor import read
from tests.review_floor import put_flag, put_item

TODAY = NOON.date()


@pytest.mark.parametrize("partner_first", [True, False])
def test_score_is_the_models_whatever_a_partner_said(store, actors, clock, partner_first):
    """A post that a model and a partner flagged for the same label is one, with its score."""
    origins = ["partner", "model"] if partner_first else ["model", "partner"]
    with store.write() as conn:
        one = put_item(conn, label="spam")
        conn.exec_driver_sql("DELETE FROM flag")
        for origin in origins:
            told = {"origin": origin, "model": "m1" if origin == "model" else None}
            put_flag(conn, int(one.post_id), "spam", score=0.7 if told["model"] else 1.0, **told)
    read(store, actors.an, clock, quality=QualitySettings(double_share=0))
    with store.read() as conn:
        found = signs_judged.read(conn, Days(TODAY, TODAY))

    assert [("spam", 0.7, "no_harm")] == [(one.label, one.score, one.outcome) for one in found]
