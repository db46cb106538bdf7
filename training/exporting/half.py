"""Weights stored in fp16, computed with in fp32: half the size, hardly another score."""

import numpy as np
import onnx
from onnx import helper, numpy_helper

from training.errors import ExportError
from training.finetuning.stored_weights import HALF

_SMALLEST = 1_000
"""Tables with fewer numbers are not worth a node."""


def store_half(model: onnx.ModelProto) -> None:
    """
    Store the large tables of *model* in fp16, with a cast that ONNX Runtime does once.

    It folds constants while it opens the graph, so nothing is slower afterwards.

    Raises:
        ExportError: If a weight is too large for fp16.
    """
    graph = model.graph
    casts = []
    for table in list(graph.initializer):
        n_numbers = int(np.prod(table.dims))
        if table.data_type != onnx.TensorProto.FLOAT or n_numbers < _SMALLEST:
            continue
        weights = numpy_helper.to_array(table)
        largest, most = float(np.abs(weights).max()), float(np.finfo(np.float16).max)
        if not largest <= most:
            msg = f"{table.name} holds {largest}, fp16 at most {most}"
            raise ExportError(msg)
        name = table.name
        graph.initializer.append(
            numpy_helper.from_array(weights.astype(np.float16), f"{name}{HALF}")
        )
        graph.initializer.remove(table)
        casts.append(
            helper.make_node(
                "Cast", [f"{name}{HALF}"], [name], to=onnx.TensorProto.FLOAT
            )
        )
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
