"""The alerts page: what is open and why, who looks after it, what is muted, and what has ended.

Names of sources and teams and the reasons of mutes were typed by people, so they are drawn as
letters only.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import widgets
from evenhand.dashboard.jobs import alerts, alerts_sending, alerts_worded
from evenhand.dashboard.jobs.alerts import AlertKind
from evenhand.dashboard.plain import plain_name
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.dashboard.jobs.alerts import Delivery, Muted, Told
    from evenhand.dashboard.shell import Shell

SAID = "evenhand.alerts.said"
FORM = "evenhand-alerts-"
LONGEST = 300
# So many of those that have ended are told in lines, all of them in the table.
NEWEST = 5
# Its rule was asked several times since and fired no more.
CALMER_AFTER = 4 * alerts.EVERY
# Where something can be done about a kind, or at least seen: the first that the person may open.
PLACES = {
    AlertKind.VOLUME_SPIKE: ("trends", "coverage"),
    AlertKind.VOLUME_DROP: ("sources", "coverage"),
    AlertKind.SILENT_SOURCE: ("sources", "coverage"),
    AlertKind.FAILING_SOURCE: ("sources", "coverage"),
    AlertKind.SILENT_TEAM: ("queues", "coverage"),
    AlertKind.DEADLINE_RISK: ("queues", "coverage"),
    AlertKind.RECALL_FALLING: ("quality", "coverage"),
    AlertKind.DRIFT: ("models", "coverage"),
    # Erasing is the worker's, whose log an operator reads.
    AlertKind.PURGE_LAG: (),
}


def page(shell: Shell) -> None:
    """Draw the page."""
    widgets.header(shell, "alerts.title", "alerts.lead")
    said = st.session_state.pop(SAID, None)
    if said is not None:
        st.success(shell.say(said))
    with widgets.told(shell):
        found = alerts.overview(shell.store, shell.actor, shell.now())
        _unusable(shell)
        _open(shell, found.open)
        _watched(shell)
        if found.mutes:
            _mutes(shell, found.mutes, found.muted)
        _history(shell, found.ended)


def _unusable(shell: Shell) -> None:
    """Say which channel tells nobody anything because of its settings."""
    for one in alerts_sending.examined(shell.settings):
        channel = shell.say(f"alerts.channel_{one.channel}")
        st.warning(shell.say("alerts.channel_unusable", channel=channel))
        widgets.show_untrusted(shell, str(one.why), limit=LONGEST)


def _open(shell: Shell, found: Sequence[Told]) -> None:
    widgets.section(shell, "alerts.open_part")
    if not found:
        every = forms.pause(alerts.EVERY, shell.lang)
        widgets.empty(shell.say("alerts.none", every=every))
    for one in found:
        with st.container(border=True, key=f"evenhand-alert-{one.alert.id}", gap="xsmall"):
            _card(shell, one)


def _watched(shell: Shell) -> None:
    with st.expander(shell.say("alerts.watched")):
        for kind in AlertKind:
            name = alerts_worded.kind(kind, shell.lang)
            st.markdown(f"**{name}**: {shell.say(f'alerts.rule_{kind.value}')}")


def _card(shell: Shell, one: Told) -> None:
    alert = one.alert
    st.markdown(f"**{alerts_worded.kind(alert.kind, shell.lang)}**")
    _about(shell, alert.subject, one.name)
    st.markdown(alerts_worded.why(alert.kind, alert.reason, shell.lang))
    at, ago = shell.moment(alert.opened_at), shell.since(alert.opened_at)
    widgets.quiet(shell.say("alerts.since", at=at, ago=ago))
    if shell.now() - alert.looked_at > CALMER_AFTER:
        widgets.quiet(shell.say("alerts.calmer", at=shell.moment(alert.looked_at)))
    facts = {
        "owner": shell.say("alerts.nobody") if alert.owner is None else plain_name(alert.owner),
        "state": shell.say(f"alerts.state_{alert.state.value}"),
        "messages": _messages(shell, one),
    }
    with st.container(horizontal=True, gap="medium"):
        for key, value in facts.items():
            with st.container(width="content", gap=None):
                widgets.quiet(shell.say(f"alerts.{key}"))
                widgets.show_untrusted(shell, value, limit=LONGEST)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        _acts(shell, one)
    if alerts.may_act(shell.actor):
        _mute(shell, one)


def _about(shell: Shell, subject: str, name: str) -> None:
    ours = alerts_worded.about(subject, shell.lang)
    if ours:
        widgets.quiet(ours)
    else:
        widgets.show_untrusted(shell, name or subject, limit=LONGEST)


def _messages(shell: Shell, one: Told) -> str:
    told = [
        shell.say(
            "alerts.delivery",
            channel=shell.say(f"alerts.channel_{each.channel}"),
            state=shell.say(_delivery(each)),
        )
        for each in one.deliveries
    ]
    return ", ".join(told) or shell.say("alerts.no_messages")


def _delivery(one: Delivery) -> str:
    key = f"alerts.delivery_{one.state.value}"
    return f"{key}_in_part" if one.is_in_part else key


def _acts(shell: Shell, one: Told) -> None:
    alert = one.alert
    no_fields: dict[str, str] = {}
    ways = [(place, no_fields, f"alerts.go_{place}") for place in PLACES[alert.kind]]
    widgets.lead_on(shell, ways)
    if not alerts.may_act(shell.actor):
        return
    if alert.owner_id != shell.actor.id:
        words_take = shell.say("alerts.take"), shell.say("alerts.take_hint")
        if widgets.hinted_button(words_take, key=f"evenhand.alerts.take.{alert.id}"):
            with widgets.told(shell):
                alerts.take(shell.store, shell.actor, alert.id, shell.now())
                _say_next("alerts.taken")
    if alert.state is alerts.AlertState.OPEN:
        words_seen = shell.say("alerts.acknowledge"), shell.say("alerts.acknowledge_hint")
        if widgets.hinted_button(words_seen, key=f"evenhand.alerts.acknowledge.{alert.id}"):
            with widgets.told(shell):
                alerts.acknowledge(shell.store, shell.actor, alert.id, shell.now())
                _say_next("alerts.acknowledged")


def _mute(shell: Shell, one: Told) -> None:
    number = one.alert.id
    with st.expander(shell.say("alerts.mute_part")):
        days = st.selectbox(
            shell.say("alerts.mute_days"),
            alerts.MUTE_DAYS,
            format_func=lambda many: forms.pause(timedelta(days=many), shell.lang),
            key=f"{FORM}days-{number}",
        )
        reason = st.text_input(
            shell.say("alerts.mute_reason"),
            key=f"{FORM}reason-{number}",
            max_chars=alerts.LONGEST_REASON,
            help=shell.say("alerts.mute_reason_hint"),
        )
        if st.button(shell.say("alerts.mute"), key=f"evenhand.alerts.mute.{number}"):
            if not reason.strip():
                st.error(shell.say("alerts.mute_no_reason"))
                return
            with widgets.told(shell):
                alerts.mute(shell.store, shell.actor, number, days, reason, shell.now())
                _say_next("alerts.muted")


def _mutes(shell: Shell, mutes: Sequence[Muted], standing: Sequence[Told]) -> None:
    widgets.section(shell, "alerts.mutes_part", "alerts.mutes_lead")
    still = {(one.alert.kind, one.alert.subject) for one in standing}
    for one in mutes:
        mute = one.mute
        with st.container(border=True, key=f"evenhand-alert-mute-{mute.id}"):
            until = shell.say("alerts.mute_until", at=shell.moment(mute.until))
            st.markdown(f"**{alerts_worded.kind(mute.kind, shell.lang)}**, {until}")
            _about(shell, mute.subject, one.name)
            widgets.show_untrusted(shell, mute.reason)
            who = shell.say("alerts.mute_by", name=plain_name(mute.made_by))
            widgets.show_untrusted(shell, who, limit=LONGEST)
            if (mute.kind, mute.subject) in still:
                widgets.quiet(shell.say("alerts.mute_stands"))
            words = shell.say("alerts.end_mute"), shell.say("alerts.end_mute_hint")
            if alerts.may_act(shell.actor) and widgets.hinted_button(
                words, key=f"evenhand.alerts.end_mute.{mute.id}"
            ):
                with widgets.told(shell):
                    alerts.end_mute(shell.store, shell.actor, mute.id, shell.now())
                    _say_next("alerts.mute_ended")


def _history(shell: Shell, ended: Sequence[Told]) -> None:
    widgets.section(shell, "alerts.history_part")
    if not ended:
        widgets.empty(shell.say("alerts.history_none"))
        return
    # A table of them is wider than a page, so the newest are told in lines.
    for one in ended[:NEWEST]:
        with st.container(key=f"evenhand-figure-ended-{one.alert.id}", gap="xxsmall"):
            _ended(shell, one)
    rows = [
        {
            "kind": alerts_worded.kind(one.alert.kind, shell.lang),
            "about": alerts_worded.about(one.alert.subject, shell.lang) or plain_name(one.name),
            "opened": shell.moment(one.alert.opened_at),
            "ended": _until(shell, one),
            "reason": alerts_worded.why(one.alert.kind, one.alert.reason, shell.lang),
            "owner": plain_name(one.alert.owner or "–"),
            "messages": _messages(shell, one),
        }
        for one in ended
    ]
    titled = [{shell.say(f"alerts.col_{key}"): cell for key, cell in row.items()} for row in rows]
    with st.expander(shell.say("alerts.history", n=len(rows))):
        st.dataframe(titled, hide_index=True, alt=shell.say("alerts.history", n=len(rows)))


def _until(shell: Shell, one: Told) -> str:
    return "–" if one.alert.ended_at is None else shell.moment(one.alert.ended_at)


def _ended(shell: Shell, one: Told) -> None:
    alert = one.alert
    st.markdown(f"**{alerts_worded.kind(alert.kind, shell.lang)}**")
    _about(shell, alert.subject, one.name)
    st.markdown(alerts_worded.why(alert.kind, alert.reason, shell.lang))
    first, last = shell.moment(alert.opened_at), _until(shell, one)
    widgets.quiet(shell.say("alerts.lasted", first=first, last=last))


def _say_next(key: str) -> None:
    """Say *key* at the head of the page as it is drawn after this change."""
    st.session_state[SAID] = key
    st.rerun()
