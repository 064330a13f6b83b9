"""How the models page words what the worker measured: labels, languages, bounds, obstacles.

Reports hold names and sentences of the program; whatever has no wording here is shown as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from babel import Locale

from evenhand.dashboard.card.payload import label_name
from evenhand.dashboard.plain import make_plain, plain_name
from evenhand.dashboard.words import forms, glossary
from evenhand.data.taxonomy import LANGUAGES, Policy, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evenhand.dashboard.shell import Shell

DASH = "–"
MINUS = "\N{MINUS SIGN}"
LONGEST = 1_000
LABELS = tuple(one.value for one in (*Policy, *Request))
_LANGUAGES = {"English": "en", "Vietnamese": "vi", "other languages": "other"}
_FIGURES = {"recall": "recall", "precision": "precision", "AP": "ap"}
# The sentence that `classifiers.backtest` writes of a loss.
_LOSS = re.compile(
    r"(\w+) in (.+): (recall|precision|AP) ([\d.]+) → ([\d.]+) "
    r"\([+-][\d.]+, 95 % interval ([+-][\d.]+) to ([+-][\d.]+), (\d+) positives\)"
)
# The sentence that `jobs.retraining_promotion` writes of a bound that failed.
_BOUND = re.compile(r"neutrality gate, (.+): ([\d.]+)(?: \(limit ([\d.]+)\))? against (.+)")
_BOUNDS = (
    (" found in pairs", "bound_found"),
    (" found, English sets", "bound_found_in_sets"),
    (" false alarms, English sets", "bound_false_alarms"),
    (" precision", "bound_precision"),
)
_OBSTACLES = (
    (r"no label has the (?P<n>\d+) held-out positives that a comparison needs", "no_evidence"),
    (r"it was compared with (?P<old>\S+), and (?P<new>\S+) is active now", "outdated"),
    ("it was not compared with the active model", "not_compared"),
    ("it was not put through the neutrality gate", "no_gate"),
)
_STEPS = (
    (r"(?P<n>\d+) posts, (?P<new>\d+) new items", "step_rescoring"),
    (r"reading the labels", "step_labels"),
    (r"training: labels", "step_learning"),
    (r"training: reviewers", "step_reviewers"),
    (r"training: (?P<label>\w+)", "step_label"),
    (r"saving the candidate", "step_saving"),
    (r"comparing it with the active model", "step_comparing"),
    (r"neutrality gate", "step_gate"),
    (r"storing", "step_storing"),
)
_ENDS = (
    (r"(?P<n>\d+) posts were drawn into the queue", "end_drawn"),
    (r"no alarm", "end_no_alarm"),
    (r"(?P<n>\d+) alarms: .*", "end_alarms"),
    (r"(?P<n>\d+) of (?P<total>\d+) labels look mistaken", "end_doubts"),
    (r"the same labels give the same model again: (?P<model>\S+) \(\w+\)", "end_same"),
    (r"(?P<model>\S+) learnt .* from (?P<n>\d+) labels; it .*", "end_trained"),
    (r"(?P<model>\S+) has the active model's weights and .*", "end_proposed"),
    (
        r"these thresholds were tried with (?P<old>\S+), and (?P<new>\S+) is active now;.*",
        "end_moved_on",
    ),
    (r"no unflagged post is held that may train;.*", "end_none_held"),
    (r"this needs the optional part '(?P<extra>\w+)';.*", "end_missing_extra"),
    (r"there are profiles of (?P<n>\d+) whole days .* needs (?P<need>\d+);.*", "end_few_days"),
    (r"(?P<label>\w+) has (?P<have>\d+) labels and needs (?P<need>\d+);.*", "end_too_few"),
)
_WHYS = (
    (
        r"(?P<yes>\d+) texts say yes and (?P<no>\d+) no; (?P<need>\d+) of each are needed",
        "kept_few",
    ),
    (r"has no head: only rules and statements find it", "kept_no_head"),
)


def language(shell: Shell, code: str) -> str:
    """Name a language, all of them ("all"), or the rest."""
    if code in {"all", "other"}:
        return shell.say(f"models.lang_{code}")
    name = Locale(shell.lang).languages.get(code) or shell.say("models.lang_other")
    # CLDR writes “Tiếng Việt” as in a list; in the middle of a sentence it is “tiếng Việt”.
    return name.replace("Tiếng ", "tiếng ")


def label(shell: Shell, name: str) -> str:
    """Name a policy or a request."""
    return label_name(name, shell.lang)


def where(shell: Shell, name: str, lang: str) -> str:
    """Name a label in a language."""
    return f"{label(shell, name)}, {language(shell, lang)}"


def listed(names: Iterable[str]) -> str:
    """Write names one after the other."""
    return ", ".join(names) or DASH


def person(name: str | None) -> str:
    """Write a person's name, which somebody typed, as letters only."""
    return DASH if not name else plain_name(name)


def percent(shell: Shell, share: float | None) -> str:
    """Write a share 0-1 with at most one decimal."""
    return forms.percent(share, shell.lang)


def whole(shell: Shell, share: float | None) -> str:
    """Write a share 0-1 in whole percents, for a line that has its interval beside it."""
    return DASH if share is None else forms.percent(round(share, 2), shell.lang)


