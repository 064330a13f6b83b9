"""The only door to a post's text, and no door by author (safeguards 2 and 4)."""

from __future__ import annotations

import ast
import inspect
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import select, update

import evenhand.data.store
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.data import tables
from evenhand.data.errors import ClaimLost, NotAllowed, NotFound
from evenhand.data.records import Band, Claim, Flag, Origin, Page, SourceSpec, Upsert
from evenhand.data.store import arrivals, posts, sources
from evenhand.data.store.posts import Ground, ReadPermit
from tests.fakes import FakeTagger

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
STORE = Path(next(iter(evenhand.data.store.__path__)))
MODULES = sorted(path.stem for path in STORE.glob("*.py") if path.stem != "__init__")


@pytest.fixture
def filled(store, actors, make_post):
    """Post 1 is flagged (item 1), posts 2 and 3 are not; 1 and 2 are one thread."""
    texts = {"f": "scam here", "u": "chuyện riêng tư", "x": "chuyện khác"}
    with store.write() as conn:
        source_id = sources.propose(conn, SourceSpec("s", "file"), person_id=None, now=NOW).id
    events = [
        Upsert(
            make_post(native_key=key, content=text, context_key=None if key == "x" else "thread")
        )
        for key, text in texts.items()
    ]
    ingest_page(
        store, source_id=source_id, page=Page(tuple(events), {}), tagger=FakeTagger(), now=NOW
    )
    return actors


def _claim(store, actor, number=1, state="claimed"):
    until = NOW + timedelta(minutes=10)
    with store.write() as conn:
        conn.execute(
            update(tables.item).values(
                state=state, claimed_by=int(actor.id), claim_no=number, claim_until=until
            )
        )
    return Claim("1", number, actor.id, until)


def test_text_is_read_under_a_live_claim(store, filled):
    """The holder reads the item's post and the rest of its thread, and nothing else."""
    claim = _claim(store, filled.an)
    with store.read() as conn:
        permit = posts.permit_by_claim(conn, claim, now=NOW)

        assert permit.ground is Ground.CLAIM
        assert posts.text_of(conn, 1, 1, permit=permit).content == "scam here"
        assert posts.text_of(conn, 2, 1, permit=permit).content == "chuyện riêng tư"
        with pytest.raises(NotAllowed):
            posts.text_of(conn, 3, 1, permit=permit)
        with pytest.raises(NotFound):
            posts.text_of(conn, 1, 9, permit=permit)


@pytest.mark.parametrize(
    "change",
    [{"holder_id": "2"}, {"number": 2}, {"item_id": "7"}, {"item_id": "x"}],
    ids=["another person", "another number", "another item", "no number"],
)
def test_permit_is_refused_without_the_claim_itself(store, filled, change):
    """Holder, number and item must all be those of the live claim."""
    claim = _claim(store, filled.an)
    fields = {"item_id": "1", "number": 1, "holder_id": filled.an.id, "until": claim.until} | change
    with store.read() as conn, pytest.raises(ClaimLost):
        posts.permit_by_claim(conn, Claim(**fields), now=NOW)


def test_permit_ends_with_its_claim(store, filled):
    """A permit cannot be made after the claim, nor used once the item is someone else's."""
    claim = _claim(store, filled.an)
    with store.read() as conn:
        permit = posts.permit_by_claim(conn, claim, now=NOW)
        with pytest.raises(ClaimLost):
            posts.permit_by_claim(conn, claim, now=claim.until)
    _claim(store, filled.binh, number=2)
    with store.read() as conn, pytest.raises(NotAllowed):
        posts.text_of(conn, 1, 1, permit=permit)


def test_permit_cannot_be_made_by_hand(filled):
    """The record refuses to exist unless a checking function made it."""
    assert filled
    for ground in Ground:
        with pytest.raises(NotAllowed, match="is made by"):
            ReadPermit(ground, 2)


def test_flag_opens_an_item_to_those_with_a_part_in_it(store, filled):
    """Coordinators and analysts read flagged items; reviewers only what waits for an answer."""
    with store.read() as conn:
        for actor in (filled.coordinator, filled.analyst, filled.admin):
            permit = posts.permit_by_flag(conn, actor, "1")
            assert posts.text_of(conn, 1, 1, permit=permit).content == "scam here"
            with pytest.raises(NotAllowed):
                posts.text_of(conn, 2, 1, permit=permit)
        for actor in (filled.an, filled.leader):
            with pytest.raises(NotAllowed):
                posts.permit_by_flag(conn, actor, "1")
        with pytest.raises(NotFound):
            posts.permit_by_flag(conn, filled.admin, "99")
    with store.write() as conn:
        conn.execute(update(tables.item).values(state="decided", needs_answer=True))
    with store.read() as conn:
        assert posts.permit_by_flag(conn, filled.an, "1").post_id == 1


