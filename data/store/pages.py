"""One page of posts in one transaction: posts, items, roll-ups, erasures and the cursor.

What is new is decided here, under the source's lock; a look before only saves tagging.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.data.records import AuthorErased, Delete, Gap, SetAside
from evenhand.data.store import (
    arrivals,
    erasures,
    item_texts,
    items,
    posts,
    rollup_came,
    rollup_counted,
    signatures,
    sources,
    waves,
    waves_joined,
    waves_left,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from evenhand.data.records import Page, Post
    from evenhand.data.store.arrivals import Incoming
    from evenhand.data.store.item_texts import Fold
    from evenhand.data.store.posts import Known
    from evenhand.data.store.waves_joined import Arrived


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a page's events.

    *read* are posts, deletions and rows set aside; *kept* are new and changed posts, *duplicate*
    those that changed nothing (known, older than what is stored, or deleted), *flagged* the part of
    *kept* that is put before people, *deleted* the stored posts that were erased.
    """

    read: int = 0
    kept: int = 0
    duplicate: int = 0
    set_aside: int = 0
    flagged: int = 0
    deleted: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.read + other.read,
            self.kept + other.kept,
            self.duplicate + other.duplicate,
            self.set_aside + other.set_aside,
            self.flagged + other.flagged,
            self.deleted + other.deleted,
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cleaned post of a page with the hash of its text."""

    post: Post
    body_hash: str

    @property
    def order(self) -> tuple[int, int, str]:
        """How new this state of the post is; the hash only keeps equal times apart."""
        return (*arrivals.rank_of(self.post), self.body_hash)

    def is_news(self, was: Known | None) -> bool:
        """Say whether the post is new, or another text in a newer state than the stored one."""
        if was is None:
            return True
        if was.deleted or was.body_hash == self.body_hash:
            return False
        return (*was.rank, was.body_hash) < self.order


@dataclass(slots=True)
class _Sorted:
    new: list[Incoming]
    edits: list[tuple[Known, Incoming]]
    again: list[tuple[Known, Post]]


def look(
    conn: Connection,
    source_id: int,
    candidates: Sequence[Candidate],
) -> list[Candidate]:
    """Pick the candidates that are new or changed."""
    known = posts.known(conn, source_id, [one.post.native_key for one in candidates])
    return [one for one in candidates if one.is_news(known.get(one.post.native_key))]


def store_posts(  # noqa: PLR0913 - what, where, when and how it is folded
    conn: Connection,
    source_id: int,
    candidates: Sequence[Candidate],
    tagged: Mapping[str, Incoming],
    now: datetime,
    *,
    fold: Fold | None = None,
) -> Counts | None:
    """Store what is new of *candidates*; None, and nothing stored, when *tagged* lacks one.

    With *fold* the texts of items can be searched from now on.
    """
    team_id = posts.lock_source(conn, source_id)
    known = posts.known(conn, source_id, [one.post.native_key for one in candidates])
    found = _sorted(candidates, known, tagged)
    if found is None:
        return None
    stored = arrivals.insert_posts(conn, source_id, found.new, now)
    changed = arrivals.change_posts(conn, found.edits, now)
    arrivals.refresh_posts(conn, found.again)
    new = [(at.post_id, one) for at, one in zip(stored, found.new, strict=True)]
    edits = [(at.post_id, one) for at, (_, one) in zip(changed, found.edits, strict=True)]
    signatures.put(conn, [(key, one.signature) for key, one in new], now, edited=False)
    signatures.put(conn, [(key, one.signature) for key, one in edits], now, edited=True)
    with rollup_counted.together(conn):
        _settle(conn, team_id, new, edits, now)
    if fold is not None:
        flagged = [key for key, one in new if one.flags]
        item_texts.index_posts(conn, [*flagged, *(key for key, _ in edits)], fold)
    arrivals.count(conn, source_id, found.new, found.edits, now)
    rollup_came.count(conn, source_id, found.new, found.edits, now)
    kept = [*found.new, *(one for _, one in found.edits)]
    return Counts(
        kept=len(kept),
        duplicate=len(candidates) - len(kept),
        flagged=sum(bool(one.flags) for one in kept),
    )


def _settle(
    conn: Connection,
    team_id: int | None,
    new: Sequence[Arrived],
    edits: Sequence[Arrived],
    now: datetime,
) -> None:
    """Let waves and items follow what arrived and what was edited."""
    near = waves_left.part(conn, team_id, edits, now)
    make = [pair for pair in new if pair[1].item is not None]
    for key, one in edits:
        if items.take_edit(conn, key, one.item, now):
            make.append((key, one))
        elif key not in near:
            one.like = None
    waves_joined.settle(conn, team_id, make, now)


def _sorted(
    candidates: Sequence[Candidate],
    known: Mapping[str, Known],
    tagged: Mapping[str, Incoming],
) -> _Sorted | None:
    found = _Sorted([], [], [])
    for one in candidates:
        key = one.post.native_key
        was = known.get(key)
        if not one.is_news(was):
            if was is not None and was.body_hash == one.body_hash and not was.deleted:
                found.again.append((was, one.post))
            continue
        if key not in tagged:
            return None
        if was is None:
            found.new.append(tagged[key])
        else:
            found.edits.append((was, tagged[key]))
    return found


def make_way(conn: Connection, source_id: int, page: Page | None, *, near: bool) -> None:
    """Lock what the page will erase; called before `store_posts`, which counts.

    With *near*, or where something is erased, the write is alone with the waves.
    """
    events = () if page is None else page.events
    if near or any(isinstance(one, Delete | AuthorErased) for one in events):
        waves.lock(conn)
    if gone := {one.native_key for one in events if isinstance(one, Delete)}:
        erasures.lock_gone(conn, source_id, sorted(gone))


def finish_page(
    conn: Connection, source_id: int, page: Page, now: datetime, *, by: str | None = None
) -> Counts:
    """Store what the page brings besides posts, and move the cursor.

    With *by* the cursor moves only while the run of that name has the source.
    """
    name = str(source_id)
    gone = {one.native_key: one.deleted_at for one in page.events if isinstance(one, Delete)}
    deleted = erasures.tombstone_posts(conn, source_id, gone, now) if gone else 0
    for one in page.events:
        if isinstance(one, AuthorErased):
            deleted += erasures.erase_author(conn, one.author_ref, now)
    gaps = [one for one in page.events if isinstance(one, Gap)]
    sources.add_gaps(conn, name, gaps, now)
    rows = [one for one in page.events if isinstance(one, SetAside)]
    sources.add_set_aside(conn, name, rows, now)
    sources.save_cursor(conn, name, page.next_cursor, by=by)
    return Counts(set_aside=len(rows), deleted=deleted)
