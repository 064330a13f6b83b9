"""Telling the deploying team of alerts outside of the page: once per alert and channel.

A message says what an alert is about and why, in numbers: no text of a post, no author, no name of
a person.  It goes to the addresses of the settings and nowhere else, and never to a platform.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from evenhand.dashboard.jobs import alerts_mail, alerts_webhook, alerts_worded
from evenhand.dashboard.jobs.alerts_mail import CutOff, Mail
from evenhand.dashboard.jobs.alerts_webhook import Webhook
from evenhand.dashboard.plain import plain_name
from evenhand.dashboard.words import forms, glossary
from evenhand.data.errors import ConnectorError, EvenhandError
from evenhand.data.store import alert_sendings, sources, teams
from evenhand.data.tables import to_micros

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from evenhand.data.settings import Settings
    from evenhand.data.store.alert_sendings import Message
    from evenhand.data.store.connect import Store

# A flood of alerts must not keep the worker from its other steps.
MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent about one alert; *id* is the same at every try."""

    id: str
    kind: str
    title: str
    text: str
    about: str
    why: str
    reason: Mapping[str, float]
    opened_at: datetime

    def as_dict(self) -> dict[str, object]:
        """Give plain values for a webhook."""
        return {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "about": self.about,
            "why": self.why,
            "reason": dict(self.reason),
            "opened_at": self.opened_at.isoformat(),
        }


class Channel(Protocol):
    """A way to tell; *repeatable* says that its receiver can tell a repetition apart."""

    name: str
    repeatable: bool

    def send(self, letter: Letter, now: datetime) -> int:
        """Send one message; give how many of its addresses were refused for good."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A channel that the settings name and that cannot be used, with what is wrong of it."""

    channel: str
    why: EvenhandError


@dataclass(frozen=True, slots=True)
class Ways:
    """The channels that the settings name: those to send on, and those whose settings are wrong."""

    usable: tuple[Channel, ...]
    unusable: tuple[Unusable, ...]


def channels(settings: Settings, environ: Mapping[str, str]) -> Ways:
    """Make the channels that the settings name; none of them has been tried.

    What is wrong of one is no hindrance to the other.
    """
    given = settings.alerts
    named: dict[str, Callable[[], Channel]] = {}
    if given.smtp_host:
        named[Mail.name] = lambda: Mail(given, environ)
    if given.webhook_url:
        named[Webhook.name] = lambda: Webhook(given, environ)
    return _tried(named)


def examined(settings: Settings) -> tuple[Unusable, ...]:
    """Say what is wrong of the settings of alerts, without a look at any secret.

    For a process that has no secrets, as that of the pages: `channels` looks at them too.
    """
    given = settings.alerts
    found = []
    for name, is_named, look in (
        (Mail.name, given.smtp_host, alerts_mail.examine),
        (Webhook.name, given.webhook_url, alerts_webhook.examine),
    ):
        try:
            if is_named:
                look(given)
        except EvenhandError as error:
            found.append(Unusable(name, error))
    return tuple(found)


def _tried(named: Mapping[str, Callable[[], Channel]]) -> Ways:
    usable, unusable = [], []
    for name, make in named.items():
        try:
            usable.append(make())
        except EvenhandError as error:
            unusable.append(Unusable(name, error))
    return Ways(tuple(usable), tuple(unusable))


def send(
    store: Store, settings: Settings, ways: Sequence[Channel], now: Callable[[], datetime]
) -> int:
    """Tell of every open alert that was not told yet, and say how many messages went out.

    What fails is tried again later, and its channel rests until then, so that one that is down
    keeps the worker for one try and not for all of its messages; nothing goes out twice.
    """
    by_name = {one.name: one for one in ways}
    again = [one.name for one in ways if one.repeatable]
    if by_name:
        with store.write() as conn:
            alert_sendings.plan(conn, by_name, now())
    sent = 0
    for _ in range(MOST_AT_ONCE):
        message = _next(store, by_name, again, now())
        if message is None:
            break
        if _send_one(store, settings, (by_name[message.channel], message), now):
            sent += 1
        else:
            del by_name[message.channel]
    return sent


def _next(
    store: Store, by_name: Collection[str], again: Collection[str], now: datetime
) -> Message | None:
    if not by_name:
        return None
    with store.write() as conn:
        return alert_sendings.take_next(conn, by_name, again, now)


def _send_one(
    store: Store,
    settings: Settings,
    what: tuple[Channel, Message],
    now: Callable[[], datetime],
) -> bool:
    way, message = what
    try:
        refused = way.send(letter(store, settings, message), now())
    except ConnectorError as error:
        with store.write() as conn:
            alert_sendings.note_failed(conn, message.id, type(error).__name__, now())
        return False
    except CutOff:
        with store.write() as conn:
            alert_sendings.note_cut_off(conn, message.id, now())
        return False
    with store.write() as conn:
        alert_sendings.note_sent(conn, message.id, now(), refused=refused)
    return True


def letter(store: Store, settings: Settings, message: Message) -> Letter:
    """Word a message in the workspace's language."""
    lang = settings.language
    title = alerts_worded.kind(message.kind, lang)
    about = alerts_worded.about(message.subject, lang) or _name(store, message.subject)
    why = alerts_worded.why(message.kind, message.reason, lang)
    opened = glossary.say("alerts.letter_since", lang, at=forms.moment(message.opened_at, lang))
    lines = [title, about, why, opened, "", glossary.say("alerts.letter_end", lang)]
    return Letter(
        id=f"{message.alert_id}-{to_micros(message.opened_at)}-{message.channel}",
        kind=message.kind.value,
        title=glossary.say("alerts.letter_title", lang, title=title),
        text="\n".join(lines) + "\n",
        about=about,
        why=why,
        reason=message.reason,
        opened_at=message.opened_at,
    )


def _name(store: Store, subject: str) -> str:
    """Find what a source or a team is called, as letters only."""
    what, _, number = subject.partition(":")
    with store.read() as conn:
        there = {
            "source": [(one.id, one.name) for one in sources.list_all(conn)],
            "team": [(str(one.id), one.name) for one in teams.list_all(conn)],
        }
    names = dict(there.get(what, []))
    return " ".join(plain_name(names.get(number, subject)).split())
