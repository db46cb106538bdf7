"""
How fast texts are normalized: clean ones, and ones made to take for ever.

    python -m benchmarks.normalize

Both by the time of this process on one core, so that others may use the machine.
"""

from collections.abc import Callable
from time import process_time

from kiemtin.text import normalize

N_HOSTILE = 1_000_000
"""Bytes in UTF-8."""
N_RUNS = 5
CLEAN_MILLIONS_A_SECOND, HOSTILE_S = 3.0, 1.0
"""What is asked for: characters of clean text, and the time of each hostile one."""

NEWS = (
    "Sáng 12/3, Sở Giao thông Vận tải cho biết tuyến đường ven sông dài 4,2 km sẽ được "
    "khởi công trong quý hai, sau khi hoàn tất việc bồi thường cho 86 hộ dân. Theo kế "
    "hoạch, công trình có bốn làn xe, vỉa hè rộng ba mét và hệ thống thoát nước mới. "
    "Đại diện chủ đầu tư nói rằng nhà thầu phải giữ lối đi cho người dân hai bên đường "
    "trong suốt thời gian thi công, tưới nước ít nhất hai lần mỗi ngày. Nhiều người dân "
    "mong dự án đúng hẹn, vì mùa mưa năm ngoái đoạn này ngập sâu gần nửa mét, học sinh "
    "phải nghỉ học ba ngày. Ông Nguyễn Văn Tám, 61 tuổi, sống ở đây từ năm 1985, kể rằng "
    "mỗi lần triều lên, cả xóm lại kê đồ đạc lên cao rồi ngồi chờ nước rút."
)
COMMENTS = (
    "Hôm nay trời đẹp quá, cả nhà mình rủ nhau ra công viên thả diều.",
    "Quán này nấu ăn vừa miệng, nhân viên nhiệt tình, lần sau sẽ quay lại.",
    "Theo mình thì nên đọc kỹ hợp đồng trước khi ký, đừng tin lời quảng cáo.",
    "hang giao nhanh, dong goi can than, mau giong nhu hinh",
    "Đội nhà đá hay thật, chỉ tiếc cú sút phút cuối trúng cột dọc!",
    "Chúc mừng cô giáo và các em nhé 😀",
)


def _repeat(piece: str) -> Callable[[int], str]:
    size = len(piece.encode("utf-8", "surrogatepass"))
    return lambda n_bytes: piece * (n_bytes // size)


def _between(first: str, piece: str, last: str) -> Callable[[int], str]:
    return lambda n_bytes: first + _repeat(piece)(n_bytes) + last


HOSTILE: dict[str, Callable[[int], str]] = {
    "one letter": _repeat("a"),
    "one stretched word": _between("ngu", "u", ""),
    "stretches": _repeat("aaabbb"),
    "stretched words": _repeat("quáaa "),
    "joiners": _repeat("\u200d"),
    "a joiner after each letter": _repeat("a\u200b"),
    "joined emoji": _repeat("👩\u200d⚕\ufe0f"),
    "marks": _between("a", "\u0301", ""),
    "marks in a bad order": lambda n: "a" + "\u0301" * (n // 4) + "\u0323" * (n // 4),
    "decomposed letters": _repeat("e\u0302\u0323"),
    "struck letters": _repeat("a\u0336\u0315\u0489"),
    "ampersands": _repeat("&"),
    "nested entities": _between("&", "amp;", "lt;"),
    "entities in entities": lambda n: "&#" * (n // 5) + "38;" * (n // 5),
    "entities": _repeat("&lt;"),
    "halves of entities": _repeat("&#x"),
    "controls": _repeat("a\0"),
    "styled letters": _repeat("𝐚"),
    "ligatures": _repeat("ﬃ"),
    "alphabets in turn": _repeat("aа"),
    "words of two alphabets": _repeat("аn бв "),
    "Cyrillic": _repeat("ж"),
    "dots": _repeat("."),
    "letters and dots": _repeat("a.b.c.d."),
    "dotted words": _repeat("n.g.u "),
    "one dotted word": _between("", "n.g.u.", "nghiêng ngả"),
    "doubtful words": _repeat("a.n "),
    "spaced letters": _repeat("b a "),
    "spaced words": _repeat("l ừ a  đ ả o  "),
    "spaces": _repeat(" "),
    "lines": _repeat("a\n"),
    "digits": _repeat("1"),
    "spaced digits": _repeat("1 "),
    "digits for letters": _repeat("ch3t "),
    "letters for digits": _between("1", "O", "x"),
    "amounts": _repeat("500k "),
    "phone numbers": _repeat("0912345678 "),
    "mentions": _repeat("@ab"),
    "addresses": _repeat("a@b.cc "),
    "links": _repeat("a.vn "),
    "brackets": _repeat("<"),
    "chat words": _repeat("ko "),
    "chat letters": _repeat("k đi "),
    "swapped letters": _repeat("fải "),
    "old tones": _repeat("hoà "),
    "signs": _repeat("!!!!????"),
    "Hangul": _repeat("\u1100\u1161"),
}
"""What makes a hostile text of so many bytes, by what it is made of."""


def main() -> None:
    """Print the speed on clean text, and the time of each hostile one."""
    print("million characters a second, clean text")  # noqa: T201 -- a benchmark prints
    for name, texts in (("news", [NEWS] * 60), ("comments", [*COMMENTS] * 600)):
        _show(name, _millions_a_second(texts), CLEAN_MILLIONS_A_SECOND, at_least=True)
    print(f"seconds for {N_HOSTILE:,} bytes, hostile text")  # noqa: T201 -- the same
    for name, make in HOSTILE.items():
        _show(name, _seconds(make(N_HOSTILE)), HOSTILE_S, at_least=False)


def _millions_a_second(texts: list[str]) -> float:
    n = sum(map(len, texts))
    return n / 1e6 / min(_seconds(*texts) for _ in range(N_RUNS))


def _seconds(*texts: str) -> float:
    began = process_time()
    for text in texts:
        normalize(text)
    return process_time() - began


def _show(name: str, value: float, limit: float, *, at_least: bool) -> None:
    ok = value >= limit if at_least else value <= limit
    print(f"  {name:<28} {value:6.2f} of {limit:g}  {'ok' if ok else 'MISSED'}")  # noqa: T201 -- the same


if __name__ == "__main__":
    main()
