"""The requests page lists what waits, lets one person answer each, and logs it once."""

from __future__ import annotations

from datetime import UTC, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from evenhand.dashboard.jobs import claims, decisions, library, macros, requests
from evenhand.dashboard.shell import Shell
from evenhand.dashboard.views.requests_draft import FREE, Desk, Draft
from evenhand.data import tables
from evenhand.data.records import Decision, Outcome, Recipient, Response, ResponseKind
from evenhand.data.settings import Settings
from tests.review_floor import item_row, put_item

HOSTILE = "![](http://x.test/p.png) [bấm](http://x.test) <b>đậm</b> :red[đỏ]"
ACCOUNTS = ("u/danang_helpdesk", "Sở Y tế")


@pytest.fixture
def show(store, clock, tmp_path):
    """Draw the page for an actor in a new browser tab."""
    library.put_builtin(store, clock.now())

    def drawing(actor, lang="en", accounts=ACCOUNTS, zone=UTC):
        settings = Settings(workspace=tmp_path, accounts=accounts)
        shell = Shell(store, settings, actor, lang, clock.now, zone)
        app = AppTest.from_function(draw, args=(shell,), default_timeout=30).run()
        assert not app.exception
        return app

    return drawing


def draw(shell):
    """Stand in for the script that runs a page."""
    from evenhand.dashboard.views.requests import page  # noqa: PLC0415 - AppTest runs this body alone

    page(shell)


@pytest.fixture
def wait(store, actors, clock):
    """Put an item in that a reviewer has decided to need an answer; give its id."""

    def waiting(label="question", text="Mấy giờ mở cửa?", **changes):
        with store.write() as conn:
            put_item(conn, label, text, queue="request", **changes)
        [item] = claims.claim_next(store, actors.coordinator, now=clock.now(), count=1)
        number = item.claim.number
        new = Decision(str(uuid4()), item.id, number, item.version, Outcome.NEEDS_ANSWER)
        decisions.decide(store, actors.coordinator, new, now=clock.now())
        return item.id

    return waiting


def texts(app):
    kinds = (app.text, app.markdown, app.success, app.warning, app.error)
    return " | ".join(str(one.value) for kind in kinds for one in kind)


def click(app, label):
    found = next(one for one in app.button if label in one.label).click().run()
    assert not found.exception
    return found


def field(app, label):
    return next(
        one
        for kind in (app.text_input, app.text_area, app.selectbox, app.datetime_input)
        for one in kind
        if one.label == label
    )


def enter(app, label, value):
    found = field(app, label).set_value(value).run()
    assert not found.exception
    return found


def labels(app):
    return [one.label for kind in (app.text_input, app.text_area) for one in kind]


def preview(app):
    return app.code[-1].value


def logged(store):
    with store.read() as conn:
        return conn.execute(select(tables.response)).all()


def fill_answer(app):
    values = {
        "Your answer": "Đến 20 giờ.",
        "Link to the source": "https://soyte.example",
        "Phone of the service": "1022",
        "Opening hours": "7–20 giờ",
        "Name of the team": "Tổ trực",
    }
    for label, value in values.items():
        app = enter(app, label, value)
    return app


@pytest.mark.parametrize(
    ("lang", "title", "said"),
    [
        ("en", "Requests", "Nothing waits for an answer"),
        ("vi", "Yêu cầu", "Không có gì đang chờ trả lời"),
    ],
)
def test_page_says_so_when_nothing_waits(show, actors, lang, title, said):
    """An empty page says what would come here, in both languages."""
    app = show(actors.an, lang)

    assert app.title[0].value == title
    assert said in texts(app)


@pytest.mark.parametrize("who", ["leader", "analyst", "admin"])
def test_page_tells_other_roles_whom_to_ask(show, wait, actors, who):
    """Whoever may not answer sees no request and is told why."""
    wait(text="Chuyện riêng")
    app = show(getattr(actors, who), "vi")

    assert "không cho phép" in app.error[0].value
    assert "Chuyện riêng" not in texts(app)
    assert not app.button


