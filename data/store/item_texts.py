"""The texts of items a second time, folded, only for a search to compare with.

No query gives them back, and a row leaves with the text that it was made of.
How texts are folded is the caller's to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, select

from evenhand.data.store import dialect
from evenhand.data.store.children import IS_OWN
from evenhand.data.tables import item, post, post_version
from evenhand.data.tables_review import item_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, Row, Select

    Fold = Callable[[str], str]

# How far back it is looked for items that nobody folded.
CAUGHT_UP = 20_000


def index_posts(conn: Connection, post_ids: Sequence[int], fold: Fold) -> int:
    """Fold the present texts of the items of posts anew and say how many items that were.

    Called where an item is made and where a text changes, in the same write.
    The posts are held until its end, so that no text is folded that is erased meanwhile.
    """
    ids = sorted(set(post_ids))
    if not ids:
        return 0
    these = dialect.among_ids(conn, post.c.id, ids)
    conn.execute(dialect.lock_rows(select(post.c.id).where(these).order_by(post.c.id)))
    forget_posts(conn, ids)
    rows = conn.execute(_texts().where(dialect.among_ids(conn, item.c.post_id, ids))).all()
    folded = [{"item_id": row.id, "folded": fold(_whole(row))} for row in rows]
    if folded:
        conn.execute(insert(item_text), folded)
    return len(folded)


def forget_posts(conn: Connection, post_ids: Sequence[int]) -> None:
    """Erase what a search reads of the items of posts; called where their texts are erased."""
    theirs = select(item.c.id).where(dialect.among_ids(conn, item.c.post_id, post_ids))
    conn.execute(delete(item_text).where(item_text.c.item_id.in_(theirs)))


def catch_up(conn: Connection, fold: Fold, at_most: int) -> int:
    """Fold up to *at_most* items that nobody has folded: those made before there was a search.

    First what is missing among the newest, then further back from the oldest that is there.
    """
    newest = conn.execute(select(func.max(item.c.id))).scalar() or 0
    oldest = conn.execute(select(func.min(item_text.c.item_id))).scalar() or newest + 1
    lacks = ~select(item_text.c.item_id).where(item_text.c.item_id == item.c.id).exists()
    ids: list[int] = []
    for which in (and_(item.c.id > newest - CAUGHT_UP, lacks), item.c.id < oldest):
        query = _texts().where(which).order_by(item.c.id.desc()).limit(at_most)
        ids = [row.post_id for row in conn.execute(query)]
        if ids:
            break
    return index_posts(conn, ids, fold)


def _texts() -> Select[*tuple[Any, ...]]:
    here = and_(post_version.c.post_id == post.c.id, post_version.c.version == post.c.version)
    return (
        select(item.c.id, item.c.post_id, post_version.c.name, post_version.c.content)
        .join(post, post.c.id == item.c.post_id)
        .join(post_version, here)
        .where(IS_OWN, post.c.deleted_at.is_(None), post_version.c.content.is_not(None))
    )


def _whole(row: Row[*tuple[Any, ...]]) -> str:
    return str(row.content) if row.name is None else f"{row.name}\n{row.content}"
