"""The statements of a decision, built once; what varies is bound when one runs."""

from __future__ import annotations

from sqlalchemy import Boolean, and_, bindparam, insert, select, update

from evenhand.data.store.bound import ITEM, NOW, VERSION
from evenhand.data.store.children import IS_OWN
from evenhand.data.store.claim_queries import IS_MINE
from evenhand.data.tables import current_decision, decision, item, post, tag

BY_UUID = select(decision).where(decision.c.uuid == bindparam("its_uuid"))
# The lock on the post keeps an edit from slipping in between this look and the commit.
SHOWN = (
    select(post.c.id, post.c.version, item.c.id.label("item_id"), item.c.of_item_id)
    .join(item, item.c.post_id == post.c.id)
    .where(item.c.id == ITEM)
    .with_for_update(read=True, of=post)
)
MOVE = (
    update(item)
    .where(IS_MINE)
    .values(
        state=bindparam("becomes"),
        # What is read once more waits for no answer: its parent does.
        needs_answer=and_(IS_OWN, bindparam("waits", type_=Boolean)),
        edited_after_review=bindparam("edited"),
        claimed_by=None,
        claim_until=None,
        decided_at=NOW,
        state_at=NOW,
    )
    .returning(item)
)
MODEL = (
    select(tag.c.model)
    .join(item, item.c.post_id == tag.c.post_id)
    .where(item.c.id == ITEM, tag.c.version == VERSION, ~tag.c.shadow)
    .order_by(tag.c.tagged_at.desc(), tag.c.model.desc())
    .limit(1)
)
INSERT = insert(decision).returning(decision)
POINT = insert(current_decision)
