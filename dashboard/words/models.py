"""Words of the models page: the active model, labels, candidates, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.dashboard.words import models_measured, models_proposed, models_watching

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Models", "Mô hình"),
    "lead": (
        (
            "The model decides which posts people get to read. Here it is taught from the team's "
            "decisions, measured, promoted by two people, and taken back."
        ),
        (
            "Mô hình quyết định bài nào được đưa đến người duyệt. Tại đây mô hình được dạy từ "
            "quyết định của nhóm, được đo, được hai người đưa vào dùng, và được đổi lại khi cần."
        ),
    ),
    # The active model
    "active": ("The active model", "Mô hình đang dùng"),
    "since": ("Since", "Từ lúc"),
    "promoted_by": ("Promoted by", "Người đưa vào dùng"),
    "neutrality": ("Neutrality", "Tính trung lập"),
    "shipped": ("came with Evenhand", "có sẵn trong Evenhand"),
    "nobody": ("nobody yet", "chưa có ai"),
    "weak_in": (
        "In {language}, rules and word keys alone speak for: {labels}.",
        "Với {language}, chỉ quy tắc và từ khóa nhận ra: {labels}.",
    ),
    "weak_rules": (
        "In any language only rules and statements find: {labels}.",
        "Ở mọi ngôn ngữ, chỉ quy tắc và danh sách tin sai nhận ra: {labels}.",
    ),
    "weak_nowhere": (
        "It is believed for every label in English and Vietnamese.",
        "Mô hình được tin cậy với mọi nhãn trong tiếng Anh và tiếng Việt.",
    ),
    "roll_back": ("Roll back", "Quay lại mô hình trước"),
    "roll_back_means": (
        (
            "Goes back to {model} at once; the worker uses it within a minute. Nothing is "
            "re-scored and no item leaves the queue."
        ),
        (
            "Quay lại {model} ngay; chương trình nền dùng mô hình đó trong vòng một phút. Không "
            "bài nào bị chấm lại, không mục nào rời hàng chờ."
        ),
    ),
    "rolled_back": (
        "Rolled back. The model from before is active again.",
        "Đã quay lại. Mô hình trước đó đang được dùng trở lại.",
    ),
    "state_candidate": ("candidate", "chờ xét"),
    "state_shadow": ("shadow", "đang chạy thử"),
    "state_active": ("active", "đang dùng"),
    "state_retired": ("retired", "đã cất"),
    # Labels
    "labels": ("What the team has taught so far", "Nhóm đã dạy được gì"),
    "labels_lead": (
        (
            "Every decision is a label. A policy or request can be learnt once 50 different texts "
            "say yes and 50 say no. Copies count once and the newest fifth is kept back for the "
            "test, so a full bar may still fall a little short."
        ),
        (
            "Mỗi quyết định là một nhãn. Một quy định hay yêu cầu học được khi có 50 bài khác nhau "
            "nói có và 50 bài nói không. Bài trùng chỉ tính một lần và một phần năm mới nhất được "
            "giữ lại để kiểm tra, nên thanh vừa đầy có thể vẫn còn thiếu một ít."
        ),
    ),
    "labels_none": (
        (
            "No decision can be learnt from yet. Review some posts, or let a source be used for "
            "training on the Sources page."
        ),
        (
            "Chưa có quyết định nào để học. Hãy duyệt một số bài, hoặc cho phép một nguồn được "
            "dùng để huấn luyện ở trang Nguồn tin."
        ),
    ),
    "policies": (
        "Harm policies: decisions that say yes",
        "Quy định về gây hại: số quyết định nói có",
    ),
    "requests": ("Requests: decisions that say yes", "Yêu cầu: số quyết định nói có"),
    "labels_row": ("<b>{label}</b>: {n} of {need}", "<b>{label}</b>: {n} trên {need}"),
    "labels_row_full": ("<b>{label}</b>: {n} ✓", "<b>{label}</b>: {n} ✓"),
    "labels_alt": (
        "A bar for each label, full at 50 decisions that say yes. {rows}.",
        "Mỗi nhãn một thanh, đầy khi có 50 quyết định nói có. {rows}.",
    ),
    "labels_rest": (
        "Not learnt from labels, but found by rules and statements: {labels}.",
        "Không học từ nhãn mà do quy tắc và danh sách tin sai nhận ra: {labels}.",
    ),
    "labels_table": ("All labels by origin", "Tất cả các nhãn theo nguồn gốc"),
    "labels_origins": (
        "What an audit drew is never learnt from: it measures what was missed.",
        "Bài do kiểm tra ngẫu nhiên rút ra không bao giờ dùng để học: chúng đo phần bị bỏ sót.",
    ),
    "labels_simulated": (
        "{n} of these are simulated and count in a demo only.",
        "{n} nhãn trong số này là mô phỏng, chỉ tính trong bản dùng thử.",
    ),
    "from_flagged": ("flagged post", "bài được gắn cờ"),
    "from_learning": ("learning draw", "rút để học"),
    "from_audit": ("audit", "kiểm tra ngẫu nhiên"),
    "from_double": ("second opinion", "ý kiến thứ hai"),
    "from_gold": ("gold item", "mục chuẩn"),
    # Training
    "train": ("Train a candidate", "Huấn luyện mô hình mới"),
    "train_means": (
        (
            "The worker learns from the labels above, compares the result with the active model "
            "and puts it through the neutrality gate. Nothing changes in the queue."
        ),
        (
            "Chương trình nền học từ các nhãn trên, so kết quả với mô hình đang dùng và kiểm tra "
            "tính trung lập. Hàng chờ không thay đổi."
        ),
    ),
    "train_others": (
        "Analysts and administrators train candidates.",
        "Việc huấn luyện do người phân tích và quản trị viên làm.",
    ),
    "train_asked": (
        "Asked for. The worker begins in a moment; you can leave this page meanwhile.",
        "Đã gửi yêu cầu. Chương trình nền sắp bắt đầu; bạn có thể rời trang này.",
    ),
    # Tasks
    "task_asked": (
        "Asked for. The worker begins in a moment.",
        "Đã gửi yêu cầu. Chương trình nền sắp bắt đầu.",
    ),
    "task_waits": (
        "Waits for the worker, asked for {since}. If it stays so, ask whether a worker runs.",
        "Đang chờ chương trình nền, yêu cầu {since}. Nếu chờ lâu, hãy hỏi xem nó có đang chạy.",
    ),
    "task_begins": ("beginning", "đang bắt đầu"),
    "task_at": ("{percent}: {step}", "{percent}: {step}"),
    "task_done": ("Done {since}", "Xong {since}"),
    "task_failed": (
        "Did not work {since}, and nothing was changed",
        "Chưa thực hiện được {since}, chưa có gì thay đổi",
    ),
    "step_rescoring": (
        (
            "{n} post tagged again, {new} new in the queue",
            "{n} posts tagged again, {new} new in the queue",
        ),
        "đã gắn nhãn lại {n} bài, {new} bài mới vào hàng chờ",
    ),
    "step_labels": ("reading the labels", "đọc các nhãn"),
    "step_learning": ("preparing the texts", "chuẩn bị các bài"),
    "step_reviewers": ("comparing reviewers with each other", "so các người duyệt với nhau"),
    "step_label": ("learning “{label}”", "học “{label}”"),
    "step_saving": ("saving", "lưu lại"),
    "step_comparing": ("comparing with the active model", "so với mô hình đang dùng"),
    "step_gate": ("neutrality gate", "kiểm tra tính trung lập"),
    "step_storing": ("storing", "ghi kết quả"),
    "end_trained": (
        "{model} was made from {n} labels. It stands below with all that was measured.",
        "Đã tạo {model} từ {n} nhãn. Mô hình nằm bên dưới cùng mọi số đo.",
    ),
    "end_same": (
        "The same labels give the same model again: {model}. Review more posts first.",
        "Vẫn các nhãn ấy nên lại ra mô hình cũ: {model}. Hãy duyệt thêm bài trước.",
    ),
    "end_too_few": (
        (
            "Too few labels. Nearest is “{label}” with {have} of {need} texts, without the newest "
            "fifth; review more posts of that kind first."
        ),
        (
            "Còn quá ít nhãn. Gần đủ nhất là “{label}” với {have} trên {need} bài, không kể một "
            "phần năm mới nhất; hãy duyệt thêm bài loại đó trước."
        ),
    ),
    "end_none_held": (
        "No unflagged post is held that may train. Wait for new posts.",
        "Không còn giữ bài chưa gắn cờ nào được dùng để học. Hãy chờ bài mới.",
    ),
    "end_missing_extra": (
        "The optional part “{extra}” is not installed. Ask the operator to install it.",
        "Phần tùy chọn “{extra}” chưa được cài. Hãy nhờ người vận hành cài đặt.",
    ),
    "end_few_days": (
        (
            "There is {n} whole day of posts, and a comparison needs {need}. Try again tomorrow.",
            "There are {n} whole days of posts, and a comparison needs {need}. Try again tomorrow.",
        ),
        "Mới có {n} ngày trọn vẹn, cần {need} ngày để so sánh. Hãy thử lại vào ngày mai.",
    ),
    "end_drawn": (
        ("{n} post was drawn into the queue.", "{n} posts were drawn into the queue."),
        "Đã rút {n} bài vào hàng chờ.",
    ),
    "end_alarms": (("{n} alarm.", "{n} alarms."), "{n} cảnh báo."),
    "end_no_alarm": ("No alarm.", "Không có cảnh báo."),
    "end_doubts": (
        "{n} of {total} labels look mistaken.",
        "{n} trên {total} nhãn có vẻ nhầm.",
    ),
    # Candidates
    "candidates": ("Candidates", "Mô hình chờ xét"),
    "candidates_lead": (
        (
            "A candidate takes the place of the active model only if no language loses, the "
            "neutrality gate holds, and a second person agrees."
        ),
        (
            "Mô hình mới chỉ thay mô hình đang dùng khi không ngôn ngữ nào kém đi, tính trung lập "
            "được giữ, và có người thứ hai đồng ý."
        ),
    ),
    "candidates_none": (
        (
            "No candidate yet. Train one from the labels above, or propose other thresholds on "
            "the page Simulator."
        ),
        (
            "Chưa có mô hình nào chờ xét. Hãy huấn luyện từ các nhãn ở trên, hoặc đề xuất ngưỡng "
            "khác ở trang Thử ngưỡng."
        ),
    ),
    "title_clear": (
        "{model}, {at}: nothing stands against it",
        "{model}, {at}: không có trở ngại",
    ),
    "title_against": (
        (
            "{model}, {at}: {n} thing stands against it",
            "{model}, {at}: {n} things stand against it",
        ),
        "{model}, {at}: {n} trở ngại",
    ),
    "state": ("State", "Tình trạng"),
    "trained_at": ("Trained", "Huấn luyện lúc"),
    "trained_by": ("By", "Người huấn luyện"),
    "asked_by": ("Promotion asked for by", "Người đề nghị đưa vào dùng"),
    "clear": (
        "Nothing stands against it: no language loses, and every bound of the gate holds.",
        "Không có trở ngại: không ngôn ngữ nào kém đi, mọi giới hạn về tính trung lập đều đạt.",
    ),
    "against": (
        (
            "{n} thing stands against its promotion.",
            "{n} things stand against its promotion.",
        ),
        "Có {n} trở ngại khi đưa vào dùng.",
    ),
    "against_more": (
        ("And {n} more, in the tables below.", "And {n} more, in the tables below."),
        "Và {n} trở ngại nữa, xem các bảng bên dưới.",
    ),
    "start_shadow": ("Run in the shadow", "Chạy thử"),
    "start_shadow_means": (
        (
            "It tags new posts and those of the last 7 days beside the active model. Nobody gets "
            "a post because of it."
        ),
        (
            "Mô hình gắn nhãn bài mới và bài trong 7 ngày qua, song song với mô hình đang dùng. "
            "Không ai nhận thêm bài nào vì nó."
        ),
    ),
    "start_shadow_done": (
        "{model} runs in the shadow. What it would do otherwise appears under “Shadow”.",
        "{model} đang chạy thử. Chỗ khác biệt sẽ hiện ở mục “Chạy thử”.",
    ),
    "stop_shadow": ("End the shadow run", "Ngừng chạy thử"),
    "stop_shadow_means": (
        "What it has shown stays.",
        "Những gì đã thấy vẫn được giữ.",
    ),
    "stop_shadow_done": ("The shadow run of {model} has ended.", "Đã ngừng chạy thử {model}."),
    "ask": ("Ask for promotion", "Đề nghị đưa vào dùng"),
    "ask_means": (
        (
            "Another analyst, a coordinator or an administrator then decides. It is refused while "
            "something stands against it."
        ),
        (
            "Một người phân tích khác, điều phối viên hoặc quản trị viên sẽ quyết định. Đề nghị bị "
            "từ chối khi còn trở ngại."
        ),
    ),
    "ask_done": (
        "Asked for. Somebody else has to promote {model}.",
        "Đã đề nghị. Cần một người khác đưa {model} vào dùng.",
    ),
    "ask_refused": (
        "{model} cannot be promoted. The active model goes on. This stands against it:",
        "Chưa thể đưa {model} vào dùng. Mô hình hiện tại vẫn chạy. Các trở ngại:",
    ),
    "promote": ("Promote", "Đưa vào dùng"),
    "promote_means": (
        (
            "It takes over within a minute. The texts still held are tagged again; new finds join "
            "the queue, and nothing leaves it."
        ),
        (
            "Mô hình này thay thế trong vòng một phút. Các bài còn giữ được gắn nhãn lại; bài mới "
            "phát hiện vào hàng chờ, không bài nào bị rút ra."
        ),
    ),
    "promote_done": (
        "{model} is active. It can be taken back with one click above.",
        "{model} đang được dùng. Có thể quay lại bằng một lần bấm ở trên.",
    ),
    "promote_blocked": (
        "Its promotion was asked for, but something stands against it now.",
        "Đã có đề nghị đưa vào dùng, nhưng hiện có trở ngại.",
    ),
    "promote_others": (
        "Analysts, coordinators and administrators promote.",
        "Việc đưa vào dùng do người phân tích, điều phối viên hoặc quản trị viên làm.",
    ),
    "needs_second": (
        (
            "You trained it, proposed it or asked for it, so somebody else has to promote it: "
            "another analyst, a coordinator or an administrator."
        ),
        (
            "Bạn đã huấn luyện, đề xuất hoặc đề nghị mô hình này, nên phải do người khác đưa vào "
            "dùng: một người phân tích khác, điều phối viên hoặc quản trị viên."
        ),
    ),
    "withdraw": ("Put aside", "Bỏ qua"),
    "withdraw_means": (
        "For good, with the request if there is one. Its measurements stay.",
        "Bỏ hẳn, cùng đề nghị nếu có. Các số đo vẫn được giữ.",
    ),
    "withdraw_done": ("{model} was put aside.", "Đã bỏ qua {model}."),
    "tab_compare": ("Comparison", "So sánh"),
    "tab_gate": ("Neutrality gate", "Tính trung lập"),
    "tab_learnt": ("What it learnt", "Đã học gì"),
    "tab_shadow": ("Shadow", "Chạy thử"),
    # History
    "history": ("All models", "Tất cả mô hình"),
    "history_lead": (
        "Every one stays on the shelf, with who trained, asked and promoted.",
        "Mọi mô hình đều được giữ lại, cùng người huấn luyện, đề nghị và đưa vào dùng.",
    ),
    **models_measured.WORDS,
    **models_proposed.WORDS,
    **models_watching.WORDS,
}
