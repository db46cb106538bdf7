"""From a network to an ONNX graph of the same function, in fp32 and fused."""

import json
import tempfile
from hashlib import sha256
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions

from training.errors import ExportError
from training.exporting.attention import with_fused_attention
from training.finetuning.model import MultiHeadClassifier
from training.finetuning.stored_weights import CONFIG_KEY, TRANSPOSED

OPSET = 18
PARITY = 1e-3
"""The most by which a logit of the fp32 graph may differ from the network's."""

Logits = NDArray[np.float32]


def export_graph(model: MultiHeadClassifier, path: Path) -> float:
    """
    Write *model* to *path* in fp32; return by how much a logit changed at most.

    Attention, normalization with the sum before it, and GELU with its bias are one
    node each. Weights keep the names that they have in the network, and the graph
    holds the encoder's configuration, so that it can be unpacked.

    Raises:
        ExportError: If the graph does not compute what the network does.
    """
    model = model.eval().float()
    ids, mask = _probe(model)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        fused = with_fused_attention(model)
        _export(fused, ids, mask, plain)
        graph = _fuse(model, plain)
    strip_origins(graph)
    name_weights(graph, fused)
    helper.set_model_props(graph, {CONFIG_KEY: _config(model)})
    onnx.save(graph, path)
    with torch.inference_mode():
        expected = model(ids, mask).numpy()
    distance = float(
        np.abs(run_graph(path, ids.numpy(), mask.numpy()) - expected).max()
    )
    if not distance <= PARITY:
        msg = (
            f"a logit of the graph is {distance:.6f} from the network's, "
            f"at most {PARITY} is allowed"
        )
        raise ExportError(msg)
    return distance


def run_graph(path: Path, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Logits:
    """Return the logits of the graph in *path*, of shape (windows, labels)."""
    session = open_graph(path)
    (logits,) = session.run(["logits"], {"input_ids": ids, "attention_mask": mask})
    return np.asarray(logits, dtype=np.float32)


def open_graph(path: Path) -> ort.InferenceSession:
    """Return a session on one thread of the CPU."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(path, options, ["CPUExecutionProvider"])


def strip_origins(model: onnx.ModelProto) -> None:
    """Drop where in which source file each node was made: paths of our machine."""
    for part in (model, model.graph, *model.graph.node, *model.graph.value_info):
        del part.metadata_props[:]
        part.doc_string = ""


def name_weights(model: onnx.ModelProto, network: torch.nn.Module) -> None:
    """Give matrices that the exporter transposed the names of those they came from."""
    names: dict[bytes, list[str]] = {}
    for name, weight in network.named_parameters():
        if weight.ndim == 2:  # noqa: PLR2004
            turned = np.ascontiguousarray(weight.detach().numpy().T)
            names.setdefault(_digest(turned), []).append(f"{name}{TRANSPOSED}")
    renamed = {}
    for table in model.graph.initializer:
        if len(table.dims) == 2:  # noqa: PLR2004
            found = names.get(_digest(numpy_helper.to_array(table)))
            if found and not table.name.startswith(("encoder.", "heads.")):
                renamed[table.name] = table.name = found.pop(0)
    for node in model.graph.node:
        node.input[:] = [renamed.get(x, x) for x in node.input]


def _config(model: MultiHeadClassifier) -> str:
    """Return the encoder's configuration in JSON, without the folder it was read from."""
    values = model.encoder.config.to_dict()
    values.pop("_name_or_path", None)
    return json.dumps(values, sort_keys=True)


def _digest(array: NDArray[np.generic]) -> bytes:
    return sha256(str(array.shape).encode() + array.tobytes()).digest()


def _probe(model: MultiHeadClassifier) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids and mask of two rows, one of them padded."""
    rng = torch.Generator().manual_seed(0)
    width = min(24, model.positions.shape[1])
    ids = torch.randint(5, model.encoder.config.vocab_size, (2, width), generator=rng)
    mask = torch.ones_like(ids)
    mask[1, width // 2 :] = 0
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


def _fuse(model: MultiHeadClassifier, source: Path) -> onnx.ModelProto:
    config = model.encoder.config
    options = FusionOptions("bert")
    options.enable_attention = False  # it is fused already
    # ONNX Runtime's sum and norm in one is five times as slow as one after the other.
    options.enable_skip_layer_norm = False
    options.enable_bias_skip_layer_norm = False
    fused = optimizer.optimize_model(
        str(source),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=options,
        opt_level=0,
    )
    model_proto: onnx.ModelProto = fused.model
    return model_proto
