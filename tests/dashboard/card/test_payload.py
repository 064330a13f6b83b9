"""What the browser gets: plain words in the person's language, and nothing that undoes a cover."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.dashboard.card import payload
from evenhand.dashboard.card.desk import Desk
from evenhand.dashboard.card.seals import seals_for
from evenhand.dashboard.jobs import queueing
from evenhand.dashboard.jobs.claims import ThreadPost
from evenhand.dashboard.shell import Shell
from evenhand.data.records import Actor, Band, Claim, Flag, Item, Origin, Reason, Role
from evenhand.data.settings import Settings
from evenhand.data.store.statements import Statement, StatementState
from tests.statement_floor import DAM

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
AN = Actor("7", "An", frozenset({Role.REVIEWER}), "1")
SCAM = Flag(
    Origin.MODEL,
    "scam_fraud",
    Band.FLAG,
    0.973,
    (
        Reason("scam_fraud", "model", "trúng thưởng", ((0, 12),), 1.5),
        Reason("scam_fraud", "rule", "short_link", ((20, 30),)),
        Reason("scam_fraud", "guard", "warning", ((0, 5),)),
    ),
    "builtin-1",
)
QUESTION = Flag(Origin.REQUEST, "question", Band.CHECK, 0.5, (), "builtin-1")


@pytest.fixture
def shell(tmp_path):
    return shell_in("en", tmp_path)


def shell_in(lang, folder, **settings):
    return Shell(None, Settings(workspace=folder, **settings), AN, lang, lambda: NOON)


def item(text="Chúc mừng bạn", **changes):
    fields = {
        "id": "5",
        "post_id": "9",
        "version": 2,
        "text": text,
        "name": None,
        "lang": "vi",
        "source_name": "r/danang",
        "platform": "reddit",
        "published_at": NOON,
        "flags": (SCAM,),
        "why": "scam_fraud 0.97, severity 3, reach 12, vi",
        "severe": False,
        "priority": 1.0,
        "created_at": NOON,
        "claim": Claim("5", 3, "7", NOON + timedelta(minutes=10)),
    }
    return Item(**(fields | changes))


def test_item_carries_what_a_decision_must_name(shell):
    """Item, claim number and version travel with the text."""
    sent = payload.item_data(shell, item())

    names = seals_for(shell)
    assert (names.open(sent["id"]), names.open_number(sent["number"], "5")) == ("5", 3)
    assert sent["version"] == 2
    assert sent["until"] == (NOON + timedelta(minutes=10)).timestamp() * 1000
    assert json.loads(json.dumps(sent)) == sent | {"pieces": [list(one) for one in sent["pieces"]]}


def test_marks_lie_where_the_reasons_say(shell):
    """Spans count code points, also behind letters outside the basic plane."""
    text = "🙏🙏 bấm vào đây ngay"
    flag = replace(SCAM, reasons=(Reason("scam_fraud", "key", "bấm", ((3, 15),)),))
    sent = payload.item_data(shell, item(text, flags=(flag,)))

    assert sent["pieces"] == [("🙏🙏 ", ""), ("bấm vào đây ", "Scam or fraud"), ("ngay", "")]


def test_cleaning_does_not_move_the_marks(shell):
    """Control characters, turns of direction and decomposed letters before a mark do no harm."""
    text = "a\x00\x07\u202eđ\u0065\u0302\r\nlink here"
    start = text.index("link")
    flag = replace(SCAM, reasons=(Reason("scam_fraud", "rule", "link", ((start, start + 4),)),))
    sent = payload.item_data(shell, item(text, flags=(flag,)))

    assert sent["pieces"] == [("a⟲đê\n", ""), ("link", "Scam or fraud"), (" here", "")]


def test_guards_languages_and_weights_against_are_not_marked():
    """Only what spoke for the label is shown as its reason."""
    reasons = (
        Reason("hate", "guard", "quotation", ((0, 4),)),
        Reason("hate", "language", "vi", ((4, 6),)),
        Reason("hate", "model", "friend", ((6, 9),), -0.5),
        Reason("hate", "model", "word", ((9, 12),), 0.5),
        Reason("hate", "model", "broken", ((30, 20), (-4, 2)), 0.5),
    )
    flag = Flag(Origin.MODEL, "hate", Band.FLAG, 0.9, reasons)

    assert payload.spans([flag], "en") == [(9, 12, "Hate speech")]


def test_overlapping_marks_become_one():
    """Two reasons in the same place are one mark under the first label."""
    hate = Flag(Origin.MODEL, "hate", Band.FLAG, 0.9, (Reason("hate", "key", "x", ((2, 8),)),))
    spam = Flag(Origin.MODEL, "spam", Band.FLAG, 0.9, (Reason("spam", "key", "y", ((5, 12),)),))

    assert payload.spans([hate, spam], "vi") == [(2, 12, "Lời lẽ thù ghét")]


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70))))
def test_pieces_keep_the_text_whatever_the_spans(text, raw):
    """No span, however wrong, adds or loses a letter."""
    plain = "".join(one for one in text if one.isalnum() and one.isascii())
    reasons = (Reason("hate", "key", "x", tuple(raw)),)
    spans = payload.spans([Flag(Origin.MODEL, "hate", Band.FLAG, 0.9, reasons)], "en")
    pieces, left = payload.make_pieces(plain, spans, payload.LONGEST_TEXT)

    assert ("".join(piece for piece, _ in pieces), left) == (plain, 0)


def test_very_long_text_is_cut_and_says_so(shell):
    """A text of a million letters does not stop the page, and nobody takes it for whole."""
    sent = payload.item_data(shell, item("lũ " * 400_000, flags=()))

    assert sum(len(piece) for piece, _ in sent["pieces"]) <= payload.LONGEST_TEXT
    assert "1,180,000 more characters" in sent["left"]


def test_reasons_that_quote_the_text_are_marked_as_such(shell):
    """The card leaves them out while the text is covered."""
    lines = payload.reason_lines(shell, [SCAM])

    assert [line["text"] for line in lines] == [
        "Scam or fraud: score 0.97, band “flag”",
        "Scam or fraud: the model weighs “trúng thưởng”",
        "Scam or fraud: rule short_link",
        "Scam or fraud: guard “warning” leaves doubt",
        "Tagged by builtin-1",
    ]
    assert [line["quotes"] for line in lines] == [False, True, False, False, False]


def test_quoted_reason_is_cleaned(shell):
    """An n-gram is text from outside like the post itself."""
    flag = replace(SCAM, reasons=(Reason("scam_fraud", "model", "a\u202eb\x00" * 90, (), 1.0),))
    line = payload.reason_lines(shell, [flag])[1]["text"]

    assert "\u202e" not in line
    assert len(line) < 120


def test_why_line_is_worded_in_the_persons_language(tmp_path):
    """The line that the queue writes is read back and said anew."""
    where = queueing.place([SCAM, QUESTION], reach=1, lang="vi", created_at=NOON)

    english = payload.why_line(shell_in("en", tmp_path), where.why)
    vietnamese = payload.why_line(shell_in("vi", tmp_path), where.why)
    assert english == "Scam or fraud, score 0.97, severity 3 of 5, 1 reaction"
    assert vietnamese == "Lừa đảo, điểm 0,97, mức nghiêm trọng 3 trên 5, 1 lượt tương tác"


def test_why_line_of_what_was_drawn_is_worded_too_and_says_no_score(tmp_path):
    """The same line for all that was drawn, in the person's language."""
    drawn = Flag(Origin.AUDIT, "hate", Band.NOTHING, 0.13, (), "builtin-1")
    why = queueing.place([drawn], reach=3, lang="vi", created_at=NOON).why

    assert payload.why_line(shell_in("en", tmp_path), why) == (
        "to be read, severity 1 of 5, 3 reactions"
    )
    assert payload.why_line(shell_in("vi", tmp_path), why) == (
        "cần đọc, mức nghiêm trọng 1 trên 5, 3 lượt tương tác"
    )


