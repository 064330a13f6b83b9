"""The schema: one set of SQLAlchemy Core tables for SQLite and PostgreSQL.

State lies in rows, with append-only logs beside it (`item_event`, `decision`, `response`,
`ledger`); a test rebuilds the rows from the logs.
Times are stored as whole microseconds since 1970 UTC; enumerations as their short names.
No column holds an author's name, a native id or a native address in the clear.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import SystemRandom
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

if TYPE_CHECKING:
    from sqlalchemy import Dialect

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# BIGINT on PostgreSQL; on SQLite only INTEGER makes the row id.
Key = BigInteger().with_variant(Integer, "sqlite")
_RANDOM = SystemRandom()


def to_micros(at: datetime) -> int:
    """Turn an aware time into whole microseconds since 1970 UTC.

    Raises:
        ValueError: *at* has no time zone.
    """
    if at.tzinfo is None:
        msg = f"{at!r} has no time zone; use datetime.now(UTC)"
        raise ValueError(msg)
    since = at - EPOCH
    # Ingest calls this five times a post; dividing by a timedelta costs twice as much.
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_micros(micros: int) -> datetime:
    """Turn microseconds since 1970 UTC back into an aware time."""
    return EPOCH + micros * MICROSECOND


def any_place() -> float:
    """Give an item's place for random draws: from 0 up to 1, and nobody can foresee it."""
    return _RANDOM.random()


