"""What the holder of an item sees: text, flags with their reasons, and why it is here."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import and_, literal, select, tuple_

from evenhand.data.records import Band, Flag, Item, Origin, Reason
from evenhand.data.store import claims, posts, reviews, wave_members
from evenhand.data.store.bound import ITEMS, POSTS
from evenhand.data.store.children import Purpose
from evenhand.data.tables import Utc, flag, item, post, source, tag
from evenhand.data.taxonomy import Entry, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evenhand.data.records import Claim


@dataclass(frozen=True, slots=True)
class ThreadPost:
    """One post around an item; *text* is None where it was erased.

    *is_item* marks the item's own post.
    """

    post_id: str
    text: str | None
    published_at: datetime
    is_item: bool

    @property
    def is_erased(self) -> bool:
        """Say whether the text is gone, by deletion at the platform or by retention."""
        return self.text is None


# Built once, as what each claim asks for.
_CARDS = (
    select(
        item,
        post.c.version,
        post.c.platform,
        post.c.published_at,
        source.c.name.label("source_name"),
    )
    .join(post, post.c.id == item.c.post_id)
    .join(source, source.c.id == post.c.source_id)
    .where(item.c.id.in_(ITEMS))
)
_FLAGS = select(flag).where(flag.c.post_id.in_(POSTS)).order_by(flag.c.version, flag.c.id)
_TOPICS = (
    select(tag.c.post_id, tag.c.topics)
    .where(tag.c.post_id.in_(POSTS), ~tag.c.shadow)
    .order_by(tag.c.version, tag.c.tagged_at, tag.c.model)
)


def load(conn: Connection, held: Sequence[Claim], now: datetime) -> list[Item]:
    """Read the items under these live claims, in their order, at the present version.

    An item whose text was erased in the meantime is left out.

    Raises:
        ClaimLost: One of the claims is over.
    """
    by_key = {claims.key_of(one.item_id): one for one in held}
    rows = {row.id: row for row in conn.execute(_CARDS, {"of_items": list(by_key)})}
    flags = flags_of(conn, [row.post_id for row in rows.values()])
    topics = _topics_of(conn, [row.post_id for row in rows.values()])
    copies = wave_members.behind(conn, list(rows))
    items = []
    for key, one in by_key.items():
        row = rows[key]
        permit = posts.permit_by_claim(conn, one, now=now)
        shown = posts.text_of(conn, row.post_id, row.version, permit=permit)
        if shown.content is not None:
            why = flags[row.post_id], topics.get(row.post_id, ())
            made = _item(row, one, (shown.content, shown.name), why)
            if key in copies:
                sampled = wave_members.checked(conn, key, one.number) is not None
                made = replace(made, near_copies=copies[key], sampled=sampled)
            if row.purpose == Purpose.ADJUDICATION:
                made = replace(made, opinions=reviews.opinions(conn, row.of_item_id))
            items.append(made)
    return items


def _item(
    row: Row[tuple[object, ...]],
    held: Claim,
    shown: tuple[str, str | None],
    why: tuple[tuple[Flag, ...], tuple[str, ...]],
) -> Item:
    flags, topics = why
    return Item(
        id=str(row.id),
        post_id=str(row.post_id),
        version=row.version,
        text=shown[0],
        name=shown[1],
        lang=row.lang,
        source_name=row.source_name,
        platform=row.platform,
        published_at=row.published_at,
        flags=flags,
        why=row.why,
        severe=is_severe(one.label for one in flags),
        priority=row.priority,
        created_at=row.created_at,
        claim=held,
        edited_after_review=row.edited_after_review,
        topics=topics,
    )


# Where a post stands in its thread; never who wrote it.
_PLACE = (
    post.c.id,
    post.c.version,
    post.c.published_at,
    post.c.context_key,
    post.c.source_id,
)


def thread(
    conn: Connection,
    held: Claim,
    now: datetime,
    most: int,
) -> list[ThreadPost]:
    """Read the posts of the same context as a held item, oldest first, itself among them.

    Half of *most* may lie before it; posts without a context are alone.

    Raises:
        ClaimLost: The claim is over.
    """
    permit = posts.permit_by_claim(conn, held, now=now)
    centre = conn.execute(select(*_PLACE).where(post.c.id == permit.post_id)).one()
    rows = (centre,) if centre.context_key is None else _around(conn, centre, most)
    return [
        ThreadPost(
            post_id=str(row.id),
            text=posts.text_of(conn, row.id, row.version, permit=permit).content,
            published_at=row.published_at,
            is_item=row.id == permit.post_id,
        )
        for row in rows
    ]


def _around(
    conn: Connection,
    centre: Row[*tuple[Any, ...]],
    most: int,
) -> tuple[Row[*tuple[Any, ...]], ...]:
    place = tuple_(post.c.published_at, post.c.id)
    here = tuple_(literal(centre.published_at, Utc()), literal(centre.id))
    around = select(*_PLACE).where(
        post.c.context_key == centre.context_key,
        post.c.source_id == centre.source_id,
    )
    newest = around.where(place < here).order_by(post.c.published_at.desc(), post.c.id.desc())
    earlier = conn.execute(newest.limit(most // 2)).all()
    following = around.where(place > here).order_by(post.c.published_at, post.c.id)
    later = conn.execute(following.limit(most - 1 - len(earlier))).all()
    return (*reversed(earlier), centre, *later)


def is_severe(labels: Iterable[str]) -> bool:
    """Say whether any label covers the text until it is asked for."""
    return any(entry.covered for entry in map(_entry, labels) if entry is not None)


def flags_of(conn: Connection, post_ids: Sequence[int]) -> dict[int, tuple[Flag, ...]]:
    """Read why posts are put before people: each origin and label once, newest version.

    The most severe label comes first, then the higher score.
    """
    newest: dict[int, dict[tuple[str, str], Flag]] = defaultdict(dict)
    for row in conn.execute(_FLAGS, {"of_posts": list(post_ids)}):
        newest[row.post_id][row.origin, row.label] = _flag(row)
    return defaultdict(
        tuple,
        {key: tuple(sorted(found.values(), key=_rank)) for key, found in newest.items()},
    )


def present_flags(conn: Connection, post_id: int) -> tuple[Flag, ...]:
    """Read why the present version of a post is put before people, in the order of `flags_of`."""
    here = and_(post.c.id == flag.c.post_id, post.c.version == flag.c.version)
    rows = conn.execute(select(flag).join(post, here).where(flag.c.post_id == post_id))
    return tuple(sorted((_flag(row) for row in rows), key=_rank))


def _flag(row: Row[tuple[object, ...]]) -> Flag:
    return Flag(
        origin=Origin(row.origin),
        label=row.label,
        band=Band(row.band),
        score=row.score,
        reasons=tuple(_reason(one) for one in cast("list[Mapping[str, object]]", row.reasons)),
        model=row.model,
    )


def _reason(raw: Mapping[str, object]) -> Reason:
    spans = cast("list[list[int]]", raw.get("spans", []))
    return Reason(
        label=str(raw["label"]),
        kind=str(raw["kind"]),
        id=str(raw["id"]),
        spans=tuple((start, end) for start, end in spans),
        weight=float(cast("float", raw.get("weight", 0.0))),
    )


def _rank(one: Flag) -> tuple[int, float, str]:
    entry = _entry(one.label)
    return (0 if entry is None else -entry.severity, -one.score, one.label)


def _entry(label: str) -> Entry | None:
    lists = load_taxonomy()
    return lists.policies.get(label) or lists.requests.get(label)


def _topics_of(conn: Connection, post_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found = {}
    for row in conn.execute(_TOPICS, {"of_posts": list(post_ids)}):
        scores = cast("Mapping[str, float]", row.topics)
        found[row.post_id] = tuple(sorted(scores, key=lambda topic: (-scores[topic], topic)))
    return found
