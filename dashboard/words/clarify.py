"""Words of the part of the policies page where policies that left people unsure are clarified."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("To be clarified", "Cần làm rõ"),
    "lead": (
        (
            "Where people decided “not sure” in the last 30 days, by the reason an item was put up "
            "for and its language. Where one wording leaves many unsure, the wording is at fault, "
            "not the people."
        ),
        (
            "Những chỗ mọi người quyết định “chưa chắc” trong 30 ngày qua, theo lý do mục được đưa "
            "ra và theo ngôn ngữ. Khi một lời văn khiến nhiều người chưa chắc thì lời văn có lỗi, "
            "không phải người duyệt."
        ),
    ),
    "none": (
        "Nobody was unsure in the last 30 days.",
        "Trong 30 ngày qua không ai thấy chưa chắc.",
    ),
    "col_label": ("Reason", "Lý do"),
    "col_lang": ("Language", "Ngôn ngữ"),
    "col_unsure": ("Not sure", "Chưa chắc"),
    "col_decided": ("Of decided", "Trên số đã quyết định"),
    "col_share": ("Share", "Tỷ lệ"),
    "col_settled": ("Settled later", "Sau đó đã rõ"),
    "how": (
        (
            "Counted are items made in the last 30 days that have a decision “not sure” which "
            "nobody took back. Settled are those on which another outcome stands by now, from a "
            "third person or an appeal. Under 30 decided items no share is shown."
        ),
        (
            "Đếm các mục được tạo trong 30 ngày qua có quyết định “chưa chắc” mà không ai hoàn "
            "tác. Đã rõ là những mục nay có kết quả khác, do người thứ ba hoặc do khiếu nại. Dưới "
            "30 mục đã quyết định thì không hiện tỷ lệ."
        ),
    ),
    "items": ("The items behind it", "Các mục phía sau"),
    "choose": ("Reason and language", "Lý do và ngôn ngữ"),
    "chosen": ("{label}, {language}: {n}", "{label}, {language}: {n}"),
    "items_none": (
        "None of these items is your team's.",
        "Không có mục nào trong số này thuộc nhóm của bạn.",
    ),
    "item": ("Item {id}", "Mục {id}"),
    "item_line": (
        "{state}, not sure {since}",
        "{state}, chưa chắc {since}",
    ),
    "item_settled": ("settled since", "sau đó đã rõ"),
    "open": ("Open the text", "Mở nội dung"),
    "open_hint": (
        "The item's log tells that you opened it.",
        "Nhật ký của mục ghi lại việc bạn đã mở.",
    ),
    "no_text": ("The text was erased.", "Nội dung đã bị xoá."),
    # Sentences
    "word_it": ("Word a clarification", "Viết lời làm rõ"),
    "word_lead": (
        (
            "One sentence that tells every reviewer what a policy means in such a case, without "
            "quoting a post. It changes no score and no flag. A second person puts it under the "
            "policy."
        ),
        (
            "Một câu cho mọi người duyệt biết quy định nghĩa là gì trong trường hợp như vậy, không "
            "trích bài nào. Câu này không đổi điểm hay cờ nào. Người thứ hai duyệt thì câu mới "
            "hiện dưới quy định."
        ),
    ),
    "label": ("What it is about", "Nói về điều gì"),
    "sentence_en": ("The sentence in English", "Câu bằng tiếng Anh"),
    "sentence_vi": ("The sentence in Vietnamese", "Câu bằng tiếng Việt"),
    "send": ("Send for approval", "Gửi để duyệt"),
    "proposed": (
        "Sent. A second person puts it under the policy.",
        "Đã gửi. Người thứ hai sẽ đưa câu này vào quy định.",
    ),
    "waiting": (
        ("{n} waits for a second person", "{n} wait for a second person"),
        "{n} câu đang chờ người thứ hai",
    ),
    "by": ("proposed by {name}, {at}", "do {name} đề xuất, {at}"),
    "by_two": (
        "proposed by {name}, approved by {other}, {at}",
        "do {name} đề xuất, {other} duyệt, {at}",
    ),
    "simulated": ("Simulated, of the demo.", "Mô phỏng, của bản dùng thử."),
    "approve": ("Put under the policy", "Đưa vào quy định"),
    "approved": (
        "Approved. It stands under the policy now.",
        "Đã duyệt. Câu này nay nằm dưới quy định.",
    ),
    "needs_second": (
        "You wrote this; another person has to approve it.",
        "Bạn viết câu này; cần người khác duyệt.",
    ),
    "end": ("Take it off", "Gỡ câu này"),
    "ended": ("Taken off.", "Đã gỡ."),
    "clarified": ("Clarified", "Làm rõ thêm"),
}