@pytest.mark.parametrize("why", ["a partner asked", "nothing 0.5, severity 1, reach 2, vi"])
def test_why_line_of_another_form_stays_as_it_is(shell, why):
    """A line that is not known is shown, not lost."""
    assert payload.why_line(shell, why) == why


def test_flags_say_label_band_and_origin(tmp_path):
    """Each flag names what was found, how sure and by what, in words."""
    sent = payload.item_data(shell_in("vi", tmp_path), item(flags=(SCAM, QUESTION)))

    assert sent["flags"] == [
        {
            "label": "scam_fraud",
            "name": "Lừa đảo",
            "detail": "gắn cờ · do mô hình phát hiện",
            "strong": True,
        },
        {
            "label": "question",
            "name": "Câu hỏi",
            "detail": "cần xem · cần được trả lời",
            "strong": False,
        },
    ]


def test_audit_stays_blind(shell):
    """A post of the audit says neither that it was drawn nor what the model thought."""
    drawn = Flag(Origin.AUDIT, "hate", Band.NOTHING, 0.13, (), "builtin-1")
    why = queueing.place([drawn], reach=3, lang="vi", created_at=NOON).why
    sent = json.dumps(payload.item_data(shell, item(flags=(drawn,), why=why)))

    assert not any(word in sent for word in ("audit", "random", "0.13", "hate", "Hate"))
    assert "to be read" in sent


