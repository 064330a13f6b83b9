"""What became of flags, with the rules, keys and statements that spoke for each.

Roll-ups do not know them, so this reads items: at most so many, the newest of a window.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from evenhand.data.records import Origin
from evenhand.data.store import reviews, rollups
from evenhand.data.store.children import IS_OWN
from evenhand.data.store.reviews import FIRST_SLOT
from evenhand.data.tables import current_decision, decision, flag, item

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from evenhand.data.store.rollups import Days

AT_MOST = 5_000
DAY = timedelta(days=1)
# The kinds of reasons that are neither words that a model weighs nor what takes a flag back.
KINDS = frozenset({"rule", "key", "statement"})


@dataclass(frozen=True, slots=True)
class Judged:
    """One decided item: why it was flagged, the signs (kind, id) for that, what was decided.

    *score* is what the model gave the label, 0-1; None where it gave none, or no flag is left.
    """

    label: str
    score: float | None
    signs: frozenset[tuple[str, str]]
    outcome: str
    policies: frozenset[str]


def read(conn: Connection, days: Days, at_most: int = AT_MOST) -> list[Judged]:
    """Read the newest decided items made in the window, with the flag that leads each.

    Its signs are those of the version that was decided on; without such a flag it has none.
    """
    led = and_(
        flag.c.post_id == item.c.post_id,
        flag.c.version == decision.c.version,
        flag.c.label == item.c.label,
        flag.c.origin != Origin.AUDIT.value,
    )
    standing = and_(current_decision.c.item_id == item.c.id, current_decision.c.slot == FIRST_SLOT)
    query = (
        select(
            item.c.id,
            item.c.label,
            decision.c.outcome,
            decision.c.policy,
            decision.c.also,
            flag.c.reasons,
            flag.c.score,
            flag.c.model,
        )
        .join(current_decision, standing)
        .join(decision, decision.c.id == current_decision.c.decision_id)
        .outerjoin(flag, led)
        .where(
            IS_OWN,
            item.c.created_at >= rollups.start_of(days.first),
            item.c.created_at < rollups.start_of(days.last + DAY),
        )
        .order_by(item.c.id.desc())
        .limit(at_most)
    )
    found: dict[int, Judged] = {}
    for row in conn.execute(query):
        signs = frozenset(
            (str(one["kind"]), str(one["id"])) for one in row.reasons or () if one["kind"] in KINDS
        )
        score = None if row.model is None else row.score
        if row.id in found:
            # A label with two origins has two flags, of which a partner's has no score.
            before = found[row.id]
            signs |= before.signs
            score = before.score if score is None else max(score, before.score or 0.0)
        said = reviews.policies(row)
        found[row.id] = Judged(row.label, score, signs, row.outcome, said)
    return list(found.values())
