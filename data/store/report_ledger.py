"""Until when a transparency report knows, by the ledger, and whether the ledger's chain holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from evenhand.data.errors import InputError, StoreError
from evenhand.data.store import ledger as chain
from evenhand.data.tables import ledger

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

# The store's integers hold no larger number.
MOST_ENTRIES = 2**63 - 1


def head(conn: Connection, at: datetime) -> tuple[int, str]:
    """Read the number and hash of the last ledger entry that was written until a moment."""
    query = (
        select(ledger.c.seq, ledger.c.hash)
        .where(ledger.c.at <= at)
        .order_by(ledger.c.seq.desc())
        .limit(1)
    )
    row = conn.execute(query).first()
    return (0, chain.START) if row is None else (int(row.seq), str(row.hash))


def chain_holds(conn: Connection, seq: int) -> bool:
    """Work the ledger's chain out again and say whether it holds up to an entry at least."""
    try:
        return chain.verify(conn) >= seq
    except StoreError:
        return False


def known(conn: Connection, at: datetime, as_of: int | None) -> tuple[datetime, int, str]:
    """Say until when a report knows: the time, the number and the hash of its last ledger entry.

    Args:
        conn: A read.
        at: The end of its window.
        as_of: The number of a later entry that ends what is known; None for the window's end.

    Raises:
        InputError: There is none of this number, or it was written before the window ended.
    """
    if as_of is None:
        return at, *head(conn, at)
    query = select(ledger.c.at, ledger.c.hash).where(ledger.c.seq == as_of)
    row = conn.execute(query).first() if as_of <= MOST_ENTRIES else None
    if row is None or row.at < at:
        msg = (
            f"ledger entry {as_of} does not exist or was written before the window "
            "ended; leave --as-of out, or name a later entry"
        )
        raise InputError(msg)
    return row.at, as_of, str(row.hash)
