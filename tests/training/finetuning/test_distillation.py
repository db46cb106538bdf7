"""A teacher is asked once, about the texts as they were published."""

from pathlib import Path

import pytest

from kiemtin.labels import Label
from tests.fixtures.tiny_bundle import CLEAN, HARM
from training.corpora.row import Head, Row
from training.finetuning.distillation import Teacher

ROWS = [
    Row("a", "1", "ngu", Head.HARM, {Label.ABUSIVE: True}),
    Row("a", "2", "\u200b", Head.HARM, {Label.ABUSIVE: False}),
    Row("a", "3", "otp", Head.HARM, {Label.ABUSIVE: False}),
]


def test_teacher_says_what_the_bundle_does(bundle: Path, tmp_path: Path) -> None:
    """Its answers are the scores of the bundle, for all labels; a refused text has none."""
    found = Teacher(bundle, tmp_path, threads=1).ask(ROWS)

    expected = [CLEAN, HARM, CLEAN, CLEAN, CLEAN]
    assert found.keys() == {"a:1", "a:3"}
    assert found["a:1"] == pytest.approx(expected, abs=1e-4)


def test_answers_are_kept(bundle: Path, tmp_path: Path) -> None:
    """The same rows are not scored twice; another text is another question."""
    first = Teacher(bundle, tmp_path, threads=1).ask(ROWS)
    kept = {p: p.stat().st_mtime_ns for p in tmp_path.iterdir()}

    again = Teacher(bundle, tmp_path, threads=1).ask(ROWS)
    changed = [ROWS[0], Row("a", "2", "sale", Head.HARM), ROWS[2]]
    others = Teacher(bundle, tmp_path, threads=1).ask(changed)

    assert again == first
    assert kept == {p: p.stat().st_mtime_ns for p in kept}
    assert others["a:2"][-1] == pytest.approx(HARM, abs=1e-4)
