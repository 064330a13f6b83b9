"""Decide on what is shown, once; take the last decision back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.access import require_person
from evenhand.data.errors import InputError
from evenhand.data.records import Decision, ItemState, Outcome, Role
from evenhand.data.store import decisions, wave_members
from evenhand.data.taxonomy import Policy, load_taxonomy

if TYPE_CHECKING:
    from datetime import datetime

    from evenhand.data.records import Actor
    from evenhand.data.settings import QualitySettings
    from evenhand.data.store.connect import Store

LOWEST_SEVERITY = 1
HIGHEST_SEVERITY = 5
LONGEST_NOTE = 4000
LONGEST_UUID = 64


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a decision; *duplicate* says that it had been written before."""

    uuid: str
    state: ItemState
    duplicate: bool


def decide(  # noqa: PLR0913 - who decides what, when, with which macro, how much is read twice
    store: Store,
    actor: Actor,
    decision: Decision,
    *,
    now: datetime,
    quality: QualitySettings | None = None,
    macro_id: str | None = None,
) -> Decided:
    """Write one decision under the actor's live claim; the same uuid again changes nothing.

    With *quality* the share that it names is put before a second reviewer.
    With *macro_id* the item waits for the response that the macro begins; what is read once more
    waits for none, and nothing tells that apart.

    VIOLATES needs a policy and may name others beside it; without a severity each gets its own.
    A decision on an older version than the present one stands and marks the item.

    Raises:
        AlreadyDecided: The item has a decision.
        ClaimLost: The claim ended, or the post was deleted at its platform.
        InputError: Policy, severity, note, version or uuid do not fit, or the macro has ended or
            decides something else.
        NotAllowed: The actor is no reviewer and no coordinator.
        NotFound: No item has this id, or the team has no such macro.
        WaveUnread: The item stands for a wave whose sample was not opened.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    checked = _checked(decision)
    version = load_taxonomy().version
    with store.write() as conn:
        wave_members.refuse_unchecked(
            conn, checked.item_id, checked.claim_number, uuid=checked.uuid
        )
        done = decisions.put(
            conn,
            actor,
            checked,
            policy_version=version,
            now=now,
            quality=quality,
            macro_id=macro_id,
        )
    return Decided(done.uuid, done.state, done.duplicate)


def undo_last(  # noqa: PLR0913 - whose decision, which one, how old, for how long again
    store: Store,
    actor: Actor,
    now: datetime,
    *,
    within_s: float = 30,
    lease_minutes: float = 10,
    uuid: str | None = None,
) -> str | None:
    """Take back the actor's own newest decision, if it is no older than *within_s* seconds.

    With *uuid* only that decision is taken back: what the person saw, whatever else they decided
    in another tab.
    The decision stays in the log, an undo follows it, and the item is claimed by the actor again.

    Returns:
        The uuid of the decision; None when there is none, or somebody answers the item already.
    """
    require_person(actor, Role.REVIEWER, Role.COORDINATOR)
    with store.write() as conn:
        return decisions.undo_last(
            conn,
            actor,
            now=now,
            since=now - timedelta(seconds=within_s),
            until=now + timedelta(minutes=lease_minutes),
            uuid=uuid,
        )


def _checked(new: Decision) -> Decision:
    if not 0 < len(new.uuid) <= LONGEST_UUID:
        msg = f"a decision needs a uuid of 1 to {LONGEST_UUID} characters; reload the page"
        raise InputError(msg)
    if len(new.note) > LONGEST_NOTE:
        msg = f"the note has {len(new.note)} characters; keep it under {LONGEST_NOTE}"
        raise InputError(msg)
    if new.outcome is not Outcome.VIOLATES:
        if new.policy is None and new.severity is None and not new.also:
            return new
        msg = f"the outcome {new.outcome.value} takes no policy and no severity; leave them out"
        raise InputError(msg)
    pairs = [(new.policy, new.severity), *new.also]
    if len({policy for policy, _ in pairs}) < len(pairs):
        msg = "the decision names a policy twice; name each once"
        raise InputError(msg)
    (policy, severity), *also = [_violated(*pair) for pair in pairs]
    return replace(new, policy=policy, severity=severity, also=tuple(also))


def _violated(policy: str | None, severity: int | None) -> tuple[str, int]:
    """Check one policy that a decision names; without a severity it gets the policy's own."""
    if policy not in {one.value for one in Policy}:
        msg = f"{policy!r} is no policy; a violation names one of {', '.join(Policy)}"
        raise InputError(msg)
    if severity is None:
        return policy, load_taxonomy().policies[policy].severity
    if not LOWEST_SEVERITY <= severity <= HIGHEST_SEVERITY:
        msg = f"the severity {severity} is outside {LOWEST_SEVERITY} to {HIGHEST_SEVERITY}"
        raise InputError(msg)
    return policy, severity
