"""CSV files of figures hold what the screen shows, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from evenhand.dashboard.jobs.measures.sheets import Sheet, as_csv

# What Excel, LibreOffice and Google Sheets take for the beginning of a formula.
RUN = tuple("=+-@\t\r\n＝＋－＠")


def cells(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_sheet_is_written_with_plain_numbers_and_days():
    """Shares have four decimals, days are ISO, what is not shown is empty, letters stay."""
    sheet = Sheet(
        "x",
        ("Ngày", "Số", "Tỷ lệ", "Trống"),
        ((date(2026, 11, 24), 1234, 0.543219, None), ("đến, nay", 0, 1.0, None)),
    )
    data = as_csv(sheet)

    assert data.startswith(b"\xef\xbb\xbf")
    assert cells(data) == [
        ["Ngày", "Số", "Tỷ lệ", "Trống"],
        ["2026-11-24", "1234", "0.5432", ""],
        ["đến, nay", "0", "1.0", ""],
    ]


def test_formula_in_a_header_is_not_run():
    """A column's name is text too."""
    assert cells(as_csv(Sheet("x", ("=1+1",), ()))) == [["'=1+1"]]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))
def test_no_text_begins_like_a_formula_and_each_can_be_had_back(text):
    """Taking one apostrophe off gives the text that went in."""
    [_, [written]] = cells(as_csv(Sheet("x", ("a",), ((text or "x",),))))

    assert not written.startswith(RUN)
    assert (text or "x") == written.removeprefix("'")
