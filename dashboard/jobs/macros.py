"""Macros: one key for a decision and the beginning of a response, kept by coordinators.

A macro decides nothing alone and sends nothing.
Whoever holds an item presses its key; the decision is written as by any other key
(`decisions.decide`), and whoever takes the item for answering finds the template chosen.
The response is one item's and is logged only once a person has finished it (`requests.respond`).
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import access
from evenhand.data.errors import InputError
from evenhand.data.records import Outcome, Role
from evenhand.data.store import library, macros
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from datetime import datetime

    from evenhand.data.records import Actor, ResponseKind
    from evenhand.data.store.connect import Store

# Screens take the types from here: they do not see the store.
Macro = macros.Macro
NewMacro = macros.NewMacro
KEYS = macros.KEYS
READING = (Role.REVIEWER, Role.COORDINATOR, Role.ADMIN)
KEEPING = (Role.COORDINATOR,)
# After any other outcome nothing is left to answer, or nobody is sure what.
OUTCOMES = (Outcome.VIOLATES, Outcome.NEEDS_ANSWER)
LONGEST_NAME = 40


def may_keep(actor: Actor) -> bool:
    """Say whether the actor may add and end macros."""
    return bool(actor.roles.intersection(KEEPING))


def list_active(store: Store, actor: Actor) -> tuple[Macro, ...]:
    """List the macros that the actor's team has in use, by key.

    Raises:
        NotAllowed: The actor is no reviewer, coordinator or admin.
    """
    access.require(actor, *READING)
    with store.read() as conn:
        return tuple(macros.list_active(conn, actor.team_id))


def add(store: Store, actor: Actor, new: NewMacro, now: datetime) -> Macro:
    """Give the actor's team a macro, from the next press of its key on.

    Raises:
        InputError: Key, name, outcome, policies or template do not fit, or the key is taken.
        NotAllowed: The actor is no coordinator, or no person.
    """
    access.require_person(actor, *KEEPING)
    wanted = _checked(new)
    with store.write() as conn:
        _check_template(wanted, library.kind_of(conn, wanted.template_id))
        made = macros.put(conn, actor.team_id, wanted, person_id=actor.id, now=now)
        # No name: somebody typed it.
        data = {
            "key": made.key,
            "outcome": made.outcome.value,
            "policies": list(made.policies),
            "kind": made.kind.value,
            "template": made.template_id,
        }
        macros.log(conn, now, actor.id, "macro_made", made.id, data)
    return made


def end(store: Store, actor: Actor, macro_id: str, now: datetime) -> None:
    """Take a macro of the actor's team out of use at once, whoever made it; its key is free again.

    Decisions that were made with it stand, and so do the responses that they began.

    Raises:
        InputError: It has ended already.
        NotAllowed: The actor is no coordinator, or no person.
        NotFound: The team has no such macro.
    """
    access.require_person(actor, *KEEPING)
    with store.write() as conn:
        macros.end(conn, actor.team_id, macro_id, person_id=actor.id, now=now)
        macros.log(conn, now, actor.id, "macro_ended", macro_id, {})


def _checked(new: NewMacro) -> NewMacro:
    """Give the macro with its key as a capital and its name composed."""
    key, name = new.key.strip().upper(), unicodedata.normalize("NFC", new.name).strip()
    if key not in KEYS:
        msg = f"{new.key!r} is no key that the card leaves free; choose one of {', '.join(KEYS)}"
        raise InputError(msg)
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        msg = f"a macro needs a name of 1 to {LONGEST_NAME} printable characters; mend it"
        raise InputError(msg)
    _check_decision(new)
    return replace(new, key=key, name=name)


def _check_decision(new: NewMacro) -> None:
    if new.outcome not in OUTCOMES:
        msg = (
            f"nothing is answered after {new.outcome.value}; a macro decides one of "
            f"{', '.join(OUTCOMES)}"
        )
        raise InputError(msg)
    if new.outcome is not Outcome.VIOLATES:
        if new.policies:
            msg = f"the outcome {new.outcome.value} takes no policy; leave {new.policies[0]} out"
            raise InputError(msg)
        return
    if not new.policies:
        msg = f"a violation names a policy; choose one of {', '.join(Policy)}"
        raise InputError(msg)
    if unknown := [one for one in new.policies if one not in {policy.value for policy in Policy}]:
        msg = f"{unknown[0]!r} is no policy; a violation names one of {', '.join(Policy)}"
        raise InputError(msg)
    if len(set(new.policies)) < len(new.policies):
        msg = "the macro names a policy twice; name each once"
        raise InputError(msg)


def _check_template(new: NewMacro, kind: ResponseKind | None) -> None:
    if kind is None:
        msg = f"no template in use is called {new.template_id!r}; choose one of the list"
        raise InputError(msg)
    if kind is not new.kind:
        msg = (
            f"the template {new.template_id} is a {kind.value}, not a {new.kind.value}; "
            "choose another template, or its kind"
        )
        raise InputError(msg)