def points(shell: Shell, difference: float | None) -> str:
    """Write a difference of two shares in percentage points, always with its sign."""
    if difference is None:
        return DASH
    rounded = round(100 * difference)
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else "±"
    return f"{sign}{shell.number(abs(rounded))}"


def obstacle(shell: Shell, sentence: str) -> str:
    """Word one thing that stands against a promotion."""
    if lost := _LOSS.fullmatch(sentence):
        name, lang, figure, before, after, low, high, n = lost.groups()
        return shell.say(
            f"models.lost_{_FIGURES[figure]}",
            where=where(shell, name, _LANGUAGES.get(lang, "all")),
            before=whole(shell, float(before)),
            after=whole(shell, float(after)),
            low=points(shell, float(low)),
            high=points(shell, float(high)),
            n=int(n),
        )
    if failed := _BOUND.fullmatch(sentence):
        name, measured, limit, bound = failed.groups()
        return shell.say(
            "models.bound_failed",
            name=bound_name(shell, name),
            measured=_measured(shell, bound, measured, limit),
            bound=bound_words(shell, bound),
        )
    return _known(shell, sentence, _OBSTACLES)


def _measured(shell: Shell, bound: str, measured: str, limit: str | None) -> str:
    shown = bound_value(shell, bound, float(measured))
    if limit is None:
        return shown
    return shell.say(
        "models.with_limit", measured=shown, limit=forms.percent(float(limit), shell.lang)
    )


def bound_name(shell: Shell, name: str) -> str:
    """Word what a bound of the neutrality gate is about."""
    fixed = {
        "must-not-flag, overall": "bound_overall",
        "minimal pairs, benign": "bound_pairs",
        "verdicts that depend on the name": "bound_flips",
        "score gap between names": "bound_gap",
    }
    if name in fixed:
        return shell.say(f"models.{fixed[name]}")
    if name.startswith("kind "):
        return shell.say("models.bound_kind", kind=kind(shell, name.removeprefix("kind ")))
    if name.startswith("must-not-flag, "):
        lang = name.removeprefix("must-not-flag, ")
        return shell.say("models.bound_lang", language=language(shell, lang))
    for ending, key in _BOUNDS:
        if name.endswith(ending):
            return shell.say(f"models.{key}", label=label(shell, name.removesuffix(ending)))
    return make_plain(name, LONGEST)[0]


def kind(shell: Shell, name: str) -> str:
    """Word a kind of must-not-flag posts."""
    key = f"models.kind_{name}"
    return shell.say(key) if key in glossary.entries() else name.replace("_", " ")


def bound_words(shell: Shell, bound: str) -> str:
    """Word what is allowed or asked for: "≤ 1%"."""
    if bound.endswith((" post", " posts")):
        sign, n = bound.split()[:2]
        return f"{sign} {shell.say('models.n_posts', n=int(n))}"
    sign, _, number = bound.rpartition(" ")
    if number.endswith("%"):
        return f"{sign} {forms.percent(float(number[:-1]) / 100, shell.lang)}"
    try:
        return f"{sign} {shell.number(float(number))}".strip()
    except ValueError:
        return make_plain(bound, LONGEST)[0]


def bound_value(shell: Shell, bound: str, value: float | None) -> str:
    """Write a measured figure in the kind of its bound: a share, a number of posts, a gap."""
    if value is None:
        return DASH
    if "%" in bound:
        return forms.percent(value, shell.lang)
    if "post" in bound:
        return shell.say("models.n_posts", n=int(value))
    return shell.number(int(value) if value.is_integer() else value)


def step(shell: Shell, message: str) -> str:
    """Word the step that a task is at."""
    return _known(shell, message, _STEPS)


def ending(shell: Shell, message: str) -> str:
    """Word what came of a task."""
    return _known(shell, message, _ENDS)


def kept_why(shell: Shell, sentence: str) -> str:
    """Word why a label kept its head."""
    return _known(shell, sentence, _WHYS)


def _known(shell: Shell, sentence: str, forms_: Iterable[tuple[str, str]]) -> str:
    for form, key in forms_:
        if found := re.fullmatch(form, sentence, re.DOTALL):
            values: dict[str, object] = {
                name: int(value) if value.isdigit() else value
                for name, value in found.groupdict().items()
            }
            if "label" in values:
                values["label"] = label(shell, str(values["label"]))
            return shell.say(f"models.{key}", **values)
    return make_plain(sentence, LONGEST)[0]


def weak_at(shell: Shell, card: Mapping[str, object]) -> str:
    """Say in one line where a model is not believed, and what it cannot find by itself."""
    off = card.get("off")
    weak = off if isinstance(off, dict) else {}
    heads = card.get("labels")
    known = set(heads) if isinstance(heads, (list, tuple)) else set()
    parts = [
        shell.say(
            "models.weak_in",
            language=language(shell, lang),
            labels=listed(label(shell, name) for name in weak[lang]),
        )
        for lang in LANGUAGES
        if weak.get(lang)
    ]
    if rest := [label(shell, name) for name in LABELS if name not in known]:
        parts.append(shell.say("models.weak_rules", labels=listed(rest)))
    return " ".join(parts) or shell.say("models.weak_nowhere")
