"""Near-duplicates: what is found, what is merged that should not be, and what it costs.

Base posts are clauses of 3 to 8 words of the seed posts, put together anew to 12 to 47 words of one
language, so that every clause comes back in some twenty posts.
Copies of some of them follow: re-posted with a link, two words replaced, clauses in reverse,
accents left out, accents left out and two words replaced, a quarter dropped and the halves swapped.
All are edits by this script, not people's paraphrases.

Every post gets its signature, is matched, and joins the group found or one of its own.  Beside it,
in turns of 1,000 posts: the exact key alone with a dictionary, and a bare exact hash (lower case,
no RT, link or spare space, blake2b).  CPU seconds of this process decide.

Then 500 near-copies in 20 variants among 50,000 base posts, which should be one group, and calls
for help made from the demo's templates with other streets, numbers and hours, which never should.

Prints one JSON line; goals are recall 1.00 of `link` and 0.80 of `two_words`, false merges at most
0.001, `ratio` (rate / rate of the exact key) at least 0.10.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from evenhand.classifiers.corpus import seed_rows
from evenhand.classifiers.similarity import exact_key, signature
from evenhand.classifiers.similarity_window import Member, Window
from evenhand.classifiers.text import fold
from evenhand.dashboard.jobs.stream import planted_stream
from evenhand.dashboard.jobs.stream_script import demo_script, wave_text, worded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from evenhand.classifiers.labels import Row

GOALS = {"link": 1.0, "two_words": 0.80, "false_merges": 0.001, "ratio": 0.10}
NOW = datetime(2026, 11, 1, tzinfo=UTC)
TURN = 1_000
FEWEST, MOST = 12, 40
SHORTEST, LONGEST = 3, 8
COPIES_OF_EACH = 2_000
WAVE, VARIANTS, AMONG = 500, 20, 50_000
_CLAUSE = re.compile(r"[.,;:!?…()\"“”\n]+\s*")
_BARE = re.compile(r"^rt @\w+:|https?://\S+|\s+")


@dataclass(frozen=True, slots=True)
class Planned:
    """One post of the bench: *origin* names the base post that it is or copies."""

    text: str
    origin: int
    kind: str = "base"


@dataclass(frozen=True, slots=True)
class Pool:
    """Clauses and words of one language."""

    clauses: Sequence[str]
    words: Sequence[str]

    @classmethod
    def of(cls, rows: Sequence[Row], lang: str) -> Pool:
        """Cut the seed posts of *lang* up."""
        cuts = {
            each.strip()
            for row in rows
            if row.lang == lang
            for each in _CLAUSE.split(row.text)
            if SHORTEST <= len(each.split()) <= LONGEST
        }
        clauses = sorted(cuts)
        return cls(clauses, sorted({word for each in clauses for word in each.split()}))

    def draw(self, rng: random.Random) -> list[str]:
        """Draw clauses for one post."""
        length = rng.randint(FEWEST, MOST)
        drawn: list[str] = []
        while sum(len(each.split()) for each in drawn) < length:
            drawn.append(rng.choice(self.clauses))
        return drawn


def replaced(text: str, pool: Pool, rng: random.Random) -> str:
    """Replace two words."""
    words = text.split()
    for at in rng.sample(range(len(words)), 2):
        words[at] = rng.choice(pool.words)
    return " ".join(words)


def swapped(text: str, rng: random.Random) -> str:
    """Drop a quarter of the words and swap the halves of the rest."""
    words = text.split()
    kept = sorted(rng.sample(range(len(words)), len(words) * 3 // 4))
    middle = len(kept) // 2
    return " ".join(words[at] for at in (*kept[middle:], *kept[:middle]))


def reposted(text: str, rng: random.Random) -> str:
    """Re-post with a link that brings tracking along."""
    return f"RT @someone: {text} https://www.feed.example/{rng.getrandbits(40):x}?utm_source=app"


def edited(kind: str, clauses: Sequence[str], pool: Pool, rng: random.Random) -> str:
    """Copy one post in the way of *kind*."""
    text = ", ".join(clauses)
    ways: Mapping[str, Callable[[], str]] = {
        "link": lambda: reposted(text, rng),
        "two_words": lambda: replaced(text, pool, rng),
        "clauses_reversed": lambda: ", ".join(reversed(clauses)),
        "no_accents": lambda: fold(text),
        "no_accents_two_words": lambda: fold(replaced(text, pool, rng)),
        "quarter_dropped_halves_swapped": lambda: swapped(text, rng),
    }
    return ways[kind]()


KINDS = (
    *("link", "two_words", "clauses_reversed", "no_accents", "no_accents_two_words"),
    "quarter_dropped_halves_swapped",
)


def make_posts(count: int, copies: int, rng: random.Random) -> list[Planned]:
    """Make *count* base posts and *copies* of each kind, each somewhere behind its base post."""
    rows = list(seed_rows())
    pools = [Pool.of(rows, lang) for lang in ("vi", "en")]
    base = [(pool := pools[number % 2], pool.draw(rng)) for number in range(count)]
    placed = [(float(at), Planned(", ".join(drawn), at)) for at, (_, drawn) in enumerate(base)]
    for kind in KINDS:
        for _ in range(copies):
            # Accents can only be left out where there are some.
            origin = rng.randrange(count // 2) * 2 if "accents" in kind else rng.randrange(count)
            pool, drawn = base[origin]
            copy = Planned(edited(kind, drawn, pool, rng), origin, kind)
            placed.append((rng.uniform(origin + 0.5, count), copy))
    return [post for _, post in sorted(placed, key=lambda each: each[0])]


class Ours:
    """Groups posts as ingest does, one after the other."""

    def __init__(self) -> None:
        self.window = Window(most=10_000_000)
        self.groups: list[str] = []

    def take(self, posts: Sequence[Planned], *, strict: bool = False) -> None:
        """Put each post in the group that is found for it, or in one of its own."""
        for post in posts:
            made = signature(post.text)
            found = self.window.match(made, strict=strict)
            number = str(len(self.groups))
            group = found.group if found else number
            at = NOW + timedelta(seconds=len(self.groups))
            self.window.add(Member(number, group, at, made, strict))
            self.groups.append(group)


def keyed(posts: Sequence[Planned], seen: dict[bytes, int]) -> None:
    """Group by the exact key alone."""
    for post in posts:
        seen.setdefault(exact_key(post.text), post.origin)


def bare(posts: Sequence[Planned], seen: dict[bytes, int]) -> None:
    """Group by a hash of the text without case, RT, link and spare space."""
    for post in posts:
        plain = _BARE.sub(" ", post.text.lower()).strip()
        seen.setdefault(blake2b(plain.encode(), digest_size=16).digest(), post.origin)


def rates(posts: Sequence[Planned]) -> tuple[Ours, dict[str, float]]:
    """Give our groups, and the posts per CPU-second of each side."""
    ours = Ours()
    by_key: dict[bytes, int] = {}
    by_hash: dict[bytes, int] = {}
    sides: dict[str, Callable[[Sequence[Planned]], None]] = {
        "ours": ours.take,
        "exact_key": lambda part: keyed(part, by_key),
        "bare_hash": lambda part: bare(part, by_hash),
    }
    spent: Counter[str] = Counter()
    for start in range(0, len(posts), TURN):
        for name, side in sides.items():
            begun = time.process_time()
            side(posts[start : start + TURN])
            spent[name] += time.process_time() - begun
    return ours, {name: len(posts) / spent[name] for name in sides}


def quality(posts: Sequence[Planned], groups: Sequence[str]) -> tuple[dict[str, float], float]:
    """Give the recall of each kind, and the share of posts put in another text's group."""
    home = {
        post.origin: group for post, group in zip(posts, groups, strict=True) if post.kind == "base"
    }
    found: Counter[str] = Counter()
    wrong = 0
    for post, group in zip(posts, groups, strict=True):
        found[post.kind] += group == home[post.origin]
        wrong += posts[int(group)].origin != post.origin
    total = Counter(post.kind for post in posts)
    return {kind: found[kind] / total[kind] for kind in KINDS}, wrong / len(posts)


