"""Words of the page "My shift"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("My shift", "Ca của tôi"),
    "lead": (
        "Your own day. Nobody else sees this page, and nothing here compares people.",
        "Ngày làm việc của riêng bạn. Không ai khác thấy trang này, và ở đây không so sánh ai.",
    ),
    "waiting_for_you_tile": ("Waiting for you", "Đang chờ bạn"),
    "waiting_for_you_base": ("urgent: {urgent}", "khẩn: {urgent}"),
    "held_by_you_tile": ("You hold", "Bạn đang giữ"),
    "held_by_you_base": ("the first for {left} more", "mục đầu tiên còn {left}"),
    "held_by_you_none": ("nothing at this moment", "hiện không có gì"),
    "due_soon_tile": ("Due within the hour", "Đến hạn trong một giờ"),
    "due_soon_base": ("your team; overdue: {n}", "nhóm bạn; quá hạn: {n}"),
    "to_follow_up_tile": ("To follow up", "Cần hỏi lại"),
    "to_follow_up_base": ("answered by you, no result yet", "bạn đã trả lời, chưa rõ kết quả"),
    "over": ("over {n}", "trên {n}"),
    # What waits
    "waiting": ("What waits for you", "Đang chờ bạn"),
    "waiting_none": (
        "Nothing waits for you. Time for a breath.",
        "Không còn gì chờ bạn. Nghỉ một chút nhé.",
    ),
    "go_review": ("Go to Review", "Đến trang Duyệt bài"),
    "go_requests": ("Go to Requests", "Đến trang Yêu cầu"),
    "go_care": ("Go to Care", "Đến trang Chăm sóc"),
    # What is held
    "held": ("What you hold", "Bạn đang giữ"),
    "held_none": (
        "You hold nothing. Review hands you the next items.",
        "Bạn không giữ mục nào. Trang Duyệt bài sẽ đưa bạn những mục kế tiếp.",
    ),
    "to_decide": ("to decide", "để quyết định"),
    "to_answer": ("to answer", "để trả lời"),
    # Today
    "today": ("Today by hour", "Hôm nay theo giờ"),
    "today_line": (
        "Decided {decided}, not sure {unsure}, skipped {skipped}, answered {answered}.",
        "Đã quyết định {decided}, chưa chắc {unsure}, bỏ qua {skipped}, đã trả lời {answered}.",
    ),
    "today_none": ("Nothing yet today.", "Hôm nay chưa có gì."),
    "kind_decided": ("decided", "đã quyết định"),
    "kind_unsure": ("not sure", "chưa chắc"),
    "kind_skipped": ("skipped", "bỏ qua"),
    "kind_answered": ("answered", "đã trả lời"),
    "today_alt": (
        "Bars of what you did today, by hour. {sums}.",
        "Các thanh những gì bạn đã làm hôm nay, theo giờ. {sums}.",
    ),
    # Deadlines
    "due": ("Due in the next hours", "Đến hạn trong vài giờ tới"),
    "due_lead": (
        "Items of your team, or of none, in somebody's hands or not.",
        "Các mục của nhóm bạn hoặc chưa thuộc nhóm nào, đang có người giữ hay không.",
    ),
    "due_none": (
        "Nothing is late or due within eight hours.",
        "Không có gì quá hạn hay đến hạn trong tám giờ tới.",
    ),
    # Breaks
    "break": ("Breaks", "Nghỉ giải lao"),
    "break_line": (
        "You have read for {read} of {limit} minutes until the next break.",
        "Bạn đã đọc {read} trên {limit} phút trước lần nghỉ kế tiếp.",
    ),
    "resting": ("You have a break until {at}.", "Bạn được nghỉ đến {at}."),
    # Tables
    "numbers": ("The numbers, and how they are counted", "Các con số và cách tính"),
    "csv": ("Save as CSV", "Lưu dạng CSV"),
    "col_queue": ("Queue", "Hàng chờ"),
    "col_items": ("Items", "Số mục"),
    "col_for": ("What for", "Để làm gì"),
    "col_left": ("The first for", "Mục đầu còn"),
    "col_hour": ("Hour", "Giờ"),
    "col_late": ("Overdue", "Quá hạn"),
    "col_in_1": ("Within 1 h", "Trong 1 giờ"),
    "col_in_4": ("1 to 4 h", "1 đến 4 giờ"),
    "col_in_8": ("4 to 8 h", "4 đến 8 giờ"),
    # How it is counted: the docstrings of jobs/measures/shift
    "def_waiting_for_you": (
        (
            "Open items that you may take: your team's and nobody's, in the languages that you "
            "read. What you skipped, opted out of or took part in before is not among them. A "
            "queue's count stops at 1,000."
        ),
        (
            "Các mục đang mở mà bạn có thể nhận: của nhóm bạn hoặc chưa thuộc nhóm nào, bằng "
            "những ngôn ngữ bạn đọc. Những gì bạn đã bỏ qua, không nhận đọc hoặc từng tham gia "
            "thì không tính. Số đếm của mỗi hàng chờ dừng ở 1.000."
        ),
    ),
    "def_held_by_you": (
        ("Items that you hold now, to decide or to answer; each goes back when its time runs out."),
        (
            "Các mục bạn đang giữ, để quyết định hoặc để trả lời; mỗi mục trở lại hàng chờ khi "
            "hết giờ."
        ),
    ),
    "def_today_by_hour": (
        (
            "What you decided, were not sure of, skipped and answered today, by hour of your own "
            "clock. A decision that you took back does not count, nor does what a score range "
            "decided. You alone see this; nobody is compared with anybody."
        ),
        (
            "Những gì bạn đã quyết định, chưa chắc, bỏ qua và trả lời hôm nay, theo giờ trên đồng "
            "hồ của bạn. Quyết định bạn đã rút lại thì không tính, và những gì quyết định theo "
            "khoảng điểm cũng không. Chỉ mình bạn thấy; không ai bị so với ai."
        ),
    ),
    "def_due_soon": (
        (
            "Items of your team, or of none, that wait for a decision and are due within the hour. "
            "In somebody's hands or not; what is past its deadline is told beside it."
        ),
        (
            "Các mục của nhóm bạn hoặc chưa thuộc nhóm nào, đang chờ quyết định và đến hạn trong "
            "một giờ. Đang có người giữ hay không đều tính; phần quá hạn được nêu bên cạnh."
        ),
    ),
    "def_overdue": (
        "Items of your team, or of none, that wait for a decision past their deadline.",
        "Các mục của nhóm bạn hoặc chưa thuộc nhóm nào, đang chờ quyết định và đã quá hạn.",
    ),
    "def_to_follow_up": (
        (
            "Items that you were the last to answer, in the last 7 days, with no result noted "
            "since. Ask whether it helped, and log a follow-up with what came of it."
        ),
        (
            "Các mục mà bạn là người trả lời sau cùng, trong 7 ngày qua, và chưa ghi kết quả. Hãy "
            "hỏi xem đã giúp được chưa, rồi ghi lại kết quả như một lần hỏi lại."
        ),
    ),
}
