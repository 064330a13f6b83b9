"""Score ranges on the queues page: look at a range, read a sample, decide on the rest, take back.

Names were typed by people, so they are drawn as letters only.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import streamlit as st

from evenhand.dashboard import charts, widgets
from evenhand.dashboard.jobs import presence, ranges
from evenhand.dashboard.jobs.ranges import NewRange, RangeState
from evenhand.dashboard.views import queues_words as worded
from evenhand.dashboard.views.coverage_words import separators
from evenhand.dashboard.widgets import Tile
from evenhand.dashboard.words import forms

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.elements.lib.mutable_status_container import StatusContainer

    from evenhand.dashboard.jobs.ranges import Check, Preview, ScoreRange, Standing
    from evenhand.dashboard.shell import Shell

SAID = "evenhand.queues.ranges.said"
FORM = "evenhand-ranges-"
ANY = ""
# Where most of what is flagged without harm lies; the coordinator moves both ends.
USUAL = (0.0, 0.5)
STEP = 0.05
LONGEST = 200
REVIEW = "review"


def draw(shell: Shell) -> None:
    """Draw the form for a range and the ranges of the team."""
    widgets.quiet(shell.say("ranges.lead"))
    if not ranges.may_keep(shell.actor):
        widgets.empty(shell.say("ranges.coordinators_only"))
        return
    widgets.quiet(shell.say("ranges.left_out"))
    said = st.session_state.pop(SAID, None)
    if said is not None:
        st.success(said)
    _rate(shell)
    widgets.section(shell, "ranges.new_part")
    wanted = _fields(shell)
    if wanted is None:
        widgets.empty(shell.say("ranges.none_waits"))
    else:
        _look(shell, wanted)
    widgets.section(shell, "ranges.list_part")
    found = ranges.newest(shell.store, shell.actor, shell.now())
    if not found:
        widgets.empty(shell.say("ranges.none"))
    for one in found:
        with st.container(border=True, key=f"evenhand-range-{one.range.id}"):
            _standing(shell, one)


def _rate(shell: Shell) -> None:
    """Say how often such acts were wrong, by those who read again."""
    rate = ranges.error_rate(shell.store, shell.actor)
    if rate.interval is None:
        widgets.quiet(shell.say("ranges.rate_none"))
        return
    low, high = (forms.percent(one, shell.lang) for one in rate.interval)
    known = {"n": rate.read, "part": rate.harm, "other": rate.other - rate.harm}
    st.markdown(shell.say("ranges.rate", **known, low=low, high=high))


def _fields(shell: Shell) -> NewRange | None:
    """Draw the fields and give what they say; None where nothing waits that they could name."""
    waits = presence.standing_of(shell.store, shell.actor, shell.now()).waits
    by_label: Counter[str] = Counter()
    for one in waits:
        if one.queue != "fast" and one.label in ranges.LABELS:
            by_label[one.label] += one.items
    labels = [label for label, _ in by_label.most_common()]
    if not labels:
        return None
    left, right = st.columns(2)
    with left:
        label = st.selectbox(
            shell.say("ranges.label"),
            _kept("label", labels),
            format_func=lambda one: worded.label(shell, one),
            key=FORM + "label",
        )
    langs = sorted({one.lang for one in waits if one.label == label})
    with right:
        lang = st.selectbox(
            shell.say("ranges.lang"),
            _kept("lang", [ANY, *langs]),
            format_func=lambda one: _lang(shell, one),
            key=FORM + "lang",
        )
    low, high = st.slider(
        shell.say("ranges.scores"), 0.0, 1.0, USUAL, STEP, format="%.2f", key=FORM + "scores"
    )
    return NewRange(label, lang or None, round(low, 2), round(high, 2))


def _kept(name: str, known: list[str]) -> list[str]:
    """Forget a choice that is no longer there: others work on the same items."""
    if st.session_state.get(FORM + name) not in known:
        st.session_state.pop(FORM + name, None)
    return known


def _lang(shell: Shell, code: str | None) -> str:
    return worded.lang(shell, code) if code else shell.say("ranges.any_lang")


def _look(shell: Shell, wanted: NewRange) -> None:
    found = ranges.preview(shell.store, shell.actor, wanted, shell.now())
    widgets.tiles(shell, _tiles(shell, found))
    if not found.items:
        return
    if found.more:
        widgets.quiet(shell.say("ranges.more", n=ranges.MOST))
    _chart(shell, found)
    count = shell.settings.review.range_check
    label = widgets.main_label(shell.say("ranges.draw", n=min(count, found.items)))
    if st.button(label, key="evenhand.ranges.draw", type="primary"):
        with widgets.told(shell):
            ranges.draw(
                shell.store,
                shell.actor,
                wanted,
                now=shell.now(),
                count=count,
                lease_minutes=shell.settings.review.lease_minutes,
            )
            _say_next(shell.say("ranges.drawn"))


def _tiles(shell: Shell, found: Preview) -> list[Tile]:
    if found.interval is None:
        share, past = "–", shell.say("ranges.past_none")
    else:
        share = forms.percent(found.no_harm / found.decided, shell.lang)
        low, high = (forms.percent(one, shell.lang) for one in found.interval)
        known = {"part": found.no_harm, "n": found.decided}
        past = shell.say("ranges.past_base", **known, low=low, high=high)
    return [
        Tile(
            shell.say("ranges.waits_tile"),
            shell.number(found.items),
            shell.say("ranges.waits_base", n=found.items),
            shell.say("ranges.waits_definition"),
        ),
        Tile(shell.say("ranges.past_tile"), share, past, shell.say("ranges.past_definition")),
    ]


def _chart(shell: Shell, found: Preview) -> None:
    words = [
        f"{forms.score(low, shell.lang)}–{forms.score(high, shell.lang)}"
        for low, high, _ in found.bars
    ]
    low, high, most = max(found.bars, key=lambda bar: bar[2])
    ends = {"low": forms.score(low, shell.lang), "high": forms.score(high, shell.lang)}
    st.plotly_chart(
        charts.spread(found.bars, words, shell.say("ranges.chart"), separators(shell)),
        theme="streamlit",
        config=charts.CONFIG,
        key="evenhand-ranges-chart",
        alt=shell.say("ranges.chart_alt", n=most, **ends),
    )


def _standing(shell: Shell, one: Standing) -> None:
    found = one.range
    name = shell.say(
        "ranges.name",
        label=worded.label(shell, found.wanted.label),
        spoken=_lang(shell, found.wanted.lang),
        low=forms.score(found.wanted.low, shell.lang),
        high=forms.score(found.wanted.high, shell.lang),
    )
    st.markdown(f"**{name}**")
    facts = {
        "made_by": worded.by(shell, found.made_by, found.made_at),
        "items": shell.number(len(found.members)),
        "state": shell.say(f"ranges.state_{found.state.value}"),
    }
    if found.decided_at is not None:
        facts["decided"] = shell.number(found.decided)
    with st.container(horizontal=True, gap="medium"):
        for key, value in facts.items():
            with st.container(width="content", gap=None):
                widgets.quiet(shell.say(f"ranges.{key}"))
                widgets.show_untrusted(shell, value, limit=LONGEST)
    if one.check is not None:
        _check(shell, one, one.check)
    if found.state is RangeState.DECIDING and one.mine:
        _decide(shell, found, shell.say("ranges.go_on", n=found.remaining))
    if one.may_undo:
        _undo(shell, found)


def _check(shell: Shell, one: Standing, check: Check) -> None:
    found, known = one.range, {"part": len(check.read), "n": len(one.range.drawn)}
    if not one.mine:
        # The name was typed by a person.
        words = shell.say("ranges.read_by", **known, name=found.made_by)
        widgets.show_untrusted(shell, words, limit=LONGEST)
        return
    st.markdown(shell.say("ranges.read", **known))
    if check.found:
        st.warning(shell.say("ranges.found"), icon=":material/report:")
    elif check.stale:
        st.warning(shell.say("ranges.stale"), icon=":material/schedule:")
    elif check.lost:
        st.info(shell.say("ranges.lost", n=len(check.lost)), icon=":material/info:")
    with st.container(horizontal=True):
        if check.found:
            _decide(shell, found, shell.say("ranges.finish"))
        elif check.waits or check.lost:
            # In a tab of its own, where the card begins with what is held.
            st.link_button(shell.say("ranges.go_read"), REVIEW, icon=":material/open_in_new:")
            _again(shell, found)
        elif not check.stale:
            rest = len(found.members) - len(found.drawn)
            words = shell.say("ranges.decide", n=rest) if rest else shell.say("ranges.finish")
            _decide(shell, found, words)
        _end(shell, found)


def _again(shell: Shell, found: ScoreRange) -> None:
    words = shell.say("ranges.again"), shell.say("ranges.again_hint")
    if widgets.hinted_button(words, key=f"evenhand.ranges.again.{found.id}"):
        with widgets.told(shell):
            held = ranges.claim_again(
                shell.store,
                shell.actor,
                found.id,
                now=shell.now(),
                lease_minutes=shell.settings.review.lease_minutes,
            )
            _say_next(shell.say("ranges.held", n=held))


def _decide(shell: Shell, found: ScoreRange, words: str) -> None:
    label = widgets.main_label(words)
    if not st.button(label, key=f"evenhand.ranges.decide.{found.id}", type="primary"):
        return
    with widgets.told(shell):
        after = _watched(
            shell,
            lambda tell: ranges.decide_rest(
                shell.store,
                shell.actor,
                found.id,
                shell.now(),
                quality=shell.settings.quality,
                progress=tell,
            ),
        )
        if after.state is RangeState.NOT_UNIFORM:
            _say_next(shell.say("ranges.not_uniform"))
        _say_next(shell.say("ranges.done", n=after.decided))


def _undo(shell: Shell, found: ScoreRange) -> None:
    words = shell.say("ranges.undo"), shell.say("ranges.undo_hint")
    if widgets.hinted_button(words, key=f"evenhand.ranges.undo.{found.id}"):
        with widgets.told(shell):
            _watched(
                shell,
                lambda tell: ranges.undo(
                    shell.store, shell.actor, found.id, shell.now(), progress=tell
                ),
            )
            _say_next(shell.say("ranges.undone"))


def _watched(shell: Shell, act: Callable[[Callable[[int, int], None]], ScoreRange]) -> ScoreRange:
    """Do something whose progress is shown while it lasts."""
    with st.status(shell.say("ranges.acting", part=0, n=0)) as status:
        return act(lambda done, n: _tell(shell, status, done, n))


def _tell(shell: Shell, status: StatusContainer, done: int, total: int) -> None:
    status.update(label=shell.say("ranges.acting", part=done, n=total))


def _end(shell: Shell, found: ScoreRange) -> None:
    words = shell.say("ranges.end"), shell.say("ranges.end_hint")
    if widgets.hinted_button(words, key=f"evenhand.ranges.end.{found.id}"):
        with widgets.told(shell):
            ranges.end(shell.store, shell.actor, found.id, shell.now())
            _say_next(shell.say("ranges.ended"))


def _say_next(words: str) -> None:
    """Say something at the head of the page as it is drawn after this change."""
    st.session_state[SAID] = words
    st.rerun()
