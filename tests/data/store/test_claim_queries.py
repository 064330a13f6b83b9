"""Statements that are kept serve everybody who shares a wish, and mix nobody with another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import StatementError

from evenhand.data.store import care, claim_queries, claims, random_share
from tests.conftest import NOON
from tests.review_floor import put_item, wish

LEASE = timedelta(minutes=10)


def take(store, wanted, now=NOON, share=0.0):
    """Claim, look at what came and give it back: the next claim finds the queue as it was."""
    with store.write() as conn:
        at_random = random_share.AtRandom(share, lambda: 0.5)
        held = claims.claim(conn, wanted, now=now, until=now + LEASE, at_random=at_random)
        claims.release_all(conn, wanted.person_id, now, None)
    assert {wanted.person_id} == {one.holder_id for one in held}
    return {one.item_id for one in held}


@pytest.mark.usefixtures("actors")
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_people_who_claim_in_turn_each_get_what_is_for_them(store, share):
    """Languages, opt-outs and skips of one are no other's, however often the statements ran."""
    with store.write() as conn:
        spam = put_item(conn, "spam", lang="vi").id
        hate = put_item(conn, "hate", lang="vi").id
        english = put_item(conn, "hate", lang="en").id
    an, binh = wish(person_id="1"), wish(person_id="2")
    reads = replace(binh, langs=("vi", "und"))

    for _ in range(2):
        assert {spam, hate, english} == take(store, an, share=share)
        assert {spam, hate, english} == take(store, binh, share=share)
        assert {spam, hate} == take(store, reads, share=share)
        assert {english} == take(store, replace(reads, langs=("en",)), share=share)
    with store.write() as conn:
        care.put_opt_out(conn, "1", "hate", NOON)
        [held] = claims.claim(
            conn, replace(binh, count=1, labels=("spam",)), now=NOON, until=NOON + LEASE
        )
        claims.put_skip(conn, "2", (held.item_id, held.number), "cannot say", NOON)

    for _ in range(2):
        assert {spam} == take(store, an, share=share)
        assert {hate, english} == take(store, binh, share=share)
        assert {hate} == take(store, reads, share=share)


@pytest.mark.usefixtures("actors")
def test_count_and_time_of_a_claim_are_its_own(store):
    """They are bound when the statement runs: the same one gives more, and what is late by then."""
    with store.write() as conn:
        high = put_item(conn, priority=5.0, due_at=NOON + 2 * LEASE).id
        low = put_item(conn, priority=-5.0, due_at=NOON + LEASE).id

    assert {high} == take(store, wish(count=1))
    assert {low} == take(store, wish(count=1), NOON + LEASE)
    assert {high, low} == take(store, wish(count=2))
    assert {high} == take(store, wish(count=1))


@pytest.mark.usefixtures("actors")
def test_counts_of_two_people_are_their_own(store):
    """The statement is one, who asks is not."""
    with store.write() as conn:
        put_item(conn, "hate")
        put_item(conn, "spam")
        care.put_opt_out(conn, "1", "hate", NOON)
        counts = [claims.waiting(conn, wish(person_id=who))["harm"] for who in ("1", "2", "1")]

    assert [1, 2, 1] == counts


@pytest.mark.usefixtures("actors")
def test_kept_statement_is_one_for_all_who_share_a_wish_and_runs_for_nobody(store):
    """One that tells of nobody is refused without a person; a wish of nobody binds none."""
    an, binh = wish(person_id="1", count=3).anybodys(), wish(person_id="2", count=1).anybodys()
    query = claim_queries.taking_head(an)

    assert query is claim_queries.taking_head(binh)
    assert query is not claim_queries.taking_head(replace(an, team_id="9"))
    with store.write() as conn, pytest.raises(StatementError, match="'me'"):
        conn.execute(query, {"now": NOON, "until": NOON, "most": 1, "half": 1})
    with pytest.raises(ValueError, match="nobody"):
        _ = an.me
