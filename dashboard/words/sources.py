"""Words of the sources page: where posts come from, and how well that works."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Sources", "Nguồn tin"),
    "lead": (
        (
            "Public places that posts come from. A new one is read only after a second person has "
            "approved it."
        ),
        (
            "Những nơi công khai mà bài viết được lấy về. Nguồn mới chỉ được đọc sau khi có người "
            "thứ hai duyệt."
        ),
    ),
    "none": (
        "No source yet. Propose the first one below, or list it in evenhand.toml.",
        "Chưa có nguồn nào. Hãy đề xuất nguồn đầu tiên ở bên dưới, hoặc ghi vào evenhand.toml.",
    ),
    # Tiles
    "read_tile": ("Read without trouble", "Đọc bình thường"),
    "read_base": (
        ("of {n} source that is not retired", "of {n} sources that are not retired"),
        "trên {n} nguồn chưa dừng",
    ),
    "read_definition": (
        "Sources that are active or waiting for their next turn, of all that are not retired.",
        "Số nguồn đang chạy hoặc đang chờ đến lượt, trên tổng số nguồn chưa dừng.",
    ),
    "gaps_tile": ("Gaps", "Khoảng trống"),
    "gaps_definition": (
        (
            "Stretches of time whose posts could not be fetched, noticed in the last {days} days. "
            "What lies in a gap is missing from every other figure."
        ),
        (
            "Những khoảng thời gian không lấy được bài, phát hiện trong {days} ngày qua. Phần nằm "
            "trong khoảng trống không có trong bất kỳ con số nào khác."
        ),
    ),
    "set_aside_tile": ("Set aside", "Để riêng"),
    "set_aside_definition": (
        "Rows that could not be read in the last {days} days; the rest of their page was kept.",
        "Những dòng không đọc được trong {days} ngày qua; phần còn lại của trang vẫn được giữ.",
    ),
    "over_days": ("last {days} days", "{days} ngày qua"),
    # One source
    "kind": ("Kind", "Loại"),
    "state": ("State", "Trạng thái"),
    "last_ok": ("Last read", "Lần đọc gần nhất"),
    "next_run": ("Next turn", "Lượt kế tiếp"),
    "never": ("not yet", "chưa có"),
    "on_approval": ("after approval", "sau khi được duyệt"),
    "no_more": ("none", "không có"),
    "due": ("due now", "đến lượt"),
    "set_aside_rows": (("{n} row set aside", "{n} rows set aside"), "{n} dòng để riêng"),
    "gaps_count": (("{n} gap", "{n} gaps"), "{n} khoảng trống"),
    "failures": (
        ("failed {n} time in a row", "failed {n} times in a row"),
        "lỗi {n} lần liên tiếp",
    ),
    "last_error": ("What the source said", "Nguồn báo"),
    "losses": ("What was missed", "Những gì bị thiếu"),
    "gap_line": ("From {since} to {until}: {reason}", "Từ {since} đến {until}: {reason}"),
    "gap_open": ("unknown", "không rõ"),
    "losses_none": (
        "Nothing was missed in the last {days} days, as far as the source tells.",
        "Theo những gì nguồn cho biết, {days} ngày qua không thiếu gì.",
    ),
    # Doing something
    "pull_now": ("Read now", "Đọc ngay"),
    "pull_asked": (
        "Asked. The worker reads it at its next turn, usually within a minute.",
        "Đã gửi yêu cầu. Tiến trình nền sẽ đọc ở lượt kế tiếp, thường trong một phút.",
    ),
    "approve": ("Approve", "Duyệt"),
    "approve_hint": (
        "Approve only a public place that belongs to no single person.",
        "Chỉ duyệt nơi công khai và không thuộc riêng một người nào.",
    ),
    "approved": (
        "Approved. It is read from its next turn on.",
        "Đã duyệt. Nguồn sẽ được đọc từ lượt kế tiếp.",
    ),
    "needs_second": (
        "You proposed it, so somebody else has to approve it.",
        "Bạn là người đề xuất, nên cần người khác duyệt.",
    ),
    "retire": ("Stop reading", "Dừng đọc"),
    "retired": (
        "It is not read any more. Its posts and figures stay.",
        "Nguồn không còn được đọc. Bài viết và số liệu vẫn giữ nguyên.",
    ),
    "propose": ("Propose a source", "Đề xuất nguồn"),
    "propose_lead": (
        "Somebody else has to approve it before it is read for the first time.",
        "Cần người khác duyệt trước khi nguồn được đọc lần đầu.",
    ),
    "name": ("What it is called here", "Tên gọi ở đây"),
    "options": ("Its settings, one per line", "Thiết lập, mỗi dòng một mục"),
    "options_hint": (
        'As in evenhand.toml, for example: subreddits = ["vietnam", "danang"]',
        'Ghi như trong evenhand.toml, ví dụ: subreddits = ["vietnam", "danang"]',
    ),
    "may_train": (
        "Its posts may help to train the model",
        "Bài từ nguồn này được dùng để huấn luyện bộ phân loại",
    ),
    "submit": ("Propose", "Đề xuất"),
    "proposed": (
        "Proposed. Ask another coordinator or administrator to approve it.",
        "Đã đề xuất. Hãy nhờ điều phối viên hoặc quản trị viên khác duyệt.",
    ),
}
