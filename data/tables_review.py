"""The schema of the review console: waves, quality, routes, search, macros, care, audits.

The same metadata as `tables`, in a module of its own because that one is long enough.
Nothing here can be sorted or counted by author, and what care records of a person is read by that
person alone.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from evenhand.data.tables import Key, Utc, metadata

# What near-duplicates are found by; rows leave when they fall out of the window.
signature = Table(
    "signature",
    metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False, index=True),
    Column("data", LargeBinary, nullable=False),
)

# A group of near-duplicates; its item is the one of its first post.
wave = Table(
    "wave",
    metadata,
    Column("id", Key, primary_key=True),
    Column("first_post_id", ForeignKey("post.id"), nullable=False, unique=True),
    Column("members", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("joined_at", Utc, nullable=False),
)

wave_member = Table(
    "wave_member",
    metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True, autoincrement=False),
    Column("wave_id", ForeignKey("wave.id"), nullable=False, index=True),
    # Estimated share of common words with the first post; 1 where the normalised texts are equal.
    Column("similarity", Float, nullable=False),
    Column("joined_at", Utc, nullable=False),
    # Filled when a person said that it does not belong here.
    Column("left_at", Utc),
    # How many stand behind the item of another post, by the day they came.
    Index(
        "ix_wave_member_joined_at",
        "joined_at",
        "wave_id",
        sqlite_where=text("left_at IS NULL"),
        postgresql_where=text("left_at IS NULL"),
    ),
)

# Items whose outcome is known, put before reviewers again to measure reading; two persons each.
gold = Table(
    "gold",
    metadata,
    Column("id", Key, primary_key=True),
    Column("item_id", ForeignKey("item.id"), nullable=False, unique=True),
    Column("outcome", String, nullable=False),
    Column("policy", String),
    Column("explanation", Text, nullable=False),
    Column("proposed_by", ForeignKey("person.id"), nullable=False),
    Column("proposed_at", Utc, nullable=False),
    Column("approved_by", ForeignKey("person.id")),
    Column("approved_at", Utc),
    Column("retired_at", Utc),
    CheckConstraint("approved_by <> proposed_by", name="two_persons"),
)

# Somebody holds a decision to be wrong; another person than the first decides again.
appeal = Table(
    "appeal",
    metadata,
    Column("id", Key, primary_key=True),
    Column("item_id", ForeignKey("item.id"), nullable=False, index=True),
    Column("decision_id", ForeignKey("decision.id"), nullable=False),
    # "team" or "affected": the person whose post it is, who never becomes a record here.
    Column("side", String, nullable=False),
    Column("ground", Text, nullable=False),
    Column("filed_by", ForeignKey("person.id"), nullable=False),
    Column("filed_at", Utc, nullable=False),
    # The item under which the other person reads.
    Column("review_item_id", ForeignKey("item.id"), unique=True),
    # "upheld" or "overturned"; empty while it is open.
    Column("result", String),
    Column("ended_at", Utc),
    Index(
        "ix_appeal_open",
        "filed_at",
        sqlite_where=text("result IS NULL"),
        postgresql_where=text("result IS NULL"),
    ),
)

# What a policy or a request means where its wording left people unsure; two persons each.
clarification = Table(
    "clarification",
    metadata,
    Column("id", Key, primary_key=True),
    Column("label", String, nullable=False),
    Column("sentence_en", Text, nullable=False),
    Column("sentence_vi", Text, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("proposed_by", ForeignKey("person.id"), nullable=False),
    Column("proposed_at", Utc, nullable=False),
    Column("approved_by", ForeignKey("person.id")),
    Column("approved_at", Utc),
    Column("ended_by", ForeignKey("person.id")),
    Column("ended_at", Utc),
    CheckConstraint("approved_by <> proposed_by", name="two_persons"),
    CheckConstraint("state <> 'active' OR approved_by IS NOT NULL", name="active_by_two"),
)

# Which team gets what; read from the top, the first that fits holds.
route = Table(
    "route",
    metadata,
    Column("id", Key, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", String, nullable=False),
    # Lists of labels, languages and source ids; an empty list fits everything.
    Column("labels", JSON, nullable=False),
    Column("langs", JSON, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("team_id", ForeignKey("team.id"), nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("proposed_by", ForeignKey("person.id"), nullable=False),
    Column("proposed_at", Utc, nullable=False),
    Column("approved_by", ForeignKey("person.id")),
    Column("approved_at", Utc),
    Column("ended_by", ForeignKey("person.id")),
    Column("ended_at", Utc),
    CheckConstraint("approved_by <> proposed_by", name="two_persons"),
    CheckConstraint("state <> 'active' OR approved_by IS NOT NULL", name="active_by_two"),
)

# The text of items, without accents and in small letters: what a search inside items reads.
# It is erased with the text.
item_text = Table(
    "item_text",
    metadata,
    Column("item_id", ForeignKey("item.id"), primary_key=True, autoincrement=False),
    Column("folded", Text, nullable=False),
)

saved_view = Table(
    "saved_view",
    metadata,
    Column("id", Key, primary_key=True),
    Column("team_id", ForeignKey("team.id")),
    Column("page", String, nullable=False),
    Column("name", String, nullable=False),
    Column("query", String, nullable=False),
    Column("made_by", ForeignKey("person.id"), nullable=False),
    Column("made_at", Utc, nullable=False),
    UniqueConstraint("team_id", "page", "name"),
)

# Harms that a person does not want to read; nobody asks why, and nobody else can look it up.
opt_out = Table(
    "opt_out",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("label", String, primary_key=True),
    Column("since", Utc, nullable=False),
)

# Languages that a person reads; without a row, every language.
person_lang = Table(
    "person_lang",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("lang", String, primary_key=True),
)

# What a person was exposed to; others see sums over at least three people.
exposure = Table(
    "exposure",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("severity", SmallInteger, primary_key=True),
    Column("items", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
)

# What one key of the card decides and drafts; rows are only added and ended.
macro = Table(
    "macro",
    metadata,
    Column("id", Key, primary_key=True),
    Column("team_id", ForeignKey("team.id")),
    Column("key", String, nullable=False),
    Column("name", String, nullable=False),
    Column("outcome", String, nullable=False),
    # The policy first, then those that the decision names beside it.
    Column("policies", JSON, nullable=False),
    Column("kind", String, nullable=False),
    # Of every version and language: the item says which language is wanted.
    Column("template_id", String, nullable=False),
    Column("made_by", ForeignKey("person.id"), nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("ended_by", ForeignKey("person.id")),
    Column("ended_at", Utc),
    # R and C never (reload and copy), nor a letter that the card uses otherwise.
    CheckConstraint("key IN ('F', 'G', 'H', 'J', 'K', 'L', 'X', 'Z')", name="free_key"),
    Index(
        "uq_macro_team_id_key",
        "team_id",
        "key",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    # The engines take two rows of nobody's team for different ones.
    Index(
        "uq_macro_key_of_nobody",
        "key",
        unique=True,
        sqlite_where=text("ended_at IS NULL AND team_id IS NULL"),
        postgresql_where=text("ended_at IS NULL AND team_id IS NULL"),
    ),
)

# Items that wait with a score of one range: some of them are read, and if all of those show no
# harm, the others are given that outcome in one act.
score_range = Table(
    "score_range",
    metadata,
    Column("id", Key, primary_key=True),
    Column("team_id", ForeignKey("team.id")),
    Column("label", String, nullable=False),
    # Empty for every language.
    Column("lang", String),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    Column("state", String, nullable=False),
    # How many were to be read.
    Column("asked", Integer, nullable=False),
    # Keys of items: all of the range, those that were drawn to be read, and those that an act has
    # still before it.
    Column("members", JSON, nullable=False),
    Column("drawn", JSON, nullable=False),
    Column("remaining", JSON, nullable=False),
    Column("decided", Integer, nullable=False, default=0),
    Column("made_by", ForeignKey("person.id"), nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("decided_at", Utc),
    Column("ended_at", Utc),
    Column("undone_by", ForeignKey("person.id")),
    Column("undone_at", Utc),
    CheckConstraint("low >= 0 AND low <= high AND high <= 1", name="scores_within_0_1"),
)

# A person's own limits: minutes of reading until a break, items of severity 4 and 5 a day.
limits = Table(
    "limits",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("break_after_min", Integer),
    Column("severe_a_day", Integer),
    Column("changed_at", Utc, nullable=False),
)

# Where a person stands in their reading: how long since the last break, and whether what is severe
# is held back from them for today.
reading = Table(
    "reading",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("seconds", Float, nullable=False),
    Column("last_at", Utc, nullable=False),
    Column("spared", Boolean, nullable=False),
)

rest = Table(
    "rest",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("began_at", Utc, nullable=False),
    Column("until", Utc, nullable=False),
    # Whether the timer asked for it.
    Column("by_timer", Boolean, nullable=False),
    Index("ix_rest_person_id_until", "person_id", "until"),
)

# One random audit of the unflagged posts of a whole day, or why that day has none.
audit = Table(
    "audit",
    metadata,
    Column("id", Key, primary_key=True),
    Column("day", Integer, nullable=False, unique=True),
    Column("drawn_at", Utc, nullable=False),
    # "audited", "texts_gone" or "no_budget".
    Column("state", String, nullable=False),
    # Unflagged posts of the day that each had one chance, and its flagged ones, at the draw.
    Column("frame", Integer, nullable=False),
    Column("flagged", Integer, nullable=False),
    # Unflagged posts whose text was erased before anybody could draw them.
    Column("gone", Integer, nullable=False),
    # How many posts were to be drawn, and how many were.
    Column("budget", Float, nullable=False),
    Column("drawn", Integer, nullable=False),
    # The smallest chance in the frame, drawn or not.
    Column("least", Float),
    Column("model", String),
    Column("policy_version", String, nullable=False),
    # Of the frame: posts by language, and by their highest harm score in hundredths.
    Column("langs", JSON, nullable=False),
    Column("scores", JSON, nullable=False),
    # Of the frame: posts by source; empty for days that were drawn before it was kept.
    Column("sources", JSON(none_as_null=True)),
    CheckConstraint("least > 0 AND least <= 1", name="least_within_0_1"),
)

# How many unflagged posts may be put before people in a week, and how many of them for audits.
budget = Table(
    "budget",
    metadata,
    Column("id", Key, primary_key=True),
    Column("weekly", Integer, nullable=False),
    Column("audits", Integer, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("proposed_by", ForeignKey("person.id"), nullable=False),
    Column("proposed_at", Utc, nullable=False),
    Column("approved_by", ForeignKey("person.id")),
    Column("approved_at", Utc),
    Column("ended_by", ForeignKey("person.id")),
    Column("ended_at", Utc),
    CheckConstraint("audits >= 0 AND audits <= weekly", name="audits_within_weekly"),
    CheckConstraint("approved_by <> proposed_by", name="two_persons"),
    CheckConstraint("state <> 'active' OR approved_by IS NOT NULL", name="active_by_two"),
)
