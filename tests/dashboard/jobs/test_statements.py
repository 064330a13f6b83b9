"""The statement list: two persons, clear refusals, and what the tagger is given of it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from evenhand.classifiers.neutrality import OPEN, shipped_posts
from evenhand.dashboard.jobs import access, serving_model, statements
from evenhand.data.errors import InputError, NotAllowed, NotFound
from evenhand.data.records import Actor, Text
from evenhand.data.settings import Settings
from evenhand.data.store import ledger
from evenhand.data.tables import ledger as ledger_table
from tests.conftest import NOON
from tests.statement_floor import DAM, SEA, put_in_force

DAY = timedelta(days=1)
REPEATED = "Bà con ơi đập hồ trên đã vỡ rồi, chạy ngay đi!"


def names(lines):
    return [one.statement.id for one in lines]


def entries(store):
    """List action, actor and data of the ledger's entries about statements."""
    query = select(ledger_table).where(ledger_table.c.action.like("statement_%"))
    with store.read() as conn:
        rows = conn.execute(query.order_by(ledger_table.c.seq)).all()
        ledger.verify(conn)
    return [(row.action, row.actor, row.subject, json.loads(row.data)) for row in rows]


def test_statement_is_in_force_after_two_persons_and_the_ledger_tells_of_both(store, actors):
    """The entries hold ids and choices, none of the words."""
    made = statements.propose(store, actors.analyst, DAM, NOON)
    waiting = statements.listing(store, actors.coordinator, NOON)
    assert ([], [made.id]) == (names(waiting.in_force), names(waiting.waiting))
    assert [] == statements.in_force(store, NOON)
    statements.approve(store, actors.coordinator, made.id, NOON)

    assert [made.id] == [one.id for one in statements.in_force(store, NOON)]
    subject = f"statement:{made.id}"
    told = {
        "policy": "disaster_misinformation",
        "lang": "vi",
        "expires_at": DAM.expires_at.isoformat(),
        "corrects": None,
    }
    assert [
        ("statement_proposed", "5", subject, told),
        ("statement_approved", "3", subject, {"proposed_by": "5", "corrects": None}),
    ] == entries(store)


def test_one_hand_is_never_enough(store, actors):
    """Not that of an admin, who approves alone, nor the terminal's, which is no person."""
    made = statements.propose(store, actors.coordinator, DAM, NOON)
    with pytest.raises(NotAllowed, match="second person"):
        statements.approve(store, actors.coordinator, made.id, NOON)
    for refused in (actors.an, actors.leader, actors.admin, access.operator()):
        with pytest.raises(NotAllowed):
            statements.propose(store, refused, SEA, NOON)
    for refused in (actors.an, actors.leader, access.operator()):
        with pytest.raises(NotAllowed):
            statements.approve(store, refused, made.id, NOON)
        with pytest.raises(NotAllowed):
            statements.withdraw(store, refused, made.id, NOON)
    statements.approve(store, actors.admin, made.id, NOON)

    assert [made.id] == names(statements.listing(store, actors.leader, NOON).in_force)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"policy": "hate"}, "health or an emergency"),
        ({"policy": "hate", "topic": "politics"}, "health or an emergency"),
        ({"topic": "health"}, "health or an emergency"),
        ({"lang": "fr"}, "is no language"),
        ({"wordings": ()}, "1 to 10 wordings"),
        ({"wordings": (" ", "\t")}, "1 to 10 wordings"),
        ({"wordings": tuple(f"đập hồ trên vỡ lần {at}" for at in range(11))}, "has 11"),
        ({"wordings": ("đập hồ trên vỡ " * 30,)}, "a wording needs 1 to 300"),
        ({"wordings": ("đập hồ\x00 trên vỡ",)}, "a wording needs 1 to 300"),
        ({"wordings": ("đập hồ \ud800 trên vỡ",)}, "a wording needs 1 to 300"),
        ({"wordings": DAM.wordings * 2}, "stands there twice"),
        ({"wordings": ("Đập vỡ rồi",)}, "fewer than 4 telling words"),
        ({"wordings": ("😀 😀 😀 😀",)}, "fewer than 4 telling words"),
        ({"wordings": ("Chính quyền giấu dân chuyện vỡ đập",)}, "never about politics"),
        ({"wordings": ("The government hides that the dam broke",)}, "“government”"),
        ({"what_is_true": ""}, "what is true instead needs"),
        ({"what_is_true": "x" * 1_001}, "has 1001"),
        ({"what_is_true": "Đập hồ trên đã vỡ rồi, thật đấy."}, "what is true would itself"),
        ({"source_name": " "}, "name of the published source"),
        ({"source_url": ""}, "address of a published source"),
        ({"source_url": "ftp://pctt.example/x"}, "address of a published source"),
        ({"source_url": "javascript:alert(1)//https://x.example"}, "address of a published"),
        ({"source_url": "https://"}, "address of a published source"),
        ({"source_url": "https://localhost/x"}, "address of a published source"),
        ({"source_url": "https://me:secret@pctt.example/"}, "address of a published source"),
        ({"source_url": "https://pctt.example:99999999/"}, "address of a published source"),
        ({"source_url": "https://pctt.example/a b"}, "address of a published source"),
        ({"source_url": "https://pctt.example/" + "a" * 500}, "address of a published source"),
        ({"expires_at": NOON + 181 * DAY}, "1 to 180 days"),
        ({"expires_at": NOON}, "1 to 180 days"),
        ({"expires_at": NOON - DAY}, "1 to 180 days"),
    ],
)
def test_proposal_is_refused_with_a_sentence_when_something_is_wrong(store, actors, change, said):
    """Nothing of it is stored."""
    with pytest.raises(InputError, match=said):
        statements.propose(store, actors.analyst, replace(DAM, **change), NOON)

    assert () == statements.listing(store, actors.analyst, NOON).waiting
    assert [] == entries(store)


