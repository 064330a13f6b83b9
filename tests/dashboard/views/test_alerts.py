"""The alerts page: open alerts with their numbers, what can be done, and what has ended."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from evenhand.dashboard import app
from evenhand.dashboard.shell import Shell
from evenhand.dashboard.views.alerts import PLACES
from evenhand.data.records import Role, SourceSpec
from evenhand.data.settings import AlertSettings, Settings
from evenhand.data.store import alerts as kept
from evenhand.data.store import sources
from evenhand.data.store.alerts import AlertKind, Level, Verdict
from tests.conftest import NOON

HOSTILE = "**r/danang** ![](/auth/logout) :red[x]"
LATE = {"late": 8, "due": 9, "overdue": 1, "pace": 2}
SILENT = {"days": 3, "usual": 1}


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the page for an actor."""

    def draw(actor, lang="en", **told):
        settings = Settings(workspace=tmp_path, alerts=AlertSettings(**told))
        shell = Shell(store, settings, actor, lang, clock.now, UTC)
        app = AppTest.from_function(_draw, args=(shell,), default_timeout=30).run()
        assert not app.exception
        return app

    return draw


def _draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.alerts import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


def settle(store, *verdicts, now=NOON):
    with store.write() as conn:
        kept.settle(conn, verdicts, [], now)


@pytest.fixture
def two(store):
    """Open an alert about a source of a hostile name, and one about deadlines."""
    with store.write() as conn:
        made = sources.propose(conn, SourceSpec(HOSTILE, "file"), person_id=None, now=NOON)
    settle(
        store,
        Verdict(AlertKind.SILENT_SOURCE, f"source:{made.id}", Level.FIRES, SILENT),
        Verdict(AlertKind.DEADLINE_RISK, "all", Level.FIRES, LATE),
    )
    return made.id


def texts(app):
    return [one.value for one in (*app.text, *app.markdown, *app.success, *app.error)]


def says(app, part):
    return any(part in one for one in texts(app))


def click(app, label, at=0):
    [one for one in app.button if one.label == label][at].click().run()
    assert not app.exception
    return app


def labels(app):
    return {one.label for one in app.button}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            (
                "Nothing is out of the ordinary. The rules below are asked every 5 minutes.",
                "never a civic one",
                "No alert has ended yet.",
            ),
        ),
        (
            "vi",
            (
                "Không có gì bất thường. Các quy tắc dưới đây được hỏi lại mỗi 5 phút.",
                "không bao giờ là chuyện chung của xã hội",
                "Chưa có cảnh báo nào kết thúc.",
            ),
        ),
    ],
)
def test_empty_page_says_what_is_watched_and_how_often(show, actors, lang, said):
    """In both languages; nothing is left to guess."""
    app = show(actors.coordinator, lang)

    assert all(says(app, part) for part in said)
    assert len(AlertKind) == sum(one.value.startswith("**") for one in app.markdown)


@pytest.mark.usefixtures("two")
def test_card_says_what_since_when_and_why(show, actors, clock):
    """Each alert with its numbers in one sentence."""
    clock.advance(hours=2)
    app = show(actors.coordinator)

    assert says(app, "**A source is silent**")
    assert says(app, "No post for 3 whole days; usually 1 is the longest silence.")
    assert says(app, "8 of 9 items due within a day will not be decided in time; 1 are past")
    assert says(app, "since 24 Nov 2026, 12:00 (2 hours ago)")
    assert ["nobody yet", "open", "none set up"] == [
        one.value for one in app.text if one.value in {"nobody yet", "open", "none set up"}
    ][:3]


@pytest.mark.usefixtures("two")
def test_card_says_when_its_numbers_are_from_once_it_is_calmer(show, actors, clock):
    """A rule that was asked since and fired no more: between its two bounds the alert stays."""
    clock.advance(minutes=10)
    assert not says(show(actors.leader), "It is calmer now")
    clock.advance(hours=1)

    said = "These are the numbers of 24 Nov 2026, 12:00. It is calmer now"
    assert says(show(actors.leader), said)


@pytest.mark.usefixtures("two")
def test_name_of_a_source_is_letters_only(show, actors):
    """In the card, in the list of mutes and in the history."""
    app = show(actors.coordinator)
    assert [HOSTILE] == [one.value for one in app.text if "danang" in one.value]
    app.text_input[0].set_value("**Bảo trì** :red[x]").run()
    click(app, "Mute")

    shown = [one.value for one in app.text]
    assert HOSTILE in shown
    assert "**Bảo trì** :red[x]" in shown
    assert not any("danang" in one.value or "Bảo" in one.value for one in app.markdown)


