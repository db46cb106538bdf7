"""Control characters go, white space stays for the step that knows it."""

import pytest

from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps import controls


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("xin\0 chào", "xin chào"),
        ("\x1b[31mđỏ", "[31mđỏ"),
        ("a\x7f\x80\x9fb", "ab"),
        ("a\ud800b\udfffc", "abc"),
        ("a\ufffe\uffffb", "ab"),
        ("dòng\tmột\r\n\x0b\x0c\x85hai", "dòng\tmột\r\n\x0b\x0c\x85hai"),
    ],
)
def test_controls_are_removed(text: str, expected: str) -> None:
    """NUL, escapes and halves of surrogate pairs go; white space stays."""
    assert apply_edits(text, controls.find(text))[0] == expected


def test_run_is_one_edit() -> None:
    """A run of control characters is one edit, where it stands."""
    assert list(controls.find("a\0\0\0b")) == [Edit(1, 4, "")]
