"""A floor to test waves on: two sources, texts of a wave, and one process's groups."""

from __future__ import annotations

from types import SimpleNamespace

from sqlalchemy import select

from evenhand.dashboard.jobs import claims, decisions, waves
from evenhand.dashboard.jobs.grouping import Groups
from evenhand.dashboard.jobs.ingest import ingest_page
from evenhand.data import tables
from evenhand.data.records import (
    AuthorErased,
    Decision,
    Delete,
    Outcome,
    Page,
    SourceSpec,
    Upsert,
)
from evenhand.data.store import sources
from evenhand.data.tables_review import wave_member
from tests.conftest import NOON
from tests.fakes import FakeTagger

SCAM = (
    "Trúng thưởng lừa đảo: chuyển khoản trước năm trăm nghìn đồng vào tài khoản này rồi nhận "
    "xe máy mới tinh ngay tại cửa hàng trung tâm quận Hải Châu tuần này nhé bà con"
)
NEAR = SCAM.replace("năm trăm", "sáu trăm").replace("bà con", "cả nhà")
OTHER = (
    "Cảnh báo lừa đảo mới: có người giả danh nhân viên điện lực gọi từng nhà đòi mật khẩu ngân "
    "hàng và đe doạ cắt điện trong buổi tối mưa bão hôm qua ở khu phố chúng tôi"
)


def put_floor(store, names=("nguồn một", "nguồn hai")):
    """Make two sources of nobody's team, and one process's groups."""
    with store.write() as conn:
        one, two = (
            sources.propose(conn, SourceSpec(name, "file"), person_id=None, now=NOON).id
            for name in names
        )
    return SimpleNamespace(store=store, groups=Groups(), one=one, two=two)


def bring(floor, source, *found, now=NOON, groups=None, tagger=None):
    """Ingest posts, deletions and erasures as one page."""
    events = [one if isinstance(one, Delete | AuthorErased) else Upsert(one) for one in found]
    return ingest_page(
        floor.store,
        source_id=source,
        page=Page(tuple(events), {}),
        tagger=tagger or FakeTagger(),
        now=now,
        groups=floor.groups if groups is None else groups,
    )


def items_of(floor):
    """Read all items, oldest first."""
    with floor.store.read() as conn:
        return conn.execute(select(tables.item).order_by(tables.item.c.id)).all()


def rows(floor, table):
    """Read all rows of a table."""
    with floor.store.read() as conn:
        return conn.execute(select(table)).all()


def post_id(floor, key):
    """Find a post by its native key."""
    with floor.store.read() as conn:
        query = select(tables.post.c.id).where(tables.post.c.native_key == key)
        return conn.execute(query).scalar_one()


def members(floor):
    """List the native keys of all posts that are in a wave."""
    with floor.store.read() as conn:
        query = (
            select(tables.post.c.native_key)
            .join(wave_member, wave_member.c.post_id == tables.post.c.id)
            .where(wave_member.c.left_at.is_(None))
        )
        return sorted(conn.execute(query).scalars())


def claim(floor, actor, at=NOON):
    """Claim the next item."""
    [held] = claims.claim_next(floor.store, actor, now=at, count=1)
    return held


def decide(floor, actor, held=None, outcome=Outcome.VIOLATES, at=NOON):
    """Decide on a held item, or on the next one; of a wave the sample is opened first."""
    held = held or claim(floor, actor, at)
    waves.spot_check(floor.store, actor, (held.id, held.claim.number), at)
    said = Decision(
        uuid=f"u{held.id}-{held.claim.number}",
        item_id=held.id,
        claim_number=held.claim.number,
        version=held.version,
        outcome=outcome,
        policy="scam_fraud" if outcome is Outcome.VIOLATES else None,
    )
    decisions.decide(floor.store, actor, said, now=at)
    return said
