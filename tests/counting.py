"""Counts which lines and branches of the program the tests run: `pytest -p tests.counting`.

Each statement is compiled with a mark before it, which costs a few per cent; tracing, which is all
that coverage.py can do on Python 3.11, made the tests take three times as long, because it stops at
every line of every library too. What is a line, what is a branch and what need not be counted
still come from coverage.py, and so does the report; `test_counting.py` holds both to the same
result. A program that a test starts is not counted.
"""

from __future__ import annotations

import ast
import builtins
from collections import defaultdict
from importlib.machinery import SourceFileLoader
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import coverage
import pytest
from coverage.python import PythonFileReporter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import CodeType

ROOT = Path(__file__).resolve().parents[1]
ROOMS = tuple(ROOT / room for room in ("data", "connectors", "classifiers", "dashboard"))
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
BRANCHING = (ast.If, ast.For, ast.AsyncFor, ast.While)
# Known to every module, so that a marked one needs no import; a bytearray, as storing into one is
# the cheapest thing that a thread can do without a lock.
NAME = "__counted__"
Hits = dict[str, tuple[list[int], list[int]]]


class Counter:
    """Compiles files with marks, and says which of their lines ran and which headers let go by.

    A header (`if`, `for`, `while`) lets go by when it goes on without its body.
    """

    def __init__(self) -> None:
        self._marks = bytearray()
        self._files: list[tuple[str, int, int]] = []
        self._codes: dict[tuple[str, bytes], CodeType] = {}
        self._lock = Lock()
        setattr(builtins, NAME, self._marks)

    def compiled(self, path: str) -> CodeType:
        """Compile a file as Python does, with a mark before each statement."""
        source = Path(path).read_bytes()
        with self._lock:
            if (path, source) not in self._codes:
                tree = ast.parse(source, path)
                self._add_marks(tree, path, source.count(b"\n") + 2)
                code = compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)
                self._codes[path, source] = code
            return self._codes[path, source]

    def _add_marks(self, tree: ast.Module, path: str, lines: int) -> None:
        base = len(self._marks)
        self._marks.extend(bytes(2 * lines))
        self._files.append((path, base, lines))
        _Marked(base, base + lines).visit(tree)

    def hits(self) -> Hits:
        """Give each file's lines that ran and lines that let go by."""
        found = defaultdict(lambda: (set(), set()))
        for path, base, lines in self._files:
            for kind, begin in enumerate((base, base + lines)):
                marked = self._marks[begin : begin + lines]
                found[str(Path(path).resolve())][kind].update(
                    line for line, hit in enumerate(marked) if hit
                )
        return {path: (sorted(ran), sorted(passed)) for path, (ran, passed) in found.items()}


class _Marked(ast.NodeTransformer):
    """Puts marks into a tree: *ran* and *passed* are where the two kinds begin."""

    def __init__(self, ran: int, passed: int) -> None:
        self._ran = ran
        self._passed = passed

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            statements = getattr(node, name, None)
            if isinstance(statements, list) and statements:
                setattr(node, name, list(self._with_marks(node, statements)))
        if isinstance(node, BRANCHING):
            node.orelse = [_mark(self._passed, node.lineno), *node.orelse]
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            # Asked for when the line is reached, and not when an earlier one caught.
            store = ast.Attribute(ast.Name(NAME, ast.Load()), "__setitem__", ast.Load())
            reached = ast.Call(store, [ast.Constant(self._ran + node.lineno), ast.Constant(1)], [])
            both = ast.Tuple([node.type, reached], ast.Load())
            node.type = ast.Subscript(both, ast.Constant(0), ast.Load())
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        """Mark a case as reached by the body that it led to: nothing can stand before a pattern."""
        self.generic_visit(node)
        lines = [case.pattern.lineno for case in node.cases]
        if not _takes_all(node.cases[-1]):
            node.cases.append(ast.match_case(ast.MatchAs(), None, []))
        for at, case in enumerate(node.cases):
            ran = [_mark(self._ran, line) for line in lines[: at + 1]]
            passed = [_mark(self._passed, line) for line in lines[:at]]
            case.body = [*ran, *passed, *case.body]
        return node

    def _with_marks(self, node: ast.AST, statements: list[ast.stmt]) -> Iterator[ast.stmt]:
        for at, statement in enumerate(statements):
            first = at == 0 and isinstance(node, DOCUMENTED)
            if not (first and _is_text(statement)) and not _is_future(statement):
                for line in _lines(statement):
                    yield _mark(self._ran, line)
            yield statement
            if _is_future(statement):
                yield _mark(self._ran, statement.lineno)


