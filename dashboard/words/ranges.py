"""Words of score ranges on the queues page: one act for what was read in part."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "lead": (
        (
            "Open items of one reason whose scores lie close can get “no harm” in one act, once "
            "you have read some of them, drawn at random, and all of those are no harm. No other "
            "outcome is given to what nobody read."
        ),
        (
            "Những mục đang chờ cùng lý do, có điểm gần nhau, có thể nhận “không có hại” cùng một "
            "lượt, sau khi bạn đọc một số mục rút ngẫu nhiên và tất cả đều không có hại. Mục chưa "
            "ai đọc không nhận kết quả nào khác."
        ),
    ),
    "left_out": (
        (
            "Left out: urgent items, waves, what was edited or escalated, what a person or a "
            "partner flagged, and what was drawn at random."
        ),
        (
            "Không gồm: mục khẩn, đợt bài trùng, mục đã sửa hoặc đã chuyển lên, mục do người hoặc "
            "đối tác gắn cờ, và mục rút ngẫu nhiên."
        ),
    ),
    "coordinators_only": (
        "Coordinators of the team decide by score range.",
        "Chỉ điều phối viên của nhóm quyết định theo khoảng điểm.",
    ),
    "new_part": ("A range", "Một khoảng điểm"),
    "none_waits": (
        "Nothing waits that could be decided by score range.",
        "Không có mục nào đang chờ mà có thể quyết định theo khoảng điểm.",
    ),
    "label": ("Reason", "Lý do"),
    "lang": ("Language", "Ngôn ngữ"),
    "scores": ("Scores", "Điểm"),
    "waits_tile": ("In this range", "Trong khoảng này"),
    "waits_base": (("open item", "open items"), "mục đang chờ"),
    "waits_definition": (
        "Open items of your team with this reason and a score in the range, but those left out.",
        "Mục đang chờ của nhóm bạn, có lý do này và điểm trong khoảng, trừ những mục không gồm.",
    ),
    "past_tile": ("No harm before", "Trước đây không có hại"),
    "past_base": (
        "{part} of {n} decided in 30 days; 95% between {low} and {high}",
        "{part} trên {n} mục đã quyết định trong 30 ngày; 95% từ {low} đến {high}",
    ),
    "past_none": ("none decided in 30 days", "30 ngày qua chưa quyết định mục nào"),
    "past_definition": (
        (
            "Items with this reason and a score in the range that people read and decided in the "
            "last 30 days, among the newest decisions; the interval is Wilson’s, at 95%."
        ),
        (
            "Mục có lý do này và điểm trong khoảng mà người duyệt đã đọc và quyết định trong 30 "
            "ngày qua, trong số quyết định mới nhất; khoảng tin cậy là của Wilson, mức 95%."
        ),
    ),
    "more": (
        "More wait in this range: one act takes {n} at most, and the others stay.",
        "Trong khoảng này còn nhiều mục hơn: mỗi lượt nhiều nhất {n} mục, các mục khác giữ nguyên.",
    ),
    "chart": ("Score", "Điểm"),
    "chart_alt": (
        "Open items by score; the most lie between {low} and {high}: {n}.",
        "Mục đang chờ theo điểm; nhiều nhất từ {low} đến {high}: {n}.",
    ),
    "draw": (("Draw {n} item to read", "Draw {n} items to read"), "Rút {n} mục để đọc"),
    "drawn": (
        "Drawn and held for you. Decide on each on Review, then come back.",
        "Đã rút và giữ cho bạn. Hãy quyết định từng mục ở trang Duyệt bài rồi quay lại.",
    ),
    "list_part": ("Ranges of the team", "Khoảng điểm của nhóm"),
    "none": ("Your team has drawn no range yet.", "Nhóm bạn chưa rút khoảng điểm nào."),
    "name": ("{label}, {spoken}, score {low}–{high}", "{label}, {spoken}, điểm {low}–{high}"),
    "any_lang": ("every language", "mọi ngôn ngữ"),
    "made_by": ("Drawn by", "Người rút"),
    "items": ("Items", "Số mục"),
    "state": ("State", "Trạng thái"),
    "decided": ("Decided in the act", "Quyết định trong lượt"),
    "state_checking": ("being read", "đang đọc thử"),
    "state_deciding": ("cut off before its end", "bị ngắt giữa chừng"),
    "state_done": ("decided: no harm", "đã quyết định: không có hại"),
    "state_not_uniform": ("closed: not uniform", "đã đóng: không đồng nhất"),
    "state_ended": ("given up", "đã bỏ"),
    "state_undoing": ("being taken back", "đang hoàn tác"),
    "state_undone": ("taken back", "đã hoàn tác"),
    "read": (
        "{part} of {n} drawn items have your decision.",
        "{part} trên {n} mục đã rút đã có quyết định của bạn.",
    ),
    "read_by": (
        "{part} of {n} drawn items are decided by {name}.",
        "{part} trên {n} mục đã rút do {name} quyết định.",
    ),
    "found": (
        "Something else than no harm was found: the range will be closed, and its items stay.",
        "Đã thấy mục khác với không có hại: khoảng này sẽ đóng, các mục giữ nguyên.",
    ),
    "stale": (
        "Some were read more than 24 hours ago, which vouches for nothing now. Draw anew.",
        "Có mục đọc đã quá 24 giờ nên không còn làm chứng được. Hãy rút lại.",
    ),
    "lost": (
        (
            "{n} was decided by somebody else or is gone; another is drawn for it.",
            "{n} were decided by somebody else or are gone; others are drawn for them.",
        ),
        "{n} mục đã có người khác quyết định hoặc không còn; mục khác sẽ được rút thay.",
    ),
    "go_read": ("Open Review", "Mở trang Duyệt bài"),
    "again": ("Hold them for me again", "Giữ lại cho tôi"),
    "again_hint": (
        "What was drawn and is open, and others for what was lost.",
        "Những mục đã rút còn đang chờ, và mục khác thay cho mục đã mất.",
    ),
    "held": (
        ("{n} item is held for you now.", "{n} items are held for you now."),
        "Hiện giữ {n} mục cho bạn.",
    ),
    "decide": (
        ("Give the other {n} item “no harm”", "Give the other {n} items “no harm”"),
        "Cho {n} mục còn lại “không có hại”",
    ),
    "finish": ("Close the range", "Đóng khoảng này"),
    "go_on": (
        ("Go on with {n} item", "Go on with {n} items"),
        "Tiếp tục với {n} mục",
    ),
    "acting": ("{part} of {n} items", "{part} trên {n} mục"),
    "done": (
        (
            "{n} item got “no harm”. It can be taken back for 24 hours.",
            "{n} items got “no harm”. It can be taken back for 24 hours.",
        ),
        "{n} mục đã nhận “không có hại”. Có thể hoàn tác trong 24 giờ.",
    ),
    "not_uniform": (
        "Closed: not uniform. The items wait for somebody who reads them.",
        "Đã đóng: không đồng nhất. Các mục chờ người đọc.",
    ),
    "end": ("Give up", "Bỏ"),
    "end_hint": (
        "What you read of it stays decided; the others stay open.",
        "Mục bạn đã đọc vẫn giữ quyết định; các mục khác vẫn chờ.",
    ),
    "ended": ("Given up. Its items wait as before.", "Đã bỏ. Các mục vẫn chờ như trước."),
    "undo": ("Take it all back", "Hoàn tác tất cả"),
    "undo_hint": (
        "Its items are open again, but for those that somebody has decided since.",
        "Các mục lại chờ quyết định, trừ những mục đã có người quyết định sau đó.",
    ),
    "undone": ("Taken back. Its items are open again.", "Đã hoàn tác. Các mục lại đang chờ."),
    "rate_none": (
        "At least 5% of what is decided by range is read again by others; none has been yet.",
        "Ít nhất 5% mục quyết định theo khoảng điểm được người khác đọc lại; hiện chưa có mục nào.",
    ),
    "rate": (
        (
            (
                "Of {n} item decided by range and read again, {part} was harm (95% between {low} "
                "and {high}); {other} should have had another outcome."
            ),
            (
                "Of {n} items decided by range and read again, {part} were harm (95% between "
                "{low} and {high}); {other} should have had another outcome."
            ),
        ),
        (
            "Trong {n} mục quyết định theo khoảng điểm và được đọc lại, {part} mục có hại (95% từ "
            "{low} đến {high}); {other} mục lẽ ra có kết quả khác."
        ),
    ),
}
