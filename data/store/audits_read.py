"""What audits saw, and what the queue found on the same days: the ground of the missed harm.

No text is read here, and nothing leads from a figure to an unflagged post.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, literal_column, select

from evenhand.data.records import Outcome
from evenhand.data.store import reviews, rollup_outcomes, rollups, waves
from evenhand.data.store.children import IS_OWN
from evenhand.data.store.draws import DrawKind, week_of
from evenhand.data.store.rollups import Days
from evenhand.data.tables import current_decision, decision, draw, item, post
from evenhand.data.tables_review import audit, wave, wave_member
from evenhand.data.taxonomy import Policy, Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Row

    AnyRow = Row[*tuple[Any, ...]]

DAY = timedelta(days=1)
# What an item can be made for; those of draws are made for none of them.
LABELS = tuple(one.value for one in (*Policy, *Request))
_STANDS = and_(
    current_decision.c.item_id == item.c.id, current_decision.c.slot == reviews.FIRST_SLOT
)
# An item without a source has the number 0, as in the roll-ups.
_OF_ITEM: Mapping[str, ColumnElement[Any]] = {
    "lang": item.c.lang,
    "source_id": literal_column("coalesce(item.source_id, 0)"),
}
_SAID = (decision.c.outcome, decision.c.policy, decision.c.also)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One post that an audit drew on a day, and what stands on it.

    *harm* is None while nobody decided, where people were not sure, and where the post was gone
    before anybody read it; a decision stays when its post is deleted later.
    """

    day: date
    inclusion: float
    lang: str
    harm: bool | None
    policies: frozenset[str] = frozenset()
    reach: int = 0
    source_id: int = 0


@dataclass
class Tally:
    """Flagged posts: how many, *decided* by somebody who was sure, *found* to be harm.

    *by_policy* counts those found under each policy; one that violates two stands under both.
    """

    flagged: int = 0
    decided: int = 0
    found: int = 0
    by_policy: Counter[str] = field(default_factory=Counter)

    def decide(self, outcome: str | None, posts: int, named: Mapping[str, int]) -> None:
        """Count posts on which an outcome stands, and of these by the policies that it names."""
        if _is_sure(outcome):
            self.decided += posts
        if outcome == Outcome.VIOLATES:
            self.found += posts
            self.by_policy.update(named)


def drawn(conn: Connection, days: Days) -> list[Drawn]:
    """Read what audits drew from the posts of these days, by post."""
    return list(drawn_posts(conn, days).values())


def drawn_posts(conn: Connection, days: Days) -> dict[int, Drawn]:
    """Read what audits drew from the posts of these days, each under the key of its post.

    For what is worked out from a post's tag; no screen gets the key.
    """
    first, last = rollups.day_number(days.first), rollups.day_number(days.last)
    drawn_at = conn.execute(select(audit.c.drawn_at).where(audit.c.day.between(first, last)))
    query = (
        select(post.c.id, post.c.day, post.c.lang, draw.c.probability, item.c.id.label("item_id"))
        .add_columns(post.c.reach, post.c.source_id, *_SAID)
        .select_from(draw)
        .join(post, post.c.id == draw.c.post_id)
        .outerjoin(item, and_(item.c.post_id == post.c.id, IS_OWN))
        .outerjoin(current_decision, _STANDS)
        .outerjoin(decision, decision.c.id == current_decision.c.decision_id)
        .where(
            # Draws are indexed by their week.
            draw.c.week.in_(sorted({week_of(at) for at in drawn_at.scalars()})),
            draw.c.kind == DrawKind.AUDIT.value,
            post.c.day.between(first, last),
        )
        .order_by(post.c.id, item.c.id)
    )
    by_post: defaultdict[int, list[AnyRow]] = defaultdict(list)
    for row in conn.execute(query):
        by_post[row.id].append(row)
    return {post_id: _drawn(rows) for post_id, rows in by_post.items()}


def flagged(conn: Connection, days: Sequence[date], by: str = "lang") -> dict[str, Tally]:
    """Count by language or source what was flagged on these days, and what stands on it.

    Own items that were made for a policy or a request, from the roll-ups, and the near-copies
    behind waves; items of draws are left out, and a post in two queues counts twice.
    What a score range decided is not decided here: nobody read it.

    Args:
        conn: A read.
        days: Which days; they need not follow on each other.
        by: "lang" or "source_id"; a near-copy has its wave's language and its own source.
    """
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for run in runs(days):
        for made in rollups.item_totals(conn, run, by=("label", by)):
            if made.label in LABELS:
                tallies[str(getattr(made, by))].flagged += made.made
        for one in rollup_outcomes.read(conn, run, by=("label", by, "outcome", "policy")):
            if one.label in LABELS:
                named = {one.policy: one.items}
                tallies[str(getattr(one, by))].decide(one.outcome, one.leading, named)
        for row in conn.execute(_behind(run, by)):
            posts, part = int(row.posts), str(row.part)
            tallies[part].flagged += posts
            tallies[part].decide(row.outcome, posts, dict.fromkeys(reviews.policies(row), posts))
        for row in conn.execute(_unread(run, by)):
            tallies[str(row.part)].decided -= int(row.items)
    return dict(tallies)


