"""A floor to review on: posts, flags and items put straight into the tables.

`replay` tells from the logs alone where every item must stand.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from sqlalchemy import insert, select

from evenhand.data import tables
from evenhand.data.store.claims import QUEUES, Wish
from evenhand.data.store.items import NewItem, insert_items
from evenhand.data.store.rollup_counted import TABLES as ROLLUPS
from evenhand.data.store.rollups import day_of
from evenhand.data.store.rollups_anew import compare, rebuild
from evenhand.data.tables import from_micros

UNDECIDED = {"decided_at": None, "needs_answer": False, "edited_after_review": False}
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
_numbers = itertools.count(1)
AFTER = {
    "violates": "decided",
    "not_sure": "decided",
    "needs_answer": "decided",
    "no_harm": "closed",
    "already_answered": "closed",
}


def put_source(conn):
    """Give the key of the one source, made at the first call."""
    found = conn.execute(select(tables.source.c.id)).scalar()
    if found is None:
        query = insert(tables.source).values(
            name="r/danang",
            kind="file",
            options={},
            state="active",
            created_at=NOON,
        )
        found = conn.execute(query.returning(tables.source.c.id)).scalar_one()
    return found


def put_post(conn, text="Nước lên nhanh", **changes):
    """Put a post with one version into the tables and give its key."""
    number = next(_numbers)
    values = {
        "source_id": put_source(conn),
        "native_key": f"native{number}",
        "platform": "reddit",
        "type": "Note",
        "lang": "vi",
        "published_at": NOON - timedelta(hours=1),
        "fetched_at": NOON,
        "day": day_of(NOON),
        "version": 1,
        "body_hash": f"hash{number}",
        "civic": False,
        "topic": "weather",
        "flagged": True,
    }
    query = insert(tables.post).values(**(values | changes)).returning(tables.post.c.id)
    post_id = conn.execute(query).scalar_one()
    put_version(conn, post_id, 1, text)
    return post_id


def put_version(conn, post_id, version, text):
    """Add a version of a post and make it the present one."""
    conn.execute(
        insert(tables.post_version).values(
            post_id=post_id, version=version, content=text, seen_at=NOON
        ),
    )
    conn.execute(
        tables.post.update().where(tables.post.c.id == post_id).values(version=version),
    )


def put_flag(conn, post_id, label, **changes):
    """Flag a post."""
    values = {
        "post_id": post_id,
        "version": 1,
        "origin": "model",
        "label": label,
        "band": "flag",
        "score": 0.9,
        "reasons": [],
        "model": "m1",
        "created_at": NOON,
    }
    conn.execute(insert(tables.flag).values(**(values | changes)))


def put_item(conn, label="hate", text="Nước lên nhanh", post=None, **changes):
    """Put a flagged post and its open item into the tables; give both keys as ids."""
    post_id = put_post(conn, text, **(post or {}))
    put_flag(conn, post_id, label)
    conn.execute(
        insert(tables.tag).values(
            post_id=post_id,
            version=1,
            model="m1",
            lang="vi",
            topics={"weather": 0.7, "disaster": 0.2},
            harms={},
            requests={},
            tagged_at=NOON,
        ),
    )
    team_id = changes.pop("team_id", None)
    values = {
        "queue": "harm",
        "lang": "vi",
        "label": label,
        "priority": 1.0,
        "why": "hate 0.9",
        "due_at": NOON + timedelta(hours=24),
    }
    new = NewItem(**(values | changes))
    [item_id] = insert_items(conn, [(post_id, new)], team_id, NOON)
    return SimpleNamespace(id=str(item_id), post_id=str(post_id))


def put_items(store, count, **changes):
    """Put *count* open items in, the first with the highest priority; give their ids."""
    with store.write() as conn:
        return [
            put_item(conn, **({"priority": float(count - number)} | changes)).id
            for number in range(count)
        ]


def item_row(store, item_id):
    """Read where an item stands."""
    with store.read() as conn:
        query = select(tables.item).where(tables.item.c.id == int(item_id))
        return conn.execute(query).one()


def events(store, item_id):
    """List the kinds in an item's log, in order."""
    with store.read() as conn:
        query = (
            select(tables.item_event.c.kind)
            .where(tables.item_event.c.item_id == int(item_id))
            .order_by(tables.item_event.c.id)
        )
        return list(conn.execute(query).scalars())


def standing(store):
    """Read from the rows where every item stands, by key."""
    with store.read() as conn:
        rows = conn.execute(select(tables.item)).mappings().all()
    return {row["id"]: {name: row[name] for name in _fresh(NOON)} for row in rows}


