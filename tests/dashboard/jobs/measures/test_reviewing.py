"""Review and response coverage: open and void items count against the share, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from evenhand.dashboard.jobs.measures import reviewing
from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.dashboard.jobs.measures.reviewing import MOST_LINES, Line
from evenhand.data.store.rollups import ItemCounts
from evenhand.data.store.waves_counted import Behind

DAY = date(2026, 11, 24)


def counts(queue="harm", label="hate", lang="vi", **changes):
    fields = dict.fromkeys(("made", "decided", "harm", "needs_answer", "answered", "void"), 0)
    return ItemCounts(DAY, queue, label, lang, **(fields | changes))


ITEMS = [
    counts(made=40, decided=30, harm=20, needs_answer=4, answered=1, void=5),
    counts("request", "question", "en", made=20, decided=6, needs_answer=6, answered=6),
]


def test_review_coverage_counts_open_and_void_items_as_not_decided():
    """36 of 60 made; the void ones are in both numbers if they were decided."""
    assert reviewing.review_coverage(ITEMS) == Share(36, 60)


def test_response_coverage_is_of_what_needs_an_answer():
    """7 of 10, whatever else was decided."""
    assert reviewing.response_coverage(ITEMS) == Share(7, 10)


def test_flagged_posts_are_decided_by_themselves_or_by_wave():
    """36 of 60 items and 70 of 90 near-copies; a random draw names no label and is left out."""
    drawn = counts(label="audit", made=10, decided=10)

    assert reviewing.posts_decided([*ITEMS, drawn], Behind(90, 70)) == Share(106, 150)
    assert reviewing.decided_by_wave(Behind(90, 70)) == Share(70, 90)
    assert reviewing.posts_decided(ITEMS, Behind(0, 0)) == reviewing.review_coverage(ITEMS)


def test_counts_are_added_up():
    """60 made, 20 found harmful, 5 void."""
    found = (reviewing.made(ITEMS), reviewing.harm(ITEMS), reviewing.void(ITEMS))

    assert found == (60, 20, 5)


@pytest.mark.parametrize("measure", [reviewing.review_coverage, reviewing.response_coverage])
def test_no_items_give_no_share(measure):
    """An empty window is not covered by 100 %."""
    assert measure([]).value is None
    assert measure([]).interval is None


def test_split_counts_each_part_as_the_whole():
    """The largest part comes first; the parts add up to the whole."""
    assert reviewing.split(ITEMS, "queue") == [
        Line("harm", 40, Share(30, 40), 20, Share(1, 4), 5),
        Line("request", 20, Share(6, 20), 0, Share(6, 6), 0),
    ]
    for by in reviewing.SPLITS:
        parts = reviewing.split(ITEMS, by)
        assert sum(line.made for line in parts) == reviewing.made(ITEMS)
        assert sum(line.reviewed.part for line in parts) == 36


def test_split_adds_the_smallest_parts_up_where_there_are_many():
    """Of twenty languages twelve are named, and the last line is the rest: 1 + 2 + … + 8 = 36."""
    items = [counts(lang=f"l{n:02d}", made=n) for n in range(1, 21)]
    lines = reviewing.split(items, "lang")

    assert len(lines) == MOST_LINES
    assert (lines[0].key, lines[-1].key) == ("l20", reviewing.REST)
    assert lines[-1].made == 36
