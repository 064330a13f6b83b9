"""A planted wave among other posts, through the real ingest: one item, one decision, one undo.

500 near-copies in 20 variants (edits by `similarity.py`: links, other words, another order, no
accents) are shuffled among base posts of the same clauses and taken in page by page from two
sources.  A stand-in tags: all copies alike, one base post in eight with a random policy.
The same posts go into a second store without waves, to tell what waves cost; CPU seconds of this
process decide, tags are made before the clock starts.

Then one reviewer takes the wave's item, opens the spot-check, decides once, and takes it back.

Prints one JSON line: `recall` is the share of the copies that stand behind one item (goal 1.0 by
`own_items` 0), `false_merges` the share of flagged base posts that joined another post (goal at
most 0.001), `ratio` the CPU of ingest without waves by that with them.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import NOW, PAGE, Ready, make_tag
from similarity import Planned, make_posts, own_variants
from sqlalchemy import select

from evenhand.dashboard.jobs import decisions, waves
from evenhand.dashboard.jobs.grouping import Groups
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.data import tables
from evenhand.data.records import (
    Actor,
    Band,
    Decision,
    Outcome,
    Page,
    Post,
    Role,
    Score,
    SourceSpec,
    Tag,
    Upsert,
)
from evenhand.data.store import claims, sources, wave_members
from evenhand.data.store.connect import open_store
from evenhand.data.tables_review import wave, wave_member
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.data.store.connect import Store

POSTS, WAVE, VARIANTS = 50_000, 500, 20
LABEL = Policy.SPAM.value
LEASE = NOW.replace(hour=13)


@dataclass(frozen=True, slots=True)
class Plan:
    """The posts in their order, their tags, and which native keys are of the wave."""

    posts: Sequence[Post]
    tags: dict[str, Tag]
    copies: frozenset[str]


def plan(count: int, rng: random.Random) -> Plan:
    """Shuffle the copies among *count* base posts."""
    # Some of its edits come out the same: the first twenty different ones are taken.
    variants = list(dict.fromkeys([*own_variants(rng), *own_variants(rng)]))[:VARIANTS]
    planned = make_posts(count, 0, rng)
    planned += [Planned(variants[at % VARIANTS], -1, "wave") for at in range(WAVE)]
    rng.shuffle(planned)
    posts = [
        Post(
            native_key=f"k{number:09d}",
            platform="bench",
            content=one.text,
            published_at=NOW,
            fetched_at=NOW,
            author_ref=f"a{rng.randrange(count // 3 + 1)}",
        )
        for number, one in enumerate(planned)
    ]
    copies = frozenset(
        post.native_key for post, one in zip(posts, planned, strict=True) if one.kind == "wave"
    )
    tags = {
        one.native_key: _raised(make_tag(one, rng))
        if one.native_key in copies
        else make_tag(one, rng)
        for one in posts
    }
    return Plan(posts, tags, copies)


def _raised(tag: Tag) -> Tag:
    """Flag a copy for the wave's label, whatever the dice said."""
    low, high = Score(0.01, Band.NOTHING), Score(0.9, Band.FLAG)
    harms = {one.value: high if one.value == LABEL else low for one in Policy}
    return replace(tag, harms=harms, reasons=())


def take_in(sides: Sequence[tuple[Store, Groups | None]], plan: Plan) -> list[float]:
    """Ingest the posts page by page, from two sources in turn; give the CPU seconds of each side.

    The sides take turns, so that a busy moment of the machine meets both.
    """
    places = []
    for store, _ in sides:
        with store.write() as conn:
            for name in ("one", "two"):
                spec = SourceSpec(name, "file")
                places.append(sources.propose(conn, spec, person_id=None, now=NOW).id)
    tagger = Ready(plan.tags)
    spent = [0.0 for _ in sides]
    for turn, start in enumerate(range(0, len(plan.posts), PAGE)):
        events = tuple(Upsert(one) for one in plan.posts[start : start + PAGE])
        page = Page(events, {"v": 1, "at": start})
        for side, (store, groups) in enumerate(sides):
            source_id = places[2 * side + turn % 2]
            cpu = time.process_time()
            ingest_page(
                store, source_id=source_id, page=page, tagger=tagger, now=NOW, groups=groups
            )
            spent[side] += time.process_time() - cpu
    return spent


