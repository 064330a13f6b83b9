"""Agreement is what the books say, its interval holds the truth, and it ranks no person."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from itertools import pairwise

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from evenhand.dashboard.jobs.measures import agreement_coefficients
from evenhand.dashboard.jobs.measures.agreement import (
    Rating,
    Reading,
    agreement,
    by_policy,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from evenhand.dashboard.jobs.measures.agreement_confusion import Confusion
from evenhand.data.taxonomy import Policy

LABELS = ["no_harm", "hate", "harassment", "spam", "doxxing"]
# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), example C: four observers,
# twelve units, five categories, "." is missing. He gives alpha = 0.743.
PUBLISHED = (
    "12332141 2...",
    "12332241 25.3",
    ".3332342 251.",
    "12332441 251.",
)


def ratings(*units):
    """Say one category a reviewer: "hate spam" is a unit of two who differ."""
    return [
        Rating(f"item {row}", f"reviewer {column}", value)
        for row, unit in enumerate(units)
        for column, value in enumerate(unit.split())
    ]


def readings(*units):
    """Say sets of labels: "hate+spam -" is a unit of one who named two and one who named none."""
    return [
        one._replace(labels=frozenset(one.labels.replace("-", "").split("+")) - {""})
        for one in (Reading(*rating) for rating in ratings(*units))
    ]


def published():
    """Read the published table, observers in rows."""
    return [
        Rating(str(column), str(row), value)
        for row, line in enumerate(PUBLISHED)
        for column, value in enumerate(line.replace(" ", ""))
        if value != "."
    ]


def drawn(n_units, shares, guessed, *, seed=1, n_reviewers=2):
    """Draw units whose reviewers read well but for a share that they *guess* by the shares."""
    rng = np.random.default_rng(seed)
    size = (n_units, n_reviewers)
    truth = rng.choice(len(shares), p=shares, size=(n_units, 1))
    guesses = rng.choice(len(shares), p=shares, size=size)
    said = np.where(rng.random(size) < guessed, guesses, truth)
    return [
        Rating(f"i{row}", f"r{column}", LABELS[code])
        for row, unit in enumerate(said)
        for column, code in enumerate(unit)
    ]


units_of = st.lists(
    st.dictionaries(st.integers(0, 4), st.sampled_from(LABELS), max_size=5), max_size=25
)


def flat(units):
    return [
        Rating(f"i{row}", f"r{reviewer}", value)
        for row, unit in enumerate(units)
        for reviewer, value in unit.items()
    ]


def test_alpha_is_worked_out_by_hand():
    """Coincidences of six units of two and one of three, hate (h) and no_harm (n).

    Each unit of m ratings gives each ordered pair of its ratings 1 / (m - 1):

        h h, h h      o_hh = 2 + 2 = 4
        n n, n n, n n o_nn = 2 + 2 + 2 = 6
        h n           o_hn = o_nh = 1
        h n n         ordered pairs: h-n twice, n-h twice, n-n twice; each 1 / 2:
                      o_hn += 1, o_nh += 1, o_nn += 1

              h   n
          h   4   2 |  6
          n   2   7 |  9
              6   9 | 15

    D_o = (2 + 2) / 15 = 4 / 15; D_e = 2 x 6 x 9 / (15 x 14) = 18 / 35
    alpha = 1 - (4 / 15) / (18 / 35) = 1 - 14 / 27 = 13 / 27
    """
    found = krippendorff_alpha(
        ratings(
            "hate hate",
            "hate hate",
            "no_harm no_harm",
            "no_harm no_harm",
            "no_harm no_harm",
            "hate no_harm",
            "hate no_harm no_harm",
        )
    )

    assert 13 / 27 == pytest.approx(found)


def test_alpha_is_the_published_one():
    """0.743 of Krippendorff's own example, whose twelfth unit has one rating and counts not."""
    found = agreement(published())

    assert (found.n_units, found.n_ratings) == (11, 40)
    assert 0.743 == pytest.approx(found.alpha, abs=0.0005)


