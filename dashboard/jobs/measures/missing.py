"""Harm that was missed: what the random audits of unflagged posts say of a window.

Only days that were audited count, on both sides: what was flagged on a day without an audit has
nothing to be compared with.
The statistics are those of `estimates_audit`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from evenhand.dashboard.jobs import estimates_audit
from evenhand.dashboard.jobs.estimates_audit import Audited, Cohort, Estimate
from evenhand.data.store import audits, audits_read, rollups
from evenhand.data.store.audits import AuditState
from evenhand.data.store.audits_read import Tally
from evenhand.data.taxonomy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from evenhand.data.store.audits import Audit
    from evenhand.data.store.audits_read import Drawn
    from evenhand.data.store.connect import Store
    from evenhand.data.store.rollups import Days

DAY = timedelta(days=1)
# Why a day has no audit: the two of `AuditState`, and this one.
NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Part:
    """The audited posts and the counts of a window, or of a slice of it."""

    rows: tuple[Audited, ...]
    cohort: Cohort

    @property
    def recall(self) -> Estimate:
        """What `recall` says of it."""
        return recall(self)

    @property
    def elusion(self) -> Estimate:
        """What `elusion` says of it."""
        return elusion(self)

    @property
    def missed(self) -> Estimate:
        """What `missed` says of it."""
        return missed(self)

    @property
    def prevalence(self) -> Estimate:
        """What `prevalence` says of it."""
        return prevalence(self)


@dataclass(frozen=True, slots=True)
class Missing:
    """What is known of missed harm in a window: all of it, by language and by policy.

    *audited* are the days with an audit, oldest first, *not_audited* says of each other day why it
    has none: "texts_gone", "no_budget" or "not_yet".
    *read* counts by day the audited posts that are decided; *drawn* are the rows of *whole*, in
    their order.
    """

    window: Days
    audited: tuple[Audit, ...]
    not_audited: Mapping[date, str]
    read: Mapping[date, int]
    whole: Part
    by_lang: Mapping[str, Part]
    by_policy: Mapping[str, Part]
    drawn: tuple[Drawn, ...] = ()


def read(store: Store, window: Days) -> Missing:
    """Read the audits of a window and what stands on what they drew, in one state of the store."""
    with store.read() as conn:
        rows = audits.of_days(conn, window)
        audited = tuple(one for one in rows if one.state is AuditState.AUDITED)
        days = [one.day for one in audited]
        drawn = audits_read.drawn(conn, window)
        flagged = audits_read.flagged(conn, days)
    why = {one.day: one.state.value for one in rows if one.state is not AuditState.AUDITED}
    rest = {day: why.get(day, NOT_YET) for day in _each(window) if day not in set(days)}
    whole = _together(flagged.values())
    return Missing(
        window=window,
        audited=audited,
        not_audited=rest,
        read=Counter(one.day for one in drawn if one.harm is not None),
        whole=_part(drawn, sum(one.frame for one in audited), whole, _least(audited)),
        by_lang=_by_lang(audited, drawn, flagged),
        by_policy=_by_policy(audited, drawn, whole),
        drawn=tuple(drawn),
    )


def by_source(store: Store, found: Missing) -> dict[str, Part]:
    """Read the same for each source, by its number.

    Days that were drawn before frames were counted by source stand with the roll-up's counts.
    """
    days = [one.day for one in found.audited]
    frames: Counter[str] = Counter()
    for one in found.audited:
        frames.update(one.sources or {})
    with store.read() as conn:
        flagged = audits_read.flagged(conn, days, by="source_id")
        for run in audits_read.runs([one.day for one in found.audited if one.sources is None]):
            for source_id, rows in rollups.source_arrivals(conn, run).items():
                frames[str(source_id)] += sum(row.arrived - row.flagged for row in rows)
    mine: dict[str, list[Drawn]] = {key: [] for key in (*frames, *flagged)}
    for row in found.drawn:
        mine.setdefault(str(row.source_id), []).append(row)
    least = _least(found.audited)
    return {
        key: _part(rows, max(frames[key], len(rows)), flagged.get(key, Tally()), least)
        for key, rows in sorted(mine.items())
    }


def wholes(store: Store, windows: Sequence[Days]) -> list[Part | None]:
    """Read several windows without their slices; None for one in which no day was audited."""
    reach = type(windows[0])(min(one.first for one in windows), max(one.last for one in windows))
    found: list[Part | None] = []
    with store.read() as conn:
        rows = audits.of_days(conn, reach)
        drawn = audits_read.drawn(conn, reach) if rows else []
        for window in windows:
            days = set(_each(window))
            audited = [one for one in rows if one.day in days and one.state is AuditState.AUDITED]
            if not audited:
                found.append(None)
                continue
            flagged = audits_read.flagged(conn, [one.day for one in audited])
            mine = [one for one in drawn if one.day in days]
            frame = sum(one.frame for one in audited)
            found.append(_part(mine, frame, _together(flagged.values()), _least(audited)))
    return found


def recall(part: Part) -> Estimate:
    """Share of the harm that was found: found / (found + waiting + missed), 0-1.

    Found: flagged posts of the audited days that a person decided are harm.
    Missed: harm among the unflagged posts of these days, estimated from the audit.
    Waiting: the harm expected among flagged posts that are undecided, left people unsure or were
    decided by score range, which nobody read, as often as among those decided; while it waits it
    is not found, so that neither a backlog nor a range makes the share better.
    The bounds are those of the missed harm at 95 %; at the lower one every waiting post is harm,
    at the upper one none is.
    Blank without any harm, under 30 decided audited posts, where more than one in five audited
    posts are undecided, where the audit saw no missed harm (it is never 100 % for that), and where
    the bounds are more than 0.4 apart; the bounds are given all the same.
    While nothing is found and the audit saw harm, it is 0.
    Of one policy, harm is what violates that policy.
    A post that was flagged after its day was audited counts as missed and as found, so that the
    share is rather too low.
    It does not know harm in posts that no source brought, nor what reviewers overlook.
    Sources: sensitivity in CDC, Updated Guidelines for Evaluating Public Health Surveillance
    Systems (MMWR 50, RR-13, 2001); bounds after Korn and Graubard (1998).
    """
    return estimates_audit.recall(part.rows, part.cohort)


def elusion(part: Part) -> Estimate:
    """Share of the unflagged posts of the audited days that are harm, from the audit, 0-1.

    Each audited post that is decided stands for 1 / its chance of being drawn; the share is what
    those that are harm stand for, of what all of them stand for.
    Audited posts that are undecided, left people unsure or were deleted unread are left out, as if
    they were harm as often as the others; their number stands beside.
    Blank without unflagged posts, under 30 decided audited posts, where more than one in five are
    undecided and where the audit saw no harm: then only the bounds are given.
    The bounds are Korn and Graubard's (1998) at 95 %, with one more post that is harm at the
    upper end.
    It does not know what reviewers of the audit overlook.
    Share: Hájek (1971); name: Grossman and Cormack, Glossary of Technology-Assisted Review (2013).
    """
    return estimates_audit.elusion(part.rows, part.cohort)


def missed(part: Part) -> Estimate:
    """Posts of the audited days that are harm and were not flagged: elusion x unflagged posts.

    A post that the audit itself found counts as missed, since the queue would not have shown it;
    hence the lower bound is at least the number of those.
    Blank under 30 decided audited posts, where more than one in five are undecided and where the
    audit saw no harm: then only the bounds are given, never zero.
    Without unflagged posts nothing can be missed, and once all of them are audited the number is
    exact.
    Source: as of elusion.
    """
    return estimates_audit.missed(part.rows, part.cohort)


def prevalence(part: Part) -> Estimate:
    """Share of all posts of the audited days that are harm, flagged or not, 0-1.

    (found + waiting + missed) / (flagged + unflagged); waiting is the harm expected among flagged
    posts that are undecided, as often as among those decided.
    At the lower bound none of those is harm, at the upper bound each.
    Posts are counted, not views: it does not know how many people saw them.
    Blank where the missed harm or the share among flagged posts is not known.
    Source: the post-weighted variant of Meta, "Prevalence" (Transparency Center, 2019).
    """
    return estimates_audit.prevalence(part.rows, part.cohort)


def _each(window: Days) -> list[date]:
    length = (window.last - window.first).days + 1
    return [window.first + n * DAY for n in range(length)]


def _part(drawn: Sequence[Drawn], unflagged: int, flagged: Tally, least: float) -> Part:
    cohort = Cohort(unflagged, flagged.flagged, flagged.decided, flagged.found, least)
    return Part(tuple(Audited(one.inclusion, one.harm) for one in drawn), cohort)


def _by_lang(
    audited: Sequence[Audit], drawn: Sequence[Drawn], flagged: Mapping[str, Tally]
) -> dict[str, Part]:
    frames: Counter[str] = Counter()
    for one in audited:
        frames.update(one.langs)
    # The smallest chance was kept of the whole frame, so it is at most that of a language.
    least = _least(audited)
    by_lang: dict[str, list[Drawn]] = {lang: [] for lang in (*frames, *flagged)}
    for row in drawn:
        # An edit may have given a post another language since its frame was counted.
        by_lang.setdefault(row.lang, []).append(row)
    return {
        lang: _part(rows, max(frames[lang], len(rows)), flagged.get(lang, Tally()), least)
        for lang, rows in sorted(by_lang.items())
    }


def _by_policy(audited: Sequence[Audit], drawn: Sequence[Drawn], whole: Tally) -> dict[str, Part]:
    unflagged, least = sum(one.frame for one in audited), _least(audited)
    return {
        policy: _part(
            [_of_policy(one, policy) for one in drawn],
            unflagged,
            Tally(whole.flagged, whole.decided, whole.by_policy[policy]),
            least,
        )
        for policy in (one.value for one in Policy)
    }


def _of_policy(one: Drawn, policy: str) -> Drawn:
    return one if one.harm is None else replace(one, harm=policy in one.policies)


def _together(parts: Iterable[Tally]) -> Tally:
    whole = Tally()
    for one in parts:
        whole.flagged += one.flagged
        whole.decided += one.decided
        whole.found += one.found
        whole.by_policy.update(one.by_policy)
    return whole


def _least(audited: Sequence[Audit]) -> float:
    return min((one.least for one in audited if one.least is not None), default=1.0)
