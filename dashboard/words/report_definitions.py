"""Names and definitions of the figures of the transparency report.

The English definitions are the docstrings in `dashboard/jobs/reports_figures.py`, word for word,
where a figure has a function there; a test holds them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.dashboard.words.definitions_audit import AUDITS

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

_TO_DECISION: Entry = (
    (
        "Hours from the making of an item until its first decision that was not taken back. The "
        "time by which half of the items made in the window were decided, and nine in ten (Kaplan "
        "and Meier's estimate, bounds at 95 %). An item without a decision counts as waiting until "
        "the report's moment, and one whose post was deleted first for as long as it was there. "
        'Where too few are through, the longest wait so far is given as "at least"; under 30 '
        "items there is none."
    ),
    (
        "Số giờ từ khi mục được tạo đến quyết định đầu tiên không bị thu hồi. Đó là thời gian mà "
        "một nửa, và chín phần mười, số mục được tạo trong khoảng thời gian này đã có quyết định "
        "(ước lượng Kaplan–Meier, khoảng tin cậy 95%). Mục chưa có quyết định được tính là chờ đến "
        "thời điểm của báo cáo, còn mục có bài bị xoá trước đó thì tính đến lúc bị xoá. Khi còn "
        "quá ít mục đã xong thì nêu thời gian chờ dài nhất với chữ “ít nhất”; dưới 30 mục thì để "
        "trống."
    ),
)
_TO_RESPONSE: Entry = (
    (
        "Hours from the making of an item that needed an answer until its first response was "
        "logged. Counted as the time to a decision is; an item without a response counts as "
        "waiting until the report's moment, and so does what was flagged as a request and was not "
        "decided by then."
    ),
    (
        "Số giờ từ khi tạo mục cần trả lời đến khi ghi câu trả lời đầu tiên. Tính như thời gian "
        "đến quyết định; mục chưa có câu trả lời được tính là chờ đến thời điểm của báo cáo, và "
        "mục bị gắn cờ là yêu cầu mà đến lúc đó chưa có quyết định cũng vậy."
    ),
)
_AGREEMENT: Entry = (
    (
        "Of the items whose second reading was made in the window, on the same text: how far the "
        "two readers chose the same outcome or policy. Say the same is the plain share; alpha "
        "(Krippendorff) and AC1 (Gwet) take off what chance would give: 0 is no more than chance, "
        "1 full agreement. Under 30 such items none is given."
    ),
    (
        "Trong các mục có lượt đọc thứ hai trong khoảng thời gian này, trên cùng một nội dung: hai "
        "người chọn cùng kết quả hoặc quy định đến mức nào. “Nói giống nhau” là tỷ lệ đơn thuần; "
        "alpha (Krippendorff) và AC1 (Gwet) trừ đi phần do ngẫu nhiên: 0 là không hơn ngẫu nhiên, "
        "1 là hoàn toàn thống nhất. Dưới 30 mục như vậy thì để trống."
    ),
)
_LAG: Entry = (
    (
        "Hours from a post's deletion at its platform until it was erased here, of the posts that "
        "became known as deleted in the window and whose platform says when (Kaplan and Meier's "
        "estimate, bounds at 95 %). One whose text was held at the report's moment counts as "
        "waiting. Where the platform says no time, nobody knows it; under 30 posts none is given."
    ),
    (
        "Số giờ từ khi bài bị xoá trên nền tảng đến khi bị xoá tại đây, với các bài được biết là "
        "đã xoá trong khoảng thời gian này mà nền tảng cho biết lúc nào (ước lượng Kaplan và "
        "Meier, khoảng tin cậy 95%). Bài còn giữ nội dung vào lúc lập báo cáo được tính là còn "
        "chờ. Nền tảng không cho biết thì không ai biết; dưới 30 bài thì để trống."
    ),
)
DEFINITIONS: dict[str, Entry] = {
    "fig_posts_arrived": ("Posts that came in", "Số bài đã đến"),
    "def_posts_arrived": (
        "Posts that came in during the window, each once, on the day it reached Evenhand.",
        "Số bài đến trong khoảng thời gian này, mỗi bài một lần, vào ngày bài tới Evenhand.",
    ),
    "fig_flagged": ("Flagged", "Bị gắn cờ"),
    "def_flagged": (
        (
            "Posts that were flagged, of the posts that came in during the window. A flag says "
            "that a person should look; it is no finding, and this is no share of harm. Posts that "
            "were only drawn at random are left out. The interval is Wilson's, at 95 %; under 30 "
            "posts only the counts are shown."
        ),
        (
            "Số bài bị gắn cờ, trên số bài đến trong khoảng thời gian này. Gắn cờ nghĩa là cần có "
            "người xem; đó không phải là kết luận, và đây không phải là tỷ lệ nội dung gây hại. "
            "Bài chỉ được rút ngẫu nhiên thì không tính. Khoảng tin cậy là của Wilson, mức 95%; "
            "dưới 30 bài chỉ hiện số đếm."
        ),
    ),
    "fig_posts_civic": ("Of them civic", "Trong đó chuyện chung của xã hội"),
    "def_posts_civic": (
        (
            "Posts whose topic is politics, religion, labour, conflict or society, or unclear. "
            "They are counted together, without sentiment, source or trend."
        ),
        (
            "Số bài có chủ đề chính trị, tôn giáo, lao động, xung đột, xã hội hoặc không rõ. Chúng "
            "chỉ được đếm chung, không kèm cảm xúc, nguồn hay xu hướng."
        ),
    ),
    "fig_items_made": ("Items made", "Số mục được tạo"),
    "def_items_made": (
        (
            "Items made in the window: one for each post and queue that it was put into; near-"
            "copies stand behind one item, what audits drew counts too, and what is read once more "
            "is not counted again."
        ),
        (
            "Số mục được tạo trong khoảng thời gian này: mỗi bài trong mỗi hàng đợi là một mục; "
            "các bài gần giống nhau đứng sau một mục, bài rút để kiểm tra cũng tính, và mục được "
            "đọc lại không tính thêm."
        ),
    ),
    "fig_decided": ("Decided", "Đã quyết định"),
    "def_decided": (
        (
            "Items on which a decision stood, of the items made in the window. An item that waited "
            "counts as not decided, and so does one whose decision was taken back or whose post "
            "was deleted before anybody decided. The interval is Wilson's, at 95 %; under 30 items "
            "only the counts are shown."
        ),
        (
            "Số mục có quyết định đang có hiệu lực, trên số mục được tạo trong khoảng thời gian "
            "này. Mục còn chờ được tính là chưa quyết định, mục có quyết định bị thu hồi hoặc có "
            "bài bị xoá trước khi quyết định cũng vậy. Khoảng tin cậy là của Wilson, mức 95%; dưới "
            "30 mục chỉ hiện số đếm."
        ),
    ),
    "fig_decided_by_range": ("Decided by score range", "Quyết định theo khoảng điểm"),
    "def_decided_by_range": (
        (
            'Items that were given "no harm" together with others of like scores, after a sample '
            "of them was read; nobody read these."
        ),
        (
            "Số mục được kết luận “không gây hại” cùng các mục có điểm tương tự, sau khi một mẫu "
            "đã được đọc; không ai đọc những mục này."
        ),
    ),
    "fig_items_void": ("Deleted since", "Bị xoá sau đó"),
    "def_items_void": (
        "Items whose post was deleted at its platform. They stay in every other count.",
        "Số mục có bài bị xoá trên nền tảng. Chúng vẫn nằm trong mọi con số khác.",
    ),
    "fig_precision": ("Flags that were right", "Gắn cờ đúng"),
    "def_precision": (
        (
            "Items decided as they were flagged, of the flagged items made in the window and "
            "decided. As flagged means: the decision names the policy that the item was flagged "
            "for, among others perhaps; or, for a question, complaint or call for help, that it "
            "needs an answer or has one. Items that left people unsure are left out, and so is "
            "what was drawn at random and what waited. The interval is Wilson's, at 95 %; under 30 "
            "items only the counts are shown."
        ),
        (
            "Số mục được quyết định đúng như lý do gắn cờ, trên số mục bị gắn cờ, được tạo trong "
            "khoảng thời gian này và đã có quyết định. Đúng như lý do nghĩa là: quyết định nêu quy "
            "định mà mục bị gắn cờ, có thể cùng quy định khác; hoặc, với câu hỏi, khiếu nại hay "
            "lời kêu cứu, là cần trả lời hoặc đã có trả lời. Mục mà người duyệt chưa chắc, mục rút "
            "ngẫu nhiên và mục còn chờ không được tính. Khoảng tin cậy là của Wilson, mức 95%; "
            "dưới 30 mục chỉ hiện số đếm."
        ),
    ),
    "fig_days_audited": ("Days audited", "Số ngày có kiểm tra"),
    "def_days_audited": (
        "Days of the window whose unflagged posts an audit had drawn from by then.",
        "Số ngày trong khoảng thời gian này mà các bài không bị gắn cờ đã được rút để kiểm tra.",
    ),
    "fig_recall": ("Harm that was found", "Gây hại đã tìm thấy"),
    "def_recall": AUDITS["def_recall"],
    "fig_elusion": ("Harm among unflagged posts", "Gây hại trong bài không gắn cờ"),
    "def_elusion": AUDITS["def_elusion"],
    "fig_prevalence": ("Harm among all posts", "Gây hại trong mọi bài"),
    "def_prevalence": AUDITS["def_prevalence"],
    "fig_time_to_decision_median": (
        "Half were decided within",
        "Một nửa đã có quyết định trong vòng",
    ),
    "def_time_to_decision_median": _TO_DECISION,
    "fig_time_to_decision_p90": (
        "Nine in ten were decided within",
        "Chín phần mười đã có quyết định trong vòng",
    ),
    "def_time_to_decision_p90": _TO_DECISION,
    "fig_time_to_response_median": (
        "Half were answered within",
        "Một nửa đã được trả lời trong vòng",
    ),
    "def_time_to_response_median": _TO_RESPONSE,
    "fig_time_to_response_p90": (
        "Nine in ten were answered within",
        "Chín phần mười đã được trả lời trong vòng",
    ),
    "def_time_to_response_p90": _TO_RESPONSE,
    "fig_answered": ("Answered", "Đã trả lời"),
    "def_answered": (
        (
            "Items with a logged response, of the items made in the window that needed an answer. "
            "An item needs an answer when its decision says so, in its outcome or by a macro that "
            "begins the response; one that waited for it, or whose post was deleted meanwhile, "
            "counts as not answered. The interval is Wilson's, at 95 %; under 30 items only the "
            "counts are shown."
        ),
        (
            "Số mục đã ghi câu trả lời, trên số mục được tạo trong khoảng thời gian này và cần trả "
            "lời. Một mục cần trả lời khi quyết định ghi như vậy, trong kết quả hoặc qua một macro "
            "mở đầu câu trả lời; mục còn chờ trả lời, hoặc có bài bị xoá trong lúc chờ, được tính "
            "là chưa trả lời. Khoảng tin cậy là của Wilson, mức 95%; dưới 30 mục chỉ hiện số đếm."
        ),
    ),
    "fig_responses": ("Responses logged", "Câu trả lời đã ghi"),
    "def_responses": (
        (
            "Responses that were logged in the window, whenever their item was made; what another "
            "one corrected is left out."
        ),
        (
            "Số câu trả lời được ghi trong khoảng thời gian này, bất kể mục được tạo khi nào; câu "
            "đã được câu khác sửa thì không tính."
        ),
    ),
    "fig_appeals_filed": ("Appeals filed", "Khiếu nại đã gửi"),
    "def_appeals_filed": (
        "Appeals that were filed in the window, by the team or for the person whose post it is.",
        "Số khiếu nại được gửi trong khoảng thời gian này, từ nhóm hoặc thay cho người có bài.",
    ),
    "fig_overturned": ("Overturned", "Làm đổi quyết định"),
    "def_overturned": (
        (
            "Appeals by which another decision came to stand, of those filed in the window and "
            "decided. Those that waited, and those that somebody was not sure about, count "
            "nowhere. Another decision may follow from new facts as well as from a mistake. The "
            "interval is Wilson's, at 95 %; under 30 appeals only the counts are shown."
        ),
        (
            "Số khiếu nại dẫn đến một quyết định khác, trên số khiếu nại được gửi trong khoảng "
            "thời gian này và đã có kết quả. Khiếu nại còn chờ, hoặc người đọc chưa chắc, không "
            "được tính. Quyết định khác có thể do có thông tin mới chứ không chỉ do nhầm lẫn. "
            "Khoảng tin cậy là của Wilson, mức 95%; dưới 30 khiếu nại chỉ hiện số đếm."
        ),
    ),
    "fig_agreement_percent": ("Say the same", "Nói giống nhau"),
    "def_agreement_percent": _AGREEMENT,
    "fig_agreement_alpha": ("Alpha", "Alpha"),
    "def_agreement_alpha": _AGREEMENT,
    "fig_agreement_ac1": ("AC1", "AC1"),
    "def_agreement_ac1": _AGREEMENT,
    "fig_statements_in_force": ("Statements in force", "Tin sai có hiệu lực"),
    "def_statements_in_force": (
        "Statements that were in force at some time of the window.",
        "Số tin sai có hiệu lực vào một lúc nào đó trong khoảng thời gian này.",
    ),
    "fig_texts_erased": ("Texts erased by age", "Nội dung đã xoá do hết hạn"),
    "def_texts_erased": (
        "Unflagged posts whose text was erased in the window because of its age, by the ledger.",
        "Số bài không bị gắn cờ có nội dung bị xoá vì hết hạn trong khoảng thời gian này, theo sổ.",
    ),
    "fig_erasures": ("Entries that prove it", "Số dòng ghi chứng minh"),
    "def_erasures": (
        "Entries of the ledger about such erasures in the window.",
        "Số dòng trong sổ về việc xoá như vậy trong khoảng thời gian này.",
    ),
    "fig_posts_deleted": ("Posts deleted at their platform", "Bài bị xoá trên nền tảng"),
    "def_posts_deleted": (
        "Posts that became known as deleted in the window; their text and pseudonym went at once.",
        "Số bài được biết là đã xoá trong khoảng thời gian này; nội dung và bí danh bị xoá ngay.",
    ),
    "fig_texts_purged": ("Texts of deleted posts purged", "Nội dung của bài bị xoá đã xoá"),
    "def_texts_purged": (
        "Those of them whose text was held when their deletion became known, and was erased then.",
        "Số bài trong đó còn giữ nội dung vào lúc được biết là đã xoá, và đã xoá nội dung lúc đó.",
    ),
    "fig_purge_lag_median": ("Purge lag, half of the posts", "Độ trễ xoá, một nửa số bài"),
    "def_purge_lag_median": _LAG,
    "fig_purge_lag_p95": ("Purge lag, 95 in 100 posts", "Độ trễ xoá, 95 trên 100 bài"),
    "def_purge_lag_p95": _LAG,
}