def found(store: Store, plan: Plan) -> tuple[int, dict[str, float]]:
    """Give the first post of the wave that holds most copies, and what was found and merged."""
    post, item = tables.post, tables.item
    with store.read() as conn:
        query = (
            select(post.c.native_key, wave.c.first_post_id)
            .join(wave_member, wave_member.c.post_id == post.c.id)
            .join(wave, wave.c.id == wave_member.c.wave_id)
        )
        first_by_key = {row.native_key: row.first_post_id for row in conn.execute(query)}
        items = select(post.c.native_key).join(item, item.c.post_id == post.c.id)
        with_item = set(conn.execute(items).scalars())
        flagged = select(post.c.native_key).where(post.c.flagged)
        base = set(conn.execute(flagged).scalars()) - plan.copies
    [(first, most)] = Counter(first_by_key.get(key) for key in plan.copies).most_common(1)
    merged = [key for key in base if key in first_by_key and key not in with_item]
    if first is None:
        msg = "no copy joined another one; nothing can be decided by wave"
        raise SystemExit(msg)
    return first, {
        "recall": most / len(plan.copies),
        "items_of_copies": len(with_item & plan.copies),
        "false_merges": round(len(merged) / len(base), 5),
        "flagged_base_posts": len(base),
        "strangers_in_the_wave": sum(first_by_key.get(key) == first for key in base),
    }


def one_decision(store: Store, first: int) -> dict[str, int]:
    """Take the wave's item, check, decide and undo; say how many copies stand decided each time."""
    with store.write() as conn:
        person = tables.person.insert().values(
            name="bench",
            password_hash="!",  # noqa: S106 - nobody signs in with it
            created_at=NOW,
        )
        person_id = conn.execute(person.returning(tables.person.c.id)).scalar_one()
        which = tables.item.c.post_id == first
        [held] = claims.take(conn, which, str(person_id), now=NOW, until=LEASE)
    actor = Actor(str(person_id), "bench", frozenset({Role.REVIEWER}), None)
    waves.spot_check(store, actor, (held.item_id, held.number), NOW)
    with store.read() as conn:
        wave_members.refuse_unchecked(conn, held.item_id, held.number)
    said = Decision("bench", held.item_id, held.number, 1, Outcome.VIOLATES, policy=LABEL)
    decisions.decide(store, actor, said, now=NOW)
    decided = _by_wave(store)
    decisions.undo_last(store, actor, NOW)
    return {"decided_by_one": 1 + decided, "decided_after_undo": _by_wave(store)}


def _by_wave(store: Store) -> int:
    with store.read() as conn:
        return wave_members.decided_by_wave(conn)


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=POSTS)
    count = parser.parse_args().posts
    made = plan(count, random.Random(7))
    with tempfile.TemporaryDirectory() as folder:
        plain = open_store(f"sqlite:///{Path(folder) / 'plain.sqlite'}")
        store = open_store(f"sqlite:///{Path(folder) / 'waves.sqlite'}")
        without, with_waves = take_in([(plain, None), (store, Groups())], made)
        plain.close()
        first, figures = found(store, made)
        figures |= one_decision(store, first)
        store.close()
    each = 1e6 / len(made.posts)
    result = {
        "bench": "waves",
        "posts": len(made.posts),
        "copies": len(made.copies),
        **figures,
        "ratio": round(without / with_waves, 3),
        "us_a_post_without": round(without * each, 1),
        "us_a_post": round(with_waves * each, 1),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
