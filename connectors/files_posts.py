"""A row of a file as a post: pseudonymous, within the limits, or set aside with a reason.

A row with an id is that post, whatever else it says; a row without one is the post of exactly
these cells, so that each distinct row is kept once however often the file is handed over.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from evenhand.connectors.fields import (
    LONGEST_TEXT,
    clean_text,
    read_reach,
    read_time,
    settle_time,
)
from evenhand.data.pseudonym import mask_name
from evenhand.data.records import Delete, Post, PostType, SetAside, Upsert

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from evenhand.connectors.files_columns import Columns
    from evenhand.connectors.files_table import Row
    from evenhand.data.pseudonym import Pseudonyms
    from evenhand.data.records import Event

PLATFORM = "file"
# A file may hold posts of any platform, so its text is masked as the strictest one's.
STRICTEST = "reddit"
LONGEST_ID = 2_000
# Larger whole numbers have lost digits where a program wrote them as fractions.
_EXACT = 2**53
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*")
# What programs write where no language is known; "na" would be Nauru's.
_NO_LANGUAGE = frozenset({"na", "nan", "und", "nil"})
_YES = frozenset({"1", "true", "yes", "y", "t", "x", "có", "deleted", "removed", "đã xóa"})
_NO = frozenset({"", "0", "false", "no", "n", "f", "không", "none", "null", "nan", "na"})
_GONE = frozenset({"[deleted]", "[removed]"})
_ADDRESS = re.compile(r"https?://[^\s]{1,1990}")
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,6})?")


class _Unusable(ValueError):
    """A row cannot be a post; the message completes "line 17: …"."""


@dataclass(frozen=True, slots=True)
class RowReader:
    """Turns the rows of one source's file into events; *name* is the source's."""

    columns: Columns
    name: str
    pseudonyms: Pseudonyms
    may_train: bool
    now: datetime

    def events(self, row: Row) -> tuple[Event, ...]:
        """Read one row: a post, a row set aside, or a deletion together with its row."""
        try:
            key, native = self._key(row)
            deleted, at = self._deletion(row) if native else (False, None)
            if deleted:
                gone = Delete(key, "marked as deleted in the file", at)
                return (gone, SetAside(row.place, "is marked as deleted; its post is not kept"))
            return (Upsert(self._post(row, key, native)),)
        except _Unusable as error:
            return (SetAside(row.place, str(error)),)
        except RecursionError:
            return (SetAside(row.place, "is nested too deeply"),)

    def author_ref(self, row: Row) -> str | None:
        """Give the pseudonym of who wrote a row, if it says so; a name differs by its source."""
        author = self._author(row)
        return None if author is None else self.pseudonyms.author(self._scope, author.casefold())

    @property
    def _scope(self) -> str:
        # Two files name different people alike; nothing may join them (safeguard 4).
        return f"{PLATFORM}:{self.name}"

    def _author(self, row: Row) -> str | None:
        try:
            author = _id(self._cell(row, self.columns.author), "an author")
        except _Unusable:
            return None
        return author or None

    def _cell(self, row: Row, column: str | None) -> object:
        return None if column is None else row.cells.get(column)

    def _key(self, row: Row) -> tuple[str, str]:
        """Give the post's key, and its own id or ""."""
        native = _id(self._cell(row, self.columns.id), "an id")
        if native:
            return self.pseudonyms.native(self._scope, native), native
        return self.pseudonyms.native(self._scope, f"row\x1f{row_digest(row.cells)}"), ""

    def _post(self, row: Row, key: str, native: str) -> Post:
        columns, author = self.columns, self._author(row)
        content = self._masked(_text(self._cell(row, columns.text), "a text"), author)
        title = self._masked(_text(self._cell(row, columns.title), "a title"), author)
        if not content.strip() and not title.strip():
            msg = "has no text"
            raise _Unusable(msg)
        if content.strip() in _GONE:
            msg = "is only the empty place of a deleted post"
            raise _Unusable(msg)
        published, suspect = self._time(row, columns.published) or (self.now, True)
        updated = self._time(row, columns.updated)
        answered = self._reference(row, columns.reply_to)
        thread = self._reference(row, columns.thread)
        ref = self.author_ref(row)
        return Post(
            native_key=key,
            platform=PLATFORM,
            content=content,
            name=title if title.strip() else None,
            published_at=published,
            published_suspect=suspect,
            fetched_at=self.now,
            type=PostType.COMMENT if answered else PostType.NOTE,
            language=_language(self._cell(row, columns.lang)),
            updated_at=updated[0] if updated else None,
            author_ref=ref,
            in_reply_to_key=self.pseudonyms.native(self._scope, answered) if answered else None,
            context_key=self.pseudonyms.context(self._scope, thread) if thread else None,
            locator=self._locator(row, native, ref),
            reach=read_reach(*(_count(row.cells.get(name)) for name in columns.reach)),
            may_train=self.may_train,
        )

    def _masked(self, text: str, author: str | None) -> str:
        masked = self.pseudonyms.mask_mentions(text, STRICTEST)
        return masked if author is None else mask_name(masked, author)

    def _time(self, row: Row, column: str | None) -> tuple[datetime, bool] | None:
        """Read a time; None where the row says none."""
        value = self._cell(row, column)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            return settle_time(read_time(value), self.now)
        except ValueError as error:
            msg = f"cannot be dated: {error}"
            raise _Unusable(msg) from error

    def _deletion(self, row: Row) -> tuple[bool, datetime | None]:
        """Say whether a row is marked as deleted, and since when if the mark is a time."""
        mark = self._cell(row, self.columns.deleted)
        written = str(mark).strip().casefold() if mark is not None else ""
        if written in _YES or written in _NO:
            return written in _YES, None
        msg = "has a mark of deletion that is neither yes nor no nor a time"
        try:
            at, doubtful = settle_time(read_time(mark), self.now)
        except ValueError as error:
            raise _Unusable(msg) from error
        # A small number is a code that we do not know.
        if doubtful:
            raise _Unusable(msg)
        return True, at

    def _reference(self, row: Row, column: str | None) -> str:
        return _id(self._cell(row, column), "a reference")

    def _locator(self, row: Row, native: str, ref: str | None) -> bytes | None:
        url = self._cell(row, self.columns.url)
        address = url if isinstance(url, str) and _ADDRESS.fullmatch(url) else ""
        if not native and not address:
            return None
        told = {"id": clean_text(native), "url": clean_text(address), "author": ref or ""}
        return self.pseudonyms.seal(told)


