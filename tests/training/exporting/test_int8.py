"""Integers keep the rows of a batch apart, and nearly the logits of fp32."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, numpy_helper

from tests.fixtures.small_network import LONGEST, N_TOKENS
from training.exporting.forms import FP16, INT8_FORMS, Form, dependence, write_form
from training.exporting.graph import run_graph
from training.exporting.int8 import WEIGHT_STEPS

FORMS = pytest.mark.parametrize("form", INT8_FORMS, ids=lambda f: f.name)


def _texts(n: int) -> list[list[int]]:
    rng = np.random.default_rng(2)
    widths = rng.integers(1, LONGEST, n)
    return [rng.integers(5, N_TOKENS, w).tolist() for w in widths]


@FORMS
def test_weights_are_int8(fp32: Path, tmp_path: Path, form: Form) -> None:
    """No matrix of the encoder is left in floats, but for those that are spared."""
    write_form(form, fp32, tmp_path / "model.onnx")

    tables = onnx.load(tmp_path / "model.onnx").graph.initializer
    large = [t for t in tables if np.prod(t.dims) > 4000 and "encoder." in t.name]
    floats = [t.name for t in large if t.data_type == TensorProto.FLOAT]

    assert {t.data_type for t in large} & {TensorProto.INT8, TensorProto.UINT8}
    spared = [x for x in floats if "last layer" in form.name and ".layer.1." in x]
    assert [x for x in floats if "position" not in x] == spared


@pytest.mark.parametrize("form", [FP16, *INT8_FORMS], ids=lambda f: f.name)
def test_neighbours_change_nothing(fp32: Path, tmp_path: Path, form: Form) -> None:
    """200 texts get the same logits alone and in random company."""
    write_form(form, fp32, tmp_path / "model.onnx")
    texts = _texts(200)

    changes = [
        dependence(tmp_path / "model.onnx", texts[at : at + 25])
        for at in range(0, len(texts), 25)
    ]

    assert max(changes) <= 1e-4


@FORMS
def test_logits_stay_near(fp32: Path, tmp_path: Path, form: Form) -> None:
    """Against their spread, logits hardly move."""
    write_form(form, fp32, tmp_path / "model.onnx")
    ids = np.random.default_rng(3).integers(5, N_TOKENS, (50, 30))
    mask = np.ones_like(ids)
    before = run_graph(fp32, ids, mask)

    moved = np.abs(run_graph(tmp_path / "model.onnx", ids, mask) - before)

    assert 0 < moved.mean() < 0.05 * before.std()


def test_products_by_row_fit_into_sixteen_bits(fp32: Path, tmp_path: Path) -> None:
    """Two products of the largest integers add up without overflow, on any processor."""
    write_form(INT8_FORMS[0], fp32, tmp_path / "model.onnx")
    tables = onnx.load(tmp_path / "model.onnx").graph.initializer

    largest = [
        int(np.abs(numpy_helper.to_array(t).astype(np.int32)).max())
        for t in tables
        if t.name.endswith(".weight.T_int8")
    ]

    assert len(largest) == 8
    assert max(largest) <= WEIGHT_STEPS
    assert 2 * 255 * WEIGHT_STEPS < 2**15
