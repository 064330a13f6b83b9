"""What the browser is told of an item: plain values, worded in the reviewer's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.data.records import Band
from evenhand.data.taxonomy import Policy, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from evenhand.dashboard.card.desk import Desk
    from evenhand.data.records import Flag, Item

MOST_REASONS = 12


def card_data(
    desk: Desk,
    *,
    say: Callable[..., str],
    moment: Callable[[datetime], str],
    lang: str,
    now: datetime,
) -> dict[str, object]:
    """Put the desk into JSON: items in their order, acknowledgements, words."""
    thread = None
    if desk.thread_item is not None:
        thread = {
            "item": desk.thread_item,
            "posts": [
                {"text": one.text, "published": moment(one.published_at), "is_item": one.is_item}
                for one in desk.thread
            ],
        }
    return {
        "lang": lang,
        "now": int(now.timestamp() * 1000),
        "items": [
            item_data(item, say=say, moment=moment, lang=lang) for item in desk.held.values()
        ],
        "acks": list(desk.acks),
        "refused": list(desk.refused),
        "thread": thread,
        "today": desk.today,
    }


def item_data(
    item: Item,
    *,
    say: Callable[..., str],
    moment: Callable[[datetime], str],
    lang: str,
) -> dict[str, object]:
    """Put one item into JSON; the text stays plain text."""
    return {
        "id": item.id,
        "number": item.claim.number if item.claim else 0,
        "until": int(item.claim.until.timestamp() * 1000) if item.claim else 0,
        "version": item.version,
        "text": item.text,
        "name": item.name,
        "lang": item.lang,
        "lang_name": say(
            f"review.lang_{item.lang}" if item.lang in {"en", "vi"} else "review.lang_other"
        ),
        "source": item.source_name,
        "published": moment(item.published_at),
        "severe": item.severe,
        "edited": item.edited_after_review,
        "simulated": item.simulated,
        "why": item.why,
        "has_thread": True,
        "flags": [_flag(flag, say, lang) for flag in item.flags],
        "spans": spans(item.flags, lang),
        "reasons": reason_lines(item.flags, say, lang),
    }


def label_name(label: str, lang: str) -> str:
    """Word a policy or a request."""
    return load_taxonomy().entry(label).wording[lang].name


def policies(lang: str) -> list[dict[str, str]]:
    """List the nine policies in the order of the keys 1 to 9."""
    return [{"id": policy.value, "name": label_name(policy, lang)} for policy in Policy]


def spans(flags: Sequence[Flag], lang: str) -> list[tuple[int, int, str]]:
    """Give what to highlight: (start, end, label) in code points, in order, not overlapping."""
    found = sorted(
        (start, end, label_name(flag.label, lang))
        for flag in flags
        for reason in flag.reasons
        if reason.kind not in {"guard", "language"} and reason.weight >= 0
        for start, end in reason.spans
    )
    kept: list[tuple[int, int, str]] = []
    for start, end, label in found:
        if kept and start < kept[-1][1]:
            first = kept[-1]
            kept[-1] = (first[0], max(end, first[1]), first[2])
        else:
            kept.append((start, end, label))
    return kept


def reason_lines(flags: Sequence[Flag], say: Callable[..., str], lang: str) -> list[str]:
    """Word every reason, one line each, with the version of the model that gave it."""
    lines = []
    for flag in flags:
        score = f"{flag.score:.2f}"
        band = say(f"terms.band_{flag.band.value}")
        name = label_name(flag.label, lang)
        lines.append(say("review.reason_score", label=name, score=score, band=band))
        for reason in flag.reasons[:MOST_REASONS]:
            lines.append(say(f"review.reason_{reason.kind}", id=reason.id, label=name))
        if flag.model:
            lines.append(say("review.reason_version", model=flag.model))
    return list(dict.fromkeys(lines))


def _flag(flag: Flag, say: Callable[..., str], lang: str) -> dict[str, object]:
    return {
        "label": flag.label,
        "name": label_name(flag.label, lang),
        "band": flag.band.value if flag.band is not Band.NOTHING else "check",
        "band_name": say(f"terms.band_{flag.band.value}"),
        "origin": say(f"terms.origin_{flag.origin.value}"),
        "model": flag.model or "",
    }
