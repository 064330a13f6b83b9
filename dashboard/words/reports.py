"""Words of the page on which transparency reports are asked for and taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Reports", "Báo cáo"),
    "lead": (
        (
            "What came in, what was decided, missed and answered, as figures and tables for people "
            "outside the team. A report holds no text of a post and nobody's name."
        ),
        (
            "Những gì đã đến, đã quyết định, bỏ sót và trả lời, bằng con số và bảng dành cho người "
            "ngoài nhóm. Báo cáo không có nội dung bài và không nêu tên ai."
        ),
    ),
    # Asking for one
    "new": ("Ask for a report", "Yêu cầu một báo cáo"),
    "days": ("Which days", "Những ngày nào"),
    "days_month": ("last month", "tháng trước"),
    "days_weeks": ("last 28 whole days", "28 ngày vừa qua"),
    "days_own": ("other days", "ngày khác"),
    "from": ("From", "Từ ngày"),
    "to": ("To, included", "Đến hết ngày"),
    "language": ("Language of the report", "Ngôn ngữ của báo cáo"),
    "ask": ("Ask for the report", "Yêu cầu báo cáo"),
    "as_of": (
        "It is read as things stood at the end of its last day, whenever it is made.",
        "Báo cáo theo tình trạng vào cuối ngày cuối cùng, dù được tạo lúc nào.",
    ),
    "fault_backwards": (
        "These days end on {last}, before they begin on {first}. Swap them.",
        "Ngày kết thúc {last} lại trước ngày bắt đầu {first}. Hãy đổi lại.",
    ),
    "fault_not_over": (
        "{last} is not over (UTC), so its figures still change. The last whole day is {whole}.",
        "Ngày {last} chưa hết (UTC) nên số liệu còn đổi. Ngày trọn vẹn gần nhất là {whole}.",
    ),
    # Following it
    "task_waits": (
        "Waits for the worker, asked for {since}. If it stays so, ask whether a worker runs.",
        "Đang chờ chương trình nền, yêu cầu {since}. Nếu chờ lâu, hãy hỏi xem nó có đang chạy.",
    ),
    "task_runs": (
        "The worker is making it. You can leave this page meanwhile.",
        "Chương trình nền đang tạo báo cáo. Bạn có thể rời trang này trong lúc chờ.",
    ),
    "task_failed": (
        "The report that was asked for last could not be made ({since}). The line below says why.",
        "Không tạo được báo cáo yêu cầu gần nhất ({since}). Dòng dưới đây nói rõ lý do.",
    ),
    "ready": ("The report is ready below.", "Báo cáo đã sẵn sàng bên dưới."),
    # Those that are made
    "made": ("Reports to take away", "Báo cáo để tải về"),
    "made_none": (
        (
            "None yet. Choose days above and ask for the first one; it appears here when the "
            "worker has made it."
        ),
        (
            "Chưa có báo cáo nào. Hãy chọn ngày ở trên và yêu cầu báo cáo đầu tiên; báo cáo sẽ "
            "hiện ở đây khi chương trình nền tạo xong."
        ),
    ),
    "made_line": (
        "Made {at} ({ago}), as of entry {entry} of the ledger",
        "Tạo lúc {at} ({ago}), tính đến dòng {entry} của sổ ghi",
    ),
    "take_html": ("The page (HTML)", "Trang báo cáo (HTML)"),
    "take_html_hint": (
        "One file that opens in any browser and needs nothing else.",
        "Một tệp mở được bằng mọi trình duyệt và không cần gì thêm.",
    ),
    "take_zip": ("All files (ZIP)", "Tất cả tệp (ZIP)"),
    "take_zip_hint": (
        "The page, the same as Markdown and JSON, and each table as CSV.",
        "Trang báo cáo, bản Markdown và JSON, cùng từng bảng dạng CSV.",
    ),
    "terminal": (
        (
            "At the terminal, `evenhand report` makes the same, also as of a later entry of the "
            "ledger, and `evenhand export` writes decisions, responses, items, figures and "
            "statements as tables."
        ),
        (
            "Trên dòng lệnh, `evenhand report` tạo cùng báo cáo này, kể cả tính đến một dòng muộn "
            "hơn trong sổ ghi, còn `evenhand export` ghi các quyết định, phản hồi, mục, số liệu và "
            "tin sai thành bảng."
        ),
    ),
}
