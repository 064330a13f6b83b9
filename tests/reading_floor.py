"""Reading on a floor: take an item, decide on it, and be read once more by others."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from evenhand.dashboard.jobs import claims, decisions, quality_gold
from evenhand.data import tables
from evenhand.data.records import Decision, Outcome
from evenhand.data.settings import QualitySettings
from evenhand.data.store.golds import NewGold
from tests.review_floor import put_item

ALL_TWICE = QualitySettings(double_share=1.0)


def take(store, actor, clock, count=10, **how):
    """Claim and give the items."""
    return claims.claim_next(store, actor, now=clock.now(), count=count, **how)


def say(store, actor, item, outcome=Outcome.NO_HARM, policy=None, *, clock, quality=ALL_TWICE):  # noqa: PLR0913 - who says what of which
    """Decide on a held item and give the decision's uuid."""
    new = Decision(str(uuid4()), item.id, item.claim.number, item.version, outcome, policy)
    decisions.decide(store, actor, new, now=clock.now(), quality=quality)
    return new.uuid


def violates(store, actor, item, policy="hate", **how):
    """Decide that a held item violates a policy."""
    return say(store, actor, item, Outcome.VIOLATES, policy, **how)


def read(store, actor, clock, outcome=Outcome.NO_HARM, policy=None, **how):
    """Take the next item, decide on it, and give it."""
    [item] = take(store, actor, clock, 1)
    say(store, actor, item, outcome, policy, clock=clock, **how)
    return item


def children_of(store, item_id, purpose=None):
    """Read the children of an item, oldest first."""
    query = select(tables.item).where(tables.item.c.of_item_id == int(item_id))
    if purpose is not None:
        query = query.where(tables.item.c.purpose == purpose)
    with store.read() as conn:
        return conn.execute(query.order_by(tables.item.c.id)).all()


def standing_on(store, item_id):
    """Read the decision that stands on an item; None where none does."""
    with store.read() as conn:
        query = (
            select(tables.decision)
            .join(
                tables.current_decision,
                tables.current_decision.c.decision_id == tables.decision.c.id,
            )
            .where(tables.current_decision.c.item_id == int(item_id))
        )
        return conn.execute(query).first()


def entries(store, *actions):
    """List the ledger's entries of these actions, oldest first."""
    with store.read() as conn:
        query = select(tables.ledger).where(tables.ledger.c.action.in_(actions))
        return conn.execute(query.order_by(tables.ledger.c.seq)).all()


def split(store, actors, clock, **item):
    """Let An say hate and Binh no harm of the same item; give its id."""
    with store.write() as conn:
        put = put_item(conn, **item)
    read(store, actors.an, clock, Outcome.VIOLATES, "hate")
    read(store, actors.binh, clock)
    return put.id


def put_gold(store, actors, clock, count=1, outcome="violates", policy="hate"):  # noqa: PLR0913, PLR0917 - what is right of how many
    """Put items in that a coordinator decided on, proposed, and an analyst approved; their ids."""
    ids = []
    for _ in range(count):
        with store.write() as conn:
            put = put_item(conn, label="hate", priority=99.0)
        said = Outcome(outcome)
        read(store, actors.coordinator, clock, said, policy, quality=None)
        new = NewGold(put.id, outcome, policy, "Gọi cả một nhóm người là súc vật.")
        made = quality_gold.propose(store, actors.coordinator, new, clock.now())
        quality_gold.approve(store, actors.analyst, made, clock.now())
        ids.append(put.id)
    return ids
