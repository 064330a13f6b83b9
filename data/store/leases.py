"""Who reads a source just now: two readers never walk one cursor.

A lease names its holder and ends by itself.
One whose process on this machine has ended is taken over at once, so that a killed reader costs
no waiting.
"""

from __future__ import annotations

import os
import secrets
import socket
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.data.records import SourceState
from evenhand.data.store import posts, sources

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from evenhand.data.store.sources import Source

# A page takes two minutes at worst (connect, answer, tag); a lease is renewed after each.
LASTS = timedelta(minutes=10)
# Tells this process from one before it that had the same number, as in a restarted container.
_START = secrets.token_hex(4)
_PARTS = 4
# A run that finds one of these must end: somebody closed the source meanwhile.
CLOSED = frozenset({SourceState.PROPOSED, SourceState.RETIRED})


def new_holder() -> str:
    """Make the name of one run: machine, process, its start, and a mark of its own."""
    return f"{socket.gethostname()}/{os.getpid()}/{_START}/{secrets.token_hex(4)}"


def take(conn: Connection, source: Source, holder: str, now: datetime) -> bool:
    """Take a source for one run; False when another run has it."""
    if source.lease_by is not None and is_dead(source.lease_by):
        sources.release(conn, source.id, by=source.lease_by)
    return sources.lease(conn, source.id, by=holder, now=now, lasts=LASTS)


def dead(conn: Connection) -> dict[str, str]:
    """Find the leases of runs that have surely ended: source id -> holder."""
    found = {one.id: one.lease_by for one in sources.list_all(conn) if one.lease_by is not None}
    return {source_id: holder for source_id, holder in found.items() if is_dead(holder)}


def give_back(conn: Connection, held: Mapping[str, str]) -> None:
    """Free the sources that `dead` found, as far as those leases still stand."""
    for source_id, holder in held.items():
        sources.release(conn, source_id, by=holder)


def keep(conn: Connection, source: Source, holder: str, now: datetime) -> bool:
    """Prolong one's lease; False when it was lost or the source was closed meanwhile."""
    posts.lock_source(conn, int(source.id))
    found = sources.get(conn, source.name)
    if found.lease_by != holder or found.state in CLOSED:
        return False
    return sources.lease(conn, source.id, by=holder, now=now, lasts=LASTS)


def is_dead(holder: str) -> bool:
    """Say whether the run of that name has surely ended: its process on this machine is gone.

    If it is said wrongly (two containers that share a name but not their processes), two runs
    read the same pages: that costs requests and nothing else, for a page is stored once.
    """
    parts = holder.rsplit("/", _PARTS - 1)
    if len(parts) != _PARTS or parts[0] != socket.gethostname() or not parts[1].isdecimal():
        return False
    process = int(parts[1])
    if process == os.getpid():
        return parts[2] != _START
    return not _runs(process)


def _runs(process: int) -> bool:
    if os.name != "posix":
        # Elsewhere the question itself would end the process.
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