@pytest.mark.parametrize("at", [3, 250, 480, 690])
def test_proposal_that_would_bring_up_a_neutral_post_is_refused(store, actors, at):
    """The neutrality set is asked with the new statement before any person is."""
    post = next(one for one in shipped_posts(OPEN)[at:] if "?" not in one.text)
    worded = replace(DAM, wordings=(post.text.replace("\n", " ")[:300],))

    with pytest.raises(InputError, match=r"neutral posts before a person|about politics"):
        statements.propose(store, actors.analyst, worded, NOON)


def test_words_are_composed_and_trimmed_and_otherwise_kept(store, actors):
    """Decomposed letters are one letter from then on."""
    worded = replace(DAM, wordings=("  Đa\u0323\u0302p hồ trên đã vỡ rồi 🌊 ", "", DAM.wordings[1]))
    made = statements.propose(store, actors.analyst, worded, NOON)

    assert ("Đập hồ trên đã vỡ rồi 🌊", DAM.wordings[1]) == made.worded.wordings


def test_wording_stands_on_the_list_once(store, actors):
    """Also while the first one waits; a correction may repeat what it corrects."""
    made = put_in_force(store, actors)
    again = replace(DAM, wordings=("ĐẬP HỒ TRÊN ĐÃ VỠ RỒI",))
    with pytest.raises(InputError, match=f"statement {made.id} has this wording already"):
        statements.propose(store, actors.analyst, again, NOON)
    statements.correct(store, actors.analyst, made.id, again, NOON)
    statements.withdraw(store, actors.admin, made.id, NOON)

    with pytest.raises(InputError, match="has this wording already"):
        statements.propose(store, actors.analyst, again, NOON)


def test_correction_needs_two_persons_again_and_then_ends_the_old_one(store, actors):
    """The page says which one took its place."""
    old = put_in_force(store, actors)
    worded = replace(DAM, what_is_true="Đập hồ trên không hề vỡ.")
    new = statements.correct(store, actors.coordinator, old.id, worded, NOON)
    assert [old.id] == names(statements.listing(store, actors.an, NOON).in_force)
    with pytest.raises(NotAllowed, match="second person"):
        statements.approve(store, actors.coordinator, new.id, NOON)
    statements.approve(store, actors.analyst, new.id, NOON)
    shown = statements.listing(store, actors.an, NOON)

    assert ([new.id], [], [old.id]) == (
        names(shown.in_force),
        names(shown.waiting),
        names(shown.ended),
    )
    assert (new.id, "analyst") == (shown.ended[0].corrected_by, shown.ended[0].ended_by)
    with pytest.raises(NotFound):
        statements.correct(store, actors.analyst, "99", SEA, NOON)


