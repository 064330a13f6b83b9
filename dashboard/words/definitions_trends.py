"""How the figures of trends are counted: in English the docstrings of `jobs/measures/rising`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

TRENDS: dict[str, Entry] = {
    "def_topic_volumes": (
        (
            "Posts of each topic by day with the 95 % range of the rate behind each count. The "
            "range says how far chance alone may have moved that day: Garwood's for a Poisson "
            "count, widened where days usually differ more from their neighbours than such counts "
            "do. Where most posts are of topics and days too small to show, each point is a week "
            "that begins on its date. A point is shown from 10 posts and proof of 10 authors on, "
            "and where its number cannot be had by subtraction; a gap stands for fewer, and for "
            "none. A topic is drawn where at least half of its posts are in such points. "
            "Sentiments that are not shown are left out, and civic posts are no topic."
        ),
        (
            "Số bài của từng chủ đề theo ngày, kèm khoảng 95% của mức đứng sau mỗi số đếm. Khoảng "
            "này cho biết riêng ngẫu nhiên có thể làm ngày đó lệch đến đâu: khoảng Garwood cho số "
            "đếm Poisson, nới rộng khi các ngày thường khác ngày kề bên nhiều hơn mức của số đếm "
            "như vậy. Khi phần lớn số bài thuộc những chủ đề và ngày quá nhỏ để hiện, mỗi điểm là "
            "một tuần bắt đầu từ ngày ghi bên dưới. Một điểm chỉ hiện khi có từ 10 bài, chắc chắn "
            "của 10 tác giả, và khi không thể suy ra số của nó bằng phép trừ; chỗ ngắt là ít hơn, "
            "hoặc không có. Một chủ đề chỉ được vẽ khi ít nhất một nửa số bài của nó nằm ở những "
            "điểm như vậy. Cảm xúc không hiện thì không tính, và bài về chuyện chung của xã hội "
            "không phải là một chủ đề."
        ),
    ),
    "def_civic_volume": (
        (
            "Civic posts (politics, religion, labour, conflict, society) by day, all counted "
            "together. They have no sentiment and no topic of their own, are compared with no "
            "other time, and start no notice."
        ),
        (
            "Số bài về chuyện chung của xã hội (chính trị, tôn giáo, lao động, xung đột, xã hội) "
            "theo ngày, tất cả đếm gộp. Chúng không có cảm xúc, không có chủ đề riêng, không so "
            "với thời gian nào khác và không dẫn đến thông báo nào."
        ),
    ),
    "def_rising_topics": (
        (
            "Posts a day of a topic in the last 7 whole days, as a ratio to the 28 days before. "
            "Days on which nothing at all came in are left out, and so is today, which is not "
            "over. The interval is that of a quasi-Poisson rate: the more a topic's days differ, "
            "the wider it is. As many topics are compared at once, each interval is widened by "
            "Holm's rule, so that in 95 of 100 weeks without any change no topic is said to rise. "
            "A topic rises only where its whole interval lies above 1. It takes 10 posts by 10 "
            "authors in each of the two times; what had fewer before is named without a ratio. "
            "Days are taken as independent: an event of several days counts for more than it "
            "should. A source that was added or fell silent moves every topic: compare with all "
            "posts. Rates are whole posts and ratios have two digits, so that nothing can be "
            "subtracted."
        ),
        (
            "Số bài mỗi ngày của một chủ đề trong 7 ngày trọn vẹn gần nhất, tính theo tỷ số với 28 "
            "ngày trước đó. Những ngày không có bài nào đến thì bỏ ra, và hôm nay cũng vậy vì chưa "
            "hết ngày. Khoảng tin cậy là của mức quasi-Poisson: các ngày của chủ đề càng khác nhau "
            "thì khoảng càng rộng. Vì so nhiều chủ đề cùng lúc, mỗi khoảng được nới theo quy tắc "
            "Holm, để trong 95 trên 100 tuần không có gì thay đổi thì không chủ đề nào bị coi là "
            "tăng. Một chủ đề chỉ được coi là tăng khi cả khoảng nằm trên 1. Cần 10 bài của 10 tác "
            "giả trong mỗi khoảng thời gian; chủ đề trước đó ít hơn thì chỉ nêu tên, không có tỷ "
            "số. Các ngày được coi là độc lập: một sự việc kéo dài vài ngày sẽ nặng hơn mức đáng "
            "có. Nguồn mới thêm hoặc im tiếng làm mọi chủ đề dịch chuyển: hãy so với mọi bài. Mức "
            "là số bài làm tròn và tỷ số có hai chữ số, để không thể suy ra gì bằng phép trừ."
        ),
    ),
    "def_tone_shares": (
        (
            "Share of a sentiment among a topic's posts that have one, with Wilson's 95 % "
            "interval. It is given only where all three sentiments of the topic are shown, and "
            "from 30 posts on. Posts too short to have a sentiment are not counted. The interval "
            "takes the posts as a sample of what people write there; how often the model errs is "
            "not in it."
        ),
        (
            "Tỷ lệ của một cảm xúc trong số bài có cảm xúc của chủ đề, với khoảng tin cậy 95% của "
            "Wilson. Chỉ nêu khi cả ba cảm xúc của chủ đề đều hiện, và từ 30 bài trở lên. Bài quá "
            "ngắn để xét cảm xúc không được tính. Khoảng này coi các bài như một mẫu của những gì "
            "mọi người viết ở đó; mô hình sai bao nhiêu thì không nằm trong đó."
        ),
    ),
}