def replay(store):
    """Tell from `item_event`, `decision` and `response` alone where every item stands."""
    with store.read() as conn:
        lines = conn.execute(select(tables.item_event).order_by(tables.item_event.c.id)).all()
        decisions = {row.uuid: row for row in conn.execute(select(tables.decision))}
        responses = {row.uuid: row for row in conn.execute(select(tables.response))}
    items, once_more = {}, set()
    for line in lines:
        if line.kind == "made":
            items[line.item_id] = _fresh(line.at)
            if "of_item_id" in line.data:
                once_more.add(line.item_id)
        else:
            items[line.item_id].update(_after(line, items[line.item_id], decisions, responses))
        if line.item_id in once_more:
            # What is read once more waits for no answer.
            items[line.item_id]["needs_answer"] = False
    return items


def _fresh(at):
    return {
        "state": "open",
        "claimed_by": None,
        "claim_until": None,
        "claim_no": 0,
        "skips": 0,
        "escalated": False,
        "edited_after_review": False,
        "needs_answer": False,
        "state_at": at,
        "decided_at": None,
        "answered_at": None,
    }


def _after(line, now, decisions, responses):  # noqa: C901, PLR0911 - one for each kind of event
    free = {"claimed_by": None, "claim_until": None}
    opened = {"state": "open", "state_at": line.at, **free}
    if line.kind in {"claimed", "undone", "taken"}:
        held = {
            "claimed_by": line.actor_id,
            "claim_until": from_micros(line.data["until"]),
            "claim_no": line.claim_no,
        }
        if line.kind == "taken":
            return held
        again = UNDECIDED if line.kind == "undone" else {}
        return {"state": "claimed", "state_at": line.at, **held, **again}
    if line.kind == "extended":
        return {"claim_until": from_micros(line.data["until"])}
    if line.kind in {"released", "expired", "unassigned"}:
        return opened
    if line.kind == "skipped":
        return {**opened, "skips": now["skips"] + 1, "escalated": line.data["escalated"]}
    if line.kind == "range_undone":
        return {"state": "open", "state_at": line.at, **UNDECIDED}
    if line.kind in {"decided", "decided_by_range"}:
        decision = decisions[line.data["decision"]]
        return {
            "state": AFTER[decision.outcome],
            "needs_answer": needs_answer(decision),
            "edited_after_review": line.data.get("edited", False),
            "decided_at": decision.decided_at,
            "state_at": decision.decided_at,
            **free,
        }
    if line.kind == "superseded":
        return _superseded(line, now, decisions[line.data["decision"]])
    if line.kind == "answered":
        logged = responses[line.data["response"]].logged_at
        first = {"state": "answered", "answered_at": logged, "state_at": logged}
        return free if line.data["follow_up"] else {**first, **free}
    if line.kind == "void":
        return {"state": "void", "state_at": line.at, **free}
    if line.kind == "edited":
        return {"edited_after_review": True}
    return free if line.kind == "put_back" else {}


def needs_answer(decision):
    """Say whether a decision lets its item wait for an answer: by its outcome or by its macro."""
    return decision.outcome == "needs_answer" or decision.macro_id is not None


def _superseded(line, now, decision):
    state = "answered" if now["answered_at"] else AFTER[decision.outcome]
    is_void = now["state"] == "void"
    return {
        "state": "void" if is_void else state,
        "needs_answer": needs_answer(decision),
        "edited_after_review": line.data["edited"],
        "state_at": now["state_at"] if is_void else line.at,
        **({} if needs_answer(decision) else {"claimed_by": None, "claim_until": None}),
    }


def rolled_up(store):
    """Read the roll-up of items, and the same after it was made anew; all of items must be equal.

    The floor counts no posts.
    """
    query = select(tables.rollup_item).order_by(*tables.rollup_item.primary_key)
    with store.write() as conn:
        of_items = {table.name for table in ROLLUPS}
        found = [one for one in compare(conn) if one.table in of_items]
        differing = [one for one in found if not one.is_equal]
        assert differing == [], differing
        before = all_rolled_up(conn)
        kept = conn.execute(query).all()
        rebuild(conn)
        assert before == all_rolled_up(conn)
        return kept, conn.execute(query).all()


def all_rolled_up(conn):
    """Read the rows of every roll-up of items by its name."""
    return {
        table.name: sorted(tuple(row) for row in conn.execute(select(table))) for table in ROLLUPS
    }


def wish(**changes):
    """Say what person 1 wants: ten items of every queue, language and of team 1."""
    fields = {
        "person_id": "1",
        "queues": QUEUES,
        "langs": None,
        "team_id": "1",
        "escalated": False,
        "count": 10,
    }
    return Wish(**(fields | changes))
