"""Words of the statement list: false claims that two persons have put on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Statements", "Danh sách tin sai"),
    "lead": (
        (
            "False claims about health or an emergency, each with a published source, by two "
            "persons, for 180 days at most. A post that repeats one is shown to a reviewer."
        ),
        (
            "Những tin sai về sức khoẻ hoặc tình huống khẩn cấp, mỗi tin có nguồn đã công bố, do "
            "hai người cùng xác nhận, hiệu lực tối đa 180 ngày. Bài nào nhắc lại sẽ được đưa cho "
            "người duyệt xem."
        ),
    ),
    "in_force": ("In force ({n})", "Đang có hiệu lực ({n})"),
    "waiting": ("Waiting for a second person ({n})", "Chờ người thứ hai ({n})"),
    "ended": ("Ended ({n})", "Đã kết thúc ({n})"),
    "none_in_force": (
        "The list is empty, so no post is flagged as misinformation.",
        "Danh sách đang trống, nên không bài nào bị gắn cờ là tin sai.",
    ),
    "none_waiting": ("Nothing waits for approval.", "Không có tin nào chờ duyệt."),
    "none_ended": ("Nothing has ended yet.", "Chưa có tin nào kết thúc."),
    # One statement
    "number": ("Statement {id}", "Tin sai số {id}"),
    "wordings": ("As people repeat it", "Cách mọi người kể lại"),
    "truth": ("What is true instead", "Sự thật là"),
    "source": ("Published source", "Nguồn đã công bố"),
    "policy": ("Policy", "Quy định"),
    "language": ("Language", "Ngôn ngữ"),
    "lang_en": ("English", "tiếng Anh"),
    "lang_vi": ("Vietnamese", "tiếng Việt"),
    "proposed_by": ("Proposed by", "Người đề xuất"),
    "approved_by": ("Approved by", "Người duyệt"),
    "expires": ("Expires", "Hết hiệu lực"),
    "ended_at": ("Ended", "Kết thúc"),
    "by_and_when": ("{name}, {at}", "{name}, {at}"),
    "expired": ("expired by itself", "tự hết hiệu lực"),
    "set_aside": ("set aside by {name}, {at}", "{name} gác lại, {at}"),
    "withdrawn": ("withdrawn by {name}, {at}", "{name} rút lại, {at}"),
    "replaced": (
        "replaced by statement {id}, approved by {name}, {at}",
        "được thay bằng tin số {id}, {name} duyệt, {at}",
    ),
    "corrects": (
        "Takes the place of statement {id} once it is approved.",
        "Sẽ thay cho tin số {id} khi được duyệt.",
    ),
    "simulated": ("simulated people", "người mô phỏng"),
    # Doing something
    "approve": ("Approve", "Duyệt"),
    "approve_hint": (
        "Read the source first. From now on, posts that repeat this are shown to reviewers.",
        "Hãy đọc nguồn trước. Từ lúc duyệt, bài nhắc lại điều này sẽ được đưa cho người duyệt bài.",
    ),
    "approved": (
        "Approved. New posts are matched with it within a minute.",
        "Đã duyệt. Bài mới sẽ được so với tin này trong vòng một phút.",
    ),
    "needs_second": (
        "You proposed it, so somebody else has to approve it.",
        "Bạn là người đề xuất, nên cần người khác duyệt.",
    ),
    "withdraw": ("Withdraw", "Rút lại"),
    "set_aside_it": ("Set aside", "Gác lại"),
    "withdraw_hint": (
        "Ends it at once. What it has brought up already stays in the queue.",
        "Kết thúc ngay. Những bài đã đưa vào hàng chờ vẫn ở đó.",
    ),
    "withdrawn_now": (
        "Withdrawn. New posts are no longer matched with it within a minute.",
        "Đã rút lại. Trong vòng một phút, bài mới sẽ không còn được so với tin này.",
    ),
    "correct": ("Correct", "Sửa"),
    "correcting": ("Correct statement {id}", "Sửa tin số {id}"),
    "correct_lead": (
        (
            "A correction is a new statement that two persons put in force again; this one stays "
            "as it is until then."
        ),
        (
            "Bản sửa là một tin mới, cũng cần hai người xác nhận; cho đến lúc đó tin này vẫn giữ "
            "nguyên."
        ),
    ),
    "cancel": ("Leave it as it is", "Giữ nguyên"),
    "propose": ("Propose a statement", "Đề xuất một tin sai"),
    "propose_lead": (
        (
            "A claim that a published source has shown to be false, never an opinion. Somebody "
            "else reads the source and approves it. A wording that would bring up neutral posts is "
            "refused."
        ),
        (
            "Chỉ những điều mà một nguồn đã công bố cho thấy là sai, không bao giờ là ý kiến. Một "
            "người khác sẽ đọc nguồn rồi duyệt. Câu nào khiến bài trung lập bị đưa ra sẽ bị từ "
            "chối."
        ),
    ),
    "wordings_label": (
        "The claim as people repeat it, one wording per line",
        "Tin sai theo cách mọi người kể lại, mỗi dòng một cách nói",
    ),
    "wordings_hint": (
        "The upper dam has broken\nThe dam above the town burst",
        "Đập hồ trên đã vỡ\nVỡ đập phía trên thị trấn rồi",
    ),
    "truth_label": ("What is true instead", "Sự thật là"),
    "truth_hint": (
        "Begin with a plain denial: The upper dam has not broken …",
        "Bắt đầu bằng lời phủ nhận rõ ràng: Đập hồ trên không vỡ …",
    ),
    "source_name": ("Who published it", "Ai công bố"),
    "source_url": ("Address of the publication", "Địa chỉ bài công bố"),
    "days": ("Days in force, 180 at most", "Số ngày hiệu lực, tối đa 180"),
    "submit": ("Propose", "Đề xuất"),
    "proposed": (
        "Proposed. Ask another coordinator, an analyst or an administrator to approve it.",
        "Đã đề xuất. Hãy nhờ điều phối viên khác, người phân tích hoặc quản trị viên duyệt.",
    ),
}