def test_flag_opens_an_item_to_the_reviewer_who_decided_on_it(store, filled):
    """Whoever holds their own decision to be wrong reads it again; nobody else's gets open."""
    with store.write() as conn:
        conn.execute(
            tables.decision.insert().values(
                uuid="u",
                item_id=1,
                slot=1,
                kind="review",
                version=1,
                outcome="no_harm",
                note="",
                claim_no=1,
                reviewer_id=int(filled.an.id),
                policy_version="1",
                decided_at=NOW,
            )
        )
        conn.execute(update(tables.item).values(state="closed"))
    other = replace(filled.an, id=filled.leader.id)
    with store.read() as conn:
        assert posts.permit_by_flag(conn, filled.an, "1").post_id == 1
        with pytest.raises(NotAllowed, match="not open to you"):
            posts.permit_by_flag(conn, other, "1")


def test_flag_opens_nothing_to_another_team(store, filled):
    """An item of one team stays closed to the coordinators of others."""
    with store.write() as conn:
        conn.execute(tables.team.insert().values(id=2, name="Tổ khác"))
        conn.execute(update(tables.item).values(team_id=2))
    with store.read() as conn, pytest.raises(NotAllowed):
        posts.permit_by_flag(conn, filled.coordinator, "1")


def test_unflagged_post_is_never_read(store, filled):
    """No role and no way of asking gives the text of a post that nothing brings up."""
    with store.write() as conn:
        conn.execute(update(tables.item).values(post_id=2))
    with store.read() as conn:
        for actor in vars(filled).values():
            with pytest.raises(NotAllowed):
                posts.permit_by_flag(conn, actor, "1")
            with pytest.raises(NotAllowed):
                posts.permit_by_audit(conn, actor, 2)


def test_audit_draw_opens_the_drawn_post_only(store, filled):
    """An analyst reads what the audit drew; the post stays unflagged."""
    drawn = Flag(Origin.AUDIT, "audit", Band.CHECK, 0.1)
    with store.write() as conn:
        posts_before = conn.execute(select(tables.post.c.flagged).order_by("id")).scalars().all()
        arrivals.put_flag(conn, arrivals.Stored(2, 1), drawn, NOW)
    with store.read() as conn:
        permit = posts.permit_by_audit(conn, filled.analyst, 2)
        assert posts.text_of(conn, 2, 1, permit=permit).content == "chuyện riêng tư"
        with pytest.raises(NotAllowed):
            posts.permit_by_audit(conn, filled.an, 2)
        with pytest.raises(NotAllowed):
            posts.permit_by_audit(conn, filled.analyst, 3)
        after = conn.execute(select(tables.post.c.flagged).order_by("id")).scalars().all()
    assert after == posts_before == [True, False, False]


def test_hash_differs_between_posts_of_the_same_text(make_post):
    """Equal texts cannot be found by their hashes."""
    one, other = make_post(content="giống"), make_post(content="giống")

    assert arrivals.hash_of(one) != arrivals.hash_of(other)
    assert arrivals.hash_of(one) == arrivals.hash_of(one)


# Where a pseudonym may be named at all: on the way in, for the drawers, and for erasure.
MAY_NAME_AUTHORS = {
    ("arrivals", "POST_COLUMNS"),
    ("arrivals", "incoming"),
    ("arrivals", "_row"),
    ("rollups", "mark_of"),
    ("erasures", "erase_author"),
    ("erasures", "_erase"),
    ("pages", "finish_page"),
}
# People read through `text_of`, with a permit; the others serve the worker's models, the search in
# items, and exports of flagged posts that were decided on.
MAY_READ_TEXTS = {
    "export_rows": {"_with_text"},
    "posts": {"text_of"},
    "labels": {"rows"},
    "machine_texts": {"_texts"},
    "item_texts": {"_texts"},
}
# Reads whole drawers of authors, for "at least 10 authors" and for moving a post's count.
MAY_NAME_MARKS = {
    ("rollups_anew", "_marks"),
    ("topic_changes", "_proven_by"),
    ("volumes", "_proven"),
    ("volumes", "_proven_over_days"),
    ("posts", "known"),
}


