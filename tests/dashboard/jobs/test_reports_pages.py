"""The report's pages: nothing in them runs or asks for anything, and every word is worded."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import tracemalloc
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from evenhand.dashboard.jobs import reports_figures, reports_files
from evenhand.dashboard.jobs.measures.figures import definition
from evenhand.dashboard.jobs.reports_chapters import chapters
from evenhand.dashboard.jobs.reports_facts import Facts
from evenhand.dashboard.jobs.reports_files import as_json, files, write
from evenhand.dashboard.jobs.reports_html import html
from evenhand.dashboard.jobs.reports_markdown import markdown, plain
from evenhand.dashboard.jobs.reports_parts import Report
from evenhand.dashboard.jobs.reports_reasons import reasons
from evenhand.dashboard.words.glossary import entries, say
from evenhand.data.errors import InputError
from evenhand.data.store.audits import Audit, AuditState
from evenhand.data.store.audits_read import Drawn, Tally
from evenhand.data.store.report_audits import AuditsThen
from evenhand.data.store.report_items import ItemThen, Said
from evenhand.data.store.report_readers import Reading
from evenhand.data.store.report_rows import AppealThen, Kept, Listed, Means, Posts

AT = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
MADE = datetime(2026, 11, 2, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script> | **x** [a](http://evil.test)\n=1+1"
DEFINED = {
    "flagged": reports_figures.flagged,
    "decided": reports_figures.decided,
    "precision": reports_figures.precision,
    "answered": reports_figures.answered,
    "time_to_decision_median": reports_figures.time_to_decision,
    "time_to_decision_p90": reports_figures.time_to_decision,
    "time_to_response_median": reports_figures.time_to_response,
    "time_to_response_p90": reports_figures.time_to_response,
    "overturned": reports_figures.overturned,
}


def said(outcome, *policies):
    return Said("uuid", "review", outcome, policies, MADE, "p1", "m1")


def one_item(label="hate", outcome="violates", policies=(("hate", 4),), **changes):
    values = {
        "label": label,
        "queue": "harm",
        "lang": "vi",
        "created_at": MADE,
        "said": said(outcome, *policies),
        "decided_at": MADE.replace(hour=3),
        "answered_at": None,
        "void_at": None,
        "needs_answer": False,
        "origins": ("model",),
        "published_on": date(2026, 11, 1),
    }
    return ItemThen(**(values | changes))


def audits_of(n):
    """One day of 1,000 unflagged posts: each had the chance 0.3, *n* were read, six were harm."""
    one = Audit(
        day=date(2026, 11, 3),
        drawn_at=MADE,
        state=AuditState.AUDITED,
        frame=1000,
        flagged=90,
        gone=0,
        budget=300.0,
        drawn=n,
        least=0.3,
        model="m1",
        policy_version="p1",
        langs={"vi": 1000},
        scores=(),
    )
    hate = frozenset({"hate"})
    drawn = [Drawn(one.day, 0.3, "vi", at < 6, hate if at < 6 else frozenset()) for at in range(n)]
    tally = Tally(80, 80, 60, Counter(hate=60))
    return AuditsThen((one,), 30, tuple(drawn), tally)


@pytest.fixture
def facts():
    """Enough of everything that each figure has a value and each table a row."""
    items = [one_item() for _ in range(40)]
    items += [one_item(outcome="no_harm", policies=(), queue="fast") for _ in range(10)]
    asked = {"label": "question", "queue": "request", "needs_answer": True}
    items += [
        one_item(**asked, outcome="needs_answer", policies=(), answered_at=MADE.replace(hour=9))
        for _ in range(35)
    ]
    items += [one_item(said=None, decided_at=None, lang="und") for _ in range(3)]
    readers = [
        (Reading(str(at), "hate", a, "violates", "hate", frozenset({"hate"})), a)
        for at in range(40)
        for a in ("1", "2")
    ]
    pairs = [(readers[at][0], readers[at + 1][0]) for at in range(0, 80, 2)]
    gate = {
        "passed": True,
        "bounds": [{"name": HOSTILE, "bound": "≤ 1%", "measured": 0.005, "passed": True}],
    }
    card = {"thresholds": {"hate": 0.96}, "limits": [HOSTILE]}
    listed = Listed(
        "7",
        "health_misinformation",
        "health",
        "vi",
        (HOSTILE, "hai"),
        HOSTILE,
        HOSTILE,
        "https://x.test",
        MADE,
        AT,
        None,
    )
    return Facts(
        at=AT,
        posts=Posts(900, 90, 400, {"vi": 600, "en": 290, "und": 10}, {"m1": 900}),
        flags={
            ("hate", "model"): 53,
            ("question", "request"): 35,
            ("audit", "audit"): 4,
            ("spam", "partner"): 2,
        },
        items=items,
        responses={("public_reply", None): 30, ("passed_to_service", "police"): 1},
        appeals=[AppealThen("team", "overturned"), AppealThen("affected", None)],
        pairs=pairs,
        readers={"vi": 4, "en": None},
        statements=[listed],
        kept=Kept(2, 500, 3, (7,), 2, ()),
        means=[Means("m1", "abc", card, gate)],
        audits=audits_of(300),
        ledger_seq=12,
        ledger_hash="f" * 64,
        ledger_holds=True,
    )


@pytest.fixture
def report(facts):
    return Report(
        organisation=f"Tổ {HOSTILE}",
        simulated=True,
        first=date(2026, 11, 1),
        last=date(2026, 11, 30),
        at=AT,
        ledger_seq=12,
        ledger_hash="f" * 64,
        policy_versions=("p1",),
        models=("m1",),
        chapters=chapters(facts),
        reasons=tuple(reasons(facts.items)),
    )


class Page(HTMLParser):
    """The elements of a page, and the words in it."""

    def __init__(self, text):
        super().__init__()
        self.found, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note an element."""
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        """Note words."""
        self.words.append(data)

    def named(self, tag):
        """Give the attributes of each element of a name."""
        return [attrs for name, attrs in self.found if name == tag]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_page_holds_all_it_needs_and_asks_for_nothing(lang, report):
    """No script, picture, frame, form or address; links lead inside; what was typed is letters."""
    made = html(report, lang)
    page = Page(made)
    tags = {tag for tag, _ in page.found}
    attributes = {name for _, attrs in page.found for name in attrs}

    assert not tags & {"script", "img", "link", "iframe", "form", "object", "embed", "input"}
    assert not [name for name in attributes if name.startswith("on")]
    assert all(attrs["href"].startswith("#") for attrs in page.named("a"))
    assert not attributes & {"src", "srcset", "action", "style"}
    assert not re.search(r"url\(|@import|<script", made)
    assert "default-src 'none'" in page.named("meta")[1]["content"]
    assert HOSTILE.split("\n", maxsplit=1)[0] in "".join(page.words)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_page_can_be_read_by_everybody(lang, report):
    """Its language is named, headings follow each other, charts have words and a table below."""
    page = Page(html(report, lang))
    levels = [int(tag[1]) for tag, _ in page.found if re.fullmatch("h[1-6]", tag)]
    charts = page.named("svg")

    assert [lang] == [attrs["lang"] for attrs in page.named("html")]
    assert 1 == levels.count(1)
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert len(charts) > 6
    assert all(attrs["role"] == "img" and len(attrs["aria-label"]) > 20 for attrs in charts)
    assert len(page.named("table")) > len(charts)
    assert all(attrs.get("scope") in {"col", "row"} for attrs in page.named("th"))
    ids = [attrs["id"] for _, attrs in page.found if "id" in attrs]
    assert sorted(set(ids)) == sorted(ids)
    assert {attrs["href"][1:] for attrs in page.named("a")} == set(ids)


