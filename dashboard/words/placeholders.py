"""Words for the placeholders of the response templates, as the labels of their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    "answer": ("Your answer", "Câu trả lời"),
    "answer_by": ("You will answer by", "Sẽ trả lời trước"),
    "correct_statement": ("What is known", "Điều đã biết chắc"),
    "crisis_line": ("Crisis line: name and number", "Đường dây hỗ trợ: tên và số"),
    "crisis_line_hours": ("Hours of the crisis line", "Giờ của đường dây hỗ trợ"),
    "date": ("Date", "Ngày"),
    "emergency_number": ("Emergency number", "Số khẩn cấp"),
    "how_the_scam_works": ("How the scam works", "Cách lừa đảo"),
    "message_in_two_sentences": ("The message, in two sentences", "Nội dung chính, trong hai câu"),
    "missing_detail": ("The detail that is missing", "Chi tiết còn thiếu"),
    "need": ("What is needed", "Cần gì"),
    "next_announcement_at": ("Time of the next announcement", "Giờ phát tiếp theo"),
    "number_of_people": ("Number of people", "Số người"),
    "opening_hours": ("Opening hours", "Giờ làm việc"),
    "organisation_name": ("Name of the organisation", "Tên cơ quan"),
    "passed_at": ("Passed on at", "Giờ đã chuyển"),
    "place": ("Place", "Địa điểm"),
    "platform_rule": ("Rule of the platform", "Quy định của nền tảng"),
    "policy_name": ("Our policy", "Chính sách của chúng ta"),
    "policy_version": ("Version of our policy", "Phiên bản chính sách"),
    "private_contact": ("Private contact", "Nơi liên hệ riêng"),
    "question": ("What people ask", "Điều mọi người hỏi"),
    "reason_in_own_words": ("The reason, in your own words", "Lý do, bằng lời của bạn"),
    "report_phone": ("Phone for reports", "Số điện thoại nhận tin báo"),
    "rescue_service": ("Rescue service", "Đơn vị cứu hộ"),
    "seen_at": ("Seen at", "Giờ ghi nhận"),
    "service_name": ("Name of the service", "Tên dịch vụ"),
    "service_phone": ("Phone of the service", "Số điện thoại dịch vụ"),
    "source_link": ("Link to the source", "Liên kết đến nguồn"),
    "source_name": ("Name of the source", "Tên nguồn"),
    "team_contact": ("Contact of the team", "Liên hệ của nhóm"),
    "team_name": ("Name of the team", "Tên nhóm"),
    "ticket_number": ("Ticket number", "Mã số phản ánh"),
    "title": ("Title", "Tiêu đề"),
    "what_to_do_now": ("What to do now", "Việc cần làm ngay"),
    "what_was_done": ("What was done", "Đã làm gì"),
}