def test_list_shows_what_waits_how_long_and_until_when(show, wait, actors, clock):
    """Each line says what it is, whence, how long it waits and when it is due, in words."""
    wait("complaint", HOSTILE, due_at=clock.now() + timedelta(hours=5))
    wait("question", due_at=clock.now() - timedelta(hours=3))
    clock.advance(hours=2)
    said = texts(show(actors.an))

    assert "**Complaint** · 3 hours left to answer" in said
    assert "**Question** · :red[Overdue by 5 hours]" in said
    assert "Vietnamese · posted 3 hours ago · waiting for 2 hours" in said
    said = texts(show(actors.an, "vi"))
    assert "**Phản ánh, khiếu nại** · còn 3 giờ để trả lời" in said
    assert ":red[Quá hạn 5 giờ]" in said
    assert "tiếng Việt · đăng 3 giờ trước · đã chờ 2 giờ" in said


def test_text_of_a_post_is_drawn_as_letters_only(show, wait, actors):
    """What a stranger wrote stands in no element that reads markup."""
    wait(text=HOSTILE)
    app = show(actors.an)

    assert HOSTILE in [one.value for one in app.text]
    assert "x.test" not in " ".join(one.value for one in app.markdown)


def test_severe_text_is_covered_and_closed_text_is_not_shown(show, wait, actors):
    """A hard text shows on demand; one that came up by chance, to whoever takes it."""
    wait("self_harm_risk", "Tôi mệt quá rồi")
    wait(text="Chuyện riêng tư", post={"flagged": False})
    app = show(actors.an)
    assert "Tôi mệt" not in texts(app)
    assert "The text opens to whoever answers" in texts(app)
    assert "Chuyện riêng tư" not in texts(app)

    app = click(app, "Show the text")
    assert "Tôi mệt quá rồi" in texts(app)
    app = click(app, "Cover the text")
    assert "Tôi mệt" not in texts(app)

    app = click(app, "Answer")
    assert "Chuyện riêng tư" in texts(app)


def test_list_goes_on_by_pages_in_either_order(show, wait, actors, clock):
    """Twenty at a time, newest first or most urgent first, none twice."""
    for number in range(23):
        wait(text=f"câu {number:02}", priority=float(number % 5))
        clock.advance(minutes=1)
    app = show(actors.an)
    shown = [one.value for one in app.text if one.value.startswith("câu")]
    assert shown == [f"câu {number:02}" for number in range(22, 2, -1)]

    app = click(app, "Show more")
    shown = [one.value for one in app.text if one.value.startswith("câu")]
    assert shown == [f"câu {number:02}" for number in range(22, -1, -1)]
    assert not [one for one in app.button if one.label == "Show more"]

    app = app.segmented_control(key="evenhand.requests.order").set_value("urgent").run()
    shown = [one.value for one in app.text if one.value.startswith("câu")]
    assert shown[:4] == ["câu 19", "câu 14", "câu 09", "câu 04"]
    assert len(shown) == 20


def test_item_that_somebody_else_answers_cannot_be_taken(show, store, wait, actors, clock):
    """The list says so, and a stale list is refused with a sentence."""
    item_id = wait()
    stale = show(actors.an)
    requests.take(store, actors.binh, item_id, clock.now())
    stale = click(stale, "Answer")
    fresh = show(actors.an)

    assert "may be with somebody else now" in stale.error[0].value
    assert "Being answered: somebody else has it now." in texts(fresh)
    assert not fresh.button
    assert not stale.button


def test_answer_is_refused_with_a_gap_and_logged_without(show, store, wait, actors, clock):
    """The sentence names what is open; the log names template, account and writer."""
    item_id = wait()
    app = click(show(actors.an), "Answer")
    assert "Yours for another 10 minutes" in texts(app)
    app = enter(app, "Your answer", "Đến 20 giờ.")
    assert preview(app).startswith("Xin chào, cảm ơn bạn đã hỏi. Đến 20 giờ.\nBạn có thể đọc")
    assert "{Link to the source}" in preview(app)
    app = click(app, "Log the response")

    assert app.error[0].value == (
        "Not logged yet. Still to be filled in: Link to the source, Phone of the service, "
        "Opening hours, Name of the team."
    )
    assert logged(store) == []
    assert item_row(store, item_id).state == "decided"

    app = fill_answer(app)
    app = enter(app, "From which disclosed account", "Sở Y tế")
    app = enter(app, "Link, or what came of it (optional)", "https://reddit.example/1")
    text = preview(app)
    app = click(app, "Log the response")

    assert "Logged. Evenhand sent nothing" in app.success[0].value
    assert "Nothing waits for an answer" in texts(app)
    [row] = logged(store)
    assert (row.template_id, row.template_version) == ("answer_question", 1)
    assert (row.account, row.channel, row.given_by) == ("Sở Y tế", "r/danang", int(actors.an.id))
    assert (row.text, row.language, row.given_at) == (text, "vi", clock.now())
    assert row.result == "https://reddit.example/1"
    assert item_row(store, item_id).state == "answered"
    assert claims.load_draft(store, actors.an, item_id) == {}


