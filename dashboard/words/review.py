"""Words of the review page and its card.

`{n}` and `{clock}` in doubled braces are filled in by the card in the browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Review", "Duyệt bài"),
    "queue": ("Queue", "Hàng chờ"),
    "queue_all": ("All", "Tất cả"),
    # The line above the card
    "saved": ("all saved", "đã lưu hết"),
    "unsaved": ("{{n}} unsaved", "{{n}} chưa lưu"),
    "decided": ("decided", "đã quyết định"),
    "waiting": ("waiting", "đang chờ"),
    "undo": ("Take back", "Hoàn tác"),
    "keys": ("Keys", "Phím tắt"),
    "close": ("Close", "Đóng"),
    # The post
    "post": ("The post to decide on", "Bài cần quyết định"),
    "why": ("Why here:", "Vì sao ở đây:"),
    "why_line": (
        (
            "{label}, score {score}, severity {severity} of 5, {n} reaction",
            "{label}, score {score}, severity {severity} of 5, {n} reactions",
        ),
        "{label}, điểm {score}, mức nghiêm trọng {severity} trên 5, {n} lượt tương tác",
    ),
    "why_to_read": (
        (
            "to be read, severity {severity} of 5, {n} reaction",
            "to be read, severity {severity} of 5, {n} reactions",
        ),
        "cần đọc, mức nghiêm trọng {severity} trên 5, {n} lượt tương tác",
    ),
    "to_read": ("to be read", "cần đọc"),
    "lang_en": ("English", "tiếng Anh"),
    "lang_vi": ("Vietnamese", "tiếng Việt"),
    "lang_other": ("another language", "ngôn ngữ khác"),
    "simulated": ("simulated", "mô phỏng"),
    "edited": ("edited after review", "đã sửa sau khi duyệt"),
    "no_text": ("This post has no text.", "Bài viết này không có chữ."),
    "yours_for": ("yours for {{clock}}", "của bạn trong {{clock}}"),
    "covered": ("Covered, to spare you", "Đã che để bạn không phải đọc ngay"),
    "covered_lead": (
        "Nothing of the post is shown or read out until you ask.",
        "Nội dung bài chỉ hiện ra hoặc được đọc lên khi bạn yêu cầu.",
    ),
    "uncover": ("Show the text", "Hiện nội dung"),
    "cover": ("Cover the text", "Che nội dung"),
    "hidden_reasons": (
        "The words that led here are shown together with the text.",
        "Những từ dẫn đến kết quả này hiện ra cùng với nội dung.",
    ),
    "thread": ("Conversation", "Cuộc trò chuyện"),
    "thread_title": ("The conversation around it", "Cuộc trò chuyện quanh bài này"),
    "thread_alone": (
        "No other post of this conversation is known.",
        "Không biết bài nào khác trong cuộc trò chuyện này.",
    ),
    "this_post": ("this post", "bài này"),
    "erased": ("(text erased)", "(nội dung đã xoá)"),
    # What can be decided
    "decisions": ("Decisions", "Quyết định"),
    "outcomes": ("Outcome", "Kết quả"),
    "violates": ("Violates a policy", "Vi phạm quy định"),
    "flagged_for": ("flagged for this", "được gắn cờ vì điều này"),
    "no_harm": ("No harm", "Không gây hại"),
    "not_sure": ("Not sure", "Chưa chắc"),
    "needs_answer": ("Needs an answer", "Cần trả lời"),
    "already_answered": ("Already answered", "Đã có trả lời"),
    "note": ("Note", "Ghi chú"),
    "skip": ("Skip", "Bỏ qua"),
    "skip_why": ("Why do you pass this on?", "Vì sao bạn bỏ qua bài này?"),
    "skip_lead": (
        "It goes to somebody else and does not come back to you.",
        "Bài sẽ chuyển cho người khác và không quay lại với bạn.",
    ),
    "skip_language": ("I do not read this language well", "Tôi không rành ngôn ngữ này"),
    "skip_context": ("I lack context", "Tôi thiếu bối cảnh"),
    "skip_expertise": ("Somebody else knows more", "Cần người am hiểu hơn"),
    "skip_care": ("I would rather not read this", "Tôi không muốn đọc bài này"),
    "skip_technical": ("It is not shown properly", "Bài hiển thị không đúng"),
    "back": ("Back to the decisions", "Quay lại các quyết định"),
    "several": ("Several policies", "Nhiều quy định"),
    "several_lead": (
        "Choose with the numbers; ← and → change the severity of the last one.",
        "Chọn bằng phím số; ← và → đổi mức nghiêm trọng của quy định vừa chọn.",
    ),
    "several_done": ("Decide", "Quyết định"),
    "severity_of": (
        "{{name}}: severity {{severity}} of 5",
        "{{name}}: mức nghiêm trọng {{severity}} trên 5",
    ),
    "severity_less": ("Less severe", "Nhẹ hơn"),
    "severity_more": ("More severe", "Nặng hơn"),
    "macros": ("Decide and begin a response", "Quyết định và soạn sẵn phản hồi"),
    "macro": ("decides and begins a response", "quyết định và soạn sẵn phản hồi"),
    "help_lines": ("Where help can be found", "Nơi có thể giúp đỡ"),
    # Nothing to do
    "fetching": ("Fetching the next post…", "Đang lấy bài kế tiếp…"),
    "taking_back": ("Taking the decision back…", "Đang hoàn tác quyết định…"),
    "nothing": ("All done here", "Đã xong hết ở đây"),
    "nothing_lead": (
        "Nothing waits in this queue. New posts appear by themselves: a good moment for a break.",
        "Hàng chờ này đã hết bài. Bài mới sẽ tự hiện ra; đây là lúc tốt để nghỉ một lát.",
    ),
    "away": ("Welcome back", "Chào bạn quay lại"),
    "away_lead": (
        "While you were away, your posts went back to the queue. Waiting now: {{n}}.",
        "Khi bạn vắng mặt, các bài của bạn đã trở lại hàng chờ. Đang chờ: {{n}}.",
    ),
    "go_on": ("Go on", "Tiếp tục"),
    # What may have to be said
    "dismiss": ("Understood", "Đã hiểu"),
    "your_note": ("Your note was: {{note}}", "Ghi chú của bạn: {{note}}"),
    "ended": (
        "Your time on the last post ran out. It went back to the queue, undecided.",
        "Bạn đã hết thời gian giữ bài vừa rồi. Bài đã trở lại hàng chờ mà chưa có quyết định.",
    ),
    "withdrawn": (
        (
            "The last post was taken off your screen: its author deleted it, or a coordinator "
            "gave it to somebody else."
        ),
        (
            "Bài vừa rồi không còn trên màn hình của bạn: tác giả đã xoá bài, hoặc điều phối viên "
            "đã chuyển cho người khác."
        ),
    ),
    "undo_late": (
        "That decision can no longer be taken back here. Ask a coordinator to reopen the item.",
        "Không thể hoàn tác quyết định đó ở đây nữa. Hãy nhờ điều phối viên mở lại mục này.",
    ),
    "nothing_to_undo": (
        "There is no decision to take back.",
        "Không có quyết định nào để hoàn tác.",
    ),
    "offline": (
        (
            "No connection just now. What you decide is kept in this tab and sent as soon as it is "
            "back (unsaved: {{n}}). Go on, and leave the tab open."
        ),
        (
            "Hiện mất kết nối. Các quyết định của bạn được giữ trong thẻ này và sẽ gửi ngay khi có "
            "mạng (chưa lưu: {{n}}). Cứ làm tiếp và đừng đóng thẻ."
        ),
    ),
    # Keys
    "keys_title": ("Keys", "Phím tắt"),
    "key_policies": ("Violates the policy with that number:", "Vi phạm quy định mang số đó:"),
    "key_cover": ("Show or cover the text", "Hiện hoặc che nội dung"),
    "key_scroll": ("Scroll the text", "Cuộn nội dung"),
    "key_note": ("Write a note; Enter leaves it", "Viết ghi chú; Enter để rời ô"),
    # Reasons
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
    "reason_statement": (
        "{label}: repeats statement {id} of the list",
        "{label}: nhắc lại tin sai số {id} trong danh sách",
    ),
    "statement_line": (
        "{title}: {claim}. What is true: {truth} ({source})",
        "{title}: {claim}. Sự thật: {truth} ({source})",
    ),
    # The statement that a post repeats
    "statement": ("Statement {id} of the list", "Tin sai số {id} trong danh sách"),
    "statement_over": (
        "Statement {id}, no longer on the list",
        "Tin sai số {id}, không còn trong danh sách",
    ),
    "statement_claim": ("The claim", "Tin sai"),
    "statement_truth": ("What is true", "Sự thật"),
    "statement_source": ("Published by", "Nguồn công bố"),
    "reason_language": ("{label}: language {id}", "{label}: ngôn ngữ {id}"),
    "reason_version": ("Tagged by {model}", "Gắn thẻ bởi {model}"),
}
