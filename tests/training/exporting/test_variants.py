"""A graph that loses too much is not shipped, and it is said what it lost."""

from pathlib import Path

import pytest

from tests.fixtures.judged_rows import RowJudge
from training.errors import ExportError
from training.exporting.forms import FP16, INT8_FORMS
from training.exporting.variants import ExportRecord, choose_variant
from training.recipes.outcome import ExportSection


class Doubtful(RowJudge):
    """Finds that goldens have moved."""

    def golden_change(self, graph: Path) -> float:
        """Say that they have, by more than any variant may."""
        return 0.2


def _choose(fp32: Path, target: Path, **keys: object) -> ExportRecord:
    judge = RowJudge(fp32)
    section = ExportSection.model_validate(keys)
    return choose_variant(
        fp32, target, section, reference=judge.score(fp32), judge=judge
    )


def test_fast_int8_is_taken_if_it_holds(fp32: Path, tmp_path: Path) -> None:
    """Within what it may lose, the first form of int8 is shipped."""
    record = _choose(fp32, tmp_path / "x.onnx", macro_f1_lost=0.2, rare_f1_lost=0.2)

    assert (record.variant, record.form) == ("int8", INT8_FORMS[0].name)
    (attempt,) = record.attempts
    assert attempt.refused == ""
    assert attempt.megabytes < record.fp32.megabytes
    assert {x.label for x in attempt.lost} == {"unreliable", "abusive", "hate", "scam", "spam"}  # fmt: skip
    assert (tmp_path / "x.onnx").stat().st_size / 1e6 == pytest.approx(
        attempt.megabytes, abs=0.01
    )


def test_int8_that_loses_gives_way(fp32: Path, tmp_path: Path) -> None:
    """On random rows int8 flips a few; where none may, every step of the ladder is told."""
    record = _choose(fp32, tmp_path / "x.onnx", macro_f1_lost=0.003, rare_f1_lost=0.003)

    assert record.variant == "fp16"
    assert record.form == FP16.name
    tried = [a.form for a in record.attempts]
    assert tried == [*(f.name for f in INT8_FORMS), FP16.name]
    for attempt in record.attempts[:-1]:
        assert "points of macro-F1 on 400 rows, at most 0.3 are allowed" in attempt.refused  # fmt: skip


def test_nothing_is_shipped_if_everything_loses(fp32: Path, tmp_path: Path) -> None:
    """The error has the figures of all that were tried, and no file is left."""
    judge = Doubtful(fp32)

    with pytest.raises(ExportError, match=r"int8 by row.*fp16.*0\.2000") as caught:
        choose_variant(
            fp32,
            tmp_path / "x.onnx",
            ExportSection(macro_f1_lost=0, rare_f1_lost=0),
            reference=judge.score(fp32),
            judge=judge,
        )

    assert "F1 of the rare class" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("variant", ["fp32", "fp16"])
def test_other_variants_are_what_was_asked_for(
    fp32: Path, tmp_path: Path, variant: str
) -> None:
    """They are held to the same limits, and have no other form to fall back to."""
    record = _choose(fp32, tmp_path / "x.onnx", variant=variant)

    assert record.variant == variant
    assert len(record.attempts) == 1


def test_fp32_changes_nothing(fp32: Path, tmp_path: Path) -> None:
    """It is the graph that everything else is measured against."""
    (attempt,) = _choose(fp32, tmp_path / "x.onnx", variant="fp32").attempts

    assert attempt.score_change == attempt.logit_change == 0
    assert all(x.flips == 0 for x in attempt.lost)