def test_marks_of_the_demo_and_of_edits_are_sent(tmp_path):
    """In the demo every post is marked as simulated; an edit after review is marked anywhere."""
    demo = payload.item_data(shell_in("en", tmp_path, demo=True), item())
    real = payload.item_data(shell_in("en", tmp_path), item(edited_after_review=True))

    assert (demo["simulated"], demo["edited"]) == (True, False)
    assert (real["simulated"], real["edited"]) == (False, True)


def test_names_and_titles_are_cleaned(shell):
    """The source's and the post's title were typed by others."""
    sent = payload.item_data(shell, item(name="t\x1b[31m\u202ex", source_name="s\u2066y"))

    assert (sent["name"], sent["source"]) == ("t[31m⟲x", "s⟲y")


CRISIS = {"name": "Crisis line", "contact": "0000 111, 24/7", "labels": ["self_harm_risk"]}
RESCUE = {"name": "Rescue", "contact": "0000 222"}


@pytest.mark.parametrize(
    ("label", "names"),
    [
        ("self_harm_risk", ["Crisis line", "Rescue"]),
        ("help_needed", ["Rescue"]),
        ("violence_threat", ["Rescue"]),
        ("scam_fraud", None),
        ("question", None),
    ],
)
def test_help_lines_stand_with_posts_of_the_fast_queue(tmp_path, label, names):
    """Those that fit the flags, also under a cover; no other post has the field."""
    shell = shell_in("en", tmp_path, help_line=[CRISIS, RESCUE])
    sent = payload.item_data(shell, item(flags=(replace(SCAM, label=label),)))

    assert [one["name"] for one in sent["help"]] == names if names else "help" not in sent


def test_item_without_a_claim_or_a_known_language_is_still_shown(shell):
    """Nothing breaks on a post in a third language."""
    sent = payload.item_data(shell, item(claim=None, lang="km"))

    assert (sent["number"], sent["until"], sent["lang_name"]) == ("", 0, "another language")


def test_policies_come_in_the_order_of_the_keys():
    """Key 1 is the first policy, and each comes with what it means."""
    sent = payload.policies("vi")

    assert [one["id"] for one in sent][:3] == ["scam_fraud", "spam", "harassment"]
    assert len(sent) == 9
    assert all(one["name"] and one["means"] for one in sent)


REPEATS = Flag(
    Origin.RULE,
    "disaster_misinformation",
    Band.CHECK,
    1.0,
    (Reason("disaster_misinformation", "statement", "4", ((0, 3),), 1.0),),
    "builtin-1",
)


