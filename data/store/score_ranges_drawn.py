"""What is in a score range, what is drawn of it to be read, and what was said of that.

Left out is whatever has to be read by itself: the fast queue and its labels, what was escalated,
edited or drawn at random, what a person or a partner flagged, waves, and items of other items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, insert, select

from evenhand.data.errors import InputError
from evenhand.data.records import ItemState, Origin, Outcome
from evenhand.data.store import claims, dialect, eligible, reviews, score_ranges
from evenhand.data.store.children import IS_OWN
from evenhand.data.store.claims import Wish
from evenhand.data.store.score_ranges import VOUCHES, RangeState
from evenhand.data.tables import current_decision, decision, draw, flag, item, post, skip
from evenhand.data.tables_review import score_range, wave
from evenhand.data.taxonomy import FAST_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from random import Random

    from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect

    from evenhand.data.records import Actor
    from evenhand.data.store.score_ranges import NewRange, ScoreRange

    AnyRow = Row[*tuple[Any, ...]]

QUEUES = ("harm", "request")
# Items of one range: few enough to be undone at a glance.
MOST = 500
# How items were decided is told of this many newest decisions: a bounded walk without an index.
LOOKED_THROUGH = 20_000


@dataclass(frozen=True, slots=True)
class Check:
    """How far the reading of what was drawn has come; the lists hold keys of items.

    *read* were found to be no harm by whoever drew them, *stale* so long ago that it vouches for
    nothing any more; *waits* are not decided; *lost* can no longer be read by them, because
    somebody else decided on them or their post is gone.
    *found* counts what speaks against the range: any member with another outcome, whoever gave
    it, and what was drawn and skipped.
    """

    read: tuple[int, ...]
    stale: tuple[int, ...]
    waits: tuple[int, ...]
    lost: tuple[int, ...]
    found: int


def matching(actor: Actor, wanted: NewRange) -> list[ColumnElement[bool]]:
    """Give the conditions under which a row of `item`, joined to its post, is of a range."""
    wish = Wish(actor.id, QUEUES, None, actor.team_id, escalated=False, count=MOST)
    alone = flag.c.origin.in_([Origin.AUDIT.value, Origin.PARTNER.value, Origin.MANUAL.value])
    urgent = flag.c.label.in_(sorted(FAST_LABELS))
    found = [
        eligible.IS_OPEN,
        IS_OWN,
        item.c.queue.in_(QUEUES),
        item.c.label == wanted.label,
        ~item.c.edited_after_review,
        # Who wrote anew may have said something else.
        post.c.version == 1,
        post.c.text_erased_at.is_(None),
        score(post.c.version).between(wanted.low, wanted.high),
        ~exists().where(
            flag.c.post_id == item.c.post_id, flag.c.version == post.c.version, alone | urgent
        ),
        # What chance brought up is read, or the figures of chance would be wrong.
        ~exists().where(draw.c.post_id == item.c.post_id),
        ~exists().where(wave.c.first_post_id == item.c.post_id, wave.c.members > 1),
        *eligible.suits(wish),
    ]
    return found if wanted.lang is None else [*found, item.c.lang == wanted.lang]


def score(version: ColumnElement[int]) -> ScalarSelect[float]:
    """Select the score of the flag that leads an item, on a version of its post."""
    return (
        select(func.max(flag.c.score))
        .where(
            flag.c.post_id == item.c.post_id,
            flag.c.version == version,
            flag.c.label == item.c.label,
        )
        .correlate(item, post, decision)
        .scalar_subquery()
    )


def waiting(conn: Connection, actor: Actor, wanted: NewRange) -> list[tuple[int, float]]:
    """List open items of a range with their scores; one more than `MOST` says that there are more.

    Which of more are listed is left to the engine.
    """
    query = (
        select(item.c.id, score(post.c.version))
        .join(post, post.c.id == item.c.post_id)
        .where(*matching(actor, wanted))
        .limit(MOST + 1)
    )
    return sorted((key, found) for key, found in conn.execute(query))


def past(conn: Connection, actor: Actor, wanted: NewRange, since: datetime) -> dict[str, int]:
    """Count by outcome what people said of such items since then, out of the newest decisions.

    What was decided by range is left out: it was not read.
    """
    newest = select(func.max(decision.c.id)).scalar_subquery()
    query = (
        select(decision.c.outcome, func.count())
        .select_from(decision)
        .join(current_decision, current_decision.c.decision_id == decision.c.id)
        .join(item, item.c.id == decision.c.item_id)
        .where(
            decision.c.id > newest - LOOKED_THROUGH,
            decision.c.decided_at >= since,
            decision.c.kind != reviews.RANGE,
            IS_OWN,
            item.c.queue.in_(QUEUES),
            item.c.label == wanted.label,
            eligible.of_team(actor.team_id),
            score(decision.c.version).between(wanted.low, wanted.high),
        )
        .group_by(decision.c.outcome)
    )
    if wanted.lang is not None:
        query = query.where(item.c.lang == wanted.lang)
    return dict(conn.execute(query).all())


def begin(  # noqa: PLR0913 - who draws how many of what, when, until when, and by which chance
    conn: Connection,
    actor: Actor,
    wanted: NewRange,
    *,
    count: int,
    now: datetime,
    until: datetime,
    rng: Random,
) -> ScoreRange:
    """Fix what is in a range, draw *count* of it at random, and claim those for the actor.

    Raises:
        InputError: Nothing of the range waits, or others hold all of it.
    """
    pool = [key for key, _ in waiting(conn, actor, wanted)]
    rng.shuffle(pool)
    del pool[MOST:]
    drawn = _draw(conn, actor, pool, count, now=now, until=until)
    if not drawn:
        msg = "nothing that may be decided by range waits there; choose another label or range"
        raise InputError(msg)
    values = {
        "team_id": None if actor.team_id is None else int(actor.team_id),
        "label": wanted.label,
        "lang": wanted.lang,
        "low": wanted.low,
        "high": wanted.high,
        "state": RangeState.CHECKING.value,
        "asked": count,
        "members": sorted([*drawn, *pool]),
        "drawn": drawn,
        "remaining": [],
        "decided": 0,
        "made_by": int(actor.id),
        "made_at": now,
    }
    made = conn.execute(
        insert(score_range).values(**values).returning(score_range.c.id)
    ).scalar_one()
    names = ("label", "lang", "low", "high", "asked", "members", "drawn")
    score_ranges.log(conn, now, actor, "range_drawn", made, {name: values[name] for name in names})
    return score_ranges.get(conn, actor, str(made))


def _draw(  # noqa: PLR0913 - who draws how many of what, when and until when
    conn: Connection, actor: Actor, pool: list[int], count: int, *, now: datetime, until: datetime
) -> list[int]:
    """Claim *count* items from the end of a shuffled *pool*, which loses them.

    What somebody else holds meanwhile leaves the pool too and is replaced.
    """
    drawn: list[int] = []
    while pool and len(drawn) < count:
        part = [pool.pop() for _ in range(min(count - len(drawn), len(pool)))]
        drawn += _claim(conn, actor, part, now=now, until=until)
    return drawn


def _claim(
    conn: Connection, actor: Actor, keys: Sequence[int], *, now: datetime, until: datetime
) -> list[int]:
    these = dialect.among_ids(conn, item.c.id, keys)
    query = select(item.c.id).where(these, eligible.IS_OPEN).order_by(item.c.id)
    free = list(conn.execute(dialect.free_rows(query)).scalars())
    held = claims.take(
        conn, dialect.among_ids(conn, item.c.id, free), actor.id, now=now, until=until
    )
    return [int(one.item_id) for one in held]


def claim_again(  # noqa: PLR0913 - whose range, when, until when, and by which chance
    conn: Connection,
    actor: Actor,
    range_id: str,
    *,
    now: datetime,
    until: datetime,
    rng: Random,
) -> int:
    """Claim once more what was drawn and is open, and draw others for what was lost.

    Returns:
        How many items the actor has been given.

    Raises:
        InputError: The range is not being checked, or somebody else drew it.
        NotFound: The team has no such range.
    """
    found = score_ranges.lock(conn, actor, range_id)
    score_ranges.refuse_other(found, actor, RangeState.CHECKING)
    standing = check(conn, found, now)
    given = _claim(conn, actor, standing.waits, now=now, until=until)
    if standing.lost:
        gone = set(standing.lost)
        pool = [key for key in found.members if key not in gone and key not in found.drawn]
        rng.shuffle(pool)
        others = len(pool)
        more = _draw(conn, actor, pool, len(gone), now=now, until=until)
        kept = [key for key in found.drawn if key not in gone]
        members = sorted([*kept, *more, *pool])
        score_ranges.change(conn, range_id, drawn=[*kept, *more], members=members)
        score_ranges.log(
            conn, now, actor, "range_drawn_again", range_id, {"drawn": more, "of": others}
        )
        given += more
    return len(given)


def check(conn: Connection, found: ScoreRange, now: datetime) -> Check:
    """Read what was said of a range's items since it was drawn."""
    drawn = set(found.drawn)
    query = (
        select(item.c.id, item.c.state, decision)
        .outerjoin(current_decision, current_decision.c.item_id == item.c.id)
        .outerjoin(decision, decision.c.id == current_decision.c.decision_id)
        .where(dialect.among_ids(conn, item.c.id, found.members))
        .order_by(item.c.id)
    )
    lists: dict[str, list[int]] = {"read": [], "stale": [], "waits": [], "lost": []}
    against = 0
    for row in conn.execute(query):
        key, state = row[0], row[1]
        if row.outcome not in {None, Outcome.NO_HARM.value}:
            against += 1
        elif key in drawn:
            lists[_standing(row, state, found, now)].append(key)
    passed = select(func.count()).where(
        dialect.among_ids(conn, skip.c.item_id, found.drawn),
        skip.c.person_id == int(found.made_by_id),
    )
    against += conn.execute(passed).scalar_one()
    return Check(**{name: tuple(keys) for name, keys in lists.items()}, found=against)


def _standing(row: AnyRow, state: str, found: ScoreRange, now: datetime) -> str:
    if row.outcome is None:
        return "lost" if state == ItemState.VOID else "waits"
    if (str(row.reviewer_id), row.kind) != (found.made_by_id, reviews.REVIEW):
        return "lost"
    return "read" if row.decided_at >= now - VOUCHES else "stale"