class Utc(TypeDecorator[datetime]):
    """An aware time, stored as microseconds so that both engines sort and compare alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002, D102 - SQLAlchemy's method
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102 - SQLAlchemy's method
        return None if value is None else from_micros(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)

team = Table(
    "team",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("parent_id", ForeignKey("team.id")),
)

person = Table(
    "person",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("password_hash", String, nullable=False),
    Column("must_change", Boolean, nullable=False, default=False),
    Column("language", String, nullable=False, default="en"),
    Column("simulated", Boolean, nullable=False, default=False),
    Column("disabled_at", Utc),
    Column("created_at", Utc, nullable=False),
)

membership = Table(
    "membership",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("team_id", ForeignKey("team.id"), primary_key=True),
    Column("role", String, primary_key=True),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("created_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("revoked_at", Utc),
)

throttle = Table(
    "throttle",
    metadata,
    Column("key", String, primary_key=True),
    Column("window_started_at", Utc, nullable=False),
    Column("count", Integer, nullable=False),
)

source = Table(
    "source",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("options", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("cursor", JSON),
    Column("lease_by", String),
    Column("lease_until", Utc),
    Column("next_run_at", Utc),
    Column("last_ok_at", Utc),
    Column("last_error", String),
    Column("failures", Integer, nullable=False, default=0),
    Column("proposed_by", ForeignKey("person.id")),
    Column("approved_by", ForeignKey("person.id")),
    Column("team_id", ForeignKey("team.id")),
    Column("may_train", Boolean, nullable=False, default=True),
    Column("created_at", Utc, nullable=False),
)

gap = Table(
    "gap",
    metadata,
    Column("id", Key, primary_key=True),
    Column("source_id", ForeignKey("source.id"), nullable=False, index=True),
    Column("since", Utc),
    Column("until", Utc),
    Column("reason", String, nullable=False),
    Column("seen_at", Utc, nullable=False),
)

set_aside = Table(
    "set_aside",
    metadata,
    Column("id", Key, primary_key=True),
    Column("source_id", ForeignKey("source.id"), nullable=False, index=True),
    Column("place", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("seen_at", Utc, nullable=False),
)

post = Table(
    "post",
    metadata,
    Column("id", Key, primary_key=True),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("native_key", String, nullable=False),
    Column("platform", String, nullable=False),
    Column("type", String, nullable=False),
    Column("author_ref", String),
    Column("context_key", String),
    Column("in_reply_to_key", String),
    Column("locator", LargeBinary),
    Column("community", String),
    Column("lang", String, nullable=False),
    Column("published_at", Utc, nullable=False),
    Column("published_suspect", Boolean, nullable=False, default=False),
    Column("updated_at", Utc),
    Column("fetched_at", Utc, nullable=False),
    # The day it is counted in, fixed when it arrives.
    Column("day", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body_hash", String, nullable=False),
    Column("reach", Integer, nullable=False, default=0),
    Column("civic", Boolean, nullable=False),
    Column("topic", String, nullable=False),
    Column("sentiment", String),
    Column("flagged", Boolean, nullable=False),
    Column("may_train", Boolean, nullable=False, default=True),
    # One of 64 drawers of authors, other for each cell; see rollup_mark.
    Column("mark", String, nullable=False, default=""),
    Column("text_erased_at", Utc),
    Column("deleted_at", Utc),
    # When its platform says that it deleted it, where it says so; deleted_at is when we learned.
    Column("platform_deleted_at", Utc),
    UniqueConstraint("source_id", "native_key"),
    # Safeguard 3, held by the engine itself: no sentiment on a civic post.
    CheckConstraint("NOT (civic AND sentiment IS NOT NULL)", name="civic_without_sentiment"),
    # The thread of an item; serves a live claim only.
    Index(
        "ix_post_context",
        "context_key",
        sqlite_where=text("context_key IS NOT NULL"),
        postgresql_where=text("context_key IS NOT NULL"),
    ),
    # Serves erasure and nothing else (safeguard 4).
    Index(
        "ix_post_author",
        "author_ref",
        sqlite_where=text("author_ref IS NOT NULL"),
        postgresql_where=text("author_ref IS NOT NULL"),
    ),
    # What retention still has to erase.
    Index(
        "ix_post_unflagged_text",
        "fetched_at",
        sqlite_where=text("NOT flagged AND text_erased_at IS NULL"),
        postgresql_where=text("NOT flagged AND text_erased_at IS NULL"),
    ),
)

# Deletions of posts that were never stored: they beat an upsert that comes later.
tombstone = Table(
    "tombstone",
    metadata,
    Column("source_id", ForeignKey("source.id"), primary_key=True),
    Column("native_key", String, primary_key=True),
    Column("at", Utc, nullable=False),
)

post_version = Table(
    "post_version",
    metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content", Text),
    Column("name", Text),
    Column("seen_at", Utc, nullable=False),
    sqlite_with_rowid=False,
)

tag = Table(
    "tag",
    metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("model", String, primary_key=True),
    Column("lang", String, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("harms", JSON, nullable=False),
    Column("requests", JSON, nullable=False),
    Column("sentiment_scores", JSON(none_as_null=True)),
    Column("tagged_at", Utc, nullable=False),
    # What a model on trial said: it put nothing before anybody, and nothing shows it to reviewers.
    Column("shadow", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)

flag = Table(
    "flag",
    metadata,
    Column("id", Key, primary_key=True),
    Column("post_id", ForeignKey("post.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("origin", String, nullable=False),
    Column("label", String, nullable=False),
    Column("band", String, nullable=False),
    Column("score", Float, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("model", String),
    Column("created_at", Utc, nullable=False),
    UniqueConstraint("post_id", "version", "origin", "label"),
    CheckConstraint("score >= 0 AND score <= 1", name="score_within_0_1"),
)

item = Table(
    "item",
    metadata,
    Column("id", Key, primary_key=True),
    Column("post_id", ForeignKey("post.id"), nullable=False),
    Column("queue", String, nullable=False),
    Column("team_id", ForeignKey("team.id")),
    Column("lang", String, nullable=False),
    Column("label", String, nullable=False),
    Column("priority", Float, nullable=False),
    Column("why", String, nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("state", String, nullable=False),
    Column("claimed_by", ForeignKey("person.id")),
    Column("claim_until", Utc),
    Column("claim_no", Integer, nullable=False, default=0),
    Column("skips", SmallInteger, nullable=False, default=0),
    Column("escalated", Boolean, nullable=False, default=False),
    Column("edited_after_review", Boolean, nullable=False, default=False),
    Column("needs_answer", Boolean, nullable=False, default=False),
    Column("created_at", Utc, nullable=False),
    Column("state_at", Utc, nullable=False),
    Column("decided_at", Utc),
    Column("answered_at", Utc),
    # When somebody claimed it for the first time; what a score range decided stays empty.
    Column("seen_at", Utc),
    # Why it is read: "review", or once more: "double", "gold", "adjudication", "appeal", "wave",
    # "practice".  All but the first are items of another item and are counted nowhere else.
    Column("purpose", String, nullable=False, server_default="review"),
    Column("of_item_id", ForeignKey("item.id")),
    # Whom it waits for, where it waits for one person only.
    Column("for_person", ForeignKey("person.id")),
    # The post's, so that a filter by source needs no look at the post.
    Column("source_id", Key),
    # A place for random draws; it says nothing about the post.
    Column("draw", Float, nullable=False, default=any_place, server_default=text("0")),
    CheckConstraint("(purpose = 'review') = (of_item_id IS NULL)", name="of_another"),
    Index(
        "uq_item_post_id_queue",
        "post_id",
        "queue",
        unique=True,
        sqlite_where=text("of_item_id IS NULL"),
        postgresql_where=text("of_item_id IS NULL"),
    ),
    Index(
        "ix_item_of_item_id",
        "of_item_id",
        sqlite_where=text("of_item_id IS NOT NULL"),
        postgresql_where=text("of_item_id IS NOT NULL"),
    ),
    # Kept down to what waits, so that a claim costs the same at any size.  What people
    # filter by stands in it, so that others are stepped over without a look at their rows.
    Index(
        "ix_item_ready",
        "queue",
        text("priority DESC"),
        "id",
        "lang",
        "label",
        "source_id",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    # For what waited too long, the oldest deadline first.
    Index(
        "ix_item_due",
        "queue",
        "due_at",
        "id",
        "lang",
        "label",
        "source_id",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    # For what is handed out at random.
    Index(
        "ix_item_draw",
        "queue",
        "draw",
        "lang",
        "label",
        "source_id",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index(
        "ix_item_claimed",
        "claim_until",
        sqlite_where=text("state = 'claimed'"),
        postgresql_where=text("state = 'claimed'"),
    ),
    Index(
        "ix_item_unanswered",
        text("decided_at DESC"),
        text("id DESC"),
        sqlite_where=text("needs_answer AND state = 'decided'"),
        postgresql_where=text("needs_answer AND state = 'decided'"),
    ),
)

item_event = Table(
    "item_event",
    metadata,
    Column("id", Key, primary_key=True),
    Column("item_id", ForeignKey("item.id"), nullable=False, index=True),
    Column("at", Utc, nullable=False),
    Column("kind", String, nullable=False),
    Column("actor_id", ForeignKey("person.id")),
    Column("claim_no", Integer),
    Column("data", JSON, nullable=False),
)

skip = Table(
    "skip",
    metadata,
    Column("item_id", ForeignKey("item.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("reason", String, nullable=False),
    Column("at", Utc, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("item_id", ForeignKey("item.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("data", JSON, nullable=False),
    Column("at", Utc, nullable=False),
)

decision = Table(
    "decision",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uuid", String, nullable=False, unique=True),
    Column("item_id", ForeignKey("item.id"), nullable=False, index=True),
    Column("slot", SmallInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("policy", String),
    Column("severity", SmallInteger),
    # Further policies that it violates, each with its severity: [["spam", 2], …].
    Column("also", JSON, nullable=False, server_default="[]"),
    # The macro whose key was pressed; macros are ended and never removed.
    Column("macro_id", Key),
    Column("note", Text, nullable=False),
    Column("claim_no", Integer, nullable=False),
    Column("reviewer_id", ForeignKey("person.id"), nullable=False),
    Column("supersedes_id", ForeignKey("decision.id")),
    Column("policy_version", String, nullable=False),
    Column("model", String),
    Column("simulated", Boolean, nullable=False, default=False),
    Column("decided_at", Utc, nullable=False),
    # What the wording of a policy left open.
    Index(
        "ix_decision_not_sure",
        "decided_at",
        sqlite_where=text("outcome = 'not_sure'"),
        postgresql_where=text("outcome = 'not_sure'"),
    ),
    # What was decided without being read, to measure how often that is wrong.
    Index(
        "ix_decision_by_range",
        "item_id",
        sqlite_where=text("kind = 'range'"),
        postgresql_where=text("kind = 'range'"),
    ),
)

current_decision = Table(
    "current_decision",
    metadata,
    Column("item_id", ForeignKey("item.id"), primary_key=True),
    Column("slot", SmallInteger, primary_key=True),
    Column("decision_id", ForeignKey("decision.id"), nullable=False),
)

template = Table(
    "template",
    metadata,
    Column("id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("language", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("retired_at", Utc),
)

response = Table(
    "response",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uuid", String, nullable=False, unique=True),
    Column("item_id", ForeignKey("item.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("template_id", String),
    Column("template_version", Integer),
    Column("account", String, nullable=False),
    Column("recipient", String),
    Column("result", String, nullable=False),
    Column("given_by", ForeignKey("person.id"), nullable=False),
    Column("given_at", Utc, nullable=False),
    Column("logged_at", Utc, nullable=False),
    Column("supersedes_id", ForeignKey("response.id")),
    Column("simulated", Boolean, nullable=False, default=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("data", Text, nullable=False),
    Column("prev_hash", String, nullable=False),
    Column("hash", String, nullable=False, unique=True),
)

model = Table(
    "model",
    metadata,
    Column("version", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("path", String, nullable=False),
    Column("content_hash", String, nullable=False),
    Column("card", JSON, nullable=False),
    Column("registered_at", Utc, nullable=False),
    # The SHA-256 of the arrays' file, so that a process without model libraries can check it.
    Column("file_hash", String),
    Column("based_on", String),
    # Empty people beside a filled time stand for the terminal.
    Column("trained_by", ForeignKey("person.id")),
    Column("asked_by", ForeignKey("person.id")),
    Column("asked_at", Utc),
    Column("promoted_by", ForeignKey("person.id")),
    Column("promoted_at", Utc),
    # The version that was active before this one: where a rollback leads.
    Column("replaced", String),
)

# What was measured of a model, one row per measurement; the newest of a kind counts.
model_report = Table(
    "model_report",
    metadata,
    Column("id", Key, primary_key=True),
    Column("version", ForeignKey("model.version"), nullable=False),
    Column("kind", String, nullable=False),
    Column("data", JSON, nullable=False),
    Column("made_at", Utc, nullable=False),
    Index("ix_model_report_version_kind", "version", "kind"),
)

# Unflagged posts that a random draw puts before people, all kinds out of one weekly budget.
draw = Table(
    "draw",
    metadata,
    Column("id", Key, primary_key=True),
    Column("post_id", ForeignKey("post.id"), nullable=False),
    Column("week", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("reason", String, nullable=False),
    # Empty where the choice was no probability sample.
    Column("probability", Float),
    Column("drawn_by", ForeignKey("person.id")),
    Column("drawn_at", Utc, nullable=False),
    UniqueConstraint("post_id", "kind"),
    CheckConstraint("probability > 0 AND probability <= 1", name="probability_within_0_1"),
)

# The list that misinformation is matched with; the engine holds what safeguard 5 asks for.
statement = Table(
    "statement",
    metadata,
    Column("id", Key, primary_key=True),
    Column("policy", String, nullable=False),
    Column("topic", String, nullable=False),
    Column("lang", String, nullable=False),
    # The claim in the wordings that it goes around in.
    Column("wordings", JSON, nullable=False),
    Column("what_is_true", Text, nullable=False),
    Column("source_name", String, nullable=False),
    Column("source_url", String, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("proposed_by", ForeignKey("person.id"), nullable=False),
    Column("proposed_at", Utc, nullable=False),
    Column("approved_by", ForeignKey("person.id")),
    Column("approved_at", Utc),
    Column("expires_at", Utc, nullable=False),
    # The statement that this one takes the place of once it is approved.
    Column("corrects", ForeignKey("statement.id")),
    Column("ended_by", ForeignKey("person.id")),
    Column("ended_at", Utc),
    CheckConstraint("approved_by <> proposed_by", name="two_persons"),
    CheckConstraint("state <> 'active' OR approved_by IS NOT NULL", name="active_by_two"),
    CheckConstraint(
        "(policy = 'health_misinformation' AND topic = 'health') OR "
        "(policy = 'disaster_misinformation' AND topic = 'emergency')",
        name="health_or_emergency",
    ),
    # 180 days in microseconds.
    CheckConstraint(
        "expires_at > proposed_at AND expires_at - proposed_at <= 15552000000000",
        name="expires_within_180_days",
    ),
    CheckConstraint(
        "source_url LIKE 'http://_%' OR source_url LIKE 'https://_%'",
        name="published_source",
    ),
)

task = Table(
    "task",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String, nullable=False),
    Column("args", JSON, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("done", Integer, nullable=False, default=0),
    Column("total", Integer, nullable=False, default=0),
    Column("message", String, nullable=False, default=""),
    Column("asked_by", ForeignKey("person.id")),
    Column("created_at", Utc, nullable=False),
    Column("started_at", Utc),
    Column("beat_at", Utc),
    Column("ended_at", Utc),
)

# Roll-ups, kept in the transaction of the fact that they count.
# Civic posts stand in rows whose topic is "civic" and whose sentiment is empty.
rollup_post = Table(
    "rollup_post",
    metadata,
    Column("day", Integer, primary_key=True),
    Column("source_id", ForeignKey("source.id"), primary_key=True),
    Column("topic", String, primary_key=True),
    Column("sentiment", String, primary_key=True),
    Column("arrived", Integer, nullable=False),
    Column("flagged", Integer, nullable=False),
)

# Serves "at least 10 authors" (safeguard 3) and nothing else: how many posts of the day and cell
# fall into each of 64 drawers of authors.
# A drawer holds many authors and differs from cell to cell, so it names nobody and joins to
# nothing; n drawers in use prove at least n authors.
rollup_mark = Table(
    "rollup_mark",
    metadata,
    Column("day", Integer, primary_key=True),
    Column("topic", String, primary_key=True),
    Column("sentiment", String, primary_key=True),
    Column("mark", String, primary_key=True),
    Column("posts", Integer, nullable=False),
)

# Items by the day they were made (the cohort), so that an open item always counts.
# A team or source of 0 is none.
rollup_item = Table(
    "rollup_item",
    metadata,
    Column("day", Integer, primary_key=True),
    Column("queue", String, primary_key=True),
    Column("label", String, primary_key=True),
    Column("lang", String, primary_key=True),
    Column("team_id", BigInteger, primary_key=True, autoincrement=False),
    Column("source_id", BigInteger, primary_key=True, autoincrement=False),
    Column("made", Integer, nullable=False),
    Column("decided", Integer, nullable=False),
    Column("harm", Integer, nullable=False),
    Column("needs_answer", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("void", Integer, nullable=False),
    Column("in_time", Integer, nullable=False),
    Column("unsure", Integer, nullable=False),
    Column("skipped", Integer, nullable=False),
    Column("escalated", Integer, nullable=False),
)

# What stands on items, by the day they were made.  A decision that names several policies stands in
# a row of each of them (*items*), and in *leading* of the first alone, so that sums can be taken
# both ways.
rollup_outcome = Table(
    "rollup_outcome",
    metadata,
    Column("day", Integer, primary_key=True),
    Column("label", String, primary_key=True),
    Column("lang", String, primary_key=True),
    Column("team_id", BigInteger, primary_key=True, autoincrement=False),
    Column("source_id", BigInteger, primary_key=True, autoincrement=False),
    Column("model", String, primary_key=True),
    Column("outcome", String, primary_key=True),
    Column("policy", String, primary_key=True),
    Column("items", Integer, nullable=False),
    Column("leading", Integer, nullable=False),
)

# How long items waited for each step, by the day they were made.  *bucket* is the upper edge of
# the waiting time in whole minutes.
rollup_wait = Table(
    "rollup_wait",
    metadata,
    Column("day", Integer, primary_key=True),
    Column("queue", String, primary_key=True),
    Column("label", String, primary_key=True),
    Column("lang", String, primary_key=True),
    Column("team_id", BigInteger, primary_key=True, autoincrement=False),
    Column("step", String, primary_key=True),
    Column("bucket", Integer, primary_key=True, autoincrement=False),
    Column("ended", Integer, nullable=False),
    Column("gone", Integer, nullable=False),
)

# What was done on a day, whenever its items were made.  A row for each deed, so that on PostgreSQL
# the arrivals of a page keep nobody from deciding.
rollup_pace = Table(
    "rollup_pace",
    metadata,
    Column("day", Integer, primary_key=True),
    Column("queue", String, primary_key=True),
    Column("team_id", BigInteger, primary_key=True, autoincrement=False),
    Column("deed", String, primary_key=True),
    Column("items", Integer, nullable=False),
)

# Posts that their platforms deleted, by the day that became known.
# *counted_from* is "platform" where it said when, else "learned"; *bucket* is the upper edge, in
# whole minutes, of the time from then to our erasure, and *texts* those of the posts whose text was
# held until then.
rollup_purge = Table(
    "rollup_purge",
    metadata,
    Column("day", Integer, primary_key=True),
    Column("source_id", BigInteger, primary_key=True, autoincrement=False),
    Column("counted_from", String, primary_key=True),
    Column("bucket", Integer, primary_key=True, autoincrement=False),
    Column("posts", Integer, nullable=False),
    Column("texts", Integer, nullable=False),
)

# Posts by the day on which they arrived and their source: by their language and, apart, by the hour
# in which they were written; *part* says which.
rollup_came = Table(
    "rollup_came",
    metadata,
    Column("day", Integer, primary_key=True),
    Column("source_id", BigInteger, primary_key=True, autoincrement=False),
    Column("part", String, primary_key=True),
    Column("value", String, primary_key=True),
    Column("posts", Integer, nullable=False),
)
