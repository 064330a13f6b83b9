"""Classifying a folder: the plain loop, two processes, and two Dask workers, one of them killed.

The posts are the seeds, drawn with replacement and changed a little, in JSON lines. Each way is a
process of its own that is started afresh; its CPU seconds include those of all it started, and its
peak memory is the sum over them of what they do not share, sampled once a second.

Prints one JSON line: `ratio` is the CPU of Dask with two workers / of the plain loop (goal: at
most 1.35), and `identical` says whether all ways wrote the same files with the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE_ROWS = 20_000
GOAL = 1.35
# The worker is killed when so many parts are there.
KILL_AFTER = 2
WAYS = {
    "plain": ("--workers", "1"),
    "processes": ("--workers", "2"),
    "dask": ("--cluster", "local", "--workers", "2"),
    "dask_killed": ("--cluster", "local", "--workers", "2"),
}
ENDS = ("", "", "", " !", " …", " 🙏", " nha", " pls", " ạ", " again")


@dataclass(frozen=True, slots=True)
class Run:
    """What one way took and a hash over all that it wrote."""

    cpu_s: float
    wall_s: float
    peak_mb: int
    digest: str
    scored: int


def make_text(seeds: Sequence[str], rng: random.Random) -> str:
    """Draw a seed; two words change places, one is left out, or something is added."""
    words = rng.choice(seeds).split()
    if len(words) > 3:
        at = rng.randrange(len(words) - 1)
        if rng.random() < 0.5:
            words[at], words[at + 1] = words[at + 1], words[at]
        else:
            del words[at]
    return " ".join(words) + rng.choice(ENDS)


def make_folder(folder: Path, count: int) -> None:
    """Write *count* posts into files of 20,000."""
    lines = files("evenhand.data").joinpath("samples/seeds.jsonl").read_text("utf-8").splitlines()
    seeds = [json.loads(line)["text"] for line in lines]
    rng = random.Random(11)
    folder.mkdir()
    for start in range(0, count, FILE_ROWS):
        with (folder / f"posts-{start // FILE_ROWS:03d}.jsonl").open("w", encoding="utf-8") as file:
            for number in range(start, min(start + FILE_ROWS, count)):
                row = {"id": f"p{number}", "text": make_text(seeds, rng)}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


def own_memory(root: psutil.Process) -> tuple[int, psutil.Process | None]:
    """Sum what *root* and its descendants hold, shared pages by share; give the largest child."""
    total, largest = 0, (0, None)
    for one in [root, *root.children(recursive=True)]:
        try:
            held = one.memory_full_info().pss
        except psutil.Error:
            continue
        total += held
        if one != root and held > largest[0]:
            largest = held, one
    return total, largest[1]


def run(source: Path, output: Path, options: Sequence[str], *, kill: bool) -> Run:
    """Classify once and measure; with *kill*, one worker is killed midway."""
    command = [sys.executable, "-m", "evenhand.dashboard", "classify", "--input", str(source)]
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            [*command, "--output", str(output), *options], stdout=said, stderr=subprocess.DEVNULL
        )
        root, peak = psutil.Process(child.pid), 0
        ended, status, spent = 0, 0, None
        while not ended:
            time.sleep(1)
            try:
                held, largest = own_memory(root)
            except psutil.Error:
                held, largest = 0, None
            peak = max(peak, held)
            if kill and largest and len(list(output.glob("*.jsonl"))) >= KILL_AFTER:
                largest.kill()
                kill = False
            ended, status, spent = os.wait4(child.pid, os.WNOHANG)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        said.seek(0)
        told = json.loads(said.read())
    if kill or child.returncode:
        message = f"{options} ended with {child.returncode}, or no worker could be killed"
        raise SystemExit(message)
    cpu = spent.ru_utime + spent.ru_stime
    return Run(cpu, wall, round(peak / 2**20), digest_of(output), told["scored"])


def digest_of(folder: Path) -> str:
    """Hash the names and contents of all files."""
    made = sha256()
    for path in sorted(folder.rglob("*")):
        made.update(path.name.encode() + b"\0")
        made.update(path.read_bytes())
    return made.hexdigest()


def main() -> None:
    """Measure and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=200_000)
    count = parser.parse_args().posts
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in"
        make_folder(source, count)
        runs = {
            name: run(source, Path(folder) / name, options, kill=name == "dask_killed")
            for name, options in WAYS.items()
        }
    result: dict[str, object] = {
        "bench": "bulk",
        "posts": count,
        "ratio": round(runs["dask"].cpu_s / runs["plain"].cpu_s, 3),
        "goal": GOAL,
        "identical": len({one.digest for one in runs.values()}) == 1,
        "parts": runs["plain"].scored,
        "posts_per_cpu_s": round(count / runs["plain"].cpu_s),
    }
    for name, one in runs.items():
        result[name] = {
            "cpu_s": round(one.cpu_s, 1),
            "wall_s": round(one.wall_s, 1),
            "peak_mb": one.peak_mb,
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
