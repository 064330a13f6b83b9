"""Laws of waves: no flagged post is lost, whatever arrives, changes, goes or is decided."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from evenhand.dashboard.jobs import claims, decisions, waves
from evenhand.dashboard.jobs.grouping import Groups
from evenhand.data import tables
from evenhand.data.records import AuthorErased, Delete
from evenhand.data.store.connect import open_store
from evenhand.data.tables_review import signature, wave, wave_member
from tests.conftest import NOON
from tests.review_floor import replay, rolled_up, standing
from tests.wave_floor import NEAR, OTHER, SCAM, bring, decide, put_floor

CALM = "Hôm nay trời đẹp, bà con ra chợ sớm mua rau tươi và cá ngon về nấu cơm cho cả nhà"
TEXTS = (SCAM, SCAM, NEAR, SCAM.upper(), OTHER, OTHER + " !", NEAR + " harass", CALM)
ACTS = (
    *("new", "new", "new", "edit", "edit", "delete", "erase"),
    *("decide", "decide", "undo", "split", "recheck"),
)


def check_laws(store):
    """Check that every flagged post stands behind an item, and that counts and logs agree."""
    post, item = tables.post, tables.item
    with store.read() as conn:
        flagged = select(post.c.id).where(post.c.flagged, post.c.deleted_at.is_(None))
        posts = set(conn.execute(flagged).scalars())
        gone = set(conn.execute(select(post.c.id).where(post.c.deleted_at.is_not(None))).scalars())
        rows = conn.execute(select(item).where(item.c.of_item_id.is_(None))).all()
        live = select(wave_member).where(wave_member.c.left_at.is_(None))
        first = {one.id: one.first_post_id for one in conn.execute(select(wave))}
        lead = {one.post_id: first[one.wave_id] for one in conn.execute(live)}
        sizes = {one.id: one.members for one in conn.execute(select(wave))}
        counted = dict(
            conn.execute(
                select(wave_member.c.wave_id, func.count())
                .where(wave_member.c.left_at.is_(None))
                .group_by(wave_member.c.wave_id)
            ).all()
        )
        kept = set(conn.execute(select(signature.c.post_id)).scalars())
    stands = {one.post_id for one in rows if one.state != "void" or one.decided_at is not None}

    assert {one for one in posts if one not in stands and lead.get(one) not in stands} == set()
    assert {key: size for key, size in sizes.items() if size} == counted
    assert not kept & gone
    assert replay(store) == standing(store)
    rolled, again = rolled_up(store)
    assert rolled == again


class Town:
    """Two processes over one store, and a clock that goes forward by a minute an act."""

    def __init__(self, store, actors, make_post, seed):
        self.floor, self.actors, self.make = put_floor(store), actors, make_post
        self.processes = (Groups(), Groups())
        self.dice = random.Random(seed)  # noqa: S311 - repeatable acts, no secret
        self.now, self.keys = NOON, []

    def act(self):
        """Do one thing that authors, platforms or reviewers do."""
        self.now += timedelta(minutes=1)
        getattr(self, self.dice.choice(ACTS))()

    def bring(self, source, *found):
        """Let one of the two processes take a page in."""
        bring(self.floor, source, *found, now=self.now, groups=self.dice.choice(self.processes))

    def post(self, key, **more):
        """Make a post with one of a few texts by one of six authors."""
        author = f"author{self.dice.randrange(6)}"
        text = self.dice.choice(TEXTS)
        return self.make(
            native_key=key, content=text, author_ref=author, fetched_at=self.now, **more
        )

    def place(self, key):
        """Each post comes from one source, told by its number."""
        return (self.floor.one, self.floor.two)[int(key[1:]) % 2]

    def known(self):
        """Choose a post that came before."""
        return self.dice.choice(self.keys or ["k0"])

    def new(self):
        """One to three posts come in."""
        made = [f"k{len(self.keys) + 2 * number}" for number in range(self.dice.randint(1, 3))]
        self.keys += [key for key in made if key not in self.keys]
        self.bring(self.place(made[0]), *map(self.post, made))

    def edit(self):
        """A post changes its text."""
        key = self.known()
        self.bring(self.place(key), self.post(key, updated_at=self.now))

    def delete(self):
        """A post goes in the page that brings another one."""
        key = self.known()
        fresh = f"k{len(self.keys) * 2 + int(key[1:]) % 2 + 100}"
        self.bring(self.place(key), Delete(key, "gone"), self.post(fresh))

    def erase(self):
        """An author takes all of their posts back."""
        self.bring(self.floor.one, AuthorErased(f"author{self.dice.randrange(6)}"))

    def held(self):
        """A reviewer takes the next item."""
        return claims.claim_next(self.floor.store, self.actors.an, now=self.now, count=1)

    def decide(self):
        """A reviewer decides on the next item."""
        for one in self.held():
            decide(self.floor, self.actors.an, one, at=self.now)

    def undo(self):
        """A reviewer takes the last decision back."""
        decisions.undo_last(self.floor.store, self.actors.an, self.now, within_s=3600)

    def split(self):
        """A reviewer takes a copy out of a wave."""
        for one in self.held():
            under = one.id, one.claim.number
            for odd in waves.spot_check(self.floor.store, self.actors.an, under, self.now, k=1):
                waves.split(self.floor.store, self.actors.an, under, odd.post_id, self.now)

    def recheck(self):
        """The worker draws what is read once more."""
        waves.draw_rechecks(self.floor.store, 0.3, self.now)


@pytest.mark.parametrize("seed", range(6))
def test_no_flagged_post_is_lost_whatever_happens(store, actors, make_post, seed):
    """It has an item that stands, or is in a wave whose first post has one."""
    town = Town(store, actors, make_post, seed)
    for _ in range(40):
        town.act()

    check_laws(store)


def test_two_processes_at_once_lose_nothing(store, store_url, make_post):
    """Copies, edits and deletions from two sources at the same time: no error, no lost post."""
    floor = put_floor(store)

    def work(number):
        own = open_store(store_url)
        try:
            mine = type(floor)(store=own, groups=Groups(), one=floor.one, two=floor.two)
            source = (floor.one, floor.two)[number]
            dice = random.Random(number)  # noqa: S311 - repeatable acts, no secret
            for turn in range(12):
                now = NOON + timedelta(minutes=turn)
                found = [
                    make_post(
                        native_key=f"k{number}-{turn}-{at}",
                        content=dice.choice(TEXTS),
                        fetched_at=now,
                    )
                    for at in range(4)
                ]
                if turn:
                    again = f"k{number}-{turn - 1}-0"
                    text = dice.choice(TEXTS)
                    found.append(
                        make_post(native_key=again, content=text, updated_at=now, fetched_at=now)
                    )
                    found.append(Delete(f"k{number}-{turn - 1}-1", "gone"))
                bring(mine, source, *found, now=now)
        finally:
            own.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, (0, 1)))
    check_laws(store)
    with store.read() as conn:
        assert conn.execute(select(func.count()).select_from(tables.post)).scalar_one() == 96
        assert conn.execute(select(func.count()).select_from(wave)).scalar_one() >= 1
