"""What waits, added up over the queues."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from evenhand.dashboard.jobs.measures import waiting
from evenhand.data.store.backlog import Waiting

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ROWS = [
    Waiting("fast", (1, 0, 0, 0), NOW - timedelta(minutes=5), 0),
    Waiting("harm", (2, 3, 4, 5), NOW - timedelta(days=3), 5),
]


def test_backlog_adds_up_queues_and_ages():
    """1 + 14 items; 5 past their time; the oldest is the oldest of all queues."""
    assert waiting.backlog(ROWS) == 15
    assert waiting.by_age(ROWS) == (3, 3, 4, 5)
    assert waiting.overdue(ROWS) == 5
    assert waiting.oldest_at(ROWS) == NOW - timedelta(days=3)


def test_empty_backlog_is_zero_and_has_no_oldest():
    """Where nothing waits there is no age."""
    assert waiting.backlog([]) == 0
    assert waiting.by_age([]) == (0, 0, 0, 0)
    assert waiting.overdue([]) == 0
    assert waiting.oldest_at([]) is None
    assert waiting.unanswered([]) is None


def test_what_waits_for_an_answer_is_one_row():
    """Whoever waits for an answer waits in no queue."""
    assert waiting.unanswered(ROWS) == Waiting("", (3, 3, 4, 5), NOW - timedelta(days=3), 5)
