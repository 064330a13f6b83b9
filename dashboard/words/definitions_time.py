"""The definitions of the figures of time, flags, reach, teams and deadlines.

The English is the docstring of the measure's function, as in `definitions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

TIMES: dict[str, Entry] = {
    "def_time_to_review": (
        (
            "Hours from the making of an item until somebody took it for the first time. The time "
            "by which half of the items made in the window were taken, and nine in ten (Kaplan and "
            "Meier's estimate, bounds at 95 %). Taking is not reading: up to ten items are taken "
            "at "
            "once, and one may be given back unread. An item that nobody took yet counts "
            "as waiting for as long as it has, and one whose post was deleted first for as long as"
            " it could be taken. Where too few are through, the longest wait so far is given as "
            '"at least". Times are rounded up by 5 % at most; under 30 items none is given.'
        ),
        (
            "Số giờ từ khi mục được tạo đến khi có người nhận lần đầu. Là thời gian mà một nửa, và "
            "chín phần mười, số mục được tạo trong khoảng này đã được nhận (ước lượng Kaplan và "
            "Meier, khoảng tin cậy 95%). Nhận chưa phải là đọc: mỗi lần nhận đến mười mục, và có "
            "mục được trả lại mà chưa đọc. Mục chưa ai nhận được tính là chờ từ đó đến giờ; mục có "
            "bài bị xoá trước thì tính đến khi còn nhận được. Khi quá ít mục đã xong thì ghi thời "
            "gian "
            'chờ dài nhất đến nay là "ít nhất". Thời gian được làm tròn lên tối đa 5%; dưới 30 mục'
            " thì không nêu."
        ),
    ),
    "def_time_to_decision": (
        (
            "Hours from the making of an item until it was decided. The time by which half of the "
            "items made in the window were decided, and nine in ten (Kaplan and Meier's estimate, "
            "bounds at 95 %). An item without a decision counts as waiting for as long as it has, "
            "and one whose post was deleted first for as long as it was there. "
            '"Not sure" is a decision here, and so is one by score range, though nobody read that '
            "item. Where too few are "
            'through, the longest wait so far is given as "at least". Times are rounded up by 5 % '
            "at most; under 30 items none is given."
        ),
        (
            "Số giờ từ khi mục được tạo đến khi có quyết định. Là thời gian mà một nửa, và chín "
            "phần mười, số mục được tạo trong khoảng này đã có quyết định (ước lượng Kaplan và "
            "Meier, khoảng tin cậy 95%). Mục chưa có quyết định được tính là chờ từ đó đến giờ; "
            "mục có bài bị xoá trước thì tính đến khi bài còn đó. “Chưa chắc” ở đây cũng là một "
            "quyết định, quyết định theo khoảng điểm cũng vậy, dù chưa ai đọc mục đó. Khi quá ít "
            "mục đã xong thì ghi "
            'thời gian chờ dài nhất đến nay là "ít nhất". Thời gian được làm tròn lên tối đa 5%; '
            "dưới 30 mục thì không nêu."
        ),
    ),
    "def_time_to_response": (
        (
            "Hours from the making of an item until its first response was logged. The time by "
            "which half of the items made in the window that need an answer had one, and nine in "
            "ten (Kaplan and Meier's estimate, bounds at 95 %). Whoever asked has waited since the"
            " item was made, not since it was decided that it needs an answer; one that has none "
            "counts as waiting for as long as it has. What was flagged as a request and is not "
            "decided yet counts as waiting too. Where too few are through, the longest wait "
            'so far is given as "at least". Times are rounded up by 5 % at most; under 30 items '
            "none is given."
        ),
        (
            "Số giờ từ khi mục được tạo đến khi ghi câu trả lời đầu tiên. Là thời gian mà một nửa,"
            " và chín phần mười, số mục được tạo trong khoảng này và cần trả lời đã có câu trả lời"
            " (ước lượng Kaplan và Meier, khoảng tin cậy 95%). Người hỏi đã chờ từ khi mục được "
            "tạo, không phải từ khi quyết định là cần trả lời; mục chưa có câu trả lời được tính "
            "là chờ từ đó đến giờ. Mục bị gắn cờ là yêu cầu mà chưa có quyết định cũng được tính "
            "là "
            "đang chờ. Khi quá ít mục đã xong thì ghi thời gian chờ dài nhất đến nay "
            'là "ít nhất". Thời gian được làm tròn lên tối đa 5%; dưới 30 mục thì không nêu.'
        ),
    ),
    "def_age_of_backlog": (
        (
            "Age of the items that wait for a decision now: median, nine in ten, and the oldest. "
            "All that waits is counted, whenever it was made, so there is no interval; without "
            "items it is blank. Ages are rounded up by 5 % at most. After a day on which much came"
            " in the median may be lower though nothing was done; the oldest then says so."
        ),
        (
            "Tuổi của các mục đang chờ quyết định: trung vị, chín phần mười, và cũ nhất. Tính mọi "
            "mục đang chờ, bất kể được tạo khi nào, nên không có khoảng tin cậy; không có mục nào "
            "thì để trống. Tuổi được làm tròn lên tối đa 5%. Sau một ngày có nhiều bài đến, trung "
            "vị có thể thấp hơn dù chưa làm gì; khi đó hãy nhìn mục cũ nhất."
        ),
    ),
    "def_time_to_clear": (
        (
            "Days until nothing waits for a decision, if things go on as in the whole days given. "
            "Items that wait now / (mean of decided - arrived a day), idle days among them; the "
            "bounds are Student's at 95 %. Days before the first item was ever made are left out. "
            "Blank under seven days, and while as much comes in as "
            "is decided: then the backlog grows. Items that end because their post is deleted are "
            "no pace."
        ),
        (
            "Số ngày đến khi không còn gì chờ quyết định, nếu mọi việc tiếp tục như trong các ngày"
            " trọn đã cho. Số mục đang chờ / (trung bình của số đã quyết định - số đến mỗi ngày), "
            "tính cả ngày nghỉ; khoảng tin cậy là của Student, mức 95%. Không tính những ngày "
            "trước "
            "khi có mục đầu tiên. Để trống khi dưới bảy "
            "ngày, và khi số đến bằng hoặc nhiều hơn số quyết định: khi đó số đang chờ tăng lên. "
            "Mục kết thúc vì bài bị xoá không tính vào nhịp."
        ),
    ),
    "def_decided_in_time": (
        (
            "Items decided by their deadline, of the items made in the window (timeliness "
            "coverage). An item that waits counts as not in time, also while its deadline is still"
            " to come, and so does one whose post was deleted before anybody decided. So the share"
            " of the last days is low at first, and nothing left undone can raise it. "
            '"Not sure" is a decision here, and so is one by score range, though nobody read that '
            "item. Without "
            "items it is blank; under 30 only the counts are shown. The interval is Wilson's, at "
            "95 %."
        ),
        (
            "Số mục có quyết định trước hạn, trên số mục được tạo trong khoảng thời gian này (tỷ "
            "lệ đúng hạn). Mục còn chờ được tính là không đúng hạn, kể cả khi hạn chưa đến, và mục"
            " có bài bị xoá trước khi ai quyết định cũng vậy. Vì thế tỷ lệ của những ngày gần đây "
            "lúc đầu thấp, và không việc bỏ dở nào làm nó tăng. “Chưa chắc” ở đây cũng là một "
            "quyết "
            "định, quyết định theo khoảng điểm cũng vậy, dù chưa ai đọc mục đó. Không có mục nào "
            "thì để trống; "
            "dưới 30 mục chỉ hiện số đếm. Khoảng tin cậy là của Wilson, mức 95%."
        ),
    ),
    "def_precision": (
        (
            "Items decided as they were flagged, of the flagged items made in the window and "
            "decided. As flagged means: the decision names the policy that the item was flagged "
            "for, among others perhaps; or, for a question, complaint or call for help, that it "
            "needs an answer or has one. Items that left people unsure are left out, and so is "
            "what was drawn at random; what waits is not counted. What a score range decided "
            "counts as flagged wrongly, though nobody read it. A post in a wave counts once, with "
            "its item. Without items it is blank; under 30 only the counts are shown. The interval "
            "is Wilson's, at 95 %."
        ),
        (
            "Số mục có quyết định đúng như lý do gắn cờ, trên số mục được gắn cờ, được tạo trong "
            "khoảng này và đã quyết định. Đúng như lý do nghĩa là: quyết định nêu quy định mà mục "
            "bị gắn cờ, có thể cùng quy định khác; hoặc với câu hỏi, khiếu nại hay lời kêu cứu thì"
            " là cần trả lời hoặc đã có trả lời. Mục còn chưa chắc không được tính, và mục rút "
            "ngẫu nhiên cũng vậy; mục đang chờ không được đếm. Mục quyết định theo khoảng điểm "
            "được tính là gắn cờ sai, dù chưa ai đọc mục đó. Bài trong một đợt được đếm một lần, "
            "cùng với mục của đợt. Không có mục nào thì để trống; dưới 30 mục chỉ hiện số đếm. "
            "Khoảng tin cậy là của Wilson, mức 95%."
        ),
    ),
    "def_precision_by_sign": (
        (
            "Items decided as they were flagged, for each rule, key or statement behind the "
            "flag. Counted as precision is, over the newest 5,000 decided items made in the "
            "window. An item counts under each of its signs, so the lines do not add up; what "
            "only a model's words spoke for stands in none. It is no share of what the sign "
            "finds: what it alone would bring is not known. Under 30 only the counts are shown; "
            "the intervals are Wilson's, at 95 %, one line at a time."
        ),
        (
            "Số mục có quyết định đúng như lý do gắn cờ, theo từng quy tắc, dấu hiệu hay tin "
            "sai đứng sau lá cờ. Cách đếm như độ chính xác, trên 5.000 mục mới nhất đã quyết "
            "định, được tạo trong khoảng này. Một mục được đếm ở mỗi dấu hiệu của nó, nên các "
            "dòng không cộng lại thành tổng; mục chỉ dựa vào lời mô hình cân nhắc thì không nằm "
            "ở dòng nào. Đây không phải tỷ lệ mà dấu hiệu đó tìm được: riêng nó tìm được gì thì "
            "không biết. Dưới 30 mục chỉ hiện số đếm; khoảng tin cậy là của Wilson, mức 95%, "
            "từng dòng một."
        ),
    ),
    "def_calibration": (
        (
            "Items decided as they were flagged, by the score of the flag, beside the mean "
            "score. Counted as precision is, over the newest 5,000 decided items made in the "
            "window. A calibrated model is right as often as its scores say; where the share "
            "lies above the mean score it is too careful, below it too sure. Only flagged posts "
            "are seen, and each was flagged with a second sign beside its score: of the scores "
            "of all posts it says nothing. Under 30 only the counts are shown; the intervals "
            "are Wilson's, at 95 %, one bin at a time. Source: reliability diagrams, DeGroot "
            "and Fienberg, The Comparison and Evaluation of Forecasters (1983)."
        ),
        (
            "Số mục có quyết định đúng như lý do gắn cờ, theo điểm của lá cờ, bên cạnh điểm "
            "trung bình. Cách đếm như độ chính xác, trên 5.000 mục mới nhất đã quyết định, được "
            "tạo trong khoảng này. Mô hình được hiệu chuẩn tốt thì đúng thường xuyên như điểm "
            "của nó nói; tỷ lệ cao hơn điểm trung bình là mô hình quá dè dặt, thấp hơn là quá "
            "tự tin. Chỉ thấy các bài bị gắn cờ, và mỗi bài bị gắn cờ nhờ thêm một dấu hiệu thứ "
            "hai bên cạnh điểm: về điểm của mọi bài thì con số này không nói gì. Dưới 30 mục "
            "chỉ hiện số đếm; khoảng tin cậy là của Wilson, mức 95%, từng khoảng điểm một. "
            "Nguồn: biểu đồ độ tin cậy, DeGroot và Fienberg, The Comparison and Evaluation of "
            "Forecasters (1983)."
        ),
    ),
    "def_outcome_mix": (
        (
            "Decided items made in the window by what was decided: the share of each outcome. An "
            "item counts once, however many policies its decision names. A response that a macro "
            "begins is no outcome of its own. Without items it is blank; under 30 only the counts "
            "are shown. The intervals are Wilson's, at 95 %, one outcome at a time."
        ),
        (
            "Các mục được tạo trong khoảng này đã có quyết định, chia theo kết quả: tỷ lệ của từng"
            " kết quả. Một mục được đếm một lần, dù quyết định nêu bao nhiêu quy định. Câu trả lời"
            " do macro mở đầu không phải là một kết quả riêng. Không có mục nào thì để trống; dưới"
            " 30 mục chỉ hiện số đếm. Khoảng tin cậy là của Wilson, mức 95%, cho từng kết quả một."
        ),
    ),
    "def_skip_rate": (
        (
            "Items that somebody passed on at least once, of the items made in the window. Passing"
            " on is allowed and nobody's fault: a high share says that items reach the wrong "
            "people. Without items it is blank; under 30 only the counts are shown. The interval "
            "is Wilson's, at 95 %."
        ),
        (
            "Số mục có người bỏ qua ít nhất một lần, trên số mục được tạo trong khoảng thời gian "
            "này. Bỏ qua là được phép và không phải lỗi của ai: tỷ lệ cao cho biết mục đến tay "
            "người không phù hợp. Không có mục nào thì để trống; dưới 30 mục chỉ hiện số đếm. "
            "Khoảng tin cậy là của Wilson, mức 95%."
        ),
    ),
    "def_escalation_rate": (
        (
            "Items that were passed on to a coordinator, of the items made in the window. The "
            "third person who passes an item on escalates it. Without items it is blank; under 30 "
            "only the counts are shown. The interval is Wilson's, at 95 %."
        ),
        (
            "Số mục được chuyển lên điều phối viên, trên số mục được tạo trong khoảng thời gian "
            "này. Khi người thứ ba bỏ qua một mục thì mục được chuyển lên. Không có mục nào thì để"
            " trống; dưới 30 mục chỉ hiện số đếm. Khoảng tin cậy là của Wilson, mức 95%."
        ),
    ),
    "def_not_sure_rate": (
        (
            'Items whose decision is "not sure", of the decided items made in the window. A high '
            "share says that the wording of a policy leaves something open. Without items it is "
            "blank; under 30 only the counts are shown. The interval is Wilson's, at 95 %."
        ),
        (
            'Số mục có quyết định là "chưa chắc", trên số mục được tạo trong khoảng thời gian này '
            "và đã có quyết định. Tỷ lệ cao cho biết lời văn của một quy định còn để ngỏ điều gì "
            "đó. Không có mục nào thì để trống; dưới 30 mục chỉ hiện số đếm. Khoảng tin cậy là của"
            " Wilson, mức 95%."
        ),
    ),
    "def_representativeness": (
        (
            "How far the mix of the decided items is from the mix of what came in, from 0 to 1. "
            "The Jensen-Shannon distance (base 2) between the shares of languages, of sources or "
            "of the hours (UTC) in which posts were written: 0 is the same mix, 1 has nothing in "
            "common. It compares flagged items that are decided with all posts that came in, which "
            "differ already where harm is not the same everywhere; items of random draws are left "
            "out. Beside it stands what 95 in 100 random draws of as many would stay below: a "
            "distance under that says nothing. Blank under 30 decided items. Source: Lin, "
            "Divergence Measures Based on the Shannon Entropy (1991)."
        ),
        (
            "Tỷ trọng của các mục đã quyết định khác tỷ trọng của những gì đến bao xa, từ 0 đến 1. "
            "Là khoảng cách Jensen-Shannon (cơ số 2) giữa tỷ trọng các ngôn ngữ, các nguồn hoặc "
            "các giờ (UTC) mà bài được viết: 0 là giống hệt, 1 là không có gì chung. So các mục "
            "được gắn cờ đã quyết định với mọi bài đến, vốn đã khác nhau khi nội dung gây hại "
            "không ở đâu cũng như nhau; mục rút ngẫu nhiên không được tính. Bên cạnh là mức mà 95 "
            "trên 100 lần rút ngẫu nhiên cùng số lượng sẽ nằm dưới: khoảng cách nhỏ hơn mức đó "
            "không nói lên điều gì. Để trống khi dưới 30 mục đã quyết định. Nguồn: Lin, Divergence "
            "Measures Based on the Shannon Entropy (1991)."
        ),
    ),
    "def_collection_coverage": (
        (
            "Days on which a source was read without a gap, of the days on which it was to be "
            "read. Each source counts for each day of the window from the one on which it was put "
            "in; files are read once and are left out. A day with a gap counts as not read, "
            "however short the gap, and so do the days since a source was last read; a source that "
            "is paused now is left out. What a platform held back without saying so is not seen. "
            "These"
            " are all days and no sample, so there is no interval; under 30 only the counts are "
            "shown."
        ),
        (
            "Số ngày mà một nguồn được đọc không có khoảng trống, trên số ngày lẽ ra phải đọc "
            "nguồn đó. Mỗi nguồn được tính cho từng ngày trong khoảng này, từ ngày được đưa vào; "
            "tệp chỉ đọc một lần nên không tính. Ngày có khoảng trống được tính là không đọc, dù "
            "khoảng trống ngắn đến đâu, và những ngày từ lần đọc gần nhất cũng vậy; nguồn đang tạm "
            "dừng thì không tính. Những gì nền tảng giữ lại mà không nói thì không thấy "
            "được. Đây là mọi ngày chứ không phải mẫu, nên không có khoảng tin cậy; dưới 30 chỉ "
            "hiện số đếm."
        ),
    ),
    "def_wave_savings": (
        (
            "Decisions that waves spared: 1 - decisions / posts decided. Of the flagged posts put "
            "before people in the window that are decided, those that were decided with the item "
            "of another post. They are decided together, so there is no interval; under 30 only "
            "the counts are shown."
        ),
        (
            "Số quyết định mà các đợt đã đỡ cho: 1 - số quyết định / số bài đã quyết định. Trong "
            "số bài được gắn cờ đã đưa ra duyệt trong khoảng này và đã có quyết định, là những bài"
            " được quyết định cùng mục của một bài khác. Chúng được quyết định cùng nhau nên không"
            " có khoảng tin cậy; dưới 30 chỉ hiện số đếm."
        ),
    ),
    "def_coverage_by_team_and_day": (
        (
            "Items with a decision, of the items made for a team on a day (review coverage). In "
            "the longest window each step is a week that begins on its date. Items that wait count"
            " as not decided, so the last days are low while work goes on. What is routed to no "
            "team has a line of its own, and teams in which fewer than three people take items "
            "have one together, with the next larger team if they are fewer even so: no line is "
            "that "
            "of a person. A cell under 30 items shows "
            "its counts and no share; there is no order of merit."
        ),
        (
            "Số mục đã có quyết định, trên số mục được tạo cho một nhóm trong một ngày (tỷ lệ đã "
            "duyệt). Trong khoảng dài nhất, mỗi bước là một tuần bắt đầu từ ngày ghi bên cạnh. Mục"
            " còn chờ được tính là chưa quyết định, nên những ngày gần đây thấp khi việc còn đang "
            "làm. Những gì không được chuyển cho nhóm nào có một dòng riêng, và các nhóm có dưới "
            "ba người nhận mục có chung một dòng, thêm nhóm lớn hơn kế tiếp nếu vẫn chưa đủ ba "
            "người, để không dòng nào là của một người. Ô dưới 30 "
            "mục chỉ hiện số đếm, không có tỷ lệ; không xếp hạng."
        ),
    ),
    "def_silent_teams": (
        (
            "Teams for which items wait and that decided nothing today or on the two days before "
            "(UTC). So it is 48 hours at least since their last decision. What is routed to no "
            "team, and so waits for all of them, has a line of its own. Teams in which fewer than "
            "three people take items count together."
        ),
        (
            "Những nhóm có mục đang chờ mà không quyết định gì hôm nay và hai ngày trước đó (UTC)."
            " Vậy là ít nhất 48 giờ từ quyết định cuối cùng. Những gì không được chuyển cho nhóm "
            "nào, tức là chờ mọi nhóm, có một dòng riêng. Các nhóm có dưới ba người nhận mục được "
            "tính chung."
        ),
    ),
    "def_team_activity": (
        (
            "What came in for each team in the window (the plan) and what was decided and "
            "answered. Counted on the day on which it happened, whenever the item was made: "
            "deciding as much as comes in keeps the backlog where it is. Late is what was decided "
            "after its deadline. Teams in which fewer than three people take items count together;"
            " the order is that of names."
        ),
        (
            "Số mục đến cho từng nhóm trong khoảng này (kế hoạch) và số đã được quyết định, trả "
            "lời. Đếm theo ngày việc xảy ra, bất kể mục được tạo khi nào: quyết định bằng số đến "
            "thì số đang chờ giữ nguyên. Trễ là quyết định sau hạn. Các nhóm có dưới ba người nhận"
            " mục được tính chung; thứ tự là theo tên."
        ),
    ),
    "def_burn_down": (
        (
            "Items that wait for a decision by the time until their deadline, those past it apart."
            " The bands are: overdue, within 1 hour, 1 to 4, 4 to 12, 12 to 24, 24 to 48, and more"
            " than 48 hours from now. An item in somebody's hands waits too."
        ),
        (
            "Số mục đang chờ quyết định theo thời gian còn lại đến hạn, mục quá hạn để riêng. Các "
            "nhóm là: quá hạn, trong 1 giờ, 1 đến 4, 4 đến 12, 12 đến 24, 24 đến 48, và trên 48 "
            "giờ tính từ lúc này. Mục đang có người giữ cũng là đang chờ."
        ),
    ),
}