def test_response_can_be_a_follow_up_and_the_log_shows_both(show, store, wait, actors):
    """From the item just answered, and from the list of answers, one goes on."""
    item_id = wait()
    app = click(fill_answer(click(show(actors.an), "Answer")), "Log the response")
    app = click(app, "Log a follow-up")
    assert app.header[0].value == "Follow-up"
    app = enter(app, "Kind of response", ResponseKind.MEETING)
    assert "No template for this kind and language yet." in texts(app)
    app = enter(app, "Text", "Đã gặp và giải thích.")
    app = enter(app, "Where it was given", "nhà văn hoá")
    app = click(app, "Log the response")

    assert [row.kind for row in logged(store)] == ["public_reply", "meeting"]
    assert [one.response.kind for one in requests.history(store, actors.an, item_id)] == [
        "public_reply",
        "meeting",
    ]
    other = show(actors.binh)
    other = other.segmented_control(key="evenhand.requests.view").set_value("logged").run()
    said = texts(other)
    assert "nhà văn hoá · from u/danang_helpdesk · logged by an · free text" in said
    assert "logged by an · template answer_question, version 1" in said
    assert other.code[0].value == "Đã gặp và giải thích."
    other = click(other, "Log a follow-up")
    other = click(other, "Back to the list")
    assert other.segmented_control


def test_post_that_was_drawn_to_be_read_is_listed_as_one_that_needs_an_answer(
    show, store, wait, actors, clock
):
    """It has no policy and no request; that it was drawn is not told, before or after."""
    item_id = wait("audit")
    waiting = texts(show(actors.an, "vi"))
    app = show(actors.an)
    requests.take(store, actors.an, item_id, clock.now())
    requests.respond(store, actors.an, free_answer(item_id, 1, clock), now=clock.now())
    app.segmented_control(key="evenhand.requests.view").set_value("logged").run()

    assert "**Cần trả lời**" in waiting
    assert not app.error
    assert "Needs an answer" in texts(app)
    assert "audit" not in (waiting + texts(app)).lower()


def test_expired_lease_keeps_the_draft(show, store, wait, actors, clock):
    """When the time is up the page says so, and what was written is there on taking it again."""
    wait()
    app = click(show(actors.an), "Answer")
    app = enter(app, "Phone of the service", "1022")
    clock.advance(minutes=10)
    app = app.run()
    assert "Your time on this item ran out. Your draft is kept." in app.warning[0].value
    assert not labels(app)
    tomorrow = show(actors.an)
    assert "Your draft is kept" in texts(tomorrow)

    app = click(app, "Take it again")
    assert field(app, "Phone of the service").value == "1022"
    assert "Yours for another 10 minutes" in texts(app)
    with store.read() as conn:
        assert conn.execute(select(func.count(tables.draft.c.item_id))).scalar_one() == 1


def test_expired_item_with_somebody_else_is_refused(show, store, wait, actors, clock):
    """Whoever comes back late is told, and gets back to the list."""
    item_id = wait()
    app = click(show(actors.an), "Answer")
    clock.advance(minutes=10)
    requests.take(store, actors.binh, item_id, clock.now())
    app = click(app.run(), "Take it again")
    assert "may be with somebody else now" in app.error[0].value

    app = click(app, "Back to the list")
    assert "Being answered" in texts(app)


