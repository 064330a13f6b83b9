"""Which kinds of source there are; a connector's library is loaded only when one is opened."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from evenhand.data.errors import SourceMisconfigured

if TYPE_CHECKING:
    from evenhand.connectors.base import Connector, ConnectorSpec, Tools
    from evenhand.data.records import SourceSpec

# A new source is one file here and one line there.
_PLACES = {
    "file": ("evenhand.connectors.files", "FileConnector"),
    "reddit": ("evenhand.connectors.reddit", "RedditConnector"),
}
KINDS = tuple(_PLACES)


def open_connector(spec: SourceSpec, tools: Tools) -> Connector:
    """Make the connector of a source.

    Raises:
        SourceMisconfigured: There is no such kind, or its block cannot be used.
    """
    return cast("Connector", _find(spec.kind)(spec, tools))  # type: ignore[operator]  # a class of that kind


def spec_of(kind: str) -> ConnectorSpec:
    """Look up what a kind of source is and takes.

    Raises:
        SourceMisconfigured: There is no such kind.
    """
    return cast("ConnectorSpec", _find(kind).spec)  # type: ignore[attr-defined]  # every connector has one


def _find(kind: str) -> object:
    if kind not in _PLACES:
        msg = f"no connector reads the kind {kind!r}; write one of {', '.join(KINDS)}"
        raise SourceMisconfigured(msg)
    module, name = _PLACES[kind]
    found: object = getattr(import_module(module), name)
    return found
