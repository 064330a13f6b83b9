"""Storing posts that arrive: rows, versions, tags and flags, at close to the engine's own speed.

A civic post is stored without sentiment, and its topics as "civic" only (safeguard 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from math import floor
from typing import TYPE_CHECKING

from sqlalchemy import update

from evenhand.data.errors import InputError
from evenhand.data.records import Band, Origin
from evenhand.data.store import dialect, rollups
from evenhand.data.store.dialect import as_json
from evenhand.data.tables import flag, post, post_version, tag, to_micros
from evenhand.data.taxonomy import CIVIC, CIVIC_TOPICS, Policy, Request, Sentiment, Topic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from evenhand.data.records import Flag, Post, Score, Tag
    from evenhand.data.store.dialect import Cell
    from evenhand.data.store.items import NewItem
    from evenhand.data.store.posts import Known
    from evenhand.data.store.signatures import Like

OTHER = "other"
LABELS = frozenset([*Policy, *Request])
PLAIN_TOPICS = frozenset(topic.value for topic in Topic if topic not in CIVIC_TOPICS)
SENTIMENTS = tuple(one.value for one in Sentiment)
# Smaller scores stand in no figure and no draw, and most labels of most posts have one.
LEAST_SCORE = 0.02
POST_COLUMNS = (
    "id",
    "source_id",
    "native_key",
    "platform",
    "type",
    "author_ref",
    "context_key",
    "in_reply_to_key",
    "locator",
    "community",
    "lang",
    "published_at",
    "published_suspect",
    "updated_at",
    "fetched_at",
    "day",
    "version",
    "body_hash",
    "reach",
    "civic",
    "topic",
    "sentiment",
    "flagged",
    "may_train",
    "mark",
)
VERSION_COLUMNS = ("post_id", "version", "content", "name", "seen_at")
TAG_COLUMNS = (
    "post_id",
    "version",
    "model",
    "lang",
    "topics",
    "harms",
    "requests",
    "sentiment_scores",
    "tagged_at",
)
FLAG_COLUMNS = (
    "post_id",
    "version",
    "origin",
    "label",
    "band",
    "score",
    "reasons",
    "model",
    "created_at",
)


@dataclass(slots=True)
class Incoming:
    """A post on its way in, with all that is worked out before the write begins.

    *post.content* is the text that was tagged, *body_hash* comes from `hash_of`; *item* is None
    exactly when there are no flags; *cell* is the (topic, sentiment) that it is counted under and
    *mark* its author's drawer there.
    *signature* is what near-duplicates are found by, and *like* what was found; storing takes it
    away from a post that joins nothing.
    """

    post: Post
    tag: Tag
    flags: tuple[Flag, ...]
    item: NewItem | None
    body_hash: str
    cell: tuple[str, str]
    mark: str
    tag_cells: tuple[Cell, ...]
    signature: bytes | None = None
    like: Like | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """Where an incoming post went; *version* above 1 is an edit."""

    post_id: int
    version: int


def incoming(
    post: Post,
    body_hash: str,
    tagged: Tag,
    flags: tuple[Flag, ...],
    item: NewItem | None,
) -> Incoming:
    """Work out what of a tagged post is stored."""
    cell = cell_of(tagged)
    mark = rollups.mark_of(post.author_ref, *cell)
    return Incoming(post, tagged, flags, item, body_hash, cell, mark, tag_cells(tagged, cell))


def hash_of(post: Post) -> str:
    """Hash the text of *post*, keyed with its own key.

    So equal texts of two posts, or of two installations, have different hashes, and what is left
    after an erasure cannot be looked up in a list of known texts.
    """
    words = post.content if post.name is None else f"{post.content}\0{post.name}"
    return blake2b(words.encode(), key=post.native_key.encode()[:64], digest_size=16).hexdigest()


def rank_of(post: Post) -> tuple[int, int]:
    """Say how new this state of a post is: by the platform's clock, then by ours."""
    return (to_micros(post.updated_at or post.published_at), to_micros(post.fetched_at))


