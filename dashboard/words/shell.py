"""Words of the frame: signing in and out, the sidebar, and what any page may have to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evenhand.dashboard.words.forms import Entry

WORDS: dict[str, Entry] = {
    # Signing in
    "sign_in": ("Sign in", "Đăng nhập"),
    "sign_in_lead": (
        "For members of the review team.",
        "Dành cho thành viên nhóm duyệt bài.",
    ),
    "name": ("Name", "Tên"),
    "password": ("Password", "Mật khẩu"),
    "new_password": ("New password", "Mật khẩu mới"),
    "new_password_hint": (
        "At least 10 characters. A short sentence is easy to remember and hard to guess.",
        "Ít nhất 10 ký tự. Một câu ngắn vừa dễ nhớ vừa khó đoán.",
    ),
    "set_password": ("Set the password and sign in", "Đặt mật khẩu và đăng nhập"),
    "welcome": ("Welcome to the team", "Chào mừng bạn đến với nhóm"),
    "welcome_lead": (
        "Choose your own password. This link works once.",
        "Hãy tự chọn mật khẩu. Liên kết này chỉ dùng được một lần.",
    ),
    "link_used": (
        "This link was used already or is too old. Ask your administrator for a new one.",
        "Liên kết này đã được dùng hoặc đã quá hạn. Hãy nhờ quản trị viên gửi liên kết mới.",
    ),
    "password_length": (
        "The password is too short or too long. Choose one of 10 to 200 characters.",
        "Mật khẩu quá ngắn hoặc quá dài. Hãy chọn mật khẩu có từ 10 đến 200 ký tự.",
    ),
    "wrong": (
        (
            "Name and password do not match. Check both and try again; after five tries the name "
            "rests for five minutes."
        ),
        (
            "Tên và mật khẩu không khớp. Hãy kiểm tra cả hai rồi thử lại; sau năm lần thử, tên này "
            "phải chờ năm phút."
        ),
    ),
    "empty": (
        "Fill in both the name and the password.",
        "Hãy điền cả tên và mật khẩu.",
    ),
    "not_now": (
        (
            "Signing in does not work at the moment. Wait a minute and try again; if it stays so, "
            "tell your administrator."
        ),
        (
            "Hiện chưa đăng nhập được. Hãy chờ một phút rồi thử lại; nếu vẫn vậy, báo cho quản trị "
            "viên."
        ),
    ),
    "ended": (
        "Your session has ended. Sign in again to go on; nothing that was saved is lost.",
        "Phiên làm việc đã kết thúc. Hãy đăng nhập lại để tiếp tục; những gì đã lưu vẫn còn.",
    ),
    "left": ("You are signed out.", "Bạn đã đăng xuất."),
    "language_switch": ("Language", "Ngôn ngữ"),
    "never_posts": (
        "Evenhand reads public posts and never posts anything itself.",
        "Evenhand chỉ đọc bài viết công khai và không bao giờ tự đăng bài.",
    ),
    # Demo
    "demo_title": ("Look around as", "Xem thử với vai"),
    "demo_lead": (
        "This is the demo: every post and every person in it is simulated.",
        "Đây là bản dùng thử: mọi bài viết và mọi người trong đó đều là mô phỏng.",
    ),
    "demo_progress": (
        (
            "Preparing {n} of {total} simulated posts. You can sign in already; the figures grow "
            "meanwhile."
        ),
        (
            "Đang chuẩn bị {n} trên {total} bài mô phỏng. Bạn có thể đăng nhập ngay; các con số sẽ "
            "tăng dần."
        ),
    ),
    "demo_starting": (
        "The simulated posts are about to be prepared.",
        "Sắp bắt đầu chuẩn bị các bài mô phỏng.",
    ),
    "demo_banner": (
        "Demo: all posts and people are simulated.",
        "Bản dùng thử: mọi bài viết và con người đều là mô phỏng.",
    ),
    "demo_growing": (
        "Demo, still being prepared: {n} of {total} simulated posts. The figures grow meanwhile.",
        "Bản dùng thử đang được chuẩn bị: {n} trên {total} bài mô phỏng. Các con số sẽ tăng dần.",
    ),
    "or_with_name": ("Or with a name", "Hoặc bằng tên"),
    # As Streamlit says them of its own frame, for `widgets.speak` to find.
    "main_menu": ("Main menu", "Trình đơn chính"),
    "home": ("Navigate to home page", "Về trang đầu"),
    "skip_to_content": ("Skip to main content", "Đến thẳng nội dung chính"),
    # Signing out
    "sign_out": ("Sign out", "Đăng xuất"),
    "sign_out_question": ("Sign out now?", "Đăng xuất ngay?"),
    "sign_out_lead": (
        "Items you hold go back to the queue when their time is up.",
        "Các mục bạn đang giữ sẽ trở lại hàng chờ khi hết thời gian giữ.",
    ),
    "stay": ("Stay signed in", "Ở lại"),
    # Frame
    "signed_in_as": ("Signed in as", "Đang đăng nhập"),
    "no_page": (
        "Your roles open no page yet. Ask a coordinator or an administrator to give you one.",
        (
            "Vai trò của bạn chưa mở được trang nào. Hãy nhờ điều phối viên hoặc quản trị viên cấp "
            "thêm."
        ),
    ),
    "n_of": ("n = {n}", "n = {n}"),
    "n_of_total": ("{n} of {total}", "{n} trên {total}"),
    "how_counted": ("How this is counted", "Cách tính"),
    "truncated": (
        "The text goes on for {n} more characters.",
        "Còn {n} ký tự nữa không hiển thị ở đây.",
    ),
    "no_text": ("This post has no text.", "Bài viết này không có chữ."),
    # What went wrong
    "error_not_allowed": (
        "Your roles do not permit this. Ask somebody who has the role: {role}.",
        "Vai trò của bạn không cho phép việc này. Hãy nhờ người có vai trò: {role}.",
    ),
    "error_claim_lost": (
        "Your time on this item ran out, and it may be with somebody else now. Take the next one.",
        "Bạn đã hết thời gian giữ mục này, có thể người khác đang xem. Hãy nhận mục kế tiếp.",
    ),
    "error_already_decided": (
        "This item has been decided in the meantime. Take the next one.",
        "Mục này vừa có người quyết định. Hãy nhận mục kế tiếp.",
    ),
    "error_wave_unread": (
        "Not written: it stands for near-copies. It comes back; open the sample below first.",
        "Chưa ghi: mục này gồm nhiều bài gần giống. Mục sẽ quay lại; hãy mở bài mẫu bên dưới.",
    ),
    "error_not_found": (
        "This is no longer there. Reload the page.",
        "Mục này không còn nữa. Hãy tải lại trang.",
    ),
    "error_input": (
        "What was filled in cannot be used. The line below says why.",
        "Nội dung vừa điền chưa dùng được. Dòng dưới đây nói rõ lý do.",
    ),
    "error_other": (
        "That did not work and nothing was changed. The line below says why.",
        "Thao tác chưa thực hiện được và chưa có gì thay đổi. Dòng dưới đây nói rõ lý do.",
    ),
    "error_unexpected": (
        (
            "Something went wrong on our side and nothing more was saved. Reload the page; if it "
            "happens again, tell your administrator the time: {at} (UTC)."
        ),
        (
            "Có lỗi từ phía hệ thống và không có gì được lưu thêm. Hãy tải lại trang; nếu lặp lại, "
            "báo cho quản trị viên biết thời điểm: {at} (UTC)."
        ),
    ),
}
