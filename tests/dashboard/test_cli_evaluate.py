"""`evenhand evaluate`: one table, the gate with its limits, the examples; no held post in sight."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from evenhand.classifiers.neutrality import shipped_posts
from evenhand.dashboard.cli_tables import plain_lines, show_table


@pytest.fixture(scope="module")
def evenhand(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluate")

    def call(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "evenhand.dashboard", "evaluate", *arguments],
            capture_output=True,
            cwd=folder,
            timeout=240,
            check=False,
            text=True,
            env={key: value for key, value in os.environ.items() if key != "EVENHAND_WORKSPACE"},
        )

    call.folder = folder
    return call


@pytest.fixture(scope="module")
def table(evenhand):
    """The plain output, made once."""
    return evenhand()


@pytest.fixture(scope="module")
def card(evenhand):
    """The card, made once."""
    return evenhand("--card")


@pytest.fixture(scope="module")
def told(evenhand):
    """The output as JSON, made once, on the open half and with a further set."""
    (evenhand.folder / "more.csv").write_text("text,lang,kind\nThe sea is calm.,en,calm\n", "utf-8")
    ended = evenhand("--json", "--half", "open", "--also", "more.csv")
    assert 0 == ended.returncode, ended.stderr
    return json.loads(ended.stdout)


def test_table_has_a_line_for_each_label_language_and_source(table):
    """Policies, requests, sentiments and topics; what statements alone can find is said."""
    lines = [line.split("  ") for line in table.stdout.splitlines()]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    keys = {tuple(line[:3]) for line in cells if len(line) > 5}

    assert 0 == table.returncode
    for label in ("hate", "doxxing", "question", "sentiment:negative", "topic:health"):
        for lang in ("en", "vi"):
            assert (label, lang, "seeds") in keys
    assert ("hate", "vi", "seeds, no accents") in keys
    assert "not enough evidence" in table.stdout
    assert 2 == table.stdout.count("only by statement")


def test_gate_is_shown_with_measured_value_limit_and_verdict(table):
    """Every bound of the held half, and how many hold."""
    assert "neutrality gate, own set, held half" in table.stdout
    assert "95 % limit" in table.stdout
    assert "must-not-flag, overall" in table.stdout
    assert "hate found in pairs" in table.stdout
    assert " bounds hold" in table.stdout
    assert "worded examples: " in table.stdout


def test_no_post_of_the_held_half_is_printed(table, card):
    """Whoever reads one can no longer be surprised by it."""
    shown = [table, card]
    held = [post.text for post in shipped_posts()]

    assert [0, 0] == [ended.returncode for ended in shown]
    for ended in shown:
        assert [] == [text for text in held if text in ended.stdout + ended.stderr]


def test_json_holds_lines_gate_examples_and_further_sets(told):
    """The same figures for a program."""
    line = told["held_out"][0]

    assert "open" == told["half"]
    assert {"label", "lang", "source", "state", "positives", "recall_interval"} <= set(line)
    assert {"name", "bound", "measured", "limit", "passed"} == set(told["neutrality"]["bounds"][0])
    assert told["examples"]["scored"] >= 80
    assert [] == told["labelled_bounds"]
    assert 1 == told["also"]["more.csv"]["overall"]["of"]


def test_neutrality_alone_gives_shares_by_kind_and_language(evenhand):
    """Both bands are counted and each share has an upper bound."""
    ended = evenhand("--neutrality", "--half", "open", "--json")
    report = json.loads(ended.stdout)["sets"]["own set"]

    assert 0 == ended.returncode
    assert {"en", "vi"} == set(report["by_language"])
    assert len(report["by_kind"]) >= 12
    assert report["overall"]["of"] >= 500


def test_neutrality_of_a_further_set_is_shown_beside_the_own(evenhand):
    """Kinds are the file's own, and control signs in them are not obeyed."""
    (evenhand.folder / "odd.csv").write_text("text,lang,kind\nCalm.,en,\x1b[31mred\n", "utf-8")
    ended = evenhand("--neutrality", "--half", "open", "--also", "odd.csv")

    assert 0 == ended.returncode
    assert "own set, open half: must not be flagged, but put before a person" in ended.stdout
    assert "odd.csv: must not be flagged" in ended.stdout
    assert "\x1b" not in ended.stdout


def test_a_further_set_that_lacks_a_column_is_refused_with_the_three_it_needs(evenhand):
    """Before anything is measured."""
    (evenhand.folder / "further.csv").write_text("text,lang\nfine,en\n", "utf-8")
    ended = evenhand("--neutrality", "--also", "further.csv")
    missing = evenhand("--neutrality", "--also", "no.csv")

    assert (2, 2) == (ended.returncode, missing.returncode)
    assert "no column 'kind'" in ended.stderr
    assert "no.csv cannot be read" in missing.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--half", "third"), "no half 'third'"),
        (("--card", "--half", "open"), "a card shows the held half"),
        (("--datasets", "nowhere"), "README.md"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(evenhand, arguments, said):
    """Exit code 2 and no traceback."""
    ended = evenhand(*arguments)

    assert 2 == ended.returncode
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_without_a_model_is_refused(evenhand):
    """A model that cannot be read is not measured."""
    ended = evenhand("--model", "nothing", "--neutrality")

    assert 1 == ended.returncode
    assert "was refused" in ended.stderr


def test_card_is_markdown_with_the_fresh_figures(card):
    """A card to hand on."""
    assert 0 == card.returncode
    assert card.stdout.startswith("# Model card: builtin@")
    assert "## Neutrality gate" in card.stdout
    assert "## Worded examples of the policies" in card.stdout
    assert "| harassment | vi | seeds |" in card.stdout


def test_columns_are_as_wide_as_their_longest_cell():
    """Names to the left, figures to the right."""
    lines = plain_lines(("name", "n"), [("a", "10"), ("longer", "2")])

    assert ["name     n", "a       10", "longer   2"] == lines


def test_table_in_a_terminal_is_drawn_without_reading_markup(monkeypatch, capsys):
    """A cell with brackets or control signs is text like any other."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    show_table("title", ("name", "figure"), [("[red]x[/red]", "1\x1b[0m")])
    shown = capsys.readouterr().out

    assert "[red]x[/red]" in shown
    assert "1�[0m" in shown
