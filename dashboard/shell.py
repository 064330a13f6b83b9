"""What every page is handed: the store, the settings, who is acting, and their language.

One workspace is open per process; the server opens it at its start, and a script that Streamlit
runs by itself (a test) finds it through `EVENHAND_WORKSPACE`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from evenhand.dashboard.words import forms, glossary
from evenhand.data.settings import Settings, load_settings
from evenhand.data.store.connect import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from evenhand.data.records import Actor


@dataclass(frozen=True, slots=True)
class Workspace:
    """The settings and the open store of this process."""

    settings: Settings
    store: Store


@dataclass(frozen=True, slots=True)
class Shell:
    """One person's view of the workspace while a page is drawn.

    *zone* is the browser's time zone.
    """

    store: Store
    settings: Settings
    actor: Actor
    lang: str
    now: Callable[[], datetime]
    zone: tzinfo = UTC

    def say(self, key: str, **values: object) -> str:
        """Word *key* in the person's language."""
        return glossary.say(key, self.lang, **values)

    def number(self, value: float) -> str:
        """Write a number in the person's language."""
        return forms.number(value, self.lang)

    def moment(self, at: datetime) -> str:
        """Write a time in the person's language and zone."""
        return forms.moment(at, self.lang, self.zone)

    def since(self, at: datetime) -> str:
        """Write how long ago *at* was."""
        return forms.since(at, self.now(), self.lang)


def zone_of(name: str | None) -> tzinfo:
    """Find the zone that a browser names; UTC for one that nobody knows."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


class _Opened:
    """Holds the workspace of this process, behind a lock: two pages may ask at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._workspace: Workspace | None = None

    def open(self, settings: Settings | None) -> Workspace:
        """Open the workspace, or hand over the one that is open for these settings."""
        with self._lock:
            held = self._workspace
            if held is None or (settings is not None and settings != held.settings):
                if held is not None:
                    held.store.close()
                chosen = settings or load_settings()
                held = self._workspace = Workspace(chosen, open_store(chosen.url))
            return held

    def close(self) -> None:
        """Close the workspace, if one is open."""
        with self._lock:
            if self._workspace is not None:
                self._workspace.store.close()
            self._workspace = None


_opened = _Opened()


def open_workspace(settings: Settings | None = None) -> Workspace:
    """Hand over the workspace of this process; it is opened on first use.

    Args:
        settings: Whose workspace; None means the one that is open, else the environment's.
    """
    return _opened.open(settings)


def close_workspace() -> None:
    """Close the store of this process, so that the next one can take its place."""
    _opened.close()
