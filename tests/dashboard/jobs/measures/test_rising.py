"""How topics move: what is said to rise, what is named without a ratio, what is never compared."""

from __future__ import annotations

from dataclasses import fields

import pytest

from evenhand.dashboard.jobs.measures import rising
from evenhand.dashboard.jobs.measures.figures import Share
from evenhand.dashboard.jobs.measures.rising import Change, Changes, Move, Step
from evenhand.dashboard.jobs.measures.topics import Row, Series
from evenhand.data.store.topic_changes import Days, Weeks

BOTH = (True, True)


def topic(name, recent, before, is_large=BOTH):
    return Days(name, (recent,) * 7, (before,) * 28, is_large)


def weeks(*topics):
    """Let everything be what the topics are together."""
    recent = tuple(map(sum, zip(*(one.recent for one in topics), strict=True)))
    before = tuple(map(sum, zip(*(one.before for one in topics), strict=True)))
    return Weeks(Days("", recent, before, (False, False)), topics)


def test_topic_rises_where_its_whole_interval_lies_above_one():
    """20 a day after 10: even days, so a dispersion of 1, and 33 degrees of freedom.

    Error √(1/140 + 1/280) = 0.10351; one topic, so 5 %: Student's 97.5 % for 33 is 2.03452, half
    0.21059; 2 × e^±0.21059 = 1.6202 to 2.4688: 2.0 (1.6 to 2.5) with two digits.
    """
    found = rising.rising_topics(weeks(topic("health", 20, 10)))

    assert found.topics == (Change("health", 20, 10, 2.0, 1.6, 2.5, Move.RISING),)
    assert found.everything == Change("", 20, 10, 2.0, 1.6, 2.5, Move.RISING)


def test_intervals_are_wider_where_more_topics_are_compared():
    """The same topic beside nine that stay: tested at 0.5 %, so 2.0 (1.5 to 2.7).

    Student's 99.75 % for 33 is 3.0079, half 0.31135: 1.4650 to 2.7304.
    """
    others = [topic(f"t{n}", 10, 10) for n in range(9)]
    found = rising.rising_topics(weeks(topic("health", 20, 10), *others))

    first, *rest = found.topics
    assert (first.low, first.high, first.move) == (1.5, 2.7, Move.RISING)
    assert {one.move for one in rest} == {Move.SAME}


def test_few_posts_do_not_rise_and_a_loss_falls():
    """Two a day after one a day may be chance; 10 after 20 is none."""
    found = rising.rising_topics(weeks(topic("sport", 2, 1), topic("health", 10, 20)))
    moves = {one.topic: one.move for one in found.topics}

    assert moves == {"sport": Move.RISING if found.topics[0].low > 1 else Move.SAME} | {
        "health": Move.FALLING
    }
    assert [one.topic for one in found.topics] == ["sport", "health"]


def test_burst_of_one_day_is_no_rise():
    """70 posts on one day and none on six: twice as many as before, and nothing is said."""
    burst = Days("disaster", (0, 0, 0, 140, 0, 0, 0), (10,) * 28, BOTH)
    calm = topic("health", 10, 10)
    found = rising.rising_topics(weeks(burst, calm))

    assert [(one.topic, one.ratio, one.move) for one in found.topics] == [
        ("disaster", 2.0, Move.SAME),
        ("health", 1.0, Move.SAME),
    ]


@pytest.mark.parametrize(
    ("is_large", "fresh"),
    [((True, False), ("health",)), ((False, True), ()), ((False, False), ())],
)
def test_topic_that_was_too_small_before_is_named_without_a_ratio(is_large, fresh):
    """What is too small now is not named at all."""
    found = rising.rising_topics(weeks(topic("health", 20, 1, is_large), topic("sport", 9, 9)))

    assert [one.topic for one in found.topics] == ["sport"]
    assert found.fresh == fresh


@pytest.mark.parametrize(("recent", "before"), [(4, 28), (7, 6), (0, 0)])
def test_too_few_days_compare_nothing(recent, before):
    """A team that began last week, or did not listen this week, gets no ratio."""
    days = Days("", (20,) * recent, (10,) * before, BOTH)
    found = rising.rising_topics(Weeks(days, (days,)))

    assert found == Changes(None, (), ())


def test_rates_are_whole_and_ratios_have_two_digits():
    """Nobody can work the count of a week out of what is shown."""
    days = Days("health", (13, 11, 12, 14, 10, 12, 11), (7,) * 27 + (8,), BOTH)
    (found,) = rising.rising_topics(Weeks(days, (days,))).topics

    assert (found.recent, found.before) == (12, 7)
    assert found.ratio == 1.7


def test_change_knows_no_source_sentiment_or_person():
    """Fields that would tell of either cannot be filled by mistake."""
    assert {one.name for one in fields(Change)} == {
        *("topic", "recent", "before", "ratio", "low", "high", "move"),
    }


def test_volumes_have_ranges_and_what_is_not_shown_is_no_zero():
    """10 and 10 beside a gap: no spread, so Garwood's 4.795 to 18.39, in whole posts outwards."""
    (found,) = rising.topic_volumes([Series("health", (10, 10, None))])

    assert found.steps == (Step(10, 4, 19), Step(10, 4, 19), Step(None))
    assert found.posts == 20


def test_topic_of_few_days_has_the_spread_of_all_together():
    """Six pairs of 20 and 30: each 100/50 = 2, the median 2, so 2/0.454936 = 4.3962.

    A topic of one pair of equal days goes by the seven pairs of both: the median is 2 as well.
    10 posts are 10/4.3962 = 2.2747 bursts: from 1.5 to 33.6 posts.
    """
    rough = Series("sport", (20, 30, 20, 30, 20, 30, 20))
    short = Series("health", (10, 10, *(None,) * 5))
    found = rising.topic_volumes([rough, short])

    assert found[1].steps[0] == Step(10, 1, 34)


def test_civic_posts_are_added_up():
    """One number and its days."""
    assert rising.civic_volume((3, 0, 1)) == 4


def test_shares_are_of_posts_with_a_sentiment_where_all_three_are_shown():
    """12 + 30 + 18 = 60, whatever has none; a dash takes the shares of its row away."""
    whole, dashed = rising.tone_shares(
        [Row("health", (12, 30, 18, 99)), Row("sport", (None, 40, 10, None))]
    )

    assert whole.shares == (Share(12, 60), Share(30, 60), Share(18, 60))
    assert dashed.shares == (None, None, None)
