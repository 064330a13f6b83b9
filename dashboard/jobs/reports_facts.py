"""All that a transparency report counts, in one record, and how it is read from the logs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.data.store import (
    report_audits,
    report_items,
    report_ledger,
    report_readers,
    report_rows,
)
from evenhand.data.store.report_items import Then

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from evenhand.data.store.connect import Store
    from evenhand.data.store.report_audits import AuditsThen
    from evenhand.data.store.report_items import ItemThen
    from evenhand.data.store.report_readers import Reading
    from evenhand.data.store.report_rows import (
        AppealThen,
        Kept,
        Listed,
        Means,
        Posts,
    )

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a report counts, as it was known at *at*."""

    at: datetime
    posts: Posts
    flags: Mapping[tuple[str, str], int]
    items: Sequence[ItemThen]
    responses: Mapping[tuple[str, str | None], int]
    appeals: Sequence[AppealThen]
    pairs: Sequence[tuple[Reading, Reading]]
    readers: Mapping[str, int | None]
    statements: Sequence[Listed]
    kept: Kept
    means: Sequence[Means]
    audits: AuditsThen
    ledger_seq: int
    ledger_hash: str
    ledger_holds: bool


def read(store: Store, since: datetime, until: datetime, as_of: int | None = None) -> Facts:
    """Read all that is counted of a window, as it was known at its end or at a ledger entry.

    Raises:
        InputError: *as_of* is no entry of the ledger or lies before the window's end.
    """
    with store.read() as conn:
        at, seq, digest = report_ledger.known(conn, until - INSTANT, as_of)
        then = Then(since, until, at)
        posts = report_rows.posts(conn, then)
        items = list(report_items.items(conn, then))
        return Facts(
            at=at,
            posts=posts,
            flags=report_rows.flags(conn, then),
            items=items,
            audits=report_audits.read(conn, then, items),
            responses=report_rows.responses(conn, then),
            appeals=report_rows.appeals(conn, then),
            pairs=report_readers.read_twice(conn, then),
            readers=report_readers.readers(conn, then),
            statements=report_rows.statements(conn, then),
            kept=report_rows.erased(conn, then),
            means=report_rows.means(conn, sorted(posts.models), at),
            ledger_seq=seq,
            ledger_hash=digest,
            ledger_holds=report_ledger.chain_holds(conn, seq),
        )
