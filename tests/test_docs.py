"""The documentation: complete, in step with the code, and without dead links."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

import pytest

from evenhand.classifiers.tagger import Tagger
from evenhand.data import errors, tables
from evenhand.data.records import Band, Role, Text
from evenhand.data.taxonomy import Policy, Request, Topic
from tests import make_references
from tests.make_references import MARKER, PAGES, PURPOSES, measures, page

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs"
DOCUMENTS = sorted(
    [
        *FOLDER.rglob("*.md"),
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "data/samples/DATASHEET.md",
    ]
)
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
# Words that stand for one machine, not for a reader's: folders of a build, package indexes.
OF_ONE_MACHINE = re.compile(
    r"/(?:work|tmp|home|root|usr|var|opt)/|/Users/|C:\\|pypi\.org|files\.pythonhosted"
    r"|artifactory|nexus|:\d{4,5}/simple"
)
# Every word of the design's glossary, in the order in which data flows.
GLOSSARY = (
    "source",
    "post",
    "tag",
    "flag",
    "wave",
    "item",
    "claim",
    "decision",
    "response",
    "statement",
    "audit",
    "label",
    "model",
    "ledger",
    "team",
)
# How a word must not be used here (STYLE §4): people have their own names.
BANNED = re.compile(r"\busers?\b", re.IGNORECASE)


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def headings(text):
    """Give the anchors of a page as GitHub makes them."""
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in found}


def broken_links(path, text):
    """List the links of a page that lead nowhere inside the project."""
    found = []
    for picture, target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        leads_to = path.parent / place if place else path
        is_there = leads_to.exists()
        if is_there and anchor and not picture:
            is_there = anchor in headings(leads_to.read_text("utf-8"))
        if not is_there:
            found.append(target)
    return found


@pytest.mark.parametrize("name", sorted(PAGES))
def test_generated_page_is_up_to_date(name):
    """After a change of commands, lists, figures or tables: `python -m tests.make_references`."""
    assert page(name) == (FOLDER / "reference" / name).read_text("utf-8")


def test_every_command_is_documented():
    """Groups too, each under its own heading with its one-line help."""
    text = (FOLDER / "reference" / "cli.md").read_text("utf-8")
    names = [name for name, _ in make_references._commands("evenhand", _root())]

    assert len(names) > 8
    assert [name for name in names if f"\n## `{name}`\n" not in text] == []


def _root():
    return make_references.typer.main.get_command(make_references.app)


@pytest.mark.parametrize(("name", "command"), list(make_references._commands("evenhand", _root())))
def test_every_command_has_a_help_line_an_example_and_explained_options(name, command):
    """Also `--json` where it prints data; `--dry-run` is the importer's."""
    assert command.help
    assert name == "evenhand" or f"Example: {name}" in command.help
    assert [one.name for one in command.params if not (one.hidden or one.help)] == []


@pytest.mark.parametrize("label", [*Policy, *Request, *Topic])
def test_every_policy_request_and_topic_is_documented(label):
    """With its wording in both languages."""
    text = (FOLDER / "reference" / "taxonomy.md").read_text("utf-8")
    section = text.partition(f"\n### `{label.value}`\n")[2].partition("\n### ")[0]

    assert "**English: " in section
    assert "**Vietnamese: " in section


def test_every_figure_is_documented():
    """Each measure by name, with its definition."""
    text = (FOLDER / "reference" / "metrics.md").read_text("utf-8")

    assert len(measures()) > 8
    assert [name for name in measures() if f"\n### `{name}`\n" not in text] == []


def test_every_definition_on_a_screen_belongs_to_a_measure():
    """No figure is defined in words alone."""
    defined = {key.removeprefix("def_") for key in make_references.DEFINITIONS}

    assert defined == set(measures())


