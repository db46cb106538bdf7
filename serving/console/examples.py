"""Posts to try, written for this page; no account, bank or number in them exists."""

from typing import NamedTuple


class Example(NamedTuple):
    """A post and what its button says."""

    name: str
    vi: str
    en: str
    text: str


EXAMPLES = (
    Example(
        "complaint",
        "Góp ý với phường",
        "A complaint",
        "Phường mình lại cắt nước hai ngày liền mà không báo trước. Đề nghị ủy ban xem "
        "lại cách làm việc, người già và trẻ nhỏ khổ quá.",
    ),
    Example(
        "scam",
        "Tin nhắn lừa đảo",
        "A scam message",
        "NGAN HANG ABC: Tai khoan cua quy khach bi tru 2.900.000 VND. Neu khong phai "
        "quy khach, truy cap abc-xacminh.top va nhap ma OTP de huy giao dich.",
    ),
    Example(
        "rumour",
        "Tin đồn sức khỏe",
        "A health rumour",
        "KHẨN CẤP!!! Chia sẻ ngay trước khi bị xóa: uống nước chanh nóng mỗi sáng chữa "
        "khỏi ung thư 100%, bác sĩ giấu chuyện này đã nhiều năm nay!",
    ),
)
