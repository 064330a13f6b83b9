"""Marks in a program count what coverage.py's own tracing counts."""

from __future__ import annotations

import ast
import builtins
import io

import coverage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import counting

PROGRAM = '''"""A program with all that branches and all that does not."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from enum import Enum


class Kind(Enum):
    """Two."""

    ONE = 1
    TWO = 2


class Pair:
    """Of numbers."""

    left: int = 1
    right: int = 2
    none: int

    def __secret(self):
        return [
            one
            for one in (self.left, self.right)
            if one > 1
        ]

    def total(self):
        """Add up."""
        if self.__secret():
            return self.left + self.right
        return 0


def twice(function):
    @functools.wraps(function)
    def again(number):
        """Do it again."""
        return function(function(number))

    return again


@twice
@functools.lru_cache(
    maxsize=8
)
def grown(number):
    global seen
    seen = number
    if (
        number > 1
        and number < 3
    ):
        number += 1
    elif number == 0:
        pass
    else:
        number += 2
    return number


def raising(number):
    try:
        if number == 0:
            raise ValueError
        if number == 1:
            raise KeyError(
                number
            )
        if number == 2:
            raise OSError
    except ValueError:
        return 1
    except (KeyError, TypeError) as error:
        number = len(error.args)
    else:
        number += 1
    finally:
        number += 1
    return number


def looping(numbers):
    found = 0
    for number in numbers:
        if number == 3:
            break
        if number == 2:
            continue
        while number > 0:
            number -= 1
            if number == 5:
                break
        else:
            found += 1
    else:
        found = -1
    while True:
        found += 1
        if found > 2:
            return found


def matching(number):
    match number:
        case 0:
            found = "none"
        case 1 | 2 if number == 2:
            found = "two"
        case [one, *_]:
            found = one
    match number:
        case 3:
            return "three"
        case _:
            return "other"


async def waiting(number):
    """Wait for nothing."""
    async for one in numbers(number):
        if one == 1:
            return one
    return None


async def numbers(upto):
    for one in range(upto):
        yield one


def untold(number):  # pragma: no cover
    if number:
        return 1


def run(given):
    assert Pair().total() == 3
    for number in given:
        with_a = lambda: number
        grown(with_a())
        matching(number)
        asyncio.run(waiting(number))
        try:
            raising(number)
        except OSError:
            pass
    with contextlib.suppress(KeyError):
        if given: looping(given)
'''


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    path = tmp_path_factory.mktemp("counted") / "program.py"
    path.write_text(PROGRAM, "utf-8")
    return str(path)


def measuring(program):
    return coverage.Coverage(data_file=None, config_file=False, branch=True, include=[program])


def told(measured, program):
    """Give what coverage.py reports: lines, lines not run, and how many ways each branch went."""
    _, statements, _, missing, _ = measured.analysis2(program)
    return statements, missing, measured.branch_stats(program)


def run(code, numbers):
    space = {"__name__": "program"}
    exec(code, space)  # noqa: S102 - the program above
    space["run"](numbers)


def traced(program, *runs):
    measured = measuring(program)
    measured.start()
    try:
        for numbers in runs:
            run(compile(PROGRAM, program, "exec"), numbers)
    finally:
        measured.stop()
    return told(measured, program)


def marked(program, *runs):
    usual, hits = getattr(builtins, counting.NAME, None), []
    try:
        for numbers in runs:
            counter = counting.Counter()
            run(counter.compiled(program), numbers)
            hits.append(counter.hits())
    finally:
        setattr(builtins, counting.NAME, usual)
    measured = measuring(program)
    counting.note(measured, hits)
    return told(measured, program)


@given(numbers=st.lists(st.integers(0, 7), max_size=4))
def test_marks_count_the_lines_and_branches_that_tracing_counts(program, numbers):
    """Whatever runs, both name the same lines and as many ways out of each line that branches."""
    assert traced(program, numbers) == marked(program, numbers)


def test_what_several_processes_ran_adds_up(program):
    """A way that one worker went and a way that another went are both gone."""
    runs = [], [0, 3], [2]

    assert traced(program, *runs) == marked(program, *runs)
    assert marked(program, *runs) not in [marked(program, one) for one in runs]


def test_program_of_the_law_has_every_kind_of_branch():
    """What is not in it is not proven by it."""
    kinds = {type(node) for node in ast.walk(ast.parse(PROGRAM))}

    assert kinds >= {*counting.BRANCHING, ast.Match, ast.Try, ast.With, ast.AsyncFunctionDef}


def test_file_that_nothing_imports_is_counted_as_not_run(tmp_path, monkeypatch):
    """The table names it with all its lines."""
    monkeypatch.chdir(tmp_path)
    lonely, met = tmp_path / "lonely.py", tmp_path / "met.py"
    lonely.write_text("A = 1\nB = 2\n", "utf-8")
    met.write_text("A = 1\n", "utf-8")
    table = io.StringIO()
    counting.report([{str(met): ([1], [])}], table, [tmp_path])
    found = {line.split()[0]: line.split()[1:3] for line in table.getvalue().splitlines() if line}

    assert (["2", "2"], ["1", "0"]) == (found["lonely.py"], found["met.py"])
