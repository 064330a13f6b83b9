"""Erasing the text of posts that nobody was asked to read (safeguard 2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.data.store import erasures, ledger

if TYPE_CHECKING:
    from datetime import datetime

    from evenhand.data.settings import Settings
    from evenhand.data.store.connect import Store

# Small enough that a reviewer's claim never waits long for it.
AT_ONCE = 1_000


def erase_unflagged(store: Store, settings: Settings, now: datetime) -> int:
    """Erase all versions of unflagged posts older than `retention.unflagged_days`; say how many.

    Counts, tags and topics stay; posts that an audit drew wait for its end.
    The ledger gets one entry with the count, and SQLite's log is emptied, where the text would
    stay for a while.
    """
    days = settings.retention.unflagged_days
    before = now - timedelta(days=days)
    erased = 0
    while True:
        with store.write() as conn:
            count = erasures.erase_unflagged_text(conn, before, now, at_most=AT_ONCE)
            if count:
                ledger.append(
                    conn,
                    at=now,
                    actor="0",
                    action="unflagged_text_erased",
                    subject="retention",
                    data={"posts": count, "days": days},
                )
        erased += count
        if count < AT_ONCE:
            break
    if erased:
        store.wipe_log()
    return erased
