"""How the queues page words queues, labels, languages and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import Locale

from evenhand.dashboard.words import forms
from evenhand.data.records import Origin
from evenhand.data.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from datetime import datetime

    from evenhand.dashboard.shell import Shell


def queue(shell: Shell, name: str) -> str:
    """Word a queue."""
    return shell.say(f"terms.queue_{name}")


def label(shell: Shell, name: str) -> str:
    """Word a policy or a request; what was drawn to be read has neither, and that is not told."""
    lists = load_taxonomy()
    entry = lists.policies.get(name) or lists.requests.get(name)
    return shell.say("coverage.no_label") if entry is None else entry.wording[shell.lang].name


def counted_label(shell: Shell, name: str) -> str:
    """Word a policy or a request under which items are counted, or that they were drawn.

    For counts alone: beside one item it would tell a reviewer that it is an audit, which is blind.
    """
    return shell.say("queues.drawn") if name == Origin.AUDIT.value else label(shell, name)


def severity(name: str) -> int:
    """Look up how severe a policy or a request is, 0 for what is neither."""
    lists = load_taxonomy()
    entry = lists.policies.get(name) or lists.requests.get(name)
    return 0 if entry is None else entry.severity


def lang(shell: Shell, code: str) -> str:
    """Word a language by its code."""
    return Locale(shell.lang).languages.get(code) or shell.say("coverage.unknown_lang")


def by(shell: Shell, name: str, at: datetime) -> str:
    """Say who did something and on which day."""
    day = forms.day(at.astimezone(shell.zone), shell.lang)
    return shell.say("queues.by_and_when", name=name, at=day)
