"""A floor for the figures: weeks of posts, decisions and answers, made by the jobs themselves.

`fill` works on a store with a reviewer; what it leaves behind is counted by plain SQL in the tests.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from evenhand.dashboard.jobs import claims, decisions, requests
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.data.records import (
    Decision,
    Delete,
    Outcome,
    Page,
    Post,
    Response,
    ResponseKind,
    SourceSpec,
    Upsert,
)
from evenhand.data.store import sources
from tests.fakes import KEYWORDS, TOPICS, FakeTagger

DAYS = 24
# Words that the fake tagger knows: topic, sentiment and label of each kind of post, and how many
# such posts there are a day.
KINDS = (
    ("flood", 13),
    ("flood sad", 9),
    ("flood happy", 2),
    ("storm", 8),
    ("storm sad", 4),
    ("vaccine", 6),
    ("vaccine sad", 3),
    ("school happy", 4),
    ("price sad", 3),
    ("match happy", 5),
    ("match", 2),
    ("movie", 1),
    ("election happy", 12),
    ("flood help", 2),
    ("vaccine question", 2),
    ("storm scam", 2),
    ("price lừa đảo", 1),
    ("match harass", 1),
)
MORE_TOPICS = {
    "school": "education",
    "price": "economy",
    "match": "sport",
    "movie": "arts_media",
}


def fill(store, reviewer, now, days=DAYS):
    """Let posts come in for *days* days, be decided within the hour, and be answered in part."""
    tagger = FakeTagger(KEYWORDS, TOPICS | MORE_TOPICS)
    with store.write() as conn:
        sources.propose(conn, SourceSpec("diễn đàn", "file"), person_id=None, now=now)
        source_id = sources.get(conn, "diễn đàn").id
    for ago in range(days - 1, -1, -1):
        at = now - timedelta(days=ago)
        page = Page(tuple(map(Upsert, of_day(ago, at))), {})
        ingest_page(store, source_id=source_id, page=page, tagger=tagger, now=at)
        if ago:
            work(store, reviewer, at + timedelta(minutes=50), ago)
    # One that waits and one that may be decided are deleted where they were written.
    known = now - timedelta(hours=5, minutes=7)
    gone = tuple(
        Delete(f"key{ago}-{kind}-0", "deleted", at)
        for ago, kind, at in ((2, 16, known), (1, 13, None))
    )
    ingest_page(store, source_id=source_id, page=Page(gone, {}), tagger=tagger, now=now)


def count(store, query, **values):
    """Count by plain SQL, past all of the program's own readers."""
    with store.read() as conn:
        return int(conn.execute(text(query), values).scalar_one() or 0)


def of_day(ago, at):
    """Make one day's posts."""
    for kind, (words, usual) in enumerate(KINDS):
        # Later days bring more floods.
        extra = (DAYS - ago) // 2 if words.startswith("flood") else 0
        for number in range(usual + extra):
            yield Post(
                native_key=f"key{ago}-{kind}-{number}",
                platform="reddit",
                content=f"{words} {ago} {number}",
                published_at=at - timedelta(minutes=5, hours=(kind + number) % 5),
                fetched_at=at,
                author_ref=f"author{(number * 7 + kind * 3 + ago) % 61}",
                reach=(number * 5 + kind) % 17,
                language="vi" if kind % 3 else "en",
            )


def work(store, reviewer, at, ago):
    """Decide on most of what waits, and answer half of what needs an answer."""
    taken = [
        item
        for queue, wanted in (("fast", 5), ("harm", 4), ("request", 3))
        for item in claims.claim_next(store, reviewer, now=at, queues=[queue], count=wanted)
    ]
    for number, item in enumerate(taken[: len(taken) - ago % 3]):
        asks = item.flags[0].label in {"help_needed", "question"}
        outcome = Outcome.NEEDS_ANSWER if asks else Outcome.VIOLATES
        if number == 6:
            outcome = Outcome.NO_HARM
        policy = item.flags[0].label if outcome is Outcome.VIOLATES else None
        decisions.decide(
            store,
            reviewer,
            Decision(
                uuid=f"d{item.id}",
                item_id=item.id,
                claim_number=item.claim.number,
                version=item.version,
                outcome=outcome,
                policy=policy,
            ),
            now=at,
        )
        if outcome is not Outcome.NO_HARM and number % 2:
            requests.respond(store, reviewer, response(item.id, at), now=at)
    claims.release_all(store, reviewer, at)


def response(item_id, at):
    """Make the response to one item."""
    return Response(
        uuid=f"r{item_id}",
        item_id=item_id,
        kind=ResponseKind.PUBLIC_REPLY,
        channel="diễn đàn",
        text="Đội cứu hộ đang đến.",
        language="vi",
        account="u/TeamDaNang",
        given_at=at,
    )
