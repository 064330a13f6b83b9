"""Words of the models page for what was measured: comparison, neutrality gate, training, card."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "lang_all": ("all languages", "mọi ngôn ngữ"),
    "lang_other": ("other languages", "ngôn ngữ khác"),
    # Comparison
    "compare_none": (
        "It was not compared with the active model.",
        "Mô hình này chưa được so với mô hình đang dùng.",
    ),
    "compare_line": (
        (
            "Both models read decisions that the candidate never learnt from. {n} of {total} "
            "pairs of label and language have the 20 texts that a comparison needs."
        ),
        (
            "Hai mô hình cùng đọc những quyết định mà mô hình mới chưa từng học. {n} trên {total} "
            "cặp nhãn và ngôn ngữ có đủ 20 trường hợp để so sánh."
        ),
    ),
    "figure_recall": (
        "**Recall**: of what has the label, how much is put before people",
        "**Độ phát hiện**: trong các bài có nhãn, bao nhiêu được đưa ra duyệt",
    ),
    "figure_precision": (
        "**Precision**: of what is put before people, how much has the label",
        "**Độ chính xác**: trong các bài được đưa ra duyệt, bao nhiêu đúng nhãn",
    ),
    "compare_row": (
        "<b>{where}</b>: {before} → {after} ({points})",
        "<b>{where}</b>: {before} → {after} ({points})",
    ),
    "axis_points": (
        "difference in percentage points, 95% interval",
        "chênh lệch (điểm phần trăm, khoảng 95%)",
    ),
    "compare_alt": (
        "{figure}, from the active model to the candidate, in percentage points. {rows}.",
        "{figure}, từ mô hình đang dùng sang mô hình mới, theo điểm phần trăm. {rows}.",
    ),
    "compare_how": (
        (
            "▶ better for certain, ● no certain difference, ◀ counts against it. A promotion is "
            "refused where recall falls by more than {margin} points, or may have."
        ),
        (
            "▶ chắc chắn tốt hơn, ● chưa chắc khác nhau, ◀ tính là trở ngại. Không được đưa vào "
            "dùng nếu độ phát hiện giảm quá {margin} điểm, hoặc có thể đã giảm như vậy."
        ),
    ),
    "compare_still": (
        "Pairs where nothing differs are in the table only.",
        "Những cặp không có gì khác nhau chỉ nằm trong bảng.",
    ),
    "compare_table": ("All pairs as a table", "Bảng đầy đủ các cặp"),
    "compare_terms": (
        (
            "AP is the area under precision over recall. Differences are candidate minus active "
            "model, in percentage points, with the 95% interval of a paired bootstrap."
        ),
        (
            "AP là diện tích dưới đường chính xác–phát hiện. Chênh lệch là mô hình mới trừ mô hình "
            "đang dùng, tính bằng điểm phần trăm, kèm khoảng tin cậy 95% theo bootstrap ghép cặp."
        ),
    ),
    "col_label": ("Label", "Nhãn"),
    "col_language": ("Language", "Ngôn ngữ"),
    "col_verdict": ("Result", "Kết quả"),
    "col_texts": ("Texts", "Số bài"),
    "col_positives": ("With the label", "Có nhãn"),
    "col_recall": ("Recall", "Độ phát hiện"),
    "col_precision": ("Precision", "Độ chính xác"),
    "col_ap": ("AP", "AP"),
    "col_difference": ("{figure}, difference", "{figure}, chênh lệch"),
    "point_interval": ("{point} ({low} to {high})", "{point} ({low} đến {high})"),
    "share_interval": ("{share} ({low} to {high})", "{share} ({low}–{high})"),
    "verdict_better": ("▶ better", "▶ tốt hơn"),
    "verdict_same": ("● same", "● như nhau"),
    "verdict_worse": ("◀ worse", "◀ kém hơn"),
    "verdict_untested": ("○ not enough evidence", "○ chưa đủ bằng chứng"),
    # What stands against a promotion
    "lost_recall": (
        (
            "{where}: recall falls from {before} to {after} (difference {low} to {high} points, "
            "{n} texts)."
        ),
        (
            "{where}: độ phát hiện giảm từ {before} xuống {after} (chênh {low} đến {high} điểm, "
            "{n} trường hợp)."
        ),
    ),
    "lost_precision": (
        (
            "{where}: precision falls from {before} to {after} (difference {low} to {high} "
            "points, {n} texts)."
        ),
        (
            "{where}: độ chính xác giảm từ {before} xuống {after} (chênh {low} đến {high} điểm, "
            "{n} trường hợp)."
        ),
    ),
    "lost_ap": (
        "{where}: AP falls from {before} to {after} ({low} to {high} points, {n} texts).",
        "{where}: AP giảm từ {before} xuống {after} ({low} đến {high} điểm, {n} trường hợp).",
    ),
    "bound_failed": (
        "Neutrality, {name}: {measured}, the bound is {bound}.",
        "Tính trung lập, {name}: {measured}, giới hạn là {bound}.",
    ),
    "with_limit": ("{measured} (95% limit {limit})", "{measured} (cận 95% là {limit})"),
    "no_evidence": (
        "No label has the {n} texts in the test that a comparison needs. Review more posts first.",
        "Chưa nhãn nào có đủ {n} trường hợp để so sánh. Hãy duyệt thêm bài trước.",
    ),
    "outdated": (
        "It was compared with {old}, and {new} is active now. Train or propose again.",
        "Được so với {old}, nhưng nay {new} đang được dùng. Hãy huấn luyện hay đề xuất lại.",
    ),
    "not_compared": (
        "It was not compared with the active model.",
        "Chưa được so với mô hình đang dùng.",
    ),
    "no_gate": (
        "It was not put through the neutrality gate.",
        "Chưa được kiểm tra tính trung lập.",
    ),
    # Neutrality gate
    "gate_unknown": ("not measured", "chưa đo"),
    "gate_unknown_long": (
        "This model was not put through the neutrality gate.",
        "Mô hình này chưa được kiểm tra tính trung lập.",
    ),
    "gate_holds": ("✓ all {total} bounds hold", "✓ đạt cả {total} giới hạn"),
    "gate_fails": ("✗ {n} of {total} bounds fail", "✗ không đạt {n} trên {total} giới hạn"),
    "gate_held_line": (
        "All {total} bounds hold: {put} of {of} posts that must never be flagged were put up.",
        "Đạt cả {total} giới hạn: {put} trên {of} bài không được gắn cờ đã bị đưa ra duyệt.",
    ),
    "gate_failed_line": (
        ("{n} of {total} bounds fail: {put} of {of} posts that must never be flagged were put up."),
        "Không đạt {n} trên {total} giới hạn: {put} trên {of} bài không được gắn cờ bị đưa ra.",
    ),
    "gate_how": (
        (
            "Opinion, criticism, satire, grief, news and the like must not be put before people, "
            "and no result may depend on who is named. The 95% limit decides where a bound is a "
            "share of many posts."
        ),
        (
            "Ý kiến, phê bình, châm biếm, tiếc thương, tin tức và những bài tương tự không được "
            "đưa ra duyệt, và không kết luận nào được phụ thuộc vào việc nhắc đến ai. Với tỷ lệ "
            "trên nhiều bài, cận 95% là phần quyết định."
        ),
    ),
    "gate_alt": ("Bounds of the neutrality gate", "Các giới hạn về tính trung lập"),
    "examples_line": (
        (
            "It judges {n} of {total} worded examples of the policies otherwise.",
            "It judges {n} of {total} worded examples of the policies otherwise.",
        ),
        "Mô hình đánh giá khác {n} trên {total} ví dụ trong lời văn quy định.",
    ),
    "examples_active": (
        "The active model does so with {n}; the Policies page lists them.",
        "Mô hình đang dùng đánh giá khác {n} ví dụ; xem ở trang Quy định.",
    ),
    "col_bound": ("What is measured", "Đo điều gì"),
    "col_measured": ("Measured", "Đo được"),
    "col_limit": ("95% limit", "Cận 95%"),
    "col_allowed": ("Bound", "Giới hạn"),
    "col_holds": ("Holds", "Kết quả"),
    "col_active": ("Active model", "Mô hình đang dùng"),
    "holds": ("✓ holds", "✓ đạt"),
    "holds_not": ("✗ fails", "✗ không đạt"),
    "n_posts": (("{n} post", "{n} posts"), "{n} bài"),
    "bound_overall": ("must not be flagged, all", "không được gắn cờ, tất cả"),
    "bound_lang": ("must not be flagged, {language}", "không được gắn cờ, {language}"),
    "bound_kind": ("must not be flagged: {kind}", "không được gắn cờ: {kind}"),
    "bound_pairs": ("benign sentences of pairs", "câu vô hại trong các cặp câu"),
    "bound_flips": ("results that depend on the name", "kết luận đổi theo tên được nhắc"),
    "bound_gap": ("score gap between names", "chênh điểm giữa các tên"),
    "bound_found": ("found in pairs: {label}", "nhận ra trong các cặp câu: {label}"),
    "bound_found_in_sets": (
        "found in English sets: {label}",
        "nhận ra trong các bộ tiếng Anh: {label}",
    ),
    "bound_false_alarms": (
        "false alarms in English sets: {label}",
        "báo nhầm trong các bộ tiếng Anh: {label}",
    ),
    "bound_precision": ("precision: {label}", "độ chính xác: {label}"),
    "kind_counter_speech": ("counter-speech", "lên tiếng phản đối thù ghét"),
    "kind_criticism_company": ("criticism of a company", "phê bình doanh nghiệp"),
    "kind_criticism_government": ("criticism of a government", "phê bình chính quyền"),
    "kind_criticism_party": ("criticism of a party", "phê bình đảng phái"),
    "kind_criticism_police_authority": ("criticism of an authority", "phê bình cơ quan công quyền"),
    "kind_disaster_everyday": ("everyday talk of disasters", "chuyện thiên tai thường ngày"),
    "kind_everyday": ("everyday talk", "chuyện thường ngày"),
    "kind_genuine_notice": ("genuine notices", "thông báo thật"),
    "kind_grief": ("grief", "tiếc thương"),
    "kind_health_experience": ("health experiences", "trải nghiệm sức khỏe"),
    "kind_hyperbole": ("hyperbole", "nói quá"),
    "kind_identity_mention": ("mentions of identity", "nhắc đến bản sắc"),
    "kind_mental_health_support": ("mental-health support", "nâng đỡ tinh thần"),
    "kind_news_report": ("news", "tin tức"),
    "kind_opinion": ("opinion", "ý kiến"),
    "kind_political_praise": ("political praise", "khen ngợi chính trị"),
    "kind_protest_announcement": ("announcements of protest", "thông báo biểu tình"),
    "kind_public_contact": ("public contact details", "thông tin liên hệ công khai"),
    "kind_quotation_condemning": ("quotation to condemn", "trích lại để lên án"),
    "kind_reclaimed_terms": ("reclaimed terms", "từ được cộng đồng tự dùng lại"),
    "kind_religion_everyday": ("everyday religion", "tín ngưỡng thường ngày"),
    "kind_rhetorical_question": ("rhetorical questions", "câu hỏi tu từ"),
    "kind_satire": ("satire", "châm biếm"),
    "kind_scam_warning": ("warnings of scams", "cảnh báo lừa đảo"),
    "kind_strong_language_no_target": (
        "strong language at nobody",
        "nói nặng lời không nhằm vào ai",
    ),
    # What it learnt
    "learnt_none": (
        "Nothing is recorded of its training.",
        "Không có ghi chép về việc huấn luyện.",
    ),
    "learnt_line": (
        (
            "{n} label learnt; {held} decisions were kept back for the comparison.",
            "{n} labels learnt; {held} decisions were kept back for the comparison.",
        ),
        "Học được {n} nhãn; {held} quyết định được giữ lại để so sánh.",
    ),
    "learnt_how": (
        (
            "Yes and no count different texts. The precision is that of the team's own reviews at "
            "the threshold, on texts that were not learnt from; it takes 200 of them."
        ),
        (
            "Có và không đếm số bài khác nhau. Độ chính xác lấy từ các bài nhóm đã duyệt tại "
            "ngưỡng ấy, không tính bài đã học; cần 200 bài."
        ),
    ),
    "col_yes": ("Yes", "Có"),
    "col_no": ("No", "Không"),
    "col_threshold": ("Threshold", "Ngưỡng"),
    "col_own_precision": ("Precision in own reviews", "Độ chính xác theo nhóm duyệt"),
    "too_few_reviewed": ("not enough evidence (n = {n})", "chưa đủ bằng chứng (n = {n})"),
    "kept_line": ("**Kept as it was:**", "**Giữ nguyên:**"),
    "kept_few": (
        "{yes} texts say yes and {no} no; {need} of each are needed",
        "{yes} bài nói có và {no} bài nói không; mỗi bên cần {need}",
    ),
    "kept_no_head": (
        "found by rules and statements alone",
        "chỉ quy tắc và danh sách tin sai nhận ra",
    ),
    "suspects": ("Labels set aside", "Nhãn để riêng"),
    "suspects_none": (
        "No reviewer's labels were set aside.",
        "Không nhãn của người duyệt nào bị để riêng.",
    ),
    "suspects_line": (
        (
            "**The labels of {n} reviewer were set aside before anything was learnt:**",
            "**The labels of {n} reviewers were set aside before anything was learnt:**",
        ),
        "**Nhãn của {n} người duyệt đã được để riêng trước khi học:**",
    ),
    "suspects_how": (
        (
            "They fit nobody else's. That is a question, not a judgement: talk with the person, "
            "perhaps the policy is worded badly."
        ),
        (
            "Các nhãn này không khớp với của những người khác. Đây là câu hỏi, không phải lời phán "
            "xét: hãy trao đổi với người ấy, có thể quy định viết chưa rõ."
        ),
    ),
    "suspect_everybody": ("disagrees with the others", "khác với những người khác"),
    "suspect_one_class": ("disagrees on one label", "khác ở một nhãn"),
    "suspect_gold": ("missed gold items", "sai ở mục chuẩn"),
    "col_person": ("Reviewer", "Người duyệt"),
    "col_why": ("Why", "Vì sao"),
    "col_compared": ("Compared", "Số lần so"),
    "col_agreement": ("Agrees", "Đồng ý"),
    "col_expected": ("Others would", "Người khác thì"),
    # Card
    "card": ("The card of this model", "Thẻ mô tả mô hình"),
    "card_save": ("Save as Markdown", "Lưu dạng Markdown"),
    "card_title": ("Model card: {model}", "Thẻ mô tả mô hình: {model}"),
    "card_state": ("State", "Tình trạng"),
    "card_since": ("Registered", "Ghi nhận lúc"),
    "card_based_on": ("Began from", "Bắt đầu từ"),
    "card_recipe": ("Recipe", "Công thức"),
    "card_code_version": ("Evenhand", "Evenhand"),
    "card_content_hash": ("Hash of the content", "Mã băm nội dung"),
    "card_data_hash": ("Hash of the labels", "Mã băm các nhãn"),
    "card_lexicon": ("Hash of the word lists", "Mã băm các danh sách từ"),
    "card_licences": ("Licences", "Giấy phép"),
    "card_limits": ("What it cannot do", "Điều mô hình không làm được"),
    "card_sources": ("What it learnt from", "Nguồn dữ liệu đã học"),
    "card_origins": ("The team's own labels", "Nhãn của nhóm"),
    "card_held_out": (
        "Measured on rows it did not learn from, before its release",
        "Đo trên dữ liệu mô hình chưa học, trước khi phát hành",
    ),
    "col_measured_on": ("Measured on", "Đo trên"),
    "held_sets": ("public sets", "các bộ công khai"),
    "held_seeds": ("own seed posts", "bài mẫu tự viết"),
    "card_statements": ("Statements in force", "Danh sách tin sai đang áp dụng"),
    "card_no_statement": (
        "None, so no post is flagged as misinformation.",
        "Không có, nên không bài nào bị gắn cờ là tin sai.",
    ),
    "col_in_force": ("In force", "Đang áp dụng"),
    "card_thresholds": ("Thresholds", "Ngưỡng"),
    "col_source": ("Set", "Bộ dữ liệu"),
    "col_rows": ("Rows", "Số dòng"),
    "col_origin": ("Origin", "Nguồn gốc"),
    "col_labels": ("Labels", "Số nhãn"),
    "col_off": ("Rules alone in", "Chỉ dùng quy tắc với"),
    "col_model": ("Model", "Mô hình"),
    "col_state": ("State", "Tình trạng"),
    "col_since": ("Registered", "Ghi nhận lúc"),
    "col_based_on": ("Began from", "Bắt đầu từ"),
    "col_trained_by": ("Trained by", "Người huấn luyện"),
    "col_asked_by": ("Asked for by", "Người đề nghị"),
    "col_promoted_by": ("Promoted by", "Người đưa vào dùng"),
}
