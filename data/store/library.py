"""Response templates: versioned per language, never changed, only followed by a next version."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from sqlalchemy import insert, select, tuple_, update

from evenhand.data.errors import SettingsError
from evenhand.data.records import ResponseKind
from evenhand.data.tables import template
from evenhand.data.taxonomy import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row


@dataclass(frozen=True, slots=True)
class Template:
    """One wording of one response in one language; *body* holds `{placeholders}`."""

    id: str
    version: int
    language: str
    name: str
    kind: ResponseKind
    body: str


def builtin_templates() -> tuple[Template, ...]:
    """Read the templates that ship with Evenhand."""
    text = files("evenhand.data").joinpath("samples", "templates.toml").read_text("utf-8")
    return parse_templates(text)


def parse_templates(text: str) -> tuple[Template, ...]:
    """Read a file of templates, in the order of the file and then of the languages.

    Raises:
        SettingsError: The file is no TOML, or a template lacks a key or a language.
    """
    try:
        raw = tomllib.loads(text)
        return tuple(
            _parsed(block, language)
            for block in cast("list[Mapping[str, object]]", raw["template"])
            for language in LANGUAGES
        )
    except tomllib.TOMLDecodeError as error:
        msg = f"the templates are not valid TOML ({error}); mend the line it names"
        raise SettingsError(msg) from error
    except (KeyError, ValueError) as error:
        msg = f"a template has no usable {error}; give id, version, kind and both languages"
        raise SettingsError(msg) from error


def _parsed(block: Mapping[str, object], language: str) -> Template:
    wording = cast("Mapping[str, str]", block[language])
    return Template(
        id=str(block["id"]),
        version=cast("int", block["version"]),
        language=language,
        name=wording["name"],
        kind=ResponseKind(str(block["kind"])),
        body=wording["body"].strip(),
    )


def put(conn: Connection, wanted: Sequence[Template], now: datetime) -> int:
    """Add the wordings that are not there yet and retire their older versions.

    Returns:
        How many were added; a wording that is there stays as it is.
    """
    key = tuple_(template.c.id, template.c.version, template.c.language)
    known = {tuple(row) for row in conn.execute(select(*key.clauses))}
    new = [one for one in wanted if (one.id, one.version, one.language) not in known]
    for one in new:
        conn.execute(
            insert(template).values(
                id=one.id,
                version=one.version,
                language=one.language,
                name=one.name,
                kind=one.kind.value,
                body=one.body,
                created_at=now,
            ),
        )
        conn.execute(
            update(template)
            .where(
                template.c.id == one.id,
                template.c.language == one.language,
                template.c.version < one.version,
                template.c.retired_at.is_(None),
            )
            .values(retired_at=now),
        )
    return len(new)


def current(conn: Connection, language: str, kind: ResponseKind | None = None) -> list[Template]:
    """List the wordings of one language that are in use, by name."""
    query = select(template).where(
        template.c.language == language,
        template.c.retired_at.is_(None),
    )
    if kind is not None:
        query = query.where(template.c.kind == kind.value)
    return [_from_row(row) for row in conn.execute(query.order_by(template.c.name))]


def kind_of(conn: Connection, template_id: str) -> ResponseKind | None:
    """Say which kind a template has that is in use in any language; None where it is in none."""
    query = select(template.c.kind).where(
        template.c.id == template_id,
        template.c.retired_at.is_(None),
    )
    found = conn.execute(query.limit(1)).scalar()
    return None if found is None else ResponseKind(found)


def exists(conn: Connection, template_id: str, version: int) -> bool:
    """Say whether any language has this version, also a retired one."""
    query = select(template.c.id).where(
        template.c.id == template_id,
        template.c.version == version,
    )
    return conn.execute(query.limit(1)).first() is not None


def _from_row(row: Row[tuple[object, ...]]) -> Template:
    return Template(
        id=row.id,
        version=row.version,
        language=row.language,
        name=row.name,
        kind=ResponseKind(row.kind),
        body=row.body,
    )
