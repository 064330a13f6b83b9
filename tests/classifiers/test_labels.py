"""Labels are checked, put in order and divided by time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from evenhand.classifiers.labels import data_hash, divide, origins, shares, text_key, untaught
from evenhand.data.errors import InputError
from tests.label_floor import BEGIN, make_labels, says


def times(labels):
    return [label.decided_at for label in labels]


def test_divide_holds_out_the_newest_fifth_when_nobody_says_otherwise():
    """100 labels an hour apart: 80 train, 20 test, and none is in both."""
    parts = divide(make_labels(100), cut=None, learnt_until=None)

    assert (80, 20) == (len(parts.train), len(parts.held_out))
    assert max(times(parts.train)) < parts.cut == min(times(parts.held_out))


def test_newest_fifth_is_one_of_what_may_train():
    """400 audits in the middle of 100 decisions do not move where the newest 20 of these begin."""
    flagged = make_labels(100)
    audits = [
        replace(label, origin="audit", post_id=f"a{at}", decided_at=flagged[50].decided_at)
        for at, label in enumerate(make_labels(400))
    ]
    parts = divide([*flagged, *audits], cut=None, learnt_until=None)

    assert parts.cut == flagged[80].decided_at
    assert (80, 20) == (len(parts.train), len(parts.held_out))


def test_divide_never_trains_on_audit_and_gold():
    """The audit measures the model and gold measures people: only a new audit label tests."""
    labels = [
        replace(label, origin=("audit", "gold", "flagged")[at % 3])
        for at, label in enumerate(make_labels(300))
    ]
    parts = divide(labels, cut=None, learnt_until=None)

    assert {"flagged"} == {label.origin for label in parts.train}
    assert {"audit", "flagged"} == {label.origin for label in parts.held_out}
    assert 81 == parts.set_aside["origin audit never trains"]
    assert 100 == parts.set_aside["origin gold never trains"]


def test_divide_keeps_a_held_out_text_out_of_training():
    """A re-post of a tested text, in other letters, was labelled earlier."""
    labels = make_labels(100)
    shouted = replace(labels[0], text=labels[-1].text.upper() + " !!", post_id="again")
    parts = divide([shouted, *labels[1:]], cut=None, learnt_until=None)

    assert "again" not in {label.post_id for label in parts.train}
    assert {"its text is held out for the back-test": 1} == parts.set_aside


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": ""}, "has a text without words"),
        ({"text": " \u200b\n"}, "has a text without words"),
        ({"yes": frozenset(["politics"])}, "names a policy or request that is not on the list"),
        (
            {"yes": frozenset(["spam"]), "no": frozenset(["spam"])},
            "says yes and no to the same label",
        ),
        ({"yes": frozenset(), "no": frozenset()}, "says nothing"),
        ({"origin": "rumour"}, "has an origin that is not on the list"),
        ({"decided_at": datetime(2026, 9, 1)}, "has a time without a time zone"),  # noqa: DTZ001
    ],
)
def test_divide_sets_an_unusable_label_aside_and_says_why(change, reason):
    """One bad row is counted; the others go on."""
    labels = make_labels(50)
    parts = divide([*labels[:-1], replace(labels[-1], **change)], cut=None, learnt_until=None)

    assert {reason: 1} == parts.set_aside
    assert 49 == len(parts.train) + len(parts.held_out)


def test_divide_sets_other_languages_aside():
    """A head that is off everywhere else has nothing to learn there."""
    labels = [replace(label, lang="fr") for label in make_labels(10)] + make_labels(90, seed=1)
    parts = divide(labels, cut=BEGIN + timedelta(hours=80), learnt_until=None)

    assert {"its language has no model scores": 10} == parts.set_aside


def test_divide_refuses_when_nothing_can_be_used():
    """The message counts the reasons."""
    with pytest.raises(InputError, match="has a text without words"):
        divide([replace(make_labels(1)[0], text="")], cut=None, learnt_until=None)


def test_divide_refuses_a_cut_that_the_active_model_has_seen():
    """What the active model learnt from cannot test it."""
    labels = make_labels(100)
    until = BEGIN + timedelta(hours=90)

    with pytest.raises(InputError, match="learnt from decisions until 2026-09-05"):
        divide(labels, cut=until, learnt_until=until)
    with pytest.raises(InputError, match="no label is newer"):
        divide(labels[:50], cut=None, learnt_until=until)
    with pytest.raises(InputError, match="time zone"):
        divide(labels, cut=datetime(2026, 9, 2), learnt_until=None)  # noqa: DTZ001 - the case


def test_divide_tests_only_what_is_newer_than_the_active_models_labels():
    """The newest fifth would begin at hour 80; the model knows all until hour 90."""
    parts = divide(make_labels(100), cut=None, learnt_until=BEGIN + timedelta(hours=90))

    assert BEGIN + timedelta(hours=91) == parts.cut
    assert 9 == len(parts.held_out)


def test_untaught_are_newer_usable_labels_of_no_older_text():
    """Of ten, six are known; of the four newer one repeats a known text, one is gold, one is empty.

    Where nothing was learnt from labels, all but gold and what is empty can test.
    """
    labels = make_labels(10)
    labels[6] = replace(labels[6], text=f"{labels[2].text.upper()} !!")
    labels[7] = replace(labels[7], origin="gold")
    labels[8] = replace(labels[8], text="")
    known = untaught(labels, BEGIN + timedelta(hours=5))

    assert ["p0-9"] == [label.post_id for label in known]
    assert 8 == len(untaught(reversed(labels), None))
    assert () == untaught([], None)


def test_data_hash_tells_any_change_and_no_other_order():
    """The card proves which labels a model learnt from."""
    labels = make_labels(40)
    mixed = labels[::-1]
    changed = [says(labels[0], "hate", "spam"), *labels[1:]]

    assert data_hash(labels) == data_hash(mixed)
    assert data_hash(labels) != data_hash(changed)


def test_data_hash_takes_lone_surrogates():
    """Half a surrogate pair is text that no encoder likes."""
    label = replace(make_labels(1)[0], text="cứu với \ud83d")

    assert 64 == len(data_hash([label]))


def test_text_key_is_that_of_a_repost_and_of_no_other_text():
    """Capitals, accents, spaces and signs do not make another text."""
    assert text_key("Nước lên   nhanh!") == text_key("NUOC LEN NHANH")
    assert text_key("Nước lên nhanh") != text_key("Nước xuống nhanh")
    assert text_key("\ud83d") == text_key("")


def test_ten_copies_of_a_text_weigh_as_much_as_one():
    """A wave that everybody labelled is one text."""
    labels = make_labels(3)
    copies = [replace(labels[0], post_id=str(at)) for at in range(10)]

    assert pytest.approx(3.0) == sum(shares([*copies, *labels[1:]]))


def test_origins_are_counted_by_language():
    """For the card."""
    labels = [replace(label, origin="double", lang="vi") for label in make_labels(4)]

    assert {"double": {"vi": 4}} == origins(labels)
