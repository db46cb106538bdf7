"""An encoder taken out of a bundle, so that training can go on where no other is."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from tokenizers import AddedToken, Tokenizer
from transformers import RobertaForMaskedLM

from kiemtin.bundle import MODEL_FILE, RECIPE_FILE, TOKENIZER_FILE, verify_files
from kiemtin.text.steps.placeholders import PLACEHOLDERS
from training.errors import EncoderMissingError
from training.pretraining.masked_lm import new_model
from training.recipe import PretrainRecipe, load_recipe

_ZERO_POINT = 128
"""Of weights that MatMulNBits keeps in 8 bits, symmetric about it."""

_ORDER = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""In which the graph multiplies by the matrices of a layer."""

Floats = NDArray[np.float32]


def unpack_encoder(bundle: Path, out: Path) -> Path:
    """
    Write the encoder of *bundle* to *out* as a checkpoint that fine-tuning reads.

    Its weights are those of the int8 graph, within half a step of what was trained;
    the heads are left behind. A placeholder that came later gets a token of its own,
    which starts as the mean of the others. An older normalizer is no hindrance.

    Raises:
        BundleError: If the bundle is not whole.
        EncoderMissingError: If its graph is not one that ``training.export`` writes.
    """
    verify_files(bundle)
    name = _encoder_named_in(bundle / RECIPE_FILE)
    shape = load_recipe(name, PretrainRecipe).shape
    tokenizer = Tokenizer.from_file(str(bundle / TOKENIZER_FILE))
    # Placeholders that came later have made the table longer than the recipe has it.
    n_tokens = tokenizer.get_vocab_size()
    model = new_model(shape.model_copy(update={"vocab_size": n_tokens}))
    state = dict(_tensors(onnx.load(bundle / MODEL_FILE).graph))
    wanted = model.roberta.state_dict()
    found = {k: torch.from_numpy(v.copy()) for k, v in state.items() if k in wanted}
    fits = all(found[k].shape == wanted[k].shape for k in found)
    absent = wanted.keys() - found.keys() - {"embeddings.position_ids"}
    if not fits or any(k.endswith(("weight", "bias")) for k in absent):
        msg = f"{bundle} does not hold an encoder of the shape of {name}"
        raise EncoderMissingError(msg)
    model.roberta.load_state_dict(found, strict=False)
    _add_placeholders(model, tokenizer)
    out.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(out)
    tokenizer.save(str(out / TOKENIZER_FILE))
    return out


def _add_placeholders(model: RobertaForMaskedLM, tokenizer: Tokenizer) -> None:
    known = [i for p in PLACEHOLDERS if (i := tokenizer.token_to_id(p)) is not None]
    lacking = [p for p in PLACEHOLDERS if tokenizer.token_to_id(p) is None]
    n_before = tokenizer.get_vocab_size()
    tokenizer.add_tokens([AddedToken(p, normalized=False) for p in lacking])
    if lacking:
        model.resize_token_embeddings(n_before + len(lacking), mean_resizing=False)
        with torch.no_grad():
            table = model.roberta.embeddings.word_embeddings.weight
            table[n_before:] = table[known].mean(dim=0)


def _encoder_named_in(recipe: Path) -> str:
    # Not read as a recipe of today: one that made an older bundle had other keys.
    name = tomllib.loads(recipe.read_text(encoding="utf-8")).get("encoder")
    if not isinstance(name, str):
        msg = f"{recipe} names no encoder"
        raise EncoderMissingError(msg)
    return name


def _tensors(graph: onnx.GraphProto) -> Iterator[tuple[str, Floats]]:
    """Yield the weights of the encoder under the names that transformers gives them."""
    tables = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    for name, table in tables.items():
        plain = name.removeprefix("encoder.").removesuffix("_int8")
        if name.endswith("_int8"):
            yield plain, table * tables[name.replace("_int8", "_scale")]
        elif name.startswith("encoder."):
            yield plain, table
    products = [n for n in graph.node if n.op_type == "MatMulNBits"]
    for i, node in enumerate(products):
        layer, matrix = divmod(i, len(_ORDER))
        blocks, scales = tables[node.input[1]], tables[node.input[2]]
        steps = blocks.astype(np.float32) - _ZERO_POINT
        weights = (steps * scales.reshape(*blocks.shape[:2], 1)).reshape(
            len(blocks), -1
        )
        yield f"encoder.layer.{layer}.{_ORDER[matrix]}.weight", weights
