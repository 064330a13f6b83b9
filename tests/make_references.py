"""The generated parts of docs/reference: commands, lists, figures, errors, tables.

`python -m tests.make_references` writes them; `tests/test_docs.py` compares.
What stands above the marker line of a page is written by hand and kept.
"""

from __future__ import annotations

import inspect
import json
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import typer

import evenhand.dashboard.jobs.measures
from evenhand.dashboard.cli import app
from evenhand.dashboard.jobs.measures import figures
from evenhand.dashboard.words.definitions import DEFINITIONS
from evenhand.data import errors, tables, tables_alerts, tables_review, tables_whatif  # noqa: F401 - for what they add
from evenhand.data.taxonomy import CIVIC_TOPICS, LANGUAGES, load_taxonomy

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
# What each table is for; the schema itself says what stands in it.
PURPOSES = {
    "team": "A group of people, perhaps with a parent team.",
    "person": "Somebody who signs in.",
    "membership": "The roles of a person in a team.",
    "session": "A signed-in browser, known by the hash of its token.",
    "throttle": "Counters that slow down guessing of passwords.",
    "source": "One configured public place, where its walk stands, and who leases it.",
    "gap": "A time whose posts could not be fetched.",
    "set_aside": "A row or child that could not be read, with place and reason and without text.",
    "post": "One public post without its text: keys, times, language, topic, flagged or not.",
    "tombstone": "A deletion that came before its post did.",
    "post_version": "The text of each version of a post; empty once it is erased.",
    "tag": "What one model said of one version.",
    "flag": "Why a post is put before people, with the reasons.",
    "item": "Where a piece of work stands: the state row.",
    "item_event": "The log of everything that happened to an item.",
    "skip": "Who passed an item on, so that it never returns to them.",
    "draft": "What somebody has begun to write about an item.",
    "decision": "The log of decisions.",
    "current_decision": "Which decision of an item counts now.",
    "template": "Versioned wordings of responses, one per language.",
    "response": "The log of what was done elsewhere.",
    "ledger": "The hash-chained log of who did what.",
    "model": "The models on the shelf and which one is active.",
    "model_report": "What was measured of a model: comparison, gate, drift, and the rest.",
    "audit": "The audit of one day's unflagged posts: its frame, its budget, what was drawn.",
    "budget": "How many unflagged posts a week may put before people, each budget by two persons.",
    "draw": "Unflagged posts that a random draw put before people, within the weekly budget.",
    "statement": "The list that misinformation is matched with, each entry by two persons.",
    "task": "Machine work that a browser asks the worker for.",
    "rollup_post": "Posts per day, source, topic and sentiment.",
    "rollup_mark": "Drawers of authors in a cell; proves “at least 10 authors” and no more.",
    "rollup_item": "Items per day, queue, reason, language, team and source, and what became "
    "of them.",
    "rollup_outcome": "What stands on items, per day, reason, language, team, source and model.",
    "rollup_wait": "How long items waited to be seen, decided and answered, by fixed buckets.",
    "rollup_pace": "Items that arrived, were decided and were answered on each day.",
    "rollup_came": "Posts per day and source by language, and apart by the hour of writing.",
    "rollup_purge": "How long posts stayed after their platform deleted them, by fixed buckets.",
    "signature": "What near-duplicates of a post are found by; erased with its text.",
    "wave": "A group of near-duplicates, decided once, as the item of its first post.",
    "wave_member": "Which wave a post joined, how alike it is, and whether a person took it out.",
    "score_range": "Items of one label with like scores: what was read of them, and the act.",
    "gold": "Items whose outcome two persons hold for known, read again to measure reading.",
    "clarification": "What a policy means where its wording left people unsure; two persons each.",
    "appeal": "A decision that somebody holds to be wrong, and what another person decided.",
    "route": "Which team gets what, each rule by two persons.",
    "item_text": "The text of items for searching, without accents; erased with the text.",
    "saved_view": "The address of a page under a name that a team shares.",
    "macro": "What one key decides, and the template that the response then begins with.",
    "opt_out": "Harms that a person does not want to read; known to that person alone.",
    "exposure": "What a person read, by day and severity; shown to that person alone.",
    "person_lang": "Languages that a person reads; without a row, every language.",
    "limits": "A person's own limits of reading.",
    "reading": "Where a person stands in their reading: since the last break, and what is spared.",
    "rest": "Breaks that a person took.",
    "whatif": "Posts per day and language, by the threshold that would put them before people.",
    "whatif_day": "Which days were counted for the simulator, and when.",
    "alert": "What a rule found and somebody should look at: since when, the numbers, the owner.",
    "alert_event": "The log of what happened to an alert.",
    "alert_mute": "Alerts that are not told until a time, by whom and for which reason.",
    "alert_sent": "Whether an alert went out by mail or webhook, so that it goes out once.",
}
MARKER = "<!-- Made by `python -m tests.make_references`; do not edit below this line. -->"
LANGUAGE_NAMES = {"en": "English", "vi": "Vietnamese"}


def sentences(text):
    """Put each sentence of a paragraph on its own line, as all pages here have it."""
    joined = " ".join(text.split())
    return re.sub(r"(?<=[.?!]) (?=[A-Z`“ĐÀ-Ỹ])", "\n", joined)


def cli():
    """Write every command with its arguments and options."""
    parts = []
    for name, command in _commands("evenhand", typer.main.get_command(app)):
        said, _, example = (command.help or "").partition("Example:")
        parts += [f"## `{name}`", *(sentences(one) for one in said.strip().split("\n\n"))]
        if example:
            parts.append(f"```\n{example.strip()}\n```")
        lines = [_parameter(one) for one in command.params if not getattr(one, "hidden", False)]
        if lines:
            parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _commands(name, command):
    inner = getattr(command, "commands", None)
    if inner is None or name == "evenhand":
        yield name, command
    for part, one in (inner or {}).items():
        yield from _commands(f"{name} {part}", one)


