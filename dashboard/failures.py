"""What a broken page leaves in the log: the kind of error and where, never what it says.

The message of an error that we did not expect may quote a post or a name.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

# Those of Streamlit and uvicorn that print errors of our code.
LOGGERS = ("streamlit.error_util", "uvicorn.error")
FRAMES = 12


class WithoutValues(logging.Filter):
    """Replaces an error's text by its kind and the places it passed through."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite *record*; none is ever left out."""
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            frames = traceback.extract_tb(trace)[-FRAMES:]
            places = " ".join(f"{Path(one.filename).name}:{one.lineno}" for one in frames)
            record.msg = "page_failed error=%s at=[%s]"
            record.args = (kind.__name__, places)
            record.exc_info = None
            record.exc_text = None
        return True


def keep_values_out_of_logs() -> None:
    """Put the filter on the loggers that print errors of our code; twice is the same as once."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, WithoutValues) for one in logger.filters):
            logger.addFilter(WithoutValues())
