"""A statement to begin with, and the two persons who put it in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from evenhand.dashboard.jobs import statements
from evenhand.data.store.statements import Worded
from tests.conftest import NOON

DAM = Worded(
    policy="disaster_misinformation",
    topic="emergency",
    lang="vi",
    wordings=("Đập hồ trên đã vỡ rồi", "Đập phía trên thành phố vỡ"),
    what_is_true="Đập hồ trên không vỡ, vẫn còn nguyên.",
    source_name="Ban chỉ huy phòng chống thiên tai",
    source_url="https://pctt.example/dap-ho-tren",
    expires_at=NOON + timedelta(days=30),
)
SEA = replace(
    DAM,
    policy="health_misinformation",
    topic="health",
    lang="en",
    wordings=("Gargling sea water cures dengue fever",),
    what_is_true="Gargling sea water does not cure dengue fever; see a doctor.",
    source_name="Health department",
    source_url="https://health.example/dengue",
)


def put_in_force(store, actors, worded=DAM, now=NOON):
    """Let the analyst propose a statement and the coordinator approve it; give it."""
    made = statements.propose(store, actors.analyst, worded, now)
    return statements.approve(store, actors.coordinator, made.id, now)
