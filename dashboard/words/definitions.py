"""The definitions of the figures.

The English is the docstring of the measure's function in `dashboard/jobs/measures/`, word for
word; a test holds them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.dashboard.words.definitions_audit import AUDITS
from evenhand.dashboard.words.definitions_purge import PURGES
from evenhand.dashboard.words.definitions_time import TIMES
from evenhand.dashboard.words.definitions_trends import TRENDS

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

DEFINITIONS: dict[str, Entry] = {
    "def_arrived": (
        (
            "Posts that came in during the window, each counted once, on the day it reached "
            "Evenhand. Posts that were deleted at their platform since then stay counted."
        ),
        (
            "Số bài đến trong khoảng thời gian này, mỗi bài đếm một lần, vào ngày bài tới "
            "Evenhand. Những bài sau đó bị xoá trên nền tảng vẫn được đếm."
        ),
    ),
    "def_flagged": (
        (
            "Posts that were flagged, of the posts that came in during the window. A flag says "
            "that a person should look; it is no finding, and this is no share of harm."
        ),
        (
            "Số bài được gắn cờ, trên số bài đến trong khoảng thời gian này. Gắn cờ nghĩa là cần "
            "có người xem; đó không phải là kết luận, và đây không phải là tỷ lệ nội dung gây hại."
        ),
    ),
    "def_review_coverage": (
        (
            "Items with a decision, of the items made in the window. An item that is open or in "
            "somebody's hands counts as not decided, and so does one whose post was deleted before "
            "anybody decided (void); one that became void later counts as decided. "
            '"Not sure" is a decision here, and so is one by score range, though nobody read that '
            "item. Items of random draws are among them. Without items the share is "
            "blank; under 30 only the counts are shown. The interval is Wilson's, at 95 %."
        ),
        (
            "Số mục đã có quyết định, trên số mục được tạo trong khoảng thời gian này. Mục chưa ai "
            "nhận hoặc đang có người giữ được tính là chưa quyết định, và mục có bài bị xoá trước "
            "khi có quyết định (không còn hiệu lực) cũng vậy; mục mất hiệu lực sau khi đã quyết "
            "định vẫn tính là đã quyết định. “Chưa chắc” ở đây cũng là một quyết định, quyết định "
            "theo khoảng điểm cũng vậy, dù chưa ai đọc mục đó. Mục rút ngẫu nhiên cũng nằm trong "
            "số "
            "này. Không có mục nào thì để trống; dưới 30 mục chỉ hiện số đếm. "
            "Khoảng tin cậy là của Wilson, mức 95%."
        ),
    ),
    "def_decided_by_wave": (
        (
            "Near-copies on whose wave somebody decided, of those that joined a wave in the "
            "window. Such a flagged post has no item of its own: it stands behind the item of "
            "another one, and counts as not decided while that one waits. They are decided "
            "together, so the share has no interval; under 30 only the counts are shown."
        ),
        (
            "Số bài gần giống thuộc đợt đã có quyết định, trên số bài vào đợt trong khoảng thời "
            "gian này. Bài được gắn cờ như vậy không có mục riêng: bài đứng sau mục của một bài "
            "khác, và khi mục đó còn chờ thì bài được tính là chưa quyết định. Các bài này được "
            "quyết định cùng nhau nên tỷ lệ không có khoảng tin cậy; dưới 30 bài chỉ hiện số đếm."
        ),
    ),
    "def_posts_decided": (
        (
            "Flagged posts that are decided, by a decision of their own or by wave. Of all that "
            "were put before people for a flag in the window: the items made for one, and the "
            "near-copies that joined a wave. Items of random draws are left out, and a post in two "
            "queues counts twice. Near-copies are decided together, so the share has no interval; "
            "under 30 only the counts are shown."
        ),
        (
            "Số bài được gắn cờ đã có quyết định, bằng quyết định riêng hoặc theo đợt. Tính trên "
            "tất cả những gì được đưa ra duyệt vì gắn cờ trong khoảng thời gian này: các mục được "
            "tạo vì lý do đó, và các bài gần giống đã vào đợt. Mục rút ngẫu nhiên không được tính, "
            "còn bài ở hai hàng chờ được đếm hai lần. Các bài gần giống được quyết định cùng nhau "
            "nên tỷ lệ không có khoảng tin cậy; dưới 30 chỉ hiện số đếm."
        ),
    ),
    "def_made": (
        (
            "Items made in the window: one for each post and queue that it was put into. Items for "
            "audits and second looks count too, so there can be more items than flagged posts."
        ),
        (
            "Số mục được tạo trong khoảng thời gian này: một mục cho mỗi bài và mỗi hàng chờ mà "
            "bài được đưa vào. Mục để kiểm tra ngẫu nhiên hoặc để xem lại cũng được đếm, nên số "
            "mục có thể nhiều hơn số bài được gắn cờ."
        ),
    ),
    "def_harm": (
        "Items whose decision says that a policy is violated, of the items made in the window.",
        (
            "Số mục có quyết định là vi phạm một quy định, trong các mục được tạo trong khoảng "
            "thời gian này."
        ),
    ),
    "def_void": (
        (
            "Items made in the window whose post was deleted since, before or after the decision. "
            "They stay in every other count."
        ),
        (
            "Số mục được tạo trong khoảng thời gian này mà bài đã bị xoá, trước hoặc sau khi có "
            "quyết định. Chúng vẫn nằm trong mọi số đếm khác."
        ),
    ),
    "def_response_coverage": (
        (
            "Items with a logged response, of the items made in the window that need an answer. An "
            "item needs an answer when its decision says so, in its outcome or by a macro that "
            "begins the response; while it is not decided it is not counted here, and one that "
            "waits for its answer, or whose post was deleted meanwhile, counts as not answered. "
            "Without such items the share is blank; under 30 only the counts are shown. The "
            "interval is Wilson's, at 95 %."
        ),
        (
            "Số mục đã ghi câu trả lời, trên số mục được tạo trong khoảng thời gian này và cần trả "
            "lời. Một mục cần trả lời khi quyết định ghi như vậy, trong kết quả hoặc qua một macro "
            "mở đầu câu trả lời; khi chưa có quyết định thì mục chưa được đếm ở đây, còn mục đang "
            "chờ trả lời, hoặc có bài bị xoá trong lúc chờ, được tính là chưa trả lời. Không có "
            "mục nào như vậy thì để trống; dưới 30 mục chỉ hiện số đếm. Khoảng tin cậy là của "
            "Wilson, mức 95%."
        ),
    ),
    "def_backlog": (
        (
            "Items that wait for a decision at this moment, whenever they were made. An item in "
            "somebody's hands waits too."
        ),
        (
            "Số mục đang chờ quyết định lúc này, bất kể được tạo khi nào. Mục đang có người giữ "
            "cũng là đang chờ."
        ),
    ),
    "def_by_age": (
        (
            "Items that wait for a decision, by the time since they were made. The bands are: less "
            "than 1 hour, 1 to 4, 4 to 24, and more than 24 hours."
        ),
        (
            "Số mục đang chờ quyết định, chia theo thời gian từ khi được tạo. Các nhóm là: dưới 1 "
            "giờ, 1 đến 4 giờ, 4 đến 24 giờ, và trên 24 giờ."
        ),
    ),
    "def_overdue": (
        (
            "Items that wait for a decision and are past the longest wait of their queue. The "
            "longest wait is 1 hour in the urgent queue, 24 hours for harm, 48 hours for requests."
        ),
        (
            "Số mục đang chờ quyết định đã quá thời gian chờ tối đa của hàng chờ. Thời gian chờ "
            "tối đa là 1 giờ với hàng chờ khẩn, 24 giờ với nội dung gây hại, 48 giờ với yêu cầu."
        ),
    ),
    "def_oldest_at": (
        ("The moment at which the oldest item that waits for a decision was made; blank if none."),
        "Thời điểm tạo của mục lâu nhất đang chờ quyết định; để trống nếu không có.",
    ),
    "def_unanswered": (
        (
            "Items that were decided to need an answer and have none yet. Their age counts from "
            "the making of the item, as whoever asked counts it."
        ),
        (
            "Số mục đã được quyết định là cần trả lời và chưa có câu trả lời. Thời gian chờ tính "
            "từ khi mục được tạo, vì người hỏi tính như vậy."
        ),
    ),
    "def_tones": (
        (
            "Posts that came in during the window by topic and sentiment, civic posts left out. A "
            "cell is shown from 10 posts by 10 authors on; a dash stands for fewer, and for none. "
            "Where a dash could be worked out by subtraction, the next smallest cell is left out "
            "too. Civic posts have no sentiment."
        ),
        (
            "Số bài đến trong khoảng thời gian này theo chủ đề và cảm xúc, không gồm bài về chuyện "
            "chung của xã hội. Một ô chỉ hiện khi có từ 10 bài của 10 tác giả; dấu gạch là ít hơn, "
            "hoặc không có. Nếu có thể suy ra một dấu gạch bằng phép trừ thì ô nhỏ kế tiếp cũng "
            "không hiện. Bài về chuyện chung của xã hội không xét cảm xúc."
        ),
    ),
    "def_withheld": (
        (
            "Posts in cells that are not shown: none, or at least 10 posts of two cells or more. "
            "Where there are fewer in all, no cell is shown."
        ),
        (
            "Số bài trong các ô không hiện: không có, hoặc ít nhất 10 bài của từ hai ô trở lên. "
            "Nếu tổng cộng ít hơn thế thì không ô nào được hiện."
        ),
    ),
    "def_percent_agreement": (
        (
            "Share of pairs of reviewers of an item who said the same of it, averaged over items. "
            "Items that one person read count nowhere. Part of it is chance: where nearly all is "
            "harmless, people who decide without reading agree nearly always. Blank under two "
            "items."
        ),
        (
            "Tỷ lệ cặp người duyệt cùng một mục nói giống nhau, lấy trung bình theo mục. Mục chỉ "
            "một người đọc thì không tính. Một phần là do ngẫu nhiên: khi hầu như mọi bài đều "
            "không gây hại, người quyết định mà không đọc vẫn gần như luôn giống nhau. Dưới hai "
            "mục thì để trống."
        ),
    ),
    "def_krippendorff_alpha": (
        (
            "Krippendorff's alpha: 1 - disagreement found / disagreement by chance. Found is how "
            "often two readings of one item differ, chance how often any two readings of all items "
            "do. 1 is full agreement, 0 no more than chance. Items that one person read count "
            "nowhere. Blank under two items, and where everybody said the same of everything. "
            "Where nearly all is harmless it is low in spite of much agreement: read it beside AC1."
        ),
        (
            "Alpha của Krippendorff: 1 - bất đồng thấy được / bất đồng do ngẫu nhiên. Thấy được là "
            "mức hai lần đọc cùng một mục khác nhau, ngẫu nhiên là mức hai lần đọc bất kỳ trên mọi "
            "mục khác nhau. 1 là hoàn toàn đồng thuận, 0 là không hơn ngẫu nhiên. Mục chỉ một "
            "người đọc thì không tính. Để trống khi dưới hai mục, và khi mọi người nói giống nhau "
            "về mọi mục. Khi hầu như mọi bài đều không gây hại, số này thấp dù đồng thuận cao: hãy "
            "đọc cùng AC1."
        ),
    ),
    "def_gwet_ac1": (
        (
            "Gwet's AC1: (percent agreement - chance) / (1 - chance). Chance is the sum of p x (1 "
            "- p) over the categories, divided by their number less one; p is a category's share "
            "of the readings of an item, averaged over items. It stays high where nearly all is "
            "harmless and people agree on it: read it beside alpha. Items that one person read "
            "count nowhere. Blank under two items."
        ),
        (
            "AC1 của Gwet: (tỷ lệ đồng thuận - ngẫu nhiên) / (1 - ngẫu nhiên). Ngẫu nhiên là tổng "
            "p x (1 - p) trên các loại, chia cho số loại trừ một; p là tỷ trọng của một loại trong "
            "các lần đọc của một mục, lấy trung bình theo mục. Số này vẫn cao khi hầu như mọi bài "
            "đều không gây hại và mọi người đồng ý như vậy: hãy đọc cùng alpha. Mục chỉ một người "
            "đọc thì không tính. Dưới hai mục thì để trống."
        ),
    ),
    **AUDITS,
    **PURGES,
    **TIMES,
    **TRENDS,
}
