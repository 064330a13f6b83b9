"""The cells of an XLSX file, read with nothing but its own rules (ECMA-376): no part of ours.

`_xHHHH_` stands for a sign that XML cannot hold (ST_Xstring); formulas are told, never computed.
"""

from __future__ import annotations

import re
import zipfile
from xml.etree import ElementTree as ET

NAMES = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def cells(path):
    """Read the one sheet: for each row a mapping of column number to (type, value)."""
    with zipfile.ZipFile(path) as archive, archive.open("xl/worksheets/sheet1.xml") as file:
        for _, row in ET.iterparse(file):  # noqa: S314 - a file that the test itself has written
            if row.tag == f"{NAMES}row":
                yield dict(_cell(one) for one in row)
                row.clear()


def parts(path):
    """List the names of what a file is made of."""
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def formulas(path):
    """Count the cells that a spreadsheet would compute."""
    with zipfile.ZipFile(path) as archive, archive.open("xl/worksheets/sheet1.xml") as file:
        return sum(one.tag == f"{NAMES}f" for _, one in ET.iterparse(file))  # noqa: S314 - the same


def _cell(element):
    letters = re.match("[A-Z]+", element.get("r")).group()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1, _value(element)


def _value(element):
    kind = element.get("t", "n")
    if kind == "inlineStr":
        texts = [one.text or "" for one in element.iter(f"{NAMES}t")]
        return kind, "".join(
            ESCAPED.sub(lambda found: chr(int(found[1], 16)), one) for one in texts
        )
    return kind, element.findtext(f"{NAMES}v")
