"""Words of the simulator page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Simulator", "Thử ngưỡng"),
    "lead": (
        "What other thresholds, severities or more hands would do. Trying changes nothing.",
        "Ngưỡng, mức nghiêm trọng hay nhân lực khác sẽ ra sao. Thử ở đây không thay đổi gì.",
    ),
    "ground": (
        "From {days} whole days (UTC), {first} to {last}; {read} audited posts read.",
        "Từ {days} ngày trọn (UTC), {first} đến {last}; đã đọc {read} bài kiểm tra ngẫu nhiên.",
    ),
    "model": (
        "Model {model}; counted {ago}. Later decisions come in within a day.",
        "Mô hình {model}; đếm {ago}. Quyết định sau đó sẽ được tính trong vòng một ngày.",
    ),
    "left_out": (
        "{days} days are left out: another model tagged them.",
        "Bỏ qua {days} ngày: mô hình khác đã gắn thẻ.",
    ),
    "nothing": (
        "Seven whole days are needed, {days} are counted. The worker counts each when it is over.",
        "Cần bảy ngày trọn, mới đếm được {days}. Chương trình nền đếm khi mỗi ngày kết thúc.",
    ),
    "try_part": ("What to try", "Thử gì"),
    "thresholds": ("Thresholds", "Ngưỡng"),
    "thresholds_hint": (
        "A higher one puts fewer posts before people; none goes below its floor.",
        "Ngưỡng cao hơn đưa ít bài đến người duyệt hơn; không ngưỡng nào xuống dưới mức sàn.",
    ),
    "no_labels": (
        "No threshold decides anything in these days: rules and statements bring all there is.",
        "Những ngày này không ngưỡng nào có tác dụng: quy tắc và danh sách tin sai đưa bài lên.",
    ),
    "now": ("{value} (now)", "{value} (hiện tại)"),
    "capacity": ("Decisions a day", "Số quyết định mỗi ngày"),
    "capacity_hint": (
        "How many flagged items the team decides a day; audits and second readings come on top.",
        "Số mục được gắn cờ mà nhóm quyết định mỗi ngày; kiểm tra và đọc lần hai tính thêm.",
    ),
    "severities": ("Severities", "Mức nghiêm trọng"),
    "severities_hint": (
        "Severities change the order only, not what is put before people.",
        "Mức nghiêm trọng chỉ đổi thứ tự, không đổi bài nào được đưa đến người duyệt.",
    ),
    "result_part": ("What it comes to", "Kết quả"),
    "col_figure": ("Figure", "Chỉ số"),
    "col_before": ("Now", "Hiện tại"),
    "col_after": ("With these", "Với lựa chọn này"),
    "workload": ("Items a day", "Số mục mỗi ngày"),
    "recall": ("Recall", "Độ phát hiện"),
    "precision": ("Precision", "Độ chính xác"),
    "clear": ("Until nothing waits", "Đến khi không còn gì chờ"),
    "wait": ("Wait of what comes in today", "Thời gian chờ của mục đến hôm nay"),
    "backlog_later": ("Waiting after {days} days", "Số mục chờ sau {days} ngày"),
    "days": ("{n} days", "{n} ngày"),
    "never": ("never: it grows", "không bao giờ: tăng dần"),
    "hardly": ("more than a year", "hơn một năm"),
    "nobody_decides": ("never: nobody decides", "không bao giờ: không ai quyết định"),
    "between": ("{value} ({low} to {high})", "{value} ({low} đến {high})"),
    "only_between": ("{low} to {high}: {why}", "{low} đến {high}: {why}"),
    "why_few_read": ("fewer than 30 read", "đã đọc chưa đến 30 bài"),
    "why_nobody_read": ("nobody has read there", "chưa ai đọc phần đó"),
    "why_no_posts": ("no posts", "không có bài"),
    "why_no_harm": ("no harm was seen", "chưa thấy nội dung gây hại nào"),
    "why_too_few": ("too few audited posts", "quá ít bài kiểm tra ngẫu nhiên"),
    "why_audit_open": ("too many audited posts wait", "quá nhiều bài kiểm tra còn chờ"),
    "why_none_seen": ("the audit saw no missed harm", "kiểm tra chưa thấy bài gây hại bị sót"),
    "why_undecided": ("nothing is decided", "chưa có quyết định nào"),
    "why_too_wide": ("too wide for one number", "khoảng quá rộng để nêu một con số"),
    "same": (
        "These are the thresholds in force: about {items} items a day.",
        "Đây là các ngưỡng đang dùng: khoảng {items} mục mỗi ngày.",
    ),
    "more": (
        "About {n} items more a day; recall would be {after} instead of {before}.",
        "Mỗi ngày thêm khoảng {n} mục; độ phát hiện là {after} thay vì {before}.",
    ),
    "fewer": (
        "About {n} items fewer a day; recall would be {after} instead of {before}.",
        "Mỗi ngày bớt khoảng {n} mục; độ phát hiện là {after} thay vì {before}.",
    ),
    "curve_part": ("Recall against workload", "Độ phát hiện theo khối lượng việc"),
    "curve_lead": (
        "All thresholds moved together; dotted lines are the 95% bounds.",
        "Mọi ngưỡng cùng thay đổi; đường chấm là khoảng tin cậy 95%.",
    ),
    "curve_alt": (
        "Recall against items a day. Now: {now}. With these: {chosen}.",
        "Độ phát hiện theo số mục mỗi ngày. Hiện tại: {now}. Với lựa chọn này: {chosen}.",
    ),
    "spot": ("{items} items a day, recall {recall}", "{items} mục mỗi ngày, phát hiện {recall}"),
    "numbers": ("The numbers", "Các con số"),
    "csv": ("CSV file", "Tệp CSV"),
    "col_shift": ("Moved by (log-odds)", "Thay đổi (log-odds)"),
    "col_items": ("Items a day", "Số mục mỗi ngày"),
    "col_recall": ("Recall", "Độ phát hiện"),
    "col_low": ("Lower bound", "Cận dưới"),
    "col_high": ("Upper bound", "Cận trên"),
    "labels_part": ("By policy and request", "Theo quy định và yêu cầu"),
    "labels_lead": (
        "Posts a day; a post with two reasons counts under both.",
        "Số bài mỗi ngày; bài có hai lý do được tính ở cả hai.",
    ),
    "col_label": ("Why", "Lý do"),
    "col_posts_before": ("Posts a day now", "Số bài mỗi ngày hiện tại"),
    "col_posts_after": ("With these", "Với lựa chọn này"),
    "col_right": ("Rightly, of those that stay", "Đúng, trong số bài còn lại"),
    "order_part": (
        "The next {n} claims of the harm queue",
        "{n} lượt nhận kế tiếp của hàng chờ gây hại",
    ),
    "order_none": (
        "Nothing waits in the harm queue, so there is no order to show.",
        "Không có gì chờ trong hàng chờ gây hại nên không có thứ tự để xem.",
    ),
    "unknown_part": ("What it cannot know", "Những điều không thể biết"),
    "unknown_days": (
        "It expects days like those counted: it knows no weekday, and a flood breaks it.",
        "Giả định các ngày tới giống những ngày đã đếm: không biết thứ trong tuần, lũ làm sai.",
    ),
    "unknown_recall": (
        "Bounds of recall say how well the past weeks are known, not how other weeks will differ.",
        "Khoảng của độ phát hiện cho biết các tuần qua rõ đến đâu, không nói về tuần khác.",
    ),
    "unknown_lower": (
        "What a lower threshold would bring, only the audit has read: its bounds are wide.",
        "Phần mà ngưỡng thấp hơn sẽ đưa lên chỉ có kiểm tra ngẫu nhiên đọc: khoảng rất rộng.",
    ),
    "unknown_people": (
        "It takes what people would decide to be right, and does not see what they overlook.",
        "Coi quyết định của người duyệt là đúng, không thấy điều họ bỏ sót.",
    ),
    "unknown_rest": (
        "Posts that rules, statements or people bring stay, whatever the thresholds.",
        "Bài do quy tắc, danh sách tin sai hay con người đưa lên vẫn còn, dù ngưỡng thế nào.",
    ),
    "how": ("How each is counted", "Cách tính từng chỉ số"),
    "propose_part": ("Propose these thresholds", "Đề xuất các ngưỡng này"),
    "propose_lead": (
        (
            "A proposal changes nothing yet: the worker makes a candidate with the same weights "
            "and measures it like any other, and a second person promotes it on Models."
        ),
        (
            "Đề xuất chưa thay đổi gì: tiến trình nền tạo một mô hình chờ xét cùng trọng số và đo "
            "như mọi mô hình khác, rồi người thứ hai đưa vào dùng ở trang Mô hình."
        ),
    ),
    "propose_gates": (
        (
            "Promotion is refused where the neutrality gate fails, or where recall of a policy or "
            "request falls by more than 3 points in a language, or may have."
        ),
        (
            "Không được đưa vào dùng nếu không đạt tính trung lập, hoặc nếu độ phát hiện của một "
            "quy định hay yêu cầu giảm quá 3 điểm ở một ngôn ngữ, hay có thể đã giảm như vậy."
        ),
    ),
    "propose_none": (
        "These are the thresholds in force. Move one above to propose it.",
        "Đây là các ngưỡng đang dùng. Hãy đổi một ngưỡng ở trên để đề xuất.",
    ),
    "propose_others": (
        "This changes nothing. Analysts and administrators propose thresholds.",
        "Việc này không thay đổi gì. Người phân tích và quản trị viên đề xuất ngưỡng.",
    ),
    "reason": ("Why these thresholds", "Vì sao chọn các ngưỡng này"),
    "reason_hint": (
        "It stays in the model's card for good: write no names and no words of a post.",
        "Nằm lại mãi trong thẻ mô tả mô hình. Không ghi tên người hay lời của bài viết.",
    ),
    "propose": ("Propose these thresholds", "Đề xuất các ngưỡng này"),
    "proposed": (
        "Asked for. The worker makes the candidate; you can leave this page meanwhile.",
        "Đã gửi. Chương trình nền đang tạo mô hình chờ xét; bạn có thể rời trang này.",
    ),
    "severities_fixed": (
        "Severities come with the wording of the policies and cannot be proposed here.",
        "Mức nghiêm trọng đi cùng lời văn của quy định, không đề xuất được ở đây.",
    ),
    "go_models": ("Look at the candidates on Models", "Xem các mô hình chờ xét ở trang Mô hình"),
    "go_policies": ("See the policies", "Xem các quy định"),
    "def_workload": (
        (
            "Items that come in for a decision on a day to come: the mean of the days counted. "
            "In brackets the 95 % prediction interval of one day, for days that vary as those "
            "did (Student's t; variance at least the mean). What a lower threshold adds is "
            "grouped into waves as often as the rest, at the upper bound not at all."
        ),
        (
            "Số mục cần quyết định trong một ngày sắp tới: trung bình các ngày đã đếm. Trong "
            "ngoặc là khoảng dự đoán 95% cho một ngày, với các ngày dao động như trước (t của "
            "Student; phương sai ít nhất bằng trung bình). Phần do ngưỡng thấp hơn thêm vào được "
            "gộp thành đợt như phần còn lại; ở cận trên thì không gộp."
        ),
    ),
    "def_recall": (
        (
            "(found harm that stays + missed harm that comes in) / (found + waiting + missed), "
            "of the audited days. What falls out was read and is known; what comes in is "
            "estimated from the audit (95 %, Korn and Graubard). Blank where the bounds are more "
            "than 0.4 apart. Posts are counted, on other pages items."
        ),
        (
            "(bài gây hại đã tìm thấy còn giữ + bài bị sót được đưa vào) / (đã tìm thấy + đang "
            "chờ + bị sót), của các ngày có kiểm tra. Phần bị loại đã được đọc nên biết rõ; phần "
            "thêm vào được ước lượng từ kiểm tra (95%, Korn và Graubard). Bỏ trống khi hai cận "
            "cách nhau hơn 0,4. Ở đây đếm bài, ở các trang khác đếm mục."
        ),
    ),
    "def_precision": (
        (
            "Posts rightly put before people (a violation, or an answer needed) / posts decided, "
            "with Wilson's 95 % interval; blank under 30. Of what a lower threshold brings, it "
            "is known only where the audit has read at least 30 posts."
        ),
        (
            "Bài được đưa lên đúng (vi phạm, hoặc cần trả lời) / bài đã quyết định, với khoảng "
            "95% của Wilson; bỏ trống khi dưới 30. Với phần do ngưỡng thấp hơn đưa vào, chỉ "
            "biết khi kiểm tra đã đọc ít nhất 30 bài."
        ),
    ),
    "def_waiting": (
        (
            "Backlog / (decisions a day - items a day), and backlog / decisions a day for the "
            "wait, as if each took its turn. The bounds after 14 days are those of the mean "
            "workload."
        ),
        (
            "Số mục chờ / (quyết định mỗi ngày - mục đến mỗi ngày); thời gian chờ là số mục chờ "
            "/ quyết định mỗi ngày, như thể lần lượt. Cận sau 14 ngày là của khối lượng trung "
            "bình."
        ),
    ),
}