@pytest.mark.usefixtures("two")
def test_coordinator_takes_and_acknowledges(show, actors):
    """A button goes once its work is done; the owner's name is shown."""
    app = show(actors.coordinator)
    click(app, "Take it")
    assert says(app, "The alert is yours.")
    assert "coordinator" in [one.value for one in app.text]
    click(app, "Acknowledge")

    assert says(app, "Acknowledged.")
    assert ["acknowledged", "open"] == [
        one.value for one in app.text if one.value in {"acknowledged", "open"}
    ]
    assert (1, 1) == tuple(
        sum(one.label == label for one in app.button) for label in ("Take it", "Acknowledge")
    )


@pytest.mark.usefixtures("two")
def test_mute_needs_a_reason_and_can_be_ended(show, actors):
    """A muted alert leaves the open ones and is listed with its reason until it is told again."""
    app = show(actors.analyst)
    click(app, "Mute")
    assert says(app, "Say why, so that others know.")
    app.selectbox[0].set_value(7)
    app.text_input[0].set_value("Máy chủ của họ bảo trì").run()
    click(app, "Mute")

    assert says(app, "Muted. It is listed below")
    assert says(app, "until 1 Dec 2026, 12:00")
    assert says(app, "An alert of this stands open.")
    assert says(app, "muted by analyst")
    click(app, "Tell it again")
    assert says(app, "It is told again.")
    assert "Tell it again" not in labels(app)


@pytest.mark.usefixtures("two")
def test_leader_reads_and_has_no_buttons(show, actors):
    """They see what the others do about it."""
    app = show(actors.leader)

    assert says(app, "**Deadlines will be missed**")
    assert set() == labels(app)


@pytest.mark.parametrize("kind", list(AlertKind))
def test_alert_leads_to_a_page_that_each_of_them_may_open(kind):
    """Of erasing, which only an operator can mend, there is none."""
    places = PLACES[kind]

    for role in (Role.COORDINATOR, Role.ANALYST, Role.LEADER, Role.ADMIN):
        assert bool(places) is any(role in app.PAGES[place] for place in places)


def test_reviewer_is_told_who_sees_alerts(show, actors):
    """Another desk is theirs."""
    app = show(actors.an)

    assert ["Your roles do not permit this. Ask somebody who has the role: coordinator."] == [
        one.value for one in app.error
    ]


def test_history_lists_what_has_ended(store, show, actors, two):
    """With what it was about, why, and when it began and ended."""
    calm = Verdict(AlertKind.SILENT_SOURCE, f"source:{two}", Level.CALM, {"days": 0, "usual": 1})
    settle(store, calm, now=NOON + timedelta(hours=3))
    app = show(actors.leader)
    (table,) = app.dataframe
    why = "No post for 3 whole days; usually 1 is the longest silence."

    assert HOSTILE in [one.value for one in app.text]
    assert says(app, "24 Nov 2026, 12:00 to 24 Nov 2026, 15:00")
    assert says(app, why)
    assert [
        "A source is silent",
        HOSTILE,
        "24 Nov 2026, 12:00",
        "24 Nov 2026, 15:00",
        why,
        "–",
        "none set up",
    ] == list(table.value.iloc[0])


def test_press_on_what_has_ended_meanwhile_shows_that_it_has(store, show, actors, two):
    """Its rule ended it while the page was open; nobody becomes the owner of the past."""
    app = show(actors.coordinator)
    calm = Verdict(AlertKind.SILENT_SOURCE, f"source:{two}", Level.CALM, {})
    settle(store, calm, Verdict(AlertKind.DEADLINE_RISK, "all", Level.CALM, {}))
    click(app, "Take it")

    assert says(app, "Nothing is out of the ordinary.")
    assert ["–", "–"] == list(app.dataframe[0].value["Owner"])


def test_channel_whose_settings_are_wrong_is_told(show, actors):
    """Once for each such channel, with what to mend; where all fits nothing is said."""
    wrong = {"smtp_host": "mail.example", "webhook_url": "http://10.0.0.1/hook"}
    app = show(actors.coordinator, lang="vi", webhook_secret="env:HOOK", **wrong)
    right = show(actors.coordinator, webhook_url="https://a.example", webhook_secret="env:HOOK")

    assert ["thư", "webhook"] == [
        one.value.removeprefix("Không có gì được báo qua ").partition(":")[0] for one in app.warning
    ]
    assert says(app, "`alerts.smtp_host` needs")
    assert says(app, "only an https address is asked")
    assert [] == list(right.warning)
