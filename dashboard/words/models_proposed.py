"""Words of the models page for thresholds that somebody proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "same_weights": (
        "Same weights as {model}; only these thresholds changed:",
        "Cùng trọng số với {model}; chỉ các ngưỡng sau thay đổi:",
    ),
    "moved_lower": (
        "{label}: from {before} to {after}, lower, so that more comes before people",
        "{label}: từ {before} xuống {after}, nên nhiều bài hơn được đưa ra duyệt",
    ),
    "moved_higher": (
        "{label}: from {before} to {after}, higher, so that less comes before people",
        "{label}: từ {before} lên {after}, nên ít bài hơn được đưa ra duyệt",
    ),
    "moved_untested": (
        (
            "The comparison says nothing of {labels}: fewer than 20 of the decisions that test it "
            "say yes."
        ),
        ("Phần so sánh không nói gì về {labels}: chưa đến 20 quyết định dùng để kiểm tra nói có."),
    ),
    "proposed_why": ("Why, in the words of who proposed it", "Lý do, theo lời người đề xuất"),
    "proposed_at": ("Proposed", "Đề xuất lúc"),
    "proposed_by": ("By", "Người đề xuất"),
    "learnt_nothing": (
        "It learnt nothing: its weights are those of {model}, and so is what they learnt from.",
        "Không học gì thêm: trọng số là của {model}, và đã học từ đúng những gì mô hình đó học.",
    ),
    "card_proposal": ("Thresholds that were changed", "Các ngưỡng đã thay đổi"),
    "card_reason": ("Why", "Lý do"),
    "end_proposed": (
        "{model} has these thresholds. It stands on Models with all that was measured.",
        "{model} có các ngưỡng này. Mô hình nằm ở trang Mô hình cùng mọi số đo.",
    ),
    "end_moved_on": (
        "These thresholds were tried with {old}, and {new} is active now. Try them again.",
        "Các ngưỡng này được thử với {old}, nhưng nay {new} đang được dùng. Hãy thử lại.",
    ),
}
