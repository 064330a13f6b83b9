"""The schema of alerts: what is open, what happened to each, what is muted, and what was sent.

The same metadata as `tables`, in a module of its own because that one is long enough.
A reason is numbers: no column here holds a post's text or anything of an author.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from evenhand.data.tables import Key, Utc, metadata, post

alert = Table(
    "alert",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String, nullable=False),
    # What it is about: "source:3", "team:1", "topic:health", "model:<version>", or "all".
    Column("subject", String, nullable=False),
    # Numbers by name, as they were when its rule last fired: at *looked_at*.
    Column("reason", JSON, nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("looked_at", Utc, nullable=False),
    Column("owner_id", ForeignKey("person.id")),
    Column("state", String, nullable=False),
    Column("ended_at", Utc),
    CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_with_a_time"),
    # However often and by however many workers a rule is asked: one open alert of a thing.
    Index(
        "uq_alert_open",
        "kind",
        "subject",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

# What happened to an alert; rows are only added.
alert_event = Table(
    "alert_event",
    metadata,
    Column("id", Key, primary_key=True),
    Column("alert_id", ForeignKey("alert.id"), nullable=False, index=True),
    Column("at", Utc, nullable=False),
    Column("kind", String, nullable=False),
    # Empty where a rule did it.
    Column("person_id", ForeignKey("person.id")),
    Column("data", JSON, nullable=False),
)

# What is not told for a while; a newer row of the same thing ends an older one.
alert_mute = Table(
    "alert_mute",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("until", Utc, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_by", ForeignKey("person.id"), nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("ended_by", ForeignKey("person.id")),
    Column("ended_at", Utc),
    Index(
        "uq_alert_mute_standing",
        "kind",
        "subject",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

# One row per alert and channel, whatever becomes of it.
alert_sent = Table(
    "alert_sent",
    metadata,
    Column("id", Key, primary_key=True),
    Column("alert_id", ForeignKey("alert.id"), nullable=False),
    Column("channel", String, nullable=False),
    Column("state", String, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    # When it is tried next, or, while it is being sent, when that began.
    Column("at", Utc, nullable=False),
    Column("outcome", String, nullable=False),
    UniqueConstraint("alert_id", "channel"),
    Index(
        "ix_alert_sent_waiting",
        "at",
        sqlite_where=text("state = 'waiting' OR state = 'sending'"),
        postgresql_where=text("state = 'waiting' OR state = 'sending'"),
    ),
)

# Deleted posts whose text is still held: there should be none, and this makes asking free.
Index(
    "ix_post_deleted_text",
    post.c.id,
    sqlite_where=text("deleted_at IS NOT NULL AND text_erased_at IS NULL"),
    postgresql_where=text("deleted_at IS NOT NULL AND text_erased_at IS NULL"),
)
