"""People outside who write nothing good: hostile strings of every family, dealt out to places.

The first words that each place gets are made here: they try what Streamlit itself would read into
a label, and hold a token, so that a test can tell where they came out.
"""

from __future__ import annotations

import itertools
import json
from base64 import b64decode
from collections import defaultdict

from evenhand.dashboard.plain import make_plain

# A name is cut after 80 characters where it is shown, a saved view's after 60.
LONGEST_LINE = 60
LONGEST_BLOCK = 1_900
LONGEST_BUNDLE = 10_000
TOKEN = "zqx"
# The place where each string is written once.
ALL_OF_THEM = "response"
# Markup, directives, icons and emoji that Streamlit reads in labels and messages, and a picture
# that would sign out whoever sees it.
SPOOF = "**{0}** :red[{0}] ![](/auth/logout) $x^2$ :smile:"
MORE = (
    "# {0}\n> `{0}` ~~{0}~~ :material/home: <b>{0}</b>\n- {0}\n| {0} | {0} |\n|---|---|\n| 1 | 2 |",
    "[{0}](https://evil.example/{0}) https://evil.example/{0} www.evil.example {0}@evil.example",
)


def families(folder):
    """Read the hostile strings by the file that they lie in.

    No store holds NUL or half a surrogate, so they are written as a database takes them.
    """
    found = {}
    for path in sorted(folder.glob("*.jsonl")):
        texts = []
        for case in map(json.loads, path.read_text("utf-8").splitlines()):
            said = case.get("s") or case.get("cell") or b64decode(case.get("b64", "")).decode()
            texts.append(said.replace("\0", "").encode("utf-8", "replace").decode())
        found[path.stem] = [one for one in texts if make_plain(one)[0]]
    return found


def in_turn(by_family, fits):
    """Deal those that fit one family after the other, and the small families over and over."""
    decks = [found for texts in by_family.values() if (found := list(filter(fits, texts)))]
    longest = max(map(len, decks))
    dealt = [itertools.islice(itertools.cycle(one), longest) for one in decks]
    return itertools.chain.from_iterable(zip(*dealt, strict=True))


def bundled(texts):
    """Tie all strings together into bundles that one response holds."""
    made = [""]
    for text in texts:
        if len(made[-1]) + len(text) > LONGEST_BUNDLE:
            made.append("")
        made[-1] += f"{text}\n"
    return made


def _is_line(text):
    return len(text) <= LONGEST_LINE and "\n" not in make_plain(text)[0]


def _is_block(text):
    return len(text) <= LONGEST_BLOCK // 2


class Outsiders:
    """Writes what `furnished_floor` asks for, and keeps what it wrote by place.

    *lines* are the places of one short line; all others get as much as is shown of them.
    """

    def __init__(self, by_family, lines):
        self.lines = lines
        self.written = defaultdict(list)
        self.bundles = bundled(itertools.chain.from_iterable(by_family.values()))
        self._short = itertools.cycle(in_turn(by_family, _is_line))
        self._long = itertools.cycle(in_turn(by_family, _is_block))

    def __call__(self, place, _words):
        """Write something at a *place* instead of ordinary words."""
        spoof = f"{TOKEN}{len(self.written)}"
        if place in self.lines:
            is_first = place not in self.written
            made = SPOOF.format(spoof) if is_first else next(self._short)
            while made in self.written[place]:
                made = next(self._short)
        elif place == ALL_OF_THEM:
            made = self.bundles[len(self.written[place]) % len(self.bundles)]
        else:
            made = self._block(spoof)
        self.written[place].append(made)
        return made

    def _block(self, spoof):
        parts = [one.format(spoof) for one in (SPOOF, *MORE)]
        while len("\n".join(parts)) < LONGEST_BLOCK // 2:
            parts.append(next(self._long))
        return "\n".join(parts)[:LONGEST_BLOCK].strip()
