"""The page in Vietnamese."""

from kiemtin.labels import Label, Recommendation
from serving.console.words import Said, Words

VI = Words(
    lang="vi",
    other_lang="en",
    other_lang_name="English",
    decimal_comma=True,
    tagline="Đọc bài đăng, chỉ ra bài nào cần người xem và vì sao",
    skip="Tới nội dung chính",
    question="Bài đăng cần xem",
    placeholder="Dán một bài đăng, bình luận hoặc tin nhắn vào đây…",
    submit="Xem bài này",
    again="Xem bài khác",
    examples="Chưa có bài? Thử một ví dụ:",
    promise="Máy chỉ gợi ý, con người quyết định. Trang này không lưu lại gì.",
    result="Kết quả",
    recommendations={
        Recommendation.NONE: Said(
            "Không cần người kiểm duyệt", "Không nhãn nào vượt ngưỡng."
        ),
        Recommendation.REVIEW: Said(
            "Nên có người kiểm duyệt xem",
            "Có nhãn vượt ngưỡng. Đây là gợi ý, chưa phải kết luận.",
        ),
        Recommendation.REVIEW_URGENT: Said(
            "Cần người kiểm duyệt xem sớm",
            "Có nhãn vượt ngưỡng khẩn. Đây là gợi ý, chưa phải kết luận.",
        ),
    },
    undecided=Said(
        "Máy không kết luận",
        "Bài này có vẻ không viết bằng tiếng Việt, nên các con số dưới đây "
        "không đáng tin. Hãy nhờ người đọc được ngôn ngữ này.",
    ),
    unsure=Said(
        "Không cần người kiểm duyệt",
        "Không nhãn nào vượt ngưỡng, nhưng có nhãn ở gần ngưỡng nên máy không kết luận "
        "về nhãn ấy.",
    ),
    labels={
        Label.UNRELIABLE: Said(
            "Thiếu tin cậy", "viết giống những bài bị đánh giá là không đáng tin"
        ),
        Label.ABUSIVE: Said("Xúc phạm", "lời lẽ xúc phạm hoặc thù ghét"),
        Label.HATE: Said(
            "Thù ghét", "công kích người khác vì họ là ai, hoặc kêu gọi làm hại"
        ),
        Label.SCAM: Said("Lừa đảo", "tìm cách lừa người đọc"),
        Label.SPAM: Said("Rác", "quảng cáo không mong muốn hoặc gây nhiễu"),
    },
    labels_heading="Năm nhãn",
    flagged="Gắn cờ",
    threshold="ngưỡng {review}, khẩn {urgent}",
    bar="{name}: {percent}, ngưỡng {review}",
    abstained="không kết luận",
    uncertain="chưa chắc, không kết luận (ngưỡng {review})",
    marked_heading="Những từ làm tăng điểm",
    marked_note="Bỏ từ được đánh dấu đi thì điểm của nhãn giảm chừng ấy điểm phần trăm.",
    nothing_marked="Không có từ nào riêng nó làm điểm thay đổi đáng kể.",
    reason="bỏ đi thì giảm {points}",
    text_heading="Bài đăng",
    state_heading="Máy đã đọc thế nào",
    read_whole="Đọc trọn bài trong một lượt ({tokens} mảnh từ).",
    read_windows="Bài dài: đọc trong {windows} đoạn chồng lên nhau ({tokens} mảnh từ).",
    left_out="Bài quá dài: {n} đoạn ở giữa chưa được đọc.",
    nothing_cleaned="Không phải làm sạch gì trước khi đọc.",
    cleaned="Làm sạch trước khi đọc:",
    steps={
        "controls": "bỏ ký tự điều khiển",
        "invisible": "bỏ ký tự vô hình",
        "styles": "đổi chữ cách điệu về chữ thường",
        "composition": "ghép chữ với dấu",
        "placeholders": "che liên kết, số điện thoại, số tiền, tên tài khoản",
        "stretches": "rút gọn chữ kéo dài",
        "tones": "thống nhất chỗ đặt dấu thanh",
        "spaces": "gộp khoảng trắng",
        "entities": "đọc ký hiệu HTML",
        "marks": "bỏ dấu chồng chất",
        "emoji": "bỏ màu da của biểu tượng",
        "look_alikes": "đổi chữ cái giả dạng về chữ Latinh",
        "split_letters": "ghép lại từ bị tách chữ",
        "digits": "đổi số viết thay chữ về chữ",
        "teencode": "viết đầy đủ chữ viết tắt, teencode",
        "residue": "chỉ giữ các từ đọc được",
        "segment": "ghép tiếng thành từ",
    },
    without_diacritics="Bài hầu như không có dấu, nên kém chắc chắn hơn.",
    errors={
        "empty_text": "Chưa có chữ nào để xem. Hãy dán một bài đăng vào ô bên dưới.",
        "text_too_long": "Bài dài {n} ký tự; nhiều nhất là {limit}. Hãy bỏ bớt.",
        "invalid_unicode": "Có ký tự không đọc được trong bài.",
        "unauthenticated": "Máy này chỉ trả lời ai có khoá API, mà trang này chưa có chỗ "
        "đăng nhập. Hãy gọi API với khoá của bạn.",
        "forbidden": "Khoá của bạn không được phép chấm điểm bài đăng.",
        "foreign_host": "Trang này chỉ mở được bằng địa chỉ của chính máy này, như "
        "http://localhost:8000.",
        "rate_limited": "Bạn đã chấm quá nhiều bài trong một phút. Hãy đợi một chút.",
        "queue_full": "Đang có quá nhiều bài chờ chấm. Hãy thử lại sau vài giây.",
    },
    not_ready="Máy chưa sẵn sàng nên không chấm điểm, mã {code}. Không đoán bừa.",
    model="Mô hình",
    policy="chính sách",
    api="API cho lập trình viên",
    does_not_say="Nhãn không nói bài là sai hay tác giả là người xấu.",
)
