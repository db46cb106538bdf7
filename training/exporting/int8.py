"""Weights as integers of eight bits or fewer, in ways that keep rows independent."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, helper, numpy_helper
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)

from training.finetuning.stored_weights import INT8, SCALE

WEIGHT_STEPS = 63
"""Seven bits: on processors that add the products of pairs in 16 bits (AVX2 without
VNNI) those of eight-bit weights overflow, and scores would depend on the machine."""

_ONE, _STEPS, _LEAST, _LAST, _ZERO = (
    f"rows.{x}" for x in ("one", "steps", "least", "last_axis", "zero_point")
)
_CONSTANTS: dict[str, np.ndarray] = {
    _ONE: np.array(1, np.float32),
    _STEPS: np.array(127, np.float32),
    _LEAST: np.array(1e-9, np.float32),
    _LAST: np.array([-1], np.int64),
    _ZERO: np.array(128, np.uint8),
}


def quantize_by_row(model: onnx.ModelProto) -> None:
    """
    Make the products of *model* those of integers: a scale for each row and column.

    A row is one token's states, so what stands beside a text changes nothing; dynamic
    quantization as ONNX Runtime has it takes one scale for the whole batch.
    """
    graph = model.graph
    matrices = _matrices(graph)
    for name, value in _CONSTANTS.items():
        graph.initializer.append(numpy_helper.from_array(value, name))
    nodes: list[NodeProto] = []
    quantized: set[str] = set()
    for node in graph.node:
        if node.name not in matrices:
            nodes.append(node)
            continue
        rows, matrix = node.input
        _store_columns(graph, matrix)
        if rows not in quantized:
            nodes += _quantize_rows(rows)
            quantized.add(rows)
        nodes += _multiply(rows, matrix, node.output[0])
    del graph.node[:]
    graph.node.extend(nodes)
    _quantize_embeddings(model)


def quantize_by_block(
    model: onnx.ModelProto, *, block: int, spared: str | None = None
) -> onnx.ModelProto:
    """
    Return *model* with a scale for each *block* of its weights and activations.

    The kernel (MatMulNBits, accuracy level 4) quantizes the activations, block by block
    of each row. Matrices whose name holds *spared* stay in fp32.
    """
    kept = [
        name
        for name, matrix in _matrices(model.graph).items()
        if spared and spared in matrix
    ]
    quantizer = MatMulNBitsQuantizer(
        model,
        nodes_to_exclude=kept,
        algo_config=DefaultWeightOnlyQuantConfig(
            block_size=block, is_symmetric=True, accuracy_level=4, bits=8
        ),
    )
    quantizer.process()
    quantized: onnx.ModelProto = quantizer.model.model
    _quantize_embeddings(quantized)
    return quantized


def _matrices(graph: onnx.GraphProto) -> dict[str, str]:
    """Return the matrix of each product by the name of its node; heads are no such."""
    tables = {t.name for t in graph.initializer}
    return {
        n.name: n.input[1]
        for n in graph.node
        if n.op_type == "MatMul" and n.input[1] in tables
    }


def _store_columns(graph: onnx.GraphProto, name: str) -> None:
    table = next(t for t in graph.initializer if t.name == name)
    weights = numpy_helper.to_array(table)
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-8) / WEIGHT_STEPS
    _replace(graph, table, np.round(weights / scale), scale)


def _quantize_rows(rows: str) -> Iterator[NodeProto]:
    """Yield what divides each row by its largest value and rounds it to eight bits."""
    steps: tuple[tuple[str, list[str], str, dict[str, Any]], ...] = (
        ("Abs", [rows], "size", {}),
        ("ReduceMax", [f"{rows}.size", _LAST], "most", {"keepdims": 1}),
        ("Max", [f"{rows}.most", _LEAST], "largest", {}),
        ("Div", [_STEPS, f"{rows}.largest"], "inverse", {}),
        ("Div", [f"{rows}.largest", _STEPS], "row_scale", {}),
        ("Mul", [rows, f"{rows}.inverse"], "scaled", {}),
        ("QuantizeLinear", [f"{rows}.scaled", _ONE, _ZERO], "integers", {}),
    )
    for op, inputs, output, attributes in steps:
        yield helper.make_node(op, inputs, [f"{rows}.{output}"], **attributes)


def _multiply(rows: str, matrix: str, output: str) -> Iterator[NodeProto]:
    yield helper.make_node(
        "MatMulIntegerToFloat",
        [f"{rows}.integers", f"{matrix}{INT8}", _ONE, f"{matrix}{SCALE}", _ZERO],
        [f"{output}.unscaled"],
        domain="com.microsoft",
    )
    yield helper.make_node("Mul", [f"{output}.unscaled", f"{rows}.row_scale"], [output])


def _quantize_embeddings(model: onnx.ModelProto) -> None:
    """Store each large table that is read by Gather as int8 with a scale per row."""
    graph = model.graph
    tables = {t.name: t for t in graph.initializer}
    for node in [n for n in graph.node if n.op_type == "Gather"]:
        table = tables.get(node.input[0])
        if table is None or len(table.dims) != 2 or table.dims[0] < 1000:  # noqa: PLR2004
            continue
        weights = numpy_helper.to_array(table)
        scale = np.maximum(np.abs(weights).max(axis=1, keepdims=True), 1e-8) / 127
        _replace(graph, table, np.round(weights / scale), scale)
        name, ids, out = table.name, node.input[1], node.output[0]
        at = list(graph.node).index(node)
        new = [
            helper.make_node("Gather", [f"{name}{INT8}", ids], [f"{out}_int8"]),
            helper.make_node(
                "Cast", [f"{out}_int8"], [f"{out}_cast"], to=onnx.TensorProto.FLOAT
            ),
            helper.make_node("Gather", [f"{name}{SCALE}", ids], [f"{out}_scale"]),
            helper.make_node("Mul", [f"{out}_cast", f"{out}_scale"], [out]),
        ]
        graph.node.remove(node)
        for offset, step in enumerate(new):
            graph.node.insert(at + offset, step)


def _replace(
    graph: onnx.GraphProto,
    table: onnx.TensorProto,
    integers: np.ndarray,
    scale: np.ndarray,
) -> None:
    graph.initializer.extend(
        [
            numpy_helper.from_array(integers.astype(np.int8), f"{table.name}{INT8}"),
            numpy_helper.from_array(scale.astype(np.float32), f"{table.name}{SCALE}"),
        ]
    )
    graph.initializer.remove(table)
