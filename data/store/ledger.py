"""The hash-chained log of who did what; rows are only added, and triggers refuse anything else.

An entry names ids, numbers and choices, never the text of a post, a note or a name.
The chain shows a change, a removal or an insertion between two entries; a cut at the end shows
only against a `head` that was noted elsewhere (the transparency report prints it).
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import select

from evenhand.data.errors import StoreError
from evenhand.data.store import dialect
from evenhand.data.tables import ledger, to_micros

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

# What the first entry follows.
START = "0" * 64
AT_ONCE = 1_000
COLUMNS = ("seq", "at", "actor", "action", "subject", "data", "prev_hash", "hash")
_HEAD = select(ledger.c.seq, ledger.c.hash).order_by(ledger.c.seq.desc()).limit(1)


def append(  # noqa: PLR0913 - an entry's five fields are its sentence: when, who, did what, to what
    conn: Connection,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    data: Mapping[str, object],
) -> str:
    """Add one entry to the open transaction and return its hash.

    Call it last in a transaction: on PostgreSQL all later entries wait until it commits.
    """
    dialect.lock_ledger(conn)
    seq, before = head(conn)
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    micros = to_micros(at)
    new = _hash(seq + 1, micros, (actor, action, subject, text), before)
    row = (seq + 1, micros, actor, action, subject, text, before, new)
    dialect.insert_rows(conn, ledger, COLUMNS, [row])
    return new


def head(conn: Connection) -> tuple[int, str]:
    """Read the last entry's number and hash; (0, zeros) before the first."""
    row = conn.execute(_HEAD).first()
    return (0, START) if row is None else (row.seq, row.hash)


def verify(conn: Connection) -> int:
    """Work the whole chain out again and return how many entries it has.

    Raises:
        StoreError: An entry is changed, missing or out of place; the message names its number.
    """
    seq, before = 0, START
    query = select(ledger).order_by(ledger.c.seq).execution_options(yield_per=AT_ONCE)
    # Closed at the first broken entry too: PostgreSQL holds a cursor open for it.
    with conn.execute(query) as rows:
        for row in rows:
            words = (row.actor, row.action, row.subject, row.data)
            right = _hash(row.seq, to_micros(row.at), words, row.prev_hash)
            if (row.seq, row.prev_hash, row.hash) != (seq + 1, before, right):
                msg = (
                    f"ledger entry {seq + 1} is missing or was changed after it was written; "
                    "keep this store as it is and restore a backup beside it to compare"
                )
                raise StoreError(msg)
            seq, before = row.seq, row.hash
    return seq


def _hash(seq: int, at: int, words: tuple[str, str, str, str], before: str) -> str:
    # A list in JSON, so that no two different entries can be written out alike.
    line = json.dumps([seq, at, *words, before], ensure_ascii=False, separators=(",", ":"))
    return sha256(line.encode()).hexdigest()
