"""What the browser is told of an item: plain values, worded in the reviewer's language.

Texts of posts travel as pieces, cleaned and cut where something is to be marked: the browser
counts characters in another way than Python does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evenhand.dashboard.card.copies import sample_data, wave_data
from evenhand.dashboard.card.seals import seals_for
from evenhand.dashboard.jobs import care, statements
from evenhand.dashboard.plain import make_pieces, make_plain
from evenhand.dashboard.words import forms
from evenhand.data.records import Origin
from evenhand.data.taxonomy import FAST_LABELS, Entry, Policy, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evenhand.dashboard.card.desk import Desk
    from evenhand.dashboard.jobs.macros import Macro
    from evenhand.dashboard.jobs.statements import Statement
    from evenhand.dashboard.shell import Shell
    from evenhand.data.records import Flag, Item, Reason

LONGEST_TEXT = 20_000
LONGEST_NAME = 300
LONGEST_QUOTE = 60
LONGEST_TRUTH = 1_000
MOST_REASONS = 12
# The newest are enough: whatever is older the browser knows already, or will ask about again.
ACKS_SENT = 60
# Reasons of these kinds quote the text, so they stay hidden while it is covered.
QUOTING = frozenset({"model", "key"})
# The line that `jobs.queueing` writes: "scam_fraud 0.90, 1 more, severity 3, reach 12, vi".
# How the queue begins the line of what was drawn (`queueing`): it names no label.
DRAWN = "score"
_WHY = re.compile(r"(\w+) ([\d.]+)(?:, \d+ more)?, severity (\d), reach (\d+), .*")


def card_data(shell: Shell, desk: Desk) -> dict[str, object]:
    """Put the desk into JSON: items in their order, acknowledgements, counts."""
    now = shell.now()
    listed = _listed(shell, desk.held.values())
    return {
        "person": shell.actor.id,
        "lang": shell.lang,
        "now": int(now.timestamp() * 1000),
        "queue": ",".join(desk.queues or ()),
        "undo_s": shell.settings.review.undo_s,
        "items": [item_data(shell, item, listed) for item in desk.held.values()],
        "acks": list(desk.acks)[-ACKS_SENT:],
        "thread": _thread(shell, desk),
        "sample": sample_data(shell, desk),
        "decided": desk.decided,
        "decided_shown": shell.number(desk.decided),
        "waiting": desk.waiting,
        "away": desk.is_away(now),
        "rest": _rest(desk),
    }


def item_data(
    shell: Shell, item: Item, listed: Mapping[str, Statement] | None = None
) -> dict[str, object]:
    """Put one item into JSON; *listed* are the statements that its reasons may name."""
    known, seals = _named(item, listed or {}), seals_for(shell)
    pieces, left = make_pieces(item.text, spans(item.flags, shell.lang), LONGEST_TEXT)
    lang = item.lang if item.lang in {"en", "vi"} else "other"
    return {
        "id": seals.seal(item.id),
        "number": seals.seal_number(item.claim.number, item.id) if item.claim else "",
        "until": int(item.claim.until.timestamp() * 1000) if item.claim else 0,
        "version": item.version,
        "pieces": pieces,
        "left": shell.say("shell.truncated", n=left) if left else "",
        "name": make_plain(item.name or "", LONGEST_NAME)[0],
        "lang": item.lang,
        "lang_name": shell.say(f"review.lang_{lang}"),
        "source": make_plain(item.source_name, LONGEST_NAME)[0],
        "published": shell.moment(item.published_at),
        "severe": item.severe,
        "summary": summary(shell, item) if item.severe else "",
        "edited": item.edited_after_review,
        "simulated": item.simulated or shell.settings.demo,
        "why": why_line(shell, item.why),
        "flags": [_flag(shell, flag) for flag in item.flags],
        "reasons": [*reason_lines(shell, item.flags), *_statement_lines(shell, known)],
        "statements": [_statement(shell, one) for one in known],
        # Only a third person's item has them: no other is told apart by a field, not even an empty
        # one.
        **_opinions(shell, item),
        **wave_data(shell, item),
        **_help(shell, item),
    }


def _opinions(shell: Shell, item: Item) -> dict[str, object]:
    """Word what two reviewers said who did not agree; nothing for all other items."""
    if not item.opinions:
        return {}
    words = [
        ", ".join(label_name(one, shell.lang) for one in opinion.policies)
        or shell.say(f"terms.outcome_{opinion.outcome.value}")
        for opinion in item.opinions
    ]
    keys = ["quality.opinion_one", *["quality.opinion_other"] * (len(words) - 1)]
    lines = [shell.say(key, said=said) for key, said in zip(keys, words, strict=True)]
    return {"opinions": {"title": shell.say("quality.opinions"), "lines": lines}}


def _help(shell: Shell, item: Item) -> dict[str, object]:
    """Name where somebody in danger finds help, for a post of the fast queue."""
    labels = {flag.label for flag in item.flags if flag.origin is not Origin.AUDIT} & FAST_LABELS
    lines = [one for one in shell.settings.help_line if one.serves(labels)] if labels else []
    return {"help": [{"name": one.name, "contact": one.contact} for one in lines]} if lines else {}


def summary(shell: Shell, item: Item) -> str:
    """Say in one line what lies under a cover: facts alone, and no word of the post."""
    labels = dict.fromkeys(flag.label for flag in item.flags if flag.origin is not Origin.AUDIT)
    names = ", ".join(label_name(label, shell.lang) for label in labels)
    lang = item.lang if item.lang in {"en", "vi"} else "other"
    reasons = sum(len(flag.reasons) for flag in item.flags)
    facts = [
        names,
        shell.say("care.cover_severity", severity=care.severity_of(labels)),
        shell.say(f"review.lang_{lang}"),
        shell.say("care.cover_words", n=len(item.text.split())),
        make_plain(item.source_name, LONGEST_NAME)[0],
    ]
    if reasons:
        facts.append(shell.say("care.cover_reasons", n=reasons))
    return " · ".join(facts)


def policies(lang: str) -> list[dict[str, object]]:
    """List the nine policies in the order of the keys 1 to 9."""
    entries = [(policy.value, load_taxonomy().policies[policy]) for policy in Policy]
    return [
        {
            "id": key,
            "name": entry.wording[lang].name,
            "means": entry.wording[lang].definition,
            "severity": entry.severity,
        }
        for key, entry in entries
    ]


def macro(one: Macro) -> dict[str, object]:
    """Give what one key decides, and what its button says."""
    return {
        "id": one.id,
        "key": one.key,
        "name": make_plain(one.name, LONGEST_NAME)[0],
        "outcome": one.outcome.value,
        "policies": list(one.policies),
    }


def spans(flags: Sequence[Flag], lang: str) -> list[tuple[int, int, str]]:
    """Give what to highlight: (start, end, label) in code points, in order, not overlapping."""
    found = sorted(
        (start, end, label_name(flag.label, lang))
        for flag in flags
        for reason in flag.reasons
        if reason.kind not in {"guard", "language"} and reason.weight >= 0
        for start, end in reason.spans
        if 0 <= start < end
    )
    kept: list[tuple[int, int, str]] = []
    for start, end, label in found:
        if kept and start < kept[-1][1]:
            first = kept[-1]
            kept[-1] = (first[0], max(end, first[1]), first[2])
        else:
            kept.append((start, end, label))
    return kept


def reason_lines(shell: Shell, flags: Sequence[Flag]) -> list[dict[str, object]]:
    """Word every reason, one line each, with the version of the model that gave it.

    *quotes* marks the lines that show words of the text.
    """
    lines: dict[str, bool] = {}
    for flag in flags:
        if flag.origin is Origin.AUDIT:
            continue
        name = label_name(flag.label, shell.lang)
        score = forms.score(flag.score, shell.lang)
        band = shell.say(f"terms.band_{flag.band.value}")
        lines[shell.say("review.reason_score", label=name, score=score, band=band)] = False
        for reason in flag.reasons[:MOST_REASONS]:
            lines[_reason(shell, reason, name)] = reason.kind in QUOTING
        if flag.model:
            lines[shell.say("review.reason_version", model=flag.model)] = False
    return [{"text": text, "quotes": quotes} for text, quotes in lines.items()]


def _listed(shell: Shell, items: Iterable[Item]) -> Mapping[str, Statement]:
    """Look up the statements that the items' reasons name, if any names one."""
    wanted = {key for item in items for key in statement_ids(item.flags)}
    return statements.matched(shell.store, shell.actor, wanted) if wanted else {}


