"""Which stored posts are asked about again: newest first, each once, none that is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.data.records import Delete, Page, SourceSpec, Upsert
from evenhand.data.store import rechecks, sources
from tests.conftest import NOON
from tests.fakes import FakeTagger


@pytest.fixture
def fill(store, make_post):
    """Store posts of a source with the locators b"0", b"1", … and give its id."""

    def put(name, count, now=NOON):
        with store.write() as conn:
            spec = SourceSpec(name, "reddit")
            known = sources.propose(conn, spec, person_id=None, now=now)
        events = [
            Upsert(make_post(native_key=f"{name}{n}", locator=b"%d" % n, fetched_at=now))
            for n in range(count)
        ]
        page = Page(tuple(events), {"v": 1})
        ingest_page(store, source_id=known.id, page=page, tagger=FakeTagger(), now=now)
        return known.id

    return put


def sweep(store, source_id, **more):
    """Take parts until the sweep ends; gives the locators of each part."""
    parts, below, ended = [], None, False
    while not ended:
        with store.read() as conn:
            part = rechecks.next_part(
                conn, source_id, below=below, **({"since": None, "at_most": 4} | more)
            )
        parts.append(part.locators)
        below, ended = part.below, part.ended
        assert len(parts) < 30
    return parts


def test_sweep_takes_every_post_of_its_source_once_newest_first(store, fill):
    """Parts follow each other without a hole, whatever lies between them of other sources."""
    mine = fill("a", 6)
    fill("b", 5)
    fill("a2", 3)

    assert [(b"5", b"4", b"3", b"2"), (b"1", b"0")] == sweep(store, mine)


def test_sweep_leaves_out_what_is_gone_or_has_no_locator(store, fill, make_post):
    """An erased post has nothing to ask with; a file's post never had."""
    mine = fill("a", 4)
    page = Page((Delete("a2", "gone"), Upsert(make_post(locator=None))), {"v": 1})
    ingest_page(store, source_id=mine, page=page, tagger=FakeTagger(), now=NOON)

    assert [b"3", b"1", b"0"] == [one for part in sweep(store, mine) for one in part]


def test_sweep_over_young_posts_ends_at_the_first_old_one(store, fill, monkeypatch):
    """What arrived before *since* is neither asked about nor looked through."""
    monkeypatch.setattr(rechecks, "STRETCH", 3)
    mine = fill("a", 12, NOON - timedelta(days=40))
    with store.read() as conn:
        before = rechecks.next_part(conn, mine, below=None, since=NOON, at_most=9)
    young = sweep(store, mine, since=NOON - timedelta(days=41))

    assert ((), True) == (before.locators, before.ended)
    assert 12 == sum(len(part) for part in young)


def test_stretch_without_posts_of_the_source_moves_on(store, fill, monkeypatch):
    """A part may be empty; the sweep goes on below it and finds the old posts."""
    monkeypatch.setattr(rechecks, "STRETCH", 3)
    mine = fill("a", 2)
    fill("b", 8)
    parts = sweep(store, mine)

    assert [b"1", b"0"] == [one for part in parts for one in part]
    assert () in parts


def test_sweep_over_an_empty_store_ends_at_once(store):
    """Nothing stored is nothing to ask about."""
    with store.read() as conn:
        part = rechecks.next_part(conn, "1", below=None, since=None, at_most=10)

    assert ((), True) == (part.locators, part.ended)