def wave_figures(variants: Sequence[str], rng: random.Random) -> dict[str, float]:
    """Hide a wave of *variants* among base posts, and see how much of it one group holds."""
    posts = make_posts(AMONG, 0, rng)
    posts += [Planned(variants[number % len(variants)], -1, "wave") for number in range(WAVE)]
    rng.shuffle(posts)
    ours = Ours()
    ours.take(posts)
    inside = Counter(
        group for post, group in zip(posts, ours.groups, strict=True) if post.kind == "wave"
    )
    group, most = inside.most_common(1)[0]
    return {
        "recall": most / WAVE,
        "groups": len(inside),
        "false_merges": ours.groups.count(group) - most,
    }


def own_variants(rng: random.Random) -> list[str]:
    """Vary one text of 32 words twenty times: words, links, accents, order."""
    clauses = (
        "Cảnh báo bà con Vịnh Lam",
        "có người giả danh nhân viên điện lực gọi điện đòi chuyển tiền trước mười giờ",
        "nếu không sẽ cắt điện cả xóm",
        "nộp ngay vào tài khoản này",
    )
    pool = Pool(clauses, ["tối", "mai", "gấp", "nhanh", "liền", "luôn", "ngay", "cả", "nhà", "phố"])
    kinds = ("two_words", "link", "no_accents_two_words", "two_words", "clauses_reversed")
    return [edited(kinds[at % len(kinds)], clauses, pool, rng) for at in range(VARIANTS)]