def test_signs_of_life_prolong_the_claim(show, store, wait, actors, clock):
    """Writing keeps the item; the log of the item shows each time it was prolonged."""
    item_id = wait()
    app = click(show(actors.an), "Answer")
    until = item_row(store, item_id).claim_until
    clock.advance(minutes=4)
    app = enter(app, "Phone of the service", "1022")
    assert item_row(store, item_id).claim_until == until
    clock.advance(minutes=2)
    app = enter(app, "Opening hours", "7–20 giờ")

    assert item_row(store, item_id).claim_until == clock.now() + timedelta(minutes=10)
    assert "Yours for another 10 minutes" in texts(app.run())


def test_draft_follows_its_writer_to_another_tab(show, wait, actors):
    """A page that reloads finds the item and every field again."""
    wait()
    app = click(show(actors.an), "Answer")
    app = enter(app, "Opening hours", "7–20 giờ")
    app = enter(app, "Where it was given", "điện thoại")
    app = click(show(actors.an, "vi"), "Trả lại")
    assert "Bản nháp được giữ" in app.success[0].value

    app = click(show(actors.an, "vi"), "Viết tiếp")
    assert field(app, "Giờ làm việc").value == "7–20 giờ"
    assert field(app, "Đã trả lời ở đâu").value == "điện thoại"
    assert "{Tên nhóm}" in preview(app)
    app = click(app, "Ghi lại câu trả lời")
    assert app.error[0].value == (
        "Chưa ghi lại. Còn phải điền: Câu trả lời, Liên kết đến nguồn, Số điện thoại dịch vụ, "
        "Tên nhóm."
    )


def test_template_follows_kind_and_language_and_keeps_what_was_filled_in(show, wait, actors):
    """A switch of language changes the wording, not the values."""
    wait()
    app = click(show(actors.an), "Answer")
    app = enter(app, "Phone of the service", "1022")
    app = app.segmented_control[0].set_value("en").run()
    assert "Answer a question" in field(app, "Template").options
    assert field(app, "Template").value == "answer_question"
    assert "call 1022 ({Opening hours})" in preview(app)

    app = enter(app, "Kind of response", ResponseKind.NOTICE)
    assert field(app, "Template").options == [
        "A complaint has been put right",
        "Warn of a scam",
        "Free text, no template",
    ]
    assert "Please tell us at 1022" in preview(app)


def test_wording_can_be_changed_and_braces_still_hold_it_back(show, store, wait, actors):
    """A template that was rewritten is logged as one's own words, once no brace is left."""
    wait()
    app = click(show(actors.an), "Answer")
    app = click(app, "Change the wording")
    assert "{Your answer}" in field(app, "Text").value
    app = click(app, "Log the response")
    assert app.error[0].value == "Not logged yet. Still to be filled in: a gap in braces."

    app = enter(app, "Text", "Đến 20 giờ.")
    app = click(app, "Log the response")
    [row] = logged(store)
    assert (row.text, row.template_id) == ("Đến 20 giờ.", None)


def test_what_is_said_of_the_team_is_filled_in_once(show, wait, actors):
    """The next answer in the same language offers name and numbers again, and no answer."""
    wait()
    wait()
    app = click(fill_answer(click(show(actors.an), "Answer")), "Log the response")
    app = click(app, "Answer")
    assert field(app, "Name of the team").value == "Tổ trực"
    assert field(app, "Phone of the service").value == "1022"
    assert field(app, "Your answer").value == ""
    assert field(app, "Link to the source").value == ""

    app = click(click(app, "Put back"), "Answer")
    app = enter(app, "Name of the team", "Tổ đêm")
    app = click(click(app, "Put back"), "Go on writing")
    assert field(app, "Name of the team").value == "Tổ đêm"


@pytest.fixture
def pressed(store, actors, clock):
    """Let a reviewer decide on a scam in Vietnamese by a macro; give the item's id."""
    library.put_builtin(store, clock.now())
    scam = macros.NewMacro(
        "G", "Scam", Outcome.VIOLATES, ("scam_fraud",), ResponseKind.NOTICE, "scam_notice"
    )
    macro = macros.add(store, actors.coordinator, scam, clock.now())
    with store.write() as conn:
        # Its label alone would suggest to report it to the platform.
        put_item(conn, "spam", "Bấm vào đây nhận tiền")
    [item] = claims.claim_next(store, actors.an, now=clock.now(), count=1)
    said = Decision(
        str(uuid4()), item.id, item.claim.number, item.version, Outcome.VIOLATES, "scam_fraud"
    )
    decisions.decide(store, actors.an, said, now=clock.now(), macro_id=macro.id)
    return item.id


