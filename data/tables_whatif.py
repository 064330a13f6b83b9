"""The schema of what other thresholds would do: counts of whole days, and of nothing but posts.

The same metadata as `tables`, in a module of its own because that one is long enough.
No column here holds a post, a source, a topic, a sentiment or anything of an author.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, SmallInteger, String, Table

from evenhand.data.tables import Utc, metadata

# Posts of a day that some threshold would put before people, by how high it may be.
whatif = Table(
    "whatif",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("model", String, primary_key=True),
    Column("lang", String, primary_key=True),
    # "hate:-2:0,spam:13:1": the label, the highest threshold in quarters of the log-odds, and
    # whether it puts the post before people now.
    Column("puts", String, primary_key=True),
    # 1 where it is before people whatever the thresholds.
    Column("kept", SmallInteger, primary_key=True, autoincrement=False),
    Column("posts", Integer, nullable=False),
    Column("items", Integer, nullable=False),
    Column("decided", Integer, nullable=False),
    Column("harm", Integer, nullable=False),
    Column("asked", Integer, nullable=False),
    CheckConstraint("kept = 0 OR kept = 1", name="kept_or_not"),
)

# Which days were counted, and when: decisions that came later are not in them yet.
whatif_day = Table(
    "whatif_day",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("counted_at", Utc, nullable=False),
)
