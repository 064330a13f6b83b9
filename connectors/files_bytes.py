"""A file as a stream of UTF-8 bytes: unpacked, recoded, within limits, in constant memory.

One layer of gzip is unpacked, and no archive: members of an archive could lie anywhere, hide more
archives or overlap.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import stat
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from evenhand.data.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CHUNK = 2**18
HEAD = 2**16
# Longer lines are set aside unread: the longest post has 128 Ki characters.
LONGEST_LINE = 8 * 2**20
# About 40 million posts; whoever has more cuts the file.
MOST_BYTES = 8 * 2**30
# Tables of posts shrink to a third or a tenth; one of equal rows to about a hundredth. A bomb
# has 1:1000. The slack lets small files of equal rows through.
LARGEST_RATIO = 200
SLACK = 64 * 2**20
# What a file may be written in, when the person says so; other codecs of Python are no encodings
# of tables (or run code-like steps of their own).
ENCODINGS = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp1258",
    "cp1252", "iso8859-1", "iso8859-15", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255",
    "cp1256", "cp1257", "cp874", "koi8-r", "gb18030", "gbk", "big5", "shift_jis", "cp932",
    "euc_jp", "euc_kr",
)  # fmt: skip
_GZIP = b"\x1f\x8b"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ELSEWHERE = (
    (0, b"PK\x03\x04", "a zip archive or an Excel workbook; unpack it, or save the sheet as CSV"),
    (0, b"PK\x05\x06", "an empty zip archive; hand over the table itself"),
    (0, b"\xd0\xcf\x11\xe0", "an old Excel or Word file; save the sheet as CSV"),
    (0, b"\xfd7zXZ\x00", "packed with xz; unpack it first, or pack it with gzip"),
    (0, b"BZh", "packed with bzip2; unpack it first, or pack it with gzip"),
    (0, b"\x28\xb5\x2f\xfd", "packed with zstd; unpack it first, or pack it with gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
    (0, b"Rar!\x1a\x07", "a RAR archive; unpack it first"),
    (257, b"ustar", "a tar archive; unpack it first"),
    (0, b"SQLite format 3\x00", "an SQLite database; export the table as CSV"),
    (0, b"%PDF-", "a PDF; hand over the table that it was made from"),
)
# So many NULs stand in no text, but in every second place of UTF-16.
_NUL_SHARE = 0.2


class Damaged(Exception):
    """The rest of a file cannot be read; what came before it stays valid."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its line end; *problem* says why it cannot be read, and then *text* is rough.

    A line beyond LONGEST_LINE has an empty text.
    """

    number: int
    text: str
    problem: str | None = None


def read_encoding(name: str) -> str:
    """Check the encoding that a person states.

    Raises:
        UnreadableFile: It is none, or none that tables are written in.
    """
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        raise _unknown(name) from error
    if found not in ENCODINGS:
        raise _unknown(name)
    return found


def _unknown(name: str) -> UnreadableFile:
    return UnreadableFile(f"{name[:40]!r} is no known encoding; use one of {', '.join(ENCODINGS)}")


def digest_of(path: Path) -> str:
    """Hash the file as it lies there.

    Raises:
        UnreadableFile: It cannot be read or is no ordinary file.
    """
    made = hashlib.sha256()
    with open_plain(path) as file:
        for chunk in _pieces(file, path):
            made.update(chunk)
    return made.hexdigest()


def open_plain(path: Path) -> BinaryIO:
    """Open an ordinary file: no folder, no pipe and no device, which may never end.

    Raises:
        UnreadableFile: It is none, or may not be read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            msg = f"{path} is no ordinary file; hand over a CSV, TSV, JSONL or Parquet file"
            raise UnreadableFile(msg)
        return path.open("rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        msg = f"{path} cannot be opened ({reason}); check the name and that you may read it"
        raise UnreadableFile(msg) from error


def _pieces(file: BinaryIO, path: Path) -> Iterator[bytes]:
    try:
        while chunk := file.read(CHUNK):
            yield chunk
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> UnreadableFile:
    return UnreadableFile(f"{path} cannot be read ({type(error).__name__}); check the disk")


def unpacked(path: Path) -> Iterator[bytes]:
    """Read the file, through one layer of gzip where there is one.

    Raises:
        UnreadableFile: It cannot be read, is something else than a table, or swells beyond the
            limits.
        Damaged: It breaks off or is damaged.
    """
    with open_plain(path) as file:
        try:
            packed = path.stat().st_size if is_packed(file) else None
        except OSError as error:
            raise _unreadable(path, error) from error
        first = True
        chunks = _pieces(file, path) if packed is None else _inflate(file)
        for chunk in chunks if packed is None else _within_limits(chunks, packed):
            if first:
                _refuse_others(chunk, path)
                first = False
            yield chunk


def refuse_bomb(path: Path) -> None:
    """Unpack a packed file once, keeping nothing, before any of its rows is believed.

    Raises:
        UnreadableFile: It swells beyond the limits, or is no table.
    """
    with open_plain(path) as file:
        if not is_packed(file):
            return
    # Damage is met again, and set aside, where the rows before it are read.
    with suppress(Damaged):
        for _ in unpacked(path):
            pass


def is_packed(file: BinaryIO) -> bool:
    """Say whether a file just opened is packed with gzip, whatever it is called."""
    start = file.read(len(_GZIP))
    file.seek(0)
    return start == _GZIP


def _refuse_others(head: bytes, path: Path) -> None:
    if head.startswith(_GZIP):
        # One layer is unpacked already where there is one.
        msg = f"{path} is packed with gzip twice; unpack it once"
        raise UnreadableFile(msg)
    for at, magic, what in _ELSEWHERE:
        if head[at : at + len(magic)] == magic:
            msg = f"{path} is {what}"
            raise UnreadableFile(msg)


def _inflate(file: BinaryIO) -> Iterator[bytes]:
    try:
        with gzip.GzipFile(fileobj=file) as packed:
            # read1, because read would lose what precedes the damage.
            while chunk := packed.read1(CHUNK):
                yield chunk
    except (OSError, EOFError, zlib.error) as error:
        msg = "the packed file is damaged or cut off"
        raise Damaged(msg) from error


def _within_limits(chunks: Iterable[bytes], packed: int) -> Iterator[bytes]:
    most = min(MOST_BYTES, LARGEST_RATIO * packed + SLACK)
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            msg = (
                f"unpacked the file has more than {most // 2**20} MiB, which no table of its size "
                "has; if it is a good one, hand it over unpacked or in parts"
            )
            raise UnreadableFile(msg)
        yield chunk


def as_utf8(chunks: Iterable[bytes], encoding: str | None) -> Iterator[bytes]:
    """Recode to UTF-8: from what a byte order mark says, else from *encoding*, else from UTF-8.

    Bytes that mean nothing in the stated encoding become bytes that are no UTF-8 either, so that
    their row is set aside.
    """
    rest = iter(chunks)
    head = b""
    for chunk in rest:
        head += chunk
        if len(head) >= len(codecs.BOM_UTF32_LE):
            break
    mark, found = next(((m, e) for m, e in _MARKS if head.startswith(m)), (b"", encoding))
    whole = _after(head[len(mark) :], rest)
    if found in {None, "utf-8"}:
        return whole
    return _recoded(whole, str(found))


def _after(head: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from rest


def _recoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    errors = "surrogatepass" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode("utf-8", "surrogatepass")
        yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")
    except UnicodeError as error:
        msg = f"the file is not {encoding} from here on"
        raise Damaged(msg) from error


def head_of(chunks: Iterator[bytes]) -> bytes:
    """Take the first HEAD bytes to look at, or those before the damage.

    Raises:
        Damaged: There is nothing before it.
    """
    head = b""
    try:
        for chunk in chunks:
            head += chunk
            if len(head) >= HEAD:
                break
    except Damaged:
        # It is met again, and set aside, where the rows before it are read.
        if not head:
            raise
    return head[:HEAD]


def looks_unmarked(head: bytes) -> bool:
    """Say whether it looks like UTF-16 or UTF-32 without the mark that says so."""
    return head.count(0) > _NUL_SHARE * len(head)


def split_lines(chunks: Iterable[bytes]) -> Iterator[Line]:
    r"""Cut at line ends (``\n``); a line beyond LONGEST_LINE is skipped and said to be so."""
    number, rest, skipping = 0, b"", False
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for part in whole:
            number += 1
            yield _line(number, part, "\n", too_long=skipping)
            skipping = False
        if skipping or len(rest) > LONGEST_LINE:
            rest, skipping = b"", True
    if rest or skipping:
        yield _line(number + 1, rest, "", too_long=skipping)


def _line(number: int, raw: bytes, end: str, *, too_long: bool) -> Line:
    if too_long or len(raw) > LONGEST_LINE:
        return Line(number, "", f"is longer than {LONGEST_LINE // 2**20} MiB")
    try:
        return Line(number, raw.decode() + end)
    except UnicodeDecodeError:
        problem = "is not UTF-8; if the file has another encoding, name it with --encoding"
        return Line(number, raw.decode("utf-8", "replace") + end, problem)