def test_ac1_of_several_reviewers_is_worked_out_by_hand():
    """Of the same example, with two to four ratings a unit.

    Pairs that agree: units 2 and 8 have 3 of 6 (three of four said the same), unit 6 none, the
    other eight all: p_a = (8 + 0.5 + 0.5 + 0) / 11 = 9 / 11.
    Shares of each category, added over the eleven units:
        1: unit 1 1, unit 6 1/4, unit 8 3/4, unit 11 1      = 3
        2: unit 2 3/4, unit 5 1, unit 6 1/4, unit 8 1/4, unit 9 1 = 3.25
        3: unit 2 1/4, units 3 and 4 1, unit 6 1/4          = 2.5
        4: unit 6 1/4, unit 7 1                             = 1.25
        5: unit 10 1                                        = 1
    sum of p^2 = (9 + 10.5625 + 6.25 + 1.5625 + 1) / 121 = 28.375 / 121
    p_e = (1 - 28.375 / 121) / (5 - 1) = 0.191374
    AC1 = (0.818182 - 0.191374) / (1 - 0.191374) = 0.775152
    """
    found = agreement(published())

    assert 9 / 11 == pytest.approx(found.percent)
    assert 0.775152 == pytest.approx(found.ac1, abs=1e-6)


def test_ac1_counts_categories_that_nobody_chose():
    """Two of four agree on h, one on n, one differs: p_a = 3/4, p_h = 5/8, p_n = 3/8.

    Sum of p (1 - p) = 2 x 15 / 64 = 15 / 32. Two categories: p_e = 15 / 32,
    AC1 = (24 - 15) / (32 - 15) = 9 / 17. Four categories: p_e = 5 / 32, AC1 = 19 / 27.
    """
    said = ratings("hate hate", "hate hate", "no_harm no_harm", "hate no_harm")

    assert 9 / 17 == pytest.approx(gwet_ac1(said))
    assert 19 / 27 == pytest.approx(gwet_ac1(said, ["spam", "hate", "doxxing", "no_harm"]))
    assert gwet_ac1(said, ["spam", "doxxing"]) == pytest.approx(19 / 27)


def test_percent_averages_over_units():
    """(1 + 1/3) / 2: two of two agree, then one pair of three."""
    assert 2 / 3 == pytest.approx(percent_agreement(ratings("hate hate", "spam spam hate")))


def test_alpha_is_low_and_ac1_high_where_nearly_all_is_harmless():
    """Of 100 items 96 are harmless to both; of four each reviewer finds two others hateful.

    200 ratings, 4 of them hate. D = 8 (two for each of four units), pairs that differ by chance
    200^2 - 196^2 - 4^2 = 1568: alpha = 1 - 199 x 8 / 1568 = -0.0153.
    p_a = 0.96, p_e = 2 x 0.02 x 0.98 = 0.0392: AC1 = 0.9208 / 0.9608 = 0.9584.
    """
    found = agreement(
        ratings(*["no_harm no_harm"] * 96, *["hate no_harm", "no_harm hate"] * 2),
    )

    assert (0.96, -0.0153, 0.9584) == pytest.approx(
        (found.percent, found.alpha, found.ac1), abs=0.0001
    )


@given(units_of)
def test_alpha_equals_the_reference_package(units):
    """With any ratings missing, also where none is left, or nothing varies."""
    read = [list(unit.values()) for unit in units if len(unit) > 1]
    kinds = {value for unit in read for value in unit}
    found = krippendorff_alpha(flat(units))
    if len(read) < 2 or len(kinds) < 2:
        assert found is None
        return
    table = [
        [LABELS.index(unit[reviewer]) if reviewer in unit else np.nan for unit in units]
        for reviewer in range(5)
    ]
    expected = krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")

    assert expected == pytest.approx(found, abs=1e-12)


