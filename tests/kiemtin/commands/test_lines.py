"""Posts from lines: one bad line never stops the rest."""

import json
from io import BytesIO

import pytest

from kiemtin.commands.lines import MAX_LINE_BYTES, Refused, read_items
from kiemtin.schemas import MAX_CHARS, Item


def _read(content: bytes, *, plain: bool = False) -> list[Item | Refused]:
    return list(read_items(BytesIO(content), plain=plain))


def test_items() -> None:
    """Text and id come from the object; other keys are ignored."""
    content = b'{"text": "a", "id": "x", "likes": 3}\n{"id": 7, "text": "b"}'

    assert _read(content) == [Item("x", "a"), Item("7", "b")]


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [b"", b"\n"])
def test_marks_of_other_systems(start: bytes, end: bytes, last: bytes) -> None:
    """A byte order mark, carriage returns and a last line without end are no matter."""
    content = start + end.join([b'{"text": "a"}', b'{"text": "b"}']) + last

    assert _read(content) == [Item("1", "a"), Item("2", "b")]
    plain = start + end.join(["đồ".encode(), b"ngu "]) + last
    assert _read(plain, plain=True) == [Item("1", "đồ"), Item("2", "ngu ")]


def test_blank_lines_are_counted_and_skipped() -> None:
    """Without an id, a post is named by its line in the file."""
    content = b'\n{"text": "a"}\n \t\r\n{"id": null, "text": "b"}\n\n'

    assert _read(content) == [Item("2", "a"), Item("4", "b")]
    assert _read(b"\na\n  \nb", plain=True) == [Item("2", "a"), Item("4", "b")]


def test_only_newlines_end_a_line() -> None:
    """What ends a line for some is text for us."""
    text = "một\u2028hai\x85ba\x0bbốn\x0cnăm\rsáu"

    assert _read(text.encode(), plain=True) == [Item("1", text)]


@pytest.mark.parametrize(
    ("line", "item_id", "code"),
    [
        (b"ngu", "2", "malformed_item"),
        (b'{"text": "a"', "2", "malformed_item"),
        (b'{"text": "a\0"}', "2", "malformed_item"),
        (b"[]", "2", "malformed_item"),
        (b'"text"', "2", "malformed_item"),
        (b"null", "2", "malformed_item"),
        (b"{}", "2", "malformed_item"),
        (b'{"id": "x"}', "x", "malformed_item"),
        (b'{"id": "x", "text": null}', "x", "malformed_item"),
        (b'{"id": 3, "text": ["a"]}', "3", "malformed_item"),
        (b'{"id": true, "text": "a"}', "2", "malformed_item"),
        (b'{"id": 1.5, "text": "a"}', "2", "malformed_item"),
        (b'{"id": [], "text": "a"}', "2", "malformed_item"),
        (b'{"id": "\\ud800", "text": "a"}', "2", "malformed_item"),
        (b'{"id": ' + b"9" * 5000 + b', "text": "a"}', "2", "malformed_item"),
        (b'{"text": ' + b"[" * 100_000, "2", "malformed_item"),
        (b'{"text": "\xff"}', "2", "invalid_unicode"),
        (b'{"text": "\xed\xa0\x80"}', "2", "invalid_unicode"),
        ('{"text": "a"}'.encode("utf-16"), "2", "invalid_unicode"),
        (b'{"text": "' + b"a" * MAX_LINE_BYTES + b'"}', "2", "text_too_long"),
        (b" " * (3 * MAX_LINE_BYTES + 5), "2", "text_too_long"),
    ],
    ids=lambda x: x[:24].decode("latin-1") if isinstance(x, bytes) else None,
)
def test_bad_line_fails_alone(line: bytes, item_id: str, code: str) -> None:
    """A line that holds no post is refused by its code, between two that are read."""
    before, refused, after, *more = _read(
        b'{"text": "a"}\n' + line + b'\n{"text": "b"}\n'
    )

    assert isinstance(refused, Refused)
    assert (refused.id, refused.error.code) == (item_id, code)
    assert before == Item("1", "a")
    # A line of UTF-16 ends in half of a character.
    assert (more or [after])[-1] == Item("3", "b")


def test_errors_do_not_repeat_the_text() -> None:
    """What a post says is in no message about it."""
    secret = b"bimat"
    lines = [
        secret,
        b'"' + secret + b'"',
        b'{"text": ["' + secret + b'"]}',
        b"\xff" + secret,
    ]

    for line in lines:
        (refused,) = _read(line)
        assert isinstance(refused, Refused)
        assert "bimat" not in str(refused.error)


def test_longest_text_fits_a_line() -> None:
    """A text of the greatest length is read however JSON escapes it."""
    text = "😀" * MAX_CHARS
    line = json.dumps({"id": "x", "text": text}).encode()

    assert _read(line) == [Item("x", text)]


def test_line_of_the_greatest_length() -> None:
    """A line at the limit is read, one byte more is refused."""
    ok, long = b"a" * MAX_LINE_BYTES, b"a" * (MAX_LINE_BYTES + 1)

    assert isinstance(_read(ok + b"\n", plain=True)[0], Item)
    assert isinstance(_read(ok, plain=True)[0], Item)
    assert isinstance(_read(long + b"\n", plain=True)[0], Refused)
    assert isinstance(_read(long, plain=True)[0], Refused)


def test_reasons_are_asked_for() -> None:
    """Every post carries whether it is to be explained."""
    (item,) = read_items(BytesIO(b"a"), plain=True, explain=True)

    assert item == Item("1", "a", explain=True)
