"""All that a transparency report counts, in one record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from evenhand.data.store.report_audits import AuditsThen
    from evenhand.data.store.report_items import ItemThen
    from evenhand.data.store.report_rows import (
        AppealThen,
        Kept,
        Listed,
        Means,
        Posts,
        Reading,
    )


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