@given(units_of)
def test_figures_stay_in_their_range_and_know_no_order(units):
    """Nothing leaves -1 to 1, intervals hold their value, and reviewers may swap names."""
    found = agreement(flat(units))
    swapped = [one._replace(reviewer_id=one.reviewer_id[::-1]) for one in flat(units)][::-1]
    again = agreement(swapped)

    for name, lowest in (("percent", 0), ("alpha", -1), ("ac1", -1)):
        value, interval = getattr(found, name), getattr(found, f"{name}_interval")
        assert (value is None) == (name in found.reasons)
        assert (interval is None) == (f"{name}_interval" in found.reasons)
        assert value is None or lowest <= value <= 1
        assert interval is None or lowest <= interval[0] <= value <= interval[1] <= 1
        assert value == (None if value is None else pytest.approx(getattr(again, name)))
    assert (again.confused, again.reasons) == (found.confused, found.reasons)


def test_items_that_one_reviewer_read_count_nowhere():
    """Nor does a reviewer's second thought make a second reviewer."""
    read = ratings("hate hate", "no_harm no_harm", "hate no_harm")
    alone = [Rating("alone", "reviewer 1", "spam"), Rating("alone", "reviewer 1", "hate")]

    assert agreement(read) == agreement([*read, *alone])


def test_later_rating_replaces_the_earlier():
    """Who thought again is heard once."""
    first = [Rating("item 0", "reviewer 0", "spam")]

    assert agreement(ratings("hate hate", "spam hate")) == agreement(
        first + ratings("hate hate", "spam hate")
    )


@pytest.mark.parametrize("units", [[], ["hate"], ["hate hate"], ["hate spam", "hate"]])
def test_nothing_is_said_of_fewer_than_two_units(units):
    """A single item says nothing of the next; the reason is given for each number."""
    found = agreement(ratings(*units))

    assert (found.percent, found.alpha, found.ac1) == (None, None, None)
    assert set(found.reasons.values()) == {"too_few"}
    assert sorted(found.reasons) == sorted(
        f"{name}{part}" for name in ("percent", "alpha", "ac1") for part in ("", "_interval")
    )


def test_alpha_is_blank_where_nothing_varies():
    """AC1 is 1: all could have said something else; no interval claims that it is sure."""
    found = agreement(ratings(*["no_harm no_harm"] * 40))

    assert (found.percent, found.alpha, found.ac1) == (1.0, None, 1.0)
    assert found.reasons == {
        "percent_interval": "few_differ",
        "alpha": "no_variation",
        "alpha_interval": "no_variation",
        "ac1_interval": "few_differ",
    }


@pytest.mark.parametrize(
    ("differing", "both_hate", "reasons"),
    [
        (4, 5, dict.fromkeys(("percent_interval", "alpha_interval", "ac1_interval"), "few_differ")),
        (5, 4, {"alpha_interval": "few_agree"}),
        (5, 5, {}),
    ],
)
def test_interval_is_given_from_five_units_that_it_hangs_on(differing, both_hate, reasons):
    """Five that differ, and for alpha five in which two said the same of the rarer kind."""
    units = ["no_harm no_harm"] * 90 + ["hate hate"] * both_hate + ["hate no_harm"] * differing
    found = agreement(ratings(*units))

    assert found.reasons == reasons
    assert found.alpha is not None


@pytest.mark.parametrize("order", [1, -1])
def test_interval_knows_no_order_where_two_categories_are_commonest(order):
    """Hate and "no harm" were each said 13 times and agreed on in five units and in four."""
    units = ["hate hate"] * 5 + ["no_harm no_harm"] * 4 + ["no_harm spam"] * 5 + ["hate spam"] * 3
    found = agreement(ratings(*units[::order]))

    assert found.reasons == {"alpha_interval": "few_agree"}


def test_interval_ends_where_the_figure_does():
    """Nine of ten agree in four units and two differ wholly in one: above, all doubt is cut at 1.

    36 of 45 pairs, 0.8 each: short of 1 by (4 x 0.2 + 1) / 35 = 0.051, but twice the error is 0.06.
    """
    nearly = " ".join(["hate"] * 9 + ["spam"])
    found = agreement(ratings(*[nearly] * 4, "hate spam", *["hate hate"] * 30))

    assert found.percent == pytest.approx(1 - 1.8 / 35)
    assert found.percent_interval[1] == 1.0


