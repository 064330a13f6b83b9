"""Words of the wave beside the card: how many near-copies, the spot-check, what does not belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("×{n} near-copies", "×{n} bài gần giống nhau"),
    "lead": (
        (
            "First seen {first}, last seen {last}. Your decision stands for all of them, and for "
            "those that still come; taking it back takes all of it back."
        ),
        (
            "Thấy lần đầu {first}, lần cuối {last}. Quyết định của bạn có hiệu lực với tất cả, kể "
            "cả những bài còn đến sau; rút lại quyết định là rút lại với tất cả."
        ),
    ),
    "ask": (
        "Open {n} of them, drawn at random, before you decide.",
        "Hãy mở {n} bài được rút ngẫu nhiên trước khi quyết định.",
    ),
    "open": ("Open the spot-check", "Mở phần kiểm tra ngẫu nhiên"),
    "opened": (
        "You have opened the spot-check. Take out what does not belong, then decide on the card.",
        "Bạn đã mở phần kiểm tra ngẫu nhiên. Hãy tách bài không thuộc về, rồi quyết định trên thẻ.",
    ),
    "from": (
        "{at_place}: {source}, {at}, {percent} % the same words",
        "{at_place}: {source}, {at}, trùng {percent} % số chữ",
    ),
    "copy": ("Copy {n}", "Bài {n}"),
    "new": ("Only here", "Chỉ có ở bài này"),
    "gone": ("Only in the first post", "Chỉ có ở bài đầu"),
    "same": ("The words are the same.", "Các chữ giống hệt nhau."),
    "apart": ("Copy {n} does not belong", "Bài {n} không thuộc về"),
    "parted": (
        "It left the wave and waits as an item of its own.",
        "Bài này đã rời đợt và chờ thành một mục riêng.",
    ),
}
