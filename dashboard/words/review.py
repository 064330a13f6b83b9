"""Words of the review page and its card.

`{n}`, `{clock}` and `{labels}` in doubled braces are filled in by the card in the browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Review", "Duyệt bài"),
    "lead": (
        "Read, decide, go on: one key for each decision.",
        "Đọc, quyết định, rồi sang bài kế tiếp: mỗi quyết định một phím.",
    ),
    "queue": ("Queue", "Hàng chờ"),
    "queue_all": ("All", "Tất cả"),
    "langs": ("Languages of posts", "Ngôn ngữ bài viết"),
    "lang_en": ("English", "Tiếng Anh"),
    "lang_vi": ("Vietnamese", "Tiếng Việt"),
    "lang_other": ("another language", "ngôn ngữ khác"),
    "saved": ("all saved", "đã lưu hết"),
    "unsaved": ("{{n}} unsaved", "{{n}} chưa lưu"),
    "decided_today": ("Decided in this session", "Đã quyết định trong phiên này"),
    "waiting": ("Waiting", "Đang chờ"),
    "undo": ("Take back", "Hoàn tác"),
    "keys": ("Keys", "Phím tắt"),
    "dismiss": ("Understood", "Đã hiểu"),
    "fetching": ("Fetching the next post…", "Đang lấy bài kế tiếp…"),
    "nothing": ("Nothing waits here", "Không còn bài nào chờ"),
    "nothing_lead": (
        "New posts appear by themselves. Choose another queue above, or take a break.",
        "Bài mới sẽ tự hiện ra. Bạn có thể chọn hàng chờ khác ở trên, hoặc nghỉ một lát.",
    ),
    "covered": (
        "Covered for your sake. This post may contain: {{labels}}.",
        "Đã che để bảo vệ bạn. Bài này có thể chứa: {{labels}}.",
    ),
    "cover": ("Cover the text", "Che lại"),
    "uncover": ("Show the text", "Hiện nội dung"),
    "why": ("Why here:", "Vì sao ở đây:"),
    "yours_for": ("yours for {{clock}}", "của bạn trong {{clock}}"),
    "ended": ("your claim ended; the post went back", "đã hết giờ giữ; bài đã trả lại hàng chờ"),
    "simulated": ("simulated post", "bài mô phỏng"),
    "edited": ("edited after review", "đã sửa sau khi duyệt"),
    "taking_back": ("Taking the decision back…", "Đang hoàn tác quyết định…"),
    "decisions": ("Decisions", "Quyết định"),
    "no_harm": ("No harm", "Không gây hại"),
    "not_sure": ("Not sure", "Chưa chắc"),
    "needs_answer": ("Needs an answer", "Cần trả lời"),
    "already_answered": ("Already answered", "Đã có trả lời"),
    "thread": ("The conversation around it", "Cuộc trò chuyện quanh bài"),
    "thread_alone": (
        "No other post of this conversation is known.",
        "Không biết bài nào khác trong cuộc trò chuyện này.",
    ),
    "erased": ("(text erased)", "(nội dung đã xoá)"),
    "skip": ("Skip", "Bỏ qua"),
    "skip_why": ("Why do you pass this on?", "Vì sao bạn bỏ qua bài này?"),
    "skip_language": ("I do not read this language well", "Tôi không rành ngôn ngữ này"),
    "skip_context": ("I lack context", "Tôi thiếu bối cảnh"),
    "skip_expertise": ("Somebody else knows more", "Cần người rành hơn"),
    "skip_care": ("I would rather not read this", "Tôi không muốn đọc bài này"),
    "skip_technical": ("It is not shown properly", "Bài hiển thị không đúng"),
    "note": ("Note to the decision (optional)", "Ghi chú cho quyết định (không bắt buộc)"),
    "key_policies": ("Violates the policy with that number", "Vi phạm quy định mang số đó"),
    "key_cover": ("Show or cover the text", "Hiện hoặc che nội dung"),
    "reason_score": (
        "{label}: score {score}, band “{band}”",
        "{label}: điểm {score}, mức “{band}”",
    ),
    "reason_model": ("{label}: the model weighs “{id}”", "{label}: mô hình dựa vào “{id}”"),
    "reason_rule": ("{label}: rule {id}", "{label}: quy tắc {id}"),
    "reason_key": ("{label}: second key “{id}”", "{label}: dấu hiệu thứ hai “{id}”"),
    "reason_guard": (
        "{label}: guard “{id}” leaves doubt",
        "{label}: chốt “{id}” cho thấy còn nghi ngờ",
    ),
    "reason_statement": ("{label}: matches statement {id}", "{label}: khớp với phát biểu {id}"),
    "reason_language": ("{label}: language {id}", "{label}: ngôn ngữ {id}"),
    "reason_version": ("Tagged by {model}", "Gắn thẻ bởi {model}"),
    "not_yours": (
        "Review is for reviewers and coordinators. Ask an administrator for the role.",
        "Trang này dành cho người duyệt và điều phối viên. Hãy xin quản trị viên cấp vai trò.",
    ),
}