def test_units_that_all_agree_halfway_give_no_interval():
    """No spread is no certainty, whatever the share."""
    found = agreement(ratings(*["hate spam"] * 60))

    assert found.reasons["ac1_interval"] == "few_differ"


@pytest.mark.parametrize("measure", [percent_agreement, krippendorff_alpha, gwet_ac1])
@pytest.mark.parametrize("n_reviewers", [2, 3])
def test_jackknife_equals_leaving_out_one_after_another(measure, n_reviewers):
    """Each figure anew without each item; the spread times t with n - 1 degrees of freedom."""
    said = drawn(60, [0.5, 0.2, 0.2, 0.1], 0.3, n_reviewers=n_reviewers)
    # Some reviewers are missing.
    said = [one for row, one in enumerate(said) if row % 7]
    by_item = defaultdict(list)
    for one in said:
        by_item[one.item_id].append(one)
    units = [item for item, group in by_item.items() if len(group) > 1]
    without = np.array([measure([one for one in said if one.item_id != out]) for out in units])
    n = len(units)
    error = np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    half = t.ppf(0.975, n - 1) * error
    value = measure(said)
    name = {percent_agreement: "percent", krippendorff_alpha: "alpha", gwet_ac1: "ac1"}[measure]

    assert (value - half, value + half) == pytest.approx(
        getattr(agreement(said), f"{name}_interval"), abs=1e-9
    )


def test_interval_holds_the_truth():
    """300 draws of 120 items: two reviewers guess each third time, 30 % are harmful.

    Shares 0.7, 0.1, 0.1, 0.1: two guesses are the same with 0.49 + 3 x 0.01 = 0.52, so chance
    differs with 0.48; both read with (2/3)^2 = 4/9 and differ then never, else as chance:
    alpha = 4/9, percent = 1 - 0.48 x 5/9 = 11/15; p_e = 0.48 / 3 = 0.16,
    AC1 = (11/15 - 0.16) / 0.84 = 43/63.
    Of 300 draws 95 % should hold, give or take 1.26 points, the standard error of that share.
    """
    held = defaultdict(list)
    truth = {"percent": 11 / 15, "alpha": 4 / 9, "ac1": 43 / 63}
    for seed in range(300):
        found = agreement(drawn(120, [0.7, 0.1, 0.1, 0.1], 1 / 3, seed=seed), LABELS[:4])
        for name, true in truth.items():
            low, high = getattr(found, f"{name}_interval")
            held[name].append(low <= true <= high)

    assert {name: 0.92 < np.mean(hits) < 0.98 for name, hits in held.items()} == dict.fromkeys(
        truth, True
    )


def test_jackknife_is_worked_out_at_once(monkeypatch):
    """20,000 items call each formula twice: for all, and without each."""
    calls = []
    for name in ("_alpha", "_ac1"):
        formula = getattr(agreement_coefficients, name)
        monkeypatch.setattr(
            agreement_coefficients,
            name,
            lambda *args, formula=formula: calls.append(1) or formula(*args),
        )
    found = agreement(drawn(20_000, [0.97, 0.01, 0.01, 0.01], 0.1))

    assert (found.n_units, len(calls), found.reasons) == (20_000, 4, {})


def test_confused_labels_are_counted_by_unit():
    """Hate and harassment in two of the five units where anybody said either."""
    found = agreement(
        ratings(
            "hate harassment",
            "harassment hate hate",
            "hate hate",
            "harassment harassment",
            "hate no_harm",
            "spam spam",
        )
    )

    assert found.confused == (
        Confusion("harassment", "hate", n_units=2, of_units=5),
        Confusion("hate", "no_harm", n_units=1, of_units=4),
    )


