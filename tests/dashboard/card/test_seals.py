"""Names in the browser tell nothing, stay the same, and cannot be made up."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.dashboard.card.seals import Seals, seals_for
from evenhand.dashboard.shell import Shell
from evenhand.data.errors import InputError
from evenhand.data.records import Actor, Role
from evenhand.data.settings import Settings

IDS = st.integers(min_value=0, max_value=10**18 - 1)
HERE, ELSEWHERE = Seals(bytes(32), "7"), Seals(bytes(32), "8")


@given(one=IDS, number=st.integers(min_value=0, max_value=10**6))
def test_names_open_again_and_are_all_of_one_length(one, number):
    """Id and claim number come back, and the name's length tells nothing of them."""
    names = HERE.seal(str(one)), HERE.seal_number(number, str(one))

    assert HERE.open(names[0]) == str(one)
    assert HERE.open_number(names[1], str(one)) == number
    assert {len(name) for name in names} == {32}


def test_order_and_number_cannot_be_told_from_names():
    """Neighbours have nothing in common, and first claims on two items have different names."""
    names = [HERE.seal(str(one)) for one in range(2_000)]
    later = sum(one < two for one, two in pairwise(names))

    assert 900 <= later <= 1_100
    assert HERE.seal_number(1, "5") != HERE.seal_number(1, "6")
    assert len({name[:4] for name in names}) > 1_900


@pytest.mark.parametrize(
    "name",
    ["", "5", None, 5, ["x"], "é", "A" * 32, HERE.seal("5")[:-4], HERE.seal("5") + "AAAA"],
)
def test_made_up_name_is_refused(name):
    """Nothing but what this person was sent names an item."""
    with pytest.raises(InputError, match="reload"):
        HERE.open(name)


def test_name_of_another_person_another_item_or_another_use_is_refused():
    """What one person was sent is of no use to another, and a number is no item."""
    with pytest.raises(InputError):
        ELSEWHERE.open(HERE.seal("5"))
    with pytest.raises(InputError):
        HERE.open_number(HERE.seal_number(1, "5"), "6")
    with pytest.raises(InputError):
        HERE.open(HERE.seal_number(5, "5"))


def test_names_outlive_the_process(tmp_path):
    """The key lies in the workspace: an open tab is understood after a restart."""
    shell = Shell(
        None, Settings(workspace=tmp_path), Actor("7", "An", frozenset({Role.REVIEWER})), "en", None
    )
    name = seals_for(shell).seal("5")
    key = (tmp_path / "keys" / "pseudonyms.key").read_bytes()

    assert Seals(key, "7").open(name) == "5"