def _parameter(one):
    names = ", ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts))
    if one.param_type_name == "argument":
        names = f"`{(one.metavar or one.name).upper().strip('[].')}`"
    words = (one.help or "").rstrip(".")
    facts = []
    if one.required:
        facts.append("needed")
    elif not isinstance(one.default, bool) and one.default is not None:
        facts.append(f"default `{one.default}`")
    note = f" ({', '.join(facts)})" if facts else ""
    return f"- {names}: {words}{note}."


def taxonomy():
    """Write every policy, request and topic with its wording in both languages."""
    lists = load_taxonomy()
    parts = []
    titles = {"policies": "Harm policies", "requests": "Requests", "topics": "Topics"}
    for section, title in titles.items():
        parts.append(f"## {title}")
        for entry in getattr(lists, section).values():
            parts += _entry(entry, is_topic=section == "topics")
    return "\n\n".join(parts)


def _entry(entry, *, is_topic):
    facts = []
    if is_topic:
        facts = ["Civic: counted together, without sentiment."] if entry.id in CIVIC_TOPICS else []
    else:
        facts.append(f"Severity {entry.severity} of 5.")
        if entry.covered:
            facts.append("Text and media are covered until the reviewer asks for them.")
        if entry.dsa:
            facts.append(f"DSA transparency database: `{entry.dsa}`.")
        if entry.atproto:
            facts.append(f"AT Protocol: `{entry.atproto}`.")
    parts = [f"### `{entry.id}`"]
    if facts:
        parts.append("\n".join(facts))
    return parts + [_wording(entry.wording[lang], LANGUAGE_NAMES[lang]) for lang in LANGUAGES]


def _wording(words, language):
    lines = [f"**{language}: {words.name}.**"]
    if words.definition:
        lines.append(sentences(words.definition))
    if words.not_this:
        lines.append(f"Not this: {words.not_this[0].lower()}{words.not_this[1:]}")
    lines += [f"- Is: “{text}”" for text in words.positives]
    lines += [f"- Is not: “{text}”" for text in words.negatives]
    return "\n".join(lines)


def measures():
    """Give every measure by its name: the functions whose docstring is shown as a definition."""
    package = evenhand.dashboard.jobs.measures
    loaded = [
        import_module(f"{package.__name__}.{one.name}") for one in iter_modules(package.__path__)
    ]
    return {
        name: function
        for module in loaded
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and f"def_{name}" in DEFINITIONS
    }


def metrics():
    """Write every figure with its definition in both languages."""
    parts = ["## Figures"]
    for name, function in sorted(measures().items()):
        place = function.__module__.removeprefix("evenhand.").replace(".", "/")
        vietnamese = DEFINITIONS[f"def_{name}"][1]
        parts += [
            f"### `{name}`",
            sentences(figures.definition(function)),
            f"Vietnamese: {sentences(vietnamese)}",
            f"Worked out in `{place}.py`.",
        ]
    return "\n\n".join(parts)


def error_list():
    """Write every error with what it means and where it stands in the tree."""
    drawing = inspect.getdoc(errors).partition("EvenhandError\n")
    tree = (drawing[1] + drawing[2]).partition("\n\nA message")[0]
    parts = ["## The tree", f"```\n{inspect.cleandoc(tree)}\n```", "## Each error"]
    for name, one in inspect.getmembers(errors, inspect.isclass):
        if issubclass(one, errors.EvenhandError):
            first = inspect.getdoc(one).split("\n\n")[0]
            parents = ", ".join(f"`{base.__name__}`" for base in one.__bases__)
            parts += [f"### `{name}`", f"{sentences(first)}\nA kind of {parents}."]
    return "\n\n".join(parts)


def store():
    """Write every table with its columns and what the engine holds of itself."""
    parts = ["## Tables"]
    for table in tables.metadata.sorted_tables:
        parts += [f"### `{table.name}`", PURPOSES[table.name]]
        parts.append("\n".join(_column(column) for column in table.columns))
        rules = sorted(
            str(one.name)
            for one in table.constraints
            if type(one).__name__ in {"CheckConstraint", "UniqueConstraint"} and one.name
        )
        if rules:
            parts.append("Held by the engine: " + ", ".join(f"`{name}`" for name in rules) + ".")
    return "\n\n".join(parts)


def _column(column):
    facts = [type(column.type).__name__.lower()]
    if isinstance(column.type, tables.Utc):
        facts = ["time"]
    if column.primary_key:
        facts.append("key")
    facts += [f"of `{one.column.table.name}`" for one in column.foreign_keys]
    if column.nullable:
        facts.append("may be empty")
    return f"- `{column.name}`: {', '.join(facts)}"


PAGES = {
    "cli.md": cli,
    "taxonomy.md": taxonomy,
    "metrics.md": metrics,
    "errors.md": error_list,
    "store.md": store,
}


def page(name):
    """Give a page as it should be: its hand-written head and the part that is generated."""
    head, found, _ = (FOLDER / name).read_text("utf-8").partition(MARKER)
    assert found, f"docs/reference/{name} has lost its marker line"
    return f"{head}{MARKER}\n\n{PAGES[name]().rstrip()}\n"


def main():
    """Write all pages and say which changed."""
    changed = []
    for name in PAGES:
        text = page(name)
        if text != (FOLDER / name).read_text("utf-8"):
            (FOLDER / name).write_text(text, "utf-8")
            changed.append(name)
    typer.echo(json.dumps({"changed": changed}))


if __name__ == "__main__":
    main()
