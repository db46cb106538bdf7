"""The forms that a graph can be shipped in, and what each costs and changes."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from kiemtin.manifest import Variant
from training.exporting.graph import open_graph, run_graph
from training.exporting.half import store_half
from training.exporting.int8 import quantize_by_block, quantize_by_row

POST_TOKENS = 64
INDEPENDENCE = 1e-4
"""The most by which a logit may change with what else is in the batch."""

_N_TIMED = 20


@dataclass(frozen=True, slots=True)
class Form:
    """One way to keep and multiply weights."""

    name: str
    variant: Variant
    change: Callable[[onnx.ModelProto], onnx.ModelProto | None]
    """Changes the fp32 graph in place, or returns another."""


class Facts(BaseModel):
    """
    What a form costs and changes, whatever the texts.

    Attributes:
        form: Its name.
        variant: How its weights are kept.
        megabytes: Of the file.
        ms_per_post: Of processor time, for one of 64 tokens on one thread; the median.
        logit_change: The largest against fp32, on random tokens.
        rows_independent: Whether a text gets the same logits alone and in company.
    """

    model_config = ConfigDict(frozen=True)

    form: str
    variant: Variant
    megabytes: float
    ms_per_post: float
    logit_change: float
    rows_independent: bool


def _last_layer(model: onnx.ModelProto) -> str:
    layers = [
        int(name.split(".layer.")[1].split(".")[0])
        for name in (t.name for t in model.graph.initializer)
        if ".layer." in name
    ]
    return f".layer.{max(layers)}."


def _by_block_but_the_last(model: onnx.ModelProto) -> onnx.ModelProto:
    return quantize_by_block(model, block=32, spared=_last_layer(model))


FP32 = Form("fp32", "fp32", lambda _: None)
FP16 = Form("fp16, computed in fp32", "fp16", store_half)
INT8_FORMS = (
    Form("int8 by row", "int8", quantize_by_row),
    Form("int8 by blocks of 64", "int8", partial(quantize_by_block, block=64)),
    Form("int8 by blocks of 32", "int8", partial(quantize_by_block, block=32)),
    Form("int8 by 32, last layer in fp32", "int8", _by_block_but_the_last),
)
"""From the fastest to the most exact."""

LADDERS: dict[Variant, tuple[Form, ...]] = {
    "fp32": (FP32,),
    "fp16": (FP16,),
    "int8": (*INT8_FORMS, FP16),
}
"""What is tried for a variant; the first that loses little enough is shipped."""


def write_form(form: Form, fp32: Path, target: Path) -> Facts:
    """Write the graph in *fp32* to *target* in a *form*, and return its facts."""
    model = onnx.load(fp32)
    model = form.change(model) or model
    onnx.checker.check_model(model)
    onnx.save(model, target)
    tokens = _random_tokens(model)
    ids, mask = _padded(tokens)
    change = np.abs(run_graph(target, ids, mask) - run_graph(fp32, ids, mask))
    return Facts(
        form=form.name,
        variant=form.variant,
        megabytes=round(target.stat().st_size / 1e6, 2),
        ms_per_post=round(_ms_per_post(target, tokens[0]), 2),
        logit_change=round(float(change.max()), 6),
        rows_independent=dependence(target, tokens) <= INDEPENDENCE,
    )


def export_variants(fp32: Path, folder: Path) -> list[Facts]:
    """Write every form of the graph in *fp32* to *folder*, and return their facts."""
    forms = (FP32, FP16, *INT8_FORMS)
    return [write_form(f, fp32, folder / f"{i}.onnx") for i, f in enumerate(forms)]


def dependence(path: Path, rows: Sequence[Sequence[int]]) -> float:
    """Return by how much a logit of *rows* changes, at most, from alone to together."""
    session = open_graph(path)

    def logits(chosen: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        ids, mask = _padded(chosen)
        feed = {"input_ids": ids, "attention_mask": mask}
        return np.asarray(session.run(["logits"], feed)[0], dtype=np.float32)

    alone = np.concatenate([logits([row]) for row in rows])
    return float(np.abs(logits(rows) - alone).max())


def _random_tokens(model: onnx.ModelProto) -> list[list[int]]:
    """Return rows of random tokens, the first as long as a post."""
    tables = {t.name: t.dims[0] for t in model.graph.initializer if len(t.dims) == 2}  # noqa: PLR2004
    n_tokens, longest = (
        max(size for name, size in tables.items() if f".{kind}_embeddings." in name)
        for kind in ("word", "position")
    )
    rng = np.random.default_rng(0)
    # RoBERTa counts positions from the second or third on.
    most = min(POST_TOKENS, longest - 2)
    widths = [most, *rng.integers(3, most, 15).tolist()]
    return [rng.integers(min(5, n_tokens - 1), n_tokens, n).tolist() for n in widths]


def _padded(
    rows: Sequence[Sequence[int]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    ids = np.ones((len(rows), max(map(len, rows))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return ids, mask


def _ms_per_post(path: Path, row: Sequence[int]) -> float:
    session = open_graph(path)
    ids, mask = _padded([row])
    times = []
    for _ in range(_N_TIMED):
        began = time.thread_time()
        session.run(["logits"], {"input_ids": ids, "attention_mask": mask})
        times.append(time.thread_time() - began)
    return float(np.median(times)) * 1000
