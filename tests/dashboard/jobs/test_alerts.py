"""Alerts for people: who sees them, who acts, and what may be written about a mute."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from evenhand.dashboard.jobs import access, alerts, alerts_worded
from evenhand.dashboard.words import forms
from evenhand.data import tables
from evenhand.data.errors import InputError, NotAllowed
from evenhand.data.records import SourceSpec
from evenhand.data.store import alerts as kept
from evenhand.data.store import sources
from evenhand.data.store.alerts import AlertKind, Level, Verdict
from tests.conftest import NOON

SEEING = ("coordinator", "analyst", "leader", "admin")
ACTING = ("coordinator", "analyst", "admin")
REASONS = {
    AlertKind.VOLUME_SPIKE: {"posts": 60, "usual": 20.5, "bound": 42.4, "days": 28, "so_far": 0},
    AlertKind.VOLUME_DROP: {"posts": 0, "usual": 30, "bound": 2.6, "days": 16},
    AlertKind.SILENT_SOURCE: {"days": 1, "usual": 0},
    AlertKind.FAILING_SOURCE: {"failures": 3, "hours": 3},
    AlertKind.SILENT_TEAM: {"waiting": 41, "hours": 30, "usual_hours": 16},
    AlertKind.DEADLINE_RISK: {"late": 8, "due": 9, "overdue": 1, "pace": 2},
    AlertKind.RECALL_FALLING: {"before_low": 0.6, "newest_high": 0.59},
    AlertKind.DRIFT: {"alarms": 2, "days": 3},
    AlertKind.PURGE_LAG: {"texts": 3, "hours": 24},
}


def opened(store, kind=AlertKind.SILENT_SOURCE, subject="source:1"):
    with store.write() as conn:
        kept.settle(conn, [Verdict(kind, subject, Level.FIRES, REASONS[kind])], [], NOON)
        return kept.list_open(conn, NOON)[-1].id


@pytest.mark.parametrize("name", ["an", *SEEING])
def test_roles_that_see_and_that_act(store, actors, name):
    """Leaders read; reviewers have another desk."""
    actor, number = getattr(actors, name), opened(store)
    acts = (
        lambda: alerts.take(store, actor, number, NOON),
        lambda: alerts.acknowledge(store, actor, number, NOON),
        lambda: alerts.mute(store, actor, number, 1, "Bảo trì", NOON),
    )

    assert (name in ACTING) is alerts.may_act(actor)
    if name in SEEING:
        assert 1 == alerts.open_count(store, actor, NOON)
        assert 1 == len(alerts.overview(store, actor, NOON).open)
    else:
        assert alerts.open_count(store, actor, NOON) is None
        with pytest.raises(NotAllowed):
            alerts.overview(store, actor, NOON)
    for act in acts:
        if name in ACTING:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()


def test_nobody_acts_from_the_terminal(store, actors):  # noqa: ARG001 - people
    """An owner is a person."""
    number, nobody = opened(store), access.operator()
    with pytest.raises(NotAllowed, match="only a person"):
        alerts.take(store, nobody, number, NOON)
    assert not alerts.may_act(nobody)


def test_muted_alert_moves_to_its_own_list_and_back(store, actors):
    """With its name, its reason and who muted it."""
    with store.write() as conn:
        made = sources.propose(conn, SourceSpec("r/danang", "file"), person_id=None, now=NOON)
    number = opened(store, subject=f"source:{made.id}")
    alerts.mute(store, actors.analyst, number, 7, "  Bảo trì  ", NOON)
    found = alerts.overview(store, actors.leader, NOON)

    assert ((), 1, 1) == (found.open, len(found.muted), len(found.mutes))
    (muted,) = found.mutes
    assert ("r/danang", "Bảo trì", NOON + timedelta(days=7), "analyst") == (
        muted.name,
        muted.mute.reason,
        muted.mute.until,
        muted.mute.made_by,
    )
    assert 0 == alerts.open_count(store, actors.leader, NOON)
    alerts.end_mute(store, actors.admin, muted.mute.id, NOON)
    assert 1 == alerts.open_count(store, actors.leader, NOON)
    assert () == alerts.overview(store, actors.leader, NOON).mutes


@pytest.mark.parametrize("days", [0, 2, -1, 365])
def test_mute_lasts_as_long_as_is_offered(store, actors, days):
    """Nothing is muted for ever."""
    with pytest.raises(InputError, match="choose one of these"):
        alerts.mute(store, actors.admin, opened(store), days, "x", NOON)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "a\nb", "a\x00b", "\u202ex"])
def test_mute_needs_a_reason_that_can_be_read(store, actors, reason):
    """Of one line, and not too long."""
    with pytest.raises(InputError, match="needs a reason"):
        alerts.mute(store, actors.admin, opened(store), 1, reason, NOON)


def test_ended_alert_is_in_the_history(store, actors):
    """With the numbers it last stood on."""
    opened(store)
    with store.write() as conn:
        calm = Verdict(AlertKind.SILENT_SOURCE, "source:1", Level.CALM, {"days": 0, "usual": 0})
        kept.settle(conn, [calm], [], NOON + timedelta(hours=1))
    found = alerts.overview(store, actors.leader, NOON)

    assert ((), 1) == (found.open, len(found.ended))
    assert REASONS[AlertKind.SILENT_SOURCE] == found.ended[0].alert.reason


def test_ledger_tells_of_owners_and_mutes_without_what_was_typed(store, actors):
    """Ids, kinds and times alone."""
    number = opened(store)
    alerts.take(store, actors.coordinator, number, NOON)
    alerts.mute(store, actors.coordinator, number, 1, "Bảo trì máy chủ", NOON)
    with store.read() as conn:
        rows = conn.execute(select(tables.ledger.c.action, tables.ledger.c.data)).all()

    assert ["alert_taken", "alert_muted"] == [row.action for row in rows]
    assert "Bảo" not in "".join(row.data for row in rows)


@pytest.mark.parametrize("lang", forms.LANGUAGES)
@pytest.mark.parametrize("kind", list(AlertKind))
def test_every_kind_has_a_sentence_with_its_numbers(kind, lang):
    """Nothing is left to be filled in, and no database name is shown."""
    said = alerts_worded.why(kind, REASONS[kind], lang)

    assert "{" not in said
    assert "_" not in said
    assert any(sign.isdigit() for sign in said)
    assert alerts_worded.kind(kind, lang)


def test_sentences_read_as_they_should():
    """Numbers and lengths of time by the language's rules."""
    assert (
        "Posts on the last whole day: 60. Usual are 20.5 a day, the median of 28 days; above 42.4 "
        "it is told."
    ) == alerts_worded.why(AlertKind.VOLUME_SPIKE, REASONS[AlertKind.VOLUME_SPIKE], "en")
    assert (
        "Số mục đang chờ: 41. Nhóm không quyết định mục nào trong 30 giờ; 16 giờ thường làm việc "
        "đã trôi qua."
    ) == alerts_worded.why(AlertKind.SILENT_TEAM, REASONS[AlertKind.SILENT_TEAM], "vi")
    assert "Of the harm, at most 59% is found; before it was at least 60%." == alerts_worded.why(
        AlertKind.RECALL_FALLING, REASONS[AlertKind.RECALL_FALLING], "en"
    )


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("all", "the whole workspace"),
        ("all_topics", "all topics but civic ones"),
        ("topic:health", "topic: Health"),
        ("topic:nonsense", ""),
        ("model:team@1", "model team@1"),
        ("source:3", ""),
    ],
)
def test_about_words_what_is_ours_and_leaves_names_to_others(subject, said):
    """What people typed is not put into a sentence."""
    assert said.lower() == alerts_worded.about(subject, "en").lower()
