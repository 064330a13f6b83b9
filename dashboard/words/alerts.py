"""Words of alerts: on their page, and in the messages about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "open_now": (("{n} open alert", "{n} open alerts"), "{n} cảnh báo đang mở"),
    "title": ("Alerts", "Cảnh báo"),
    "lead": (
        "What somebody should look at, with its reason in numbers. Rules open and end alerts.",
        "Những điều cần có người xem, kèm lý do bằng con số. Quy tắc mở và kết thúc cảnh báo.",
    ),
    # What is open
    "open_part": ("Open alerts", "Cảnh báo đang mở"),
    "none": (
        "Nothing is out of the ordinary. The rules below are asked every {every}.",
        "Không có gì bất thường. Các quy tắc dưới đây được hỏi lại mỗi {every}.",
    ),
    "watched": ("What is watched, and when", "Những gì được theo dõi, và khi nào"),
    "since": ("since {at} ({ago})", "từ {at} ({ago})"),
    "calmer": (
        "These are the numbers of {at}. It is calmer now, and ends once it is calm.",
        "Đây là con số lúc {at}. Hiện đã dịu hơn, và sẽ kết thúc khi trở lại bình thường.",
    ),
    "owner": ("Owner", "Người phụ trách"),
    "nobody": ("nobody yet", "chưa có ai"),
    "state": ("State", "Trạng thái"),
    "state_open": ("open", "đang mở"),
    "state_acknowledged": ("acknowledged", "đã ghi nhận"),
    "state_ended": ("ended", "đã kết thúc"),
    "messages": ("Messages", "Tin nhắn"),
    "no_messages": ("none set up", "chưa thiết lập"),
    "channel_unusable": (
        "By {channel} nobody is told of anything: its settings do not fit.",
        "Không có gì được báo qua {channel}: thiết lập của kênh này không dùng được.",
    ),
    "channel_mail": ("mail", "thư"),
    "channel_webhook": ("webhook", "webhook"),
    "delivery": ("{channel}: {state}", "{channel}: {state}"),
    "delivery_waiting": ("waiting", "đang chờ"),
    "delivery_sending": ("being sent", "đang gửi"),
    "delivery_sent": ("sent", "đã gửi"),
    "delivery_sent_in_part": (
        "sent, but an address was refused",
        "đã gửi, nhưng có địa chỉ bị từ chối",
    ),
    "delivery_given_up": ("given up", "đã bỏ"),
    "delivery_not_needed": ("ended before it was sent", "đã kết thúc trước khi gửi"),
    # What can be done
    "take": ("Take it", "Nhận phụ trách"),
    "take_hint": (
        "You become its owner, whoever had it before; the ledger tells of it.",
        "Bạn trở thành người phụ trách, dù trước đó là ai; sổ ghi lại việc này.",
    ),
    "taken": ("The alert is yours.", "Bạn đã phụ trách cảnh báo này."),
    "acknowledge": ("Acknowledge", "Ghi nhận"),
    "acknowledge_hint": (
        "Says that somebody has seen it. It stays open until its rule ends it.",
        "Cho biết đã có người xem. Cảnh báo vẫn mở cho đến khi quy tắc kết thúc nó.",
    ),
    "acknowledged": ("Acknowledged.", "Đã ghi nhận."),
    "mute_part": ("Mute it", "Tắt thông báo"),
    "mute_days": ("For how long", "Trong bao lâu"),
    "mute_reason": ("Why", "Lý do"),
    "mute_reason_hint": (
        "Others read it. It goes into no message.",
        "Người khác sẽ đọc. Lý do này không có trong tin nhắn nào.",
    ),
    "mute": ("Mute", "Tắt"),
    "mute_no_reason": ("Say why, so that others know.", "Hãy ghi lý do để người khác biết."),
    "muted": (
        "Muted. It is listed below, and nobody is told of it until then.",
        "Đã tắt. Cảnh báo nằm trong danh sách bên dưới, đến lúc đó không ai được báo.",
    ),
    "go_trends": ("Open Trends", "Mở trang Xu hướng"),
    "go_sources": ("Open Sources", "Mở trang Nguồn tin"),
    "go_queues": ("Open Queues", "Mở trang Hàng chờ"),
    "go_quality": ("Open Quality", "Mở trang Chất lượng"),
    "go_models": ("Open Models", "Mở trang Mô hình"),
    "go_coverage": ("Open Coverage & deadlines", "Mở trang Mức bao phủ và thời hạn"),
    # What is muted
    "mutes_part": ("Muted", "Đã tắt"),
    "mutes_lead": (
        "Rules go on watching; nobody is told.",
        "Quy tắc vẫn theo dõi; không ai được báo.",
    ),
    "mute_until": ("until {at}", "đến {at}"),
    "mute_by": ("muted by {name}", "{name} đã tắt"),
    "mute_stands": ("An alert of this stands open.", "Cảnh báo này đang mở."),
    "end_mute": ("Tell it again", "Báo lại"),
    "end_mute_hint": (
        "If its alert is open, it is listed and told at once.",
        "Nếu cảnh báo đang mở, nó hiện lại trong danh sách và được báo ngay.",
    ),
    "mute_ended": ("It is told again.", "Đã bật lại thông báo."),
    # What has ended
    "history_part": ("What has ended", "Đã kết thúc"),
    "history_none": ("No alert has ended yet.", "Chưa có cảnh báo nào kết thúc."),
    "history": ("All as a table ({n})", "Tất cả trong bảng ({n})"),
    "col_kind": ("Alert", "Cảnh báo"),
    "col_about": ("About", "Về"),
    "col_reason": ("Why", "Lý do"),
    "col_opened": ("Opened", "Mở lúc"),
    "col_ended": ("Ended", "Kết thúc lúc"),
    "col_owner": ("Owner", "Người phụ trách"),
    "col_messages": ("Messages", "Tin nhắn"),
    "lasted": ("{first} to {last}", "{first} đến {last}"),
    # Messages
    "letter_title": ("[Evenhand] {title}", "[Evenhand] {title}"),
    "letter_since": ("Since {at} (UTC).", "Từ {at} (UTC)."),
    "letter_end": (
        "Look at it on the page Alerts. Who takes it there is its owner.",
        "Hãy xem ở trang Cảnh báo. Ai nhận ở đó là người phụ trách.",
    ),
    # Kinds
    "kind_volume_spike": ("More posts than usual", "Nhiều bài hơn thường lệ"),
    "kind_volume_drop": ("Fewer posts than usual", "Ít bài hơn thường lệ"),
    "kind_silent_source": ("A source is silent", "Một nguồn im lặng"),
    "kind_failing_source": ("A source cannot be read", "Không đọc được một nguồn"),
    "kind_silent_team": ("A team does not decide", "Một nhóm không quyết định"),
    "kind_deadline_risk": ("Deadlines will be missed", "Sẽ trễ hạn"),
    "kind_recall_falling": ("Less harm is found", "Phát hiện ít bài gây hại hơn"),
    "kind_drift": ("What comes in has changed", "Bài đến đã thay đổi"),
    "kind_purge_lag": ("Texts are held too long", "Giữ nội dung quá lâu"),
    "about_all": ("the whole workspace", "toàn bộ không gian làm việc"),
    "about_all_topics": ("all topics but civic ones", "mọi chủ đề trừ chuyện chung của xã hội"),
    "about_small_teams": (
        "teams of fewer than three people, together",
        "các nhóm dưới ba người, tính chung",
    ),
    "about_topic": ("topic: {topic}", "chủ đề: {topic}"),
    "about_model": ("model {version}", "mô hình {version}"),
    # Reasons
    "why_volume_spike": (
        (
            "Posts on the last whole day: {n}. Usual are {usual} a day, the median of {days} days; "
            "above {bound} it is told."
        ),
        (
            "Số bài trong ngày trọn vẹn gần nhất: {n}. Thường là {usual} bài một ngày, trung vị "
            "của {days} ngày; trên {bound} thì được báo."
        ),
    ),
    "why_volume_spike_so_far": (
        (
            "Posts today so far: {n}. Usual are {usual} a day, the median of {days} days; above "
            "{bound} it is told."
        ),
        (
            "Số bài từ đầu hôm nay: {n}. Thường là {usual} bài một ngày, trung vị của {days} ngày; "
            "trên {bound} thì được báo."
        ),
    ),
    "why_volume_drop": (
        (
            "Posts on the last whole day, all but civic ones: {n}. Usual are {usual} a day, the "
            "median of {days} days; below {bound} it is told."
        ),
        (
            "Số bài trong ngày trọn vẹn gần nhất, trừ chuyện chung của xã hội: {n}. Thường là "
            "{usual} bài một ngày, trung vị của {days} ngày; dưới {bound} thì được báo."
        ),
    ),
    "why_silent_source": (
        (
            "No post for {n} whole day; usually {usual} is the longest silence.",
            "No post for {n} whole days; usually {usual} is the longest silence.",
        ),
        "Không có bài trong {n} ngày trọn vẹn; thường im lặng lâu nhất là {usual} ngày.",
    ),
    "why_failing_source": (
        (
            "{n} try failed; the last that worked was {long} ago.",
            "{n} tries in a row failed; the last that worked was {long} ago.",
        ),
        "{n} lần đọc liên tiếp bị lỗi; lần đọc được gần nhất cách đây {long}.",
    ),
    "why_silent_team": (
        (
            "Items that wait: {n}. The team has decided on nothing for {long}; of its usual hours, "
            "{usual_hours} have gone by."
        ),
        (
            "Số mục đang chờ: {n}. Nhóm không quyết định mục nào trong {long}; {usual_hours} giờ "
            "thường làm việc đã trôi qua."
        ),
    ),
    "why_deadline_risk": (
        (
            "At the pace of the last week ({pace} a day), {n} of {due} items due within a day will "
            "not be decided in time; {overdue} are past their deadline already."
        ),
        (
            "Với tốc độ của tuần qua ({pace} mục một ngày), {n} trên {due} mục đến hạn trong một "
            "ngày tới sẽ không kịp quyết định; {overdue} mục đã quá hạn."
        ),
    ),
    "why_recall_falling": (
        "Of the harm, at most {newest_high} is found; before it was at least {before_low}.",
        "Phát hiện được nhiều nhất {newest_high} số bài gây hại; trước đây ít nhất {before_low}.",
    ),
    "why_drift": (
        (
            "The newest drift report, {days} days old, has {n} change that calls for a look.",
            "The newest drift report, {days} days old, has {n} changes that call for a look.",
        ),
        "Báo cáo thay đổi mới nhất, cách đây {days} ngày, có {n} thay đổi cần xem.",
    ),
    "why_purge_lag": (
        (
            "{n} text that should have been erased is held, {long} too long.",
            "{n} texts that should have been erased are held, the oldest {long} too long.",
        ),
        "Còn giữ {n} nội dung lẽ ra đã xóa, lâu nhất quá {long}.",
    ),
    # Rules
    "rule_volume_spike": (
        (
            "A topic, never a civic one, or all of them together bring far more posts on a day "
            "(UTC) than in the four weeks before: above the median by five deviations, and by half "
            "at least. A day with too few posts to be told counts as ten."
        ),
        (
            "Một chủ đề, không bao giờ là chuyện chung của xã hội, hoặc tất cả cộng lại, có số bài "
            "một ngày (UTC) nhiều hơn hẳn bốn tuần trước: trên trung vị năm độ lệch và ít nhất một "
            "nửa. Ngày có quá ít bài để nêu ra được tính là mười."
        ),
    ),
    "rule_volume_drop": (
        "All posts but civic ones are far fewer on a day than in the four weeks before.",
        "Tổng số bài một ngày, trừ chuyện chung của xã hội, ít hơn hẳn bốn tuần trước.",
    ),
    "rule_silent_source": (
        "A source that is read gives no post for more whole days than it usually is silent.",
        "Một nguồn đang đọc không có bài trong nhiều ngày trọn vẹn hơn mức im lặng thường thấy.",
    ),
    "rule_failing_source": (
        "A source could not be read for two hours and four turns.",
        "Không đọc được một nguồn trong hai giờ và bốn lượt.",
    ),
    "rule_silent_team": (
        "Items wait, and four hours in which the team usually works bring no decision.",
        "Có mục đang chờ mà bốn giờ nhóm thường làm việc không có quyết định nào.",
    ),
    "rule_deadline_risk": (
        (
            "At the pace of the last week, five items and a tenth of those due within a day will "
            "be late."
        ),
        (
            "Với tốc độ của tuần qua, ít nhất năm mục và một phần mười số đến hạn trong một ngày "
            "sẽ trễ."
        ),
    ),
    "rule_recall_falling": (
        ("The share of harm that is found, by the audit, has fallen by more than chance explains."),
        "Tỷ lệ phát hiện bài gây hại, theo kiểm tra ngẫu nhiên, giảm quá mức ngẫu nhiên.",
    ),
    "rule_drift": (
        "The newest drift report of the active model shows a change that calls for a look.",
        "Báo cáo thay đổi mới nhất của mô hình đang dùng có điều cần xem.",
    ),
    "rule_purge_lag": (
        "A text is held six hours longer than it may be.",
        "Một nội dung bị giữ lâu hơn mức cho phép sáu giờ.",
    ),
}
