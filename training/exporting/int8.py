"""From a fine-tuned network to an int8 ONNX graph of which rows are independent."""

import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions

from training.errors import ExportError
from training.model import MultiHeadClassifier

OPSET = 18
BLOCK_SIZE = 64
_PARITY = 2e-3
_INT8_PARITY = 0.15


def export_int8(model: MultiHeadClassifier, path: Path) -> float:
    """
    Write *model* to *path*; return the largest change of a logit by int8.

    Weights are int8 with a scale for each block of 64, and the kernel quantizes
    activations by row (MatMulNBits, accuracy level 4): unlike with ONNX Runtime's
    dynamic quantization, which has one scale for the whole batch, a text gets the
    same score alone and in company. Embeddings are int8 with a scale for each token.

    Raises:
        ExportError: If the graph does not compute what the network does.
    """
    model = model.eval().float()
    with tempfile.TemporaryDirectory() as folder:
        plain, fused = Path(folder) / "plain.onnx", Path(folder) / "fused.onnx"
        ids, mask = _probe(model.encoder.config.vocab_size)
        _export(model, ids, mask, plain)
        _fuse(model, plain, fused)
        with torch.inference_mode():
            expected = model(ids, mask).numpy()
        _require(_distance(fused, ids, mask, expected), _PARITY, "the fused graph")
        quantizer = MatMulNBitsQuantizer(
            onnx.load(fused),
            algo_config=DefaultWeightOnlyQuantConfig(
                block_size=BLOCK_SIZE, is_symmetric=True, accuracy_level=4, bits=8
            ),
        )
        quantizer.process()
        graph = quantizer.model.model
        quantize_embeddings(graph)
        strip_origins(graph)
        onnx.checker.check_model(graph)
        onnx.save(graph, path)
        return _require(
            _distance(path, ids, mask, expected), _INT8_PARITY, "the int8 graph"
        )


def quantize_embeddings(model: onnx.ModelProto) -> None:
    """Store each large table that is read by Gather as int8 with a scale per row."""
    graph = model.graph
    tables = {t.name: t for t in graph.initializer}
    for node in [n for n in graph.node if n.op_type == "Gather"]:
        table = tables.get(node.input[0])
        if table is None or len(table.dims) != 2 or table.dims[0] < 1000:  # noqa: PLR2004
            continue
        weights = numpy_helper.to_array(table)
        scale = np.maximum(np.abs(weights).max(axis=1, keepdims=True), 1e-8) / 127
        rows = np.round(weights / scale).astype(np.int8)
        graph.initializer.remove(table)
        graph.initializer.extend(
            [
                numpy_helper.from_array(rows, f"{table.name}_int8"),
                numpy_helper.from_array(
                    scale.astype(np.float32), f"{table.name}_scale"
                ),
            ]
        )
        out, at = node.output[0], list(graph.node).index(node)
        new = [
            helper.make_node(
                "Gather", [f"{table.name}_int8", node.input[1]], [f"{out}_int8"]
            ),
            helper.make_node(
                "Cast", [f"{out}_int8"], [f"{out}_cast"], to=onnx.TensorProto.FLOAT
            ),
            helper.make_node(
                "Gather", [f"{table.name}_scale", node.input[1]], [f"{out}_scale"]
            ),
            helper.make_node("Mul", [f"{out}_cast", f"{out}_scale"], [out]),
        ]
        graph.node.remove(node)
        for offset, step in enumerate(new):
            graph.node.insert(at + offset, step)


def strip_origins(model: onnx.ModelProto) -> None:
    """Drop where in which source file each node was made: paths of our machine."""
    for part in (model, model.graph, *model.graph.node, *model.graph.value_info):
        del part.metadata_props[:]
        part.doc_string = ""


def _probe(vocab_size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids and mask of two rows, one of them padded."""
    rng = torch.Generator().manual_seed(0)
    ids = torch.randint(5, vocab_size, (2, 24), generator=rng)
    mask = torch.ones_like(ids)
    mask[1, 12:] = 0
    return ids, mask


def _export(
    model: MultiHeadClassifier, ids: torch.Tensor, mask: torch.Tensor, path: Path
) -> None:
    longest = model.positions.shape[1]
    axes = {
        0: torch.export.Dim("batch"),
        1: torch.export.Dim("tokens", max=longest),
    }
    torch.onnx.export(
        model,
        (ids, mask),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_shapes=(axes, axes),
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
        verbose=False,
    )


def _fuse(model: MultiHeadClassifier, source: Path, target: Path) -> None:
    config = model.encoder.config
    fused = optimizer.optimize_model(
        str(source),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=FusionOptions("bert"),
        opt_level=0,
    )
    fused.save_model_to_file(str(target))


def _distance(
    path: Path, ids: torch.Tensor, mask: torch.Tensor, expected: NDArray[np.float32]
) -> float:
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    feed = {"input_ids": ids.numpy(), "attention_mask": mask.numpy()}
    (got,) = session.run(["logits"], feed)
    return float(np.abs(got - expected).max())


def _require(distance: float, most: float, what: str) -> float:
    if not distance <= most:
        msg = f"{what} is {distance:.4f} from the network; at most {most} is allowed"
        raise ExportError(msg)
    return distance
