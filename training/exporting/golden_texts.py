"""Texts that every bundle is frozen on, written by us: each label, each way of writing."""

GOLDEN_TEXTS = (
    "Sáng nay trời Hà Nội mưa nhẹ, mọi người đi làm nhớ mang áo mưa nhé.",
    "Cảm ơn shop, giao hàng nhanh, vải đẹp đúng như hình.",
    "Theo tôi chính sách thuế mới chưa hợp lý, mong Quốc hội xem xét lại.",
    "Ông chủ tịch phường làm việc quá chậm, tôi đã nộp đơn ba tháng chưa ai trả lời.",
    "Công an cảnh báo thủ đoạn giả danh ngân hàng gọi điện lừa đảo chiếm đoạt tài sản.",
    "Mày ngu như chó, câm mồm lại đi.",
    "may ngu nhu cho, cam mom lai di",
    "Lũ chúng mày là đồ súc vật, phải giết sạch cả họ nhà mày.",
    "TK ngan hang cua ban da bi khoa. Vui long dang nhap vnbank-xacthuc.top de mo khoa ngay.",
    "Quý khách đã trúng thưởng 1 xe SH, liên hệ 0912345678 nộp phí 2 triệu để nhận giải.",
    "KHẨN CẤP!!! Chia sẻ ngay trước khi bị xóa: uống nước muối nóng sẽ diệt hết virus corona.",
    "Nghe nói tối nay máy bay phun thuốc khử trùng cả thành phố, mọi người đừng ra đường!!!",
    "Sim số đẹp giá rẻ, vay tiền nhanh trong ngày không cần thế chấp, ib em nha cả nhà ơi",
    "sdfjkh asdkjh qweoiu zxcmnb hàng hàng hàng hàng hàng",
    "Đ\u200bồ n\u200bgu, biến đi 😡😡😡",
    "The weather in London is mild today and people are walking in the parks again.",
    "Thông báo lịch cắt điện tuần này của khu vực quận Bình Thạnh. " * 40,
)
