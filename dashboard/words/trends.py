"""Words of the trends page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Trends", "Xu hướng"),
    "lead": (
        (
            "What people write about, how sure the numbers are, and what rises. Posts are counted "
            "here and cannot be opened."
        ),
        (
            "Mọi người viết về điều gì, các con số chắc đến đâu, và chủ đề nào đang tăng. Ở đây "
            "bài chỉ được đếm, không mở ra xem được."
        ),
    ),
    "window": ("Window", "Khoảng thời gian"),
    "window_days": ("{days} days", "{days} ngày"),
    "window_line": (
        "{first} to {last}, whole days in UTC, today so far.",
        "Từ {first} đến {last}, trọn ngày theo giờ UTC, hôm nay tính đến lúc này.",
    ),
    "line": (
        (
            "Of {n} posts that came in, {civic} were civic. Civic posts are only counted: no "
            "sentiment, no topic, no source."
        ),
        (
            "Trong {n} bài đến có {civic} bài về chuyện chung của xã hội. Những bài này chỉ được "
            "đếm: không xét cảm xúc, chủ đề hay nguồn."
        ),
    ),
    "nothing": (
        "No post came in during these days. Choose a longer window above.",
        "Không có bài nào đến trong những ngày này. Hãy chọn khoảng dài hơn ở trên.",
    ),
    # Volumes
    "volumes": ("Posts by topic", "Số bài theo chủ đề"),
    "volumes_lead": (
        "The line is the count, the bars its 95% range: how far chance alone may have moved it.",
        "Đường là số đếm, vạch dọc là khoảng 95%: riêng ngẫu nhiên có thể làm nó lệch đến đâu.",
    ),
    "volumes_none": (
        "No topic is large enough to be drawn by itself: it takes 10 posts by 10 authors.",
        "Chưa chủ đề nào đủ lớn để vẽ riêng: cần ít nhất 10 bài của 10 tác giả.",
    ),
    "weeks": (
        "Each point is a week that begins on its date: by day, most are too small to show.",
        "Mỗi điểm là một tuần, từ ngày ghi bên dưới: theo ngày thì phần lớn đều quá nhỏ.",
    ),
    "gaps": (
        "A gap is no post, or a number that is not shown: it is not in the sum above either.",
        "Chỗ trống là không có bài, hoặc số không được hiện: tổng ở trên cũng không gồm số đó.",
    ),
    "scale": ("Scale", "Thang đo"),
    "scale_same": ("the same for all", "chung cho tất cả"),
    "scale_own": ("each its own", "riêng từng biểu đồ"),
    "volume_name": ("{topic}: {posts} posts", "{topic}: {posts} bài"),
    "point": ("{day}: {posts} ({low} to {high})", "{day}: {posts} ({low} đến {high})"),
    "point_none": ("{day}: –", "{day}: –"),
    "volume_alt": (
        "Posts on {topic}, {first} to {last}: {posts} in all, {least} to {most} where shown.",
        "Số bài về {topic}, từ {first} đến {last}: tổng {posts}, chỗ hiện từ {least} đến {most}.",
    ),
    # What rises
    "rising": ("What rises", "Đang tăng"),
    "rising_lead": (
        (
            "Posts a day in the last 7 whole days, beside the 28 days before. A topic rises where "
            "its whole interval lies above 1."
        ),
        (
            "Số bài mỗi ngày trong 7 ngày trọn vẹn gần nhất, so với 28 ngày trước đó. Một chủ đề "
            "được coi là tăng khi cả khoảng tin cậy nằm trên 1."
        ),
    ),
    "rising_line": ("Rising: {names}.", "Đang tăng: {names}."),
    "rising_none": (
        "No topic rises by more than chance may explain.",
        "Không chủ đề nào tăng quá mức mà ngẫu nhiên có thể giải thích.",
    ),
    "fresh_line": (
        "New, and too small before to be compared: {names}.",
        "Mới nổi, trước đó quá nhỏ để so sánh: {names}.",
    ),
    "rising_few": (
        (
            "There are too few days to compare: it takes 5 of the last 7 whole days and 7 of the "
            "28 before, with posts."
        ),
        (
            "Chưa đủ ngày để so sánh: cần 5 trong 7 ngày trọn vẹn gần nhất và 7 trong 28 ngày "
            "trước đó có bài."
        ),
    ),
    "ratio_words": (
        "×{ratio} ({low} to {high}); {recent} a day after {before}",
        "×{ratio} ({low} đến {high}); {recent} bài/ngày, trước {before}",
    ),
    "everything": ("All posts", "Mọi bài"),
    "ratio_axis": (
        "times as many posts a day as before (1: no change)",
        "số lần so với trước, theo bài mỗi ngày (1: không đổi)",
    ),
    "ratio_alt": (
        "Ratios of posts a day, the last 7 days to the 28 before, with intervals. {rows}",
        "Tỷ số số bài mỗi ngày, 7 ngày gần nhất so với 28 ngày trước, kèm khoảng tin cậy. {rows}",
    ),
    "move_rising": ("rising", "tăng"),
    "move_same": ("no sure change", "chưa chắc thay đổi"),
    "move_falling": ("falling", "giảm"),
    "signs": (
        "▲ rising · ● no sure change · ▼ falling",
        "▲ tăng · ● chưa chắc thay đổi · ▼ giảm",
    ),
    # Topics and sentiments
    "tones": ("Topic and sentiment", "Chủ đề và cảm xúc"),
    "tones_lead": (
        "Sentiment describes the posts. It never decides what is flagged or who comes first.",
        "Cảm xúc chỉ để mô tả, không bao giờ quyết định bài nào được gắn cờ hay được xếp trước.",
    ),
    "tones_none": (
        (
            "No cell is large enough to show: it takes 10 posts by 10 authors. "
            "Posts in cells that are not shown: {withheld}."
        ),
        (
            "Chưa có ô nào đủ lớn để hiện: cần ít nhất 10 bài của 10 tác giả. "
            "Số bài trong các ô không hiện: {withheld}."
        ),
    ),
    "tones_withheld": (
        (
            "A dash is under 10 posts or 10 authors, or none, or what a subtraction would need. "
            "Posts in cells that are not shown: {withheld}. Civic posts, without sentiment: "
            "{civic}."
        ),
        (
            "Dấu gạch là dưới 10 bài hoặc 10 tác giả, hoặc không có, hoặc phần có thể bị suy ra "
            "bằng phép trừ. Số bài trong các ô không hiện: {withheld}. Bài về chuyện chung của xã "
            "hội, không xét cảm xúc: {civic}."
        ),
    ),
    "tones_alt": (
        "Grid of posts by topic and sentiment. The largest cell: {topic}, {tone}, {n}.",
        "Bảng số bài theo chủ đề và cảm xúc. Ô lớn nhất: {topic}, {tone}, {n}.",
    ),
    "tone_none": ("no sentiment", "không xét được"),
    # Civic
    "civic": ("Civic posts by day", "Bài về chuyện chung của xã hội theo ngày"),
    "civic_lead": (
        (
            "Politics, religion, labour, conflict and society, counted together. Nothing here is "
            "compared, rated or followed up."
        ),
        (
            "Chính trị, tôn giáo, lao động, xung đột và xã hội, đếm gộp. Ở đây không có gì được so "
            "sánh, đánh giá hay theo dõi."
        ),
    ),
    "civic_none": (
        "No civic post came in during these days.",
        "Không có bài nào về chuyện chung của xã hội đến trong những ngày này.",
    ),
    "civic_alt": (
        "Bars of civic posts, {first} to {last}: {n} in all.",
        "Các thanh số bài về chuyện chung của xã hội, từ {first} đến {last}: tổng cộng {n}.",
    ),
    # Tables
    "numbers": ("The numbers, and how they are counted", "Các con số và cách tính"),
    "csv": ("Save as CSV", "Lưu dạng CSV"),
    "col_day": ("Day", "Ngày"),
    "col_topic": ("Topic", "Chủ đề"),
    "col_sentiment": ("Sentiment", "Cảm xúc"),
    "col_posts": ("Posts", "Số bài"),
    "col_low": ("95% from", "95% từ"),
    "col_high": ("95% to", "95% đến"),
    "col_share": ("Share", "Tỷ lệ"),
    "col_recent": ("A day, last 7 days", "Mỗi ngày, 7 ngày gần nhất"),
    "col_before": ("A day, 28 days before", "Mỗi ngày, 28 ngày trước"),
    "col_ratio": ("Ratio", "Tỷ số"),
    "col_move": ("Change", "Thay đổi"),
}