def test_every_error_is_documented():
    """Each class by name."""
    text = (FOLDER / "reference" / "errors.md").read_text("utf-8")
    names = [
        name
        for name, one in inspect.getmembers(errors, inspect.isclass)
        if issubclass(one, errors.EvenhandError)
    ]

    assert len(names) > 20
    assert [name for name in names if f"\n### `{name}`\n" not in text] == []


def test_every_table_is_documented_with_its_purpose():
    """And no table that went away."""
    assert set(PURPOSES) == set(tables.metadata.tables)


def test_models_page_speaks_of_the_model_that_ships():
    """Its figures are measured anew whenever the weights change."""
    card = json.loads((ROOT / "data/builtin/card.json").read_text("utf-8"))
    text = (FOLDER / "model.md").read_text("utf-8")
    sources = {source["name"]: source["rows"] for source in card["sources"]}
    table = text.partition("## What it learnt from")[2].partition("\n## ")[0]

    assert f"`builtin@{card['content_hash'][:8]}`" in text
    assert [name for name, rows in sources.items() if f"| {rows:,} |" not in table] == []


def test_every_word_of_the_glossary_is_explained_in_the_order_of_the_flow():
    """`docs/concepts.md` has a heading for each."""
    text = (FOLDER / "concepts.md").read_text("utf-8")
    places = [text.find(f"\n## {word.capitalize()}\n") for word in GLOSSARY]

    assert -1 not in places
    assert places == sorted(places)


def test_running_example_is_what_the_shipped_model_says():
    """The question is flagged as one, and the criticism beside it is not flagged at all."""
    text = (FOLDER / "concepts.md").read_text("utf-8")
    asked, criticism = re.findall(r"“([^”]{30,})”", text)
    tags = Tagger.load().tag([Text("asked", asked), Text("criticism", criticism)])

    assert [(tag.lang, tag.flagged) for tag in tags] == [("vi", ("question",)), ("vi", ())]
    assert (*tags[0].topics, tags[0].sentiment) == ("environment", "neutral")
    assert tags[0].requests["question"].band is Band.FLAG
    assert tags[1].civic


def test_every_role_has_a_tutorial():
    """One page each."""
    names = {path.stem for path in (FOLDER / "tutorial").glob("*.md")}

    assert {role.value for role in Role} - {"admin"} | {"operator"} == names


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_and_pictures_lead_somewhere(path):
    """Pages, headings and pictures that are linked exist."""
    assert broken_links(path, path.read_text("utf-8")) == []


def test_broken_links_are_found_when_planted():
    """The check above is not blind."""
    text = "[a](nowhere.md) [b](concepts.md#no-such-heading) ![c](img/none.png) [d](concepts.md)"

    assert broken_links(FOLDER / "x.md", text) == [
        "nowhere.md",
        "concepts.md#no-such-heading",
        "img/none.png",
    ]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_page_names_no_machine_and_no_package_index(path):
    """What stands here is true on every reader's machine."""
    assert OF_ONE_MACHINE.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_people_have_their_own_words(path):
    """Authors, reviewers, coordinators, analysts, leaders; example posts and addresses apart."""
    lines = path.read_text("utf-8").splitlines()
    told = [line for line in lines if not line.startswith(("- Is", "```", "user_agent"))]
    words = "\n".join(re.sub(r"`[^`]*`", "", line) for line in told)

    assert BANNED.findall(words) == []


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.md")), ids=name_of)
def test_page_has_one_title_and_one_sentence_per_line(path):
    """So that a change of one sentence is a change of one line."""
    text = path.read_text("utf-8").partition(MARKER)[0]
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    crowded = [
        line
        for line in prose.splitlines()
        if not line.startswith(("|", "#", "<"))
        and re.search(r"[a-z]{3}[.?!] [A-Z]", re.sub(r"`[^`]*`|\*\*[^*]*\*\*", "", line))
    ]

    assert text.startswith("# ")
    assert len(re.findall(r"^# ", prose, re.MULTILINE)) == 1
    assert crowded == []
