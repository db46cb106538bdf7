"""Lines are found wherever a body is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.streaming.lines import Line, Splitter


def split(*pieces: bytes, max_bytes: int = 10) -> list[Line]:
    """Return the lines of *pieces*."""
    splitter = Splitter(max_bytes)
    return [x for piece in pieces for x in splitter.feed(piece)] + [*splitter.finish()]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"a\n", [b"a"]),
        (b"a\nb", [b"a", b"b"]),
        (b"a\r\nb\r\n", [b"a\r", b"b\r"]),
        (b"\n \n\t\r\na\n\n", [b"a"]),
        (b"\xef\xbb\xbfa\n\xef\xbb\xbfb", [b"a", b"\xef\xbb\xbfb"]),
        (b"0123456789\n", [b"0123456789"]),
        (b"01234567890\nb", [None, b"b"]),
        (b"a\n" + b"0" * 100, [b"a", None]),
    ],
)
def test_lines(body: bytes, lines: list[Line]) -> None:
    """Blank lines are none, a long one is one that nobody holds."""
    assert split(body) == lines


@given(st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r\n", b" ", b"0" * 9])))
def test_where_it_is_cut_does_not_matter(pieces: list[bytes]) -> None:
    """A body gives the same lines in whatever pieces it comes."""
    assert split(*pieces) == split(b"".join(pieces))


def test_a_long_line_is_not_held() -> None:
    """Of an endless line no more is kept than the limit."""
    splitter = Splitter(1000)
    for _ in range(100):
        assert list(splitter.feed(b"a" * 999)) == []
        assert len(splitter._held) <= 1000  # noqa: SLF001 -- what is kept is the point