def statement_ids(flags: Sequence[Flag]) -> list[str]:
    """Name the statements that these flags match, each once, the first one first."""
    reasons = (reason for flag in flags for reason in flag.reasons)
    return list(dict.fromkeys(one.id for one in reasons if one.kind == "statement"))


def _named(item: Item, listed: Mapping[str, Statement]) -> list[Statement]:
    return [listed[key] for key in statement_ids(item.flags) if key in listed]


def _statement(shell: Shell, one: Statement) -> dict[str, str]:
    """Give what a statement says: the claim, what is true instead, and who published that."""
    worded = one.worded
    over = one.state.value != "active" or worded.expires_at <= shell.now()
    return {
        "title": shell.say("review.statement_over" if over else "review.statement", id=one.id),
        "claim": make_plain(f"“{worded.wordings[0]}”", LONGEST_NAME)[0],
        "truth": make_plain(worded.what_is_true, LONGEST_TRUTH)[0],
        "source": make_plain(f"{worded.source_name}, {worded.source_url}", LONGEST_TRUTH)[0],
    }


def _statement_lines(shell: Shell, known: Sequence[Statement]) -> list[dict[str, object]]:
    parts = [_statement(shell, one) for one in known]
    return [{"text": shell.say("review.statement_line", **one), "quotes": False} for one in parts]


