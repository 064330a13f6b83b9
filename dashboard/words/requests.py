"""Words of the requests page: what waits for an answer, and logging it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Requests", "Yêu cầu"),
    "lead": (
        (
            "Evenhand sends nothing. Give the answer where it was asked for, from your team's "
            "account, and log it here."
        ),
        (
            "Evenhand không gửi gì cả. Hãy trả lời tại nơi bài được đăng, bằng tài khoản của "
            "nhóm, rồi ghi lại ở đây."
        ),
    ),
    # The lists
    "view": ("Show", "Xem"),
    "view_waiting": ("Waiting", "Đang chờ"),
    "view_logged": ("Answered", "Đã trả lời"),
    "order": ("Order", "Thứ tự"),
    "order_newest": ("Newest first", "Mới nhất trước"),
    "order_urgent": ("Most urgent first", "Khẩn nhất trước"),
    "none": (
        (
            "Nothing waits for an answer. An item comes here when a reviewer decides that it needs "
            "one."
        ),
        (
            "Không có gì đang chờ trả lời. Một mục sẽ đến đây khi người duyệt quyết định rằng cần "
            "trả lời."
        ),
    ),
    "none_logged": (
        "No response has been logged yet.",
        "Chưa có câu trả lời nào được ghi lại.",
    ),
    "posted": ("posted {when}", "đăng {when}"),
    "waited": ("waiting for {length}", "đã chờ {length}"),
    "due": ("{length} left to answer", "còn {length} để trả lời"),
    "overdue": ("Overdue by {length}", "Quá hạn {length}"),
    "taken": (
        "Being answered: somebody else has it now.",
        "Đang được trả lời: người khác đang giữ mục này.",
    ),
    "take": ("Answer", "Trả lời"),
    "go_on": ("Go on writing", "Viết tiếp"),
    "begun": ("Your draft is kept", "Bản nháp của bạn vẫn còn"),
    "by_macro": (
        "A macro has chosen the kind and the template; the rest is yours to write.",
        "Một macro đã chọn sẵn hình thức và mẫu trả lời; phần còn lại do bạn viết.",
    ),
    "covered": (
        "Covered for your sake: this post may be hard to read.",
        "Đã che để bảo vệ bạn: bài này có thể khó đọc.",
    ),
    "closed_text": (
        "The text opens to whoever answers, unless it was erased.",
        "Nội dung sẽ mở cho người nhận trả lời, trừ khi đã bị xoá.",
    ),
    "erased": (
        "The text is erased: it was deleted at its platform, or its time was up.",
        "Nội dung đã bị xoá: bài đã gỡ khỏi nền tảng, hoặc đã hết hạn lưu giữ.",
    ),
    "more": ("Show more", "Xem thêm"),
    # Holding an item
    "yours": ("Yours for another {length}", "Còn là của bạn trong {length}"),
    "time_up": (
        (
            "Your time is up; what you wrote is kept. Go on writing, and it is yours again unless "
            "somebody else took it."
        ),
        (
            "Đã hết thời gian giữ; những gì bạn viết vẫn còn. Cứ viết tiếp, mục này lại là của bạn "
            "nếu chưa ai nhận."
        ),
    ),
    "put_back": ("Put back", "Trả lại"),
    "was_put_back": (
        "Put back. Your draft is kept for when you take it again.",
        "Đã trả lại. Bản nháp được giữ đến khi bạn nhận lại.",
    ),
    "ended": (
        "Your time on this item ran out. Your draft is kept.",
        "Bạn đã hết thời gian giữ mục này. Bản nháp vẫn được giữ.",
    ),
    "take_again": ("Take it again", "Nhận lại"),
    "to_list": ("Back to the list", "Về danh sách"),
    "not_lost": (
        "What you had written, to be copied:",
        "Những gì bạn đã viết, để sao chép:",
    ),
    # The text
    "text_part": ("What to say", "Nội dung trả lời"),
    "kind": ("Kind of response", "Hình thức trả lời"),
    "language": ("Language of the answer", "Ngôn ngữ trả lời"),
    "template": ("Template", "Mẫu trả lời"),
    "free": ("Free text, no template", "Tự viết, không dùng mẫu"),
    "no_template": (
        "No template for this kind and language yet.",
        "Chưa có mẫu cho hình thức và ngôn ngữ này.",
    ),
    "text": ("Text", "Nội dung"),
    "preview": (
        "The text as it stands; the button in its corner copies it",
        "Nội dung hiện tại; nút ở góc để sao chép",
    ),
    "change_wording": ("Change the wording", "Sửa câu chữ"),
    "change_wording_hint": (
        "The text becomes your own, and the log names no template for it.",
        "Nội dung trở thành của bạn, và nhật ký không ghi tên mẫu nữa.",
    ),
    # The log
    "log_part": ("What was done", "Việc đã làm"),
    "log_lead": (
        "Give the answer first, then log it. Evenhand sends nothing.",
        "Hãy trả lời trước, rồi ghi lại. Evenhand không gửi gì cả.",
    ),
    "channel": ("Where it was given", "Đã trả lời ở đâu"),
    "account": ("From which disclosed account", "Bằng tài khoản công khai nào"),
    "no_account": (
        (
            "No disclosed account is set, so nothing can be logged yet. Ask whoever runs this "
            "server to name the team's accounts in evenhand.toml and to start it again:"
        ),
        (
            "Chưa khai báo tài khoản công khai nào nên chưa ghi lại được. Hãy nhờ người vận hành "
            "máy chủ ghi tài khoản của nhóm vào evenhand.toml rồi khởi động lại:"
        ),
    ),
    "account_example": ("the account's public name", "tên công khai của tài khoản"),
    "recipient": ("Passed to", "Đã chuyển cho"),
    "choose": ("Choose one", "Hãy chọn"),
    "police_hint": (
        "The police can be chosen only where the item names a threat of violence.",
        "Chỉ chọn được công an khi mục này có đe doạ bạo lực.",
    ),
    "given_at": ("When; empty means now", "Lúc nào; để trống là bây giờ"),
    "result": ("Link, or what came of it (optional)", "Liên kết hoặc kết quả (không bắt buộc)"),
    "save": ("Log the response", "Ghi lại câu trả lời"),
    "still_open": (
        "Not logged yet. Still to be filled in: {names}.",
        "Chưa ghi lại. Còn phải điền: {names}.",
    ),
    "some_gap": ("a gap in braces", "chỗ trống trong ngoặc nhọn"),
    "logged": (
        "Logged. Evenhand sent nothing: the answer is where you gave it.",
        "Đã ghi lại. Evenhand không gửi gì: câu trả lời nằm ở nơi bạn đã đăng.",
    ),
    # What was logged
    "history": ("Responses to this item", "Các câu trả lời cho mục này"),
    "given_by": ("logged by {name}", "người ghi: {name}"),
    "from_account": ("from {name}", "từ {name}"),
    "by_template": ("template {name}, version {version}", "mẫu {name}, phiên bản {version}"),
    "own_words": ("free text", "tự viết"),
    "came_of_it": ("Link or result", "Liên kết hoặc kết quả"),
    "follow_up": ("Log a follow-up", "Ghi thêm câu trả lời"),
    "follow_up_part": ("Follow-up", "Trả lời thêm"),
}
