"""A graph is judged by what the whole bundle would say with it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiemtin.bundle import MODEL_FILE
from tests.fixtures.trained import small_trained
from training.corpora.row import Head, Row
from training.exporting.drafting import write_draft
from training.exporting.forms import INT8_FORMS, write_form
from training.exporting.golden_texts import GOLDEN_TEXTS
from training.exporting.judging import DraftJudge
from training.exporting.trained import Trained
from training.exporting.variants import GOLDEN_PARITY

ROWS = [Row("made", str(i), text, Head.HARM) for i, text in enumerate(GOLDEN_TEXTS)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A small network, as if it had learnt."""
    return small_trained(tmp_path_factory.mktemp("trained"))


@pytest.fixture(scope="module")
def draft(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its bundle in fp32, before anything is measured."""
    folder = tmp_path_factory.mktemp("draft") / "bundle"
    write_draft(trained, folder)
    return folder


def _judge(draft: Path, trained: Trained) -> DraftJudge:
    return DraftJudge(draft, trained.network, ROWS, GOLDEN_TEXTS)


def test_goldens_are_those_of_the_network_in_torch(
    draft: Path, trained: Trained
) -> None:
    """Through tokenizer, windows and calibration, fp32 says what torch says."""
    change = _judge(draft, trained).golden_change(draft / MODEL_FILE)

    assert change <= GOLDEN_PARITY["fp32"]


def test_int8_moves_the_goldens_a_little(
    draft: Path, trained: Trained, tmp_path: Path
) -> None:
    """It is seen that the graph is another, and that it is near."""
    write_form(INT8_FORMS[0], draft / MODEL_FILE, tmp_path / "int8.onnx")

    change = _judge(draft, trained).golden_change(tmp_path / "int8.onnx")

    assert 0 < change <= GOLDEN_PARITY["int8"]


def test_another_network_is_seen(draft: Path, trained: Trained) -> None:
    """Goldens give away a graph that was made of other weights."""
    head = trained.network.heads["spam"][0]  # type: ignore[index]
    before = head.bias.data.clone()
    head.bias.data += 5

    change = _judge(draft, trained).golden_change(draft / MODEL_FILE)

    head.bias.data = before
    assert change > GOLDEN_PARITY["int8"]


def test_flags_follow_the_thresholds(draft: Path, trained: Trained) -> None:
    """Scores from before are flagged anew as if they were scored again."""
    judge = _judge(draft, trained)
    scored = judge.score(draft / MODEL_FILE)
    blind = replace(scored, flags=np.zeros_like(scored.flags))

    found = judge.flag_anew(blind)

    np.testing.assert_array_equal(found.flags, scored.flags)
    assert 0 < found.flags.sum() < found.flags.size
