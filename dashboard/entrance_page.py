"""The pages before the dashboard, as plain HTML and CSS: signing in, out, and for the first time.

They work without scripts, in either light, on a telephone, and in both languages.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from html import escape
from string import Template
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from evenhand.dashboard import look
from evenhand.dashboard.words import forms
from evenhand.dashboard.words.glossary import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REFRESH_S = 5

_STYLE = Template("""
:root { color-scheme: light dark; $light }
@media (prefers-color-scheme: dark) { :root { $dark } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center;
  background: var(--paper); color: var(--ink); font: 1rem/1.55 $font; padding: 6vh 1.25rem 2rem; }
main { width: 100%; max-width: 25rem; }
header { display: flex; align-items: center; gap: .75rem; margin-bottom: 2rem; }
header svg { width: 2.5rem; height: 2.5rem; flex: none; }
header strong { font-size: 1.25rem; line-height: 1.2; overflow-wrap: anywhere; }
header span { display: block; font-size: .875rem; font-weight: 400; color: var(--muted); }
h1 { font-size: 1.6rem; line-height: 1.25; font-weight: 600; margin: 0 0 .25rem; }
h2 { font-size: 1rem; font-weight: 600; margin: 0 0 .25rem; }
p { margin: 0 0 1.25rem; }
.lead, .hint { color: var(--muted); }
.hint { font-size: .875rem; margin: .375rem 0 0; }
label { display: block; font-weight: 600; margin: 1rem 0 .375rem; }
input { width: 100%; font: inherit; color: inherit; background: var(--panel);
  border: 1px solid var(--muted); border-radius: .5rem; padding: .7rem .8rem; }
button, .button { display: block; width: 100%; font: inherit; font-weight: 600; text-align: center;
  border: 1px solid var(--accent); border-radius: .5rem; padding: .7rem .8rem; margin-top: 1.5rem;
  background: var(--accent); color: var(--on-accent); cursor: pointer; text-decoration: none; }
.quiet { background: transparent; color: var(--accent); margin-top: .625rem; }
.choice { text-align: left; font-weight: 400; margin-top: .5rem; border-color: var(--line);
  background: var(--panel); color: var(--ink); }
