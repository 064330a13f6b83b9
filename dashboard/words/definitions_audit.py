"""How missed harm is measured: in English the docstrings of `jobs/measures/missing`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

AUDITS: dict[str, Entry] = {
    "def_recall": (
        (
            "Share of the harm that was found: found / (found + waiting + missed), 0-1. Found: "
            "flagged posts of the audited days that a person decided are harm. Missed: harm among "
            "the unflagged posts of these days, estimated from the audit. Waiting: the harm "
            "expected among flagged posts that are undecided, left people unsure or were decided "
            "by "
            "score range, which nobody read, as often as among those decided; while it waits it is "
            "not found, so that neither a backlog nor a range makes the share better. The bounds "
            "are those of the missed harm at 95 %; at the lower one "
            "every waiting post is harm, at the upper one none is. Blank without any harm, under "
            "30 decided audited posts, where more than one in five audited posts are undecided, "
            "where the audit saw no missed harm (it is never 100 % for that), and where the bounds "
            "are more than 0.4 apart; the bounds are given all the same. While nothing is found "
            "and the audit saw harm, it is 0. Of one policy, harm is what violates that policy. A "
            "post that was flagged after its day was audited counts as missed and as found, so "
            "that the share is rather too low. It does not know harm in posts that no source "
            "brought, nor what reviewers overlook. Sources: sensitivity in CDC, Updated Guidelines "
            "for Evaluating Public Health Surveillance Systems (MMWR 50, RR-13, 2001); bounds "
            "after Korn and Graubard (1998)."
        ),
        (
            "Tỷ lệ nội dung gây hại đã được tìm thấy: đã tìm thấy / (đã tìm thấy + đang chờ + bỏ "
            "sót), từ 0 đến 1. Đã tìm thấy: các bài được gắn cờ của những ngày có kiểm tra ngẫu "
            "nhiên mà người duyệt quyết định là gây hại. Bỏ sót: nội dung gây hại trong các bài "
            "không gắn cờ của những ngày đó, ước tính từ kiểm tra ngẫu nhiên. Đang chờ: phần gây "
            "hại dự kiến trong các bài được gắn cờ chưa có quyết định, người duyệt chưa chắc, hoặc "
            "được quyết định theo khoảng điểm mà chưa ai đọc, tính theo tỷ lệ của các bài đã quyết "
            "định; khi còn chờ thì chưa phải là đã tìm thấy, nên việc tồn đọng hay quyết định theo "
            "khoảng điểm không bao giờ làm tỷ lệ đẹp lên. Khoảng tin cậy là của phần bỏ sót, "
            "mức 95%; ở đầu thấp mọi bài đang chờ đều gây hại, ở đầu cao không bài nào. Để trống "
            "khi không có nội dung gây hại, khi dưới 30 bài kiểm tra đã có quyết định, khi hơn một "
            "phần năm số bài kiểm tra chưa có quyết định, khi kiểm tra không thấy bỏ sót bài nào "
            "(không vì thế mà là 100%), và khi hai đầu cách nhau hơn 0,4; khoảng tin cậy vẫn được "
            "nêu. Khi chưa tìm thấy gì mà kiểm tra có thấy nội dung gây hại thì tỷ lệ là 0. Với "
            "riêng một quy định, gây hại là vi phạm quy định đó. Bài bị gắn cờ sau khi ngày của nó "
            "đã được kiểm tra được tính cả là bỏ sót lẫn là đã tìm thấy, nên tỷ lệ có phần thấp "
            "hơn thực tế. Số này không biết đến nội dung gây hại trong các bài mà không nguồn nào "
            "mang về, cũng không biết người duyệt bỏ qua điều gì. Nguồn: độ nhạy trong CDC, "
            "Updated Guidelines for Evaluating Public Health Surveillance Systems (MMWR 50, RR-13, "
            "2001); khoảng tin cậy theo Korn và Graubard (1998)."
        ),
    ),
    "def_elusion": (
        (
            "Share of the unflagged posts of the audited days that are harm, from the audit, 0-1. "
            "Each audited post that is decided stands for 1 / its chance of being drawn; the share "
            "is what those that are harm stand for, of what all of them stand for. Audited posts "
            "that are undecided, left people unsure or were deleted unread are left out, as if "
            "they were harm as often as the others; their number stands beside. Blank without "
            "unflagged posts, under 30 decided audited posts, where more than one in five are "
            "undecided and where the audit saw no harm: then only the bounds are given. The bounds "
            "are Korn and Graubard's (1998) at 95 %, with one more post that is harm at the upper "
            "end. It does not know what reviewers of the audit overlook. Share: Hájek (1971); "
            "name: Grossman and Cormack, Glossary of Technology-Assisted Review (2013)."
        ),
        (
            "Tỷ lệ bài gây hại trong các bài không gắn cờ của những ngày có kiểm tra ngẫu nhiên, "
            "ước tính từ kiểm tra, từ 0 đến 1. Mỗi bài kiểm tra đã có quyết định đại diện cho 1 / "
            "xác suất được rút của nó; tỷ lệ là phần mà các bài gây hại đại diện, trên phần mà tất "
            "cả đại diện. Bài kiểm tra chưa có quyết định, làm người duyệt chưa chắc hoặc bị xoá "
            "khi chưa ai đọc thì không tính, như thể chúng gây hại với tỷ lệ như các bài khác; số "
            "bài này ghi bên cạnh. Để trống khi không có bài nào không gắn cờ, khi dưới 30 bài "
            "kiểm tra đã có quyết định, khi hơn một phần năm chưa có quyết định và khi kiểm tra "
            "không thấy bài gây hại nào: lúc đó chỉ nêu khoảng tin cậy. Khoảng tin cậy là của Korn "
            "và Graubard (1998), mức 95%, với thêm một bài gây hại ở đầu cao. Số này không biết "
            "người duyệt kiểm tra đã bỏ qua điều gì. Tỷ lệ: Hájek (1971); tên gọi: Grossman và "
            "Cormack, Glossary of Technology-Assisted Review (2013)."
        ),
    ),
    "def_missed": (
        (
            "Posts of the audited days that are harm and were not flagged: elusion x unflagged "
            "posts. A post that the audit itself found counts as missed, since the queue would not "
            "have shown it; hence the lower bound is at least the number of those. Blank under 30 "
            "decided audited posts, where more than one in five are undecided and where the audit "
            "saw no harm: then only the bounds are given, never zero. Without unflagged posts "
            "nothing can be missed, and once all of them are audited the number is exact. Source: "
            "as of elusion."
        ),
        (
            "Số bài gây hại không được gắn cờ của những ngày có kiểm tra ngẫu nhiên: tỷ lệ bỏ sót "
            "trong các bài không gắn cờ x số bài không gắn cờ. Bài mà chính kiểm tra tìm ra được "
            "tính là bỏ sót, vì hàng chờ đã không đưa bài đó ra; do đó đầu thấp ít nhất bằng số "
            "bài như vậy. Để trống khi dưới 30 bài kiểm tra đã có quyết định, khi hơn một phần năm "
            "chưa có quyết định và khi kiểm tra không thấy bài gây hại nào: lúc đó chỉ nêu khoảng "
            "tin cậy, không bao giờ là không. Không có bài nào không gắn cờ thì không thể bỏ sót "
            "gì, và khi tất cả đã được kiểm tra thì con số là chính xác. Nguồn: như của tỷ lệ bỏ "
            "sót."
        ),
    ),
    "def_prevalence": (
        (
            "Share of all posts of the audited days that are harm, flagged or not, 0-1. (found + "
            "waiting + missed) / (flagged + unflagged); waiting is the harm expected among flagged "
            "posts that are undecided, as often as among those decided. At the lower bound none of "
            "those is harm, at the upper bound each. Posts are counted, not views: it does not "
            "know how many people saw them. Blank where the missed harm or the share among flagged "
            'posts is not known. Source: the post-weighted variant of Meta, "Prevalence" '
            "(Transparency Center, 2019)."
        ),
        (
            "Tỷ lệ bài gây hại trên tất cả các bài của những ngày có kiểm tra ngẫu nhiên, có gắn "
            "cờ hay không, từ 0 đến 1. Công thức: (đã tìm thấy + đang chờ + bỏ sót) / (gắn cờ + "
            "không gắn cờ); đang chờ là phần gây hại dự kiến trong các bài được gắn cờ chưa có "
            "quyết định, theo tỷ lệ của các bài đã quyết định. Ở đầu thấp không bài nào trong số "
            "đó gây hại, ở đầu cao là mọi bài. Đếm theo bài chứ không theo lượt xem: số này không "
            "biết bao nhiêu người đã thấy các bài. Để trống khi chưa biết phần bỏ sót hoặc tỷ lệ "
            'trong các bài được gắn cờ. Nguồn: cách tính theo bài của Meta, "Prevalence" '
            "(Transparency Center, 2019)."
        ),
    ),
    "def_recall_by_reach": (
        (
            "Share of the reach of harm that was found: found / (found + waiting + missed), 0-1. "
            "As recall, with each post counted by its reach: its public reactions (likes, replies, "
            "shares) as they were when it was last read. They are not views, which Evenhand does "
            "not know; a post without any, and each post of a source that tells none, counts "
            "nothing. The bounds are Fay and Feuer's (1997) at 95 %, with one more post that is "
            "harm, and with reach spread as among all audited posts: harm that spread further than "
            "any of these is not in them. Blank where recall is blank for another reason than its "
            "width, where no harm has a reach that is known, where the audit saw no missed harm "
            "that has one, and where the bounds are more than 0.4 apart; the bounds are given all "
            "the same. Source: views of missed harm, as Meta's Oversight Board asks for."
        ),
        (
            "Tỷ lệ mức lan toả của nội dung gây hại đã được tìm thấy: đã tìm thấy / (đã tìm thấy + "
            "đang chờ + bỏ sót), từ 0 đến 1. Tính như tỷ lệ gây hại đã tìm thấy, nhưng mỗi bài "
            "được tính theo mức lan toả: số phản ứng công khai (thích, trả lời, chia sẻ) vào lần "
            "đọc bài gần nhất. Đó không phải là lượt xem, điều Evenhand không biết; bài không có "
            "phản ứng nào, và mọi bài của nguồn không cho biết, thì không tính gì. Khoảng tin cậy "
            "là của Fay và Feuer (1997), mức 95%, cộng thêm một bài gây hại, và mức lan toả phân "
            "bố như trong mọi bài được rút để kiểm tra: nội dung gây hại lan xa hơn mọi bài đó thì "
            "không nằm trong khoảng. Để trống khi tỷ lệ đã tìm thấy để trống vì lý do khác ngoài "
            "khoảng quá rộng, khi không biết mức lan toả của nội dung gây hại nào, khi kiểm tra "
            "không thấy nội dung gây hại bị bỏ sót nào có mức lan toả, và khi khoảng rộng hơn 0,4; "
            "khoảng vẫn được nêu. Nguồn: lượt xem của nội dung gây hại bị bỏ sót, như Ban giám sát "
            "của Meta yêu cầu."
        ),
    ),
}
