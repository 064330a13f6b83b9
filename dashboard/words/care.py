"""Words of the Care page, and of what the card says of breaks and covers.

`{clock}` in doubled braces is filled in by the card in the browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Care", "Chăm sóc"),
    "lead": (
        (
            "What you set and see here is yours alone. Coordinators get sums over at least three "
            "people, and nothing else."
        ),
        (
            "Những gì bạn đặt và xem ở đây là của riêng bạn. Điều phối viên chỉ nhận số tổng của "
            "ít nhất ba người, ngoài ra không có gì khác."
        ),
    ),
    # The break, on the card
    "rest": ("Time for a break", "Đến giờ nghỉ"),
    "rest_asked": (
        (
            "You have been reading for a while. What you held is back in the queue, so nothing "
            "waits for you."
        ),
        "Bạn đã đọc khá lâu. Các bài bạn giữ đã trở lại hàng chờ, nên không có gì phải đợi bạn.",
    ),
    "rest_taken": (
        "What you held is back in the queue, so nothing waits for you.",
        "Các bài bạn giữ đã trở lại hàng chờ, nên không có gì phải đợi bạn.",
    ),
    "rest_left": ("It goes on in {{clock}}", "Tiếp tục sau {{clock}}"),
    "take_rest": ("Take a break", "Nghỉ giải lao"),
    "end_rest": ("End the break", "Kết thúc giờ nghỉ"),
    # The line on a cover
    "cover_severity": ("severity {severity} of 5", "mức nghiêm trọng {severity} trên 5"),
    "cover_words": (("{n} word", "{n} words"), "{n} chữ"),
    "cover_reasons": (("{n} reason", "{n} reasons"), "{n} lý do"),
    # The break, on the page
    "break": ("A break", "Nghỉ giải lao"),
    "break_lead": (
        (
            "After {minutes} minutes of reading the queue stops by itself, between two posts, for "
            "{length} minutes. You may end a break at any time."
        ),
        (
            "Sau {minutes} phút đọc, hàng chờ tự dừng giữa hai bài trong {length} phút. Bạn có thể "
            "kết thúc giờ nghỉ bất cứ lúc nào."
        ),
    ),
    "resting": ("You have a break until {at}.", "Bạn được nghỉ đến {at}."),
    "rest_began": (
        "Your break has begun. What you held is back in the queue.",
        "Giờ nghỉ của bạn đã bắt đầu. Các bài bạn giữ đã trở lại hàng chờ.",
    ),
    "rest_ended": ("Your break has ended.", "Giờ nghỉ của bạn đã kết thúc."),
    # What was read
    "record": ("What you have read", "Những gì bạn đã đọc"),
    "record_lead": (
        "Counted when you decide or skip. Days end at midnight UTC.",
        "Được tính khi bạn quyết định hoặc bỏ qua. Ngày kết thúc lúc nửa đêm UTC.",
    ),
    "items_tile": ("Posts today", "Số bài hôm nay"),
    "items_base": ("{n} in the last 14 days", "{n} trong 14 ngày qua"),
    "items_definition": (
        "Posts that you decided on or skipped today; one that came back by an undo counts once.",
        "Số bài bạn đã quyết định hoặc bỏ qua hôm nay; bài quay lại do hoàn tác chỉ tính một lần.",
    ),
    "minutes_tile": ("Minutes today", "Số phút hôm nay"),
    "minutes_base": ("{n} in the last 14 days", "{n} trong 14 ngày qua"),
    "minutes_definition": (
        (
            "Time that posts were on your screen, until you decided or skipped. A tab in the "
            "background does not count, and one post counts for five minutes at most."
        ),
        (
            "Thời gian bài hiện trên màn hình cho đến khi bạn quyết định hoặc bỏ qua. Thẻ chạy nền "
            "không được tính, và mỗi bài tính tối đa năm phút."
        ),
    ),
    "severe_tile": ("Severe posts today", "Bài nghiêm trọng hôm nay"),
    "severe_of": ("of {n} at most", "trên tối đa {n}"),
    "severe_free": ("no limit is set", "chưa đặt giới hạn"),
    "severe_definition": (
        "Posts flagged for, or found to be, something of severity 4 or 5.",
        "Số bài bị gắn cờ hoặc được xác định là có mức nghiêm trọng 4 hoặc 5.",
    ),
    "stretch_tile": ("Minutes since a break", "Số phút từ lần nghỉ trước"),
    "stretch_base": ("the next one after {n}", "nghỉ sau {n} phút"),
    "stretch_definition": (
        "Minutes of reading since your last break or the last pause that was as long as one.",
        "Số phút đọc kể từ lần nghỉ trước, hoặc từ lần dừng gần nhất dài bằng một giờ nghỉ.",
    ),
    "shown": ("What the chart shows", "Biểu đồ thể hiện"),
    "by_items": ("Posts", "Số bài"),
    "by_minutes": ("Minutes", "Số phút"),
    "severity": ("Severity {n}", "Mức {n}"),
    "chart_alt_items": (
        "Posts read by day and severity, {first} to {last}: {sums}",
        "Số bài đã đọc theo ngày và mức nghiêm trọng, {first} đến {last}: {sums}",
    ),
    "chart_alt_minutes": (
        "Minutes of reading by day and severity, {first} to {last}: {sums}",
        "Số phút đọc theo ngày và mức nghiêm trọng, {first} đến {last}: {sums}",
    ),
    "nothing_read": (
        "You have decided on nothing in the last 14 days.",
        "Bạn chưa quyết định bài nào trong 14 ngày qua.",
    ),
    "numbers": ("The numbers", "Các con số"),
    "day": ("Day", "Ngày"),
    # Limits
    "limits": ("Your limits", "Giới hạn của bạn"),
    "own_stretch": (
        "Choose when the break comes",
        "Tự chọn lúc nghỉ",
    ),
    "stretch": ("Minutes of reading until a break", "Số phút đọc trước khi nghỉ"),
    "own_severe": (
        "Limit severe posts",
        "Giới hạn bài nghiêm trọng",
    ),
    "severe": ("Severe posts a day, at most", "Số bài nghiêm trọng mỗi ngày, tối đa"),
    "severe_lead": (
        (
            "Severe means severity 4 or 5. Once the limit of a day is reached, only milder posts "
            "come until the next."
        ),
        (
            "Nghiêm trọng là mức 4 hoặc 5. Khi đạt giới hạn trong ngày, chỉ còn những bài nhẹ hơn "
            "cho đến hôm sau."
        ),
    ),
    "team_limit": (
        "For everybody here the limit is {n}; yours can only be lower.",
        "Giới hạn chung ở đây là {n}; giới hạn của bạn chỉ có thể thấp hơn.",
    ),
    "save": ("Save", "Lưu"),
    "limits_saved": ("Your limits are saved.", "Đã lưu giới hạn của bạn."),
    # Opting out
    "opt_outs": ("What you would rather not read", "Những gì bạn không muốn đọc"),
    "opt_outs_lead": (
        (
            "Switch off what should not reach you. You need no reason, and nobody is told. What "
            "you hold goes back to the queue."
        ),
        (
            "Tắt những gì không nên đến với bạn. Không cần lý do, và không ai được báo. Các bài "
            "bạn đang giữ sẽ trở lại hàng chờ."
        ),
    ),
    "opted_out": (
        "Kept from you from now on. What you held went back to the queue.",
        "Từ giờ sẽ không đến với bạn. Các bài bạn giữ đã trở lại hàng chờ.",
    ),
    "opted_in": ("It may reach you again.", "Có thể đến với bạn trở lại."),
    # The team
    "team": ("The team together", "Cả nhóm"),
    "team_lead": (
        (
            "Whole weeks, and only where at least three people read. Severe and milder posts are "
            "told apart only where three people read each."
        ),
        (
            "Theo tuần trọn vẹn, và chỉ khi có ít nhất ba người đọc. Bài nghiêm trọng và bài nhẹ "
            "hơn chỉ được tách ra khi mỗi loại có ít nhất ba người đọc."
        ),
    ),
    "week": ("Week", "Tuần"),
    "week_from": ("from {day}", "từ {day}"),
    "team_people": ("People", "Số người"),
    "team_items": ("Posts", "Số bài"),
    "team_hours": ("Hours", "Số giờ"),
    "team_severe": ("Severe posts", "Bài nghiêm trọng"),
    "team_milder": ("Milder posts", "Bài nhẹ hơn"),
    "too_few": ("too few people", "quá ít người"),
}