def _places(module):
    """Give each top-level statement of a store module with its name."""
    tree = ast.parse((STORE / f"{module}.py").read_text("utf-8"))
    for node in tree.body:
        names = [getattr(node, "name", "")]
        if isinstance(node, ast.Assign):
            found = (one for target in node.targets for one in ast.walk(target))
            names = [one.id for one in found if isinstance(one, ast.Name)]
        if not isinstance(node, ast.Import | ast.ImportFrom):
            yield names[0], node


def _docstrings(tree):
    owners = (ast.FunctionDef, ast.ClassDef, ast.Module)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, owners) and isinstance(node.body[0], ast.Expr)
    }


def _mentions(node, word):
    """Say whether code (not prose) names *word*: a column, a key, an argument or a piece of SQL."""
    prose = _docstrings(node)
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and one.attr == word:
            return True
        if isinstance(one, ast.arg | ast.keyword) and one.arg == word:
            return True
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in prose:
            words = one.value.replace(".", " ").replace(",", " ").split()
            if word in words:
                return True
    return False


def _offences(module, source=None):
    for name, node in _places(module) if source is None else [("made_up", ast.parse(source))]:
        if _mentions(node, "author_ref") and (module, name) not in MAY_NAME_AUTHORS:
            yield f"{module}.{name} names author_ref"
        columns = [
            one
            for one in ast.walk(node)
            if isinstance(one, ast.Attribute)
            and one.attr == "mark"
            and isinstance(one.value, ast.Attribute)
            and one.value.attr == "c"
        ]
        if columns and (module, name) not in MAY_NAME_MARKS:
            yield f"{module}.{name} reads marks"
        for one in ast.walk(node):
            called = isinstance(one, ast.Call) and getattr(one.func, "id", "") == "select"
            if called and any(
                getattr(arg, "id", getattr(arg, "attr", "")) == "post" for arg in one.args
            ):
                yield f"{module}.{name} selects all columns of post, the pseudonym among them"


@pytest.mark.parametrize("module", MODULES)
def test_store_has_no_author_dimension(module):
    """No store function reads, sorts, groups, filters or counts by author, except to erase."""
    assert list(_offences(module)) == []


@pytest.mark.parametrize(
    "code",
    [
        "select(post.c.author_ref)",
        "select(post.c.id).order_by(post.c.author_ref)",
        "select(func.count()).group_by(post.c.author_ref)",
        "text('SELECT count(*) FROM post GROUP BY post.author_ref')",
        "def posts_of(conn, author_ref): pass",
        "select(post).where(post.c.id == 1)",
        "select(rollup_mark.c.mark)",
    ],
)
def test_author_scan_finds_what_it_should(code):
    """The scan above is not blind: it reports each way of bringing authors in."""
    assert list(_offences("posts", code)) != []


@pytest.mark.parametrize("module", MODULES)
def test_store_functions_take_and_return_no_author(module):
    """No public store function has an author in its signature, except the one that erases."""
    loaded = import_module(f"evenhand.data.store.{module}")
    for name, function in inspect.getmembers(loaded, inspect.isfunction):
        if function.__module__ == loaded.__name__ and not name.startswith("_"):
            wanted = [arg for arg in inspect.signature(function).parameters if "author" in arg]

            assert not wanted or (module, name) in MAY_NAME_AUTHORS


@pytest.mark.parametrize("module", MODULES)
def test_text_is_read_in_one_place_only(module):
    """People read `post_version.content` through `text_of` alone; machines learn and tag."""
    reads = [
        name
        for name, node in _places(module)
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute)
        and one.attr in {"content", "name"}
        and isinstance(one.value, ast.Attribute)
        and one.value.attr == "c"
        and getattr(one.value.value, "id", "") == "post_version"
    ]
    whole = [
        name
        for name, node in _places(module)
        for one in ast.walk(node)
        if isinstance(one, ast.Call)
        and getattr(one.func, "id", "") == "select"
        and any(getattr(arg, "id", "") == "post_version" for arg in one.args)
    ]

    assert set(reads) <= MAY_READ_TEXTS.get(module, set())
    assert whole == []
