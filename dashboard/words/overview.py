"""Words of the overview: five figures, what changed, and where to act."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Overview", "Tổng quan"),
    "window_line": (
        "{first} to {last}, beside the 28 days before. Whole days in UTC, today so far.",
        (
            "Từ {first} đến {last}, so với 28 ngày trước đó. Trọn ngày theo giờ UTC, hôm nay đến "
            "lúc này."
        ),
    ),
    # The figures
    "recall": ("Harm found", "Nội dung gây hại tìm được"),
    "review": ("Review coverage", "Tỷ lệ đã duyệt"),
    "decision": ("Median time to a decision", "Thời gian trung vị đến quyết định"),
    "response": ("Response coverage", "Tỷ lệ đã trả lời"),
    "backlog": ("Waiting now", "Đang chờ"),
    "interval": ("95% interval: {low} to {high}", "Khoảng tin cậy 95%: {low} đến {high}"),
    "interval_of": ("95% interval: {ends}", "Khoảng tin cậy 95%: {ends}"),
    "recall_none": (
        "not measured yet: no audit was drawn",
        "chưa đo: chưa rút mẫu kiểm tra nào",
    ),
    "recall_base": (
        ("{n} audited post, {seen} with harm", "{n} audited posts, {seen} with harm"),
        "{n} bài rút ngẫu nhiên, {seen} bài gây hại",
    ),
    "recall_week_none": ("not measured", "chưa đo được"),
    # Why there are bounds and no number.
    "recall_no_posts": ("no unflagged posts to audit", "không có bài không gắn cờ để kiểm tra"),
    "recall_no_harm": ("no harm was found at all", "không thấy nội dung gây hại nào"),
    "recall_too_few": ("too few audited posts for a number", "quá ít bài kiểm tra để nêu số"),
    "recall_audit_open": ("too many audited posts wait", "quá nhiều bài kiểm tra còn chờ"),
    "recall_none_seen": (
        "the audit saw no missed harm, which does not make it zero",
        "lần kiểm tra không thấy bỏ sót, nhưng không có nghĩa là không có",
    ),
    "recall_undecided": (
        "no flagged post is decided yet",
        "chưa có bài gắn cờ nào được quyết định",
    ),
    "recall_too_wide": ("not enough evidence for a number", "chưa đủ bằng chứng để nêu số"),
    "review_base": ("{part} of {n} items", "{part} trên {n} mục"),
    "response_base": ("{part} of {n} that need an answer", "{part} trên {n} mục cần trả lời"),
    "decision_base": (
        "{n} items, with {still} that wait",
        "{n} mục, gồm cả {still} mục còn chờ",
    ),
    "backlog_oldest": ("the oldest for {age}", "lâu nhất {age}"),
    "backlog_none": ("nothing waits", "không còn gì chờ"),
    "clear_days": (
        "cleared in {days} days at this pace ({low} to {high})",
        "xong sau {days} ngày với nhịp này ({low} đến {high})",
    ),
    "clear_open": (
        "cleared in {days} days at this pace, {low} at least",
        "xong sau {days} ngày với nhịp này, ít nhất {low}",
    ),
    "clear_growing": (
        "never cleared at this pace",
        "với nhịp này thì không bao giờ xong",
    ),
    "clear_too_few": ("too few days for a pace", "quá ít ngày để tính nhịp"),
    # What changed
    "change_up": ("Up from {before}.", "Tăng so với {before}."),
    "change_down": ("Down from {before}.", "Giảm so với {before}."),
    "change_none": ("No clear change from {before}.", "Không thay đổi rõ so với {before}."),
    "change_unknown": (
        "Too few to compare with the 28 days before.",
        "Quá ít để so với 28 ngày trước đó.",
    ),
    "change_recall_none": (
        "How much harm was missed cannot be said without a random audit of unflagged posts.",
        "Không kiểm tra ngẫu nhiên bài không gắn cờ thì không biết đã bỏ sót bao nhiêu.",
    ),
    "change_decision_up": ("Slower than before ({before}).", "Chậm hơn trước ({before})."),
    "change_decision_down": ("Quicker than before ({before}).", "Nhanh hơn trước ({before})."),
    "change_decision_none": (
        "No clear change from {before}.",
        "Không thay đổi rõ so với {before}.",
    ),
    "change_backlog_up": (
        "It grows: {arrived} came in, {decided} decided in 28 days.",
        "Đang tăng: {arrived} mục đến, {decided} mục quyết định trong 28 ngày.",
    ),
    "change_backlog_down": (
        "It shrinks: {arrived} came in, {decided} decided in 28 days.",
        "Đang giảm: {arrived} mục đến, {decided} mục quyết định trong 28 ngày.",
    ),
    "change_backlog_none": (
        "No clear change: {arrived} came in, {decided} decided in 28 days.",
        "Không đổi rõ: {arrived} mục đến, {decided} mục quyết định trong 28 ngày.",
    ),
    # Where to act
    "to_coverage": ("Where it is missing: Coverage", "Thiếu ở đâu: Mức bao phủ"),
    "to_times": ("Who waits how long: Coverage", "Chờ bao lâu: Mức bao phủ"),
    "to_queues": ("Send it to people: Queues", "Chuyển cho người xử lý: Hàng chờ"),
    "to_quality": ("What audits found: Quality", "Kết quả kiểm tra: Chất lượng"),
    "to_requests": ("Answer them: Requests", "Trả lời: Yêu cầu"),
    # Small charts
    "trend_share_alt": (
        "Share by week, oldest first: {weeks}.",
        "Tỷ lệ theo tuần, cũ nhất trước: {weeks}.",
    ),
    "trend_time_alt": (
        "Median by week, oldest first: {weeks}.",
        "Trung vị theo tuần, cũ nhất trước: {weeks}.",
    ),
    "trend_growth_alt": (
        "Came in less decided, by week, oldest first: {weeks}.",
        "Số đến trừ số đã quyết định, theo tuần, cũ nhất trước: {weeks}.",
    ),
    "trend_words": ("Week from {first}: {value}", "Tuần từ {first}: {value}"),
    "weeks_line": (
        (
            "The small charts have the last 8 weeks, the newest at the right and today so far; "
            "lines are 95% intervals, gaps are weeks under 30 items. The last bars are how much "
            "more came in than was decided. What the backlog's sentence counts are the last 28 "
            "whole days, today left out."
        ),
        (
            "Các biểu đồ nhỏ cho 8 tuần gần nhất, tuần mới ở bên phải, hôm nay tính đến lúc này; "
            "vạch là khoảng tin cậy 95%, chỗ trống là tuần dưới 30 mục. Các thanh cuối cho biết số "
            "đến nhiều hơn số đã quyết định bao nhiêu. Câu về số đang chờ đếm 28 ngày trọn gần "
            "nhất, không kể hôm nay."
        ),
    ),
    "how_changes": (
        (
            "A change is said only where chance does not explain it: for shares where the 95% "
            "interval of the difference leaves out zero (Newcombe), for times and for harm found "
            "where the two intervals lie apart, for the backlog where the 95% interval of its "
            "daily change leaves out zero. What waits of the newest days can still be decided and "
            "answered: coverage may stand below the days before for that alone."
        ),
        (
            "Chỉ nói có thay đổi khi ngẫu nhiên không giải thích được: với tỷ lệ, khi khoảng tin "
            "cậy 95% của hiệu không chứa số không (Newcombe); với thời gian và nội dung gây hại "
            "tìm được, khi hai khoảng tách rời nhau; với số đang chờ, khi khoảng tin cậy 95% của "
            "thay đổi mỗi ngày không chứa số không. Những gì còn chờ của các ngày mới nhất vẫn có "
            "thể được quyết định và trả lời: chỉ vì thế mà tỷ lệ có thể thấp hơn thời gian trước."
        ),
    ),
    # The table
    "col_week": ("Week from", "Tuần từ"),
    "col_review": ("Review coverage", "Tỷ lệ đã duyệt"),
    "col_made": ("Items made", "Mục được tạo"),
    "col_median": ("Median to a decision, minutes", "Trung vị đến quyết định, phút"),
    "col_response": ("Response coverage", "Tỷ lệ đã trả lời"),
    "col_asked": ("Need an answer", "Cần trả lời"),
    "col_growth": ("Came in less decided", "Số đến trừ số đã quyết định"),
}