def why_line(shell: Shell, why: str) -> str:
    """Word the line of why an item has its place; a form that is not known stays as it is."""
    found = _WHY.fullmatch(why)
    if found is not None and found[1] == DRAWN:
        return shell.say("review.why_to_read", severity=int(found[3]), n=int(found[4]))
    if found is None or _entry(found[1]) is None:
        return make_plain(why, LONGEST_NAME)[0]
    return shell.say(
        "review.why_line",
        label=label_name(found[1], shell.lang),
        score=forms.score(float(found[2]), shell.lang),
        severity=int(found[3]),
        n=int(found[4]),
    )


def label_name(label: str, lang: str) -> str:
    """Word a policy or a request; a label that is on no list stays as it is."""
    entry = _entry(label)
    return label if entry is None else entry.wording[lang].name


def _entry(label: str) -> Entry | None:
    lists = load_taxonomy()
    return lists.policies.get(label) or lists.requests.get(label)


def _reason(shell: Shell, reason: Reason, name: str) -> str:
    quote = make_plain(reason.id, LONGEST_QUOTE)[0]
    return shell.say(f"review.reason_{reason.kind}", id=quote, label=name)


def _flag(shell: Shell, flag: Flag) -> dict[str, object]:
    # The audit is blind: whoever reads must not see that a post was drawn.
    if flag.origin is Origin.AUDIT:
        return {"label": "", "name": shell.say("review.to_read"), "detail": "", "strong": False}
    band = shell.say(f"terms.band_{flag.band.value}")
    origin = shell.say(f"terms.origin_{flag.origin.value}")
    return {
        "label": flag.label,
        "name": label_name(flag.label, shell.lang),
        "detail": f"{band} · {origin}",
        "strong": flag.band.value == "flag",
    }


def _rest(desk: Desk) -> dict[str, object] | None:
    rest = desk.caring.rest
    if rest is None:
        return None
    return {"until": int(rest.until.timestamp() * 1000), "by_timer": rest.by_timer}


def _thread(shell: Shell, desk: Desk) -> dict[str, object] | None:
    if desk.thread_item is None:
        return None
    posts = [
        {
            "text": shell.say("review.erased")
            if one.text is None
            else make_plain(one.text, LONGEST_TEXT)[0],
            "published": shell.moment(one.published_at),
            "is_item": one.is_item,
        }
        for one in desk.thread
    ]
    return {"item": seals_for(shell).seal(desk.thread_item), "posts": posts}
