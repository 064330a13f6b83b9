"""Macros in the store: one per free key and team, ended and never removed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from evenhand.data import tables
from evenhand.data.errors import InputError, NotFound
from evenhand.data.records import Outcome, ResponseKind
from evenhand.data.store import macros
from evenhand.data.store.macros import NewMacro
from evenhand.data.tables_review import macro
from tests.conftest import NOON

LATER = NOON + timedelta(hours=1)
SCAM = NewMacro(
    "G",
    "Lừa đảo: cảnh báo",
    Outcome.VIOLATES,
    ("scam_fraud", "spam"),
    ResponseKind.NOTICE,
    "scam_notice",
)
pytestmark = pytest.mark.usefixtures("actors")


@pytest.fixture(autouse=True)
def other_team(store, actors):  # noqa: ARG001 - the first team has to be there before
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Health desk"))


def put(store, team="1", new=SCAM):
    with store.write() as conn:
        return macros.put(conn, team, new, person_id="3", now=NOON)


def end(store, made, team="1"):
    with store.write() as conn:
        macros.end(conn, team, made.id, person_id="3", now=LATER)


def keys(store, team="1"):
    with store.read() as conn:
        return [one.key for one in macros.list_active(conn, team)]


def test_macro_is_listed_for_its_team_by_key_until_it_is_ended(store):
    """With the name of whoever made it; its row stays."""
    made = put(store)
    put(store, new=replace(SCAM, key="F"))
    put(store, team="2")

    assert (SCAM.policies, SCAM.kind, SCAM.name, "coordinator", NOON) == (
        made.policies,
        made.kind,
        made.name,
        made.made_by,
        made.made_at,
    )
    assert (["F", "G"], ["G"], []) == (keys(store), keys(store, "2"), keys(store, None))
    end(store, made)
    assert (["F"], ["G"]) == (keys(store), keys(store, "2"))
    with store.read() as conn:
        kept = conn.execute(select(macro).where(macro.c.id == int(made.id))).one()
    assert (3, LATER) == (kept.ended_by, kept.ended_at)


@pytest.mark.parametrize("team", ["1", None])
def test_key_is_free_again_once_its_macro_is_ended(store, team):
    """Nobody's team is a team of its own."""
    made = put(store, team)
    with pytest.raises(InputError, match="key G has a macro already"):
        put(store, team)
    end(store, made, team)
    put(store, team)

    assert ["G"] == keys(store, team)


def test_macro_is_ended_once_and_by_its_own_team(store):
    """What is not there is said to be missing, whatever its id looks like."""
    made = put(store)
    for team in ("2", None):
        with pytest.raises(NotFound, match="no macro"):
            end(store, made, team)
    end(store, made)
    with pytest.raises(InputError, match="nothing left to end"):
        end(store, made)

    for odd in ("999", "x", "²", "9" * 30, ""):
        with pytest.raises(NotFound, match="no macro"):
            end(store, replace(made, id=odd))


def test_two_who_take_a_key_at_once_get_it_once(store):
    """The other one hears that it is taken."""

    def attempt(name):
        try:
            return put(store, new=replace(SCAM, name=name)).name
        except InputError as error:
            return str(error)

    with ThreadPoolExecutor() as pool:
        said = sorted(pool.map(attempt, ["a", "b"]))

    assert said[0] in {"a", "b"}
    assert "has a macro already" in said[1]
    assert ["G"] == keys(store)


@pytest.mark.parametrize("key", [*"RCNEADUVTSBMOP", "g", "GG", "1", ""])
def test_engine_itself_refuses_a_key_that_is_used_otherwise(store, key):
    """Whoever writes into the table past the jobs is stopped too."""
    row = {
        "team_id": 1,
        "key": key,
        "name": "x",
        "outcome": "needs_answer",
        "policies": [],
        "kind": "public_reply",
        "template_id": "answer_question",
        "made_by": 3,
        "made_at": NOON,
    }

    with pytest.raises(IntegrityError, match="free_key"), store.write() as conn:
        conn.execute(insert(macro).values(**row))
