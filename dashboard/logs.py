"""The worker's log: an event and key-values on standard error, and only keys that are listed.

No post's text, no person's name and no message of an error that we did not write gets into it.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, cast

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import TextIO

    from structlog.typing import FilteringBoundLogger

# What a line may hold beside the event: counts, kinds, ids, and names of sources and places in the
# code.
ALLOWED = frozenset(
    {
        "event", "timestamp", "level", "step", "steps", "task", "kind", "source", "state", "model",
        "read", "kept", "duplicate", "set_aside", "flagged", "deleted", "erased", "expired",
        "posts", "profiles", "proposed", "seconds", "error", "at", "demo", "ok", "opened", "ended",
        "sent", "channel",
    },
)  # fmt: skip


def open_log(stream: TextIO | None = None) -> FilteringBoundLogger:
    """Make the log of this process.

    Args:
        stream: Where lines go; None means standard error.
    """
    made = structlog.wrap_logger(
        structlog.PrintLogger(stream or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_allowed,
            structlog.processors.LogfmtRenderer(
                key_order=["timestamp", "level", "event"], bool_as_flag=False
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(0),
        cache_logger_on_first_use=True,
    )
    return cast("FilteringBoundLogger", made)


def keep_allowed(
    logger: object, method: str, line: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Drop every key that is not on the list."""
    del logger, method
    return {key: value for key, value in line.items() if key in ALLOWED}


def place_of(error: BaseException) -> str:
    """Name where an error came from, as file and line."""
    frames = traceback.extract_tb(error.__traceback__)
    return " ".join(f"{Path(one.filename).name}:{one.lineno}" for one in frames[-3:])
