"""Make the demo's posts: a synthetic stream of an invented coastal city, with its truth known.

Templates, slots and false claims are written by hand in `data/samples/demo_stream.json`.
Everything follows from a seed; nothing here reads the clock, the store or the classifier, and no
template was tuned to what the classifier finds.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs.stream_script import demo_script, wave_text, worded
from evenhand.data.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from evenhand.dashboard.jobs.stream_script import PlantedStatement, Template

OPINION_KINDS = frozenset(
    {
        "political_opinion",
        "criticism_government",
        "criticism_police",
        "criticism_party",
        "criticism_company",
        "criticism_leader",
        "praise",
        "satire",
        "protest_announcement",
        "news",
        "quotation_condemning",
        "counter_speech",
    },
)

# Shares of an ordinary day, in per mille; the wave and the flood add to harms and requests.
# Invented, uneven as on any platform: spam and scams are common, threats are rare.
_ORDINARY = {
    "harm": {
        "scam_fraud": 11.0,
        "spam": 11.0,
        "harassment": 7.0,
        "hate": 4.0,
        "violence_threat": 2.0,
        "self_harm_risk": 2.5,
        "health_misinformation": 3.0,
        "disaster_misinformation": 1.0,
        "doxxing": 2.0,
    },
    "request": {"question": 17.0, "complaint": 10.0, "help_needed": 3.0},
    "opinion": {
        "political_opinion": 55.0,
        "criticism_government": 40.0,
        "criticism_police": 15.0,
        "criticism_party": 20.0,
        "criticism_company": 20.0,
        "criticism_leader": 20.0,
        "praise": 17.0,
        "satire": 13.0,
        "protest_announcement": 10.0,
        "news": 20.0,
        "quotation_condemning": 8.0,
        "counter_speech": 12.0,
        "scam_warning": 10.0,
        "grief": 5.0,
        "support": 5.0,
    },
    "chatter": {"chatter": 540.0, "chatter_civic": 115.0},
}
# Kinds of the flood's own templates.
_FLOOD = {
    "harm": {"disaster_misinformation": 11.0, "scam_fraud": 3.0},
    "request": {"help_needed": 25.0, "question": 8.0, "complaint": 4.0},
    "opinion": {"news": 7.0, "criticism_government": 7.0, "counter_speech": 3.0},
    "chatter": {"chatter": 40.0},
}
# Share of Vietnamese posts, and how much each group of kinds is drawn to the place.
_COMMUNITIES = {
    "lam-bay-talk": (0.05, {"harm": 1.0, "request": 0.6, "opinion": 1.1, "chatter": 1.3}),
    "vinh-lam-que-minh": (0.97, {"harm": 1.0, "request": 0.7, "opinion": 1.0, "chatter": 1.5}),
    "lam-bay-helpdesk": (0.5, {"harm": 0.6, "request": 4.0, "opinion": 0.6, "chatter": 0.4}),
    "cho-muoi-market": (0.7, {"harm": 1.6, "request": 0.5, "opinion": 0.3, "chatter": 0.8}),
    "harbour-commons": (0.45, {"harm": 1.0, "request": 0.3, "opinion": 2.2, "chatter": 0.5}),
}
COMMUNITIES = tuple(_COMMUNITIES)

_LOCAL_HOURS = 7  # the city's clock is UTC+7
# Posts by local hour, midnight first: quiet nights, a morning and an evening peak.
_DAY_RHYTHM = (2, 1, 1, 1, 1, 3, 7, 11, 12, 10, 9, 10, 13, 10, 8, 8, 9, 11, 14, 17, 18, 16, 11, 5)
_WEEKEND, _WEEKEND_FACTOR = (5, 6), 1.15
_FLOOD_FACTOR = 3.0
_FLOOD_SHARE, _AFTERMATH_SHARE = 0.55, 0.1
_WAVE_SHARE, _WAVE_DAYS = 0.012, 2
# Where the wave begins and the middle of the flood's UTC day: days 10 and 17 of 21, from 1.
_WAVE_START, _FLOOD_MIDDLE = 9 / 21, 16.5 / 21
_REPLY_SHARE, _SHORT_REPLY_SHARE = 0.16, 0.4
_THREAD_LIFE = timedelta(days=2)
_AUTHORS, _MAX_REACH, _REDRAWS = 2600, 900, 6


@dataclass(frozen=True, slots=True)
class Planted:
    """One synthetic post with its truth.

    *labels* holds the policies and requests it was written for; empty means that flagging it is
    a mistake.
    *sentiment* is None on civic topics; *thread* is the native id of the post it replies to.
    """

    text: str
    lang: str
    kind: str
    labels: tuple[str, ...]
    topic: str
    sentiment: str | None
    published_at: datetime
    author: str
    native_id: str
    community: str
    reach: int
    thread: str | None


@dataclass(frozen=True, slots=True)
class _Place:
    """Everything of a post that is not its text; *author* is a number."""

    index: int
    at: datetime
    community: str
    author: int
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class _Moment:
    """When a post falls; *flood* is the share of flood wording at that time."""

    at: datetime
    wave: bool
    flood: float


def planted_stream(posts: int, *, days: int = 21, seed: int, until: datetime) -> list[Planted]:
    """Make *posts* posts over the *days* before *until*, oldest first, the last at *until*.

    One day (17 of 21) brings a flood: three times the posts and new wording.
    One scam runs through two days as near-copies, 1.2 % of all posts.
    The same arguments give the same posts.

    Raises:
        InputError: *posts* or *days* is below 1, or *until* has no timezone.
    """
    if posts < 1 or days < 1:
        msg = f"A demo of {posts} posts over {days} days is empty; ask for at least 1 of each"
        raise InputError(msg)
    _check_timezone(until)
    rng = _random(f"stream {seed}")
    seen: set[str] = set()
    roots: dict[tuple[str, str], deque[Planted]] = {}
    stream: list[Planted] = []
    for index, moment in enumerate(_moments(posts, days, until, rng)):
        made = _wave_post(moment, index, rng) if moment.wave else _post(moment, index, rng, roots)
        for _ in range(_REDRAWS):
            if moment.wave or made.text not in seen:
                break
            made = _post(moment, index, rng, roots)
        seen.add(made.text)
        if not moment.wave and made.thread is None:
            roots.setdefault((made.community, made.lang), deque(maxlen=40)).append(made)
        stream.append(made)
    return stream


def planted_next(index: int, *, seed: int, published_at: datetime) -> Planted:
    """Make post number *index* of a running demo: an ordinary day, no thread, no wave.

    *index* goes on where `planted_stream` ended (its number of posts), so that native ids stay
    distinct.

    Raises:
        InputError: *published_at* has no timezone.
    """
    _check_timezone(published_at)
    rng = _random(f"trickle {seed} {index}")
    return _post(_Moment(published_at, wave=False, flood=0.0), index, rng, {})


def flood_day(until: datetime, *, days: int = 21) -> date:
    """Name the UTC day of the flood in a stream that ends at *until*."""
    start = until - timedelta(days=days)
    return (start + timedelta(days=days * _FLOOD_MIDDLE)).astimezone(UTC).date()


def planted_statements() -> tuple[PlantedStatement, ...]:
    """List the true sentences behind the planted misinformation, each with its false claim."""
    return demo_script().statements


def _random(key: str) -> random.Random:
    return random.Random(key)  # noqa: S311 - repeatable synthetic posts, no secret


def _check_timezone(moment: datetime) -> None:
    if moment.tzinfo is None:
        msg = f"The demo's time {moment.isoformat()} has no timezone; pass a UTC time"
        raise InputError(msg)


def _moments(posts: int, days: int, until: datetime, rng: random.Random) -> list[_Moment]:
    """Spread the posts over the days, ordered by time."""
    start, hours = until - timedelta(days=days), days * 24
    flooded = flood_day(until, days=days)
    weights = [_hour_weight(start + timedelta(hours=hour), flooded) for hour in range(hours)]
    wave = round(posts * _WAVE_SHARE)
    wave_from = int(days * _WAVE_START) * 24
    wave_hours = range(wave_from, min(wave_from + _WAVE_DAYS * 24, hours))
    drawn = [(hour, False) for hour in rng.choices(range(hours), weights, k=posts - wave)]
    wave_weights = [weights[hour] for hour in wave_hours]
    drawn += [(hour, True) for hour in rng.choices(wave_hours, wave_weights, k=wave)]
    found = []
    for hour, is_wave in drawn:
        at = start + timedelta(hours=hour, seconds=rng.randrange(3600))
        found.append(_Moment(at, is_wave, _flood_share(at, flooded)))
    found.sort(key=lambda moment: moment.at)
    found[-1] = _Moment(until, found[-1].wave, found[-1].flood)
    return found


def _hour_weight(moment: datetime, flood_day: date) -> float:
    local = moment.astimezone(UTC) + timedelta(hours=_LOCAL_HOURS)
    weight = _DAY_RHYTHM[local.hour] * (_WEEKEND_FACTOR if local.weekday() in _WEEKEND else 1.0)
    return weight * (_FLOOD_FACTOR if moment.astimezone(UTC).date() == flood_day else 1.0)


def _flood_share(moment: datetime, flood_day: date) -> float:
    """Give the share of flood wording: none before, half on the day, a tenth after it."""
    day = moment.astimezone(UTC).date()
    if day < flood_day:
        return 0.0
    return _FLOOD_SHARE if day == flood_day else _AFTERMATH_SHARE


def _post(
    moment: _Moment,
    index: int,
    rng: random.Random,
    roots: Mapping[tuple[str, str], deque[Planted]],
) -> Planted:
    flood = rng.random() < moment.flood
    group, kind = _kind(_FLOOD if flood else _ORDINARY, rng)
    community = _weighted({name: pull[group] for name, (_, pull) in _COMMUNITIES.items()}, rng)
    lang = "vi" if rng.random() < _COMMUNITIES[community][0] else "en"
    root = _root(roots.get((community, lang), ()), moment.at, rng)
    if root and group == "chatter" and not flood and rng.random() < _SHORT_REPLY_SHARE:
        kind = "reply"
    template = rng.choice(demo_script().templates[kind, lang, flood])
    author = int(rng.random() ** 2 * _AUTHORS)
    place = _Place(index, moment.at, community, author, root.native_id if root else None)
    return _planted(template, worded(template, rng), place, rng)


def _root(candidates: Sequence[Planted], at: datetime, rng: random.Random) -> Planted | None:
    """Pick the post that this one replies to, or none."""
    if not candidates or rng.random() >= _REPLY_SHARE:
        return None
    root = rng.choice(candidates)
    return root if at - root.published_at <= _THREAD_LIFE else None


def _wave_post(moment: _Moment, index: int, rng: random.Random) -> Planted:
    """Copy the wave's scam with at most two words changed, under an account of its own."""
    place = _Place(index, moment.at, rng.choice(COMMUNITIES), _AUTHORS + index)
    return _planted(demo_script().wave, wave_text(rng), place, rng)


def _planted(template: Template, text: str, place: _Place, rng: random.Random) -> Planted:
    return Planted(
        text=text,
        lang=template.lang,
        kind=template.kind,
        labels=template.labels,
        topic=template.topic,
        sentiment=template.sentiment,
        published_at=place.at,
        author=f"demo-author-{place.author:04d}",
        native_id=f"demo-{place.index:06d}",
        community=place.community,
        reach=min(int(rng.paretovariate(0.9)) - 1, _MAX_REACH),
        thread=place.thread,
    )


def _kind(shares: Mapping[str, Mapping[str, float]], rng: random.Random) -> tuple[str, str]:
    group = _weighted({name: sum(kinds.values()) for name, kinds in shares.items()}, rng)
    return group, _weighted(shares[group], rng)


def _weighted(weights: Mapping[str, float], rng: random.Random) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]
