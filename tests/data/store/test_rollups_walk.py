"""The law of roll-ups: whatever happens, what is kept equals what is made anew, row for row."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from evenhand.dashboard.jobs import appeals, claims, decisions, ranges, requests, waves
from evenhand.data import tables
from evenhand.data.errors import AlreadyDecided, ClaimLost, InputError, NotFound, WaveUnread
from evenhand.data.records import Decision, Delete, Outcome, Response, ResponseKind
from evenhand.data.settings import QualitySettings
from evenhand.data.store import reviews, rollup_waits, rollups, rollups_anew
from evenhand.data.store.rollups import Days, Step
from tests.conftest import NOON
from tests.range_floor import LOW, put_scored
from tests.review_floor import put_item, replay, standing
from tests.wave_floor import NEAR, OTHER, SCAM, bring, put_floor

TEXTS = (SCAM, NEAR, OTHER, "question " + OTHER, "help " + SCAM, "harass " + OTHER)
ACTS = (
    *("arrive", "arrive", "put", "edit", "delete", "erase_item"),
    *("claim", "claim", "skip", "release", "expire"),
    *("decide",) * 6,
    *("undo", "undo", "respond", "respond", "follow_up"),
    *("appeal", "read_appeal", "split", "score_range", "undo_range"),
)
SAID = (
    (Outcome.VIOLATES, "hate", ()),
    (Outcome.VIOLATES, "spam", (("hate", 3), ("harassment", 2))),
    (Outcome.NO_HARM, None, ()),
    (Outcome.NOT_SURE, None, ()),
    (Outcome.NEEDS_ANSWER, None, ()),
    (Outcome.NEEDS_ANSWER, None, ()),
    (Outcome.ALREADY_ANSWERED, None, ()),
)
# What people run into where others were quicker, or where nothing of the kind is left.
REFUSED = (AlreadyDecided, ClaimLost, InputError, NotFound, WaveUnread)
REASON = "unclear"
# The floor puts posts past the count of them.
OF_POSTS = ("rollup_post", "rollup_came")


class Day:
    """People at work over one store, and a clock that goes forward by minutes and by hours."""

    def __init__(self, store, actors, make_post, seed):
        self.store, self.floor, self.make = store, put_floor(store), make_post
        self.people = (actors.an, actors.binh, actors.coordinator)
        self.coordinator = actors.coordinator
        self.dice = random.Random(seed)  # noqa: S311 - repeatable acts, no secret
        self.now, self.keys, self.done = NOON, 0, set()

    def act(self):
        """Do one thing; most acts are minutes apart, some a day."""
        self.now += timedelta(seconds=self.dice.choice((0, 1, 61, 600, 4_000, 90_000)))
        name = self.dice.choice(ACTS)
        with suppress(*REFUSED):
            getattr(self, name)()
            self.done.add(name)

    def anybody(self):
        """Choose a person."""
        return self.dice.choice(self.people)

    def post(self, key, **more):
        """Make a post with one of a few texts."""
        text = self.dice.choice(TEXTS)
        return self.make(native_key=key, content=text, fetched_at=self.now, **more)

    def known(self):
        """Choose a post that came before."""
        return f"k{self.dice.randrange(self.keys)}" if self.keys else "k0"

    def row(self, *which):
        """Choose an item; none raises, as a page without it would."""
        with self.store.read() as conn:
            found = conn.execute(select(tables.item).where(*which).order_by(tables.item.c.id)).all()
        if not found:
            raise NotFound
        return self.dice.choice(found)

    def arrive(self):
        """A page of one or two posts comes in."""
        made = [f"k{self.keys + number}" for number in range(self.dice.randint(1, 2))]
        self.keys += len(made)
        bring(self.floor, self.floor.one, *map(self.post, made), now=self.now)

    def put(self):
        """An item of the team, or of nobody, is made with a deadline near or far."""
        team, label = self.dice.choice((None, 1)), self.dice.choice(("hate", "spam", "question"))
        due = self.now + timedelta(minutes=self.dice.choice((1, 90, 3_000)))
        queue = "request" if label == "question" else "harm"
        with self.store.write() as conn:
            put_item(conn, label, due_at=due, team_id=team, queue=queue)

    def edit(self):
        """A post changes its text, and its item may move."""
        bring(
            self.floor, self.floor.one, self.post(self.known(), updated_at=self.now), now=self.now
        )

    def delete(self):
        """A post goes, and its platform says when, or not, or a time that is still to come."""
        hours = self.dice.choice((None, -1, 0, 1, 30))
        at = None if hours is None else self.now - timedelta(hours=hours)
        bring(self.floor, self.floor.one, Delete(self.known(), "gone", at), now=self.now)

    def erase_item(self):
        """The post of any item goes, decided or not."""
        with self.store.read() as conn:
            rows = conn.execute(select(tables.post.c.native_key, tables.post.c.source_id)).all()
        if rows:
            one = self.dice.choice(rows)
            bring(self.floor, one.source_id, Delete(one.native_key, "gone"), now=self.now)

    def claim(self):
        """Somebody takes up to two items and keeps them for a while."""
        claims.claim_next(self.store, self.anybody(), now=self.now, count=2)

    def held(self):
        """Somebody holds an item: the first of theirs, or the next."""
        actor = self.anybody()
        mine = claims.held(self.store, actor, self.now)
        mine = mine or claims.claim_next(self.store, actor, now=self.now, count=1)
        if not mine:
            raise NotFound
        return actor, mine[0]

    def skip(self):
        """Somebody gives an item back for good."""
        actor, one = self.held()
        claims.skip(self.store, actor, one.id, one.claim.number, REASON, self.now)

    def release(self):
        """Somebody gives an item back."""
        actor, one = self.held()
        claims.release(self.store, actor, [(one.id, one.claim.number)], self.now)

    def expire(self):
        """What ran out goes back."""
        claims.sweep(self.store, self.now)

    def decide(self):
        """Somebody decides; half of what they decide is read twice."""
        actor, one = self.held()
        outcome, policy, also = self.dice.choice(SAID)
        under = one.id, one.claim.number
        with suppress(InputError):
            waves.spot_check(self.store, actor, under, self.now, k=1)
        new = Decision(
            str(UUID(int=self.dice.getrandbits(128))),
            one.id,
            one.claim.number,
            one.version,
            outcome,
            policy,
            also=also,
        )
        quality = QualitySettings(double_share=0.5)
        decisions.decide(self.store, actor, new, now=self.now, quality=quality)

    def undo(self):
        """Somebody takes their last decision back."""
        if decisions.undo_last(self.store, self.anybody(), self.now, within_s=1e6) is None:
            raise NotFound

    def answer(self, item_id, *, follow_up):
        """Somebody logs a response."""
        new = Response(
            uuid=str(UUID(int=self.dice.getrandbits(128))),
            item_id=item_id,
            kind=ResponseKind.PUBLIC_REPLY,
            channel="r/danang",
            text="Đội cứu hộ đang đến.",
            language="vi",
            account="u/TeamDaNang",
            given_at=self.now,
        )
        actor = self.anybody()
        requests.respond(self.store, actor, new, now=self.now, follow_up=follow_up)

    def respond(self):
        """A decided item is answered, whether it needs an answer or not."""
        self.answer(str(self.row(tables.item.c.state == "decided").id), follow_up=False)

    def follow_up(self):
        """An answered item is answered once more."""
        self.answer(str(self.row(tables.item.c.state == "answered").id), follow_up=True)

    def appeal(self):
        """Somebody appeals against a decision."""
        one = self.row(tables.item.c.decided_at.is_not(None), tables.item.c.of_item_id.is_(None))
        ground = "Bài này là lời cảnh báo."
        appeals.file_appeal(self.store, self.anybody(), str(one.id), "team", ground, self.now)

    def read_appeal(self):
        """Somebody reads what is appealed against, ahead of its turn."""
        one = self.row(tables.item.c.purpose.in_(("appeal", "adjudication", "double")))
        actor = self.anybody()
        with self.store.write() as conn:
            reviews.refuse_part(conn, actor, one.id)
            reviews.take(
                conn, actor.id, one.id, now=self.now, until=self.now + timedelta(minutes=10)
            )
        mine = [mine for mine in claims.held(self.store, actor, self.now) if mine.id == str(one.id)]
        for each in mine:
            outcome, policy, also = self.dice.choice(SAID)
            new = Decision(
                str(UUID(int=self.dice.getrandbits(128))),
                each.id,
                each.claim.number,
                each.version,
                outcome,
                policy,
                also=also,
            )
            decisions.decide(self.store, actor, new, now=self.now)

    def split(self):
        """Somebody takes a copy out of a wave."""
        actor, one = self.held()
        under = one.id, one.claim.number
        for odd in waves.spot_check(self.store, actor, under, self.now, k=1):
            waves.split(self.store, actor, under, odd.post_id, self.now)

    def score_range(self):
        """A range is read in part and the rest decided in one act."""
        put_scored(self.store, 8, team_id=self.dice.choice((None, 1)))
        found = ranges.draw(self.store, self.coordinator, LOW, now=self.now, count=5, rng=self.dice)
        for one in claims.held(self.store, self.coordinator, self.now):
            if int(one.id) in found.drawn:
                new = Decision(
                    str(UUID(int=self.dice.getrandbits(128))),
                    one.id,
                    one.claim.number,
                    one.version,
                    Outcome.NO_HARM,
                )
                decisions.decide(self.store, self.coordinator, new, now=self.now)
        quality = QualitySettings(double_share=0.5)
        ranges.decide_rest(self.store, self.coordinator, found.id, self.now, quality=quality)

    def undo_range(self):
        """The newest act on a range is taken back."""
        newest = ranges.newest(self.store, self.coordinator, self.now)
        if not newest:
            raise NotFound
        ranges.undo(self.store, self.coordinator, newest[0].range.id, self.now)


def check(store, now):
    """Kept equals anew, and every item of a cohort has ended, is gone or waits, for each step."""
    with store.read() as conn:
        differing = [one for one in rollups_anew.compare(conn) if one.table not in OF_POSTS]
        days = Days(NOON.date(), now.date())
        [total] = rollups.item_totals(conn, days, by=())
        steps = {step: rollup_waits.read(conn, days, step, now).get("") for step in Step}
        own = select(func.count()).where(tables.item.c.of_item_id.is_(None))
        assert total.made == conn.execute(own).scalar_one()
        waits = tables.item.c.state.in_(("open", "claimed"))
        asked = tables.item.c.label.in_(("question", "complaint", "help_needed"))
        may_ask = conn.execute(own.where(waits, asked)).scalar_one()
    assert [one for one in differing if not one.is_equal] == []
    sums = {
        step: sum(items for part in (one.ended, one.gone, one.open) for _, items in part)
        for step, one in steps.items()
        if one is not None
    }

    assert sums[Step.SEEN] == sums[Step.DECIDED] == total.made
    assert sums.get(Step.ANSWERED, 0) == total.needs_answer + may_ask


@pytest.mark.parametrize("seed", range(5))
def test_roll_ups_equal_a_rebuild_whatever_happens(store, actors, make_post, seed):
    """Arrivals, edits, erasures, claims, decisions, answers, appeals, waves, ranges, and undo."""
    day = Day(store, actors, make_post, seed)
    day.put()
    for number in range(120):
        day.act()
        if number % 20 == 19:
            check(store, day.now)

    check(store, day.now)
    assert replay(store) == standing(store)
    # Some acts find nothing to act on in some of the days.
    assert len(day.done) >= len(set(ACTS)) - 7, sorted(set(ACTS) - day.done)