def test_page_has_both_lights_and_a_printed_form(report):
    """By media queries, without a script."""
    made = html(report, "en")

    assert "@media (prefers-color-scheme:dark)" in made
    assert "@media print" in made


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_markdown_keeps_what_was_typed_from_being_markup(lang, report):
    """A row stays a row, whatever stands in its cells."""
    made = markdown(report, lang)
    rows = [line for line in made.splitlines() if line.startswith("|")]
    widths = [len(re.findall(r"(?<!\\)\|", line)) for line in rows]

    assert "<script>" not in made
    assert r"\[a\](http" in made
    assert plain(HOSTILE) in made
    assert 0 not in widths
    for before, line, after in zip(rows, rows[1:], rows[2:], strict=False):
        if set(line) <= set("| -"):
            counts = {len(re.findall(r"(?<!\\)\|", one)) for one in (before, line, after)}
            assert 1 == len(counts)


def test_figures_are_told_with_interval_and_cases(report):
    """40 of 50 flagged for hate and 35 of 35 questions were right: 75 of 85."""
    made = markdown(report, "en")
    vietnamese = markdown(report, "vi")

    assert "**Flags that were right**: 88.2% (79.7% to 93.5%), 75 of 85" in made
    assert "**Gắn cờ đúng**: 88,2% (79,7% đến 93,5%), 75 trên 85" in vietnamese
    assert "**Half were decided within**: 3 hours (3 to 3), 85 of 88 are through" in made
    assert "**Overturned**: not enough evidence: 1 of 1" in made
    assert "| English | 290 | fewer than 3 |" in made
    assert "| police | 1 |" in made
    assert r"| drawn at random | drawn at random | 4 |" in made