.choice b { font-weight: 600; }
.choice:hover, .choice:focus-visible { border-color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.note { border: 1px solid var(--line); border-left: .3rem solid var(--accent); border-radius: .5rem;
  background: var(--panel); padding: .8rem 1rem; margin: 1.25rem 0; }
.note.wrong { border-left-color: var(--red); }
.note p { margin: 0; }
progress { width: 100%; height: .5rem; margin-top: .6rem; accent-color: var(--accent); }
section { margin-top: 2rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
nav { display: flex; gap: 1.25rem; margin-top: 2.5rem; }
a { color: var(--accent); }
footer { margin-top: 1rem; font-size: .875rem; color: var(--muted); }
""")

_PAGE = Template("""<!DOCTYPE html>
<html lang="$lang">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
$refresh<title>$title · Evenhand</title>
<link rel="icon" href="/favicon.png">
<style>$style</style>
</head>
<body>
<main>
<header>$mark<strong>Evenhand$organisation</strong></header>
$body
<nav aria-label="$switch">$languages</nav>
<footer>$footer</footer>
</main>
</body>
</html>
""")


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages before the dashboard share.

    *address* and *query* lead back to the same page; *query* names the language only if somebody
    chose one.
    """

    lang: str
    organisation: str
    address: str
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One of the demo's people who can be tried with one click."""

    id: str
    name: str
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the demo's preparation is, in posts; *total* is 0 before it begins."""

    done: int
    total: int


def sign_in_page(
    frame: Frame,
    *,
    note: str | None = None,
    name: str = "",
    demo: Sequence[DemoPerson] = (),
    progress: Progress | None = None,
) -> str:
    """Draw the sign-in page.

    Args:
        frame: Language and address.
        note: Key in the glossary of what the last try or the last session came to.
        name: What was filled in as the name.
        demo: People to look around as; empty outside the demo.
        progress: How far the demo is, while it is being prepared.
    """
    lang = frame.lang
    parts = [_h1(say("shell.sign_in", lang))]
    if not demo:
        parts += [
            f'<p class="lead">{say("shell.sign_in_lead", lang)}</p>',
            _note(note, lang),
            _progress(progress, lang),
            _sign_in_form(frame, name),
        ]
        return _page(frame, "shell.sign_in", parts)
    parts += [_note(note, lang), _progress(progress, lang), _people(demo, frame)]
    # While the demo is being prepared the page looks again by itself, without a script; so there
    # is nothing to type into then, as typing would be lost.
    if progress is None:
        heading = f"<h2>{say('shell.or_with_name', lang)}</h2>"
        parts.append(f"<section>{heading}{_sign_in_form(frame, name)}</section>")
    return _page(frame, "shell.sign_in", parts, refresh=progress is not None)


def welcome_page(frame: Frame, *, token: str, note: str | None = None) -> str:
    """Draw the page on which a new person sets a password through a one-time link."""
    lang = frame.lang
    fields_ = (
        _hidden("token", token)
        + _field("new_password", say("shell.new_password", lang), kind="password")
        + f'<p class="hint" id="hint">{say("shell.new_password_hint", lang)}</p>'
        + _button(say("shell.set_password", lang))
    )
    parts = [
        _h1(say("shell.welcome", lang)),
        f'<p class="lead">{say("shell.welcome_lead", lang)}</p>',
        _note(note, lang),
        _form(frame, fields_),
    ]
    return _page(frame, "shell.welcome", parts)


def sign_out_page(frame: Frame) -> str:
    """Draw the question that a sign-out by address asks, since only a form may sign out."""
    lang = frame.lang
    stay = f'<a class="button quiet" href="/">{say("shell.stay", lang)}</a>'
    parts = [
        _h1(say("shell.sign_out_question", lang)),
        f'<p class="lead">{say("shell.sign_out_lead", lang)}</p>',
        _form(frame, _button(say("shell.sign_out", lang)) + stay),
    ]
    return _page(frame, "shell.sign_out", parts)


def _sign_in_form(frame: Frame, name: str) -> str:
    lang = frame.lang
    inner = (
        _field("name", say("shell.name", lang), filled=name)
        + _field("password", say("shell.password", lang), kind="password")
        + _button(say("shell.sign_in", lang))
    )
    return _form(frame, inner)


def _people(people: Sequence[DemoPerson], frame: Frame) -> str:
    if not people:
        return ""
    lang = frame.lang
    rows = []
    for person in people:
        roles = ", ".join(say(f"terms.role_{role}", lang) for role in person.roles)
        label = f"<b>{escape(person.name)}</b> · {escape(roles)}"
        button = f'<button class="choice" name="demo" value="{escape(person.id)}">{label}</button>'
        rows.append(button)
    lead = f"<h2>{say('shell.demo_title', lang)}</h2><p>{say('shell.demo_lead', lang)}</p>"
    return lead + _form(frame, "".join(rows))


def _progress(progress: Progress | None, lang: str) -> str:
    if progress is None:
        return ""
    if not progress.total:
        words, share = say("shell.demo_starting", lang), ""
    else:
        words = say("shell.demo_progress", lang, n=progress.done, total=progress.total)
        share = f' value="{progress.done}" max="{progress.total}"'
    bar = f'<progress aria-label="{escape(words)}"{share}></progress>'
    return f'<div class="note" role="status"><p>{escape(words)}</p>{bar}</div>'


def _note(key: str | None, lang: str) -> str:
    if key is None:
        return ""
    calm = key in {"ended", "left"}
    kind, role = ("note", "status") if calm else ("note wrong", "alert")
    return f'<div class="{kind}" role="{role}"><p>{escape(say(f"shell.{key}", lang))}</p></div>'


def _h1(words: str) -> str:
    return f"<h1>{escape(words)}</h1>"


def _field(name: str, label: str, *, kind: str = "text", filled: str = "") -> str:
    fills = {"name": "username", "password": "current-password", "new_password": "new-password"}
    extra = ' aria-describedby="hint"' if name == "new_password" else ""
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" value="{escape(filled)}" required '
        f'autocomplete="{fills[name]}" autocapitalize="none" spellcheck="false" '
        f'maxlength="200"{extra}>'
    )


def _hidden(name: str, filled: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(filled)}">'


def _button(words: str) -> str:
    return f"<button>{escape(words)}</button>"


def _form(frame: Frame, inner: str) -> str:
    action = escape(f"{frame.address}?{urlencode(frame.query)}" if frame.query else frame.address)
    return f'<form method="post" action="{action}">{inner}</form>'


def _address(frame: Frame, lang: str) -> str:
    return f"{frame.address}?{urlencode({**frame.query, 'lang': lang})}"


def _languages(frame: Frame) -> str:
    links = []
    for lang, name in forms.LANGUAGE_NAMES.items():
        here = ' aria-current="true"' if lang == frame.lang else ""
        address = escape(_address(frame, lang))
        links.append(f'<a href="{address}" lang="{lang}" hreflang="{lang}"{here}>{name}</a>')
    return "".join(links)


def _variables(palette: look.Palette) -> str:
    names = [field.name for field in fields(palette)]
    return " ".join(f"--{name.replace('_', '-')}: {getattr(palette, name)};" for name in names)


def _page(frame: Frame, title: str, parts: Sequence[str], *, refresh: bool = False) -> str:
    style = _STYLE.substitute(
        light=_variables(look.LIGHT),
        dark=_variables(look.DARK),
        font=look.FONT,
    )
    own = frame.organisation != "Evenhand"
    return _PAGE.substitute(
        lang=frame.lang,
        refresh=f'<meta http-equiv="refresh" content="{REFRESH_S}">\n' if refresh else "",
        title=escape(say(title, frame.lang)),
        style=style,
        mark=look.MARK,
        organisation=f"<span>{escape(frame.organisation)}</span>" if own else "",
        body="\n".join(part for part in parts if part),
        switch=escape(say("shell.language_switch", frame.lang)),
        languages=_languages(frame),
        footer=escape(say("shell.never_posts", frame.lang)),
    )
