"""Words of the models page for what is watched: shadow, learning draw, drift, labels in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    # Shadow
    "shadow_none": (
        (
            "It has not run in the shadow yet. There it shows on real posts what it would do, "
            "before anybody gets one because of it."
        ),
        (
            "Mô hình này chưa chạy thử. Chạy thử cho thấy trên bài thật nó sẽ làm khác thế nào, "
            "trước khi có ai nhận bài vì nó."
        ),
    ),
    "shadow_begins": (
        "The shadow run has begun. The worker shows the first figures within a minute.",
        "Đã bắt đầu chạy thử. Các con số đầu tiên sẽ có trong vòng một phút.",
    ),
    "shadow_line": (
        (
            "Both models have read {n} post since {since}.",
            "Both models have read {n} posts since {since}.",
        ),
        "Hai mô hình đã đọc {n} bài kể từ {since}.",
    ),
    "shadow_same": (
        "They would put the same posts before people.",
        "Hai mô hình sẽ đưa ra duyệt cùng những bài như nhau.",
    ),
    "shadow_alt": (
        "What each model would put before people",
        "Mỗi mô hình sẽ đưa bài nào ra duyệt",
    ),
    "shadow_how": (
        "Posts that would be put before people for this label, by both or by one model alone.",
        "Số bài sẽ được đưa ra duyệt vì nhãn này, bởi cả hai hoặc chỉ một mô hình.",
    ),
    "col_both": ("Both", "Cả hai"),
    "col_only_active": ("Active model alone", "Chỉ mô hình đang dùng"),
    "col_only_shadow": ("Shadow model alone", "Chỉ mô hình chạy thử"),
    "shadow_list": (
        ("**{n} disagreement that you may read:**", "**{n} disagreements that you may read:**"),
        "**{n} chỗ khác nhau mà bạn được đọc:**",
    ),
    "shadow_counted": (
        (
            "{n} more disagreement is on a post that nobody may read, and is only counted.",
            "{n} more disagreements are on posts that nobody may read, and are only counted.",
        ),
        "{n} chỗ khác nhau nữa nằm ở các bài không ai được đọc, nên chỉ được đếm.",
    ),
    "only_active": (
        "only the active model puts it up",
        "chỉ mô hình đang dùng đưa ra duyệt",
    ),
    "only_shadow": (
        "only the shadow model puts it up",
        "chỉ mô hình chạy thử đưa ra duyệt",
    ),
    "both_scores": (
        "Score of the active model {active}, of the shadow {shadow}",
        "Điểm của mô hình đang dùng {active}, chạy thử {shadow}",
    ),
    "no_text_held": (
        "Its text is not held any more, or not open to you.",
        "Nội dung không còn được giữ, hoặc bạn không được xem.",
    ),
    "covered": ("Covered, to spare you.", "Đã che để bạn không phải đọc ngay."),
    "uncover": ("Show the text", "Hiện nội dung"),
    "cover": ("Cover the text", "Che nội dung"),
    # Learning draw
    "draw": ("Posts to learn from", "Rút bài để học"),
    "draw_lead": (
        (
            "Flagged posts teach only what is found already. A draw puts some unflagged posts into "
            "the queue, so that the model learns from what it does not see."
        ),
        (
            "Bài được gắn cờ chỉ dạy những gì đã nhận ra. Rút bài đưa một số bài chưa gắn cờ vào "
            "hàng chờ, để mô hình học từ những gì nó chưa thấy."
        ),
    ),
    "budget": (
        "<b>Week {week}</b>: {used} of {limit} used, {left} left",
        "<b>Tuần {week}</b>: đã dùng {used} trên {limit}, còn {left}",
    ),
    "budget_how": (
        "One budget for audits, learning and drift together; it begins again on Monday.",
        "Một hạn mức chung cho kiểm tra, học và theo dõi thay đổi; bắt đầu lại vào thứ Hai.",
    ),
    "draw_others": ("Coordinators draw.", "Việc rút bài do điều phối viên làm."),
    "draw_spent": (
        "This week's budget is spent. It begins again on Monday.",
        "Hạn mức tuần này đã hết. Sẽ bắt đầu lại vào thứ Hai.",
    ),
    "draw_n": ("Posts to draw", "Số bài cần rút"),
    "draw_press": ("Draw into the queue", "Rút vào hàng chờ"),
    "draw_means": (
        (
            "The worker draws {n} of the unflagged posts that are held: a third where the model is "
            "unsure, a third unlike each other, a third at random. Nobody chooses by words, topic, "
            "source or author, and a reviewer does not see that a post was drawn."
        ),
        (
            "Chương trình nền rút {n} bài chưa gắn cờ còn giữ: một phần ba mô hình chưa chắc, một "
            "phần ba khác nhau nhiều, một phần ba ngẫu nhiên. Không ai chọn theo từ ngữ, chủ đề, "
            "nguồn hay tác giả, và người duyệt không biết bài nào được rút."
        ),
    ),
    "draw_asked": (
        (
            "Asked for {n} post. It appears in the queue in a moment.",
            "Asked for {n} posts. They appear in the queue in a moment.",
        ),
        "Đã yêu cầu rút {n} bài. Các bài sẽ vào hàng chờ sau giây lát.",
    ),
    # Drift
    "drift": ("Has anything changed?", "Có gì thay đổi không?"),
    "drift_lead": (
        (
            "What comes in now beside what came in before. A change is a reason to look, up as "
            "well as down."
        ),
        (
            "So bài đến gần đây với bài đến trước đó. Thay đổi là lý do để xem lại, dù tăng hay "
            "giảm."
        ),
    ),
    "ask_drift": ("Compare now", "So sánh ngay"),
    "drift_line": (
        (
            "{n} alarm: {after} beside {before}.",
            "{n} alarms: {after} beside {before}.",
        ),
        "{n} cảnh báo: {after} so với {before}.",
    ),
    "drift_all": ("All figures", "Tất cả các mục"),
    "drift_alt": ("What has changed, by figure", "Thay đổi theo từng mục"),
    "drift_how": (
        (
            "PSI is how far two spreads are apart: from 0.1 watch, from 0.2 alarm, unless chance "
            "explains it. What is put before people twice or half as often is an alarm in any case."
        ),
        (
            "PSI đo hai phân bố cách nhau bao xa: từ 0,1 là cần để ý, từ 0,2 là cảnh báo, trừ khi "
            "do ngẫu nhiên. Phần đưa ra duyệt tăng gấp đôi hoặc giảm một nửa thì luôn là cảnh báo."
        ),
    ),
    "drift_alarm": ("▲ alarm", "▲ cảnh báo"),
    "drift_watch": ("△ watch", "△ để ý"),
    "drift_steady": ("● steady", "● ổn định"),
    "drift_unshown": ("○ not enough evidence", "○ chưa đủ bằng chứng"),
    "direction_up": ("↑ more", "↑ tăng"),
    "direction_down": ("↓ less", "↓ giảm"),
    "series_length": ("length of posts", "độ dài bài"),
    "series_language": ("languages", "ngôn ngữ"),
    "series_source": ("sources", "nguồn tin"),
    "series_unknown": ("words unknown to the model", "từ mô hình chưa biết"),
    "series_score": ("score: {label}", "điểm: {label}"),
    "series_put": ("put before people: {label}", "đưa ra duyệt: {label}"),
    "col_series": ("What", "Mục"),
    "col_change": ("Change", "Thay đổi"),
    "col_direction": ("Direction", "Hướng"),
    "col_psi": ("PSI", "PSI"),
    "col_posts": ("Posts", "Số bài"),
    # Labels in doubt
    "doubts": ("Labels worth a second look", "Nhãn nên xem lại"),
    "doubts_lead": (
        (
            "Decisions that the model, taught by all the others, believes least. It may be the "
            "model that is wrong: hand the list to a coordinator, nothing is changed here."
        ),
        (
            "Các quyết định mà mô hình, học từ mọi quyết định khác, ít tin nhất. Cũng có thể mô "
            "hình sai: hãy chuyển danh sách cho điều phối viên, ở đây không thay đổi gì."
        ),
    ),
    "ask_label_errors": ("Look for them", "Tìm nhãn đáng ngờ"),
    "doubts_none": ("No standing decision is in doubt.", "Không quyết định nào đáng ngờ."),
    "doubts_line": (
        ("**{n} decision, least believed first:**", "**{n} decisions, least believed first:**"),
        "**{n} quyết định, ít tin nhất xếp trước:**",
    ),
    "doubt_yes": ("the decision says yes", "quyết định nói có"),
    "doubt_no": ("the decision says no", "quyết định nói không"),
    "doubt_score": (
        "Item {item}, decided {at}; the model gives the decision a chance of {score}",
        "Mục {item}, quyết định lúc {at}; theo mô hình, khả năng đúng là {score}",
    ),
    "doubts_csv": (
        "Save the list as CSV, without texts",
        "Lưu danh sách dạng CSV, không có nội dung",
    ),
    "yes": ("yes", "có"),
    "no": ("no", "không"),
    "col_item": ("Item", "Mục"),
    "col_given": ("Decision", "Quyết định"),
    "col_believed": ("Chance by the model", "Khả năng đúng theo mô hình"),
}
