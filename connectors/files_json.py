"""JSON lines and JSON arrays of objects, row by row, in constant memory."""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING

from evenhand.connectors.files_bytes import Damaged, split_lines
from evenhand.connectors.files_table import Row
from evenhand.data.records import SetAside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from evenhand.connectors.files_table import Read

# An element of an array is held whole; beyond this the rest of the array is given up.
LONGEST_ELEMENT = 32 * 2**20
# Python refuses to read numbers of more digits than about this.
MOST_DIGITS = 4_000
_SPACE = " \t\r\n"


def _whole_number(digits: str) -> int | str:
    """Keep a number that Python refuses to read as its digits; as an id it is a text anyway."""
    return int(digits) if len(digits) <= MOST_DIGITS else digits


def _nothing(name: str) -> None:
    """Take NaN and Infinity, which programs write though JSON has none, as no value."""
    del name


# `raw_decode` raises ValueError where no value begins, RecursionError where it is too deep.
_DECODER = json.JSONDecoder(parse_constant=_nothing, parse_int=_whole_number)


def read_lines(chunks: Iterable[bytes]) -> Iterator[Read]:
    """Read one object a line; empty lines are no rows."""
    for line in split_lines(chunks):
        place = f"line {line.number}"
        if line.problem:
            yield SetAside(place, line.problem)
            continue
        text = line.text.strip(_SPACE)
        if not text:
            continue
        try:
            value, end = _DECODER.raw_decode(text)
        except ValueError:
            yield SetAside(place, "is not JSON")
        except RecursionError:
            yield SetAside(place, "is nested too deeply")
        else:
            yield _row(place, value) if end == len(text) else SetAside(place, "is not JSON")


def _row(place: str, value: object) -> Read:
    if not isinstance(value, dict):
        return SetAside(place, "is no object with named fields")
    return Row(place, flatten(value))


def flatten(value: Mapping[str, object]) -> dict[str, object]:
    """Bring the fields of inner objects up one level, as `outer.inner`."""
    cells: dict[str, object] = {}
    for name, cell in value.items():
        if isinstance(cell, dict):
            cells.update({f"{name}.{inner}": deep for inner, deep in cell.items()})
        else:
            cells[name] = cell
    return cells


class _Buffer:
    """The part of an array's text that is being read."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        # Bytes that are no UTF-8 become marks that `_is_sound` finds in the element they stand in.
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self.text = ""
        self.at = 0
        self.ended = False

    def more(self) -> None:
        """Read on until twice as much is held."""
        parts = [self.text[self.at :]]
        size, wanted = len(parts[0]), max(1, 2 * len(parts[0]))
        while size < wanted and not self.ended:
            chunk = next(self._chunks, None)
            self.ended = chunk is None
            parts.append(self._decoder.decode(chunk or b"", final=self.ended))
            size += len(parts[-1])
        self.text, self.at = "".join(parts), 0

    def next_letter(self) -> str:
        """Move to the next letter that is no space and give it; "" at the end."""
        while True:
            while self.at < len(self.text):
                if self.text[self.at] not in _SPACE:
                    return self.text[self.at]
                self.at += 1
            if self.ended:
                return ""
            self.more()


def read_array(chunks: Iterable[bytes]) -> Iterator[Read]:
    """Read an array's objects one by one.

    Raises:
        Damaged: An element cannot be read: where the next one begins is not known then.
    """
    buffer = _Buffer(chunks)
    buffer.next_letter()
    buffer.at += 1
    number = 0
    while (letter := buffer.next_letter()) != "]" or number:
        if number:
            if letter == "]":
                break
            if letter != ",":
                msg = "the array is not closed" if not letter else "a comma is missing in the array"
                raise Damaged(msg)
            buffer.at += 1
            buffer.next_letter()
        number += 1
        yield _element(buffer, f"entry {number}")
    buffer.at += 1
    if buffer.next_letter():
        yield SetAside("after the array", "something follows that does not belong to it")


def _element(buffer: _Buffer, place: str) -> Read:
    while True:
        try:
            value, end = _DECODER.raw_decode(buffer.text, buffer.at)
        except ValueError as error:
            if buffer.ended or len(buffer.text) - buffer.at > LONGEST_ELEMENT:
                msg = f"{place} is not JSON"
                raise Damaged(msg) from error
        except RecursionError as error:
            msg = f"{place} is nested too deeply"
            raise Damaged(msg) from error
        else:
            # A number at the edge may go on beyond it.
            if end < len(buffer.text) or buffer.ended:
                break
        buffer.more()
    raw = buffer.text[buffer.at : end]
    buffer.at = end
    if not _is_sound(raw):
        return SetAside(place, "is not UTF-8; if the file has another encoding, name it")
    return _row(place, value)


def _is_sound(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
