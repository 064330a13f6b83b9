"""Words of the audits on the quality page: what they say, the days, the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "lead": (
        (
            "An audit draws some of each day's unflagged posts at random and puts them into the "
            "queue, where nobody sees what the model said of them. What reviewers decide on them "
            "tells how much harm the flags miss."
        ),
        (
            "Kiểm tra ngẫu nhiên rút một số bài không gắn cờ của mỗi ngày và đưa vào hàng chờ, ở "
            "đó không ai thấy mô hình nói gì về chúng. Quyết định của người duyệt cho biết việc "
            "gắn cờ bỏ sót bao nhiêu nội dung gây hại."
        ),
    ),
    "known": ("What the audits say", "Kết quả kiểm tra"),
    "window": (
        (
            "{n} audited day of the last {days}, today among them",
            "{n} audited days of the last {days}, today among them",
        ),
        "{n} ngày có kiểm tra trong {days} ngày qua, kể cả hôm nay",
    ),
    "tile_recall": ("Harm found", "Nội dung gây hại tìm được"),
    "tile_missed": ("Posts missed", "Số bài bỏ sót"),
    "tile_elusion": ("Harm in unflagged posts", "Gây hại trong bài không gắn cờ"),
    "tile_recall_by_reach": ("Found, weighted by reach", "Đã tìm thấy, tính theo mức lan toả"),
    "tile_prevalence": ("Harm in all posts", "Gây hại trong mọi bài"),
    "bounds": (
        ("{low} to {high} · {n} post read", "{low} to {high} · {n} posts read"),
        "{low} đến {high} · đã đọc {n} bài",
    ),
    "none_drawn": (
        "Nothing is known yet of what is missed: no audit was drawn on these days.",
        "Chưa biết đã bỏ sót những gì: trong những ngày này chưa rút bài kiểm tra nào.",
    ),
    "why_no_posts": ("no unflagged posts", "không có bài nào không gắn cờ"),
    "why_no_harm": ("no harm seen yet", "chưa thấy nội dung gây hại"),
    "why_too_few": ("not enough evidence: under 30 read", "chưa đủ dữ liệu: mới đọc dưới 30 bài"),
    "why_audit_open": (
        "not enough evidence: more than one in five wait",
        "chưa đủ dữ liệu: hơn một phần năm còn chờ",
    ),
    "why_none_seen": (
        "no missed harm seen, which does not make it none",
        "chưa thấy bài bỏ sót, nhưng không có nghĩa là không có",
    ),
    "why_undecided": ("nothing flagged is decided yet", "chưa bài gắn cờ nào có quyết định"),
    "why_no_reach": ("no reach is known", "không biết mức lan toả"),
    "why_too_wide": ("not enough evidence: too wide", "chưa đủ dữ liệu: khoảng quá rộng"),
    "simulated": (
        "Simulated: in this demo the truth is known",
        "Mô phỏng: trong bản dùng thử này, sự thật đã biết",
    ),
    "beside_before_the_flood": (
        (
            "Before the flood: measured **{measured}** ({low} to {high}, {n} posts read), "
            "true **{true}** (simulated)"
        ),
        (
            "Trước trận lụt: đo được **{measured}** ({low} đến {high}, đã đọc {n} bài), "
            "thật ra **{true}** (mô phỏng)"
        ),
    ),
    "beside_from_the_flood_on": (
        (
            "From the flood on, with its new wording: measured **{measured}** ({low} to {high}, "
            "{n} posts read), true **{true}** (simulated)"
        ),
        (
            "Từ trận lụt, với lối viết mới: đo được **{measured}** ({low} đến {high}, đã đọc {n} "
            "bài), thật ra **{true}** (mô phỏng)"
        ),
    ),
    "beside_all": (
        (
            "In all: measured **{measured}** ({low} to {high}, {n} posts read), true **{true}** "
            "(simulated)"
        ),
        (
            "Tất cả: đo được **{measured}** ({low} đến {high}, đã đọc {n} bài), thật ra "
            "**{true}** (mô phỏng)"
        ),
    ),
    "slices": ("By language and policy", "Theo ngôn ngữ và quy định"),
    "by_lang": ("What the audits say by language", "Kết quả kiểm tra theo ngôn ngữ"),
    "by_policy": ("What the audits say by policy", "Kết quả kiểm tra theo quy định"),
    "by_source": ("What the audits say by source", "Kết quả kiểm tra theo nguồn"),
    "col_source": ("Source", "Nguồn"),
    "col_lang": ("Language", "Ngôn ngữ"),
    "col_policy": ("Policy", "Quy định"),
    "col_found": ("Found", "Đã tìm thấy"),
    "col_seen": ("Seen by audits", "Kiểm tra thấy"),
    "col_recall": ("Share of harm found", "Tỷ lệ đã tìm thấy"),
    "spread": ("{value} ({low} to {high})", "{value} ({low} đến {high})"),
    "spread_only": (
        "not enough evidence ({low} to {high})",
        "chưa đủ dữ liệu ({low} đến {high})",
    ),
    "days": ("The last days", "Những ngày gần đây"),
    "days_lead": (
        "Each day is drawn once, after it is over; a day without an audit counts nowhere above.",
        "Mỗi ngày được rút một lần, sau khi hết ngày; ngày không kiểm tra thì không tính ở trên.",
    ),
    "col_day": ("Day (UTC)", "Ngày (UTC)"),
    "col_state": ("Audit", "Kiểm tra"),
    "col_frame": ("Unflagged posts", "Bài không gắn cờ"),
    "col_drawn": ("Drawn", "Đã rút"),
    "col_read": ("Decided", "Đã quyết định"),
    "state_audited": ("drawn", "đã rút"),
    "state_texts_gone": (
        "none: texts were erased before the draw",
        "không có: nội dung đã bị xoá trước khi rút",
    ),
    "state_no_budget": ("none: the week's budget was spent", "không có: đã hết hạn mức tuần"),
    "state_not_yet": ("not drawn", "chưa rút"),
    "budget": ("Budget of the week", "Hạn mức trong tuần"),
    "budget_lead": (
        (
            "How many unflagged posts people may be asked to read. Learning draws and drift share "
            "it with the audits; it begins again on Monday."
        ),
        (
            "Số bài không gắn cờ có thể được đưa cho người duyệt đọc. Việc học và theo dõi thay "
            "đổi dùng chung hạn mức này với kiểm tra; hạn mức bắt đầu lại vào thứ Hai."
        ),
    ),
    "week_all": (
        "<b>Week {week}</b>: {used} of {limit} used",
        "<b>Tuần {week}</b>: đã dùng {used} trên {limit}",
    ),
    "week_audits": (
        "<b>Audits</b>: {used} of {limit} used",
        "<b>Kiểm tra ngẫu nhiên</b>: đã dùng {used} trên {limit}",
    ),
    "ask_audits": ("Posts for audits in a week", "Số bài kiểm tra mỗi tuần"),
    "ask_weekly": (
        "Posts in a week, with learning and drift (at most {most})",
        "Tổng số bài mỗi tuần, kể cả học và theo dõi thay đổi (nhiều nhất {most})",
    ),
    "plan": (
        (
            "{n} posts to read in a week, about {day} a day. After {weeks} weeks the share of harm "
            "that was found is expected to be known to lie between **{low}** and **{high}**."
        ),
        (
            "Cần đọc {n} bài mỗi tuần, khoảng {day} bài mỗi ngày. Sau {weeks} tuần, dự kiến biết "
            "được tỷ lệ nội dung gây hại đã tìm thấy nằm trong khoảng **{low}** đến **{high}**."
        ),
    ),
    "plan_wide": (
        (
            "{n} posts to read in a week, about {day} a day: **not measurable at this budget**. "
            "After {weeks} weeks the share of harm that was found could lie anywhere between "
            "{low} and {high}."
        ),
        (
            "Cần đọc {n} bài mỗi tuần, khoảng {day} bài mỗi ngày: **hạn mức này chưa đủ để đo**. "
            "Sau {weeks} tuần, tỷ lệ nội dung gây hại đã tìm thấy vẫn có thể nằm ở bất cứ đâu từ "
            "{low} đến {high}."
        ),
    ),
    "plan_basis": (
        "If posts, scores and the share that is found ({value}) stay as they are.",
        "Nếu số bài, điểm số và tỷ lệ tìm thấy ({value}) giữ nguyên như hiện nay.",
    ),
    "plan_assumed": (
        "No audit has told yet how much is missed: taken as if {value} of the harm was found.",
        "Chưa kiểm tra nào cho biết bỏ sót bao nhiêu: tạm coi như đã tìm thấy {value}.",
    ),
    "plan_all": (
        "That is every unflagged post; a larger budget has no more to read.",
        "Đó là mọi bài không gắn cờ; hạn mức lớn hơn cũng không còn gì để đọc.",
    ),
    "plan_none": (
        "What a budget will tell can be worked out once a day was audited and some harm was found.",
        "Chỉ tính được kết quả dự kiến khi đã kiểm tra một ngày và đã tìm thấy nội dung gây hại.",
    ),
    "propose": ("Propose this budget", "Đề xuất hạn mức này"),
    "proposed": (
        "Proposed. Another person has to approve it.",
        "Đã đề xuất. Cần một người khác phê duyệt.",
    ),
    "waits": (
        "Proposed: {weekly} posts a week, {audits} of them for audits",
        "Đề xuất: {weekly} bài mỗi tuần, trong đó {audits} bài để kiểm tra",
    ),
    "proposed_by": ("Proposed by", "Người đề xuất"),
    "needs_second": (
        "You proposed it, so another person has to approve it.",
        "Bạn là người đề xuất nên cần một người khác phê duyệt.",
    ),
    "approve": ("Approve", "Phê duyệt"),
    "put_aside": ("Put aside", "Bỏ đề xuất"),
    "done_approve": ("The budget is in force.", "Hạn mức đã có hiệu lực."),
    "done_put_aside": ("The proposal is put aside.", "Đã bỏ đề xuất."),
}