def _unread(days: Days, by: str) -> Any:  # noqa: ANN401 - a select of three tables has a long type
    """Select by part the items on which a decision by score range stands: nobody was sure."""
    return (
        select(_OF_ITEM[by].label("part"), func.count().label("items"))
        .select_from(decision)
        .join(current_decision, current_decision.c.decision_id == decision.c.id)
        .join(item, _STANDS)
        .where(
            # Written out: both engines use the partial index for these very words only.
            literal_column("decision.kind = 'range'"),
            IS_OWN,
            item.c.label.in_(LABELS),
            item.c.created_at >= rollups.start_of(days.first),
            item.c.created_at < rollups.start_of(days.last + DAY),
        )
        .group_by(_OF_ITEM[by])
    )


def runs(days: Sequence[date]) -> list[Days]:
    """Put days that follow on each other together."""
    found: list[Days] = []
    for day in sorted(days):
        if found and found[-1].last + DAY == day:
            found[-1] = Days(found[-1].first, day)
        else:
            found.append(Days(day, day))
    return found


def _behind(days: Days, by: str) -> Any:  # noqa: ANN401 - a select of four tables has a long type
    """Select the near-copies that joined a wave, by wave: how many, and what stands on its item."""
    place, own = wave_member.join(wave, wave.c.id == wave_member.c.wave_id), []
    if by == "source_id":
        # Posts are looked up only for what a wave does not know of them.
        place = place.join(post, post.c.id == wave_member.c.post_id)
        own = [post.c.source_id.label("part")]
    joined = (
        select(wave.c.first_post_id, func.count().label("posts"), *own)
        .select_from(place)
        .where(
            waves.STAYS,
            wave_member.c.joined_at >= rollups.start_of(days.first),
            wave_member.c.joined_at < rollups.start_of(days.last + DAY),
            wave_member.c.post_id != wave.c.first_post_id,
        )
        .group_by(wave_member.c.wave_id, wave.c.first_post_id, *own)
        .subquery("joined")
    )
    return (
        select(joined.c.part if own else item.c.lang.label("part"), joined.c.posts, *_SAID)
        .select_from(joined)
        .join(item, waves.of_wave(joined.c.first_post_id))
        .outerjoin(current_decision, _STANDS)
        .outerjoin(decision, decision.c.id == current_decision.c.decision_id)
    )


def _drawn(rows: Sequence[AnyRow]) -> Drawn:
    """Put the items of one post together: harm on any of them is harm."""
    row = rows[0]
    harms = [one for one in rows if one.outcome == Outcome.VIOLATES]
    is_read = all(_is_sure(one.outcome) for one in rows)
    return Drawn(
        day=rollups.EPOCH_DAY + timedelta(days=row.day),
        inclusion=row.probability,
        lang=row.lang,
        harm=bool(harms) if harms or is_read else None,
        policies=frozenset().union(*(reviews.policies(one) for one in harms)),
        reach=row.reach,
        source_id=row.source_id,
    )


def _is_sure(outcome: str | None) -> bool:
    return outcome is not None and outcome != Outcome.NOT_SURE


def found(conn: Connection, days: Days) -> set[int]:
    """List the flagged posts of these days on which harm stands: their own item's, or their wave's.

    For the demo, which compares them with what was planted.
    """
    within = post.c.day.between(rollups.day_number(days.first), rollups.day_number(days.last))
    own = (
        select(item.c.post_id)
        .join(post, post.c.id == item.c.post_id)
        .join(current_decision, _STANDS)
        .join(decision, decision.c.id == current_decision.c.decision_id)
        .where(IS_OWN, item.c.label.in_(LABELS), within, decision.c.outcome == Outcome.VIOLATES)
    )
    copies = (
        select(wave_member.c.post_id)
        .select_from(wave_member)
        .join(wave, wave.c.id == wave_member.c.wave_id)
        .join(post, post.c.id == wave_member.c.post_id)
        .join(item, waves.of_wave(wave.c.first_post_id))
        .join(current_decision, _STANDS)
        .join(decision, decision.c.id == current_decision.c.decision_id)
        .where(waves.STAYS, within, decision.c.outcome == Outcome.VIOLATES)
    )
    return {*conn.execute(own).scalars(), *conn.execute(copies).scalars()}
