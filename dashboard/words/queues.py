"""Words of the queues page: what waits, who is at work, routes, search and saved views."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Queues", "Hàng chờ"),
    "lead": (
        (
            "What waits, who is at work, which team gets what, macros, score ranges, and a search "
            "inside items."
        ),
        (
            "Mục nào đang chờ, ai đang làm, nhóm nào nhận gì, các macro, khoảng điểm, và tìm "
            "trong các mục."
        ),
    ),
    "part": ("Part of the page", "Phần của trang"),
    "part_waits": ("What waits", "Đang chờ"),
    "part_routes": ("Routes", "Phân tuyến"),
    "part_macros": ("Macros", "Macro"),
    "part_ranges": ("Score ranges", "Khoảng điểm"),
    "part_search": ("Search", "Tìm kiếm"),
    "any_lang": ("every language", "mọi ngôn ngữ"),
    # Said of counts alone, never of one item: who reads one must not know that it was drawn.
    "drawn": ("Drawn, not flagged", "Rút để đọc, không gắn cờ"),
    # What waits
    "waiting_tile": ("Waiting now", "Đang chờ"),
    "waiting_base": ("{n} of them urgent", "{n} mục khẩn"),
    "waiting_definition": (
        (
            "Items of your team, or of none, that nobody has decided on; urgent ones whosesoever "
            "they are."
        ),
        (
            "Các mục của nhóm bạn hoặc chưa thuộc nhóm nào mà chưa ai quyết định; mục khẩn thì "
            "tính hết."
        ),
    ),
    "overdue_tile": ("Overdue", "Quá hạn"),
    "overdue_base": ("of {n} waiting", "trên {n} mục đang chờ"),
    "overdue_definition": (
        "Those of them that are past the longest wait of their queue.",
        "Những mục trong số đó đã quá thời gian chờ tối đa của hàng chờ.",
    ),
    "held_tile": ("In somebody's hands", "Đang có người giữ"),
    "held_base": ("of {n} waiting", "trên {n} mục đang chờ"),
    "held_definition": (
        "Those of them that somebody has under a claim at this moment.",
        "Những mục trong số đó đang có người nhận ngay lúc này.",
    ),
    "people_tile": ("May take items", "Có thể nhận mục"),
    "people_base": (
        ("reviewer or coordinator", "reviewers and coordinators"),
        "người duyệt và điều phối viên",
    ),
    "people_definition": (
        "People of your team with the role reviewer or coordinator who can sign in.",
        "Người trong nhóm bạn có vai trò người duyệt hoặc điều phối viên và đăng nhập được.",
    ),
    "nothing_waits": ("Nothing waits for a decision.", "Không có mục nào chờ quyết định."),
    "by_label": ("By reason and age", "Theo lý do và thời gian chờ"),
    "chart_alt": (
        (
            "Bars of what waits, one for each reason, parted by age. In all: {b0} under 1 hour, "
            "{b1} for 1 to 4 hours, {b2} for 4 to 24 hours, {b3} for over 24 hours."
        ),
        (
            "Các thanh cho thấy số mục đang chờ, mỗi lý do một thanh, chia theo thời gian chờ. "
            "Tổng cộng: {b0} dưới 1 giờ, {b1} từ 1 đến 4 giờ, {b2} từ 4 đến 24 giờ, {b3} trên 24 "
            "giờ."
        ),
    ),
    "by_place": ("By queue, reason and language", "Theo hàng chờ, lý do và ngôn ngữ"),
    "col_queue": ("Queue", "Hàng chờ"),
    "col_label": ("Reason", "Lý do"),
    "col_lang": ("Language", "Ngôn ngữ"),
    "col_items": ("Waiting", "Đang chờ"),
    "col_held": ("In hands", "Đang giữ"),
    "col_overdue": ("Overdue", "Quá hạn"),
    "col_escalated": ("Skipped three times", "Bị bỏ qua ba lần"),
    "col_oldest": ("Oldest made", "Cũ nhất tạo lúc"),
    "by_lang": ("By language", "Theo ngôn ngữ"),
    "by_lang_lead": (
        (
            "What waits in each language, beside how many people of your team read it. Who has "
            "chosen no language reads all."
        ),
        (
            "Số mục đang chờ theo mỗi ngôn ngữ, bên cạnh số người trong nhóm đọc được ngôn ngữ đó. "
            "Ai chưa chọn ngôn ngữ nào thì được tính là đọc được tất cả."
        ),
    ),
    "col_readers": ("People who read it", "Số người đọc được"),
    "no_readers": (
        (
            "{n} item waits in a language that nobody in the team reads: {langs}.",
            "{n} items wait in languages that nobody in the team reads: {langs}.",
        ),
        "{n} mục đang chờ bằng ngôn ngữ mà không ai trong nhóm đọc được: {langs}.",
    ),
    # Who is at work
    "present": ("At work now", "Đang làm việc"),
    "present_lead": (
        "Who holds items at this moment, by name. Nobody is ranked or timed.",
        "Ai đang giữ mục ngay lúc này, xếp theo tên. Không xếp hạng và không đo tốc độ của ai.",
    ),
    "nobody_present": ("Nobody holds an item now.", "Lúc này không ai giữ mục nào."),
    "col_name": ("Name", "Tên"),
    "col_reading": ("To decide", "Chờ quyết định"),
    "col_answering": ("To answer", "Chờ trả lời"),
    "col_since": ("Since", "Từ lúc"),
    "hint_urgent": (
        "Urgent items wait and nobody holds an item now: call somebody in.",
        "Có mục khẩn đang chờ mà chưa ai giữ mục nào: hãy gọi người vào làm.",
    ),
    "hint_overdue": (
        "{n} past their deadline; {here} of {people} people hold items now.",
        "{n} mục quá hạn; {here} trên {people} người đang giữ mục.",
    ),
    "hint_calm": (
        "Nothing is past its deadline; {here} of {people} people hold items now.",
        "Không có mục nào quá hạn; {here} trên {people} người đang giữ mục.",
    ),
    # Routes
    "routes_lead": (
        (
            "A new item goes to the team of the first route that fits it; without one it goes to "
            "the team of its source. A route asks for reasons, languages and sources, and for "
            "nothing else. Urgent items stay in sight of every coordinator."
        ),
        (
            "Mục mới được giao cho nhóm của tuyến đầu tiên phù hợp; nếu không có, nó thuộc nhóm "
            "của nguồn. Một tuyến chỉ xét lý do, ngôn ngữ và nguồn, không xét gì khác. Mục khẩn "
            "thì mọi điều phối viên đều thấy."
        ),
    ),
    "in_force": ("In force ({n})", "Đang có hiệu lực ({n})"),
    "waiting": ("Waiting for a second person ({n})", "Chờ người thứ hai ({n})"),
    "ended": ("Ended ({n})", "Đã kết thúc ({n})"),
    "none_in_force": (
        "No route is in force: every item goes to the team of its source.",
        "Chưa có tuyến nào có hiệu lực: mọi mục thuộc nhóm của nguồn.",
    ),
    "none_waiting": ("Nothing waits for approval.", "Không có tuyến nào chờ duyệt."),
    "none_ended": ("Nothing has ended yet.", "Chưa có tuyến nào kết thúc."),
    "position": ("Position {n}", "Vị trí {n}"),
    "labels": ("Reasons", "Lý do"),
    "langs": ("Languages", "Ngôn ngữ"),
    "sources": ("Sources", "Nguồn"),
    "team": ("Team", "Nhóm"),
    "every_label": ("every reason", "mọi lý do"),
    "every_source": ("every source", "mọi nguồn"),
    "proposed_by": ("Proposed by", "Người đề xuất"),
    "approved_by": ("Approved by", "Người duyệt"),
    "ended_by": ("Ended by", "Người kết thúc"),
    "by_and_when": ("{name}, {at}", "{name}, {at}"),
    "would_take": (
        "Would have taken {n} of the {made} items of the last 7 days.",
        "Nếu áp dụng, đã nhận {n} trong {made} mục của 7 ngày qua.",
    ),
    "would_take_capped": (
        "Would have taken {n} of the newest {made} items of the last 7 days.",
        "Nếu áp dụng, đã nhận {n} trong {made} mục mới nhất của 7 ngày qua.",
    ),
    "approve": ("Approve", "Duyệt"),
    "approve_hint": (
        "From now on new items that fit go to this team; those that are there stay.",
        "Từ lúc này, mục mới phù hợp sẽ thuộc nhóm này; mục đã có giữ nguyên.",
    ),
    "approved": ("Approved. New items follow it.", "Đã duyệt. Các mục mới sẽ theo tuyến này."),
    "needs_second": (
        "You proposed it, so somebody else has to approve it.",
        "Bạn là người đề xuất, nên cần người khác duyệt.",
    ),
    "end": ("End", "Kết thúc"),
    "set_aside": ("Set aside", "Gác lại"),
    "end_hint": (
        "Ends it at once. Items that it gave to a team stay there.",
        "Kết thúc ngay. Những mục nó đã giao cho nhóm vẫn ở đó.",
    ),
    "ended_now": ("Ended.", "Đã kết thúc."),
    "propose": ("Propose a route", "Đề xuất một tuyến"),
    "propose_lead": (
        (
            "Leave a field empty to let everything in. Somebody else approves it before any item "
            "follows it."
        ),
        "Để trống một ô nghĩa là không giới hạn. Cần người khác duyệt thì mục mới đi theo tuyến.",
    ),
    "name": ("Name", "Tên"),
    "name_hint": ("Flood calls in Vietnamese", "Kêu cứu lũ lụt bằng tiếng Việt"),
    "position_label": ("Position, 1 is read first", "Vị trí, 1 được xét trước"),
    "choose": ("Choose", "Chọn"),
    "count": ("Count first", "Đếm thử"),
    "submit": ("Propose", "Đề xuất"),
    "proposed": (
        "Proposed. Ask another coordinator or an administrator to approve it.",
        "Đã đề xuất. Hãy nhờ điều phối viên khác hoặc quản trị viên duyệt.",
    ),
    # Search
    "search_lead": (
        (
            "Finds items in which all words occur, with or without accents; a star stands for the "
            "rest of a word: flood*. Posts that are no items are never searched."
        ),
        (
            "Tìm các mục có đủ mọi từ, có dấu hay không dấu đều được; dấu sao thay cho phần còn "
            "lại của từ: flood*. Bài không phải là mục thì không bao giờ bị tìm."
        ),
    ),
    "words": ("Words", "Từ cần tìm"),
    "queue": ("Queue", "Hàng chờ"),
    "label": ("Reason", "Lý do"),
    "lang": ("Language", "Ngôn ngữ"),
    "state": ("State", "Tình trạng"),
    "source": ("Source", "Nguồn"),
    "any": ("any", "bất kỳ"),
    "search": ("Search", "Tìm"),
    "ask_first": (
        "Type a word or choose a filter.",
        "Hãy gõ một từ hoặc chọn một bộ lọc.",
    ),
    "found": (
        ("{n} item, looked back to {since}", "{n} items, looked back to {since}"),
        "{n} mục, đã tìm ngược đến {since}",
    ),
    "found_none": (
        "No item made since {since} fits.",
        "Không có mục nào tạo từ {since} phù hợp.",
    ),
    "no_items": ("There are no items yet.", "Chưa có mục nào."),
    "further": ("Look further back", "Tìm xa hơn"),
    "newest": ("Back to the newest", "Về mục mới nhất"),
    "item": ("Item {id}", "Mục {id}"),
    "made": ("Made", "Tạo lúc"),
    "decided": ("Decided", "Quyết định lúc"),
    "escalated": ("skipped three times", "bị bỏ qua ba lần"),
    "edited": ("edited after review", "bị sửa sau khi duyệt"),
    "no_text": ("Its text no longer exists.", "Nội dung không còn nữa."),
    "open": ("Open the text", "Mở nội dung"),
    "open_hint": (
        "Its log notes that you read it. Severity {severity} of 5.",
        "Nhật ký của mục sẽ ghi rằng bạn đã đọc. Mức nghiêm trọng {severity} trên 5.",
    ),
    # Saved views
    "views": ("Saved views ({n})", "Bộ lọc đã lưu ({n})"),
    "views_lead": (
        "Shared with your team. A view keeps words and filters, no results.",
        "Dùng chung trong nhóm. Chỉ lưu từ và bộ lọc, không lưu kết quả.",
    ),
    "view": ("Saved view", "Bộ lọc đã lưu"),
    "apply": ("Apply", "Áp dụng"),
    "remove": ("Remove", "Xóa"),
    "removed": ("Removed.", "Đã xóa."),
    "view_name": ("Name of the view", "Tên bộ lọc"),
    "save": ("Save this search", "Lưu lần tìm này"),
    "saved": ("Saved for your team.", "Đã lưu cho nhóm."),
}
