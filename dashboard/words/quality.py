"""Words of the quality page: agreement, gold, appeals, practice; and of a third reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Quality", "Chất lượng"),
    "lead": (
        "How well posts are read, and what was held to be wrong. No figure here is of one person.",
        "Các bài được đọc kỹ đến đâu, và điều gì bị cho là sai. Không có số liệu nào về một người.",
    ),
    "part": ("Part of the page", "Phần của trang"),
    "part_figures": ("Figures", "Số liệu"),
    "part_audit": ("Audit", "Kiểm tra"),
    "part_gold": ("Gold items", "Mục chuẩn"),
    "part_appeals": ("Appeals", "Khiếu nại"),
    "part_practice": ("Practice", "Luyện tập"),
    # On the card of a third person
    "opinions": (
        "Two reviewers did not agree; what you decide stands",
        "Hai người duyệt không thống nhất; quyết định của bạn sẽ có hiệu lực",
    ),
    "opinion_one": ("One reviewer said: {said}", "Một người duyệt cho là: {said}"),
    "opinion_other": ("Another said: {said}", "Người kia cho là: {said}"),
    # Figures
    "window": ("Window", "Khoảng thời gian"),
    "window_days": ("{n} days", "{n} ngày"),
    "too_little": ("not enough evidence", "chưa đủ dữ liệu"),
    "of_readings": ("{n} items read twice", "{n} mục được đọc hai lần"),
    "interval": ("{low} to {high} · {n} items", "{low} đến {high} · {n} mục"),
    "interval_appeals": ("{low} to {high} · {n} appeals", "{low} đến {high} · {n} khiếu nại"),
    "interval_readings": ("{low} to {high} · {n} readings", "{low} đến {high} · {n} lượt đọc"),
    "n_items": (
        ("not enough evidence: {n} item so far", "not enough evidence: {n} items so far"),
        "chưa đủ dữ liệu: mới có {n} mục",
    ),
    "n_appeals": (
        (
            "not enough evidence: {part} of {n} appeal overturned so far",
            "not enough evidence: {part} of {n} appeals overturned so far",
        ),
        "chưa đủ dữ liệu: mới có {part} trên {n} khiếu nại làm đổi quyết định",
    ),
    "interval_copies": ("{low} to {high} · {n} copies read", "{low} đến {high} · đã đọc {n} bài"),
    "n_copies": (
        (
            "not enough evidence: {part} of {n} copy read differs so far",
            "not enough evidence: {part} of {n} copies read differ so far",
        ),
        "chưa đủ dữ liệu: mới có {part} trên {n} bài đã đọc là khác",
    ),
    "n_readings": (
        ("not enough evidence: {n} reading so far", "not enough evidence: {n} readings so far"),
        "chưa đủ dữ liệu: mới có {n} lượt đọc",
    ),
    "tile_percent": ("Say the same", "Nói giống nhau"),
    "tile_alpha": ("Alpha", "Alpha"),
    "tile_ac1": ("AC1", "AC1"),
    "tile_gold": ("Gold read right", "Mục chuẩn đọc đúng"),
    "tile_overturned": ("Overturned on appeal", "Khiếu nại làm đổi quyết định"),
    "tile_by_wave": ("Wrong by wave", "Sai theo đợt"),
    "def_wave_errors": (
        (
            "Share of the near-copies read by themselves whose reader differed from their wave's "
            "decision. Another outcome or other policies differ. A random share of the near-copies "
            "that were decided by wave is read so, in the whole workspace and at any time; what "
            "waits, and what stands no longer, counts nowhere. Blank under 30."
        ),
        (
            "Tỷ lệ bài gần giống được đọc riêng mà người đọc quyết định khác với quyết định của "
            "đợt: kết quả khác hoặc quy định khác. Một phần ngẫu nhiên của các bài đã quyết định "
            "theo đợt được đọc như vậy, trong toàn bộ hệ thống và không giới hạn thời gian; bài "
            "đang chờ và quyết định không còn hiệu lực thì không tính. Dưới 30 thì để trống."
        ),
    ),
    "def_overturn_rate": (
        (
            "Share of the appeals that ended in the window by which another decision came to "
            "stand. Appeals that wait count nowhere, and those that somebody was not sure about "
            "still wait. Blank under 30."
        ),
        (
            "Tỷ lệ khiếu nại kết thúc trong khoảng thời gian này mà sau đó một quyết định khác có "
            "hiệu lực. Khiếu nại đang chờ không được tính, và khiếu nại mà người đọc chưa chắc vẫn "
            "còn chờ. Dưới 30 thì để trống."
        ),
    ),
    "def_gold_accuracy": (
        (
            "Share of the readings of hidden gold that named its outcome and policy, over all "
            "people. All together first, then by what was expected. Blank under 30 readings, and "
            "under three readers."
        ),
        (
            "Tỷ lệ lượt đọc mục chuẩn ẩn nêu đúng kết quả và quy định, tính trên mọi người. Trước "
            "hết là tất cả, sau đó theo kết quả mong đợi. Dưới 30 lượt đọc, hoặc dưới ba người "
            "đọc, thì để trống."
        ),
    ),
    "by_policy": ("Agreement by policy", "Đồng thuận theo quy định"),
    "by_policy_lead": (
        (
            "Items that were put up for the policy or where a reader named it: do both say that it "
            "is violated, or both that it is not? AC1 with its 95% interval; 0 is no more than "
            "chance, 1 full agreement."
        ),
        (
            "Trên các mục bị đưa ra vì quy định đó hoặc có người nêu nó: cả hai cùng cho là vi "
            "phạm, hay cùng cho là không? AC1 với khoảng tin cậy 95%; 0 là không hơn ngẫu nhiên, 1 "
            "là hoàn toàn đồng thuận."
        ),
    ),
    "policy_line": (
        "{policy}: {value} ({low} to {high}), {n} items",
        "{policy}: {value} ({low} đến {high}), {n} mục",
    ),
    "policy_none": (
        "No policy has enough items that were read twice yet.",
        "Chưa có quy định nào đủ số mục được đọc hai lần.",
    ),
    "policy_rest": ("Not enough evidence: {labels}.", "Chưa đủ dữ liệu: {labels}."),
    "axis_ac1": ("Agreement (AC1)", "Mức đồng thuận (AC1)"),
    "chart_alt": (
        "Agreement by policy with intervals: {rows}.",
        "Mức đồng thuận theo quy định kèm khoảng tin cậy: {rows}.",
    ),
    "numbers": ("The numbers", "Các con số"),
    "col_policy": ("Policy", "Quy định"),
    "col_items": ("Items", "Số mục"),
    "col_same": ("Say the same", "Nói giống nhau"),
    "col_alpha": ("Alpha (interval)", "Alpha (khoảng)"),
    "col_ac1": ("AC1 (interval)", "AC1 (khoảng)"),
    "confused": ("Most often confused", "Hay nhầm lẫn nhất"),
    "confused_lead": (
        (
            "One reader said the first, the other the second. Neither is right by that: the "
            "wording may be at fault."
        ),
        (
            "Một người nói loại thứ nhất, người kia nói loại thứ hai. Chưa bên nào đúng: có thể "
            "lời văn của quy định chưa rõ."
        ),
    ),
    "confused_none": (
        "No two readers have named different policies in this window.",
        "Trong khoảng thời gian này chưa có hai người nào nêu quy định khác nhau.",
    ),
    "col_first": ("One said", "Một người nói"),
    "col_second": ("The other said", "Người kia nói"),
    "col_confused": ("Items", "Số mục"),
    "col_of": ("Of items where either was named", "Trên số mục có nêu một trong hai"),
    "twice": ("Read twice", "Đọc hai lần"),
    "twice_lead": (
        (
            "Of the decided items of all teams that came in during the window: how many a second "
            "reader gets without knowing it, beside the share that was asked for."
        ),
        (
            "Trong các mục đã quyết định của mọi nhóm đến trong khoảng thời gian này: bao nhiêu "
            "mục được giao cho người đọc thứ hai mà họ không biết, bên cạnh tỷ lệ đã đặt."
        ),
    ),
    "twice_none": ("Nothing is decided yet.", "Chưa có quyết định nào."),
    "col_queue": ("Queue", "Hàng chờ"),
    "col_decided": ("Decided", "Đã quyết định"),
    "col_chosen": ("For a second reader", "Giao người đọc thứ hai"),
    "col_read": ("Read by then", "Đã đọc"),
    "col_asked": ("Share asked for", "Tỷ lệ đã đặt"),
    "col_achieved": ("Share achieved", "Tỷ lệ đạt được"),
    "col_fits": ("Fits", "Khớp"),
    "fits_yes": ("yes", "có"),
    "fits_no": ("no", "không"),
    "gold_by_policy": ("Gold by what is right", "Mục chuẩn theo kết quả đúng"),
    "gold_none": (
        "Nobody has read a hidden gold item in this window.",
        "Trong khoảng thời gian này chưa ai đọc mục chuẩn ẩn nào.",
    ),
    "col_right": ("Right", "Đúng"),
    "col_readings": ("Readings", "Lượt đọc"),
    # Gold items
    "gold_lead": (
        (
            "Items whose right outcome two persons know. They come before reviewers without a "
            "mark, count in no workload and teach no model. {percent} of what is handed out is "
            "gold, as long as somebody has not read it all."
        ),
        (
            "Những mục mà hai người đã biết kết quả đúng. Chúng đến với người duyệt không kèm dấu "
            "hiệu nào, không tính vào khối lượng công việc và không dùng để dạy mô hình. {percent} "
            "số mục được giao là mục chuẩn, chừng nào người duyệt chưa đọc hết."
        ),
    ),
    "gold_in_use": ("In use ({n})", "Đang dùng ({n})"),
    "gold_waiting": ("Wait for a second person ({n})", "Chờ người thứ hai ({n})"),
    "gold_over": ("Out of use ({n})", "Đã ngừng dùng ({n})"),
    "gold_empty": ("None.", "Không có."),
    "gold_line": ("Item {id}: {right}", "Mục {id}: {right}"),
    "gold_by": ("Proposed by", "Người đề xuất"),
    "gold_approved_by": ("Approved by", "Người phê duyệt"),
    "gold_needs_second": (
        "You proposed it; another person has to approve it.",
        "Bạn đã đề xuất mục này; cần một người khác duyệt.",
    ),
    "gold_approve": ("Approve", "Duyệt"),
    "gold_retire": ("Take out of use", "Ngừng dùng"),
    "gold_approved": ("The gold item is in use.", "Mục chuẩn đã được đưa vào dùng."),
    "gold_retired": ("The gold item is out of use.", "Mục chuẩn đã ngừng dùng."),
    "gold_propose": ("Propose a gold item", "Đề xuất mục chuẩn"),
    "gold_propose_lead": (
        (
            "Take an item that is decided and clear. Say what is right and why: those who practise "
            "read it."
        ),
        "Chọn một mục đã quyết định và rõ ràng. Nêu kết quả đúng và lý do: người luyện tập sẽ đọc.",
    ),
    "gold_proposed": (
        "Proposed. It is used once another person has approved it.",
        "Đã đề xuất. Mục sẽ được dùng khi một người khác duyệt.",
    ),
    "item_number": ("Number of the item", "Số của mục"),
    "right_outcome": ("What is right", "Kết quả đúng"),
    "explanation": ("Why", "Vì sao"),
    "send": ("Send", "Gửi"),
    # Appeals
    "appeals_lead": (
        (
            "A decision can be held to be wrong, by the team or for the person whose post it is. "
            "Somebody who took no part reads the item like any other, and upholds or overturns."
        ),
        (
            "Một quyết định có thể bị cho là sai, từ phía nhóm hoặc thay cho người có bài. Một "
            "người chưa tham gia sẽ đọc mục đó như mọi mục khác, rồi giữ nguyên hoặc thay đổi."
        ),
    ),
    "appeals_waiting": ("Waiting ({n})", "Đang chờ ({n})"),
    "appeals_none": ("No appeal waits.", "Không có khiếu nại nào đang chờ."),
    "appeal_line": (
        "Appeal {id} against item {item}: {said}",
        "Khiếu nại {id} về mục {item}: {said}",
    ),
    "appeal_by": ("Filed by", "Người gửi"),
    "side": ("On whose side", "Thay cho ai"),
    "side_team": ("the team", "nhóm"),
    "side_affected": ("the person whose post it is", "người có bài"),
    "ground": ("Ground", "Lý do"),
    "appeal_read": ("Read it yourself", "Tự đọc"),
    "appeal_taken": (
        "It is yours: it stands on your review page.",
        "Mục đã giao cho bạn: mục nằm ở trang duyệt của bạn.",
    ),
    "appeal_not_you": (
        "You took part in it, so another person has to read it.",
        "Bạn đã tham gia nên cần một người khác đọc.",
    ),
    "appeal_in_hand": ("Somebody is reading it.", "Đang có người đọc."),
    "appeal_file": ("File an appeal", "Gửi khiếu nại"),
    "appeal_words": ("Words of the post", "Từ ngữ trong bài"),
    "appeal_words_hint": (
        "Finds your team's decided items in which all of them occur, with or without accents.",
        "Tìm các mục đã quyết định của nhóm có đủ các từ này, có dấu hay không dấu đều được.",
    ),
    "appeal_own": (
        "Your decisions, the last first ({n})",
        "Quyết định của bạn, mới nhất trước ({n})",
    ),
    "appeal_found": ("Decided items that were found ({n})", "Mục đã quyết định tìm được ({n})"),
    "appeal_own_none": (
        "No decision of yours to choose from: they are offered after a day.",
        "Chưa có quyết định nào của bạn để chọn: sau một ngày mới hiện ở đây.",
    ),
    "appeal_found_none": (
        "No decided item has all these words.",
        "Không có mục đã quyết định nào có đủ các từ này.",
    ),
    "appeal_choose": ("Choose one", "Chọn một mục"),
    "appeal_option": (
        "Item {id}: {said}, {language}, decided {since}",
        "Mục {id}: {said}, {language}, quyết định {since}",
    ),
    "appeal_about": ("The appeal is about item {id}.", "Khiếu nại về mục {id}."),
    "appeal_filed": (
        "Filed. Another person reads the item; until then the decision stands.",
        "Đã gửi. Một người khác sẽ đọc mục; cho đến lúc đó quyết định vẫn có hiệu lực.",
    ),
    # Practice
    "practice_lead": (
        (
            "Decide on items whose right outcome is known, and read why. It counts nowhere and "
            "nobody else sees it. What you practise on never comes back as a hidden gold item."
        ),
        (
            "Quyết định trên những mục đã biết kết quả đúng, rồi đọc lý do. Việc này không tính "
            "vào đâu và không ai khác thấy. Mục đã luyện không quay lại thành mục chuẩn ẩn."
        ),
    ),
    "practice_next": ("Next item", "Mục tiếp theo"),
    "practice_begin": ("Begin", "Bắt đầu"),
    "practice_none": (
        "No item is left to practise on. Half of all gold is kept for measuring.",
        "Không còn mục nào để luyện. Một nửa số mục chuẩn được giữ lại để đo.",
    ),
    "practice_decide": ("What do you say?", "Bạn cho là gì?"),
    "practice_send": ("Decide", "Quyết định"),
    "practice_uncover": ("Show the text", "Hiện nội dung"),
    "practice_covered": (
        "Covered: the item was flagged for {labels}.",
        "Đang che: mục bị gắn cờ vì {labels}.",
    ),
    "practice_right": ("Right: {expected}.", "Đúng: {expected}."),
    "practice_wrong": (
        "You said {said}; right is {expected}.",
        "Bạn cho là {said}; kết quả đúng là {expected}.",
    ),
    "own": ("Your hidden gold items", "Mục chuẩn ẩn của bạn"),
    "own_lead": (
        "What you made of them, a day later. Nobody else can see this.",
        "Bạn đã quyết định thế nào, sau một ngày. Không ai khác xem được.",
    ),
    "own_none": ("Nothing to tell yet.", "Chưa có gì để cho biết."),
    "own_line": ("{right} of {n} right.", "Đúng {right} trên {n}."),
    "col_day": ("Day", "Ngày"),
    "col_said": ("You said", "Bạn cho là"),
    "col_expected": ("Right is", "Kết quả đúng"),
    "col_why": ("Why", "Vì sao"),
}
