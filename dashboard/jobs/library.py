"""Find a response template and fill it; nothing is logged while a placeholder stands open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evenhand.data.store import library

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from evenhand.data.records import ResponseKind
    from evenhand.data.store.connect import Store

Template = library.Template
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
# Wider than PLACEHOLDER: a brace that a person typed or mangled holds a response back too.
LEFT_OPEN = re.compile(r"\{([^{}\n]{0,80})\}")


def templates(store: Store, lang: str, kind: ResponseKind | None = None) -> list[Template]:
    """List the templates in use for one language, by name."""
    with store.read() as conn:
        return library.current(conn, lang, kind)


def put_builtin(store: Store, now: datetime) -> int:
    """Put the shipped templates into the store and say how many were new."""
    with store.write() as conn:
        return library.put(conn, library.builtin_templates(), now)


def placeholders(body: str) -> list[str]:
    """Name the placeholders of *body*, each once, in the order of their first place."""
    return list(dict.fromkeys(PLACEHOLDER.findall(body)))


def fill(body: str, values: Mapping[str, str]) -> str:
    """Put *values* into *body*; a blank or missing value leaves its placeholder standing.

    A value is put in as it is: braces inside it are not filled again.
    """

    def value_of(found: re.Match[str]) -> str:
        value = values.get(found[1], "").strip()
        return value or found[0]

    return PLACEHOLDER.sub(value_of, body)


def unfilled(text: str) -> list[str]:
    """Name what still stands in braces, each once, in the order of its first place."""
    return list(dict.fromkeys(name.strip() for name in LEFT_OPEN.findall(text)))
