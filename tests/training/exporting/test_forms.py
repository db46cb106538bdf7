"""What each form costs is measured, and its weights can be read again."""

from pathlib import Path

import numpy as np
import onnx
import pytest

from training.exporting.forms import FP32, INT8_FORMS, LADDERS, export_variants
from training.finetuning.model import MultiHeadClassifier
from training.finetuning.stored_weights import read_weights


def test_every_form_is_written_with_its_facts(
    fp32: Path, network: MultiHeadClassifier, tmp_path: Path
) -> None:
    """The smaller the form, the smaller the file; all keep rows apart."""
    facts = export_variants(fp32, tmp_path)

    assert [f.variant for f in facts] == ["fp32", "fp16", *["int8"] * len(INT8_FORMS)]
    assert facts[0].megabytes > facts[1].megabytes > facts[2].megabytes
    assert facts[0].logit_change == 0
    assert all(f.logit_change < 0.5 for f in facts)
    assert all(f.rows_independent for f in facts)
    assert all(f.ms_per_post > 0 for f in facts)
    for i, _ in enumerate(facts):
        _hold_weights(tmp_path / f"{i}.onnx", network)


def _hold_weights(path: Path, network: MultiHeadClassifier) -> None:
    """Compare what is in the graph with what is in the network."""
    found = read_weights(onnx.load(path))
    for name, weight in network.named_parameters():
        if not name.startswith("corpus_bias"):
            expected = weight.detach().numpy()
            step = np.abs(expected).max() / 63
            np.testing.assert_allclose(found[name], expected, atol=0.51 * step)


@pytest.mark.parametrize("variant", LADDERS)
def test_ladder_begins_with_what_was_asked_for(variant: str) -> None:
    """The first form that is tried is of the variant; the last resort is fp16."""
    ladder = LADDERS[variant]  # type: ignore[index]

    assert ladder[0].variant == variant
    assert ladder[-1].variant == ("fp16" if variant == "int8" else variant)
    assert FP32 not in ladder[1:]