def _mark(base: int, line: int) -> ast.stmt:
    place = ast.Subscript(ast.Name(NAME, ast.Load()), ast.Constant(base + line), ast.Store())
    where = {"lineno": line, "col_offset": 0, "end_lineno": line, "end_col_offset": 0}
    return ast.Assign([place], ast.Constant(1), **where)


def _lines(statement: ast.stmt) -> list[int]:
    above = getattr(statement, "decorator_list", [])
    return [*(one.lineno for one in above), statement.lineno]


def _takes_all(case: ast.match_case) -> bool:
    pattern = case.pattern
    return case.guard is None and isinstance(pattern, ast.MatchAs) and pattern.pattern is None


def _is_text(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def arcs(reporter: PythonFileReporter, ran: Iterable[int], passed: Iterable[int]) -> set:
    """Tell what ran as coverage.py notes it: from which line to which, -1 being anywhere."""
    reached = reporter.translate_lines(ran)
    ways = _ways(reporter)
    into = {(line, body) for line, (body, _) in ways.items() if line in reached and body in reached}
    by = {(line, ways[line][1]) for line in reporter.translate_lines(passed) if line in ways}
    return {(-1, line) for line in reached} | into | by


def _ways(reporter: PythonFileReporter) -> dict[int, tuple[int, int]]:
    """Give for each line that branches where its body begins, and where it goes on without."""
    exits = defaultdict(set)
    for line, to in reporter.arcs():
        exits[line].add(to)
    headers = {}
    for node in ast.walk(ast.parse(reporter.source())):
        if isinstance(node, BRANCHING):
            headers[node.lineno] = node
        elif isinstance(node, ast.match_case):
            headers[node.pattern.lineno] = node
    ways = {}
    for line, count in reporter.exit_counts().items():
        if count == 1 or line in reporter.excluded_lines():
            continue
        body = range(_lines(headers[line].body[0])[0], headers[line].body[-1].end_lineno + 1)
        (inside,) = (to for to in exits[line] if to in body)
        (outside,) = (to for to in exits[line] if to not in body)
        ways[line] = inside, outside
    return ways


class Counting:
    """The plugin: each process counts, the one that prints adds up."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._hits: list[Hits] = []

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over what this process ran."""
        said = getattr(session.config, "workeroutput", None)
        if said is None:
            self._hits.append(self._counter.hits())
        else:
            said["hits"] = self._counter.hits()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Take what a worker ran; one that crashed has failed its test."""
        self._hits.append(getattr(node, "workeroutput", {}).get("hits", {}))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print coverage.py's table, and leave its file for its other reports."""
        terminalreporter.section("lines and branches that ran")
        report(self._hits, terminalreporter)


def report(hits: Iterable[Hits], to: object, rooms: Iterable[Path] = ROOMS) -> None:
    """Save *hits* as coverage.py's data, with every file that nothing ran, and print its table."""
    measured = coverage.Coverage()
    measured.erase()
    note(measured, hits)
    measured.get_data().touch_files([str(path) for room in rooms for path in room.rglob("*.py")])
    measured.save()
    measured.report(file=to)


def note(measured: coverage.Coverage, hits: Iterable[Hits]) -> None:
    """Tell coverage.py what ran."""
    found = defaultdict(set)
    for one in hits:
        for path, (ran, passed) in one.items():
            found[path] |= arcs(PythonFileReporter(path, measured), ran, passed)
    measured.get_data().add_arcs(found)


def install(counter: Counter) -> None:
    """Have every import of the program go through *counter*, also those that Alembic makes."""
    usual = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType:
        path = Path(self.path).resolve()
        if any(path.is_relative_to(room) for room in ROOMS):
            return counter.compiled(self.path)
        return usual(self, fullname)

    SourceFileLoader.get_code = get_code


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Counting(COUNTER), "evenhand-counting")


COUNTER = Counter()
install(COUNTER)
