"""Words of the closed lists that many pages share: roles, states, outcomes, kinds.

Policies, requests and topics are worded in `data/taxonomy.toml`, not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "role_reviewer": ("reviewer", "người duyệt"),
    "role_coordinator": ("coordinator", "điều phối viên"),
    "role_analyst": ("analyst", "người phân tích"),
    "role_leader": ("leader", "lãnh đạo"),
    "role_admin": ("administrator", "quản trị viên"),
    "source_state_proposed": ("proposed", "đang đề xuất"),
    "source_state_active": ("active", "đang chạy"),
    "source_state_waiting": ("waiting", "đang chờ"),
    "source_state_failing": ("failing", "đang lỗi"),
    "source_state_refused": ("refused", "bị từ chối"),
    "source_state_retired": ("retired", "đã dừng"),
    "item_state_open": ("open", "chưa ai nhận"),
    "item_state_claimed": ("claimed", "đang có người giữ"),
    "item_state_decided": ("decided", "đã quyết định"),
    "item_state_answered": ("answered", "đã trả lời"),
    "item_state_closed": ("closed", "đã đóng"),
    "item_state_void": ("void", "không còn hiệu lực"),
    "outcome_violates": ("violates a policy", "vi phạm quy định"),
    "outcome_no_harm": ("no harm", "không gây hại"),
    "outcome_not_sure": ("not sure", "chưa chắc"),
    "outcome_needs_answer": ("needs an answer", "cần trả lời"),
    "outcome_already_answered": ("already answered", "đã có trả lời"),
    "origin_model": ("found by the model", "do mô hình phát hiện"),
    "origin_rule": ("found by a rule", "do quy tắc phát hiện"),
    "origin_request": ("asks for an answer", "cần được trả lời"),
    "origin_audit": ("drawn at random", "rút ngẫu nhiên"),
    "origin_partner": ("reported by a partner", "do đối tác báo"),
    "origin_manual": ("put in by hand", "do người đưa vào"),
    "band_nothing": ("nothing", "không có gì"),
    "band_check": ("check", "cần xem"),
    "band_flag": ("flag", "gắn cờ"),
    "queue_fast": ("urgent", "khẩn"),
    "queue_harm": ("harm", "gây hại"),
    "queue_request": ("requests", "yêu cầu"),
    "response_public_reply": ("public reply", "trả lời công khai"),
    "response_notice": ("notice", "thông báo"),
    "response_leaflet": ("leaflet", "tờ rơi"),
    "response_loudspeaker": ("loudspeaker text", "bài phát thanh"),
    "response_meeting": ("meeting", "buổi gặp"),
    "response_platform_report": ("report to the platform", "báo cho nền tảng"),
    "response_passed_to_service": ("passed to a service", "chuyển cho dịch vụ"),
    "response_safety_referral": ("safety referral", "giới thiệu nơi hỗ trợ an toàn"),
    "recipient_own_service_desk": ("our own service desk", "bộ phận hỗ trợ của mình"),
    "recipient_medical_or_rescue": ("medical or rescue service", "y tế hoặc cứu hộ"),
    "recipient_crisis_line": ("crisis line", "đường dây hỗ trợ khủng hoảng"),
    "recipient_platform": ("the platform", "nền tảng"),
    "recipient_police": ("police", "công an"),
    "sentiment_negative": ("negative", "tiêu cực"),
    "sentiment_neutral": ("neutral", "trung tính"),
    "sentiment_positive": ("positive", "tích cực"),
    "topic_civic": ("civic", "chuyện chung của xã hội"),
}
