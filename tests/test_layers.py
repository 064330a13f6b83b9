"""Rooms, layers, names and sizes: each rule is broken on purpose, and the breach is caught.

The contracts are read from the real `pyproject.toml` and run over a copy of the tree that has the
same modules with nothing inside, so that a planted import is the only one there is.
"""

from __future__ import annotations

import ast
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("data", "connectors", "classifiers", "dashboard")
PYPROJECT = ROOT / "pyproject.toml"
CONTRACTS = tomllib.loads(PYPROJECT.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
# Modules that the contracts name and that may not be written yet: a rule waits for them.
PLANNED = (
    "dashboard/worker.py",
    "dashboard/charts.py",
    "dashboard/views/coverage.py",
    "dashboard/jobs/measures/volume.py",
    "connectors/files.py",
)
LONGEST_MODULE = 400
# docs/decisions.md says why the schema is read on one page.
LONGER = frozenset({"data/tables.py"})
LONG_FUNCTION = 30
# STYLE §4: names that say nothing about what lies inside.
DRAWERS = frozenset({"utils", "helpers", "common", "misc", "manager", "processor", "handler"})
# STYLE §4 allows `base` for the two protocols.
PROTOCOLS = frozenset({"connectors/base.py", "classifiers/base.py"})

# Contract -> planted lines: (module that imports, what it imports).
PLANTS = {
    "rooms": [
        ("data.settings", "evenhand.connectors.base"),
        ("data.records", "evenhand.dashboard.cli"),
        ("connectors.reddit", "evenhand.dashboard.jobs.claims"),
        ("classifiers.tagger", "evenhand.dashboard.jobs.ingest"),
    ],
    "connectors-and-classifiers": [
        ("connectors.reddit", "evenhand.classifiers.tagger"),
        ("classifiers.corpus", "evenhand.connectors.files"),
    ],
    "dashboard-layers": [
        ("dashboard.words.review", "evenhand.dashboard.charts"),
        ("dashboard.charts", "evenhand.dashboard.jobs.claims"),
        ("dashboard.jobs.claims", "evenhand.dashboard.widgets"),
        ("dashboard.widgets", "evenhand.dashboard.views.review"),
        ("dashboard.views.coverage", "evenhand.dashboard.app"),
        ("dashboard.card.desk", "evenhand.dashboard.views.review"),
        ("dashboard.app", "evenhand.dashboard.asgi"),
        ("dashboard.worker", "evenhand.dashboard.cli"),
        ("dashboard.asgi", "evenhand.dashboard.cli"),
    ],
    "data-layers": [
        ("data.tables", "evenhand.data.store.posts"),
        ("data.taxonomy", "evenhand.data.tables"),
        ("data.pseudonym", "evenhand.data.tables"),
        ("data.records", "evenhand.data.taxonomy"),
        ("data.errors", "evenhand.data.settings"),
    ],
    "no-store-outside": [
        ("connectors.reddit", "evenhand.data.store.sources"),
        ("connectors.base", "evenhand.data.tables"),
        ("classifiers.training", "evenhand.data.store.posts"),
        ("classifiers.shelf", "evenhand.data.migrations"),
    ],
    "views-without-store": [
        ("dashboard.views.review", "evenhand.data.store.posts"),
        ("dashboard.views.coverage", "sqlalchemy"),
        ("dashboard.card.payload", "evenhand.data.tables"),
    ],
    "streamlit": [
        ("dashboard.jobs.claims", "streamlit"),
        ("dashboard.charts", "streamlit"),
        ("dashboard.cli", "streamlit"),
        ("data.settings", "streamlit"),
    ],
    "plotly": [
        ("dashboard.views.coverage", "plotly.graph_objects"),
        ("classifiers.evaluation", "plotly"),
    ],
    "praw": [
        ("dashboard.cli", "praw"),
        ("connectors.files", "prawcore.exceptions"),
    ],
    "sklearn": [
        ("dashboard.jobs.ingest", "sklearn.linear_model"),
        ("dashboard.asgi", "sklearn"),
        ("data.settings", "dask"),
        ("dashboard.jobs.bulk", "distributed"),
    ],
    "sqlalchemy": [
        ("dashboard.jobs.claims", "sqlalchemy"),
        ("dashboard.jobs.measures.volume", "sqlalchemy.orm"),
        ("connectors.base", "alembic"),
    ],
    "no-frames-in-data": [
        ("data.records", "pandas"),
        ("data.store.rollups", "pandas"),
    ],
}


@pytest.fixture
def skeleton(tmp_path):
    """The real tree's modules with nothing inside, and the contracts that they are held to."""
    shutil.copyfile(PYPROJECT, tmp_path / "pyproject.toml")
    places = [path.relative_to(ROOT) for path in MODULES]
    for place in (*places, *map(Path, PLANNED)):
        module = tmp_path / "evenhand" / place
        module.parent.mkdir(parents=True, exist_ok=True)
        module.touch()
        (module.parent / "__init__.py").touch()
    return tmp_path


def plant(skeleton, importer, imported):
    """Write one import into a module of the skeleton."""
    base = skeleton.joinpath("evenhand", *importer.split("."))
    module = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    assert module.is_file(), f"{importer} is no module any more; plant the breach elsewhere"
    with module.open("a", encoding="utf-8") as file:
        file.write(f"import {imported}\n")


def told(imported):
    """Give the name under which a report tells of an import: other packages by their first part."""
    return imported if imported.startswith("evenhand.") else imported.split(".")[0]


def lint(skeleton, *arguments):
    """Run import-linter over the skeleton."""
    program = Path(sys.executable).with_name("lint-imports")
    environment = os.environ | {"PYTHONPATH": str(skeleton)}
    return subprocess.run(
        [program, "--no-cache", "--config", "pyproject.toml", *arguments],
        cwd=skeleton,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_every_contract_has_a_planted_breach():
    """A contract that is added without one would be believed untried."""
    assert sorted(PLANTS) == sorted(contract["id"] for contract in CONTRACTS)


def test_contracts_hold_when_nothing_is_planted(skeleton):
    """The empty tree breaks nothing, so what is caught below is what was planted."""
    done = lint(skeleton)

    assert f"{len(CONTRACTS)} kept, 0 broken" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("contract", sorted(PLANTS))
def test_contract_is_broken_when_a_forbidden_import_is_planted(skeleton, contract):
    """Each planted line is named in the report of its own contract."""
    for importer, imported in PLANTS[contract]:
        plant(skeleton, importer, imported)

    done = lint(skeleton, "--contract", contract)
    found = [
        f"evenhand.{importer} -> {told(imported)} (l." for importer, imported in PLANTS[contract]
    ]

    assert [] == [line for line in found if line not in done.stdout]
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("dashboard.views.review", "streamlit"),
        ("dashboard.asgi", "streamlit"),
        ("connectors.reddit", "praw"),
        ("classifiers.training", "sklearn"),
        ("data.store.posts", "sqlalchemy"),
        ("dashboard.charts", "plotly"),
        ("dashboard.jobs.claims", "evenhand.data.store.claims"),
        ("dashboard.views.review", "evenhand.dashboard.jobs.claims"),
    ],
)
def test_contracts_hold_when_an_import_is_in_its_place(skeleton, importer, imported):
    """The rules forbid places, not libraries."""
    plant(skeleton, importer, imported)
    done = lint(skeleton)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("import data", "TID251"),
        ("from connectors import base", "TID251"),
        ("import classifiers.tagger", "TID251"),
        ("from dashboard.jobs import claims", "TID251"),
        ("from . import records", "TID252"),
        ("import streamlit as st\n\nst.write(1)", "TID251"),
        ("import streamlit as st\n\nst.html(1)", "TID251"),
        ("try:\n    pass\nexcept:\n    pass", "E722"),
        ("try:\n    print()\nexcept Exception:\n    pass", "S110"),
        ("x = 1  # noqa", "PGH004"),
        ("x: int = ''  # type: ignore", "PGH003"),
        ("import pickle\n\npickle.loads(b'')", "S301"),
        ("# TODO mend this", "TD002"),
        ("import datetime\n\ndatetime.datetime.now()", "DTZ005"),
    ],
)
def test_lint_refuses_what_style_forbids(code, rule):
    """Ruff, as it is set in this project, names the rule that the line breaks."""
    done = subprocess.run(
        [
            Path(sys.executable).with_name("ruff"),
            "check",
            "--quiet",
            "--no-cache",
            "--output-format=concise",
            "--stdin-filename=dashboard/planted.py",
            "-",
        ],
        cwd=ROOT,
        input=code + "\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert rule in done.stdout
    assert done.returncode == 1


def names_nothing(place):
    """Say whether a module's or folder's name is a drawer that STYLE forbids."""
    if place.as_posix() in PROTOCOLS:
        return False
    return not (DRAWERS | {"base"}).isdisjoint((*place.parent.parts, place.stem))


def test_no_module_is_a_drawer():
    """A module is named for its subject."""
    assert [] == [path for path in MODULES if names_nothing(path.relative_to(ROOT))]


@pytest.mark.parametrize(
    "place",
    [
        "data/utils.py",
        "dashboard/jobs/helpers.py",
        "data/common/text.py",
        "dashboard/base.py",
        "connectors/handler.py",
    ],
)
def test_drawers_are_found_when_planted(place):
    """The check above is not blind."""
    assert names_nothing(Path(place))


def taken(name):
    """Say whether an import of *name* could mean a standard or an installed package."""
    return name in sys.stdlib_module_names or name in installed()


@cache
def installed():
    """List the top-level names of installed packages, this one and its rooms left out."""
    names = importlib.metadata.packages_distributions()
    return {name for name in names if name != "evenhand"} - set(ROOMS)


def test_no_module_of_the_dashboard_shadows_a_package():
    """`streamlit run` puts the folder first on the import path: a `queue.py` would win there."""
    names = [path.stem for path in (ROOT / "dashboard").iterdir() if path.stem.isidentifier()]
    own = [name for name in names if not name.startswith("__") and name != "py"]

    assert [] == [name for name in own if taken(name)]


@pytest.mark.parametrize("name", ["queue", "calendar", "secrets", "statistics", "plotly", "praw"])
def test_shadowing_is_found_when_planted(name):
    """The check above is not blind."""
    assert taken(name)


def test_modules_stay_short():
    """No module but the schema is longer than 400 lines, and most are far shorter."""
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in MODULES
    }
    ordered = sorted(lengths.values())

    assert {name for name, length in lengths.items() if length > LONGEST_MODULE} <= LONGER
    assert ordered[len(ordered) // 2] < LONGEST_MODULE // 2


def test_functions_stay_short():
    """Nine in ten functions are under 30 lines."""
    lengths = [
        node.end_lineno - node.lineno + 1
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = sum(length >= LONG_FUNCTION for length in lengths)

    assert len(lengths) > 500
    assert long <= len(lengths) / 10


# What HTTP calls the name that a program gives itself.
NO_PERSON = frozenset({"user_agent"})


def people_named(source):
    """List the identifiers of *source* that call a person a user (STYLE §4 bans the word)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.arg):
            names = [node.arg]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names = [node.id]
        found += [name for name in names if "user" in name.lower().split("_")]
    return [name for name in found if name not in NO_PERSON]


def test_nobody_is_called_a_user():
    """Authors, reviewers, coordinators, analysts, leaders: people have their own words."""
    found = {
        path.relative_to(ROOT).as_posix(): names
        for path in MODULES
        if (names := people_named(path.read_text("utf-8")))
    }

    assert found == {}
    assert people_named("def list_user_posts(user): user_id = 1") == [
        "list_user_posts",
        "user",
        "user_id",
    ]


def test_every_module_says_what_it_is_for():
    """The first thing in a module is its purpose in one sentence."""
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if len((ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split()) < 3
    ]

    assert silent == []


# Rooms that take the time and the settings as arguments (STYLE §8 and §9).
BELOW = ("data", "connectors", "classifiers", "dashboard/jobs", "dashboard/words")
CLOCKS = frozenset({"now", "today", "utcnow", "time", "sleep", "monotonic"})
# The settings, and the one library whose own variables would outrank ours.
READS_ENVIRONMENT = frozenset({"data/settings.py", "connectors/reddit.py"})


def asks_the_world(source):
    """List what *source* asks of the machine: its clock, its sleep, its environment."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            continue
        if node.value.id in {"datetime", "date", "time", "asyncio"} and node.attr in CLOCKS:
            found.append(f"{node.value.id}.{node.attr}")
        if node.value.id == "os" and node.attr in {"environ", "getenv"}:
            found.append(f"os.{node.attr}")
    return found


def test_nothing_below_the_screens_asks_the_clock_or_the_environment():
    """Time, sleep and settings come in as arguments, so that tests and repeats see the same."""
    found = {}
    for path in MODULES:
        place = path.relative_to(ROOT).as_posix()
        asked = asks_the_world(path.read_text("utf-8")) if place.startswith(BELOW) else []
        if place in READS_ENVIRONMENT:
            asked = [name for name in asked if not name.startswith("os.")]
        if asked:
            found[place] = asked

    assert found == {}
    assert asks_the_world("x = datetime.now(UTC), time.sleep(1), os.environ['A']") == [
        "datetime.now",
        "time.sleep",
        "os.environ",
    ]
