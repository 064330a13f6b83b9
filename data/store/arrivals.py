"""Storing posts that arrive: rows, versions, tags and flags, at close to the engine's own speed.

A civic post is stored without sentiment, and its topics as "civic" only (safeguard 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import update

from evenhand.data.store import dialect, rollups
from evenhand.data.store.dialect import as_json
from evenhand.data.tables import flag, post, post_version, tag, to_micros
from evenhand.data.taxonomy import CIVIC, is_civic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from evenhand.data.records import Flag, Post, Tag
    from evenhand.data.store.dialect import Cell
    from evenhand.data.store.items import NewItem
    from evenhand.data.store.posts import Known

OTHER = "other"
SCORE_DIGITS = 4
# The columns that an edit may change; an arrival fills all.
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


@dataclass(frozen=True, slots=True)
class Incoming:
    """A post on its way in: what to store, its tag, its flags and the item that they make.

    *post.content* is the text that was tagged; *body_hash* comes from `hash_of`; *item* is None
    exactly when there are no flags.
    """

    post: Post
    tag: Tag
    flags: tuple[Flag, ...]
    item: NewItem | None
    body_hash: str


@dataclass(frozen=True, slots=True)
class Stored:
    """Where an incoming post went; *version* above 1 is an edit."""

    post_id: int
    version: int


def hash_of(post: Post) -> str:
    """Hash the text of *post*, keyed with its own key.

    So equal texts of two posts, or of two installations, have different hashes, and what is left
    after an erasure cannot be looked up in a list of known texts.
    """
    words = f"{post.content}\0{post.name or ''}".encode()
    return blake2b(words, key=post.native_key.encode()[:64], digest_size=16).hexdigest()


def rank_of(post: Post) -> tuple[int, int]:
    """Say how new this state of a post is: by the platform's clock, then by ours."""
    return (to_micros(post.updated_at or post.published_at), to_micros(post.fetched_at))


def cell_of(tagged: Tag) -> tuple[str, str]:
    """Name the (topic, sentiment) that a post is counted under; sentiment "" is none.

    In doubt civic: any civic or unknown topic makes the post civic, and civic posts carry no
    sentiment whatever the tagger said (safeguard 3).
    """
    if tagged.civic or is_civic(tagged.topics):
        return (CIVIC, "")
    topics = tagged.topics
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
    stored = [Stored(post_id, 1) for post_id in ids]
    rows = [_row(post_id, source_id, one) for post_id, one in zip(ids, arrivals, strict=True)]
    dialect.insert_rows(conn, post, POST_COLUMNS, rows)
    _insert_children(conn, list(zip(stored, arrivals, strict=True)), now)
    return stored


def _row(post_id: int, source_id: int, one: Incoming) -> tuple[Cell, ...]:
    it, tagged = one.post, one.tag
    topic, sentiment = cell_of(tagged)
    published = to_micros(it.published_at)
    fetched = to_micros(it.fetched_at)
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
        tagged.lang,
        published,
        it.published_suspect,
        None if it.updated_at is None else to_micros(it.updated_at),
        fetched,
        _day(it),
        1,
        one.body_hash,
        max(0, it.reach),
        topic == CIVIC,
        topic,
        sentiment or None,
        bool(one.flags),
        it.may_train,
        rollups.mark_of(it.author_ref, topic, sentiment),
    )


def change_posts(
    conn: Connection,
    edits: Sequence[tuple[Known, Incoming]],
    now: datetime,
) -> list[Stored]:
    """Store new versions of known posts: the row as it is now, one more version, tag and flags.

    A post that was ever flagged stays so: a person was asked to look at it.
    """
    stored = []
    for was, one in edits:
        row = dict(zip(POST_COLUMNS, _row(was.post_id, 0, one), strict=True))
        topic, sentiment = cell_of(one.tag)
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
                mark=row["mark"],
                text_erased_at=None,
            ),
        )
        stored.append(Stored(was.post_id, was.version + 1))
    edited = [one for _, one in edits]
    _insert_children(conn, list(zip(stored, edited, strict=True)), now)
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
    pairs: Sequence[tuple[Stored, Incoming]],
    now: datetime,
) -> None:
    tagged_at = to_micros(now)
    versions: list[tuple[Cell, ...]] = []
    tags: list[tuple[Cell, ...]] = []
    flags: list[tuple[Cell, ...]] = []
    for at, one in pairs:
        it = one.post
        versions.append((at.post_id, at.version, it.content, it.name, to_micros(it.fetched_at)))
        tags.append((at.post_id, at.version, *_tag_cells(one.tag), tagged_at))
        flags.extend(_flag_cells(at, raised, tagged_at) for raised in one.flags)
    dialect.insert_rows(conn, post_version, VERSION_COLUMNS, versions)
    dialect.insert_rows(conn, tag, TAG_COLUMNS, tags)
    dialect.insert_rows(conn, flag, FLAG_COLUMNS, flags)


def _tag_cells(tagged: Tag) -> tuple[Cell, ...]:
    topics: Mapping[str, float] = tagged.topics
    scores = tagged.sentiment_scores
    if cell_of(tagged)[0] == CIVIC:
        # No store, export or chart can take apart what was never written down.
        topics, scores = {CIVIC: max(topics.values(), default=1.0)}, None
    return (
        tagged.model,
        tagged.lang,
        as_json(_rounded(topics)),
        as_json({name: (round(s.score, SCORE_DIGITS), s.band) for name, s in tagged.harms.items()}),
        as_json(
            {name: (round(s.score, SCORE_DIGITS), s.band) for name, s in tagged.requests.items()}
        ),
        None if scores is None else as_json(_rounded(scores)),
    )


def _rounded(scores: Mapping[str, float]) -> dict[str, float]:
    return {str(name): round(score, SCORE_DIGITS) for name, score in scores.items()}


def _flag_cells(at: Stored, raised: Flag, created_at: int) -> tuple[Cell, ...]:
    reasons = [
        {
            "label": one.label,
            "kind": one.kind,
            "id": one.id,
            "spans": one.spans,
            "weight": round(one.weight, SCORE_DIGITS),
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
    """
    dialect.insert_rows(conn, flag, FLAG_COLUMNS, [_flag_cells(at, raised, to_micros(now))])


def count(
    conn: Connection,
    source_id: int,
    new: Sequence[Incoming],
    edits: Sequence[tuple[Known, Incoming]],
) -> None:
    """Add stored posts to the roll-ups; an edit moves its post from its old cell to the new one."""
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
        cell = cell_of(one.tag)
        mark = rollups.mark_of(one.post.author_ref, *cell)
        add(_day(one.post), cell, mark, (1, int(bool(one.flags))))
    for was, one in edits:
        cell = cell_of(one.tag)
        mark = rollups.mark_of(one.post.author_ref, *cell)
        add(was.day, was.cell, was.mark, (-1, -int(was.flagged)))
        add(was.day, cell, mark, (1, int(was.flagged or bool(one.flags))))
    rollups.count_posts(conn, counts, marks)


def _day(it: Post) -> int:
    # A doubtful date would put the post into a day of its own making.
    return rollups.day_of(it.fetched_at if it.published_suspect else it.published_at)
