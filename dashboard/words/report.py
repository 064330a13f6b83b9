"""Words of the transparency report; the definitions of its figures lie in `report_definitions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.dashboard.words.report_definitions import DEFINITIONS

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    **DEFINITIONS,
    "title": ("Transparency report", "Báo cáo minh bạch"),
    "window": ("{first} to {last} (UTC)", "{first} đến {last} (UTC)"),
    "as_of": (
        "As it was known at {at} UTC. What people did later does not change this report.",
        "Theo những gì đã biết lúc {at} UTC. Việc làm sau đó không thay đổi báo cáo này.",
    ),
    "cohort": (
        (
            "Figures are of the posts that came in and the items made in the window; what was "
            "still open counts as open. Intervals are at 95%. Under 30 no rate is given."
        ),
        (
            "Số liệu tính trên các bài đến và các mục được tạo trong khoảng thời gian này; mục còn "
            "chờ vẫn được tính là còn chờ. Khoảng tin cậy ở mức 95%. Dưới 30 thì không nêu tỷ lệ."
        ),
    ),
    "versions": (
        "Policy versions: {policies}. Models: {models}.",
        "Phiên bản quy định: {policies}. Mô hình: {models}.",
    ),
    "none": ("none", "không có"),
    "simulated": (
        "This is a demo: the posts are invented and the people are simulated.",
        "Đây là bản thử: các bài do máy bịa ra và những người ở đây là mô phỏng.",
    ),
    "no_compliance": (
        (
            "Rows in the shape of a statement of reasons (Digital Services Act, Article 17) lie "
            "beside this report. Evenhand offers the shape and claims no compliance; fields that "
            "it cannot know are empty."
        ),
        (
            "Kèm báo cáo này có các dòng theo khuôn bản nêu lý do (Đạo luật Dịch vụ số của EU, "
            "Điều 17). Evenhand chỉ cung cấp khuôn mẫu và không khẳng định là đã tuân thủ; trường "
            "nào không thể biết thì để trống."
        ),
    ),
    "contents": ("Contents", "Mục lục"),
    "figures": ("Figures", "Số liệu"),
    "figure": ("Figure", "Số liệu"),
    "definition": ("What it counts", "Cách tính"),
    "the_numbers": ("The numbers", "Các con số"),
    "chart_alt": ("Chart of {title}: {rows}.", "Biểu đồ {title}: {rows}."),
    "empty": ("Nothing in this window.", "Không có gì trong khoảng thời gian này."),
    "yes": ("yes", "có"),
    "no": ("no", "không"),
    "fewer": ("fewer than 3", "ít hơn 3"),
    "no_label": ("drawn at random", "rút ngẫu nhiên"),
    "lang_und": ("too short to say", "quá ngắn để xác định"),
    # A figure's value
    "value_share": (
        "{value} ({low} to {high}), {part} of {n}",
        "{value} ({low} đến {high}), {part} trên {n}",
    ),
    "value_share_few": (
        "not enough evidence: {part} of {n}",
        "chưa đủ dữ liệu: {part} trên {n}",
    ),
    "value_hours": (
        "{value} hours ({low} to {high}), {part} of {n} are through",
        "{value} giờ ({low} đến {high}), {part} trên {n} đã xong",
    ),
    "value_hours_least": (
        "at least {low} hours: only {part} of {n} are through",
        "ít nhất {low} giờ: mới có {part} trên {n} đã xong",
    ),
    "value_few": ("not enough evidence: {n} so far", "chưa đủ dữ liệu: mới có {n}"),
    "value_coefficient": (
        "{value} ({low} to {high}), {n} items read twice",
        "{value} ({low} đến {high}), {n} mục được đọc hai lần",
    ),
    "value_audit": (
        "{value} ({low} to {high}); {part} of {n} audited posts were harm",
        "{value} ({low} đến {high}); {part} trên {n} bài được kiểm tra là gây hại",
    ),
    "value_audit_few": (
        "not enough evidence: {low} to {high}; {part} of {n} audited posts were harm",
        "chưa đủ dữ liệu: {low} đến {high}; {part} trên {n} bài được kiểm tra là gây hại",
    ),
    "open_end": ("not known yet", "chưa biết"),
    # Chapters
    "chapter_arrived": ("What came in", "Những gì đã đến"),
    "lead_arrived": (
        (
            "A flag says that a person should look; it is no finding. Posts on politics, religion, "
            "labour, conflict and society are counted together and in no other way."
        ),
        (
            "Gắn cờ nghĩa là cần có người xem; đó không phải là kết luận. Các bài về chính trị, "
            "tôn giáo, lao động, xung đột và xã hội chỉ được đếm chung một con số."
        ),
    ),
    "chapter_decided": ("What was decided", "Những gì đã quyết định"),
    "lead_decided": (
        "A person decided each time; no machine decides here.",
        "Mỗi quyết định đều do người đưa ra; không máy nào quyết định ở đây.",
    ),
    "chapter_precision": ("How often a flag was right", "Gắn cờ đúng đến đâu"),
    "lead_precision": (
        "A wrong flag costs whoever reads it some time; what follows from it a person decides.",
        "Gắn cờ sai làm mất thời gian của người xem; việc tiếp theo là do người quyết định.",
    ),
    "chapter_missed": ("How much harm was missed", "Bỏ sót bao nhiêu"),
    "lead_missed": (
        (
            "Some posts that nobody flagged are drawn at random and read without a mark. The "
            "audits of the last days are drawn and read after them, so a report as of a later "
            "entry of the ledger knows more."
        ),
        (
            "Một số bài không bị gắn cờ được rút ngẫu nhiên và đọc mà không kèm dấu hiệu gì. Bài "
            "của những ngày cuối được rút và đọc sau đó, nên báo cáo tính đến một dòng ghi muộn "
            "hơn trong sổ sẽ biết nhiều hơn."
        ),
    ),
    "chapter_times": ("How long it took", "Mất bao lâu"),
    "lead_times": (
        "Items that still wait are counted in, so leaving them does not shorten a time.",
        "Mục còn chờ cũng được tính, nên bỏ mặc chúng không làm thời gian ngắn lại.",
    ),
    "chapter_answered": ("What was answered", "Những gì đã trả lời"),
    "lead_answered": (
        (
            "Evenhand posts nothing: people answer elsewhere, from the team's disclosed accounts, "
            "and log it. A post may be passed on to these kinds of services only."
        ),
        (
            "Evenhand không tự đăng gì: mọi người trả lời ở nơi khác, bằng tài khoản công khai của "
            "nhóm, rồi ghi lại. Bài chỉ có thể được chuyển cho các loại dịch vụ này."
        ),
    ),
    "chapter_appeals": ("Appeals", "Khiếu nại"),
    "lead_appeals": (
        "Each appeal is read by somebody who took no part in the decision.",
        "Mỗi khiếu nại được một người không tham gia quyết định đọc lại.",
    ),
    "chapter_agreement": ("How far readers agree", "Người đọc thống nhất đến đâu"),
    "lead_agreement": (
        (
            "Some items are read by two people, the second without knowing the first decision. No "
            "figure here is of one person."
        ),
        (
            "Một số mục được hai người đọc, người thứ hai không biết quyết định đầu. Không có số "
            "liệu nào về một người."
        ),
    ),
    "chapter_means": ("Automated means", "Phương tiện tự động"),
    "lead_means": (
        (
            "Models put posts before people and decide nothing. Before a model is used, the "
            "neutrality gate measures what it makes of posts that must not be flagged."
        ),
        (
            "Mô hình chỉ đưa bài cho người xem và không quyết định gì. Trước khi một mô hình được "
            "dùng, cổng kiểm tra trung lập đo xem nó làm gì với những bài không được phép gắn cờ."
        ),
    ),
    "chapter_statements": (
        "False claims that posts were matched with",
        "Danh sách tin sai dùng để đối chiếu",
    ),
    "lead_statements": (
        (
            "Each was proposed by one person and approved by another, names a published source and "
            "expires. Misinformation is found by this list and in no other way."
        ),
        (
            "Mỗi tin do một người đề xuất và người khác duyệt, có nguồn đã công bố và có hạn. Tin "
            "sai chỉ được phát hiện qua danh sách này, không cách nào khác."
        ),
    ),
    "chapter_kept": ("What was erased", "Những gì đã xoá"),
    "lead_kept": (
        (
            "The text of a post that nobody was asked to read is erased after some days, and the "
            "text of a post that was deleted at its platform as soon as that is known. How long "
            "that took can be told only where the platform says when it deleted the post."
        ),
        (
            "Nội dung bài không ai được yêu cầu đọc sẽ bị xoá sau vài ngày, còn nội dung bài đã bị "
            "xoá trên nền tảng thì xoá ngay khi biết. Chỉ nêu được độ trễ khi nền tảng cho biết "
            "đã xoá bài lúc nào."
        ),
    ),
    "chapter_numbers": ("Numbers in short", "Tóm tắt con số"),
    "lead_numbers": (
        (
            "The numbers that the Santa Clara Principles ask for, as far as Evenhand can know "
            "them: it suspends no account and removes no post."
        ),
        (
            "Những con số mà Bộ nguyên tắc Santa Clara yêu cầu, trong chừng mực Evenhand biết "
            "được: Evenhand không khoá tài khoản nào và không gỡ bài nào."
        ),
    ),
    "chapter_ledger": ("The ledger", "Sổ ghi"),
    "lead_ledger": (
        (
            "Everything that is done is an entry that names the hash of the one before. Whoever "
            "keeps this line can prove later that nothing before it was changed."
        ),
        (
            "Mỗi việc làm là một dòng ghi kèm mã băm của dòng trước. Ai giữ dòng dưới đây về sau "
            "có thể chứng minh rằng không điều gì trước đó bị sửa."
        ),
    ),
    # Tables
    "table_flags": (
        "Posts put before a person, by reason",
        "Bài được đưa cho người xem, theo lý do",
    ),
    "table_langs": (
        "Languages of posts, and how many people decided in each",
        "Ngôn ngữ của bài, và số người ra quyết định trong từng ngôn ngữ",
    ),
    "table_outcomes": ("Decisions by outcome", "Quyết định theo kết quả"),
    "table_policies": (
        "Violated policies by severity",
        "Quy định bị vi phạm theo mức nghiêm trọng",
    ),
    "table_outcomes_by_lang": (
        "Decisions by language and outcome",
        "Quyết định theo ngôn ngữ và kết quả",
    ),
    "table_precision_by_policy": ("By what it was flagged for", "Theo lý do gắn cờ"),
    "table_precision_by_lang": ("By language", "Theo ngôn ngữ"),
    "table_recall_by_policy": ("Share of the harm that was found", "Tỷ lệ gây hại đã tìm thấy"),
    "table_times_by_queue": (
        "Hours to a decision by queue",
        "Số giờ đến khi có quyết định theo hàng đợi",
    ),
    "table_responses_by_kind": ("Responses by kind", "Câu trả lời theo loại"),
    "table_recipients": ("Passed to a service, by recipient", "Chuyển cho dịch vụ, theo nơi nhận"),
    "table_answered_by_lang": ("Answered by language", "Đã trả lời theo ngôn ngữ"),
    "table_appeals_by_side": ("Appeals by side", "Khiếu nại theo bên gửi"),
    "table_models": ("Models that tagged posts", "Mô hình đã gắn nhãn bài"),
    "table_thresholds": ("Thresholds", "Ngưỡng"),
    "table_gate": ("The neutrality gate, bound by bound", "Cổng kiểm tra trung lập, từng giới hạn"),
    "table_limits": ("Known limits", "Hạn chế đã biết"),
    "table_statements": ("In force in this window", "Có hiệu lực trong khoảng thời gian này"),
    "table_retention": ("Days until the text was erased", "Số ngày trước khi xoá nội dung"),
    "table_numbers": ("Numbers", "Con số"),
    "table_ledger": ("The last entry of then", "Dòng ghi cuối cùng lúc đó"),
    # Columns
    "col_label": ("Flagged for", "Lý do gắn cờ"),
    "col_origin": ("Origin", "Nguồn gốc"),
    "col_posts": ("Posts", "Số bài"),
    "col_lang": ("Language", "Ngôn ngữ"),
    "col_readers": ("People who decided", "Số người quyết định"),
    "col_outcome": ("Outcome", "Kết quả"),
    "col_items": ("Items", "Số mục"),
    "col_policy": ("Policy", "Quy định"),
    "col_severity": ("Severity (of 5)", "Mức nghiêm trọng (trên 5)"),
    "col_part": ("How many", "Bao nhiêu"),
    "col_n": ("Of how many", "Trên tổng số"),
    "col_share": ("Share", "Tỷ lệ"),
    "col_low": ("From", "Từ"),
    "col_high": ("To", "Đến"),
    "col_missed_seen": ("Audited posts that were harm", "Bài kiểm tra là gây hại"),
    "col_audited": ("Audited posts that were read", "Bài kiểm tra đã đọc"),
    "col_queue": ("Queue", "Hàng đợi"),
    "col_median": ("Half", "Một nửa"),
    "col_median_low": ("Half: from", "Một nửa: từ"),
    "col_median_high": ("Half: to", "Một nửa: đến"),
    "col_p90": ("Nine in ten", "Chín phần mười"),
    "col_p90_low": ("Nine in ten: from", "Chín phần mười: từ"),
    "col_p90_high": ("Nine in ten: to", "Chín phần mười: đến"),
    "col_response": ("What was done", "Đã làm gì"),
    "col_responses": ("Responses", "Số câu trả lời"),
    "col_recipient": ("Recipient", "Nơi nhận"),
    "col_side": ("On whose side", "Thay cho ai"),
    "col_filed": ("Filed", "Đã gửi"),
    "col_upheld": ("Upheld", "Giữ nguyên"),
    "col_overturned": ("Overturned", "Thay đổi"),
    "col_waiting": ("Waiting", "Đang chờ"),
    "col_model": ("Model", "Mô hình"),
    "col_content_hash": ("Content hash", "Mã băm nội dung"),
    "col_gate": ("Gate passed", "Qua cổng"),
    "col_threshold": ("Threshold", "Ngưỡng"),
    "col_gate_bound": ("Bound", "Giới hạn"),
    "col_gate_limit": ("Allowed", "Cho phép"),
    "col_measured": ("Measured", "Đo được"),
    "col_holds": ("Holds", "Đạt"),
    "col_limit": ("Limit", "Hạn chế"),
    "col_statement": ("Number", "Số"),
    "col_wordings": ("As people repeat it", "Cách mọi người kể lại"),
    "col_what_is_true": ("What is true instead", "Sự thật là"),
    "col_source_name": ("Published by", "Nơi công bố"),
    "col_source_url": ("Address", "Địa chỉ"),
    "col_approved": ("Approved", "Ngày duyệt"),
    "col_expires": ("Expires", "Hết hiệu lực"),
    "col_ended": ("Ended", "Kết thúc"),
    "col_days": ("Days", "Số ngày"),
    "col_number": ("What", "Nội dung"),
    "col_value": ("Number", "Con số"),
    "col_entries": ("Entries", "Số dòng ghi"),
    "col_hash": ("Hash", "Mã băm"),
    "col_chain": ("The chain holds", "Chuỗi còn nguyên vẹn"),
    # Numbers in short
    "number_posts_flagged_by_machine": (
        "Posts flagged by a model or a rule, one by one and reason by reason",
        "Lượt bài bị mô hình hoặc quy tắc gắn cờ, tính theo từng lý do",
    ),
    "number_posts_flagged_by_others": ("Posts reported by partners", "Bài do đối tác báo"),
    "number_items_decided": ("Items decided", "Mục đã quyết định"),
    "number_items_found_harmful": (
        "Items found to violate a policy",
        "Mục được xác định là vi phạm quy định",
    ),
    "number_decisions_by_machine_alone": (
        "Decisions by a machine alone",
        "Quyết định chỉ do máy đưa ra",
    ),
    "number_appeals_filed": ("Appeals filed", "Khiếu nại đã gửi"),
    "number_appeals_overturned": (
        "Appeals that changed a decision",
        "Khiếu nại làm đổi quyết định",
    ),
}
