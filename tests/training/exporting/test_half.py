"""Weights in fp16 are half as large and nearly the same."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, numpy_helper

from tests.fixtures.small_network import N_TOKENS
from training.errors import ExportError
from training.exporting.forms import FP16, write_form
from training.exporting.graph import run_graph
from training.exporting.half import store_half


def test_file_is_half_as_large(fp32: Path, tmp_path: Path) -> None:
    """The large tables are kept in fp16, and no logit moves by much."""
    facts = write_form(FP16, fp32, tmp_path / "model.onnx")
    tables = onnx.load(tmp_path / "model.onnx").graph.initializer

    large = {t.data_type for t in tables if np.prod(t.dims) >= 1000}

    assert large == {TensorProto.FLOAT16}
    assert facts.megabytes < 0.6 * fp32.stat().st_size / 1e6
    assert 0 < facts.logit_change < 0.05


def test_it_computes_in_fp32(fp32: Path, tmp_path: Path) -> None:
    """Only the weights are rounded: rounded before, the graph in fp32 says the same."""
    write_form(FP16, fp32, tmp_path / "half.onnx")
    rounded = onnx.load(fp32)
    for table in rounded.graph.initializer:
        if table.data_type == TensorProto.FLOAT and np.prod(table.dims) >= 1000:
            weights = numpy_helper.to_array(table).astype(np.float16)
            table.CopyFrom(
                numpy_helper.from_array(weights.astype(np.float32), table.name)
            )
    onnx.save(rounded, tmp_path / "rounded.onnx")
    ids = np.random.default_rng(4).integers(5, N_TOKENS, (3, 20))

    found, expected = (
        run_graph(tmp_path / f"{x}.onnx", ids, np.ones_like(ids))
        for x in ("half", "rounded")
    )

    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_weight_beyond_fp16_is_refused(fp32: Path) -> None:
    """No weight becomes infinite on the way."""
    model = onnx.load(fp32)
    table = next(t for t in model.graph.initializer if "word_embeddings" in t.name)
    weights = numpy_helper.to_array(table).copy()
    weights[7, 7] = 70_000
    table.CopyFrom(numpy_helper.from_array(weights, table.name))

    with pytest.raises(ExportError, match=r"70000.*65504"):
        store_half(model)
