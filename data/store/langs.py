"""Which languages people read, and how many people read each.

Who has chosen none reads all: a new person gets items at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from evenhand.data.records import Role
from evenhand.data.store.bound import ME
from evenhand.data.tables import membership, person
from evenhand.data.tables_review import person_lang

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection, Select

# What a text too short to say is filed under; it comes to everybody.
UNKNOWN = "und"
_READ = select(person_lang.c.lang).where(person_lang.c.person_id == ME)
TAKING = (Role.REVIEWER.value, Role.COORDINATOR.value)


@dataclass(frozen=True, slots=True)
class Readers:
    """How many of a team's people read *every* language, and how many are *choosing* some."""

    every: int
    choosing: int
    by_lang: Mapping[str, int]

    def of(self, lang: str) -> int:
        """Say how many read *lang*; everybody gets what is too short to say."""
        if lang == UNKNOWN:
            return self.every + self.choosing
        return self.every + self.by_lang.get(lang, 0)


def read_by(conn: Connection, person_id: str) -> frozenset[str]:
    """List the languages that a person chose; empty means every language."""
    return frozenset(conn.execute(_READ, {"me": int(person_id)}).scalars())


def put(conn: Connection, person_id: str, langs: Collection[str]) -> None:
    """Let a person read exactly these languages; none means every language."""
    me = int(person_id)
    conn.execute(delete(person_lang).where(person_lang.c.person_id == me))
    if langs:
        rows = [{"person_id": me, "lang": lang} for lang in sorted(set(langs))]
        conn.execute(insert(person_lang), rows)


def readers(conn: Connection, team_id: str | None) -> Readers:
    """Count the people of a team who may take items, by the languages they read.

    Args:
        conn: A read.
        team_id: Whose people; None means those of all teams.
    """
    taking = _taking(team_id)
    chose = select(person_lang.c.person_id)
    all_of_them = select(func.count()).select_from(taking.subquery())
    choosing = select(func.count()).select_from(
        taking.where(membership.c.person_id.in_(chose)).subquery()
    )
    by_lang = (
        select(person_lang.c.lang, func.count())
        .where(person_lang.c.person_id.in_(taking))
        .group_by(person_lang.c.lang)
    )
    some = int(conn.execute(choosing).scalar_one())
    found = {lang: int(count) for lang, count in conn.execute(by_lang)}
    return Readers(int(conn.execute(all_of_them).scalar_one()) - some, some, found)


def _taking(team_id: str | None) -> Select[int]:
    """Select the people who may take items, each once, without those shut out."""
    query = (
        select(membership.c.person_id)
        .join(person, person.c.id == membership.c.person_id)
        .where(membership.c.role.in_(TAKING), person.c.disabled_at.is_(None))
        .distinct()
    )
    if team_id is not None:
        query = query.where(membership.c.team_id == int(team_id))
    return query
