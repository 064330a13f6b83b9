"""Words of the coverage page for times, deadlines and teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

TIMES: dict[str, Entry] = {
    "missed_line": (
        (
            "Random audits of {days} days ({n} unflagged posts read) say: {share} of the harm was "
            "found (95% interval: {low} to {high}), and {least} to {most} posts with harm were "
            "not flagged."
        ),
        (
            "Kiểm tra ngẫu nhiên {days} ngày (đọc {n} bài không gắn cờ) cho biết: đã tìm được "
            "{share} nội dung gây hại (khoảng tin cậy 95%: {low} đến {high}), và {least} đến "
            "{most} bài gây hại đã không được gắn cờ."
        ),
    ),
    "missed_bounds": (
        (
            "Random audits of {days} days ({n} unflagged posts read) are not enough evidence for "
            "a share of harm found: it lies between {low} and {high}, and {least} to {most} posts "
            "with harm were not flagged."
        ),
        (
            "Kiểm tra ngẫu nhiên {days} ngày (đọc {n} bài không gắn cờ) chưa đủ bằng chứng để nêu "
            "tỷ lệ gây hại đã tìm được: tỷ lệ nằm từ {low} đến {high}, và {least} đến {most} bài "
            "gây hại đã không được gắn cờ."
        ),
    ),
    "part": ("Show", "Xem"),
    "part_road": ("from post to answer", "từ bài đến câu trả lời"),
    "part_times": ("times and deadlines", "thời gian và hạn"),
    "part_teams": ("teams", "các nhóm"),
    "part_flags": ("flags and reach", "gắn cờ và độ phủ"),
    "minutes": ("{n} min", "{n} phút"),
    "hours": ("{n} h", "{n} giờ"),
    "days": (("{n} day", "{n} days"), "{n} ngày"),
    "at_least": ("at least {time}", "ít nhất {time}"),
    "time_interval": ("{low} to {high}", "{low} đến {high}"),
    "time_from": ("{low} or more", "từ {low} trở lên"),
    "time_few": ("too few for a time (n = {n})", "quá ít để tính thời gian (n = {n})"),
    # Times
    "times": ("How long it takes", "Mất bao lâu"),
    "times_lead": (
        "Items made in the window. Those that still wait are counted for as long as they have.",
        "Các mục được tạo trong khoảng này. Mục còn chờ được tính theo thời gian đã chờ.",
    ),
    "step_by": ("Time until", "Thời gian đến khi"),
    "step_seen": ("first taken", "được nhận lần đầu"),
    "step_decided": ("decided", "có quyết định"),
    "step_answered": ("answered", "được trả lời"),
    "slice_by": ("Part the times by", "Chia thời gian theo"),
    "slice_queue": ("queue", "hàng chờ"),
    "slice_team_id": ("team", "nhóm"),
    "slice_label": ("reason", "lý do"),
    "slice_lang": ("language", "ngôn ngữ"),
    "times_line": (
        "{part}: half after {median}, nine in ten after {p90}.",
        "{part}: một nửa sau {median}, chín phần mười sau {p90}.",
    ),
    "times_none": (
        "No part has 30 items in this window: too few for a time.",
        "Không phần nào có đủ 30 mục trong khoảng này: quá ít để tính thời gian.",
    ),
    "curve_axis": ("since the item was made", "từ khi mục được tạo"),
    "curve_share": ("still waiting", "còn chờ"),
    "curve_alt": (
        "Curves of the share that still waits, by time since the item was made. {parts}",
        "Đường biểu diễn tỷ lệ còn chờ theo thời gian từ khi mục được tạo. {parts}",
    ),
    "curve_name": ("{part} ({n} items, {still} open)", "{part} ({n} mục, {still} còn chờ)"),
    "col_n": ("Items", "Số mục"),
    "col_ended": ("Through", "Đã xong"),
    "col_still": ("Still open", "Còn chờ"),
    "col_median": ("Median, minutes", "Trung vị, phút"),
    "col_p90": ("Nine in ten, minutes", "Chín phần mười, phút"),
    "in_time_line": (
        "Decided by their deadline: {part} of {n} items made, {share}.",
        "Quyết định đúng hạn: {part} trên {n} mục được tạo, {share}.",
    ),
    # Deadlines
    "burn": ("What is due when", "Hạn đến khi nào"),
    "burn_line": (
        "{overdue} of {n} waiting items are past their deadline; due within 4 hours: {soon}.",
        "{overdue} trên {n} mục đang chờ đã quá hạn; đến hạn trong 4 giờ tới: {soon}.",
    ),
    "burn_none": ("Nothing waits, so nothing is due.", "Không có gì chờ nên không có gì đến hạn."),
    "burn_0": ("overdue", "quá hạn"),
    "burn_1": ("within 1 h", "trong 1 giờ"),
    "burn_2": ("1 to 4 h", "1 đến 4 giờ"),
    "burn_3": ("4 to 12 h", "4 đến 12 giờ"),
    "burn_4": ("12 to 24 h", "12 đến 24 giờ"),
    "burn_5": ("24 to 48 h", "24 đến 48 giờ"),
    "burn_6": ("over 48 h", "trên 48 giờ"),
    "burn_alt": (
        "Bars of waiting items by the time until their deadline, parted by queue. {sums}.",
        "Các thanh cho số mục đang chờ theo thời gian còn lại, chia theo hàng chờ. {sums}.",
    ),
    "clearing_line": (
        "At the pace of the last 28 whole days the backlog is cleared in {days} days ({range}).",
        "Với nhịp của 28 ngày trọn gần nhất, số đang chờ sẽ xong sau {days} ngày ({range}).",
    ),
    "clearing_growing": (
        "In the last 28 whole days as much came in as was decided, or more: it is never cleared.",
        (
            "Trong 28 ngày trọn gần nhất, số đến bằng hoặc nhiều hơn số quyết định: không bao giờ "
            "xong."
        ),
    ),
    "clearing_open": ("{low} at least", "ít nhất {low}"),
    "clearing_range": ("{low} to {high}", "{low} đến {high}"),
    "age_line": (
        "Half of what waits is {median} old or younger, nine in ten {p90}, the oldest {oldest}.",
        "Một nửa số đang chờ có tuổi đến {median}, chín phần mười đến {p90}, cũ nhất {oldest}.",
    ),
    # Teams
    "heat": ("Review coverage by team and day", "Tỷ lệ đã duyệt theo nhóm và ngày"),
    "heat_lead": (
        "Share of the items made that day that are decided, and how many were made.",
        "Tỷ lệ mục được tạo trong ngày đã có quyết định, và số mục được tạo.",
    ),
    "heat_alt": (
        "Grid of review coverage by team and day. {parts}",
        "Bảng tỷ lệ đã duyệt theo nhóm và ngày. {parts}",
    ),
    "heat_part": ("{team}: {part} of {n} decided.", "{team}: {part} trên {n} mục đã quyết định."),
    "heat_cell": ("{share} of {n}", "{share} trên {n}"),
    "heat_weeks": (
        "Each row is a week that begins on its date.",
        "Mỗi dòng là một tuần, từ ngày ghi bên trái.",
    ),
    "team_any": ("routed to no team", "không chuyển cho nhóm nào"),
    "team_small": ("teams of under 3 people", "các nhóm dưới 3 người"),
    "silent": ("Silent teams", "Nhóm im lặng"),
    "silent_line": (
        "{team}: {n} items wait, the oldest for {age}; {last}.",
        "{team}: {n} mục đang chờ, lâu nhất {age}; {last}.",
    ),
    "silent_last": ("no decision since {day}", "không có quyết định nào từ {day}"),
    "silent_never": (
        "no decision in these {days} days",
        "không có quyết định nào trong {days} ngày này",
    ),
    "silent_none": (
        "No team is silent: wherever items wait, something was decided in the last three days.",
        "Không nhóm nào im lặng: nơi nào có mục chờ thì đều có quyết định trong ba ngày qua.",
    ),
    "teams": ("What came in for teams, and what they did", "Việc đến các nhóm và việc đã làm"),
    "teams_lead": (
        "As much decided as came in keeps the backlog where it is. In the order of names.",
        "Quyết định bằng số đến thì số đang chờ giữ nguyên. Xếp theo tên.",
    ),
    "teams_alt": (
        "Bars by team: what came in beside what was decided. {parts}",
        "Các thanh theo nhóm: số đến bên cạnh số đã quyết định. {parts}",
    ),
    "teams_part": (
        "{team}: {arrived} came in, {decided} decided.",
        "{team}: {arrived} mục đến, {decided} mục đã quyết định.",
    ),
    "col_day": ("Day", "Ngày"),
    "col_team": ("Team", "Nhóm"),
    "col_arrived": ("Came in", "Số đến"),
    "col_late": ("Decided late", "Quyết định trễ"),
    # Flags and reach
    "flags_by": ("Part precision by", "Chia độ chính xác theo"),
    "flags_label": ("reason", "lý do"),
    "flags_lang": ("language", "ngôn ngữ"),
    "flags_source_id": ("source", "nguồn"),
    "flags_model": ("model version", "phiên bản mô hình"),
    "flags_sign": ("rule or key", "quy tắc hoặc dấu hiệu"),
    "flags_score": ("score", "điểm"),
    "score_from": (
        "score from {low} on, {mean} on average",
        "điểm từ {low} trở lên, trung bình {mean}",
    ),
    "signs_more": (
        ("{n} more line stands in the table.", "{n} more lines stand in the table."),
        "Còn {n} dòng nữa nằm trong bảng.",
    ),
    "skipped_tile": ("Passed on", "Bị bỏ qua"),
    "skipped_base": ("{part} of {n} items", "{part} trên {n} mục"),
    "escalated_tile": ("Escalated", "Chuyển lên"),
    "escalated_base": ("{part} of {n} items", "{part} trên {n} mục"),
    "not_sure_tile": ("Not sure", "Chưa chắc"),
    "not_sure_base": ("{part} of {n} decided", "{part} trên {n} mục đã quyết định"),
    "spared_tile": ("Spared by waves", "Đỡ được nhờ đợt"),
    "spared_base": ("{part} of {n} posts decided", "{part} trên {n} bài đã quyết định"),
    "collected_tile": ("Read without a gap", "Đọc không khoảng trống"),
    "collected_base": ("{part} of {n} days of sources", "{part} trên {n} ngày của các nguồn"),
    "precision": ("How often flags were right", "Gắn cờ đúng đến đâu"),
    "precision_lead": (
        "It says nothing of what was not flagged.",
        "Con số này không nói gì về những bài không gắn cờ.",
    ),
    "precision_line": (
        "Decided as flagged: {part} of {n}, {share}.",
        "Quyết định đúng như lý do gắn cờ: {part} trên {n}, {share}.",
    ),
    "precision_bar": (
        "<b>{name}</b><br>{part} of {n} as flagged, {share}",
        "<b>{name}</b><br>đúng {part} trên {n}, {share}",
    ),
    "precision_alt": (
        "A bar for each part: the share decided as flagged. {parts}.",
        "Mỗi phần một thanh: tỷ lệ quyết định đúng như lý do gắn cờ. {parts}.",
    ),
    "mix": ("What was decided", "Đã quyết định thế nào"),
    "mix_bar": ("<b>{name}</b>: {part} of {n}, {share}", "<b>{name}</b>: {part} trên {n}, {share}"),
    "mix_alt": (
        "A bar for each outcome: its share of the decided items. {parts}.",
        "Mỗi kết quả một thanh: tỷ lệ trên số mục đã quyết định. {parts}.",
    ),
    "col_outcome": ("Outcome", "Kết quả"),
    "no_source": ("unknown source", "chưa rõ nguồn"),
    "no_model": ("no model", "không có mô hình"),
    "reach": ("Is what was reviewed like what came in?", "Phần đã duyệt có giống phần đến không?"),
    "reach_lang": (
        (
            "By language: distance {distance} of {n} decided items from {of} posts; chance alone: "
            "{chance}. {said}"
        ),
        (
            "Theo ngôn ngữ: khoảng cách {distance} của {n} mục đã quyết định so với {of} bài đến; "
            "chỉ do ngẫu nhiên: {chance}. {said}"
        ),
    ),
    "reach_source": (
        (
            "By source: distance {distance} of {n} decided items from {of} posts; chance alone: "
            "{chance}. {said}"
        ),
        (
            "Theo nguồn: khoảng cách {distance} của {n} mục đã quyết định so với {of} bài đến; "
            "chỉ do ngẫu nhiên: {chance}. {said}"
        ),
    ),
    "reach_hour": (
        (
            "By hour of writing: distance {distance} of {n} decided items from {of} posts; chance "
            "alone: {chance}. {said}"
        ),
        (
            "Theo giờ viết bài: khoảng cách {distance} của {n} mục đã quyết định so với {of} bài "
            "đến; chỉ do ngẫu nhiên: {chance}. {said}"
        ),
    ),
    "reach_hour_few": (
        "By hour of writing: too few decided items to compare (n = {n}).",
        "Theo giờ viết bài: quá ít mục đã quyết định để so sánh (n = {n}).",
    ),
    "reach_row_lang": ("language", "ngôn ngữ"),
    "reach_row_source": ("source", "nguồn"),
    "reach_row_hour": ("hour of writing (UTC)", "giờ viết bài (UTC)"),
    "col_reach_by": ("By", "Theo"),
    "col_distance": ("Distance", "Khoảng cách"),
    "col_chance": ("By chance, below", "Do ngẫu nhiên, dưới"),
    "col_reviewed": ("Decided items", "Mục đã quyết định"),
    "reach_near": ("No clear difference.", "Không khác biệt rõ."),
    "reach_far": ("They differ.", "Có khác biệt."),
    "reach_lang_few": (
        "By language: too few decided items to compare (n = {n}).",
        "Theo ngôn ngữ: quá ít mục đã quyết định để so sánh (n = {n}).",
    ),
    "reach_source_few": (
        "By source: too few decided items to compare (n = {n}).",
        "Theo nguồn: quá ít mục đã quyết định để so sánh (n = {n}).",
    ),
}
