"""The log says where something broke and repeats nothing that a post said."""

from __future__ import annotations

import io
import logging

from evenhand.dashboard.failures import LOGGERS, WithoutValues, keep_values_out_of_logs


def logged(write):
    """Collect what *write* leaves in a logger of its own with the filter on it."""
    stream = io.StringIO()
    logger = logging.Logger("of this test")  # noqa: LOG001 - one that nothing else shares
    logger.addHandler(logging.StreamHandler(stream))
    logger.addFilter(WithoutValues())
    write(logger)
    return stream.getvalue()


def break_down(words):
    raise ValueError(words)


def test_log_keeps_the_kind_and_place_of_an_error_but_not_its_words():
    """An error that quotes a post leaves only its kind and its path in the log."""

    def write(logger):
        try:
            break_down("Đường ngập ở quận 8, gọi 0901 234 567")
        except ValueError:
            logger.exception("a page failed")

    said = logged(write)

    assert "page_failed error=ValueError at=[" in said
    assert "test_failures.py:" in said
    assert "ngập" not in said
    assert "0901" not in said


def test_log_leaves_other_lines_alone():
    """What is no error is logged as it stands."""
    assert logged(lambda logger: logger.warning("port %s", 8501)) == "port 8501\n"


def test_filter_is_put_on_once():
    """Building the application twice does not filter twice."""
    keep_values_out_of_logs()
    keep_values_out_of_logs()

    for name in LOGGERS:
        filters = logging.getLogger(name).filters
        assert len([one for one in filters if isinstance(one, WithoutValues)]) == 1
