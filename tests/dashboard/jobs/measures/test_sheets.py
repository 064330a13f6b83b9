"""CSV files of figures hold what the screen shows, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.dashboard.jobs.measures.sheets import Sheet, as_csv

# What Excel, LibreOffice and Google Sheets take for the beginning of a formula or of a call, its
# full-width twins, and what they skip in front of one: blanks, marks that nobody sees, quotes.
RUN = tuple(
    '=+-@|%"\t\r\n\x0b ＝＋－＠｜％\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\N{BYTE ORDER MARK}'
)


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


@pytest.mark.parametrize("start", RUN)
def test_each_start_of_a_formula_is_held_back(start):
    """Also one that is hidden behind a sign that a spreadsheet skips; a number is no text."""
    [_, written] = cells(as_csv(Sheet("x", ("a", "b"), ((f"{start}1+1", -0.5),))))

    assert [f"'{start}1+1", "-0.5"] == written


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))
def test_no_text_begins_like_a_formula_and_each_can_be_had_back(text):
    """Taking one apostrophe off gives the text that went in."""
    [_, [written]] = cells(as_csv(Sheet("x", ("a",), ((text or "x",),))))

    assert not written.startswith(RUN)
    assert (text or "x") == written.removeprefix("'")