def stated(**changes):
    fields = {
        "id": "4",
        "worded": replace(DAM, what_is_true="Đập\u202e không vỡ\x00."),
        "state": StatementState.ACTIVE,
        "proposed_by": "1",
        "proposed_at": NOON,
        "approved_by": "2",
        "approved_at": NOON,
        "corrects": None,
        "ended_by": None,
        "ended_at": None,
    }
    return Statement(**(fields | changes))


def test_matched_statement_travels_with_what_is_true_and_its_source(shell):
    """Cleaned as every text, in the card and in the list of reasons; other ids say nothing."""
    sent = payload.item_data(shell, item(flags=(REPEATS, SCAM)), {"4": stated()})
    (shown,) = sent["statements"]

    assert shown == {
        "title": "Statement 4 of the list",
        "claim": f"“{DAM.wordings[0]}”",
        "truth": "Đập⟲ không vỡ.",
        "source": f"{DAM.source_name}, {DAM.source_url}",
    }
    texts = [one["text"] for one in sent["reasons"]]
    assert "Disaster misinformation: repeats statement 4 of the list" in texts
    assert any(DAM.wordings[0] in one and DAM.source_url in one for one in texts)
    assert [] == payload.item_data(shell, item(flags=(REPEATS,)), {})["statements"]


def test_statement_that_is_over_says_so(tmp_path):
    """The item stays with people after the withdrawal; the card does not pretend."""
    shell = shell_in("vi", tmp_path)
    over = [
        stated(state=StatementState.WITHDRAWN, ended_at=NOON),
        stated(worded=replace(DAM, expires_at=NOON)),
    ]
    for one in over:
        (shown,) = payload.item_data(shell, item(flags=(REPEATS,)), {"4": one})["statements"]

        assert "không còn trong danh sách" in shown["title"]


def test_card_data_tells_who_what_and_how_much(shell):
    """The desk as the browser gets it: it must be JSON."""
    desk = Desk(held={"5": item()}, decided=1200, waiting=3, thread_item="5")
    desk.thread = [
        ThreadPost("8", None, NOON, is_item=False),
        ThreadPost("9", "a\x00b", NOON, is_item=True),
    ]
    desk.acks.update({f"u{number}": None for number in range(100)})
    sent = json.loads(json.dumps(payload.card_data(shell, desk)))

    assert (sent["person"], sent["decided_shown"], sent["waiting"]) == ("7", "1,200", 3)
    assert (len(sent["acks"]), sent["acks"][-1]) == (payload.ACKS_SENT, "u99")
    assert [one["text"] for one in sent["thread"]["posts"]] == ["(text erased)", "ab"]
    assert sent["away"] is False
    assert payload.card_data(shell, Desk())["thread"] is None


def test_cover_says_what_lies_under_it_in_facts_alone(tmp_path):
    """Label, severity, language, length, source and reasons; no word of the post."""
    text = "Tao  sẽ đập nát\nnhà mày"
    reasons = (Reason("violence_threat", "key", "đập nát", ((9, 16),)),)
    threat = Flag(Origin.MODEL, "violence_threat", Band.FLAG, 0.9, reasons, "builtin-1")
    drawn = Flag(Origin.AUDIT, "audit", Band.CHECK, 0.0)
    covered = item(text, flags=(threat, SCAM, drawn), severe=True)
    english = payload.item_data(shell_in("en", tmp_path), covered)["summary"]
    vietnamese = payload.item_data(shell_in("vi", tmp_path), covered)["summary"]

    assert english == (
        "Threat of violence, Scam or fraud · severity 5 of 5 · Vietnamese · 6 words · r/danang · "
        "4 reasons"
    )
    assert vietnamese == (
        "Đe dọa bạo lực, Lừa đảo · mức nghiêm trọng 5 trên 5 · tiếng Việt · 6 chữ · r/danang · "
        "4 lý do"
    )
    assert payload.item_data(shell_in("en", tmp_path), item(text))["summary"] == ""