BY_MACRO = "A macro has chosen the kind and the template"


@pytest.mark.parametrize("who", ["an", "binh"])
def test_macro_has_chosen_kind_and_template_for_whoever_takes_the_item(
    show, store, actors, pressed, who
):
    """In the item's language; all gaps are still open, and nothing is logged."""
    app = show(vars(actors)[who])
    assert BY_MACRO in texts(app)
    app = click(app, "Answer")

    assert BY_MACRO in texts(app)
    assert [ResponseKind.NOTICE, "scam_notice"] == [
        field(app, label).value for label in ("Kind of response", "Template")
    ]
    assert preview(app).startswith("Xin cẩn thận: những tin nhắn {")
    assert "decided" == item_row(store, pressed).state
    assert [] == logged(store)


def test_ones_own_draft_comes_before_the_beginning_of_a_macro(show, actors, pressed):
    """Whoever else takes the item begins as the macro does, without a word of it."""
    app = click(show(actors.binh), "Answer")
    enter(app, "Kind of response", ResponseKind.PUBLIC_REPLY)
    app = click(enter(app, "Template", FREE), "Put back")
    assert ("Your draft is kept" in texts(app), BY_MACRO in texts(app)) == (True, False)

    mine = click(show(actors.binh), "Go on")
    assert ResponseKind.PUBLIC_REPLY == field(mine, "Kind of response").value
    click(mine, "Put back")
    other = click(show(actors.an), "Answer")
    assert ResponseKind.NOTICE == field(other, "Kind of response").value
    assert pressed


@pytest.mark.parametrize("label", ["help_needed", "violence_threat"])
def test_recipient_is_of_a_fixed_kind_and_police_only_for_threats(show, store, wait, actors, label):
    """Nobody types a recipient; the police is offered for a threat to life only."""
    wait(label)
    app = click(show(actors.an), "Answer")
    app = enter(app, "Kind of response", ResponseKind.PASSED_TO_SERVICE)
    fixed = ["Our own service desk", "Medical or rescue service", "Crisis line", "The platform"]
    police = ["Police"] if label == "violence_threat" else []
    assert field(app, "Passed to").options == [*fixed, *police]
    assert ("The police can be chosen only" in texts(app)) is not bool(police)

    app = enter(app, "Template", "")
    app = enter(app, "Text", "Nhà ngập, bốn người.")
    app = enter(app, "Where it was given", "điện thoại")
    app = click(app, "Log the response")
    assert app.error[0].value.endswith("Still to be filled in: Passed to.")
    app = enter(app, "Passed to", Recipient.MEDICAL_OR_RESCUE)
    app = click(app, "Log the response")
    [row] = logged(store)
    assert (row.kind, row.recipient) == ("passed_to_service", "medical_or_rescue")


def test_time_is_read_in_the_readers_zone(show, store, wait, actors, clock):
    """Half past six in Hà Nội is half past eleven in the store; the future is refused."""
    wait()
    app = click(show(actors.an, zone=ZoneInfo("Asia/Ho_Chi_Minh")), "Answer")
    app = fill_answer(app)
    local = (clock.now() + timedelta(hours=8)).replace(tzinfo=None)
    app = enter(app, "When; empty means now", local)
    app = click(app, "Log the response")
    assert "ahead of now" in texts(app)

    app = enter(app, "When; empty means now", local - timedelta(hours=1, minutes=30))
    click(app, "Log the response")
    [row] = logged(store)
    assert row.given_at == clock.now() - timedelta(minutes=30)


def test_page_says_how_to_name_an_account_when_none_is_set(show, store, wait, actors):
    """Without a disclosed account nothing can be logged, and the page says what to write where."""
    wait()
    app = fill_answer(click(show(actors.an, accounts=()), "Answer"))
    assert "No disclosed account is set" in texts(app)
    assert 'accounts = ["the account\'s public name"]' in [one.value for one in app.code]
    save = next(one for one in app.button if "Log the response" in one.label)
    assert save.disabled

    assert logged(store) == []


