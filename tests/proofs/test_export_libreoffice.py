"""LibreOffice opens the XLSX of an export: every cell is the text that it was, and nothing runs.

It is another program's reading of the file than the one that the tests have.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from base64 import b64decode
from pathlib import Path

import pytest

from evenhand.dashboard.jobs.exports_cells import Column, Kind, whole
from evenhand.dashboard.jobs.exports_files import Format, write

COLUMNS = (Column("text"), Column("count", Kind.WHOLE), Column("yes", Kind.YES))
TRAPS = (
    "<r></r>",
    "<r><t>x</t></r>",
    "_x0041_",
    "_x005F_x0041_",
    "1E5",
    "-5",
    "007",
    "12/11/2026",
    "TRUE",
    "  trước và sau  ",
    "dòng một\ndòng hai",
)
# Comma, quote, UTF-8, from the first row; texts quoted; as is shown; of all signs the value.
FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def soffice():
    """Find LibreOffice."""
    found = shutil.which("soffice")
    if found is None:
        pytest.fail(
            "soffice is missing; run: apt-get install --no-install-recommends libreoffice-calc"
        )
    return found


def opened(path, folder):
    """Let LibreOffice open a file and write all of its sheet as CSV; give the rows."""
    profile = (folder / "profile").as_uri()
    command = [soffice(), f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", FILTER, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, timeout=300, capture_output=True)
    [made] = folder.glob("*.csv")
    with made.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_libreoffice_reads_what_was_written_and_runs_nothing(shared, tmp_path):
    """Every hostile string there is, and what looks like numbers, dates, escapes and markup."""
    texts = list(TRAPS)
    for place in sorted((shared / "hostile" / "strings").glob("*.jsonl")):
        for case in map(json.loads, place.read_text("utf-8").splitlines()):
            said = case.get("s") or case.get("cell") or b64decode(case.get("b64", "")).decode()
            texts.append(whole(said)[0])
    rows = [(text, -at, at % 2 == 0) for at, text in enumerate(texts)]
    path = tmp_path / "export.xlsx"
    write(path, Format.XLSX, COLUMNS, rows)
    before = {one.name for one in Path.cwd().iterdir()}
    heading, *read = opened(path, tmp_path)
    differ = [
        (as_read(text), row[0])
        for (text, _, _), row in zip(rows, read, strict=True)
        if as_read(text) != as_read(row[0])
    ]

    assert ["text", "count", "yes"] == heading
    assert [] == differ
    assert [str(-at) for at in range(len(texts))] == [row[1] for row in read]
    assert {"TRUE", "FALSE"} == {row[2] for row in read}
    assert before == {one.name for one in Path.cwd().iterdir()}
    print(f"{len(texts)} cells opened by LibreOffice, {len(texts) - len(differ)} equal")


@pytest.mark.parametrize("separators", ["44", "59", "44/59/9"])
def test_libreoffice_runs_nothing_of_csv_however_it_separates(separators, shared, tmp_path):
    """By commas, by semicolons as where a comma parts decimals, and by all three it knows."""
    path = shared / "hostile" / "strings" / "formula_cells.jsonl"
    cells = [json.loads(line)["cell"] for line in path.read_text("utf-8").splitlines()]
    signs = [f"x{sign}{one}" for one in cells for sign in ";\t\n"]
    write(tmp_path / "out.csv", Format.CSV, COLUMNS[:1] * 2, [("a", one) for one in cells + signs])
    reading = f"--infilter=CSV:{separators},34,76,1,,0,false,true,false,false,false,0,true,true"
    profile = (tmp_path / "profile").as_uri()
    command = [soffice(), f"-env:UserInstallation={profile}", "--headless", "--norestore", reading]
    command += ["--convert-to", "fods", "--outdir", str(tmp_path), str(tmp_path / "out.csv")]
    subprocess.run(command, check=True, timeout=300, capture_output=True)
    sheet = (tmp_path / "out.fods").read_text("utf-8")

    assert "office:value-type" in sheet
    assert 0 == sheet.count("table:formula")


def as_read(text):
    """Give a text as LibreOffice writes it into CSV: a return ends a line there."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