def row_digest(cells: Mapping[str, object]) -> str:
    """Hash a row's cells by column, in whatever order the columns stand."""
    words = json.dumps(sorted(cells.items()), ensure_ascii=True, default=str)
    return sha256(words.encode()).hexdigest()


def _text(value: object, what: str) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        msg = f"has {what} that is no text"
        raise _Unusable(msg)
    if len(value) > LONGEST_TEXT:
        msg = f"has {what} of more than {LONGEST_TEXT} characters"
        raise _Unusable(msg)
    return clean_text(value)


def _id(value: object, what: str) -> str:
    """Read an id as text; "" where there is none."""
    if value is None or isinstance(value, str):
        written = value or ""
    elif isinstance(value, bool) or not isinstance(value, int | float):
        msg = f"has {what} that is neither a text nor a number"
        raise _Unusable(msg)
    elif isinstance(value, float) and (not value.is_integer() or abs(value) >= _EXACT):
        msg = f"has {what} that was rounded; write it as a text"
        raise _Unusable(msg)
    else:
        written = str(int(value))
    if len(written) > LONGEST_ID:
        msg = f"has {what} of more than {LONGEST_ID} characters"
        raise _Unusable(msg)
    return written if written.strip() else ""


def _language(value: object) -> str | None:
    mark = value.strip().lower() if isinstance(value, str) else ""
    return mark if _LANGUAGE.fullmatch(mark) and mark not in _NO_LANGUAGE else None


def _count(value: object) -> object:
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value.strip()) else None
    return None if isinstance(value, bool) else value
