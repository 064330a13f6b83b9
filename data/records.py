"""The records that travel between rooms: posts, tags, flags, items, decisions, responses.

Frozen and without I/O.
Times are timezone-aware UTC, ids are strings, scores are 0-1.
Field names of a post follow ActivityStreams 2.0 in snake case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class PostType(StrEnum):
    """What kind of public text it is (ActivityStreams names)."""

    NOTE = "Note"
    ARTICLE = "Article"
    QUESTION = "Question"
    PAGE = "Page"
    COMMENT = "Comment"


class Band(StrEnum):
    """What a score amounts to; *check* and *flag* both put a post before a person."""

    NOTHING = "nothing"
    CHECK = "check"
    FLAG = "flag"


class Origin(StrEnum):
    """Why a post is put before people."""

    MODEL = "model"
    RULE = "rule"
    REQUEST = "request"
    AUDIT = "audit"
    PARTNER = "partner"
    MANUAL = "manual"


class ItemState(StrEnum):
    """Where an item stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    DECIDED = "decided"
    ANSWERED = "answered"
    CLOSED = "closed"
    VOID = "void"


class Outcome(StrEnum):
    """What a decision says of the shown version."""

    VIOLATES = "violates"
    NO_HARM = "no_harm"
    NOT_SURE = "not_sure"
    NEEDS_ANSWER = "needs_answer"
    ALREADY_ANSWERED = "already_answered"


class ResponseKind(StrEnum):
    """What was done elsewhere."""

    PUBLIC_REPLY = "public_reply"
    NOTICE = "notice"
    LEAFLET = "leaflet"
    LOUDSPEAKER = "loudspeaker"
    MEETING = "meeting"
    PLATFORM_REPORT = "platform_report"
    PASSED_TO_SERVICE = "passed_to_service"
    SAFETY_REFERRAL = "safety_referral"


class Recipient(StrEnum):
    """The only kinds of recipients a post may be passed to (safeguard 6)."""

    OWN_SERVICE_DESK = "own_service_desk"
    MEDICAL_OR_RESCUE = "medical_or_rescue"
    CRISIS_LINE = "crisis_line"
    PLATFORM = "platform"
    POLICE = "police"


class Role(StrEnum):
    """What a person may do in a team."""

    REVIEWER = "reviewer"
    COORDINATOR = "coordinator"
    ANALYST = "analyst"
    LEADER = "leader"
    ADMIN = "admin"


class SourceState(StrEnum):
    """Where a source stands."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    WAITING = "waiting"
    FAILING = "failing"
    REFUSED = "refused"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Post:
    """One public text, normalised and pseudonymous.

    *native_key*, *context_key* and *in_reply_to_key* are keyed hashes of the platform's own ids;
    *author_ref* is a keyed pseudonym, different on each platform, and None where the platform
    names nobody.
    *locator* is the sealed (encrypted) native id and address, or None for files without one.
    *reach* counts public reactions (likes, replies, shares) and is never below 0.
    *text_key* is a keyed hash of the text as the platform shows it, for connectors that mask names
    by what stands beside a post: an edit is told by it, not by what the masking made of the text.
    """

    native_key: str
    platform: str
    content: str
    published_at: datetime
    fetched_at: datetime
    type: PostType = PostType.NOTE
    name: str | None = None
    language: str | None = None
    updated_at: datetime | None = None
    author_ref: str | None = None
    in_reply_to_key: str | None = None
    context_key: str | None = None
    community: str | None = None
    locator: bytes | None = None
    reach: int = 0
    published_suspect: bool = False
    may_train: bool = True
    text_key: str | None = None


@dataclass(frozen=True, slots=True)
class Upsert:
    """A post that is new or changed."""

    post: Post


@dataclass(frozen=True, slots=True)
class Delete:
    """A post gone from its platform, at *deleted_at* if it says; it beats any later upsert."""

    native_key: str
    reason: str
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuthorErased:
    """An account was deleted: everything under this pseudonym is erased."""

    author_ref: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Posts between two times could not be fetched: a loss of coverage that is shown."""

    since: datetime | None
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """One row or child that could not be read; the rest of its page is kept.

    *place* says where ("line 17", "child 4"), *reason* what was wrong; neither holds its text.
    """

    place: str
    reason: str


