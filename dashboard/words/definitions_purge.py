"""How purges are measured: in English the docstrings of `jobs/measures/purging`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

PURGES: dict[str, Entry] = {
    "def_purge_lag": (
        (
            "Hours from a post's deletion at its platform until it was erased here. The time by "
            "which half of the posts whose deletion became known in the window were erased, and 95 "
            "in 100 (Kaplan and Meier's estimate, bounds at 95 %). A post whose text is still held "
            "counts as waiting for as long as it has. Where the platform does not say when it "
            "deleted a post, the time counts from the moment at which that became known, and "
            "stands apart: nobody knows what went before. Sources that can be asked are asked "
            "about the posts of 30 days once a day, about all once a week. Where too few are "
            'through, the longest wait so far is given as "at least". Times are rounded up by 5 % '
            "at most; under 30 posts none is given."
        ),
        (
            "Số giờ từ khi bài bị xoá trên nền tảng đến khi bị xoá tại đây. Là thời gian mà một "
            "nửa, và 95 trên 100, số bài được biết là đã xoá trong khoảng này đã được xoá (ước "
            "lượng Kaplan và Meier, khoảng tin cậy 95%). Bài còn giữ nội dung được tính là chờ từ "
            "đó đến giờ. Nơi nền tảng không cho biết đã xoá bài lúc nào thì thời gian tính từ lúc "
            "được biết, và đứng riêng: không ai biết trước đó là bao lâu. Nguồn nào hỏi được thì "
            "mỗi ngày hỏi lại về bài của 30 ngày, mỗi tuần về mọi bài. Khi quá ít bài đã xong thì "
            'ghi thời gian chờ dài nhất đến nay là "ít nhất". Thời gian được làm tròn lên tối đa '
            "5%; dưới 30 bài thì không nêu."
        ),
    ),
    "def_texts_purged": (
        (
            "Posts whose text was held when their deletion became known in the window, and was "
            "erased. A text that retention had erased before is not among them."
        ),
        (
            "Số bài còn giữ nội dung vào lúc được biết là đã bị xoá trong khoảng này, và nội dung "
            "đã được xoá. Nội dung mà việc lưu giữ đã xoá từ trước không tính vào đây."
        ),
    ),
}
