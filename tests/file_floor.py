"""Files to hand over, and what reading one gives: what the tests of imports share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from evenhand.connectors.base import Budget, Tools
from evenhand.connectors.files import FileConnector
from evenhand.data.pseudonym import Pseudonyms
from evenhand.data.records import Delete, Post, SetAside, SourceSpec, Upsert

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WHOLE = Budget(pages=10**9)


@dataclass(frozen=True)
class Reading:
    """All that reading a file handed over; *rows* is what its last cursor counts."""

    rows: int
    posts: list[Post]
    aside: list[SetAside]
    gone: list[Delete]

    @property
    def texts(self) -> list[str]:
        """The posts' texts, in the file's order."""
        return [post.content for post in self.posts]


def make_tools(key: bytes = b"k" * 32, now: datetime = NOON) -> Tools:
    """Make pseudonyms of a fixed key and a clock that stands still."""
    return Tools(Pseudonyms(key), lambda: now)


def open_file(path: Path, name: str = "handed", **options: object) -> FileConnector:
    """Make the connector of one file."""
    return FileConnector(SourceSpec(name, "file", {"path": str(path), **options}), make_tools())


def read_file(path: Path, name: str = "handed", **options: object) -> Reading:
    """Read one file to its end and check that every row is accounted for."""
    pages = list(open_file(path, name, **options).fetch(None, WHOLE))
    events = [event for page in pages for event in page.events]
    posts = [event.post for event in events if isinstance(event, Upsert)]
    aside = [event for event in events if isinstance(event, SetAside)]
    gone = [event for event in events if isinstance(event, Delete)]
    rows = pages[-1].next_cursor["rows"]
    assert rows == len(posts) + len(aside)
    return Reading(rows, posts, aside, gone)
