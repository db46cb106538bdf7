"""A graph is judged by what the whole bundle would say with it."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiemtin.labels import Label
from kiemtin.manifest import MODEL_FILE, Mixing
from kiemtin.scoring import Scorer
from kiemtin.wide import WidePart
from tests.fixtures.tiny_bundle import wide_part
from tests.fixtures.trained import small_trained
from training.corpora.row import Head, Row
from training.evaluation.scored import score_rows
from training.exporting.bundling import write_manifest
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


def _loud() -> WidePart:
    """Return a wide part that moves scam a great deal, and nothing else."""
    alone = dict.fromkeys(Label, Mixing(network=1, wide=0))
    return wide_part().with_mixing(alone | {Label.SCAM: Mixing(network=1, wide=3)})


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


def test_wide_part_is_judged_with_the_graph(
    draft: Path, trained: Trained, tmp_path: Path
) -> None:
    """A draft with a wide part is judged by what both say, as its own scorer does."""
    folder = shutil.copytree(draft, tmp_path / "wide")
    write_manifest(folder, replace(trained, wide=_loud()), variant="fp32")
    judge = _judge(folder, trained)

    scored = judge.score(folder / MODEL_FILE)

    alone = _judge(draft, trained).score(draft / MODEL_FILE)
    assert judge.golden_change(folder / MODEL_FILE) <= GOLDEN_PARITY["fp32"]
    served = score_rows(Scorer.load(folder), ROWS)
    np.testing.assert_array_equal(scored.scores, served.scores)
    np.testing.assert_array_equal(scored.flags, served.flags)
    changed = np.abs(scored.scores - alone.scores).max(axis=0) > 0.01
    assert [x for x, c in zip(Label, changed, strict=True) if c] == [Label.SCAM]


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
