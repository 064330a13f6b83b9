"""The error tree: drawn as it is, with the facts that callers act on."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime

import pytest

from evenhand.data import errors
from evenhand.data.errors import (
    ConnectorError,
    EvenhandError,
    InputError,
    ModelError,
    NotAllowed,
    RateLimited,
    StoreError,
    TooFewLabels,
    UnreadableFile,
)

TREE = [
    one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, EvenhandError)
]
LINE = re.compile(r"^(?P<indent>[\s│]*)(?:[├└]── )?(?P<name>[A-Z]\w+)\s{2,}(?P<advice>\S.*)?$")


@pytest.mark.parametrize("error", TREE, ids=lambda one: one.__name__)
def test_error_stands_in_the_drawn_tree(error):
    """The docstring of the module is the map that people read."""
    assert re.search(rf"\b{error.__name__}\b", errors.__doc__)


def test_drawn_tree_holds_no_error_that_does_not_exist():
    """Every name in the drawing is a class."""
    drawn = set(re.findall(r"── (\w+)", errors.__doc__)) | {"EvenhandError"}

    assert drawn == {one.__name__ for one in TREE}


def test_every_leaf_says_what_the_person_does_next():
    """Behind each name without children stands an advice."""
    lines = [line for line in errors.__doc__.splitlines() if "── " in line]
    bare = [line.split("── ")[1] for line in lines if len(line.split("── ")[1].split()) == 1]

    assert bare == ["StoreError", "ModelError"]


def test_branches_group_by_what_is_done_next():
    """Whoever catches a branch catches what belongs to it."""
    assert issubclass(RateLimited, ConnectorError)
    assert issubclass(errors.ClaimLost, StoreError)
    assert issubclass(TooFewLabels, ModelError)
    assert issubclass(UnreadableFile, ConnectorError)
    assert issubclass(UnreadableFile, InputError)
    assert not issubclass(NotAllowed, StoreError)


def test_errors_carry_the_facts_that_callers_act_on():
    """When to come again, which label lacks what, which role is needed."""
    at = datetime(2026, 11, 24, tzinfo=UTC)
    few = TooFewLabels("hate", have=3, need=20)

    assert RateLimited("wait", retry_at=at).retry_at == at
    assert (few.category, few.have, few.need) == ("hate", 3, 20)
    assert str(few) == "hate has 3 labels and needs 20; review more posts of that kind first"
    assert NotAllowed("ask", role="admin").role == "admin"