def calls_for_help(fills: int, rng: random.Random) -> Iterator[list[str]]:
    """Fill each of the demo's templates of calls for help *fills* times, every time otherwise."""
    for (kind, _, _), templates in sorted(demo_script().templates.items()):
        for template in templates if kind == "help_needed" else ():
            yield sorted({worded(template, rng) for _ in range(fills)})


def help_figures(rng: random.Random) -> dict[str, float]:
    """Count calls that were put in another call's group, and find their re-posts."""
    calls = [text for fills in calls_for_help(40, rng) for text in fills]
    # The same call in lower case or without accents is one call.
    different = sorted({fold(text.lower()): text for text in calls}.values())
    posts = [Planned(text, at) for at, text in enumerate(different)]
    rng.shuffle(posts)
    strict, loose = Ours(), Ours()
    strict.take(posts, strict=True)
    loose.take(posts)
    copies = [Planned(reposted(post.text, rng), post.origin) for post in posts]
    merged = len(posts) - len(set(strict.groups))
    strict.take(copies, strict=True)
    found = sum(a == b for a, b in zip(strict.groups, strict.groups[len(posts) :], strict=False))
    return {
        "calls": len(posts),
        "merged": merged,
        "merged_if_not_strict": len(posts) - len(set(loose.groups)),
        "reposts_found": round(found / len(posts), 4),
    }


def demo_figures(count: int) -> dict[str, float]:
    """Group the demo's stream: which posts join one that another template made."""
    stream = planted_stream(count, seed=5, until=NOW)
    posts = [Planned(post.text, at, post.kind) for at, post in enumerate(stream)]
    ours = Ours()
    ours.take(posts)
    wrong = sum(
        posts[int(group)].kind != post.kind for post, group in zip(posts, ours.groups, strict=True)
    )
    return {"posts": count, "groups": len(set(ours.groups)), "of_another_kind": wrong / count}


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--posts", type=int, default=100_000)
    count = parser.parse_args().posts
    rng = random.Random(11)
    posts = make_posts(count, min(COPIES_OF_EACH, count // 10), rng)
    ours, speed = rates(posts)
    recall, wrong = quality(posts, ours.groups)
    result = {
        "bench": "similarity",
        "posts": len(posts),
        "recall": {kind: round(share, 4) for kind, share in recall.items()},
        "false_merges": round(wrong, 6),
        "ratio": round(speed["ours"] / speed["exact_key"], 3),
        "ratio_to_bare_hash": round(speed["ours"] / speed["bare_hash"], 3),
        "goals": GOALS,
        "posts_per_cpu_s": {name: round(rate) for name, rate in speed.items()},
        "wave": wave_figures(own_variants(rng), rng),
        "wave_of_the_demo": wave_figures([wave_text(rng) for _ in range(VARIANTS)], rng),
        "help": help_figures(rng),
        "demo": demo_figures(min(count, 20_000)),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
