"""Words of the review page's filter, and of the languages that a person reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Filter", "Bộ lọc"),
    "title_on": ("Filter ({n})", "Bộ lọc ({n})"),
    "lead": (
        (
            "Leave a field empty to let everything in. Unflagged posts that were drawn at random "
            "come under every filter."
        ),
        (
            "Để trống một ô nghĩa là không giới hạn. Bài không gắn cờ được rút ngẫu nhiên thì luôn "
            "được đưa ra, dù lọc thế nào."
        ),
    ),
    "label": ("Reasons", "Lý do"),
    "lang": ("Languages", "Ngôn ngữ"),
    "source": ("Sources", "Nguồn"),
    "all": ("all", "tất cả"),
    "apply": ("Apply", "Áp dụng"),
    # The languages that a person reads
    "reads": ("Languages you read", "Ngôn ngữ bạn đọc được"),
    "reads_all": ("every language", "mọi ngôn ngữ"),
    "reads_hint": (
        (
            "You get items in these languages alone, until you change it. Texts too short to say "
            "come to everybody. Coordinators see how many people read each language."
        ),
        (
            "Bạn chỉ nhận mục bằng các ngôn ngữ này cho đến khi bạn đổi. Bài quá ngắn để nhận ra "
            "ngôn ngữ thì ai cũng nhận. Điều phối viên thấy số người đọc được mỗi ngôn ngữ."
        ),
    ),
    "reads_save": ("Save", "Lưu"),
    # What is filtered
    "only": ("Only: {names}", "Chỉ xem: {names}"),
    "clear": ("Clear the filter", "Bỏ lọc"),
    "left_out": (
        "The address asks for something that is not there, so it was left out: {names}.",
        "Địa chỉ nêu giá trị không có ở đây nên đã bỏ qua: {names}.",
    ),
}
