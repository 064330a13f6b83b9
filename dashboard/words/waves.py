"""Words of the wave on the card: how many near-copies, the spot-check, what does not belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("×{n} near-copies", "×{n} bài gần giống nhau"),
    "lead": (
        (
            "Your decision stands for all of them, and for those that still come; taking it back "
            "takes all of it back."
        ),
        (
            "Quyết định của bạn có hiệu lực với tất cả, kể cả những bài còn đến sau; hoàn tác là "
            "hoàn tác với tất cả."
        ),
    ),
    "ask": (
        "Open {n} of them, drawn at random, before you decide.",
        "Hãy mở {n} bài được rút ngẫu nhiên trước khi quyết định.",
    ),
    "open": ("Spot-check", "Kiểm tra ngẫu nhiên"),
    "sample": ("Drawn at random from the wave", "Rút ngẫu nhiên từ đợt bài"),
    "from": (
        "{at_place}: {source}, {at}, {percent} % the same words",
        "{at_place}: {source}, {at}, trùng {percent} % số chữ",
    ),
    "copy": ("Copy {n}", "Bài {n}"),
    "marks": (
        "Underlined: only in this copy. Struck out: only in the post above.",
        "Gạch chân: chỉ có ở bài này. Gạch ngang: chỉ có ở bài phía trên.",
    ),
    "same": ("The words are the same.", "Các chữ giống hệt nhau."),
    "apart": ("Copy {n} does not belong", "Bài {n} không thuộc về"),
    "parted": (
        (
            "{n} left the wave and waits as an item of its own.",
            "{n} left the wave and wait as items of their own.",
        ),
        "{n} bài đã rời đợt và chờ thành mục riêng.",
    ),
    "unread": (
        "This stands for many posts. Open the spot-check first (W), then decide.",
        "Mục này đại diện cho nhiều bài. Hãy mở phần kiểm tra ngẫu nhiên trước (W) rồi quyết định.",
    ),
}
