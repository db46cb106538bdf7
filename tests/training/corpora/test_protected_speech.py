"""Protected speech has no labels that anything could be trained on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.reading import sort
from training.corpora import Head, protected_speech
from training.errors import CorpusMissingError

Write = Callable[..., Path]


def test_row_has_no_label(write: Write) -> None:
    """All labels are unknown, and its head is none that learns."""
    line = '{"text": "Xã thu phí gì vậy?", "source": "own", "label": "benign"}'

    (row,), aside = sort(protected_speech.read(write("dev.jsonl", line)))

    assert (row.text, row.labels) == ("Xã thu phí gì vậy?", {})
    assert row.head is Head.PROTECTED
    assert aside == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ('{"text": "\udcff"}', "not JSON"),
        ('["a"]', "not an object with a text, a source and the label benign"),
        (
            '{"text": "a", "source": "own", "label": "hate"}',
            "not an object with a text, a source and the label benign",
        ),
        ('{"text": "\u200b", "source": "own", "label": "benign"}', "empty text"),
        ('{"text": "\\ud800", "source": "own", "label": "benign"}', "not UTF-8"),
    ],
)
def test_malformed_line_is_set_aside(write: Write, line: str, reason: str) -> None:
    """A line that is not benign protected speech is not taken for it."""
    rows, aside = sort(protected_speech.read(write("dev.jsonl", line)))

    assert rows == []
    assert [(a.line, a.reason) for a in aside] == [(1, reason)]


def test_missing_file_is_named(tmp_path: Path) -> None:
    """Without the slice there is no measuring, so its absence is an error."""
    with pytest.raises(CorpusMissingError, match=r"dev\.jsonl is not there"):
        sort(protected_speech.read(tmp_path))
