"""Cost of ingest as a ratio to a bare `executemany` of the same posts, in one run.

Both write the same posts to SQLite files on the same disk with `synchronous = FULL`, 500 a
transaction. The bare side stores one row per post, without an index; ours normalises, stores post,
version, tag, flags, items and roll-ups. Tags are made before the clock starts, since the classifier
has a bench of its own. CPU seconds of this process decide; wall time is printed beside them.

Prints one JSON line: `ratio` is bare CPU / our CPU (goal: at least 0.30).
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.data.records import Band, Page, Post, Reason, Score, SourceSpec, Tag, Upsert
from evenhand.data.store import sources
from evenhand.data.store.connect import open_store
from evenhand.data.tables import to_micros
from evenhand.data.taxonomy import Policy, Request, Topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.data.records import Text

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PAGE = 500
# Share of posts that are put before a person, as in the demo.
FLAGGED = 0.12
WORDS = (
    *("nước", "lên", "ngập", "đường", "chợ", "trường", "hôm nay", "sáng mai", "bà con", "ơi"),
    *("the", "bus", "is", "late", "again", "tonight", "who", "knows", "when", "office", "opens"),
)
# What a post brings along, in a table without any index.
BARE_COLUMNS = (
    *("native_key", "platform", "type", "author_ref", "context_key", "in_reply_to_key", "locator"),
    *("community", "lang", "published_at", "fetched_at", "reach", "content", "name", "model"),
)


class Ready:
    """Hands out tags that were made beforehand."""

    model = "bench-1"

    def __init__(self, tags: dict[str, Tag]) -> None:
        self._tags = tags

    def tag(self, texts: Sequence[Text]) -> list[Tag]:
        """Look the tags up."""
        return [self._tags[one.id] for one in texts]


def make_posts(count: int, rng: random.Random) -> list[Post]:
    """Make short posts of words of two languages."""
    return [
        Post(
            native_key=f"k{number:09d}",
            platform="bench",
            content=" ".join(rng.choices(WORDS, k=rng.randint(6, 30))),
            published_at=NOW - timedelta(minutes=number % 20_000),
            fetched_at=NOW,
            author_ref=f"a{rng.randrange(count // 3 + 1)}",
            reach=rng.randrange(50),
        )
        for number in range(count)
    ]


def make_tag(post: Post, rng: random.Random) -> Tag:
    """Invent a tag; one post in eight is flagged."""
    hit = rng.random() < FLAGGED
    policy = rng.choice(list(Policy)).value
    low, high = Score(0.01, Band.NOTHING), Score(0.9, Band.FLAG)
    topic = rng.choice(list(Topic)).value
    return Tag(
        id=post.native_key,
        lang="vi",
        topics={topic: 0.7},
        civic=False,
        sentiment="neutral",
        sentiment_scores={"negative": 0.2, "neutral": 0.6, "positive": 0.2},
        harms={one.value: high if hit and one.value == policy else low for one in Policy},
        requests={one.value: low for one in Request},
        reasons=(Reason(policy, "model", "water", ((0, 4),), 1.0),) if hit else (),
        model="bench-1",
    )


def bare_row(one: Post) -> tuple[object, ...]:
    """List a post's values in the order of BARE_COLUMNS."""
    keys = (one.native_key, one.platform, one.type.value, one.author_ref, one.context_key)
    place = (one.in_reply_to_key, one.locator, one.community, "vi")
    times = (to_micros(one.published_at), to_micros(one.fetched_at))
    return (*keys, *place, *times, one.reach, one.content, one.name, "bench-1")


def bare(posts: Sequence[Post], path: Path) -> tuple[float, float]:
    """Insert one row per post and give CPU and wall seconds."""
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute(f"CREATE TABLE post ({', '.join(BARE_COLUMNS)})")
    marks = ", ".join("?" * len(BARE_COLUMNS))
    insert = f"INSERT INTO post VALUES ({marks})"  # noqa: S608 - question marks only
    cpu, wall = time.process_time(), time.perf_counter()
    for start in range(0, len(posts), PAGE):
        rows = [bare_row(one) for one in posts[start : start + PAGE]]
        conn.execute("BEGIN IMMEDIATE")
        conn.executemany(insert, rows)
        conn.execute("COMMIT")
    spent = time.process_time() - cpu, time.perf_counter() - wall
    conn.close()
    return spent


def ours(posts: Sequence[Post], tags: dict[str, Tag], path: Path) -> tuple[float, float]:
    """Ingest the posts page by page and give CPU and wall seconds."""
    store = open_store(f"sqlite:///{path}")
    with store.write() as conn:
        source = sources.propose(conn, SourceSpec("bench", "file"), person_id=None, now=NOW)
    tagger = Ready(tags)
    cpu, wall = time.process_time(), time.perf_counter()
    for start in range(0, len(posts), PAGE):
        events = tuple(Upsert(one) for one in posts[start : start + PAGE])
        page = Page(events, {"v": 1, "at": start})
        ingest_page(store, source_id=source.id, page=page, tagger=tagger, now=NOW)
    spent = time.process_time() - cpu, time.perf_counter() - wall
    store.close()
    return spent


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=50_000)
    count = parser.parse_args().posts
    rng = random.Random(7)
    posts = make_posts(count, rng)
    tags = {one.native_key: make_tag(one, rng) for one in posts}
    with tempfile.TemporaryDirectory() as folder:
        bare_cpu, bare_wall = bare(posts, Path(folder) / "bare.sqlite")
        our_cpu, our_wall = ours(posts, tags, Path(folder) / "ours.sqlite")
    result = {
        "bench": "ingest",
        "posts": count,
        "ratio": round(bare_cpu / our_cpu, 3),
        "goal": 0.30,
        "bare_posts_per_cpu_s": round(count / bare_cpu),
        "posts_per_cpu_s": round(count / our_cpu),
        "bare_wall_s": round(bare_wall, 2),
        "wall_s": round(our_wall, 2),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