def test_item_whose_post_was_deleted_meanwhile_is_refused_and_the_words_are_kept(
    show, store, wait, actors
):
    """Whoever wrote in vain is told why and can copy what was written."""
    wait()
    app = fill_answer(click(show(actors.an), "Answer"))
    words = preview(app)
    with store.write() as conn:
        conn.execute(tables.item.update().values(state="void", claimed_by=None, claim_until=None))
    app = app.run()
    assert "ran out" in app.warning[0].value
    app = click(app, "Take it again")

    assert app.error
    assert "1022" in words
    assert logged(store) == []


def test_log_goes_on_by_pages(show, store, wait, actors, clock):
    """Twenty answers at a time, newest first, none twice."""
    for number in range(21):
        requests.respond(store, actors.an, free_answer(wait(), number, clock), now=clock.now())
    app = show(actors.binh)
    app = app.segmented_control(key="evenhand.requests.view").set_value("logged").run()
    assert [one.value for one in app.code] == [f"đáp {number}" for number in range(20, 0, -1)]

    app = click(app, "Show more")
    assert [one.value for one in app.code] == [f"đáp {number}" for number in range(20, -1, -1)]
    assert "Show more" not in [one.label for one in app.button]


def free_answer(item_id, number, clock):
    return Response(
        uuid=str(uuid4()),
        item_id=item_id,
        kind=ResponseKind.PUBLIC_REPLY,
        channel="reddit",
        text=f"đáp {number}",
        language="vi",
        account=ACCOUNTS[0],
        given_at=clock.now(),
    )


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "No response has been logged yet."), ("vi", "Chưa có câu trả lời nào được ghi lại.")],
)
def test_log_says_so_when_it_is_empty(show, actors, lang, said):
    """A team that has answered nothing yet is told that, not shown a blank."""
    app = show(actors.an, lang)
    app = app.segmented_control(key="evenhand.requests.view").set_value("logged").run()

    assert said in texts(app)


def test_erased_post_can_be_answered_still(show, store, wait, actors):
    """The text may go before the answer comes; the page says that it is gone."""
    wait(text="Chuyện đã xoá")
    app = click(show(actors.an), "Answer")
    with store.write() as conn:
        conn.execute(tables.post_version.update().values(content=None))
    app = app.run()

    assert "The text is erased" in texts(app)
    assert "Chuyện đã xoá" not in texts(app)
    assert "Log the response" in "".join(one.label for one in app.button)


def test_time_given_comes_back_with_the_draft(show, wait, actors, clock):
    """Also the moment that was filled in is kept, in the reader's zone."""
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    wait()
    app = click(show(actors.an, zone=zone), "Answer")
    local = (clock.now() + timedelta(hours=6)).replace(tzinfo=None)
    enter(app, "When; empty means now", local)

    again = show(actors.an, zone=zone)
    assert field(again, "When; empty means now").value == local


def draw_form(shell, desk):
    """Stand in for a fragment that runs by itself, as it does after each field in a browser."""
    from evenhand.dashboard.views import requests_form  # noqa: PLC0415 - AppTest runs this body alone

    requests_form._clock(shell, desk)
    requests_form._form(shell, desk, "vi", may_tell_police=False)


def desk_of(item_id, until):
    draft = Draft(
        kind=ResponseKind.MEETING,
        language="vi",
        template=FREE,
        text="Đã viết dở",
        channel="hội trường",
        account=ACCOUNTS[0],
    )
    return Desk(item_id=item_id, draft=draft, until=until, is_new=False)


def test_form_keeps_ones_words_in_sight_when_the_item_is_lost(store, wait, actors, clock, tmp_path):
    """Somebody else took it: a sentence, the words to copy, a way back, and nothing logged."""
    item_id = wait()
    desk = desk_of(item_id, clock.now())
    requests.take(store, actors.binh, item_id, clock.now())
    settings = Settings(workspace=tmp_path, accounts=ACCOUNTS)
    shell = Shell(store, settings, actors.an, "en", clock.now, UTC)
    app = AppTest.from_function(draw_form, args=(shell, desk), default_timeout=30).run()

    assert "Your time is up; what you wrote is kept." in texts(app)
    assert "may be with somebody else now" in app.error[0].value
    assert [one.value for one in app.code] == ["Đã viết dở"]
    assert [one.label for one in app.button] == ["Back to the list"]
    app.button[0].click().run()
    assert desk.item_id is None
    assert logged(store) == []