def test_listing_tells_each_role_what_it_may_do(store, actors):
    """Everybody reads the list; buttons are for those whom the jobs would let."""
    active = put_in_force(store, actors)
    waiting = statements.propose(store, actors.analyst, SEA, NOON)

    def rights(actor):
        found = statements.listing(store, actor, NOON)
        (one,), (two,) = found.in_force, found.waiting
        assert (active.id, waiting.id) == (one.statement.id, two.statement.id)
        return found.may_propose, one.may_end, one.may_correct, two.may_approve, two.own

    assert (True, True, True, True, False) == rights(actors.coordinator)
    assert (True, True, True, False, True) == rights(actors.analyst)
    assert (False, True, False, True, False) == rights(actors.admin)
    assert (False, False, False, False, False) == rights(actors.an)
    assert (False, False, False, False, False) == rights(actors.leader)
    with pytest.raises(NotAllowed):
        statements.listing(store, Actor("9", "x", frozenset()), NOON)


def test_expiry_ends_a_statement_at_its_moment_and_the_worker_writes_it_down(store, actors):
    """Between the two nothing is matched any more, and the page shows it as ended."""
    made = put_in_force(store, actors)
    over = DAM.expires_at
    assert 0 == statements.expire(store, over - timedelta(seconds=1))
    assert [] == statements.in_force(store, over)
    assert [made.id] == names(statements.listing(store, actors.an, over).ended)
    assert [1, 0] == [statements.expire(store, over) for _ in range(2)]

    assert ("statement_expired", "0", f"statement:{made.id}", {}) == entries(store)[-1]
    with pytest.raises(InputError, match="expired already"):
        statements.withdraw(store, actors.admin, made.id, over)


def test_what_is_over_can_be_proposed_again_before_the_worker_came_round(store, actors):
    """Its time is what counts."""
    put_in_force(store, actors)
    again = replace(DAM, expires_at=DAM.expires_at + DAY)

    assert statements.propose(store, actors.analyst, again, DAM.expires_at)


def test_statements_of_a_posts_reasons_are_found_whatever_became_of_them(store, actors):
    """An item outlives the statement that brought it up."""
    made = put_in_force(store, actors)
    statements.withdraw(store, actors.admin, made.id, NOON)
    found = statements.matched(store, actors.an, [made.id, made.id, "demo-1"])

    assert [made.id] == list(found)
    assert DAM.what_is_true == found[made.id].worded.what_is_true
    assert {} == statements.matched(store, actors.an, [])


def test_tagger_matches_what_is_in_force_within_a_minute(store, actors, clock, tmp_path):
    """From approval to withdrawal, and nothing before, between or after; import and pull too."""
    serving = serving_model.tagger_of(store, Settings(workspace=tmp_path), clock=clock.now)

    def flagged():
        clock.advance(seconds=31)
        (tag,) = serving.tag([Text("1", REPEATED)])
        return [(one.kind, one.id) for one in tag.reasons if one.label == DAM.policy]

    assert [] == flagged()
    made = statements.propose(store, actors.analyst, DAM, clock.now())
    assert [] == flagged()
    statements.approve(store, actors.coordinator, made.id, clock.now())
    assert [("statement", made.id)] == flagged()
    statements.withdraw(store, actors.coordinator, made.id, clock.now())

    assert [] == flagged()
    assert timedelta(minutes=1) >= serving_model.LOOK_EVERY


PROPOSING = """
import sys
from datetime import UTC, datetime, timedelta
from evenhand.dashboard.jobs import access, statements
from evenhand.data.records import Actor, Role
from evenhand.data.store.connect import open_store
now = datetime(2026, 11, 24, tzinfo=UTC)
store = open_store(sys.argv[1])
one, two = (
    Actor(access.add_person(store, access.operator(), name, None, roles=[Role.ANALYST], team="t",
          now=now), name, frozenset({Role.ANALYST}))
    for name in ("a", "b")
)
worded = statements.Worded(
    "health_misinformation", "health", "en", ("Drinking lamp oil cures worms",),
    "Drinking lamp oil does not cure worms.", "A clinic", "https://clinic.example/",
    now + timedelta(days=9),
)
statements.approve(store, two, statements.propose(store, one, worded, now).id, now)
loaded = {name.partition(".")[0] for name in sys.modules}
print(len(statements.in_force(store, now)), sorted(loaded & {"sklearn", "scipy", "numpy"}))
"""


def test_proposing_and_approving_load_no_model_library(tmp_path):
    """The browser's process holds the list against the neutral posts by words alone."""
    command = [sys.executable, "-c", PROPOSING, f"sqlite:///{tmp_path}/store.db"]
    ended = subprocess.run(command, capture_output=True, check=True, text=True, timeout=120)

    assert "1 []" == ended.stdout.strip()
