"""How the weights of a network stand in the graph of a bundle, and how to read them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

CONFIG_KEY = "kiemtin.encoder"
"""Under which the graph holds the configuration of its encoder, in JSON."""

TRANSPOSED = ".T"
"""Behind the name of a matrix that stands the other way round than in the network."""
HALF = "_fp16"
INT8, SCALE = "_int8", "_scale"
"""Behind a table of integers, and behind what to multiply it by."""
BLOCKS, BLOCK_SCALES = "_Q8", "_scales"
"""The same, where ONNX Runtime's quantizer writes blocks."""

_ZERO_POINT = 128
"""Of weights that MatMulNBits keeps in 8 bits, symmetric about it."""

_OLD_ORDER = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""In which graphs before 0.3 multiply by the matrices of a layer, without their names."""

_QKV = "attention.self.qkv"
_SIDES = ("query", "key", "value")

Floats = NDArray[np.float32]


def read_weights(model: onnx.ModelProto) -> dict[str, Floats]:
    """Return the weights in *model* in fp32, by the names that the network gives them."""
    old = _old_names(model.graph)
    tables = {
        old.get(t.name, t.name): numpy_helper.to_array(t)
        for t in model.graph.initializer
    }
    return dict(
        part for name, table in _restored(tables) for part in _split(name, table)
    )


def _old_names(graph: onnx.GraphProto) -> dict[str, str]:
    """Return the names that the blocks of a graph would have if it were made today."""
    products = [n for n in graph.node if n.op_type == "MatMulNBits"]
    if any(n.input[1].startswith("encoder.") for n in products):
        return {}
    names: dict[str, str] = {}
    for i, node in enumerate(products):
        layer, matrix = divmod(i, len(_OLD_ORDER))
        name = f"encoder.encoder.layer.{layer}.{_OLD_ORDER[matrix]}.weight{TRANSPOSED}"
        names |= {node.input[1]: name + BLOCKS, node.input[2]: name + BLOCK_SCALES}
    return names


def _dequantize_blocks(
    blocks: NDArray[np.uint8], scales: NDArray[np.float32]
) -> Floats:
    """Return the matrix, of shape (outputs, inputs), that MatMulNBits keeps."""
    steps = blocks.astype(np.float32) - _ZERO_POINT
    floats = steps * scales.reshape(*blocks.shape[:2], 1)
    return np.asarray(floats.reshape(len(blocks), -1), dtype=np.float32)


def _restored(
    tables: dict[str, Any],
) -> Iterator[tuple[str, Floats]]:
    for name, table in tables.items():
        if name.endswith(INT8):
            plain = name.removesuffix(INT8)
            weights = np.asarray(table, np.float32) * tables[plain + SCALE]
            yield _turned(plain, weights)
        elif name.endswith(BLOCKS):
            plain = name.removesuffix(BLOCKS)
            # Its matrix is (outputs, inputs), as the network has it.
            yield (
                plain.removesuffix(TRANSPOSED),
                _dequantize_blocks(table, tables[plain + BLOCK_SCALES]),
            )
        elif not name.endswith((SCALE, BLOCK_SCALES)):
            plain = name.removesuffix(HALF)
            yield _turned(plain, np.asarray(table, np.float32))


def _turned(name: str, table: Floats) -> tuple[str, Floats]:
    if name.endswith(TRANSPOSED):
        return name.removesuffix(TRANSPOSED), np.ascontiguousarray(table.T)
    return name, table


def _split(name: str, table: Floats) -> Iterator[tuple[str, Floats]]:
    """Yield a table as it is, or that of query, key and value as three."""
    if _QKV not in name:
        yield name, table
        return
    for side, part in zip(_SIDES, np.split(table, 3), strict=True):
        yield name.replace(_QKV, f"attention.self.{side}"), part
