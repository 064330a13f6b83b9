"""Words of the coverage page and its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.dashboard.words.coverage_purge import PURGES
from evenhand.dashboard.words.coverage_times import TIMES
from evenhand.dashboard.words.definitions import DEFINITIONS

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Coverage & deadlines", "Mức bao phủ và thời hạn"),
    "lead": (
        "What came in, what people looked at, what waits, and for how long.",
        "Những gì đến, những gì đã được xem, những gì còn chờ, và chờ bao lâu.",
    ),
    "window": ("Window", "Khoảng thời gian"),
    "window_days": ("{days} days", "{days} ngày"),
    "window_line": (
        "{first} to {last}, whole days in UTC, today so far. What waits is counted at this moment.",
        (
            "Từ {first} đến {last}, trọn ngày theo giờ UTC, hôm nay tính đến lúc này. Phần đang "
            "chờ được đếm ngay lúc này."
        ),
    ),
    "nothing_yet": (
        (
            "No post came in during these days and no item was made. Choose a longer window above, "
            "or ask a coordinator whether the sources are read."
        ),
        (
            "Không có bài nào đến và không có mục nào được tạo trong những ngày này. Hãy chọn "
            "khoảng dài hơn ở trên, hoặc hỏi điều phối viên xem các nguồn có đang được đọc không."
        ),
    ),
    # Tiles
    "arrived_tile": ("Came in", "Bài đến"),
    "arrived_base": ("posts in {days} days", "bài trong {days} ngày"),
    "flagged_tile": ("Flagged", "Được gắn cờ"),
    "flagged_base": ("{share} of {n} posts", "{share} của {n} bài"),
    "review_tile": ("Review coverage", "Tỷ lệ đã duyệt"),
    "review_base": ("{part} of {n} items", "{part} trên {n} mục"),
    "response_tile": ("Response coverage", "Tỷ lệ đã trả lời"),
    "response_base": ("{part} of {n} needed", "{part} trên {n} mục cần"),
    "backlog_tile": ("Waiting now", "Đang chờ"),
    "backlog_base": ("the oldest for {age}", "lâu nhất {age}"),
    "backlog_none": ("nothing waits", "không còn gì chờ"),
    "overdue_tile": ("Overdue", "Quá hạn"),
    "overdue_base": ("of {n} waiting", "trên {n} mục đang chờ"),
    "interval": ("{low} to {high}", "{low} đến {high}"),
    "too_few": ("too few for a share (n = {n})", "quá ít để tính tỷ lệ (n = {n})"),
    "no_cases": ("no such items (n = 0)", "không có mục nào (n = 0)"),
    "over_99": ("over 99%", "trên 99%"),
    "under_1": ("under 1%", "dưới 1%"),
    # The road
    "road": ("From post to answer", "Từ bài viết đến câu trả lời"),
    "road_line": (
        (
            "Of {n} items made in these {days} days, {part} are decided: {share} (95% interval: "
            "{low} to {high})."
        ),
        (
            "Trong {n} mục được tạo trong {days} ngày này, {part} mục đã có quyết định: {share} "
            "(khoảng tin cậy 95%: {low} đến {high})."
        ),
    ),
    "road_few": (
        (
            "{n} item was made in these {days} days, too few for a share; {part} decided.",
            "{n} items were made in these {days} days, too few for a share; {part} decided.",
        ),
        (
            "Trong {days} ngày này chỉ có {n} mục được tạo, quá ít để tính tỷ lệ; {part} mục đã "
            "có quyết định."
        ),
    ),
    "road_none": (
        "No item was made in these {days} days.",
        "Không có mục nào được tạo trong {days} ngày này.",
    ),
    "missed": (
        (
            "How much harm was missed is not measured yet: that takes a random audit of unflagged "
            "posts. The shares above say nothing about it."
        ),
        (
            "Chưa đo được bao nhiêu nội dung gây hại bị bỏ sót: muốn biết phải rút ngẫu nhiên các "
            "bài không gắn cờ để kiểm tra. Các tỷ lệ trên đây không nói gì về điều đó."
        ),
    ),
    "void_line": (
        (
            "{n} of these items is void, its post deleted. It stays in every count.",
            "{n} of these items are void, their posts deleted. They stay in every count.",
        ),
        (
            "{n} mục trong số này không còn hiệu lực vì bài đã bị xoá trên nền tảng. Chúng vẫn "
            "nằm trong mọi số đếm."
        ),
    ),
    "stage_arrived": ("<b>Came in</b>: {n} posts", "<b>Bài đến</b>: {n} bài"),
    "stage_flagged": (
        "<b>Flagged</b>: {part} of {n} posts, {share}",
        "<b>Được gắn cờ</b>: {part} trên {n} bài, {share}",
    ),
    "stage_decided": (
        "<b>Decided</b>: {part} of {n} items made, {share}",
        "<b>Đã quyết định</b>: {part} trên {n} mục, {share}",
    ),
    "stage_posts": (
        "<b>Decided, with near-copies</b>: {part} of {n} flagged posts, {share}",
        "<b>Đã quyết định, tính cả bài gần giống</b>: {part} trên {n} bài, {share}",
    ),
    "wave_sum": (
        (
            "Flagged posts put before people: {all} = {own} with an item of their own + {behind} "
            "by wave. Decided: {decided} = {by_own} + {by_wave}."
        ),
        (
            "Bài được gắn cờ đã đưa ra duyệt: {all} = {own} bài có mục riêng + {behind} bài theo "
            "đợt. Đã quyết định: {decided} = {by_own} + {by_wave}."
        ),
    ),
    "stage_answered": (
        "<b>Answered</b>: {part} of {n} that need it, {share}",
        "<b>Đã trả lời</b>: {part} trên {n} mục cần, {share}",
    ),
    "road_alt": (
        (
            "Bars of the way. Posts that came in: {arrived}. Flagged: {flagged} of them. Decided: "
            "{decided} of {made} items. Answered: {answered} of {asked} items that need an answer."
        ),
        (
            "Các thanh theo từng bước. Bài đến: {arrived}. Được gắn cờ: {flagged} bài. Đã quyết "
            "định: {decided} trên {made} mục. Đã trả lời: {answered} trên {asked} mục cần trả lời."
        ),
    ),
    # Splits
    "split": ("Where people keep up, and where not", "Nơi theo kịp và nơi chưa theo kịp"),
    "split_line": (
        "<b>{part}</b>: {decided} of {n} items decided, {share}",
        "<b>{part}</b>: xong {decided} trên {n} mục, {share}",
    ),
    "split_share": ("{share} ({low} to {high})", "{share} ({low}–{high})"),
    "split_alt": (
        "A bar for each part: the share of its items that are decided. {parts}.",
        "Mỗi phần một thanh: tỷ lệ mục đã có quyết định. {parts}.",
    ),
    "split_by": ("Split the items by", "Chia các mục theo"),
    "split_queue": ("queue", "hàng chờ"),
    "split_label": ("reason", "lý do"),
    "split_lang": ("language", "ngôn ngữ"),
    "rest": ("all others", "còn lại"),
    "no_label": ("another reason", "lý do khác"),
    "unknown_lang": ("unknown language", "chưa rõ ngôn ngữ"),
    # What waits
    "waits": ("What waits now", "Đang chờ lúc này"),
    "waits_line": (
        (
            "{n} item waits for a decision, for {age}; overdue: {overdue}.",
            "{n} items wait for a decision, the oldest for {age}; overdue: {overdue}.",
        ),
        "{n} mục đang chờ quyết định, lâu nhất {age}; quá hạn: {overdue}.",
    ),
    "waits_none": ("No item waits for a decision.", "Không có mục nào chờ quyết định."),
    "answers_line": (
        (
            "{n} decided item waits for an answer, for {age}.",
            "{n} decided items wait for an answer, the oldest for {age}.",
        ),
        "{n} mục đã quyết định đang chờ trả lời, lâu nhất {age}.",
    ),
    "for_answer": ("for an answer", "chờ trả lời"),
    "band_0": ("under 1 hour", "dưới 1 giờ"),
    "band_1": ("1 to 4 hours", "1 đến 4 giờ"),
    "band_2": ("4 to 24 hours", "4 đến 24 giờ"),
    "band_3": ("over 24 hours", "trên 24 giờ"),
    "waits_alt": (
        (
            "Bars of what waits, one for each queue, parted by age. In all: {b0} under 1 hour, "
            "{b1} for 1 to 4 hours, {b2} for 4 to 24 hours, {b3} for over 24 hours."
        ),
        (
            "Các thanh cho biết số mục đang chờ của từng hàng chờ, chia theo thời gian chờ. Tổng "
            "cộng: dưới 1 giờ {b0}, 1 đến 4 giờ {b1}, 4 đến 24 giờ {b2}, trên 24 giờ {b3}."
        ),
    ),
    # Tables
    "numbers": ("The numbers, and how they are counted", "Các con số và cách tính"),
    "csv": ("Save as CSV", "Lưu dạng CSV"),
    "col_step": ("Step", "Bước"),
    "col_count": ("Count", "Số lượng"),
    "col_of": ("Of", "Trên tổng"),
    "col_share": ("Share", "Tỷ lệ"),
    "col_low": ("95% from", "95% từ"),
    "col_high": ("95% to", "95% đến"),
    "col_made": ("Items made", "Mục được tạo"),
    "col_decided": ("Decided", "Đã quyết định"),
    "col_review": ("Review coverage", "Tỷ lệ đã duyệt"),
    "col_harm": ("Violate a policy", "Vi phạm quy định"),
    "col_asked": ("Need an answer", "Cần trả lời"),
    "col_answered": ("Answered", "Đã trả lời"),
    "col_response": ("Response coverage", "Tỷ lệ đã trả lời"),
    "col_void": ("Void", "Không còn hiệu lực"),
    "col_queue": ("Queue", "Hàng chờ"),
    "col_all": ("In all", "Tổng cộng"),
    "col_overdue": ("Overdue", "Quá hạn"),
    "col_oldest": ("Oldest made", "Cũ nhất tạo lúc"),
    "row_arrived": ("Posts that came in", "Bài đến"),
    "row_flagged": ("Flagged, of the posts that came in", "Được gắn cờ, trên số bài đến"),
    "row_made": ("Items made", "Mục được tạo"),
    "row_review": (
        "Decided, of the items made (review coverage)",
        "Đã quyết định, trên số mục được tạo (tỷ lệ đã duyệt)",
    ),
    "row_by_wave": (
        "Near-copies decided by wave, of those behind another post's item",
        "Bài gần giống đã quyết định theo đợt, trên số bài đứng sau mục của bài khác",
    ),
    "row_posts": (
        "Flagged posts decided, by a decision of their own or by wave",
        "Bài được gắn cờ đã quyết định, bằng quyết định riêng hoặc theo đợt",
    ),
    "row_response": (
        "Answered, of the items that need an answer (response coverage)",
        "Đã trả lời, trên số mục cần trả lời (tỷ lệ đã trả lời)",
    ),
    "row_harm": ("Violate a policy, as decided", "Vi phạm quy định, theo quyết định"),
    "row_void": ("Void", "Không còn hiệu lực"),
    **PURGES,
    **TIMES,
    **DEFINITIONS,
}
