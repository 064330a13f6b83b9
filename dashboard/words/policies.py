"""Words of the policies page: the closed lists, and how the model judges their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "title": ("Policies", "Quy định"),
    "lead": (
        (
            "The only harms and requests that put a post before a person, what each means and "
            "what it does not, and the false claims that the team has listed."
        ),
        (
            "Chỉ những loại gây hại và yêu cầu dưới đây mới đưa một bài đến người duyệt: mỗi loại "
            "nghĩa là gì, không phải là gì, và những tin sai mà nhóm đã đưa vào danh sách."
        ),
    ),
    # Where wording and model differ
    "disagreements": (
        "Where the model disagrees with the wording",
        "Chỗ mô hình khác với lời văn",
    ),
    "disagreements_lead": (
        (
            "Each policy has worded examples. Where the model judges one otherwise, one of the two "
            "is wrong, and reviewers should know."
        ),
        (
            "Mỗi quy định có ví dụ kèm theo. Nếu mô hình đánh giá một ví dụ theo cách khác thì một "
            "trong hai bên đang sai, và người duyệt cần biết điều đó."
        ),
    ),
    "not_measured": (
        (
            "Not measured yet. The worker scores the examples within a minute of its start and "
            "after each change of the model."
        ),
        (
            "Chưa đo. Chương trình nền chấm các ví dụ trong vòng một phút sau khi khởi động và sau "
            "mỗi lần đổi mô hình."
        ),
    ),
    "disagree_count": (
        (
            "{n} of {scored} examples is judged otherwise by {model}, measured {since}.",
            "{n} of {scored} examples are judged otherwise by {model}, measured {since}.",
        ),
        "{model} đánh giá khác với lời văn ở {n} trên {scored} ví dụ, đo {since}.",
    ),
    "agree_all": (
        "{model} judges all {scored} examples as they are worded, measured {since}.",
        "{model} đánh giá đúng như lời văn ở cả {scored} ví dụ, đo {since}.",
    ),
    "show_disagreements": (
        ("Show the {n} example", "Show the {n} examples"),
        "Xem {n} ví dụ",
    ),
    "missed": (
        "Worded as {label}, and the model does not put it before a person (score {score}).",
        "Lời văn coi là {label}, nhưng mô hình không đưa đến người duyệt (điểm {score}).",
    ),
    "overdone": (
        "Worded as not {label}, and the model puts it before a person ({band}, score {score}).",
        "Lời văn coi là không phải {label}, nhưng mô hình đưa ra duyệt ({band}, điểm {score}).",
    ),
    # The lists
    "harms": ("Nine harms", "Chín loại gây hại"),
    "harms_lead": (
        (
            "The list is closed: no setting adds to it. Opinion, criticism of anybody in power, "
            "satire, protest and news are never on it."
        ),
        (
            "Danh sách này khép kín: không thiết lập nào thêm vào được. Ý kiến, lời phê bình người "
            "có quyền, châm biếm, biểu tình và tin tức không bao giờ nằm trong đó."
        ),
    ),
    "requests": ("Three requests", "Ba loại yêu cầu"),
    "requests_lead": (
        "What asks this team for something, and is answered rather than judged.",
        "Những bài cần nhóm này giúp hoặc trả lời, không phải để phán xét.",
    ),
    "severity": ("severity {severity} of 5", "mức nghiêm trọng {severity} trên 5"),
    "covered": (
        "Its text is covered until the reviewer asks to see it.",
        "Nội dung được che cho đến khi người duyệt muốn xem.",
    ),
    "means": ("What it is", "Là gì"),
    "not_this": ("What it is not", "Không phải là gì"),
    "is_one": ("Examples of it", "Ví dụ thuộc loại này"),
    "is_not_one": ("Examples that are not", "Ví dụ không thuộc loại này"),
    "scored_put": (
        "Put before a person: {band}, score {score}",
        "Đưa đến người duyệt: {band}, điểm {score}",
    ),
    "scored_left": ("Left alone, score {score}", "Để yên, điểm {score}"),
    "otherwise": ("the model disagrees", "mô hình đánh giá khác"),
    "by_statement": (
        (
            "Only the statements below find this harm. No model decides what is false, and with an "
            "empty list nothing is found."
        ),
        (
            "Chỉ danh sách tin sai bên dưới mới nhận ra loại này. Không mô hình nào quyết định "
            "điều gì là sai; danh sách trống thì không bài nào bị gắn cờ."
        ),
    ),
    "wording": (
        "Wording version {wording}; each decision keeps the version it was made under.",
        "Bản lời văn {wording}; mỗi quyết định đều ghi lại bản đang dùng lúc đó.",
    ),
}
