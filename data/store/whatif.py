"""What other thresholds would do: counts of whole days by the threshold that reaches a post.

A tag says of each label the highest threshold that still puts the post before people; here these
are counted by day, model, language and steps of a quarter in the log-odds, with what people decided
on those posts; thresholds lie near 1, where equal steps of the score itself would tell nothing.
Counts only: no post, no source, no topic and nothing of an author; civic posts are counted like
all others.
A day is counted anew as a whole, so that counting it twice changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from math import exp, floor, log
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import and_, delete, func, insert, select

from evenhand.data.records import Band, Outcome
from evenhand.data.store import audits_read, dialect, reviews, rollups, waves
from evenhand.data.store.children import IS_OWN
from evenhand.data.tables import current_decision, decision, item, post, rollup_post, tag
from evenhand.data.tables_review import wave, wave_member
from evenhand.data.tables_whatif import whatif, whatif_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection, Row

    from evenhand.data.store.rollups import Days

    AnyRow = Row[*tuple[Any, ...]]

# Steps in one unit of the log-odds.
STEPS = 4
# The step of what is before people at any threshold, and the last one of a score (0.99994).
ALWAYS, LAST = 40, 39
# No label's floor is lower (0.3), so no threshold can reach what lies below.
LOWEST = -4
ROUNDING = 1e-9
# Posts that are read at once.
PIECE = 2_000
# Posts lie by their day, but for pages that were stored side by side around midnight.
MARGIN = 10_000
_STANDS = and_(
    current_decision.c.item_id == item.c.id, current_decision.c.slot == reviews.FIRST_SLOT
)
_ASKED = frozenset({Outcome.NEEDS_ANSWER.value, Outcome.ALREADY_ANSWERED.value})


class Put(NamedTuple):
    """One label of a post: the highest threshold that puts it, in steps, and whether it is put."""

    label: str
    step: int
    put: bool


class Key(NamedTuple):
    """What posts are counted by; *kept* are before people whatever the thresholds."""

    model: str
    lang: str
    puts: tuple[Put, ...]
    kept: bool


class Counts(NamedTuple):
    """Posts, the items made for them, and of the posts: *decided* for sure, *harm*, *asked*.

    Near-copies behind a wave are posts without an item, and what stands on the wave stands on them.
    *asked* are those that needed an answer or had one.
    """

    posts: int
    items: int
    decided: int
    harm: int
    asked: int


class Counted(NamedTuple):
    """The counts of one day under one key."""

    day: date
    key: Key
    counts: Counts


def step_of(puts_at: float) -> int:
    """Give the last step whose threshold is not above *puts_at*.

    >>> step_of(0.5), step_of(0.499), step_of(0.95), step_of(0.999999), step_of(1.0)
    (0, -1, 11, 39, 40)
    """
    if puts_at >= 1:
        return ALWAYS
    if puts_at <= 0:
        return LOWEST - 1
    return min(LAST, floor(STEPS * log(puts_at / (1 - puts_at)) + ROUNDING))


def threshold_of(step: int) -> float:
    """Give the threshold at which a step begins.

    >>> round(threshold_of(0), 3), round(threshold_of(12), 3)
    (0.5, 0.953)
    """
    return 1 / (1 + exp(-step / STEPS))


def puts_of(harms: Mapping[str, Sequence[Any]], requests: Mapping[str, Sequence[Any]]) -> list[Put]:
    """Read from a tag which thresholds would put its post before people, by label.

    Labels that a tag of an older release put without a number are left out.
    """
    found = []
    for label, cell in sorted({**harms, **requests}.items()):
        _, band, *number = cell
        if number and (step := step_of(float(number[0]))) >= LOWEST:
            found.append(Put(label, step, band != Band.NOTHING))
    return found


def key_of(row: AnyRow) -> Key:
    """Say how a post is counted: *row* has flagged, lang, model, harms and requests."""
    harms, requests = row.harms or {}, row.requests or {}
    puts = tuple(puts_of(harms, requests))
    named = {one.label for one in puts if one.put}
    both = cast("Mapping[str, Sequence[Any]]", {**harms, **requests})
    put = {label for label, cell in both.items() if cell[1] != Band.NOTHING}
    # Flagged by a person, by an earlier version, or by a tag of an older release.
    kept = bool(put - named) or (bool(row.flagged) and not put)
    return Key(row.model or "", row.lang, puts, kept)


def days_with_posts(conn: Connection, days: Days) -> list[date]:
    """List the days of a window on which posts arrived."""
    within = rollup_post.c.day.between(
        rollups.day_number(days.first), rollups.day_number(days.last)
    )
    query = select(rollup_post.c.day).distinct().where(within).order_by(rollup_post.c.day)
    return [_date(number) for number in conn.execute(query).scalars()]


def counted_at(conn: Connection, days: Days) -> dict[date, datetime]:
    """Tell when each day of a window was counted last; a day that was not is missing."""
    first, last = rollups.day_number(days.first), rollups.day_number(days.last)
    query = select(whatif_day).where(whatif_day.c.day.between(first, last))
    return {_date(row.day): row.counted_at for row in conn.execute(query)}


def pieces(conn: Connection, day: date) -> list[range]:
    """Cut the posts among which those of a day lie into pieces, by id."""
    number = rollups.day_number(day)
    first = _first_from(conn, number) - MARGIN
    last = _first_from(conn, number + 1) + MARGIN
    ends = conn.execute(select(func.min(post.c.id), func.max(post.c.id))).one()
    first, last = max(first, ends[0] or 0), min(last, (ends[1] or 0) + 1)
    return [range(at, min(at + PIECE, last)) for at in range(first, last, PIECE)]


def _first_from(conn: Connection, number: int) -> int:
    """Find about where the posts of a day begin, by halving."""
    low, high = conn.execute(select(func.min(post.c.id), func.max(post.c.id))).one()
    low, high = int(low or 0), int(high or 0) + 1
    while low < high:
        middle = (low + high) // 2
        query = select(post.c.id, post.c.day).where(post.c.id >= middle).order_by(post.c.id)
        row = conn.execute(query.limit(1)).first()
        if row is None or row.day >= number:
            high = middle
        else:
            low = int(row.id) + 1
    return low


def count_piece(conn: Connection, day: date, ids: range) -> dict[Key, Counts]:
    """Count the posts of a day with these ids, as they stand now."""
    keys = _keys(conn, day, ids)
    items, said = _stands(conn, list(keys))
    found: dict[Key, Counts] = {}
    for post_id, key in keys.items():
        outcomes = said.get(post_id, [])
        harm = Outcome.VIOLATES.value in outcomes
        unsure = any(one is None or one == Outcome.NOT_SURE.value for one in outcomes)
        asked = not harm and not _ASKED.isdisjoint(one for one in outcomes if one)
        one = (1, items[post_id], harm or bool(outcomes and not unsure), harm, asked)
        found[key] = added(found.get(key), Counts(*map(int, one)))
    return found


def added(one: Counts | None, other: Counts) -> Counts:
    """Add two counts; None is nothing."""
    return other if one is None else Counts(*(a + b for a, b in zip(one, other, strict=True)))


def _keys(conn: Connection, day: date, ids: range) -> dict[int, Key]:
    said = and_(tag.c.post_id == post.c.id, tag.c.version == post.c.version, ~tag.c.shadow)
    query = (
        select(post.c.id, post.c.flagged, post.c.lang, tag.c.model, tag.c.harms, tag.c.requests)
        .outerjoin(tag, said)
        .where(post.c.id >= ids.start, post.c.id < ids.stop, post.c.day == rollups.day_number(day))
        .order_by(post.c.id, tag.c.tagged_at)
    )
    # Of several models the one that spoke last counts.
    found = {int(row.id): key_of(row) for row in conn.execute(query)}
    return {post_id: key for post_id, key in found.items() if key.puts or key.kept}


def _stands(
    conn: Connection, post_ids: Sequence[int]
) -> tuple[Counter[int], dict[int, list[str | None]]]:
    """Count the own items of posts, and list what stands on each of them and on its wave."""
    items: Counter[int] = Counter()
    said: defaultdict[int, list[str | None]] = defaultdict(list)
    if not post_ids:
        return items, said
    own = (
        select(item.c.post_id, decision.c.outcome)
        .select_from(item)
        .outerjoin(current_decision, _STANDS)
        .outerjoin(decision, decision.c.id == current_decision.c.decision_id)
        .where(
            dialect.among_ids(conn, item.c.post_id, post_ids),
            IS_OWN,
            item.c.label.in_(audits_read.LABELS),
        )
    )
    for row in conn.execute(own):
        items[row.post_id] += 1
        said[row.post_id].append(row.outcome)
    behind = (
        select(wave_member.c.post_id, decision.c.outcome)
        .select_from(wave_member)
        .join(wave, wave.c.id == wave_member.c.wave_id)
        .join(item, waves.of_wave(wave.c.first_post_id))
        .outerjoin(current_decision, _STANDS)
        .outerjoin(decision, decision.c.id == current_decision.c.decision_id)
        .where(
            dialect.among_ids(conn, wave_member.c.post_id, post_ids),
            waves.STAYS,
            wave_member.c.post_id != wave.c.first_post_id,
        )
    )
    for row in conn.execute(behind):
        said[row.post_id].append(row.outcome)
    return items, said


def put_day(conn: Connection, day: date, found: Mapping[Key, Counts], now: datetime) -> None:
    """Replace what was counted of a day."""
    number = rollups.day_number(day)
    conn.execute(delete(whatif).where(whatif.c.day == number))
    rows = [
        {
            "day": number,
            "model": key.model,
            "lang": key.lang,
            "puts": _written(key.puts),
            "kept": int(key.kept),
            **counts._asdict(),
        }
        for key, counts in found.items()
    ]
    if rows:
        conn.execute(insert(whatif), rows)
    conn.execute(delete(whatif_day).where(whatif_day.c.day == number))
    conn.execute(insert(whatif_day).values(day=number, counted_at=now))


def of_days(conn: Connection, days: Days) -> list[Counted]:
    """Read what was counted of a window, by day."""
    first, last = rollups.day_number(days.first), rollups.day_number(days.last)
    query = (
        select(whatif)
        .where(whatif.c.day.between(first, last))
        .order_by(whatif.c.day, whatif.c.model, whatif.c.lang, whatif.c.puts, whatif.c.kept)
    )
    return [
        Counted(
            _date(row.day),
            Key(row.model, row.lang, _read(row.puts), bool(row.kept)),
            Counts(row.posts, row.items, row.decided, row.harm, row.asked),
        )
        for row in conn.execute(query)
    ]


def keys_of(conn: Connection, post_ids: Iterable[int]) -> dict[int, Key]:
    """Say how these posts are counted; for those that an audit drew."""
    said = and_(tag.c.post_id == post.c.id, tag.c.version == post.c.version, ~tag.c.shadow)
    query = (
        select(post.c.id, post.c.flagged, post.c.lang, tag.c.model, tag.c.harms, tag.c.requests)
        .outerjoin(tag, said)
        .where(dialect.among_ids(conn, post.c.id, sorted(post_ids)))
        .order_by(post.c.id, tag.c.tagged_at)
    )
    return {int(row.id): key_of(row) for row in conn.execute(query)}


def _written(puts: Sequence[Put]) -> str:
    return ",".join(f"{one.label}:{one.step}:{int(one.put)}" for one in puts)


def _read(written: str) -> tuple[Put, ...]:
    parts = [one.split(":") for one in written.split(",") if one]
    return tuple(Put(label, int(step), put == "1") for label, step, put in parts)


def _date(number: int) -> date:
    return rollups.EPOCH_DAY + timedelta(days=number)