Event = Upsert | Delete | AuthorErased | Gap | SetAside


@dataclass(frozen=True, slots=True)
class Page:
    """What a connector hands over at once: the unit of commit.

    *next_cursor* is JSON and is stored in the transaction that stores *events*.
    *more* says that the walk goes on; *not_before* that the next request must wait until then.
    """

    events: tuple[Event, ...]
    next_cursor: Mapping[str, object]
    more: bool = False
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """What the tagger reads: an id, the text and the platform's language mark, if any."""

    id: str
    text: str
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A calibrated score 0-1, its band, and the highest threshold that still puts it in one."""

    score: float
    band: Band
    puts_at: float | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a label got its band.

    *kind* is one of model, rule, key, guard, statement, language; *id* names the rule or lexicon
    entry, or is the n-gram.
    *spans* are (start, end) offsets in characters of the text as shown; *weight* is the signed
    contribution to the log-odds and 0 for rules, keys and guards.
    """

    label: str
    kind: str
    id: str
    spans: tuple[tuple[int, int], ...] = ()
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Tag:
    """What one model said of one text.

    *sentiment* and *sentiment_scores* are None on civic posts: they are not computed
    (safeguard 3).
    *topics* maps at most two topic ids to scores; empty means "other".
    *harms* holds all nine policies, *requests* all three.
    """

    id: str
    lang: str
    topics: Mapping[str, float]
    civic: bool
    sentiment: str | None
    sentiment_scores: Mapping[str, float] | None
    harms: Mapping[str, Score]
    requests: Mapping[str, Score]
    reasons: tuple[Reason, ...]
    model: str

    @property
    def flagged(self) -> tuple[str, ...]:
        """Labels (policies, then requests) that put the post before a person."""
        both = (*self.harms.items(), *self.requests.items())
        return tuple(label for label, score in both if score.band is not Band.NOTHING)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting: every job takes one and checks its roles.

    *team_id* is None for admins of the whole workspace.
    *simulated* marks the demo's scripted people.
    """

    id: str
    name: str
    roles: frozenset[Role]
    team_id: str | None = None
    language: str = "en"
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """Why a post is put before people."""

    origin: Origin
    label: str
    band: Band
    score: float
    reasons: tuple[Reason, ...] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A lease on an item; a write must carry its *number*."""

    item_id: str
    number: int
    holder_id: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one of two reviewers said who did not agree; nothing tells who it was."""

    outcome: Outcome
    policies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """The unit of work as its holder sees it: one post in one queue.

    *flags* says why it is here, most severe first; *why* is the line on its place in the order.
    *severe* covers the text until the reviewer asks for it.
    *opinions* are those between which a third person has to decide; all other items have none.
    *near_copies* counts the other posts of its wave, *sampled* says that its holder opened some.
    """

    id: str
    post_id: str
    version: int
    text: str
    name: str | None
    lang: str
    source_name: str
    platform: str
    published_at: datetime
    flags: tuple[Flag, ...]
    why: str
    severe: bool
    priority: float
    created_at: datetime
    claim: Claim | None = None
    edited_after_review: bool = False
    topics: tuple[str, ...] = ()
    simulated: bool = False
    opinions: tuple[Opinion, ...] = ()
    near_copies: int = 0
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """A policy outcome on the shown version.

    *uuid* is made by the client and makes the write idempotent.
    *policy* and *severity* are set exactly when *outcome* is VIOLATES; *also* names further
    policies that the same version violates, each with its severity, and only then.
    """

    uuid: str
    item_id: str
    claim_number: int
    version: int
    outcome: Outcome
    policy: str | None = None
    severity: int | None = None
    note: str = ""
    also: tuple[tuple[str, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """What was done elsewhere about an item; Evenhand itself posts nothing.

    *account* names the team's disclosed account the answer was given from; *recipient* is set
    exactly when *kind* is PASSED_TO_SERVICE.
    """

    uuid: str
    item_id: str
    kind: ResponseKind
    channel: str
    text: str
    language: str
    account: str
    given_at: datetime
    template_id: str | None = None
    template_version: int | None = None
    recipient: Recipient | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One configured public place that posts come from.

    *options* is the source's own block; its connector validates it.
    """

    name: str
    kind: str
    options: Mapping[str, object] = field(default_factory=dict)
    may_train: bool = True