def test_confused_labels_are_the_worst_five():
    """Most often first, then the larger share, then the alphabet with "no harm" last."""
    said = ratings(
        *["spam no_harm"] * 3,
        *["no_harm spam spam"] * 3,
        *["hate harassment"] * 2,
        "hate doxxing",
        "doxxing spam",
        "harassment doxxing",
        "hate spam",
        "hate no_harm",
    )
    found = agreement(said).confused

    assert [(one.first, one.second, one.n_units, one.of_units) for one in found] == [
        ("spam", "no_harm", 6, 9),
        ("harassment", "hate", 2, 6),
        ("doxxing", "harassment", 1, 5),
        ("doxxing", "hate", 1, 7),
        ("doxxing", "spam", 1, 10),
    ]
    assert all(one.n_units >= other.n_units for one, other in pairwise(found))


def test_confused_labels_as_frequent_come_by_their_share():
    """One of one before one of two, whatever the alphabet says."""
    found = agreement(ratings("doxxing hate", "hate hate", "harassment spam")).confused

    assert [(one.first, one.of_units) for one in found] == [("harassment", 1), ("doxxing", 2)]


def test_policy_is_measured_where_it_was_named_or_flagged():
    """Hate: named in items 0 to 2, flagged in 3; items 4 and 5 have nothing to do with it.

    Yes/yes, yes/yes, yes/no, no/no: p_a = 3/4; 8 ratings, 5 yes, 3 no:
    alpha = 1 - 7 x 2 / (64 - 25 - 9) = 8 / 15.
    """
    said = readings("hate hate", "hate+spam hate", "hate harassment", "- -", "- -", "spam -")
    found = by_policy(said, {"item 3": ["hate"], "item 4": ["spam"]}, ["hate"])["hate"]

    assert (found.n_units, found.n_ratings, found.percent) == (4, 8, 0.75)
    assert 8 / 15 == pytest.approx(found.alpha)
    assert found.confused == (Confusion("harassment", "hate", n_units=1, of_units=3),)


def test_every_policy_is_told_of_in_its_order():
    """One that nobody named says "too few", and is not left out."""
    found = by_policy(readings("hate hate", "hate -"), {}, Policy)

    assert list(found) == list(Policy)
    assert {name for name, one in found.items() if one.percent is None} == set(Policy) - {"hate"}


@pytest.mark.parametrize("unit", ["hate+spam hate", "hate hate+spam"])
def test_policy_that_one_adds_is_no_confusion(unit):
    """Both said hate and one also spam: spam is in doubt, and nothing was taken for it."""
    found = by_policy(readings(unit, "spam spam"), {}, ["hate", "spam"])

    assert found["spam"].percent == 0.5
    assert found["spam"].confused == ()


def test_policy_is_confused_with_no_harm_where_another_named_none():
    """Hate to one and harmless to the other, in one of the two items of which anybody said so."""
    found = by_policy(readings("hate -", "hate hate", "spam spam"), {}, ["hate"])["hate"]

    assert found.confused == (Confusion("hate", "no_harm", n_units=1, of_units=2),)


def test_policy_has_two_answers_also_where_one_was_given():
    """All said yes: alpha is blank, AC1 is 1."""
    found = by_policy(readings("hate hate", "hate hate"), {}, ["hate"])["hate"]

    assert (found.alpha, found.ac1, found.reasons["alpha"]) == (None, 1.0, "no_variation")


def test_no_reviewer_and_no_item_is_in_a_result():
    """Agreement is a figure of the policies, never of a person (DESIGN §8)."""
    said = readings("hate spam", "hate hate", "- hate")
    named = agreement([one._replace(value="hate") for one in ratings("a b", "b c")])
    words = repr((named, by_policy(said, {"item 2": ["hate"]}, ["hate", "spam"])))

    assert "confused" in words
    assert "reviewer" not in words
    assert "item" not in words


def test_importing_the_measure_loads_no_scipy():
    """The serving process imports what a page needs when the page needs it."""
    module = "evenhand.dashboard.jobs.measures.agreement"
    code = f"import sys, {module}; print('scipy' in sys.modules, 'sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    assert done.stdout.split() == ["False", "False"]
