"""Figures of the report that open items must not flatter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from evenhand.dashboard.jobs import reports_figures
from evenhand.data.store.report_items import ItemThen, Said

MADE = datetime(2026, 11, 2, 1, tzinfo=UTC)
AT = MADE + timedelta(days=4)
HOUR = timedelta(hours=1)


def question(**changes):
    values = {
        "label": "question",
        "queue": "request",
        "lang": "vi",
        "created_at": MADE,
        "said": None,
        "decided_at": None,
        "answered_at": None,
        "void_at": None,
        "needs_answer": False,
        "origins": ("request",),
        "published_on": None,
    }
    return ItemThen(**(values | changes))


def answered():
    said = Said("uuid", "review", "needs_answer", (), MADE + HOUR, "p1", "m1")
    told = {"decided_at": MADE + HOUR, "answered_at": MADE + HOUR}
    return question(said=said, needs_answer=True, **told)


def test_time_to_response_waits_for_requests_that_nobody_decided_on():
    """Of 40 questions 10 are answered within the hour: half of them wait for 4 days at least.

    What was decided to need no answer is not counted, nor what was deleted undecided, nor harm.
    """
    no_harm = Said("uuid", "review", "no_harm", (), MADE + HOUR, "p1", "m1")
    others = [
        question(said=no_harm, decided_at=MADE + HOUR),
        question(void_at=MADE + HOUR),
        question(label="hate"),
    ]
    few = reports_figures.time_to_response([answered() for _ in range(30)], AT)
    found = reports_figures.time_to_response(
        [answered() for _ in range(10)] + [question() for _ in range(30)] + others, AT
    )

    assert (30, 1.0) == (few.n, few.median.value)
    assert (40, None, 96.0) == (found.n, found.median.value, found.median.at_least)
