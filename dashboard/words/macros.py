"""Words of macros on the queues page: one key for a decision and the beginning of a response."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "lead": (
        (
            "A macro is one key on Review: it writes the decision and chooses a template. The item "
            "then waits on Requests until a person has finished the response and logged it. "
            "Evenhand sends nothing."
        ),
        (
            "Macro là một phím ở trang Duyệt bài: ghi quyết định và chọn sẵn mẫu trả lời. Sau đó "
            "mục chờ ở trang Yêu cầu cho đến khi có người viết xong và ghi câu trả lời. Evenhand "
            "không gửi gì cả."
        ),
    ),
    "in_use": ("In use", "Đang dùng"),
    "none": (
        "Your team has no macro yet. Add one for what you often decide and answer alike.",
        "Nhóm bạn chưa có macro nào. Hãy thêm cho việc thường quyết định và trả lời giống nhau.",
    ),
    "letter": ("Key {letter}", "Phím {letter}"),
    "decides": ("Decides", "Quyết định"),
    "begins": ("Begins a response", "Mở đầu câu trả lời"),
    "made_by": ("Added by", "Người thêm"),
    "gone": (
        "This template is no longer in use: end the macro and add it anew.",
        "Mẫu này không còn dùng: hãy kết thúc macro rồi thêm lại.",
    ),
    "end": ("End", "Kết thúc"),
    "end_hint": (
        "At once, for everybody. What was decided with it stays, and so do begun responses.",
        "Ngay lập tức, cho mọi người. Quyết định đã có và câu trả lời đã mở đầu vẫn giữ nguyên.",
    ),
    "ended": ("Ended. The key is free again.", "Đã kết thúc. Phím này dùng lại được."),
    "add_part": ("Add a macro", "Thêm macro"),
    "no_key": (
        "All {n} keys that the card leaves free have a macro. End one first.",
        "Cả {n} phím còn trống trên thẻ đều đã có macro. Hãy kết thúc một macro trước.",
    ),
    "no_template": (
        "No template is in use in this language, so a macro has nothing to begin.",
        "Chưa có mẫu trả lời nào cho ngôn ngữ này, nên macro không có gì để mở đầu.",
    ),
    "key_label": ("Key", "Phím"),
    "name": ("Name on the card", "Tên trên thẻ"),
    "name_hint": ("Scam: notice", "Lừa đảo: thông báo"),
    "outcome": ("Decision", "Quyết định"),
    "policies": ("Policies, the main one first", "Quy định bị vi phạm, cái chính trước"),
    "template": ("Template", "Mẫu trả lời"),
    "template_hint": (
        "The item's language is taken when the response is written.",
        "Khi viết câu trả lời, ngôn ngữ của mục sẽ được dùng.",
    ),
    "choose_template": (
        "Choose a template: it is what the macro begins the response with.",
        "Hãy chọn một mẫu trả lời: macro mở đầu câu trả lời bằng mẫu đó.",
    ),
    "choose": ("Choose", "Chọn"),
    "add": ("Add", "Thêm"),
    "added": (
        "Added. It works from the next item that somebody takes.",
        "Đã thêm. Có tác dụng từ mục tiếp theo được nhận.",
    ),
}