def cell_of(tagged: Tag) -> tuple[str, str]:
    """Name the (topic, sentiment) that a post is counted under; sentiment "" is none.

    In doubt civic: any civic or unknown topic makes the post civic, and civic posts carry no
    sentiment whatever the tagger said (safeguard 3).
    """
    topics = tagged.topics
    if tagged.civic or not PLAIN_TOPICS.issuperset(topics):
        return (CIVIC, "")
    topic = max(topics, key=lambda name: (topics[name], name)) if topics else OTHER
    return (str(topic), str(tagged.sentiment or ""))


def insert_posts(
    conn: Connection,
    source_id: int,
    arrivals: Sequence[Incoming],
    now: datetime,
) -> list[Stored]:
    """Store posts that are new, in order: rows, first versions, tags and flags."""
    ids = dialect.next_ids(conn, post, len(arrivals))
    day = rollups.day_of(now)
    rows = [_row(post_id, source_id, one, day) for post_id, one in zip(ids, arrivals, strict=True)]
    dialect.insert_rows(conn, post, POST_COLUMNS, rows)
    stored = [Stored(post_id, 1) for post_id in ids]
    _insert_children(conn, stored, arrivals, now)
    return stored


def _row(post_id: int, source_id: int, one: Incoming, day: int) -> tuple[Cell, ...]:
    it = one.post
    topic, sentiment = one.cell
    return (
        post_id,
        source_id,
        it.native_key,
        it.platform,
        str(it.type),
        it.author_ref,
        it.context_key,
        it.in_reply_to_key,
        it.locator,
        it.community,
        one.tag.lang,
        to_micros(it.published_at),
        it.published_suspect,
        None if it.updated_at is None else to_micros(it.updated_at),
        to_micros(it.fetched_at),
        day,
        1,
        one.body_hash,
        max(0, it.reach),
        topic == CIVIC,
        topic,
        sentiment or None,
        bool(one.flags),
        it.may_train,
        one.mark,
    )


def change_posts(
    conn: Connection,
    edits: Sequence[tuple[Known, Incoming]],
    now: datetime,
) -> list[Stored]:
    """Store new versions of known posts: the row as it is now, one more version, tag and flags.

    A post that was ever flagged stays so: a person was asked to look at it.
    """
    for was, one in edits:
        topic, sentiment = one.cell
        conn.execute(
            update(post)
            .where(post.c.id == was.post_id)
            .values(
                version=was.version + 1,
                lang=one.tag.lang,
                updated_at=one.post.updated_at,
                fetched_at=one.post.fetched_at,
                body_hash=one.body_hash,
                reach=max(was.reach, one.post.reach),
                civic=topic == CIVIC,
                topic=topic,
                sentiment=sentiment or None,
                flagged=was.flagged or bool(one.flags),
                mark=one.mark,
                text_erased_at=None,
            ),
        )
    stored = [Stored(was.post_id, was.version + 1) for was, _ in edits]
    _insert_children(conn, stored, [one for _, one in edits], now)
    return stored


def refresh_posts(conn: Connection, seen: Iterable[tuple[Known, Post]]) -> None:
    """Keep what came again with the same text up to date: its reach and its date of change."""
    for was, again in seen:
        values: dict[str, object] = {}
        if again.reach > was.reach:
            values["reach"] = again.reach
        if again.updated_at is not None and to_micros(again.updated_at) > was.rank[0]:
            values["updated_at"] = again.updated_at
        if values:
            conn.execute(update(post).where(post.c.id == was.post_id).values(**values))


def _insert_children(
    conn: Connection,
    stored: Sequence[Stored],
    arrivals: Sequence[Incoming],
    now: datetime,
) -> None:
    at = to_micros(now)
    versions: list[tuple[Cell, ...]] = []
    tags: list[tuple[Cell, ...]] = []
    flags: list[tuple[Cell, ...]] = []
    for where, one in zip(stored, arrivals, strict=True):
        it = one.post
        post_id, version = where.post_id, where.version
        versions.append((post_id, version, it.content, it.name, to_micros(it.fetched_at)))
        tags.append((post_id, version, *one.tag_cells, at))
        if one.flags:
            flags.extend(flag_cells(where, raised, at) for raised in one.flags)
    dialect.insert_rows(conn, post_version, VERSION_COLUMNS, versions)
    dialect.insert_rows(conn, tag, TAG_COLUMNS, tags)
    dialect.insert_rows(conn, flag, FLAG_COLUMNS, flags)


