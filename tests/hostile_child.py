"""Reads one file as an import does, in a process of 512 MiB, and prints what came of it.

Run as `python hostile_child.py FILE`.
The sum of what is printed is the file's rows; any other exception than `UnreadableFile` ends the
process with a traceback.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import UTC, datetime

from evenhand.connectors.base import Budget, Tools
from evenhand.connectors.files import FileConnector
from evenhand.data.errors import UnreadableFile
from evenhand.data.pseudonym import Pseudonyms
from evenhand.data.records import SetAside, SourceSpec, Upsert

MEMORY = 512 * 2**20
SECONDS = 10


def read(path: str) -> dict[str, object]:
    """Read *path* and count."""
    tools = Tools(Pseudonyms(b"k" * 32), lambda: datetime(2026, 11, 24, 12, tzinfo=UTC))
    keys: set[str] = set()
    kept, told, rows, texts = 0, [], 0, []
    try:
        connector = FileConnector(SourceSpec("hostile", "file", {"path": path}), tools)
        for page in connector.fetch(None, Budget(pages=10**9)):
            rows = page.next_cursor["rows"]
            for event in page.events:
                if isinstance(event, Upsert):
                    kept += event.post.native_key not in keys
                    keys.add(event.post.native_key)
                    texts.append(event.post.content)
                elif isinstance(event, SetAside):
                    told.append([event.place, event.reason])
    except UnreadableFile as error:
        return {"unreadable": str(error)}
    duplicate = len(texts) - kept
    return {
        "read": rows,
        "kept": kept,
        "duplicate": duplicate,
        "set_aside": told,
        "texts": texts[:50],
    }


def main() -> None:
    """Limit this process, read, and say how much memory it took."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = read(sys.argv[1])
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(json.dumps({**found, "grown_kib": after - before}) + "\n")


if __name__ == "__main__":
    main()
