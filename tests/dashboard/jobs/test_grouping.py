"""Near-duplicates at ingest: one item for a wave, whatever is edited, deleted or fetched twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from evenhand.dashboard.jobs import decisions, grouping
from evenhand.dashboard.jobs.grouping import Groups
from evenhand.data import tables
from evenhand.data.errors import NotFound
from evenhand.data.records import AuthorErased, Delete
from evenhand.data.store import wave_members, waves
from evenhand.data.tables_review import signature, wave, wave_member
from tests.conftest import NOON
from tests.fakes import FakeTagger
from tests.review_floor import events, replay, rolled_up, standing
from tests.wave_floor import (
    NEAR,
    OTHER,
    SCAM,
    bring,
    decide,
    items_of,
    members,
    post_id,
    put_floor,
    rows,
)


@pytest.fixture
def floor(store):
    return put_floor(store)


def check_logs(floor):
    assert replay(floor.store) == standing(floor.store)
    kept, again = rolled_up(floor.store)
    assert kept == again


def test_copies_of_one_text_are_one_item_across_sources(floor, make_post):
    """The first gets the item; equal and near ones join it, also within one page."""
    bring(floor, floor.one, make_post(native_key="a", content=SCAM))
    counts = bring(
        floor,
        floor.two,
        make_post(native_key="b", content=SCAM.upper()),
        make_post(native_key="c", content=NEAR),
        make_post(native_key="d", content=OTHER),
        make_post(native_key="e", content=OTHER + " !"),
    )

    assert counts.flagged == 4
    first, second = items_of(floor)
    assert [first.post_id, second.post_id] == [post_id(floor, "a"), post_id(floor, "d")]
    assert sorted(one.members for one in rows(floor, wave)) == [2, 3]
    assert events(floor.store, str(first.id)) == ["made", "wave_joined", "wave_joined"]
    assert members(floor) == ["a", "b", "c", "d", "e"]
    with floor.store.read() as conn:
        every = [post_id(floor, key) for key in "abcde"]
        assert waves.behind(conn, every) == {post_id(floor, key) for key in "bce"}
        assert waves.behind(conn, []) == set()
    near = {one.post_id: one.similarity for one in rows(floor, wave_member)}
    assert near[post_id(floor, "b")] == 1.0
    assert 0.45 <= near[post_id(floor, "c")] < 1.0
    with floor.store.read() as conn:
        flagged = conn.execute(select(func.sum(tables.rollup_post.c.flagged))).scalar_one()
    assert flagged == 5
    check_logs(floor)


def test_page_that_comes_twice_changes_no_wave(floor, make_post):
    """A repeated page is no repeated wave."""
    page = [make_post(native_key=key, content=SCAM) for key in "abc"]
    bring(floor, floor.one, *page)
    before = rows(floor, wave), sorted(map(repr, rows(floor, wave_member))), len(items_of(floor))
    bring(floor, floor.one, *page, now=NOON + timedelta(hours=1))

    assert before == (
        rows(floor, wave),
        sorted(map(repr, rows(floor, wave_member))),
        len(items_of(floor)),
    )


def test_unflagged_posts_have_no_signature(floor, make_post):
    """Nothing is kept of what nobody is asked to read."""
    calm = SCAM.replace("lừa đảo", "chúc mừng")
    bring(floor, floor.one, *(make_post(content=calm) for _ in range(2)), make_post(content=SCAM))

    assert (len(rows(floor, signature)), len(rows(floor, wave))) == (1, 0)


def test_restart_goes_on_with_the_same_wave(floor, make_post):
    """A new process fills its window from the stored signatures, waves among them."""
    bring(floor, floor.one, *(make_post(native_key=key, content=SCAM) for key in "ab"))
    groups = Groups()
    bring(floor, floor.two, make_post(native_key="c", content=NEAR), groups=groups)

    assert (len(items_of(floor)), members(floor), len(groups)) == (1, ["a", "b", "c"], 3)


def test_process_takes_in_what_another_one_stored(floor, make_post):
    """Two windows over one store are one wave."""
    other = Groups()
    bring(floor, floor.two, make_post(native_key="x", content=OTHER), groups=other)
    bring(floor, floor.one, make_post(native_key="a", content=SCAM))
    bring(floor, floor.two, make_post(native_key="b", content=SCAM), groups=other)
    bring(floor, floor.one, make_post(native_key="c", content=NEAR))

    assert (len(items_of(floor)), members(floor)) == (2, ["a", "b", "c"])


def test_teams_do_not_share_waves(floor, make_post, actors):
    """Whoever may not read an item would lose the post in it."""
    with floor.store.write() as conn:
        conn.execute(
            tables.source.update()
            .where(tables.source.c.id == int(floor.two))
            .values(team_id=int(actors.an.team_id))
        )
    bring(floor, floor.one, make_post(content=SCAM))
    bring(floor, floor.two, make_post(content=SCAM))

    assert (len(items_of(floor)), rows(floor, wave)) == (2, [])


def test_another_label_gets_an_item_of_its_own_unless_the_words_are_equal(floor, make_post):
    """A near copy that adds a harm is read; the copies of it are one wave with it."""
    worse = NEAR + " harass"
    bring(floor, floor.one, make_post(native_key="a", content=SCAM))
    bring(floor, floor.one, make_post(native_key="b", content=worse))
    bring(floor, floor.one, make_post(native_key="c", content=worse))

    assert [one.post_id for one in items_of(floor)] == [post_id(floor, "a"), post_id(floor, "b")]
    assert members(floor) == ["b", "c"]


def test_threat_never_hides_in_another_queue(floor, make_post):
    """Equal words that a newer model puts into the fast queue are read at once."""
    bring(floor, floor.one, make_post(content=SCAM))
    newer = FakeTagger({"lừa đảo": "violence_threat"}, model="fake-2")
    bring(floor, floor.one, make_post(content=SCAM), tagger=newer)

    assert [one.queue for one in items_of(floor)] == ["harm", "fast"]


def test_calls_for_help_that_differ_in_a_word_are_two(floor, make_post):
    """The second may be another house."""
    call = "Please help us, the water is rising fast, we are four people on the roof of number 12"
    bring(floor, floor.one, make_post(content=call))
    bring(floor, floor.one, make_post(content=call.replace("12", "14")))

    assert len(items_of(floor)) == 2


def test_later_copy_inherits_a_decision(floor, make_post, actors):
    """A wave that was decided takes equal words and equal labels in; another label is read."""
    bring(floor, floor.one, *(make_post(native_key=key, content=SCAM) for key in "ab"))
    decide(floor, actors.an)
    later = NOON + timedelta(hours=2)
    bring(
        floor,
        floor.two,
        make_post(native_key="c", content=SCAM),
        make_post(native_key="d", content=NEAR),
        make_post(native_key="e", content=NEAR + " harass"),
        now=later,
    )

    assert (len(items_of(floor)), members(floor)) == (2, ["a", "b", "c", "d"])
    with floor.store.read() as conn:
        assert wave_members.decided_by_wave(conn) == 3
    check_logs(floor)


def test_undo_takes_the_whole_wave_back(floor, make_post, actors):
    """Members stand where their item stands."""
    bring(floor, floor.one, *(make_post(native_key=key, content=SCAM) for key in "abc"))
    said = decide(floor, actors.an)
    with floor.store.read() as conn:
        assert wave_members.decided_by_wave(conn) == 2
    assert decisions.undo_last(floor.store, actors.an, NOON) == said.uuid

    with floor.store.read() as conn:
        assert wave_members.decided_by_wave(conn) == 0
    assert [one.state for one in items_of(floor)] == ["claimed"]


def edited(make_post, key, text, hours=1):
    at = NOON + timedelta(hours=hours)
    return make_post(native_key=key, content=text, updated_at=at, fetched_at=at)


def test_edit_that_stays_near_stays_in_the_wave(floor, make_post):
    """A member that changes two words is counted once."""
    bring(floor, floor.one, *(make_post(native_key=key, content=SCAM) for key in "ab"))
    bring(floor, floor.one, edited(make_post, "b", NEAR), now=NOON + timedelta(hours=1))

    [kept] = rows(floor, wave)
    assert (len(items_of(floor)), members(floor), kept.members) == (1, ["a", "b"], 2)


def test_edited_member_leaves_and_gets_its_own_item(floor, make_post):
    """What is another text now is read; it may come back."""
    bring(floor, floor.one, *(make_post(native_key=key, content=SCAM) for key in "abc"))
    bring(floor, floor.one, edited(make_post, "b", OTHER), now=NOON + timedelta(hours=1))

    assert [one.post_id for one in items_of(floor)] == [post_id(floor, "a"), post_id(floor, "b")]
    assert (members(floor), rows(floor, wave)[0].members) == (["a", "c"], 2)
    check_logs(floor)


def test_first_post_that_is_edited_hands_the_wave_on(floor, make_post):
    """Its item goes with its new text, and the next member gets one."""
    bring(floor, floor.one, *(make_post(native_key=key, content=SCAM) for key in "abc"))
    bring(floor, floor.one, edited(make_post, "a", OTHER), now=NOON + timedelta(hours=1))
    bring(floor, floor.one, make_post(native_key="d", content=SCAM), now=NOON + timedelta(hours=2))

    assert [one.post_id for one in items_of(floor)] == [post_id(floor, "a"), post_id(floor, "b")]
    [kept] = rows(floor, wave)
    assert (kept.first_post_id, kept.members) == (post_id(floor, "b"), 3)
    assert members(floor) == ["b", "c", "d"]
    check_logs(floor)


def test_first_post_that_is_edited_into_nothing_hands_the_wave_on(floor, make_post):
    """Behind a harmless text nobody would see the others."""
    bring(floor, floor.one, *(make_post(native_key=key, content=SCAM) for key in "ab"))
    bring(floor, floor.one, edited(make_post, "a", "Xin lỗi bà con"), now=NOON + timedelta(hours=1))

    assert [one.post_id for one in items_of(floor)] == [post_id(floor, "a"), post_id(floor, "b")]
    assert [one.post_id for one in rows(floor, signature)] == [post_id(floor, "b")]


def test_edited_first_post_of_a_decided_wave_takes_nobody_in(floor, make_post, actors):
    """The decision was given on another text; its members keep it."""
    bring(floor, floor.one, *(make_post(native_key=key, content=SCAM) for key in "ab"))
    decide(floor, actors.an)
    bring(floor, floor.one, edited(make_post, "a", OTHER), now=NOON + timedelta(hours=1))
    bring(floor, floor.one, make_post(native_key="c", content=OTHER), now=NOON + timedelta(hours=2))

    assert [one.state for one in items_of(floor)] == ["decided", "open"]
    assert members(floor) == ["a", "b"]


def test_deleted_first_post_hands_its_open_item_on(floor, make_post):
    """The next member waits since it came."""
    bring(floor, floor.one, make_post(native_key="a", content=SCAM))
    later = NOON + timedelta(minutes=5)
    bring(floor, floor.two, make_post(native_key="b", content=SCAM), now=later)
    bring(floor, floor.one, Delete("a", "gone"), now=NOON + timedelta(hours=1))

    first, second = items_of(floor)
    assert (first.state, second.state) == ("void", "open")
    assert (second.post_id, second.created_at) == (post_id(floor, "b"), later)
    assert (second.due_at, second.label) == (first.due_at, first.label)
    assert events(floor.store, str(second.id)) == ["made", "wave_led"]
    assert [one.post_id for one in rows(floor, signature)] == [post_id(floor, "b")]
    bring(floor, floor.one, make_post(native_key="c", content=SCAM), now=NOON + timedelta(hours=2))
    assert (len(items_of(floor)), members(floor)) == (2, ["b", "c"])
    check_logs(floor)


def test_deleted_first_post_of_a_decided_wave_leaves_the_decision(floor, make_post, actors):
    """What was decided stays counted, and later copies inherit."""
    bring(floor, floor.one, *(make_post(native_key=key, content=SCAM) for key in "ab"))
    decide(floor, actors.an)
    bring(floor, floor.one, Delete("a", "gone"), now=NOON + timedelta(hours=1))
    bring(floor, floor.two, make_post(native_key="c", content=SCAM), now=NOON + timedelta(hours=2))

    assert [one.state for one in items_of(floor)] == ["void"]
    with floor.store.read() as conn:
        assert wave_members.decided_by_wave(conn) == 2
    check_logs(floor)


def test_author_who_goes_takes_all_of_their_copies_along(floor, make_post):
    """The wave goes to the next one by somebody else; other processes forget the hashes."""
    other = Groups()
    mine = {"author_ref": "gone", "content": SCAM}
    bring(floor, floor.one, *(make_post(native_key=key, **mine) for key in "ab"))
    bring(floor, floor.two, make_post(native_key="c", content=SCAM), groups=other)
    bring(floor, floor.one, AuthorErased("gone"), now=NOON + timedelta(minutes=1))

    assert [one.state for one in items_of(floor)] == ["void", "open"]
    assert [one.post_id for one in rows(floor, signature)] == [post_id(floor, "c")]
    assert len(floor.groups) == 1
    bring(floor, floor.two, make_post(content="ok"), groups=other, now=NOON + timedelta(hours=2))
    assert len(other) == 1


def test_last_member_that_is_deleted_leaves_no_item_behind(floor, make_post):
    """A wave of nobody takes nobody in."""
    bring(floor, floor.one, *(make_post(native_key=key, content=SCAM) for key in "ab"))
    bring(floor, floor.one, Delete("a", "gone"), Delete("b", "gone"), now=NOON + timedelta(hours=1))
    bring(floor, floor.one, make_post(content=SCAM), now=NOON + timedelta(hours=2))

    assert [one.state for one in items_of(floor)] == ["void", "open"]


def test_page_that_cannot_be_stored_leaves_nothing_in_the_window(floor, make_post):
    """The post that comes again is not taken for a copy of itself."""
    bring(floor, floor.one, make_post(native_key="a", content=SCAM))
    with pytest.raises(NotFound, match="no source"):
        bring(floor, "999", make_post(native_key="b", content=OTHER))

    assert len(floor.groups) == 1


def test_signatures_leave_with_the_window(floor, make_post):
    """After 14 days nothing is kept of a text but the text; what joined stays together."""
    bring(floor, floor.one, *(make_post(content=SCAM) for _ in range(2)))
    assert grouping.prune(floor.store, NOON + timedelta(days=14)) == 0
    assert grouping.prune(floor.store, NOON + timedelta(days=14, seconds=1)) == 2

    bring(floor, floor.one, make_post(content=SCAM), now=NOON + timedelta(days=15))
    assert (len(items_of(floor)), rows(floor, wave)[0].members) == (2, 2)
    assert len(rows(floor, signature)) == 1