def tag_cells(tagged: Tag, cell: tuple[str, str]) -> tuple[Cell, ...]:
    """Write a tag as the fast path wants it: `TAG_COLUMNS` from *model* to *sentiment_scores*."""
    sentiments = tagged.sentiment_scores
    if cell[0] == CIVIC:
        # No store, export or chart can take apart what was never written down.
        return (
            tagged.model,
            tagged.lang,
            _flat({CIVIC: max(tagged.topics.values(), default=1.0)}),
            _scores(tagged.harms),
            _scores(tagged.requests),
            None,
        )
    return (
        tagged.model,
        tagged.lang,
        _flat(tagged.topics),
        _scores(tagged.harms),
        _scores(tagged.requests),
        None if sentiments is None else _flat({name: sentiments[name] for name in SENTIMENTS}),
    )


def _flat(scores: Mapping[str, float]) -> str:
    """Write names of the closed lists and their scores as JSON; they need no escaping."""
    return "{" + ",".join([f'"{name}":{score:.4f}' for name, score in scores.items()]) + "}"


def _scores(scores: Mapping[str, Score]) -> str:
    """Write what matters of a tag: {label: [score, band]}; a label that is missing scored less.

    A third number is the highest threshold that would put the post before people, cut to six
    digits, so that it stays on its side of any threshold of six.
    """
    kept = {
        str(name): (round(one.score, 4), str(one.band))
        if one.puts_at is None
        else (round(one.score, 4), str(one.band), floor(one.puts_at * 1e6) / 1e6)
        for name, one in scores.items()
        if one.score >= LEAST_SCORE or one.band is not Band.NOTHING
    }
    return as_json(kept) if kept else "{}"


def flag_cells(at: Stored, raised: Flag, created_at: int) -> tuple[Cell, ...]:
    """Write a flag as the fast path wants it: `FLAG_COLUMNS`.

    Raises:
        InputError: The label is on no list.
    """
    # An audit draw names no harm: it is blind.
    if raised.label not in LABELS and raised.origin is not Origin.AUDIT:
        msg = f"{raised.label!r} is no policy and no request; the lists are closed"
        raise InputError(msg)
    reasons = [
        {
            "label": one.label,
            "kind": one.kind,
            "id": one.id,
            "spans": one.spans,
            "weight": round(one.weight, 4),
        }
        for one in raised.reasons
    ]
    return (
        at.post_id,
        at.version,
        str(raised.origin),
        raised.label,
        str(raised.band),
        raised.score,
        as_json(reasons),
        raised.model,
        created_at,
    )


def put_flag(conn: Connection, at: Stored, raised: Flag, now: datetime) -> None:
    """Add one flag to a stored version: an audit draw, a partner's or a person's.

    An audit draw leaves the post unflagged, for it is a sample of what was not found.

    Raises:
        InputError: The label is on no list.
    """
    dialect.insert_rows(conn, flag, FLAG_COLUMNS, [flag_cells(at, raised, to_micros(now))])


def count(
    conn: Connection,
    source_id: int,
    new: Sequence[Incoming],
    edits: Sequence[tuple[Known, Incoming]],
    now: datetime,
) -> None:
    """Add stored posts to the roll-ups; an edit moves its post from its old cell to the new one.

    A post is counted on the day it arrives, like the item that is made of it.
    """
    today = rollups.day_of(now)
    counts: dict[rollups.PostCell, tuple[int, int]] = {}
    marks: dict[rollups.MarkCell, int] = {}

    def add(day: int, cell: tuple[str, str], mark: str, by: tuple[int, int]) -> None:
        key = (day, source_id, *cell)
        arrived, flagged = counts.get(key, (0, 0))
        counts[key] = (arrived + by[0], flagged + by[1])
        if mark:
            drawer = (day, *cell, mark)
            marks[drawer] = marks.get(drawer, 0) + by[0]

    for one in new:
        add(today, one.cell, one.mark, (1, int(bool(one.flags))))
    for was, one in edits:
        add(was.day, was.cell, was.mark, (-1, -int(was.flagged)))
        add(was.day, one.cell, one.mark, (1, int(was.flagged or bool(one.flags))))
    rollups.count_posts(conn, counts, marks)