def test_recall_is_told_with_its_bounds_and_what_the_audit_saw(facts, report):
    """Six of 300 read at equal chances: 20 of 1,000 missed; 60 found of 80 are 75 %.

    Of 20 that were read nobody can say.
    """
    few = replace(report, chapters=chapters(replace(facts, audits=audits_of(20))))
    made, thin = markdown(report, "en"), markdown(few, "en")

    assert re.search(r"\*\*Harm that was found\*\*: 75% \(\d.*\); 6 of 300 audited posts", made)
    assert re.search(r"\*\*Harm among unflagged posts\*\*: 2% \(\d.*\); 6 of 300", made)
    assert re.search(r"found\*\*: not enough evidence: .* to .*; 6 of 20 audited posts", thin)


def test_time_that_is_not_known_yet_says_at_least(facts, report):
    """Half wait until the report's moment, 719.98 hours after they were made."""
    waiting = [one_item(said=None, decided_at=None) for _ in range(31)]
    late = replace(report, chapters=chapters(replace(facts, items=waiting)))

    assert "at least 695.98 hours: only 0 of 31 are through" in markdown(late, "en")


@pytest.mark.parametrize("name", sorted(DEFINED))
def test_definition_beside_a_figure_is_the_docstring(name):
    """What a reader is told is what the function says of itself."""
    assert say(f"report.def_{name}", "en") == definition(DEFINED[name])
    assert say(f"report.def_{name}", "vi")


def test_no_word_of_the_report_is_left_over(report):
    """Each name and definition belongs to a figure, each column and table to a table."""
    worded = {key.partition(".")[2] for key in entries() if key.startswith("report.")}
    used = set()
    for chapter in report.chapters:
        used |= {f"chapter_{chapter.name}", f"lead_{chapter.name}"}
        used |= {f"{kind}_{one.name}" for one in chapter.figures for kind in ("fig", "def")}
        used |= {f"table_{table.name}" for table in chapter.tables}
        used |= {f"col_{column}" for table in chapter.tables for column in table.columns}
    prefixed = ("chapter_", "lead_", "fig_", "def_", "table_", "col_")

    assert used == {key for key in worded if key.startswith(prefixed)}


def test_json_has_every_figure_with_its_definition(report):
    """In the names of the closed lists, sorted, and the same in both languages."""
    made = as_json(report)
    whole = json.loads(made)
    names = {one["name"] for chapter in whole["chapters"] for one in chapter["figures"]}

    assert names == set(whole["definitions"])
    assert "claims no compliance" in whole["no_compliance"]
    assert ("2026-11-01", "2026-11-30", 12) == (
        whole["first"],
        whole["last"],
        whole["ledger_seq"],
    )
    assert list(whole) == sorted(whole)
    assert 40 == len(whole["reasons"])


def test_json_of_many_rows_takes_little_more_memory_than_its_text(report):
    """A year of a large team has a hundred thousand statements of reasons."""
    many = replace(report, reasons=report.reasons * 100)
    tracemalloc.start()
    made = as_json(many)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 3 * len(made)


def test_tables_are_csv_that_runs_nothing(report):
    """One file each, with the names of columns; figures and reasons have their own."""
    found = dict(files(report, "en"))
    rows = {
        name: list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        for name, content in found.items()
        if name.endswith(".csv")
    }

    assert ["hate", "40", "50", "0.8", "0.6696", "0.8876"] in rows["precision_by_policy.csv"]
    assert ["12", "f" * 64, "true"] == rows["ledger.csv"][1]
    assert "7" == rows["statements.csv"][1][0]
    assert 41 == len(rows["statement_of_reasons.csv"])
    assert '["CONTENT_TYPE_TEXT"]' in rows["statement_of_reasons.csv"][1]
    cells = [cell for part in rows.values() for row in part for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_files_are_whole_or_not_there(report, tmp_path, monkeypatch):
    """A folder that is there is used again; one that cannot be written is named."""
    names = write(report, tmp_path / "november", "vi")
    again = write(report, tmp_path / "november", "en")

    assert names == again
    assert sorted(names) == sorted(one.name for one in (tmp_path / "november").iterdir())
    assert b'lang="en"' in (tmp_path / "november" / "report.html").read_bytes()
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        write(report, tmp_path / "file", "en")
    monkeypatch.setattr(reports_files, "files", lambda *_: iter([("a.csv", b"1"), ("b", None)]))
    with pytest.raises(TypeError):
        write(report, tmp_path / "broken", "en")
    assert ["a.csv"] == [
        one.name for one in (tmp_path / "broken").iterdir() if one.suffix == ".csv"
    ]


def test_partner_reports_are_no_finding_of_ones_own():
    """Whether such a report was a notice under the law is not known, so it is empty."""
    [row] = reasons([one_item(origins=("partner",), lang="und", published_on=None)])

    assert ("", "No", "", "") == (
        row["source_type"],
        row["automated_detection"],
        row["content_language"],
        row["content_date"],
    )
